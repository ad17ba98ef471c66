//! The gate, as a CI job and whoever has to turn it green see it.

mod against;
mod exemptions;
mod green;
mod reports;
mod surgeon;

use insta::assert_snapshot;

use crate::cli::{SMALL, small};
use crate::sandbox::Sandbox;

/// The names of all rules in a policy file.
const RULES: [&str; 11] = [
    "max_open",
    "sla",
    "owner",
    "due",
    "acceptance",
    "reason",
    "stale",
    "questions",
    "coverage",
    "review_age",
    "register",
];

/// A policy that asks nothing but what these fields say.
fn only(fields: &str) -> String {
    let is_off = |rule: &&&str| !fields.contains(&format!("{rule}: ("));
    let off: Vec<String> = RULES.iter().filter(is_off).map(|rule| format!("    {rule}: (level: Off),\n")).collect();
    format!("(\n    {fields},\n{})\n", off.concat())
}

/// The small model with its register, in a sandbox.
fn recorded() -> Sandbox {
    let sandbox = small();
    assert!(sandbox.sconce(&["update"]).status.success());
    sandbox
}

#[test]
fn without_a_policy_the_built_in_one_applies() {
    let sandbox = recorded();
    let pictures = [
        sandbox.picture(&["gate"]),
        sandbox.picture(&["gate", "--explain"]),
        sandbox.picture(&["gate", "--exit-zero"]),
    ];
    assert_snapshot!("built_in", pictures.join("\n"));
}

#[test]
fn every_exit_code_means_one_thing() {
    let sandbox = recorded();
    let exit = |args: &[&str]| sandbox.sconce(&[&["gate"], args].concat()).status.code().unwrap();
    assert_eq!(exit(&[]), 1);
    assert_eq!(exit(&["--exit-zero"]), 0);
    sandbox.write("open.ron", only("max_open: (severity: Critical)")).write("broken.ron", "(max_open: (");
    assert_eq!(exit(&["--policy", "open.ron"]), 0);
    assert_eq!(exit(&["--policy", "broken.ron", "--exit-zero"]), 2);
    assert_eq!(exit(&["--policy", "missing.ron", "--exit-zero"]), 2);
    assert_eq!(exit(&["--new-only", "--exit-zero"]), 2);
    assert_eq!(exit(&["--against", "main", "--exit-zero"]), 2);
    sandbox.write("shop.tm.ron", SMALL.replace("Process(", "Proces("));
    assert_eq!(exit(&["--exit-zero"]), 3);
    sandbox.write("shop.tm.ron", SMALL);
    std::fs::create_dir(sandbox.path("there")).unwrap();
    assert_eq!(exit(&["--exit-zero", "--out", "junit=there"]), 4);
}

#[test]
fn what_the_policy_does_not_know_is_an_error_with_its_place() {
    let sandbox = recorded();
    let said = |policy: &str| {
        sandbox.write("threat-policy.ron", policy);
        sandbox.picture(&["gate"])
    };
    let pictures = [
        said("(\n    max_opn: (severity: High),\n)\n"),
        said("(\n    max_open: (severty: High),\n)\n"),
        said("(\n    max_open: (severity: Hihg),\n)\n"),
        said("(\n    max_open: (level: Denny),\n)\n"),
        said("(\n    max_open: (rules: [\"cor\"]),\n)\n"),
        said("(\n    sla: (days: {High: -1}),\n)\n"),
        said("(\n    sla: (days: {High: 30, High: 300}),\n)\n"),
        said("(\n    owner: (from: High, from: Critical),\n)\n"),
        said("(\n    // \u{202e}hgiH\n    max_open: (severity: High),\n)\n"),
        said("(\n    questions: (most: 1.5),\n)\n"),
        said("(\n    acceptance: (days: \"a year\"),\n)\n"),
        said("(\n    sla: (days: {High: 99999999999}),\n)\n"),
        said("(\n    coverage: (percent: 180),\n)\n"),
        said("(\n    coverage: (percent: -1),\n)\n"),
        said("(\n    review_age: \"x\",\n)\n"),
        said("(\n    stale: (level: Deny)\n    due: (level: Deny),\n)\n"),
        said("(\n    stale: (level: Deny),\n"),
        said("[]"),
        said("// nothing yet\ngarbage"),
        said(""),
    ];
    assert_snapshot!("policy_refused", pictures.join("\n"));
}

