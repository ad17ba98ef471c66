//! "What if" answers are those of a fresh evaluation: every number of a step, and every cut.

use proptest::prelude::*;
use sconce::analysis::Analysis;
use sconce::analysis::whatif::{self, Change, Moved, Rank, Step};
use sconce::model::{
    Asset, Confidentiality, DataFlow, Date, Element, ElementKind, FactDef, FactValue, Facts, Id, Level, Mitigation,
    MitigationStatus, Override, Severity, SubjectKind, ThreatKey, ThreatModel, TrustBoundary, Values,
};
use sconce::rules::{Knowledge, prove};
use std::collections::{BTreeMap, BTreeSet};

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// The risk of all open threats that a rule raises: what their scores begin with.
fn open(model: &ThreatModel, today: Date) -> BTreeMap<ThreatKey, u32> {
    let analysis = Analysis::of(model, &Knowledge::builtin(), today);
    let open = analysis.threats.iter().filter(|row| row.is_open() && row.risk.is_some());
    open.map(|row| (row.key.clone(), row.score.base.points())).collect()
}

/// Does what a step says.
fn apply(model: &mut ThreatModel, n: usize, step: &Step) {
    if let Some(planned) = &step.planned {
        model.mitigations.get_mut(&planned.id).unwrap().status = MitigationStatus::Implemented;
        return;
    }
    let mut work = Mitigation::new(&step.title);
    work.status = MitigationStatus::Implemented;
    work.provides.clone_from(&step.provides);
    model.mitigations.insert(id(&format!("done-{n}")), work);
}

/// Every number of every step is that of an evaluation of the model with the step done.
fn steps_are_true(model: &ThreatModel, today: Date, rank: Rank) {
    let next = whatif::next(model, &Knowledge::builtin(), today, 4, rank);
    let mut model = model.clone();
    let mut before = open(&model, today);
    assert_eq!((next.open, next.risk), (before.len(), before.values().sum()));
    for (n, step) in next.steps.iter().enumerate() {
        apply(&mut model, n, step);
        let after = open(&model, today);
        let effect = &step.effect;
        assert_eq!((effect.before, effect.after), (before.values().sum(), after.values().sum()), "{}", step.title);
        assert_eq!(step.left, after.len(), "{}", step.title);
        let keys = |some: &[&Vec<Moved>]| -> BTreeSet<ThreatKey> {
            some.iter().flat_map(|list| list.iter().map(|m| m.key.clone())).collect()
        };
        let less = |some: &BTreeMap<ThreatKey, u32>, others: &BTreeMap<ThreatKey, u32>| -> BTreeSet<ThreatKey> {
            some.keys().filter(|key| !others.contains_key(key)).cloned().collect()
        };
        assert_eq!(less(&before, &after), keys(&[&effect.closed, &effect.asked]), "{}", step.title);
        assert_eq!(less(&after, &before), keys(&[&effect.opened]), "{}", step.title);
        for moved in effect.lowered.iter().chain(&effect.raised) {
            assert_eq!((moved.before, moved.after), (before[&moved.key], after[&moved.key]));
        }
        assert!(effect.after < effect.before, "a step gains nothing: {}", step.title);
        before = after;
    }
    assert_eq!(next.left, (before.len(), before.values().sum()));
}

/// With the controls of the cut no way is open; without any one of them some way is.
fn the_cut_separates(model: &ThreatModel) {
    let knowledge = Knowledge::builtin();
    let routes = |model: &ThreatModel| whatif::paths(model, &knowledge, prove::TODAY, (None, None)).unwrap();
    let found = routes(model);
    assert_eq!(found.cut.is_none(), found.open.is_empty());
    let cut = match found.cut {
        Some(Ok(cut)) => cut,
        Some(Err(way)) => return assert!(way.len() > 2, "a way on which nothing can stand has two ends and a flow"),
        None => return,
    };
    let guard = |model: &mut ThreatModel, place: &Id| {
        let facts = &mut model.elements.get_mut(place).unwrap().facts;
        for fact in ["authn", "authz"] {
            facts.insert(fact.to_owned(), FactValue::text("present"));
        }
    };
    let guarded = |without: Option<&Id>| {
        let mut model = model.clone();
        cut.places.iter().map(|p| &p.on.id).filter(|id| Some(*id) != without).for_each(|id| guard(&mut model, id));
        routes(&model)
    };
    assert_eq!(guarded(None).open, Vec::new(), "a way is left");
    for place in &cut.places {
        assert!(!guarded(Some(&place.on.id)).open.is_empty(), "{} is not needed", place.on.name);
    }
}

