//! `walk --plain`: the walk-through line by line, as a script or a screen reader has it. Nothing that was answered is
//! ever lost.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use super::small;
use crate::sandbox::{Sandbox, TODAY};

/// Runs a session on these lines and shows what a person would see.
fn session(sandbox: &Sandbox, args: &[&str], lines: &str) -> String {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
    command.args(["walk"]).args(args).args(["--as", "tester", "--now", TODAY]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let exit = output.status.code().unwrap();
    format!("{}{}--- exit {exit}\n", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_session_by_a_script() {
    let sandbox = small();
    let lines = "?\nnodejs\nn\nb\nn they sign in\ni\np ask Li\n7\nk\ny\nSomebody buys everything\nvery\nhigh\nmira\nnever\n2w\nq\n";
    assert_snapshot!("walk_script", session(&sandbox, &["--plain"], lines));
    assert_snapshot!("walk_script_file", sandbox.read("shop.tm.ron"));
    assert_snapshot!("walk_resumed", session(&sandbox, &["shop.tm.ron"], ""));
    assert!(sandbox.picture(&["check", "shop.tm.ron"]).ends_with("--- exit 0\n"), "the register is up to date");
}

#[test]
fn the_end_of_input_keeps_what_was_answered() {
    let sandbox = small();
    session(&sandbox, &["--plain", "--of", "shop"], "k\nk\ny\nSomebody floods it");
    let text = sandbox.read("shop.tm.ron");
    assert!(text.contains("Somebody floods it"), "what was named by then counts:\n{text}");
    let before = sandbox.read("shop.tm.ron");
    session(&sandbox, &["--plain"], "k\ny\n");
    assert_eq!(sandbox.read("shop.tm.ron"), before, "a threat that nobody named is none");
}

#[test]
fn names_that_are_new_and_slips_of_the_pen_are_told_apart() {
    let sandbox = small();
    sandbox.write("shop.tm.ron", super::SMALL.replace("tech: [\"nodejs\"],", ""));
    let mut said = session(&sandbox, &["--plain", "--of", "browse"], "ordres\n= Orders\n");
    assert!(said.contains("> ordres\n  write a number from 1 to 1"), "{said}");
    let mut lines = String::new();
    while !said.contains("· technology") {
        lines.push_str("k\n");
        said = session(&sandbox, &["--plain", "--of", "shop"], &lines);
        assert!(lines.len() < 60, "{said}");
    }
    let said = session(&sandbox, &["--plain", "--of", "shop"], &format!("{lines}nodjs\nnodejs, nginx\n"));
    let (_, asked) = said.split_once("· technology").unwrap();
    assert_snapshot!("walk_names", asked.split("\nquestion").next().unwrap());
    let text = sandbox.read("shop.tm.ron");
    assert!(text.contains("carries: [\"orders\"]") && text.contains("name: \"Orders\""), "{text}");
}

#[test]
fn what_cannot_be_asked_is_said() {
    let sandbox = small();
    assert_snapshot!("walk_refused", session(&sandbox, &["--plain", "--of", "shpo"], ""));
    assert_snapshot!("walk_no_file", session(&sandbox, &["none.tm.ron"], ""));
    sandbox.write("bare.tm.ron", "ThreatModel(format: (1, 0), system: (name: \"Bare\", packs: [\"core\"]))\n");
    assert_snapshot!("walk_bare", session(&sandbox, &["bare.tm.ron"], "y\n"));
}
