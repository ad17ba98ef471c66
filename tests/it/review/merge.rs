//! The laws of merging, on random models and random branches: nothing is lost, and what comes out can always be read.

use proptest::prelude::*;
use sconce::file::{Document, read, validate};
use sconce::model::{Conflict, Place, Technologies, ThreatModel, Vocabulary};
use sconce::review::merge::merge;
use sconce::review::resolve::{Side, decide};
use std::collections::BTreeSet;

use crate::model::arbitrary::{Dice, models};

/// A branch: a few changes, each of which leaves a model that makes sense.
fn branch(base: &ThreatModel, seed: u64, steps: usize) -> ThreatModel {
    let mut dice = Dice::new(seed);
    let mut model = base.clone();
    for _ in 0..steps {
        let mut next = model.clone();
        if dice.edit(&model).apply(&mut next).is_ok() && wrong(&next).is_subset(&wrong(base)) {
            model = next;
        }
    }
    model
}

/// What is wrong with a model beyond its open conflicts.
fn wrong(model: &ThreatModel) -> BTreeSet<(&'static str, String)> {
    let codes =
        ["dangling-id", "wrong-kind", "boundary-cycle", "id-twice", "formerly-clash", "reserved-id", "unknown-threat"];
    let found = validate(model, &Vocabulary::default(), &Technologies::default());
    found.into_iter().filter(|d| codes.contains(&d.code)).map(|d| (d.code, d.message)).collect()
}

/// Reads a model back as a file.
fn reread(model: &ThreatModel) -> ThreatModel {
    let text = Document::new(model.clone()).text();
    let read = read(&text);
    let document = read.document.unwrap_or_else(|| panic!("{:?}\n{text}", read.diagnostics));
    assert_eq!(document.text(), text, "not canonical");
    document.model().clone()
}

/// Places and fields in question, whichever side said what.
fn questions(model: &ThreatModel) -> BTreeSet<(String, Option<String>, BTreeSet<Option<String>>)> {
    let of = |c: &Conflict| (c.of.clone(), c.field.clone(), [c.ours.clone(), c.theirs.clone()].into());
    model.conflicts.iter().map(of).collect()
}

/// What each thing went by, first to last.
fn lives(model: &ThreatModel) -> Vec<Vec<String>> {
    model.things().map(|(id, thing)| thing.formerly().iter().chain([id]).map(ToString::to_string).collect()).collect()
}

