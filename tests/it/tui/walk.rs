//! The walk-through: every answer is an edit that undo takes back, what is answered is not asked again, and a whole
//! session ends in a summary.

use insta::assert_snapshot;
use sconce::file;
use sconce::model::{ConsideredKey, Date, FactValue, Id, Severity, Status, ThreatModel, Verdict};
use sconce::tui::state::{Screen, State};
use sconce::tui::update::{Click, Effect, Msg};

use super::{SHOP, draw, model, mouse, open, picture, press};
use crate::tui::update;

const STOREFRONT: &str = include_str!("../../../models/storefront.tm.ron");

fn shown(state: &State) -> String {
    picture(&draw(state))
}

/// Presses a key until the screen shows a text.
fn until(state: &mut State, key: &str, text: &str) {
    for _ in 0..200 {
        if shown(state).contains(text) {
            return;
        }
        press(state, key);
    }
    panic!("{text:?} never came up:\n{}", shown(state));
}

fn verdict(state: &State, key: &str) -> Option<Verdict> {
    state.bench.model().considered.get(&ConsideredKey::parse(key).unwrap()).map(|look| look.verdict)
}

/// Opens again what a save would have written.
fn reopened(state: &State) -> State {
    let text = state.bench.text();
    let read = file::read(&text);
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    open(read.document.unwrap().model().clone(), state.size)
}

#[test]
fn questions_at_every_size() {
    for (name, size) in [("40x12", (40, 12)), ("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))] {
        let mut state = open(model(SHOP), size);
        press(&mut state, "w");
        assert_snapshot!(format!("first_{name}"), shown(&state));
        until(&mut state, "k", "Tampering");
        assert_snapshot!(format!("letter_{name}"), shown(&state));
        until(&mut state, "k", "Information disclosure");
        assert_snapshot!(format!("open_{name}"), shown(&state));
        press(&mut state, "f");
        assert_snapshot!(format!("summary_{name}"), shown(&state));
    }
}

#[test]
fn a_fact_is_answered_by_number_by_yes_and_by_list() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "w");
    assert_eq!(state.screen, Screen::Walk);
    press(&mut state, "3");
    let clearance = |state: &State| state.bench.model().boundaries["cloud"].clearance;
    assert_eq!(clearance(&state).map(sconce::model::Confidentiality::name), Some("Confidential"));
    assert!(state.note.text.starts_with("Cloud account, clearance: Confidential"), "{}", state.note.text);
    press(&mut state, "u");
    assert_eq!(clearance(&state), None);
    assert!(shown(&state).contains("most sensitive data"), "undo leads back to the question");
    press(&mut state, "down down enter");
    assert_eq!(clearance(&state).map(sconce::model::Confidentiality::name), Some("Confidential"));
    until(&mut state, "k", "formats");
    press(&mut state, "enter tab tab enter");
    let formats = state.bench.model().flows["browse"].facts.get("formats").cloned();
    assert_eq!(formats, Some(FactValue::List(vec!["json".to_owned(), "xml".to_owned()])));
    assert!(!shown(&state).contains("▸ formats"), "what was answered by a list is not asked any more");
    until(&mut state, "k", "Is every operation checked");
    press(&mut state, "n");
    assert_eq!(state.bench.model().elements["web"].facts.get("authz"), Some(&FactValue::text("absent")));
    until(&mut state, "k", "Is everything that comes in checked");
    press(&mut state, "N 'it takes nothing in' enter");
    let said = state.bench.model().elements["web"].facts.get("input_validation").cloned();
    assert_eq!(said, Some(FactValue::NotApplicable("it takes nothing in".to_owned())));
}

#[test]
fn yes_names_threats_with_owner_and_day() {
    let mut state = open(model(SHOP), (120, 40));
    press(&mut state, "w");
    until(&mut state, "k", "▸ Spoofing");
    assert_snapshot!("before_120x40", shown(&state));
    press(&mut state, "y");
    assert_snapshot!("which_120x40", shown(&state));
    press(&mut state, "tab");
    press(&mut state, "down enter 'Somebody steals the session' enter");
    assert_snapshot!("who_120x40", shown(&state));
    press(&mut state, "h tab 'mira' tab 'gestern' enter");
    assert!(shown(&state).contains("that is no day"), "{}", shown(&state));
    press(&mut state, "ctrl-u '2w' enter");
    let day = Some(Date::constant(2026, 12, 7));
    let threats = &state.bench.model().threats;
    assert_eq!(threats.len(), 2, "{threats:?}");
    assert!(threats.values().all(|threat| threat.owner.as_deref() == Some("mira") && threat.due == day));
    let (_, own) = threats.iter().find(|(key, _)| key.is_own()).unwrap();
    assert_eq!((own.title.as_str(), own.severity), ("Somebody steals the session", Some(Severity::High)));
    assert_eq!(verdict(&state, "browse:S"), Some(Verdict::Threat));
    press(&mut state, "u");
    assert_eq!(state.bench.model(), &model(SHOP), "one answer is one step");
    assert!(shown(&state).contains("▸ Spoofing"));
}

