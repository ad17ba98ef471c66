//! Laws over generated models: nothing that people decided is lost, nothing gets worse by a control, and saying more
//! about a model never contradicts what was certain before.

use proptest::prelude::*;
use sconce::analysis::{Analysis, Confidence, reconcile};
use sconce::model::{
    DataFlow, Date, Element, ElementKind, FactValue, Id, Mitigation, MitigationStatus, Provides, Status, SubjectKind,
    ThreatModel, TrustBoundary, Values,
};
use sconce::rules::{Knowledge, prove};

const SIZE: usize = 5;

fn id(prefix: &str, n: usize) -> Id {
    Id::new(&format!("{prefix}{n}")).unwrap()
}

/// Facts of a kind of subject with a value each, picked by numbers.
fn facts(kind: SubjectKind, picks: &[(usize, usize)]) -> sconce::model::Facts {
    let knowledge = Knowledge::builtin();
    let defs: Vec<_> = knowledge.vocabulary.on(kind).filter(|d| !d.words().is_empty() && d.name != "scope").collect();
    let mut facts = sconce::model::Facts::new();
    for (n, value) in picks {
        let def = defs[n % defs.len()];
        let word = def.words()[value % def.words().len()].to_owned();
        let value =
            if matches!(def.values, Values::SomeOf(_)) { FactValue::List(vec![word]) } else { FactValue::Text(word) };
        facts.insert(def.name.clone(), value);
    }
    facts
}

type Picks = Vec<(usize, usize)>;

prop_compose! {
    fn models()(
        kinds in prop::collection::vec((0..3_usize, 0..3_usize), SIZE),
        about in prop::collection::vec(prop::collection::vec((0..1000_usize, 0..9_usize), 0..40), SIZE),
        flows in prop::collection::vec((0..SIZE, 0..SIZE, prop::collection::vec((0..1000_usize, 0..9_usize), 0..20)), 0..8),
    ) -> ThreatModel {
        build(&kinds, &about, &flows)
    }
}

fn build(kinds: &[(usize, usize)], about: &[Picks], flows: &[(usize, usize, Picks)]) -> ThreatModel {
    let mut model = ThreatModel::default();
    for (n, trust) in [(0, 20), (1, 70)] {
        let boundary = TrustBoundary { name: format!("zone {n}"), trust: Some(trust), ..TrustBoundary::default() };
        model.boundaries.insert(id("z", n), boundary);
    }
    for (n, (kind, inside)) in kinds.iter().enumerate() {
        let kind = ElementKind::ALL[*kind];
        let mut element = Element::new(kind, &format!("element {n}"));
        element.inside = (*inside < 2).then(|| id("z", *inside));
        element.tech = Some(Vec::new());
        let subject = [SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore][kind as usize];
        element.facts = facts(subject, &about[n]);
        model.elements.insert(id("e", n), element);
    }
    for (n, (from, to, picks)) in flows.iter().enumerate() {
        let flow = DataFlow {
            from: Some(id("e", *from)),
            to: Some(id("e", *to)),
            carries: Some(Vec::new()),
            facts: facts(SubjectKind::Flow, picks),
            ..DataFlow::default()
        };
        model.flows.insert(id("f", n), flow);
    }
    model
}

fn analysis(model: &ThreatModel) -> Analysis {
    Analysis::of(model, &Knowledge::builtin(), prove::TODAY)
}

fn update(model: &mut ThreatModel, today: Date) {
    let analysis = Analysis::of(model, &Knowledge::builtin(), today);
    if let Some(edit) = reconcile(model, &analysis, "sconce", today) {
        edit.apply(model).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Twice is once; decisions and history stay, whatever becomes of the model.
    #[test]
    fn the_register_forgets_nothing(before in models(), after in models(), chosen in 0..50_usize) {
        let mut model = before;
        update(&mut model, prove::TODAY);
        if let Some(threat) = model.threats.values_mut().nth(chosen) {
            threat.status = Status::Avoided { reason: "another way".to_owned() };
        }
        let recorded = model.threats.clone();
        let mut model = ThreatModel { threats: model.threats, ..after };
        let next = Date::constant(2026, 2, 2);
        update(&mut model, next);
        let once = model.clone();
        update(&mut model, next);
        prop_assert_eq!(&model, &once);
        for (key, threat) in recorded {
            let now = &model.threats[&key];
            prop_assert!(now.history.starts_with(&threat.history));
            prop_assert_eq!(&now.title, &threat.title);
            prop_assert_eq!(now.opened, threat.opened);
            if matches!(threat.status, Status::Avoided { .. }) {
                prop_assert_eq!(&now.status, &threat.status);
            }
        }
    }

    /// The mitigations that a rule names never make its threat worse.
    #[test]
    fn a_control_never_makes_it_worse(model in models(), chosen in 0..50_usize) {
        let knowledge = Knowledge::builtin();
        let before = analysis(&model);
        let Some(row) = before.threats.get(chosen % before.threats.len().max(1)) else { return Ok(()) };
        for record in row.fixes.iter().filter_map(|fix| knowledge.mitigations.get(fix)) {
            let mut work = Mitigation::new(&record.title);
            work.status = MitigationStatus::Implemented;
            for (fact, value) in &record.provides {
                let on = vec![row.subject.clone()];
                work.provides.push(Provides { fact: fact.clone(), value: FactValue::text(value), on });
            }
            let mut with = model.clone();
            with.mitigations.insert(id("m", 0), work);
            let after = analysis(&with);
            if let Some(now) = after.threats.iter().find(|r| r.key == row.key) {
                prop_assert!(now.computed <= row.computed, "{} with {}: {:?} was {:?}", row.key, record.id, now.computed, row.computed);
            }
        }
    }

    /// Open threats rest on what is known: answering a question of the model never takes back a threat that was
    /// certain, unless the answer is a fact that it read.
    #[test]
    fn answers_are_joined_not_contradicted(model in models(), fact in (0..1000_usize, 0..9_usize), on in 0..SIZE) {
        let before = analysis(&model);
        let mut after = model.clone();
        let element = after.elements.get_mut(&id("e", on)).unwrap();
        let subject = [SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore][element.kind as usize];
        for (name, value) in facts(subject, &[fact]) {
            element.facts.entry(name).or_insert(value);
        }
        let after = analysis(&after);
        for row in before.threats.into_iter().filter(|row| row.confidence != Confidence::Assumed) {
            let still = after.threats.iter().any(|r| r.key == row.key);
            prop_assert!(still, "{} was certain and is gone", row.key);
        }
    }
}
