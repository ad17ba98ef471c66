//! Rules × model × register: every threat once, as all surfaces show it. Nothing is changed here.

use super::Analysis;
use super::question::questions;
use super::row::{Confidence, Lint, State, ThreatRow};
use super::score::{self, Score};
use crate::model::graph::{Index, Nr};
use crate::model::id::base32;
use crate::model::resolve::Origin;
use crate::model::{Date, Id, Status, Thing, Threat, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::engine::{self, Outcomes, Raised};
use crate::rules::eval::{Evaluator, Read};
use crate::rules::language::Lane;
use crate::rules::{fill, risk};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

impl Analysis {
    /// Evaluates a model with the packs that it names.
    pub fn of(model: &ThreatModel, knowledge: &Knowledge, today: Date) -> Self {
        let index = Index::new(model);
        let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
        let rules = knowledge.active(model.system.packs.as_deref());
        let outcomes = engine::run(&mut evaluator, rules);
        let mut threats = Vec::with_capacity(outcomes.raised.len());
        let mut lints = Vec::new();
        for raised in &outcomes.raised {
            if raised.rule.lane == Lane::Lint {
                lints.push(Lint {
                    rule: raised.rule.id.clone(),
                    subject: index.id(raised.at.nr).clone(),
                    title: fill::fill(&mut evaluator, &raised.rule.title, raised),
                    fix: fill::fill(&mut evaluator, &raised.rule.fix, raised),
                });
            } else {
                threats.push(row(&mut evaluator, knowledge, raised, today));
            }
        }
        threats.extend(closed(model, &mut evaluator, knowledge, &outcomes, today));
        let raised: BTreeSet<&ThreatKey> = threats.iter().map(|row| &row.key).collect();
        let silent: Vec<ThreatRow> = (model.threats.iter())
            .filter(|(key, _)| !raised.contains(key))
            .map(|(key, threat)| unraised(model, knowledge, key, threat, &threats, today))
            .collect();
        threats.extend(silent);
        score::fill(&evaluator, knowledge, &mut threats);
        threats.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key)));
        lints.sort_by(|a, b| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)));
        let questions = questions(&evaluator, knowledge, &outcomes.asked);
        Self { threats, questions, lints }
    }

    /// The row of a key, or of the beginning of a display id or key that fits one row only.
    pub fn find(&self, text: &str) -> Option<&ThreatRow> {
        let exact = self.threats.iter().find(|row| row.key.as_str() == text);
        exact.or_else(|| {
            let upper = text.to_ascii_uppercase();
            let fits = |row: &&ThreatRow| row.id.starts_with(&upper) || row.id[2..].starts_with(&upper);
            let mut found = self.threats.iter().filter(|row| text.len() >= 2 && fits(row));
            found.next().filter(|_| found.next().is_none())
        })
    }
}

/// Evaluates the rule of one key only and hands its row to `then`, with what the rule raised if it did; `None` when
/// neither the rules nor the register know the key.
pub(super) fn evaluated<T>(
    model: &ThreatModel,
    knowledge: &Knowledge,
    key: &ThreatKey,
    today: Date,
    then: impl for<'a> FnOnce(&mut Evaluator<'a>, ThreatRow, Option<&Raised<'a>>) -> T,
) -> Option<T> {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    let rules = knowledge.active(model.system.packs.as_deref()).filter(|rule| rule.id == key.rule());
    let outcomes = engine::run(&mut evaluator, rules);
    if let Some(raised) = outcomes.raised.iter().find(|raised| raised.key(&evaluator) == *key) {
        let row = row(&mut evaluator, knowledge, raised, today);
        return Some(then(&mut evaluator, row, Some(raised)));
    }
    if let Some(bare) = unmitigated(model) {
        let index = Index::new(&bare);
        let mut without = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
        let rules = knowledge.active(model.system.packs.as_deref()).filter(|rule| rule.id == key.rule());
        let outcomes = engine::run(&mut without, rules);
        if let Some(raised) = outcomes.raised.iter().find(|raised| raised.key(&without) == *key) {
            let raised = Raised { mitigated: true, ..raised.clone() };
            let reads = engine::facts(&mut without, &raised);
            let mut row = row(&mut without, knowledge, &raised, today);
            row.closed_by = closed_by(&evaluator, &reads);
            return Some(then(&mut without, row, Some(&raised)));
        }
    }
    let row = unraised(model, knowledge, key, model.threats.get(key)?, &[], today);
    Some(then(&mut evaluator, row, None))
}

/// The model as it would be without its mitigations; `None` when none of them counts.
fn unmitigated(model: &ThreatModel) -> Option<ThreatModel> {
    model.mitigations.values().any(|m| m.status.counts()).then(|| {
        let mut bare = model.clone();
        bare.mitigations.clear();
        bare
    })
}

