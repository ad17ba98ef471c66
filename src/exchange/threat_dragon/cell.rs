//! A cell of a diagram: which shape it is, where it is, and its records, ready to be taken apart.
//! What the shapes mean to our model is not decided here.

use serde_json::Value;

use super::geometry::Rect;
use super::json::{Record, one_line, unix_lines};
use super::recognise;
use crate::exchange::imported::Loss;
use crate::model::ElementKind;

/// The shapes that Threat Dragon draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Actor, process or store.
    Element(ElementKind),
    /// An arrow.
    Flow,
    /// A trust boundary with an inside.
    Box,
    /// A trust boundary without.
    Line,
    /// A text.
    Text,
}

impl Shape {
    /// `data.type` decides; where it is missing or unknown, the shape does. One release misspelt a curve's shape.
    fn tell(data_type: &str, shape: &str) -> Option<Self> {
        let by_name = |name: &str| {
            Some(match name {
                "tm.Actor" | "actor" => Self::Element(ElementKind::ExternalEntity),
                "tm.Process" | "process" => Self::Element(ElementKind::Process),
                "tm.Store" | "store" => Self::Element(ElementKind::DataStore),
                "tm.Flow" | "flow" => Self::Flow,
                "tm.BoundaryBox" | "trust-boundary-box" => Self::Box,
                "tm.Boundary" | "trust-boundary-curve" | "trust-broundary-curve" => Self::Line,
                "tm.Text" | "td-text-block" => Self::Text,
                _ => return None,
            })
        };
        by_name(data_type).or_else(|| by_name(shape))
    }

    /// The word for it in notes and losses.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Element(kind) => kind.title(),
            Self::Flow => "flow",
            Self::Box => "trust boundary",
            Self::Line => "boundary line",
            Self::Text => "text",
        }
    }
}

/// A cell.
pub(super) struct Cell {
    pub(super) shape: Shape,
    /// Its id in the file; empty where it has none.
    pub(super) id: String,
    /// The name on one line, from the data or else from the drawing; may be empty.
    pub(super) name: String,
    /// The name as it stands, with its lines.
    pub(super) text: String,
    /// The text on the drawing, where it is not the name.
    pub(super) drawn: Option<String>,
    /// Where it is in the file, for people.
    pub(super) where_: String,
    pub(super) rect: Option<Rect>,
    pub(super) data: Record,
    pub(super) rest: Record,
}

/// Fields of a cell that only say how it looks.
const STYLE: &[&str] = &[
    "position",
    "size",
    "angle",
    "attrs",
    "visible",
    "tools",
    "ports",
    "zIndex",
    "labels",
    "vertices",
    "connector",
    "router",
    "width",
    "height",
    "markup",
    "view",
    "defaultLabel",
    "opacity",
];

impl Cell {
    /// Reads a cell, or says why it cannot be carried.
    pub(super) fn read(value: Value, diagram: &str, number: usize) -> Result<Self, Loss> {
        let lost = |what: &str, value: &str| Loss {
            where_: format!("{diagram}: cell {number}"),
            what: what.to_owned(),
            value: one_line(value).chars().take(120).collect(),
        };
        if recognise::is_version_1(&value) {
            return Err(lost("cell of Threat Dragon v1", &value.to_string()));
        }
        let mut rest = Record::new(value).map_err(|v| lost("cell that is not an object", &v.to_string()))?;
        let mut data = rest.record("data");
        let (kind, shape) = (data.line("type").unwrap_or_default(), rest.line("shape").unwrap_or_default());
        let named = data.text("name").unwrap_or_default();
        let Some(shape) = Shape::tell(&kind, &shape) else {
            let shown = if kind.is_empty() { shape } else { kind };
            return Err(lost("cell of an unknown shape", format!("{shown} {named}").trim()));
        };
        let drawn = drawn_text(&rest).filter(|d| one_line(d) != one_line(&named));
        let (text, drawn) = if named.is_empty() { (drawn.unwrap_or_default(), None) } else { (named, drawn) };
        let (name, place) = (one_line(&text), Rect::read(&rest));
        let id = rest.text("id").unwrap_or_default();
        let shown = if name.is_empty() {
            format!("{} {number}", shape.title())
        } else {
            format!("{} \"{}\"", shape.title(), cut(&name))
        };
        Ok(Self { shape, id, name, text, drawn, where_: format!("{diagram}: {shown}"), rect: place, data, rest })
    }

    /// Takes away what only says how it looks; tells whether there was any.
    pub(super) fn discard_style(&mut self) -> bool {
        self.rest.discard(STYLE)
    }
}

/// A name short enough for a sentence.
fn cut(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The text that is drawn: the one of the shape, of boxes the one of its label, of flows the one of the first label.
fn drawn_text(cell: &Record) -> Option<String> {
    let label = cell.at(&["labels"]).and_then(|l| l.get(0));
    let in_label = || label.and_then(|l| l.get("attrs")?.get("text")?.get("text")).or(label);
    let in_box = || cell.at(&["attrs", "label", "text"]);
    let text = cell.at(&["attrs", "text", "text"]).or_else(in_box).or_else(in_label)?.as_str()?.trim();
    (!text.is_empty()).then(|| unix_lines(text))
}