fn bundled() -> Vec<ThreatModel> {
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let mut paths: Vec<_> = std::fs::read_dir(models).unwrap().map(|entry| entry.unwrap().path()).collect();
    // What is in folders is the bench, which has tests of its own.
    paths.retain(|path| path.is_file());
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &std::path::Path) -> ThreatModel {
    let sitting = sconce::workbench::Sitting { who: "tester".to_owned(), today: prove::TODAY };
    sconce::workbench::Workbench::open(path, Knowledge::builtin(), sitting).unwrap().model().clone()
}

#[test]
fn the_steps_of_the_bundled_models_are_true() {
    for model in bundled() {
        for rank in [Rank::Risk, Rank::Effort] {
            steps_are_true(&model, Date::constant(2026, 11, 23), rank);
        }
        the_cut_separates(&model);
    }
}

/// Every threat that a step closes is one of a rule that names its mitigation, or takes what that provides for a control:
/// the pages of mitigations and the list of threats say the same.
fn steps_close_what_their_mitigations_close(model: &ThreatModel) {
    let knowledge = Knowledge::builtin();
    for step in whatif::next(model, &knowledge, prove::TODAY, 9, Rank::Risk).steps {
        let Some(record) = step.record.as_ref().filter(|_| step.planned.is_none()) else { continue };
        for closed in &step.effect.closed {
            let rule = knowledge.rule(closed.key.rule()).unwrap();
            assert!(knowledge.closes(&knowledge.mitigations[record], rule), "{record} and {}", closed.key);
        }
    }
}

#[test]
fn a_mitigation_closes_the_same_wherever_it_is_told() {
    let bench = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bench");
    let folders = std::fs::read_dir(bench).unwrap().map(|entry| entry.unwrap().path().join("planted.tm.ron"));
    let mut planted: Vec<_> = folders.filter(|path| path.is_file()).collect();
    planted.sort();
    bundled()
        .iter()
        .chain(&planted.iter().map(|path| read(path)).collect::<Vec<_>>())
        .for_each(steps_close_what_their_mitigations_close);
}

#[test]
fn what_people_rated_counts_as_they_rated_it() {
    let mut model = weak(&[1, 2, 3, 1, 2, 3, 1, 2, 3], &[2], &[(0, 1), (1, 2), (2, 3), (3, 4)]);
    let before = whatif::next(&model, &Knowledge::builtin(), prove::TODAY, 1, Rank::Risk);
    let all = Analysis::of(&model, &Knowledge::builtin(), prove::TODAY);
    let row = all.threats.iter().find(|row| row.is_open() && row.score.base.points() > 9).unwrap();
    let mut record = row.record.clone();
    record.overridden = Some(Override { severity: Severity::Low, reason: "a toy".to_owned(), by: None });
    model.threats.insert(row.key.clone(), record);
    let after = whatif::next(&model, &Knowledge::builtin(), prove::TODAY, 1, Rank::Risk);
    assert_eq!(after.risk, before.risk - row.score.base.points() + 2);
    assert_eq!(after.risk, open(&model, prove::TODAY).values().sum::<u32>());
}

