//! No size is refused and none panics, whatever lies over the panes; the last entry of the bar of keys is always help.

use super::{SHOP, draw, model, open, picture, press};
use crate::tui::update;
use sconce::tui::update::Msg;

/// Ways to every kind of layer.
const WAYS: &[&str] = &[
    "",
    "enter",
    "t",
    "2",
    "2 enter",
    "2 e",
    ":",
    "?",
    "/",
    "f",
    "c",
    "a",
    "a p 'x'",
    "space",
    "Q",
    "Q enter",
    "=",
    "= enter",
    "W",
    "c /",
    ". c",
    "A",
    "d",
    "r",
    "tab tab",
    "m",
    "v b 'x'",
    "u",
    "F",
    "5",
    "5 tab tab",
    "5 tab tab tab end enter",
    "5 t",
    "5 tab tab tab tab tab enter",
    "6",
    "6 tab",
    "6 tab f",
    "6 =",
    "6 x enter",
    "6 enter",
    "w",
    "w y",
    "w k k k k k k k k",
    "w k k k k k k k k y",
    "w k k k k k k k k 1",
    "w N",
    "w P",
    "w f",
    "w s",
    "w enter",
    "w space",
];

#[test]
fn every_small_size_is_drawn_with_every_layer() {
    for keys in WAYS {
        let mut state = super::review::open_changed((80, 24));
        press(&mut state, keys);
        for width in 1..=60 {
            for height in [1, 2, 3, 4, 5, 6, 8, 11, 16] {
                update(&mut state, Msg::Resize(width, height));
                draw(&state);
            }
        }
    }
}

#[test]
fn the_bar_of_keys_never_cuts_a_word_and_ends_with_help() {
    let mut state = open(model(SHOP), (80, 24));
    for width in 8..200 {
        update(&mut state, Msg::Resize(width, 24));
        let shown = picture(&draw(&state));
        let bar = shown.lines().nth(23).unwrap();
        assert!(bar.ends_with("? help"), "{width}: {bar}");
    }
}

#[test]
fn names_from_hostile_files_never_break_a_frame() {
    let wide = "設計データ".repeat(40);
    let marks = format!("e{}", "\u{301}".repeat(50));
    let names =
        ["\u{1b}]0;owned\u{7}\u{1b}[2J", "\u{202e}evil\u{2066}", &wide, &marks, "👩‍👩‍👧‍👦 \u{fe0f}x", "a\nb\tc", "שלום עולם"];
    for name in names {
        let mut hostile = model(SHOP);
        for element in hostile.elements.values_mut() {
            name.clone_into(&mut element.name);
        }
        for flow in hostile.flows.values_mut() {
            name.clone_into(&mut flow.name);
        }
        for boundary in hostile.boundaries.values_mut() {
            name.clone_into(&mut boundary.name);
        }
        name.clone_into(&mut hostile.system.name);
        for size in [(80, 24), (120, 40), (200, 60), (20, 6)] {
            for keys in WAYS {
                let mut state = open(hostile.clone(), size);
                press(&mut state, keys);
                for cell in draw(&state).content() {
                    // Joined emoji stay joined; everything else that hides or drives is an escape.
                    assert_eq!(sconce::diagnostic::inert::inert(cell.symbol()), cell.symbol());
                }
            }
        }
    }
}

#[test]
fn a_name_of_a_million_characters_is_cut_and_can_be_edited() {
    let mut long = model(SHOP);
    if let Some(web) = long.elements.get_mut("web") {
        web.name = "x".repeat(1_000_000);
    }
    let mut state = open(long, (80, 24));
    press(&mut state, "/ 'xxxx' enter");
    for keys in ["enter", "t", "1 esc r left left 'y'", "/", "d"] {
        press(&mut state, keys);
        assert!(picture(&draw(&state)).contains('…'), "{keys}");
        press(&mut state, "esc");
    }
}
