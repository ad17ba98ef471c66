//! Tests of where subjects are and who is next to them: ends, boundaries, trust, neighbours.
//! Membership is what the members say; no geometry is read.

use super::{Ctx, Evaluator, Truth};
use crate::model::graph::Nr;
use crate::model::{BoundaryKind, SubjectKind, Thing};
use crate::rules::language::Condition;
use std::collections::{BTreeMap, BTreeSet};

/// Trust up to which outsiders are thought to be in control.
const OUTSIDE: u8 = 25;

impl<'a> Evaluator<'a> {
    pub(super) fn place(&mut self, condition: &'a Condition, at: Ctx) -> Truth {
        use Condition as C;
        let (from, to) = self.index.ends(at.nr);
        match condition {
            C::Source(test) => from.map_or(Truth::False, |end| self.eval(test, at.at(end))),
            C::Target(test) => to.map_or(Truth::False, |end| self.eval(test, at.at(end))),
            C::Peer(test) => self.any([from, to].into_iter().flatten().map(|end| (&**test, at.at(end)))),
            C::EndsDiffer(name) => match (from, to) {
                (Some(from), Some(to)) => match (self.said(name, from), self.said(name, to)) {
                    (Some(a), Some(b)) => Truth::from(a != b),
                    _ if self.resolver.applies(name, from) && self.resolver.applies(name, to) => Truth::Unknown,
                    _ => Truth::False,
                },
                _ => Truth::False,
            },
            C::Crosses(kinds) => {
                let (left, entered) = self.index.crossed(at.nr);
                let known = self.of_kinds(left, kinds).or(self.of_kinds(entered, kinds));
                known.or(Truth::from(kinds.is_empty() && self.leaves_the_system(at.nr)))
            }
            C::CrossDepth(n) => {
                let (left, entered) = self.index.crossed(at.nr);
                Truth::from(left.len() + entered.len() >= *n as usize)
            }
            C::Enters(kinds) => self.of_kinds(self.index.crossed(at.nr).1, kinds),
            C::Leaves(kinds) => self.of_kinds(self.index.crossed(at.nr).0, kinds),
            C::SameBoundary(kinds) => match (from, to) {
                (Some(from), Some(to)) if kinds.is_empty() => {
                    let (from, to) = (self.index.chain(from).first(), self.index.chain(to).first());
                    Truth::from(from.is_some() && from == to)
                }
                (Some(_), Some(_)) => self.of_kinds(self.index.chain(at.nr), kinds),
                _ => Truth::False,
            },
            C::InBoundary(kinds) => self.of_kinds(self.index.chain(at.nr), kinds),
            C::TrustRise(step) => self.trust_step(from, to, *step),
            C::TrustDrop(step) => self.trust_step(to, from, *step),
            C::TrustAtMost(bound) => Truth::from(self.kept.trusts[at.nr].map(|t| t <= *bound)),
            C::TrustAtLeast(bound) => Truth::from(self.kept.trusts[at.nr].map(|t| t >= *bound)),
            C::Untrusted => {
                let element = self.index.is_element(at.nr);
                Truth::from(element && self.kept.trusts[at.nr].is_some_and(|t| t <= OUTSIDE))
            }
            _ => Truth::False,
        }
    }

    fn of_kinds(&self, boundaries: &[Nr], kinds: &[BoundaryKind]) -> Truth {
        let is = |nr: &Nr| match self.index.thing(*nr) {
            _ if kinds.is_empty() => Truth::True,
            Some(Thing::Boundary(b)) => Truth::from(b.kind.map(|k| kinds.contains(&k))),
            _ => Truth::False,
        };
        boundaries.iter().map(is).max().unwrap_or(Truth::False)
    }

    /// Whether exactly one end is an external entity outside all boundaries: the system itself is a boundary.
    fn leaves_the_system(&self, flow: Nr) -> bool {
        let outside = |nr: Nr| self.index.kind(nr) == SubjectKind::ExternalEntity && self.index.chain(nr).is_empty();
        matches!(self.index.ends(flow), (Some(from), Some(to)) if outside(from) != outside(to))
    }