#[test]
fn no_and_not_sure_are_recorded_and_taken_back() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "w");
    until(&mut state, "k", "▸ Tampering");
    press(&mut state, "n");
    assert_eq!(verdict(&state, "browse:T"), Some(Verdict::NoThreat));
    press(&mut state, "b p");
    assert_eq!(verdict(&state, "browse:T"), Some(Verdict::Parked), "another answer takes the place of the first");
    press(&mut state, "u u");
    assert_eq!(state.bench.model(), &model(SHOP));
    assert!(shown(&state).contains("▸ Tampering"));
    press(&mut state, "N 'signed' enter");
    let look = state.bench.model().considered.values().next().unwrap();
    assert_eq!(
        (look.verdict, look.reason.as_deref(), look.by.as_deref()),
        (Verdict::NoThreat, Some("signed"), Some("ana"))
    );
    // Where threats are open, no needs a reason, and says so of each.
    until(&mut state, "k", "▸ Information disclosure");
    press(&mut state, "n enter");
    assert!(shown(&state).contains("a threat is open here"), "{}", shown(&state));
    press(&mut state, "'a tunnel is around it' enter");
    let (_, threat) = state.bench.model().threats.first_key_value().unwrap();
    assert_eq!(threat.status, Status::NotApplicable { reason: "a tunnel is around it".to_owned() });
    press(&mut state, "u");
    assert!(state.bench.model().threats.is_empty());
    press(&mut state, "P 'ask Li' enter");
    assert_eq!(verdict(&state, "browse:I"), Some(Verdict::Parked));
    assert!(shown(&state).contains("1 parked"));
}

#[test]
fn an_own_threat_goes_when_another_answer_takes_its_place() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "w");
    until(&mut state, "k", "▸ Tampering");
    press(&mut state, "y 'Prices are changed' enter tab 'ana' enter");
    assert_eq!(state.bench.model().threats.len(), 1);
    press(&mut state, "k b b");
    assert!(shown(&state).contains("Answered: a threat: Prices are changed"), "{}", shown(&state));
    press(&mut state, "n");
    assert_eq!(state.bench.model().threats.len(), 0);
    assert_eq!(verdict(&state, "browse:T"), Some(Verdict::NoThreat));
    press(&mut state, "u u");
    assert_eq!(state.bench.model(), &model(SHOP));
}

#[test]
fn going_back_keeps_what_was_answered() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "w b");
    assert!(state.note.refused, "{}", state.note.text);
    press(&mut state, "3 k b");
    assert!(shown(&state).contains("It was skipped"), "{}", shown(&state));
    press(&mut state, "b");
    assert_snapshot!("back_80x24", shown(&state));
    let before = state.bench.model().clone();
    press(&mut state, "k k");
    assert_eq!(state.bench.model(), &before);
    assert!(shown(&state).contains("question 3 of"));
}

#[test]
fn one_answer_serves_for_all_that_are_asked() {
    let mut state = open(model(STOREFRONT), (120, 40));
    press(&mut state, "w");
    until(&mut state, "k", "▸ peer check");
    press(&mut state, "*");
    assert_snapshot!("all_120x40", shown(&state));
    press(&mut state, "3");
    let flows = &state.bench.model().flows;
    let told = |id: &str| flows[id].facts.get("peer_check").map(ToString::to_string);
    for id in ["book-parcel", "look-after-orders", "nightly-backup", "payment-event"] {
        assert_eq!(told(id).as_deref(), Some("pki"), "{id}: {:?}", flows.keys());
    }
    press(&mut state, "u");
    assert_eq!(state.bench.model(), &model(STOREFRONT));
}

/// Answers everything that is asked, each kind of question in its own way.
fn through(state: &mut State) -> usize {
    press(state, "w");
    for n in 0..400 {
        let screen = shown(state);
        if screen.contains("Walk-through of") {
            return n;
        }
        let keys = match n % 5 {
            _ if screen.contains("choose, or type it") => "p",
            _ if screen.contains("Open here:") => "1 'li' enter",
            _ if screen.contains("who deals with it and by when") && n % 5 == 1 => "y 'Something bad' enter m enter",
            _ if screen.contains("who deals with it and by when") => "n",
            3 => "p",
            _ => "2",
        };
        let before = state.bench.history().count();
        press(state, keys);
        assert!(state.layers.is_empty(), "{keys}:\n{}", shown(state));
        assert!(!state.note.refused, "{keys}: {}\n{screen}", state.note.text);
        assert!(state.bench.history().count() <= before + 1);
    }
    panic!("it has no end:\n{}", shown(state));
}

