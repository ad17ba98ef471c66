//! Reads a printed picture back, in either set of characters: finds outlines, walks every frame, and follows the line
//! behind every arrowhead to where it begins. It looks at characters only, never at a scene.

use sconce::diagram::BoxShape;
use sconce::diagram::Scene;
use sconce::diagram::paint::Glyphs;
use sconce::model::{ElementKind, Id, ThreatModel};
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What a picture says, each thing as a line of text, sorted.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Meaning {
    elements: Vec<String>,
    boundaries: Vec<String>,
    flows: Vec<String>,
}

type Spot = (usize, usize); // column, row
type Way = (isize, isize);

/// Where a picture ends and its key begins, corners clockwise from the upper left with the lines across and down of
/// boxes and frames, and what else has a meaning of its own.
struct Pen {
    key: &'static str,
    external: [&'static str; 6],
    process: [&'static str; 6],
    store: &'static str,
    frame: [&'static str; 6],
    /// A flow that passes a frame.
    pass: &'static str,
    /// The line of a flow.
    across: &'static str,
    /// A loose end, and arrowheads to the right, the left and the top: no flow ends downwards.
    loose: &'static str,
    heads: [&'static str; 3],
    /// Where a line can go on.
    ways: fn(&str, Way) -> Vec<Way>,
    /// How names are written.
    name: fn(&str) -> String,
}

const UNICODE: Pen = Pen {
    key: "\n\n ┏━┓",
    external: ["┏", "┓", "┛", "┗", "━", "┃"],
    process: ["╭", "╮", "╯", "╰", "─", "│"],
    store: "═",
    frame: ["┌", "┐", "┘", "└", "╌", "╎"],
    pass: "┼",
    across: "─",
    loose: "○",
    heads: ["▶", "◀", "▲"],
    ways: |symbol, way| match (symbol, way) {
        ("─", (_, 0)) | ("│", (0, _)) | ("┼", _) => vec![way],
        ("┌", (-1, 0)) | ("┐", (1, 0)) => vec![(0, 1)],
        ("└", (-1, 0)) | ("┘", (1, 0)) => vec![(0, -1)],
        ("┌", (0, -1)) | ("└", (0, 1)) => vec![(1, 0)],
        ("┐", (0, -1)) | ("┘", (0, 1)) => vec![(-1, 0)],
        _ => vec![],
    },
    name: str::to_owned,
};

const ASCII: Pen = Pen {
    key: "\n\n #=#",
    external: ["#", "#", "#", "#", "=", "#"],
    process: [".", ".", "'", "'", "-", "|"],
    store: "=",
    frame: ["+", "+", "+", "+", ".", ":"],
    pass: "*",
    across: "-",
    loose: "o",
    heads: [">", "<", "^"],
    ways: |symbol, way| match (symbol, way) {
        // Where two flows cross, the one across is drawn.
        ("-" | "*", _) | ("|", (0, _)) => vec![way],
        (".", (_, 0)) => vec![(0, 1)],
        ("'", (_, 0)) => vec![(0, -1)],
        (".", (0, -1)) | ("'", (0, 1)) => vec![(-1, 0), (1, 0)],
        _ => vec![],
    },
    name: |name| name.replace('…', "~").replace('·', ".").replace('×', "x"),
};

struct Shape {
    kind: &'static str,
    name: String,
    min: Spot,
    max: Spot,
}

impl Shape {
    fn contains(&self, (x, y): Spot) -> bool {
        x >= self.min.0 && x <= self.max.0 && y >= self.min.1 && y <= self.max.1
    }

    fn edge(&self, p: Spot) -> bool {
        self.contains(p) && (p.0 == self.min.0 || p.0 == self.max.0 || p.1 == self.min.1 || p.1 == self.max.1)
    }

    fn cells(&self) -> impl Iterator<Item = Spot> {
        (self.min.1..=self.max.1).flat_map(|y| (self.min.0..=self.max.0).map(move |x| (x, y)))
    }

    fn around(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max) && self.min != other.min
    }
}

struct Grid<'p> {
    rows: Vec<Vec<&'p str>>,
    pen: &'p Pen,
}

impl<'p> Grid<'p> {
    fn new(text: &'p str, pen: &'p Pen) -> Self {
        let cells = |line: &'p str| {
            let graphemes = line.graphemes(true);
            graphemes.flat_map(|g| (0..g.width()).map(move |n| if n == 0 { g } else { "" })).collect()
        };
        let picture = text.split(pen.key).next().unwrap_or_default();
        Self { rows: picture.lines().map(cells).collect(), pen }
    }

    fn at(&self, (x, y): Spot) -> &str {
        self.rows.get(y).and_then(|r| r.get(x)).copied().unwrap_or(" ")
    }

    fn spots(&self) -> impl Iterator<Item = Spot> {
        self.rows.iter().enumerate().flat_map(|(y, row)| (0..row.len()).map(move |x| (x, y)))
    }

    fn words(&self, xs: std::ops::Range<usize>, ys: std::ops::Range<usize>) -> String {
        let rows = ys.map(|y| xs.clone().map(|x| self.at((x, y))).collect::<String>().trim().to_owned());
        rows.filter(|r| !r.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// A closed outline that begins at this upper left corner: gives the lower right one. `pass` may stand in its sides.
    fn outline(&self, (x, y): Spot, glyphs: &[&str; 6], pass: &str) -> Option<Spot> {
        let [left_top, right_top, right_bottom, left_bottom, across, down] = *glyphs;
        if self.at((x, y)) != left_top || self.at((x + 1, y)) != across {
            return None;
        }
        let side = |p: Spot| [down, pass].contains(&self.at(p));
        let mut bottom = y + 1;
        while side((x, bottom)) && self.at((x + 1, bottom)) != across {
            bottom += 1;
        }
        let mut right = x + 1;
        while self.at((right, bottom)) == across {
            right += 1;
        }
        // The last line of a box may touch the first one of another.
        let closed = bottom > y + 1
            && self.at((x, bottom)) == left_bottom
            && self.at((right, bottom)) == right_bottom
            && self.at((right, y)) == right_top
            && (y + 1..bottom).all(|y| side((right, y)));
        closed.then_some((right, bottom))
    }

    fn elements(&self) -> Vec<Shape> {
        let mut found: Vec<Shape> = Vec::new();
        for p in self.spots() {
            let closed = |kind, glyphs| Some((kind, self.outline(p, glyphs, "")?));
            let store = || Some(("store", self.store(p, &found)?));
            let boxed = closed("external", &self.pen.external).or_else(|| closed("process", &self.pen.process));
            if let Some((kind, max)) = boxed.or_else(store) {
                let name = self.words(p.0 + 1..max.0, p.1 + 1..max.1);
                found.push(Shape { kind, name, min: p, max });
            }
        }
        found
    }

    /// The lower right corner of a store whose upper line begins here.
    fn store(&self, (x, y): Spot, found: &[Shape]) -> Option<Spot> {
        if self.at((x, y)) != self.pen.store || found.iter().any(|s| s.contains((x, y))) {
            return None;
        }
        let end = |y: usize| (x..self.rows[y].len()).take_while(|x| self.at((*x, y)) == self.pen.store).last();
        let right = end(y)?;
        let bottom = (y + 1..self.rows.len()).find(|y| self.at((x, *y)) == self.pen.store)?;
        (end(bottom) == Some(right)).then_some((right, bottom))
    }

    fn frames(&self) -> Vec<Shape> {
        let line = self.pen.frame[4];
        let frame = |min: Spot| {
            let max = self.outline(min, &self.pen.frame, self.pen.pass)?;
            let title = self.words(min.0 + 2..max.0, min.1..min.1 + 1);
            let name = title.trim_end_matches(line).trim().to_owned();
            Some(Shape { kind: "boundary", name, min, max })
        };
        self.spots().filter_map(frame).collect()
    }
}

/// A step; `None` at the edge of the picture.
fn step((x, y): Spot, (dx, dy): Way) -> Option<Spot> {
    Some((x.checked_add_signed(dx)?, y.checked_add_signed(dy)?))
}

struct Reader<'g> {
    grid: &'g Grid<'g>,
    elements: &'g [Shape],
    /// Which element lies on a cell.
    on: &'g BTreeMap<Spot, usize>,
    frames: &'g [Shape],
}

/// Where a line has been followed to, in which direction, and its label if that was passed.
type Trail = (Spot, Way, Option<String>);

impl Reader<'_> {
    /// What stands at a spot where a flow may end that comes this way. Flows come from
    /// above or below only where they lead from a thing to itself, under it.
    fn end(&self, p: Spot, way: Way) -> Option<String> {
        let pen = self.grid.pen;
        if let Some(&element) = self.on.get(&p) {
            return Some(self.elements[element].name.clone());
        }
        if self.grid.at(p) == pen.loose && way.1 == 0 {
            return Some("○".to_owned());
        }
        let wall = pen.frame[4..].contains(&self.grid.at(p));
        let edge = |f: &&Shape| f.edge(p) && (way.1 == 0 || f.max.1 == p.1);
        self.frames.iter().filter(|_| wall).find(edge).map(|f| format!("[{}]", f.name))
    }

    /// Follows a flow from its arrowhead. Where a character can be read in two ways, the one that leads to an end holds.
    fn flow(&self, head: Spot, way: Way) -> Option<String> {
        let to = self.end(step(head, (-way.0, -way.1))?, way)?;
        let mut open: Vec<Trail> = vec![(head, way, None)];
        while let Some((at, way, label)) = open.pop() {
            let last = at;
            let Some(at) = step(at, way) else { continue };
            if let Some(from) = self.end(at, way) {
                return Some(format!("{from} -> {to}: {}", label.unwrap_or_default()));
            }
            let shaft = [self.grid.pen.across, self.grid.pen.pass].contains(&self.grid.at(last));
            if self.grid.at(at) == " " && shaft && way.1 == 0 && label.is_none() {
                self.labels(at, way, &mut open);
            }
            open.extend((self.grid.pen.ways)(self.grid.at(at), way).into_iter().map(|way| (at, way, label.clone())));
        }
        None
    }

    /// All that the label can be by which a line is interrupted from here on, the shortest last.
    fn labels(&self, start: Spot, way: Way, open: &mut Vec<Trail>) {
        let (before, mut at) = (open.len(), start);
        let mut label: Vec<&str> = Vec::new();
        while let Some(next) = step(at, way).filter(|next| next.0 < self.grid.rows[next.1].len()) {
            if at != start && self.grid.at(at) == " " && self.grid.at(next) == self.grid.pen.across {
                let mut read = label.clone();
                if way.0 < 0 {
                    read.reverse();
                }
                open.push((at, way, Some(read.concat().trim().to_owned())));
            }
            at = next;
            label.push(self.grid.at(at));
        }
        open[before..].reverse();
    }
}

/// Reads a picture.
pub(super) fn read(text: &str, glyphs: Glyphs) -> Meaning {
    let pen = pen(glyphs);
    let grid = Grid::new(text, pen);
    let (elements, frames) = (grid.elements(), grid.frames());
    let on = elements.iter().enumerate().flat_map(|(at, e)| e.cells().map(move |p| (p, at))).collect();
    let reader = Reader { grid: &grid, elements: &elements, on: &on, frames: &frames };
    let place = |shape: &Shape| {
        let mut around: Vec<&Shape> = frames.iter().filter(|f| f.around(shape)).collect();
        around.sort_by_key(|f| f.min);
        let names: Vec<&str> = around.iter().map(|f| f.name.as_str()).collect();
        format!("{} {} in {}", shape.kind, shape.name, names.join(" / "))
    };
    let head = |p: Spot| {
        let at = pen.heads.iter().position(|head| *head == grid.at(p))?;
        let flow = reader.flow(p, [(-1, 0), (1, 0), (0, 1)][at]);
        // A letter in a name looks like an arrowhead in ASCII; nothing else looks like one in Unicode.
        let lost = || format!("an arrowhead at {p:?} without a flow");
        if glyphs == Glyphs::Ascii { flow } else { flow.or_else(|| Some(lost())) }
    };
    let meaning = Meaning {
        elements: elements.iter().map(place).collect(),
        boundaries: frames.iter().map(place).collect(),
        flows: grid.spots().filter(|p| !on.contains_key(p)).filter_map(head).collect(),
    };
    meaning.sorted()
}

fn pen(glyphs: Glyphs) -> &'static Pen {
    if glyphs == Glyphs::Ascii { &ASCII } else { &UNICODE }
}

