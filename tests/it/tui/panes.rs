//! The panes beside the diagram: what must never be hidden, and numbers that agree with each other wherever they stand.

use sconce::model::{Date, Status, StatusWord};
use sconce::workbench::{Sitting, Workbench};

use super::{SHOP, draw, model, open, picture, press};

/// The shop, its store in a boundary with a long name that states a fact for everything inside.
fn inherited() -> String {
    SHOP.replace(
        "\"Cloud account\",",
        "\"Cloud account of the payments department\", facts: {\"physical_access\": \"shared\"},",
    )
}

#[test]
fn a_value_is_never_hidden_by_where_it_is_from() {
    for size in [(80, 24), (100, 30), (120, 40)] {
        let mut state = open(model(&inherited()), size);
        press(&mut state, "/ 'Orders' enter enter");
        let shown = picture(&draw(&state));
        let row = shown.lines().find(|l| l.contains("physical_access")).unwrap_or_else(|| panic!("{shown}"));
        assert!(row.contains(" shared ") && row.contains('…'), "{row}");
    }
}

#[test]
fn questions_are_counted_alike_everywhere() {
    let mut state = open(model(SHOP), (120, 40));
    let ids: Vec<_> = state.outline().into_iter().map(|(_, id)| id).collect();
    for id in ids {
        press(&mut state, &format!("/ '{id}' enter"));
        assert_eq!(state.selected.as_ref(), Some(&id));
        let listed = state.bench.analysis().questions.iter().filter(|q| q.subjects.iter().any(|s| s.id == id)).count();
        assert_eq!(state.tally.get(&id).map_or(0, |t| t.asked), listed, "{id}");
        let shown = picture(&draw(&state));
        let asked = shown.lines().filter(|l| l.contains("wait │") || l.contains("waits │")).count();
        assert_eq!(asked, listed, "{id}\n{shown}");
    }
    let all = state.bench.analysis().questions.len();
    assert!(picture(&draw(&state)).contains(&format!(" ?{all} ")));
}

#[test]
fn the_line_tells_how_the_number_in_the_header_changed() {
    let mut state = open(model(SHOP), (120, 40));
    let header = |state: &super::State| state.bench.analysis().questions.len();
    let before = header(&state);
    press(&mut state, "l = 'waf' enter 'present' enter");
    assert_eq!((header(&state), &*state.note.text), (before - 1, "Web app: waf = present · −1 question"));
    press(&mut state, "u A p 'Mailer' enter");
    let (after, told) = (header(&state), state.note.text.clone());
    let net = after.abs_diff(before);
    assert!(after > before && told.contains(&format!("{net} question")), "{before} → {after}: {told}");
}

/// The shop with a decision that has run out.
fn expired() -> super::State {
    let mut state = open(model(SHOP), (120, 40));
    press(&mut state, "2 x a down 'until spring' down 'li' down '2027-03-31' enter");
    let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2027, 5, 1) };
    let bench = Workbench::in_memory(state.bench.model().clone(), sconce::rules::Knowledge::builtin(), sitting);
    super::State::new(bench, (120, 40), state.look)
}

#[test]
fn a_decision_that_ran_out_or_went_stale_says_so_in_a_word() {
    let mut state = expired();
    press(&mut state, "2");
    insta::assert_snapshot!("expired_120x40", picture(&draw(&state)));
    update_size(&mut state, (80, 24));
    assert!(picture(&draw(&state)).contains("open, expired "));
    // A fact behind a decision changes.
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "2 x n down 'not in our case' enter");
    let decided = |s: &super::State| {
        s.bench.analysis().threats.iter().find(|t| t.status.word() == StatusWord::NotApplicable).cloned()
    };
    let row = decided(&state).unwrap();
    assert!(matches!(row.status, Status::NotApplicable { .. }) && !row.stale);
    let mut changed = state.bench.model().clone();
    for threat in changed.threats.values_mut() {
        threat.decided_on = Some("AAAAAAAAAAAA".to_owned());
    }
    let mut state = open(changed, (80, 24));
    press(&mut state, "2 end");
    assert!(decided(&state).unwrap().stale);
    insta::assert_snapshot!("stale_80x24", picture(&draw(&state)));
}

fn update_size(state: &mut super::State, (w, h): (u16, u16)) {
    super::update(state, sconce::tui::update::Msg::Resize(w, h));
}

#[test]
fn what_is_longer_than_its_room_says_so() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "2");
    let shown = picture(&draw(&state));
    assert_eq!(shown.matches("more ↓").count(), 1, "{shown}");
    press(&mut state, "enter");
    let shown = picture(&draw(&state));
    assert!(shown.contains("more ↓") && !shown.contains("↑ more"), "{shown}");
    press(&mut state, "j j");
    assert!(picture(&draw(&state)).contains("↑ more"));
    press(&mut state, "pagedown pagedown pagedown pagedown pagedown");
    let shown = picture(&draw(&state));
    assert!(shown.contains("↑ more") && !shown.lines().take(22).any(|l| l.contains("more ↓")), "{shown}");
}

#[test]
fn the_outline_cuts_a_name_that_would_run_into_its_count() {
    let mut state = open(model(SHOP), (200, 60));
    press(&mut state, "l r ctrl-u 'Web app of the payments department' enter");
    let shown = picture(&draw(&state));
    let row = shown.lines().find(|l| l.contains("○ Web app")).unwrap();
    assert!(row.contains("… 1!!!"), "{row}");
}
