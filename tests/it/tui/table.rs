//! Laws of the table of actions. What an action does is tested by pictures.

use std::collections::BTreeSet;

use sconce::command::{ACTIONS, Action, Scope};
use sconce::tui::key::Key;
use sconce::tui::state::{Pane, scopes};

use super::{SHOP, draw, model, open, picture, press};

const PANES: [Pane; 8] = [
    Pane::Canvas,
    Pane::Inspector,
    Pane::Threats,
    Pane::Outline,
    Pane::Changes,
    Pane::Mitigations,
    Pane::Rules,
    Pane::Dashboard,
];

#[test]
fn every_row_is_complete_and_stands_where_its_action_says() {
    let mut names = BTreeSet::new();
    for (n, row) in ACTIONS.iter().enumerate() {
        assert_eq!(row.id as usize, n, "{}", row.name);
        assert!(names.insert(row.name), "{} twice", row.name);
        assert!(row.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", row.name);
        assert!(row.doc.ends_with('.') && row.doc.len() > 15, "{}: {}", row.name, row.doc);
        assert!(!row.title.ends_with('.') && !row.title.is_empty(), "{}", row.name);
        assert!(!row.keys.is_empty(), "{} has no key", row.name);
        for keys in row.keys {
            let read = Key::parse_all(keys).unwrap_or_else(|| panic!("{}: {keys}", row.name));
            assert!(!read.is_empty(), "{}", row.name);
        }
    }
}

#[test]
fn no_keys_collide_in_a_pane_and_none_begin_others() {
    for pane in PANES {
        let mut all: Vec<(Vec<Key>, &str)> = Vec::new();
        for scope in scopes(pane) {
            for row in ACTIONS.iter().filter(|r| r.scope == *scope) {
                all.extend(row.keys.iter().map(|k| (Key::parse_all(k).unwrap(), row.name)));
            }
        }
        for (n, (keys, name)) in all.iter().enumerate() {
            for (other_keys, other) in &all[n + 1..] {
                assert!(!keys.starts_with(other_keys) && !other_keys.starts_with(keys), "{pane:?}: {name} and {other}");
            }
        }
    }
}

/// Keys that multiplexers take (Ctrl with a, b, g, j, o, s, t), and that some keyboards cannot type alone.
#[test]
fn no_default_is_on_a_key_that_others_take_or_cannot_type() {
    for row in ACTIONS {
        for keys in row.keys {
            let taken = ["ctrl-a", "ctrl-b", "ctrl-g", "ctrl-j", "ctrl-o", "ctrl-s", "ctrl-t"];
            assert!(!taken.contains(keys), "{}: {keys}", row.name);
            assert!(!keys.chars().any(|c| "[]{}@~|\\".contains(c)), "{}: {keys}", row.name);
            assert!(!keys.starts_with("alt-"), "{}: {keys}", row.name);
        }
    }
}

#[test]
fn every_action_is_in_the_palette_and_can_be_started_from_it() {
    for row in ACTIONS {
        let mut state = open(model(SHOP), (100, 40));
        press(&mut state, &format!(": '{}'", row.name));
        let shown = picture(&draw(&state));
        assert!(shown.contains(row.title), "{} is not in the palette:\n{shown}", row.name);
        press(&mut state, "enter");
    }
}

#[test]
fn what_cannot_be_done_now_says_why() {
    let mut state = open(model(SHOP), (100, 40));
    press(&mut state, "esc r");
    assert!(state.note.refused);
    assert_eq!(state.note.text, "Rename: select something first");
}

#[test]
fn every_scope_is_reached_by_some_pane() {
    for row in ACTIONS {
        assert!(PANES.iter().any(|p| scopes(*p).contains(&row.scope)), "{}", row.name);
    }
    assert_eq!(Action::Quit.row().scope, Scope::Global);
}
