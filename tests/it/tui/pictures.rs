//! Pictures of the screen: keys in, text out. Read every one of them before it is accepted.

use sconce::model::{Id, Status, ThreatModel};
use sconce::tui::theme::Role;
use sconce::tui::update::{Click, Effect, Msg};
use sconce::tui::{Theme, update};

use super::{SHOP, check, draw, model, mouse, open, picture, press};

const SMALL: (u16, u16) = (80, 24);
const BENCH: (u16, u16) = (120, 40);
const HALL: (u16, u16) = (200, 60);

#[test]
fn the_first_screen_at_three_sizes() {
    insta::assert_snapshot!("first_80x24", check(SHOP, SMALL, ""));
    insta::assert_snapshot!("first_120x40", check(SHOP, BENCH, "l"));
    insta::assert_snapshot!("first_200x60", check(SHOP, HALL, "l t"));
}

#[test]
fn an_empty_model_says_how_to_begin() {
    let mut state = open(ThreatModel::default(), SMALL);
    insta::assert_snapshot!("empty", picture(&draw(&state)));
    press(&mut state, "a p 'Web app' enter A s 'Orders' enter 'store' enter");
    insta::assert_snapshot!("begun", picture(&draw(&state)));
}

#[test]
fn threats_and_their_detail() {
    insta::assert_snapshot!("threats_120x40", check(SHOP, BENCH, "2 j"));
    insta::assert_snapshot!("threats_filtered_80x24", check(SHOP, SMALL, "2 F 'sev>=high' enter"));
    insta::assert_snapshot!("detail_80x24", check(SHOP, SMALL, "2 enter"));
    insta::assert_snapshot!("threats_filter_refused", check(SHOP, SMALL, "2 F 'colour=red' enter"));
    insta::assert_snapshot!("threats_filter_hides_all", check(SHOP, SMALL, "2 F 'opne pack:webb' enter"));
}

#[test]
fn layers() {
    insta::assert_snapshot!("palette", check(SHOP, SMALL, ": 'bound'"));
    insta::assert_snapshot!("help_in_the_inspector", check(SHOP, SMALL, "enter ?"));
    insta::assert_snapshot!("menu", check(SHOP, BENCH, "space"));
    insta::assert_snapshot!("connect", check(SHOP, SMALL, "c"));
    insta::assert_snapshot!("rename", check(SHOP, SMALL, "r"));
    insta::assert_snapshot!("delete", check(SHOP, SMALL, "l d"));
    insta::assert_snapshot!("questions", check(SHOP, BENCH, "Q"));
    insta::assert_snapshot!("fact", check(SHOP, SMALL, "l = 'rate' enter"));
    insta::assert_snapshot!("threats_here_80x24", check(SHOP, SMALL, "l t"));
    insta::assert_snapshot!("inspector_80x24", check(SHOP, SMALL, "l enter j j j j"));
    insta::assert_snapshot!("flow_120x40", check(SHOP, BENCH, "."));
    insta::assert_snapshot!("search", check(SHOP, SMALL, "/ 'or'"));
    insta::assert_snapshot!("one_pane", check(SHOP, (40, 14), "tab"));
}

#[test]
fn a_decision_needs_what_it_needs() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "2 x a enter");
    insta::assert_snapshot!("triage_refused", picture(&draw(&state)));
    press(&mut state, "'legacy, replaced in March' down 'li' down '3m' enter");
    assert_eq!(state.layers.len(), 0, "{}", state.note.text);
    let decided: Vec<&Status> = state.bench.model().threats.values().map(|t| &t.status).collect();
    let expires = sconce::model::Date::constant(2027, 2, 23);
    let reason = "legacy, replaced in March".to_owned();
    assert_eq!(decided, [&Status::Accepted { reason, approver: Some("li".to_owned()), expires: Some(expires) }]);
}

#[test]
fn a_day_that_has_passed_is_refused() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "2 x a down 'legacy' down down '2026-11-22' enter");
    insta::assert_snapshot!("expiry_in_the_past", picture(&draw(&state)));
    press(&mut state, "ctrl-u 'tomorrow' enter");
    insta::assert_snapshot!("expiry_that_is_no_day", picture(&draw(&state)));
    // The same day still counts.
    press(&mut state, "ctrl-u '2026-11-23' enter");
    assert_eq!(state.layers.len(), 0, "{}", state.note.text);
    press(&mut state, "u d '2025-01-01' enter");
    insta::assert_snapshot!("due_in_the_past", picture(&draw(&state)));
    assert!(state.bench.model().threats.is_empty(), "nothing was recorded");
    press(&mut state, "ctrl-u '0d' enter");
    let due: Vec<_> = state.bench.model().threats.values().map(|t| t.due).collect();
    assert_eq!(due, [Some(sconce::model::Date::constant(2026, 11, 23))]);
}

