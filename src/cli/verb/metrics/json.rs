//! The figures for programs: `sconce/metrics/1`, see docs/json.md. Whole numbers only, and `null` where there is nothing
//! to count.

use super::About;
use crate::model::{Severity, StatusWord, ThreatKey};
use crate::review::metrics::{FORMULAS, Metrics, Moves, RUN_FORMULAS, Row, Week};
use serde_json::{Map, Value, json};

pub(super) fn value(metrics: &Metrics, about: &About, has_runs: bool) -> Value {
    let formulas: Map<String, Value> = FORMULAS
        .iter()
        .chain(RUN_FORMULAS.iter().filter(|_| has_runs))
        .map(|(name, text)| ((*name).to_owned(), (*text).into()))
        .collect();
    json!({
        "schema": "sconce/metrics/1",
        "from": metrics.from.to_string(),
        "to": metrics.to.to_string(),
        "days": about.days,
        "policy": about.policy,
        "open": metrics.open(),
        "severities": metrics.rows.iter().map(row).collect::<Vec<_>>(),
        "weeks": metrics.weeks.iter().map(week).collect::<Vec<_>>(),
        "undated": metrics.undated.iter().map(ThreatKey::as_str).collect::<Vec<_>>(),
        "formulas": formulas,
    })
}

fn row(row: &Row) -> Value {
    let beside: Map<String, Value> = BESIDE
        .iter()
        .map(|(word, name)| ((*name).to_owned(), row.beside.get(word).copied().unwrap_or_default().into()))
        .collect();
    let (fix, age) = (row.time_to_fix, row.age);
    json!({
        "severity": row.severity.map(Severity::name),
        "time_to_fix": { "n": fix.n, "mean_tenths": fix.mean, "median_tenths": fix.median, "p90_days": fix.p90 },
        "age": { "n": age.n, "median_tenths": age.median, "oldest_days": age.most },
        "remediation": { "n": row.remediation.whole, "resolved": row.remediation.part, "per_mille": row.remediation.per_mille() },
        "sla": { "n": row.sla.whole, "in_time": row.sla.part, "per_mille": row.sla.per_mille(), "days": row.sla_days },
        "beside": beside,
        "never_open": row.from_the_start,
    })
}

/// What a threat may be that is neither open nor resolved.
const BESIDE: [(StatusWord, &str); 5] = [
    (StatusWord::Accepted, "accepted"),
    (StatusWord::Transferred, "transferred"),
    (StatusWord::NotApplicable, "not_applicable"),
    (StatusWord::FalsePositive, "false_positive"),
    (StatusWord::Gone, "gone"),
];

fn week(week: &Week) -> Value {
    let by: Map<String, Value> = week
        .by_severity
        .iter()
        .rev()
        .map(|(severity, one)| (severity.map_or("unrated", Severity::name).to_owned(), moves(*one)))
        .collect();
    let mut value = moves(week.total());
    value["from"] = week.from.to_string().into();
    value["to"] = week.to.to_string().into();
    value["by_severity"] = by.into();
    value
}

fn moves(moves: Moves) -> Value {
    let Moves { opened, resolved, otherwise, open } = moves;
    json!({ "opened": opened, "resolved": resolved, "otherwise": otherwise, "open": open })
}