/// Threats that a rule would raise without the mitigations: these close them, where the rule's own control does not
/// say so already.
fn closed<'a>(
    model: &'a ThreatModel,
    evaluator: &mut Evaluator<'a>,
    knowledge: &Knowledge,
    now: &Outcomes<'_>,
    today: Date,
) -> Vec<ThreatRow> {
    let Some(bare) = unmitigated(model) else { return Vec::new() };
    let index = Index::new(&bare);
    let mut without = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    let outcomes = engine::run(&mut without, knowledge.active(model.system.packs.as_deref()));
    let raised: BTreeSet<ThreatKey> = now.raised.iter().map(|r| r.key(evaluator)).collect();
    let asked: BTreeSet<(&str, Nr)> = now.asked.iter().map(|a| (a.rule.id.as_str(), a.at.nr)).collect();
    let mut rows = Vec::new();
    for closed in outcomes.raised.iter().filter(|r| r.rule.lane != Lane::Lint) {
        let is_open = raised.contains(&closed.key(&without)) || asked.contains(&(&closed.rule.id, closed.at.nr));
        if !is_open {
            let closed = Raised { mitigated: true, ..closed.clone() };
            let reads = engine::facts(&mut without, &closed);
            let mut row = row(&mut without, knowledge, &closed, today);
            row.closed_by = closed_by(evaluator, &reads);
            rows.push(row);
        }
    }
    rows
}

/// The mitigations that provide some of these facts.
fn closed_by(evaluator: &Evaluator<'_>, reads: &[Read<'_>]) -> Vec<Id> {
    let provider = |read: &Read<'_>| match evaluator.resolver.get(read.fact, read.nr) {
        Some((_, Origin::Mitigation(id))) => Some(id.clone()),
        _ => None,
    };
    let found: BTreeSet<Id> = reads.iter().filter_map(provider).collect();
    found.into_iter().collect()
}

/// What is open before what is not, and then by the score.
fn rank(row: &ThreatRow) -> (bool, Reverse<i64>) {
    (!row.is_open(), Reverse(row.score.total()))
}

fn row<'a>(evaluator: &mut Evaluator<'a>, knowledge: &Knowledge, raised: &Raised<'a>, today: Date) -> ThreatRow {
    let model = evaluator.index.model;
    let key = raised.key(evaluator);
    let rating = risk::rate(evaluator, &knowledge.rubric, raised);
    let reads = engine::facts(evaluator, raised);
    let title = fill::fill(evaluator, &raised.rule.title, raised);
    let recorded = model.threats.get(&key);
    let fresh =
        Threat { severity: Some(rating.severity), opened: Some(today), title: title.clone(), ..Threat::default() };
    let record = recorded.cloned().unwrap_or(fresh);
    let expired = record.status.expires().is_some_and(|until| until < today);
    let by_people = record.status.word().is_decision(&record.status) && !expired;
    let status = match &record.status {
        decided if by_people => decided.clone(),
        Status::Mitigated { evidence, on } if raised.mitigated && evidence.is_empty() => {
            Status::Mitigated { evidence: Vec::new(), on: on.or(Some(today)) }
        }
        _ if raised.mitigated => Status::Mitigated { evidence: Vec::new(), on: Some(today) },
        _ => Status::Open,
    };
    let state = match recorded {
        None => State::New,
        Some(_) if expired || was_gone(&record) => State::Reopened,
        Some(_) => State::Known,
    };
    let facts = facts_hash(evaluator, &reads);
    let severity = record.overridden.as_ref().map_or(rating.severity, |o| o.severity);
    let subject = evaluator.index.id(raised.at.nr).clone();
    let target = raised.target.map(|nr| evaluator.index.id(nr).clone());
    let path = fill::path(evaluator, raised);
    ThreatRow {
        id: model.display_id(&key),
        key,
        title,
        about: about(model, &subject, target.as_ref()),
        subject,
        target,
        stride: raised.rule.stride.clone(),
        linddun: raised.rule.linddun.clone(),
        computed: Some(rating.severity),
        inherent: Some(rating.inherent),
        severity: Some(severity),
        risk: Some((rating.likelihood, rating.impact)),
        score: Score::default(),
        confidence: confidence(evaluator, &reads, raised.assumed || rating.assumed),
        stale: by_people && record.decided_on.as_ref().is_some_and(|then| *then != facts),
        status,
        state,
        expired,
        facts,
        closed_by: if raised.mitigated { closed_by(evaluator, &reads) } else { Vec::new() },
        fixes: raised.rule.mitigations.clone(),
        evidence: path.into_iter().map(|nr| evaluator.index.id(nr).clone()).collect(),
        record,
    }
}

/// What a threat is about: its subject, where its path ends, and the ends of a flow.
fn about(model: &ThreatModel, subject: &Id, target: Option<&Id>) -> Vec<Id> {
    let ends = model.flows.get(subject).map(|f| [f.from.clone(), f.to.clone()]);
    let all = std::iter::once(subject.clone()).chain(target.cloned());
    all.chain(ends.into_iter().flatten().flatten()).collect()
}

