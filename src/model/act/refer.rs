//! References: everywhere an id is mentioned, for renaming it everywhere and for taking out mentions of what goes.

use crate::model::{Edit, Entry, Id, Place, ThreatKey, ThreatModel};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

/// Why an id cannot be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenameError {
    /// No boundary, asset, element or flow has it.
    Unknown(Id),
    /// The new id is in use.
    Taken(Id),
}

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(id) => write!(f, "no boundary, asset, element or flow has the id `{id}`"),
            Self::Taken(id) => write!(f, "the id `{id}` is in use already"),
        }
    }
}

impl std::error::Error for RenameError {}

/// Replaces an id everywhere and leaves the old one in `formerly`, so that decisions, diffs and trackers follow.
pub fn rename(model: &ThreatModel, from: &Id, to: &Id) -> Result<Edit, RenameError> {
    if model.thing(from).is_none() {
        return Err(RenameError::Unknown(from.clone()));
    }
    if to.as_str() == crate::model::SYSTEM || model.thing(to).is_some() {
        return Err(RenameError::Taken(to.clone()));
    }
    let map = |id: &Id| if id == from { to.clone() } else { id.clone() };
    let mut edits = Vec::new();
    let mut put = Vec::new();
    for place in model.places() {
        let Some(before) = model.entry(&place) else { continue };
        let mut after = map_entry(before.clone(), &map);
        if let Some(formerly) = (after.place() != place).then(|| after.formerly_mut()).flatten() {
            formerly.retain(|id| id != to);
            formerly.push(from.clone());
        }
        if after != before {
            if after.place() != place {
                edits.push(Edit::Remove(place));
            }
            put.push(Edit::put(after));
        }
    }
    edits.extend(put);
    Ok(Edit::All(edits))
}

/// The ids of the shared namespace that an entry cannot do without, its own left out; what a drawing shows is not among
/// them.
pub fn mentions(entry: &Entry) -> BTreeSet<Id> {
    let ids = RefCell::new(BTreeSet::new());
    if !matches!(entry, Entry::Diagram(..)) {
        map_entry(entry.clone(), &|id: &Id| {
            ids.borrow_mut().insert(id.clone());
            id.clone()
        });
    }
    let mut ids = ids.into_inner();
    if let Place::Boundary(own) | Place::Asset(own) | Place::Element(own) | Place::Flow(own) = entry.place() {
        ids.remove(&own);
    }
    ids
}

/// The entry with every id of the shared namespace replaced, its own place included. `formerly` stays.
pub fn map_entry(entry: Entry, map: &impl Fn(&Id) -> Id) -> Entry {
    let one = |id: &mut Option<Id>| {
        if let Some(id) = id {
            *id = map(id);
        }
    };
    let many = |ids: &mut Vec<Id>| {
        for id in ids.iter_mut() {
            *id = map(id);
        }
        ids.sort();
    };
    let some = |ids: &mut Option<Vec<Id>>| ids.iter_mut().for_each(many);
    match entry {
        Entry::System(_) | Entry::Conflicts(_) => entry,
        Entry::Boundary(id, mut b) => {
            one(&mut b.inside);
            Entry::Boundary(map(&id), b)
        }
        Entry::Asset(id, a) => Entry::Asset(map(&id), a),
        Entry::Element(id, mut e) => {
            one(&mut e.inside);
            some(&mut e.stores);
            some(&mut e.processes);
            Entry::Element(map(&id), e)
        }
        Entry::Flow(id, mut f) => {
            one(&mut f.from);
            one(&mut f.to);
            one(&mut f.response_of);
            some(&mut f.carries);
            Entry::Flow(map(&id), f)
        }
        Entry::Mitigation(id, mut m) => {
            m.provides.iter_mut().for_each(|p| many(&mut p.on));
            Entry::Mitigation(id, m)
        }
        Entry::Assumption(id, mut a) => {
            a.supports = a.supports.iter().map(|k| k.map_ids(map)).collect();
            a.supports.sort();
            Entry::Assumption(id, a)
        }
        Entry::Threat(key, t) => Entry::Threat(key.map_ids(map), t),
        Entry::Considered(mut key, c) => {
            key.subject = map(&key.subject);
            Entry::Considered(key, c)
        }
        Entry::Diagram(id, mut d) => {
            some(&mut d.shows);
            d.pins = d.pins.iter().map(|(id, pin)| (map(id), *pin)).collect();
            Entry::Diagram(id, d)
        }
    }
}

/// What goes: ids of the shared namespace, keys of threats, and members that another edit has moved already.
pub(super) struct References<'a> {
    pub(super) ids: &'a [Id],
    pub(super) threats: &'a [ThreatKey],
    pub(super) moved: &'a [Id],
}

/// Edits that take every mention of what goes out of what stays.
pub(super) fn without(model: &ThreatModel, gone: &References<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for place in model.places() {
        let stays = match &place {
            Place::Boundary(id) | Place::Asset(id) | Place::Element(id) | Place::Flow(id) => {
                !gone.ids.contains(id) && !gone.moved.contains(id)
            }
            Place::Threat(_) | Place::Considered(_) => false,
            _ => true,
        };
        let Some(before) = stays.then(|| model.entry(&place)).flatten() else { continue };
        let after = drop_from(before.clone(), gone);
        if after != before {
            edits.push(Edit::put(after));
        }
    }
    edits
}

fn drop_from(mut entry: Entry, gone: &References<'_>) -> Entry {
    let is_gone = |id: &Id| gone.ids.contains(id);
    let prune = |ids: &mut Vec<Id>| ids.retain(|id| !is_gone(id));
    match &mut entry {
        Entry::Element(_, e) => {
            e.stores.iter_mut().for_each(prune);
            e.processes.iter_mut().for_each(prune);
        }
        Entry::Flow(_, f) => {
            f.carries.iter_mut().for_each(prune);
            for end in [&mut f.from, &mut f.to, &mut f.response_of] {
                if end.as_ref().is_some_and(is_gone) {
                    *end = None;
                }
            }
        }
        Entry::Mitigation(_, m) => {
            m.provides.iter_mut().for_each(|p| prune(&mut p.on));
            m.provides.retain(|p| !p.on.is_empty());
        }
        Entry::Assumption(_, a) => a.supports.retain(|k| !gone.threats.contains(k)),
        Entry::Diagram(_, d) => {
            d.shows.iter_mut().for_each(prune);
            d.pins.retain(|id, _| !is_gone(id));
        }
        _ => {}
    }
    entry
}
