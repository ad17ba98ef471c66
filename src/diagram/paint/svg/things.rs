//! Boundaries, elements and flows as groups of an SVG file. Where they lie is the scene's.

use super::{RISE, class, middle, outline, plate, shape, words};
use crate::diagnostic::inert::xml;
use crate::diagram::paint::sheet::Sheet;
use crate::diagram::scene::{Attach, Boxes, ElementBox, Point, Rect, Scene, Wire};
use crate::diagram::text::{cells, width};
use std::fmt::Write as _;

/// How far before the middle of a wall an arrowhead ends.
const GAP: i32 = 2;
/// Half the width of a loose end.
const LOOSE: i32 = 5;
/// Length and half the width of an arrowhead.
const HEAD: (i32, i32) = (10, 5);

/// Draws everything, from behind to before.
pub(super) fn things(out: &mut String, sheet: &Sheet) {
    let mut frames: Vec<_> = sheet.scene.frames.iter().enumerate().collect();
    frames.sort_by_key(|(_, frame)| frame.depth);
    for (at, frame) in frames {
        open(out, "boundary", "boundary", frame.id.as_str(), &sheet.say_frame(at));
        outline(out, "frame", frame.rect, (0, 0), 0);
        let title = frame.title_rect();
        plate(out, title);
        words(out, "", Point { x: title.x + 1, y: title.y }, &frame.title);
        out.push_str("</g>\n");
    }
    for (at, drawn) in sheet.scene.elements.iter().enumerate() {
        open(out, class(drawn.shape), "element", drawn.id.as_str(), &sheet.say_box(at));
        shape(out, drawn.shape, drawn.rect, sheet.scene.boxes);
        name(out, drawn);
        for note in sheet.scene.notes.iter().filter(|n| n.under == at) {
            words(out, "aside", note.at, &note.text);
        }
        out.push_str("</g>\n");
    }
    for wire in &sheet.scene.wires {
        open(out, "flow", "flow", wire.id.as_str(), &sheet.say_flow(wire));
        flow(out, sheet.scene, wire);
        out.push_str("</g>\n");
    }
}

/// Begins a group.
fn open(out: &mut String, class: &str, kind: &str, id: &str, title: &str) {
    let _ = writeln!(out, "<g id=\"{kind}-{id}\" class=\"{class}\"><title>{}</title>", xml(title));
}

fn name(out: &mut String, drawn: &ElementBox) {
    let rect = drawn.rect;
    let top = rect.y + (rect.h - cells(drawn.lines.len())) / 2;
    for (y, line) in (top..).zip(&drawn.lines) {
        words(out, "", Point { x: rect.x + (rect.w - width(line)) / 2, y }, line);
    }
}

fn flow(out: &mut String, scene: &Scene, wire: &Wire) {
    let (Some(&first), Some(&last)) = (wire.points.first(), wire.points.last()) else { return };
    let start = wall(scene, wire.from, first, wire.points.get(1).copied());
    let before = wire.points.len().checked_sub(2).map(|at| wire.points[at]);
    let end = wall(scene, wire.to, last, before);
    // The outline of a name on one row lies around its cells.
    let rise = |end: Attach| i32::from(matches!(end, Attach::Element(_)) && scene.boxes == Boxes::Chips) * RISE;
    let away = self::way(start, first);
    let (start, way) = (middle(start), way(last, end));
    let start = (start.0, start.1 + away.1 * rise(wire.from));
    let gap = if matches!(wire.to, Attach::Loose(_)) { LOOSE + 1 } else { GAP };
    let (x, y) = middle(end);
    let tip = (x - way.0 * gap, y - way.1 * (gap + rise(wire.to)));
    let base = (tip.0 - way.0 * HEAD.0, tip.1 - way.1 * HEAD.0);
    let mut line = format!("M{} {}", start.0, start.1);
    for p in wire.points.iter().map(|p| middle(*p)).filter(|p| *p != start) {
        let _ = write!(line, "L{} {}", p.0, p.1);
    }
    // The last corner lies behind the arrowhead, unless the line bends there.
    if let Some(turn) = before.filter(|b| self::way(*b, last) == way).and_then(|_| line.rfind('L')) {
        line.truncate(turn);
    }
    let _ = writeln!(out, "<path class=\"line\" d=\"{line}L{} {}\"/>", base.0, base.1);
    let side = (way.1 * HEAD.1, way.0 * HEAD.1);
    let (a, b) = ((base.0 + side.0, base.1 + side.1), (base.0 - side.0, base.1 - side.1));
    let _ = writeln!(out, "<path class=\"head\" d=\"M{} {}L{} {}L{} {}Z\"/>", tip.0, tip.1, a.0, a.1, b.0, b.1);
    for p in [wire.from, wire.to] {
        if let Attach::Loose(p) = p {
            circle(out, middle(p));
        }
    }
    for p in passes(scene, wire) {
        diamond(out, middle(p));
    }
    if let Some(label) = &wire.label {
        plate(out, label.rect());
        words(out, "", label.at, &label.text);
    }
}

