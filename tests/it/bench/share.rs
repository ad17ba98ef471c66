//! How much of the corpus a rule fires on. A rule that speaks of everything tells nobody anything.

use super::{Bench, Sheet, TODAY, demos, knowledge};
use sconce::analysis::Analysis;
use sconce::model::graph::Index;
use sconce::model::{SYSTEM, SubjectKind};
use sconce::rules::language::{Lane, Tier};
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

/// Subjects, each with its model, on which a rule of tier A fires. A threat that is mitigated counts like one that is
/// open: the control is there because half of the corpus is well built, and where it is missing the rule is open. So
/// this is how many subjects a rule would trouble people with if nobody had done anything; only to count what is open
/// would flatter every rule. A rule about the whole system, paths included, counts once for a model.
fn fired() -> BTreeMap<String, BTreeSet<(String, String)>> {
    let packs: Vec<String> = knowledge().rules.packs().map(str::to_owned).collect();
    let mut fired: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for sheet in corpus() {
        let mut model = sheet.model().clone();
        model.system.packs = Some(packs.clone());
        model.threats.clear();
        let analysis = Analysis::of(&model, knowledge(), TODAY);
        let threats = analysis.threats.iter().map(|row| (row.key.rule().to_owned(), row.subject.to_string()));
        let lints = analysis.lints.iter().map(|lint| (lint.rule.clone(), lint.subject.to_string()));
        for (rule, subject) in threats.chain(lints) {
            let whole = knowledge().rule(&rule).is_some_and(|rule| rule.on == [SubjectKind::System]);
            let subject = if whole { SYSTEM.to_owned() } else { subject };
            fired.entry(rule).or_default().insert((sheet.name(), subject));
        }
    }
    fired
}

#[test]
fn no_rule_fires_everywhere() {
    let (subjects, fired) = (subjects(), fired());
    let rules = knowledge().rules.iter().filter(|rule| rule.tier == Tier::A && rule.lane != Lane::Question);
    let mut wide = Vec::new();
    for rule in rules.filter(|rule| !rule.broad) {
        let all: usize = rule.on.iter().filter_map(|kind| subjects.get(kind)).sum();
        let times = fired.get(&rule.id).map_or(0, BTreeSet::len);
        if times * ONE_OF > all {
            wide.push(format!("{} fires on {times} of {all} {:?}", rule.id, rule.on));
        }
    }
    assert!(wide.is_empty(), "mend them, or mark them `broad` if they are right:\n{}", wide.join("\n"));
}
