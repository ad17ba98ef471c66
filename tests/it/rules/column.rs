//! Conditions are computed for all subjects at once; every single subject gets the answer that it would get alone.

use super::reads::{conditions, id, sparse};
use proptest::prelude::*;
use sconce::model::graph::Index;
use sconce::model::{FactValue, Mitigation, MitigationStatus, Provides, SubjectKind};
use sconce::rules::eval::{Ctx, Evaluator};
use sconce::rules::{Knowledge, prove};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn together_and_alone_are_the_same(
        numbers in prop::collection::vec(0..1000_usize, 0..160),
        said in prop::collection::vec((0..1000_usize, 0..9_usize), 0..12),
    ) {
        let knowledge = Knowledge::builtin();
        let mut model = sparse(&numbers);
        // What boundaries say and mitigations provide comes to subjects by other ways than what they say themselves.
        let controls: Vec<_> = knowledge.vocabulary.on(SubjectKind::Boundary).filter(|d| !d.words().is_empty()).collect();
        for (n, value) in &said {
            let def = controls[n % controls.len()];
            let word = FactValue::text(def.words()[value % def.words().len()]);
            if value % 2 == 0 {
                model.boundaries.get_mut(&id("z", n % 2)).unwrap().facts.insert(def.name.clone(), word);
            } else {
                let on = vec![id("e", n % 6), id("f", n % 9), id("z", n % 2)];
                let mut work = Mitigation::new("work");
                work.status = if value % 3 == 0 { MitigationStatus::Verified } else { MitigationStatus::Implemented };
                work.provides.push(Provides { fact: def.name.clone(), value: word, on });
                model.mitigations.insert(id("m", *n), work);
            }
        }
        let index = Index::new(&model);
        let conditions = conditions();
        let mut parts = Vec::new();
        for (_, condition) in &conditions {
            condition.walk(&mut |part| parts.push(part));
        }
        let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, prove::TODAY);
        for condition in parts {
            for nr in 0..index.len() {
                let together = evaluator.eval(condition, Ctx::of(nr));
                prop_assert_eq!(together, evaluator.one(condition, Ctx::of(nr)), "{:?} of {}", condition, index.id(nr));
            }
        }
    }
}
