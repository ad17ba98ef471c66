//! From blocks to the scene: levels from the outside in, blocks from the inside out, then everything in cells of the
//! whole picture.

use super::block::{Block, Maker, below, bracket};
use super::keep;
use super::level::{self, End, Level, What};
use super::pins::Goal;
use super::plan::{Plan, Shape};
use super::pull::Pull;
use super::scene::{
    Attach, BoxShape, Boxes, ElementBox, Frame, Label, Lanes, Note, Pass, Placement, Point, Rect, Scene, Slot, Wire,
};
use super::text::{self, cells};
use crate::model::Id;
use std::collections::BTreeMap;

/// Lays a plan out.
pub(super) fn compose(plan: &Plan, known: Option<&Placement>, goal: &Goal) -> Scene {
    draft(plan, known, goal).0
}

/// Lays a plan out; also gives the flows whose labels have too little room between things that are held, and the
/// columns there are.
pub(super) fn draft(plan: &Plan, known: Option<&Placement>, goal: &Goal) -> (Scene, Vec<(usize, i32)>) {
    let levels = level::levels(plan, known, goal);
    let labels = choose_hops(plan, &levels);
    let mut blocks: Vec<Block> = plan.parts.iter().map(|_| Block::default()).collect();
    for part in (0..plan.parts.len()).rev() {
        if let Some(level) = &levels[part] {
            blocks[part] = Maker::new(plan, level, &blocks, &labels[part]).make();
        }
    }
    let mut origin = goal.origin;
    let mut tight = Vec::new();
    if let Some(known) = known.filter(|_| goal.column.iter().any(Option::is_some)) {
        let pulled = Pull { plan, levels: &levels, blocks: &blocks, labels: &labels, goal, known }.solve();
        origin.0 = pulled.left;
        tight = pulled.tight;
        for (part, span) in pulled.spans.into_iter().enumerate().rev() {
            if let Some(level) = &levels[part] {
                let draft = std::mem::take(&mut blocks[part].draft);
                blocks[part] = Maker::new(plan, level, &blocks, &labels[part]).remake(draft, span);
            }
        }
    }
    let rects = rects(plan, &levels, &blocks);
    let mut scene = Scene { size: (blocks[0].w, blocks[0].h), legend: plan.legend.clone(), ..Scene::default() };
    scene.placement.origin = origin;
    let attach = things(plan, &rects, &mut scene);
    scene.placement.passes = passes(plan, &levels, &blocks);
    scene.placement.lanes = lanes(plan, &levels, &blocks);
    let around = Around { plan, levels: &levels, blocks: &blocks, rects: &rects, pieces: pieces(plan, &levels) };
    scene.wires = (0..plan.flows.len()).map(|flow| around.wire(flow, &attach)).collect();
    scene.notes = notes(plan, &rects, &attach);
    scene.boxes = if plan.chips { Boxes::Chips } else { Boxes::Full };
    (scene, tight)
}

