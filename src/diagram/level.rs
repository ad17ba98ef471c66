//! The inside of one boundary as columns of items joined by hops: parts, bends of long flows, and ports on the frame.
//! Topology only: which column, which order, which side. Sizes come later, from the inside out.

use super::keep;
use super::layer::Columns;
use super::order::Order;
use super::pins::Goal;
use super::plan::{Plan, Shape};
use super::scene::{Lane, Lanes, Pass, Placement, Point, Slot};
use super::text::cells;

/// What an end of a piece of a flow is attached to, seen from the block it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A port on the side of the block's frame that this end points to.
    Port,
    /// A part directly inside the block.
    Part(usize),
    /// Nothing: the flow ends on the frame's outside.
    Nothing,
}

/// The part of a flow that lies in one block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Which flow.
    pub(super) flow: usize,
    /// Its left and right end, once columns are known; before that, source and target.
    pub(super) left: End,
    pub(super) right: End,
}

/// What an item of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A part.
    Part(usize),
    /// A flow that runs through the column.
    Bend,
    /// The port of a flow.
    Port(usize),
}

/// An item of a column.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) column: usize,
    /// Twice its row in an earlier picture, as far as one can tell.
    row: Option<i64>,
    /// The row it had and shall keep, counted from the first row inside.
    pub(super) kept: Option<i32>,
    /// Columns from the left edge of its column that it had and shall keep.
    pub(super) inset: i32,
    /// Where it is held, counted from the corner of the block.
    pub(super) goal: Option<Point>,
    /// Hops at its left side, from top to bottom.
    pub(super) left: Vec<usize>,
    /// Hops at its right side, from top to bottom.
    pub(super) right: Vec<usize>,
}

/// A flow's way from one column to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop {
    pub(super) flow: usize,
    /// Item at the left end.
    pub(super) a: usize,
    /// Item at the right end.
    pub(super) b: usize,
    /// Both items stand in one column: the flow leaves the one and comes back to the other from the right.
    pub(super) turn: bool,
    /// The rows its ends had, counted from the first row inside.
    pub(super) rows: Option<(i32, i32)>,
    /// Whether the flow's label lay here.
    pub(super) labelled: bool,
}

/// The inside of one boundary.
#[derive(Debug)]
pub(super) struct Level {
    /// Which boundary.
    pub(super) part: usize,
    pub(super) pieces: Vec<Piece>,
    /// Hops of each piece from left to right.
    pub(super) route: Vec<Vec<usize>>,
    pub(super) items: Vec<Item>,
    pub(super) hops: Vec<Hop>,
    /// Twice the rows of each hop's ends in an earlier picture: the order of flows between the same two items.
    ties: Vec<(i64, i64)>,
    /// Items from top to bottom; the first and the last column hold the ports.
    pub(super) columns: Vec<Vec<usize>>,
    /// The columns of an earlier picture, where it had them; nothing when there was none.
    pub(super) lanes: Option<Vec<Option<Lane>>>,
    /// Columns and rows the block had. Nothing for the whole picture: there is nothing that its size could move.
    pub(super) held: (i32, i32),
}

/// The levels of all boundaries, in the order of `parts` (`None` for elements), outer ones first.
pub(super) fn levels(plan: &Plan, known: Option<&Placement>, goal: &Goal) -> Vec<Option<Level>> {
    let stubs = keep::stubs(plan);
    let mut pieces: Vec<Vec<Piece>> = project(plan);
    let mut levels: Vec<Option<Level>> = plan.parts.iter().map(|_| None).collect();
    let paths: Vec<[Vec<usize>; 2]> = plan.flows.iter().map(|f| [plan.path(f.from), plan.path(f.to)]).collect();
    // A frame always has a greater number than the one around it.
    for part in 0..plan.parts.len() {
        if plan.parts[part].shape != Shape::Frame {
            continue;
        }
        let lanes = known.and_then(|k| k.lanes.get(&plan.parts[part].id));
        let level = Level::new(plan, part, std::mem::take(&mut pieces[part]), lanes.map(|l| (l, &stubs)), goal);
        for item in &level.items {
            let What::Part(inner) = item.what else { continue };
            if plan.parts[inner].shape == Shape::Frame {
                let sides = item.left.iter().map(|h| (h, true)).chain(item.right.iter().map(|h| (h, false)));
                pieces[inner].extend(sides.map(|(&hop, at_left)| {
                    let flow = level.hops[hop].flow;
                    let rest = towards(plan, &paths[flow], flow, inner);
                    let (left, right) = if at_left { (End::Port, rest) } else { (rest, End::Port) };
                    Piece { flow, left, right }
                }));
            }
        }
        levels[part] = Some(level);
    }
    levels
}

