//! The life of one threat: raised, decided, gone, back; what the register keeps of it.

use crate::rules::condition::model;
use sconce::analysis::{Analysis, is_up_to_date, known, reconcile};
use sconce::model::act::{Decision, decide};
use sconce::model::{Date, FactValue, Id, Mitigation, MitigationStatus, Provides, Status, ThreatKey, ThreatModel};
use sconce::rules::Knowledge;

const KEY: &str = "shop:core.d.no-rate-limit";

fn shop() -> ThreatModel {
    model(
        r#"(
            elements: {
                "customer": ExternalEntity(tech: []),
                "shop": Process(tech: [], facts: {"rate_limit": "absent"}),
            },
            flows: {"browse": (from: "customer", to: "shop", facts: {"net": "internet"})},
        )"#,
    )
}

fn day(n: i8) -> Date {
    Date::constant(2026, 3, n)
}

fn set(model: &mut ThreatModel, value: &str) {
    let shop = model.elements.get_mut(&Id::new("shop").unwrap()).unwrap();
    shop.facts.insert("rate_limit".to_owned(), FactValue::text(value));
}

fn analysis(model: &ThreatModel, today: Date) -> Analysis {
    Analysis::of(model, &Knowledge::builtin(), today)
}

/// Brings the register up to date and tells what it then says about the threat.
fn update(model: &mut ThreatModel, today: Date) -> String {
    if let Some(edit) = reconcile(model, &analysis(model, today), "sconce", today) {
        edit.apply(model).unwrap();
    }
    assert!(is_up_to_date(model, &analysis(model, today), today), "twice is once");
    tell(model, today)
}

fn tell(model: &ThreatModel, today: Date) -> String {
    let key = ThreatKey::parse(KEY).unwrap();
    let threat = &model.threats[&key];
    let history: Vec<String> = threat.history.iter().map(|row| format!("{} {}", row.on.day(), row.event)).collect();
    let all = analysis(model, today);
    let row = all.threats.iter().find(|row| row.key == key).unwrap();
    let mut marks = format!("{:?}", row.state);
    for (mark, holds) in [("stale", row.stale), ("expired", row.expired)] {
        if holds {
            marks = format!("{marks} {mark}");
        }
    }
    format!("{} ({}, shown {}) [{}]", threat.status.word(), marks, row.status.word(), history.join(", "))
}

#[test]
fn an_undecided_threat_comes_and_goes() {
    let mut model = shop();
    assert_eq!(update(&mut model, day(1)), "Open (Known, shown Open) []");
    let title = model.threats[&ThreatKey::parse(KEY).unwrap()].title.clone();
    set(&mut model, "present");
    assert_eq!(update(&mut model, day(2)), "Mitigated (Known, shown Mitigated) []");
    set(&mut model, "absent");
    assert_eq!(update(&mut model, day(3)), "Open (Known, shown Open) [1 Opened, 3 Reopened]");
    let flow = model.flows.remove(&Id::new("browse").unwrap()).unwrap();
    let gone = "[1 Opened, 3 Reopened, 4 Gone]";
    assert_eq!(update(&mut model, day(4)), format!("Gone (Gone, shown Gone) {gone}"));
    assert_eq!(update(&mut model, day(5)), format!("Gone (Gone, shown Gone) {gone}"));
    model.flows.insert(Id::new("browse").unwrap(), flow);
    model.elements.get_mut(&Id::new("shop").unwrap()).unwrap().name = "Kiosk".to_owned();
    assert!(tell(&model, day(6)).starts_with("Gone (Reopened, shown Open)"));
    assert!(update(&mut model, day(6)).starts_with("Open (Known, shown Open) [1 Opened,"));
    assert_eq!(model.threats[&ThreatKey::parse(KEY).unwrap()].title, title, "a title is frozen");
}