/// Decides on which hop each label lies: where it widens the picture least, long labels first. Gives the label's
/// columns for every hop of every level.
fn choose_hops(plan: &Plan, levels: &[Option<Level>]) -> Vec<Vec<Option<i32>>> {
    let mut hops: Vec<Vec<(usize, usize)>> = vec![Vec::new(); plan.flows.len()];
    for level in levels.iter().flatten() {
        for (h, hop) in level.hops.iter().enumerate() {
            hops[hop.flow].push((level.part, h));
        }
    }
    let count = |level: &Option<Level>| level.as_ref().map_or(0, |l| l.hops.len());
    let mut labels: Vec<Vec<Option<i32>>> = levels.iter().map(|l| vec![None; count(l)]).collect();
    let columns = |level: &Option<Level>| level.as_ref().map_or(0, |l| l.columns.len());
    let room = |level: &Level, c: usize| level.lanes.as_ref().and_then(|l| l[c]).map_or(0, |l| l.zone - SHAFT);
    let zone = |level: &Option<Level>| (0..columns(level)).map(|c| level.as_ref().map_or(0, |l| room(l, c))).collect();
    let mut zone: Vec<Vec<i32>> = levels.iter().map(zone).collect();
    let guess = |l: &Level| (0..l.columns.len()).map(|c| typical_width(plan, l, c)).collect();
    let typical: Vec<Vec<i32>> = levels.iter().map(|l| l.as_ref().map_or_else(Vec::new, guess)).collect();
    let widths: Vec<Option<i32>> = plan.flows.iter().map(|f| f.label.as_deref().map(text::width)).collect();
    let width = |flow: usize| widths[flow];
    let mut order: Vec<usize> = (0..plan.flows.len()).collect();
    let kept = |&(part, h): &(usize, usize)| levels[part].as_ref().is_some_and(|l| l.hops[h].labelled);
    order.sort_by_cached_key(|&flow| (!hops[flow].iter().any(kept), -width(flow).unwrap_or(0), flow));
    for flow in order {
        let Some(w) = width(flow) else { continue };
        let place = |&(part, h): &(usize, usize)| {
            let level = levels[part].as_ref()?;
            let column = level.items[level.hops[h].a].column;
            let spare = if level.items[level.hops[h].a].what == What::Bend { typical[part][column] } else { 0 };
            Some((column, w - spare))
        };
        let best = hops[flow].iter().enumerate().filter_map(|(at, hop)| {
            let (column, need) = place(hop)?;
            let before = !kept(hop);
            Some((before, (need - zone[hop.0][column]).max(0), at, *hop, column, need))
        });
        if let Some((_, _, _, (part, h), column, need)) = best.min() {
            labels[part][h] = Some(w);
            zone[part][column] = zone[part][column].max(need);
        }
    }
    labels
}

/// Columns that a label takes beside its text: blanks and shafts.
const SHAFT: i32 = 5;

/// A guess at the width of a column before blocks have sizes.
fn typical_width(plan: &Plan, level: &Level, column: usize) -> i32 {
    if let Some(lane) = level.lanes.as_ref().and_then(|l| l[column]) {
        return lane.width;
    }
    let guess = |&item: &usize| match level.items[item].what {
        What::Part(part) if plan.parts[part].shape == Shape::Frame => 30,
        What::Part(part) => plan.parts[part].lines.iter().map(|l| text::width(l) + 4).max().unwrap_or(0),
        _ => 0,
    };
    level.columns[column].iter().map(guess).max().unwrap_or(0)
}

/// Cells of every part in the whole picture.
fn rects(plan: &Plan, levels: &[Option<Level>], blocks: &[Block]) -> Vec<Rect> {
    let mut rects = vec![Rect::default(); plan.parts.len()];
    rects[0] = Rect { x: 0, y: 0, w: blocks[0].w, h: blocks[0].h };
    for part in 0..plan.parts.len() {
        let Some(level) = &levels[part] else { continue };
        let origin = rects[part];
        for (i, item) in level.items.iter().enumerate() {
            if let What::Part(inner) = item.what {
                let (at, (w, h)) = (blocks[part].at[i], blocks[part].size[i]);
                rects[inner] = Rect { x: origin.x + at.x, y: origin.y + at.y, w, h };
            }
        }
    }
    rects
}

