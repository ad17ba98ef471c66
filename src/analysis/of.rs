//! Rules × model × register: every threat once, as all surfaces show it. Nothing is changed here.

use super::Analysis;
use super::question::{consider, questions};
use super::row::{Confidence, Lint, Raises, State, ThreatRow};
use crate::model::graph::{Index, Nr};
use crate::model::id::{base32, display_id};
use crate::model::resolve::Origin;
use crate::model::{Date, Id, Severity, Status, Thing, Threat, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::engine::{self, Outcomes, Raised};
use crate::rules::eval::{ALWAYS_READ, Evaluator, Read};
use crate::rules::language::{Lane, Rule};
use crate::rules::team::Overridden;
use crate::rules::{fill, risk};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
                threats.push(row(&mut evaluator, knowledge, raised));
            }
        }
        threats.extend(closed(model, &mut evaluator, knowledge, &outcomes, today));
        lints.sort_by(|a, b| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)));
        let questions = questions(&evaluator, knowledge, &outcomes.asked);
        let mut analysis = Self { threats, questions, lints };
        analysis.join(model, today);
        analysis.complete(model, knowledge, today);
        analysis
    }

    /// The same analysis after a change of the register alone: of threats and looks, not of what rules read.
    pub fn rejoin(&mut self, model: &ThreatModel, knowledge: &Knowledge, today: Date) {
        self.threats.retain(|row| row.raised.is_some());
        self.join(model, today);
        self.complete(model, knowledge, today);
        for question in &mut self.questions {
            consider(model, question);
        }
    }

    /// Joins what rules raise with what the register says about it.
    fn join(&mut self, model: &ThreatModel, today: Date) {
        let recorded: HashMap<&ThreatKey, &Threat> = model.threats.iter().collect();
        for row in &mut self.threats {
            let record = recorded.get(&row.key).copied();
            join(row, record, today);
        }
    }

    /// Adds what is in the register alone, and sorts.
    fn complete(&mut self, model: &ThreatModel, knowledge: &Knowledge, today: Date) {
        let threats = &mut self.threats;
        let raised: HashSet<&ThreatKey> = threats.iter().map(|row| &row.key).collect();
        let silent: Vec<ThreatRow> = (model.threats.iter())
            .filter(|(key, _)| !raised.contains(key))
            .map(|(key, threat)| unraised(model, knowledge, key, threat, threats, today))
            .collect();
        threats.extend(silent);
        threats.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key)));
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
    let recorded = model.threats.get(key);
    if let Some(raised) = outcomes.raised.iter().find(|raised| raised.key(&evaluator) == *key) {
        let mut row = row(&mut evaluator, knowledge, raised);
        join(&mut row, recorded, today);
        return Some(then(&mut evaluator, row, Some(raised)));
    }
    if model.mitigations.values().any(|m| m.status.counts()) {
        let mut without = Evaluator::unmitigated(&index, &knowledge.vocabulary, &knowledge.technologies, today);
        let rules = knowledge.active(model.system.packs.as_deref()).filter(|rule| rule.id == key.rule());
        let outcomes = engine::run(&mut without, rules);
        if let Some(raised) = outcomes.raised.iter().find(|raised| raised.key(&without) == *key) {
            let raised = Raised { mitigated: true, ..raised.clone() };
            let reads = engine::facts(&mut without, &raised);
            let mut row = row(&mut without, knowledge, &raised);
            row.closed_by = closed_by(&evaluator, &reads);
            join(&mut row, recorded, today);
            return Some(then(&mut without, row, Some(&raised)));
        }
    }
    let row = unraised(model, knowledge, key, recorded?, &[], today);
    Some(then(&mut evaluator, row, None))
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
    let counting = model.mitigations.values().filter(|m| m.status.counts());
    let provided: BTreeSet<&str> = counting.flat_map(|m| &m.provides).map(|p| p.fact.as_str()).collect();
    if provided.is_empty() {
        return Vec::new();
    }
    let index = evaluator.index;
    let mut without = Evaluator::unmitigated(index, &knowledge.vocabulary, &knowledge.technologies, today);
    let rules = readers(knowledge.active(model.system.packs.as_deref()).collect(), &provided);
    let outcomes = engine::run(&mut without, rules.into_iter());
    let raised: BTreeSet<ThreatKey> = now.raised.iter().map(|r| r.key(evaluator)).collect();
    let asked: BTreeSet<(&str, Nr)> = now.asked.iter().map(|a| (a.rule.id.as_str(), a.at.nr)).collect();
    let mut rows = Vec::new();
    for closed in outcomes.raised.iter().filter(|r| r.rule.lane != Lane::Lint) {
        let is_open = raised.contains(&closed.key(&without)) || asked.contains(&(&closed.rule.id, closed.at.nr));
        if !is_open {
            let closed = Raised { mitigated: true, ..closed.clone() };
            let reads = engine::facts(&mut without, &closed);
            let mut row = row(&mut without, knowledge, &closed);
            row.closed_by = closed_by(evaluator, &reads);
            rows.push(row);
        }
    }
    rows
}