/// A gate before two stores: one flow goes to a boundary, one is asked for by its target. Nothing is guarded, and whoever
/// calls waits for the answer.
fn fan() -> ThreatModel {
    let mut model = ThreatModel::default();
    let inner = TrustBoundary { name: "inner".to_owned(), trust: Some(70), ..TrustBoundary::default() };
    model.boundaries.insert(id("inner"), inner);
    let asset = Asset { confidentiality: Some(Confidentiality::Restricted), ..Asset::default() };
    model.assets.insert(id("cards"), asset);
    let kinds = [("user", ElementKind::ExternalEntity), ("gate", ElementKind::Process)];
    for (name, kind) in kinds.into_iter().chain([("left", ElementKind::DataStore), ("right", ElementKind::DataStore)]) {
        let mut element = Element::new(kind, name);
        if kind == ElementKind::DataStore {
            element.inside = Some(id("inner"));
            element.stores = Some(vec![id("cards")]);
        }
        if kind != ElementKind::ExternalEntity {
            element.facts = bare();
        }
        model.elements.insert(id(name), element);
    }
    let mut archive = Element::new(ElementKind::DataStore, "archive");
    archive.stores = Some(vec![id("cards")]);
    archive.facts = bare();
    model.elements.insert(id("archive"), archive);
    for (name, from, to) in [("ask", "user", "gate"), ("spread", "gate", "inner"), ("pull", "archive", "gate")] {
        let mut flow = DataFlow { from: Some(id(from)), to: Some(id(to)), ..DataFlow::default() };
        flow.facts.insert("sync".to_owned(), FactValue::text("sync"));
        flow.facts.insert("readonly".to_owned(), FactValue::text("no"));
        if name == "pull" {
            flow.facts.insert("initiator".to_owned(), FactValue::text("target"));
        }
        model.flows.insert(id(name), flow);
    }
    model
}

#[test]
fn ways_go_into_boundaries_and_to_whom_one_calls() {
    let model = fan();
    let knowledge = Knowledge::builtin();
    let found = whatif::paths(&model, &knowledge, prove::TODAY, (None, None)).unwrap();
    let ends: Vec<&str> = found.open.iter().map(|route| route.legs.last().unwrap().on.id.as_str()).collect();
    assert_eq!(ends, ["archive", "left", "right"]);
    assert!(found.gates.iter().all(|gate| gate.through.iter().any(|(on, _)| on.id.as_str() == "gate")));
    let cut = found.cut.unwrap().unwrap();
    assert_eq!(cut.places.iter().map(|p| p.on.id.as_str()).collect::<Vec<_>>(), ["gate"]);
    let blast = whatif::blast(&model, &knowledge, prove::TODAY, "gate").unwrap();
    let reached: Vec<(&str, u32)> = blast.reached.iter().map(|r| (r.on.id.as_str(), r.steps)).collect();
    assert_eq!(reached, [("archive", 1), ("left", 1), ("right", 1)]);
    assert_eq!(blast.depends.iter().map(|r| r.on.id.as_str()).collect::<Vec<_>>(), ["user"]);
    let of_archive = whatif::blast(&model, &knowledge, prove::TODAY, "archive").unwrap();
    assert_eq!(of_archive.depends.iter().map(|r| r.on.id.as_str()).collect::<Vec<_>>(), ["gate", "user"]);
    assert!(of_archive.assets.iter().all(|asset| asset.change == Change::Yes), "its owner can change what it stores");
}

#[test]
fn what_is_only_read_from_cannot_be_changed() {
    let mut model = fan();
    model.flows.get_mut(&id("spread")).unwrap().facts.insert("readonly".to_owned(), FactValue::text("yes"));
    let blast = whatif::blast(&model, &Knowledge::builtin(), prove::TODAY, "gate").unwrap();
    let is_read = |asset: &sconce::analysis::whatif::Asset| asset.change == Change::No && asset.surely;
    assert!(!blast.assets.is_empty() && blast.assets.iter().all(is_read), "{:?}", blast.assets);
}

