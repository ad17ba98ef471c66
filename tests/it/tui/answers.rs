//! Lists, filters and prompts answered the way people do: what was chosen counts, and there is a way on from every one.

use sconce::model::{Asset, Date, Id, ThreatModel};
use sconce::tui::state::layer::Layer;
use sconce::tui::update::{Effect, Msg};
use sconce::workbench::{Sitting, Workbench};

use super::{SHOP, draw, model, open, picture, press, update};

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

#[test]
fn what_may_be_looked_at_only_offers_no_changes() {
    let sandbox = crate::sandbox::Sandbox::new();
    sandbox.write("shop.tm.ron", SHOP);
    let sit = |who: &str| {
        let sitting = Sitting { who: who.to_owned(), today: Date::constant(2026, 11, 23) };
        let path = sandbox.path("shop.tm.ron");
        let mut bench = Workbench::open(&path, sconce::rules::Knowledge::builtin(), sitting).unwrap();
        bench.sit_down(None);
        bench
    };
    let (_holder, bench) = (sit("ana"), sit("li"));
    let look = sconce::tui::state::Look { theme: sconce::tui::Theme::Mono, ..Default::default() };
    let mut state = super::State::new(bench, (60, 16), look);
    let shown = picture(&draw(&state));
    let header = shown.lines().next().unwrap();
    assert!(header.contains("3 open  ?13  read-only"), "{header}");
    update(&mut state, Msg::Resize(100, 30));
    press(&mut state, "space");
    insta::assert_snapshot!("read_only_menu_100x30", picture(&draw(&state)));
    press(&mut state, "esc 2");
    let shown = picture(&draw(&state));
    let bar = shown.lines().nth(29).unwrap();
    assert!(bar.contains("W save as") && !bar.contains("decide") && !bar.contains("mark"), "{bar}");
    press(&mut state, ": 'add a process'");
    assert!(picture(&draw(&state)).contains("Not now: this model is open read-only."));
    press(&mut state, "esc 1 a p");
    assert!(picture(&draw(&state)).contains("This model is open read-only"));
}

#[test]
fn connecting_says_what_to_press_and_with_whom() {
    let mut state = open(model(SHOP), (40, 12));
    press(&mut state, "c");
    let shown = picture(&draw(&state));
    assert!(shown.contains("press a label, or / and a name"), "{shown}");
    update(&mut state, Msg::Resize(80, 24));
    insta::assert_snapshot!("connect_80x24", picture(&draw(&state)));
    press(&mut state, "esc");
    assert_eq!((state.layers.len(), state.bench.history().count()), (0, 0));
    press(&mut state, "c f");
    assert!(picture(&draw(&state)).contains("Data flow Customer → Web app: its name, or nothing"));
    press(&mut state, "esc");
    assert_eq!((state.layers.len(), state.bench.history().count()), (0, 0));
}

#[test]
fn flows_are_gone_through_from_the_system_too() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "esc .");
    assert_eq!(state.selected.as_ref().unwrap().as_str(), "browse");
    press(&mut state, "esc ,");
    assert_eq!(state.selected.as_ref().unwrap().as_str(), "store");
    let mut state = open(ThreatModel::default(), (80, 24));
    press(&mut state, ".");
    assert!(state.note.text.contains("there is no data flow yet"), "{}", state.note.text);
}

#[test]
fn home_and_end_move_in_a_list() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "l = end");
    let Some(Layer::Pick(pick)) = state.layers.last() else { panic!() };
    assert_eq!(pick.at, pick.rows.len() - 1);
    press(&mut state, "home");
    let Some(Layer::Pick(pick)) = state.layers.last() else { panic!() };
    assert_eq!(pick.at, 0);
}

#[test]
fn redo_is_offered_once_something_was_taken_back() {
    let mut state = open(model(SHOP), (80, 40));
    press(&mut state, "U");
    assert_eq!(state.note.text, "Redo: nothing was taken back");
    press(&mut state, "space");
    assert!(picture(&draw(&state)).contains("(Undo, redo)"));
    press(&mut state, "esc r 'x' enter u space");
    let shown = picture(&draw(&state));
    assert!(shown.contains("Undo, redo") && !shown.contains("(Undo, redo)"), "{shown}");
}

