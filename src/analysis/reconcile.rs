//! Bringing the register up to date: one edit that records what the rules say now. Decisions stay as they are, and
//! history is only ever added to.

use super::Analysis;
use super::register::was_gone;
use super::row::{State, ThreatRow};
use crate::model::act::record;
use crate::model::{Date, Edit, Entry, Event, Status, Threat, ThreatModel};

/// The edit that brings the register up to date; `None` when it is. `who` stands in the history.
pub fn reconcile(model: &ThreatModel, analysis: &Analysis, who: &str, today: Date) -> Option<Edit> {
    let mut rows: Vec<&ThreatRow> = analysis.threats.iter().filter(|row| !row.key.is_own()).collect();
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    let changed = rows.into_iter().filter_map(|row| {
        let next = brought_up(row, who, today);
        // What is known is in the register as it is in the row.
        let is_other = row.state == State::New || row.record != next;
        debug_assert!(!is_other || model.threats.get(&row.key) != Some(&next));
        is_other.then(|| Edit::put(Entry::Threat(row.key.clone(), next)))
    });
    let edits: Vec<Edit> = changed.collect();
    (!edits.is_empty()).then_some(Edit::All(edits))
}

/// Whether the register says what the rules say.
pub fn is_up_to_date(model: &ThreatModel, analysis: &Analysis, today: Date) -> bool {
    reconcile(model, analysis, "sconce", today).is_none()
}

/// Who stands in the ledger for what the rules did.
const RULES: &str = "sconce";

fn brought_up(row: &ThreatRow, who: &str, today: Date) -> Threat {
    let mut threat = row.record.clone();
    let decided = threat.status.word().is_decision(&threat.status);
    match row.state {
        State::Gone | State::Orphan { .. } => return gone(threat, decided, today),
        State::New => threat.status = row.status.clone(),
        State::Reopened => {
            let known = threat.history.last().is_some_and(|last| last.event == Event::Reopened);
            if was_gone(&threat) || !known {
                threat = record(threat, Event::Reopened, RULES, today);
            }
            if !decided {
                threat.status = row.status.clone();
            } else if !row.expired {
                threat = record(threat, Event::entering(row.record.status.word()), RULES, today);
            }
        }
        // Of a rule that is not here no facts are known, and its record stays as it is.
        State::Known if decided && !row.expired && !row.facts.is_empty() => {
            // A decision written into the file by hand: whoever records it answers for it.
            let event = Event::entering(threat.status.word());
            let is_new = threat.history.iter().rev().find(|h| h.event != Event::Rated).is_none_or(|h| h.event != event);
            if is_new {
                threat = record(threat, event, who, today);
            }
            if is_new || threat.decided_on.is_none() {
                threat.decided_on = Some(row.facts.clone());
            }
        }
        State::Known => {
            if !decided && threat.status.word() != row.status.word() {
                threat = automatic(threat, Event::entering(row.status.word()), today);
            }
            if !decided {
                threat.status = row.status.clone();
            }
        }
    }
    threat.severity = row.computed;
    if threat.title.is_empty() {
        threat.title.clone_from(&row.title);
    }
    threat.opened = threat.opened.or(Some(today));
    threat
}

/// A threat that the rules no longer raise. A decision stays beside the row that says so.
fn gone(mut threat: Threat, decided: bool, today: Date) -> Threat {
    if was_gone(&threat) {
        return threat;
    }
    if decided {
        return record(threat, Event::Gone, RULES, today);
    }
    threat = automatic(threat, Event::Gone, today);
    threat.status = Status::Gone { on: today };
    threat
}

/// What the rules did to a threat that nobody decided: its status says since when, so that it stays one line; a ledger
/// that exists goes on.
fn automatic(threat: Threat, event: Event, today: Date) -> Threat {
    if threat.history.is_empty() && event != Event::Reopened { threat } else { record(threat, event, RULES, today) }
}
