//! The picture as a value: boxes, frames, wires and labels in whole cells, with the ids of the model.
//! No glyphs (that is `paint`), no decisions (that is the rest of the room).

use crate::model::{ElementKind, Id, Pin};
use std::collections::{BTreeMap, BTreeSet};

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct View {
    /// The diagram of the model whose `shows` and `pins` count. `None`, or an unknown id, draws everything unpinned.
    pub diagram: Option<Id>,
    /// How flows are labelled.
    pub labels: Labels,
    /// How elements are drawn.
    pub boxes: Boxes,
    /// Boundaries that are drawn as one box, with everything in them.
    pub folded: BTreeSet<Id>,
    /// What is looked at closely; everything farther away is left out.
    pub focus: Option<Focus>,
}

impl View {
    /// Whether nothing is left out or made smaller: pins are cells of such a drawing, so that they count in it alone.
    pub fn is_whole(&self) -> bool {
        self.labels != Labels::Hidden && self.boxes == Boxes::Full && self.folded.is_empty() && self.focus.is_none()
    }
}

/// How elements are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Boxes {
    /// With outline and whole name.
    #[default]
    Full,
    /// The name on one row.
    Chips,
}

/// Something and what is near it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Focus {
    /// Elements; of boundaries the members, of flows the ends.
    pub on: BTreeSet<Id>,
    /// How many flows away things are still shown.
    pub depth: u8,
}

/// How flows are labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Labels {
    /// The name lies on the flow; a long one is cut, numbered, and stands whole in the legend.
    #[default]
    Inline,
    /// A number lies on the flow, the name stands in the legend: narrower.
    Numbered,
    /// None; a line that stands for several flows says how many.
    Hidden,
}

/// A cell: column and row from the upper left corner of the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Point {
    /// Column.
    pub x: i32,
    /// Row.
    pub y: i32,
}

/// Some cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rect {
    /// Leftmost column.
    pub x: i32,
    /// Topmost row.
    pub y: i32,
    /// Columns.
    pub w: i32,
    /// Rows.
    pub h: i32,
}

impl Rect {
    /// Whether a cell belongs to it.
    pub const fn contains(self, p: Point) -> bool {
        p.x >= self.x && p.y >= self.y && p.x < self.x + self.w && p.y < self.y + self.h
    }

    /// Whether the two share a cell.
    pub const fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    /// Whether every cell of `other` lies within it.
    pub const fn holds(self, other: Self) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.x + other.w <= self.x + self.w
            && other.y + other.h <= self.y + self.h
    }
}

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxShape {
    /// An element.
    Element(ElementKind),
    /// A boundary with everything in it.
    Folded,
}

/// An element, or a boundary that is folded, as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementBox {
    /// The element or boundary.
    pub id: Id,
    /// Its shape.
    pub shape: BoxShape,
    /// The frame around it, as a place in the list of frames.
    pub inside: Option<usize>,
    /// Its cells, outline included.
    pub rect: Rect,
    /// Its name, harmless and wrapped: at most 3 lines of 24 columns.
    pub lines: Vec<String>,
}

/// A trust boundary as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The boundary.
    pub id: Id,
    /// Its cells, outline included; the title lies in the top row.
    pub rect: Rect,
    /// Its name, harmless, on one line.
    pub title: String,
    /// How many frames are around it.
    pub depth: usize,
    /// The frame around it, as a place in the list of frames.
    pub inside: Option<usize>,
}

impl Frame {
    /// The cells of the title with a blank on each side.
    pub fn title_rect(&self) -> Rect {
        Rect { x: self.rect.x + 2, y: self.rect.y, w: text_width(&self.title) + 2, h: 1 }
    }
}

fn text_width(text: &str) -> i32 {
    super::text::width(text)
}

/// What an end of a flow is attached to. Numbers are places in the lists of the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attach {
    /// An element.
    Element(usize),
    /// A boundary's frame.
    Frame(usize),
    /// Nothing: a stub is drawn in this cell.
    Loose(Point),
}

/// A data flow as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The flow.
    pub id: Id,
    /// Corners from the first cell after its source to the arrowhead's cell; neighbours share a row or a column.
    pub points: Vec<Point>,
    /// Where it begins.
    pub from: Attach,
    /// Where its arrowhead points.
    pub to: Attach,
    /// Its label; only nameless flows have none.
    pub label: Option<Label>,
    /// Further flows that the line stands for, sorted: those between the same two boxes of which one is a folded
    /// boundary, in the same direction.
    pub also: Vec<Id>,
}

impl Wire {
    /// The arrowhead's cell.
    pub fn head(&self) -> Option<Point> {
        self.points.last().copied()
    }

    /// Every cell from the source to the arrowhead.
    pub fn cells(&self) -> impl Iterator<Item = Point> {
        let first = self.points.first().copied();
        first.into_iter().chain(self.points.windows(2).flat_map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let (dx, dy) = ((b.x - a.x).signum(), (b.y - a.y).signum());
            let steps = (b.x - a.x).abs() + (b.y - a.y).abs();
            (1..=steps).map(move |n| Point { x: a.x + dx * n, y: a.y + dy * n })
        }))
    }
}

/// Text on a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its first cell; the cells left and right of the text are blank.
    pub at: Point,
    /// The text as shown: the name, or what fits of it with its number in the legend.
    pub text: String,
}

