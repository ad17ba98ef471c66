//! Conditions on subjects of a model: true, false, or unknown. Nothing is recorded here and no rule is known; which
//! facts an answer rests on is in `reads`.
//!
//! Costs: every condition is computed once, for all subjects together (`column`), in time linear in the model or
//! less, and then looked up.

mod bits;
mod classes;
mod column;
mod data;
mod dirt;
mod drawn;
mod fact;
mod flow;
mod ground;
mod group;
mod memory;
mod open;
mod reads;
mod ways;

pub(crate) use bits::Bits;
pub use dirt::Dirt;
pub use drawn::Drawn;
pub(super) use fact::judge;
pub use memory::Memory;
pub use reads::{Read, Trace};
pub use ways::way_of_calls;

use super::language::{Along, Condition};
use super::truth::Truth;
use crate::model::graph::{Index, Moves, Nr, Reached};
use crate::model::resolve::{Resolver, Stated};
use crate::model::{Date, Technologies, Vocabulary};
use std::collections::HashMap;
use std::rc::Rc;

/// What a condition is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ctx {
    /// The subject.
    pub nr: Nr,
    /// The asset or flow at hand in rules with `for_each`.
    pub each: Option<Nr>,
}

impl Ctx {
    /// A subject alone.
    pub const fn of(nr: Nr) -> Self {
        Self { nr, each: None }
    }

    /// Another subject with the same asset or flow at hand.
    #[must_use]
    pub const fn at(self, nr: Nr) -> Self {
        Self { nr, ..self }
    }
}

/// Reachability with what is unknown taken both ways.
#[derive(Debug)]
pub(super) struct Reach {
    surely: Rc<Reached>,
    possibly: Rc<Reached>,
}

/// The truth of a condition for all subjects, computed once.
type Column = Rc<bits::Truths>;

/// Truth by element, computed once.
type ByElement = Rc<Vec<Truth>>;

/// What a graph answer depends on: classes of the conditions at its ends and in between, and the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Route {
    Along(Along),
    Taint,
}

/// Evaluates conditions over one model. It keeps what it computed, so it serves one state of the model only.
#[derive(Debug)]
pub struct Evaluator<'a> {
    /// The model in numbers.
    pub index: &'a Index<'a>,
    /// What is known.
    pub resolver: Resolver<'a>,
    /// Today.
    pub today: Date,
    grounds: ground::Grounds<'a>,
    /// What subjects say, gathered when a fact is first asked of everybody.
    stated: Option<Stated<'a>>,
    spreads: HashMap<&'a str, Option<Rc<ground::Spread<'a>>>>,
    classes: classes::Classes<'a>,
    runtimes: HashMap<usize, HashMap<&'a str, group::Counts>>,
    credentials: HashMap<&'a str, u32>,
    kept: Memory,
    /// What was found before an edit, until it is clear what the edit touched.
    past: Option<memory::Past>,
}

/// Facts that answers depend on though no condition names them: who is looked at, and which way flows can be followed.
pub const ALWAYS_READ: [&str; 3] = ["scope", "initiator", "readonly"];

impl<'a> Evaluator<'a> {
    /// Prepares the evaluation of a model.
    pub fn new(index: &'a Index<'a>, vocabulary: &'a Vocabulary, technologies: &'a Technologies, today: Date) -> Self {
        Self::fresh(Resolver::new(index, vocabulary, technologies), today)
    }

    /// The same as if none of the model's mitigations were done.
    pub fn unmitigated(
        index: &'a Index<'a>,
        vocabulary: &'a Vocabulary,
        technologies: &'a Technologies,
        today: Date,
    ) -> Self {
        Self::fresh(Resolver::unmitigated(index, vocabulary, technologies), today)
    }

    /// Goes on with what was computed of the model on the same day, before an edit; `moves` of one of the diagram.
    /// Whatever the edit touched has to be cleaned ([`Self::clean`]) before anything is asked.
    pub fn remembering(resolver: Resolver<'a>, today: Date, memory: Memory, moves: Option<Rc<Moves>>) -> Self {
        let (memory, past) = memory.after(&resolver, moves);
        Self { past: Some(past), ..Self::with(resolver, today, memory) }
    }

    fn with(resolver: Resolver<'a>, today: Date, mut memory: Memory) -> Self {
        let index = resolver.index;
        Self {
            index,
            grounds: ground::Grounds::new(index, &resolver),
            stated: None,
            spreads: HashMap::new(),
            resolver,
            today,
            classes: classes::Classes::knowing(std::mem::take(&mut memory.places)),
            runtimes: HashMap::new(),
            credentials: group::credentials(index),
            kept: memory,
            past: None,
        }
    }

