//! What an earlier picture says about the columns of one block: everything keeps its own, and what is new goes where it
//! moves least. No rows are given out here.

use super::level::{End, Piece};
use super::pins::Goal;
use super::plan::{Plan, Shape};
use super::scene::{Lane, Lanes, Placement, Slot};
use super::text::{self, cells};
use crate::model::Id;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The flow of every loose end, by part; `true` where the flow leads to it.
pub(super) type Stubs = BTreeMap<usize, (Id, bool)>;

/// Finds the loose ends.
pub(super) fn stubs(plan: &Plan) -> Stubs {
    let stub = |part: usize| plan.parts[part].shape == Shape::Stub;
    let ends = plan.flows.iter().flat_map(|f| [(f.from, (f.id.clone(), false)), (f.to, (f.id.clone(), true))]);
    ends.filter(|(part, _)| stub(*part)).collect()
}

/// What a part goes by in the lanes of an earlier picture.
pub(super) fn key(plan: &Plan, part: usize, stubs: &Stubs) -> Option<(Id, bool)> {
    match &plan.parts[part].id {
        Some(id) => Some((id.clone(), false)),
        None => stubs.get(&part).cloned(),
    }
}

/// An earlier placement in which boundaries that were drawn around something since have the place of what they are
/// around.
pub(super) fn wrapped<'p>(plan: &Plan, known: &'p Placement) -> Cow<'p, Placement> {
    let mut known = Cow::Borrowed(known);
    for part in plan.parts.iter().filter(|part| part.shape == Shape::Frame) {
        let Some(id) = part.id.as_ref().filter(|id| !known.at.contains_key(*id)) else { continue };
        let around = &plan.parts[part.parent].id;
        let inner = part.children.iter().filter_map(|child| plan.parts[*child].id.as_ref());
        let slots = known.lanes.get(around).into_iter().flat_map(|lanes| {
            inner.clone().filter_map(|child| Some((*known.at.get(child)?, *lanes.parts.get(&(child.clone(), false))?)))
        });
        let Some((at, slot)) = slots.min_by_key(|(_, slot)| (slot.column, slot.at.y)) else { continue };
        let known = known.to_mut();
        known.at.insert(id.clone(), at);
        if let Some(lanes) = known.lanes.get_mut(around) {
            lanes.parts.insert((id.clone(), false), slot);
        }
    }
    known
}

/// The earlier lanes for a block that now has `count` columns: new columns come before the right side of the frame.
pub(super) fn lanes(known: &Lanes, count: usize) -> Vec<Option<Lane>> {
    let old = known.columns.len();
    let lane = |c: usize| match c {
        c if c + 1 == count => known.columns.last(),
        c if c + 1 < old => known.columns.get(c),
        _ => None,
    };
    (0..count).map(|c| lane(c).copied()).collect()
}

/// The free rows of a column, and how wide it is.
struct Column {
    width: i32,
    /// Greatest number of free rows between two things.
    hole: i32,
    /// Free rows at the bottom.
    rest: i32,
}

/// What is known of a block.
pub(super) struct Known<'a> {
    pub(super) lanes: &'a Lanes,
    pub(super) stubs: &'a Stubs,
    pub(super) goal: &'a Goal,
}

/// The column in which something is held, counted from 0; a new one when it lies right of all there are.
fn nearest(known: &Lanes, x: i32) -> usize {
    let inner = &known.columns[1..known.columns.len() - 1];
    let beyond = inner.last().is_some_and(|lane| x >= lane.left + lane.width + 3);
    if beyond { inner.len() } else { inner.partition_point(|lane| lane.left <= x).saturating_sub(1) }
}

