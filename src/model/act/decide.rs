//! Deciding: what people say about threats and about what they looked at. Who and when are arguments.

use crate::model::{
    Considered, ConsideredKey, Date, Edit, Entry, Event, HistoryRow, Id, OWN_PACK, Override, Status, Threat, ThreatKey,
    ThreatModel, Verdict,
};

/// One decision about one threat. What is `None` stays as it is; an inner `None` takes it away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Another status.
    pub status: Option<Status>,
    /// Another severity than the computed one.
    pub overridden: Option<Option<Override>>,
    /// Who deals with it.
    pub owner: Option<Option<String>>,
    /// By when.
    pub due: Option<Option<Date>>,
    /// Work that closes it.
    pub mitigations: Option<Vec<Id>>,
    /// Notes.
    pub notes: Option<Option<String>>,
}

/// Records a decision on a threat as it is in the register or, where the rules have only just raised it, as `fresh`.
/// `facts` is the hash of the facts it rests on.
pub fn decide(
    model: &ThreatModel,
    key: &ThreatKey,
    fresh: &Threat,
    decision: Decision,
    facts: Option<String>,
    (who, today): (&str, Date),
) -> Edit {
    let mut threat = model.threats.get(key).unwrap_or(fresh).clone();
    if let Some(status) = decision.status {
        if status != threat.status {
            threat = record(threat, Event::entering(status.word()), who, today);
        }
        threat.status = status;
        threat.decided_on = threat.is_decided().then_some(facts).flatten();
    }
    if let Some(overridden) = decision.overridden {
        if overridden.as_ref().map(|o| o.severity) != threat.overridden.as_ref().map(|o| o.severity) {
            threat = record(threat, Event::Rated, who, today);
        }
        threat.overridden = overridden;
    }
    threat.owner = decision.owner.unwrap_or(threat.owner);
    threat.due = decision.due.unwrap_or(threat.due);
    threat.notes = decision.notes.unwrap_or(threat.notes);
    if let Some(mut mitigations) = decision.mitigations {
        mitigations.sort();
        mitigations.dedup();
        threat.mitigations = mitigations;
    }
    Edit::put(Entry::Threat(key.clone(), threat))
}

/// Adds a row to the ledger. The first row of an undecided threat also writes down when it was opened.
#[must_use]
pub fn record(mut threat: Threat, event: Event, who: &str, today: Date) -> Threat {
    if let (true, Some(opened)) = (threat.history.is_empty(), threat.opened) {
        threat.history.push(HistoryRow { on: opened, by: "sconce".to_owned(), event: Event::Opened });
    }
    threat.history.push(HistoryRow { on: today, by: who.to_owned(), event });
    threat
}

/// Adds a threat in somebody's own words; its key is made from its title.
pub fn own_threat(model: &ThreatModel, subject: &Id, threat: Threat) -> (ThreatKey, Edit) {
    let key = |slug: &str| ThreatKey::new(subject, &format!("{OWN_PACK}.{slug}"), None);
    let slug = Id::slug(&threat.title, "threat", |slug| model.threats.contains_key(&key(slug)));
    let key = key(slug.as_str());
    (key.clone(), Edit::put(Entry::Threat(key, threat)))
}

/// Records that somebody looked at a letter or a fact of a subject.
pub fn consider(key: ConsideredKey, verdict: Verdict, reason: Option<String>, (who, today): (&str, Date)) -> Edit {
    let look = Considered { verdict, by: Some(who.to_owned()), on: Some(today), reason };
    Edit::put(Entry::Considered(key, look))
}
