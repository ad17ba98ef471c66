//! A scene as an SVG file: one cell of the scene is a fixed number of units, every text is fitted to its cells whatever
//! the font, and each thing is a group with a title that can be read aloud. No script, nothing from elsewhere.

mod things;

use super::sheet::{Sheet, plain};
use crate::diagnostic::inert::xml;
use crate::diagram::scene::{Attach, BoxShape, Boxes, Point, Rect, Scene, View};
use crate::diagram::text;
use crate::model::ElementKind::{DataStore, ExternalEntity, Process};
use crate::model::ThreatModel;
use std::fmt::Write as _;

/// Width and height of a cell.
const CELL: (i32, i32) = (10, 20);
/// How far the outline of a name on one row lies from the middle of that row.
const RISE: i32 = CELL.1 / 2 - 1;
/// Blank around everything.
const MARGIN: i32 = 20;
/// Rows of the heading.
const HEADING: i32 = 2;
/// Columns that a picture has at least, so that heading and legend have room.
const NARROWEST: i32 = 60;
/// Colours, in light, dark and on paper.
const STYLE: &str = include_str!("svg/style.css");

/// The scene of a view of a model as an SVG file.
///
/// Groups have the ids `boundary-ID`, `element-ID` and `flow-ID` and come in this order.
pub fn svg(scene: &Scene, model: &ThreatModel, view: &View) -> String {
    let sheet = Sheet::new(scene, model, view);
    let columns = scene.size.0.max(NARROWEST);
    let top = MARGIN + HEADING * CELL.1;
    let mut below = String::new();
    let mut row = scene.size.1 + 1;
    row = key(&mut below, scene, columns, row);
    row = legend(&mut below, scene, columns, row);
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, top + row * CELL.1 + MARGIN);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sconce\" role=\"img\" \
         aria-labelledby=\"sconce-title sconce-desc\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">"
    );
    let title = sheet.title();
    let _ = writeln!(out, "<title id=\"sconce-title\">{}</title>", xml(&title));
    let _ = writeln!(out, "<desc id=\"sconce-desc\">{}</desc>", xml(&sheet.describe()));
    let _ = writeln!(out, "<style>\n{STYLE}</style>");
    let _ = writeln!(out, "<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>");
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {top})\">");
    words(&mut out, "heading", Point { x: 0, y: -HEADING }, &text::cut(&title, columns));
    things::things(&mut out, &sheet);
    out.push_str(&below);
    out.push_str("</g>\n</svg>\n");
    out
}

/// The upper left corner of a cell.
const fn corner(p: Point) -> (i32, i32) {
    (p.x * CELL.0, p.y * CELL.1)
}

/// The middle of a cell.
const fn middle(p: Point) -> (i32, i32) {
    (p.x * CELL.0 + CELL.0 / 2, p.y * CELL.1 + CELL.1 / 2)
}

/// A text that takes exactly its cells.
fn words(out: &mut String, class: &str, at: Point, line: &str) {
    let width = text::width(line) * CELL.0;
    if width == 0 {
        return;
    }
    let (x, y) = corner(at);
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(
        out,
        "<text{class} x=\"{x}\" y=\"{}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        y + 15,
        xml(&plain(line))
    );
}

/// A rectangle whose sides run through the middles of the outer cells of a place, or further inside, across and down.
fn outline(out: &mut String, class: &str, rect: Rect, inset: (i32, i32), round: i32) {
    let (x, y) = middle(Point { x: rect.x, y: rect.y });
    let (w, h) = ((rect.w - 1) * CELL.0 - 2 * inset.0, (rect.h - 1) * CELL.1 - 2 * inset.1);
    let round = if round > 0 { format!(" rx=\"{round}\"") } else { String::new() };
    let (x, y) = (x + inset.0, y + inset.1);
    let _ = writeln!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{round}/>");
}

/// A patch that lets a text be read where a line runs behind it.
fn plate(out: &mut String, rect: Rect) {
    let (x, y) = corner(Point { x: rect.x, y: rect.y });
    let (w, h) = (rect.w * CELL.0, rect.h * CELL.1 - 2);
    let _ = writeln!(out, "<rect class=\"plate\" x=\"{x}\" y=\"{}\" width=\"{w}\" height=\"{h}\"/>", y + 1);
}

