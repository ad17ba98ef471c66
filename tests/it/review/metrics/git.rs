//! The ledger beside git's history of the file, under real git: five versions with days of their own, one of which cannot
//! be read, a merge, a change that nobody committed, a shallow clone, renames and copies.

mod kept;

use std::fmt::Write as _;

use sconce::model::{Date, Threat, ThreatKey, ThreatModel};
use sconce::review::metrics::{Brief, Compared, Content, Matter, Snapshot, compare};

use crate::sandbox::Sandbox;

const HEAD: &str = "#![enable(implicit_some)]\nThreatModel(\n    format: (1, 0),\n    system: (\n        name: \"Shop\",\n    ),\n    threats: {\n";
const MAIL: &str = "(severity: High, opened: \"2026-09-10\", title: \"Mail can be forged\",";
const FILE: &str = "(severity: Low, opened: \"2026-10-01\", title: \"Files \\u{1b}[31mcan be swapped\",";

/// A model with two threats of which the rest is given; the second one only where there is any.
fn model(mail: &str, file: &str) -> String {
    let second =
        if file.is_empty() { String::new() } else { format!("        \"system:own.t.swapped\": {FILE} {file}),\n") };
    format!("{HEAD}        \"system:own.s.forged\": {MAIL} {mail}),\n{second}    }},\n)\n")
}

fn git(sandbox: &Sandbox, day: &str, args: &[&str]) {
    let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
    let mut git = sandbox.command("git");
    // The day on which somebody wrote it is not the day on which others had it.
    git.env("GIT_AUTHOR_DATE", "2020-01-01T12:00:00Z").env("GIT_COMMITTER_DATE", format!("2026-{day}T12:00:00Z"));
    let out = git.args(who).args(args).output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

fn commit(sandbox: &Sandbox, day: &str, text: &str) {
    commit_to(sandbox, "shop.tm.ron", day, text);
}

fn commit_to(sandbox: &Sandbox, file: &str, day: &str, text: &str) {
    sandbox.write(file, text);
    git(sandbox, day, &["add", "-A"]);
    git(sandbox, day, &["commit", "-q", "-m", "model"]);
}

const OPEN: &str = "history: [(\"2026-09-10\", \"ana\", Opened)]";
const AVOIDED: &str = "status: Avoided(reason: \"signed\"), history: [(\"2026-10-01\", \"ana\", Opened), (\"2026-11-05\", \"ana\", Avoided)]";
const MITIGATED: &str = "status: Mitigated(evidence: [\"DKIM\"]), history: [(\"2026-09-10\", \"ana\", Opened), (\"2026-11-10\", \"ana\", Mitigated)]";

/// Five versions of a model.
fn history() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, "09-01", &["init", "-q", "-b", "main"]);
    commit(&sandbox, "09-10", &model(OPEN, ""));
    // Two days after its ledger says.
    commit(&sandbox, "10-03", &model(OPEN, "history: [(\"2026-10-01\", \"ana\", Opened)]"));
    commit(&sandbox, "10-20", "<<<<<<< ours\nThreatModel(\n");
    commit(&sandbox, "11-05", &model(OPEN, AVOIDED));
    git(&sandbox, "11-12", &["checkout", "-q", "-b", "topic"]);
    commit(&sandbox, "11-12", &model(MITIGATED, AVOIDED));
    git(&sandbox, "11-20", &["checkout", "-q", "main"]);
    sandbox.write("other.txt", "other\n");
    git(&sandbox, "11-19", &["add", "-A"]);
    git(&sandbox, "11-19", &["commit", "-q", "-m", "other"]);
    // Only here everybody has it, ten days after its ledger says.
    git(&sandbox, "11-20", &["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
    sandbox
}

/// The part of a page that is about git.
fn about_git(picture: &str) -> String {
    picture.split_once("\nIn git\n").map_or(picture, |(_, rest)| rest).to_owned()
}

#[test]
fn ledger_and_git_side_by_side() {
    let sandbox = history();
    let text = sandbox.read("shop.tm.ron");
    // What nobody has committed git cannot tell of.
    let third = "        \"system:own.d.new\": (severity: High, opened: \"2026-11-21\", title: \"New\"),\n    },\n)";
    sandbox.write("shop.tm.ron", text.replace("    },\n)", third));
    let mut told = about_git(&sandbox.picture(&["metrics", "--git"]));
    let json: serde_json::Value =
        serde_json::from_slice(&sandbox.sconce(&["metrics", "--git", "--format", "json"]).stdout).unwrap();
    let _ = writeln!(told, "{:#}", json["git"]);
    insta::assert_snapshot!(told);
}

#[test]
fn a_shallow_clone_says_where_its_history_starts() {
    let sandbox = history();
    let from = format!("file://{}", sandbox.path("x").parent().unwrap().display());
    git(&sandbox, "11-21", &["clone", "-q", "--depth", "1", &from, "clone"]);
    let told = about_git(&sandbox.picture(&["metrics", "--git", "clone/shop.tm.ron"]));
    insta::assert_snapshot!(told);
}

#[test]
fn without_a_history_it_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", model(OPEN, ""));
    let mut told = sandbox.picture(&["metrics", "--git"]);
    git(&sandbox, "09-01", &["init", "-q", "-b", "main"]);
    told += &sandbox.picture(&["metrics", "--git"]);
    sandbox.write("other.txt", "other\n");
    git(&sandbox, "09-02", &["add", "other.txt"]);
    git(&sandbox, "09-02", &["commit", "-q", "-m", "other"]);
    told += &sandbox.picture(&["metrics", "--git"]);
    insta::assert_snapshot!(told);
}