/// What nobody stated is neither there nor missing.
#[test]
fn what_is_not_known_is_told_as_not_known() {
    let (mut model, knowledge) = (fan(), Knowledge::builtin());
    model.elements.values_mut().for_each(|element| element.facts.clear());
    model.flows.values_mut().for_each(|flow| flow.facts.clear());
    let found = whatif::paths(&model, &knowledge, prove::TODAY, (None, None)).unwrap();
    assert_eq!((found.pairs.open, found.pairs.perhaps, found.pairs.held), (0, 2, 0));
    assert!(found.cut.is_none(), "nothing is known to lack a control");
    let asked = [("gate", 2), ("left", 2), ("right", 2)];
    assert_eq!(found.ask.iter().map(|(on, facts)| (on.id.as_str(), facts.len())).collect::<Vec<_>>(), asked);
    let blast = whatif::blast(&model, &knowledge, prove::TODAY, "gate").unwrap();
    assert_eq!((blast.reached.len(), blast.perhaps.len(), blast.stopped.len()), (0, 2, 0));
    assert!(blast.assets.iter().all(|asset| !asset.surely && asset.change == Change::Unknown), "{:?}", blast.assets);
    assert_eq!((blast.depends.len(), blast.may_depend.len()), (0, 1));
}

#[test]
fn copies_and_records_are_made_aside() {
    let (mut model, knowledge) = (fan(), Knowledge::builtin());
    let depends = |model: &ThreatModel, of: &str| {
        let blast = whatif::blast(model, &knowledge, prove::TODAY, of).unwrap();
        blast.depends.len() + blast.may_depend.len()
    };
    assert_eq!(depends(&model, "left"), 2);
    let fact = |word: &str| FactValue::text(word);
    for (fact_name, word) in [("kind", "backup"), ("kind", "log"), ("usage", "backup"), ("usage", "telemetry")] {
        let mut aside = model.clone();
        aside.elements.get_mut(&id("left")).unwrap().facts.insert(fact_name.to_owned(), fact(word));
        assert_eq!(depends(&aside, "left"), 0, "{fact_name} {word}");
    }
    let spread = model.flows.get_mut(&id("spread")).unwrap();
    spread.facts.insert("usage".to_owned(), fact("backup"));
    assert_eq!(depends(&model, "left"), 0);
    let spread = model.flows.get_mut(&id("spread")).unwrap();
    spread.facts.extend([("usage".to_owned(), fact("business")), ("sync".to_owned(), fact("async"))]);
    assert_eq!(depends(&model, "left"), 0);
    let left = model.elements.get_mut(&id("left")).unwrap();
    left.facts.insert("immutable".to_owned(), fact("yes"));
    let blast = whatif::blast(&model, &knowledge, prove::TODAY, "left").unwrap();
    assert!(blast.assets.iter().all(|asset| asset.change == Change::Added), "what is written there stays");
}

/// Nobody gets in where it is our own side that opens the connection.
#[test]
fn what_is_fetched_is_no_way_in() {
    let (mut model, knowledge) = (fan(), Knowledge::builtin());
    model.flows.get_mut(&id("ask")).unwrap().facts.insert("initiator".to_owned(), FactValue::text("target"));
    let found = whatif::paths(&model, &knowledge, prove::TODAY, (None, None)).unwrap();
    assert_eq!((found.pairs.open, found.pairs.perhaps, found.pairs.held), (0, 0, 0));
}

fn bare() -> Facts {
    ["authn", "authz"].map(|fact| (fact.to_owned(), FactValue::text("absent"))).into()
}

const SIZE: usize = 9;

