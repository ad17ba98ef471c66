//! What comes out when both branches changed the same entry: one picture per rule of merging. The laws are tested elsewhere.

use std::fmt::Write as _;

use sconce::file::read;
use sconce::model::ThreatModel;
use sconce::review::merge::edits;
use sconce::review::resolve::{Made, Side, decide, merge_texts};

fn model(sections: &str) -> String {
    format!("#![enable(implicit_some)]\nThreatModel(format: (1, 0), system: (name: \"S\"), {sections})")
}

/// Merges what two branches made of a text by replacing pieces of it; tells what came out different from our side, and
/// what is in question.
fn check(base: &str, ours: &[(&str, &str)], theirs: &[(&str, &str)]) -> String {
    let branch = |changes: &[(&str, &str)]| {
        let change = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        };
        changes.iter().fold(model(base), change)
    };
    let our_text = branch(ours);
    let Made::Merged(merged) = merge_texts(&model(base), &our_text, &branch(theirs)) else { panic!("unreadable") };
    let mut told = String::new();
    let ours = read(&our_text).document.unwrap().model().clone();
    for edit in edits(&ours, &ThreatModel { conflicts: Vec::new(), ..merged.model().clone() }) {
        for place in edit.places() {
            let said = merged.model().entry(&place).map(|entry| sconce::file::said::said(&entry).to_string());
            let _ = writeln!(told, "{place}: {}", said.unwrap_or_else(|| "gone".to_owned()));
        }
    }
    for c in &merged.model().conflicts {
        let field = c.field.as_ref().map_or_else(String::new, |field| format!(" {field}"));
        let side = |side: Side| side.of(c).unwrap_or("nothing").to_owned();
        let _ =
            writeln!(told, "? {}{field}: {} | {} | {}", c.of, side(Side::Base), side(Side::Ours), side(Side::Theirs));
        let _ = c.why.as_ref().map(|why| writeln!(told, "  {why}"));
        // Whatever is chosen can be chosen.
        for side in [Side::Base, Side::Ours, Side::Theirs] {
            let edit = decide(merged.model(), c, side.of(c)).unwrap_or_else(|why| panic!("{side:?}: {why}"));
            edit.apply(&mut merged.model().clone()).unwrap();
        }
    }
    told
}

const WEB: &str = "elements: {\"web\": Process(name: \"Web\", tech: [\"go\"], facts: {\"a\": \"1\", \"b\": \"2\"})}";

