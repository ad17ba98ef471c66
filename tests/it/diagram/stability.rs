//! Small edits move little. Shift is measured as a reader sees it: after taking out the shift that all things share.

use super::sample::{id, sample};
use super::{check, check_scene};
use sconce::diagram::{Placement, Scene, View, layout};
use sconce::model::{DataFlow, Diagram, Element, ElementKind, ThreatModel};

/// Mean shift in columns (a row counts two) of what both pictures show, and how many left/right and above/below
/// relations flipped.
fn shift(before: &Placement, after: &Placement) -> (i32, usize) {
    let pairs: Vec<[(i32, i32); 2]> = before.at.iter().filter_map(|(id, a)| Some([*a, *after.at.get(id)?])).collect();
    let middle = |mut all: Vec<i32>| {
        all.sort_unstable();
        all[all.len() / 2]
    };
    let dx = middle(pairs.iter().map(|p| p[1].0 - p[0].0).collect());
    let dy = middle(pairs.iter().map(|p| p[1].1 - p[0].1).collect());
    let moved: i32 = pairs.iter().map(|p| (p[1].0 - p[0].0 - dx).abs() + 2 * (p[1].1 - p[0].1 - dy).abs()).sum();
    // Two columns, or one row, do not make an order.
    let flipped = |a: i32, b: i32, c: i32, d: i32| (a - b).abs() > 2 && (c - d).abs() > 2 && ((a < b) != (c < d));
    let flips = pairs.iter().enumerate().map(|(n, p)| {
        let others = &pairs[..n];
        let x = others.iter().filter(|q| flipped(p[0].0, q[0].0, p[1].0, q[1].0)).count();
        x + others.iter().filter(|q| flipped(2 * p[0].1, 2 * q[0].1, 2 * p[1].1, 2 * q[1].1)).count()
    });
    (moved / i32::try_from(pairs.len()).unwrap(), flips.sum())
}

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

#[test]
fn a_new_flow_flips_little() {
    for (from, to) in [("admin", "auth"), ("web", "odb"), ("auth", "vault"), ("cust", "psp")] {
        let (before, after) = edited("dfd10", |m| {
            let flow =
                DataFlow { name: "new".to_owned(), from: Some(id(from)), to: Some(id(to)), ..Default::default() };
            m.flows.insert(id("new"), flow);
        });
        let (mean, flips) = shift(&before.placement, &after.placement);
        println!("{from} to {to}: mean shift {mean}, {flips} flips");
        assert!(mean <= 7 && flips <= 1, "{from} to {to}: {mean} {flips}");
    }
}

#[test]
fn a_deleted_flow_flips_little() {
    let flows: Vec<_> = sample("dfd10").flows.into_keys().collect();
    for gone in flows {
        let (before, after) = edited("dfd10", |m| {
            m.flows.remove(&gone);
        });
        let (mean, flips) = shift(&before.placement, &after.placement);
        println!("without {gone}: mean shift {mean}, {flips} flips");
        assert!(mean <= 1 && flips == 0, "without {gone}: {mean} {flips}");
    }
}

#[test]
fn a_new_element_flips_no_order() {
    let (before, after) = edited("dfd10", |m| {
        let mut element = Element::new(ElementKind::Process, "Mailer");
        element.inside = Some(id("vpc"));
        m.elements.insert(id("mailer"), element);
    });
    let (mean, flips) = shift(&before.placement, &after.placement);
    assert!(mean <= 6 && flips == 0, "{mean} {flips}");
}

#[test]
fn pins_decide_the_order() {
    let mut model = sample("dfd10");
    let view = View { diagram: Some(id("main")), ..View::default() };
    let free = layout(&model, &view, None).placement;
    let (top, bottom) = (free.at[&id("admin")], free.at[&id("psp")]);
    assert!(top.1 < bottom.1);
    let pins = [(id("admin"), (bottom.0, bottom.1 + 20))].into_iter().collect();
    model.diagrams.insert(id("main"), Diagram { pins, ..Diagram::default() });
    let scene = layout(&model, &view, None);
    check_scene(&model, &scene);
    assert!(scene.placement.at[&id("admin")].1 > scene.placement.at[&id("psp")].1);
}
