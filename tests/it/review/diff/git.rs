//! The verb with a real git: commits, branches, renamed files, and what it says when it cannot compare.

use std::process::Output;

use insta::assert_snapshot;

use super::{SHOP, edited};
use crate::sandbox::Sandbox;

/// A repository in a sandbox.
struct Git(Sandbox);

impl Git {
    fn new() -> Self {
        let git = Self(Sandbox::new());
        git.run(&["init", "-q", "-b", "main"]);
        git
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut git = self.0.command("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]).args(args);
        let output = git.output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn commit(&self, name: &str, text: &str) {
        self.0.write(name, text);
        self.run(&["add", "-A"]);
        self.run(&["commit", "-q", "-m", "change"]);
    }
}

#[test]
fn the_work_tree_commits_and_branches_are_compared() {
    let git = Git::new();
    let name = "mein Modell/Lädchen.tm.ron";
    git.commit(name, SHOP);
    git.run(&["branch", "old"]);
    git.run(&["checkout", "-q", "-b", "other"]);
    git.commit(name, &edited(&[("trust: 60", "trust: 20")]));
    git.run(&["checkout", "-q", "main"]);
    git.commit(name, &edited(&[("status: Planned", "status: Implemented")]));
    git.0.write("notes", "");
    git.0.write(name, edited(&[("status: Planned", "status: Implemented"), ("\"Order\"", "\"Orders\"")]));
    let all = [
        git.0.picture(&["diff", name]),
        git.0.picture(&["diff", "old", name]),
        git.0.picture(&["diff", "old", "HEAD", name]),
        git.0.picture(&["diff", "main..other", name]),
        git.0
            .picture(&["diff", "main...other", name])
            .replace(&String::from_utf8(git.run(&["rev-parse", "old"]).stdout).unwrap()[..10], "[old]"),
        git.0.picture(&["diff", "nobody", name]),
        git.0.picture(&["diff", "a", "b", "c", name]),
        git.0.picture(&["diff", "../work/notes", name]),
        git.0.picture(&["diff", "old", "none.tm.ron"]),
    ];
    assert_snapshot!("git", all.join("\n"));
    let json = git.0.sconce(&["diff", name, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["model"], name);
    assert_eq!(json["system"][0]["fields"][0]["before"], "Order");
}

#[test]
fn a_commit_whose_name_begins_with_a_dash_is_no_option() {
    let git = Git::new();
    git.commit("shop.tm.ron", SHOP);
    git.run(&["update-ref", "refs/tags/--output=x", "HEAD"]);
    git.0.write("shop.tm.ron", edited(&[("trust: 60", "trust: 20")]));
    let mut command = git.0.command(env!("CARGO_BIN_EXE_sconce"));
    let output = command.args(["--now", "2026-11-23", "diff", "--", "--output=x"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(String::from_utf8_lossy(&output.stdout).contains("trust: 60 → 20"));
    assert_eq!(output.status.code(), Some(1));
    assert!(!git.0.path("x").exists());
}

#[test]
fn a_file_is_followed_under_its_former_name_or_is_new() {
    let git = Git::new();
    git.commit("alt.tm.ron", SHOP);
    git.run(&["mv", "alt.tm.ron", "neu.tm.ron"]);
    let renamed = git.0.picture(&["diff"]);
    git.0.write("neu.tm.ron", edited(&[("trust: 60", "trust: 20")]));
    let changed = git.0.picture(&["diff"]);
    git.run(&["commit", "-qam", "renamed"]);
    let committed = git.0.picture(&["diff", "HEAD~1", "HEAD"]);
    git.0.write(
        "fresh.tm.ron",
        "ThreatModel(format: (1, 0), system: (name: \"F\"), elements: {\"a\": Process(name: \"A\")})",
    );
    let fresh = git.0.picture(&["diff", "fresh.tm.ron"]);
    std::fs::remove_file(git.0.path("fresh.tm.ron")).unwrap();
    git.run(&["rm", "-q", "neu.tm.ron"]);
    git.run(&["commit", "-qm", "gone"]);
    let gone = git.0.picture(&["diff", "HEAD~1", "HEAD", "neu.tm.ron"]);
    let gone = gone.lines().take(4).chain(gone.lines().rev().take(2)).collect::<Vec<_>>().join("\n");
    assert_snapshot!("former_names", [renamed, changed, committed, fresh, gone].join("\n"));
}

/// What a picture begins and ends with.
fn ends(picture: &str) -> String {
    picture.lines().take(3).chain(picture.lines().rev().take(2)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_model_that_was_deleted_is_told_to_be_gone() {
    let git = Git::new();
    git.commit("deep/er/shop.tm.ron", SHOP);
    git.run(&["checkout", "-q", "-b", "topic"]);
    std::fs::remove_file(git.0.path("deep/er/shop.tm.ron")).unwrap();
    let removed = git.0.picture(&["diff"]);
    git.run(&["add", "-A"]);
    git.run(&["commit", "-qm", "gone"]);
    std::fs::remove_dir_all(git.0.path("deep")).unwrap();
    let named = git.0.picture(&["diff", "main", "deep/er/shop.tm.ron"]);
    let comment = git.0.picture(&["diff", "main", "--format", "markdown"]);
    let told = [ends(&removed), ends(&git.0.picture(&["diff", "main"])), ends(&named), ends(&comment)];
    // HEAD had none that could be gone, and this one never was.
    let none = [git.0.picture(&["diff"]), git.0.picture(&["diff", "main", "deep/other.tm.ron"])];
    assert_snapshot!("gone", told.iter().chain(&none).cloned().collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn which_of_several_models_is_gone_has_to_be_said() {
    let git = Git::new();
    git.commit("a/one.tm.ron", SHOP);
    git.commit("b/two.tm.ron", &edited(&[("trust: 60", "trust: 20")]));
    git.run(&["rm", "-q", "a/one.tm.ron", "b/two.tm.ron"]);
    let several = git.0.picture(&["diff"]);
    git.run(&["reset", "-q", "--hard"]);
    // What was only moved is not gone.
    git.run(&["mv", "a/one.tm.ron", "b/three.tm.ron"]);
    let moved = [git.0.picture(&["diff"]), git.0.picture(&["diff", "a/one.tm.ron"])];
    assert_snapshot!("gone_or_moved", [several, moved.join("\n")].join("\n"));
}

#[test]
fn where_nothing_was_before_everything_is_new() {
    let git = Git::new();
    git.commit("shop.tm.ron", SHOP);
    let zeros = "0".repeat(40);
    let new = git.0.picture(&["diff", &zeros]);
    assert!(new.contains("nothing was before: everything is new\n") && new.ends_with("--- exit 1\n"), "{new}");
    let told = |args: &[&str]| {
        let out = git.0.sconce(&[&["diff", "--format", "json"], args].concat());
        let value: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        (value["before"].clone(), value["system"].as_array().unwrap().len())
    };
    let all = told(&[&zeros]);
    assert!(all.0 == "nothing" && all.1 > 5, "{all:?}");
    for args in [
        &[""][..],
        &["", "shop.tm.ron"],
        &[&"0".repeat(64)],
        &[&format!("{zeros}..HEAD")],
        &[&format!("{zeros}...HEAD")],
    ] {
        assert_eq!(told(args), all, "{args:?}");
    }
}

#[test]
fn what_cannot_be_compared_is_said_with_the_way_out() {
    let outside = Sandbox::new();
    outside.write("shop.tm.ron", SHOP);
    let bare = Sandbox::new();
    bare.command("git").args(["init", "-q", "--bare"]).status().unwrap();
    bare.write("shop.tm.ron", SHOP);
    let empty = Git::new();
    empty.0.write("shop.tm.ron", SHOP);
    let broken = Git::new();
    broken.commit("shop.tm.ron", &SHOP.replace("trust: 60,", "trust: 60,\n<<<<<<< ours\n"));
    broken.0.write("shop.tm.ron", SHOP);
    // What a team's own vocabulary knows is no reason not to read a model, nor are rules that cannot be read.
    let team = Git::new();
    team.commit("shop.tm.ron", &SHOP.replace("\"rate_limit\": \"absent\"", "\"acme_level\": \"7\""));
    team.0.write(".sconce/rules/broken.ron", "(");
    team.0.write("shop.tm.ron", SHOP.replace("\"rate_limit\": \"absent\"", "\"acme_level\": \"8\""));
    let mut without = outside.command(env!("CARGO_BIN_EXE_sconce"));
    let output =
        without.env("PATH", "/nonexistent").args(["--as", "t", "--now", "2026-11-23", "diff"]).output().unwrap();
    let all = [
        outside.picture(&["diff"]),
        bare.picture(&["diff"]),
        empty.0.picture(&["diff"]),
        broken.0.picture(&["diff"]),
        team.0.picture(&["diff"]),
        String::from_utf8_lossy(&output.stderr).into_owned(),
        outside.picture(&["diff", "shop.tm.ron", "other.tm.ron"]),
    ];
    assert_snapshot!("refused", all.join("\n"));
}
