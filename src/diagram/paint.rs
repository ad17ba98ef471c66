//! A scene as cells or as text, in Unicode or pure ASCII lines. Colours and styles are the surface's business. Painters
//! of other formats have a file each.

mod dot;
mod mermaid;
mod sheet;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use super::scene::{Attach, BoxShape, Boxes, ElementBox, Frame, Point, Rect, Scene, Wire};
use super::text::{cells, grapheme_width, width};
use crate::model::ElementKind::{DataStore, ExternalEntity, Process};
use std::fmt::Write as _;
use unicode_segmentation::UnicodeSegmentation;

/// What lines and arrowheads are made of. Names are painted as they are in both, with `~` for `…` in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Box drawing characters.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

/// What a cell belongs to. Numbers are places in the lists of the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Owner {
    /// Nothing.
    #[default]
    Nothing,
    /// The outline or the inside of an element.
    Element(usize),
    /// The name of an element.
    ElementLabel(usize),
    /// The outline of a boundary.
    Frame(usize),
    /// The title of a boundary.
    FrameTitle(usize),
    /// The line of a flow.
    Flow(usize),
    /// The arrowhead of a flow.
    FlowHead(usize),
    /// The label of a flow.
    FlowLabel(usize),
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'s> {
    /// One grapheme; empty for the cells after the first of a wide one.
    pub symbol: &'s str,
    /// What it belongs to.
    pub owner: Owner,
}

/// A part of a picture, painted.
#[derive(Clone, Debug)]
pub struct Canvas<'s> {
    /// Which part of the scene.
    pub area: Rect,
    cells: Vec<Cell<'s>>,
}

const BLANK: Cell<'static> = Cell { symbol: " ", owner: Owner::Nothing };

/// Paints the whole scene.
pub fn canvas(scene: &Scene, glyphs: Glyphs) -> Canvas<'_> {
    window(scene, glyphs, Rect { x: 0, y: 0, w: scene.size.0, h: scene.size.1 })
}

/// Paints a part of the scene; the cost is that of the part, and of looking once at everything in the scene.
pub fn window(scene: &Scene, glyphs: Glyphs, area: Rect) -> Canvas<'_> {
    let count = usize::try_from(area.w.max(0)).unwrap_or(0) * usize::try_from(area.h.max(0)).unwrap_or(0);
    let mut canvas = Canvas { area, cells: vec![BLANK; count] };
    for (at, frame) in scene.frames.iter().enumerate().filter(|(_, f)| f.rect.overlaps(area)) {
        canvas.frame(at, frame, glyphs);
    }
    for (at, wire) in scene.wires.iter().enumerate() {
        canvas.wire(at, wire, glyphs);
    }
    for (at, element) in scene.elements.iter().enumerate().filter(|(_, e)| e.rect.overlaps(area)) {
        canvas.element(at, element, scene.boxes, glyphs);
    }
    for note in &scene.notes {
        canvas.write(note.at, &note.text, Owner::Element(note.under), glyphs);
    }
    canvas
}

