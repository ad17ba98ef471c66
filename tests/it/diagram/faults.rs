//! Hard faults of a scene: whatever would make the picture false or unreadable. Nothing about beauty.

use super::metrics::Run;
use sconce::diagram::{Attach, Frame, Point, Rect, Scene, Wire};
use sconce::model::{BoundaryKind, Id, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};

/// Every fault of a scene that shows a whole model, in words.
pub(super) fn faults(model: &ThreatModel, scene: &Scene) -> Vec<String> {
    let mut faults = missing(model, scene);
    faults.extend(of_view(model, scene));
    faults
}

/// Faults of a scene that may leave something out.
pub(super) fn of_view(model: &ThreatModel, scene: &Scene) -> Vec<String> {
    let mut faults = misplaced(model, scene);
    faults.extend(overlaps(scene));
    faults.extend(bad_wires(scene));
    faults.extend(needless_crossings(model, scene));
    faults
}

fn missing(model: &ThreatModel, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = model.boundaries.values().filter(|b| b.kind == Some(BoundaryKind::Line)).count();
    for (what, drawn, wanted) in [
        ("elements", scene.elements.len(), model.elements.len()),
        ("frames", scene.frames.len(), model.boundaries.len() - lines),
        ("flows", scene.wires.len(), model.flows.len()),
    ] {
        if drawn != wanted {
            faults.push(format!("{drawn} of {wanted} {what} drawn"));
        }
    }
    for wire in &scene.wires {
        let flow = &model.flows[&wire.id];
        if wire.label.is_none() && !flow.name.is_empty() {
            faults.push(format!("{} has no label", wire.id));
        }
        for (attach, end) in [(wire.from, &flow.from), (wire.to, &flow.to)] {
            if id_of(scene, attach) != end.as_ref() {
                faults.push(format!("{} is attached to {attach:?} in place of {end:?}", wire.id));
            }
        }
    }
    faults
}

pub(super) fn id_of(scene: &Scene, attach: Attach) -> Option<&Id> {
    match attach {
        Attach::Element(at) => Some(&scene.elements[at].id),
        Attach::Frame(at) => Some(&scene.frames[at].id),
        Attach::Loose(_) => None,
    }
}

/// The boundaries around a thing.
pub(super) fn chain<'m>(model: &'m ThreatModel, id: &Id) -> Vec<&'m Id> {
    let inside = model.elements.get(id).map(|e| &e.inside).or_else(|| model.boundaries.get(id).map(|b| &b.inside));
    model.boundary_chain(inside.and_then(Option::as_ref))
}

/// Members outside their boundary, strangers inside one.
fn misplaced(model: &ThreatModel, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let things = scene.elements.iter().map(|e| (&e.id, e.rect)).chain(scene.frames.iter().map(|f| (&f.id, f.rect)));
    for (id, rect) in things {
        let around = chain(model, id);
        for frame in scene.frames.iter().filter(|f| &f.id != id) {
            let member = around.contains(&&frame.id);
            if member && !inner(frame).holds(rect) {
                faults.push(format!("{id} lies outside {}", frame.id));
            }
            if !member && frame.rect.overlaps(rect) && !chain(model, &frame.id).contains(&id) {
                faults.push(format!("{id} overlaps {}", frame.id));
            }
        }
    }
    faults
}

fn inner(frame: &Frame) -> Rect {
    Rect { x: frame.rect.x + 1, y: frame.rect.y + 1, w: frame.rect.w - 2, h: frame.rect.h - 2 }
}

/// Things that share cells: elements, titles, labels and stubs, and flows through any of them.
fn overlaps(scene: &Scene) -> Vec<String> {
    let mut solid: Vec<(String, Rect)> = Vec::new();
    solid.extend(scene.elements.iter().map(|e| (format!("element {}", e.id), e.rect)));
    solid.extend(scene.frames.iter().map(|f| (format!("title of {}", f.id), f.title_rect())));
    for wire in &scene.wires {
        solid.extend(wire.label.iter().map(|l| (format!("label of {}", wire.id), l.rect())));
        for end in [wire.from, wire.to] {
            if let Attach::Loose(p) = end {
                solid.push((format!("stub of {}", wire.id), Rect { x: p.x, y: p.y, w: 1, h: 1 }));
            }
        }
    }
    let page = Rect { x: 0, y: 0, w: scene.size.0, h: scene.size.1 };
    let mut faults = Vec::new();
    let mut owner: BTreeMap<Point, &str> = BTreeMap::new();
    for (name, rect) in &solid {
        if !page.holds(*rect) {
            faults.push(format!("{name} lies outside the picture"));
        }
        for (x, y) in (rect.x..rect.x + rect.w).flat_map(|x| (rect.y..rect.y + rect.h).map(move |y| (x, y))) {
            if let Some(other) = owner.insert(Point { x, y }, name) {
                faults.push(format!("{name} overlaps {other} at {x},{y}"));
            }
        }
    }
    for wire in &scene.wires {
        let own = format!("label of {}", wire.id);
        for p in wire.cells() {
            if let Some(other) = owner.get(&p).filter(|o| **o != own) {
                faults.push(format!("flow {} runs through {other} at {p:?}", wire.id));
            }
        }
    }
    faults.extend(titles_and_labels_on_frames(scene));
    faults
}

