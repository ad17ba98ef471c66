//! Why rules are silent: what is told agrees with what the rules say.

use super::condition::model;
use super::laws::{KNOWLEDGE, evaluator, growing, grown, rules};
use proptest::prelude::*;
use sconce::model::graph::{Index, Nr};
use sconce::rules::engine;
use sconce::rules::language::{Rule, Unknown};
use sconce::rules::silence::{Silence, silence};
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_silent_are_silent_for_a_reason((numbers, answers) in growing()) {
        let model = grown(&numbers, &answers);
        let index = Index::new(&model);
        let mut evaluator = evaluator(&index);
        let outcomes = engine::run(&mut evaluator, rules().into_iter());
        let raised: BTreeSet<(&str, Nr)> = outcomes.raised.iter().map(|r| (r.rule.id.as_str(), r.at.nr)).collect();
        let asked: BTreeSet<(&str, Nr)> = outcomes.asked.iter().map(|a| (a.rule.id.as_str(), a.at.nr)).collect();
        for rule in rules().into_iter().filter(|rule| rule.for_each.is_none()) {
            for nr in rule.on.iter().flat_map(|kind| index.of_kind(*kind)) {
                let why = silence(&mut evaluator, rule, nr, false);
                let place = (rule.id.as_str(), nr);
                let agrees = match why {
                    Silence::Irrelevant | Silence::Moot | Silence::RuledOut | Silence::Covered | Silence::OutOfScope => {
                        !raised.contains(&place) && !asked.contains(&place)
                    }
                    // A rule in whose `when` something is taken for the harmless case says nothing either.
                    Silence::Undecided => !raised.contains(&place) || rule.unknown != Unknown::Ask,
                    // Of a weakness that is there a rule speaks, unless its control makes no sense.
                    Silence::NoPlace => true,
                    Silence::Subsumed => false,
                };
                prop_assert!(agrees, "{why:?} of {place:?}");
            }
        }
    }
}

/// Why a rule of core says nothing about "web" or the flow "ask".
fn why(sketch: &str, rule: &str, of: &str) -> Silence {
    let model = model(sketch);
    let index = Index::new(&model);
    let rule: &Rule = KNOWLEDGE.rule(rule).expect("a rule of core");
    let nr = index.nr(&sconce::model::Id::new(of).expect("an id")).expect("a thing");
    silence(&mut evaluator(&index), rule, nr, false)
}

#[test]
fn each_silence_has_its_reason() {
    let limit = |facts: &str, net: &str| {
        let sketch = format!(
            r#"(elements: {{"user": ExternalEntity(), "web": Process(tech: ["nodejs"], facts: {{{facts}}})}},
                flows: {{"ask": (from: "user", to: "web", facts: {{{net}}})}})"#
        );
        why(&sketch, "core.d.no-rate-limit", "web")
    };
    assert_eq!(limit(r#""scope": "out""#, ""), Silence::OutOfScope);
    assert_eq!(limit(r#""rate_limit": (na: "a batch job")"#, r#""net": "internet""#), Silence::NoPlace);
    let shared = |credential: &str| {
        let sketch = format!(
            r#"(elements: {{"user": ExternalEntity(), "web": Process()}},
                flows: {{"ask": (from: "user", to: "web"{credential})}})"#
        );
        why(&sketch, "core.r.shared-identity", "ask")
    };
    // That two things share what neither states is not ruled out by anything.
    assert_eq!(shared(""), Silence::Undecided);
    assert_eq!(shared(r#", credential: "own""#), Silence::RuledOut);
    // Nobody says whether it passes traffic on; but nothing goes out.
    assert_eq!(why(r#"(elements: {"web": Process()})"#, "core.i.tls-ends-early", "web"), Silence::Moot);
    assert_eq!(why(r#"(elements: {"web": Process(tech: [])})"#, "core.i.tls-ends-early", "web"), Silence::Irrelevant);
}
