//! Which records of mitigations close what a rule finds: those that it names, and those that provide what it takes for a
//! control. It is seen from conditions and values alone, for all models at once: whatever a record does not provide
//! stays unknown.

use super::eval::judge;
use super::language::{Condition, Rule};
use super::truth::Truth;
use super::{Knowledge, MitigationRecord};
use crate::model::resolve::Known;
use crate::model::{Date, FactValue};
use std::collections::BTreeSet;

/// Nothing that a record provides is a date.
const ANY_DAY: Date = Date::constant(2026, 1, 1);

impl Knowledge {
    /// Whether what a rule finds is closed once a record is followed wherever the rule looks.
    pub fn closes(&self, record: &MitigationRecord, rule: &Rule) -> bool {
        rule.mitigations.contains(&record.id)
            || (0..2).any(|choice| Done { knowledge: self, record, choice }.ends(rule))
    }
}

/// Where a rule reads what a record provides, seen from the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The subject itself; of a path its end.
    Subject,
    /// Where the flow begins.
    Source,
    /// Where the flow ends.
    Target,
    /// Flows of the element.
    Flows,
    /// On the path that shows it.
    Path,
}

impl MitigationRecord {
    /// Where a rule looks for what the record provides: there the work is done.
    pub fn spots(&self, rule: &Rule) -> BTreeSet<Spot> {
        let mut spots = BTreeSet::new();
        for condition in std::iter::once(&rule.when).chain(&rule.mitigated_by) {
            self.look(condition, Spot::Subject, &mut spots);
        }
        spots
    }

    fn look(&self, condition: &Condition, at: Spot, spots: &mut BTreeSet<Spot>) {
        use Condition as C;
        if condition.value_of().is_some_and(|fact| self.provides.iter().any(|(name, _)| name == fact)) {
            spots.insert(at);
        }
        let from_subject = |spot: Spot| if at == Spot::Subject { spot } else { Spot::Path };
        let next: &[Spot] = match condition {
            C::Source(_) => &[from_subject(Spot::Source)],
            C::Target(_) => &[from_subject(Spot::Target)],
            C::Peer(_) => &[from_subject(Spot::Source), from_subject(Spot::Target)],
            C::AnyIn(_) | C::AllIn(_) | C::AnyOut(_) | C::AllOut(_) | C::CountIn(..) | C::CountOut(..) => {
                &[from_subject(Spot::Flows)]
            }
            C::Path { to, without, .. } => {
                self.look(to, at, spots);
                return self.look(without, Spot::Path, spots);
            }
            C::ReachableFrom { .. } | C::Reaches { .. } | C::GuardedBy { .. } | C::TaintedBy { .. } => &[Spot::Path],
            _ => &[at],
        };
        for part in condition.parts() {
            for spot in next {
                self.look(part, *spot, spots);
            }
        }
    }
}

/// A record that is followed.
#[derive(Clone, Copy)]
struct Done<'k> {
    knowledge: &'k Knowledge,
    record: &'k MitigationRecord,
    /// Which value counts where there are several of one fact: one for elements, another for flows.
    choice: usize,
}

impl Done<'_> {
    fn ends(self, rule: &Rule) -> bool {
        let control = rule.mitigated_by.as_ref().is_some_and(|control| self.truth(control).is_true());
        control || self.truth(&rule.when).is_false()
    }

    fn truth(self, condition: &Condition) -> Truth {
        use Condition as C;
        let all = |parts: &[Condition]| parts.iter().fold(Truth::True, |truth, part| truth.and(self.truth(part)));
        let any = |parts: &[Condition]| parts.iter().fold(Truth::False, |truth, part| truth.or(self.truth(part)));
        // True only where the part decides; what else it takes is not known.
        let needs = |part: &Condition| self.truth(part).and(Truth::Unknown);
        match condition {
            C::Always => Truth::True,
            C::All(parts) => all(parts),
            C::Any(parts) => any(parts),
            C::Not(part) => !self.truth(part),
            C::AtLeastOf(n, parts) => Truth::at_least(*n as usize, parts.iter().map(|part| self.truth(part))),
            C::Source(part)
            | C::Target(part)
            | C::Peer(part)
            | C::AnyIn(part)
            | C::AllIn(part)
            | C::AnyOut(part)
            | C::AllOut(part) => self.truth(part),
            C::CountIn(_, part)
            | C::CountOut(_, part)
            | C::SharesRuntime(part)
            | C::SharesBoundary { with: part, .. }
            | C::Exists { is: part, .. } => needs(part),
            C::GuardedBy { by, .. } => self.truth(by).or(Truth::Unknown),
            C::ReachableFrom { from: ends, without, .. }
            | C::Reaches { to: ends, without, .. }
            | C::TaintedBy { by: ends, without } => needs(ends).and(!self.truth(without)).and(Truth::Unknown),
            C::Path { from, to, without, .. } => needs(from).and(self.truth(to)).and(!self.truth(without)),
            _ => self.fact(condition),
        }
    }

    /// What a test of a fact says about what is provided.
    fn fact(self, condition: &Condition) -> Truth {
        let Some(fact) = condition.value_of() else { return Truth::Unknown };
        let mut values = self.record.provides.iter().filter(|(name, _)| name == fact).map(|(_, value)| value);
        let Some(value) = values.clone().nth(self.choice).or_else(|| values.next()) else { return Truth::Unknown };
        let value = FactValue::text(value);
        let def = self.knowledge.vocabulary.all_of(fact).iter().find(|def| def.accepts(&value).is_ok());
        judge(condition, Some(&Known::from(&value)), true, def, ANY_DAY)
    }
}