/// Whether the last thing recorded is that the rules no longer raise it.
pub(super) fn was_gone(threat: &Threat) -> bool {
    use crate::model::Event;
    matches!(threat.status, Status::Gone { .. }) || threat.history.last().is_some_and(|row| row.event == Event::Gone)
}

fn confidence(evaluator: &Evaluator<'_>, reads: &[Read], assumed: bool) -> Confidence {
    let inherited = |read: &Read<'_>| {
        let found = evaluator.resolver.get(read.fact, read.nr);
        matches!(found, Some((_, Origin::Boundary(_) | Origin::Technology(_))))
    };
    match assumed {
        true => Confidence::Assumed,
        false if reads.iter().any(inherited) => Confidence::Inherited,
        false => Confidence::Stated,
    }
}

/// A hash of facts with their values. Subjects count by their oldest ids, so that a rename changes nothing.
fn facts_hash(evaluator: &Evaluator<'_>, reads: &[Read<'_>]) -> String {
    let mut text = String::new();
    for read in reads {
        let oldest = evaluator.index.thing(read.nr).and_then(|t| t.formerly().first());
        text.push_str(oldest.unwrap_or_else(|| evaluator.index.id(read.nr)).as_str());
        text.push('.');
        text.push_str(read.fact);
        if let Some((known, _)) = evaluator.resolver.get(read.fact, read.nr) {
            text.push('=');
            text.push_str(&known.to_string());
        }
        text.push('\n');
    }
    base32(text.as_bytes(), 8)
}

/// A recorded threat that no rule raises: one written by hand, one that is gone, or one whose subject is gone.
fn unraised(
    model: &ThreatModel,
    knowledge: &Knowledge,
    key: &ThreatKey,
    threat: &Threat,
    raised: &[ThreatRow],
    today: Date,
) -> ThreatRow {
    let own = key.is_own();
    let there = |id: &Id| id.as_str() == crate::model::SYSTEM || model.thing(id).is_some();
    let lost = !there(&key.subject()) || key.target().is_some_and(|id| !there(&id));
    let rule = knowledge.rule(key.rule());
    let state = match (own || rule.is_none(), lost) {
        (_, true) => State::Orphan { suggestion: suggestion(model, key, raised) },
        // Of a rule that is not here nothing can be said; `check` names it.
        (true, false) => State::Known,
        (false, false) => State::Gone,
    };
    let expired = threat.status.expires().is_some_and(|until| until < today);
    let since = threat.history.last().filter(|row| row.event == crate::model::Event::Gone).map_or(today, |row| row.on);
    let status = match &threat.status {
        Status::Gone { on } => Status::Gone { on: *on },
        _ if state == State::Gone || !own && lost => Status::Gone { on: since },
        _ if expired && own => Status::Open,
        status => status.clone(),
    };
    ThreatRow {
        id: model.display_id(key),
        key: key.clone(),
        title: threat.title.clone(),
        about: about(model, &key.subject(), key.target().as_ref()),
        subject: key.subject(),
        target: key.target(),
        stride: if own { threat.stride.clone() } else { rule.map(|r| r.stride.clone()).unwrap_or_default() },
        linddun: rule.map(|r| r.linddun.clone()).unwrap_or_default(),
        computed: threat.severity,
        inherent: threat.severity,
        severity: threat.effective_severity(),
        risk: None,
        score: Score::default(),
        confidence: Confidence::Stated,
        status,
        state,
        stale: false,
        expired,
        facts: String::new(),
        closed_by: Vec::new(),
        fixes: rule.map(|r| r.mitigations.clone()).unwrap_or_default(),
        evidence: Vec::new(),
        record: threat.clone(),
    }
}

/// A new threat of the same rule that an orphan could belong to: of the thing that had its subject's id before, or,
/// when only one is new, that one.
fn suggestion(model: &ThreatModel, key: &ThreatKey, raised: &[ThreatRow]) -> Option<ThreatKey> {
    let now: BTreeMap<&Id, &Id> = model.things().flat_map(|(id, thing)| formers(thing).map(move |f| (f, id))).collect();
    let renamed = key.map_ids(|id| now.get(id).map_or_else(|| id.clone(), |id| (*id).clone()));
    let fresh = |row: &&ThreatRow| row.state == State::New && row.key.rule() == key.rule();
    if let Some(row) = raised.iter().filter(fresh).find(|row| row.key == renamed) {
        return Some(row.key.clone());
    }
    let mut candidates = raised.iter().filter(fresh);
    candidates.next().filter(|_| candidates.next().is_none()).map(|row| row.key.clone())
}

fn formers(thing: Thing<'_>) -> impl Iterator<Item = &Id> {
    thing.formerly().iter()
}
