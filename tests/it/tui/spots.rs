//! What stands on the drawing besides it: badges and labels to jump by. No name becomes unreadable by them.

use std::collections::BTreeSet;

use sconce::model::{DataFlow, Edit, Element, ElementKind, Entry, Id, ThreatModel, TrustBoundary};
use sconce::tui::state::layer::Layer;

use super::{SHOP, draw, model, open, picture, press};

/// A town of some elements in a few boundaries, with flows between neighbours.
fn town(elements: usize) -> ThreatModel {
    let mut model = ThreatModel::default();
    let mut put = |edit: Edit| assert!(edit.apply(&mut model).is_ok());
    let mut before = None;
    let mut around = None;
    for n in 0..elements {
        if n % 4 == 0 {
            let id = Id::new(&format!("b{n}")).unwrap();
            put(Edit::put(Entry::Boundary(
                id.clone(),
                TrustBoundary { name: format!("Block {n}"), ..Default::default() },
            )));
            around = Some(id);
        }
        let id = Id::new(&format!("e{n}")).unwrap();
        let kind = ElementKind::ALL[n % 3];
        let mut element = Element::new(kind, &format!("House {n}"));
        element.inside.clone_from(&around);
        put(Edit::put(Entry::Element(id.clone(), element)));
        if let Some(from) = before {
            let flow =
                DataFlow { name: format!("way {n}"), from: Some(from), to: Some(id.clone()), ..Default::default() };
            let flow_id = Id::new(&format!("f{n}")).unwrap();
            put(Edit::put(Entry::Flow(flow_id, flow)));
        }
        before = Some(id);
    }
    model
}

#[test]
fn labels_are_distinct_short_and_hide_no_name() {
    for (n, size) in [(3, (80, 24)), (8, (120, 40)), (16, (200, 60)), (40, (200, 60)), (40, (80, 24)), (40, (320, 60))]
    {
        let state = open(town(n), size);
        let names = |shown: &str| -> BTreeSet<String> {
            let canvas: Vec<&str> = shown.split("--- reversed ---").take(1).collect();
            state
                .outline()
                .iter()
                .map(|(_, id)| state.bench.model().name_of(id).to_owned())
                .filter(|name| canvas.concat().contains(&format!(" {name} ")))
                .collect()
        };
        let before = names(&picture(&draw(&state)));
        let mut labelled = open(town(n), size);
        press(&mut labelled, "f");
        let Some(Layer::Labels(labels)) = labelled.layers.last() else { panic!("no labels") };
        let distinct: BTreeSet<&String> = labels.all.iter().map(|(label, _)| label).collect();
        assert_eq!(distinct.len(), labels.all.len());
        assert!(distinct.iter().all(|l| (1..=2).contains(&l.len())));
        let shown = picture(&draw(&labelled));
        let after: Vec<String> = before.iter().filter(|name| !shown.contains(name.as_str())).cloned().collect();
        assert!(after.is_empty(), "{n} at {size:?}: hidden {after:?}\n{shown}");
        for (label, id) in &labels.all {
            assert!(shown.contains(&format!("‹{label}›")), "{n} at {size:?}: no label on {id}\n{shown}");
        }
    }
}

#[test]
fn labels_stand_beside_names() {
    let mut state = open(town(16), (200, 60));
    press(&mut state, "f");
    insta::assert_snapshot!("labels_200x60", picture(&draw(&state)));
    // More than fit one letter each.
    let mut state = open(town(40), (320, 60));
    press(&mut state, "f");
    assert!(picture(&draw(&state)).contains("‹as›"));
    press(&mut state, "a");
    let shown = picture(&draw(&state));
    assert!(shown.contains("‹as›") && !shown.contains("‹sa›"), "{shown}");
    press(&mut state, "s");
    assert!(state.layers.is_empty() && state.selected.is_some());
}

#[test]
fn flows_have_badges_that_hide_nothing() {
    for (name, size) in [("badges_80x24", (80, 24)), ("badges_120x40", (120, 40))] {
        let mut state = open(model(SHOP), size);
        press(&mut state, "/ 'Orders' enter");
        let shown = picture(&draw(&state));
        assert!(shown.contains(" browse ") && shown.contains(" store "), "{shown}");
        insta::assert_snapshot!(name, shown);
    }
    let state = open(town(40), (200, 60));
    insta::assert_snapshot!("badges_200x60", picture(&draw(&state)));
}
