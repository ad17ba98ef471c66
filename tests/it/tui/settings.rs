//! What a user wants otherwise: keys by the names of the table, and what is said of a file that is wrong. The page about
//! keys is the table.

use std::fmt::Write as _;

use insta::assert_snapshot;
use sconce::command::{ACTIONS, Group, Scope};
use sconce::tui::Theme;
use sconce::tui::key::Key;
use sconce::tui::keymap::{Keymap, Meaning};
use sconce::tui::settings::Settings;
use sconce::tui::state::{PANES, scopes};

use super::{SHOP, draw, model, open, picture, press};

fn read(text: &str) -> Settings {
    Settings::read(text, "config.ron").unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn keys_of_the_user_work_and_are_shown() {
    let settings =
        read("(theme: HighContrast, mouse: false, keys: {\"add-process\": [\"ctrl-n\", \"x y\"], \"jump\": [\"c\"]})");
    assert_eq!((settings.theme, settings.mouse, settings.ascii), (Some(Theme::Contrast), Some(false), None));
    let mut state = open(model(SHOP), (80, 24));
    state.keymap = settings.keymap;
    press(&mut state, "ctrl-n");
    assert!(picture(&draw(&state)).contains("process"), "{}", picture(&draw(&state)));
    press(&mut state, "esc x y esc");
    press(&mut state, "c");
    let shown = picture(&draw(&state));
    assert!(shown.contains("Select: press a label") || shown.contains("press a label"), "{shown}");
    press(&mut state, "esc f");
    assert_eq!(state.note.text, "f does nothing here; ? shows what does");
    press(&mut state, "? 'draws a data flow'");
    let shown = picture(&draw(&state));
    assert!(!shown.contains("Connect selection to …                                                 c "), "{shown}");
}

#[test]
fn a_file_that_is_wrong_says_where_and_what() {
    let texts = [
        "(theme: Darkish)",
        "(them: Dark)",
        "(keys: {\"add-proces\": [\"x\"]})",
        "(keys: {\"jump\": [\"ctrl-\"]})",
        "(keys: {\"jump\": [\"\"]})",
        "(keys: {\"jump\": [\"esc\"]})",
        "(keys: {\"jump\": [\"x\"], \"connect\": [\"x y\"]})",
        "(keys: {\"jump\": [\"x\"",
    ];
    let mut told = String::new();
    for text in texts {
        let _ = writeln!(told, "{text}\n  {}", Settings::read(text, "config.ron").unwrap_err());
    }
    assert_snapshot!(told);
}

/// Whatever keys a user wants, every key means one thing in every pane, and the user's own keys always work.
#[test]
fn keys_of_the_user_never_collide_with_ours() {
    for row in ACTIONS {
        for keys in ["a", "g", "q", "ctrl-r", "space x", "u u"] {
            let text = format!("(keys: {{\"{}\": [\"{keys}\"]}})", row.name);
            let keymap = read(&text).keymap;
            let typed = Key::parse_all(keys).unwrap();
            for pane in PANES.iter().filter(|pane| scopes(**pane).contains(&row.scope)) {
                assert_eq!(keymap.meaning(scopes(*pane), &typed), Meaning::Start(row.id), "{} {keys}", row.name);
                let before = &typed[..typed.len() - 1];
                assert!(
                    before.is_empty() || keymap.meaning(scopes(*pane), before) == Meaning::More,
                    "{} {keys}",
                    row.name
                );
            }
        }
    }
    assert_eq!(read("()").keymap, Keymap::default());
}

/// docs/keys.md has the table as it is; `SCONCE_WRITE_DOCS=1 cargo test` writes it.
#[test]
fn the_page_about_keys_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    let mut page = include_str!("../data/tui/keys-head.md").to_owned();
    for scope in Scope::ALL {
        let rows = || ACTIONS.iter().filter(|row| row.scope == *scope);
        let _ = writeln!(page, "\n## {}\n\n| keys | command | what it does |\n|---|---|---|", scope.title());
        for group in Group::ALL {
            for row in rows().filter(|row| row.group == *group) {
                let keys: Vec<String> = row.keys.iter().map(|keys| format!("`{keys}`")).collect();
                let _ = writeln!(page, "| {} | `{}` | {} |", keys.join(" "), row.name, row.doc);
            }
        }
    }
    if std::env::var_os("SCONCE_WRITE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert!(std::fs::read_to_string(path).is_ok_and(|text| text == page), "run SCONCE_WRITE_DOCS=1 cargo test keys");
}
