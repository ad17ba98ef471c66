//! Which rules can say something else when a fact changes. It evaluates nothing; that a rule reads a fact is seen from
//! its conditions, and that it speaks of a field from its title.

use super::live::speaks_itself;
use super::touch::Touch;
use crate::rules::Knowledge;
use crate::rules::eval::ALWAYS_READ;
use crate::rules::language::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// The rules of some packs by what they read, and those that silence each other.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    by_fact: BTreeMap<String, BTreeSet<String>>,
    /// Rules that silence each other, together.
    kin: BTreeMap<String, BTreeSet<String>>,
    all: BTreeSet<String>,
}

impl Readers {
    pub(super) fn new(knowledge: &Knowledge, packs: Option<&[String]>) -> Self {
        let mut readers = Self { by_fact: BTreeMap::new(), kin: BTreeMap::new(), all: BTreeSet::new() };
        for rule in knowledge.active(packs) {
            readers.all.insert(rule.id.clone());
            for fact in facts_of(rule) {
                readers.by_fact.entry(fact.to_owned()).or_default().insert(rule.id.clone());
            }
            for general in &rule.subsumes {
                readers.kin.entry(rule.id.clone()).or_default().insert(general.clone());
                readers.kin.entry(general.clone()).or_default().insert(rule.id.clone());
            }
        }
        readers
    }

    /// The rules that may say something else after an edit: all after one of the diagram.
    pub(super) fn after<'r>(
        &'r self,
        touch: &Touch,
        knowledge: &'r Knowledge,
        packs: Option<&'r [String]>,
    ) -> BTreeSet<&'r str> {
        if !touch.drawn.is_empty() {
            return self.all.iter().map(String::as_str).collect();
        }
        let ids = self.of(touch.facts.iter().map(String::as_str));
        if !touch.names {
            return ids;
        }
        let speaking = knowledge.active(packs).filter(|rule| speaks_itself(rule)).map(|rule| rule.id.as_str());
        self.with_kin(ids.into_iter().chain(speaking).collect())
    }

    /// The rules that read one of these facts, and those that silence them or are silenced by them.
    pub(super) fn of<'f>(&self, facts: impl IntoIterator<Item = &'f str>) -> BTreeSet<&str> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for fact in facts {
            if ALWAYS_READ.contains(&fact) {
                return self.all.iter().map(String::as_str).collect();
            }
            found.extend(self.by_fact.get(fact).into_iter().flatten().map(String::as_str));
        }
        self.with_kin(found)
    }

    /// Some rules with those that silence them or are silenced by them.
    fn with_kin<'r>(&'r self, mut found: BTreeSet<&'r str>) -> BTreeSet<&'r str> {
        let mut open: Vec<&str> = found.iter().copied().collect();
        while let Some(rule) = open.pop() {
            for kin in self.kin.get(rule).into_iter().flatten().filter(|kin| self.all.contains(*kin)) {
                if found.insert(kin) {
                    open.push(kin);
                }
            }
        }
        found
    }
}

fn facts_of(rule: &Rule) -> BTreeSet<&str> {
    let mut facts = BTreeSet::new();
    let conditions = [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by);
    for condition in conditions.chain(rule.risk.adjust.iter().map(|adjust| &adjust.when)) {
        condition.walk(&mut |part| facts.extend(part.fact()));
    }
    facts.extend(rule.title.contains("{owner}").then_some("owner"));
    facts
}
