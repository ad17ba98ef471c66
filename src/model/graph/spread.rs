//! How far things spread from element to element when nothing stops them. Flows are arrows here, not nodes, so that one
//! look serves a whole model; paths and what guards them are [`super::Ways`].

use super::knots::{Knots, Neighbours};
use super::{Index, Nr, Way};

/// Elements and where their flows lead. A boundary that is the end of a flow stands for its members.
#[derive(Debug)]
pub struct Spread {
    neighbours: Neighbours,
    /// How many nodes there are; elements come first.
    count: usize,
    elements: usize,
}

impl Spread {
    /// Lays out the arrows, asking once for every flow.
    pub fn new(index: &Index<'_>, mut way: impl FnMut(Nr) -> Way) -> Self {
        let (elements, first) = (index.elements().len(), index.flows().end);
        let boundaries = index.boundaries();
        // A boundary is two nodes: one that leads to its members, one that its members lead to.
        let count = elements + 2 * boundaries.len();
        let mut arrows: Vec<[u32; 2]> = Vec::with_capacity(index.flows().len() + 2 * elements);
        let mut add = |from: Nr, to: Nr| {
            // No model is so large that its numbers are cut.
            let short = |nr: Nr| u32::try_from(nr).unwrap_or(u32::MAX);
            arrows.push([short(from), short(to)]);
        };
        let into = |nr: Nr| if nr < elements { nr } else { nr - first + elements };
        let out = |nr: Nr| if nr < elements { nr } else { nr - first + elements + boundaries.len() };
        for flow in index.flows() {
            let (Some(from), Some(to)) = index.ends(flow) else { continue };
            match way(flow) {
                Way::Forward => add(out(from), into(to)),
                Way::Backward => add(out(to), into(from)),
                Way::Closed => {}
            }
        }
        let around = |nr: Nr, n: usize| index.chain(nr).get(n).copied();
        let homes = index.elements().map(|nr| (nr, around(nr, 0)));
        for (nr, around) in homes.chain(boundaries.clone().map(|nr| (nr, around(nr, 1)))) {
            if let Some(around) = around {
                add(into(around), into(nr));
                add(out(nr), out(around));
            }
        }
        Self { neighbours: Neighbours::new(count, &arrows, false), count, elements }
    }

    fn next(&self, at: Nr) -> impl Iterator<Item = Nr> + '_ {
        self.neighbours.of(at).iter().map(|to| *to as usize)
    }

    /// For each element whether it is one of the starts or some of them lead to it.
    pub fn reached(&self, starts: impl Iterator<Item = Nr>) -> Vec<bool> {
        let mut reached = vec![false; self.count];
        let mut open: Vec<Nr> = starts.collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                open.extend(self.next(at).filter(|to| !reached[*to]));
            }
        }
        reached.truncate(self.elements);
        reached
    }

    /// For each element how many of `kinds` things are at it or at what it leads to. `at` says which things are at an
    /// element, by their numbers below `kinds`.
    pub fn gathered(&self, kinds: usize, at: impl Fn(Nr) -> Vec<usize>) -> Vec<u32> {
        let words = kinds.div_ceil(64);
        let mut knot_of = vec![0; self.count];
        let mut bits: Vec<u64> = Vec::new();
        let mut counts = vec![0; self.elements];
        // Knots come in reverse order of the arrows, so that what lies behind a knot is known already.
        let knots = Knots::of(&self.neighbours, &vec![true; self.count]);
        for (n, knot) in knots.iter().enumerate() {
            bits.resize((n + 1) * words, 0);
            let (behind, own) = bits.split_at_mut(n * words);
            for node in knot.iter().map(|node| *node as usize) {
                knot_of[node] = n;
                let things = if node < self.elements { at(node) } else { Vec::new() };
                for thing in things {
                    own[thing / 64] |= 1 << (thing % 64);
                }
            }
            for to in knot.iter().flat_map(|node| self.next(*node as usize)) {
                let from = knot_of[to];
                // What is in the same knot has been counted, or will be.
                if from < n {
                    let led = &behind[from * words..(from + 1) * words];
                    own.iter_mut().zip(led).for_each(|(own, led)| *own |= led);
                }
            }
            let count = own.iter().map(|word| word.count_ones()).sum();
            let elements = knot.iter().map(|node| *node as usize).filter(|node| *node < self.elements);
            elements.for_each(|node| counts[node] = count);
        }
        counts
    }
}