/// The whole scene as text: the picture, a key of the shapes, and the legend. No trailing blanks.
pub fn text(scene: &Scene, glyphs: Glyphs) -> String {
    const BAND: i32 = 64;
    let mut out = String::new();
    for top in (0..scene.size.1).step_by(64) {
        let area = Rect { x: 0, y: top, w: scene.size.0, h: BAND.min(scene.size.1 - top) };
        let band = window(scene, glyphs, area);
        for y in top..top + area.h {
            let line: String = (0..area.w).filter_map(|x| band.cell(Point { x, y })).map(|c| c.symbol).collect();
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    if !scene.elements.is_empty() || !scene.frames.is_empty() {
        let is_folded = scene.elements.iter().any(|element| element.shape == BoxShape::Folded);
        let folded = match glyphs {
            _ if !is_folded => "",
            Glyphs::Unicode => "   ╔═╗ folded boundary",
            Glyphs::Ascii => "   +=+ folded boundary",
        };
        let _ = writeln!(out, "\n{}{folded}", key(glyphs));
    }
    for line in &scene.legend {
        let _ = writeln!(out, " {line}");
    }
    out
}

/// One line that explains the shapes.
pub const fn key(glyphs: Glyphs) -> &'static str {
    match glyphs {
        Glyphs::Unicode => {
            " ┏━┓ external entity   ╭─╮ process   ═══ data store   ┌╌┐ trust boundary   ┼ crossing   ○ loose end"
        }
        Glyphs::Ascii => {
            " #=# external entity   .-. process   === data store   +.+ trust boundary   * crossing   o loose end"
        }
    }
}

/// Corners from the upper left clockwise, horizontal and vertical line of an outline.
type Outline = [&'static str; 6];

const fn outline(shape: BoxShape, glyphs: Glyphs) -> Outline {
    match (shape, glyphs) {
        (BoxShape::Element(ExternalEntity), Glyphs::Unicode) => ["┏", "┓", "┛", "┗", "━", "┃"],
        (BoxShape::Element(Process), Glyphs::Unicode) => ["╭", "╮", "╯", "╰", "─", "│"],
        (BoxShape::Element(DataStore), Glyphs::Unicode) => ["═", "═", "═", "═", "═", " "],
        (BoxShape::Folded, Glyphs::Unicode) => ["╔", "╗", "╝", "╚", "═", "║"],
        (BoxShape::Element(ExternalEntity), Glyphs::Ascii) => ["#", "#", "#", "#", "=", "#"],
        (BoxShape::Element(Process), Glyphs::Ascii) => [".", ".", "'", "'", "-", "|"],
        (BoxShape::Element(DataStore), Glyphs::Ascii) => ["=", "=", "=", "=", "=", " "],
        (BoxShape::Folded, Glyphs::Ascii) => ["+", "+", "+", "+", "=", "I"],
    }
}

/// A direction out of a cell, as a bit: left, right, up, down.
fn arm(from: Point, to: Point) -> usize {
    match ((to.x - from.x).signum(), (to.y - from.y).signum()) {
        (-1, _) => 1,
        (1, _) => 2,
        (_, -1) => 4,
        (_, 1) => 8,
        _ => 0,
    }
}

const fn line(arms: usize, glyphs: Glyphs) -> &'static str {
    match (arms, glyphs) {
        (4 | 8 | 12, Glyphs::Unicode) => "│",
        (4 | 8 | 12, Glyphs::Ascii) => "|",
        (5, Glyphs::Unicode) => "┘",
        (6, Glyphs::Unicode) => "└",
        (9, Glyphs::Unicode) => "┐",
        (10, Glyphs::Unicode) => "┌",
        // Which way a corner goes is seen without its neighbours.
        (5 | 6, Glyphs::Ascii) => "'",
        (9 | 10, Glyphs::Ascii) => ".",
        (_, Glyphs::Unicode) => "─",
        (_, Glyphs::Ascii) => "-",
    }
}

/// The arrowhead of a flow whose last arm comes from this direction.
const fn head(arms: usize, glyphs: Glyphs) -> &'static str {
    match (arms, glyphs) {
        (1, Glyphs::Unicode) => "▶",
        (2, Glyphs::Unicode) => "◀",
        (4, Glyphs::Unicode) => "▼",
        (_, Glyphs::Unicode) => "▲",
        (1, Glyphs::Ascii) => ">",
        (2, Glyphs::Ascii) => "<",
        (4, Glyphs::Ascii) => "v",
        (_, Glyphs::Ascii) => "^",
    }
}

/// The marks that this room itself puts into names, in the glyph set.
const fn own_mark(grapheme: &str, glyphs: Glyphs) -> &str {
    match (grapheme.as_bytes(), glyphs) {
        ([0xe2, 0x80, 0xa6], Glyphs::Ascii) => "~", // `…`
        ([0xc2, 0xb7], Glyphs::Ascii) => ".",       // `·`
        ([0xc3, 0x97], Glyphs::Ascii) => "x",       // `×`
        _ => grapheme,
    }
}

impl<'s> Canvas<'s> {
    fn index(&self, p: Point) -> Option<usize> {
        let (column, row) = (p.x - self.area.x, p.y - self.area.y);
        let index =
            || Some(usize::try_from(row).ok()? * usize::try_from(self.area.w).ok()? + usize::try_from(column).ok()?);
        if self.area.contains(p) { index() } else { None }
    }

