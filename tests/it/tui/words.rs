//! What the screen says: the keys of whatever has them, what a prompt is about, what a change did and did not do.

use std::fmt::Write as _;

use sconce::file::journal::Recovered;
use sconce::model::ThreatModel;
use sconce::tui::update::{Effect, Msg, SaveFailed};

use super::{SHOP, draw, model, open, picture, press, update};

const SMALL: (u16, u16) = (80, 24);

/// The bar of keys.
fn bar(state: &super::State) -> String {
    picture(&draw(state)).lines().nth(usize::from(state.size.1) - 1).unwrap_or_default().to_owned()
}

#[test]
fn every_dialog_names_its_keys_and_what_esc_does() {
    let mut told = String::new();
    for keys in [
        "",
        ".",
        "a p",
        "A s",
        "l A s 'x' enter",
        "c",
        "c f",
        "f",
        "r",
        "l d",
        "= ",
        "= enter",
        "Q",
        "Q enter",
        "m",
        "/",
        ":",
        "W",
        "enter",
    ] {
        let mut state = open(model(SHOP), SMALL);
        press(&mut state, keys);
        let _ = writeln!(told, "{keys:>16} │{}", bar(&state));
    }
    for keys in ["2", "2 F", "2 x", "2 enter"] {
        let mut state = open(model(SHOP), SMALL);
        press(&mut state, keys);
        let _ = writeln!(told, "{keys:>16} │{}", bar(&state));
    }
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "r 'x' enter q");
    let _ = writeln!(told, "{:>16} │{}", "quit", bar(&state));
    let left = |n| Recovered { text: String::new(), when: n, same_base: true, path: std::path::PathBuf::new() };
    let left = Msg::Left(vec![left(1_780_000_000)]);
    for (what, msg) in [("left", left), ("changed", Msg::Saved(Err(SaveFailed::Changed("It was.".to_owned()))))] {
        let mut state = open(model(SHOP), SMALL);
        update(&mut state, msg);
        let _ = writeln!(told, "{what:>16} │{}", bar(&state));
    }
    insta::assert_snapshot!("bars", told);
}

#[test]
fn a_prompt_says_what_is_made_and_where() {
    let title = |keys: &str| {
        let mut state = open(model(SHOP), SMALL);
        press(&mut state, keys);
        let Some(sconce::tui::state::layer::Layer::Prompt(prompt)) = state.layers.last() else { panic!("{keys}") };
        prompt.title.clone()
    };
    assert_eq!(title("a p"), "New process in Internet");
    assert_eq!(title("l A s"), "New data store in Cloud account; Web app sends data to it");
    assert_eq!(title("l B a b"), "New trust boundary in Cloud account");
    assert_eq!(title("esc a e"), "New external entity outside all trust boundaries");
    assert_eq!(title("a d"), "New asset (a class of data)");
    assert_eq!(title("l v l v b"), "New trust boundary around Orders, Web app");
    assert_eq!(title("A s 'Log' enter"), "Data flow Customer → Log: its name");
    let mut state = open(ThreatModel::default(), SMALL);
    press(&mut state, "a p");
    assert!(picture(&draw(&state)).contains("New process ─"), "nothing is around it, and nothing could be");
}

#[test]
fn stating_what_is_so_is_no_change() {
    for keys in [
        "l = 'rate_limit' enter 'absent' enter",
        "l r enter",
        "l m 'Cloud' enter",
        "l enter j j enter enter",
        "l enter j j j j j 'e' enter",
        ". = 'enc' enter 'none' enter",
    ] {
        let mut state = open(model(SHOP), SMALL);
        press(&mut state, keys);
        assert_eq!(state.layers.len(), 0, "{keys}");
        assert_eq!(state.bench.history().count(), 0, "{keys}: {}", state.note.text);
        assert!(!state.bench.is_dirty(), "{keys}");
        assert!(state.note.text.contains("nothing was changed"), "{keys}: {}", state.note.text);
    }
}

