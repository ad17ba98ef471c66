//! Tests of the room `workbench` as its surfaces use it: what an open model does about its file, its lock and its
//! journal. What the screen makes of it is tested in `tui` and `pty`.

use std::fs;
use std::path::Path;

use sconce::file::disk;
use sconce::file::journal::Recovered;
use sconce::model::{Date, Edit, Element, ElementKind, Entry, Id};
use sconce::rules::Knowledge;
use sconce::workbench::{Barred, OpenError, SaveError, Sitting, Workbench, knowledge_of};

use crate::cli::SMALL;
use crate::sandbox::Sandbox;

fn open(path: &Path, who: &str) -> Workbench {
    let sitting = Sitting { who: who.to_owned(), today: Date::constant(2026, 11, 23) };
    let mut bench = Workbench::open(path, Knowledge::builtin(), sitting).unwrap();
    bench.sit_down(Some(&path.with_file_name("state")));
    bench
}

/// Adds an element; the error when that may not be.
fn draw(bench: &mut Workbench, name: &str) -> Result<(), String> {
    let element = Element::new(ElementKind::Process, name);
    let edit = Edit::Put(Box::new(Entry::Element(Id::new(&name.to_lowercase()).unwrap(), element)));
    bench.apply("add", edit).map(|_| ()).map_err(|e| e.to_string())
}

#[test]
fn only_one_sitting_changes_a_file_and_the_other_goes_on_in_another() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    let mut first = open(&sandbox.path("shop.tm.ron"), "ana");
    let mut second = open(&sandbox.path("shop.tm.ron"), "li");
    assert_eq!(first.barred(), None);
    assert_eq!(second.barred().unwrap().mark(), "read-only: ana has it open");
    assert_eq!(draw(&mut second, "Cache").unwrap_err(), "the model is open read-only");
    assert!(matches!(second.save(), Err(SaveError::Barred(Barred::Held(..)))));
    second.save_as(&sandbox.path("copy.tm.ron")).unwrap();
    assert_eq!(second.barred(), None);
    draw(&mut second, "Cache").unwrap();
    // The new file is locked, and what is not saved is in a journal of its own.
    assert!(open(&sandbox.path("copy.tm.ron"), "eve").barred().unwrap().mark().contains("li has it open"));
    assert!(fs::read_to_string(second.kept_in().unwrap()).unwrap().contains("\"cache\": Process("));
    second.save().unwrap();
    assert!(second.kept_in().is_some_and(|journal| !journal.exists()));
    assert!(sandbox.read("copy.tm.ron").contains("Cache") && sandbox.read("shop.tm.ron") == SMALL);
    drop(second);
    assert_eq!(open(&sandbox.path("copy.tm.ron"), "eve").barred(), None);
    draw(&mut first, "Cache").unwrap();
}

#[test]
fn a_newer_format_is_looked_at_and_never_written() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL.replace("(1, 0)", "(1, 7)"));
    let mut bench = open(&sandbox.path("shop.tm.ron"), "ana");
    assert_eq!(bench.barred(), Some(Barred::Newer("1.7".to_owned())));
    assert!(draw(&mut bench, "Cache").is_err());
    let refused = bench.save_as(&sandbox.path("copy.tm.ron")).unwrap_err();
    assert!(refused.to_string().contains("use a newer sconce"), "{refused}");
    assert!(!sandbox.path("copy.tm.ron").exists(), "a copy would lack what is new");
}

#[test]
fn work_that_no_journal_holds_is_not_said_to_be_kept() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    sandbox.write("state", "a file where the folder of journals would be");
    let mut bench = open(&sandbox.path("shop.tm.ron"), "ana");
    let why = bench.unkept().expect("known before anything is lost");
    assert!(why.starts_with("a part of this path is a file, not a folder (/"), "{why}");
    draw(&mut bench, "Cache").unwrap();
    assert_eq!((bench.kept_in(), bench.kept_before()), (None, None));
    fs::remove_file(sandbox.path("state")).unwrap();
    draw(&mut bench, "Queue").unwrap();
    assert_eq!(bench.unkept(), None);
    assert!(fs::read_to_string(bench.kept_in().unwrap()).unwrap().contains("Queue"));
}

/// Sits down as after a crash: without giving the lock back, which a dead process cannot do either.
fn crashed(bench: Workbench, path: &Path) {
    std::mem::forget(bench);
    fs::remove_file(sconce::file::lock::path_of(path)).unwrap();
}

#[test]
fn work_that_nobody_decided_about_is_offered_until_somebody_does() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    let (path, state) = (sandbox.path("shop.tm.ron"), sandbox.path("state"));
    let again = || {
        let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) };
        let mut bench = Workbench::open(&path, Knowledge::builtin(), sitting).unwrap();
        let left = bench.sit_down(Some(&state));
        (bench, left)
    };
    let (mut bench, left) = again();
    assert!(left.is_empty());
    draw(&mut bench, "First").unwrap();
    crashed(bench, &path);

    // Decided later: other work, undone or saved or lost, leaves the first as it is.
    let (mut bench, left) = again();
    assert!(left.len() == 1 && left[0].text.contains("First"));
    draw(&mut bench, "Second").unwrap();
    bench.undo().unwrap();
    bench.forget();
    draw(&mut bench, "Third").unwrap();
    crashed(bench, &path);
    let (mut bench, left) = again();
    let mut told: Vec<&str> = left.iter().map(|l| if l.text.contains("First") { "First" } else { "Third" }).collect();
    told.sort_unstable();
    assert_eq!(told, ["First", "Third"]);

    // One is thrown away; the other is taken over, and is safe before its journal goes.
    let (first, third) = if left[0].text.contains("First") { (&left[0], &left[1]) } else { (&left[1], &left[0]) };
    bench.throw_away(third);
    bench.recover(first).unwrap();
    assert!(!first.path.exists() && !third.path.exists());
    assert!(fs::read_to_string(bench.kept_in().unwrap()).unwrap().contains("First"));
    bench.save().unwrap();
    assert!(sandbox.read("shop.tm.ron").contains("First"));
    drop(bench);
    assert!(again().1.is_empty());
    assert_eq!(fs::read_dir(state.join("journal")).unwrap().count(), 0);
}

