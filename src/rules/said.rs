//! What one rule says about one small model, as a value and in words: the outcome of an example. Whether that is what
//! the example promises is `prove`'s question.

use super::engine::{self, Raised};
use super::eval::Evaluator;
use super::language::{Expect, Rule};
use super::phrase::listed;
use super::{Knowledge, prove, risk};
use crate::model::graph::Index;
use crate::model::{Severity, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};

/// What a rule says about a model. Subjects are written as in a threat's key, without the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Open threats, or lints.
    pub fires: BTreeMap<String, Severity>,
    /// Threats against which a control stands.
    pub mitigated: BTreeMap<String, Severity>,
    /// Questions, as (fact, subject); of a question that no single fact answers, the fact is the rule's id.
    pub asks: BTreeSet<(String, String)>,
}

impl Said {
    /// Listens to a rule on the day of all examples.
    pub fn by(rule: &Rule, knowledge: &Knowledge, model: &ThreatModel) -> Self {
        let index = Index::new(model);
        let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, prove::TODAY);
        let outcomes = engine::run(&mut evaluator, std::iter::once(rule));
        let mut said = Self::default();
        for raised in &outcomes.raised {
            let severity = risk::rate(&mut evaluator, &knowledge.rubric, raised).severity;
            let into = if raised.mitigated { &mut said.mitigated } else { &mut said.fires };
            into.insert(subject(raised, &evaluator), severity);
        }
        for asked in &outcomes.asked {
            let id = |nr: usize| index.id(nr).to_string();
            said.asks.extend(asked.reads.iter().map(|read| (read.fact.to_owned(), id(read.nr))));
            if asked.reads.is_empty() {
                said.asks.insert((rule.id.clone(), id(asked.at.nr)));
            }
        }
        said
    }

    /// Whether it is exactly what an example expects.
    pub fn is(&self, expect: &Expect) -> bool {
        let keys = |map: &BTreeMap<String, Severity>| map.keys().cloned().collect();
        (keys(&self.fires), keys(&self.mitigated), self.asks.clone()) == sets(expect)
    }

    /// "fires on shop", "is mitigated on shop", "asks rate_limit of shop", "is silent".
    pub fn words(&self) -> String {
        words(self.fires.keys(), self.mitigated.keys(), &self.asks)
    }

    /// The same with the severity of each threat, as "fires on shop (High)".
    pub fn rated(&self) -> String {
        let rated = |map: &BTreeMap<String, Severity>| {
            map.iter().map(|(key, severity)| format!("{key} ({severity})")).collect::<Vec<_>>()
        };
        words(rated(&self.fires).iter(), rated(&self.mitigated).iter(), &self.asks)
    }
}

/// What an example expects, in the same words.
pub(super) fn expected(expect: &Expect) -> String {
    let (fires, mitigated, asks) = sets(expect);
    words(fires.iter(), mitigated.iter(), &asks)
}

type Sets = (BTreeSet<String>, BTreeSet<String>, BTreeSet<(String, String)>);

/// Subjects that it fires on, on which it is mitigated, and questions.
fn sets(expect: &Expect) -> Sets {
    let mut sets = Sets::default();
    match expect {
        Expect::Fires(list) => sets.0.extend(list.iter().cloned()),
        Expect::Mitigated(list) => sets.1.extend(list.iter().cloned()),
        Expect::Silent => {}
        Expect::Asks(list) => sets.2.extend(list.iter().cloned()),
    }
    sets
}

fn words<'t>(
    fires: impl Iterator<Item = &'t String>,
    mitigated: impl Iterator<Item = &'t String>,
    asks: &BTreeSet<(String, String)>,
) -> String {
    let mut parts = Vec::new();
    for (verb, keys) in [("fires on", list(fires)), ("is mitigated on", list(mitigated))] {
        parts.extend((!keys.is_empty()).then(|| format!("{verb} {keys}")));
    }
    // Facts that are asked of the same subjects are named together.
    let mut of_fact: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (fact, subject) in asks {
        of_fact.entry(fact).or_default().push(subject);
    }
    let mut of_subjects: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    for (fact, subjects) in of_fact {
        of_subjects.entry(subjects).or_default().push(fact);
    }
    parts.extend(of_subjects.iter().map(|(whom, facts)| format!("asks {} of {}", listed(facts), listed(whom))));
    if parts.is_empty() { "is silent".to_owned() } else { parts.join(", ") }
}

/// Keys as words: paths with an arrow, and what a threat is about besides its subject.
fn list<'t>(keys: impl Iterator<Item = &'t String>) -> String {
    let keys = keys.map(|key| key.replace('>', " → ").replace('#', ", about ")).collect::<Vec<_>>();
    listed(&keys)
}

/// A key without its rule.
fn subject(raised: &Raised<'_>, evaluator: &Evaluator<'_>) -> String {
    raised.key(evaluator).as_str().replacen(&format!(":{}", raised.rule.id), "", 1)
}