#[test]
fn facts_and_list_items_go_their_own_ways() {
    let told = check(
        WEB,
        &[("\"a\": \"1\"", "\"a\": \"9\""), ("[\"go\"]", "[\"go\", \"nginx\"]")],
        &[("\"b\": \"2\"", "\"c\": \"3\""), ("[\"go\"]", "[\"linux\"]")],
    );
    insta::assert_snapshot!(told, @r#"elements.web: Process(name: "Web", tech: ["linux", "nginx"], facts: {"a": "9", "c": "3"})"#);
}

#[test]
fn one_field_changed_in_two_ways_is_asked() {
    let told = check(
        WEB,
        &[("\"a\": \"1\"", "\"a\": \"2\""), ("Process", "DataStore")],
        &[("\"a\": \"1\", ", ""), ("Process", "ExternalEntity")],
    );
    insta::assert_snapshot!(told, @r#"
    ? elements.web kind: Process | DataStore | ExternalEntity
    ? elements.web facts.a: "1" | "2" | nothing
    "#);
}

const THREAT: &str = "elements: {\"web\": Process(name: \"Web\")}, threats: {\"web:core.x\": (severity: High, opened: \"2026-01-02\", title: \"T\", history: [(\"2026-01-02\", \"s\", Opened)])}";

#[test]
fn ledgers_are_joined_and_decisions_are_asked() {
    let decided = |status: &str, day: &str, who: &str, event: &str| {
        format!(
            "title: \"T\", status: {status}, decided_on: \"{who}\", history: [(\"2026-01-02\", \"s\", Opened), (\"{day}\", \"{who}\", {event})]"
        )
    };
    let old = "title: \"T\", history: [(\"2026-01-02\", \"s\", Opened)]";
    let mitigated = decided("Mitigated(on: \"2026-01-05\")", "2026-01-05", "li", "Mitigated");
    let later = decided("Mitigated(on: \"2026-01-09\")", "2026-01-09", "ana", "Mitigated");
    let accepted = decided("Accepted(reason: \"r\")", "2026-01-04", "ana", "Accepted");
    let mut told = check(THREAT, &[(old, &accepted)], &[(old, &mitigated)]);
    told += "\n";
    told += &check(THREAT, &[(old, &later)], &[(old, &mitigated)]);
    insta::assert_snapshot!(told, @r#"
    threats.web:core.x: (severity: High, opened: "2026-01-02", title: "T", status: Accepted(reason: "r"), decided_on: "ana", history: [("2026-01-02", "s", Opened), ("2026-01-04", "ana", Accepted), ("2026-01-05", "li", Mitigated)])
    ? threats.web:core.x status: nothing | Accepted(reason: "r") | Mitigated(on: "2026-01-05")

    threats.web:core.x: (severity: High, opened: "2026-01-02", title: "T", status: Mitigated(on: "2026-01-05"), decided_on: "li", history: [("2026-01-02", "s", Opened), ("2026-01-05", "li", Mitigated), ("2026-01-09", "ana", Mitigated)])
    "#);
}

#[test]
fn what_rules_noted_down_is_not_asked() {
    let gone = "threats: {\"web:core.x\": (severity: High, opened: \"2026-01-02\", title: \"T\", history: [(\"2026-01-02\", \"s\", Opened)])}";
    let mut told = check(THREAT, &[("High", "Low"), ("\"T\"", "\"U\"")], &[("High", "Medium"), ("\"T\"", "\"V\"")]);
    told += "--- one branch is rid of it\n";
    told += &check(THREAT, &[("High", "Low")], &[(gone, "threats: {}")]);
    told += "--- and the other has an owner for it\n";
    told +=
        &check(THREAT, &[("High", "Low"), ("title: \"T\"", "title: \"T\", owner: \"li\"")], &[(gone, "threats: {}")]);
    insta::assert_snapshot!(told);
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect()
}

#[test]
fn a_renamed_thing_is_the_same_thing() {
    let base = "elements: {\"db\": DataStore(name: \"DB\"), \"web\": Process(name: \"Web\")}, flows: {\"sql\": (name: \"SQL\", from: \"web\", to: \"db\")}";
    let renamed = |id: &str| {
        vec![
            (
                "\"db\": DataStore(name: \"DB\")".to_owned(),
                format!("\"{id}\": DataStore(name: \"DB\", formerly: [\"db\"])"),
            ),
            ("to: \"db\"".to_owned(), format!("to: \"{id}\"")),
        ]
    };
    let (store, rows) = (renamed("store"), renamed("rows"));
    let added = [
        ("name: \"DB\"", "name: \"DB\", owner: \"li\""),
        ("\"SQL\", from: \"web\"", "\"SQL\", from: \"web\", notes: \"n\""),
    ];
    let mut told = check(base, &pairs(&store), &added);
    told += "--- to two ids\n";
    told += &check(base, &pairs(&store), &pairs(&rows));
    insta::assert_snapshot!(told);
}

#[test]
fn two_things_with_one_id_stay_two() {
    let base = "elements: {\"web\": Process(name: \"Web\")}, flows: {}";
    let element = [("\"web\": Process", "\"mail\": Process(name: \"Mailer\"), \"web\": Process")];
    let flow = [("flows: {}", "flows: {\"mail\": (name: \"Mail\", from: \"web\")}")];
    insta::assert_snapshot!(check(base, &element, &flow));
}

#[test]
fn what_is_referred_to_comes_back() {
    let base = "boundaries: {\"a\": (name: \"A\"), \"b\": (name: \"B\")}, elements: {\"db\": DataStore(name: \"DB\"), \"web\": Process(name: \"Web\")}, flows: {}, diagrams: {\"d\": (title: \"D\", shows: [\"db\", \"web\"])}";
    let gone = [("\"db\": DataStore(name: \"DB\"), ", ""), ("\"db\", \"web\"]", "\"web\"]")];
    let used = [("flows: {}", "flows: {\"sql\": (name: \"SQL\", from: \"web\", to: \"db\")}")];
    let mut told = check(base, &gone, &used);
    told += "--- a circle of boundaries\n";
    told += &check(
        base,
        &[("(name: \"A\")", "(name: \"A\", inside: \"b\")")],
        &[("(name: \"B\")", "(name: \"B\", inside: \"a\")")],
    );
    insta::assert_snapshot!(told);
}

/// The end of one branch and the beginning of the other make a way that nobody drew.
#[test]
fn the_ends_of_a_flow_are_asked_together() {
    let base = "elements: {\"a\": Process(name: \"A\"), \"b\": Process(name: \"B\"), \"c\": Process(name: \"C\"), \"d\": Process(name: \"D\")}, flows: {\"f\": (name: \"f\", from: \"a\", to: \"b\")}";
    let told = check(base, &[("from: \"a\"", "from: \"c\"")], &[("to: \"b\"", "to: \"d\"")]);
    insta::assert_snapshot!(told, @r#"
    ? flows.f from: "a" | "c" | "a"
    ? flows.f to: "b" | "b" | "d"
    "#);
    let told = check(base, &[("from: \"a\"", "from: \"c\"")], &[("name: \"f\"", "name: \"g\"")]);
    insta::assert_snapshot!(told, @r#"flows.f: (name: "g", from: "c", to: "b")"#);
}

#[test]
fn drawings_and_reviews_are_not_asked() {
    let base =
        "elements: {\"web\": Process(name: \"Web\")}, diagrams: {\"d\": (title: \"D\", pins: {\"web\": (1, 1)})}";
    let system = "system: (name: \"S\")";
    let reviewed = |day: &str, who: &str| format!("system: (name: \"S\", reviewed: (on: \"{day}\", by: \"{who}\"))");
    let (early, late) = (reviewed("2026-01-01", "ana"), reviewed("2026-02-01", "li"));
    insta::assert_snapshot!(check(
        base,
        &[("(1, 1)", "(2, 2)"), (system, &early)],
        &[("(1, 1)", "(3, 3)"), (system, &late)]
    ));
}