#[test]
fn the_file_is_read_again_and_asks_when_work_would_be_lost() {
    let sandbox = crate::sandbox::Sandbox::new();
    sandbox.write("shop.tm.ron", SHOP);
    let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) };
    let knowledge = sconce::rules::Knowledge::builtin();
    let bench = Workbench::open(&sandbox.path("shop.tm.ron"), knowledge, sitting).unwrap();
    let look = sconce::tui::state::Look { theme: sconce::tui::Theme::Mono, ..Default::default() };
    let mut state = super::State::new(bench, (80, 24), look);
    assert_eq!(press(&mut state, "R"), [Effect::Reload]);
    press(&mut state, "r 'x' enter R");
    insta::assert_snapshot!("reload_80x24", picture(&draw(&state)));
    assert_eq!(press(&mut state, "R esc"), [], "the key that brought it up answers nothing");
    assert_eq!(press(&mut state, ": 'reload' enter D"), [Effect::Reload]);
    let mut state = open(model(SHOP), (80, 24));
    assert_eq!(press(&mut state, "R"), []);
    assert_eq!(state.note.text, "Read the file again: the model has no file yet");
}

#[test]
fn the_title_of_a_threat_has_half_of_the_list() {
    for (size, keys) in [((80, 24), "2"), ((40, 12), "2"), ((60, 16), "2"), ((200, 60), "2"), ((120, 40), "t")] {
        let mut state = open(model(SHOP), size);
        press(&mut state, keys);
        let shown = picture(&draw(&state));
        let header = shown.lines().find(|l| l.contains("Title")).unwrap_or_else(|| panic!("{shown}"));
        let list = header.split('│').find(|l| l.contains("Title")).unwrap();
        let start = list.find("Title").unwrap();
        let end = list.find("Owner").unwrap_or(list.len());
        assert!((end - start) * 2 >= list.len(), "{size:?}: {header}");
    }
    let mut state = open(model(SHOP), (40, 12));
    press(&mut state, "2");
    insta::assert_snapshot!("threats_40x12", picture(&draw(&state)));
}

/// A model with ways that lead past every guard, once it is the others that open the connections.
const WAYS: &str = include_str!("../../../models/delivery-pipeline.tm.ron");

#[test]
fn a_threat_about_a_way_names_both_of_its_ends() {
    let mut state = open(model(&WAYS.replace("\"initiator\": \"target\",", "")), (150, 40));
    press(&mut state, "2");
    let row = state.threats().into_iter().find(|t| t.target.is_some()).unwrap();
    let wanted = format!(
        "{} → {}",
        state.bench.model().name_of(&row.subject),
        state.bench.model().name_of(row.target.as_ref().unwrap())
    );
    let shown = picture(&draw(&state));
    let listed = shown.lines().find(|l| l.contains(&wanted) && l.starts_with('│'));
    assert!(listed.is_some(), "{wanted}\n{shown}");
}

#[test]
fn a_data_flow_without_a_name_is_called_by_its_ends() {
    let nameless = SHOP.replace("name: \"browse\",", "").replace("name: \"store\",", "");
    let (customer, orders) = ("Customer → Web app", "Web app → Orders");
    for (keys, wanted) in [
        (".", vec![customer]),
        (". t", vec![customer]),
        ("2", vec![customer]),
        ("/ 'web'", vec![customer, orders]),
        (". =", vec!["State a fact about Customer → Web app"]),
        ("Q 'protocol' enter", vec![customer, orders]),
        (". d", vec!["Delete Customer → Web app?"]),
    ] {
        for size in [(80, 24), (200, 60)] {
            let shown = super::check(&nameless, size, keys);
            for name in &wanted {
                assert!(shown.contains(name), "{keys}: {name}\n{shown}");
            }
        }
    }
    assert!(super::check(&nameless, (200, 60), "2").contains("About     Customer → Web app "), "the ends once");
}

#[test]
fn a_question_about_one_thing_is_in_the_singular() {
    let mut state = open(model(WAYS), (120, 40));
    press(&mut state, "Q 'rate_limit'");
    let shown = picture(&draw(&state));
    assert!(shown.contains("Of each process: is the number of requests"), "{shown}");
    assert!(shown.contains("Of the data store: is the number of requests"), "{shown}");
}

#[test]
fn the_inspector_keeps_a_gap_before_where_a_value_is_from_and_cuts_nothing_that_fits() {
    const NETWORKS: &str = include_str!("../../../models/storefront.tm.ron");
    for size in [(100, 30), (160, 45), (200, 60)] {
        let mut state = open(model(NETWORKS), size);
        press(&mut state, "/ 'Web app' enter");
        let shown = picture(&draw(&state));
        let rows: Vec<&str> = shown.lines().filter(|l| l.contains(" present ") && l.ends_with('│')).collect();
        assert!(rows.len() > 2 && !shown.contains("sta…"), "{shown}");
        for row in rows {
            assert!(row.contains(" present  "), "{row}");
            assert!(size.0 < 200 || row.trim_end_matches('│').trim_end().ends_with(|c: char| c != '…'), "{row}");
        }
    }
}