/// The part directly inside `frame` in which the end of a flow lies that is inside `frame`.
fn towards(plan: &Plan, paths: &[Vec<usize>; 2], flow: usize, frame: usize) -> End {
    let ends = [plan.flows[flow].from, plan.flows[flow].to];
    let below = |path: &Vec<usize>| path.iter().position(|p| *p == frame).and_then(|at| path.get(at + 1)).copied();
    if ends.contains(&frame) {
        return End::Nothing;
    }
    paths.iter().find_map(below).map_or(End::Nothing, End::Part)
}

/// Gives every flow to the innermost boundary around both its ends; a flow between a boundary and something inside it
/// belongs to that boundary.
fn project(plan: &Plan) -> Vec<Vec<Piece>> {
    let mut pieces: Vec<Vec<Piece>> = plan.parts.iter().map(|_| Vec::new()).collect();
    for (flow, link) in plan.flows.iter().enumerate().filter(|(_, l)| l.from != l.to) {
        let (from, to) = (plan.path(link.from), plan.path(link.to));
        let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        let end = |path: &[usize]| path.get(common).map_or(End::Port, |&part| End::Part(part));
        pieces[from[common - 1]].push(Piece { flow, left: end(&from), right: end(&to) });
    }
    pieces
}

impl Level {
    fn new(
        plan: &Plan,
        part: usize,
        mut pieces: Vec<Piece>,
        known: Option<(&Lanes, &keep::Stubs)>,
        goal: &Goal,
    ) -> Self {
        let children = &plan.parts[part].children;
        let known = known.filter(|(lanes, _)| lanes.columns.len() > 2 || children.is_empty());
        let (column, count) = match known {
            Some((lanes, stubs)) => keep::columns(plan, part, &pieces, &keep::Known { lanes, stubs, goal }),
            None => columns_of(plan, children, &pieces),
        };
        let place = |part: usize| children.binary_search(&part).map_or(0, |at| column[at] + 1);
        let mut level = Self {
            part,
            route: Vec::new(),
            items: Vec::new(),
            hops: Vec::new(),
            ties: Vec::new(),
            columns: vec![Vec::new(); count + 2],
            pieces: Vec::new(),
            lanes: known.map(|(lanes, _)| keep::lanes(lanes, count + 2)),
            held: known.filter(|_| part != 0).map_or((0, 0), |(lanes, _)| lanes.size),
        };
        for &child in children {
            let row = plan.parts[child].seed.map(|s| i64::from(s.1) * 2);
            let item = level.add(What::Part(child), place(child), row);
            let slot = known.and_then(|(lanes, stubs)| lanes.parts.get(&keep::key(plan, child, stubs)?));
            level.items[item].kept = slot.map(|s| s.at.y - level.top());
            let left = |s: &Slot| known.and_then(|(lanes, _)| lanes.columns.get(s.column)).map_or(0, |l| l.left);
            level.items[item].inset = slot.map_or(0, |s| (s.at.x - left(s)).max(0));
            level.items[item].goal = goal.at[child].filter(|_| known.is_some());
        }
        for piece in &mut pieces {
            if let (End::Part(u), End::Part(v)) = (piece.left, piece.right)
                && place(u) > place(v)
            {
                std::mem::swap(&mut piece.left, &mut piece.right);
            }
            level.thread(plan, piece, &place, children);
        }
        level.pieces = pieces;
        level.sort(plan);
        level
    }

    fn add(&mut self, what: What, column: usize, row: Option<i64>) -> usize {
        let item = self.items.len();
        self.items.push(Item {
            what,
            column,
            row,
            kept: None,
            inset: 0,
            goal: None,
            left: Vec::new(),
            right: Vec::new(),
        });
        self.columns[column].push(item);
        item
    }

