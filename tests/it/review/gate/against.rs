//! Comparing with an earlier model, in real repositories.

use insta::assert_snapshot;

use super::recorded;
use crate::cli::SMALL;
use crate::sandbox::Sandbox;

fn git(sandbox: &Sandbox, args: &[&str]) {
    let names = [
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@b"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@b"),
    ];
    let days = [("GIT_AUTHOR_DATE", "2026-11-20T00:00:00Z"), ("GIT_COMMITTER_DATE", "2026-11-20T00:00:00Z")];
    let output = sandbox.command("git").envs(names).envs(days).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(sandbox: &Sandbox) {
    git(sandbox, &["add", "-A"]);
    git(sandbox, &["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// The recorded small model in a repository, on a branch that begins at `main`.
fn branch() -> Sandbox {
    let sandbox = recorded();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "feature"]);
    sandbox
}

/// A picture without the commit that a review would be of.
fn without_head(sandbox: &Sandbox, picture: &str) -> String {
    let head = sandbox.command("git").args(["rev-parse", "HEAD"]).output().unwrap();
    picture.replace(&String::from_utf8(head.stdout).unwrap()[..12], "[head]")
}

const NEW_ONLY: [&str; 4] = ["gate", "--against", "main", "--new-only"];

/// A second thing that can be flooded.
fn second(text: &str) -> String {
    let text = text.replace(
        "    flows: {\n",
        "    flows: {\n        \"ask\": (\n            name: \"ask\",\n            from: \"customer\",\n            to: \"api\",\n            \
         facts: {\n                \"net\": \"internet\",\n            },\n        ),\n",
    );
    text.replace(
        "        \"customer\": Ext",
        "        \"api\": Process(\n            name: \"API\",\n            tech: [\"nodejs\"],\n            facts: {\n                \
         \"rate_limit\": \"absent\",\n            },\n        ),\n        \"customer\": Ext",
    )
}

#[test]
fn only_what_is_new_fails() {
    let sandbox = branch();
    let same = sandbox.picture(&NEW_ONLY);
    assert!(same.ends_with("--- exit 0\n"), "{same}");
    sandbox.write("shop.tm.ron", second(&sandbox.read("shop.tm.ron")));
    sandbox.sconce(&["update"]);
    let new = sandbox.picture(&NEW_ONLY);
    assert!(new.ends_with("--- exit 1\n"), "{new}");
    let all = sandbox.picture(&["gate", "--against", "main"]);
    assert_snapshot!("new_only", without_head(&sandbox, &[same, new, all].join("\n")));
}

#[test]
fn what_was_decided_before_and_is_not_any_more_is_new() {
    let sandbox = recorded();
    let open = sandbox.read("shop.tm.ron");
    let accepted = "status: Accepted(reason: \"the edge limits it\", approver: \"li\", expires: \"2027-01-31\")";
    let text = open.replace("be flooded\"", &format!("be flooded\", {accepted}"));
    assert_ne!(text, open);
    sandbox.write("shop.tm.ron", text);
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox);
    assert_eq!(sandbox.sconce(&NEW_ONLY).status.code(), Some(0));
    sandbox.write("shop.tm.ron", open);
    assert_eq!(sandbox.sconce(&NEW_ONLY).status.code(), Some(1));
}

#[test]
fn what_is_worse_than_before_is_new() {
    let sandbox = branch();
    let text = sandbox.read("shop.tm.ron");
    let worse =
        text.replace("be flooded\"", "be flooded\", override: (severity: Critical, reason: \"it is the shop\")");
    assert_ne!(text, worse);
    sandbox.write("shop.tm.ron", worse);
    assert_eq!(sandbox.sconce(&NEW_ONLY).status.code(), Some(1));
    // More of what was too much before is worse, too.
    sandbox.write("shop.tm.ron", &text);
    sandbox.write("threat-policy.ron", super::only("max_open: (severity: Critical, counts: {High: 0})"));
    assert_eq!(sandbox.sconce(&NEW_ONLY).status.code(), Some(0));
    sandbox.write("shop.tm.ron", second(&text));
    assert_eq!(sandbox.sconce(&NEW_ONLY).status.code(), Some(1));
}

#[test]
fn a_renamed_element_and_a_renamed_file_are_the_same_as_before() {
    let sandbox = branch();
    assert!(sandbox.sconce(&["rename", "shop", "storefront"]).status.success());
    git(&sandbox, &["mv", "shop.tm.ron", "store.tm.ron"]);
    commit(&sandbox);
    let picture = sandbox.picture(&NEW_ONLY);
    assert!(picture.contains("where it was shop.tm.ron") && picture.ends_with("--- exit 0\n"), "{picture}");
}

#[test]
fn the_comparison_is_with_where_the_branch_began() {
    let sandbox = branch();
    git(&sandbox, &["checkout", "-q", "main"]);
    let before = sandbox.read("shop.tm.ron");
    // The main branch closes the threat meanwhile; that makes it no news on this branch.
    sandbox.write("shop.tm.ron", before.replace("\"absent\"", "\"present\""));
    sandbox.sconce(&["update"]);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "feature"]);
    assert_eq!(sandbox.read("shop.tm.ron"), before);
    assert_eq!(sandbox.sconce(&NEW_ONLY).status.code(), Some(0));
}

