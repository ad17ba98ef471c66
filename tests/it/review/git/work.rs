//! Opening a model to work on it in the midst of a merge, and the earlier states that it is compared with: real git below
//! the workbench's façade.

use std::path::PathBuf;

use sconce::model::{Date, Id};
use sconce::review::resolve::{Side, decide};
use sconce::rules::Knowledge;
use sconce::workbench::{OpenError, Sitting, Workbench};

use super::{BOTH, FILE, OURS, Story, THEIRS};

fn sitting() -> Sitting {
    Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) }
}

fn open(story: &Story) -> Result<Workbench, OpenError> {
    let path: PathBuf = story.sandbox.path(FILE);
    Workbench::open_to_work(&path, Knowledge::builtin(), sitting())
}

const NAMED: [(&str, &str); 2] = [("name: \"Web\"", "name: \"Site\""), ("name: \"Web\"", "name: \"Shop front\"")];

#[test]
fn conflicts_are_part_of_the_work() {
    let mut story = Story::new(true);
    story.branches(&NAMED[..1], &NAMED[1..]);
    assert!(!story.try_git(&["merge", "topic"]).0);
    assert!(matches!(
        Workbench::open(&story.sandbox.path(FILE), Knowledge::builtin(), sitting()),
        Err(OpenError::Invalid { .. })
    ));
    let mut bench = open(&story).unwrap();
    assert!(!bench.is_remade() && !bench.is_dirty());
    let conflict = bench.model().conflicts[0].clone();
    let edit = decide(bench.model(), &conflict, Side::Theirs.of(&conflict)).unwrap();
    bench.apply("decide", edit).unwrap();
    bench.save().unwrap();
    story.holds(&["name: \"Site\""]);
}

#[test]
fn what_git_broke_is_merged_again_and_written_by_a_save_only() {
    let mut story = Story::new(false);
    story.branches(THEIRS, OURS);
    assert!(!story.try_git(&["merge", "topic"]).0);
    let broken = story.sandbox.read(FILE);
    assert!(broken.contains("<<<<<<<"));
    let mut bench = open(&story).unwrap();
    assert!(bench.is_remade() && bench.is_dirty());
    assert_eq!(story.sandbox.read(FILE), broken);
    bench.save().unwrap();
    assert!(!bench.is_remade() && !bench.is_dirty());
    story.holds(BOTH);
    assert!(!story.sandbox.path(&format!("{FILE}.orig")).exists(), "git can make those marks again");
}

#[test]
fn what_was_typed_into_a_broken_file_is_kept_when_it_is_saved() {
    let mut story = Story::new(false);
    story.branches(THEIRS, OURS);
    assert!(!story.try_git(&["merge", "topic"]).0);
    story.edit(&[("=======\n", "=======\n// mine\n")]);
    let typed = story.sandbox.read(FILE);
    open(&story).unwrap().save().unwrap();
    story.holds(BOTH);
    assert_eq!(story.sandbox.read(&format!("{FILE}.orig")), typed);
}

#[test]
fn what_a_missing_driver_left_is_merged_again() {
    let mut story = Story::new(true);
    story.git(&["config", "merge.sconce.driver", "/nonexistent/sconce merge --driver %O %A %B"]);
    story.branches(THEIRS, OURS);
    assert!(!story.try_git(&["merge", "topic"]).0);
    let bench = open(&story).unwrap();
    assert!(bench.is_remade());
    assert_eq!(bench.model().elements[&Id::new("web").unwrap()].code, ["web/**"]);
}

#[test]
fn earlier_states_are_read_by_the_names_that_git_knows() {
    let mut story = Story::new(false);
    story.git(&["tag", "v1"]);
    story.branches(&NAMED[..1], &NAMED[1..]);
    let bench = open(&story).unwrap();
    let web = Id::new("web").unwrap();
    let name = |reference: &str| bench.earlier(reference).map(|(_, model)| model.elements[&web].name.clone());
    assert_eq!(name("HEAD").as_deref(), Ok("Shop front"));
    assert_eq!(name("v1").as_deref(), Ok("Web"));
    assert_eq!(name("topic").as_deref(), Ok("Site"));
    assert_eq!(name("HEAD~1").as_deref(), Ok("Web"));
    assert_eq!(name("nowhere"), Err("git knows no commit `nowhere`".to_owned()));
    let offered = bench.offered().unwrap();
    let names: Vec<&str> = offered.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names[..4], ["HEAD", "main", "topic", "v1"]);
    assert!(offered[0].about.ends_with(" main"), "{offered:?}");
    assert_eq!(offered.len(), 4 + 2, "and the two commits of the file: {offered:?}");
}

#[test]
fn without_history_it_is_said_why_there_is_nothing_to_compare() {
    let story = crate::sandbox::Sandbox::new();
    story.write("shop.tm.ron", super::MODEL);
    let open = || Workbench::open_to_work(&story.path("shop.tm.ron"), Knowledge::builtin(), sitting()).unwrap();
    let why = open().earlier("HEAD").unwrap_err();
    assert!(why.contains("in no git repository"), "{why}");
    story.command("git").args(["init", "-q"]).output().unwrap();
    assert_eq!(open().earlier("HEAD").unwrap_err(), "nothing was committed in this repository yet");
    assert_eq!(open().offered().unwrap(), []);
}