/// The columns of the parts of a block by place in its children, counted from 0 without the frame's side, and how many
/// there are.
pub(super) fn columns(plan: &Plan, part: usize, pieces: &[Piece], known: &Known<'_>) -> (Vec<usize>, usize) {
    let children = &plan.parts[part].children;
    let (known, stubs, goal) = (known.lanes, known.stubs, known.goal);
    let slot = |child: usize| known.parts.get(&key(plan, child, stubs)?);
    let slots: Vec<Option<&Slot>> = children.iter().map(|&c| slot(c)).collect();
    let mut count = known.columns.len().saturating_sub(2);
    let held = |child: usize, slot: Option<&Slot>| match (goal.at[child], slot) {
        (Some(goal), slot) if slot.is_none_or(|s| s.at.x != goal.x) && count > 0 => Some(nearest(known, goal.x)),
        (_, slot) => slot.map(|s| s.column - 1),
    };
    let mut column: Vec<Option<usize>> = children.iter().zip(&slots).map(|(&c, s)| held(c, *s)).collect();
    let used = |column: &[Option<usize>]| column.iter().flatten().map(|c| c + 1).max().unwrap_or(0);
    count = count.max(used(&column));
    if column.iter().all(Option::is_some) {
        let count = if part == 0 { used(&column) } else { count };
        return (column.into_iter().flatten().collect(), count);
    }
    let mut stand: Vec<Column> = free(plan, part, pieces, known, &slots);
    stand.resize_with(count, || Column { width: 0, hole: known.size.1, rest: known.size.1 });
    let place = |part: usize| children.binary_search(&part).unwrap_or(0);
    for at in 0..children.len() {
        if column[at].is_some() {
            continue;
        }
        let (w, h) = rough(plan, children[at]);
        let towards = |c: usize| -> i32 {
            let pull = |p: &Piece| match (p.left, p.right) {
                (End::Part(u), End::Part(v)) if place(u) == at => column[place(v)].map(|o| against(c, o)),
                (End::Part(u), End::Part(v)) if place(v) == at => column[place(u)].map(|o| against(o, c)),
                _ => None,
            };
            pieces.iter().filter_map(pull).sum()
        };
        let old = (0..stand.len()).map(|c| {
            let s = &stand[c];
            let rows = if s.hole > h + 1 { 0 } else { (h + 1 - s.rest).max(0) };
            (rows * 2 + (w - s.width).max(0) + towards(c), c)
        });
        let fresh = ((if part == 0 { w / 2 + 4 } else { w + 6 }) + towards(count), count);
        let (_, c) = old.chain([fresh]).min().unwrap_or(fresh);
        if c == count {
            count += 1;
            stand.push(Column { width: w, hole: 0, rest: known.size.1 });
        }
        stand[c].rest -= h + 1;
        stand[c].hole = 0;
        stand[c].width = stand[c].width.max(w);
        column[at] = Some(c);
    }
    // Empty columns at the right of the whole picture keep nothing in its place.
    let count = if part == 0 { used(&column).max(1) } else { count };
    (column.into_iter().map(|c| c.unwrap_or(0)).collect(), count)
}

/// How bad it is that data runs from one column to another.
fn against(from: usize, to: usize) -> i32 {
    match from.cmp(&to) {
        std::cmp::Ordering::Less => cells(to - from - 1) * 2,
        std::cmp::Ordering::Equal => 12,
        std::cmp::Ordering::Greater => 14,
    }
}

/// How much room there is in every column.
fn free(plan: &Plan, part: usize, pieces: &[Piece], known: &Lanes, slots: &[Option<&Slot>]) -> Vec<Column> {
    let count = known.columns.len().saturating_sub(2);
    let mut taken: Vec<Vec<(i32, i32)>> = vec![Vec::new(); count];
    let children = &plan.parts[part].children;
    for (slot, &child) in slots.iter().zip(children) {
        if let Some(slot) = slot {
            let depth = plan.parts[child].loops.len();
            let below = if depth == 0 { 0 } else { cells(depth) + 1 };
            taken[slot.column - 1].push((slot.at.y, slot.at.y + slot.size.1 + below));
        }
    }
    for piece in pieces {
        let Some(pass) = plan.flows[piece.flow].passes.iter().find(|p| p.inside == plan.parts[part].id) else {
            continue;
        };
        let start = |end: End| match end {
            End::Part(u) => children.binary_search(&u).ok().and_then(|at| slots[at]).map(|s| s.column),
            _ => None,
        };
        let start = match (piece.left, piece.right) {
            (End::Port, _) => 0,
            (left, right) => start(left).into_iter().chain(start(right)).min().unwrap_or(0),
        };
        for (n, &row) in pass.rows.iter().enumerate().skip(1).take(pass.rows.len().saturating_sub(2)) {
            if let Some(list) = (start + n).checked_sub(1).and_then(|c| taken.get_mut(c)) {
                list.push((row, row + 1));
            }
        }
    }
    let (top, bottom) = if part == 0 { (0, known.size.1) } else { (super::block::TOP, known.size.1 - 1) };
    let column = |(c, mut list): (usize, Vec<(i32, i32)>)| {
        list.sort_unstable();
        let (mut at, mut hole) = (top, 0);
        for (from, to) in list {
            hole = hole.max(from - at);
            at = at.max(to);
        }
        Column { width: known.columns[c + 1].width, hole: hole.max(bottom - at), rest: bottom - at }
    };
    taken.into_iter().enumerate().map(column).collect()
}

/// Columns and rows that a part will take, by rule of thumb.
fn rough(plan: &Plan, part: usize) -> (i32, i32) {
    let p = &plan.parts[part];
    match p.shape {
        Shape::Stub => (1, 1),
        Shape::Element(_) | Shape::Folded => {
            let name = p.lines.iter().map(|l| text::width(l)).max().unwrap_or(0);
            (name + 4, cells(p.lines.len()) + 2)
        }
        Shape::Frame => {
            let inner: Vec<(i32, i32)> = p.children.iter().map(|&c| rough(plan, c)).collect();
            let width = inner.iter().map(|s| s.0).max().unwrap_or(0);
            (width + 8, inner.iter().map(|s| s.1 + 1).sum::<i32>() + 3)
        }
    }
}
