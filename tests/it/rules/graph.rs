//! What graph conditions mean, with unknown facts taken both ways.

use super::condition::{ask, model};
use sconce::model::SubjectKind;

const ELEMENTS: &[SubjectKind] = &[SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore];

/// user → gate → app → db, and user → back → app; the back door's limit is what the argument says.
fn two_doors(back: &str) -> sconce::model::ThreatModel {
    model(&format!(
        r#"(
            elements: {{
                "user": ExternalEntity(),
                "gate": Process(facts: {{"rate_limit": "present"}}),
                "back": Process(facts: {{{back}}}),
                "app": Process(facts: {{"rate_limit": "absent"}}),
                "db": DataStore(),
                "clock": ExternalEntity(),
            }},
            flows: {{
                "a": (from: "user", to: "gate"), "b": (from: "gate", to: "app"), "c": (from: "app", to: "db"),
                "d": (from: "user", to: "back"), "e": (from: "back", to: "app"),
            }},
        )"#
    ))
}

#[test]
fn a_guard_must_stand_on_every_path() {
    let guarded = r#"All([ReachableFrom(), GuardedBy(by: Has("rate_limit"))])"#;
    let check = |back, expected| assert_eq!(ask(&two_doors(back), ELEMENTS, guarded), expected, "{back}");
    check(r#""rate_limit": "present""#, "app db");
    check(r#""rate_limit": "absent""#, "");
    check("", "app? db?");
}

#[test]
fn paths_avoid_what_stops_them() {
    let doors = two_doors("");
    let check = |condition, expected| assert_eq!(ask(&doors, ELEMENTS, condition), expected, "{condition}");
    check("ReachableFrom()", "app back db gate");
    check(r#"ReachableFrom(without: Has("rate_limit"))"#, "app? back db? gate");
    check("Reaches(to: Kind([DataStore]))", "app back gate user");
    check(r#"Reaches(to: Kind([DataStore]), without: Has("rate_limit"))"#, "app back gate user?");
    let system = &[SubjectKind::System];
    assert_eq!(ask(&doors, system, "Path(to: Kind([DataStore]))"), "system");
    assert_eq!(ask(&doors, system, r#"Path(to: Kind([DataStore]), without: Has("rate_limit"))"#), "system?");
}

#[test]
fn flows_carry_controls_too() {
    let net = model(
        r#"(
            elements: {"user": ExternalEntity(), "app": Process()},
            flows: {"in": (from: "user", to: "app", facts: {"enc": "mtls"})},
        )"#,
    );
    assert_eq!(ask(&net, ELEMENTS, r#"GuardedBy(by: Is("enc", "mtls"))"#), "app user");
}

#[test]
fn calls_go_where_the_connection_is_opened() {
    let net = model(
        r#"(
            elements: {"a": Process(), "b": Process(), "c": Process()},
            flows: {
                "ask": (from: "a", to: "b"),
                "answer": (from: "b", to: "a", response_of: "ask"),
                "pull": (from: "c", to: "b", facts: {"initiator": "target"}),
            },
        )"#,
    );
    let check = |condition, expected| assert_eq!(ask(&net, ELEMENTS, condition), expected, "{condition}");
    check("Reaches(to: Kind([Process]), along: Calls)", "a b");
    check("Reaches(to: Kind([Process]))", "a b c");
    check("ChainOut(2, Always)", "a");
    check("ChainOut(3, Always)", "");
    check("InCycle(Always)", "a b");
}

#[test]
fn taint_goes_through_stores_that_are_read() {
    let net = |readonly: &str| {
        model(&format!(
            r#"(
                elements: {{"user": ExternalEntity(), "writer": Process(), "db": DataStore(), "reader": Process()}},
                flows: {{
                    "post": (from: "user", to: "writer"),
                    "save": (from: "writer", to: "db"),
                    "query": (from: "reader", to: "db", facts: {{"readonly": "{readonly}"}}),
                }},
            )"#
        ))
    };
    assert_eq!(ask(&net("yes"), ELEMENTS, "TaintedBy()"), "db reader writer");
    assert_eq!(ask(&net("no"), ELEMENTS, "TaintedBy()"), "db writer");
}

#[test]
fn one_element_may_be_all_that_connects() {
    let single = "ArticulationPoint(between: Kind([ExternalEntity]), and: Kind([DataStore]))";
    assert_eq!(ask(&two_doors(""), ELEMENTS, single), "app");
}

#[test]
fn a_boundary_stands_for_its_members() {
    let net = model(
        r#"(
            boundaries: {"pods": (), "inner": (inside: "pods")},
            elements: {"user": ExternalEntity(), "a": Process(inside: "pods"), "b": Process(inside: "inner"), "log": DataStore()},
            flows: {"in": (from: "user", to: "pods"), "out": (from: "pods", to: "log")},
        )"#,
    );
    assert_eq!(ask(&net, ELEMENTS, "ReachableFrom()"), "a b log");
    assert_eq!(ask(&net, ELEMENTS, "Reaches(to: Kind([DataStore]))"), "a b user");
}
