//! Views that leave something out: folded boundaries, the neighbourhood of something, names on one row. What is drawn
//! has no faults, and what is not is counted.

use super::faults;
use super::sample::{hostile, id, sample};
use sconce::diagram::paint::{Glyphs, text};
use sconce::diagram::{BoxShape, Boxes, Focus, Labels, Scene, View, layout};
use sconce::model::{Id, ThreatModel};
use std::collections::BTreeSet;

fn ids(names: &[&str]) -> BTreeSet<Id> {
    names.iter().map(|name| id(name)).collect()
}

/// Lays a view out twice, the second time from the first, and checks both.
fn check(model: &ThreatModel, view: &View) -> Scene {
    let scene = layout(model, view, None);
    for scene in [&scene, &layout(model, view, Some(&scene.placement))] {
        let faults = faults::of_view(model, scene);
        assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), text(scene, Glyphs::Unicode));
        counted(model, view, scene);
    }
    scene
}

/// Every flow of the model is drawn, part of a line, inside a folded boundary, or counted under a box.
fn counted(model: &ThreatModel, view: &View, scene: &Scene) {
    let drawn: BTreeSet<&Id> =
        scene.wires.iter().flat_map(|wire| std::iter::once(&wire.id).chain(&wire.also)).collect();
    assert_eq!(drawn.len(), scene.wires.iter().map(|wire| 1 + wire.also.len()).sum::<usize>());
    let home = |end: &Option<Id>| {
        let id = end.as_ref()?;
        let inside = model.elements.get(id).map_or(Some(id), |element| element.inside.as_ref());
        model.boundary_chain(inside).into_iter().rev().find(|around| view.folded.contains(*around)).cloned()
    };
    if view.focus.is_none() {
        for (id, flow) in &model.flows {
            let inner = home(&flow.from).is_some() && home(&flow.from) == home(&flow.to);
            assert_eq!(drawn.contains(id), !inner, "{id}");
        }
    }
    for boundary in scene.elements.iter().filter(|element| element.shape == BoxShape::Folded) {
        assert!(view.folded.contains(&boundary.id));
        let inside = |id: &&Id| model.boundary_chain(model.elements[*id].inside.as_ref()).contains(&&boundary.id);
        let count = model.elements.keys().filter(inside).count();
        let name = boundary.lines.join(" ");
        assert!(name.ends_with(&format!("({count})")), "{name}: {count}");
    }
}

fn every_view(model: &ThreatModel) -> Vec<View> {
    let mut views = vec![
        View { labels: Labels::Hidden, ..View::default() },
        View { labels: Labels::Hidden, boxes: Boxes::Chips, ..View::default() },
        View { boxes: Boxes::Chips, folded: model.boundaries.keys().cloned().collect(), ..View::default() },
    ];
    for boundary in model.boundaries.keys().take(8) {
        views.push(View { folded: BTreeSet::from([boundary.clone()]), ..View::default() });
    }
    let things = model.elements.keys().take(8).chain(model.boundaries.keys().take(2)).chain(model.flows.keys().take(2));
    for (thing, depth) in things.zip([1, 2, 1, 0].into_iter().cycle()) {
        let focus = Some(Focus { on: BTreeSet::from([thing.clone()]), depth });
        views.push(View { focus: focus.clone(), ..View::default() });
        views.push(View { focus, folded: model.boundaries.keys().take(2).cloned().collect(), ..View::default() });
    }
    views
}

#[test]
fn no_view_has_faults() {
    let samples = ["dfd10", "dfd30"].map(|name| (name, sample(name)));
    for (name, model) in hostile().into_iter().chain(samples) {
        for view in every_view(&model) {
            println!("{name} {view:?}"); // shown when it fails
            check(&model, &view);
        }
    }
}

#[test]
fn pictures_of_views() {
    let dfd10 = sample("dfd10");
    let dfd30 = sample("dfd30");
    let folded = View { folded: ids(&["vpc"]), ..View::default() };
    let chips = View { boxes: Boxes::Chips, labels: Labels::Hidden, ..View::default() };
    let focus = View { focus: Some(Focus { on: ids(&["ord"]), depth: 1 }), ..View::default() };
    let shown = |model: &ThreatModel, view: &View, glyphs| text(&check(model, view), glyphs);
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("diagram_folded", shown(&dfd10, &folded, Glyphs::Unicode));
        insta::assert_snapshot!("diagram_chips", shown(&dfd30, &chips, Glyphs::Unicode));
        insta::assert_snapshot!("diagram_chips_ascii", shown(&dfd10, &chips, Glyphs::Ascii));
        insta::assert_snapshot!("diagram_focus", shown(&dfd30, &focus, Glyphs::Unicode));
        insta::assert_snapshot!("diagram_focus_ascii", shown(&dfd30, &focus, Glyphs::Ascii));
    });
}
