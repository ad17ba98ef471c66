//! Reads a printed picture back: finds outlines, walks every frame, and follows the line behind every arrowhead to
//! where it begins. It looks at characters only, never at a scene.

use sconce::diagram::BoxShape;
use sconce::diagram::Scene;
use sconce::model::{ElementKind, Id, ThreatModel};
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

    fn around(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max) && self.min != other.min
    }
}

struct Grid {
    rows: Vec<Vec<String>>,
}

impl Grid {
    fn new(text: &str) -> Self {
        Self { rows: Self::rows(text.split("\n\n ┏━┓").next().unwrap_or_default()) }
    }

    fn rows(picture: &str) -> Vec<Vec<String>> {
        let cells = |line: &str| {
            let graphemes = line.graphemes(true);
            graphemes
                .flat_map(|g| (0..g.width()).map(move |n| if n == 0 { g.to_owned() } else { String::new() }))
                .collect()
        };
        picture.lines().map(cells).collect()
    }

    fn at(&self, (x, y): Spot) -> &str {
        self.rows.get(y).and_then(|r| r.get(x)).map_or(" ", String::as_str)
    }

    fn spots(&self) -> impl Iterator<Item = Spot> {
        self.rows.iter().enumerate().flat_map(|(y, row)| (0..row.len()).map(move |x| (x, y)))
    }

    fn words(&self, xs: std::ops::Range<usize>, ys: std::ops::Range<usize>) -> String {
        let rows = ys.map(|y| xs.clone().map(|x| self.at((x, y))).collect::<String>().trim().to_owned());
        rows.filter(|r| !r.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// A closed outline that begins at this upper left corner: gives the lower right one.
    fn outline(&self, start: Spot, corners: [&str; 4], across: &str, down: &[&str]) -> Option<Spot> {
        let (x, y) = start;
        let mut bottom = y + 1;
        while down.contains(&self.at((x, bottom))) {
            bottom += 1;
        }
        let mut right = x + 1;
        while self.at((right, bottom)) == across {
            right += 1;
        }
        let closed = self.at((x, bottom)) == corners[3]
            && self.at((right, bottom)) == corners[2]
            && self.at((right, y)) == corners[1]
            && (y + 1..bottom).all(|y| down.contains(&self.at((right, y))));
        closed.then_some((right, bottom))
    }

    fn elements(&self) -> Vec<Shape> {
        let mut found: Vec<Shape> = Vec::new();
        for p in self.spots() {
            let boxed = match self.at(p) {
                "┏" => self.outline(p, ["┏", "┓", "┛", "┗"], "━", &["┃"]).map(|max| ("external", max)),
                "╭" => self.outline(p, ["╭", "╮", "╯", "╰"], "─", &["│"]).map(|max| ("process", max)),
                "═" => self.store(p, &found).map(|max| ("store", max)),
                _ => None,
            };
            if let Some((kind, max)) = boxed {
                let name = self.words(p.0 + 1..max.0, p.1 + 1..max.1);
                found.push(Shape { kind, name, min: p, max });
            }
        }
        found
    }

    /// The lower right corner of a store whose upper line begins here.
    fn store(&self, (x, y): Spot, found: &[Shape]) -> Option<Spot> {
        if found.iter().any(|s| s.contains((x, y))) {
            return None;
        }
        let end = |y: usize| (x..self.rows[y].len()).take_while(|x| self.at((*x, y)) == "═").last();
        let right = end(y)?;
        let bottom = (y + 1..self.rows.len()).find(|y| self.at((x, *y)) == "═")?;
        (end(bottom) == Some(right)).then_some((right, bottom))
    }

    fn frames(&self) -> Vec<Shape> {
        let starts = self.spots().filter(|&(x, y)| self.at((x, y)) == "┌" && self.at((x + 1, y)) == "╌");
        let frame = |min: Spot| {
            let max = self.outline(min, ["┌", "┐", "┘", "└"], "╌", &["╎", "┼"])?;
            let name = self.words(min.0 + 1..max.0, min.1..min.1 + 1).trim_matches('╌').trim().to_owned();
            Some(Shape { kind: "boundary", name, min, max })
        };
        starts.filter_map(frame).collect()
    }
}

/// A step; `None` at the edge of the picture.
fn step((x, y): Spot, (dx, dy): (isize, isize)) -> Option<Spot> {
    Some((x.checked_add_signed(dx)?, y.checked_add_signed(dy)?))
}

struct Reader<'g> {
    grid: &'g Grid,
    elements: &'g [Shape],
    frames: &'g [Shape],
}

impl Reader<'_> {
    /// What stands at a spot where a flow may end.
    fn end(&self, p: Spot) -> Option<String> {
        if self.grid.at(p) == "○" {
            return Some("○".to_owned());
        }
        let element = self.elements.iter().find(|e| e.contains(p)).map(|e| e.name.clone());
        let wall = ["╎", "╌"].contains(&self.grid.at(p));
        element.or_else(|| self.frames.iter().find(|f| wall && f.edge(p)).map(|f| format!("[{}]", f.name)))
    }

