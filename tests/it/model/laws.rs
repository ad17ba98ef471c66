//! Laws of edits and acts: an edit taken back leaves nothing, and an act leaves no id that leads nowhere.

use proptest::prelude::*;
use sconce::file::validate;
use sconce::model::graph::{Index, Spread, Way, Ways};
use sconce::model::{DataFlow, Element, ElementKind, Id, Technologies, ThreatModel, Vocabulary, act};

use super::arbitrary::{Dice, models};

/// Ids that lead nowhere.
fn dangling(model: &ThreatModel) -> Vec<String> {
    let found = validate(model, &Vocabulary::default(), &Technologies::default());
    let codes =
        ["dangling-id", "wrong-kind", "orphan-threat", "orphan-look", "unknown-threat", "boundary-cycle", "id-twice"];
    found.into_iter().filter(|d| codes.contains(&d.code)).map(|d| d.message).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_taken_back_leaves_nothing(model in models(), seed in any::<u64>()) {
        let mut changed = model.clone();
        let inverse = Dice::new(seed).edit(&model).apply(&mut changed).unwrap();
        inverse.apply(&mut changed).unwrap();
        prop_assert_eq!(changed, model);
    }

    #[test]
    fn renaming_and_deleting_leave_no_id_that_leads_nowhere(model in models(), seed in any::<u64>()) {
        prop_assert_eq!(dangling(&model), Vec::<String>::new());
        let mut dice = Dice::new(seed);
        let mut changed = model;
        for _ in 0..6 {
            let things: Vec<_> = changed.things().map(|(id, _)| id.clone()).collect();
            let Some(id) = (!things.is_empty()).then(|| dice.pick(&things)) else { break };
            let edit = match dice.below(2) {
                0 => act::rename(&changed, &id, &changed.fresh_id("renamed", "x")).unwrap(),
                _ => act::delete(&changed, &id).unwrap().1,
            };
            edit.apply(&mut changed).unwrap();
            prop_assert_eq!(dangling(&changed), Vec::<String>::new());
        }
    }

    #[test]
    fn many_searches_at_once_find_what_each_alone_finds(model in models(), closed in any::<u64>(), against in any::<u64>()) {
        let index = Index::new(&model);
        let ways = Ways::new(&index, |flow| if against >> (flow % 64) & 1 == 1 { Way::Backward } else { Way::Forward });
        let passes = |nr: usize| closed >> (nr % 64) & 1 == 0;
        let ends: Vec<usize> = index.elements().take(64).collect();
        let all = ways.leads_to(&ends, &ways.knots(passes));
        for (bit, end) in ends.iter().enumerate() {
            let alone = ways.reach(&[*end], true, passes);
            for nr in index.elements() {
                prop_assert_eq!(all[nr] >> bit & 1 == 1, alone.contains(nr), "from {} to {}", nr, end);
            }
            let from_here = ways.reach(&[*end], false, passes);
            for nr in index.elements() {
                let path = from_here.contains(nr).then(|| from_here.path(nr));
                prop_assert_eq!(ways.shortest(*end, nr, passes), path, "from {} to {}", end, nr);
            }
        }
    }

    #[test]
    fn a_rename_keeps_the_ids_people_are_shown(model in models(), seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let things: Vec<_> = model.things().map(|(id, _)| id.clone()).collect();
        prop_assume!(!things.is_empty());
        let shown = |m: &ThreatModel| {
            let mut ids: Vec<String> = m.threats.keys().map(|key| m.display_id(key)).collect();
            ids.sort();
            ids
        };
        let mut changed = model.clone();
        let to = model.fresh_id("renamed", "x");
        act::rename(&model, &dice.pick(&things), &to).unwrap().apply(&mut changed).unwrap();
        prop_assert_eq!(shown(&changed), shown(&model));
    }
}

/// A chain of very many elements comes from a hostile file; following it needs no deeper stack than a short one.
#[test]
fn a_long_chain_is_followed_to_its_end() {
    let mut model = ThreatModel::default();
    let id = |prefix: &str, n: usize| Id::new(&format!("{prefix}{n:06}")).unwrap();
    for n in 0..60_000 {
        model.elements.insert(id("e", n), Element::new(ElementKind::Process, "link"));
        let flow = DataFlow { from: Some(id("e", n)), to: Some(id("e", n + 1)), ..DataFlow::default() };
        model.flows.insert(id("f", n), flow);
    }
    let index = Index::new(&model);
    let ways = Ways::new(&index, |_| Way::Forward);
    let last = index.elements().end - 1;
    let led = ways.leads_to(&[last], &ways.knots(|_| true));
    assert!(led[..last].iter().all(|bits| *bits == 1));
    assert_eq!(
        Spread::new(&index, |_| Way::Forward).gathered(1, |nr| if nr == last { vec![0] } else { Vec::new() })[0],
        1
    );
}
