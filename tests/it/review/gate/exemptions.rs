//! Exemptions: what they let through and until when, and what is said when they do not.

use insta::assert_snapshot;
use serde_json::Value;

use super::recorded;
use crate::sandbox::Sandbox;

const KEY: &str = "threat: \"shop:core.d.no-rate-limit\"";

/// The recorded small model under the usual policy with one exemption.
fn with(what: &str, more: &str) -> Sandbox {
    let sandbox = recorded();
    let text = format!(
        "(\n    exemptions: [\n        // why\n        ({what}, reason: \"the edge limits it\", approver: \"li\", {more}),\n    ],\n)\n"
    );
    sandbox.write("threat-policy.ron", text);
    sandbox
}

/// The state of the only exemption, how often it was used, and the exit code.
fn state(sandbox: &Sandbox) -> (String, u64, i32) {
    let output = sandbox.sconce(&["gate", "--format", "json"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let standing = &value["exemptions"][0];
    let state = standing["state"].as_str().unwrap().to_owned();
    (state, standing["used"].as_u64().unwrap(), output.status.code().unwrap())
}

#[test]
fn an_exemption_holds_to_its_last_day_and_no_longer() {
    let at = |day: &str| state(&with(KEY, &format!("expires: \"{day}\"")));
    assert_eq!(at("2027-01-31"), ("holds".to_owned(), 3, 0));
    assert_eq!(at("2026-12-08"), ("holds".to_owned(), 3, 0));
    assert_eq!(at("2026-12-07"), ("expiring".to_owned(), 3, 0));
    assert_eq!(at("2026-11-23"), ("expiring".to_owned(), 3, 0));
    assert_eq!(at("2026-11-22"), ("expired".to_owned(), 0, 1));
    let picture = |day: &str| with(KEY, &format!("expires: \"{day}\"")).picture(&["gate"]);
    let days = ["2027-01-31", "2026-12-07", "2026-11-23", "2026-11-22"];
    assert_snapshot!("exemption_days", days.map(picture).join("\n"));
}

#[test]
fn an_exemption_lets_through_what_it_names_and_nothing_else() {
    let of = |what: &str, from: &str| state(&with(what, &format!("{from}expires: \"2027-01-31\"")));
    assert_eq!(of(KEY, "from: [max_open], "), ("holds".to_owned(), 1, 0));
    assert_eq!(of(KEY, "from: [sla], "), ("unmatched".to_owned(), 0, 1));
    assert_eq!(of("rule: \"core.d.no-rate-limit\"", ""), ("holds".to_owned(), 3, 0));
    assert_eq!(of("rule: \"core.d.no-rate-limit\", subject: \"shop\"", ""), ("holds".to_owned(), 3, 0));
    assert_eq!(of("rule: \"core.d.no-rate-limit\", subject: \"customer\"", ""), ("unmatched".to_owned(), 0, 1));
    assert_eq!(of("threat: \"shp:core.d.no-rate-limit\"", ""), ("unmatched".to_owned(), 0, 1));
    let unmatched = with("threat: \"shp:core.d.no-rate-limit\"", "expires: \"2027-01-31\"");
    assert_snapshot!("exemption_unmatched", unmatched.picture(&["gate"]));
}

/// Threats of one's own have no rule that could be looked up, and a rule may have nothing to say of this model.
#[test]
fn an_exemption_of_what_is_not_there_today_is_a_warning() {
    for what in
        ["rule: \"own.odd\"", "threat: \"shop:own.odd\"", "rule: \"core.r.no-audit\"", "rule: \"ai.adversarial\""]
    {
        let picture = with(what, "expires: \"2027-01-31\"").picture(&["gate"]);
        assert!(picture.contains("warning[unmatched-exemption]"), "{picture}");
        assert!(picture.contains("nothing needs it today; take it out"), "{picture}");
    }
}

/// The last line counts every warning that is shown, whatever it is about.
#[test]
fn warnings_are_counted_as_they_are_shown() {
    let more = "expires: \"2026-11-22\"), (rule: \"core.r.no-audit\", reason: \"none\", approver: \"li\", expires: \"2027-01-31\"";
    let sandbox = with("rule: \"own.odd\"", more);
    for format in ["text", "json"] {
        let output = sandbox.sconce(&["gate", "--format", format]);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let shown = said.matches("warning[").count();
        let shown = if format == "json" { shown + 3 } else { shown };
        assert_eq!(shown, 5, "{said}");
        assert!(said.contains("1 failure, 5 warnings; "), "{said}");
    }
}

#[test]
fn what_is_exempt_is_not_counted() {
    let sandbox = with(KEY, "expires: \"2027-01-31\"");
    let policy = sandbox.read("threat-policy.ron").replacen('(', "(\n    max_open: (counts: {High: 0}),", 1);
    sandbox.write("threat-policy.ron", policy);
    assert_eq!(state(&sandbox), ("holds".to_owned(), 4, 0));
}

#[test]
fn an_exemption_follows_a_rename() {
    let sandbox = with(KEY, "expires: \"2027-01-31\"");
    assert!(sandbox.sconce(&["rename", "shop", "storefront"]).status.success());
    assert!(sandbox.read("shop.tm.ron").contains("storefront:core.d.no-rate-limit"));
    assert_eq!(state(&sandbox), ("holds".to_owned(), 3, 0));
}

#[test]
fn an_exemption_that_cannot_be_as_it_is_written_is_an_error() {
    let picture = |(what, more): (&str, &str)| with(what, more).picture(&["gate", "--exit-zero"]);
    let pictures = [
        (KEY, "expires: \"2027-02-30\""),
        (KEY, "expires: \"next year\""),
        (KEY, "expires: \"2027-01-31T00:00\""),
        (KEY, "expires: None"),
        (KEY, "expire: \"2027-01-31\""),
        (KEY, "from: [max_opne], expires: \"2027-01-31\""),
        (KEY, "from: [register], expires: \"2027-01-31\""),
        ("threat: \"shop\"", "expires: \"2027-01-31\""),
        ("subject: \"shop\"", "expires: \"2027-01-31\""),
        ("threat: \"shop:core.d.no-rate-limit\", subject: \"shop\"", "expires: \"2027-01-31\""),
        ("rule: \"core.d.no-rate-limt\"", "expires: \"2027-01-31\""),
        ("rule: \"core\"", "expires: \"2027-01-31\""),
        ("threat: \"shop:core.d.no-rate-limits#x\"", "expires: \"2027-01-31\""),
        ("threat: \"shop:acme.zz.nonsense\"", "from: [sla], expires: \"2027-01-31\""),
    ]
    .map(picture);
    assert!(pictures.iter().all(|picture| picture.ends_with("--- exit 2\n")), "{}", pictures.join("\n"));
    let anonymous = with(KEY, "expires: \"2027-01-31\"");
    let policy = anonymous.read("threat-policy.ron");
    anonymous.write("threat-policy.ron", policy.replace("approver: \"li\", ", ""));
    let missing = anonymous.picture(&["gate"]);
    anonymous.write("threat-policy.ron", policy.replace("\"the edge limits it\"", "\"  \""));
    let empty = anonymous.picture(&["gate"]);
    assert_snapshot!("exemption_refused", [pictures.join("\n"), missing, empty].join("\n"));
}
