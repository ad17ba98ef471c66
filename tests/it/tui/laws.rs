//! Laws that hold for any keys: nothing panics, and undo brings back the model as it was.

use proptest::prelude::*;

use super::{SHOP, draw, model, mouse, open, press, update};
use sconce::tui::key::Key;
use sconce::tui::update::{Click, Effect, Msg};

/// Keys that do things, more often than others.
fn keys() -> impl Strategy<Value = Vec<String>> {
    let word = prop_oneof![
        6 => prop::sample::select(vec![
            "h", "j", "k", "l", "a", "p", "s", "e", "b", "c", "d", "D", "r", "v", "m", "f", "t", "x", "o", "u", "U", "=", "Q",
            "/", ":", "?", "F", "1", "2", "3", "4", "5", "6", "7", "w", "Y", "y", "p", "P", "a", "m", "B", ".", ",", "H", "L", "A", "C", "W", "S", "*", "z", "g", "n", "N", "y",
        ]),
        6 => prop::sample::select(vec!["enter", "esc", "tab", "up", "down", "left", "right", "space", "backspace"]),
        1 => prop::sample::select(vec!["ctrl-r", "delete", "pagedown", "home", "end", "backtab", "ctrl-w", "f1"]),
    ];
    prop::collection::vec(word.prop_map(str::to_owned), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_keys_are_survived_and_undone(keys in keys(), small in any::<bool>()) {
        let mut state = super::review::open_changed(if small { (40, 12) } else { (120, 40) });
        let before = state.bench.model().clone();
        for key in &keys {
            update(&mut state, Msg::Key(Key::parse(key).unwrap()));
        }
        draw(&state);
        let after = state.bench.model().clone();
        let mut steps = 0;
        while state.bench.undo().is_some() {
            steps += 1;
        }
        prop_assert_eq!(state.bench.model(), &before);
        for _ in 0..steps {
            state.bench.redo();
        }
        // What was taken back before the end by `u` is not part of it; otherwise redo leads to where it was.
        if !keys.iter().any(|k| k == "u") {
            prop_assert_eq!(state.bench.model(), &after);
        }
    }

    #[test]
    fn any_mouse_is_survived(acts in prop::collection::vec((0..7_u8, 0..125_u16, 0..45_u16), 0..80)) {
        let mut state = super::review::open_changed((120, 40));
        for (act, x, y) in acts {
            let click = [Click::Press, Click::Double, Click::Drag, Click::Release, Click::Menu, Click::Wheel(0, 1), Click::Wheel(-1, 0)]
                [usize::from(act)];
            mouse(&mut state, click, (x, y));
        }
        draw(&state);
    }
}

#[test]
fn pasted_text_never_runs_anything() {
    let before = model(SHOP);
    let mut state = open(before.clone(), (120, 40));
    for keys in ["", "2", "space", "f", "d"] {
        press(&mut state, keys);
        let effects = update(&mut state, Msg::Paste("d\nD\nq\n:quit\n\x1b".to_owned()));
        assert!(effects.is_empty());
        assert_eq!(state.bench.model(), &before);
        press(&mut state, "esc");
    }
    press(&mut state, "1 l r");
    update(&mut state, Msg::Paste("x".repeat(4001)));
    assert!(state.note.text.contains("its first 4000 characters"), "{}", state.note.text);
    press(&mut state, "ctrl-u");
    update(&mut state, Msg::Paste(" two\nlines\x07 ".to_owned()));
    press(&mut state, "enter");
    assert_eq!(state.bench.model().elements["customer"].name, "two lines");
}

#[test]
fn esc_never_leaves_and_quit_asks_when_something_was_changed() {
    let mut state = open(model(SHOP), (120, 40));
    assert_eq!(press(&mut state, "esc esc esc esc"), []);
    assert_eq!(press(&mut state, "q"), [Effect::Quit]);
    press(&mut state, "a p 'Cache' enter");
    assert_eq!(press(&mut state, "q q Q esc"), []);
    assert_eq!(press(&mut state, "q D"), [Effect::Quit]);
    assert_eq!(press(&mut state, "q S"), [Effect::Save]);
}
