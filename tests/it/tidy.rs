//! The shape of the house: rooms, imports, file headers. It knows nothing of what the rooms do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The rows of the table of rooms: name and allowed imports.
fn rooms() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("src/ARCHITECTURE.md")).unwrap();
    text.lines()
        .filter(|l| l.starts_with("| `"))
        .map(|l| {
            let cells: Vec<&str> = l.trim_matches('|').split(" | ").map(str::trim).collect();
            let imports = cells[2].trim_end_matches('|').split(',').map(|w| w.trim().to_owned());
            (cells[0].trim_matches('`').to_owned(), imports.filter(|w| w != "–" && !w.is_empty()).collect())
        })
        .collect()
}

/// The room a source file belongs to; `None` for `lib.rs` and `main.rs`.
fn room_of(path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next()?.as_os_str().to_str()?;
    let room = first.trim_end_matches(".rs");
    (room != "lib" && room != "main").then(|| room.to_owned())
}

#[test]
fn modules_equal_the_table() {
    let there: BTreeSet<String> = sources(&root().join("src")).iter().filter_map(|p| room_of(p)).collect();
    assert_eq!(there, rooms().into_keys().collect());
}

#[test]
fn imports_stay_inside_the_table() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let Some(room) = room_of(&path) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let other: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if rooms.contains_key(&other) && other != room && !rooms[&room].contains(&other) {
                    wrong.push(format!("{}:{}: {room} must not import {other}", path.display(), n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_cycle() {
    let rooms = rooms();
    let mut done: BTreeSet<&String> = BTreeSet::new();
    while done.len() < rooms.len() {
        let ready: Vec<&String> = rooms
            .iter()
            .filter(|(r, i)| !done.contains(r) && i.iter().all(|i| done.contains(i)))
            .map(|(r, _)| r)
            .collect();
        assert!(
            !ready.is_empty(),
            "a cycle among {:?}",
            rooms.keys().filter(|r| !done.contains(r)).collect::<Vec<_>>()
        );
        done.extend(ready);
    }
}

#[test]
fn every_file_says_what_it_is() {
    let all = ["src", "tests", "benches"].iter().flat_map(|f| sources(&root().join(f)));
    let silent: Vec<_> = all.filter(|p| !fs::read_to_string(p).unwrap().starts_with("//! ")).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn files_are_not_too_long() {
    let all = ["src", "tests", "benches"].iter().flat_map(|f| sources(&root().join(f)));
    let long: Vec<_> = all.filter(|p| fs::read_to_string(p).unwrap().lines().count() > 600).collect();
    assert!(long.is_empty(), "{long:?}");
}

/// Words that may stand only in some rooms, with why.
const WORDS: &[(&[&str], &[&str], &str)] = &[
    (
        &["std::fs", "std::env", "std::net", "std::process"],
        &["file", "exchange", "review/git", "workbench", "cli", "tui"],
        "IO",
    ),
    (&["ratatui", "crossterm"], &["tui"], "the terminal"),
    (
        &["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"],
        &["cli", "tui", "workbench", "file"],
        "the clock",
    ),
];

/// Whether a file is, or lies in, a room or a part of one.
fn is_in(path: &Path, place: &str) -> bool {
    let relative = path.strip_prefix(root().join("src")).unwrap().with_extension("");
    relative.starts_with(place)
}

#[test]
fn io_and_terminal_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let Some(room) = room_of(&path) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for (words, allowed, what) in WORDS {
            for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
                if words.iter().any(|w| line.contains(w)) && !allowed.iter().any(|a| is_in(&path, a)) {
                    wrong.push(format!("{}:{}: {what} has no place in {room}", path.display(), n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
