//! What is asked for: whatever leaves a test open can be named, is unknown, and belongs to a subject that can say it.

use super::condition::model;
use proptest::prelude::*;
use sconce::analysis::Analysis;
use sconce::file::data;
use sconce::model::graph::Index;
use sconce::model::{
    Asset, BoundaryKind, Confidentiality, DataFlow, Element, ElementKind, FactValue, Id, SubjectKind, ThreatModel,
    TrustBoundary, Values,
};
use sconce::rules::eval::{Ctx, Evaluator};
use sconce::rules::language::Condition;
use sconce::rules::truth::Truth;
use sconce::rules::{Knowledge, prove};

pub(super) fn id(prefix: &str, n: usize) -> Id {
    Id::new(&format!("{prefix}{n}")).unwrap()
}

/// Numbers that a model is made of, used up one by one: most of it stays unsaid.
struct Dice<'d>(std::slice::Iter<'d, usize>);

impl Dice<'_> {
    fn pick(&mut self, of: usize) -> usize {
        self.0.next().map_or(0, |n| n % of)
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.pick(3) == 1).then(|| value(self))
    }

    fn facts(&mut self, kind: SubjectKind) -> sconce::model::Facts {
        let knowledge = Knowledge::builtin();
        let defs: Vec<_> =
            knowledge.vocabulary.on(kind).filter(|d| !d.words().is_empty() && d.name != "scope").collect();
        let mut facts = sconce::model::Facts::new();
        for _ in 0..self.pick(8) {
            let def = defs[self.pick(defs.len())];
            let word = def.words()[self.pick(def.words().len())].to_owned();
            let list = matches!(def.values, Values::SomeOf(_));
            facts.insert(def.name.clone(), if list { FactValue::List(vec![word]) } else { FactValue::Text(word) });
        }
        facts
    }
}

pub(super) fn sparse(numbers: &[usize]) -> ThreatModel {
    const SIZE: usize = 6;
    let mut dice = Dice(numbers.iter());
    let dice = &mut dice;
    let mut model = ThreatModel::default();
    for n in 0..2 {
        let boundary = TrustBoundary {
            name: format!("zone {n}"),
            kind: dice.maybe(|d| BoundaryKind::ALL[d.pick(BoundaryKind::ALL.len())]),
            trust: dice.maybe(|d| [20, 50, 90][d.pick(3)]),
            inside: (n == 1).then(|| dice.maybe(|_| id("z", 0))).flatten(),
            clearance: dice.maybe(|d| Confidentiality::ALL[d.pick(4)]),
            ..TrustBoundary::default()
        };
        model.boundaries.insert(id("z", n), boundary);
        let asset = Asset { confidentiality: dice.maybe(|d| Confidentiality::ALL[d.pick(4)]), ..Asset::default() };
        model.assets.insert(id("a", n), asset);
    }
    let assets = |dice: &mut Dice<'_>| dice.maybe(|d| (0..d.pick(3)).map(|n| id("a", n)).collect::<Vec<_>>());
    for n in 0..SIZE {
        let kind = ElementKind::ALL[dice.pick(3)];
        let mut element = Element::new(kind, &format!("element {n}"));
        element.inside = dice.maybe(|d| id("z", d.pick(2)));
        element.runtime = dice.maybe(|d| format!("host {}", d.pick(2)));
        element.owner = dice.maybe(|d| format!("team {}", d.pick(2)));
        element.tech = dice.maybe(|d| vec![["nginx", "browser", "postgresql", "kafka"][d.pick(4)].to_owned()]);
        element.stores = assets(dice);
        element.processes = assets(dice);
        element.facts =
            dice.facts([SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore][kind as usize]);
        model.elements.insert(id("e", n), element);
    }
    for n in 0..9 {
        let (from, to) = (id("e", dice.pick(SIZE)), id("e", dice.pick(SIZE)));
        let carries = assets(dice);
        let facts = dice.facts(SubjectKind::Flow);
        model
            .flows
            .insert(id("f", n), DataFlow { from: Some(from), to: Some(to), carries, facts, ..DataFlow::default() });
    }
    model
}

