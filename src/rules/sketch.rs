//! Sketches of examples as threat models. Names are the ids; nothing is decided in them.

use super::language::{Sketch, SketchBody, SketchElement, SketchFact};
use crate::model::{Asset, DataFlow, Element, ElementKind, Facts, Id, SYSTEM, ThreatModel, TrustBoundary};
use std::collections::BTreeMap;

/// The model of a sketch; the message names an id that is none, that two things have, or that does not exist.
pub fn model(sketch: &Sketch) -> Result<ThreatModel, String> {
    unique(sketch)?;
    let mut model = ThreatModel::default();
    for (key, b) in &sketch.boundaries {
        let boundary = TrustBoundary {
            name: key.clone(),
            kind: b.kind,
            trust: b.trust,
            inside: id(b.inside.as_ref())?,
            clearance: b.clearance,
            facts: facts(&b.facts),
            ..TrustBoundary::default()
        };
        model.boundaries.insert(one(key)?, boundary);
    }
    for (key, a) in &sketch.assets {
        let asset = Asset {
            name: key.clone(),
            kind: a.kind,
            confidentiality: a.confidentiality,
            integrity: a.integrity,
            availability: a.availability,
            facts: facts(&a.facts),
            ..Asset::default()
        };
        model.assets.insert(one(key)?, asset);
    }
    for (key, element) in &sketch.elements {
        let (kind, body) = match element {
            SketchElement::ExternalEntity(body) => (ElementKind::ExternalEntity, body),
            SketchElement::Process(body) => (ElementKind::Process, body),
            SketchElement::DataStore(body) => (ElementKind::DataStore, body),
        };
        model.elements.insert(one(key)?, self::element(key, kind, body)?);
    }
    for (key, f) in &sketch.flows {
        let flow = DataFlow {
            from: id(f.from.as_ref())?,
            to: id(f.to.as_ref())?,
            response_of: id(f.response_of.as_ref())?,
            carries: ids(f.carries.as_ref())?,
            credential: f.credential.clone(),
            facts: facts(&f.facts),
            ..DataFlow::default()
        };
        model.flows.insert(one(key)?, flow);
    }
    dangling(&model)?;
    Ok(model)
}

fn element(key: &str, kind: ElementKind, body: &SketchBody) -> Result<Element, String> {
    let mut element = Element::new(kind, key);
    element.inside = id(body.inside.as_ref())?;
    element.tech.clone_from(&body.tech);
    element.runtime.clone_from(&body.runtime);
    element.owner.clone_from(&body.owner);
    element.stores = ids(body.stores.as_ref())?;
    element.processes = ids(body.processes.as_ref())?;
    element.facts = facts(&body.facts);
    Ok(element)
}

fn facts(facts: &BTreeMap<String, SketchFact>) -> Facts {
    facts.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect()
}

fn one(id: &str) -> Result<Id, String> {
    Id::new(id).map_err(|e| format!("`{id}`: {e}"))
}

fn id(text: Option<&String>) -> Result<Option<Id>, String> {
    text.map(|t| one(t)).transpose()
}

fn ids(list: Option<&Vec<String>>) -> Result<Option<Vec<Id>>, String> {
    list.map(|list| list.iter().map(|t| one(t)).collect()).transpose()
}

/// Ids of all kinds of things share one space of names.
fn unique(sketch: &Sketch) -> Result<(), String> {
    let kinds = [
        ("a trust boundary", sketch.boundaries.keys().collect::<Vec<_>>()),
        ("an asset", sketch.assets.keys().collect()),
        ("an element", sketch.elements.keys().collect()),
        ("a data flow", sketch.flows.keys().collect()),
    ];
    let mut taken = BTreeMap::from([(SYSTEM, "the system")]);
    for (kind, id) in kinds.iter().flat_map(|(kind, ids)| ids.iter().map(move |id| (*kind, id.as_str()))) {
        if let Some(other) = taken.insert(id, kind) {
            return Err(format!("`{id}` is the id of {other} and of {kind}; give one of them another"));
        }
    }
    Ok(())
}

fn dangling(model: &ThreatModel) -> Result<(), String> {
    let boundaries = model.boundaries.values().map(|b| &b.inside).chain(model.elements.values().map(|e| &e.inside));
    let lost_boundary = boundaries.flatten().find(|id| !model.boundaries.contains_key(*id));
    let ends = model.flows.values().flat_map(|f| [&f.from, &f.to, &f.response_of]).flatten();
    let lost_end = ends.into_iter().find(|id| model.thing(id).is_none());
    let lists = model.elements.values().flat_map(|e| [&e.stores, &e.processes]);
    let assets = lists.chain(model.flows.values().map(|f| &f.carries)).flatten().flatten();
    let lost_asset = assets.into_iter().find(|id| !model.assets.contains_key(*id));
    match lost_boundary.or(lost_end).or(lost_asset) {
        Some(id) => Err(format!("`{id}` is used but not there")),
        None => Ok(()),
    }
}