/// Labels on the outline of a frame, and titles that leave theirs.
fn titles_and_labels_on_frames(scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    for frame in &scene.frames {
        let title = frame.title_rect();
        if title.x + title.w >= frame.rect.x + frame.rect.w {
            faults.push(format!("the title of {} leaves its frame", frame.id));
        }
        for wire in &scene.wires {
            let label = wire.label.as_ref().map(sconce::diagram::Label::rect);
            if label.is_some_and(|l| l.overlaps(frame.rect) && !inner(frame).holds(l)) {
                faults.push(format!("the label of {} lies on the frame of {}", wire.id, frame.id));
            }
        }
    }
    faults
}

/// Flows that share a run of cells, turn where another passes, are not made of rows and columns, end nowhere, or
/// whose label is not on them.
fn bad_wires(scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let mut across: BTreeMap<Point, usize> = BTreeMap::new();
    let mut down: BTreeMap<Point, usize> = BTreeMap::new();
    for (at, wire) in scene.wires.iter().enumerate() {
        let cells: Vec<Point> = wire.cells().collect();
        if wire.points.windows(2).any(|p| (p[0].x == p[1].x) == (p[0].y == p[1].y)) || cells.len() < 3 {
            faults.push(format!("{} is crooked or has no shaft: {:?}", wire.id, wire.points));
        }
        let (mut rows, mut columns) = (BTreeSet::new(), BTreeSet::new());
        for pair in cells.windows(2) {
            (if pair[0].y == pair[1].y { &mut rows } else { &mut columns }).extend([pair[0], pair[1]]);
        }
        for (taken, mine) in [(&mut across, &rows), (&mut down, &columns)] {
            for p in mine {
                if let Some(other) = taken.insert(*p, at) {
                    faults.push(format!("{} and {} share {p:?}", wire.id, scene.wires[other].id));
                }
            }
        }
        faults.extend(bad_ends(scene, wire, &cells));
    }
    for (p, at) in &across {
        let Some(other) = down.get(p).filter(|o| *o != at) else { continue };
        let through = |map: &BTreeMap<Point, usize>, at: &usize, steps: [(i32, i32); 2]| {
            steps.iter().all(|(dx, dy)| map.get(&Point { x: p.x + dx, y: p.y + dy }) == Some(at))
        };
        if !through(&across, at, [(1, 0), (-1, 0)]) || !through(&down, other, [(0, 1), (0, -1)]) {
            faults.push(format!("{} touches {} at {p:?}", scene.wires[*at].id, scene.wires[*other].id));
        }
    }
    faults
}

fn bad_ends(scene: &Scene, wire: &Wire, cells: &[Point]) -> Vec<String> {
    let mut faults = Vec::new();
    for (end, attach) in [(cells.first(), wire.from), (cells.last(), wire.to)] {
        let rect = match attach {
            Attach::Element(at) => scene.elements[at].rect,
            Attach::Frame(at) => scene.frames[at].rect,
            Attach::Loose(p) => Rect { x: p.x, y: p.y, w: 1, h: 1 },
        };
        let beside = |p: &Point| {
            let touches = |dx, dy| {
                let next = Point { x: p.x + dx, y: p.y + dy };
                let edge = !Rect { x: rect.x + 1, y: rect.y + 1, w: rect.w - 2, h: rect.h - 2 }.contains(next);
                rect.contains(next) && edge
            };
            touches(1, 0) || touches(-1, 0) || touches(0, 1) || touches(0, -1)
        };
        if !end.is_some_and(beside) {
            faults.push(format!("{} does not reach {attach:?}", wire.id));
        }
    }
    if let Some(label) = &wire.label {
        let rect = label.rect();
        let on = (rect.x - 1..=rect.x + rect.w).all(|x| cells.contains(&Point { x, y: rect.y }));
        let head = wire.head().is_some_and(|h| Rect { x: rect.x, y: rect.y, w: rect.w, h: 1 }.contains(h));
        if !on || head {
            faults.push(format!("the label of {} is not on its flow with a shaft on both sides", wire.id));
        }
    }
    faults
}

/// Flows that cross a frame more often than their ends require.
fn needless_crossings(model: &ThreatModel, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    for wire in &scene.wires {
        let around = |attach: Attach| -> BTreeSet<&Id> {
            id_of(scene, attach).map_or_else(BTreeSet::new, |id| chain(model, id).into_iter().collect())
        };
        let (from, to) = (around(wire.from), around(wire.to));
        let (cells, run): (Vec<Point>, Run) = (wire.cells().collect(), Run::new(wire));
        for frame in &scene.frames {
            let at = if run.span.overlaps(frame.rect) { &cells[..] } else { &[] };
            let hits = at.iter().filter(|p| frame.rect.contains(**p) && !inner(frame).contains(**p)).count();
            let loose = [wire.from, wire.to].iter().any(|a| matches!(a, Attach::Loose(_)));
            let needed = usize::from(from.contains(&frame.id) != to.contains(&frame.id) && !loose);
            let ends = [wire.from, wire.to].iter().any(|a| id_of(scene, *a) == Some(&frame.id));
            let wanted = if ends { 0 } else { needed };
            if hits != wanted {
                faults.push(format!("{} crosses {} {hits} times, needs {needed}", wire.id, frame.id));
            }
        }
    }
    faults
}
