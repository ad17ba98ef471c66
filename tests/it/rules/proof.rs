//! Every rule proves itself, and the list in the program is the directory.

use sconce::rules::{Knowledge, prove};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Ids and texts of all rule files.
pub(crate) fn files() -> BTreeMap<String, String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/rules");
    let packs = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
    let files = packs.flat_map(|pack| fs::read_dir(pack).unwrap().map(|e| e.unwrap().path()));
    files
        .map(|path| {
            let id = path.file_name().unwrap().to_str().unwrap().strip_suffix(".ron").unwrap().to_owned();
            let pack = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
            assert!(id.starts_with(&format!("{pack}.")), "{id} lies in {pack}");
            (id, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn what_is_built_in_reads_without_a_problem() {
    let builtin = Knowledge::builtin();
    assert_eq!(builtin.problems, Vec::<String>::new());
    assert_eq!(builtin.rules.problems().collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn the_registry_is_the_directory() {
    let files: Vec<String> = files().into_keys().collect();
    let listed: Vec<String> = Knowledge::builtin().rules.iter().map(|rule| rule.id.clone()).collect();
    assert_eq!(listed, files);
}

/// What is built in is what the files say, but for the examples.
#[test]
fn nothing_but_examples_is_left_out() {
    let builtin = Knowledge::builtin();
    let mut whole = Knowledge::default();
    for (id, text) in files() {
        whole.rules.add(&id, &text);
    }
    assert_eq!(whole.rules.problems().collect::<Vec<_>>(), Vec::<&str>::new());
    for mut rule in whole.rules.iter().cloned() {
        let id = rule.id.clone();
        assert!(!rule.examples.is_empty(), "{id}");
        rule.examples.clear();
        assert_eq!(builtin.rule(&id), Some(&rule), "{id}");
    }
}

#[test]
fn every_rule_proves_itself() {
    let mut knowledge = Knowledge::clone(&Knowledge::builtin());
    let only = std::env::var("RULE").unwrap_or_default();
    for (id, text) in files() {
        knowledge.rules.add(&id, &text);
    }
    let mut wrong: Vec<String> = knowledge.rules.problems().map(str::to_owned).collect();
    for rule in knowledge.rules.iter().filter(|r| r.id.contains(&only)) {
        wrong.extend(prove::prove(rule, &knowledge).into_iter().map(|w| format!("{}: {w}", rule.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
