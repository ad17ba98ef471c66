//! Screens that ask the world for something, end to end: git, a policy, an editor. What they show in detail is tested in
//! `tui`.

use super::Terminal;
use crate::sandbox::Sandbox;

/// What git says is asked for by the program itself, on its own screen, and what a merge left can be decided there.
#[test]
fn a_merge_is_reviewed_and_decided_on_the_screen() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", include_str!("../data/tui/shop.tm.ron"));
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
        sandbox.command("git").args(who).args(args).output().unwrap()
    };
    let rename = |to: &str| {
        let text = sandbox.read("shop.tm.ron");
        sandbox.write("shop.tm.ron", text.replace("name: \"Web app\"", &format!("name: \"{to}\"")));
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "The shop"]);
    git(&["checkout", "-qb", "other"]);
    rename("Shop front");
    git(&["commit", "-qam", "Front"]);
    git(&["checkout", "-q", "main"]);
    rename("Site");
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.press("6").shows("Changes since HEAD").shows("Web app → Site");
    terminal.press("c").shows("Compare with").shows("other").press("other\r").shows("Shop front → Site");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    git(&["commit", "-qam", "Site"]);
    git(&["merge", "other"]);
    assert!(sandbox.read("shop.tm.ron").contains("<<<<<<<"));
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("1 conflict to decide").shows("merged again by meaning; S writes it");
    terminal.press("t").shows("nothing is left to decide").press("S").shows("saved");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(sandbox.read("shop.tm.ron").contains("name: \"Shop front\""));
}

/// What is typed while an editor has the terminal is the editor's.
#[test]
#[cfg(unix)]
fn notes_are_written_in_an_editor_that_gets_its_keys() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", include_str!("../data/tui/shop.tm.ron"));
    let script =
        "#!/bin/sh\nprintf 'editor of %s, type: ' \"$1\"\nread line\nprintf '%s\\nsecond line\\n' \"$line\" > \"$2\"\n";
    sandbox.write("my editor.sh", script);
    let editor = "sh './my editor.sh' --wait";
    let mut terminal = Terminal::open_with(&sandbox, &["shop.tm.ron"], (100, 30), &[("EDITOR", editor)]);
    terminal.shows("Customer").press("E").shows("editor of --wait, type:").press("first line, qqq\r");
    terminal.shows("notes of Customer").press("S").shows("saved").press("q");
    assert_eq!(terminal.ends(), 0);
    let text = sandbox.read("shop.tm.ron");
    assert!(text.contains("first line, qqq") && text.contains("second line"), "{text}");
    let mut terminal = Terminal::open_with(&sandbox, &["shop.tm.ron"], (100, 30), &[("EDITOR", "false")]);
    terminal.shows("Customer").press("E").shows("failed").press("q");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::open_with(&sandbox, &["shop.tm.ron"], (100, 30), &[("EDITOR", "nowhere-at-all")]);
    terminal.shows("Customer").press("E").shows("nowhere-at-all").press("q");
    assert_eq!(terminal.ends(), 0);
    let left = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    let own = format!("sconce-{}", terminal.child.process_id().unwrap_or(0));
    assert!(!left.into_iter().any(|file| file.file_name().to_string_lossy().starts_with(&own)));
}

#[test]
fn a_walk_begins_where_it_is_asked_for_and_is_saved() {
    let sandbox = crate::cli::small();
    let mut terminal = Terminal::open(&sandbox, &["walk", "--of", "shop"], 100, 30);
    terminal.shows("4 Walk").shows("question 1 of").shows("part of the model");
    terminal.press("p").shows("1 parked").press("S").shows("saved");
    assert!(sandbox.read("shop.tm.ron").contains("verdict: Parked"), "{}", sandbox.read("shop.tm.ron"));
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

/// The policy and the history are read by the program itself when the dashboard asks for them.
#[test]
fn the_dashboard_reads_the_policy_and_what_git_tells() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", include_str!("../data/tui/shop.tm.ron"));
    sandbox.write("threat-policy.ron", "(sla: (days: {High: 5}))");
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
        let mut git = sandbox.command("git");
        git.envs([("GIT_AUTHOR_DATE", "2026-11-20T12:00:00Z"), ("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z")]);
        assert!(git.args(who).args(args).status().unwrap().success());
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "The shop"]);
    sandbox.sconce(&["update"]);
    git(&["commit", "-qam", "Its threats"]);
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 120, 40);
    terminal.press("5").shows("days by threat-policy.ron: High 5");
    terminal.press("r").shows("2 versions of shop.tm.ron in git").shows("committed").press("q");
    sandbox.write("threat-policy.ron", "(sla: (dayz: {}))");
    terminal.until("the page is gone", |t| !t.text().contains("committed"));
    terminal.press("15").shows("! the policy cannot be read: threat-policy.ron").press("q");
    assert_eq!(terminal.ends(), 0);
}

/// A terminal that goes away ends the workbench, also while a frame is being written to it.
#[test]
#[cfg(unix)]
fn a_terminal_that_goes_away_ends_the_workbench() {
    use std::io::{Read as _, Write as _};
    use std::time::{Duration, Instant};

    use portable_pty::{PtySize, native_pty_system};

    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", include_str!("../data/tui/shop.tm.ron"));
    // Who notices first is a matter of luck: what was wrong here once showed in one try of ten.
    let redraw = "\u{c}".repeat(8);
    for keys in ["", "", &redraw, &redraw, &redraw, &redraw, &redraw, &redraw] {
        let size = PtySize { rows: 60, cols: 200, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut child = pair.slave.spawn_command(super::command(&sandbox, &["shop.tm.ron"], &[])).unwrap();
        drop(pair.slave);
        let (mut reader, mut writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
        let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&seen).contains("help") {
            let n = reader.read(&mut buffer).unwrap();
            seen.extend_from_slice(&buffer[..n]);
        }
        // Drawn whole again and again with nobody who reads, a frame waits half written.
        std::thread::sleep(Duration::from_millis(200));
        writer.write_all(keys.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        drop((reader, writer, pair.master));
        let end = Instant::now() + super::PATIENCE;
        while child.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                child.kill().unwrap();
                panic!("{keys:?}: it goes on without a terminal");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
