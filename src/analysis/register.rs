//! Rows × register: what people decided about what the rules raise, and what stands in the register alone. It asks no
//! rule anything.

use super::row::{Confidence, Raises, State, ThreatRow};
use super::score::Score;
use crate::model::{Date, Event, Id, SYSTEM, Status, Thing, Threat, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::team::Overridden;
use std::collections::BTreeMap;

/// Joins what the rules say with what the register says.
pub(super) fn join(row: &mut ThreatRow, recorded: Option<&Threat>, today: Date) {
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
    matches!(threat.status, Status::Gone { .. }) || threat.history.last().is_some_and(|row| row.event == Event::Gone)
}

/// A recorded threat that no rule raises: one written by hand, one that is gone, or one whose subject is gone.
pub(super) fn unraised(
    model: &ThreatModel,
    knowledge: &Knowledge,
    key: &ThreatKey,
    threat: &Threat,
    raised: &[ThreatRow],
    today: Date,
) -> ThreatRow {
    let own = key.is_own();
    let there = |id: &Id| id.as_str() == SYSTEM || model.thing(id).is_some();
    let lost = !there(&key.subject()) || key.target().is_some_and(|id| !there(&id));
    let rule = knowledge.rule(key.rule());
    let state = match (own || rule.is_none(), lost) {
        (_, true) => State::Orphan { suggestion: suggestion(model, key, raised) },
        // Of a rule that is not here nothing can be said; `check` names it.
        (true, false) => State::Known,
        (false, false) => State::Gone,
    };
    let expired = threat.status.expires().is_some_and(|until| until < today);
    let since = threat.history.last().filter(|row| row.event == Event::Gone).map_or(today, |row| row.on);
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
