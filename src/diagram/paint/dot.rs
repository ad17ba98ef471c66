//! A scene as a graph in the DOT language of Graphviz: clusters are boundaries. Graphviz lays it out anew; the cells of
//! the scene are not used.

use super::sheet::{Sheet, Side, Step};
use crate::diagram::scene::{Attach, BoxShape, Scene, View, Wire};
use crate::model::ElementKind::{DataStore, ExternalEntity, Process};
use crate::model::ThreatModel;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What holds for every picture.
const HEAD: &str = r#"digraph "data flow diagram" {
  graph [rankdir=LR, compound=true, labelloc=t, fontname="Helvetica,Arial,sans-serif", nodesep=0.4, ranksep=0.8];
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, shape=box];
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10];
"#;

/// The scene of a view of a model in the DOT language.
///
/// An element is a node with the id of the model, a boundary the cluster `cluster_ID`; ids hold no underscore, so that
/// what is added here (`anchor_ID`, `from_ID`, `to_ID`, `legend_`) can never be the id of something else.
pub fn dot(scene: &Scene, model: &ThreatModel, view: &View) -> String {
    let sheet = Sheet::new(scene, model, view);
    let mut out = HEAD.to_owned();
    let _ = writeln!(out, "  label={};", quoted(&[sheet.title()]));
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
                open(&mut out, &sheet, at, &indent, anchors.get(&at).copied())
            }
            Step::Box(at) => node(&mut out, &sheet, at, &indent),
            Step::Loose(at, side) => {
                let id = loose(&scene.wires[at], side);
                writeln!(out, "{indent}\"{id}\" [shape=circle, width=0.12, fixedsize=true, label=\"\"];")
            }
            Step::Close => writeln!(out, "{indent}}}"),
        };
    }
    for wire in &scene.wires {
        let _ = edge(&mut out, &sheet, wire);
    }
    let legend = sheet.legend();
    if !legend.is_empty() {
        // `\l` ends a line that is set left.
        let text = quoted(&legend).replace("\\n", "\\l");
        let text = text.strip_suffix('"').unwrap_or(&text);
        let _ = writeln!(out, "  \"legend_\" [shape=plaintext, label={text}\\l\"];");
    }
    out.push_str("}\n");
    out
}

/// Boundaries nested deeper than this are not indented further.
const DEEPEST: usize = 20;

/// Lines as a quoted string. Graphviz reads escapes and entities of HTML in it.
fn quoted(lines: &[String]) -> String {
    let mut out = String::from("\"");
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push_str("\\n");
        }
        for c in line.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '&' => out.push_str("&amp;"),
                _ => out.push(c),
            }
        }
    }
    out.push('"');
    out
}

/// Boundaries that need a node to stand for them, with whether it is seen: those without anything inside, which
/// Graphviz would not draw, and those that flows end at. A flow between a boundary and something in it cannot end at
/// the cluster's outline, so that it ends at the node itself.
fn anchors(sheet: &Sheet) -> BTreeMap<usize, bool> {
    let mut anchors: BTreeMap<usize, bool> = BTreeMap::new();
    let steps = sheet.steps();
    for pair in steps.windows(2) {
        if let [Step::Open(at), Step::Close] = *pair {
            anchors.insert(at, false);
        }
    }
    for wire in &sheet.scene.wires {
        for (end, other) in [(wire.from, wire.to), (wire.to, wire.from)] {
            if let Attach::Frame(at) = end {
                *anchors.entry(at).or_default() |= sheet.is_inner(end, other);
            }
        }
    }
    anchors
}

fn open(out: &mut String, sheet: &Sheet, at: usize, indent: &str, anchor: Option<bool>) -> std::fmt::Result {
    let id = &sheet.scene.frames[at].id;
    writeln!(out, "{indent}subgraph \"cluster_{}\" {{", id.as_str())?;
    let name = quoted(&[sheet.frame_name(at)]);
    writeln!(out, "{indent}  graph [label={name}, style=dashed, labeljust=l];")?;
    match anchor {
        None => Ok(()),
        Some(seen) => {
            let style = if seen { "shape=point, width=0.08" } else { "shape=point, width=0.01, style=invis" };
            writeln!(out, "{indent}  \"anchor_{}\" [{style}, label=\"\"];", id.as_str())
        }
    }
}

fn node(out: &mut String, sheet: &Sheet, at: usize, indent: &str) -> std::fmt::Result {
    let drawn = &sheet.scene.elements[at];
    let shape = match drawn.shape {
        BoxShape::Element(ExternalEntity) => "shape=box, penwidth=2.5",
        BoxShape::Element(Process) => "shape=box, style=rounded",
        BoxShape::Element(DataStore) => "shape=cylinder",
        BoxShape::Folded => "shape=box, peripheries=2",
    };
    let mut lines = vec![sheet.box_name(at)];
    lines.extend(sheet.notes(at));
    writeln!(out, "{indent}\"{}\" [{shape}, label={}];", drawn.id.as_str(), quoted(&lines))
}

/// The node of a loose end.
fn loose(wire: &Wire, side: Side) -> String {
    let side = match side {
        Side::From => "from",
        Side::To => "to",
    };
    format!("{side}_{}", wire.id.as_str())
}

fn edge(out: &mut String, sheet: &Sheet, wire: &Wire) -> std::fmt::Result {
    let mut attributes: Vec<String> =
        sheet.label(wire).map(|l| format!("label={}", quoted(&[l]))).into_iter().collect();
    let mut end = |end: Attach, other: Attach, side: Side, clip: &str| match end {
        Attach::Element(at) => sheet.scene.elements[at].id.as_str().to_owned(),
        Attach::Loose(_) => loose(wire, side),
        Attach::Frame(at) => {
            let id = sheet.scene.frames[at].id.as_str();
            if !sheet.is_inner(end, other) {
                attributes.push(format!("{clip}=\"cluster_{id}\""));
            }
            format!("anchor_{id}")
        }
    };
    let from = end(wire.from, wire.to, Side::From, "ltail");
    let to = end(wire.to, wire.from, Side::To, "lhead");
    let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
    writeln!(out, "  \"{from}\" -> \"{to}\"{attributes};")
}
