//! Drawing: adding, connecting, wrapping, moving, naming and deleting what the diagram shows.

use super::refer::{References, without};
use crate::model::{
    BoundaryKind, DataFlow, Edit, Element, ElementKind, Entry, FactValue, Id, Place, ThreatKey, ThreatModel,
    TrustBoundary,
};

/// Adds an element; the id is made from the name.
pub fn add_element(model: &ThreatModel, kind: ElementKind, name: &str, inside: Option<Id>) -> (Id, Edit) {
    let id = model.fresh_id(name, &kind.title().replace(' ', "-"));
    let element = Element { inside, ..Element::new(kind, name) };
    (id.clone(), Edit::put(Entry::Element(id, element)))
}

/// Adds a trust boundary; the id is made from the name.
pub fn add_boundary(model: &ThreatModel, name: &str, kind: Option<BoundaryKind>, inside: Option<Id>) -> (Id, Edit) {
    let id = model.fresh_id(name, "boundary");
    let boundary = TrustBoundary { name: name.to_owned(), kind, inside, ..TrustBoundary::default() };
    (id.clone(), Edit::put(Entry::Boundary(id, boundary)))
}

/// Adds a data flow; its id is made from its name, else from its ends.
pub fn connect(model: &ThreatModel, from: &Id, to: &Id, name: &str) -> (Id, Edit) {
    let title = if name.trim().is_empty() { format!("{from} to {to}") } else { name.to_owned() };
    let id = model.fresh_id(&title, "flow");
    let flow = DataFlow {
        name: name.trim().to_owned(),
        from: Some(from.clone()),
        to: Some(to.clone()),
        ..DataFlow::default()
    };
    (id.clone(), Edit::put(Entry::Flow(id, flow)))
}

/// Moves an element or boundary into a boundary, or out of all of them. `None` when there is nothing to move, and
/// when a boundary would end up inside itself.
pub fn move_into(model: &ThreatModel, id: &Id, inside: Option<&Id>) -> Option<Edit> {
    if let Some(element) = model.elements.get(id) {
        return Some(Edit::put(Entry::Element(id.clone(), Element { inside: inside.cloned(), ..element.clone() })));
    }
    let boundary = model.boundaries.get(id)?;
    if model.boundary_chain(inside).contains(&id) {
        return None;
    }
    Some(Edit::put(Entry::Boundary(id.clone(), TrustBoundary { inside: inside.cloned(), ..boundary.clone() })))
}

/// Draws a new boundary around elements and boundaries. It goes into the innermost boundary that holds them all.
pub fn wrap(model: &ThreatModel, members: &[Id], name: &str, kind: Option<BoundaryKind>) -> (Id, Edit) {
    let around = |id: &Id| {
        let direct = match (model.elements.get(id), model.boundaries.get(id)) {
            (Some(e), _) => e.inside.as_ref(),
            (_, Some(b)) => b.inside.as_ref(),
            _ => None,
        };
        model.boundary_chain(direct)
    };
    let mut common: Vec<&Id> = members.first().map(&around).unwrap_or_default();
    for member in members {
        let chain = around(member);
        common.retain(|id| chain.contains(id) && !members.contains(id));
    }
    let (id, add) = add_boundary(model, name, kind, common.first().map(|id| (*id).clone()));
    let mut edits = vec![add];
    edits.extend(members.iter().filter_map(|m| move_into(model, m, Some(&id))));
    (id, Edit::All(edits))
}

/// Gives a thing another name; its id stays.
pub fn rename_name(model: &ThreatModel, id: &Id, name: &str) -> Option<Edit> {
    let mut entry =
        [Place::Element(id.clone()), Place::Flow(id.clone()), Place::Boundary(id.clone()), Place::Asset(id.clone())]
            .iter()
            .find_map(|p| model.entry(p))?;
    match &mut entry {
        Entry::Element(_, e) => name.clone_into(&mut e.name),
        Entry::Flow(_, f) => name.clone_into(&mut f.name),
        Entry::Boundary(_, b) => name.clone_into(&mut b.name),
        Entry::Asset(_, a) => name.clone_into(&mut a.name),
        _ => return None,
    }
    Some(Edit::put(entry))
}