/// A loose end.
pub(super) fn circle(out: &mut String, (x, y): (i32, i32)) {
    let _ = writeln!(out, "<circle class=\"loose\" cx=\"{x}\" cy=\"{y}\" r=\"{LOOSE}\"/>");
}

/// Where a flow passes a boundary.
pub(super) fn diamond(out: &mut String, (x, y): (i32, i32)) {
    let _ = writeln!(out, "<path class=\"pass\" d=\"M{} {y}l5 -5l5 5l-5 5Z\"/>", x - 5);
}

/// The direction from a cell to one in the same row or column.
fn way(from: Point, to: Point) -> (i32, i32) {
    ((to.x - from.x).signum(), (to.y - from.y).signum())
}

/// Whether a cell belongs to the outline of a place.
fn is_wall(rect: Rect, p: Point) -> bool {
    rect.contains(p) && !Rect { x: rect.x + 1, y: rect.y + 1, w: rect.w - 2, h: rect.h - 2 }.contains(p)
}

/// The cell of what a flow is attached to that lies beside the flow's last cell there; straight on from its neighbour
/// on the flow if that is possible.
fn wall(scene: &Scene, end: Attach, p: Point, behind: Option<Point>) -> Point {
    let rect = match end {
        Attach::Loose(at) => return at,
        Attach::Element(at) => scene.elements[at].rect,
        Attach::Frame(at) => scene.frames[at].rect,
    };
    let straight = behind.map(|b| way(b, p));
    let ways = straight.into_iter().chain([(1, 0), (-1, 0), (0, -1), (0, 1)]);
    let beside = ways.map(|(dx, dy)| Point { x: p.x + dx, y: p.y + dy });
    beside.into_iter().find(|q| is_wall(rect, *q)).unwrap_or(p)
}

/// The cells in which a flow passes the outline of a boundary.
fn passes(scene: &Scene, wire: &Wire) -> Vec<Point> {
    let mut found = Vec::new();
    for pair in wire.points.windows(2) {
        let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        for rect in scene.frames.iter().map(|f| f.rect) {
            if a.y == b.y && rect.y <= a.y && a.y < rect.y + rect.h {
                let sides = [rect.x, rect.x + rect.w - 1];
                found.extend(sides.into_iter().filter(|x| a.x <= *x && *x <= b.x).map(|x| Point { x, y: a.y }));
            } else if a.x == b.x && rect.x <= a.x && a.x < rect.x + rect.w {
                let sides = [rect.y, rect.y + rect.h - 1];
                found.extend(sides.into_iter().filter(|y| a.y <= *y && *y <= b.y).map(|y| Point { x: a.x, y }));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether any flow passes a boundary.
pub(super) fn passes_any(scene: &Scene) -> bool {
    scene.wires.iter().any(|w| !passes(scene, w).is_empty())
}