#[test]
fn a_decision_is_kept() {
    let mut model = shop();
    update(&mut model, day(1));
    let key = ThreatKey::parse(KEY).unwrap();
    let all = analysis(&model, day(2));
    let row = all.threats.iter().find(|row| row.key == key).unwrap();
    let status = Status::Accepted { reason: "pilot".to_owned(), approver: None, expires: Some(day(10)) };
    let decision = Decision { status: Some(status), ..Decision::default() };
    let edit = decide(&model, &key, &row.record, decision, Some(row.facts.clone()), ("ana", day(2)));
    edit.apply(&mut model).unwrap();
    assert_eq!(update(&mut model, day(3)), "Accepted (Known, shown Accepted) [1 Opened, 2 Accepted]");

    // Other facts make it stale, a day too late makes it open; neither touches what was decided.
    set(&mut model, "partial");
    assert_eq!(update(&mut model, day(4)), "Accepted (Known stale, shown Accepted) [1 Opened, 2 Accepted]");
    let late = update(&mut model, day(11));
    assert_eq!(late, "Accepted (Reopened expired, shown Open) [1 Opened, 2 Accepted, 11 Reopened]");

    let flow = model.flows.remove(&Id::new("browse").unwrap()).unwrap();
    let gone = update(&mut model, day(12));
    assert!(gone.starts_with("Accepted (Gone") && gone.ends_with("11 Reopened, 12 Gone]"), "{gone}");
    model.flows.insert(Id::new("browse").unwrap(), flow);
    assert!(update(&mut model, day(13)).ends_with("12 Gone, 13 Reopened]"));
}

#[test]
fn what_has_lost_its_subject_is_an_orphan_with_a_suggestion() {
    let mut model = shop();
    update(&mut model, day(1));
    let shop = model.elements.remove(&Id::new("shop").unwrap()).unwrap();
    model.elements.insert(Id::new("store-front").unwrap(), shop);
    model.flows.get_mut(&Id::new("browse").unwrap()).unwrap().to = Some(Id::new("store-front").unwrap());
    let all = analysis(&model, day(2));
    let row = all.threats.iter().find(|row| row.key.as_str() == KEY).unwrap();
    assert_eq!(format!("{:?}", row.state), "Orphan { suggestion: Some(`store-front:core.d.no-rate-limit`) }");
}

#[test]
fn a_decision_written_into_the_file_is_taken_up_and_can_go_stale() {
    let mut model = shop();
    update(&mut model, day(1));
    let key = ThreatKey::parse(KEY).unwrap();
    model.threats.get_mut(&key).unwrap().status =
        Status::Accepted { reason: "pilot".to_owned(), approver: None, expires: None };
    assert_eq!(update(&mut model, day(2)), "Accepted (Known, shown Accepted) [1 Opened, 2 Accepted]");
    assert!(model.threats[&key].decided_on.is_some());
    set(&mut model, "partial");
    assert_eq!(update(&mut model, day(3)), "Accepted (Known stale, shown Accepted) [1 Opened, 2 Accepted]");
}

/// A system whose card numbers travel in the clear.
fn plain() -> ThreatModel {
    model(
        r#"(
            boundaries: {"cloud": (kind: Network, trust: 60)},
            assets: {"card": (kind: Payment, confidentiality: Restricted)},
            elements: {"customer": ExternalEntity(tech: []), "shop": Process(tech: [], inside: "cloud")},
            flows: {"pay": (from: "customer", to: "shop", carries: ["card"], facts: {"enc": "none", "net": "internet"})},
        )"#,
    )
}

#[test]
fn a_mitigation_that_takes_the_weakness_away_closes_its_threat() {
    let mut model = plain();
    let row = |model: &ThreatModel| {
        let all = analysis(model, day(2));
        all.threats.into_iter().find(|row| row.key.as_str() == "pay:core.i.flow-plaintext").unwrap()
    };
    assert!(row(&model).is_open());
    let mut mitigation = Mitigation::new("Encrypt the way in");
    let on = vec![Id::new("pay").unwrap()];
    mitigation.provides.push(Provides { fact: "enc".to_owned(), value: FactValue::text("tls"), on });
    model.mitigations.insert(Id::new("tls").unwrap(), mitigation.clone());
    assert!(row(&model).is_open(), "proposed is not done");
    mitigation.status = MitigationStatus::Implemented;
    model.mitigations.insert(Id::new("tls").unwrap(), mitigation);
    let closed = row(&model);
    assert_eq!(closed.status, Status::Mitigated { evidence: vec![], on: Some(day(2)) });
    assert_eq!(closed.closed_by, vec![Id::new("tls").unwrap()]);
}

