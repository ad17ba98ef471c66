//! How the threats of a model stand, as far as "what if" needs it: those that are open with their risk and what they
//! read. It is the same evaluation as `Analysis::of` without rows and register, so that it can be done many times; a
//! test holds the two together.

use crate::analysis::score::Base;
use crate::model::graph::{Index, Nr};
use crate::model::{Date, Id, SYSTEM, Severity, Threat, ThreatKey, ThreatModel};
use crate::rules::engine::{self, Raised};
use crate::rules::eval::{Evaluator, Read};
use crate::rules::language::{Condition, Lane};
use crate::rules::{Knowledge, fill, risk};
use std::collections::{BTreeMap, BTreeSet};

/// A threat that is open.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) severity: Severity,
    /// How bad it is by itself, as in its score.
    pub(super) base: Base,
    pub(super) title: String,
    /// Mitigations of the catalogue that its rule names.
    pub(super) fixes: Vec<String>,
    /// The facts it rests on, with the subjects.
    pub(super) reads: Vec<(Nr, String)>,
}

impl Open {
    pub(super) fn risk(&self) -> u32 {
        self.base.points()
    }
}

/// The open threats of a model, and whom rules ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub(super) open: BTreeMap<ThreatKey, Open>,
    /// Rules with the subjects about which they ask.
    asked: BTreeSet<(String, Id)>,
}

impl Survey {
    pub(super) fn risk(&self) -> u32 {
        self.open.values().map(Open::risk).sum()
    }

    /// Whether the rule of a threat asks now where it did not before: then nothing is closed, it is only unknown.
    pub(super) fn asks_anew(&self, before: &Self, key: &ThreatKey) -> bool {
        let subject = if key.target().is_some() { Id::slug(SYSTEM, SYSTEM, |_| false) } else { key.subject() };
        let asked = (key.rule().to_owned(), subject);
        self.asked.contains(&asked) && !before.asked.contains(&asked)
    }

    /// The part of it that some rules make.
    pub(super) fn of_rules(&self, rules: &BTreeSet<&str>) -> Self {
        let open = self.open.iter().filter(|(key, _)| rules.contains(key.rule()));
        let asked = self.asked.iter().filter(|(rule, _)| rules.contains(rule.as_str()));
        Self { open: open.map(|(k, v)| (k.clone(), v.clone())).collect(), asked: asked.cloned().collect() }
    }
}

/// How much of a survey is wanted.
#[derive(Clone, Copy)]
pub(super) enum Detail<'r> {
    /// What some rules say, without titles and facts.
    Numbers(&'r BTreeSet<&'r str>),
    /// Everything.
    Whole,
}

/// Evaluates a model and hands over the evaluator for more questions.
pub(super) fn survey<'a>(
    evaluator: &mut Evaluator<'a>,
    knowledge: &'a Knowledge,
    today: Date,
    detail: Detail<'_>,
) -> Survey {
    let model = evaluator.index.model;
    let rules = knowledge.active(model.system.packs.as_deref());
    let outcomes = match detail {
        Detail::Numbers(only) => engine::run(evaluator, rules.filter(|rule| only.contains(rule.id.as_str()))),
        Detail::Whole => engine::run(evaluator, rules),
    };
    let mut survey = Survey::default();
    for raised in outcomes.raised.iter().filter(|r| r.rule.lane != Lane::Lint && !r.mitigated) {
        let key = raised.key(evaluator);
        let recorded = model.threats.get(&key);
        if recorded.is_some_and(|threat| is_decided(threat, today)) {
            continue;
        }
        let rating = risk::rate(evaluator, &knowledge.rubric, raised);
        let rated = recorded.and_then(|t| t.overridden.as_ref()).map(|o| o.severity);
        let computed = || Base::raised(Some(raised.rule), Some(rating.severity), (rating.likelihood, rating.impact));
        let mut open = Open {
            severity: rated.unwrap_or(rating.severity),
            base: rated.map_or_else(computed, Base::Rated),
            title: String::new(),
            fixes: Vec::new(),
            reads: Vec::new(),
        };
        if matches!(detail, Detail::Whole) {
            open.title = fill::fill(evaluator, &raised.rule.title, raised);
            open.fixes.clone_from(&raised.rule.mitigations);
            open.reads = reads(evaluator, raised);
        }
        survey.open.insert(key, open);
    }
    survey.asked = outcomes.asked.iter().map(|a| (a.rule.id.clone(), evaluator.index.id(a.at.nr).clone())).collect();
    survey
}

/// The survey of a model alone.
pub(super) fn surveyed(model: &ThreatModel, knowledge: &Knowledge, today: Date, detail: Detail<'_>) -> Survey {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    survey(&mut evaluator, knowledge, today, detail)
}

/// Whether a person's decision keeps a threat from being open.
fn is_decided(threat: &Threat, today: Date) -> bool {
    let expired = threat.status.expires().is_some_and(|until| until < today);
    threat.status.word().is_decision(&threat.status) && !expired
}

/// The facts a threat rests on; of a threat about a path also those that could stop it on the way.
fn reads<'a>(evaluator: &mut Evaluator<'a>, raised: &Raised<'a>) -> Vec<(Nr, String)> {
    let mut reads: BTreeSet<(Nr, &str)> =
        engine::facts(evaluator, raised).into_iter().map(|Read { nr, fact }| (nr, fact)).collect();
    if let (Some(_), Condition::Path { without, .. }) = (raised.target, &raised.rule.when) {
        let path = fill::path(evaluator, raised);
        for nr in path.get(1..path.len().saturating_sub(1)).unwrap_or_default() {
            without.walk(&mut |part| {
                reads.extend(part.fact().filter(|fact| evaluator.resolver.applies(fact, *nr)).map(|fact| (*nr, fact)));
            });
        }
    }
    reads.into_iter().map(|(nr, fact)| (nr, fact.to_owned())).collect()
}
