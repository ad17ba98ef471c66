//! `render`: the diagram as text, or in a format of other programs. Layout and painting are `diagram`'s.

mod view;

use std::fmt::Write as _;

use super::load;

use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagram::paint::{self, Glyphs};
use crate::diagram::{Labels, Scene, View, layout, matrix};
use crate::model::{Id, ThreatModel};
use crate::workbench::Workbench;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let bench = load::open(context, parsed.path("FILE"))?;
    let model = bench.model();
    let mut view = view::of(parsed, model)?;
    let mut left_out = None;
    if let Some(columns) = columns(parsed)? {
        (view, left_out) = view::within(model, &view, columns);
    }
    let scene = layout(model, &view, None);
    if scene.elements.is_empty() && scene.frames.is_empty() && !model.elements.is_empty() {
        context.say("nothing of the model is in this view: what is in focus is not in the diagram");
    }
    let glyphs = match parsed.need("format") {
        "ascii" => Glyphs::Ascii,
        "svg" => return file(context, model, &view, paint::svg),
        "mermaid" => return file(context, model, &view, paint::mermaid),
        "matrix" => return table(context, &matrix(model, &view)),
        "dot" => return file(context, model, &view, paint::dot),
        _ => Glyphs::Unicode,
    };
    context.print(&picture(model, &view, glyphs))?;
    let hint = || context.columns.and_then(|columns| too_wide(&bench, &view, columns));
    if let Some(hint) = left_out.or_else(hint) {
        context.say(&hint);
    }
    Ok(Exit::Fine)
}

/// How many columns there are for the picture, where somebody says so.
fn columns(parsed: &Parsed) -> Result<Option<i32>, Failure> {
    let Some(text) = parsed.get("width") else { return Ok(None) };
    let columns = text.parse().ok().filter(|columns| *columns > 0);
    columns.map(Some).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("--width takes a number of columns, not `{}`", one_line(text)))
    })
}

/// Prints lines as they are.
fn table(context: &mut Context, lines: &[String]) -> Outcome {
    lines.iter().try_for_each(|line| context.print(&format!("{line}\n")))?;
    Ok(Exit::Fine)
}

/// Prints a picture that another program reads: nothing but the picture.
fn file(
    context: &mut Context,
    model: &ThreatModel,
    view: &View,
    painter: fn(&Scene, &ThreatModel, &View) -> String,
) -> Outcome {
    context.print(&painter(&layout(model, view, None), model, view))?;
    Ok(Exit::Fine)
}

/// A diagram of a model, or all of it, as text.
pub(super) fn picture(model: &ThreatModel, view: &View, glyphs: Glyphs) -> String {
    if model.elements.is_empty() && model.flows.is_empty() && model.boundaries.is_empty() {
        return "Nothing is drawn yet: add elements in the workbench, or to the model file.\n".to_owned();
    }
    let mut text = paint::text(&layout(model, view, None), glyphs);
    if view.diagram.is_none() && model.diagrams.len() > 1 {
        let names: Vec<&str> = model.diagrams.keys().map(Id::as_str).collect();
        let _ = writeln!(text, " all diagrams in one; `sconce render --diagram ID` draws one of {}", names.join(", "));
    }
    text
}

/// What to do about a picture that a terminal breaks into pieces.
fn too_wide(bench: &Workbench, view: &View, columns: u16) -> Option<String> {
    let model = bench.model();
    let width = |view: &View| layout(model, view, None).size.0;
    let (wide, columns) = (width(view), i32::from(columns));
    if wide <= columns {
        return None;
    }
    let file = bench.path().map(|path| one_line(&path.to_string_lossy())).unwrap_or_default();
    let mut ways = vec![
        format!("`sconce render {file} | less -S` scrolls sideways"),
        format!("`sconce {file}` shows it in the workbench"),
        format!("--width {columns} leaves out what it must, --focus and --fold what you say"),
    ];
    let narrower = width(&View { labels: Labels::Numbered, ..view.clone() });
    if view.labels == Labels::Inline && narrower < wide {
        ways.push(format!("--numbered makes it {narrower} columns wide"));
    }
    Some(format!("the picture is {wide} columns wide, the terminal {columns}:\n  {}", ways.join("\n  ")))
}