/// Fills in elements, frames and the placement; tells for every part what a flow to it is attached to.
fn things(plan: &Plan, rects: &[Rect], scene: &mut Scene) -> Vec<Attach> {
    let mut attach = vec![Attach::Loose(Point::default()); plan.parts.len()];
    let mut order: Vec<usize> = (1..plan.parts.len()).collect();
    order.sort_by(|&a, &b| plan.parts[a].id.cmp(&plan.parts[b].id));
    let mut placement = std::mem::take(&mut scene.placement);
    let origin = placement.origin;
    for at in order {
        let (part, rect) = (&plan.parts[at], rects[at]);
        let Some(id) = part.id.clone() else {
            attach[at] = Attach::Loose(Point { x: rect.x, y: rect.y });
            continue;
        };
        placement.at.insert(id.clone(), (rect.x + origin.0, rect.y + origin.1));
        match part.shape {
            Shape::Element(kind) => {
                attach[at] = Attach::Element(scene.elements.len());
                let shape = BoxShape::Element(kind);
                scene.elements.push(ElementBox { id, shape, inside: None, rect, lines: part.lines.clone() });
            }
            Shape::Folded => {
                attach[at] = Attach::Element(scene.elements.len());
                let shape = BoxShape::Folded;
                scene.elements.push(ElementBox { id, shape, inside: None, rect, lines: part.lines.clone() });
            }
            Shape::Frame | Shape::Stub => {
                attach[at] = Attach::Frame(scene.frames.len());
                let title = part.lines.first().cloned().unwrap_or_default();
                scene.frames.push(Frame { id, rect, title, depth: part.depth - 1, inside: None });
            }
        }
    }
    scene.placement = placement;
    for (at, part) in plan.parts.iter().enumerate() {
        let around = match attach[part.parent] {
            Attach::Frame(frame) => Some(frame),
            Attach::Element(_) | Attach::Loose(_) => None,
        };
        match attach[at] {
            Attach::Element(element) => scene.elements[element].inside = around,
            Attach::Frame(frame) => scene.frames[frame].inside = around,
            Attach::Loose(_) => {}
        }
    }
    attach
}

/// What is said under boxes, below the brackets of flows to themselves.
fn notes(plan: &Plan, rects: &[Rect], attach: &[Attach]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for (at, part) in plan.parts.iter().enumerate() {
        if let (Attach::Element(under), Some(text)) = (attach[at], part.note()) {
            let rect = rects[at];
            let y = rect.y + rect.h + below(part.loops.len());
            notes.push(Note { under, at: Point { x: rect.x + 1, y }, text });
        }
    }
    notes.sort_by_key(|note| note.under);
    notes
}

/// How every boundary is divided.
fn lanes(plan: &Plan, levels: &[Option<Level>], blocks: &[Block]) -> BTreeMap<Option<Id>, Lanes> {
    let stubs = keep::stubs(plan);
    let of = |level: &Level| {
        let block = &blocks[level.part];
        let slot = |(i, item): (usize, &level::Item)| {
            let What::Part(part) = item.what else { return None };
            let slot = Slot { column: item.column, at: block.at[i], size: block.size[i] };
            Some((keep::key(plan, part, &stubs)?, slot))
        };
        let parts = level.items.iter().enumerate().filter_map(slot).collect();
        let lanes = Lanes { size: (block.w, block.h), columns: block.lanes.clone(), parts };
        (plan.parts[level.part].id.clone(), lanes)
    };
    levels.iter().flatten().map(of).collect()
}

/// The rows of all flows.
fn passes(plan: &Plan, levels: &[Option<Level>], blocks: &[Block]) -> BTreeMap<Id, Vec<Pass>> {
    let mut passes: BTreeMap<Id, Vec<Pass>> = BTreeMap::new();
    for level in levels.iter().flatten() {
        let block = &blocks[level.part];
        for (piece, route) in level.pieces.iter().zip(&level.route) {
            let first = route.first().and_then(|&h| block.hops[h].first());
            let ends = route.iter().filter_map(|&h| block.hops[h].last());
            let mut rows: Vec<i32> = first.into_iter().chain(ends).map(|p| p.y).collect();
            if rows.is_empty() {
                rows.push(block.port(piece.flow));
            }
            let label = route.iter().position(|&h| block.labels[h].is_some());
            let pass = Pass { inside: plan.parts[level.part].id.clone(), rows, label };
            passes.entry(plan.flows[piece.flow].id.clone()).or_default().push(pass);
        }
    }
    passes
}

