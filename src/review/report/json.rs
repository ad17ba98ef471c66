//! The verdict as JSON of our own: `sconce/gate/1`, see docs/json.md. Also what does not count is in it.

use super::{Report, fingerprint};
use crate::diagnostic::inert::one_line;
use crate::model::Severity;
use crate::review::gate::{ExemptionStanding, ExemptionState, Failure, Standing, Verdict, Way};
use crate::review::policy::{Level, PolicyRule};
use serde_json::{Value, json};

/// The verdict, with a line feed at the end.
pub fn json(report: &Report<'_>) -> String {
    let verdict = report.verdict;
    let failures: Vec<Value> =
        verdict.failures.iter().zip(report.places).map(|(f, place)| failure(f, place.line)).collect();
    let open = |severity: &Severity| (severity.name().to_owned(), json!(verdict.open.get(severity).unwrap_or(&0)));
    let value = json!({
        "schema": "sconce/gate/1",
        "pass": verdict.passes(),
        "file": report.file,
        "system": one_line(report.system),
        "policy": report.policy_file,
        "today": report.today.to_string(),
        "against": report.against.map(one_line),
        "had_before": verdict.had_before,
        "new_only": verdict.new_only,
        "counts": {
            "deny": verdict.count(Failure::denies),
            "warn": verdict.count(Failure::warns),
            "exempt": verdict.count(|f| matches!(f.standing, Standing::Exempt(_))),
            "before": verdict.count(|f| f.standing == Standing::Before),
            "new": verdict.had_before.map(|_| verdict.count(|f| f.is_new == Some(true))),
            "open": Severity::ALL.iter().map(open).collect::<serde_json::Map<_, _>>(),
        },
        "rules": PolicyRule::ALL.iter().map(|r| rule(*r, report.policy.level(*r), verdict)).collect::<Vec<_>>(),
        "failures": failures,
        "exemptions": verdict.exemptions.iter().map(exemption).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn rule(rule: PolicyRule, level: Level, verdict: &Verdict) -> Value {
    let held = level != Level::Off && verdict.counting().all(|failure| failure.rule != rule);
    json!({
        "id": rule.id(),
        "level": level.word(),
        "holds": (level != Level::Off).then_some(held),
    })
}

fn failure(failure: &Failure, line: usize) -> Value {
    json!({
        "rule": failure.rule.id(),
        "level": failure.level.word(),
        "standing": failure.standing.word(),
        "exemption": if let Standing::Exempt(n) = failure.standing { Some(n) } else { None },
        "new": failure.is_new,
        "threat": failure.key.as_ref().map(|key| json!({ "id": failure.id, "key": key.as_str() })),
        "title": failure.title.as_deref().map(one_line),
        "severity": failure.severity.map(Severity::name),
        "message": one_line(&failure.message),
        "ways": failure.ways.iter().map(way).collect::<Vec<_>>(),
        "path": failure.at,
        "line": line,
        "fingerprint": fingerprint(failure),
    })
}

fn way(way: &Way) -> Value {
    let text = one_line(&way.to_string());
    match way {
        Way::Write { at, text: write, instead, then, .. } => {
            let then = then.as_deref().map(one_line);
            let instead = instead.iter().map(|(at, text)| json!({ "path": at, "remove": one_line(text) }));
            let instead: Vec<Value> = instead.collect();
            json!({ "text": text, "path": at, "write": one_line(write), "instead": instead, "command": then })
        }
        Way::Remove { at, text: remove, then, .. } => {
            json!({ "text": text, "path": at, "remove": one_line(remove), "command": one_line(then) })
        }
        Way::Run { command, .. } => json!({ "text": text, "command": one_line(command) }),
    }
}

fn exemption(standing: &ExemptionStanding) -> Value {
    let exemption = &standing.exemption;
    json!({
        "what": exemption.what.to_string(),
        "from": exemption.from.iter().map(|rule| rule.id()).collect::<Vec<_>>(),
        "reason": one_line(&exemption.reason),
        "approver": one_line(&exemption.approver),
        "expires": exemption.expires.to_string(),
        "state": standing.state.word(),
        "used": standing.used,
        "days_left": match standing.state {
            ExemptionState::Expiring(days) => Some(days),
            ExemptionState::Expired(days) => Some(-days),
            _ => None,
        },
    })
}
