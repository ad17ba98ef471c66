//! SARIF 2.1.0 as GitHub's code scanning reads it: severities by rule, so that there is one rule for each severity; a
//! fingerprint that does not depend on lines; the lines of the threat's own entry. Only what counts is in it: code
//! scanning knows no exemptions and would show them as open.

use super::{Lines, Report, fingerprint, message, ways};
use crate::diagnostic::inert::one_line;
use crate::model::Severity;
use crate::review::gate::Failure;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Results that code scanning keeps of a run; the rest it drops, and so the worst come first.
const MOST: usize = 5000;
/// Characters that a description may have.
const LONGEST: usize = 1024;

/// The report, with a line feed at the end.
pub fn sarif(report: &Report<'_>) -> String {
    let results: Vec<(&Failure, Lines)> = report.counting().take(MOST).collect();
    let left_out = report.counting().count() - results.len();
    let firsts: BTreeMap<String, &Failure> = results.iter().rev().map(|(f, _)| (rule_id(f), *f)).collect();
    let numbers: BTreeMap<&str, usize> = firsts.keys().enumerate().map(|(n, id)| (id.as_str(), n)).collect();
    let results: Vec<Value> = results.iter().map(|(f, place)| result(report, f, *place, &numbers)).collect();
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sconce",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": firsts.iter().map(|(id, f)| rule(report, id, f)).collect::<Vec<_>>(),
            } },
            "automationDetails": { "id": format!("sconce/gate/{}/", report.file) },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The top of the repository." } } },
            "results": results,
            "properties": { "pass": report.verdict.passes(), "leftOut": left_out },
        }],
    });
    format!("{value:#}\n")
}

/// One for each rule of the policy, rule that raised the threat, and severity.
fn rule_id(failure: &Failure) -> String {
    let raised = failure.key.as_ref().map(|key| format!("/{}", key.rule())).unwrap_or_default();
    let severity = failure.severity.map(|s| format!("/{}", s.name().to_lowercase())).unwrap_or_default();
    format!("{}{raised}{severity}", failure.rule.id())
}

fn rule(report: &Report<'_>, id: &str, failure: &Failure) -> Value {
    let rule = failure.key.as_ref().and_then(|key| report.knowledge.rule(key.rule()));
    let asks = failure.rule.asks();
    let finds = rule.map(|rule| rule.finds.as_str());
    let short = finds.map_or_else(|| format!("{asks}."), one_line);
    let full = finds.map_or_else(|| format!("{asks}."), |finds| format!("{asks}. {}", one_line(finds)));
    let help = match rule {
        Some(rule) => format!(
            "`sconce gate --explain` tells what turns it green, and `sconce explain {}` what the rule finds and how to close it.",
            rule.id
        ),
        None => "`sconce gate --explain` tells what turns it green.".to_owned(),
    };
    let mut properties = json!({ "tags": ["security", "threat-model"], "precision": "high" });
    if let (Some(severity), Some(object)) = (failure.severity, properties.as_object_mut()) {
        object.insert("security-severity".to_owned(), score(severity).into());
    }
    json!({
        "id": id,
        "name": name(id),
        "shortDescription": { "text": cut(&short) },
        "fullDescription": { "text": cut(&full) },
        "help": { "text": help },
        "defaultConfiguration": { "level": level(failure) },
        "properties": properties,
    })
}

fn result(report: &Report<'_>, failure: &Failure, place: Lines, numbers: &BTreeMap<&str, usize>) -> Value {
    let id = rule_id(failure);
    let green: Vec<String> = ways(failure).iter().map(|way| format!(" To green: {way}.")).collect();
    // What looks like a link would become one.
    let text = format!("{}.{}", message(failure), green.concat()).replace("](", "] (");
    let mut value = json!({
        "ruleId": id,
        "ruleIndex": numbers.get(id.as_str()),
        "level": level(failure),
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(report.file), "uriBaseId": "%SRCROOT%" },
                "region": {
                    "startLine": place.line,
                    "startColumn": place.column,
                    "endLine": place.end_line,
                    "endColumn": place.end_column,
                },
            },
            "logicalLocations": [{ "fullyQualifiedName": failure.at.join("/"), "kind": "member" }],
        }],
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:1", fingerprint(failure)),
            "sconceName/v1": failure.name(),
        },
    });
    if let (Some(is_new), Some(object)) = (failure.is_new, value.as_object_mut()) {
        object.insert("baselineState".to_owned(), if is_new { "new" } else { "unchanged" }.into());
    }
    value
}

const fn level(failure: &Failure) -> &'static str {
    match failure.level {
        crate::review::policy::Level::Deny => "error",
        _ => "warning",
    }
}

/// Within the bounds that code scanning draws: critical from 9.0, high from 7.0, medium from 4.0.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

/// An id as a name in one word: `max-open/core.d.x/high` becomes `MaxOpenCoreDXHigh`.
fn name(id: &str) -> String {
    let words = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