#[test]
fn a_whole_session_ends_in_a_summary() {
    for (name, text, size) in [("shop", SHOP, (80, 24)), ("storefront", STOREFRONT, (120, 40))] {
        let mut state = open(model(text), size);
        let asked = through(&mut state);
        assert!(asked > 20, "{asked}");
        assert_snapshot!(format!("done_{name}"), shown(&state));
        let [Effect::Copy(markdown)] = &press(&mut state, "Y")[..] else { panic!("nothing is copied") };
        assert_snapshot!(format!("done_{name}_markdown"), markdown);
        // What is answered is not asked again; what is parked is all that comes.
        let mut again = reopened(&state);
        assert_eq!(again.bench.model(), state.bench.model());
        press(&mut again, "w");
        let screen = shown(&again);
        assert!(screen.contains("the rest is parked"), "{screen}");
        let list = markdown.split("## ").find(|part| part.starts_with("Parked")).unwrap_or_default();
        let parked = list.lines().filter(|line| line.starts_with("- ")).count();
        assert!(screen.contains(&format!("{parked} parked")), "{parked}: {screen}");
        // Every answer can be taken back.
        while state.bench.undo().is_some() {}
        assert_eq!(state.bench.model(), &model(text));
    }
}

#[test]
fn a_session_that_was_broken_off_asks_only_what_is_left() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "w");
    let total = |state: &State| {
        let text = shown(state);
        let (_, rest) = text.split_once("question ").unwrap();
        let mut numbers = rest.split_whitespace();
        (numbers.next().unwrap().parse::<usize>().unwrap(), numbers.nth(1).unwrap().parse::<usize>().unwrap())
    };
    until(&mut state, "k", "▸ Tampering");
    press(&mut state, "n");
    until(&mut state, "k", "▸ Denial of service");
    press(&mut state, "n p");
    let (number, all) = total(&state);
    let skipped = number - 1 - 3;
    let mut again = reopened(&state);
    press(&mut again, "w");
    assert_eq!(total(&again), (1, all - 3), "{skipped} were skipped and come again");
    assert!(shown(&again).contains("1 parked"));
    for keys in ["esc w", "esc 2 w", "esc 4"] {
        press(&mut state, keys);
    }
    assert_eq!(total(&state), (number, all), "within one sitting it resumes where it stopped");
}

#[test]
fn it_can_be_about_some_things_only() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "/ 'orders' enter w s down enter");
    assert!(shown(&state).contains("a part of the model only"), "{}", shown(&state));
    let mut names = std::collections::BTreeSet::new();
    for _ in 0..40 {
        let screen = shown(&state);
        if screen.contains("Walk-through of") {
            break;
        }
        names.insert(screen.lines().nth(1).unwrap().split(" · ").next().unwrap().trim().to_owned());
        press(&mut state, "k");
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(names, ["Orders", "store: Web app → Orders"]);
}

#[test]
fn the_timer_looks_at_the_clock_with_keys_only() {
    let mut state = open(model(SHOP), (80, 24));
    assert_eq!(press(&mut state, "w k k"), []);
    assert_eq!(press(&mut state, "t"), [Effect::Clock]);
    update(&mut state, Msg::Clock(1000));
    assert_eq!(press(&mut state, "k"), [Effect::Clock]);
    update(&mut state, Msg::Clock(1000 + 61 * 14));
    assert!(shown(&state).contains("14 min"), "{}", shown(&state));
    press(&mut state, "t");
    assert_eq!(press(&mut state, "k"), []);
}

#[test]
fn a_click_selects_an_answer_and_takes_the_selected_one() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "w");
    let row = shown(&state).lines().position(|line| line.contains("Confidential")).unwrap();
    let at = (20, u16::try_from(row).unwrap());
    mouse(&mut state, Click::Press, at);
    assert_eq!(state.bench.model().boundaries["cloud"].clearance, None);
    mouse(&mut state, Click::Press, at);
    assert!(state.bench.model().boundaries["cloud"].clearance.is_some());
}

#[test]
fn what_comes_up_after_a_no_is_asked_again() {
    let mut shop = model(SHOP);
    let look = |verdict| sconce::model::Considered { verdict, by: None, on: None, reason: None };
    let key = |text: &str| ConsideredKey::parse(text).unwrap();
    let asks = |shop: &ThreatModel| {
        let mut state = open(shop.clone(), (80, 24));
        press(&mut state, "w");
        for _ in 0..60 {
            let screen = shown(&state);
            if screen.contains("Open here:") && screen.contains("Information disclosure") {
                return true;
            }
            press(&mut state, "k");
        }
        false
    };
    shop.considered.insert(key("browse:I"), look(Verdict::NoThreat));
    assert!(asks(&shop), "a threat is open where somebody said that there is none");
    shop.considered.insert(key("browse:I"), look(Verdict::Threat));
    assert!(!asks(&shop));
    shop.considered.remove(&key("browse:I"));
    assert!(asks(&shop));
    let id = Id::new("browse").unwrap();
    assert!(shop.flows.contains_key(&id));
}

#[test]
fn a_model_without_anything_has_nothing_to_ask() {
    let mut state = open(ThreatModel::default(), (80, 24));
    press(&mut state, "w y n 1 b");
    assert_snapshot!("nothing_80x24", shown(&state));
}