#[test]
fn several_threats_are_decided_at_once_and_taken_back_at_once() {
    let mut state = open(model(SHOP), SMALL);
    press(&mut state, "2 v v o 'team-web' enter");
    assert_eq!(state.bench.model().threats.len(), 2, "{}", state.note.text);
    assert!(state.bench.model().threats.values().all(|t| t.owner.as_deref() == Some("team-web")));
    press(&mut state, "u");
    assert!(state.bench.model().threats.is_empty());
}

#[test]
fn drawing_from_nothing() {
    let mut state = open(ThreatModel::default(), BENCH);
    press(&mut state, "a e 'Customer' enter A p 'Web' enter 'browse' enter A s 'DB' enter esc");
    press(&mut state, "v h v esc");
    let shape = |state: &super::State| {
        let flows = state.bench.model().flows.values();
        let mut ends: Vec<String> =
            flows.map(|f| format!("{}>{} {}", f.from.as_ref().unwrap(), f.to.as_ref().unwrap(), f.name)).collect();
        ends.sort();
        ends.join(", ")
    };
    assert_eq!(shape(&state), "customer>web browse, web>db ");
    press(&mut state, "/ 'web' enter v / 'DB' enter v b 'Cloud' enter");
    let inside = |state: &super::State, id: &str| state.bench.model().elements[id].inside.clone();
    let cloud = Some(Id::new("cloud").unwrap());
    assert_eq!((inside(&state, "web"), inside(&state, "db"), inside(&state, "customer")), (cloud.clone(), cloud, None));
    assert_eq!(state.note.text.split(" · ").next(), Some("drew Cloud around DB, Web"));
    press(&mut state, "u");
    assert!(state.bench.model().boundaries.is_empty());
    assert!(state.note.text.starts_with("took back: drew Cloud around DB, Web"), "{}", state.note.text);
    press(&mut state, "/ 'web' enter d");
    insta::assert_snapshot!("delete_with_flows", picture(&draw(&state)));
    press(&mut state, "d");
    assert_eq!(state.bench.model().elements.len(), 3, "the key that opened it does not confirm");
    press(&mut state, "D");
    assert_eq!((state.bench.model().elements.len(), state.bench.model().flows.len()), (2, 0));
}

#[test]
fn a_fact_changes_what_the_rules_say_and_the_line_tells_so() {
    let mut state = open(model(SHOP), BENCH);
    let before = state.bench.analysis().clone();
    press(&mut state, "l = 'rate_limit' enter 'present' enter");
    assert_ne!(state.bench.analysis(), &before);
    assert!(state.note.text.starts_with("Web app: rate_limit = present · "), "{}", state.note.text);
    assert!(state.note.text.contains("threat"), "{}", state.note.text);
    press(&mut state, "u");
    assert_eq!(state.bench.analysis(), &before);
}

#[test]
fn a_question_is_answered_for_all() {
    let mut state = open(model(SHOP), BENCH);
    let asked = state.bench.analysis().questions.clone();
    let several = asked.iter().find(|q| q.subjects.len() > 1 && !q.answers.is_empty());
    let Some(question) = several else { panic!("the shop asks nothing of several") };
    press(&mut state, &format!("Q '{}' enter", question.fact));
    press(&mut state, "enter");
    press(&mut state, "enter");
    assert_eq!(state.layers.len(), 0);
    let still = state.bench.analysis().questions.iter().any(|q| q.fact == question.fact && q.kind == question.kind);
    assert!(!still, "{} is still asked: {}", question.fact, state.note.text);
}

#[test]
fn the_mouse_selects_moves_and_connects() {
    let mut state = open(model(SHOP), BENCH);
    press(&mut state, "esc");
    let shown = picture(&draw(&state));
    let (y, line) = shown.lines().enumerate().find(|(_, l)| l.contains("Web app")).unwrap();
    let x = line.split("Web app").next().unwrap().chars().count();
    let name = (u16::try_from(x).unwrap() + 1, u16::try_from(y).unwrap());
    mouse(&mut state, Click::Press, name);
    mouse(&mut state, Click::Release, name);
    assert_eq!(state.selected.as_ref().map(Id::as_str), Some("web"));
    // From the border to another element: a flow.
    let (cy, customer) = shown.lines().enumerate().find(|(_, l)| l.contains("Customer")).unwrap();
    let cx = customer.split("Customer").next().unwrap().chars().count();
    mouse(&mut state, Click::Press, (name.0, name.1 - 1));
    mouse(&mut state, Click::Drag, (name.0 - 5, name.1));
    mouse(&mut state, Click::Release, (u16::try_from(cx).unwrap() + 1, u16::try_from(cy).unwrap()));
    press(&mut state, "'answer' enter");
    assert!(state.bench.model().flows.contains_key("answer"), "{}", state.note.text);
    // A tab of the header.
    mouse(&mut state, Click::Press, (15, 0));
    assert_eq!(state.screen, sconce::tui::state::Screen::Threats);
}