    /// Makes the hops of a piece, with a bend in every column between its ends.
    fn thread(&mut self, plan: &Plan, piece: &Piece, place: &impl Fn(usize) -> usize, children: &[usize]) {
        let last = self.columns.len() - 1;
        let end = |level: &mut Self, end: End, column: usize| match end {
            End::Part(part) => children.binary_search(&part).ok(),
            End::Port => Some(level.add(What::Port(piece.flow), column, None)),
            End::Nothing => None,
        };
        let (a, b) = (end(self, piece.left, 0), end(self, piece.right, last));
        let mut route = Vec::new();
        if let (Some(port), None) | (None, Some(port)) = (a, b) {
            // The flow ends on the frame itself: its port is all there is.
            let pass = self.lanes.as_ref().and_then(|_| self.before(plan, piece));
            self.items[port].kept = pass.filter(|p| p.rows.len() == 1).map(|p| p.rows[0] - self.top());
        }
        if let (Some(a), Some(b)) = (a, b) {
            let (from, to) = match (piece.left, piece.right) {
                (End::Part(u), End::Part(v)) => (place(u), place(v)),
                (_, End::Part(v)) => (0, place(v)),
                (End::Part(u), _) => (place(u), last),
                _ => (0, last),
            };
            let pass = self.pass(plan, piece, to - from);
            let rows = if self.lanes.is_some() { None } else { end_rows(plan, piece) };
            let between = |column: usize| {
                let (a, b) = rows?;
                Some(a + (b - a) * i64::from(cells(column - from)) / i64::from(cells(to - from)))
            };
            if piece.left == End::Port {
                self.items[a].kept = pass.as_ref().map(|p| p.rows[0]);
            }
            if piece.right == End::Port {
                self.items[b].kept = pass.as_ref().and_then(|p| p.rows.last()).copied();
            }
            let mut at = a;
            for column in if from == to { to..=to } else { from + 1..=to } {
                let n = column.max(from + 1) - from;
                let next = if column == to { b } else { self.add(What::Bend, column, between(column)) };
                if column < to {
                    self.items[next].kept = pass.as_ref().map(|p| p.rows[n]);
                }
                let hop = self.hops.len();
                let rows = pass.as_ref().map(|p| (p.rows[n - 1], p.rows[n]));
                let labelled = pass.as_ref().is_some_and(|p| p.label == Some(n - 1));
                self.hops.push(Hop { flow: piece.flow, a: at, b: next, turn: from == to, rows, labelled });
                let tie = seed_row(plan, piece.flow);
                self.ties.push(rows.map_or((tie, tie), |(a, b)| (i64::from(a) * 2, i64::from(b) * 2)));
                self.items[at].right.push(hop);
                if from == to {
                    self.items[next].right.push(hop);
                } else {
                    self.items[next].left.push(hop);
                }
                route.push(hop);
                at = next;
            }
        }
        self.route.push(route);
    }

    /// Rows above the first row inside.
    pub(super) fn top(&self) -> i32 {
        if self.part == 0 { 0 } else { super::block::TOP }
    }