    /// A cell of the scene, if it lies in the painted part.
    pub fn cell(&self, p: Point) -> Option<Cell<'s>> {
        self.cells.get(self.index(p)?).copied()
    }

    /// What is drawn at a cell of the scene.
    pub fn owner(&self, p: Point) -> Owner {
        self.cell(p).map_or(Owner::Nothing, |c| c.owner)
    }

    fn put(&mut self, p: Point, symbol: &'s str, owner: Owner) {
        if let Some(index) = self.index(p) {
            self.cells[index] = Cell { symbol, owner };
        }
    }

    /// Writes a text. A wide grapheme that the edge of the painted part cuts becomes blanks.
    fn write(&mut self, at: Point, text: &'s str, owner: Owner, glyphs: Glyphs) {
        let mut x = at.x;
        for grapheme in text.graphemes(true) {
            let w = cells(grapheme_width(grapheme));
            let whole = [x, x + w - 1].iter().all(|&x| self.area.contains(Point { x, y: at.y }));
            for dx in 0..w {
                let symbol = match (whole, dx) {
                    (true, 0) => own_mark(grapheme, glyphs),
                    (true, _) => "",
                    (false, _) => " ",
                };
                self.put(Point { x: x + dx, y: at.y }, symbol, owner);
            }
            x += w;
        }
    }

    /// Draws the outline of a rectangle.
    fn outline(&mut self, rect: Rect, o: &Outline, owner: Owner) {
        let (right, bottom) = (rect.x + rect.w - 1, rect.y + rect.h - 1);
        for x in rect.x.max(self.area.x)..=right.min(self.area.x + self.area.w) {
            self.put(Point { x, y: rect.y }, o[4], owner);
            self.put(Point { x, y: bottom }, o[4], owner);
        }
        for y in (rect.y + 1).max(self.area.y)..bottom.min(self.area.y + self.area.h) {
            self.put(Point { x: rect.x, y }, o[5], owner);
            self.put(Point { x: right, y }, o[5], owner);
        }
        let corners = [(rect.x, rect.y), (right, rect.y), (right, bottom), (rect.x, bottom)];
        for ((x, y), symbol) in corners.into_iter().zip(o) {
            self.put(Point { x, y }, symbol, owner);
        }
    }

    /// Marks the sides of a chip: a store is open there, so it has its line instead.
    fn brackets(&mut self, rect: Rect, o: &Outline, owner: Owner) {
        let side = if o[5] == " " { o[4] } else { o[5] };
        for y in rect.y..rect.y + rect.h {
            self.put(Point { x: rect.x, y }, side, owner);
            self.put(Point { x: rect.x + rect.w - 1, y }, side, owner);
        }
    }

    fn frame(&mut self, at: usize, frame: &'s Frame, glyphs: Glyphs) {
        let o = match glyphs {
            Glyphs::Unicode => ["┌", "┐", "┘", "└", "╌", "╎"],
            Glyphs::Ascii => ["+", "+", "+", "+", ".", ":"],
        };
        self.outline(frame.rect, &o, Owner::Frame(at));
        let title = frame.title_rect();
        for x in [title.x, title.x + title.w - 1] {
            self.put(Point { x, y: title.y }, " ", Owner::FrameTitle(at));
        }
        self.write(Point { x: title.x + 1, y: title.y }, &frame.title, Owner::FrameTitle(at), glyphs);
    }

    fn element(&mut self, at: usize, element: &'s ElementBox, boxes: Boxes, glyphs: Glyphs) {
        let rect = element.rect;
        let inside = match boxes {
            Boxes::Full => Rect { x: rect.x + 1, y: rect.y + 1, w: rect.w - 2, h: rect.h - 2 },
            Boxes::Chips => rect,
        };
        for y in inside.y.max(self.area.y)..(inside.y + inside.h).min(self.area.y + self.area.h) {
            for x in inside.x.max(self.area.x)..(inside.x + inside.w).min(self.area.x + self.area.w) {
                self.put(Point { x, y }, " ", Owner::Element(at));
            }
        }
        match boxes {
            Boxes::Full => self.outline(rect, &outline(element.shape, glyphs), Owner::Element(at)),
            Boxes::Chips => self.brackets(rect, &outline(element.shape, glyphs), Owner::Element(at)),
        }
        let top = rect.y + (rect.h - cells(element.lines.len())) / 2;
        for (y, line) in (top..).zip(&element.lines) {
            let x = rect.x + (rect.w - width(line)) / 2;
            self.write(Point { x, y }, line, Owner::ElementLabel(at), glyphs);
        }
    }

    fn wire(&mut self, at: usize, wire: &'s Wire, glyphs: Glyphs) {
        let xs = || wire.points.iter().map(|p| p.x);
        let ys = || wire.points.iter().map(|p| p.y);
        let (Some(x), Some(y), Some(right), Some(bottom)) = (xs().min(), ys().min(), xs().max(), ys().max()) else {
            return;
        };
        let span = Rect { x: x - 1, y: y - 1, w: right - x + 3, h: bottom - y + 3 };
        if !span.overlaps(self.area) {
            return;
        }
        let mut before: Option<Point> = None;
        let mut cells = wire.cells().peekable();
        while let Some(p) = cells.next() {
            let arms = before.map_or(0, |b| arm(p, b)) | cells.peek().map_or(0, |n| arm(p, *n));
            before = Some(p);
            if cells.peek().is_none() {
                self.put(p, head(arms, glyphs), Owner::FlowHead(at));
            } else if let Some(symbol) = self.passing(p, arms, glyphs) {
                self.put(p, symbol, Owner::Flow(at));
            }
        }
        for end in [wire.from, wire.to] {
            if let Attach::Loose(p) = end {
                self.put(p, if glyphs == Glyphs::Unicode { "○" } else { "o" }, Owner::Flow(at));
            }
        }
        if let Some(label) = &wire.label {
            let rect = label.rect();
            for x in [rect.x, rect.x + rect.w - 1] {
                self.put(Point { x, y: rect.y }, " ", Owner::FlowLabel(at));
            }
            self.write(label.at, &label.text, Owner::FlowLabel(at), glyphs);
        }
    }

    /// The glyph of a flow's cell; `None` when what is there already shall stay.
    fn passing(&self, p: Point, arms: usize, glyphs: Glyphs) -> Option<&'static str> {
        match (self.owner(p), glyphs) {
            (Owner::Frame(_) | Owner::Flow(_), Glyphs::Unicode) => Some("┼"),
            // That a flow passes a boundary is what the picture is about: it has a mark of its own.
            (Owner::Frame(_), Glyphs::Ascii) => Some("*"),
            // The horizontal flow is drawn through.
            (Owner::Flow(_), Glyphs::Ascii) if matches!(arms, 4 | 8 | 12) => None,
            _ => Some(line(arms, glyphs)),
        }
    }
}