/// Tests that no rule uses by themselves.
const MORE: &[(&[SubjectKind], &str)] = &[
    (&ELEMENTS, r#"InCycle(Is("sync", "sync"))"#),
    (&ELEMENTS, r#"ChainOut(2, Is("sync", "sync"))"#),
    (&ELEMENTS, r#"SharesRuntime(Has("hardening"))"#),
    (&ELEMENTS, r#"SharesBoundary(with: Has("hardening"), without_flow: true)"#),
    (&ELEMENTS, r#"ArticulationPoint(between: Tech(["browser"]), and: Stores(Confidentiality(Confidential)))"#),
    (&ELEMENTS, r#"Upstream(is: Tech(["browser"]), through: Tech(["nginx"]))"#),
    (&ELEMENTS, r#"Downstream(is: Tech(["postgresql"]), through: Tech(["nginx"]))"#),
    (&ELEMENTS, r#"CountIn(2, Is("enc", "none"))"#),
    (&ELEMENTS, r#"TaintedBy(without: Has("input_validation"))"#),
    (&[SubjectKind::System], r#"Path(to: Has("audit_log"), without: Has("authz"))"#),
];
const ELEMENTS: [SubjectKind; 3] = [SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore];

/// All conditions of all rules, and some more, with the kinds of subjects they are asked of.
pub(super) fn conditions() -> Vec<(Vec<SubjectKind>, Condition)> {
    let knowledge = Knowledge::builtin();
    let parts = |rule: &sconce::rules::language::Rule| {
        let own = [Some(rule.applies.clone()), Some(rule.when.clone()), rule.mitigated_by.clone()];
        own.into_iter().flatten().map(|c| (rule.on.clone(), c)).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = knowledge.rules.iter().flat_map(parts).collect();
    all.extend(MORE.iter().map(|(on, text)| (on.to_vec(), data::read(text, "condition").unwrap())));
    all
}

fn nothing_is_open_without_a_reason(model: &ThreatModel) -> Result<(), TestCaseError> {
    let knowledge = Knowledge::builtin();
    let conditions = conditions();
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, prove::TODAY);
    for (on, condition) in &conditions {
        for nr in on.iter().flat_map(|kind| index.of_kind(*kind)) {
            if evaluator.eval(condition, Ctx::of(nr)) != Truth::Unknown {
                continue;
            }
            let mut reads = Vec::new();
            evaluator.reads(condition, Ctx::of(nr), &mut reads);
            prop_assert!(!reads.is_empty(), "{condition:?} of {}", index.id(nr));
            for read in reads {
                let what = format!("{} of {}, for {condition:?}", read.fact, index.id(read.nr));
                prop_assert!(evaluator.resolver.get(read.fact, read.nr).is_none(), "known: {what}");
                prop_assert!(evaluator.resolver.applies(read.fact, read.nr), "cannot be said: {what}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_open_is_open_because_of_a_fact(numbers in prop::collection::vec(0..1000_usize, 0..160)) {
        nothing_is_open_without_a_reason(&sparse(&numbers))?;
    }

    /// A question names a fact; only a rule whose lane is questions may be one itself.
    #[test]
    fn questions_name_facts(numbers in prop::collection::vec(0..1000_usize, 0..160)) {
        let knowledge = Knowledge::builtin();
        for question in Analysis::of(&sparse(&numbers), &knowledge, prove::TODAY).questions {
            prop_assert!(knowledge.rule(&question.fact).is_none(), "{} {}", question.fact, question.text);
            prop_assert!(question.text.ends_with('?') && question.text != format!("What is {}?", question.fact), "{}", question.text);
        }
    }
}

/// What is asked about a sketch for a condition of an element.
fn check(sketch: &str, of: &str, condition: &str, expected: &str) {
    let model = model(sketch);
    let parsed: Condition = data::read(condition, "condition").unwrap();
    let knowledge = Knowledge::builtin();
    let index = Index::new(&model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, prove::TODAY);
    let at = Ctx::of(index.nr(&Id::new(of).unwrap()).unwrap());
    assert_eq!(evaluator.eval(&parsed, at), Truth::Unknown, "{condition}");
    let mut reads = Vec::new();
    evaluator.reads(&parsed, at, &mut reads);
    let said: Vec<String> = reads.iter().map(|r| format!("{} of {}", r.fact, index.id(r.nr))).collect();
    assert_eq!(said.join(", "), expected, "{condition} of {of}");
}

#[test]
fn the_nearest_reason_is_named() {
    let line = r#"(
        elements: {
            "user": ExternalEntity(tech: ["browser"]), "web": Process(runtime: "host"), "api": Process(runtime: "host"),
            "db": DataStore(), "old": DataStore(),
        },
        flows: {
            "a": (from: "user", to: "web"), "b": (from: "web", to: "api", facts: {"sync": "sync"}),
            "c": (from: "api", to: "db"), "d": (from: "db", to: "old"), "e": (from: "api", to: "web"),
        },
    )"#;
    let check = |of, condition, expected| check(line, of, condition, expected);
    check("web", r#"ArticulationPoint(between: Tech(["browser"]), and: Stores(Always))"#, "tech of api");
    check("web", r"ArticulationPoint(between: Kind([ExternalEntity]), and: Stores(Always))", "stores of db");
    check("web", r#"ChainOut(2, Is("sync", "sync"))"#, "sync of e");
    check("web", r#"InCycle(Is("sync", "sync"))"#, "sync of e");
    check("web", r#"SharesRuntime(Has("hardening"))"#, "hardening of api");
}
