//! The dashboard: how it looks, that its numbers add up, and that each leads to exactly what it counts. What the figures
//! over the ledger are is tested in `review`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use insta::assert_snapshot;
use sconce::model::{Date, Event, HistoryRow, Id, Mitigation, MitigationStatus, Severity, Status, ThreatModel};
use sconce::review::policy::Policy;
use sconce::tui::state::layer::Layer;
use sconce::tui::state::{Screen, State};
use sconce::tui::update::{Click, Effect, Msg};

use super::{SHOP, draw, model, mouse, open, picture, press};
use crate::tui::update;

const TODAY: Date = Date::constant(2026, 11, 23);

/// The charts, by how their titles begin, in the order of Tab.
const CHARTS: [&str; 6] =
    ["Risk matrix", "STRIDE and status", "Coverage", "Open at the end", "Time to fix", "Needs attention"];

fn day(ago: i64) -> Date {
    TODAY.checked_sub(jiff::Span::new().days(ago)).unwrap()
}

/// Every model that comes with the program.
fn bundled() -> Vec<PathBuf> {
    let models = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&models).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.extend(std::fs::read_dir(models.join("bench")).unwrap().map(|e| e.unwrap().path().join("planted.tm.ron")));
    files.retain(|file| file.to_string_lossy().ends_with(".tm.ron") && file.exists());
    files.sort();
    assert!(files.len() > 5, "{files:?}");
    files
}

/// A model with threats that came over twelve weeks, of which some were dealt with, some in time.
fn lived(file: &str) -> ThreatModel {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models").join(file);
    let drawn = model(&std::fs::read_to_string(path).unwrap());
    let mut lived = open(drawn, (80, 24)).bench.as_saved().into_owned();
    for (n, threat) in (0_i64..).zip(lived.threats.values_mut()) {
        let opened = 1 + n * 13 % 84;
        threat.opened = Some(day(opened));
        threat.owner = (n % 3 > 0).then(|| "mira".to_owned());
        threat.due = (n % 4 == 1).then(|| day(n * 5 % 40 - 20));
        let row = |ago, event| HistoryRow { on: day(ago), by: "mira".to_owned(), event };
        let entered = opened / 3;
        threat.history = vec![row(opened, Event::Opened)];
        threat.decided_on = None;
        match (&threat.status, n % 6) {
            (Status::Mitigated { .. }, _) => {
                threat.status = Status::Mitigated { evidence: Vec::new(), on: Some(day(entered)) };
            }
            (_, 0) => {
                threat.status = Status::Mitigated { evidence: vec!["test".to_owned()], on: None };
                threat.history.push(row(entered, Event::Mitigated));
            }
            (_, 1) => {
                let reason = "until spring".to_owned();
                threat.status = Status::Accepted { reason, approver: None, expires: Some(day(2)) };
                threat.history.push(row(entered.max(3), Event::Accepted));
            }
            _ => threat.status = Status::Open,
        }
    }
    let late = Mitigation {
        status: MitigationStatus::Planned,
        due: Some(day(9)),
        ..Mitigation::new("Rotate the keys every quarter")
    };
    lived.mitigations.insert(Id::new("rotate").unwrap(), late);
    lived
}

/// The line below the charts, which says what is selected.
fn told(state: &State) -> String {
    let shown = picture(&draw(state));
    shown.lines().nth(usize::from(state.size.1) - 3).unwrap().to_owned()
}

/// The number that the line below the charts says first.
fn number(told: &str) -> usize {
    let digits = told.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap_or_else(|_| panic!("{told}"))
}

fn has_keys(state: &State, chart: usize) -> bool {
    picture(&draw(state)).contains(&format!("▸ {}", CHARTS[chart]))
}

/// Calls something on every number of a chart, by row, with what is said of it. The charts stand below each other, so
/// that going to the left and right never leaves one.
fn each_number(state: &mut State, chart: usize, mut act: impl FnMut(&mut State, &str)) -> Vec<Vec<String>> {
    assert!(state.size.0 < 76);
    press(state, "5");
    while !has_keys(state, chart) {
        press(state, "tab");
    }
    press(state, "home");
    let mut rows = Vec::new();
    loop {
        for _ in 0..20 {
            press(state, "left");
        }
        let mut row: Vec<String> = Vec::new();
        loop {
            let told = told(state);
            if row.last() == Some(&told) {
                break;
            }
            act(state, &told);
            row.push(told);
            press(state, "right");
        }
        rows.push(row);
        press(state, "down");
        let next = told(state);
        if !has_keys(state, chart) || rows.iter().flatten().any(|told| *told == next) {
            return rows;
        }
    }
}

