//! Small damage to a rule's conditions: every single part dropped, negated or shifted. Used to see whether the
//! examples of a rule notice.

use super::Knowledge;
use super::language::{Condition, Rule};
use crate::model::{Confidentiality, Level, Vocabulary};

/// A damaged rule and what was done to it.
pub(super) struct Mutant {
    pub(super) what: String,
    pub(super) rule: Rule,
}

/// Every rule that differs from this one in one part of `applies`, `when` or `mitigated_by`.
pub(super) fn mutants(rule: &Rule, knowledge: &Knowledge) -> Vec<Mutant> {
    let mut all = Vec::new();
    for (what, condition) in changed(&rule.applies, knowledge) {
        all.push(Mutant { what: format!("{what} in `applies`"), rule: Rule { applies: condition, ..rule.clone() } });
    }
    for (what, condition) in changed(&rule.when, knowledge) {
        all.push(Mutant { what: format!("{what} in `when`"), rule: Rule { when: condition, ..rule.clone() } });
    }
    if let Some(control) = &rule.mitigated_by {
        for (what, condition) in changed(control, knowledge) {
            let rule = Rule { mitigated_by: Some(condition), ..rule.clone() };
            all.push(Mutant { what: format!("{what} in `mitigated_by`"), rule });
        }
    }
    all
}

/// All conditions one change away.
fn changed(condition: &Condition, knowledge: &Knowledge) -> Vec<(String, Condition)> {
    use Condition as C;
    let mut all = Vec::new();
    let said = short(condition, knowledge);
    match condition {
        C::Always => return all,
        C::Not(inner) => all.push((format!("`{said}` without Not"), (**inner).clone())),
        other if other.is_never() => return all,
        other => all.push((format!("`{said}` negated"), C::Not(Box::new(other.clone())))),
    }
    if let C::All(parts) | C::Any(parts) | C::AtLeastOf(_, parts) = condition {
        for n in 0..parts.len() {
            let mut other = condition.clone();
            if let C::All(parts) | C::Any(parts) | C::AtLeastOf(_, parts) = &mut other {
                let dropped = parts.remove(n);
                all.push((format!("`{}` dropped", short(&dropped, knowledge)), other));
            }
        }
    }
    all.extend(
        shifted(condition, &knowledge.vocabulary)
            .into_iter()
            .map(|c| (format!("`{said}` shifted to `{}`", short(&c, knowledge)), c)),
    );
    for n in 0..condition.parts().len() {
        let part = condition.parts()[n].clone();
        for (what, changed) in changed(&part, knowledge) {
            let mut other = condition.clone();
            if let Some(place) = other.parts_mut().into_iter().nth(n) {
                *place = changed;
            }
            all.push((what, other));
        }
        let optional = matches!(
            condition,
            C::ReachableFrom { .. }
                | C::Reaches { .. }
                | C::TaintedBy { .. }
                | C::Upstream { .. }
                | C::Downstream { .. }
        ) && n == 1
            || matches!(condition, C::Path { .. }) && n == 2;
        if optional && !part.is_never() {
            let mut other = condition.clone();
            if let Some(place) = other.parts_mut().into_iter().nth(n) {
                *place = C::NEVER;
            }
            all.push((format!("`{}` dropped", short(&part, knowledge)), other));
        }
    }
    all
}

fn shifted(condition: &Condition, vocabulary: &Vocabulary) -> Vec<Condition> {
    use Condition as C;
    let one = |n: u32| [n.checked_sub(1), n.checked_add(1)].into_iter().flatten().filter(|n| *n > 0);
    let ten = |n: u8| [n.checked_sub(10), n.checked_add(10)].into_iter().flatten().filter(|n| (1..=100).contains(n));
    match condition {
        C::AtLeast(fact, word) => {
            words(vocabulary, fact, word).into_iter().map(|w| C::AtLeast(fact.clone(), w)).collect()
        }
        C::AtMost(fact, word) => {
            words(vocabulary, fact, word).into_iter().map(|w| C::AtMost(fact.clone(), w)).collect()
        }
        C::Confidentiality(c) => next(Confidentiality::ALL, *c).into_iter().map(C::Confidentiality).collect(),
        C::Integrity(l) => next(Level::ALL, *l).into_iter().map(C::Integrity).collect(),
        C::Availability(l) => next(Level::ALL, *l).into_iter().map(C::Availability).collect(),
        C::AtLeastOf(n, parts) => one(*n).map(|n| C::AtLeastOf(n, parts.clone())).collect(),
        C::CountIn(n, part) => one(*n).map(|n| C::CountIn(n, part.clone())).collect(),
        C::CountOut(n, part) => one(*n).map(|n| C::CountOut(n, part.clone())).collect(),
        C::ChainOut(n, part) => one(*n).map(|n| C::ChainOut(n, part.clone())).collect(),
        C::CrossDepth(n) => one(*n).map(C::CrossDepth).collect(),
        C::DistinctPeers(n) => one(*n).map(C::DistinctPeers).collect(),
        C::SharesCredential(n) => one(*n).map(C::SharesCredential).collect(),
        C::Count { at_least, on, is } => {
            one(*at_least).map(|n| C::Count { at_least: n, on: on.clone(), is: is.clone() }).collect()
        }
        C::TrustRise(n) => ten(*n).map(C::TrustRise).collect(),
        C::TrustDrop(n) => ten(*n).map(C::TrustDrop).collect(),
        C::TrustAtMost(n) => ten(*n).map(C::TrustAtMost).collect(),
        C::TrustAtLeast(n) => ten(*n).map(C::TrustAtLeast).collect(),
        C::OlderThan(fact, days) => {
            [days / 2, days.saturating_mul(2)].into_iter().map(|days| C::OlderThan(fact.clone(), days)).collect()
        }
        _ => Vec::new(),
    }
}

/// The neighbours of a value on its scale. The least of all would make the test a mere "known" and is left out.
fn next<T: Copy + PartialEq>(all: &[T], here: T) -> Vec<T> {
    let Some(at) = all.iter().position(|v| *v == here) else { return Vec::new() };
    [at.checked_sub(1), Some(at + 1)]
        .into_iter()
        .flatten()
        .filter(|n| *n > 0)
        .filter_map(|n| all.get(n).copied())
        .collect()
}

fn words(vocabulary: &Vocabulary, fact: &str, word: &str) -> Vec<String> {
    let defs = vocabulary.all_of(fact).iter().filter(|d| d.rank(word).is_some());
    let Some(def) = defs.into_iter().next() else { return Vec::new() };
    let all = def.words();
    let Some(at) = all.iter().position(|w| *w == word) else { return Vec::new() };
    [at.checked_sub(1), Some(at + 1)]
        .into_iter()
        .flatten()
        .filter_map(|n| all.get(n))
        .map(|w| (*w).to_owned())
        .collect()
}

fn short(condition: &Condition, knowledge: &Knowledge) -> String {
    let text = super::phrase::phrase(condition, knowledge);
    if text.chars().count() > 70 { text.chars().take(69).chain(['…']).collect() } else { text }
}
