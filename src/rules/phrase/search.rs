//! Tests of paths and places in words.

use super::{Speaker, is_several, kinds_as_noun, list, worth_saying};
use crate::model::BoundaryKind;
use crate::rules::language::{Along, Condition};

impl Speaker<'_> {
    /// What passes a test, as a noun: `any` stands for what is of no kind in particular.
    fn noun(&self, test: &Condition, any: &str) -> String {
        use Condition as C;
        match test {
            C::Untrusted => format!("{any} that outsiders control"),
            C::Kind(kinds) => kinds_as_noun(kinds),
            C::All(parts) => match worth_saying(parts).collect::<Vec<_>>()[..] {
                [C::Kind(kinds), ref rest @ ..] => {
                    kinds_as_noun(kinds) + &self.clause(&C::All(rest.iter().copied().cloned().collect()))
                }
                _ => format!("{any}{}", self.clause(test)),
            },
            _ => format!("{any}{}", self.clause(test)),
        }
    }

    pub(super) fn search(&self, condition: &Condition) -> Option<String> {
        use Condition as C;
        let who = |part: &Condition| self.noun(part, "an element");
        let stop = |part: &Condition| match part {
            part if part.is_never() => String::new(),
            part => format!(" without passing {}", self.noun(part, "anything")),
        };
        let how = |along: &Along| match along {
            Along::Data => "data flows",
            Along::Calls => "calls lead",
        };
        Some(match condition {
            C::ReachableFrom { from, along, without } => {
                format!("{} to it from {}{}", how(along), who(from), stop(without))
            }
            C::Reaches { to, along, without } => format!("{} from it to {}{}", how(along), who(to), stop(without)),
            C::GuardedBy { by, from, .. } => {
                format!("every path to it from {} passes {}", who(from), self.noun(by, "something"))
            }
            C::TaintedBy { by, without } => {
                format!("data from {} gets here, also by way of stores{}", who(by), stop(without))
            }
            C::Path { from, to, without, .. } => {
                format!("a path leads from {} to {}{}", who(from), who(to), stop(without))
            }
            C::ArticulationPoint { between, and } => {
                format!("nothing but it connects {} with {}", who(between), who(and))
            }
            C::InCycle(part) => format!("a path leads from it back to it along flows{}", self.plural(part)),
            C::ChainOut(n, part) => format!("a chain of {n} calls or more begins here{}", self.plural(part)),
            _ => return None,
        })
    }

    /// What holds of each of several flows.
    fn plural(&self, test: &Condition) -> String {
        match self.phrase(test).strip_prefix("it ").filter(|_| !is_several(test)) {
            _ if *test == Condition::Always => String::new(),
            Some(rest) => format!(", each of which {rest}"),
            None => format!(", where for each {}", self.phrase(test)),
        }
    }

    pub(super) fn place(&self, condition: &Condition) -> String {
        use Condition as C;
        let kinds = |kinds: &[BoundaryKind]| match kinds {
            [] => "trust boundary".to_owned(),
            some => format!("boundary of kind {}", list(some.iter().map(|k| k.name()))),
        };
        match condition {
            C::EndsDiffer(fact) => format!("{} is different at its two ends", self.thing(fact)),
            C::Crosses(k) => format!("it crosses a {}", kinds(k)),
            C::CrossDepth(n) => format!("it crosses {n} boundaries or more"),
            C::Enters(k) => format!("it enters a {}", kinds(k)),
            C::Leaves(k) => format!("it leaves a {}", kinds(k)),
            C::SameBoundary(k) => format!("both ends are inside the same {}", kinds(k)),
            C::InBoundary(k) => format!("it is inside a {}", kinds(k)),
            C::TrustRise(n) => format!("its target is trusted {n} points more than its source"),
            C::TrustDrop(n) => format!("its target is trusted {n} points less than its source"),
            C::TrustAtMost(n) => format!("its trust is {n} or less"),
            C::TrustAtLeast(n) => format!("its trust is {n} or more"),
            C::Untrusted => "outsiders control it".to_owned(),
            C::DistinctPeers(n) => format!("it exchanges data with {n} others or more"),
            C::Unused => "nothing uses it".to_owned(),
            C::SharesCredential(n) => format!("{n} elements or more show the same credential"),
            _ => String::new(),
        }
    }
}
