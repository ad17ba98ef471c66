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
    sandbox.write(".gitlab/push-notes", text("push-notes"));
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

/// A repository with the hook.
fn hooked() -> Sandbox {
    let (sandbox, _) = repository();
    sandbox.write(".git/hooks/pre-commit", text("pre-commit"));
    must(&sandbox, "chmod +x .git/hooks/pre-commit && git add -A && git commit -q -m hook");
    sandbox
}

/// What the hook says as it stops a commit.
fn stopped(sandbox: &Sandbox, line: &str) -> String {
    let out = shell(sandbox, line, "");
    assert!(!out.status.success(), "{line} was not stopped");
    String::from_utf8(out.stderr).unwrap()
}

#[test]
fn the_hook_stops_a_broken_model_only() {
    let sandbox = hooked();
    sandbox.write("notes.txt", "no model\n");
    must(&sandbox, "git add -A && git commit -q -m notes");
    let fine = sandbox.read("shop.tm.ron");
    sandbox.write("shop.tm.ron", fine.replacen("ThreatModel(", "ThreatModel(\n    planets: 9,", 1));
    assert!(stopped(&sandbox, "git commit -q -a -m broken").contains("planets"));
    sandbox.write("shop.tm.ron", fine.replace("// the auditors look", "// auditors look"));
    must(&sandbox, "git commit -q -a -m comment");
}

/// What is checked is the work tree, so that it has to be what is committed.
#[test]
fn the_hook_stops_what_is_not_staged_as_it_is() {
    let sandbox = hooked();
    let fine = sandbox.read("shop.tm.ron").replace("// the auditors look", "// auditors look");
    let broken = fine.replacen("flows: {", "flows {", 1);
    // Broken where it is staged, and mended after that; and the other way round.
    for (staged, here) in [(&broken, &fine), (&fine, &broken)] {
        sandbox.write("shop.tm.ron", staged);
        must(&sandbox, "git add shop.tm.ron");
        sandbox.write("shop.tm.ron", here);
        insta::assert_snapshot!("hook_not_staged", stopped(&sandbox, "git commit -q -m model"));
    }
    // Rules that are not staged would be asked all the same.
    sandbox.write("shop.tm.ron", &fine).write(".sconce/rules/tell me.ron", "(");
    must(&sandbox, "git add shop.tm.ron");
    assert!(stopped(&sandbox, "git commit -q -m model").contains("\n.sconce/rules/tell me.ron\n"));
    // The way out that it names; and what is no model's may wait.
    sandbox.write("notes.txt", "later\n");
    must(&sandbox, "git add notes.txt");
    sandbox.write("notes.txt", "even later\n");
    must(&sandbox, "git stash push -q --keep-index --include-untracked");
    sandbox.write("notes.txt", "even later\n");
    must(&sandbox, "git commit -q -m model && git stash drop -q");
    assert_eq!(must(&sandbox, "git show HEAD:shop.tm.ron"), fine.trim());
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
        // As in a job, where nobody has a name. That another job was quicker is nothing to be told.
        let out = shell(
            &sandbox,
            &format!(
                "cd {name} && env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL -u GIT_COMMITTER_NAME -u GIT_COMMITTER_EMAIL sh ../.gitlab/push-notes"
            ),
            "",
        );
        assert_eq!((out.status.success(), String::from_utf8(out.stderr).unwrap()), (true, String::new()));
        must(&sandbox, &format!("cd {name} && sconce gate --exit-zero --record note --now 2026-11-2{}", name.len()));
    }
    must(&sandbox, "cd one && git fetch -q origin '+refs/notes/sconce:refs/notes/sconce'");
    let told = must(&sandbox, "cd one && sconce metrics --git --format json --now 2026-12-31");
    let value: serde_json::Value = serde_json::from_str(&told).unwrap();
    // One run of each, and one of the second job between its two pushes.
    assert_eq!(value["runs"]["gate"]["n"], 3, "{}", value["runs"]);
    // A push that fails for good is told in git's own words.
    must(&sandbox, "git --git-dir ../origin config receive.maxInputSize 1");
    let refused = shell(&sandbox, "cd one && git notes --ref sconce append -m x && sh ../.gitlab/push-notes", "");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("error: failed to push"), "{said}");
}

/// A step of the job at GitHub.
struct Step {
    head: String,
    script: Option<String>,
}

