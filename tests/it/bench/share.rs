//! How much of the corpus a rule fires on. A rule that speaks of everything tells nobody anything.

use super::{Bench, Sheet, TODAY, demos, knowledge};
use sconce::analysis::Analysis;
use sconce::model::graph::Index;
use sconce::model::{SYSTEM, SubjectKind};
use sconce::rules::language::{Lane, Rule, Tier};
use std::collections::{BTreeMap, BTreeSet};

/// A rule may fire on one of so many subjects of its kinds.
const ONE_OF: usize = 5;

/// Every model: the demonstrations, and both files of every system of the bench.
pub(super) fn corpus() -> Vec<&'static Sheet> {
    let bench = super::every().iter().flat_map(|bench: &Bench| [bench.well_built(), bench.planted()]);
    demos().iter().chain(bench).collect()
}

/// The subjects of each kind in the whole corpus.
fn subjects() -> BTreeMap<SubjectKind, usize> {
    let mut counts = BTreeMap::new();
    for sheet in corpus() {
        let index = Index::new(sheet.model());
        for kind in SubjectKind::ALL.iter().copied() {
            *counts.entry(kind).or_default() += index.of_kind(kind).count();
        }
    }
    counts
}

/// Subjects, each with its model, on which a rule of tier A is open. A threat that is mitigated is not counted: it
/// tells which controls are there, and a control that every service needs is right to show at every service. What
/// is open is read as a weakness; half of the corpus is well built, a quarter has planted weaknesses, each in one or
/// two places, so what is open at more than a fifth of all subjects cries wolf or is about all systems alike.
/// A rule about the whole system, paths included, speaks about a model at most once.
fn open() -> BTreeMap<String, BTreeSet<(String, String)>> {
    let packs: Vec<String> = knowledge().rules.packs().map(str::to_owned).collect();
    let mut open: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for sheet in corpus() {
        let mut model = sheet.model().clone();
        model.system.packs = Some(packs.clone());
        model.threats.clear();
        let analysis = Analysis::of(&model, knowledge(), TODAY);
        let threats = analysis.threats.iter().filter(|row| row.is_open());
        let threats = threats.map(|row| (row.key.rule().to_owned(), row.subject.to_string()));
        let lints = analysis.lints.iter().map(|lint| (lint.rule.clone(), lint.subject.to_string()));
        for (rule, subject) in threats.chain(lints) {
            let whole = knowledge().rule(&rule).is_some_and(|rule| rule.on == [SubjectKind::System]);
            let subject = if whole { SYSTEM.to_owned() } else { subject };
            open.entry(rule).or_default().insert((sheet.name(), subject));
        }
    }
    open
}

/// Rules with the subjects they fire on and all there are.
fn shares() -> Vec<(&'static Rule, usize, usize)> {
    let (subjects, open) = (subjects(), open());
    let rules = knowledge().rules.iter().filter(|rule| rule.tier == Tier::A && rule.lane != Lane::Question);
    rules
        .map(|rule| {
            let all = rule.on.iter().filter_map(|kind| subjects.get(kind)).sum();
            (rule, open.get(&rule.id).map_or(0, BTreeSet::len), all)
        })
        .collect()
}

#[test]
fn no_rule_fires_everywhere() {
    let wide: Vec<String> = shares()
        .into_iter()
        .filter(|(rule, open, all)| !rule.broad && open * ONE_OF > *all)
        .map(|(rule, open, all)| format!("{} fires on {open} of {all} {:?}", rule.id, rule.on))
        .collect();
    assert!(wide.is_empty(), "mend them, or mark them `broad` if they are right:\n{}", wide.join("\n"));
}