#[test]
fn the_charts_at_every_size() {
    for (name, size) in [("40x12", (40, 12)), ("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))] {
        let mut state = open(lived("storefront.tm.ron"), size);
        press(&mut state, "5");
        assert_snapshot!(format!("charts_{name}"), picture(&draw(&state)));
        press(&mut state, "tab tab tab tab tab");
        assert_snapshot!(format!("needs_{name}"), picture(&draw(&state)));
    }
}

#[test]
fn every_chart_in_a_narrow_terminal() {
    let mut state = open(lived("storefront.tm.ron"), (40, 12));
    press(&mut state, "5");
    let mut all = String::new();
    for _ in CHARTS {
        press(&mut state, "tab");
        all += &picture(&draw(&state));
    }
    assert_snapshot!("each_40x12", all);
}

#[test]
fn plain_characters_and_an_empty_model() {
    let mut state = open(lived("storefront.tm.ron"), (120, 40));
    press(&mut state, "z a 5");
    assert_snapshot!("ascii_120x40", picture(&draw(&state)));
    let charts: String = picture(&draw(&state)).lines().skip(1).take(36).collect();
    let other = charts.chars().find(|c| !c.is_ascii() && *c != '…');
    assert_eq!(other, None, "{charts}");
    let mut state = open(ThreatModel::default(), (120, 40));
    press(&mut state, "5");
    assert_snapshot!("empty_120x40", picture(&draw(&state)));
}

#[test]
fn the_matrix_and_the_severities_hold_every_open_threat() {
    for file in bundled() {
        let mut state = open(model(&std::fs::read_to_string(&file).unwrap()), (75, 40));
        let open = state.bench.analysis().threats.iter().filter(|row| row.is_open()).count();
        let rated = state.bench.analysis().threats.iter().filter(|row| row.is_open() && row.risk.is_some()).count();
        let cells = each_number(&mut state, 0, |_, _| ());
        let in_cells: usize = cells.iter().flatten().filter(|told| !told.contains("no rule")).map(|t| number(t)).sum();
        assert_eq!(in_cells, rated, "{}: {cells:#?}", file.display());
        assert_eq!(cells.iter().flatten().map(|told| number(told)).sum::<usize>(), open, "{}", file.display());
        let severities = each_number(&mut state, 4, |_, _| ());
        assert_eq!(severities.iter().flatten().map(|told| number(told)).sum::<usize>(), open, "{}", file.display());
    }
}

#[test]
fn the_rows_of_letters_and_status_add_up() {
    for file in bundled() {
        let mut state = open(model(&std::fs::read_to_string(&file).unwrap()), (75, 40));
        for row in each_number(&mut state, 1, |_, _| ()) {
            let sum: usize = row.iter().map(|told| number(told)).sum();
            let whole: usize = number(row[0].split(" of ").nth(1).unwrap());
            assert_eq!((sum, row.len()), (whole, 5), "{}: {row:?}", file.display());
        }
    }
}

#[test]
fn every_number_leads_to_as_many_as_it_says() {
    for file in bundled() {
        let mut state = open(model(&std::fs::read_to_string(&file).unwrap()), (75, 40));
        for chart in [0, 1, 4] {
            let mut listed = 0;
            let filter = "word-that-stays";
            each_number(&mut state, chart, |state, told| {
                filter.clone_into(&mut state.filter);
                press(state, "enter");
                if number(told) == 0 {
                    assert_eq!(state.screen, Screen::Dashboard, "{told}");
                    assert!(state.note.text.contains("no threat"), "{told}: {}", state.note.text);
                    return;
                }
                assert_eq!(state.screen, Screen::Threats, "{told}");
                assert_eq!(state.threats().len(), number(told), "{}: {told}: {}", file.display(), state.filter);
                listed += 1;
                press(state, "esc");
                assert_eq!((state.screen, state.filter.as_str()), (Screen::Dashboard, filter), "{told}");
            });
            assert!(listed > 0 || chart != 1, "{}", file.display());
        }
    }
}

#[test]
fn what_is_left_of_coverage_is_where_it_says() {
    let mut state = open(lived("storefront.tm.ron"), (75, 40));
    let mut seen = Vec::new();
    each_number(&mut state, 2, |state, told| {
        press(state, "enter");
        seen.push((
            told.trim().to_owned(),
            state.screen,
            state.layers.len(),
            state.hits.0.len(),
            state.threats().len(),
        ));
        press(state, "esc");
        state.hits = (Vec::new(), 0);
        if state.screen != Screen::Dashboard {
            press(state, "5");
        }
    });
    let of = |name: &str| seen.iter().find(|(told, ..)| told.starts_with(name)).unwrap_or_else(|| panic!("{seen:#?}"));
    let missing = |told: &str| {
        let numbers: Vec<usize> = told.split(' ').filter_map(|word| word.parse().ok()).take(2).collect();
        numbers[1] - numbers[0]
    };
    for name in ["Elements", "Crossings"] {
        let (told, screen, _, hits, _) = of(name);
        assert_eq!((*screen, *hits), (Screen::Diagram, missing(told)), "{told}");
    }
    let (told, screen, .., threats) = of("Threats");
    assert_eq!((*screen, *threats), (Screen::Threats, missing(told)), "{told}");
    assert_eq!(of("Mitigations").1, Screen::Mitigations);
    assert_eq!((of("Cells").2, of("Questions").2), (1, 1), "a table, and the list of questions");
}

#[test]
fn what_needs_attention_is_where_its_row_leads() {
    let mut state = open(lived("storefront.tm.ron"), (75, 40));
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let rows = each_number(&mut state, 5, |state, told| {
        press(state, "enter");
        let today = state.bench.sitting().today;
        assert!(!told.contains('…'), "{told}");
        let holds = match state.screen {
            Screen::Threats => {
                let row = state.current_threat().unwrap();
                assert_eq!(Some(&row.key), state.threat.as_ref());
                *kinds.entry("threat").or_default() += 1;
                row.is_overdue(today) == told.contains("due on")
                    && row.expired == told.contains("which has passed")
                    && row.stale == told.contains("facts that have changed")
                    && told.contains("nobody")
                        == (row.is_open() && row.severity >= Some(Severity::High) && row.record.owner.is_none())
            }
            Screen::Mitigations => {
                *kinds.entry("mitigation").or_default() += 1;
                picture(&draw(state)).contains("late!") && told.contains("a mitigation that is planned")
            }
            Screen::Diagram => {
                *kinds.entry("elements").or_default() += 1;
                let owner = |id: &Id| state.bench.model().elements[id].owner.is_none();
                let all = state.bench.model().elements.keys().filter(|id| owner(id)).count();
                state.hits.0.len() == all && owner(state.selected.as_ref().unwrap())
            }
            Screen::Dashboard => {
                *kinds.entry("question").or_default() += 1;
                !state.layers.is_empty() && told.contains("put off")
            }
            _ => false,
        };
        assert!(holds, "{told}");
        press(state, "esc");
        press(state, "5");
    });
    assert!(rows.len() > 5 && kinds.len() == 4, "{kinds:?}");
}

#[test]
fn a_question_that_was_put_off_is_asked_from_its_row() {
    let mut state = open(model(SHOP), (75, 40));
    press(&mut state, "Q enter end");
    let parked = picture(&draw(&state)).contains("later");
    press(&mut state, "enter");
    assert!(parked && state.note.text.starts_with("parked"), "{}", state.note.text);
    let mut asked = 0;
    each_number(&mut state, 5, |state, told| {
        if told.contains("put off") {
            press(state, "enter");
            asked += state.layers.len();
            press(state, "esc");
        }
    });
    assert!(asked > 0);
}

#[test]
fn every_chart_is_a_table_too_and_no_number_is_cut() {
    for size in [(40, 200), (80, 200), (200, 200)] {
        let mut state = open(lived("storefront.tm.ron"), size);
        press(&mut state, "5");
        for chart in CHARTS {
            press(&mut state, "t");
            let Some(Layer::Page(page)) = state.layers.last() else { panic!("{chart} at {size:?}") };
            let widest = page.lines.iter().map(|line| unicode_width::UnicodeWidthStr::width(line.as_str())).max();
            let is_told = page.lines.iter().any(|line| line.starts_with("= "));
            assert!(widest <= Some(usize::from(size.0) - 2) && is_told, "{chart} at {size:?}: {:#?}", page.lines);
            press(&mut state, "esc tab");
        }
    }
    let mut state = open(lived("storefront.tm.ron"), (80, 24));
    press(&mut state, "5 t");
    assert_snapshot!("matrix_table_80x24", picture(&draw(&state)));
    press(&mut state, "esc tab t");
    assert_snapshot!("stride_table_80x24", picture(&draw(&state)));
    press(&mut state, "esc tab tab tab t pagedown");
    assert_snapshot!("times_table_80x24", picture(&draw(&state)));
}

#[test]
fn a_week_names_what_it_counts() {
    let mut state = open(lived("storefront.tm.ron"), (75, 40));
    each_number(&mut state, 3, |state, told| {
        press(state, "enter");
        let shown = picture(&draw(state));
        for word in ["opened", "resolved", "otherwise"] {
            let said: usize =
                told.split(&format!(" {word}")).next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
            assert_eq!(shown.matches(&format!(" {word}: ")).count(), said, "{told}\n{shown}");
        }
        press(state, "esc");
    });
}

#[test]
fn the_policy_is_asked_for_and_its_days_count() {
    let mut state = open(lived("storefront.tm.ron"), (120, 40));
    assert_eq!(press(&mut state, "5"), [Effect::Policy]);
    assert!(picture(&draw(&state)).contains("days by the built-in policy"));
    let policy = Policy::read("(sla: (days: {Medium: 1}))").unwrap();
    update(&mut state, Msg::Policy(Ok((Box::new(policy), Some("threat-policy.ron".to_owned())))));
    let shown = picture(&draw(&state));
    assert!(shown.contains("days by threat-policy.ron") && shown.contains("Medium 1"), "{shown}");
    update(&mut state, Msg::Policy(Err("threat-policy.ron: `sla` is no list".to_owned())));
    let shown = picture(&draw(&state));
    assert!(
        shown.contains("no days: the policy") && shown.contains("no data") && shown.contains("`sla` is no list"),
        "{shown}"
    );
}

#[test]
fn what_git_tells_is_asked_for_by_a_key() {
    let mut state = open(model(SHOP), (80, 24));
    assert_eq!(press(&mut state, "5 r"), [Effect::Policy, Effect::Replay]);
    update(&mut state, Msg::Replayed(Err("git is not installed, or not on the PATH".to_owned())));
    assert!(state.note.refused && state.note.text.starts_with("git is not installed"));
}

#[test]
fn the_copy_is_markdown_with_every_chart() {
    let mut state = open(lived("storefront.tm.ron"), (80, 24));
    let effects = press(&mut state, "5 Y");
    let Some(Effect::Copy(text)) = effects.last() else { panic!("{effects:?}") };
    assert_snapshot!("markdown", text);
}

#[test]
fn edits_are_followed() {
    let mut state = open(model(SHOP), (120, 40));
    press(&mut state, "5");
    let before = told(&state);
    let open = |state: &State| state.bench.analysis().threats.iter().filter(|row| row.is_open()).count();
    let was = open(&state);
    press(&mut state, "2 x a down 'pilot' enter 5");
    assert_eq!(open(&state) + 1, was, "{}", state.note.text);
    let now = picture(&draw(&state));
    assert!(now.contains(&format!("Risk matrix  {} open", was - 1)), "{before}\n{now}");
    press(&mut state, "u");
    assert_eq!(told(&state), before);
}

#[test]
fn the_mouse_selects_numbers_opens_them_and_turns_lists() {
    let mut state = open(lived("storefront.tm.ron"), (120, 40));
    press(&mut state, "5");
    let find = |state: &State, text: &str| {
        let shown = picture(&draw(state));
        let (row, line) = shown.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        let column = line.split(text).next().unwrap().chars().count();
        (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
    };
    let (x, y) = find(&state, "S Spoofing");
    let open = picture(&draw(&state))
        .lines()
        .nth(usize::from(y))
        .unwrap()
        .chars()
        .skip(usize::from(x))
        .take(40)
        .collect::<String>();
    let open_at = x + u16::try_from(open.find(|c: char| c.is_ascii_digit()).unwrap()).unwrap();
    mouse(&mut state, Click::Press, (open_at, y));
    assert!(has_keys(&state, 1) && told(&state).contains(": spoofing"), "{}", told(&state));
    let said = number(&told(&state));
    mouse(&mut state, Click::Double, (open_at, y));
    assert_eq!((state.screen, state.threats().len()), (Screen::Threats, said));
    press(&mut state, "esc");
    let at = find(&state, "Needs attention");
    mouse(&mut state, Click::Wheel(0, 1), (at.0, at.1 + 2));
    assert!(has_keys(&state, 5));
    let at = find(&state, "Coverage");
    mouse(&mut state, Click::Press, at);
    assert!(has_keys(&state, 2));
}