fn json(sandbox: &Sandbox, file: &str) -> serde_json::Value {
    let out = sandbox.sconce(&["metrics", file, "--git", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&out.stderr)));
    value["git"].clone()
}

#[test]
fn a_renamed_file_keeps_its_history() {
    let sandbox = history();
    std::fs::create_dir_all(sandbox.path("models")).unwrap();
    git(&sandbox, "11-20", &["mv", "shop.tm.ron", "models/märkte.tm.ron"]);
    git(&sandbox, "11-20", &["commit", "-q", "-m", "rename"]);
    // On a branch, so that the merge brings the second new name; and with a change in it.
    git(&sandbox, "11-21", &["checkout", "-q", "-b", "names"]);
    git(&sandbox, "11-21", &["mv", "models/märkte.tm.ron", "now.tm.ron"]);
    commit_to(&sandbox, "now.tm.ron", "11-21", &model(MITIGATED, AVOIDED).replace("Shop", "Shops"));
    git(&sandbox, "11-21", &["checkout", "-q", "main"]);
    git(&sandbox, "11-22", &["merge", "-q", "--no-ff", "-m", "merge", "names"]);
    // Another model begins with its own first version, though it is a copy.
    std::fs::copy(sandbox.path("now.tm.ron"), sandbox.path("copy.tm.ron")).unwrap();
    git(&sandbox, "11-22", &["add", "-A"]);
    git(&sandbox, "11-22", &["commit", "-q", "-m", "copy"]);
    let told = about_git(&sandbox.picture(&["metrics", "now.tm.ron", "--git"]));
    let (now, copy) = (json(&sandbox, "now.tm.ron"), json(&sandbox, "copy.tm.ron"));
    let days = |value: &serde_json::Value| -> Vec<String> {
        value["versions"].as_array().unwrap().iter().map(|v| v["on"].as_str().unwrap()[5..].to_owned()).collect()
    };
    assert_eq!(days(&now), ["09-10", "10-03", "10-20", "11-05", "11-20", "11-20", "11-22"]);
    assert_eq!((days(&copy), &copy["former"]), (vec!["11-22".to_owned()], &serde_json::json!([])));
    assert_eq!(now["agreed"], 2);
    insta::assert_snapshot!(format!("{told}{:#}", now["former"]));
    // A run that was recorded under the former name is one of this model.
    sandbox.write(
        "runs.jsonl",
        super::super::runs::line("11-20", &serde_json::json!({ "file": "models/märkte.tm.ron" })).to_string(),
    );
    let runs = |more: &[&str]| {
        let args = ["metrics", "now.tm.ron", "--runs", "runs.jsonl", "--format", "json"];
        let out = sandbox.sconce(&[&args, more].concat());
        let value: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        (value["runs"]["gate"]["n"].as_u64(), value["runs"]["others"].as_u64())
    };
    assert_eq!((runs(&["--git"]), runs(&[])), ((Some(1), Some(0)), (Some(0), Some(1))));
}

#[test]
fn a_file_that_was_taken_away_and_came_back_under_its_name_is_one_file() {
    let sandbox = history();
    git(&sandbox, "11-21", &["rm", "-q", "shop.tm.ron"]);
    git(&sandbox, "11-21", &["commit", "-q", "-m", "gone"]);
    commit(&sandbox, "11-22", &model(MITIGATED, AVOIDED));
    let states: Vec<String> = json(&sandbox, "shop.tm.ron")["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["read", "read", "unreadable", "read", "read", "removed", "read"]);
}

/// A model with one open threat, opened on a day of November.
fn one(opened: i8) -> ThreatModel {
    let threat = Threat { opened: Some(november(opened)), ..Threat::default() };
    ThreatModel { threats: [(ThreatKey::parse("system:own.s.forged").unwrap(), threat)].into(), ..Default::default() }
}

fn november(day: i8) -> Date {
    Date::new(2026, 11, day).unwrap()
}

fn version(day: i8, content: Content) -> Snapshot {
    Snapshot { on: november(day), commit: day.to_string(), content }
}

fn with(model: &ThreatModel) -> Content {
    let briefs = model.threats.iter().map(|(key, threat)| (key.clone(), Brief::of(threat)));
    Content::Model(std::sync::Arc::new(briefs.collect()))
}

#[test]
fn git_is_asked_only_what_it_can_know() {
    let empty = || with(&ThreatModel::default());
    let judged = |opened: i8, versions: &[Snapshot]| {
        let Compared { disagreements, agreed, unknown } = compare(&one(opened), versions, november(30));
        assert!(disagreements.iter().all(|d| (d.matter, d.ledger) == (Matter::Opened, november(opened))));
        (disagreements.len(), agreed, unknown)
    };
    let then = || with(&one(1));
    let known = [version(5, empty()), version(10, then())];
    // A day is no difference; two are.
    assert_eq!([9, 10, 11].map(|day| judged(day, &known)), [(0, 1, 0); 3]);
    assert_eq!([8, 12].map(|day| judged(day, &known)), [(1, 0, 0); 2]);
    // The history begins with it: earlier cannot be known, later is wrong.
    let begins = [version(10, then())];
    assert_eq!([1, 10, 12].map(|day| judged(day, &begins)), [(0, 0, 1), (0, 1, 0), (1, 0, 0)]);
    // It may have been in what cannot be read.
    let broken = [version(2, empty()), version(5, Content::Unreadable), version(10, then())];
    assert_eq!([2, 4, 7, 12].map(|day| judged(day, &broken)), [(1, 0, 0), (0, 1, 0), (0, 1, 0), (1, 0, 0)]);
    // Nothing committed has it.
    assert_eq!(judged(10, &[version(5, empty()), version(9, Content::Removed)]), (0, 0, 1));
}