/// Of some rules those whose answers depend on some facts, and those that speak for one of these.
fn readers<'k>(mut rules: Vec<&'k Rule>, facts: &BTreeSet<&str>) -> Vec<&'k Rule> {
    if ALWAYS_READ.iter().any(|fact| facts.contains(fact)) {
        return rules;
    }
    let reads = |rule: &Rule| {
        let mut found = false;
        for condition in [Some(&rule.applies), Some(&rule.when), rule.mitigated_by.as_ref()].into_iter().flatten() {
            condition.walk(&mut |part| found |= part.fact().is_some_and(|fact| facts.contains(fact)));
        }
        found
    };
    let mut kept: BTreeSet<&str> = rules.iter().filter(|rule| reads(rule)).map(|rule| rule.id.as_str()).collect();
    loop {
        let speaks = |rule: &&&Rule| rule.subsumes.iter().any(|general| kept.contains(general.as_str()));
        let more: Vec<&str> = rules.iter().filter(speaks).map(|rule| rule.id.as_str()).collect();
        let before = kept.len();
        kept.extend(more);
        if kept.len() == before {
            break;
        }
    }
    rules.retain(|rule| kept.contains(rule.id.as_str()));
    rules
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

/// Worst first: what is open before what is not, the severer before the milder, the surer before the less sure.
fn rank(row: &ThreatRow) -> (bool, Reverse<Option<Severity>>, Reverse<u8>, Reverse<Confidence>) {
    let product = row.risk.map_or(0, |(likelihood, impact)| likelihood * impact);
    (!row.is_open(), Reverse(row.severity), Reverse(product), Reverse(row.confidence))
}

fn row<'a>(evaluator: &mut Evaluator<'a>, knowledge: &'a Knowledge, raised: &Raised<'a>) -> ThreatRow {
    let model = evaluator.index.model;
    let key = raised.key(evaluator);
    let rating = risk::rate(evaluator, &knowledge.rubric, raised);
    let reads = engine::facts(evaluator, raised);
    let title = fill::fill(evaluator, &raised.rule.title, raised);
    let subject = evaluator.index.id(raised.at.nr).clone();
    let target = raised.target.map(|nr| evaluator.index.id(nr).clone());
    let path = fill::path(evaluator, raised);
    let by_team = knowledge.by_team.overrides.get(&raised.rule.id).map(|by| {
        let before = risk::rate(evaluator, &knowledge.rubric, &Raised { rule: &by.before, ..raised.clone() });
        by.effect_on(before.severity, rating.severity)
    });
    let (from, to) = evaluator.index.ends(raised.at.nr);
    let ends = [from, to].into_iter().flatten().map(|nr| evaluator.index.id(nr).clone());
    ThreatRow {
        id: if evaluator.index.is_renamed() { model.display_id(&key) } else { display_id(&key) },
        title,
        about: std::iter::once(subject.clone()).chain(target.clone()).chain(ends).collect(),
        subject,
        target,
        stride: raised.rule.stride.clone(),
        linddun: raised.rule.linddun.clone(),
        computed: Some(rating.severity),
        inherent: Some(rating.inherent),
        severity: None,
        risk: Some((rating.likelihood, rating.impact)),
        confidence: confidence(evaluator, &reads, raised.assumed || rating.assumed),
        raised: Some(if raised.mitigated { Raises::Mitigated } else { Raises::Open }),
        stale: false,
        status: Status::Open,
        state: State::New,
        expired: false,
        facts: facts_hash(evaluator, &reads),
        closed_by: if raised.mitigated { closed_by(evaluator, &reads) } else { Vec::new() },
        fixes: raised.rule.mitigations.clone(),
        evidence: path.into_iter().map(|nr| evaluator.index.id(nr).clone()).collect(),
        by_team,
        record: Threat::default(),
        key,
    }
}

/// Joins what the rules say with what the register says.
fn join(row: &mut ThreatRow, recorded: Option<&Threat>, today: Date) {
    let mitigated = row.raised == Some(Raises::Mitigated);
    let fresh =
        || Threat { severity: row.computed, opened: Some(today), title: row.title.clone(), ..Threat::default() };
    let record = recorded.cloned().unwrap_or_else(fresh);
    row.expired = record.status.expires().is_some_and(|until| until < today);
    let by_people = record.status.word().is_decision(&record.status) && !row.expired;
    row.status = match &record.status {
        decided if by_people => decided.clone(),
        Status::Mitigated { evidence, on } if mitigated && evidence.is_empty() => {
            Status::Mitigated { evidence: Vec::new(), on: on.or(Some(today)) }
        }
        _ if mitigated => Status::Mitigated { evidence: Vec::new(), on: Some(today) },
        _ => Status::Open,
    };
    row.state = match recorded {
        None => State::New,
        Some(_) if row.expired || was_gone(&record) => State::Reopened,
        Some(_) => State::Known,
    };
    row.severity = record.overridden.as_ref().map(|o| o.severity).or(row.computed);
    row.stale = by_people && record.decided_on.as_ref().is_some_and(|then| *then != row.facts);
    row.record = record;
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
        raised: None,
        confidence: Confidence::Stated,
        status,
        state,
        stale: false,
        expired,
        facts: String::new(),
        closed_by: Vec::new(),
        fixes: rule.map(|r| r.mitigations.clone()).unwrap_or_default(),
        evidence: Vec::new(),
        by_team: knowledge.by_team.overrides.get(key.rule()).map(Overridden::effect),
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
