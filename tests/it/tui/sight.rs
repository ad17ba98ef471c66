//! How closely one looks at the diagram: zoom, folding, focus, the map, and what is lit.

use super::{SHOP, draw, model, open, picture, press};
use sconce::model::Id;

const SMALL: (u16, u16) = (80, 24);
const USUAL: (u16, u16) = (120, 40);

/// A model that is larger than any screen here.
const BANK: &str = include_str!("../../../models/bench/mobile-banking/planted.tm.ron");

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

#[test]
fn one_looks_from_further_away_in_four_steps() {
    for (size, name) in [(SMALL, "80x24"), (USUAL, "120x40")] {
        let mut state = open(model(BANK), size);
        for step in ["lines", "chips", "map"] {
            press(&mut state, "-");
            insta::assert_snapshot!(format!("zoom_{step}_{name}"), picture(&draw(&state)));
        }
        press(&mut state, "-");
        assert!(state.note.text.contains("as far away as it gets"), "{}", state.note.text);
        press(&mut state, "+ + + +");
        assert!(state.note.text.contains("as close as it gets"), "{}", state.note.text);
        assert!(picture(&draw(&state)).contains("Core banking"), "{}", picture(&draw(&state)));
    }
}

/// Looking from afar and coming back leaves the drawing as it was.
#[test]
fn the_whole_drawing_comes_back_as_it_was() {
    let mut state = open(model(BANK), USUAL);
    press(&mut state, "0");
    let before = picture(&draw(&state));
    for away in ["- +", "- - - + + +", "z z z z", "z f z 0", "z z z w z 0", "- - z f z 0"] {
        press(&mut state, away);
        press(&mut state, "0 esc");
        press(&mut state, "esc");
        let first = state.selected.take();
        assert!(first.is_none());
        state.selected = open(model(BANK), USUAL).selected;
        press(&mut state, "0");
        assert_eq!(picture(&draw(&state)), before, "after {away}");
    }
}

#[test]
fn a_boundary_is_folded_and_opened() {
    let mut state = open(model(SHOP), USUAL);
    press(&mut state, "z f");
    insta::assert_snapshot!("folded", picture(&draw(&state)));
    press(&mut state, "enter");
    assert!(state.note.text.starts_with("opened"), "{}", state.note.text);
    press(&mut state, "enter");
    assert!(picture(&draw(&state)).contains("▸ Inspector"), "what is open is inspected");
}

#[test]
fn the_focus_shows_neighbours_and_counts_the_rest() {
    let mut state = open(model(BANK), USUAL);
    press(&mut state, "z z");
    insta::assert_snapshot!("focus_120x40", picture(&draw(&state)));
    press(&mut state, "z w");
    assert!(picture(&draw(&state)).contains("2 flows around"), "{}", picture(&draw(&state)));
    // Places count in the whole drawing, so nothing is pinned here.
    press(&mut state, "H");
    assert!(state.note.refused && state.note.text.contains("show everything first"), "{}", state.note.text);
    press(&mut state, "z z");
    assert!(state.note.text.contains("everything is shown"), "{}", state.note.text);
}

#[test]
fn what_data_gets_to_is_lit() {
    let mut state = open(model(BANK), USUAL);
    press(&mut state, "z >");
    insta::assert_snapshot!("lit_forward", picture(&draw(&state)));
    assert!(state.note.text.starts_with("lit: data here gets to"), "{}", state.note.text);
    press(&mut state, "z <");
    assert!(state.note.text.starts_with("lit: data here comes from"), "{}", state.note.text);
    let selected = state.selected.clone();
    press(&mut state, "esc");
    assert_eq!(state.selected, selected, "the light goes out first");
    press(&mut state, "2 p");
    insta::assert_snapshot!("lit_path", picture(&draw(&state)));
}

/// What an act does where something is folded, it does to what is selected, not to what is shown in its place.
#[test]
fn edits_reach_what_is_folded() {
    let mut state = open(model(SHOP), USUAL);
    let inside: Vec<Id> =
        state.bench.model().elements.iter().filter(|(_, e)| e.inside.is_some()).map(|(id, _)| id.clone()).collect();
    let around = state.bench.model().elements[&inside[0]].inside.clone().unwrap();
    state.selected = Some(around.clone());
    press(&mut state, "z f");
    state.selected = Some(inside[0].clone());
    press(&mut state, "r 'New name' enter");
    assert!(state.bench.model().elements[&inside[0]].name.ends_with("New name"));
    press(&mut state, "d");
    assert!(picture(&draw(&state)).contains("Delete"), "{}", picture(&draw(&state)));
    press(&mut state, "esc u");
    press(&mut state, "a p 'Mailer' enter");
    assert!(state.bench.model().elements.contains_key(&id("mailer")));
    press(&mut state, "z 0");
    assert!(picture(&draw(&state)).contains("Mailer"));
}

#[test]
fn the_map_is_switched_off_and_on() {
    let mut state = open(model(BANK), USUAL);
    assert!(picture(&draw(&state)).contains("┌ map "), "{}", picture(&draw(&state)));
    press(&mut state, "g m");
    assert!(!picture(&draw(&state)).contains("┌ map "));
    press(&mut state, "g m z a");
    insta::assert_snapshot!("map_ascii", picture(&draw(&state)));
}

#[test]
fn a_fresh_layout_keeps_pins() {
    let mut state = open(model(SHOP), USUAL);
    press(&mut state, "L L g t");
    assert!(state.note.text.starts_with("laid out afresh"), "{}", state.note.text);
    assert_eq!(state.bench.model().diagrams.values().map(|d| d.pins.len()).sum::<usize>(), 1);
}

#[test]
fn flows_between_boundaries_are_counted() {
    let mut state = open(model(BANK), USUAL);
    press(&mut state, "z x");
    insta::assert_snapshot!("matrix", picture(&draw(&state)));
}

/// What was in focus is gone: everything is shown again, where it was.
#[test]
fn without_its_focus_the_whole_drawing_is_back() {
    let mut state = open(model(SHOP), USUAL);
    press(&mut state, "a p 'Lonely' enter L");
    press(&mut state, "z z");
    press(&mut state, "d");
    let shown = picture(&draw(&state));
    assert!(shown.contains("Web app") && !shown.contains("focus:"), "{shown}");
}

/// Pins are cells of the whole drawing: a neighbourhood takes no notice of them.
#[test]
fn pins_do_not_pull_a_neighbourhood_apart() {
    let shown = |keys: &str| {
        let mut state = open(model(SHOP), USUAL);
        press(&mut state, keys);
        press(&mut state, "z z r 'x' enter 0");
        picture(&draw(&state)).lines().take(27).map(|l| l.chars().take(79).collect::<String>()).collect::<Vec<_>>()
    };
    let frames = |keys: &str| shown(keys).into_iter().filter(|l| l.contains('╌')).count();
    assert_eq!(frames(""), frames("L L L L L L"));
}
