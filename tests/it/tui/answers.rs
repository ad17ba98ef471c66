//! Lists, filters and prompts answered the way people do: what was chosen counts, and there is a way on from every one.

use sconce::model::{Asset, Id};

use super::{SHOP, draw, model, open, picture, press};

/// The shop with a second asset, and nothing known about what travels.
fn two_assets() -> sconce::model::ThreatModel {
    let mut model = model(&SHOP.replace("carries: [\"card\"],", ""));
    let name = "Address".to_owned();
    model.assets.insert(Id::slug(&name, "asset", |_| false), Asset { name, ..Asset::default() });
    model
}

#[test]
fn a_new_asset_is_added_to_those_that_are_marked() {
    for last in ["'new asset' enter", "up up up up up down down enter", "'new asset' tab enter"] {
        let mut state = open(two_assets(), (80, 24));
        press(&mut state, &format!("Q 'assets travel' enter enter tab tab {last}"));
        let shown = picture(&draw(&state));
        assert!(shown.contains("New asset (a class of data), besides Address, Card number"), "{last}\n{shown}");
        press(&mut state, "'Order' enter");
        for flow in state.bench.model().flows.values() {
            let carried: Vec<&str> = flow.carries.iter().flatten().map(Id::as_str).collect();
            assert_eq!(carried, ["address", "card", "order"], "{last}");
        }
    }
}

#[test]
fn a_list_on_a_low_screen_shows_three_rows_at_least() {
    for keys in ["?", ":", "l = 'rate' enter", "Q", "Q enter", "/", "l enter down down enter"] {
        let mut state = open(model(SHOP), (40, 12));
        press(&mut state, keys);
        let Some(sconce::tui::state::layer::Layer::Pick(pick)) = state.layers.last() else { panic!("{keys}") };
        let shown = picture(&draw(&state));
        let begin = |n: usize| pick.rows[n].text.chars().take(9).collect::<String>();
        for n in 0..pick.rows.len().min(3) {
            assert!(shown.contains(&begin(n)), "{keys}: row {n}\n{shown}");
        }
    }
    let mut state = open(model(SHOP), (40, 12));
    press(&mut state, "?");
    insta::assert_snapshot!("help_40x12", picture(&draw(&state)));
}

#[test]
fn an_empty_list_of_threats_counts_the_questions_of_the_selection() {
    let mut state = open(model(SHOP), (120, 40));
    for id in ["cloud", "card", "internet"] {
        press(&mut state, &format!("/ '{id}' enter"));
        let selected = state.selected.clone().unwrap();
        assert_eq!(selected.as_str(), id);
        if !state.threats().is_empty() {
            continue;
        }
        let shown = picture(&draw(&state));
        let wanted = match state.asked(&selected) {
            0 => "No threat here, and no question about it.".to_owned(),
            1 => "No threat here. 1 question about it (Q)".to_owned(),
            n => format!("No threat here. {n} questions about it (Q)"),
        };
        assert!(shown.contains(&wanted), "{wanted}\n{shown}");
    }
    let shown = super::check(
        "#![enable(implicit_some)]\nThreatModel(format: (1, 0), system: (name: \"S\"), elements: {\"a\": Process(name: \"A\")})",
        (120, 40),
        "esc",
    );
    assert!(!shown.contains("about it (Q)"), "{shown}");
}

#[test]
fn the_filter_shows_examples_and_explains_its_words() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "2 F");
    insta::assert_snapshot!("filter_empty_80x24", picture(&draw(&state)));
    press(&mut state, "?");
    insta::assert_snapshot!("filter_words_80x24", picture(&draw(&state)));
    // Esc goes back to the line, where a question mark within a word is one.
    press(&mut state, "esc 'on:\"web app\" a?' backspace backspace backspace enter");
    assert_eq!(state.filter, "on:\"web app\"");
    let about = |id: &str| state.threats().iter().filter(|t| t.about.iter().any(|a| a.as_str() == id)).count();
    assert_eq!((about("web"), state.threats().len()), (3, 3));
    press(&mut state, "F ctrl-u 'help' enter");
    assert!(picture(&draw(&state)).contains("Words of a filter"));
    press(&mut state, "esc esc");
    assert_eq!(state.layers.len(), 0);
}
