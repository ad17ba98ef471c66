//! A report for GitLab's Code Quality widget: a list with the fields that it reads and no others.

use super::{Report, fingerprint, message, ways};
use crate::model::Severity;
use crate::review::gate::Failure;
use serde_json::json;

/// The report, with a line feed at the end.
pub fn gitlab(report: &Report<'_>) -> String {
    let row = |(failure, place): (&Failure, super::Lines)| {
        let way = ways(failure).into_iter().next().map(|way| format!(" (to green: {way})")).unwrap_or_default();
        json!({
            "description": format!("{}{way}", message(failure)),
            "check_name": failure.rule.id(),
            "fingerprint": fingerprint(failure),
            "severity": severity(failure),
            "location": { "path": report.file, "lines": { "begin": place.line } },
        })
    };
    let rows: Vec<serde_json::Value> = report.counting().map(row).collect();
    format!("{:#}\n", serde_json::Value::from(rows))
}

/// The word of the widget: what warns only is never more than minor.
fn severity(failure: &Failure) -> &'static str {
    match (failure.denies(), failure.severity) {
        (true, Some(Severity::Critical)) => "blocker",
        (true, Some(Severity::High)) => "critical",
        (true, Some(Severity::Medium) | None) => "major",
        (true, Some(Severity::Low)) | (false, Some(Severity::Critical | Severity::High)) => "minor",
        (false, _) => "info",
    }
}
