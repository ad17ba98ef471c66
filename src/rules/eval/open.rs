//! What keeps a test of a group, a cycle, a chain or a cut point open: the unknown tests nearest to the subject. It
//! decides nothing; whether such a test holds is in `group` and `ways`.

use super::group::{home, runtime};
use super::{Ctx, Evaluator, Route, Truth};
use crate::model::graph::Nr;
use crate::rules::language::{Along, Condition};
use std::collections::{BTreeSet, VecDeque};

/// A test and what it is asked of.
type Asked<'a> = (&'a Condition, Ctx);

impl<'a> Evaluator<'a> {
    /// The parts of a test of a group or of the whole graph that answer as the whole does.
    pub(super) fn shared(&mut self, condition: &'a Condition, nr: Nr, truth: Truth) -> Vec<Asked<'a>> {
        use Condition as C;
        let index = self.index;
        match condition {
            C::SharesRuntime(test) => {
                let own = runtime(index, nr);
                self.like(
                    test,
                    index.elements().filter(|e| *e != nr && own.is_some() && runtime(index, *e) == own),
                    truth,
                )
            }
            C::SharesBoundary { with, kinds, without_flow } => {
                let homes = self.homes(kinds);
                let near = home(index, nr, kinds).and_then(|own| homes.get(&own)).into_iter().flatten().copied();
                let peers = if *without_flow { index.peers(nr) } else { Vec::new() };
                self.like(with, near.filter(|e| *e != nr && !peers.contains(e)), truth)
            }
            C::ArticulationPoint { between, and } if truth == Truth::Unknown => self.nearest_open(&[between, and], nr),
            C::InCycle(test) if truth == Truth::Unknown => self.open_round(test, nr),
            C::ChainOut(n, test) if truth == Truth::Unknown => self.open_chain(*n, test, nr),
            _ => Vec::new(),
        }
    }

    /// The first subject that answers like this; all of them where none could be the reason alone.
    fn like(&mut self, test: &'a Condition, subjects: impl Iterator<Item = Nr>, truth: Truth) -> Vec<Asked<'a>> {
        let most = if truth.is_false() { usize::MAX } else { 1 };
        let asked = subjects.map(|nr| (test, Ctx::of(nr)));
        asked.filter(|(test, at)| self.eval(test, *at) == truth).take(most).collect()
    }

    /// Of the elements connected with the subject, the nearest of which one of the tests is unknown.
    fn nearest_open(&mut self, tests: &[&'a Condition], nr: Nr) -> Vec<Asked<'a>> {
        let mut seen = BTreeSet::from([nr]);
        let mut queue = VecDeque::from([nr]);
        while let Some(at) = queue.pop_front() {
            for peer in self.index.peers(at) {
                if !self.index.is_element(peer) || !seen.insert(peer) {
                    continue;
                }
                let open = tests.iter().map(|test| (*test, Ctx::of(peer)));
                let open: Vec<_> = open.filter(|(test, at)| self.eval(test, *at) == Truth::Unknown).collect();
                if !open.is_empty() {
                    return open;
                }
                queue.push_back(peer);
            }
        }
        Vec::new()
    }

    /// The unknown flows of a shortest way from the subject back to it.
    fn open_round(&mut self, test: &'a Condition, nr: Nr) -> Vec<Asked<'a>> {
        let (ways, flows) = (self.ways(Route::Along(Along::Data)), self.column(test));
        let index = self.index;
        let reached = ways.reach(&[nr], false, |at| !index.is_flow(at) || !flows.at(at).is_false());
        let round = if reached.contains(nr) { reached.path(nr) } else { Vec::new() };
        round
            .into_iter()
            .filter(|at| index.is_flow(*at) && flows.at(*at) == Truth::Unknown)
            .map(|f| (test, Ctx::of(f)))
            .collect()
    }

    /// The unknown flows of a longest chain that begins at the subject, as far as it counts.
    fn open_chain(&mut self, n: u32, test: &'a Condition, nr: Nr) -> Vec<Asked<'a>> {
        let (ways, flows) = (self.ways(Route::Along(Along::Calls)), self.column(test));
        let lengths = self.chain_lengths(test);
        let index = self.index;
        let keep = |at: &Nr| !index.is_flow(*at) || !flows.at(*at).is_false();
        let (mut at, mut passed, mut open) = (nr, 0, Vec::new());
        for _ in 0..ways.len() {
            let length = |to: &Nr| lengths[1][*to].saturating_add(u32::from(index.is_flow(*to)));
            let Some(next) = ways.next(at).filter(keep).max_by_key(length) else { break };
            at = next;
            if index.is_flow(at) {
                passed += 1;
                if flows.at(at) == Truth::Unknown {
                    open.push((test, Ctx::of(at)));
                }
            }
            if passed >= n {
                break;
            }
        }
        open
    }
}
