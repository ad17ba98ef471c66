//! Vertical tracks between two columns. Every flow of the gap comes in at a row of its own on the left and leaves at
//! a row of its own on the right; where two flows would meet on one row, the order of their tracks keeps them apart.
//! It knows rows and tracks, not columns of cells.

/// One flow in a gap: its rows at the left and at the right side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) left: i32,
    pub(super) right: i32,
}

/// How a flow gets from its left to its right row. Tracks are numbered from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Track {
    /// The rows are the same.
    Straight,
    /// One vertical piece.
    One(usize),
    /// Two, joined on a row that nothing else uses.
    Two(usize, i32, usize),
}

/// The tracks of a gap.
#[derive(Debug)]
pub(super) struct Tracks {
    /// In the order of the runs.
    pub(super) by_run: Vec<Track>,
    /// How many tracks there are.
    pub(super) count: usize,
    /// Rows that the block needs; more than it had when a detour found no free row.
    pub(super) rows: i32,
}

/// A vertical piece.
#[derive(Clone, Copy, Debug)]
struct Piece {
    run: usize,
    left: i32,
    right: i32,
}

impl Piece {
    fn span(&self) -> (i32, i32) {
        (self.left.min(self.right), self.left.max(self.right))
    }

    /// Whether a row lies strictly between its ends.
    fn passes(&self, row: i32) -> bool {
        let (top, bottom) = self.span();
        top < row && row < bottom
    }

    /// Whether it has to be left of another one: its left row is the other's right row.
    fn must_precede(&self, other: &Self) -> bool {
        self.left == other.right && self.run != other.run
    }
}

/// Pieces of a gap beyond which the order of tracks is not improved in every detail.
const POLISH: usize = 60;

/// Finds tracks. `rows` is the height of the block so far; `apart` is how many tracks must separate two flows that
/// use one row.
pub(super) fn assign(runs: &[Run], rows: i32, apart: usize) -> Tracks {
    let mut rows = rows;
    let detours = break_cycles(runs, &mut rows);
    let mut pieces: Vec<Piece> = Vec::new();
    for (run, r) in runs.iter().enumerate().filter(|(_, r)| r.left != r.right) {
        match detours.iter().find(|(cut, _)| *cut == run) {
            Some((_, row)) => {
                pieces.extend([(r.left, *row), (*row, r.right)].map(|(left, right)| Piece { run, left, right }));
            }
            None => pieces.push(Piece { run, left: r.left, right: r.right }),
        }
    }
    let order = polish(arrange(&pieces), &pieces);
    let column = columns(&order, &pieces, apart);
    let mut tracks = vec![Track::Straight; runs.len()];
    for (piece, &c) in pieces.iter().zip(&column) {
        tracks[piece.run] = match tracks[piece.run] {
            Track::One(first) => Track::Two(first, piece.left, c),
            _ => Track::One(c),
        };
    }
    Tracks { by_run: tracks, count: column.iter().map(|c| c + 1).max().unwrap_or(0), rows }
}

/// Finds rings of flows of which each must be left of the next, and a free row for one flow of each ring. A flow has
/// at most one follower (the flow that leaves on its left row), so rings are found by walking.
fn break_cycles(runs: &[Run], rows: &mut i32) -> Vec<(usize, i32)> {
    let mut by_right: Vec<(i32, usize)> = runs.iter().enumerate().map(|(i, r)| (r.right, i)).collect();
    by_right.sort_unstable();
    let next = |run: usize| {
        let at = by_right.binary_search_by_key(&runs[run].left, |b| b.0).ok()?;
        Some(by_right[at].1).filter(|&other| other != run)
    };
    let mut used: Vec<i32> = runs.iter().flat_map(|r| [r.left, r.right]).collect();
    used.sort_unstable();
    let mut seen = vec![0; runs.len()];
    let mut detours = Vec::new();
    for start in 0..runs.len() {
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = start + 1;
            match next(at) {
                Some(other) if seen[other] == start + 1 => {
                    let row = free_row(i32::midpoint(runs[at].left, runs[at].right), &mut used, rows);
                    detours.push((at, row));
                }
                Some(other) => at = other,
                None => {}
            }
        }
    }
    detours
}