#[test]
fn technologies_that_fit_the_kind_come_first() {
    let first = |keys: &str| {
        let mut state = open(model(SHOP), (80, 24));
        press(&mut state, keys);
        let Some(Layer::Pick(pick)) = state.layers.last() else { panic!("{keys}") };
        let at = |id: &str| pick.rows.iter().position(|r| r.text == id).unwrap_or_else(|| panic!("{id}"));
        [at("browser"), at("go"), at("postgresql")]
    };
    let [browser, go, postgresql] = first("enter 'jjjj' enter");
    assert!(browser < go && browser < postgresql);
    let [browser, go, postgresql] = first("l enter 'jjjj' enter");
    assert!(go < browser && go < postgresql);
    let [browser, go, postgresql] = first("l l enter 'jjjj' enter");
    assert!(postgresql < browser && postgresql < go);
}

#[test]
fn words_are_found_by_what_people_call_them() {
    for (typed, word) in [
        ("database", "sql"),
        ("postgres", "sql"),
        ("message queue", "queue"),
        ("files", "file"),
        ("logs", "log"),
        ("backups", "backup"),
        ("configuration", "config"),
        ("secrets", "vault"),
    ] {
        let mut state = open(model(SHOP), (80, 24));
        press(&mut state, &format!("l l = 'kind' enter '{typed}' enter"));
        let kind = state.bench.model().elements["orders"].facts.get("kind").map(ToString::to_string);
        assert_eq!(kind.as_deref(), Some(word), "{typed}: {}", state.note.text);
    }
}

#[test]
fn controls_stand_together_after_what_is_asked() {
    let mut state = open(model(SHOP), (80, 24));
    press(&mut state, "l =");
    let Some(Layer::Pick(pick)) = state.layers.last() else { panic!() };
    let rank = |row: &sconce::tui::state::layer::PickRow| {
        let name = row.text.trim_start_matches(['?', ' ']);
        let def = state.bench.knowledge().vocabulary.get(name, sconce::model::SubjectKind::Process).unwrap();
        if row.text.starts_with('?') { 0 } else { 1 + u8::from(def.values != sconce::model::Values::Control) }
    };
    let ranks: Vec<u8> = pick.rows.iter().map(rank).collect();
    assert!(ranks.is_sorted() && [0, 1, 2].iter().all(|r| ranks.contains(r)), "{ranks:?}");
}

#[test]
fn a_long_value_goes_on_below_where_there_is_room() {
    let notes = "Takes orders, keeps them, and tells the warehouse and the carrier what to pack and where to send it.";
    let mut long = model(SHOP);
    long.elements.get_mut("web").unwrap().notes = Some(notes.to_owned());
    let mut state = open(long.clone(), (200, 60));
    press(&mut state, "l");
    let shown = picture(&draw(&state));
    let said: Vec<&str> = shown.lines().filter_map(|l| l.split('│').rev().nth(1)).map(str::trim).collect();
    let all = said.join(" ");
    assert!(all.contains("tells the warehouse and") && all.contains("where to send it."), "{shown}");
    // A click on a row below it is about that row.
    let below = shown.lines().position(|l| l.contains("rate_limit  ")).unwrap();
    super::mouse(&mut state, sconce::tui::update::Click::Press, (160, u16::try_from(below).unwrap()));
    press(&mut state, "enter");
    assert!(picture(&draw(&state)).contains("rate_limit of Web app"), "{}", picture(&draw(&state)));
    // Where there is not, every row has one line.
    let mut state = open(long, (100, 30));
    press(&mut state, "l");
    assert!(picture(&draw(&state)).contains("Takes orders…"), "{}", picture(&draw(&state)));
}

#[test]
fn the_system_is_rated_by_another_rubric() {
    let mut state = open(model(SHOP), (100, 30));
    press(&mut state, "esc enter down down down enter");
    insta::assert_snapshot!("rubric_100x30", picture(&draw(&state)));
    press(&mut state, "'threagile' enter");
    assert_eq!(state.bench.model().system.rubric.as_deref(), Some("threagile"));
    assert!(state.bench.text().contains("        rubric: \"threagile\",\n"), "{}", state.bench.text());
    let rated = |state: &super::State| state.bench.analysis().threats.iter().map(|t| t.computed).collect::<Vec<_>>();
    let other = rated(&state);
    // The usual one is not written: the file is as it was before.
    press(&mut state, "enter 'default' enter");
    assert_eq!(state.bench.model().system.rubric, None);
    assert_ne!(rated(&state), other);
}
