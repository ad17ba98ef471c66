//! How far things spread from element to element when nothing stops them. Flows are arrows here, not nodes, so that one
//! look serves a whole model; paths and what guards them are [`super::Ways`].

use super::{Index, Nr, Way};
use petgraph::graph::{DiGraph, NodeIndex};

/// Elements and where their flows lead. A boundary that is the end of a flow stands for its members.
#[derive(Debug)]
pub struct Spread {
    graph: DiGraph<(), ()>,
    elements: usize,
}

impl Spread {
    /// Lays out the arrows, asking once for every flow.
    pub fn new(index: &Index<'_>, mut way: impl FnMut(Nr) -> Way) -> Self {
        let (elements, first) = (index.elements().len(), index.flows().end);
        let boundaries = index.boundaries();
        // A boundary is two nodes: one that leads to its members, one that its members lead to.
        let count = elements + 2 * boundaries.len();
        let mut graph = DiGraph::with_capacity(count, index.flows().len() + 2 * elements);
        for _ in 0..count {
            graph.add_node(());
        }
        let into = |nr: Nr| NodeIndex::new(if nr < elements { nr } else { nr - first + elements });
        let out = |nr: Nr| NodeIndex::new(if nr < elements { nr } else { nr - first + elements + boundaries.len() });
        for flow in index.flows() {
            let (Some(from), Some(to)) = index.ends(flow) else { continue };
            match way(flow) {
                Way::Forward => graph.add_edge(out(from), into(to), ()),
                Way::Backward => graph.add_edge(out(to), into(from), ()),
                Way::Closed => continue,
            };
        }
        for (nr, around) in index.elements().map(|nr| (nr, index.chain(nr).first())) {
            if let Some(around) = around {
                graph.add_edge(into(*around), into(nr), ());
                graph.add_edge(out(nr), out(*around), ());
            }
        }
        for (nr, around) in boundaries.clone().map(|nr| (nr, index.chain(nr).get(1))) {
            if let Some(around) = around {
                graph.add_edge(into(*around), into(nr), ());
                graph.add_edge(out(nr), out(*around), ());
            }
        }
        Self { graph, elements }
    }

    /// For each element whether it is one of the starts or some of them lead to it.
    pub fn reached(&self, starts: impl Iterator<Item = Nr>) -> Vec<bool> {
        let mut reached = vec![false; self.graph.node_count()];
        let mut open: Vec<Nr> = starts.collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                open.extend(self.graph.neighbors(NodeIndex::new(at)).map(NodeIndex::index).filter(|to| !reached[*to]));
            }
        }
        reached.truncate(self.elements);
        reached
    }

    /// For each element how many of `kinds` things are at it or at what it leads to. `at` says which things are at an
    /// element, by their numbers below `kinds`.
    pub fn gathered(&self, kinds: usize, at: impl Fn(Nr) -> Vec<usize>) -> Vec<u32> {
        let words = kinds.div_ceil(64);
        let mut knot_of = vec![0; self.graph.node_count()];
        let mut bits: Vec<u64> = Vec::new();
        let mut counts = vec![0; self.elements];
        // Knots come in reverse order of the arrows, so that what lies behind a knot is known already.
        for (n, knot) in petgraph::algo::tarjan_scc(&self.graph).into_iter().enumerate() {
            bits.resize((n + 1) * words, 0);
            let (behind, own) = bits.split_at_mut(n * words);
            for node in &knot {
                knot_of[node.index()] = n;
                let things = if node.index() < self.elements { at(node.index()) } else { Vec::new() };
                for thing in things {
                    own[thing / 64] |= 1 << (thing % 64);
                }
            }
            for to in knot.iter().flat_map(|node| self.graph.neighbors(*node)) {
                let from = knot_of[to.index()];
                // What is in the same knot has been counted, or will be.
                if from < n {
                    let led = &behind[from * words..(from + 1) * words];
                    own.iter_mut().zip(led).for_each(|(own, led)| *own |= led);
                }
            }
            let count = own.iter().map(|word| word.count_ones()).sum();
            knot.iter().filter(|node| node.index() < self.elements).for_each(|node| counts[node.index()] = count);
        }
        counts
    }
}
