//! The law of live analysis: after any edits it is what a fresh evaluation of the model says. The models are those of
//! the bench, because every rule has something to say there; their registers are filled first.

use crate::model::arbitrary::Dice;
use proptest::prelude::*;
use sconce::analysis::{Analysis, Live, Touch, reconcile};
use sconce::model::{
    BoundaryKind, Considered, ConsideredKey, DataFlow, Date, Edit, Element, ElementKind, Entry, FactValue, Id,
    Mitigation, MitigationStatus, Provides, Severity, Status, SubjectKind, Threat, ThreatModel, Values, Verdict, act,
};
use sconce::rules::Knowledge;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

const TODAY: Date = Date::constant(2026, 11, 25);
const STEPS: usize = 6;

/// The models of the bench, by name.
fn benches() -> &'static [ThreatModel] {
    static ONCE: OnceLock<Vec<ThreatModel>> = OnceLock::new();
    ONCE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bench");
        let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        let read = |path: &Path| {
            let text = fs::read_to_string(path.join("planted.tm.ron")).unwrap();
            sconce::file::read(&text).document.unwrap().model().clone()
        };
        folders.iter().filter(|path| path.is_dir()).map(|path| read(path)).collect()
    })
}

/// A thing of a model that has facts, with its kind.
fn subject(dice: &mut Dice, model: &ThreatModel) -> (Id, SubjectKind) {
    let all: Vec<(Id, SubjectKind)> = model.things().map(|(id, thing)| (id.clone(), thing.kind())).collect();
    dice.pick(&all)
}

/// A fact of a kind with one of its values.
fn fact(dice: &mut Dice, kind: SubjectKind) -> (String, FactValue) {
    let knowledge = Knowledge::builtin();
    let defs: Vec<_> = knowledge.vocabulary.on(kind).filter(|def| !def.words().is_empty()).collect();
    let def = defs[dice.below(defs.len())];
    let word = dice.pick(&def.words()).to_owned();
    let list = matches!(def.values, Values::SomeOf(_));
    (def.name.clone(), if list { FactValue::List(vec![word]) } else { FactValue::Text(word) })
}

fn mitigation(dice: &mut Dice, model: &ThreatModel) -> Edit {
    let (on, kind) = subject(dice, model);
    let (fact, value) = fact(dice, kind);
    let status = dice.pick(&[MitigationStatus::Planned, MitigationStatus::Implemented, MitigationStatus::Verified]);
    let provides = vec![Provides { fact, value, on: vec![on] }];
    let id = Id::new(dice.pick(&["one", "two"])).unwrap();
    Edit::put(Entry::Mitigation(id, Mitigation { status, provides, ..Mitigation::new("work") }))
}

/// An edit of the diagram, as people draw.
fn drawing(dice: &mut Dice, model: &ThreatModel) -> Option<Edit> {
    let elements: Vec<Id> = model.elements.keys().cloned().collect();
    let ends: Vec<Id> = elements.iter().chain(model.boundaries.keys()).cloned().collect();
    let flows: Vec<Id> = model.flows.keys().cloned().collect();
    let inside = |dice: &mut Dice| {
        let all: Vec<Id> = model.boundaries.keys().cloned().collect();
        (dice.below(5) > 0 && !all.is_empty()).then(|| dice.pick(&all))
    };
    let flow = |dice: &mut Dice, change: &dyn Fn(&mut Dice, &mut DataFlow)| {
        let id = (!flows.is_empty()).then(|| dice.pick(&flows))?;
        let mut flow = model.flows.get(&id)?.clone();
        change(dice, &mut flow);
        Some(Edit::put(Entry::Flow(id, flow)))
    };
    let assets: Vec<Id> = model.assets.keys().cloned().collect();
    let list = |dice: &mut Dice| {
        let some: Vec<Id> = assets.iter().filter(|_| dice.below(3) == 0).cloned().collect();
        (dice.below(4) > 0).then_some(some)
    };
    let element = |dice: &mut Dice, change: &dyn Fn(&mut Dice, &mut Element)| {
        let id = (!elements.is_empty()).then(|| dice.pick(&elements))?;
        let mut element = model.elements.get(&id)?.clone();
        change(dice, &mut element);
        Some(Edit::put(Entry::Element(id, element)))
    };
    match dice.below(14) {
        0 | 1 => {
            let kind = dice.pick(ElementKind::ALL);
            let inside = inside(dice);
            Some(act::add_element(model, kind, dice.pick(&["Aa", "Mm", "Zz"]), inside).1)
        }
        2..=4 if !ends.is_empty() => Some(act::connect(model, &dice.pick(&ends), &dice.pick(&ends), "new").1),
        5 => act::delete(model, &subject(dice, model).0).map(|(_, edit)| edit),
        6 if !flows.is_empty() => act::delete(model, &dice.pick(&flows)).map(|(_, edit)| edit),
        7 if !elements.is_empty() => {
            let inside = inside(dice);
            act::move_into(model, &dice.pick(&elements), inside.as_ref())
        }
        8 => Some(act::add_boundary(model, "Room", Some(dice.pick(BoundaryKind::ALL)), inside(dice)).1),
        9 => flow(dice, &|dice, flow| flow.carries = list(dice)),
        10 => flow(dice, &|dice, flow| {
            let end = dice.pick(&ends);
            if dice.below(2) == 0 { flow.from = Some(end) } else { flow.to = Some(end) }
        }),
        11 => flow(dice, &|dice, flow| flow.credential = Some(dice.pick(&["one", "two"]).to_owned())),
        12 => element(dice, &|dice, element| {
            element.kind = dice.pick(ElementKind::ALL);
            element.runtime = Some(dice.pick(&["vm", "host"]).to_owned());
        }),
        13 => element(dice, &|dice, element| (element.stores, element.processes) = (list(dice), list(dice))),
        _ => None,
    }
}

