//! Which thing of the earlier model is which of the later one: by its id, else by the ids it had before. It compares
//! nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Entry, Id, ThreatModel, act};

/// Things whose ids changed: the earlier id and the later one.
pub(super) fn renames(before: &ThreatModel, after: &ThreatModel) -> BTreeMap<Id, Id> {
    let mut all = BTreeMap::new();
    pair(&before.boundaries, &after.boundaries, |b| &b.formerly, &mut all);
    pair(&before.assets, &after.assets, |a| &a.formerly, &mut all);
    pair(&before.elements, &after.elements, |e| &e.formerly, &mut all);
    pair(&before.flows, &after.flows, |f| &f.formerly, &mut all);
    // An id that belonged to something else keeps the two apart.
    all.retain(|_, to| before.thing(to).is_none());
    all
}

/// Joins what has no partner of its own id by any id that both had. The latest counts most.
fn pair<V>(
    before: &BTreeMap<Id, V>,
    after: &BTreeMap<Id, V>,
    formerly: impl Fn(&V) -> &Vec<Id>,
    all: &mut BTreeMap<Id, Id>,
) {
    let mut called: BTreeMap<&Id, &Id> = BTreeMap::new();
    let single = || before.iter().filter(|(id, _)| !after.contains_key(*id));
    for (id, thing) in single() {
        called.extend(formerly(thing).iter().map(|old| (old, id)));
    }
    called.extend(single().map(|(id, _)| (id, id)));
    for (id, thing) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        let names = std::iter::once(id).chain(formerly(thing).iter().rev());
        let found = names.filter_map(|name| called.get(name)).find(|old| !all.contains_key(**old));
        if let Some(old) = found {
            all.insert((*old).clone(), id.clone());
        }
    }
}

/// The earlier model with the later ids in every place, as `act::rename` would leave it.
pub(super) fn carried<'m>(before: &'m ThreatModel, renames: &BTreeMap<Id, Id>) -> Cow<'m, ThreatModel> {
    if renames.is_empty() {
        return Cow::Borrowed(before);
    }
    let map = |id: &Id| renames.get(id).unwrap_or(id).clone();
    let mut model = ThreatModel {
        format: before.format,
        system: before.system.clone(),
        conflicts: before.conflicts.clone(),
        ..ThreatModel::default()
    };
    for entry in before.places().iter().filter_map(|place| before.entry(place)) {
        let old = id(&entry).cloned();
        let mut entry = act::map_entry(entry, &map);
        let new = id(&entry).cloned();
        if let (Some(old), Some(new), Some(formerly)) = (old, new, entry.formerly_mut())
            && old != new
        {
            formerly.retain(|id| *id != new);
            formerly.push(old);
        }
        insert(&mut model, entry);
    }
    Cow::Owned(model)
}

/// The id that a thing of the diagram has.
fn id(entry: &Entry) -> Option<&Id> {
    match entry {
        Entry::Boundary(id, _) | Entry::Asset(id, _) | Entry::Element(id, _) | Entry::Flow(id, _) => Some(id),
        _ => None,
    }
}

fn insert(model: &mut ThreatModel, entry: Entry) {
    match entry {
        Entry::System(v) => model.system = v,
        Entry::Conflicts(v) => model.conflicts = v,
        Entry::Boundary(k, v) => drop(model.boundaries.insert(k, v)),
        Entry::Asset(k, v) => drop(model.assets.insert(k, v)),
        Entry::Element(k, v) => drop(model.elements.insert(k, v)),
        Entry::Flow(k, v) => drop(model.flows.insert(k, v)),
        Entry::Mitigation(k, v) => drop(model.mitigations.insert(k, v)),
        Entry::Assumption(k, v) => drop(model.assumptions.insert(k, v)),
        Entry::Threat(k, v) => drop(model.threats.insert(k, v)),
        Entry::Considered(k, v) => drop(model.considered.insert(k, v)),
        Entry::Diagram(k, v) => drop(model.diagrams.insert(k, v)),
    }
}
