//! Where one can go in a diagram: paths and what stops them. Flows are nodes here too, because they carry controls. It
//! knows no facts: which way a flow may be followed, and what may be passed, are arguments.

use super::knots::{Knots, Neighbours};
use super::{Index, Nr};
use crate::model::SubjectKind;
use std::collections::{HashMap, VecDeque};

/// How a flow may be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As drawn.
    Forward,
    /// Against the drawing.
    Backward,
    /// Not at all.
    Closed,
}

/// Where one can go: elements and flows are nodes; a boundary that is the end of a flow leads to its members.
#[derive(Debug)]
pub struct Ways {
    /// How many nodes there are.
    count: usize,
    /// Neighbours with and against the arrows, in the order of their numbers: a search asks for them often.
    neighbours: [Neighbours; 2],
}

impl Ways {
    /// Lays out the ways, asking once for every flow.
    pub fn new(index: &Index<'_>, mut way: impl FnMut(Nr) -> Way) -> Self {
        // Every number is a node; a second one for every number serves boundaries as sources.
        let (twin, count) = (index.len(), index.len() * 2);
        let mut arrows: Vec<[u32; 2]> = Vec::with_capacity(index.flows().len() * 2 + index.elements().len() * 2);
        let mut add = |from: Nr, to: Nr| {
            // No model is so large that its numbers are cut.
            let short = |nr: Nr| u32::try_from(nr).unwrap_or(u32::MAX);
            arrows.push([short(from), short(to)]);
        };
        for flow in index.flows() {
            let (from, to) = match way(flow) {
                Way::Forward => index.ends(flow),
                Way::Backward => (index.ends(flow).1, index.ends(flow).0),
                Way::Closed => continue,
            };
            if let Some(from) = from {
                add(if index.is_element(from) { from } else { twin + from }, flow);
            }
            if let Some(to) = to {
                add(flow, to);
            }
        }
        for element in index.elements() {
            if let Some(boundary) = index.chain(element).first() {
                add(*boundary, element);
                add(element, twin + boundary);
            }
        }
        for boundary in index.of_kind(SubjectKind::Boundary) {
            if let Some(around) = index.chain(boundary).get(1) {
                add(*around, boundary);
                add(twin + boundary, twin + around);
            }
        }
        let neighbours = [false, true].map(|backwards| Neighbours::new(count, &arrows, backwards));
        Self { count, neighbours }
    }

    /// All nodes that a path of at least one step leads to from `starts`, or, against the arrows, that lead there.
    /// A node that `passes` refuses can be reached but not passed; starts are not asked.
    pub fn reach(&self, starts: &[Nr], backwards: bool, mut passes: impl FnMut(Nr) -> bool) -> Reached {
        let neighbours = &self.neighbours[usize::from(backwards)];
        let count = self.count;
        let mut reached = Reached { parent: vec![NONE; count], is_start: vec![false; count], limit: count / 2 };
        let mut open = vec![false; count];
        let mut queue = VecDeque::with_capacity(starts.len());
        for start in starts {
            reached.is_start[*start] = true;
            open[*start] = true;
            queue.push_back(*start);
        }
        while let Some(at) = queue.pop_front() {
            for to in neighbours.of(at).iter().map(|to| *to as usize) {
                if reached.parent[to] == NONE {
                    reached.parent[to] = u32::try_from(at).unwrap_or(NONE);
                    if !open[to] && (to >= reached.limit || passes(to)) {
                        open[to] = true;
                        queue.push_back(to);
                    }
                }
            }
        }
        reached
    }

    /// A shortest path of at least one step from one node to another, as [`Reached::path`] tells it. It looks no further
    /// than it must, so it is for single paths.
    pub fn shortest(&self, from: Nr, to: Nr, mut passes: impl FnMut(Nr) -> bool) -> Option<Vec<Nr>> {
        let mut parents: HashMap<Nr, Nr> = HashMap::new();
        let mut queue = VecDeque::from([from]);
        let is_shown = |nr: Nr| nr < self.count / 2;
        while let Some(at) = queue.pop_front() {
            for next in self.neighbours[0].of(at).iter().map(|next| *next as usize) {
                if parents.contains_key(&next) {
                    continue;
                }
                parents.insert(next, at);
                if next == to {
                    let back = std::iter::successors(Some(at), |at| (*at != from).then(|| parents[at]));
                    let mut path: Vec<Nr> = std::iter::once(to).chain(back.filter(|nr| is_shown(*nr))).collect();
                    path.reverse();
                    return Some(path);
                }
                if next != from && (!is_shown(next) || passes(next)) {
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// For up to 64 ends at once, which of them paths from each node lead to, as bits in the order of the ends. `knots`
    /// are those of the nodes that may be passed; going through them in their order, one look at every node is enough.
    pub fn leads_to(&self, ends: &[Nr], knots: &Knots) -> Vec<u64> {
        let count = self.count;
        let (mut bit, mut behind) = (vec![0_u64; count], vec![0_u64; count]);
        for (n, end) in ends.iter().take(64).enumerate() {
            bit[*end] |= 1 << n;
        }
        // Only of nodes that may be passed anything is noted in `behind` while this runs.
        let ahead = |at: Nr, behind: &[u64]| {
            self.neighbours[0].of(at).iter().fold(0, |bits, to| bits | bit[*to as usize] | behind[*to as usize])
        };
        let mut passed = vec![false; count];
        for knot in knots.iter() {
            let bits = knot.iter().fold(0, |bits, at| bits | ahead(*at as usize, &behind));
            for at in knot {
                (behind[*at as usize], passed[*at as usize]) = (bits, true);
            }
        }
        (0..count).map(|at| if passed[at] { behind[at] } else { ahead(at, &behind) }).collect()
    }

    /// Groups of nodes that lead to each other, each after all groups that it leads to; only nodes that `keep` lets.
    pub fn knots(&self, mut keep: impl FnMut(Nr) -> bool) -> Knots {
        let kept: Vec<bool> = (0..self.count).map(|n| n >= self.count / 2 || keep(n)).collect();
        Knots::of(&self.neighbours[0], &kept)
    }

    /// Nodes one step further.
    pub fn next(&self, at: Nr) -> impl Iterator<Item = Nr> + '_ {
        self.neighbours[0].of(at).iter().map(|to| *to as usize)
    }

    /// How many nodes there are; those above half of it stand for boundaries as sources.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// The answer of [`Ways::reach`].
#[derive(Debug)]
pub struct Reached {
    pub(super) parent: Vec<u32>,
    pub(super) is_start: Vec<bool>,
    pub(super) limit: usize,
}

impl Reached {
    /// Whether a path leads there.
    pub fn contains(&self, nr: Nr) -> bool {
        self.parent.get(nr).is_some_and(|p| *p != NONE)
    }

    /// A shortest path from a start, both ends included; elements, flows and boundaries in turn.
    pub fn path(&self, to: Nr) -> Vec<Nr> {
        let mut path = vec![to];
        let mut at = to;
        while let Some(parent) = self.parent.get(at).filter(|p| **p != NONE) {
            at = *parent as usize;
            if at < self.limit {
                path.push(at);
            }
            if self.is_start[at] || path.len() > self.parent.len() {
                break;
            }
        }
        path.reverse();
        path
    }
}