/// States a fact, or with `None` forgets it. Returns `None` when nothing has that id.
pub fn set_fact(model: &ThreatModel, id: &Id, fact: &str, value: Option<FactValue>) -> Option<Edit> {
    let mut entry =
        [Place::Element(id.clone()), Place::Flow(id.clone()), Place::Boundary(id.clone()), Place::Asset(id.clone())]
            .iter()
            .find_map(|p| model.entry(p))?;
    let facts = match &mut entry {
        Entry::Element(_, e) => &mut e.facts,
        Entry::Flow(_, f) => &mut f.facts,
        Entry::Boundary(_, b) => &mut b.facts,
        Entry::Asset(_, a) => &mut a.facts,
        _ => return None,
    };
    match value {
        Some(value) => facts.insert(fact.to_owned(), value),
        None => facts.remove(fact),
    };
    Some(Edit::put(entry))
}

/// What a deletion takes along besides the thing itself.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Gone {
    /// Flows that would lose an end.
    pub flows: Vec<Id>,
    /// Recorded threats about the thing or those flows.
    pub threats: Vec<ThreatKey>,
    /// Members that move up into the boundary around.
    pub members: Vec<Id>,
}

/// Deletes a thing. An element takes its flows along; a boundary leaves its members to the boundary around it; every
/// mention elsewhere (assets carried, mitigations, pins, decisions) goes too.
pub fn delete(model: &ThreatModel, id: &Id) -> Option<(Gone, Edit)> {
    let mut gone = Gone::default();
    let mut removed = vec![id.clone()];
    let place = if model.elements.contains_key(id) {
        gone.flows = model
            .flows
            .iter()
            .filter(|(_, f)| f.from.as_ref() == Some(id) || f.to.as_ref() == Some(id))
            .map(|(id, _)| id.clone())
            .collect();
        removed.extend(gone.flows.iter().cloned());
        Place::Element(id.clone())
    } else if model.flows.contains_key(id) {
        Place::Flow(id.clone())
    } else if model.boundaries.contains_key(id) {
        Place::Boundary(id.clone())
    } else if model.assets.contains_key(id) {
        Place::Asset(id.clone())
    } else {
        return None;
    };
    let mut edits = Vec::new();
    if let Some(boundary) = model.boundaries.get(id) {
        let inside = |around: &Option<Id>| around.as_ref() == Some(id);
        let members = model.elements.iter().filter(|(_, e)| inside(&e.inside)).map(|(m, _)| m);
        let nested = model.boundaries.iter().filter(|(_, b)| inside(&b.inside)).map(|(m, _)| m);
        gone.members = members.chain(nested).cloned().collect();
        edits.extend(gone.members.iter().filter_map(|m| move_into(model, m, boundary.inside.as_ref())));
    }
    let is_about = |key: &ThreatKey| {
        removed.contains(&key.subject())
            || key.target().is_some_and(|t| removed.contains(&t))
            || key.detail().is_some_and(|d| removed.iter().any(|r| r.as_str() == d))
    };
    gone.threats = model.threats.keys().filter(|k| is_about(k)).cloned().collect();
    edits.extend(gone.threats.iter().cloned().map(|k| Edit::Remove(Place::Threat(k))));
    let looks = model.considered.keys().filter(|k| removed.contains(&k.subject)).cloned();
    edits.extend(looks.map(|k| Edit::Remove(Place::Considered(k))));
    edits.extend(gone.flows.iter().cloned().map(|f| Edit::Remove(Place::Flow(f))));
    edits.push(Edit::Remove(place));
    edits.extend(without(model, &References { ids: &removed, threats: &gone.threats, moved: &gone.members }));
    Some((gone, Edit::All(edits)))
}
