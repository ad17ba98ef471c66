//! Tests of the room `workbench` as its surfaces use it: what an open model does about its file, its lock and its
//! journal. What the screen makes of it is tested in `tui` and `pty`.

use std::fs;
use std::path::Path;

use sconce::model::{Date, Edit, Element, ElementKind, Entry, Id};
use sconce::rules::Knowledge;
use sconce::workbench::{Barred, SaveError, Sitting, Workbench};

use crate::cli::SMALL;
use crate::sandbox::Sandbox;

fn open(path: &Path, who: &str) -> Workbench {
    let sitting = Sitting { who: who.to_owned(), today: Date::constant(2026, 11, 23) };
    let mut bench = Workbench::open(path, None, Knowledge::builtin(), sitting).unwrap();
    bench.sit_down(Some(&path.with_file_name("state")));
    bench
}

/// Adds an element; the error when that may not be.
fn draw(bench: &mut Workbench) -> Result<(), String> {
    let element = Element::new(ElementKind::Process, "Cache");
    let edit = Edit::Put(Box::new(Entry::Element(Id::new("cache").unwrap(), element)));
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
    assert_eq!(draw(&mut second).unwrap_err(), "the model is open read-only");
    assert!(matches!(second.save(), Err(SaveError::Barred(Barred::Held(..)))));
    second.save_as(&sandbox.path("copy.tm.ron")).unwrap();
    assert_eq!(second.barred(), None);
    draw(&mut second).unwrap();
    // The new file is locked, and what is not saved is in a journal of its own.
    assert!(open(&sandbox.path("copy.tm.ron"), "eve").barred().unwrap().mark().contains("li has it open"));
    assert!(fs::read_to_string(second.kept_in().unwrap()).unwrap().contains("\"cache\": Process("));
    second.save().unwrap();
    assert!(second.kept_in().is_some_and(|journal| !journal.exists()));
    assert!(sandbox.read("copy.tm.ron").contains("Cache") && sandbox.read("shop.tm.ron") == SMALL);
    drop(second);
    assert_eq!(open(&sandbox.path("copy.tm.ron"), "eve").barred(), None);
    draw(&mut first).unwrap();
}

#[test]
fn a_newer_format_is_looked_at_and_never_written() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL.replace("(1, 0)", "(1, 7)"));
    let mut bench = open(&sandbox.path("shop.tm.ron"), "ana");
    assert_eq!(bench.barred(), Some(Barred::Newer("1.7".to_owned())));
    assert!(draw(&mut bench).is_err());
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
    draw(&mut bench).unwrap();
    assert_eq!(bench.kept_in(), None);
}
