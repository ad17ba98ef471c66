//! Models under real git with the merge driver installed, missing, or overtaken by a text merge. The laws of merging are
//! tested elsewhere.

mod work;

use std::fmt::Write as _;

use crate::sandbox::Sandbox;

const FILE: &str = "über ordner/shop model.tm.ron";

const MODEL: &str = "#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (
        name: \"Shop\",
    ),
    elements: {
        \"db\": DataStore(
            name: \"Orders\",
            facts: {
                \"backup\": \"offline\",
            },
        ),
        \"web\": Process(
            name: \"Web\",
            owner: \"ana\",
        ),
    },
    flows: {
        \"sql\": (
            name: \"SQL\",
            from: \"web\",
            to: \"db\",
        ),
    },
)
";

/// A repository with the model in it, and what was done to it.
struct Story {
    sandbox: Sandbox,
    told: String,
}

impl Story {
    fn new(installed: bool) -> Self {
        let mut story = Self { sandbox: Sandbox::new(), told: String::new() };
        story.sandbox.write(FILE, MODEL);
        story.git(&["init", "-q", "-b", "main"]);
        if installed {
            let done = story.sandbox.sconce(&["git", "install"]);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
        story.commit("base");
        story
    }

    /// Runs git; tells what it said.
    fn try_git(&mut self, args: &[&str]) -> (bool, String) {
        let mut git = self.sandbox.command("git");
        for who in ["AUTHOR", "COMMITTER"] {
            let day = "2026-11-20T00:00:00Z";
            for (what, value) in [("NAME", "ana"), ("EMAIL", "ana@example.org"), ("DATE", day)] {
                git.env(format!("GIT_{who}_{what}"), value);
            }
        }
        let out = git.args(["-c", "core.quotePath=false"]).args(args).output().unwrap();
        let text = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
        (out.status.success(), text)
    }

    fn git(&mut self, args: &[&str]) -> String {
        let (fine, text) = self.try_git(args);
        assert!(fine, "git {args:?}: {text}");
        text
    }

    /// Changes the file by replacing text.
    fn edit(&mut self, changes: &[(&str, &str)]) {
        let mut text = self.sandbox.read(FILE);
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        self.sandbox.write(FILE, text);
    }

    fn commit(&mut self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// The same base with a change on `topic` and another on `main`, which is checked out.
    fn branches(&mut self, topic: &[(&str, &str)], main: &[(&str, &str)]) {
        self.git(&["checkout", "-q", "-b", "topic"]);
        self.edit(topic);
        self.commit("topic");
        self.git(&["checkout", "-q", "main"]);
        self.edit(main);
        self.commit("main");
    }

    /// Runs sconce and tells what a person sees.
    fn sconce(&mut self, args: &[&str]) {
        let picture = self.sandbox.picture(args);
        let _ = writeln!(self.told, "{picture}");
    }

    /// That the file holds these, and can be read.
    fn holds(&self, texts: &[&str]) {
        let file = self.sandbox.read(FILE);
        for text in texts {
            assert!(file.contains(text), "no {text} in\n{file}");
        }
        let read = sconce::file::read(&file);
        assert!(read.document.is_some_and(|d| d.model().conflicts.is_empty()), "{file}");
    }
}

/// Changes of neighbouring lines, over which a text merge stumbles.
const THEIRS: &[(&str, &str)] =
    &[("            owner: \"ana\",\n", "            owner: \"ana\",\n            code: [\"web/**\"],\n")];
const OURS: &[(&str, &str)] = &[(
    "            owner: \"ana\",\n",
    "            owner: \"ana\",\n            facts: {\n                \"authn\": \"present\",\n            },\n",
)];
const BOTH: &[&str] = &["code: [\"web/**\"]", "\"authn\": \"present\""];

#[test]
fn what_git_stumbles_over_is_merged() {
    let mut plain = Story::new(false);
    plain.branches(THEIRS, OURS);
    assert!(!plain.try_git(&["merge", "-q", "topic"]).0, "git alone merges this");
    let mut story = Story::new(true);
    story.branches(THEIRS, OURS);
    story.git(&["merge", "-q", "-m", "merged", "topic"]);
    story.holds(BOTH);
}

#[test]
fn rebase_cherry_pick_revert_and_merge_tree_merge_by_meaning() {
    for way in [&["rebase", "-q", "topic"][..], &["cherry-pick", "topic"]] {
        let mut story = Story::new(true);
        story.branches(THEIRS, OURS);
        story.git(way);
        story.holds(BOTH);
    }
    let mut story = Story::new(true);
    story.branches(THEIRS, OURS);
    let tree = story.git(&["merge-tree", "--write-tree", "main", "topic"]);
    let merged = story.git(&["show", &format!("{}:{FILE}", tree.trim())]);
    assert!(BOTH.iter().all(|text| merged.contains(text)), "{merged}");
    // Taking back what is not the last change.
    story.edit(THEIRS);
    story.commit("by hand");
    story.git(&["revert", "--no-edit", "HEAD~1"]);
    story.holds(&BOTH[..1]);
    assert!(!story.sandbox.read(FILE).contains("authn"));
}

#[test]
fn a_file_that_was_renamed_or_has_windows_line_ends_is_merged() {
    let mut story = Story::new(true);
    story.git(&["checkout", "-q", "-b", "topic"]);
    story.git(&["mv", FILE, "moved.tm.ron"]);
    let moved = story.sandbox.read("moved.tm.ron").replacen(THEIRS[0].0, THEIRS[0].1, 1);
    story.sandbox.write("moved.tm.ron", moved);
    story.commit("topic");
    story.git(&["checkout", "-q", "main"]);
    story.edit(OURS);
    story.commit("main");
    story.git(&["merge", "-q", "-m", "merged", "topic"]);
    let text = story.sandbox.read("moved.tm.ron");
    assert!(BOTH.iter().all(|b| text.contains(b)), "{text}");

    // Our own line asks for plain line ends; a team may have another one.
    let mut story = Story::new(true);
    story.sandbox.write(".gitattributes", "*.tm.ron merge=sconce\n");
    story.commit("attributes");
    story.branches(THEIRS, OURS);
    story.git(&["config", "core.autocrlf", "true"]);
    story.git(&["rm", "-q", "--cached", "-r", "."]);
    story.git(&["reset", "-q", "--hard"]);
    assert!(story.sandbox.read(FILE).contains("\r\n"));
    story.git(&["merge", "-q", "-m", "merged", "topic"]);
    story.holds(BOTH);
}

#[test]
fn what_cannot_go_both_ways_is_asked() {
    let mut story = Story::new(true);
    story.branches(
        &[("owner: \"ana\"", "owner: \"li\""), ("name: \"Orders\"", "name: \"Order store\"")],
        &[("owner: \"ana\"", "owner: \"mira\""), ("\"backup\": \"offline\"", "\"backup\": \"none\"")],
    );
    let (fine, said) = story.try_git(&["merge", "topic"]);
    assert!(!fine);
    let _ = writeln!(story.told, "$ git merge topic\n{said}");
    story.sconce(&["check", FILE]);
    story.sconce(&["resolve", FILE]);
    story.sconce(&["resolve", FILE, "--only", "2", "--take", "ours"]);
    story.sconce(&["resolve", FILE, "--take", "their"]);
    story.sconce(&["resolve", FILE, "--only", "1", "--take", "ours", "--set", "li"]);
    story.sconce(&["resolve", FILE, "--only", "1", "--set", "ana and li"]);
    story.holds(&["owner: \"ana and li\"", "name: \"Order store\"", "\"backup\": \"none\""]);
    story.commit("merged");
    story.sconce(&["check", FILE]);
    story.sconce(&["resolve", FILE, "--only", "1", "--take", "ours"]);
    insta::assert_snapshot!(story.told);
}

/// Git keeps our side without a mark when the driver cannot be run: that must not pass for a merge.
#[test]
fn a_missing_driver_is_noticed() {
    let mut story = Story::new(true);
    story.git(&["config", "merge.sconce.driver", "/nonexistent/sconce merge --driver %O %A %B"]);
    story.branches(THEIRS, OURS);
    assert!(!story.try_git(&["merge", "topic"]).0);
    story.holds(&BOTH[1..]);
    story.sconce(&["git", "status"]);
    story.sconce(&["check", FILE]);
    story.sconce(&["gate", FILE]);
    story.sconce(&["resolve", FILE]);
    story.holds(BOTH);
    // What was decided is not undone by asking again.
    story.sconce(&["resolve", FILE]);
    story.commit("merged");
    insta::assert_snapshot!(story.told);
}

/// The same when somebody goes on writing before anybody noticed: both what they wrote and the other branch's change are
/// in the file afterwards, and a file that was merged by hand is left alone.
#[test]
fn a_missing_driver_is_noticed_after_hand_edits_too() {
    let mut story = Story::new(true);
    story.git(&["config", "merge.sconce.driver", "/nonexistent/sconce merge --driver %O %A %B"]);
    story.branches(THEIRS, OURS);
    assert!(!story.try_git(&["merge", "topic"]).0);
    story.edit(&[("name: \"Orders\"", "name: \"Orders by hand\"")]);
    story.sconce(&["resolve", FILE]);
    story.holds(&["name: \"Orders by hand\"", BOTH[0], BOTH[1]]);
    story.edit(&[("name: \"Orders by hand\"", "name: \"Orders again\"")]);
    let merged = story.sandbox.read(FILE);
    story.sconce(&["resolve", FILE]);
    assert_eq!(story.sandbox.read(FILE), merged);
    insta::assert_snapshot!(story.told);
}

const FRESH: &str = "            name: \"Mail\",\n        ),\n";

/// Both branches add the same id at different places: git's text merge is content and the id is there twice.
#[test]
fn an_id_that_a_text_merge_doubled_is_caught_and_repaired() {
    let mut story = Story::new(false);
    let first = (
        "    elements: {\n",
        format!("    elements: {{\n        \"mail\": Process(\n            owner: \"li\",\n{FRESH}"),
    );
    let last = (
        "            owner: \"ana\",\n        ),\n",
        format!("            owner: \"ana\",\n        ),\n        \"mail\": Process(\n{FRESH}"),
    );
    story.branches(&[(first.0, &first.1)], &[(last.0, &last.1)]);
    story.git(&["merge", "-q", "-m", "merged", "topic"]);
    assert_eq!(story.sandbox.read(FILE).matches("\"mail\": ").count(), 2);
    story.sconce(&["check", FILE]);
    story.sconce(&["resolve", FILE]);
    story.holds(&["\"mail\": Process(", "owner: \"li\""]);
    assert_eq!(story.sandbox.read(FILE).matches("\"mail\": ").count(), 1);
    // A slip after the merge is nothing that the merge could mend, and what was written since stays.
    story.edit(&[("name: \"Shop\"", "name: Shop")]);
    let written = story.sandbox.read(FILE);
    story.sconce(&["resolve", FILE]);
    assert_eq!(story.sandbox.read(FILE), written);
    insta::assert_snapshot!(story.told);
}

/// Both branches add different records at one place: git leaves marks inside of the records.
#[test]
fn records_that_a_text_merge_interleaved_are_caught_and_repaired() {
    let mut story = Story::new(false);
    let add = |id: &str| format!("    elements: {{\n        \"{id}\": Process(\n{FRESH}");
    story.branches(&[("    elements: {\n", &add("a-mail"))], &[("    elements: {\n", &add("b-mail"))]);
    assert!(!story.try_git(&["merge", "topic"]).0);
    assert!(story.sandbox.read(FILE).contains("<<<<<<<"));
    story.sconce(&["check", FILE]);
    story.sconce(&["resolve", FILE]);
    story.holds(&["\"a-mail\"", "\"b-mail\""]);
    insta::assert_snapshot!(story.told);
}

/// What somebody typed between git's marks is kept beside the file before it is merged again.
#[test]
fn what_was_typed_between_the_marks_is_kept() {
    let mut story = Story::new(false);
    let add = |id: &str| format!("    elements: {{\n        \"{id}\": Process(\n{FRESH}");
    story.branches(&[("    elements: {\n", &add("a-mail"))], &[("    elements: {\n", &add("b-mail"))]);
    assert!(!story.try_git(&["merge", "topic"]).0);
    story.edit(&[("=======\n", "=======\n        // kept by hand\n")]);
    let typed = story.sandbox.read(FILE);
    story.sconce(&["resolve", FILE]);
    story.holds(&["\"a-mail\"", "\"b-mail\""]);
    let kept = format!("{FILE}.orig");
    assert_eq!(story.sandbox.read(&kept), typed);
    // Another such file takes nothing away.
    story.sandbox.write(&kept, "somebody's own");
    story.sandbox.write(FILE, &typed);
    story.sconce(&["resolve", FILE]);
    assert_eq!(story.sandbox.read(&kept), "somebody's own");
    assert_eq!(story.sandbox.read(&format!("{kept}.2")), typed);
    insta::assert_snapshot!(story.told);
}

#[test]
fn installing_twice_and_taking_it_back_leaves_nothing() {
    let mut story = Story::new(false);
    story.sandbox.write(".gitattributes", "*.png binary");
    for args in [&["git", "status"][..], &["git", "install"], &["git", "install"], &["git", "status"]] {
        story.sconce(args);
    }
    assert_eq!(story.sandbox.read(".gitattributes"), "*.png binary\n*.tm.ron text eol=lf merge=sconce diff=sconce\n");
    story.sconce(&["git", "uninstall"]);
    assert_eq!(story.sandbox.read(".gitattributes"), "*.png binary\n");
    assert!(!story.git(&["config", "--list", "--local"]).contains("sconce"));
    story.sconce(&["git", "status"]);
    let program = env!("CARGO_BIN_EXE_sconce");
    insta::assert_snapshot!(story.told.replace(program, "[sconce]"));
}

/// A link to a program with another name, as package managers have them: `git` has to call the link, which stays.
#[test]
fn a_link_to_the_program_is_what_git_calls() {
    let sandbox = Sandbox::new();
    assert!(sandbox.command("git").args(["init", "-q", "."]).output().unwrap().status.success());
    let program = sandbox.path("cellar/1.2.3/sconce-real");
    if std::fs::hard_link(env!("CARGO_BIN_EXE_sconce"), &program).is_err() {
        std::fs::copy(env!("CARGO_BIN_EXE_sconce"), &program).unwrap();
    }
    for link in ["bin/sconce", "other/threats"] {
        std::os::unix::fs::symlink(&program, sandbox.path(link)).unwrap();
    }
    let installed = |called: &str, more: &str| {
        let path = format!("{more}{}", std::env::var("PATH").unwrap());
        let line = format!("{called} git install && git config merge.sconce.driver && {called} git status");
        let out = sandbox.command("sh").env("PATH", path).args(["-c", &line]).output().unwrap();
        let said = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
        assert!(out.status.success(), "{said}");
        let driver = said.lines().find_map(|line| line.strip_suffix(" merge --driver %O %A %B --output %A --path %P"));
        driver.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let (bin, other) = (sandbox.path("bin"), sandbox.path("other"));
    assert_eq!(installed("sconce", &format!("{}:", bin.display())), "sconce");
    assert_eq!(installed("./cellar/1.2.3/sconce-real", &format!("{}:", bin.display())), "sconce");
    assert_eq!(installed("threats", &format!("{}:", other.display())), "'threats'");
    assert_eq!(installed("./bin/sconce", ""), format!("'{}/sconce'", bin.display()));
    assert_eq!(installed(&format!("{}/sconce", bin.display()), ""), format!("'{}/sconce'", bin.display()));
    // Another program of the name is not us.
    sandbox.write("wrong/sconce", "#!/bin/sh\necho sconce\n");
    let wrong = format!("chmod +x wrong/sconce && PATH=$PWD/wrong:$PATH {}/sconce", bin.display());
    assert_eq!(installed(&wrong, ""), format!("'{}/sconce'", bin.display()));
}

/// What `core.autocrlf` makes of a file is named for what it is, with the way out.
#[test]
fn line_ends_that_git_wrote_are_told_from_another_layout() {
    let mut story = Story::new(false);
    let canonical = story.sandbox.read(FILE);
    let checked_out = |story: &mut Story| {
        story.git(&["rm", "-q", "--cached", "-r", "."]);
        story.git(&["reset", "-q", "--hard"]);
    };
    story.git(&["config", "core.autocrlf", "true"]);
    checked_out(&mut story);
    assert_eq!(story.sandbox.read(FILE), canonical.replace('\n', "\r\n"));
    story.sconce(&["check", FILE]);
    story.sconce(&["fmt", "--check", FILE]);
    let json = story.sandbox.sconce(&["check", FILE, "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json["files"][0]["canonical"], &json["files"][0]["only_line_ends"]), (&false.into(), &true.into()));
    // Where more is otherwise, that is what is shown.
    let other = story.sandbox.read(FILE).replacen("name: ", "name:  ", 1);
    story.sandbox.write(FILE, other);
    assert!(story.sandbox.picture(&["check", FILE]).contains("not in canonical form (`sconce fmt` writes it so)"));
    // Both ways out: of this file, and for ever.
    story.git(&["checkout", "-q", "--", FILE]);
    assert!(story.sandbox.sconce(&["fmt", FILE]).status.success());
    assert_eq!(story.sandbox.read(FILE), canonical);
    assert!(story.sandbox.sconce(&["git", "install"]).status.success());
    story.commit("attributes");
    checked_out(&mut story);
    assert_eq!(story.sandbox.read(FILE), canonical);
    story.sconce(&["check", FILE]);
    insta::assert_snapshot!(story.told);
}

#[test]
fn outside_of_a_work_tree_there_is_a_clear_word() {
    let sandbox = Sandbox::new();
    let mut told = sandbox.picture(&["git", "install"]);
    sandbox.write("shop.tm.ron", MODEL);
    told += &sandbox.picture(&["drift", "--against", "main"]);
    let out = sandbox.command("git").args(["init", "-q", "--bare", "."]).output().unwrap();
    assert!(out.status.success());
    told += &sandbox.picture(&["git", "status"]);
    insta::assert_snapshot!(told);
}

/// A side that is no model is merged line by line for git, and refused by hand.
#[test]
fn a_side_that_cannot_be_read_does_not_stop_git() {
    let mut story = Story::new(true);
    story.branches(&[("name: \"Shop\"", "name: Shop")], &[("name: \"Orders\"", "name: \"Order store\"")]);
    let (fine, said) = story.try_git(&["merge", "-m", "merged", "topic"]);
    let _ = writeln!(story.told, "$ git merge topic: {fine}\n{said}");
    for (name, rev) in [("b.tm.ron", "main~1"), ("o.tm.ron", "topic~1"), ("t.tm.ron", "topic")] {
        let text = story.git(&["show", &format!("{rev}:{FILE}")]);
        story.sandbox.write(name, text);
    }
    story.sconce(&["merge", "b.tm.ron", "o.tm.ron", "t.tm.ron"]);
    story.sconce(&["merge", "b.tm.ron", "o.tm.ron", "none.tm.ron"]);
    insta::assert_snapshot!(story.told);
}
