//! What an edit may move, as laws over random models and edits: the contract of the layout. How far is measured
//! elsewhere.

use super::metrics::shift;
use super::random::model;
use super::sample::id;
use super::{check, check_scene};
use proptest::prelude::*;
use proptest::sample::Index;
use sconce::diagram::paint::{Glyphs, text};
use sconce::diagram::{Placement, Scene, View, layout};
use sconce::model::{DataFlow, Diagram, Element, ElementKind, Id, ThreatModel};
use std::collections::BTreeMap;

fn drawn(model: &ThreatModel, before: Option<&Placement>) -> Placement {
    let scene = layout(model, &View::default(), before);
    check_scene(model, &scene);
    scene.placement
}

fn inside<'m>(model: &'m ThreatModel, id: &Id) -> Option<&'m Id> {
    let element = model.elements.get(id).and_then(|e| e.inside.as_ref());
    element.or_else(|| model.boundaries.get(id).and_then(|b| b.inside.as_ref()))
}

/// Where everything lies below the upper left corner of the boundary around it.
fn relative(model: &ThreatModel, placement: &Placement) -> BTreeMap<Id, (i32, i32)> {
    let corner = |id: Option<&Id>| id.and_then(|b| placement.at.get(b)).copied().unwrap_or_default();
    let of = |(id, at): (&Id, &(i32, i32))| {
        let origin = corner(inside(model, id));
        (id.clone(), (at.0 - origin.0, at.1 - origin.1))
    };
    placement.at.iter().map(of).collect()
}

/// Within each boundary whatever lies further right, or lower, moves at least as far.
fn moves_apart(model: &ThreatModel, before: &Placement, after: &Placement) -> Result<(), String> {
    let (old, new) = (relative(model, before), relative(model, after));
    for (a, from_a) in &old {
        for (b, from_b) in old.iter().filter(|(b, _)| inside(model, b) == inside(model, a)) {
            let (Some(to_a), Some(to_b)) = (new.get(a), new.get(b)) else { continue };
            if from_a.0 <= from_b.0 && to_a.0 - from_a.0 > to_b.0 - from_b.0 {
                return Err(format!("{a} moves further right than {b}"));
            }
            if from_a.1 <= from_b.1 && to_a.1 - from_a.1 > to_b.1 - from_b.1 {
                return Err(format!("{a} moves further down than {b}"));
            }
        }
    }
    Ok(())
}

