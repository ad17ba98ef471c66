//! How the numbers of subjects change from one state of a model to the next. It compares ids and nothing else: whether a
//! subject is still what it was, it does not know.

use super::ways::NONE;
use super::{Index, Nr, Reached};
use crate::model::Id;

/// Where every number has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moves {
    to: Vec<Option<u32>>,
    /// Numbers that stayed together: where they began, where they begin, and how many they are.
    runs: Vec<(Nr, Nr, usize)>,
    bound: usize,
}

impl Moves {
    /// From the ids of all subjects in the order of their numbers, the system's left out, to another index.
    pub fn between(before: &[Id], index: &Index<'_>) -> Self {
        let system = Some(index.system());
        let to: Vec<Option<Nr>> = before.iter().map(|id| index.nr(id)).chain([system]).collect();
        let mut runs: Vec<(Nr, Nr, usize)> = Vec::new();
        for (from, to) in to.iter().enumerate().filter_map(|(from, to)| Some((from, (*to)?))) {
            match runs.last_mut() {
                Some((first, onto, len)) if *first + *len == from && *onto + *len == to => *len += 1,
                _ => runs.push((from, to, 1)),
            }
        }
        // No model is so large that its numbers are cut.
        let to = to.into_iter().map(|to| u32::try_from(to?).ok()).collect();
        Self { to, runs, bound: index.len() }
    }

    /// The number that a subject has now; `None` of one that is gone.
    pub fn of(&self, before: Nr) -> Option<Nr> {
        self.to.get(before).copied().flatten().map(|to| to as usize)
    }

    /// Numbers that stayed together: where they began, where they begin now, and how many they are.
    pub fn runs(&self) -> impl Iterator<Item = (Nr, Nr, usize)> + '_ {
        self.runs.iter().copied()
    }

    /// Whether every number is what it was.
    pub fn is_still(&self) -> bool {
        self.to.len() == self.bound && self.runs.len() == 1
    }

    /// How many numbers there are now.
    pub const fn bound(&self) -> usize {
        self.bound
    }

    /// The number that a node of a search has now; nodes are all numbers twice.
    fn of_node(&self, node: usize, limit: usize) -> Option<usize> {
        if node < limit { self.of(node) } else { Some(self.of(node - limit)? + self.bound) }
    }
}

/// A node that is gone.
const GONE: u32 = u32::MAX - 1;

/// What is known of a node while paths are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Not,
    Same,
    Other,
}

impl Reached {
    /// Of which of the first numbers the path is another one than before, or passes a number that is `dirty`. Without
    /// moves the numbers are those from before.
    pub fn differences(
        &self,
        before: &Self,
        moves: Option<&Moves>,
        first: usize,
        dirty: impl Fn(Nr) -> bool,
    ) -> Vec<Nr> {
        let expected = before.moved(moves, self.parent.len());
        let is_dirty = |node: usize| node < self.limit && dirty(node);
        let is_other = |node: usize| self.parent[node] != expected[node] || is_dirty(node);
        let mut seen = vec![Seen::Not; self.parent.len()];
        let mut way = Vec::new();
        for nr in 0..first {
            let mut at = nr;
            let found = loop {
                if seen[at] != Seen::Not {
                    break seen[at];
                }
                way.push(at);
                if is_other(at) {
                    break Seen::Other;
                }
                match self.parent[at] {
                    NONE => break Seen::Same,
                    // Here every path ends that comes by.
                    parent if self.is_start[parent as usize] => {
                        break if is_dirty(parent as usize) { Seen::Other } else { Seen::Same };
                    }
                    parent => at = parent as usize,
                }
            };
            way.drain(..).for_each(|at| seen[at] = found);
        }
        (0..first).filter(|nr| seen[*nr] == Seen::Other).collect()
    }

    /// Where every node was reached from, in the numbers of now.
    fn moved(&self, moves: Option<&Moves>, count: usize) -> Vec<u32> {
        let Some(moves) = moves else { return self.parent.clone() };
        let now = |node: usize| moves.of_node(node, self.limit);
        let mut parents = vec![NONE; count];
        for (node, parent) in self.parent.iter().enumerate() {
            if let (Some(node), true) = (now(node), *parent != NONE) {
                parents[node] = now(*parent as usize).and_then(|parent| u32::try_from(parent).ok()).unwrap_or(GONE);
            }
        }
        parents
    }
}