impl Label {
    /// The cells of the text with the blank on each side.
    pub fn rect(&self) -> Rect {
        Rect { x: self.at.x - 1, y: self.at.y, w: text_width(&self.text) + 2, h: 1 }
    }
}

/// Text under a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Which box, as a place in the list of elements.
    pub under: usize,
    /// Its first cell.
    pub at: Point,
    /// What it says, harmless and on one line.
    pub text: String,
}

/// Where things came to lie: what a later layout is given so that it stays the same.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Placement {
    /// Upper left cell of every element and boundary that was drawn, in cells of the drawing, as pins are.
    pub at: BTreeMap<Id, Pin>,
    /// The cell of the drawing that is the upper left cell of the scene. What is pinned keeps its cell of the drawing
    /// when the picture grows to the left or upwards.
    pub origin: Pin,
    /// The rows of every flow.
    pub passes: BTreeMap<Id, Vec<Pass>>,
    /// How the inside of every boundary was divided; `None` is the whole picture.
    pub lanes: BTreeMap<Option<Id>, Lanes>,
}

/// The columns of the inside of a boundary, and what stood in them. Cells count from the boundary's upper left corner.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lanes {
    /// Columns and rows of the boundary, outline included.
    pub size: (i32, i32),
    /// From left to right; the first and the last are the sides of the frame.
    pub columns: Vec<Lane>,
    /// What is directly inside; a loose end goes by the id of its flow, with `true` where the flow leads to it.
    pub parts: BTreeMap<(Id, bool), Slot>,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lane {
    /// Its left edge.
    pub left: i32,
    /// How wide it is.
    pub width: i32,
    /// Columns behind it for labels, before anything turns.
    pub zone: i32,
}

impl Placement {
    /// The same picture elsewhere in the drawing.
    pub(super) fn moved(&self, (dx, dy): Pin) -> Self {
        let to = |(x, y): Pin| (x + dx, y + dy);
        let at = self.at.iter().map(|(id, at)| (id.clone(), to(*at))).collect();
        Self { at, origin: to(self.origin), ..self.clone() }
    }
}

/// The place of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which column.
    pub column: usize,
    /// Upper left cell.
    pub at: Point,
    /// Columns and rows.
    pub size: (i32, i32),
}

/// A flow's way through one boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The boundary; `None` outside all of them.
    pub inside: Option<Id>,
    /// The rows on which the flow leaves its left end, passes each column, and reaches its right end.
    pub rows: Vec<i32>,
    /// Behind which of these columns, counted from the left end, its label lies.
    pub label: Option<usize>,
}

/// A whole picture.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Scene {
    /// Columns and rows.
    pub size: (i32, i32),
    /// Elements, sorted by id.
    pub elements: Vec<ElementBox>,
    /// How elements are drawn: chips have no outline.
    pub boxes: Boxes,
    /// Trust boundaries, sorted by id.
    pub frames: Vec<Frame>,
    /// Data flows, sorted by id.
    pub wires: Vec<Wire>,
    /// What is said of flows that are not drawn.
    pub notes: Vec<Note>,
    /// What stands under the picture: cut and numbered names, and boundaries that are open lines.
    pub legend: Vec<String>,
    /// Where everything is.
    pub placement: Placement,
}

impl Scene {
    /// How hard it is to read: crossings and bends first, then size. Compares two pictures of one model.
    pub(super) fn cost(&self) -> (usize, i32) {
        let bends: usize = self.wires.iter().map(|w| w.points.len().saturating_sub(2)).sum();
        (self.crossings() * 4 + bends, self.size.0.saturating_mul(self.size.1))
    }

    /// How often one flow crosses another. Counted while a line sweeps from left to right over the horizontal pieces.
    pub fn crossings(&self) -> usize {
        const OPEN: u8 = 0;
        const ACROSS: u8 = 1;
        const CLOSE: u8 = 2;
        let mut events: Vec<(i32, u8, i32, i32)> = Vec::new();
        for pair in self.wires.iter().flat_map(|w| w.points.windows(2)) {
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            if a.y == b.y {
                events.extend([(a.x + 1, OPEN, a.y, 0), (b.x - 1, CLOSE, a.y, 0)]);
            } else {
                events.push((a.x, ACROSS, a.y, b.y));
            }
        }
        events.sort_unstable();
        let rows = usize::try_from(self.size.1).unwrap_or(0) + 2;
        let place = |y: i32| usize::try_from(y + 1).unwrap_or(0).min(rows);
        // A tree of partial sums after Fenwick (1994): how many open pieces lie in the rows up to one.
        let mut open = vec![0_i64; rows + 1];
        let add = |open: &mut [i64], mut at: usize, by: i64| {
            while at <= rows {
                open[at] += by;
                at += at & at.wrapping_neg();
            }
        };
        let sum = |open: &[i64], mut at: usize| {
            let mut sum = 0;
            while at > 0 {
                sum += open[at];
                at &= at - 1;
            }
            sum
        };
        let mut count = 0;
        for (_, what, y, bottom) in events {
            match what {
                OPEN => add(&mut open, place(y), 1),
                CLOSE => add(&mut open, place(y), -1),
                _ => count += sum(&open, place(bottom - 1)) - sum(&open, place(y)),
            }
        }
        usize::try_from(count).unwrap_or(0)
    }
}
