//! Models about which nothing is said: they raise no threat, and the questions stay few.

use crate::rules::condition::model;
use sconce::analysis::Analysis;
use sconce::model::ThreatModel;
use sconce::rules::{Knowledge, prove};

/// With the packs that a new model has, and with all of them.
fn check(name: &str, model: &ThreatModel) {
    few(name, model);
    let packs = Knowledge::builtin().rules.packs().map(str::to_owned).collect();
    let mut all = model.clone();
    all.system.packs = Some(packs);
    few(&format!("{name}, all packs"), &all);
}

fn few(name: &str, model: &ThreatModel) {
    let analysis = Analysis::of(model, &Knowledge::builtin(), prove::TODAY);
    let threats: Vec<&str> = analysis.threats.iter().map(|t| t.key.as_str()).collect();
    assert_eq!(threats, Vec::<&str>::new(), "{name}");
    let questions: Vec<String> = analysis.questions.iter().map(|q| format!("{} of {}", q.fact, q.kind)).collect();
    assert!(questions.len() <= 12, "{name}: {} questions: {}", questions.len(), questions.join(", "));
    assert!(!questions.is_empty(), "{name}");
    let lints: Vec<String> = analysis.lints.iter().map(|l| format!("{} {}", l.rule, l.subject)).collect();
    assert!(lints.len() <= 5, "{name}: {} lints: {}", lints.len(), lints.join(", "));
}

#[test]
fn bare_models_raise_nothing() {
    let flat = r#"(
        elements: {"user": ExternalEntity(), "web": Process(), "worker": Process(), "db": DataStore()},
        flows: {"a": (from: "user", to: "web"), "b": (from: "web", to: "worker"), "c": (from: "worker", to: "db")},
    )"#;
    check("no boundaries", &model(flat));
    let five = r#"(
        elements: {"user": ExternalEntity(), "web": Process(), "api": Process(), "db": DataStore(), "files": DataStore()},
        flows: {
            "a": (from: "user", to: "web"), "b": (from: "web", to: "api"), "c": (from: "api", to: "db"),
            "d": (from: "api", to: "files"), "e": (from: "web", to: "user", response_of: "a"),
        },
    )"#;
    check("five elements", &model(five));
    let boxed = r#"(
        boundaries: {"dmz": (), "inner": ()},
        elements: {
            "user": ExternalEntity(), "web": Process(inside: "dmz"), "worker": Process(inside: "inner"),
            "db": DataStore(inside: "inner"),
        },
        flows: {"a": (from: "user", to: "web"), "b": (from: "web", to: "worker"), "c": (from: "worker", to: "db")},
    )"#;
    check("boundaries without a kind", &model(boxed));
    let nested = r#"(
        boundaries: {"net": (kind: Internet), "cloud": (kind: Account), "dmz": (kind: Network, inside: "cloud")},
        elements: {
            "user": ExternalEntity(inside: "net"), "web": Process(inside: "dmz"), "worker": Process(inside: "cloud"),
            "db": DataStore(inside: "cloud"), "partner": ExternalEntity(),
        },
        flows: {
            "a": (from: "user", to: "web"), "b": (from: "web", to: "worker"), "c": (from: "worker", to: "db"),
            "d": (from: "partner", to: "worker"), "e": (from: "worker", to: "partner"),
        },
    )"#;
    check("nested boundaries", &model(nested));
}

#[test]
fn the_empty_model_says_nothing() {
    assert_eq!(Analysis::of(&ThreatModel::default(), &Knowledge::builtin(), prove::TODAY), Analysis::default());
}