/// Whether a model has a thing under any of these ids.
fn has(model: &ThreatModel, life: &[String]) -> bool {
    lives(model).iter().any(|other| other.iter().any(|id| life.contains(id)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Where only one branch changed anything, that is the merge; where both did the same, it is that.
    #[test]
    fn what_one_branch_did_is_what_comes_out(base in models(), seed in any::<u64>(), steps in 0..6usize) {
        let changed = branch(&base, seed, steps);
        prop_assert_eq!(&merge(&base, &changed, &base), &changed);
        prop_assert_eq!(&merge(&base, &base, &changed), &changed);
        prop_assert_eq!(&merge(&base, &changed, &changed), &changed);
    }

    /// The merge can be read, makes as much sense as the branches, and holds every id that neither branch took out.
    #[test]
    fn nothing_is_lost(base in models(), seeds in any::<[u64; 2]>(), steps in [0..7usize, 0..7usize]) {
        let (ours, theirs) = (branch(&base, seeds[0], steps[0]), branch(&base, seeds[1], steps[1]));
        let merged = merge(&base, &ours, &theirs);
        prop_assert_eq!(&reread(&merged), &merged);
        let allowed: BTreeSet<_> = wrong(&base).into_iter().chain(wrong(&ours)).chain(wrong(&theirs)).collect();
        let new: Vec<_> = wrong(&merged).into_iter().filter(|w| !allowed.contains(w)).collect();
        let told = || [&base, &ours, &theirs, &merged].map(|m| format!("\n{:?} {:?}", lives(m), m.threats.keys().map(ToString::to_string).collect::<Vec<_>>())).concat();
        prop_assert!(new.is_empty(), "{:?}{}\n{:?}", new, told(), merged.conflicts);
        for (side, other) in [(&ours, &theirs), (&theirs, &ours)] {
            for life in lives(side) {
                // What was there before and one branch took out may be gone.
                let first: Vec<String> = life.iter().filter(|id| lives(&base).concat().contains(id)).cloned().collect();
                let may_go = !first.is_empty() && !has(other, &first);
                prop_assert!(may_go || has(&merged, &life), "{:?}{}\n{:?}", life, told(), merged.conflicts);
            }
        }
        // A threat that one side added is in the model or in a conflict, if what it is about still goes by that id.
        for key in ours.threats.keys().chain(theirs.threats.keys()).filter(|key| base.threats.keys().all(|k| k.rule() != key.rule())) {
            let subjects = key.to_string().split(':').next().unwrap_or_default().to_owned();
            let is_there = subjects.split('>').all(|id| merged.things().any(|(other, _)| other.as_str() == id));
            let of = Place::Threat(key.clone()).to_string();
            // Of two things with one id, the other one's threats went along with its new id.
            let kept = merged.threats.keys().any(|k| k == key || k.rule() == key.rule()) || merged.conflicts.iter().any(|c| c.of == of);
            prop_assert!(kept || !is_there, "{}{}", key, told());
        }
        // Merging what came out with a branch again changes nothing that is not in question.
        if merged.conflicts.is_empty() {
            prop_assert_eq!(&merge(&theirs, &merged, &theirs), &merged);
        }
    }

    /// Whatever is decided in whichever order: what is decided is off the list, the model makes as much sense as before,
    /// and there is always a side that can be taken.
    #[test]
    fn every_question_can_be_decided(base in models(), seeds in any::<[u64; 3]>(), steps in [1..7usize, 1..7usize]) {
        let (ours, theirs) = (branch(&base, seeds[0], steps[0]), branch(&base, seeds[1], steps[1]));
        let mut model = merge(&base, &ours, &theirs);
        let mut dice = Dice::new(seeds[2]);
        while !model.conflicts.is_empty() {
            let conflict = model.conflicts[dice.below(model.conflicts.len())].clone();
            let side = [Side::Theirs, Side::Base, Side::Ours][dice.below(3)];
            let all = [side, Side::Ours, Side::Theirs, Side::Base];
            let decided = all.into_iter().map(|side| decide(&model, &conflict, side.of(&conflict))).find(Result::is_ok);
            let decided = decided.ok_or("no side can be taken");
            let Ok(Ok(edit)) = decided else { return Err(TestCaseError::fail(format!("{conflict:?}: {decided:?}"))) };
            let (before, left) = (wrong(&model), model.conflicts.len());
            prop_assert!(edit.apply(&mut model).is_ok(), "{:?}", conflict);
            let new: Vec<_> = wrong(&model).into_iter().filter(|w| !before.contains(w)).collect();
            prop_assert!(new.is_empty(), "{:?} for {:?}: {:?}", side, conflict, new);
            prop_assert!(model.conflicts.len() < left, "{:?}", conflict);
        }
    }

    /// The other way round there are the same questions.
    #[test]
    fn both_ways_ask_the_same(base in models(), seeds in any::<[u64; 2]>(), steps in [0..5usize, 0..5usize]) {
        let (ours, theirs) = (branch(&base, seeds[0], steps[0]), branch(&base, seeds[1], steps[1]));
        let (one, other) = (merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
        prop_assert_eq!(one.conflicts.is_empty(), other.conflicts.is_empty(), "{:?}\n{:?}{}", one.conflicts, other.conflicts, [&base, &ours, &theirs].map(|m| format!("\n{:?} {:?}", lives(m), m.threats.keys().map(ToString::to_string).collect::<Vec<_>>())).concat());
        let renamed = |m: &ThreatModel| m.conflicts.iter().any(|c| c.why.is_some());
        if !renamed(&one) && !renamed(&other) {
            prop_assert_eq!(questions(&one), questions(&other));
        }
    }
}
