//! Groups of nodes that lead to each other (strongly connected components), and arrows as lists. It knows no model.
//!
//! petgraph finds the same groups by recursion, which ends the process on a chain of some ten thousand elements, and from
//! a graph of its own. Here nothing is copied and nothing calls itself.

use super::Nr;

/// The neighbours of all nodes, one after the other.
#[derive(Debug)]
pub struct Neighbours {
    all: Vec<u32>,
    /// Where those of each node begin; those of the last one end with the list.
    starts: Vec<u32>,
}

impl Neighbours {
    /// Sorts arrows by where they begin, or, against them, by where they end; those of one node by their other end.
    pub(super) fn new(count: usize, arrows: &[[u32; 2]], backwards: bool) -> Self {
        let side = usize::from(backwards);
        // Sorting by one end and then, keeping that order, by the other takes two passes (Knuth, TAOCP 3, 5.2.5).
        let by_other = distributed(count, arrows, 1 - side).0;
        let (sorted, starts) = distributed(count, &by_other, side);
        Self { all: sorted.into_iter().map(|arrow| arrow[1 - side]).collect(), starts }
    }

    /// Those of a node.
    pub fn of(&self, node: Nr) -> &[u32] {
        self.all.get(self.starts[node] as usize..self.starts[node + 1] as usize).unwrap_or_default()
    }

    /// How many nodes there are.
    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }
}

/// Arrows by one of their ends, otherwise in the order they had, and where those of each node begin.
fn distributed(count: usize, arrows: &[[u32; 2]], end: usize) -> (Vec<[u32; 2]>, Vec<u32>) {
    let mut starts = vec![0_u32; count + 1];
    for arrow in arrows {
        starts[arrow[end] as usize + 1] += 1;
    }
    for node in 0..count {
        starts[node + 1] += starts[node];
    }
    let mut next = starts.clone();
    let mut sorted = vec![[0; 2]; arrows.len()];
    for arrow in arrows {
        let place = &mut next[arrow[end] as usize];
        sorted[*place as usize] = *arrow;
        *place += 1;
    }
    (sorted, starts)
}

/// Groups of nodes that lead to each other, each after all groups that it leads to.
#[derive(Debug)]
pub struct Knots {
    nodes: Vec<u32>,
    /// Where each group ends.
    ends: Vec<u32>,
}

impl Knots {
    /// The groups, as numbers of nodes.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.nodes.get(start as usize..*end as usize).unwrap_or_default())
    }

    /// Of the nodes that are kept; the others are as good as not there. Tarjan (1972), with a stack of its own.
    pub(super) fn of(neighbours: &Neighbours, kept: &[bool]) -> Self {
        let mut search = Search {
            neighbours,
            kept,
            order: vec![0; kept.len()],
            low: vec![0; kept.len()],
            clock: 0,
            open: Vec::new(),
            found: Self { nodes: Vec::with_capacity(kept.len()), ends: Vec::new() },
        };
        for root in (0..kept.len()).filter(|root| kept[*root]) {
            if search.order[root] == 0 {
                search.from(root);
            }
        }
        search.found
    }
}

struct Search<'g> {
    neighbours: &'g Neighbours,
    kept: &'g [bool],
    /// When a node was first seen, from 1; 0 before that.
    order: Vec<u32>,
    /// The earliest node on the stack that it is known to lead to; above every clock once its group is complete.
    low: Vec<u32>,
    clock: u32,
    /// Nodes whose group is not complete.
    open: Vec<u32>,
    found: Knots,
}

const COMPLETE: u32 = u32::MAX;

impl Search<'_> {
    fn see(&mut self, node: Nr) {
        self.clock += 1;
        (self.order[node], self.low[node]) = (self.clock, self.clock);
        self.open.push(u32::try_from(node).unwrap_or(u32::MAX));
    }

    fn from(&mut self, root: Nr) {
        let mut way: Vec<(Nr, usize)> = vec![(root, 0)];
        self.see(root);
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            if let Some(to) = self.neighbours.of(at).get(*next).map(|to| *to as usize) {
                *next += 1;
                if self.kept[to] {
                    if self.order[to] == 0 {
                        self.see(to);
                        way.push((to, 0));
                    } else if self.low[to] != COMPLETE {
                        self.low[at] = self.low[at].min(self.order[to]);
                    }
                }
                continue;
            }
            way.pop();
            let low = self.low[at];
            if low == self.order[at] {
                self.complete(at);
            } else if let Some((before, _)) = way.last() {
                self.low[*before] = self.low[*before].min(low);
            }
        }
    }

    /// Everything on the stack down to a node is one group.
    fn complete(&mut self, first: Nr) {
        while let Some(node) = self.open.pop() {
            self.low[node as usize] = COMPLETE;
            self.found.nodes.push(node);
            if node as usize == first {
                break;
            }
        }
        self.found.ends.push(u32::try_from(self.found.nodes.len()).unwrap_or(u32::MAX));
    }
}
