//! Recorded runs of the gate: what is recorded, how records grow, and the figures over them, worked out by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;
use proptest::prelude::*;
use sconce::model::Date;
use sconce::review::metrics::{RunWeek, Runs, Share};
use sconce::review::runs::{Looked, Part, Record, Run, joined};
use serde_json::{Value, json};

use crate::cli::{SMALL, small};
use crate::sandbox::{Sandbox, TODAY};

fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
    let mut git = sandbox.command("git");
    git.env("GIT_AUTHOR_DATE", "2026-11-20T12:00:00Z").env("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z");
    let out = git.args(who).args(args).output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A repository in which the small model is committed.
fn repository() -> Sandbox {
    let sandbox = small();
    assert!(sandbox.sconce(&["update"]).status.success());
    git(&sandbox, &["init", "-q", "-b", "main"]);
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-q", "-m", "model"]);
    sandbox
}

fn pretty(line: &str) -> String {
    let value: Value = serde_json::from_str(line).unwrap();
    format!("{value:#}\n").replace(env!("CARGO_PKG_VERSION"), "[version]")
}

#[test]
fn a_run_is_one_line() {
    let sandbox = repository();
    sandbox.write("threat-policy.ron", "(questions: (most: 1, level: Warn), sla: (level: Off))\n");
    let args = ["gate", "--exit-zero", "--record", "runs.jsonl"];
    let plain = sandbox.picture(&args[..2]);
    // What is printed is the same.
    assert_eq!(sandbox.picture(&args).replace(" --record runs.jsonl", ""), plain);
    let text = sandbox.read("runs.jsonl");
    assert_eq!((text.lines().count(), text.ends_with('\n')), (1, true));
    assert_snapshot!(pretty(&text));
    // What the model is called, and nothing that stands in it.
    assert!(!text.contains("no-rate-limit") && !text.contains("Customer"), "{text}");
    // The hash is that of the policy's text.
    let sum = sandbox.command("sha256sum").arg("threat-policy.ron").output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert!(text.contains(sum.split(' ').next().unwrap()), "{sum}");
}

#[test]
fn a_record_grows_line_by_line() {
    let sandbox = small();
    sandbox.write("runs.jsonl", "half a line");
    for reference in 0..2 {
        let status = sandbox.sconce(&["gate", "--record", "runs.jsonl"]).status;
        assert_eq!(status.code(), Some(1), "{reference}");
    }
    let text = sandbox.read("runs.jsonl");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[1]), (3, "half a line", lines[2]));
    let record = Record::read(&text);
    assert_eq!((record.runs.len(), record.wrong.len()), (2, 1));
    let run = &record.runs[0];
    // Without a repository nothing is known of one.
    assert_eq!((&run.commit, run.committed, &run.branch, run.file.as_str()), (&None, None, &None, "shop.tm.ron"));
}