#[test]
fn work_that_is_taken_over_can_be_taken_back_and_is_not_lost_then() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    let (path, state) = (sandbox.path("shop.tm.ron"), sandbox.path("state"));
    let again = || {
        let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) };
        let mut bench = Workbench::open(&path, Knowledge::builtin(), sitting).unwrap();
        let left: Vec<Recovered> = bench.sit_down(Some(&state));
        (bench, left)
    };
    let (mut bench, _) = again();
    draw(&mut bench, "First").unwrap();
    crashed(bench, &path);
    let (mut bench, left) = again();
    let before = bench.text();
    bench.recover(&left[0]).unwrap();
    draw(&mut bench, "More").unwrap();
    assert_eq!(bench.history().collect::<Vec<_>>(), ["add", "the unsaved work"]);
    bench.undo().unwrap();
    assert!(bench.text().contains("First") && bench.is_dirty());
    bench.undo().unwrap();
    assert!(bench.text() == before && !bench.is_dirty());
    // Something else is done and saved instead; the work is offered all the same.
    draw(&mut bench, "Second").unwrap();
    bench.save().unwrap();
    drop(bench);
    let (mut bench, left) = again();
    assert!(left.len() == 1 && left[0].text.contains("First"));
    // Forth again it is as if it had never been taken back.
    bench.recover(&left[0]).unwrap();
    bench.undo().unwrap();
    bench.redo().unwrap();
    assert!(bench.text().contains("First") && !bench.text().contains("Second"));
    bench.save().unwrap();
    drop(bench);
    assert!(again().1.is_empty());
}

#[test]
fn to_say_that_it_is_saved_the_file_is_looked_at() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    let mut bench = open(&sandbox.path("shop.tm.ron"), "ana");
    bench.save().unwrap();
    assert!(!bench.save().unwrap().written);
    let saved = sandbox.read("shop.tm.ron");
    sandbox.write("shop.tm.ron", saved.replace("Shop", "Barn"));
    assert!(matches!(bench.save(), Err(SaveError::Disk(disk::SaveError::Changed(_)))));
    assert!(matches!(bench.look(), Err(disk::SaveError::Changed(_))));
    fs::remove_file(sandbox.path("shop.tm.ron")).unwrap();
    assert!(matches!(bench.save(), Err(SaveError::Disk(disk::SaveError::Gone(_)))));
    assert!(bench.restore().unwrap().written);
    assert_eq!(sandbox.read("shop.tm.ron"), saved);
    assert!(bench.look().is_ok() && !bench.is_dirty());
    assert!(bench.restore().is_err(), "what is there is not written over");
}

#[test]
fn what_was_in_the_way_is_tried_again_when_it_is_gone() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    let lock = sandbox.path(".shop.tm.ron.lock");
    fs::create_dir(&lock).unwrap();
    let mut bench = open(&sandbox.path("shop.tm.ron"), "ana");
    assert_eq!(bench.barred(), Some(Barred::Strange(lock.clone(), "a folder")));
    bench.try_again();
    assert!(draw(&mut bench, "Cache").is_err(), "it is still there");
    fs::remove_dir(&lock).unwrap();
    bench.try_again();
    assert_eq!(bench.barred(), None);
    draw(&mut bench, "Cache").unwrap();
    assert!(fs::read_to_string(bench.kept_in().unwrap()).unwrap().contains("Cache"));
    bench.save().unwrap();
    assert!(lock.is_file(), "it is ours now");
}

#[test]
fn reading_again_reads_the_rules_of_the_team_again_and_never_half_of_them() {
    let sandbox = crate::cli::team::team();
    let path = sandbox.path("shop.tm.ron");
    let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) };
    let mut bench = Workbench::open(&path, knowledge_of(&path).unwrap(), sitting).unwrap();
    let severity =
        |bench: &Workbench| bench.analysis().find("shop:core.d.no-rate-limit").unwrap().severity.unwrap().name();
    assert_eq!(severity(&bench), "Low");
    let overrides = ".sconce/rules/overrides.ron";
    sandbox.write(overrides, "[(rule: \"core.d.no-rate-limit\", likelihood: 2)]");
    let Err(OpenError::Rules(wrong)) = bench.reload() else { panic!("half of the rules were read") };
    assert_eq!((wrong.len(), wrong[0].name.as_str()), (1, overrides));
    assert_eq!(severity(&bench), "Low", "what is open stays as it is");
    sandbox.write(overrides, "[]");
    bench.reload().unwrap();
    assert_eq!(severity(&bench), "High");
    // Without the folder, the pack that the model names is not there.
    fs::remove_dir_all(sandbox.path(".sconce")).unwrap();
    assert!(matches!(bench.reload(), Err(OpenError::Invalid { .. })));
    assert!(bench.knowledge().rule("acme.d.no-on-call").is_some());
}
