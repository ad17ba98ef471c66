//! Words that the answers of `whatif` share. It decides nothing.

use serde_json::{Value, json};

use crate::analysis::whatif::{Guard, Moved, Named};
use crate::cli::verb::table::count;
use crate::diagnostic::inert::one_line;
use crate::model::Severity;
use crate::rules::Effort;

/// Threats under one heading; JSON has them all.
const MOST: usize = 6;

/// What the risk of a threat is: what its score begins with.
pub(super) const RISK: &str = "Risk is likelihood × impact (1-4 each), or what people rated it (Low 2, Medium 4, High 9, \
                               Critical 16), or 1 for hygiene";

/// A name, made harmless.
pub(super) fn name(named: &Named) -> String {
    one_line(&named.name)
}

/// A few names, and how many more there are.
pub(super) fn names(all: &[Named], most: usize) -> String {
    let shown: Vec<String> = all.iter().take(most).map(name).collect();
    match all.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// "4 threats (2 High, 2 Low)".
pub(super) fn threats(moved: &[Moved]) -> String {
    format!("{} ({})", count(moved.len(), "threat"), severities(moved))
}

fn severities(moved: &[Moved]) -> String {
    let of = |severity: Severity| moved.iter().filter(|m| m.severity == Some(severity)).count();
    let parts: Vec<String> =
        Severity::ALL.iter().rev().filter(|s| of(**s) > 0).map(|s| format!("{} {s}", of(*s))).collect();
    parts.join(", ")
}

/// One line for each threat, under the words for what happens to them.
pub(super) fn list(out: &mut Vec<String>, indent: &str, moved: &[Moved], what: impl Fn(&Moved) -> String) {
    for threat in moved.iter().take(MOST) {
        let severity = threat.severity.map_or("unrated", Severity::name);
        out.push(format!("{indent}{}  {severity:<8}  {}{}", threat.id, one_line(&threat.title), what(threat)));
    }
    if moved.len() > MOST {
        out.push(format!("{indent}and {} more (`--format json` lists all)", moved.len() - MOST));
    }
}

/// "risk 9 → 6".
pub(super) fn step_of_risk(threat: &Moved) -> String {
    format!(" (risk {} → {})", threat.before, threat.after)
}

/// What guards something, in a few words.
pub(super) fn guards(guards: &[Guard]) -> String {
    let plain = |value: &str| matches!(value, "present" | "yes");
    let one = |g: &Guard| if plain(&g.value) { g.fact.clone() } else { format!("{} {}", g.fact, one_line(&g.value)) };
    guards.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// "authn and authz".
pub(super) fn facts(facts: &[String]) -> String {
    facts.join(" and ")
}

/// The word for an effort.
pub(super) const fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Small => "small",
        Effort::Medium => "medium",
        Effort::Large => "large",
    }
}

pub(super) fn named(named: &Named) -> Value {
    json!({ "id": named.id.as_str(), "name": named.name })
}

pub(super) fn all(all: &[Named]) -> Vec<Value> {
    all.iter().map(named).collect()
}

pub(super) fn moved(all: &[Moved]) -> Vec<Value> {
    let one = |m: &Moved| {
        json!({
            "id": m.id, "key": m.key.as_str(), "title": m.title, "severity": m.severity.map(Severity::name),
            "risk_before": m.before, "risk_after": m.after,
        })
    };
    all.iter().map(one).collect()
}

pub(super) fn guards_json(guards: &[Guard]) -> Vec<Value> {
    guards.iter().map(|g| json!({ "fact": g.fact, "value": g.value })).collect()
}