#[test]
fn ids_are_copied_and_effects_are_values() {
    let mut state = open(model(SHOP), BENCH);
    assert_eq!(press(&mut state, "y"), [Effect::Copy("customer".to_owned())]);
    assert_eq!(press(&mut state, "M"), [Effect::Mouse(false)]);
    assert_eq!(press(&mut state, "S"), [Effect::Save]);
    let failed = sconce::tui::update::SaveFailed::NoFile;
    update(&mut state, Msg::Saved(Err(failed)));
    assert_eq!(press(&mut state, "ctrl-u 'x.tm.ron' enter"), [Effect::SaveAs("x.tm.ron".to_owned())]);
}

#[test]
fn a_step_of_a_pinned_element_goes_on_from_its_pin() {
    let mut state = open(model(SHOP), BENCH);
    let (pins, area) =
        (|s: &super::State| s.bench.model().diagrams.values().next().map(|d| d.pins.clone()), "customer");
    press(&mut state, "J");
    let first = pins(&state).unwrap()[area];
    press(&mut state, "J");
    assert_eq!(pins(&state).unwrap()[area], (first.0, first.1 + 3));
    press(&mut state, "z p");
    assert!(pins(&state).unwrap().is_empty());
    press(&mut state, "u u u");
    assert_eq!(pins(&state), None);
}

/// Contrast (WCAG 2, at least 4.5) of every colour of the two rich themes on their backgrounds.
#[test]
fn colours_can_be_read() {
    let severities = sconce::model::Severity::ALL.iter().copied().map(Role::Severity);
    let roles = [
        Role::Quiet,
        Role::Accent,
        Role::Border,
        Role::Refused,
        Role::Flow,
        Role::Boundary,
        Role::Came,
        Role::Altered,
        Role::Went,
    ];
    for role in severities.chain(roles) {
        for (theme, background) in [(Theme::Dark, 0x12_u8), (Theme::Light, 0xff)] {
            let Some(ratatui::style::Color::Rgb(r, g, b)) = theme.style(role).fg else { panic!("{theme:?} {role:?}") };
            let (a, b) = (luminance([r, g, b]), luminance([background; 3]));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{theme:?} {role:?}: {contrast:.2}");
        }
        assert_eq!(Theme::Mono.style(role).fg, None);
        let Some(ratatui::style::Color::Rgb(r, g, b)) = Theme::Contrast.style(role).fg else { panic!("{role:?}") };
        let contrast = (luminance([r, g, b]) + 0.05) / 0.05;
        assert!(contrast >= 12.0, "high contrast {role:?}: {contrast:.2}");
    }
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
}

#[test]
fn the_theme_fits_the_environment() {
    let fitting = |vars: &[(&str, &str)]| {
        Theme::fitting(|name| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    };
    assert_eq!(fitting(&[]), Theme::Sixteen);
    assert_eq!(fitting(&[("COLORTERM", "truecolor")]), Theme::Sixteen, "the background is unknown");
    assert_eq!(fitting(&[("COLORTERM", "truecolor"), ("COLORFGBG", "15;0")]), Theme::Dark);
    assert_eq!(fitting(&[("COLORTERM", "truecolor"), ("COLORFGBG", "0;15")]), Theme::Light);
    assert_eq!(fitting(&[("NO_COLOR", "1"), ("SCONCE_THEME", "dark")]), Theme::Mono);
    assert_eq!(fitting(&[("SCONCE_THEME", "light")]), Theme::Light);
}

#[test]
fn taking_a_move_back_moves_the_picture_back() {
    let mut state = open(model(SHOP), (120, 40));
    // Which part is in view depends on the way there; with the selection in the middle it does not.
    let canvas = |state: &mut super::State| {
        press(state, "0");
        let shown = picture(&draw(state));
        shown.lines().skip(1).take(26).map(|l| l.chars().take(78).collect::<String>()).collect::<Vec<_>>().join("\n")
    };
    let start = canvas(&mut state);
    press(&mut state, "K K K K K K K J J J J J J J J J J J J J J J J J J");
    let moved = canvas(&mut state);
    assert_ne!(start, moved);
    while state.bench.history().next().is_some() {
        press(&mut state, "u");
    }
    assert_eq!(start, canvas(&mut state));
    for _ in 0..25 {
        press(&mut state, "U");
    }
    assert_eq!(moved, canvas(&mut state));
}

#[test]
fn the_first_frame_shows_the_selection() {
    for size in [(30, 10), (40, 12), (60, 16), (80, 24), (100, 30), (160, 45)] {
        let state = open(model(SHOP), size);
        let name = state.bench.model().name_of(state.selected.as_ref().unwrap()).to_owned();
        let shown = picture(&draw(&state));
        let reversed = shown.split("--- reversed ---").nth(1).unwrap();
        assert!(reversed.contains(&name), "{name} at {size:?}\n{shown}");
    }
}
