//! The review's screen: what changed, on the diagram and in rows, and what a merge left to decide. Where earlier states
//! come from is tested in `workbench`, what is found between two states in `review`.

use insta::assert_snapshot;
use sconce::model::{Conflict, Id, ThreatModel};
use sconce::tui::state::{Screen, State};
use sconce::tui::update::{Click, Effect, Msg};

use super::{SHOP, draw, model, mouse, open, picture, press};
use crate::tui::update;

/// The shop before a wallet was added, one flow was taken out and the database got another name.
fn earlier() -> ThreatModel {
    model(SHOP)
}

fn later() -> ThreatModel {
    let mut text = SHOP.to_owned();
    let at = text.find("    elements: {\n").unwrap() + "    elements: {\n".len();
    text.insert_str(at, "        \"wallet\": Process(name: \"Wallet\", inside: \"cloud\"),\n");
    let mut later = model(&text);
    let id = |text: &str| Id::new(text).unwrap();
    "Orders and carts".clone_into(&mut later.elements.get_mut(&id("orders")).unwrap().name);
    later.flows.pop_first();
    later
}

/// A workbench on the later shop, compared with the earlier one; the screen is the diagram's.
pub(super) fn open_changed(size: (u16, u16)) -> State {
    let mut state = open(later(), size);
    update(&mut state, Msg::Compared(Ok(("HEAD (1a2b3c4 Before)".to_owned(), Box::new(earlier())))));
    state
}

fn conflict(of: &str, field: Option<&str>, [base, ours, theirs]: [Option<&str>; 3]) -> Conflict {
    let text = |side: Option<&str>| side.map(str::to_owned);
    let field = field.map(str::to_owned);
    Conflict { of: of.to_owned(), field, base: text(base), ours: text(ours), theirs: text(theirs), why: None }
}

/// The shop with two things to decide.
fn conflicting() -> ThreatModel {
    let mut model = model(SHOP);
    model.conflicts = vec![
        conflict("elements.orders", Some("name"), [Some("\"DB\""), Some("\"Orders DB\""), Some("\"Orders\"")]),
        conflict("elements.web", Some("owner"), [None, None, Some("\"li\"")]),
    ];
    model
}

