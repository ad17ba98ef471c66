//! A merged model holds together: what is still referred to comes back, and no boundary lies in itself. Each such
//! repair is a conflict, since the branches did not agree. Fields are not looked at otherwise.

use crate::file::said;
use crate::model::{Conflict, Edit, Entry, Id, Place, SYSTEM, ThreatModel, act};
use std::collections::BTreeSet;

/// Mends what the two branches together broke.
pub(super) fn mend(
    merged: &mut ThreatModel,
    base: &ThreatModel,
    ours: &ThreatModel,
    theirs: &ThreatModel,
    conflicts: &mut Vec<Conflict>,
) {
    // What one branch alone refers to in vain is not for the merge to mend.
    let mut lost: BTreeSet<Place> = BTreeSet::new();
    for branch in [ours, theirs] {
        while let Some((gone, _)) = missing(branch, &lost) {
            lost.insert(gone);
        }
    }
    // Whatever comes back can refer to more that is gone.
    while let Some((missing, by)) = missing(merged, &lost) {
        let found = [ours, theirs, base].iter().find_map(|model| find(model, &missing));
        let Some(entry) = found else {
            lost.insert(missing);
            continue;
        };
        let of = entry.place();
        let text = |model: &ThreatModel| model.entry(&of).map(|entry| said::said(&entry).to_string());
        let conflict = Conflict {
            of: of.to_string(),
            field: None,
            base: text(base),
            ours: text(ours),
            theirs: text(theirs),
            why: Some(format!("one branch took it out, but {by} still refers to it")),
        };
        if Edit::put(entry).apply(merged).is_err() {
            lost.insert(missing);
            continue;
        }
        // What both changed is listed already.
        if !conflicts.iter().any(|c| c.of == conflict.of && c.field.is_none()) {
            conflicts.push(conflict);
        }
    }
    prune_drawings(merged, [base, ours, theirs]);
    while let Some(id) = circle(merged, ours) {
        let Some(boundary) = merged.boundaries.get(&id).cloned() else { break };
        let inside = |model: &ThreatModel| model.boundaries.get(&id).and_then(|b| b.inside.clone());
        let quoted = |id: Option<Id>| id.map(|id| format!("\"{id}\""));
        let kept = inside(ours).filter(|around| Some(around) != boundary.inside.as_ref());
        conflicts.push(Conflict {
            of: Place::Boundary(id.clone()).to_string(),
            field: Some("inside".to_owned()),
            base: quoted(inside(base)),
            ours: quoted(kept.clone()),
            theirs: quoted(boundary.inside.clone()),
            why: Some(
                "both branches moved boundaries so that they would lie in each other; for theirs the two change places"
                    .to_owned(),
            ),
        });
        merged.boundaries.insert(id, crate::model::TrustBoundary { inside: kept, ..boundary });
    }
}

/// Takes out of drawings what one branch took out of the model: no question is worth that.
fn prune_drawings(merged: &mut ThreatModel, sides: [&ThreatModel; 3]) {
    let there: BTreeSet<Id> = merged.things().map(|(id, _)| id.clone()).collect();
    let stays = |id: &Id| there.contains(id) || sides.iter().all(|side| side.thing(id).is_none());
    for diagram in merged.diagrams.values_mut() {
        diagram.shows.iter_mut().for_each(|shows| shows.retain(stays));
        diagram.pins.retain(|id, _| stays(id));
    }
}

/// The first place that is referred to and not there, and what refers to it. The place of a thing is that of an element,
/// whatever it is.
fn missing(model: &ThreatModel, lost: &BTreeSet<Place>) -> Option<(Place, Place)> {
    let things = ids(model);
    model.places().into_iter().find_map(|place| {
        let entry = model.entry(&place)?;
        let gone = unknown(model, &things, &entry).into_iter().find(|gone| !lost.contains(gone));
        gone.map(|gone| (gone, place))
    })
}

/// The first thing that an entry refers to and a model does not have.
pub(in crate::review) fn first_unknown(model: &ThreatModel, entry: &Entry) -> Option<Place> {
    match entry {
        // What the register tells of may be gone.
        Entry::Threat(..) | Entry::Considered(..) => others(model, entry).into_iter().next(),
        _ => unknown(model, &ids(model), entry).into_iter().next(),
    }
}

fn ids(model: &ThreatModel) -> BTreeSet<Id> {
    model.things().map(|(id, _)| id.clone()).chain(Id::new(SYSTEM).ok()).collect()
}

/// What an entry refers to and a model does not have.
fn unknown(model: &ThreatModel, things: &BTreeSet<Id>, entry: &Entry) -> Vec<Place> {
    let gone = act::mentions(entry).into_iter().filter(|id| !things.contains(id)).map(Place::Element);
    others(model, entry).into_iter().chain(gone).collect()
}

/// The entry that a missing place had.
fn find(model: &ThreatModel, missing: &Place) -> Option<Entry> {
    let Place::Element(id) = missing else { return model.entry(missing) };
    let all = [Place::Boundary, Place::Asset, Place::Element, Place::Flow];
    all.into_iter().find_map(|place| model.entry(&place(id.clone())))
}

/// Mitigations and threats that an entry refers to and that are not there.
fn others(model: &ThreatModel, entry: &Entry) -> Vec<Place> {
    match entry {
        Entry::Threat(_, threat) => {
            let gone = threat.mitigations.iter().filter(|id| !model.mitigations.contains_key(*id));
            gone.cloned().map(Place::Mitigation).collect()
        }
        Entry::Assumption(_, assumption) => {
            let gone = assumption.supports.iter().filter(|key| !model.threats.contains_key(*key));
            gone.cloned().map(Place::Threat).collect()
        }
        _ => Vec::new(),
    }
}

/// A boundary that lies in itself: of those on the circle one that our branch does not have where it is.
fn circle(model: &ThreatModel, ours: &ThreatModel) -> Option<Id> {
    let around = |id: &Id| model.boundaries.get(id).and_then(|b| b.inside.clone());
    for start in model.boundaries.keys() {
        let (mut at, mut on) = (around(start), vec![start.clone()]);
        while let Some(id) = at.filter(|id| on.len() <= model.boundaries.len() && !on.contains(id)) {
            at = around(&id);
            on.push(id);
        }
        if on.last().and_then(&around).as_ref() == Some(start) {
            let moved = |id: &&Id| ours.boundaries.get(*id).and_then(|b| b.inside.as_ref()) != around(id).as_ref();
            return on.iter().find(moved).or(on.first()).cloned();
        }
    }
    None
}