/// The steps of the job, with what makes them run.
fn steps() -> Vec<Step> {
    let text = text("github-actions.yml");
    let parts = text.split("\n      - ").skip(1).map(|part| part.trim_start_matches("name: ").to_owned());
    let step = |part: String| {
        let (head, run) = part.split_once("\n        run: ").map_or((&*part, None), |(head, run)| (head, Some(run)));
        let script = run.map(|run| {
            let lines = run.trim_start_matches("|\n").lines();
            lines.map(|line| line.strip_prefix("          ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
        });
        Step { head: head.to_owned(), script }
    };
    parts.map(step).collect()
}

impl Step {
    /// What is asked before it runs; after a red step nothing runs that does not ask for it.
    fn runs(&self, sandbox: &Sandbox, is_red: bool) -> bool {
        let asks = self.head.split_once("\n        if: ").map_or("", |(_, asks)| asks.lines().next().unwrap());
        let file = asks.split_once("hashFiles('").map(|(_, file)| file.split('\'').next().unwrap());
        (!is_red || asks.contains("!cancelled()")) && file.is_none_or(|file| sandbox.path(file).exists())
    }

    fn setting(&self, name: &str) -> Option<&str> {
        let (_, value) = self.head.split_once(&format!("          {name}: "))?;
        value.lines().next().map(|value| value.split(" #").next().unwrap())
    }
}

/// Does the job on what is checked out: the names of the steps that are red.
fn job(sandbox: &Sandbox, base: &str) -> Vec<String> {
    let mut red = Vec::new();
    for step in steps().iter().filter(|step| step.setting("fetch-depth").is_none()) {
        if !step.runs(sandbox, !red.is_empty()) {
            continue;
        }
        let is_fine = match &step.script {
            Some(script) => {
                let stubbed = format!("PATH=$PWD/stub:$PATH; COMMENTS=all COMMENT=one; set -e\n{script}");
                shell(sandbox, &stubbed, base).status.success()
            }
            // A file that is to be uploaded has to be there; where it is a run that was not kept, it is only told.
            None => step.setting("sarif_file").is_none_or(|file| sandbox.path(file).exists()),
        };
        if !is_fine {
            red.push(step.head.lines().next().unwrap().to_owned());
        }
    }
    red
}

#[test]
fn a_model_that_is_deleted_has_a_comment() {
    let (sandbox, base) = repository();
    sandbox.write("stub/gh", GH);
    must(&sandbox, "chmod +x stub/gh && git rm -q shop.tm.ron && git commit -q -m gone");
    assert!(job(&sandbox, &base).contains(&"what changed, as a comment".to_owned()));
    assert!(sandbox.read("comment.md").contains("work tree (no such file)"), "{}", sandbox.read("comment.md"));
    assert_eq!(
        sandbox.read("gh.log").lines().last(),
        Some("api --silent --method PATCH one/9 --field body=@comment.md")
    );
}

/// Stands for GitHub's own program: it knows two comments, and keeps what it is told to do.
const GH: &str = "#!/bin/sh
echo \"$*\" >> gh.log
case \"$*\" in
*--jq*) printf '7 <!-- sconce:diff other.tm.ron -->\\n9 <!-- sconce:diff shop.tm.ron -->\\n11 done\\n' ;;
esac
";

#[test]
fn a_job_reports_also_where_the_register_is_behind() {
    let (sandbox, base) = repository();
    sandbox.write("stub/gh", GH);
    must(&sandbox, "chmod +x stub/gh");
    assert_eq!(job(&sandbox, &base), Vec::<String>::new());
    for file in ["gate.sarif", "gate.xml", "comment.md"] {
        std::fs::remove_file(sandbox.path(file)).unwrap();
    }
    let fine = sandbox.read("shop.tm.ron");
    sandbox.write("shop.tm.ron", fine.replacen("\"enc\": \"tls\"", "\"enc\": \"none\"", 1));
    let red = job(&sandbox, &base);
    assert_eq!(red, ["the model is valid, and its register says what the rules say", "the policy is held"]);
    assert!(sandbox.read("gate.sarif").contains("register:"), "{}", sandbox.read("gate.sarif"));
    // What is no model was not judged, and there is no report to look for.
    std::fs::remove_file(sandbox.path("gate.sarif")).unwrap();
    sandbox.write("shop.tm.ron", fine.replacen("flows: {", "flows {", 1));
    let red = job(&sandbox, &base);
    assert!(!red.contains(&"alerts of code scanning".to_owned()) && red.len() == 3, "{red:?}");
}

#[test]
fn a_comment_takes_the_place_of_the_one_about_the_same_model() {
    let (sandbox, base) = repository();
    sandbox.write("stub/gh", GH);
    must(&sandbox, "chmod +x stub/gh");
    assert_eq!(job(&sandbox, &base), Vec::<String>::new());
    let told = sandbox.read("gh.log");
    assert_eq!(told.lines().last(), Some("api --silent --method PATCH one/9 --field body=@comment.md"));
    // The parts do not run into each other.
    let comment = sandbox.read("comment.md");
    assert!(comment.contains("\n\nNo element's code changed since"), "{comment}");
    // Of another model there is none yet.
    sandbox.write("stub/gh", GH.replace("diff shop.tm.ron", "diff shops.tm.ron"));
    assert_eq!(job(&sandbox, &base), Vec::<String>::new());
    assert_eq!(sandbox.read("gh.log").lines().last(), Some("api --silent all --field body=@comment.md"));
}

#[test]
fn every_job_that_looks_back_has_the_history() {
    let text = text("gitlab-ci.yml");
    let jobs: Vec<&str> = text.split("\nthreat-model").skip(1).collect();
    assert_eq!(jobs.len(), 2);
    for job in jobs {
        assert!(job.contains("--against") || job.contains("--git"));
        assert!(job.contains("GIT_DEPTH: \"0\""), "{job}");
    }
    assert!(steps().iter().any(|step| step.setting("fetch-depth") == Some("0")));
}