#[test]
fn what_changed_is_drawn_and_listed_at_every_size() {
    for (name, size) in [("40x12", (40, 12)), ("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))] {
        let mut state = open_changed(size);
        press(&mut state, "6");
        assert_snapshot!(format!("changes_{name}"), picture(&draw(&state)));
    }
}

#[test]
fn the_first_look_asks_for_the_last_commit_and_later_ones_ask_nothing() {
    let mut state = open(later(), (80, 24));
    assert_eq!(press(&mut state, "6"), vec![Effect::Compare("HEAD".to_owned())]);
    update(&mut state, Msg::Compared(Err("nothing was committed in this repository yet".to_owned())));
    assert_snapshot!("nothing_80x24", picture(&draw(&state)));
    update(&mut state, Msg::Compared(Ok(("HEAD (1a2b3c4 Before)".to_owned(), Box::new(later())))));
    assert_eq!(press(&mut state, "1 6"), vec![]);
    assert_snapshot!("same_80x24", picture(&draw(&state)));
    assert_eq!(press(&mut state, "c"), vec![Effect::Offer]);
}

#[test]
fn leaving_the_review_leaves_the_diagram_as_it_was() {
    for keys in ["", "- 6 tab", "z f", "z z"] {
        let mut state = open_changed((120, 40));
        press(&mut state, keys);
        press(&mut state, "1 esc esc");
        assert!(state.selected.is_none());
        let before = picture(&draw(&state));
        press(&mut state, "6 1 esc");
        assert_eq!(picture(&draw(&state)), before, "{keys}");
    }
}

#[test]
fn the_drawing_shows_both_states_or_one_of_them() {
    let mut state = open_changed((120, 40));
    press(&mut state, "6");
    let both = picture(&draw(&state));
    press(&mut state, "x");
    let was = picture(&draw(&state));
    press(&mut state, "x");
    let now = picture(&draw(&state));
    press(&mut state, "x esc 6");
    let has = |text: &str, what: &str| text.lines().take(20).any(|line| line.contains(what));
    assert!(has(&both, "Wallet") && has(&both, "+ new"), "{both}");
    assert!(!has(&was, "Wallet"), "{was}");
    assert!(has(&now, "Wallet"), "{now}");
}

#[test]
fn a_row_leads_to_what_it_is_about() {
    let mut state = open_changed((120, 40));
    press(&mut state, "6");
    let rows = picture(&draw(&state));
    let at = rows.lines().position(|line| line.contains("+ process")).unwrap();
    mouse(&mut state, Click::Press, (10, u16::try_from(at).unwrap()));
    assert_eq!(state.selected.as_ref().map(Id::as_str), Some("wallet"));
    press(&mut state, "enter");
    assert_eq!((state.screen, state.selected.as_ref().map(Id::as_str)), (Screen::Diagram, Some("wallet")));
    press(&mut state, "6");
    let at = rows.lines().position(|line| line.contains("- data flow")).unwrap();
    mouse(&mut state, Click::Press, (10, u16::try_from(at).unwrap()));
    mouse(&mut state, Click::Double, (10, u16::try_from(at).unwrap()));
    assert_eq!(state.screen, Screen::Review);
    assert_eq!(state.note.text, "it is no longer in the model; x draws how it was");
}

#[test]
fn the_comparison_is_copied_as_markdown() {
    let mut state = open_changed((80, 24));
    let effects = press(&mut state, "6 Y");
    let [Effect::Copy(text)] = &effects[..] else { panic!("{effects:?}") };
    assert!(text.contains("### Threat model") && text.contains("wallet"), "{text}");
}

#[test]
fn what_a_merge_left_is_decided_on_its_screen_and_undone() {
    let mut state = open(conflicting(), (80, 24));
    assert_eq!(state.screen, Screen::Review);
    update(&mut state, Msg::Compared(Ok(("HEAD (1a2b3c4 Before)".to_owned(), Box::new(earlier())))));
    assert_snapshot!("conflicts_80x24", picture(&draw(&state)));
    assert!(state.bench.due().is_none(), "what is recorded now may be about what nobody decided for");
    press(&mut state, "t");
    assert_eq!(state.bench.model().conflicts.len(), 1);
    assert_eq!(state.bench.model().elements[&Id::new("orders").unwrap()].name, "Orders");
    assert!(state.note.text.starts_with("1 left to decide"), "{}", state.note.text);
    press(&mut state, "=");
    assert_snapshot!("deciding_80x24", picture(&draw(&state)));
    press(&mut state, "'ana' enter");
    assert!(state.bench.model().conflicts.is_empty());
    assert_eq!(state.bench.model().elements[&Id::new("web").unwrap()].owner.as_deref(), Some("ana"));
    assert!(state.note.text.contains("nothing is left to decide"), "{}", state.note.text);
    assert!(state.bench.due().is_some());
    press(&mut state, "u u");
    assert_eq!(state.bench.model(), &conflicting());
}

#[test]
fn all_of_a_conflict_is_shown_on_a_page() {
    let mut state = open(conflicting(), (80, 24));
    press(&mut state, "enter");
    assert_snapshot!("sides_80x24", picture(&draw(&state)));
}

#[test]
fn a_decision_that_cannot_be_is_refused_with_its_reason() {
    let mut shop = conflicting();
    let first = shop.boundaries.keys().next().unwrap().clone();
    shop.conflicts =
        vec![conflict(&format!("boundaries.{first}"), Some("inside"), [None, None, Some(&format!("\"{first}\""))])];
    let mut state = open(shop, (80, 24));
    press(&mut state, "t");
    assert_eq!(state.note.text, format!("boundary {first} would be inside itself"));
    press(&mut state, "= '[[' enter");
    assert_snapshot!("refused_80x24", picture(&draw(&state)));
}
