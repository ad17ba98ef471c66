//! The law of live analysis: after any edits it is what a fresh evaluation of the model says. The models are those of
//! the bench, because every rule has something to say there; their registers are filled first.

use crate::model::arbitrary::Dice;
use proptest::prelude::*;
use sconce::analysis::{Analysis, Live, Touch, reconcile};
use sconce::model::{
    Considered, ConsideredKey, Date, Edit, Entry, FactValue, Id, Mitigation, MitigationStatus, Provides, Severity,
    Status, SubjectKind, Threat, ThreatModel, Values, Verdict, act,
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

/// An edit of the kind that people make most: of facts, records and looks; now and then one of the diagram.
fn edit(dice: &mut Dice, model: &ThreatModel, analysis: &Analysis) -> Edit {
    if analysis.threats.is_empty() {
        return dice.edit(model);
    }
    let row = &analysis.threats[dice.below(analysis.threats.len())];
    let (id, kind) = subject(dice, model);
    let made = match dice.below(13) {
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
            Edit::put(Entry::Element(id.clone(), sconce::model::Element { owner, ..element.clone() }))
        }),
        10 => reconcile(model, analysis, "ana", TODAY),
        11 => act::rename_name(model, &id, dice.pick(&["Gate", "", "a b"])),
        _ => Some(dice.edit(model)),
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
    assert_eq!(live.analysis().threats, fresh.threats, "after {shown}, which touched {touch:?}");
    assert_eq!(live.analysis().questions, fresh.questions, "after {shown}, which touched {touch:?}");
    assert!(*live.analysis() == fresh, "after {shown}, which touched {touch:?}");
    back
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
