//! What stays where it is, on samples: the same model, a name of the same width, what is pinned.

use super::sample::{id, sample};
use super::{check, check_scene};
use sconce::diagram::{Scene, View, layout};
use sconce::model::{Diagram, ThreatModel};

fn edited(name: &str, edit: impl Fn(&mut ThreatModel)) -> (Scene, Scene) {
    let mut model = sample(name);
    let before = check(&model);
    edit(&mut model);
    let after = layout(&model, &View::default(), Some(&before.placement));
    check_scene(&model, &after);
    (before, after)
}

#[test]
fn the_same_model_stays_where_it_is() {
    for name in ["dfd10", "dfd30"] {
        let (before, after) = edited(name, |_| {});
        assert_eq!(before, after);
    }
}

#[test]
fn a_name_of_the_same_width_moves_nothing() {
    let (before, after) = edited("dfd30", |m| {
        let flow = m.flows.values_mut().next().unwrap();
        flow.name = flow.name.chars().rev().collect();
    });
    assert_eq!(before.placement, after.placement);
}

/// One pin holds exactly, wherever it is, and whether or not there is an earlier picture.
#[test]
fn a_pin_is_a_cell() {
    for name in ["dfd10", "dfd30"] {
        let mut model = sample(name);
        let view = View { diagram: Some(id("main")), ..View::default() };
        let free = layout(&model, &view, None).placement;
        for (n, element) in model.elements.keys().cloned().collect::<Vec<_>>().into_iter().enumerate() {
            let at = free.at[&element];
            for pin in [at, (at.0 + 31, at.1 + 4), (at.0 - 20, at.1 - 3), (-7, 90)] {
                let pins = [(element.clone(), pin)].into_iter().collect();
                model.diagrams.insert(id("main"), Diagram { pins, ..Diagram::default() });
                for before in [None, Some(&free)] {
                    let scene = layout(&model, &view, before);
                    assert_eq!(scene.placement.at[&element], pin, "{element}");
                    let rect = scene.elements.iter().find(|e| e.id == element).unwrap().rect;
                    let origin = scene.placement.origin;
                    assert_eq!((rect.x + origin.0, rect.y + origin.1), pin, "{element}");
                    if n % 5 == 0 {
                        check_scene(&model, &scene);
                    }
                }
            }
        }
    }
}

/// Everything is pinned where it is: nothing moves, and an edit that finds room moves nothing either.
#[test]
fn pins_hold_together() {
    let mut model = sample("dfd30");
    let view = View { diagram: Some(id("main")), ..View::default() };
    let free = layout(&model, &view, None).placement;
    let pins = model.elements.keys().map(|e| (e.clone(), free.at[e])).collect();
    model.diagrams.insert(id("main"), Diagram { pins, ..Diagram::default() });
    assert_eq!(layout(&model, &view, Some(&free)).placement, free);
    assert_eq!(layout(&model, &view, None).placement, free);
    for flow in model.flows.keys().cloned().collect::<Vec<_>>() {
        let mut next = model.clone();
        next.flows.remove(&flow);
        let scene = layout(&next, &view, Some(&free));
        check_scene(&next, &scene);
        assert_eq!(scene.placement.at, free.at, "without {flow}");
    }
}

/// What is moved by hand moves among the others: above it nothing changes, and what is below makes room.
#[test]
fn a_nudged_element_moves_among_the_others() {
    let text = std::fs::read_to_string(format!("{}/models/storefront.tm.ron", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut model = sconce::file::read(&text).document.unwrap().model().clone();
    let view = View { diagram: Some(id("main")), ..View::default() };
    model.diagrams = [(id("main"), Diagram::default())].into_iter().collect();
    let mut last = layout(&model, &view, None).placement;
    let (mailer, above) = (last.at[&id("mailer")], last.at[&id("web")]);
    for n in 1..8 {
        let pin = (mailer.0, mailer.1 + 3 * n);
        let pins = [(id("mailer"), pin)].into_iter().collect();
        model.diagrams.insert(id("main"), Diagram { pins, ..Diagram::default() });
        let scene = layout(&model, &view, Some(&last));
        check_scene(&model, &scene);
        last = scene.placement;
        assert_eq!((last.at[&id("mailer")], last.at[&id("web")]), (pin, above), "after {n} steps");
        assert!(last.at[&id("back-office")].1 > pin.1 + 3);
    }
}

/// A new boundary has the place of what it was drawn around.
#[test]
fn a_boundary_around_an_element_takes_its_place() {
    for (name, whom) in [("dfd10", "api"), ("dfd10", "pay"), ("dfd30", "cat"), ("dfd30", "gw")] {
        let (before, after) = edited(name, |m| {
            let inside = m.elements[&id(whom)].inside.clone();
            m.boundaries.insert(id("around"), sconce::model::TrustBoundary { inside, ..Default::default() });
            m.elements.get_mut(&id(whom)).unwrap().inside = Some(id("around"));
        });
        let (was, is) = (before.placement.at[&id(whom)], after.placement.at[&id(whom)]);
        let moved = (is.0 - was.0).abs() + 2 * (is.1 - was.1).abs();
        assert!(moved <= 20, "{name}: {whom} moved from {was:?} to {is:?}");
    }
}