    /// The rows a piece had.
    fn before<'p>(&self, plan: &'p Plan, piece: &Piece) -> Option<&'p Pass> {
        let frame = &plan.parts[self.part].id;
        plan.flows[piece.flow].passes.iter().find(|p| p.inside == *frame)
    }

    /// The rows a piece had when it passed as many columns, or fewer because there were fewer; from the first row
    /// inside.
    fn pass(&self, plan: &Plan, piece: &Piece, hops: usize) -> Option<Pass> {
        let pass = self.before(plan, piece)?;
        let hops = hops.max(1);
        self.lanes.as_ref()?;
        if pass.rows.len() < 2 || pass.rows.len() > hops + 1 {
            return None;
        }
        let (first, last) = (pass.rows.iter().map(|r| r - self.top()), pass.rows[pass.rows.len() - 1] - self.top());
        let rows = first.chain(std::iter::repeat(last)).take(hops + 1).collect();
        Some(Pass { inside: None, rows, label: pass.label })
    }

    /// Orders the columns, then the hops at every side of every item.
    fn sort(&mut self, plan: &Plan) {
        self.seed_order(plan);
        if self.lanes.is_none() {
            let others = |hops: &[usize], right: bool| -> Vec<usize> {
                hops.iter().map(|&h| if right { self.hops[h].b } else { self.hops[h].a }).collect()
            };
            let left: Vec<Vec<usize>> = self.items.iter().map(|i| others(&i.left, false)).collect();
            let right: Vec<Vec<usize>> = self.items.iter().map(|i| others(&i.right, true)).collect();
            let mut columns = std::mem::take(&mut self.columns);
            Order { left: &left, right: &right }.improve(&mut columns);
            self.columns = columns;
        }
        let mut position = vec![0; self.items.len()];
        for (at, item) in self.columns.iter().flat_map(|c| c.iter().enumerate()) {
            position[*item] = at;
        }
        let (hops, ties) = (&self.hops, &self.ties);
        for item in &mut self.items {
            item.left.sort_by_key(|&h| (position[hops[h].a], ties[h].1, hops[h].flow));
            item.right.sort_by_key(|&h| (position[hops[h].b], ties[h].0, hops[h].flow));
        }
    }

    /// Puts the items of each column in the order of an earlier picture. A new part goes where its flows come from.
    fn seed_order(&mut self, plan: &Plan) {
        let mean = |item: &Item| {
            let hops = item.left.iter().chain(&item.right);
            let rows: Vec<i64> = hops.map(|&h| seed_row(plan, self.hops[h].flow)).collect();
            rows.iter().sum::<i64>().checked_div(i64::from(cells(rows.len())))
        };
        let kept = |i: &Item| i.kept.map(|row| i64::from(row) * 2);
        let row = |i: &Item| if self.lanes.is_some() { kept(i) } else { i.row.or_else(|| mean(i)) };
        let rows: Vec<i64> = self.items.iter().map(|i| row(i).unwrap_or(i64::MAX)).collect();
        let last = self.columns.len() - 1;
        let ports = self.lanes.is_some();
        for column in if ports { &mut self.columns[..] } else { &mut self.columns[1..last] } {
            column.sort_by_key(|&item| rows[item]);
        }
    }
}

/// Twice the rows of the left and of the right end of a piece in an earlier picture.
fn end_rows(plan: &Plan, piece: &Piece) -> Option<(i64, i64)> {
    let link = &plan.flows[piece.flow];
    let row = |part: usize| plan.parts[part].seed.map(|s| i64::from(s.1) * 2);
    let (from, to) = (row(link.from).or(row(link.to))?, row(link.to).or(row(link.from))?);
    let holds = |end: End, part: usize| matches!(end, End::Part(p) if plan.path(part).contains(&p));
    let leftward = holds(piece.left, link.to) || holds(piece.right, link.from);
    Some(if leftward { (to, from) } else { (from, to) })
}

/// Twice the mean row of the ends of a flow in an earlier picture.
fn seed_row(plan: &Plan, flow: usize) -> i64 {
    let link = &plan.flows[flow];
    let row = |part: usize| plan.parts[part].seed.map(|s| i64::from(s.1));
    match (row(link.from), row(link.to)) {
        (Some(a), Some(b)) => a + b,
        (Some(a), None) | (None, Some(a)) => a * 2,
        (None, None) => 0,
    }
}

/// Columns of the parts of a block, by place in `children`.
fn columns_of(plan: &Plan, children: &[usize], pieces: &[Piece]) -> (Vec<usize>, usize) {
    let place = |part: usize| children.binary_search(&part).unwrap_or(0);
    let mut columns = Columns {
        bias: children.iter().map(|&c| plan.parts[c].bias).collect(),
        seed: children.iter().map(|&c| plan.parts[c].seed.map(|s| s.0)).collect(),
        size: children.iter().map(|&c| rough_size(plan, c)).collect(),
        outward: vec![(0, 0); children.len()],
        flows: Vec::new(),
    };
    for piece in pieces {
        match (piece.left, piece.right) {
            (End::Part(u), End::Part(v)) => columns.flows.push((place(u), place(v))),
            (_, End::Part(v)) => columns.outward[place(v)].0 += 1,
            (End::Part(u), _) => columns.outward[place(u)].1 += 1,
            _ => {}
        }
    }
    columns.assign()
}

/// Rows a part will take, by rule of thumb.
fn rough_size(plan: &Plan, part: usize) -> usize {
    let part = &plan.parts[part];
    let inside: usize = part.children.iter().map(|&c| rough_size(plan, c)).sum();
    4 + inside + part.loops.len()
}