/// A system in which much is wrong: facts that mitigations of the catalogue provide are weak, strong or not known.
fn weak(kinds: &[usize], words: &[usize], flows: &[(usize, usize)]) -> ThreatModel {
    let knowledge = Knowledge::builtin();
    let provided: BTreeSet<&str> =
        knowledge.mitigations.values().flat_map(|m| &m.provides).map(|(fact, _)| fact.as_str()).collect();
    let mut words = words.iter().copied().cycle();
    let mut facts = |kind: SubjectKind| -> Facts {
        let defs = knowledge.vocabulary.on(kind).filter(|d| provided.contains(d.name.as_str()));
        let defs = defs.filter(|d| !d.words().is_empty() && !matches!(d.values, Values::SomeOf(_)));
        let mut say = |d: &FactDef| match words.next().unwrap() % 4 {
            0 => None,
            1 => d.words().last().map(|word| (d.name.clone(), FactValue::text(word))),
            _ => d.words().first().map(|word| (d.name.clone(), FactValue::text(word))),
        };
        defs.filter_map(&mut say).collect()
    };
    let mut model = ThreatModel::default();
    for (name, trust) in [("outer", 40), ("inner", 70)] {
        let inside = (name == "inner").then(|| id("outer"));
        let boundary = TrustBoundary { trust: Some(trust), inside, ..TrustBoundary::default() };
        model.boundaries.insert(id(name), boundary);
    }
    let asset = Asset {
        confidentiality: Some(Confidentiality::Restricted),
        integrity: Some(Level::Critical),
        ..Asset::default()
    };
    model.assets.insert(id("cards"), asset);
    for (n, kind) in kinds.iter().enumerate() {
        let (kind, subject, tech) = match (n, kind % 5) {
            (0, _) | (_, 0) => (ElementKind::ExternalEntity, SubjectKind::ExternalEntity, "browser"),
            (_, 1) => (ElementKind::DataStore, SubjectKind::DataStore, "postgresql"),
            _ => (ElementKind::Process, SubjectKind::Process, "nodejs"),
        };
        let mut element = Element::new(kind, &format!("element {n}"));
        element.tech = Some(vec![tech.to_owned()]);
        element.facts = facts(subject);
        let cards = |here: bool| Some(if here { vec![id("cards")] } else { Vec::new() });
        (element.stores, element.processes) = (cards(kind == ElementKind::DataStore), cards(n % 3 == 2));
        if kind != ElementKind::ExternalEntity {
            element.inside = Some(id(if n % 2 == 0 { "outer" } else { "inner" }));
        }
        model.elements.insert(id(&format!("e{n}")), element);
    }
    for (n, (from, to)) in flows.iter().enumerate().filter(|(_, (from, to))| from != to) {
        let mut facts = facts(SubjectKind::Flow);
        facts.insert("net".to_owned(), FactValue::text("internet"));
        facts.remove("readonly");
        let (from, to) = (Some(id(&format!("e{from}"))), Some(id(&format!("e{to}"))));
        let flow = DataFlow { from, to, carries: Some(vec![id("cards")]), facts, ..DataFlow::default() };
        model.flows.insert(id(&format!("f{n}")), flow);
    }
    model
}

prop_compose! {
    fn systems()(
        kinds in prop::collection::vec(0..5_usize, SIZE),
        words in prop::collection::vec(0..4_usize, 61),
        flows in prop::collection::vec((0..SIZE, 0..SIZE), 8..20),
    ) -> ThreatModel {
        weak(&kinds, &words, &flows)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_step_is_true(model in systems(), by_effort in any::<bool>()) {
        steps_are_true(&model, prove::TODAY, if by_effort { Rank::Effort } else { Rank::Risk });
    }

    #[test]
    fn every_cut_separates(model in systems()) {
        the_cut_separates(&model);
    }

    /// What a control holds up is what a fresh evaluation without it says.
    #[test]
    fn every_loss_is_true(model in systems(), pick in 0..1000_usize) {
        let has = |(id, element): (&Id, &Element)| {
            let strong = element.facts.iter().filter(|(_, value)| **value == FactValue::text("present"));
            strong.map(|(fact, _)| (id.clone(), fact.clone())).collect::<Vec<_>>()
        };
        let controls: Vec<(Id, String)> = model.elements.iter().flat_map(has).collect();
        prop_assume!(!controls.is_empty());
        let (on, fact) = &controls[pick % controls.len()];
        let found = whatif::without(&model, &Knowledge::builtin(), prove::TODAY, &format!("{fact}@{on}")).unwrap();
        let mut changed = model.clone();
        changed.elements.get_mut(on).unwrap().facts.insert(fact.clone(), FactValue::text("absent"));
        let (before, after) = (open(&model, prove::TODAY), open(&changed, prove::TODAY));
        prop_assert_eq!((found.effect.before, found.effect.after), (before.values().sum(), after.values().sum()));
        let back: BTreeSet<&ThreatKey> = found.effect.opened.iter().map(|m| &m.key).collect();
        prop_assert_eq!(back, after.keys().filter(|key| !before.contains_key(*key)).collect());
    }
}
