//! The life of one threat: raised, decided, gone, back; what the register keeps of it.

use crate::rules::condition::model;
use sconce::analysis::{Analysis, is_up_to_date, reconcile};
use sconce::model::act::{Decision, decide};
use sconce::model::{Date, FactValue, Id, Status, ThreatKey, ThreatModel};
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
fn names_are_not_keys() {
    let before = shop();
    let mut after = before.clone();
    for element in after.elements.values_mut() {
        element.name = format!("New {}", element.name);
    }
    let keys = |m: &ThreatModel| analysis(m, day(1)).threats.into_iter().map(|t| (t.key, t.id)).collect::<Vec<_>>();
    assert!(!keys(&before).is_empty());
    assert_eq!(keys(&before), keys(&after));
}
