//! Every rule of a policy, red, and green after doing what its red line says.

use insta::assert_snapshot;
use serde_json::Value;

use super::surgeon::perform;
use super::{only, recorded};
use crate::cli::SMALL;
use crate::sandbox::Sandbox;

fn failures(sandbox: &Sandbox, more: &[&str]) -> Vec<Value> {
    let output = sandbox.sconce(&[&["gate", "--format", "json"], more].concat());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["pass"], output.status.success());
    value["failures"].as_array().unwrap().clone()
}

/// A model that does not hold one rule; the picture of that, the change that the way says, and the picture after it.
fn check(sandbox: &Sandbox, rule: &str, fields: &str, way: &str) -> String {
    check_with(sandbox, rule, fields, (way, "words that people chose"))
}

/// The same with what only people know.
fn check_with(sandbox: &Sandbox, rule: &str, fields: &str, (way, word): (&str, &str)) -> String {
    sandbox.write("threat-policy.ron", only(fields));
    let red = failures(sandbox, &["--explain"]);
    let [failure] = red.as_slice() else { panic!("not one failure: {red:#?}") };
    assert_eq!((failure["rule"].as_str(), failure["standing"].as_str()), (Some(rule), Some("counts")));
    let ways = failure["ways"].as_array().unwrap();
    let way = ways.iter().find(|w| w["text"].as_str().unwrap().starts_with(way)).unwrap_or_else(|| panic!("{ways:#?}"));
    let mut picture = format!("-- {fields}\n{}", sandbox.picture(&["gate", "--explain"]));
    assert!(picture.ends_with("--- exit 1\n"), "{picture}");
    perform(sandbox, way, word);
    picture += &sandbox.picture(&["gate"]);
    assert!(picture.ends_with("--- exit 0\n"), "{picture}\n{}", sandbox.read("shop.tm.ron"));
    assert_eq!(failures(sandbox, &[]), Vec::<Value>::new());
    picture
}

/// The recorded small model with something else in the entry of its threat.
fn with(fields: &str) -> Sandbox {
    let sandbox = recorded();
    let text = sandbox.read("shop.tm.ron");
    let other = text.replace("title: \"Shop can be flooded\"", &format!("title: \"Shop can be flooded\", {fields}"));
    assert_ne!(text, other);
    sandbox.write("shop.tm.ron", other);
    sandbox
}

#[test]
fn open_threats_are_no_worse_and_no_more_than_allowed() {
    let own = SMALL.replace(
        "    },\n)\n",
        "    },\n    threats: {\n        \"shop:own.odd\": (opened: \"2026-11-20\", title: \"Odd\", stride: [T]),\n    },\n)\n",
    );
    let unrated = Sandbox::new();
    unrated.write("shop.tm.ron", own.replace("\"absent\"", "\"present\""));
    let pictures = [
        check(&recorded(), "max-open", "max_open: ()", "or live with it"),
        check(&recorded(), "max-open", "max_open: (severity: Critical, counts: {High: 0})", "or live with it"),
        check(&unrated, "max-open", "max_open: ()", "rate it"),
        check(&recorded(), "max-open", "max_open: (), register: ()", "close it"),
    ];
    assert_snapshot!("max_open", pictures.join("\n"));
}

/// What `gate --explain` says to write is all there is to write: nothing contradicts it, and it wants its evidence.
#[test]
fn a_control_takes_the_place_of_what_was_stated() {
    let sandbox = recorded();
    sandbox.write("threat-policy.ron", only("max_open: ()"));
    let plain = sandbox.picture(&["gate"]);
    assert!(
        plain.contains("; what to write: `sconce gate --explain shop.tm.ron`; how: run `sconce explain T-"),
        "{plain}"
    );
    let way = failures(&sandbox, &["--explain"])[0]["ways"][0].clone();
    let told = way["text"].as_str().unwrap();
    assert!(told.contains("take `\"rate_limit\": \"absent\"` out of `elements`, `shop`, `facts`"), "{told}");
    perform(&sandbox, &way, "docs/limits.md");
    let checked = sandbox.picture(&["check"]);
    assert!(!checked.contains("contradiction") && !checked.contains("no-evidence"), "{checked}");
    assert!(sandbox.read("shop.tm.ron").contains("evidence: [\"docs/limits.md\"]"));
    assert!(!sandbox.read("shop.tm.ron").contains("\"absent\""));
}

/// The commit of a review is what `drift` goes on from.
#[test]
fn a_review_names_the_commit_that_it_was_of() {
    let sandbox = recorded();
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
        let out = sandbox.command("git").args(who).args(args).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    };
    let reviewed = |more: &str| {
        let text = format!("\"Shop\",\n        reviewed: (on: \"2025-11-22\", by: \"ana\"{more}),\n    ),");
        sandbox.read("shop.tm.ron").replace("\"Shop\",\n    ),", &text)
    };
    let written = || failures(&sandbox, &[])[0]["ways"][0]["write"].as_str().unwrap().to_owned();
    sandbox.write("threat-policy.ron", only("review_age: (level: Deny)"));
    let plain = sandbox.read("shop.tm.ron");
    // Without git nobody knows one; where there was one, there has to be one again.
    assert_eq!(written(), "reviewed: (on: \"2026-11-23\", by: \"…\")");
    sandbox.write("shop.tm.ron", reviewed(", commit: \"b2c8008\""));
    assert_eq!(written(), "reviewed: (on: \"2026-11-23\", by: \"…\", commit: \"…\")");
    sandbox.write("shop.tm.ron", plain);
    git(&["init", "-q", "-b", "main"]);
    assert_eq!(written(), "reviewed: (on: \"2026-11-23\", by: \"…\")");
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "model"]);
    let head = git(&["rev-parse", "HEAD"]);
    assert_eq!(written(), format!("reviewed: (on: \"2026-11-23\", by: \"…\", commit: \"{}\")", &head[..12]));
    sandbox.write("shop.tm.ron", reviewed(", commit: \"b2c8008\""));
    perform(&sandbox, &failures(&sandbox, &[])[0]["ways"][0], "ana");
    assert_eq!(failures(&sandbox, &[]), Vec::<Value>::new());
    assert_eq!(sandbox.sconce(&["drift"]).status.code(), Some(0));
}

