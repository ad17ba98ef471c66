//! Figures of a picture: faults by kind, costs, and how far things moved between two pictures. Faults are counted here
//! from rectangles and corners, apart from `faults`, which looks at cells; it says nothing about which figure is good.

use super::faults::{chain, id_of};
use super::sample::anchors;
use sconce::diagram::{Frame, Placement, Point, Rect, Scene, Wire};
use sconce::model::{Id, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};

/// What has to be 0, each with its name.
pub(super) type Hard = Vec<(&'static str, usize)>;

/// What a picture costs its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Soft {
    /// How often flows cross each other.
    pub(super) crossings: usize,
    /// Corners of flows.
    pub(super) bends: usize,
    /// Cells of flows; a row counts two.
    pub(super) length: i32,
    /// Columns times rows.
    pub(super) area: i32,
    /// Width in percent of the height; a row counts two.
    pub(super) aspect: i32,
    /// Flows that lead to the right, in percent.
    pub(super) forward: i32,
}

/// How far a picture moved, after taking out the shift that most things share. Columns; a row counts two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Shift {
    /// Mean, in hundredths of a column.
    pub(super) mean: i32,
    /// Greatest, in hundredths of a column.
    pub(super) max: i32,
    /// Things that moved more than two columns, in percent.
    pub(super) moved: i32,
    /// Left/right and above/below relations that turned round.
    pub(super) flips: usize,
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap()
}

fn pairs<T, U>(list: &[T], others: &[U], hit: impl Fn(&T, &U) -> bool) -> usize {
    list.iter().map(|a| others.iter().filter(|b| hit(a, b)).count()).sum()
}

/// Pairs within one list.
fn twice<T>(list: &[T], hit: impl Fn(&T, &T) -> bool) -> usize {
    (0..list.len()).map(|n| list[..n].iter().filter(|b| hit(&list[n], b)).count()).sum()
}

/// The straight pieces of a flow as rectangles one cell thick.
fn pieces(wire: &Wire) -> impl Iterator<Item = Rect> + '_ {
    wire.points.windows(2).map(|p| {
        let (a, b) = (p[0], p[1]);
        Rect { x: a.x.min(b.x), y: a.y.min(b.y), w: (a.x - b.x).abs() + 1, h: (a.y - b.y).abs() + 1 }
    })
}

/// A flow in pieces, and the rectangle around it.
pub(super) struct Run<'s> {
    wire: &'s Wire,
    pieces: Vec<Rect>,
    pub(super) span: Rect,
}

impl<'s> Run<'s> {
    pub(super) fn new(wire: &'s Wire) -> Self {
        let pieces: Vec<Rect> = pieces(wire).collect();
        let around = |a: Rect, b: Rect| {
            let (x, y) = (a.x.min(b.x), a.y.min(b.y));
            Rect { x, y, w: (a.x + a.w).max(b.x + b.w) - x, h: (a.y + a.h).max(b.y + b.h) - y }
        };
        Self { wire, span: pieces.iter().copied().reduce(around).unwrap_or_default(), pieces }
    }

    fn through(&self, rect: Rect) -> bool {
        self.span.overlaps(rect) && self.pieces.iter().any(|p| p.overlaps(rect))
    }
}

/// Cells that two flows share along a piece, ends included.
fn shared(a: &Run<'_>, b: &Run<'_>) -> usize {
    let along = |p: &Rect, q: &Rect| (p.w == 1) == (q.w == 1) && p.overlaps(*q);
    if a.span.overlaps(b.span) { pairs(&a.pieces, &b.pieces, along) } else { 0 }
}

/// Crossings of an outline beyond those that the ends of a flow need.
fn needless(model: &ThreatModel, scene: &Scene, run: &Run<'_>, frame: &Frame) -> usize {
    let wire = run.wire;
    let (from, to) = (id_of(scene, wire.from), id_of(scene, wire.to));
    if [from, to].contains(&Some(&frame.id)) || !run.span.overlaps(frame.rect) {
        return 0;
    }
    let inside = |end: Option<&Id>| end.is_some_and(|id| chain(model, id).contains(&&frame.id));
    let loose = from.is_none() || to.is_none();
    let needed = usize::from(!loose && inside(from) != inside(to));
    let r = frame.rect;
    let sides = [
        Rect { w: 1, ..r },
        Rect { x: r.x + r.w - 1, w: 1, ..r },
        Rect { h: 1, ..r },
        Rect { y: r.y + r.h - 1, h: 1, ..r },
    ];
    let across = |p: &Rect, side: &Rect| (p.w == 1) != (side.w == 1) && p.overlaps(*side);
    pairs(&run.pieces, &sides, across).saturating_sub(needed)
}