    /// Follows a flow from its arrowhead.
    fn flow(&self, head: Spot, mut way: (isize, isize)) -> Option<String> {
        let to = self.end(step(head, (-way.0, -way.1))?)?;
        let mut label: Vec<String> = Vec::new();
        let mut at = head;
        loop {
            at = step(at, way)?;
            if let Some(from) = self.end(at) {
                return Some(format!("{from} -> {to}: {}", label.concat().trim()));
            }
            way = match (self.grid.at(at), way) {
                ("─", (_, 0)) | ("│", (0, _)) | ("┼", _) => way,
                ("┌", (-1, 0)) | ("┐", (1, 0)) => (0, 1),
                ("└", (-1, 0)) | ("┘", (1, 0)) => (0, -1),
                ("┌", (0, -1)) | ("└", (0, 1)) => (1, 0),
                ("┐", (0, -1)) | ("┘", (0, 1)) => (-1, 0),
                (" ", (_, 0)) if label.is_empty() => {
                    at = self.label(at, way, &mut label)?;
                    way
                }
                _ => return None,
            };
        }
    }

    /// Reads the label that a line is interrupted by; gives the last blank.
    fn label(&self, start: Spot, way: (isize, isize), label: &mut Vec<String>) -> Option<Spot> {
        let mut at = start;
        loop {
            at = step(at, way)?;
            let next = step(at, way)?;
            if self.grid.at(at) == " " && self.grid.at(next) == "─" {
                if way.0 < 0 {
                    label.reverse();
                }
                return Some(at);
            }
            if at.0 >= self.grid.rows[at.1].len() {
                return None;
            }
            label.push(self.grid.at(at).to_owned());
        }
    }
}

/// Reads a picture.
pub(super) fn read(text: &str) -> Meaning {
    let grid = Grid::new(text);
    let (elements, frames) = (grid.elements(), grid.frames());
    let reader = Reader { grid: &grid, elements: &elements, frames: &frames };
    let place = |shape: &Shape| {
        let mut around: Vec<&Shape> = frames.iter().filter(|f| f.around(shape)).collect();
        around.sort_by_key(|f| f.min);
        let names: Vec<&str> = around.iter().map(|f| f.name.as_str()).collect();
        format!("{} {} in {}", shape.kind, shape.name, names.join(" / "))
    };
    let mut meaning = Meaning {
        elements: elements.iter().map(place).collect(),
        boundaries: frames.iter().map(place).collect(),
        flows: Vec::new(),
    };
    for p in grid.spots() {
        let way = match grid.at(p) {
            "▶" => (-1, 0),
            "◀" => (1, 0),
            "▼" => (0, -1),
            "▲" => (0, 1),
            _ => continue,
        };
        meaning.flows.push(reader.flow(p, way).unwrap_or_else(|| format!("an arrowhead at {p:?} without a flow")));
    }
    meaning.sorted()
}

impl Meaning {
    fn sorted(mut self) -> Self {
        self.elements.sort();
        self.boundaries.sort();
        self.flows.sort();
        self
    }
}

/// What a picture of a whole model has to say. Names as the scene shows them, everything else from the model.
pub(super) fn expected(model: &ThreatModel, scene: &Scene) -> Meaning {
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
    meaning.sorted()
}

/// Whether an ASCII picture is the Unicode picture glyph by glyph, so that it says the same.
pub(super) fn same_in_ascii(unicode: &str, ascii: &str) -> Result<(), String> {
    let (drawn, plain) = (Grid::new(unicode), Grid { rows: Grid::rows(ascii.split("\n\n #=#").next().unwrap_or("")) });
    if drawn.rows.len() != plain.rows.len() {
        return Err(format!("{} and {} rows", drawn.rows.len(), plain.rows.len()));
    }
    for p in drawn.spots().chain(plain.spots()) {
        let (a, b) = (drawn.at(p), plain.at(p));
        let same = match a {
            "─" | "━" | "═" => ["-", "=", "=", "#"].contains(&b),
            "│" | "┃" => b == "|" || b == "#",
            "┏" | "┓" | "┗" | "┛" => b == "#",
            "╭" | "╮" | "╌" => b == ".",
            "╰" | "╯" => b == "'",
            "┌" | "┐" | "└" | "┘" => b == "+",
            "╎" => b == ":",
            "┼" => b == "*" || b == "-",
            "▶" => b == ">",
            "◀" => b == "<",
            "▼" => b == "v",
            "▲" => b == "^",
            "○" => b == "o",
            "…" => b == "~",
            "·" => b == "." || b == "·",
            a => a == b,
        };
        if !same {
            return Err(format!("{p:?}: {a:?} became {b:?}"));
        }
    }
    Ok(())
}