    fn trust_step(&self, low: Option<Nr>, high: Option<Nr>, step: u8) -> Truth {
        let (Some(low), Some(high)) = (low, high) else { return Truth::False };
        let (low, high) = (self.kept.trusts[low], self.kept.trusts[high]);
        Truth::from(low.zip(high).map(|(low, high)| high.saturating_sub(low) >= step && high > low))
    }

    pub(super) fn neighbours(&mut self, condition: &'a Condition, at: Ctx) -> Truth {
        use Condition as C;
        let index = self.index;
        let (incoming, outgoing) = (index.incoming(at.nr), index.outgoing(at.nr));
        let with = |flows: &'a [Nr], test: &'a Condition| flows.iter().map(move |flow| (test, at.at(*flow)));
        match condition {
            C::AnyIn(test) => self.any(with(incoming, test)),
            C::AllIn(test) => Truth::from(!incoming.is_empty()).and(self.all(with(incoming, test))),
            C::AnyOut(test) => self.any(with(outgoing, test)),
            C::AllOut(test) => Truth::from(!outgoing.is_empty()).and(self.all(with(outgoing, test))),
            C::CountIn(n, test) => self.count(*n, with(incoming, test)),
            C::CountOut(n, test) => self.count(*n, with(outgoing, test)),
            C::DistinctPeers(n) => Truth::from(index.peers(at.nr).len() >= *n as usize),
            C::Unused => match index.kind(at.nr) {
                SubjectKind::Asset => Truth::from(!self.is_used(at.nr)),
                _ if index.is_element(at.nr) => Truth::from(incoming.is_empty() && outgoing.is_empty()),
                _ => Truth::False,
            },
            C::Upstream { is, through } => self.beyond(is, through, at, true),
            C::Downstream { is, through } => self.beyond(is, through, at, false),
            _ => Truth::False,
        }
    }

    /// Whether some element before (or behind) the subject passes a test, looking through some.
    fn beyond(&mut self, is: &'a Condition, through: &'a Condition, at: Ctx, before: bool) -> Truth {
        let mut best: BTreeMap<Nr, Truth> = BTreeMap::new();
        let mut queue: Vec<(Nr, Truth)> =
            self.next_elements(at.nr, before).into_iter().map(|e| (e, Truth::True)).collect();
        let mut found = Truth::False;
        while let Some((element, clear)) = queue.pop() {
            if best.get(&element).is_some_and(|known| *known >= clear) {
                continue;
            }
            best.insert(element, clear);
            found = found.or(clear.and(self.eval(is, at.at(element))));
            if found.is_true() {
                break;
            }
            let clear = clear.and(self.eval(through, at.at(element)));
            if !clear.is_false() {
                queue.extend(self.next_elements(element, before).into_iter().map(|e| (e, clear)));
            }
        }
        found
    }

    /// Elements before (or behind) the subject, as far as it looks, whose test or whose being looked through is open.
    pub(super) fn open_beyond(
        &mut self,
        (is, through): (&'a Condition, &'a Condition),
        at: Ctx,
        before: bool,
    ) -> Vec<(&'a Condition, Ctx)> {
        let mut seen = BTreeSet::new();
        let mut queue = self.next_elements(at.nr, before);
        let mut open = Vec::new();
        while let Some(element) = queue.pop() {
            if !seen.insert(element) {
                continue;
            }
            let at = at.at(element);
            let clear = self.eval(through, at);
            let asked = [(is, self.eval(is, at)), (through, clear)];
            open.extend(asked.into_iter().filter(|(_, truth)| *truth == Truth::Unknown).map(|(test, _)| (test, at)));
            if !clear.is_false() {
                queue.extend(self.next_elements(element, before));
            }
        }
        open
    }

    /// Elements one step before or behind an element or flow.
    pub(super) fn next_elements(&self, nr: Nr, before: bool) -> Vec<Nr> {
        let flows: Vec<Nr> = match (self.index.is_flow(nr), before) {
            (true, _) => vec![nr],
            (false, true) => self.index.incoming(nr).to_vec(),
            (false, false) => self.index.outgoing(nr).to_vec(),
        };
        let end = |flow: Nr| if before { self.index.ends(flow).0 } else { self.index.ends(flow).1 };
        flows.into_iter().filter_map(end).collect()
    }
}