#[test]
fn names_that_lead_nowhere_are_said_and_empty_no_register() {
    let mut model = shop();
    update(&mut model, day(1));
    let key = ThreatKey::parse("shop:core.d.no-rate-limt").unwrap();
    let mut threat = model.threats[&ThreatKey::parse(KEY).unwrap()].clone();
    threat.status = Status::Avoided { reason: "no".to_owned() };
    model.threats.insert(key.clone(), threat.clone());
    model.system.packs = Some(vec!["core".to_owned(), "cora".to_owned()]);
    let said = |model: &ThreatModel| -> Vec<String> {
        let found = known::names(model, &Knowledge::builtin());
        found.iter().map(|d| format!("{} {}: {}", d.code, d.message, d.help.as_deref().unwrap_or_default())).collect()
    };
    assert_eq!(
        said(&model),
        [
            "unknown-pack there is no rule pack `cora`: did you mean `core`?",
            "unknown-rule there is no rule `core.d.no-rate-limt`: did you mean `core.d.no-rate-limit`? Its record is kept as it is until then",
        ]
    );
    update(&mut model, day(2));
    assert_eq!(model.threats[&key], threat, "nothing is known of the rule, so its record stays");
    model.system.packs = Some(Vec::new());
    assert!(said(&model)[0].starts_with("no-pack "), "{:?}", said(&model));
}

/// A row about a thing that was deleted names what records that, and once that is recorded it says nothing.
#[test]
fn what_was_deleted_is_recorded_and_then_left_alone() {
    let sandbox = crate::cli::small();
    assert!(sandbox.sconce(&["update"]).status.success());
    let own = "    threats: {\n        \"shop:own.odd\": (severity: Low, opened: \"2026-11-20\", title: \"Odd\", stride: [T]),\n";
    let text = sandbox.read("shop.tm.ron").replacen("    threats: {\n", own, 1);
    let (from, to) = (text.find("        \"shop\": Process").unwrap(), text.find("    flows: {").unwrap());
    let end = text.find("    threats: {").unwrap();
    let gone = |text: &str| format!("{}    }},\n{}", &text[..from], &text[end..]);
    assert!(to < end);
    // A decision stays beside the row that says that its threat is gone; so does the row.
    for status in ["", ", status: Accepted(reason: \"the edge limits it\", approver: \"li\", expires: \"2027-01-31\")"]
    {
        sandbox.write("shop.tm.ron", text.replace("be flooded\"", &format!("be flooded\"{status}")));
        assert!(sandbox.sconce(&["update"]).status.success());
        sandbox.write("shop.tm.ron", gone(&sandbox.read("shop.tm.ron")));
        let before = sandbox.picture(&["check"]);
        assert_eq!(before.matches("note[orphan-threat]").count(), 2, "{before}");
        assert!(before.contains(" = help: `sconce update` records that the threat is gone\n"), "{before}");
        assert!(sandbox.sconce(&["update"]).status.success());
        let after = sandbox.picture(&["check"]);
        // What people wrote is theirs to take out.
        assert_eq!(after.matches("note[orphan-threat]").count(), 1, "{after}");
        assert!(
            after.contains("\"shop:own.odd\"") && after.contains(" = help: add it, or delete the mention\n"),
            "{after}"
        );
        assert!(sandbox.read("shop.tm.ron").contains("\"shop:core.d.no-rate-limit\""));
    }
    // A name that is like another one may be a slip.
    let slip = text.replace("\"shop:own.odd\"", "\"shp:own.odd\"").replace("\"shop:core.d", "\"shp:core.d");
    sandbox.write("shop.tm.ron", slip);
    let told = sandbox.picture(&["check"]);
    assert!(told.contains(" = help: did you mean `shop`?\n"), "{told}");
    let both = " = help: did you mean `shop`? If it was deleted, `sconce update` records that the threat is gone\n";
    assert!(told.contains(both), "{told}");
}
