//! The files of the bench are what they say: valid, canonical, of the same system, with every pack. No rule is run.

use super::{Bench, Sheet, all, knowledge};
use std::collections::BTreeSet;

#[test]
fn every_file_is_valid_canonical_and_names_all_packs() {
    for bench in all() {
        for sheet in [bench.well_built(), bench.planted()] {
            let name = sheet.name();
            assert!(sheet.document.is_canonical(), "{name}: `sconce fmt` would change it");
            assert_eq!(sheet.document.text(), sheet.text, "{name}");
            let packs: Vec<&str> = knowledge().rules.packs().collect();
            assert_eq!(sheet.model().system.packs.as_deref().unwrap_or_default(), packs, "{name}: packs");
            assert!(sheet.model().threats.is_empty(), "{name}: a register is no part of the bench");
            let elements = sheet.model().elements.len();
            assert!((12..=25).contains(&elements), "{name}: {elements} elements");
        }
    }
}

/// A few things may be added or left out to plant a weakness; else `diff` would not show the weaknesses alone.
#[test]
fn both_files_of_a_system_are_about_the_same_things() {
    for bench in all() {
        let (before, after) = (ids(bench.well_built()), ids(bench.planted()));
        let changed: Vec<&String> = before.symmetric_difference(&after).collect();
        assert!(changed.len() * 5 <= before.len(), "{}: {changed:?}", bench.name);
        assert_eq!(bench.well_built().model().system, bench.planted().model().system, "{}", bench.name);
        assert_ne!(bench.well_built().text, bench.planted().text, "{}", bench.name);
    }
}

#[test]
fn every_list_names_what_there_is() {
    for bench in all() {
        let list = bench.list();
        assert!((10..=14).contains(&list.len()), "{}: {} weaknesses", bench.name, list.len());
        assert!(list.iter().any(|planted| planted.rules.is_empty()), "{}: every weakness has a rule", bench.name);
        let wrong = wrong(bench);
        assert!(wrong.is_empty(), "{}: {}", bench.name, wrong.join("; "));
    }
}

fn wrong(bench: &Bench) -> Vec<String> {
    let there = ids(bench.planted());
    let packs = bench.planted().model().system.packs.clone();
    let rules: BTreeSet<&str> = knowledge().active(packs.as_deref()).map(|rule| rule.id.as_str()).collect();
    let mut wrong = Vec::new();
    for planted in bench.list() {
        if planted.at.is_empty() || planted.weakness.trim().is_empty() {
            wrong.push(format!("`{}` is nowhere", planted.weakness));
        }
        wrong.extend(planted.at.iter().filter(|id| !there.contains(*id)).map(|id| format!("no `{id}`")));
        let unknown = planted.rules.iter().filter(|id| !rules.contains(id.as_str()));
        wrong.extend(unknown.map(|id| format!("no rule `{id}` in these packs")));
    }
    wrong
}

fn ids(sheet: &Sheet) -> BTreeSet<String> {
    let things = sheet.model().things().map(|(id, _)| id.to_string());
    things.chain([sconce::model::SYSTEM.to_owned()]).collect()
}
