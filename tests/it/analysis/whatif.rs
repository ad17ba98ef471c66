//! "What if" answers are those of a fresh evaluation: every number of a step, and every cut.

use proptest::prelude::*;
use sconce::analysis::Analysis;
use sconce::analysis::whatif::{self, Moved, Rank, Step};
use sconce::model::{
    DataFlow, Date, Element, ElementKind, FactValue, Id, Mitigation, MitigationStatus, ThreatKey, ThreatModel,
    TrustBoundary,
};
use sconce::rules::{Knowledge, prove};
use std::collections::BTreeMap;

use super::laws::models;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// Likelihood × impact of all open threats that a rule raises.
fn open(model: &ThreatModel, today: Date) -> BTreeMap<ThreatKey, u32> {
    let analysis = Analysis::of(model, &Knowledge::builtin(), today);
    let risk = |(likelihood, impact): (u8, u8)| u32::from(likelihood) * u32::from(impact);
    let open = analysis.threats.iter().filter(|row| row.is_open());
    open.filter_map(|row| Some((row.key.clone(), risk(row.risk?)))).collect()
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
        let keys =
            |some: &[&Vec<Moved>]| some.iter().flat_map(|list| list.iter().map(|m| m.key.clone())).collect::<Vec<_>>();
        let mut gone: Vec<ThreatKey> = before.keys().filter(|key| !after.contains_key(key)).cloned().collect();
        let mut said = keys(&[&effect.closed, &effect.asked]);
        (gone.sort(), said.sort());
        assert_eq!(gone, said, "{}", step.title);
        let mut fresh: Vec<ThreatKey> = after.keys().filter(|key| !before.contains_key(key)).cloned().collect();
        let mut said = keys(&[&effect.opened]);
        (fresh.sort(), said.sort());
        assert_eq!(fresh, said, "{}", step.title);
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
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let sitting = sconce::workbench::Sitting { who: "tester".to_owned(), today: prove::TODAY };
        sconce::workbench::Workbench::open(path, Knowledge::builtin(), sitting).unwrap().model().clone()
    };
    paths.iter().map(read).collect()
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

/// A gate before two stores: one flow goes to a boundary, one is asked for by its target.
fn fan() -> ThreatModel {
    let mut model = ThreatModel::default();
    let inner = TrustBoundary { name: "inner".to_owned(), trust: Some(70), ..TrustBoundary::default() };
    model.boundaries.insert(id("inner"), inner);
    let asset = sconce::model::Asset {
        confidentiality: Some(sconce::model::Confidentiality::Restricted),
        ..sconce::model::Asset::default()
    };
    model.assets.insert(id("cards"), asset);
    let kinds = [("user", ElementKind::ExternalEntity), ("gate", ElementKind::Process)];
    for (name, kind) in kinds.into_iter().chain([("left", ElementKind::DataStore), ("right", ElementKind::DataStore)]) {
        let mut element = Element::new(kind, name);
        if kind == ElementKind::DataStore {
            element.inside = Some(id("inner"));
            element.stores = Some(vec![id("cards")]);
        }
        model.elements.insert(id(name), element);
    }
    let mut archive = Element::new(ElementKind::DataStore, "archive");
    archive.stores = Some(vec![id("cards")]);
    model.elements.insert(id("archive"), archive);
    for (name, from, to) in [("ask", "user", "gate"), ("spread", "gate", "inner"), ("pull", "archive", "gate")] {
        let mut flow = DataFlow { from: Some(id(from)), to: Some(id(to)), ..DataFlow::default() };
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
    assert!(of_archive.assets.iter().all(|asset| asset.changed), "its owner can change what it stores");
}

#[test]
fn what_is_only_read_from_cannot_be_changed() {
    let mut model = fan();
    model.flows.get_mut(&id("spread")).unwrap().facts.insert("readonly".to_owned(), FactValue::text("yes"));
    let blast = whatif::blast(&model, &Knowledge::builtin(), prove::TODAY, "gate").unwrap();
    assert!(!blast.assets.is_empty() && blast.assets.iter().all(|asset| !asset.changed), "{:?}", blast.assets);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_step_is_true(model in models(), by_effort in any::<bool>()) {
        steps_are_true(&model, prove::TODAY, if by_effort { Rank::Effort } else { Rank::Risk });
    }

    #[test]
    fn every_cut_separates(
        model in models(),
        stores in prop::collection::vec(any::<bool>(), 5),
        guards in prop::collection::vec(0..4_u8, 5),
    ) {
        let mut model = model;
        let asset = sconce::model::Asset {
            confidentiality: Some(sconce::model::Confidentiality::Restricted),
            ..sconce::model::Asset::default()
        };
        model.assets.insert(id("cards"), asset);
        for ((element, stores), guards) in model.elements.values_mut().zip(stores).zip(guards) {
            element.stores = Some(if stores { vec![id("cards")] } else { Vec::new() });
            for (bit, fact) in [(1, "authn"), (2, "authz")] {
                let word = if guards & bit == 0 { "absent" } else { "present" };
                element.facts.insert(fact.to_owned(), FactValue::text(word));
            }
        }
        the_cut_separates(&model);
    }
}