#[test]
fn histories_without_a_common_beginning_are_compared_as_they_are() {
    let sandbox = branch();
    git(&sandbox, &["checkout", "-q", "--orphan", "anew"]);
    // Or it would be the very commit that the other branch begins with.
    sandbox.write("README.md", "anew");
    commit(&sandbox);
    let picture = sandbox.picture(&NEW_ONLY);
    assert!(picture.contains(") itself, as no history is known that both have\n"), "{picture}");
    assert!(picture.ends_with("--- exit 0\n"), "{picture}");
}

#[test]
fn a_shallow_clone_is_told_how_to_get_the_rest() {
    let sandbox = branch();
    sandbox.write("README.md", "more");
    commit(&sandbox);
    let from = format!("file://{}", sandbox.path("x").parent().unwrap().display());
    git(&sandbox, &["clone", "-q", "--depth", "1", "--branch", "feature", &from, "clone"]);
    let picture = sandbox.picture(&["gate", "clone/shop.tm.ron", "--against", "origin/main"]);
    assert!(picture.contains("the clone is shallow; fetch the history first"), "{picture}");
    assert!(picture.ends_with("--- exit 2\n"), "{picture}");
}

#[test]
fn where_there_was_no_model_what_is_there_is_the_starting_point() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write("README.md", "the shop");
    commit(&sandbox);
    sandbox.write("shop.tm.ron", SMALL);
    let first = [sandbox.picture(&NEW_ONLY), sandbox.picture(&["gate", "--against", "main"])];
    let first = first.map(|picture| without_head(&sandbox, &picture));
    assert!(first[0].ends_with("--- exit 0\n") && first[1].ends_with("--- exit 1\n"), "{first:?}");
    let json = String::from_utf8(sandbox.sconce(&["gate", "--against", "main", "--format", "json"]).stdout).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["had_before"], &json["counts"]["new"]), (&false.into(), &0.into()));
    sandbox.write("shop.tm.ron", "ThreatModel(");
    commit(&sandbox);
    sandbox.write("shop.tm.ron", SMALL);
    let broken = sandbox.picture(&NEW_ONLY);
    assert!(broken.ends_with("--- exit 0\n"), "{broken}");
    let pictures = [first.join("\n"), broken].join("\n");
    assert_snapshot!("starting_point", pictures);
}

/// What jobs of CI give for a branch that is pushed for the first time, and for a run that no push started.
#[test]
fn where_the_job_says_that_nothing_was_before_what_is_there_is_the_starting_point() {
    let sandbox = branch();
    let gate = |name: &str, more: &[&str]| sandbox.picture(&[&["gate", "--against", name], more].concat());
    for zeros in [&"0".repeat(40), &"0".repeat(64), ""] {
        let picture = gate(zeros, &["--new-only"]);
        let told = "; --against names no commit: what is there now is the starting point\n";
        assert!(picture.contains(told) && picture.ends_with("--- exit 0\n"), "{picture}");
        assert!(gate(zeros, &[]).ends_with("--- exit 1\n"));
        let json = sandbox.sconce(&["gate", "--against", zeros, "--format", "json"]).stdout;
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!((&json["had_before"], &json["counts"]["new"]), (&false.into(), &0.into()));
    }
    // Something else of zeros is a name as any other.
    assert!(gate("0000000", &["--new-only"]).ends_with("--- exit 2\n"));
}

#[test]
fn what_git_does_not_know_is_said() {
    let sandbox = branch();
    let unknown = sandbox.picture(&["gate", "--against", "origin/main", "--new-only"]);
    let option = sandbox.picture(&["gate", "--against=--help"]);
    let alone = sandbox.picture(&["gate", "--new-only"]);
    let outside = recorded().picture(&["gate", "--against", "main"]);
    assert_snapshot!("against_refused", [unknown, option, alone, outside].join("\n"));
}

/// A model that nobody changed is not judged twice; the answer is the one that judging it again would give.
#[test]
fn a_model_that_is_the_same_is_compared_as_if_it_were_judged_again() {
    let sandbox = branch();
    let text = sandbox.read("shop.tm.ron");
    for more in [&["--against", "HEAD"][..], &["--against", "HEAD", "--new-only"], &["--against", "HEAD", "--explain"]]
    {
        let told = || {
            let args = [&["gate", "--exit-zero", "--format", "json"], more].concat();
            String::from_utf8(sandbox.sconce(&args).stdout).unwrap()
        };
        sandbox.write("shop.tm.ron", &text);
        let same = told();
        // The text is another one, and nothing in it moves.
        sandbox.write("shop.tm.ron", format!("{text}// a comment\n"));
        assert_eq!(told(), same, "{more:?}");
        assert!(same.contains("\"had_before\": true") && !same.contains("\"new\": true"), "{same}");
    }
}