/// Every number may be as large and as small as it can be meant.
#[test]
fn numbers_of_a_policy_are_what_they_are_written_as() {
    let read = |text: &str| sconce::review::policy::Policy::read(text);
    for (least, most) in [("0", "100"), ("00", "1_00"), ("0x0", "0x64")] {
        let policy =
            read(&format!("(coverage: (percent: {most}), questions: (most: {least}), sla: (days: {{High: {most}}}))"));
        let policy = policy.unwrap();
        assert_eq!((policy.coverage.percent, policy.questions.most), (100, 0));
        assert_eq!(policy.sla.days.values().copied().collect::<Vec<_>>(), [100]);
    }
    assert_eq!(read("(review_age: (days: 4294967295))").unwrap().review_age.days, u32::MAX);
    for wrong in ["101", "-1", "0.5", "1.0", "\"1\"", "inf", "()", "Some(1)"] {
        assert!(read(&format!("(coverage: (percent: {wrong}))")).is_err(), "{wrong}");
    }
}

#[test]
fn a_policy_that_is_not_there_is_no_model() {
    let sandbox = recorded();
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    let pictures = ["nope.ron", "folder"].map(|name| sandbox.picture(&["gate", "--policy", name]));
    assert_snapshot!("policy_missing", pictures.join("\n"));
}

#[test]
fn the_nearest_policy_up_to_the_top_of_the_repository_counts() {
    let sandbox = Sandbox::new();
    let open = only("max_open: (severity: Critical)");
    sandbox.write("threat-policy.ron", &open).write("top/models/shop.tm.ron", SMALL);
    let last = |path: &str| {
        let out = String::from_utf8(sandbox.sconce(&["gate", path]).stdout).unwrap();
        out.lines().last().unwrap().to_owned()
    };
    let model = "top/models/shop.tm.ron";
    assert!(last(model).contains("by the built-in policy"), "outside of a repository nothing above counts");
    std::fs::create_dir_all(sandbox.path("top/.git")).unwrap();
    assert!(last(model).contains("by the built-in policy"), "nothing above the top counts");
    sandbox.write("top/threat-policy.ron", &open);
    assert!(last(model).ends_with("by top/threat-policy.ron"), "{}", last(model));
    sandbox.write("top/models/threat-policy.ron", &open);
    assert!(last(model).ends_with("by top/models/threat-policy.ron"), "{}", last(model));
}

#[test]
fn a_policy_that_leads_out_of_the_repository_is_refused() {
    let sandbox = recorded();
    std::fs::create_dir_all(sandbox.path(".git")).unwrap();
    sandbox.write("../outside.ron", only("max_open: (severity: Critical)"));
    std::os::unix::fs::symlink("../outside.ron", sandbox.path("threat-policy.ron")).unwrap();
    assert_snapshot!("policy_leads_out", sandbox.picture(&["gate"]));
}

#[test]
fn every_field_of_a_policy_is_in_its_manual_with_its_default() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md")).unwrap();
    let block = |n: usize| page.split("```ron\n").nth(n).unwrap().split("\n```").next().unwrap();
    let read = |n: usize| sconce::review::policy::Policy::read(block(n)).unwrap();
    assert_eq!(read(1), sconce::review::policy::Policy::default(), "the first block is what applies by default");
    assert_ne!(read(2), sconce::review::policy::Policy::default());
    for rule in sconce::review::policy::PolicyRule::ALL {
        assert!(page.contains(&format!("`{}`", rule.id())), "{}", rule.id());
    }
}
