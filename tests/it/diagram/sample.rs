//! Neutral sample diagrams (`tests/it/data/layout`) as models. No layout.

use sconce::diagram::{Placement, Point};
use sconce::model::{DataFlow, Element, ElementKind, Id, ThreatModel, TrustBoundary};
use serde_json::Value;

/// The names of the samples made to break layouts.
pub(super) const HOSTILE: &[&str] = &[
    "chain400",
    "cycle3",
    "cycle_across_bounds",
    "deep20",
    "dup_edges",
    "empty",
    "empty_boundary",
    "isolated5",
    "k8",
    "longlabel",
    "one_selfloop",
    "same_label",
    "star60",
    "wide_cjk",
];

/// A sample by name.
pub(super) fn sample(name: &str) -> ThreatModel {
    let path = format!("{}/tests/it/data/layout/{name}.json", env!("CARGO_MANIFEST_DIR"));
    convert(&std::fs::read_to_string(path).unwrap())
}

/// The samples made to break layouts.
pub(super) fn hostile() -> Vec<(&'static str, ThreatModel)> {
    HOSTILE.iter().map(|name| (*name, sample(name))).collect()
}

/// An id from a text.
pub(super) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// Reads `{boundaries: [{id, label, parent}], nodes: [{id, label, kind, parent}], flows: [{id, from, to, label}]}`.
pub(super) fn convert(json: &str) -> ThreatModel {
    let json: Value = serde_json::from_str(json).unwrap();
    let text = |v: &Value, key: &str| v[key].as_str().map(str::to_owned);
    let named = |v: &Value, key: &str| text(v, key).map(|t| Id::slug(&t, "x", |_| false));
    let mut model = ThreatModel::default();
    for b in json["boundaries"].as_array().unwrap() {
        let boundary =
            TrustBoundary { name: text(b, "label").unwrap(), inside: named(b, "parent"), ..Default::default() };
        model.boundaries.insert(named(b, "id").unwrap(), boundary);
    }
    for n in json["nodes"].as_array().unwrap() {
        let kind = match n["kind"].as_str() {
            Some("external") => ElementKind::ExternalEntity,
            Some("store") => ElementKind::DataStore,
            _ => ElementKind::Process,
        };
        let mut element = Element::new(kind, n["label"].as_str().unwrap());
        element.inside = named(n, "parent");
        model.elements.insert(named(n, "id").unwrap(), element);
    }
    for f in json["flows"].as_array().unwrap() {
        let name = text(f, "label").unwrap_or_default();
        let flow = DataFlow { name, from: named(f, "from"), to: named(f, "to"), ..Default::default() };
        model.flows.insert(named(f, "id").unwrap(), flow);
    }
    model
}

/// The upper left corners of the elements that are in both of two pictures.
pub(super) fn anchors(model: &ThreatModel, before: &Placement, after: &Placement) -> Vec<[Point; 2]> {
    let point = |at: &(i32, i32)| Point { x: at.0, y: at.1 };
    model.elements.keys().filter_map(|id| Some([point(before.at.get(id)?), point(after.at.get(id)?)])).collect()
}