/// Within each boundary things in one column move to the right by the same, and two neighbouring columns by the same
/// unless the new flow runs between them or enters one of them. Where rows had to grow, too, other flows can come to bend
/// anywhere, and only the first holds.
fn widens_its_gaps(model: &ThreatModel, before: &Placement, after: &Scene) -> Result<(), String> {
    let (old, new) = (relative(model, before), relative(model, &after.placement));
    let rows_hold = old.iter().all(|(id, at)| new.get(id).is_none_or(|to| to.1 == at.1));
    let wire = after.wires.iter().find(|w| w.id == id("new-flow")).unwrap();
    let (first, last) = (wire.points.iter().map(|p| p.x).min(), wire.points.iter().map(|p| p.x).max());
    for (around, lanes) in &before.lanes {
        let mut columns: BTreeMap<usize, (i32, &Id)> = BTreeMap::new();
        for ((id, _), slot) in &lanes.parts {
            let (Some(from), Some(to)) = (old.get(id), new.get(id)) else { continue };
            let moved = to.0 - from.0;
            let (same, other) = *columns.entry(slot.column).or_insert((moved, id));
            if moved != same {
                return Err(format!("in {around:?} {id} moves by {moved}, {other} in the same column by {same}"));
            }
        }
        let corner = around.as_ref().map_or(0, |id| after.placement.at[id].0);
        let edge = |column: usize| Some(corner + after.placement.lanes[around].columns[column].left);
        for ((a, left), (b, right)) in columns.iter().zip(columns.iter().skip(1)) {
            if rows_hold && left.0 != right.0 && (first >= edge(*b + 1) || last <= edge(*a)) {
                return Err(format!("in {around:?} {} moves by {}, {} by {}", left.1, left.0, right.1, right.0));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    /// (a) The same input gives the same bytes, and a picture that is laid out again stays as it is.
    #[test]
    fn the_same_input_gives_the_same_picture(model in model()) {
        let first = layout(&model, &View::default(), None);
        prop_assert_eq!(&first, &layout(&model, &View::default(), None));
        let again = layout(&model, &View::default(), Some(&first.placement));
        prop_assert_eq!(text(&first, Glyphs::Unicode), text(&again, Glyphs::Unicode));
    }

    /// (b) The order in which a diagram lists what it shows changes nothing; a model has no order.
    #[test]
    fn the_order_of_lists_changes_nothing(model in model(), seed in any::<Index>()) {
        let mut shows: Vec<Id> = model.elements.keys().chain(model.flows.keys()).cloned().collect();
        let mut scenes = Vec::new();
        for _ in 0..2 {
            let mut model = model.clone();
            model.diagrams.insert(id("main"), Diagram { shows: Some(shows.clone()), ..Diagram::default() });
            scenes.push(layout(&model, &View { diagram: Some(id("main")), ..View::default() }, None));
            let middle = if shows.is_empty() { 0 } else { seed.index(shows.len()) };
            shows.rotate_left(middle);
            shows.reverse();
        }
        prop_assert_eq!(&scenes[0], &scenes[1]);
    }

    /// (c) A name of the same width moves nothing.
    #[test]
    fn a_name_of_the_same_width_moves_nothing(model in model(), which in any::<Index>()) {
        let before = drawn(&model, None);
        let mut model = model;
        let widen = |name: &mut String| *name = name.chars().map(|c| if c.is_ascii_lowercase() { 'm' } else { c }).collect();
        let count = model.flows.len() + model.elements.len();
        let at = if count == 0 { 0 } else { which.index(count) };
        let flow = model.flows.values_mut().map(|f| &mut f.name);
        if let Some(name) = flow.chain(model.elements.values_mut().map(|e| &mut e.name)).nth(at) {
            widen(name);
        }
        prop_assert_eq!(&drawn(&model, Some(&before)), &before);
    }

    /// A flow that goes moves nothing.
    #[test]
    fn a_flow_that_goes_moves_nothing(model in model(), which in any::<Index>()) {
        prop_assume!(!model.flows.is_empty());
        let before = drawn(&model, None);
        let mut model = model;
        let gone = model.flows.keys().nth(which.index(model.flows.len())).unwrap().clone();
        model.flows.remove(&gone);
        prop_assert_eq!(drawn(&model, Some(&before)).at, before.at);
    }

    /// (d) A new flow moves nothing but what lies beyond a gap that it runs through, and all of that by the same;
    /// boundaries that it does not enter keep their inside.
    #[test]
    fn a_new_flow_only_widens_its_gaps(model in model(), ends in any::<[Index; 2]>(), name in "[a-z]{0,20}") {
        prop_assume!(!model.elements.is_empty());
        let before = drawn(&model, None);
        let mut model = model;
        let end = |n: usize| model.elements.keys().nth(ends[n].index(model.elements.len())).cloned();
        let flow = DataFlow { name, from: end(0), to: end(1), ..Default::default() };
        model.flows.insert(id("new-flow"), flow);
        let scene = layout(&model, &View::default(), Some(&before));
        check_scene(&model, &scene);
        prop_assert_eq!(moves_apart(&model, &before, &scene.placement), Ok(()));
        prop_assert_eq!(widens_its_gaps(&model, &before, &scene), Ok(()));
    }

    /// (e) A new element moves nothing in other boundaries.
    #[test]
    fn a_new_element_leaves_other_boundaries_alone(model in model(), home in any::<Index>(), kind in 0..3usize) {
        let before = drawn(&model, None);
        let mut model = model;
        let homes: Vec<Option<Id>> = model.boundaries.keys().cloned().map(Some).chain([None]).collect();
        let inside_of = homes[home.index(homes.len())].clone();
        let kind = [ElementKind::ExternalEntity, ElementKind::Process, ElementKind::DataStore][kind];
        let element = Element { inside: inside_of.clone(), ..Element::new(kind, "a new element") };
        model.elements.insert(id("new-element"), element);
        let after = drawn(&model, Some(&before));
        prop_assert_eq!(moves_apart(&model, &before, &after), Ok(()));
        let around = model.boundary_chain(inside_of.as_ref());
        let (old, new) = (relative(&model, &before), relative(&model, &after));
        for (id, at) in old.iter().filter(|(id, _)| inside(&model, id).is_some_and(|b| !around.contains(&b))) {
            prop_assert_eq!(Some(at), new.get(id), "{}", id);
        }
    }

    /// (f) What is pinned never moves, whatever else happens.
    #[test]
    fn a_pin_holds(model in model(), other in model(), which in any::<Index>(), by in (-30..30i32, -9..9i32)) {
        prop_assume!(!model.elements.is_empty());
        let before = drawn(&model, None);
        let pinned = model.elements.keys().nth(which.index(model.elements.len())).unwrap().clone();
        let at = (before.at[&pinned].0 + by.0, before.at[&pinned].1 + by.1);
        let view = View { diagram: Some(id("main")), ..View::default() };
        let mut model = model;
        model.diagrams.insert(id("main"), Diagram { pins: [(pinned.clone(), at)].into(), ..Diagram::default() });
        let mut before = before;
        for (flow, element) in other.flows.iter().zip(&other.elements) {
            let scene = layout(&model, &view, Some(&before));
            check_scene(&model, &scene);
            prop_assert_eq!(scene.placement.at[&pinned], at);
            before = scene.placement;
            model.flows.insert(flow.0.clone(), DataFlow { from: Some(pinned.clone()), to: None, ..flow.1.clone() });
            if *element.0 != pinned {
                model.elements.insert(element.0.clone(), Element { inside: None, ..element.1.clone() });
            }
        }
    }

    /// Edits one after the other, each from the picture before it, as in a sitting.
    #[test]
    fn a_sitting_never_spoils_the_picture(model in model(), other in model(), steps in prop::collection::vec(any::<(u8, Index)>(), 1..8)) {
        let mut model = model;
        let mut before = check(&model).placement;
        for (kind, which) in steps {
            let from = |n: usize| if n == 0 { 0 } else { which.index(n) };
            match kind % 4 {
                0 => drop(other.flows.iter().nth(from(other.flows.len())).map(|(id, f)| model.flows.insert(id.clone(), f.clone()))),
                1 => drop(other.elements.iter().nth(from(other.elements.len())).map(|(id, e)| model.elements.insert(id.clone(), e.clone()))),
                2 => drop(model.flows.keys().nth(from(model.flows.len())).cloned().map(|id| model.flows.remove(&id))),
                _ => drop(model.elements.values_mut().nth(from(other.elements.len())).map(|e| e.name.push_str(" and more"))),
            }
            // Ends and homes that the other model has and this one has not.
            let (elements, boundaries) = (model.elements.clone(), model.boundaries.clone());
            let known = |id: &Id| elements.contains_key(id) || boundaries.contains_key(id);
            for flow in model.flows.values_mut() {
                flow.from = flow.from.take().filter(known);
                flow.to = flow.to.take().filter(known);
            }
            for element in model.elements.values_mut() {
                element.inside = element.inside.take().filter(|b| boundaries.contains_key(b));
            }
            let after = drawn(&model, Some(&before));
            prop_assert!(shift(&model, &before, &after).mean >= 0);
            before = after;
        }
    }
}
