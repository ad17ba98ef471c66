//! `render`: the diagram as text. Layout and painting are `diagram`'s.

use super::load;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagram::paint::{self, Glyphs};
use crate::diagram::{View, layout};
use crate::model::{Id, ThreatModel};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let bench = load::open(context, parsed.path("FILE"))?;
    let model = bench.model();
    let diagram = match parsed.get("diagram") {
        None => None,
        Some(text) => Some(find(model, text)?),
    };
    let glyphs = if parsed.need("format") == "ascii" { Glyphs::Ascii } else { Glyphs::Unicode };
    let scene = layout(model, &View { diagram, ..View::default() }, None);
    context.print(&paint::text(&scene, glyphs))?;
    Ok(Exit::Fine)
}

/// The diagram of a name.
fn find(model: &ThreatModel, text: &str) -> Result<Id, Failure> {
    Id::new(text).ok().filter(|id| model.diagrams.contains_key(id)).ok_or_else(|| {
        let all: Vec<&str> = model.diagrams.keys().map(Id::as_str).collect();
        let all = if all.is_empty() { "the model has none".to_owned() } else { all.join(", ") };
        Failure::new(Exit::Usage, format!("no diagram `{}`: {all}", one_line(text)))
    })
}
