//! The files of docs/ci: every command in them is run on a real branch, and the hook stops what it should. What other
//! programs make of the files is not tested here.

use std::path::Path;
use std::process::Output;

use crate::sandbox::{Sandbox, TODAY};

const FILES: [(&str, usize); 4] =
    [("github-actions.yml", 5), ("gitlab-ci.yml", 7), ("pre-commit-hooks.yaml", 1), ("pre-commit", 0)];

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci").join(name)).unwrap()
}

/// The commands of a file that call us, and those that carry our notes.
fn commands(name: &str) -> Vec<String> {
    let text = text(name);
    let bare = |line: &str| {
        let line = line.trim().trim_start_matches("- ").trim_start_matches("run: ").trim_start_matches("entry: ");
        let is_ours = line.starts_with("sconce ") || line.to_lowercase().contains("notes") && !line.starts_with('#');
        let is_command = is_ours && ["sconce ", "git ", "sh "].iter().any(|word| line.starts_with(word));
        is_command.then(|| line.split(" #").next().unwrap_or_default().to_owned())
    };
    text.lines().filter_map(bare).collect()
}

/// Runs a line of shell with the program on the path.
fn shell(sandbox: &Sandbox, line: &str, base: &str) -> Output {
    let bin = Path::new(env!("CARGO_BIN_EXE_sconce")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut sh = sandbox.command("sh");
    for who in ["AUTHOR", "COMMITTER"] {
        sh.env(format!("GIT_{who}_NAME"), "ana").env(format!("GIT_{who}_EMAIL"), "ana@example.org");
    }
    sh.env("PATH", path).env("BASE", base).env("NOTES_REMOTE", "../origin").args(["-c", line]).output().unwrap()
}

fn must(sandbox: &Sandbox, line: &str) -> String {
    let out = shell(sandbox, line, "");
    assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

/// A repository with a model on `main` and a change on `topic`.
fn repository() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let model =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/storefront.tm.ron")).unwrap();
    sandbox.write("shop.tm.ron", &model);
    must(
        &sandbox,
        &format!(
            "git init -q -b main . && sconce update --as ana --now {TODAY} && git add -A && git commit -q -m base"
        ),
    );
    let base = must(&sandbox, "git rev-parse HEAD");
    let changed = sandbox.read("shop.tm.ron").replace("name: \"Mailer\"", "name: \"Mail worker\"");
    sandbox.write("shop.tm.ron", changed);
    must(
        &sandbox,
        &format!("sconce update --as ana --now {TODAY} && git checkout -q -b topic && git commit -q -a -m topic"),
    );
    must(&sandbox, "git init -q --bare ../origin && git remote add origin ../origin && git push -q origin topic");
    sandbox.write("docs/ci/push-notes", text("push-notes"));
    (sandbox, base)
}

#[test]
fn every_command_of_the_files_runs() {
    let (sandbox, base) = repository();
    for (name, least) in FILES {
        let commands = commands(name);
        assert!(commands.len() >= least, "{name}: {commands:?}");
        for command in commands {
            let out = shell(&sandbox, &command, &base);
            let said = String::from_utf8_lossy(&out.stderr);
            assert!(out.status.success(), "{name}: {command}: {:?}\n{said}", out.status.code());
        }
    }
    for report in ["gate.sarif", "gate.xml", "gl-code-quality.json", "comment.md"] {
        assert!(!sandbox.read(report).is_empty(), "{report}");
    }
    // Both jobs recorded a run, and one of them pushed it.
    assert_eq!(sandbox.read("runs.jsonl").lines().count(), 2);
    let notes = must(&sandbox, "git --git-dir ../origin notes --ref sconce show topic");
    assert_eq!(notes.lines().count(), 1, "{notes}");
    assert!(sandbox.read("comment.md").contains("Mail worker"), "{}", sandbox.read("comment.md"));
}

#[test]
fn the_hook_stops_a_broken_model_only() {
    let (sandbox, _) = repository();
    sandbox.write(".git/hooks/pre-commit", text("pre-commit"));
    must(&sandbox, "chmod +x .git/hooks/pre-commit");
    sandbox.write("notes.txt", "no model\n");
    must(&sandbox, "git add -A && git commit -q -m notes");
    let fine = sandbox.read("shop.tm.ron");
    sandbox.write("shop.tm.ron", fine.replacen("ThreatModel(", "ThreatModel(\n    planets: 9,", 1));
    let stopped = shell(&sandbox, "git commit -q -a -m broken", "");
    assert!(!stopped.status.success() && String::from_utf8_lossy(&stopped.stderr).contains("planets"));
    sandbox.write("shop.tm.ron", fine.replace("// the auditors look", "// auditors look"));
    must(&sandbox, "git commit -q -a -m comment");
}

/// Two jobs on one commit, the second of which does not know of the first.
#[test]
fn the_notes_of_a_quicker_job_are_kept() {
    let (sandbox, _) = repository();
    let clone = |name: &str| {
        must(
            &sandbox,
            &format!(
                "git clone -q -b topic file://$PWD/../origin {name} && cd {name} && sconce gate --exit-zero --record note"
            ),
        );
    };
    clone("one");
    clone("two");
    for name in ["one", "two", "two"] {
        // As in a job, where nobody has a name.
        must(
            &sandbox,
            &format!(
                "cd {name} && env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL -u GIT_COMMITTER_NAME -u GIT_COMMITTER_EMAIL sh ../docs/ci/push-notes"
            ),
        );
        must(&sandbox, &format!("cd {name} && sconce gate --exit-zero --record note --now 2026-11-2{}", name.len()));
    }
    must(&sandbox, "cd one && git fetch -q origin '+refs/notes/sconce:refs/notes/sconce'");
    let told = must(&sandbox, "cd one && sconce metrics --git --format json --now 2026-12-31");
    let value: serde_json::Value = serde_json::from_str(&told).unwrap();
    // One run of each, and one of the second job between its two pushes.
    assert_eq!(value["runs"]["gate"]["n"], 3, "{}", value["runs"]);
}