#[test]
fn undo_and_redo_say_in_words_what_they_took_back() {
    let mut state = open(model(SHOP), SMALL);
    let mut told = String::new();
    let mut press = |keys: &str| {
        press(&mut state, keys);
        let _ = writeln!(told, "{keys}\n    {}", state.note.text);
    };
    press("l r ctrl-u 'Web' enter");
    press("u");
    press("U");
    press("= 'rate_limit' enter 'present' enter");
    press("u");
    press("enter j j j j j enter 'ana' enter");
    press("u");
    press("esc d D");
    press("u");
    press("u");
    press("u");
    insta::assert_snapshot!("undone", told);
}

#[test]
fn nudges_of_one_element_are_one_step() {
    let mut state = open(model(SHOP), (120, 40));
    // Which part is in view depends on the way there; with the selection in the middle it does not.
    press(&mut state, "0");
    let start = picture(&draw(&state));
    press(&mut state, "J J L J");
    assert_eq!(state.bench.history().count(), 1);
    press(&mut state, "/ 'Orders' enter J J");
    assert_eq!(state.bench.history().count(), 2, "another element is another step");
    press(&mut state, "/ 'Customer' enter J");
    assert_eq!(state.bench.history().count(), 3, "going back to the first one too");
    press(&mut state, "r 'x' enter J J");
    assert_eq!(state.bench.history().count(), 5, "and so is going on after something else");
    press(&mut state, "u J");
    assert_eq!(state.bench.history().count(), 5, "a step that was taken back is not gone on with");
    press(&mut state, "u u u u u");
    assert_eq!(state.bench.history().count(), 0);
    press(&mut state, "/ 'Customer' enter 0");
    let canvas = |shown: &str| {
        shown.lines().skip(1).take(26).map(|l| l.chars().take(78).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(canvas(&picture(&draw(&state))), canvas(&start));
}

#[test]
fn connecting_from_a_flow_asks_which_end() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, ". c");
    insta::assert_snapshot!("which_end", picture(&draw(&state)));
    press(&mut state, "down enter");
    assert!(picture(&draw(&state)).contains("Connect Web app to:"));
    press(&mut state, "esc . C enter");
    assert!(picture(&draw(&state)).contains("Connect to Customer from:"), "{}", state.note.text);
    press(&mut state, "esc esc esc c");
    assert_eq!(state.note.text, "Connect selection to …: select an element first, with the arrows or f");
}

#[test]
fn esc_on_the_second_screen_goes_back_to_the_first() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "2 v F 'open' enter x esc");
    let screen = |state: &super::State| state.screen;
    assert_eq!(screen(&state), sconce::tui::state::Screen::Threats, "the form was one layer");
    press(&mut state, "esc");
    assert!(state.marked_threats.is_empty() && !state.filter.is_empty());
    press(&mut state, "esc");
    assert!(state.filter.is_empty() && screen(&state) == sconce::tui::state::Screen::Threats);
    assert_eq!(press(&mut state, "esc"), []);
    assert_eq!(screen(&state), sconce::tui::state::Screen::Diagram);
    press(&mut state, "2 j x m down 'done' enter");
    assert_eq!(state.bench.model().threats.len(), 1, "{}", state.note.text);
}

#[test]
fn facts_that_are_asked_for_come_first() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "l =");
    insta::assert_snapshot!("facts", picture(&draw(&state)));
}