/// Runs the gate many times at once.
fn at_once(sandbox: &Sandbox, times: usize, place: &str) {
    let gate = || {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
        command.args(["gate", "--exit-zero", "--record", place, "--as", "tester", "--now", TODAY]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let all: Vec<_> = (0..times).map(|_| gate()).collect();
    for one in all {
        let out = one.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{said}");
    }
}

#[test]
fn runs_at_the_same_time_do_not_get_into_each_other() {
    let sandbox = repository();
    for (times, place) in [(12, "runs.jsonl"), (6, "note")] {
        at_once(&sandbox, times, place);
        let note = || git(&sandbox, &["notes", "--ref", "sconce", "show", "HEAD"]);
        let text = if place == "note" { note() } else { sandbox.read(place) };
        let record = Record::read(&text);
        assert_eq!((record.runs.len(), record.wrong), (times, vec![]), "{place}: {text}");
    }
}

#[test]
fn a_note_needs_nobody_and_changes_nothing_else() {
    let sandbox = repository();
    sandbox.write("two.tm.ron", SMALL.replace("\"Shop\"", "\"Two\""));
    let before = (git(&sandbox, &["rev-parse", "HEAD"]), git(&sandbox, &["status", "--porcelain"]));
    for file in ["shop.tm.ron", "two.tm.ron", "shop.tm.ron"] {
        let out = sandbox.sconce(&["gate", file, "--exit-zero", "--record", "note"]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    assert_eq!(before, (git(&sandbox, &["rev-parse", "HEAD"]), git(&sandbox, &["status", "--porcelain"])));
    let author = || git(&sandbox, &["log", "-1", "--format=%an <%ae>, %cn <%ce>", "refs/notes/sconce"]);
    assert_eq!(author(), "sconce <sconce@localhost>, sconce <sconce@localhost>\n");
    let text = git(&sandbox, &["notes", "--ref", "sconce", "show", "HEAD"]);
    let runs = Record::read(&text).runs;
    let told: Vec<(&str, Option<bool>)> = runs.iter().map(|run| (run.file.as_str(), run.committed)).collect();
    // The second model was never committed.
    assert_eq!(told, [("shop.tm.ron", Some(true)), ("two.tm.ron", Some(false)), ("shop.tm.ron", Some(true))]);
    assert!(runs.iter().all(|run| run.commit.as_deref() == Some(before.0.trim())));
    assert!(runs.iter().all(|run| run.branch.as_deref() == Some("main")));
    // Who has a name for git keeps it.
    git(&sandbox, &["config", "user.name", "li"]);
    git(&sandbox, &["config", "user.email", "li@example.org"]);
    assert!(sandbox.sconce(&["gate", "shop.tm.ron", "--exit-zero", "--record", "note"]).status.success());
    assert!(author().starts_with("li <li@example.org>"), "{}", author());
}

#[test]
fn a_job_says_its_branch() {
    let sandbox = repository();
    git(&sandbox, &["checkout", "-q", "--detach"]);
    for (name, branch) in [("CI_COMMIT_REF_NAME", "topic"), ("GITHUB_HEAD_REF", "fork")] {
        let mut gate = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
        gate.env(name, branch).args(["gate", "--exit-zero", "--record", "runs.jsonl", "--as", "tester"]);
        assert!(gate.output().unwrap().status.success());
        let record = Record::read(&sandbox.read("runs.jsonl"));
        assert_eq!(record.runs.last().unwrap().branch.as_deref(), Some(branch));
    }
}

#[test]
fn a_run_that_is_not_recorded_is_told_beside_the_verdict() {
    let sandbox = repository();
    std::fs::create_dir_all(sandbox.path("folder")).unwrap();
    std::os::unix::fs::symlink("shop.tm.ron", sandbox.path("link")).unwrap();
    sandbox.write("read-only", "");
    let mut told = String::new();
    for places in [
        &["folder"][..],
        &["no/runs.jsonl"],
        &["/dev/null"],
        &["link"],
        &["shop.tm.ron"],
        &["runs.jsonl", "runs.jsonl"],
        &[""],
    ] {
        let args: Vec<&str> = places.iter().flat_map(|place| ["--record", place]).collect();
        told += &sandbox.picture(&[&["gate", "--exit-zero"], &args[..]].concat());
    }
    told += &sandbox.picture(&["gate", "--record", "a.xml", "--out", "junit=a.xml"]);
    let outside = small();
    told += &outside.picture(&["gate", "--record", "note"]);
    git(&outside, &["init", "-q", "-b", "main"]);
    told += &outside.picture(&["gate", "--record", "note"]);
    // The failures are shown in other tests.
    let kept = |line: &&str| {
        ["$ ", "sconce: ", "the verdict", "name a", "--- "].iter().any(|word| line.starts_with(word))
            || line.contains(": the policy is")
    };
    assert_snapshot!(told.lines().filter(kept).collect::<Vec<_>>().join("\n"));
    assert_eq!(sandbox.read("link"), sandbox.read("shop.tm.ron"));
}

/// A line of a record; what is not said is as little as can be.
pub(super) fn line(at: &str, more: &Value) -> Value {
    let mut value = json!({
        "schema": "sconce/run/1", "at": format!("2026-{at}T12:00:00Z"), "sconce": "0.1.0", "commit": null, "committed": null,
        "branch": null, "file": "shop.tm.ron", "pass": true, "against": null, "new_only": false,
        "policy": { "file": null, "sha256": null }, "rules": [], "open": {},
        "coverage": { "cells": { "part": 0, "of": 0 }, "elements": { "part": 0, "of": 0 }, "crossings": { "part": 0, "of": 0 } },
    });
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn rules(all: &[(&str, Option<bool>)]) -> Value {
    all.iter()
        .map(|(id, holds)| {
            let level = if holds.is_none() { "off" } else { "deny" };
            json!({ "id": id, "level": level, "holds": holds, "failures": usize::from(*holds == Some(false)) })
        })
        .collect()
}

fn cells(part: usize, of: usize) -> Value {
    json!({ "cells": { "part": part, "of": of }, "elements": { "part": 1, "of": 3 }, "crossings": { "part": 0, "of": 2 } })
}

/// Nine runs, of which seven are in November and of the shop.
fn november() -> String {
    let held = rules(&[("max-open", Some(true)), ("sla", Some(true)), ("questions", None), ("from-later", Some(true))]);
    let broken = rules(&[("max-open", Some(false)), ("sla", Some(true)), ("questions", Some(false))]);
    let other = json!({ "file": "threat-policy.ron", "sha256": "0" });
    let lines = [
        line("10-31", &json!({ "pass": false })), // before the window
        line("11-01", &json!({ "rules": held, "coverage": cells(5, 10) })),
        line("11-02", &json!({ "rules": broken, "pass": false, "coverage": cells(4, 10) })),
        line("11-09", &json!({ "rules": broken, "pass": false, "policy": other })),
        line("11-10", &json!({ "rules": held, "new_only": true, "against": "main", "coverage": cells(7, 12) })),
        line("11-16", &json!({ "rules": held, "coverage": cells(9, 12) })),
        line("11-16", &json!({ "rules": held, "file": "other.tm.ron", "pass": false })),
        line("11-24", &json!({ "rules": held, "coverage": cells(10, 12) })),
        line("11-30", &json!({ "rules": broken, "pass": false, "coverage": cells(8, 12) })),
    ];
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

fn day(text: &str) -> Date {
    format!("2026-{text}").parse().unwrap()
}

fn share(part: usize, whole: usize) -> Share {
    Share { part, whole }
}

#[test]
fn every_figure_is_as_worked_out_by_hand() {
    let record = Record::read(&november());
    assert_eq!(record.wrong, []);
    let runs = Runs::of(&record.runs, |file| file == "shop.tm.ron", day("11-01"), day("11-30"));
    // Seven runs, of which those of 2, 9 and 30 November failed.
    assert_eq!((runs.gate, runs.gate.per_mille()), (share(4, 7), Some(571)));
    assert_eq!((runs.outside, runs.others, runs.new_only, runs.policies), (1, 1, 1, 2));
    // `questions` was on in the three that failed only, and a rule that nobody knows yet comes last.
    let by_rule: Vec<(&str, Share)> = runs.rules.iter().map(|(id, share)| (id.as_str(), *share)).collect();
    let by_hand =
        [("max-open", share(4, 7)), ("sla", share(7, 7)), ("questions", share(0, 3)), ("from-later", share(4, 4))];
    assert_eq!(by_rule, by_hand);
    assert_eq!((runs.compliance, runs.compliance.per_mille()), (share(15, 21), Some(714)));
    let part = |part, of| Part { part, of };
    let looked = |cells| Some(Looked { cells, elements: part(1, 3), crossings: part(0, 2) });
    let week = |from, to, gate, looked| RunWeek { from: day(from), to: day(to), gate, looked };
    let weeks = [
        // Of two runs in a week the last one tells what had been looked at.
        week("11-01", "11-02", share(1, 2), looked(part(4, 10))),
        // Of a model without anything to look at it tells that.
        week("11-03", "11-09", share(0, 1), Some(Looked::default())),
        week("11-10", "11-16", share(2, 2), looked(part(9, 12))),
        week("11-17", "11-23", share(0, 0), None),
        week("11-24", "11-30", share(1, 2), looked(part(8, 12))),
    ];
    assert_eq!(runs.weeks, weeks);
}

#[test]
fn nothing_is_no_zero() {
    let runs = Runs::of(&[], |_| true, day("11-24"), day("11-30"));
    assert_eq!((runs.gate.per_mille(), runs.compliance.per_mille(), runs.policies), (None, None, 0));
    assert_eq!(runs.weeks.len(), 1);
}

#[test]
fn a_run_is_one_run_wherever_its_line_stands() {
    let of = |days: &[&str]| -> Vec<Run> {
        let text: Vec<String> = days.iter().map(|day| line(day, &json!({})).to_string()).collect();
        Record::read(&text.join("\n")).runs
    };
    let days =
        |runs: Vec<Run>| -> Vec<String> { runs.iter().map(|run| run.day().to_string()[5..].to_owned()).collect() };
    let all = joined(vec![of(&["11-03", "11-01", "11-01"]), of(&["11-01", "11-01", "11-01", "11-02"]), of(&[])]);
    assert_eq!(days(all), ["11-01", "11-02", "11-03"]);
}

/// As `cat` puts files together that overlap, or the same file twice.
#[test]
fn records_that_were_put_together_count_as_what_they_were_put_together_of() {
    let sandbox = small();
    let (one, two) = (line("11-20", &json!({})), line("11-21", &json!({ "pass": false })));
    let lines = format!("{one}\n{two}\n");
    sandbox.write("a.jsonl", &lines).write("b.jsonl", &lines).write("cat.jsonl", lines.repeat(2));
    let gate = |files: &[&str]| {
        let runs: Vec<&str> = files.iter().flat_map(|file| ["--runs", file]).collect();
        let out = sandbox.sconce(&[&["metrics", "--format", "json"], &runs[..]].concat());
        let value: Value = serde_json::from_slice(&out.stdout).unwrap();
        (value["runs"]["gate"]["n"].clone(), value["runs"]["gate"]["passed"].clone())
    };
    for files in [&["a.jsonl"][..], &["a.jsonl", "b.jsonl"], &["cat.jsonl"], &["cat.jsonl", "a.jsonl"]] {
        assert_eq!(gate(files), (json!(2), json!(1)), "{files:?}");
    }
}

#[test]
fn lines_that_are_no_runs_are_named_and_passed_over() {
    let sandbox = small();
    let sound = line("11-20", &json!({})).to_string();
    let too_much = json!({ "cells": { "part": 2, "of": 1 }, "elements": { "part": 0, "of": 0 }, "crossings": { "part": 0, "of": 0 } });
    let spoilt = [
        "<<<<<<< ours".to_owned(),
        String::new(),
        sound[..sound.len() / 2].to_owned(),
        sound.replace("run/1", "run/2"),
        sound.replace("run/1", "run/9\\u001b[31m"),
        sound.replace("sconce/run/1", "other/1"),
        "[]".to_owned(),
        sound.replace("T12:00:00Z", ""),
        sound.replace("\"pass\":true", "\"pass\":1"),
        line("11-20", &json!({ "coverage": too_much })).to_string(),
        sound.replace("\"rules\":[],", ""),
        sound.replace("\"file\":", "\"fiel\":1,\"file\":").replace("11-20", "11-21"), // a field of a later version
        sound,
    ];
    sandbox.write("odd\u{1b}.jsonl", spoilt.join("\r\n"));
    let told = sandbox.picture(&["metrics", "--days", "7", "--runs", "odd\u{1b}.jsonl"]);
    let (before, after) = told.split_once("Shop: ").unwrap();
    let after = after.split_once("\nRuns of the gate\n").unwrap().1;
    assert_snapshot!(format!("{before}…\n{after}").replace('\u{1b}', "[escape]"));
    assert!(!after.contains('\u{1b}'));
}

/// The figures over November, from two records that overlap and the notes.
#[test]
fn a_page_and_a_twin_for_programs() {
    let sandbox = repository();
    let text = november();
    let lines: Vec<&str> = text.lines().collect();
    sandbox.write("a.jsonl", lines[..6].join("\n"));
    sandbox.write("b.jsonl", lines[4..].join("\n"));
    let args =
        ["metrics", "--now", "2026-11-30", "--days", "30", "--runs", "a.jsonl", "--runs", "b.jsonl", "--as", "tester"];
    let run = |more: &[&str]| {
        let out = sandbox.command(env!("CARGO_BIN_EXE_sconce")).args(args).args(more).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let page = run(&[]);
    let page = page.split_once("\nRuns of the gate\n").unwrap().1;
    let value: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_snapshot!(format!("{page}\n{:#}", value["runs"]));
    for name in ["gate", "compliance", "coverage"] {
        assert!(value["formulas"][name].is_string(), "{name}");
    }
    // With --git the runs in notes count too.
    let mut gate = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
    gate.args(["gate", "--exit-zero", "--record", "note", "--now", "2026-11-29"]);
    assert!(gate.output().unwrap().status.success());
    let value: Value = serde_json::from_str(&run(&["--git", "--format", "json"])).unwrap();
    assert_eq!((&value["runs"]["gate"]["n"], &value["runs"]["records"].as_array().unwrap().len()), (&json!(8), &3));
}

#[test]
fn without_a_record_there_are_no_figures_over_one() {
    let sandbox = repository();
    for args in [&["metrics"][..], &["metrics", "--git"]] {
        let args = [args, &["--format", "json"]].concat();
        let value: Value = serde_json::from_slice(&sandbox.sconce(&args).stdout).unwrap();
        assert_eq!((&value["runs"], &value["formulas"]["gate"]), (&Value::Null, &Value::Null));
    }
    let missing = sandbox.sconce(&["metrics", "--runs", "nowhere.jsonl"]);
    assert_eq!(missing.status.code(), Some(2));
}

/// What the matrix shows, counted anew out of its JSON: elements that were looked at, flows over a boundary about which
/// something was decided, and one about which nothing was.
fn counted(sandbox: &Sandbox) -> (Looked, Option<String>) {
    let out = sandbox.sconce(&["coverage", "s.tm.ron", "--format", "json"]);
    let value: Value = serde_json::from_slice(&out.stdout).unwrap();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let cells = Part { part: number(&value["totals"]["settled"]), of: number(&value["totals"]["cells"]) };
    let rows = value["rows"].as_array().unwrap();
    let inside: BTreeMap<&str, &Value> = rows.iter().map(|row| (row["id"].as_str().unwrap(), &row["inside"])).collect();
    let document = sconce::file::read(&sandbox.read("s.tm.ron")).document.unwrap();
    let mut looked = Looked { cells, ..Looked::default() };
    let mut bare = None;
    for row in rows {
        let (id, cells) = (row["id"].as_str().unwrap(), row["cells"].as_array().unwrap());
        let states: Vec<&str> = cells.iter().map(|cell| cell["state"].as_str().unwrap()).collect();
        if states.iter().all(|state| ["flows", "not_applicable"].contains(state)) {
            continue;
        }
        if document.model().elements.keys().any(|key| key.as_str() == id) {
            looked.elements.of += 1;
            looked.elements.part += usize::from(!states.contains(&"waiting") && !states.contains(&"unseen"));
        }
        let Some((_, flow)) = document.model().flows.iter().find(|(key, _)| key.as_str() == id) else { continue };
        let ends = [&flow.from, &flow.to].map(|end| end.as_ref().map(|end| inside[end.as_str()]));
        if ends.iter().all(Option::is_some) && ends[0] != ends[1] {
            let decided = |cell: &Value| cell["threats"].as_u64() > cell["unsettled"].as_u64();
            let said = |cell: &Value| cell["reason"].as_str().is_some_and(|reason| reason.contains("says ana"));
            let is_decided = cells.iter().any(|cell| decided(cell) || said(cell));
            looked.crossings.of += 1;
            looked.crossings.part += usize::from(is_decided);
            bare = bare.or_else(|| (!is_decided).then(|| id.to_owned()));
        }
    }
    (looked, bare)
}

#[test]
fn coverage_is_counted_as_the_matrix_shows_it() {
    let sandbox = Sandbox::new();
    let model = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/storefront.tm.ron");
    sandbox.write("s.tm.ron", std::fs::read_to_string(model).unwrap());
    let mut all = Vec::new();
    for _ in 0..2 {
        assert!(sandbox.sconce(&["gate", "s.tm.ron", "--exit-zero", "--record", "runs.jsonl"]).status.success());
        let (looked, bare) = counted(&sandbox);
        assert_eq!(Record::read(&sandbox.read("runs.jsonl")).runs.last().unwrap().coverage, looked);
        // Somebody looks at a flow.
        let look = format!("    considered: {{\n        \"{}:T\": (verdict: NoThreat, by: \"ana\"),\n", bare.unwrap());
        sandbox.write("s.tm.ron", sandbox.read("s.tm.ron").replacen("    considered: {\n", &look, 1));
        all.push(looked);
    }
    assert!(all[0].crossings.part > 0 && all[1].crossings.part == all[0].crossings.part + 1, "{all:?}");
}

proptest! {
    /// Whatever a branch, a file or a policy is called, a run is one line, and what is read is what was written.
    #[test]
    fn what_is_written_is_read(name in any::<String>(), branch in proptest::option::of(any::<String>()), pass: bool, second in 0_i64..4_000_000_000) {
        let at = jiff::Timestamp::from_second(second).unwrap().to_string();
        let more = json!({ "at": at, "file": name, "branch": branch, "pass": pass, "open": { name.clone(): 3 } });
        let run = Record::read(&line("11-01", &more).to_string()).runs.pop().unwrap();
        prop_assert_eq!((&run.file, &run.branch, run.pass, run.at.as_second()), (&name, &branch, pass, second));
        let written = run.line();
        prop_assert_eq!(written.lines().count(), 1);
        let again = Record::read(&[&written, "\n", &written, "\n"].concat());
        prop_assert_eq!(again, Record { runs: vec![run.clone(), run], wrong: vec![] });
    }
}