impl Meaning {
    /// With names as they are written in a set of characters.
    fn written(mut self, pen: &Pen) -> Self {
        for line in self.elements.iter_mut().chain(&mut self.boundaries).chain(&mut self.flows) {
            *line = (pen.name)(line);
        }
        self.sorted()
    }

    fn sorted(mut self) -> Self {
        self.elements.sort();
        self.boundaries.sort();
        self.flows.sort();
        self
    }
}

/// What a picture of a whole model has to say. Names as the scene shows them, everything else from the model.
pub(super) fn expected(model: &ThreatModel, scene: &Scene, glyphs: Glyphs) -> Meaning {
    let title = |id: &Id| scene.frames.iter().find(|f| f.id == *id).map(|f| f.title.clone());
    let place = |inside: Option<&Id>| {
        let mut names: Vec<String> = model.boundary_chain(inside).into_iter().filter_map(title).collect();
        names.reverse();
        names.join(" / ")
    };
    let name = |end: &Option<Id>| match end {
        None => "○".to_owned(),
        Some(id) => match scene.elements.iter().find(|e| e.id == *id) {
            Some(element) => element.lines.join(" "),
            None => format!("[{}]", title(id).unwrap_or_default()),
        },
    };
    let element = |e: &sconce::diagram::ElementBox| {
        let kind = match e.shape {
            BoxShape::Element(ElementKind::ExternalEntity) => "external",
            BoxShape::Element(ElementKind::Process) => "process",
            BoxShape::Element(ElementKind::DataStore) => "store",
            BoxShape::Folded => "folded",
        };
        format!("{kind} {} in {}", e.lines.join(" "), place(model.elements[&e.id].inside.as_ref()))
    };
    let frame = |f: &sconce::diagram::Frame| {
        format!("boundary {} in {}", f.title, place(model.boundaries[&f.id].inside.as_ref()))
    };
    let flow = |w: &sconce::diagram::Wire| {
        let f = &model.flows[&w.id];
        format!("{} -> {}: {}", name(&f.from), name(&f.to), w.label.as_ref().map_or("", |l| &l.text))
    };
    let meaning = Meaning {
        elements: scene.elements.iter().map(element).collect(),
        boundaries: scene.frames.iter().map(frame).collect(),
        flows: scene.wires.iter().map(flow).collect(),
    };
    meaning.written(pen(glyphs))
}