#[test]
fn saving_under_another_name_never_overwrites() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "W");
    insta::assert_snapshot!("save_as", picture(&draw(&state)));
    assert_eq!(press(&mut state, "ctrl-u 'shop' enter"), [Effect::SaveAs("shop.tm.ron".to_owned())]);
    update(
        &mut state,
        Msg::Saved(Err(SaveFailed::Other("shop.tm.ron: it exists already; choose another name".to_owned()))),
    );
    let shown = picture(&draw(&state));
    assert!(shown.contains("! shop.tm.ron: it exists already; choose another name"), "{shown}");
    assert_eq!(press(&mut state, "ctrl-u 'b.ron' enter"), [Effect::SaveAs("b.ron".to_owned())]);
    assert_eq!(update(&mut state, Msg::Saved(Ok("saved".to_owned()))), []);
    assert_eq!(state.note.text, "b.ron: saved");
    // Where the line is too short for the way out there is a page.
    let why = format!("{}/shop.tm.ron: there is no room left on the disk; make room, then try again", "d".repeat(40));
    update(&mut state, Msg::Saved(Err(SaveFailed::Other(why))));
    let shown = picture(&draw(&state));
    assert!(shown.contains("It was not saved") && shown.contains("then try again"), "{shown}");
    press(&mut state, "esc");
    // Leaving waits for the name, but not when the name is given up.
    press(&mut state, "a p 'x' enter q S");
    update(&mut state, Msg::Saved(Err(SaveFailed::NoFile)));
    press(&mut state, "esc");
    assert_eq!(update(&mut state, Msg::Saved(Ok("saved".to_owned()))), [], "it stays");
}

#[test]
fn the_menu_is_grouped_and_fits() {
    for (name, keys, size) in [
        ("menu_80x24", "space", SMALL),
        ("menu_inspector_80x24", "enter space", SMALL),
        ("menu_threats_80x24", "2 space", SMALL),
        ("menu_add_80x24", "a", SMALL),
    ] {
        let mut state = open(model(SHOP), size);
        press(&mut state, keys);
        let shown = picture(&draw(&state));
        assert!(!shown.contains("more ↓ ┘\n ") && !shown.contains("more ↓ ┘\n└"), "{keys}: the menu is cut\n{shown}");
        insta::assert_snapshot!(name, shown);
    }
}

#[test]
fn what_is_out_of_sight_is_connected_by_its_name() {
    let mut state = open(model(SHOP), (30, 10));
    press(&mut state, "c /");
    insta::assert_snapshot!("by_name", picture(&draw(&state)));
    press(&mut state, "'ord' enter 'audit' enter");
    let flow = &state.bench.model().flows["audit"];
    assert_eq!((flow.from.as_ref().unwrap().as_str(), flow.to.as_ref().unwrap().as_str()), ("customer", "orders"));
    press(&mut state, "f / 'web' enter");
    assert_eq!(state.selected.as_ref().unwrap().as_str(), "web");
    press(&mut state, "C / 'ord' enter enter");
    assert_eq!(state.bench.model().flows.len(), 4);
}

#[test]
fn arrows_find_what_lies_that_way_or_say_that_nothing_does() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "h");
    assert!(state.note.text.starts_with("no element further that way"), "{}", state.note.text);
    press(&mut state, "l v");
    assert_eq!(state.note.text, "marked Web app · 1 marked; b wraps them, m moves them, d deletes them");
    assert!(picture(&draw(&state)).contains("▸*Web app"));
    press(&mut state, "v");
    assert_eq!(state.note.text.split(" · ").next(), Some("unmarked Web app"));
}

#[test]
fn a_question_about_assets_can_be_answered_with_a_new_one() {
    let mut state = open(ThreatModel::default(), (120, 40));
    press(&mut state, "a e 'Customer' enter A p 'Shop' enter 'order' enter Q 'assets travel' enter");
    insta::assert_snapshot!("asset_asked", picture(&draw(&state)));
    press(&mut state, "'new' enter 'Card number' enter");
    assert_eq!(state.bench.model().assets.len(), 1);
    let carries = |s: &super::State| s.bench.model().flows.values().next().unwrap().carries.clone();
    assert_eq!(carries(&state).unwrap()[0].as_str(), "card-number");
    assert!(state.note.text.starts_with("added Card number to order"), "{}", state.note.text);
    press(&mut state, "u");
    assert!(state.bench.model().assets.is_empty() && carries(&state).is_none());
}

#[test]
fn several_things_are_called_what_they_are() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "Q 'protocol' enter enter 'grpc' enter");
    assert_eq!(state.note.text, "2 data flows: proto = grpc · −1 question");
}