/// An edit of the kind that people make most: of facts, records, looks and the diagram.
fn edit(dice: &mut Dice, model: &ThreatModel, analysis: &Analysis) -> Edit {
    if analysis.threats.is_empty() {
        return dice.edit(model);
    }
    let row = &analysis.threats[dice.below(analysis.threats.len())];
    let (id, kind) = subject(dice, model);
    let made = match dice.below(19) {
        0..=3 => {
            let (fact, value) = fact(dice, kind);
            act::set_fact(model, &id, &fact, (dice.below(4) > 0).then_some(value))
        }
        4 => {
            let facts = model.things().find(|(known, _)| **known == id).map(|(_, thing)| thing.facts());
            let known = facts.into_iter().flatten().next().map(|(fact, _)| fact.to_owned());
            known.and_then(|fact| act::set_fact(model, &id, &fact, None))
        }
        5 => Some(mitigation(dice, model)),
        6 => {
            let status = dice.pick(&[
                Status::Open,
                Status::Accepted {
                    reason: "so".into(),
                    approver: Some("li".into()),
                    expires: "2026-12-01".parse().ok(),
                },
                Status::Accepted {
                    reason: "so".into(),
                    approver: Some("li".into()),
                    expires: "2026-11-01".parse().ok(),
                },
                Status::FalsePositive { reason: "no".into(), expires: None },
            ]);
            let threat = Threat { status, severity: Some(Severity::High), ..row.record.clone() };
            Some(Edit::put(Entry::Threat(row.key.clone(), threat)))
        }
        7 => model.threats.contains_key(&row.key).then(|| Edit::Remove(sconce::model::Place::Threat(row.key.clone()))),
        8 => {
            let key = ConsideredKey { subject: id, aspect: fact(dice, kind).0 };
            let verdict = dice.pick(Verdict::ALL);
            Some(Edit::put(Entry::Considered(key, Considered { verdict, by: None, on: None, reason: None })))
        }
        9 => model.elements.get(&id).map(|element| {
            let owner = Some(dice.pick(&["ana", "li"]).to_owned());
            Edit::put(Entry::Element(id.clone(), Element { owner, ..element.clone() }))
        }),
        10 => reconcile(model, analysis, "ana", TODAY),
        11 => act::rename_name(model, &id, dice.pick(&["Gate", "", "a b"])),
        12 => Some(dice.edit(model)),
        _ => drawing(dice, model),
    };
    made.unwrap_or(Edit::All(Vec::new()))
}

/// Makes a step and says whether the live analysis is still the fresh one.
fn step(live: &mut Live, model: &mut ThreatModel, knowledge: &Knowledge, edit: Edit) -> Edit {
    let shown: String = format!("{edit:?}").chars().take(600).collect();
    let back = edit.apply(model).unwrap();
    let touch = Touch::of(&back, model);
    live.follow(model, knowledge, TODAY, &touch);
    let fresh = Analysis::of(model, knowledge, TODAY);
    let after = format!("after {shown}, which touched {touch:?}");
    same(&live.analysis().threats, &fresh.threats, &after);
    same(&live.analysis().questions, &fresh.questions, &after);
    same(&live.analysis().lints, &fresh.lints, &after);
    assert!(*live.analysis() == fresh, "{after}");
    back
}

/// Shows the first that differ: whole lists fill many screens.
fn same<T: PartialEq + std::fmt::Debug>(live: &[T], fresh: &[T], after: &str) {
    fn only<'t, T: PartialEq>(some: &'t [T], others: &[T]) -> Vec<&'t T> {
        some.iter().filter(|one| !others.contains(one)).take(3).collect()
    }
    let (gone, new) = (only(live, fresh), only(fresh, live));
    assert!(live == fresh, "{after}\n\nonly live:\n{gone:#?}\nonly fresh:\n{new:#?}");
}

/// No rule of this pack speaks about gaps, so that none has to be asked again: names change all the same.
#[test]
fn a_new_name_is_in_every_title_whatever_the_packs() {
    let knowledge = Knowledge::builtin();
    for bench in benches() {
        let mut model = bench.clone();
        model.system.packs = Some(vec!["web".to_owned()]);
        let mut live = Live::of(&model, &knowledge, TODAY);
        for id in bench.elements.keys() {
            let edit = act::rename_name(&model, id, "Another name").unwrap();
            step(&mut live, &mut model, &knowledge, edit);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_analysis_that_follows_edits_is_a_fresh_one(seed in any::<u64>()) {
        let (mut dice, knowledge) = (Dice::new(seed), Knowledge::builtin());
        let mut model = dice.pick(benches());
        let mut live = Live::of(&model, &knowledge, TODAY);
        let mut done = Vec::new();
        for _ in 0..STEPS {
            let edit = edit(&mut dice, &model, live.analysis());
            done.push(step(&mut live, &mut model, &knowledge, edit));
        }
        for back in done.into_iter().rev() {
            step(&mut live, &mut model, &knowledge, back);
        }
    }
}
