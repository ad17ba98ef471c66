//! The README's command blocks, executed. A block that cannot be run here (it builds or tests the program that runs
//! this) is checked to be the command that CI runs.

use std::path::Path;

use crate::sandbox::Sandbox;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The lines of every `sh` block.
fn commands() -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in readme().lines() {
        match (inside, line.trim()) {
            (false, "```sh") => inside = true,
            (true, "```") => inside = false,
            (true, command) if !command.is_empty() => lines.push(command.to_owned()),
            _ => {}
        }
    }
    assert!(!inside, "a block of the README is not closed");
    lines
}

/// The words of a command, quotes taken off as a shell does.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == ' ' => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

#[test]
fn every_command_of_the_readme_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    for entry in std::fs::read_dir(root.join("models")).unwrap() {
        let from = entry.unwrap().path();
        if from.is_dir() {
            continue;
        }
        let to = sandbox.path(&format!("models/{}", from.file_name().unwrap().to_string_lossy()));
        std::fs::copy(&from, to).unwrap();
    }
    let threat_dragon = root.join("tests/it/data/threat-dragon/three-tier-web-app.json");
    std::fs::copy(threat_dragon, sandbox.path("threat-dragon.json")).unwrap();
    let mut ran = 0;
    for line in commands() {
        let command = line.split(" #").next().unwrap().trim();
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let args: &[&str] = match words.as_slice() {
            ["cargo", "test", ..] => {
                let ci = std::fs::read_to_string(root.join(".ci/run")).unwrap();
                assert!(ci.lines().any(|l| l.trim() == command), "CI does not run `{command}`");
                continue;
            }
            ["cargo", "run", flags @ ..] => {
                let at = flags.iter().position(|w| *w == "--").unwrap_or(flags.len());
                flags.get(at + 1..).unwrap_or(&[])
            }
            ["sconce", rest @ ..] => rest,
            ["cargo", "install", ..] | ["git", ..] => continue,
            other => panic!("the README has a command that this test does not know: {other:?}"),
        };
        let output = sandbox.sconce(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{command}` failed: {stderr}");
        assert!(!output.stdout.is_empty(), "`{command}` printed nothing");
        ran += 1;
    }
    assert!(ran > 0, "the README has no command of ours");
}

#[test]
fn the_readme_shows_the_two_commands_first() {
    let first: Vec<String> = commands().into_iter().take(2).collect();
    assert!(first[0].starts_with("cargo run "), "{first:?}");
    assert!(first[1].starts_with("cargo test "), "{first:?}");
}