/// The outline of a box and what is inside of it, without a name.
fn shape(out: &mut String, shape: BoxShape, rect: Rect, boxes: Boxes) {
    // A name on one row has no rows for an outline: it lies around it.
    let down = if boxes == Boxes::Chips { -RISE } else { 0 };
    match shape {
        BoxShape::Element(ExternalEntity) => outline(out, "outline", rect, (0, down), 0),
        BoxShape::Element(Process) => outline(out, "outline", rect, (0, down), 10),
        BoxShape::Element(DataStore) => {
            outline(out, "body", rect, (0, down), 0);
            let (left, top) = middle(Point { x: rect.x, y: rect.y });
            let (right, bottom) = middle(Point { x: rect.x + rect.w - 1, y: rect.y + rect.h - 1 });
            let (top, bottom) = (top + down, bottom - down);
            let _ = writeln!(out, "<path class=\"outline\" d=\"M{left} {top}H{right}M{left} {bottom}H{right}\"/>");
        }
        BoxShape::Folded => {
            outline(out, "outline", rect, (0, down), 0);
            outline(out, "inner", rect, (3, down + if down == 0 { 3 } else { 0 }), 0);
        }
    }
}

const fn class(shape: BoxShape) -> &'static str {
    match shape {
        BoxShape::Element(ExternalEntity) => "external",
        BoxShape::Element(Process) => "process",
        BoxShape::Element(DataStore) => "store",
        BoxShape::Folded => "folded",
    }
}

/// What the key explains.
#[derive(Clone, Copy)]
enum Sign {
    Shape(BoxShape),
    Boundary,
    Pass,
    Loose,
}

/// Explains the shapes that are in the picture. Gives the row after it.
fn key(out: &mut String, scene: &Scene, columns: i32, first: i32) -> i32 {
    let boxes = [
        (BoxShape::Element(ExternalEntity), "external entity"),
        (BoxShape::Element(Process), "process"),
        (BoxShape::Element(DataStore), "data store"),
        (BoxShape::Folded, "folded trust boundary"),
    ];
    let there = |shape: BoxShape| scene.elements.iter().any(|e| e.shape == shape);
    let mut signs: Vec<(Sign, &str)> =
        boxes.into_iter().filter(|(s, _)| there(*s)).map(|(s, what)| (Sign::Shape(s), what)).collect();
    if !scene.frames.is_empty() {
        signs.push((Sign::Boundary, "trust boundary"));
    }
    if things::passes_any(scene) {
        signs.push((Sign::Pass, "crossing"));
    }
    if scene.wires.iter().any(|w| [w.from, w.to].iter().any(|end| matches!(end, Attach::Loose(_)))) {
        signs.push((Sign::Loose, "loose end"));
    }
    if signs.is_empty() {
        return first;
    }
    let (mut x, mut y) = (0, first);
    out.push_str("<g aria-hidden=\"true\">\n");
    for (sign, what) in signs {
        let width = 4 + text::width(what);
        if x > 0 && x + width > columns {
            (x, y) = (0, y + 1);
        }
        self::sign(out, sign, Point { x, y });
        words(out, "aside", Point { x: x + 4, y }, what);
        x += width + 3;
    }
    out.push_str("</g>\n");
    y + 2
}

/// A small picture in three cells.
fn sign(out: &mut String, sign: Sign, at: Point) {
    let (x, y) = corner(at);
    match sign {
        Sign::Shape(of) => {
            // A box of 4 by 2 cells, made smaller to fit one row.
            let _ = writeln!(out, "<g class=\"{}\" transform=\"translate({} {}) scale(.8)\">", class(of), x - 3, y - 7);
            shape(out, of, Rect { x: 0, y: 0, w: 4, h: 2 }, Boxes::Full);
            out.push_str("</g>\n");
        }
        Sign::Boundary => {
            let _ = writeln!(out, "<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"26\" height=\"14\"/>", x + 1, y + 3);
        }
        Sign::Pass => {
            let _ = writeln!(out, "<path class=\"line\" d=\"M{x} {}H{}\"/>", y + 10, x + 28);
            things::diamond(out, (x + 14, y + 10));
        }
        Sign::Loose => {
            let _ = writeln!(out, "<path class=\"line\" d=\"M{} {}H{}\"/>", x + 14, y + 10, x + 28);
            things::circle(out, (x + 10, y + 10));
        }
    }
}

/// What the scene says under the picture, in lines that fit. Gives the row after it.
fn legend(out: &mut String, scene: &Scene, columns: i32, first: i32) -> i32 {
    let mut y = first;
    for line in &scene.legend {
        for part in text::fold(line, columns) {
            words(out, "aside", Point { x: 0, y }, &part);
            y += 1;
        }
    }
    // Nothing is drawn in the rows around: a picture without key and legend ends where its cells end.
    if y == first { first - 1 } else { y.max(first) }
}