    fn fresh(resolver: Resolver<'a>, today: Date) -> Self {
        let memory = Memory::new(&resolver);
        Self::with(resolver, today, memory)
    }

    /// Whether a condition holds. A condition about another kind of subject than this is false.
    pub fn eval(&mut self, condition: &'a Condition, at: Ctx) -> Truth {
        let class = self.classes.of(condition);
        if class.at_hand && at.each.is_some() {
            return self.one(condition, at);
        }
        if let Some(column) = self.kept.columns.get(class.nr).and_then(Option::as_ref) {
            return column.at(at.nr);
        }
        self.column(condition).at(at.nr)
    }

    /// Whether a condition holds of one subject, from what holds of its parts: what it means, in the slow way.
    pub fn one(&mut self, condition: &'a Condition, at: Ctx) -> Truth {
        use Condition as C;
        match condition {
            C::Always => Truth::True,
            C::All(parts) => self.all(parts.iter().map(|c| (c, at))),
            C::Any(parts) => self.any(parts.iter().map(|c| (c, at))),
            C::Not(part) => !self.eval(part, at),
            C::Xor(a, b) => match (self.eval(a, at), self.eval(b, at)) {
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                (a, b) => Truth::from(a != b),
            },
            C::AtLeastOf(n, parts) => self.count(*n, parts.iter().map(|c| (c, at))),
            C::Kind(kinds) => Truth::from(kinds.contains(&self.index.kind(at.nr))),
            C::Is(..)
            | C::OneOf(..)
            | C::AtLeast(..)
            | C::AtMost(..)
            | C::Includes(..)
            | C::Known(_)
            | C::Unknown(_)
            | C::OlderThan(..)
            | C::Said(..)
            | C::Has(_)
            | C::HasPartly(_)
            | C::Lacks(_)
            | C::Verified(_)
            | C::Tech(_)
            | C::Can(_) => self.fact(condition, at.nr),
            C::Confidentiality(_)
            | C::Integrity(_)
            | C::Availability(_)
            | C::AssetKind(_)
            | C::Carries(_)
            | C::CarriesNone(_)
            | C::Stores(_)
            | C::Processes(_)
            | C::Handles(_)
            | C::Each(_)
            | C::Uses
            | C::ExceedsClearance => self.data(condition, at),
            C::Source(_)
            | C::Target(_)
            | C::Peer(_)
            | C::EndsDiffer(_)
            | C::Crosses(_)
            | C::CrossDepth(_)
            | C::Enters(_)
            | C::Leaves(_)
            | C::SameBoundary(_)
            | C::InBoundary(_)
            | C::TrustRise(_)
            | C::TrustDrop(_)
            | C::TrustAtMost(_)
            | C::TrustAtLeast(_)
            | C::Untrusted => self.place(condition, at),
            C::AnyIn(_)
            | C::AllIn(_)
            | C::AnyOut(_)
            | C::AllOut(_)
            | C::CountIn(..)
            | C::CountOut(..)
            | C::DistinctPeers(_)
            | C::Unused
            | C::Upstream { .. }
            | C::Downstream { .. } => self.neighbours(condition, at),
            C::ReachableFrom { .. }
            | C::Reaches { .. }
            | C::GuardedBy { .. }
            | C::TaintedBy { .. }
            | C::Path { .. }
            | C::ArticulationPoint { .. }
            | C::InCycle(_)
            | C::ChainOut(..) => self.graph(condition, at.nr),
            C::SharesRuntime(_)
            | C::SharesBoundary { .. }
            | C::SharesCredential(_)
            | C::Exists { .. }
            | C::Count { .. } => self.together(condition, at.nr),
        }
    }

    fn all(&mut self, parts: impl Iterator<Item = (&'a Condition, Ctx)>) -> Truth {
        let mut truth = Truth::True;
        for (part, at) in parts {
            truth = truth.and(self.eval(part, at));
            if truth.is_false() {
                break;
            }
        }
        truth
    }

    fn any(&mut self, parts: impl Iterator<Item = (&'a Condition, Ctx)>) -> Truth {
        let mut truth = Truth::False;
        for (part, at) in parts {
            truth = truth.or(self.eval(part, at));
            if truth.is_true() {
                break;
            }
        }
        truth
    }

    fn count(&mut self, n: u32, parts: impl Iterator<Item = (&'a Condition, Ctx)>) -> Truth {
        Truth::at_least(n as usize, parts.map(|(part, at)| self.eval(part, at)))
    }
}