/// Faults of a scene that shows a whole model.
pub(super) fn hard(model: &ThreatModel, scene: &Scene) -> Hard {
    let labels: Vec<(&Wire, Rect)> = scene.wires.iter().filter_map(|w| Some((w, w.label.as_ref()?.rect()))).collect();
    let (elements, frames, wires) = (&scene.elements, &scene.frames, &scene.wires);
    let whole =
        |f: &Frame, r: Rect| Rect { x: f.rect.x + 1, y: f.rect.y + 1, w: f.rect.w - 2, h: f.rect.h - 2 }.holds(r);
    let chains: BTreeMap<&Id, BTreeSet<&Id>> = model
        .elements
        .keys()
        .chain(model.boundaries.keys())
        .map(|id| (id, chain(model, id).into_iter().collect()))
        .collect();
    let member = |id: &Id, f: &Frame| chains[id].contains(&f.id);
    let runs: Vec<Run> = wires.iter().map(Run::new).collect();
    let titles: Vec<Rect> = frames.iter().map(Frame::title_rect).collect();
    let named = model.flows.values().filter(|f| !f.name.is_empty()).count();
    vec![
        ("node_node", twice(elements, |a, b| a.rect.overlaps(b.rect))),
        ("node_edge", pairs(&runs, elements, |r, e| r.through(e.rect))),
        ("label_label", twice(&labels, |a, b| a.1.overlaps(b.1))),
        ("label_node", pairs(&labels, elements, |l, e| l.1.overlaps(e.rect))),
        ("label_edge", pairs(&labels, &runs, |l, r| l.0.id != r.wire.id && r.through(l.1))),
        ("label_frame", pairs(&labels, frames, |l, f| l.1.overlaps(f.rect) && !whole(f, l.1))),
        ("member_outside", pairs(elements, frames, |e, f| member(&e.id, f) && !whole(f, e.rect))),
        ("nonmember_inside", pairs(elements, frames, |e, f| !member(&e.id, f) && f.rect.overlaps(e.rect))),
        ("inner_outside", pairs(frames, frames, |a, f| member(&a.id, f) && !whole(f, a.rect))),
        ("bound_bound", twice(frames, |a, b| a.rect.overlaps(b.rect) && !member(&a.id, b) && !member(&b.id, a))),
        ("shared_len", twice(&runs, |a, b| shared(a, b) > 0)),
        ("edges_missing", model.flows.len().abs_diff(wires.len())),
        ("labels_missing", named.abs_diff(labels.len())),
        ("nonorth_segs", wires.iter().flat_map(pieces).filter(|p| (p.w == 1) == (p.h == 1)).count()),
        ("title_edge", pairs(&runs, &titles, |r, t| r.through(*t))),
        ("title_node", pairs(elements, &titles, |e, t| e.rect.overlaps(*t))),
        ("title_title", twice(&titles, |a, b| a.overlaps(*b))),
        (
            "extra_frame_x",
            runs.iter()
                .flat_map(|r| frames.iter().map(move |f| (r, f)))
                .map(|(r, f)| needless(model, scene, r, f))
                .sum(),
        ),
    ]
}

/// Names that a painted picture lost, and arrowheads that are too few or too many.
pub(super) fn hard_of_text(scene: &Scene, text: &str) -> Hard {
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    let names = scene.elements.iter().flat_map(|e| &e.lines).chain(scene.frames.iter().map(|f| &f.title));
    for name in names.chain(scene.wires.iter().filter_map(|w| w.label.as_ref()).map(|l| &l.text)) {
        *wanted.entry(name).or_default() += 1;
    }
    let lost = wanted.iter().map(|(name, n)| n.saturating_sub(text.matches(name).count())).sum();
    let drawn = text.split("\n\n ┏━┓").next().unwrap_or_default().matches(['▶', '◀', '▲', '▼']).count();
    vec![("names_lost", lost), ("arrowheads", drawn.abs_diff(scene.wires.len()))]
}

/// The costs of a scene.
pub(super) fn soft(scene: &Scene) -> Soft {
    let length = |w: &Wire| pieces(w).map(|p| p.w - 1 + 2 * (p.h - 1)).sum::<i32>();
    let ends = |w: &Wire| Some((w.points.first()?.x, w.points.last()?.x));
    let forward = scene.wires.iter().filter_map(ends).filter(|(a, b)| b > a).count();
    Soft {
        crossings: scene.crossings(),
        bends: scene.wires.iter().map(|w| w.points.len().saturating_sub(2)).sum(),
        length: scene.wires.iter().map(length).sum(),
        area: scene.size.0 * scene.size.1,
        aspect: scene.size.0 * 100 / (scene.size.1 * 2).max(1),
        forward: count(forward) * 100 / count(scene.wires.len()).max(1),
    }
}

/// How far the elements that both pictures show moved, in a straight line. The place of one is its upper left corner.
/// So it was measured in the engines by which the gates were set.
pub(super) fn shift(model: &ThreatModel, before: &Placement, after: &Placement) -> Shift {
    let pairs: Vec<[Point; 2]> = anchors(model, before, after);
    if pairs.is_empty() {
        return Shift::default();
    }
    let middle = |of: fn(&Point) -> i32| {
        let mut all: Vec<i32> = pairs.iter().map(|p| of(&p[1]) - of(&p[0])).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    let (dx, dy) = (middle(|p| p.x), middle(|p| p.y));
    let hundredths = |p: &[Point; 2]| {
        let (x, y) = (100 * (p[1].x - p[0].x - dx), 200 * (p[1].y - p[0].y - dy));
        i32::try_from((i64::from(x).pow(2) + i64::from(y).pow(2)).isqrt()).unwrap()
    };
    // Two columns, or one row, do not make an order.
    let flipped = |a: i32, b: i32, c: i32, d: i32| (a - b).abs() > 2 && (c - d).abs() > 2 && ((a < b) != (c < d));
    let flips = twice(&pairs, |p, q| flipped(p[0].x, q[0].x, p[1].x, q[1].x))
        + twice(&pairs, |p, q| flipped(2 * p[0].y, 2 * q[0].y, 2 * p[1].y, 2 * q[1].y));
    Shift {
        mean: pairs.iter().map(hundredths).sum::<i32>() / count(pairs.len()),
        max: pairs.iter().map(hundredths).max().unwrap_or(0),
        moved: count(pairs.iter().filter(|p| hundredths(p) > 200).count()) * 100 / count(pairs.len()),
        flips,
    }
}
