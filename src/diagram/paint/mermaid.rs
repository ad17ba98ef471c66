//! A scene as a flowchart in the language of Mermaid: subgraphs are boundaries. Mermaid lays it out anew; the cells of
//! the scene are not used.

use super::sheet::{Sheet, Side, Step};
use crate::diagram::scene::{Attach, BoxShape, Scene, View, Wire};
use crate::model::ElementKind::{DataStore, ExternalEntity, Process};
use crate::model::{Id, ThreatModel};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Boundaries nested deeper than this are not indented further.
const DEEPEST: usize = 20;

/// What the classes look like. No colours: the page that shows the picture has a theme.
const CLASSES: [(&str, &str); 4] = [
    ("external", "stroke-width:3px"),
    ("boundary", "stroke-dasharray:6 4"),
    ("loose", "stroke-width:1px"),
    ("legend", "fill:none,stroke:none,text-align:left"),
];

/// The scene of a view of a model as a Mermaid flowchart.
///
/// Ids of the model could be words of the language (`end`) or hold what it reads as an arrow; so an element is
/// `e_ID`, a boundary `b_ID` and so on, with underscores for hyphens, which no id holds.
pub fn mermaid(scene: &Scene, model: &ThreatModel, view: &View) -> String {
    let sheet = Sheet::new(scene, model, view);
    let title = apart(&sheet.title());
    let mut out = format!("---\ntitle: {}\n---\nflowchart LR\n", serde_json::Value::from(title.as_str()));
    let _ = writeln!(out, "  accTitle: {}", coded(&title));
    let anchors = anchors(&sheet);
    let mut depth = 1;
    for step in sheet.steps() {
        if step == Step::Close {
            depth -= 1;
        }
        let indent = " ".repeat(2 * depth.min(DEEPEST));
        let _ = match step {
            Step::Open(at) => {
                depth += 1;
                let id = &scene.frames[at].id;
                let name = coded(&sheet.frame_name(at));
                let _ = writeln!(out, "{indent}subgraph {}[\"{name}\"]", word("b", id));
                if anchors.contains(&at) { writeln!(out, "{indent}  {}{DOT}", word("a", id)) } else { Ok(()) }
            }
            Step::Box(at) => node(&mut out, &sheet, at, &indent),
            Step::Loose(at, side) => writeln!(out, "{indent}{}{DOT}", loose(&scene.wires[at], side)),
            Step::Close => writeln!(out, "{indent}end"),
        };
    }
    for wire in &scene.wires {
        edge(&mut out, &sheet, wire);
    }
    let legend: Vec<String> = sheet.legend().iter().map(|line| coded(line)).collect();
    if !legend.is_empty() {
        let _ = writeln!(out, "  legend_[\"{}\"]", legend.join("<br/>"));
    }
    classes(&mut out, &sheet, &anchors, !legend.is_empty());
    out
}

/// A small circle.
const DOT: &str = "((\" \"))";

fn word(kind: &str, id: &Id) -> String {
    format!("{kind}_{}", id.as_str().replace('-', "_"))
}

/// The node of a loose end.
fn loose(wire: &Wire, side: Side) -> String {
    match side {
        Side::From => word("from", &wire.id),
        Side::To => word("to", &wire.id),
    }
}

/// Mermaid puts `ﬂ°` and `¶ß` in place of codes, and replaces them wherever they stand in the end, however they got
/// there. In a name they are written apart.
fn apart(text: &str) -> String {
    text.replace("ﬂ°", "fl°").replace("¶ß", "¶ss")
}

/// A text for between quotes, with codes for everything that Mermaid, the Markdown in it or the HTML that it makes of
/// it could read as more than text.
fn coded(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let text = apart(text);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let safe = match c {
            ' ' | ',' | '(' | ')' | '/' | '?' | '!' => true,
            // A hyphen or an underscore inside a word is one; elsewhere it is a list or emphasis.
            '-' => before.is_alphanumeric() && after.is_alphanumeric(),
            // The end of a sentence, but neither the number of a list nor part of an address.
            '.' => before.is_alphabetic() && after == ' ',
            _ => c.is_ascii_alphanumeric() || !c.is_ascii(),
        };
        if safe {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
        before = c;
    }
    out
}

/// Boundaries with a flow between them and something in them: Mermaid cannot draw that to the outline, so that a
/// small circle inside stands for them.
fn anchors(sheet: &Sheet) -> BTreeSet<usize> {
    let ends = sheet.scene.wires.iter().flat_map(|w| [(w.from, w.to), (w.to, w.from)]);
    let inner = ends.filter(|(end, other)| sheet.is_inner(*end, *other));
    inner.filter_map(|(end, _)| if let Attach::Frame(at) = end { Some(at) } else { None }).collect()
}

fn node(out: &mut String, sheet: &Sheet, at: usize, indent: &str) -> std::fmt::Result {
    let drawn = &sheet.scene.elements[at];
    let (open, close) = match drawn.shape {
        BoxShape::Element(ExternalEntity) => ("[", "]"),
        BoxShape::Element(Process) => ("(", ")"),
        BoxShape::Element(DataStore) => ("[(", ")]"),
        BoxShape::Folded => ("[[", "]]"),
    };
    let mut text = coded(&sheet.box_name(at));
    for note in sheet.notes(at) {
        let _ = write!(text, "<br/>{}", coded(&note));
    }
    writeln!(out, "{indent}{}{open}\"{text}\"{close}", word("e", &drawn.id))
}

fn edge(out: &mut String, sheet: &Sheet, wire: &Wire) {
    let end = |end: Attach, other: Attach, side: Side| match end {
        Attach::Element(at) => word("e", &sheet.scene.elements[at].id),
        Attach::Loose(_) => loose(wire, side),
        Attach::Frame(at) => word(if sheet.is_inner(end, other) { "a" } else { "b" }, &sheet.scene.frames[at].id),
    };
    let label = sheet.label(wire).map(|text| format!("|\"{}\"|", coded(&text))).unwrap_or_default();
    let (from, to) = (end(wire.from, wire.to, Side::From), end(wire.to, wire.from, Side::To));
    let _ = writeln!(out, "  {from} -->{label} {to}");
}

/// Says what belongs to which class, and what the classes look like.
fn classes(out: &mut String, sheet: &Sheet, anchors: &BTreeSet<usize>, legend: bool) {
    let scene = sheet.scene;
    let external =
        scene.elements.iter().filter(|e| e.shape == BoxShape::Element(ExternalEntity)).map(|e| word("e", &e.id));
    let ends = scene.wires.iter().flat_map(|w| {
        [(w.from, Side::From), (w.to, Side::To)]
            .map(|(end, side)| matches!(end, Attach::Loose(_)).then(|| loose(w, side)))
    });
    let anchors = anchors.iter().map(|at| word("a", &scene.frames[*at].id));
    let members: [Vec<String>; 4] = [
        external.collect(),
        scene.frames.iter().map(|f| word("b", &f.id)).collect(),
        ends.flatten().chain(anchors).collect(),
        if legend { vec!["legend_".to_owned()] } else { Vec::new() },
    ];
    for ((class, look), members) in CLASSES.iter().zip(members).filter(|(_, members)| !members.is_empty()) {
        let _ = writeln!(out, "  classDef {class} {look}\n  class {} {class}", members.join(","));
    }
}