/// For every flow the boundaries it passes, with the number of its piece there.
fn pieces(plan: &Plan, levels: &[Option<Level>]) -> Vec<Vec<(usize, usize)>> {
    let mut pieces = vec![Vec::new(); plan.flows.len()];
    for level in levels.iter().flatten() {
        for (at, piece) in level.pieces.iter().enumerate() {
            pieces[piece.flow].push((level.part, at));
        }
    }
    pieces
}

/// What is known when wires are put together.
struct Around<'a> {
    plan: &'a Plan,
    levels: &'a [Option<Level>],
    blocks: &'a [Block],
    rects: &'a [Rect],
    pieces: Vec<Vec<(usize, usize)>>,
}

impl Around<'_> {
    fn wire(&self, flow: usize, attach: &[Attach]) -> Wire {
        let link = &self.plan.flows[flow];
        let (points, at) = if link.from == link.to { self.bracket(flow) } else { self.path(flow) };
        let label = at.zip(link.label.clone()).map(|(at, text)| Label { at, text });
        Wire {
            id: link.id.clone(),
            points,
            from: attach[link.from],
            to: attach[link.to],
            label,
            also: link.also.clone(),
        }
    }

    /// A flow from a part to itself: a bracket under it.
    fn bracket(&self, flow: usize) -> (Vec<Point>, Option<Point>) {
        let part = self.plan.flows[flow].from;
        let at = self.plan.parts[part].loops.iter().position(|&l| l == flow).unwrap_or(0);
        let (x, span) = bracket(self.plan, part)[at];
        let rect = self.rects[part];
        let (left, right) = (rect.x + x, rect.x + x + span);
        let (top, bottom) = (rect.y + rect.h, rect.y + rect.h + 1 + cells(at));
        let points = [(left, top), (left, bottom), (right, bottom), (right, top)].map(|(x, y)| Point { x, y });
        let label = self.plan.flows[flow].label.as_deref().map_or(0, text::width);
        (points.to_vec(), Some(Point { x: left + (span + 1 - label) / 2, y: bottom }))
    }

    /// A flow between two parts: its pieces from the source outwards and inwards to the target.
    fn path(&self, flow: usize) -> (Vec<Point>, Option<Point>) {
        let link = &self.plan.flows[flow];
        let (from, to) = (self.plan.path(link.from), self.plan.path(link.to));
        let mut steps: Vec<(i32, Vec<Point>)> = Vec::new();
        let mut label = None;
        for &(part, at) in &self.pieces[flow] {
            let Some(level) = &self.levels[part] else { continue };
            let piece = &level.pieces[at];
            let depth = cells(self.plan.parts[part].depth);
            let (out, inward) = (from.contains(&part), to.contains(&part));
            let (rank, forward) = match (out, inward) {
                (true, false) => (-depth, piece.right == End::Port),
                (false, _) => (depth + 1, piece.left == End::Port),
                (true, true) => (0, matches!(piece.left, End::Part(p) if from.contains(&p)) || link.from == part),
            };
            let origin = self.rects[part];
            let shift = |p: &Point| Point { x: p.x + origin.x, y: p.y + origin.y };
            let mut points: Vec<Point> = Vec::new();
            for &hop in &level.route[at] {
                points.extend(self.blocks[part].hops[hop].iter().map(shift));
                label = label.or(self.blocks[part].labels[hop].as_ref().map(shift));
            }
            if !forward {
                points.reverse();
            }
            steps.push((rank, points));
        }
        steps.sort_by_key(|s| s.0);
        (simplify(steps.into_iter().flat_map(|s| s.1)), label)
    }
}

/// Drops points that are no corner.
fn simplify(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for p in points {
        if out.last() == Some(&p) {
            continue;
        }
        if let [.., a, b] = out[..]
            && (a.x == b.x && b.x == p.x || a.y == b.y && b.y == p.y)
        {
            out.pop();
        }
        out.push(p);
    }
    out
}
