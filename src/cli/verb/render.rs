//! `render`: the diagram as text. Layout and painting are `diagram`'s.

use std::fmt::Write as _;

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
    context.print(&picture(model, diagram, glyphs))?;
    Ok(Exit::Fine)
}

/// A diagram of a model, or all of it, as text.
pub(super) fn picture(model: &ThreatModel, diagram: Option<Id>, glyphs: Glyphs) -> String {
    if model.elements.is_empty() && model.flows.is_empty() && model.boundaries.is_empty() {
        return "Nothing is drawn yet: add elements in the workbench, or to the model file.\n".to_owned();
    }
    let whole = diagram.is_none();
    let mut text = paint::text(&layout(model, &View { diagram, ..View::default() }, None), glyphs);
    if whole && model.diagrams.len() > 1 {
        let names: Vec<&str> = model.diagrams.keys().map(Id::as_str).collect();
        let _ = writeln!(text, " all diagrams in one; `sconce render --diagram ID` draws one of {}", names.join(", "));
    }
    text
}

/// The diagram of a name.
fn find(model: &ThreatModel, text: &str) -> Result<Id, Failure> {
    Id::new(text).ok().filter(|id| model.diagrams.contains_key(id)).ok_or_else(|| {
        let all: Vec<&str> = model.diagrams.keys().map(Id::as_str).collect();
        let all = if all.is_empty() { "the model has none".to_owned() } else { all.join(", ") };
        Failure::new(Exit::Usage, format!("no diagram `{}`: {all}", one_line(text)))
    })
}
