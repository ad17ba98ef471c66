//! Work that closes threats: what it says it does is what the rules say once it is done, and nothing of it is lost.

use insta::assert_snapshot;
use sconce::model::{Date, Id, Mitigation, MitigationStatus, ThreatModel};
use sconce::tui::state::{Screen, State};
use sconce::tui::update::Click;

use super::{SHOP, draw, model, mouse, open, picture, press};

/// The shop with three pieces of work; one of them is late.
fn shop() -> ThreatModel {
    let mut shop = model(SHOP);
    let mut add = |id: &str, title: &str, status, owner: Option<&str>, due: Option<Date>| {
        let owner = owner.map(str::to_owned);
        let mitigation = Mitigation { status, owner, due, ..Mitigation::new(title) };
        shop.mitigations.insert(Id::new(id).unwrap(), mitigation);
    };
    let day = |month, day| Some(Date::constant(2026, month, day));
    add("limit", "Limit requests at the edge", MitigationStatus::InProgress, Some("ana"), day(11, 2));
    add("review", "Review every change with somebody else", MitigationStatus::Proposed, None, None);
    add("backup", "Keep copies elsewhere", MitigationStatus::Verified, Some("li"), day(10, 1));
    shop
}

fn open_count(state: &State) -> usize {
    state.bench.analysis().threats.iter().filter(|row| row.is_open()).count()
}

#[test]
fn the_list_and_the_board_at_every_size() {
    for (name, size) in [("40x12", (40, 12)), ("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))] {
        let mut state = open(shop(), size);
        press(&mut state, "3 j");
        assert_snapshot!(format!("list_{name}"), picture(&draw(&state)));
        press(&mut state, "b");
        assert_snapshot!(format!("board_{name}"), picture(&draw(&state)));
    }
}

#[test]
fn what_the_catalogue_offers_closes_what_it_says() {
    let mut state = open(model(SHOP), (120, 40));
    press(&mut state, "a m");
    let shown = picture(&draw(&state));
    let said = shown.split("closes ").find_map(|text| text.split(' ').next()?.parse::<usize>().ok()).unwrap();
    let before = open_count(&state);
    press(&mut state, "enter");
    assert_eq!(state.screen, Screen::Mitigations);
    let (id, added) = state.bench.model().mitigations.first_key_value().unwrap();
    assert!(!added.provides.is_empty() && added.catalog.is_some(), "{id}: {added:?}");
    assert_eq!(open_count(&state), before, "it is proposed, so that it counts for nothing yet");
    press(&mut state, "x i i enter");
    assert_eq!(state.bench.model().mitigations.values().next().unwrap().status, MitigationStatus::Implemented);
    assert_eq!(open_count(&state), before - said);
    press(&mut state, "u u");
    assert_eq!(state.bench.model(), &model(SHOP));
}

#[test]
fn several_are_changed_at_once() {
    let mut state = open(shop(), (120, 40));
    press(&mut state, "3 v v o 'mira' enter");
    let owners: Vec<_> = state.bench.model().mitigations.values().map(|m| m.owner.as_deref()).collect();
    assert_eq!(owners.iter().filter(|owner| **owner == Some("mira")).count(), 2, "{owners:?}");
    assert!(draw(&state).content().iter().all(|cell| cell.symbol() != "*"), "marks are gone once they did their work");
    press(&mut state, "home d '2w' enter");
    assert_eq!(state.bench.model().mitigations[&Id::new("review").unwrap()].due, Some(Date::constant(2026, 12, 7)));
    press(&mut state, "d 'ctrl' enter");
    assert_snapshot!("no_day_120x40", picture(&draw(&state)));
}

#[test]
fn a_card_goes_from_column_to_column() {
    let mut state = open(shop(), (120, 40));
    let status = |state: &State| state.bench.model().mitigations[&Id::new("review").unwrap()].status;
    press(&mut state, "3 b L L L");
    assert_eq!(status(&state), MitigationStatus::Claimed);
    press(&mut state, "L L");
    assert_eq!(status(&state), MitigationStatus::Implemented, "the last column is done, not rejected");
    press(&mut state, "H shift-left shift-left shift-left");
    assert_eq!(status(&state), MitigationStatus::Proposed);
    press(&mut state, "l");
    assert_eq!(state.bench.model().mitigations.len(), 3);
    press(&mut state, "y");
}

#[test]
fn a_threat_says_what_closes_it() {
    let mut state = open(shop(), (120, 40));
    press(&mut state, "2 m");
    assert_snapshot!("link_120x40", picture(&draw(&state)));
    press(&mut state, "tab enter");
    let (_, threat) = state.bench.model().threats.first_key_value().unwrap();
    assert_eq!(threat.mitigations.len(), 1);
    let id = threat.mitigations[0].clone();
    // What is named is asked about before it goes, and goes with its mention.
    press(&mut state, "3");
    state.bench.undo();
    press(&mut state, "U");
    let at = |state: &State| picture(&draw(state)).lines().position(|line| line.contains("named by 1")).unwrap();
    let row = at(&state);
    mouse(&mut state, Click::Press, (10, u16::try_from(row).unwrap()));
    press(&mut state, "delete");
    assert_snapshot!("delete_120x40", picture(&draw(&state)));
    press(&mut state, "Y");
    assert!(!state.bench.model().mitigations.contains_key(&id));
    assert!(state.bench.model().threats.values().all(|threat| threat.mitigations.is_empty()));
    press(&mut state, "u");
    assert!(state.bench.model().mitigations.contains_key(&id));
}

#[test]
fn own_words_are_a_mitigation_too() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "3");
    assert_snapshot!("none_80x24", picture(&draw(&state)));
    press(&mut state, "a m 'own words' enter 'Ask the platform team' enter");
    let (id, added) = state.bench.model().mitigations.first_key_value().unwrap();
    assert_eq!((id.as_str(), added.title.as_str()), ("ask-the-platform-team", "Ask the platform team"));
    press(&mut state, "r 'x' enter delete");
    assert!(state.bench.model().mitigations.is_empty(), "nothing names it, so that it goes at once");
    press(&mut state, "u u u");
    assert_eq!(state.bench.model(), &model(SHOP));
}
