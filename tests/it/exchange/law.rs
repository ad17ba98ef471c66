//! Laws of the import, over generated files: it never panics, it loses nothing in silence, and what it makes hangs
//! together. The files are shaped like Threat Dragon's, but hold anything.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sconce::exchange::{Imported, threat_dragon::import};
use sconce::file::Document;
use sconce::model::{Id, ThreatModel};
use serde_json::{Value, json};

/// Any JSON value.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..6).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

/// Keys that mean something to Threat Dragon, and some that do not.
fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "id",
        "shape",
        "data",
        "type",
        "name",
        "threats",
        "source",
        "target",
        "cell",
        "position",
        "size",
        "x",
        "y",
        "width",
        "height",
        "title",
        "status",
        "severity",
        "mitigation",
        "cells",
        "labels",
        "attrs",
        "text",
        "other",
    ])
    .prop_map(str::to_owned)
}

fn shape() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "actor",
        "process",
        "store",
        "flow",
        "flow",
        "trust-boundary-box",
        "trust-boundary-box",
        "trust-boundary-curve",
        "td-text-block",
        "cloud",
    ])
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => (-300..300i32).prop_map(f64::from), 1 => any::<f64>()]
}

/// A cell like Threat Dragon's; ids come twice now and then.
fn cell() -> impl Strategy<Value = Value> {
    let id = || (0..9u8).prop_map(|n| format!("c{n}"));
    let end = prop_oneof![id().prop_map(|id| json!({ "cell": id })), Just(json!({"x": 1, "y": 2})), anything()];
    let threat = (prop::sample::select(vec!["Flood", "Theft", ""]), anything(), prop::option::of(".{0,20}"))
        .prop_map(|(title, odd, remedy)| json!({ "title": title, "status": odd, "mitigation": remedy }));
    let place = (number(), number(), number(), number());
    let text = (prop::option::of(".{0,12}"), any::<bool>(), prop::collection::vec(threat, 0..3), anything());
    (shape(), id(), place, text, (end.clone(), end)).prop_map(|(shape, id, place, text, (source, target))| {
        let (x, y, width, height) = place;
        let (name, ticked, threats, odd) = text;
        json!({
            "shape": shape, "id": id, "position": { "x": x, "y": y }, "size": { "width": width, "height": height },
            "source": source, "target": target,
            "data": { "name": name, "isBidirectional": ticked, "outOfScope": ticked, "threats": threats, "extra": odd },
        })
    })
}

fn file(diagrams: &[Vec<Value>]) -> String {
    let diagrams: Vec<Value> = diagrams.iter().map(|cells| json!({ "title": "D", "cells": cells })).collect();
    json!({ "version": "2.0", "summary": { "title": "S" }, "detail": { "diagrams": diagrams } }).to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Everything an import says, as one text on one line.
fn all_words(imported: &Imported) -> String {
    let m = &imported.model;
    let names = m.things().map(|(_, t)| t.name().to_owned());
    let texts = m.diagrams.values().filter_map(|d| d.description.clone());
    let losses = imported.losses.iter().map(|l| format!("{} {} {}", l.where_, l.what, l.value));
    one_line(&names.chain(texts).chain(losses).collect::<Vec<_>>().join("\n"))
}

/// Every reference of a model leads somewhere, no boundary is inside itself, and the model's file says all of it.
fn hangs_together(m: &ThreatModel) {
    comes_back(m);
    let boundary = |id: &Option<Id>| id.as_ref().is_none_or(|id| m.boundaries.contains_key(id));
    assert!(m.elements.values().all(|e| boundary(&e.inside)));
    for (id, b) in &m.boundaries {
        assert!(boundary(&b.inside));
        assert!(!m.boundary_chain(b.inside.as_ref()).contains(&id), "{id} is inside itself");
    }
    let end =
        |id: &Option<Id>| id.as_ref().is_none_or(|id| m.elements.contains_key(id) || m.boundaries.contains_key(id));
    assert!(m.flows.values().all(|f| end(&f.from) && end(&f.to)));
    for (key, t) in &m.threats {
        assert!(m.thing(&key.subject()).is_some(), "{key} is about nothing");
        assert!(t.mitigations.iter().all(|id| m.mitigations.contains_key(id)));
        assert_eq!(sconce::model::ThreatKey::parse(key.as_str()).as_ref(), Ok(key));
    }
    let all: BTreeSet<&Id> = m.things().map(|(id, _)| id).collect();
    assert_eq!(all.len(), m.things().count(), "an id twice");
    for id in all {
        assert_eq!(Id::new(id.as_str()).as_ref(), Ok(id));
    }
    assert!(m.diagrams.values().flat_map(|d| d.shows.iter().flatten()).all(|id| m.thing(id).is_some()));
}

/// Writing a model and reading it again gives the same model and the same text.
pub(super) fn comes_back(m: &ThreatModel) {
    let text = Document::new(m.clone()).text();
    let read = sconce::file::read(&text);
    let document = read.document.unwrap_or_else(|| panic!("{:?}\n{text}", read.diagnostics));
    assert_eq!(document.model(), m);
    assert_eq!(document.text(), text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_json_makes_it_panic(summary in anything(), diagrams in prop::collection::vec(anything(), 0..4), top in anything()) {
        let _ = import(&top.to_string());
        let text = json!({ "summary": { "title": summary }, "detail": { "diagrams": diagrams } }).to_string();
        if let Ok(imported) = import(&text) {
            hangs_together(&imported.model);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = import(&text);
    }

    #[test]
    fn no_cell_goes_in_silence(cells in prop::collection::vec(cell(), 0..12)) {
        let mut cells = cells;
        for (n, cell) in cells.iter_mut().enumerate() {
            cell["data"]["name"] = format!("{} n{n}e", cell["data"]["name"].as_str().unwrap_or("")).into();
        }
        let imported = import(&file(&[cells.clone()])).unwrap();
        hangs_together(&imported.model);
        let words = all_words(&imported);
        for n in 0..cells.len() {
            prop_assert!(words.contains(&format!("n{n}e")), "cell {n} is gone");
        }
        prop_assert_eq!(imported.counts.cells, cells.len());

        let told = |what: &str| imported.losses.iter().filter(|l| l.what.starts_with(what)).count();
        let carriers = cells.iter().filter(|c| c["shape"] != "td-text-block" && c["shape"] != "cloud");
        let threats: usize = carriers.map(|c| c["data"]["threats"].as_array().unwrap().len()).sum();
        prop_assert_eq!(imported.counts.threats + told("threat that"), threats);
        let texts = cells.iter().filter(|c| c["shape"] == "td-text-block").count();
        prop_assert_eq!(imported.counts.texts, texts);
    }

    #[test]
    fn diagrams_that_share_cells_hang_together(
        diagrams in prop::collection::vec(prop::collection::vec(cell(), 0..8), 1..4),
        names in prop::collection::vec(0..3u8, 24),
    ) {
        let mut diagrams = diagrams;
        for (cell, name) in diagrams.iter_mut().flatten().zip(names) {
            cell["data"]["name"] = format!("name {name}").into();
        }
        let text = file(&diagrams);
        let imported = import(&text).unwrap();
        hangs_together(&imported.model);
        prop_assert_eq!(&imported, &import(&text).unwrap());
    }
}