#[test]
fn only_threats_that_the_policy_looks_at_count() {
    let passes = |fields: &str| {
        let sandbox = recorded();
        sandbox.write("threat-policy.ron", only(fields));
        failures(&sandbox, &[]).is_empty()
    };
    assert!(!passes("max_open: (rules: [\"core\"])"));
    assert!(!passes("max_open: (rules: [\"web\", \"core.d.no-rate-limit\"])"));
    assert!(passes("max_open: (rules: [\"web\"])"));
    assert!(!passes("max_open: (confidence: Assumed)"));
    assert!(passes("max_open: (severity: Critical, counts: {High: 1, Medium: 0})"));
    assert!(passes("max_open: (severity: High)"));
    assert!(passes("max_open: (level: Off)"));
    assert!(passes("sla: (days: {High: 1})") && passes("sla: (days: {})"));
}

#[test]
fn a_threat_that_is_not_recorded_yet_is_recorded_first() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL).write("threat-policy.ron", only("owner: (level: Deny)"));
    let way = failures(&sandbox, &[])[0]["ways"][0].clone();
    assert!(way["text"].as_str().unwrap().contains("after `sconce update shop.tm.ron`"), "{way}");
    sandbox.sconce(&["update"]);
    perform(&sandbox, &way, "ana");
    assert_eq!(failures(&sandbox, &[]), Vec::<Value>::new());
}

#[test]
fn threats_do_not_stay_open_too_long() {
    let sandbox = recorded();
    let old = sandbox.read("shop.tm.ron").replace("opened: \"2026-11-23\"", "opened: \"2026-10-23\"");
    sandbox.write("shop.tm.ron", &old);
    // The last day is still in time.
    sandbox.write("threat-policy.ron", only("sla: (days: {High: 31})"));
    assert_eq!(failures(&sandbox, &[]), Vec::<Value>::new());
    assert_snapshot!("sla", check(&sandbox, "sla", "sla: ()", "or live with it"));
}

#[test]
fn open_threats_have_an_owner_and_a_day() {
    let pictures = [
        check(&recorded(), "owner", "owner: (level: Deny)", "say who"),
        check(&recorded(), "due", "due: (level: Deny)", "say by when"),
        check(&with("due: \"2026-11-22\""), "due", "due: (from: Critical, level: Deny)", "or put it off"),
    ];
    assert_snapshot!("owner_due", pictures.join("\n"));
}

#[test]
fn threats_are_accepted_as_the_policy_wants_it() {
    let accepted = |fields: &str| with(&format!("status: Accepted(reason: \"the edge limits it\"{fields})"));
    let (rule, fields, how) = ("acceptance", "acceptance: ()", "say it as");
    let pictures = [
        check(&accepted(", expires: \"2027-01-31\""), rule, fields, how),
        check(&accepted(", approver: \"li\""), rule, fields, how),
        check(&accepted(", approver: \"li\", expires: \"2028-01-31\""), rule, fields, how),
        check(&accepted(""), rule, "acceptance: (days: 30)", how),
        check(&accepted(", approver: \"li\", expires: \"2026-11-22\""), rule, fields, "or decide again"),
    ];
    assert_snapshot!("acceptance", pictures.join("\n"));
}

#[test]
fn decisions_say_why_and_rest_on_the_facts_of_today() {
    let mitigated = with("status: Mitigated(on: \"2026-11-23\")");
    let text = mitigated.read("shop.tm.ron").replace("\"rate_limit\": \"absent\"", "\"rate_limit\": \"present\"");
    mitigated.write("shop.tm.ron", text);
    let stale = with(
        "status: NotApplicable(reason: \"nobody can reach it\"), decided_on: \"aaaaaaaa\", \
         history: [(\"2026-11-23\", \"li\", NotApplicable)]",
    );
    let pictures = [
        check(&with("status: NotApplicable(reason: \"no\")"), "reason", "reason: ()", "say why"),
        check(&mitigated, "reason", "reason: (evidence: true)", "say where"),
        check(&stale, "stale", "stale: (level: Deny)", "if the decision"),
    ];
    assert_snapshot!("reason_stale", pictures.join("\n"));
}

#[test]
fn the_model_as_a_whole_is_looked_at() {
    let unrecorded = Sandbox::new();
    unrecorded.write("shop.tm.ron", SMALL);
    let old = recorded();
    let text = old.read("shop.tm.ron");
    old.write(
        "shop.tm.ron",
        text.replace("\"Shop\",\n    ),", "\"Shop\",\n        reviewed: (on: \"2025-11-22\", by: \"ana\"),\n    ),"),
    );
    let pictures = [
        check_with(&recorded(), "questions", "questions: (most: 4, level: Deny)", ("or begin", "service")),
        check(&recorded(), "coverage", "coverage: (percent: 10, level: Deny)", "where you looked"),
        check(&recorded(), "review-age", "review_age: (level: Deny)", "hold the model"),
        check(&old, "review-age", "review_age: (level: Deny)", "hold the model"),
        check(&unrecorded, "register", "register: ()", "record them"),
    ];
    assert_snapshot!("whole", pictures.join("\n"));
}
