//! A comparison as JSON for programs: the shape `sconce/diff/1` of docs/json.md. It leaves nothing out and cuts
//! nothing.

use serde_json::{Value, json};

use super::{Change, Decision, Diff, Fate, Field, Sides, ThreatChange, headline, told};
use crate::exchange::inert_json;
use crate::model::{HistoryRow, Override, Severity, Status};

/// The comparison as JSON, indented, with a line feed at the end.
pub fn diff_json(diff: &Diff, sides: Sides<'_>) -> String {
    let list = |changes: &[Change]| changes.iter().map(change).collect::<Vec<_>>();
    let value = json!({
        "schema": "sconce/diff/1",
        "model": sides.model,
        "before": sides.before,
        "after": sides.after,
        "same": diff.is_empty(),
        "headline": headline(diff),
        "behind": sides.behind,
        "system": list(&diff.system),
        "threats": diff.threats.iter().map(threat).collect::<Vec<_>>(),
        "decisions": diff.decisions.iter().map(decision).collect::<Vec<_>>(),
        "mitigations": list(&diff.mitigations),
        "others": list(&diff.others),
    });
    let mut text = inert_json(&format!("{value:#}"));
    text.push('\n');
    text
}

fn change(change: &Change) -> Value {
    json!({
        "section": change.place.section(),
        "id": change.key(),
        "was": change.was.as_ref().map(ToString::to_string),
        "kind": change.kind,
        "name": change.name,
        "change": match change.fate {
            Fate::Changed if change.was.is_some() && change.fields.is_empty() => "renamed",
            fate => fate.word(),
        },
        "fields": fields(&change.fields),
    })
}

fn fields(fields: &[Field]) -> Vec<Value> {
    let said = |said: &Option<_>| said.as_ref().map(told);
    let field = |f: &Field| json!({ "field": f.name, "before": said(&f.before), "after": said(&f.after) });
    fields.iter().map(field).collect()
}

fn threat(threat: &ThreatChange) -> Value {
    let severity = threat.severity.map(|severity| severity.map(Severity::name));
    let status = [&threat.status[0], &threat.status[1]].map(|status| status.as_ref().map(|s| s.word().name()));
    json!({
        "id": threat.id,
        "key": threat.key.as_str(),
        "was": threat.was.as_ref().map(crate::model::ThreatKey::as_str),
        "title": threat.title,
        "change": threat.turn.word(),
        "severity": { "before": severity[0], "after": severity[1] },
        "status": { "before": status[0], "after": status[1] },
        "fields": fields(&threat.fields),
        "because": threat.because.iter().map(|cause| cause.words(|id| format!("`{id}`"), str::to_owned)).collect::<Vec<_>>(),
        "history_lost": threat.history.lost.iter().map(row).collect::<Vec<_>>(),
    })
}

fn row(row: &HistoryRow) -> Value {
    json!({ "on": row.on.to_string(), "by": row.by, "event": row.event.name() })
}

fn decision(decision: &Decision) -> Value {
    let after = decision.after.as_ref();
    let (approver, evidence) = match after {
        Some(Status::Accepted { approver, .. }) => (approver.as_deref(), &[][..]),
        Some(Status::Mitigated { evidence, .. }) => (None, evidence.as_slice()),
        _ => (None, &[][..]),
    };
    let to = if let Some(Status::Transferred { to, .. }) = after { Some(to) } else { None };
    let rated = |rated: &Option<Override>| {
        rated.as_ref().map(|o| json!({ "severity": o.severity.name(), "reason": o.reason, "by": o.by }))
    };
    json!({
        "id": decision.id,
        "key": decision.key.as_str(),
        "title": decision.title,
        "severity": decision.severity.map(Severity::name),
        "before": decision.before.as_ref().map(|status| status.word().name()),
        "status": after.map(|status| status.word().name()),
        "reason": after.and_then(Status::reason),
        "approver": approver,
        "expires": after.and_then(Status::expires).map(|day| day.to_string()),
        "to": to,
        "evidence": evidence,
        "by": decision.by,
        "on": decision.on.map(|day| day.to_string()),
        "fields": fields(&decision.fields),
        "override": decision.rated.as_ref().map(|[before, after]| json!({ "before": rated(before), "after": rated(after) })),
    })
}
