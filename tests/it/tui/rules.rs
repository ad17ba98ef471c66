//! Rules on the screen: what is shown of a rule is its page, and what a switch would change is what it changes.

use insta::assert_snapshot;
use sconce::tui::state::{Screen, State};

use super::{SHOP, draw, model, open, picture, press};

fn counts(state: &State) -> (usize, usize) {
    let analysis = state.bench.analysis();
    (analysis.threats.iter().filter(|row| row.is_open()).count(), analysis.questions.len())
}

#[test]
fn packs_and_a_rule_at_every_size() {
    for (name, size) in [("40x12", (40, 12)), ("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))] {
        let mut state = open(model(SHOP), size);
        press(&mut state, "7");
        assert_snapshot!(format!("packs_{name}"), picture(&draw(&state)));
        press(&mut state, "f 'no-rate-limit' enter");
        assert_snapshot!(format!("rule_{name}"), picture(&draw(&state)));
    }
}

#[test]
fn a_switch_does_what_its_preview_says_and_is_taken_back() {
    let mut state = open(model(SHOP), (100, 30));
    let before = counts(&state);
    // The web pack is the last.
    press(&mut state, "7 end x");
    let shown = picture(&draw(&state));
    assert_snapshot!("preview_100x30", shown);
    press(&mut state, "Y");
    let after = counts(&state);
    let told = format!("Open threats: {} → {}. Questions: {} → {}.", before.0, after.0, before.1, after.1);
    assert!(shown.contains(&told), "{told}\n{shown}");
    assert_eq!(state.bench.model().system.packs.as_deref(), Some(&["core".to_owned(), "web".to_owned()][..]));
    press(&mut state, "x Y");
    assert_eq!(state.bench.model(), &model(SHOP));
    press(&mut state, "u u");
    assert_eq!(state.bench.model(), &model(SHOP));
}

#[test]
fn a_rule_that_is_not_asked_by_itself_is_named() {
    let mut state = open(model(SHOP), (100, 30));
    press(&mut state, "7 f 'fan-in-hotspot' enter");
    assert!(picture(&draw(&state)).contains("name it to use it"));
    press(&mut state, "x Y");
    assert_eq!(state.bench.model().system.packs.as_ref().unwrap().last().unwrap(), "core.d.fan-in-hotspot");
    assert!(
        !picture(&draw(&state))
            .contains("▸   core.d.fan-in-hotspot         One greedy caller of the element starves all the others name")
    );
    press(&mut state, "7 f 'no-rate-limit' enter x");
    assert!(state.note.refused && state.note.text.contains("team-rules"), "{}", state.note.text);
}

#[test]
fn a_rule_leads_to_its_threats_and_a_page() {
    let mut state = open(model(SHOP), (100, 30));
    press(&mut state, "7 f 'no-rate-limit' enter enter");
    assert_snapshot!("page_100x30", picture(&draw(&state)));
    press(&mut state, "esc t");
    assert_eq!((state.screen, state.filter.as_str()), (Screen::Threats, "rule:core.d.no-rate-limit"));
    press(&mut state, "7 h t");
    assert_eq!((state.screen, state.filter.as_str()), (Screen::Threats, "pack:core"));
    press(&mut state, "7 home t");
    assert_eq!(state.note.text, "it raises no threat in this model");
}
