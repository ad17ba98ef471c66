//! What may be other than before after an edit of facts: of which subjects a condition may have another truth, or rest
//! on other facts. It evaluates nothing, and where it cannot tell it says "of all".

use super::Evaluator;
use super::bits::{Bits, Truths};
use super::column::over;
use crate::model::graph::Index;
use crate::model::{Id, SubjectKind};
use crate::rules::language::{Condition, Each, Rule};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// The facts that an edit touched, and of whom.
#[derive(Debug)]
pub struct Dirt<'f> {
    facts: &'f BTreeSet<String>,
    /// Of whom they may be known to be something else.
    at: Bits,
    /// By class of conditions.
    of: HashMap<usize, Rc<Bits>>,
}

impl<'f> Dirt<'f> {
    /// Of facts of some subjects; what a boundary says is so for what is in it.
    pub fn new(index: &Index<'_>, facts: &'f BTreeSet<String>, subjects: &BTreeSet<Id>) -> Self {
        let mut at = Bits::none(index.len());
        for nr in subjects.iter().filter_map(|id| index.nr(id)) {
            at.add(nr);
            if index.kind(nr) == SubjectKind::Boundary {
                (0..index.len()).filter(|inner| index.chain(*inner).contains(&nr)).for_each(|inner| at.add(inner));
            }
        }
        Self { facts, at, of: HashMap::new() }
    }
}

impl<'a> Evaluator<'a> {
    /// Where a rule may say something else, or the same for other reasons.
    pub(crate) fn dirt_of(&mut self, rule: &'a Rule, dirt: &mut Dirt<'_>) -> Bits {
        let mut all = Bits::none(self.index.len());
        let conditions = [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by);
        for condition in conditions.chain(rule.risk.adjust.iter().map(|adjust| &adjust.when)) {
            all.join(&self.dirt(condition, dirt));
        }
        if dirt.facts.contains("owner") && rule.title.contains("{owner}") {
            all.join(&dirt.at);
        }
        // What a path rests on lies along it.
        if rule.for_each == Some(Each::Path) && !all.is_empty() { self.grounds.all.clone() } else { all }
    }

    /// Forgets whatever may be other than before. Of rules that have not been asked about it, nothing is forgotten.
    pub fn clean(&mut self, dirt: &Dirt<'_>) {
        self.forget(|class| dirt.of.get(&class).is_some_and(|bits| !bits.is_empty()));
    }

    fn dirt(&mut self, condition: &'a Condition, dirt: &mut Dirt<'_>) -> Rc<Bits> {
        let class = self.class(condition);
        if let Some(known) = dirt.of.get(&class) {
            return Rc::clone(known);
        }
        let own = condition.fact().is_some_and(|fact| dirt.facts.contains(fact));
        let bits = if own {
            self.own_dirt(condition, &dirt.at)
        } else {
            let mut of_parts = Bits::none(self.index.len());
            for part in condition.parts() {
                of_parts.join(&self.dirt(part, dirt));
            }
            self.dirt_from(condition, of_parts)
        };
        let bits = Rc::new(bits);
        dirt.of.insert(class, Rc::clone(&bits));
        bits
    }

    /// A set with the flows of its elements and the ends of its flows.
    pub(crate) fn with_neighbours(&self, set: &Bits) -> Bits {
        let mut all = self.flows_at(set);
        all.join(&self.grounds.sources(set));
        all.join(&self.grounds.targets(set));
        all.join(set);
        all
    }

    fn own_dirt(&self, condition: &Condition, at: &Bits) -> Bits {
        let mut own = at.clone();
        if matches!(condition, Condition::EndsDiffer(_)) {
            own.join(&self.flows_at(at));
        }
        own
    }

    fn flows_at(&self, set: &Bits) -> Bits {
        let mut flows = self.grounds.flows_from(set);
        flows.join(&self.grounds.flows_to(set));
        flows
    }

    /// How it spreads from the parts of a condition to its subjects.
    fn dirt_from(&self, condition: &Condition, parts: Bits) -> Bits {
        use Condition as C;
        let users = |side: &super::data::Side| over(side, &Truths::known(parts.clone()), self.index.len()).surely;
        match condition {
            _ if parts.is_empty() => parts,
            C::All(_) | C::Any(_) | C::Not(_) | C::Xor(..) | C::AtLeastOf(..) => parts,
            C::Source(_) => self.grounds.flows_from(&parts),
            C::Target(_) => self.grounds.flows_to(&parts),
            C::Peer(_) => self.flows_at(&parts),
            C::AnyIn(_) | C::AllIn(_) | C::CountIn(..) => self.grounds.targets(&parts),
            C::AnyOut(_) | C::AllOut(_) | C::CountOut(..) => self.grounds.sources(&parts),
            C::Carries(_) | C::CarriesNone(_) | C::Handles(_) => users(&self.kept.assets.any),
            C::Stores(_) => users(&self.kept.assets.stored),
            C::Processes(_) => users(&self.kept.assets.processed),
            C::Each(_) => {
                let mut all = users(&self.kept.assets.any);
                all.join(&self.grounds.targets(&parts));
                all.join(&self.grounds.sources(&parts));
                all
            }
            _ => self.grounds.all.clone(),
        }
    }
}