/// The row nearest to `wish` that no flow uses; a new row at the bottom if there is none.
fn free_row(wish: i32, used: &mut Vec<i32>, rows: &mut i32) -> i32 {
    let nearest = (0..*rows)
        .flat_map(|d| [wish + d, wish - d])
        .find(|r| (0..*rows).contains(r) && used.binary_search(r).is_err());
    let row = nearest.unwrap_or(*rows);
    *rows = (*rows).max(row + 1);
    let at = used.partition_point(|u| *u < row);
    used.insert(at, row);
    row
}

/// An order from left to right that keeps every constraint: falling pieces from the bottom up, rising ones from the
/// top down, since pieces of one direction then do not cross.
fn arrange(pieces: &[Piece]) -> Vec<usize> {
    let mut waiting: Vec<usize> = (0..pieces.len()).collect();
    waiting.sort_by_key(|&p| {
        let piece = &pieces[p];
        if piece.left < piece.right { (-piece.left, p) } else { (piece.left - i32::MAX / 2, p) }
    });
    let mut by_left: Vec<(i32, usize)> = pieces.iter().enumerate().map(|(i, p)| (p.left, i)).collect();
    by_left.sort_unstable();
    // The piece that has to come before this one: it enters on the row on which this one leaves.
    let before = |p: usize| {
        let from = by_left.partition_point(|b| b.0 < pieces[p].right);
        by_left[from..]
            .iter()
            .take_while(|b| b.0 == pieces[p].right)
            .map(|b| b.1)
            .find(|&o| pieces[o].must_precede(&pieces[p]))
    };
    let first_half = |p: usize| p.checked_sub(1).filter(|&o| pieces[o].run == pieces[p].run);
    let mut done = vec![false; pieces.len()];
    let mut order = Vec::with_capacity(pieces.len());
    for p in waiting {
        let mut chain = Vec::new();
        let mut stack = vec![p];
        while let Some(p) = stack.pop() {
            if !done[p] && !chain.contains(&p) {
                chain.push(p);
                stack.extend(before(p).into_iter().chain(first_half(p)));
            }
        }
        for p in topological(&chain, &before, &first_half) {
            if !done[p] {
                done[p] = true;
                order.push(p);
            }
        }
    }
    order
}

/// Sorts a few pieces so that each comes after those it depends on.
fn topological(
    chain: &[usize],
    before: &impl Fn(usize) -> Option<usize>,
    first_half: &impl Fn(usize) -> Option<usize>,
) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() < chain.len() {
        let ready = |p: usize| {
            let settled = |o: Option<usize>| o.is_none_or(|o| order.contains(&o) || !chain.contains(&o));
            !order.contains(&p) && settled(before(p)) && settled(first_half(p))
        };
        match chain.iter().rev().copied().find(|&p| ready(p)) {
            Some(p) => order.push(p),
            None => return chain.iter().rev().copied().collect(),
        }
    }
    order
}

/// Crossings between two pieces when `a` is left of `b`.
fn crossings(a: &Piece, b: &Piece) -> usize {
    usize::from(a.passes(b.left)) + usize::from(b.passes(a.right))
}

/// Swaps neighbours while that removes crossings.
fn polish(mut order: Vec<usize>, pieces: &[Piece]) -> Vec<usize> {
    for _ in 0..if order.len() > POLISH { 3 } else { order.len() } {
        let mut better = false;
        for at in 1..order.len() {
            let (a, b) = (&pieces[order[at - 1]], &pieces[order[at]]);
            if !a.must_precede(b) && a.run != b.run && crossings(b, a) < crossings(a, b) {
                order.swap(at - 1, at);
                better = true;
            }
        }
        if !better {
            break;
        }
    }
    order
}

/// Gives every piece the leftmost track to the right of the earlier ones it must not touch.
fn columns(order: &[usize], pieces: &[Piece], apart: usize) -> Vec<usize> {
    let mut column = vec![0; pieces.len()];
    for (at, &p) in order.iter().enumerate() {
        let (top, bottom) = pieces[p].span();
        for &earlier in &order[..at] {
            let other = &pieces[earlier];
            let (above, below) = other.span();
            let least = if other.must_precede(&pieces[p]) || other.run == pieces[p].run {
                column[earlier] + apart
            } else if above <= bottom + 1 && top <= below + 1 {
                column[earlier] + 1
            } else {
                0
            };
            column[p] = column[p].max(least);
        }
    }
    column
}
