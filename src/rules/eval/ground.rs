//! Sets of subjects that every condition can build on, and the ways from sets of elements to their flows and back.
//! They depend on the diagram and its technologies alone; of facts only who has which value is gathered here.

use super::bits::{Bits, Truths};
use crate::model::graph::{Index, Nr};
use crate::model::resolve::{Known, Resolver, Stated};
use crate::model::{FactDef, SubjectKind};

/// Sets and ways of one model.
#[derive(Debug)]
pub(super) struct Grounds<'a> {
    index: &'a Index<'a>,
    /// Every subject.
    pub(super) all: Bits,
    /// Every data flow.
    pub(super) flows: Bits,
    /// Subjects by kind.
    pub(super) kinds: [Bits; 7],
    /// Flows whose source, or target, is a boundary, with that boundary.
    loose: [Vec<(Nr, Nr)>; 2],
    /// Elements by technology, and those whose technology nobody stated.
    made_of: Vec<Bits>,
    unstated: Bits,
}

/// A fact and who has which value.
#[derive(Debug)]
pub(super) struct Spread<'a> {
    pub(super) is_field: [bool; 7],
    pub(super) applies: [bool; 7],
    pub(super) defs: [Option<&'a FactDef>; 7],
    pub(super) values: Vec<(Known<'a>, Bits)>,
    pub(super) said: Bits,
}

impl<'a> Spread<'a> {
    /// Gathers what the resolver knows about a fact; `None` of a name that nobody knows.
    pub(super) fn of(fact: &str, resolver: &Resolver<'a>, stated: &Stated<'a>) -> Option<Self> {
        let spread = resolver.spread(fact, stated)?;
        let bound = resolver.index.len();
        let mut sets: Vec<Bits> = spread.values.iter().map(|_| Bits::none(bound)).collect();
        spread.of.iter().for_each(|(nr, value)| sets[*value as usize].add(*nr));
        Some(Self {
            is_field: spread.is_field,
            applies: spread.applies,
            defs: spread.defs,
            values: spread.values.into_iter().zip(sets).collect(),
            said: Bits::of(bound, spread.of.iter().map(|(nr, _)| *nr)),
        })
    }
}

impl<'a> Grounds<'a> {
    pub(super) fn new(index: &'a Index<'a>, resolver: &Resolver<'a>) -> Self {
        let bound = index.len();
        let kinds = {
            let mut kinds: [Bits; 7] = std::array::from_fn(|_| Bits::none(bound));
            (0..bound).for_each(|nr| kinds[index.kind(nr) as usize].add(nr));
            kinds
        };
        let mut loose = [Vec::new(), Vec::new()];
        for flow in index.flows() {
            let ends = index.ends(flow);
            for (side, end) in [ends.0, ends.1].into_iter().enumerate() {
                loose[side].extend(end.filter(|end| !index.is_element(*end)).map(|end| (flow, end)));
            }
        }
        let mut made_of = vec![Bits::none(bound); resolver.are_tech(&[]).len()];
        let mut unstated = Bits::none(bound);
        for nr in index.elements() {
            match resolver.made_with(nr) {
                None => unstated.add(nr),
                Some(technologies) => technologies.iter().for_each(|tech| made_of[*tech].add(nr)),
            }
        }
        Self {
            index,
            all: Bits::range(bound, 0..bound),
            flows: Bits::range(bound, index.flows()),
            kinds,
            loose,
            made_of,
            unstated,
        }
    }

    fn bits(&self, numbers: impl Iterator<Item = Nr>) -> Bits {
        Bits::of(self.index.len(), numbers)
    }

    /// All subjects of some kinds.
    pub(super) fn of_kinds(&self, kinds: &[SubjectKind]) -> Bits {
        let mut all = Bits::none(self.index.len());
        for kind in kinds {
            all.join(&self.kinds[*kind as usize]);
        }
        all
    }

    /// Flows that come from some of a set.
    pub(super) fn flows_from(&self, set: &Bits) -> Bits {
        let flows = set.within(self.index.elements()).flat_map(|nr| self.index.outgoing(nr)).copied();
        self.bits(flows.chain(self.at_boundaries(0, set)))
    }

    /// Flows that go to some of a set.
    pub(super) fn flows_to(&self, set: &Bits) -> Bits {
        let flows = set.within(self.index.elements()).flat_map(|nr| self.index.incoming(nr)).copied();
        self.bits(flows.chain(self.at_boundaries(1, set)))
    }

    fn at_boundaries(&self, side: usize, set: &Bits) -> impl Iterator<Item = Nr> {
        self.loose[side].iter().filter(|(_, end)| set.contains(*end)).map(|(flow, _)| *flow)
    }

    /// Elements that flows of a set come from.
    pub(super) fn sources(&self, set: &Bits) -> Bits {
        let ends = set.within(self.index.flows()).filter_map(|flow| self.index.ends(flow).0);
        self.bits(ends.filter(|end| self.index.is_element(*end)))
    }

    /// Elements that flows of a set go to.
    pub(super) fn targets(&self, set: &Bits) -> Bits {
        let ends = set.within(self.index.flows()).filter_map(|flow| self.index.ends(flow).1);
        self.bits(ends.filter(|end| self.index.is_element(*end)))
    }

    /// Flows that are not in a set.
    pub(super) fn other_flows(&self, set: &Bits) -> Bits {
        let mut others = self.flows.clone();
        others.drop(set);
        others
    }

    /// Elements made with one of some technologies of the model.
    pub(super) fn made_of(&self, wanted: &[bool]) -> Truths {
        let mut all = Truths::none(self.index.len());
        let sets = self.made_of.iter().zip(wanted).filter(|(_, wanted)| **wanted).map(|(set, _)| set);
        sets.for_each(|set| all.all(set, super::Truth::True));
        all.all(&self.unstated, super::Truth::Unknown);
        all
    }
}
