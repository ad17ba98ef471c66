//! `Edit`: the closed list of changes to a model. An edit puts or removes whole entries, so its inverse is always
//! known and a diff of two entries is all that the text has to follow. What a person means ("rename", "accept") is
//! in `act`, which makes edits; nothing here decides anything.

use super::{
    Asset, Assumption, Conflict, Considered, ConsideredKey, DataFlow, Diagram, Element, Id, Mitigation, System, Threat,
    ThreatKey, ThreatModel, TrustBoundary,
};
use std::collections::BTreeMap;
use std::fmt;

/// A change. Applying it yields the change that takes it back.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Writes an entry, new or in the place of the one there.
    Put(Box<Entry>),
    /// Takes an entry out.
    Remove(Place),
    /// Several changes that succeed or fail together, in order.
    All(Vec<Edit>),
}

/// An entry of the model together with where it goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The one record about the system.
    System(System),
    /// A trust boundary.
    Boundary(Id, TrustBoundary),
    /// A class of data.
    Asset(Id, Asset),
    /// An external entity, process or data store.
    Element(Id, Element),
    /// A data flow.
    Flow(Id, DataFlow),
    /// Work that provides controls.
    Mitigation(Id, Mitigation),
    /// Something taken for granted.
    Assumption(Id, Assumption),
    /// A recorded threat.
    Threat(ThreatKey, Threat),
    /// A look without a threat.
    Considered(ConsideredKey, Considered),
    /// A drawing.
    Diagram(Id, Diagram),
    /// What a merge left to people.
    Conflicts(Vec<Conflict>),
}

/// Where an entry is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The record about the system; it can be replaced but not removed.
    System,
    /// In `boundaries`.
    Boundary(Id),
    /// In `assets`.
    Asset(Id),
    /// In `elements`.
    Element(Id),
    /// In `flows`.
    Flow(Id),
    /// In `mitigations`.
    Mitigation(Id),
    /// In `assumptions`.
    Assumption(Id),
    /// In `threats`.
    Threat(ThreatKey),
    /// In `considered`.
    Considered(ConsideredKey),
    /// In `diagrams`.
    Diagram(Id),
    /// The list of what a merge left to people; it can be emptied but not removed.
    Conflicts,
}

impl Place {
    /// The section of the file.
    pub const fn section(&self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Boundary(_) => "boundaries",
            Self::Asset(_) => "assets",
            Self::Element(_) => "elements",
            Self::Flow(_) => "flows",
            Self::Mitigation(_) => "mitigations",
            Self::Assumption(_) => "assumptions",
            Self::Threat(_) => "threats",
            Self::Considered(_) => "considered",
            Self::Diagram(_) => "diagrams",
            Self::Conflicts => "conflicts",
        }
    }

    /// The key in that section; `None` for the system and the list of conflicts.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::System | Self::Conflicts => None,
            Self::Boundary(id)
            | Self::Asset(id)
            | Self::Element(id)
            | Self::Flow(id)
            | Self::Mitigation(id)
            | Self::Assumption(id)
            | Self::Diagram(id) => Some(id.to_string()),
            Self::Threat(key) => Some(key.to_string()),
            Self::Considered(key) => Some(key.to_string()),
        }
    }

    /// Whether rules read what stands there. Decisions, looks, assumptions and drawings they do not.
    pub const fn is_read_by_rules(&self) -> bool {
        match self {
            Self::Threat(_) | Self::Considered(_) | Self::Assumption(_) | Self::Diagram(_) | Self::Conflicts => false,
            Self::System
            | Self::Boundary(_)
            | Self::Asset(_)
            | Self::Element(_)
            | Self::Flow(_)
            | Self::Mitigation(_) => true,
        }
    }

    /// Whether its id lives in the namespace that boundaries, assets, elements and flows share.
    const fn shared_id(&self) -> Option<&Id> {
        match self {
            Self::Boundary(id) | Self::Asset(id) | Self::Element(id) | Self::Flow(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key() {
            None => f.write_str(self.section()),
            Some(key) => write!(f, "{}.{key}", self.section()),
        }
    }
}

impl Place {
    /// The place that a section and a key name, as [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (section, key) = text.split_once('.').unwrap_or((text, ""));
        let id = || Id::new(key).ok();
        Some(match section {
            "system" if key.is_empty() => Self::System,
            "conflicts" if key.is_empty() => Self::Conflicts,
            "boundaries" => Self::Boundary(id()?),
            "assets" => Self::Asset(id()?),
            "elements" => Self::Element(id()?),
            "flows" => Self::Flow(id()?),
            "mitigations" => Self::Mitigation(id()?),
            "assumptions" => Self::Assumption(id()?),
            "threats" => Self::Threat(ThreatKey::parse(key).ok()?),
            "considered" => Self::Considered(ConsideredKey::parse(key).ok()?),
            "diagrams" => Self::Diagram(id()?),
            _ => return None,
        })
    }
}

impl Entry {
    /// The ids that a thing of the shared namespace had before; `None` for anything else.
    pub fn formerly_mut(&mut self) -> Option<&mut Vec<Id>> {
        match self {
            Self::Boundary(_, b) => Some(&mut b.formerly),
            Self::Asset(_, a) => Some(&mut a.formerly),
            Self::Element(_, e) => Some(&mut e.formerly),
            Self::Flow(_, f) => Some(&mut f.formerly),
            _ => None,
        }
    }

    /// Where it goes.
    pub fn place(&self) -> Place {
        match self {
            Self::System(_) => Place::System,
            Self::Boundary(id, _) => Place::Boundary(id.clone()),
            Self::Asset(id, _) => Place::Asset(id.clone()),
            Self::Element(id, _) => Place::Element(id.clone()),
            Self::Flow(id, _) => Place::Flow(id.clone()),
            Self::Mitigation(id, _) => Place::Mitigation(id.clone()),
            Self::Assumption(id, _) => Place::Assumption(id.clone()),
            Self::Threat(key, _) => Place::Threat(key.clone()),
            Self::Considered(key, _) => Place::Considered(key.clone()),
            Self::Diagram(id, _) => Place::Diagram(id.clone()),
            Self::Conflicts(_) => Place::Conflicts,
        }
    }
}

/// Why an edit was refused. The model is then as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Nothing is there to remove.
    NotThere(Place),
    /// The id is in use by something of another kind.
    Taken(Id),
    /// The record about the system cannot be removed.
    Needed,
    /// The model may be looked at only, for example because a newer program wrote it.
    ReadOnly,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(place) => write!(f, "there is no {place}"),
            Self::Taken(id) => write!(f, "the id `{id}` is in use already"),
            Self::Needed => write!(f, "a model always has a system"),
            Self::ReadOnly => write!(f, "the model is open read-only"),
        }
    }
}

impl std::error::Error for EditError {}

impl Edit {
    /// Puts one entry.
    pub fn put(entry: Entry) -> Self {
        Self::Put(Box::new(entry))
    }

    /// The places it touches, in order; a place may come twice.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::Put(entry) => vec![entry.place()],
            Self::Remove(place) => vec![place.clone()],
            Self::All(edits) => edits.iter().flat_map(Self::places).collect(),
        }
    }

    /// Changes the model and returns the edit that changes it back, or leaves it as it was.
    pub fn apply(self, model: &mut ThreatModel) -> Result<Self, EditError> {
        match self {
            Self::Put(entry) => put(model, *entry),
            Self::Remove(place) => match remove(model, &place)? {
                Some(entry) => Ok(Self::put(entry)),
                None => Err(EditError::NotThere(place)),
            },
            Self::All(edits) => {
                let mut inverse = Vec::with_capacity(edits.len());
                for edit in edits {
                    match edit.apply(model) {
                        Ok(back) => inverse.push(back),
                        Err(error) => {
                            for back in inverse.into_iter().rev() {
                                back.apply(model)?;
                            }
                            return Err(error);
                        }
                    }
                }
                inverse.reverse();
                Ok(Self::All(inverse))
            }
        }
    }
}

impl ThreatModel {
    /// The place of every entry but the system's and the conflicts, in order.
    pub fn places(&self) -> Vec<Place> {
        let mut all: Vec<Place> = Vec::new();
        all.extend(self.boundaries.keys().cloned().map(Place::Boundary));
        all.extend(self.assets.keys().cloned().map(Place::Asset));
        all.extend(self.elements.keys().cloned().map(Place::Element));
        all.extend(self.flows.keys().cloned().map(Place::Flow));
        all.extend(self.mitigations.keys().cloned().map(Place::Mitigation));
        all.extend(self.assumptions.keys().cloned().map(Place::Assumption));
        all.extend(self.threats.keys().cloned().map(Place::Threat));
        all.extend(self.considered.keys().cloned().map(Place::Considered));
        all.extend(self.diagrams.keys().cloned().map(Place::Diagram));
        all
    }

    /// The entry at a place.
    pub fn entry(&self, place: &Place) -> Option<Entry> {
        match place {
            Place::System => Some(Entry::System(self.system.clone())),
            Place::Boundary(id) => self.boundaries.get(id).map(|v| Entry::Boundary(id.clone(), v.clone())),
            Place::Asset(id) => self.assets.get(id).map(|v| Entry::Asset(id.clone(), v.clone())),
            Place::Element(id) => self.elements.get(id).map(|v| Entry::Element(id.clone(), v.clone())),
            Place::Flow(id) => self.flows.get(id).map(|v| Entry::Flow(id.clone(), v.clone())),
            Place::Mitigation(id) => self.mitigations.get(id).map(|v| Entry::Mitigation(id.clone(), v.clone())),
            Place::Assumption(id) => self.assumptions.get(id).map(|v| Entry::Assumption(id.clone(), v.clone())),
            Place::Threat(key) => self.threats.get(key).map(|v| Entry::Threat(key.clone(), v.clone())),
            Place::Considered(key) => self.considered.get(key).map(|v| Entry::Considered(key.clone(), v.clone())),
            Place::Diagram(id) => self.diagrams.get(id).map(|v| Entry::Diagram(id.clone(), v.clone())),
            Place::Conflicts => Some(Entry::Conflicts(self.conflicts.clone())),
        }
    }
}

fn put(model: &mut ThreatModel, entry: Entry) -> Result<Edit, EditError> {
    let place = entry.place();
    if let Some(id) = place.shared_id() {
        let here = match &place {
            Place::Boundary(_) => model.boundaries.contains_key(id),
            Place::Asset(_) => model.assets.contains_key(id),
            Place::Element(_) => model.elements.contains_key(id),
            _ => model.flows.contains_key(id),
        };
        if !here && (id.as_str() == super::SYSTEM || model.thing(id).is_some()) {
            return Err(EditError::Taken(id.clone()));
        }
    }
    let before = match entry {
        Entry::System(v) => Some(Entry::System(std::mem::replace(&mut model.system, v))),
        Entry::Boundary(k, v) => set(&mut model.boundaries, k, v, Entry::Boundary),
        Entry::Asset(k, v) => set(&mut model.assets, k, v, Entry::Asset),
        Entry::Element(k, v) => set(&mut model.elements, k, v, Entry::Element),
        Entry::Flow(k, v) => set(&mut model.flows, k, v, Entry::Flow),
        Entry::Mitigation(k, v) => set(&mut model.mitigations, k, v, Entry::Mitigation),
        Entry::Assumption(k, v) => set(&mut model.assumptions, k, v, Entry::Assumption),
        Entry::Threat(k, v) => set(&mut model.threats, k, v, Entry::Threat),
        Entry::Considered(k, v) => set(&mut model.considered, k, v, Entry::Considered),
        Entry::Diagram(k, v) => set(&mut model.diagrams, k, v, Entry::Diagram),
        Entry::Conflicts(v) => Some(Entry::Conflicts(std::mem::replace(&mut model.conflicts, v))),
    };
    Ok(before.map_or(Edit::Remove(place), Edit::put))
}

fn set<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, key: K, value: V, entry: fn(K, V) -> Entry) -> Option<Entry> {
    map.insert(key.clone(), value).map(|before| entry(key, before))
}

fn remove(model: &mut ThreatModel, place: &Place) -> Result<Option<Entry>, EditError> {
    Ok(match place {
        Place::System | Place::Conflicts => return Err(EditError::Needed),
        Place::Boundary(id) => model.boundaries.remove_entry(id).map(|(k, v)| Entry::Boundary(k, v)),
        Place::Asset(id) => model.assets.remove_entry(id).map(|(k, v)| Entry::Asset(k, v)),
        Place::Element(id) => model.elements.remove_entry(id).map(|(k, v)| Entry::Element(k, v)),
        Place::Flow(id) => model.flows.remove_entry(id).map(|(k, v)| Entry::Flow(k, v)),
        Place::Mitigation(id) => model.mitigations.remove_entry(id).map(|(k, v)| Entry::Mitigation(k, v)),
        Place::Assumption(id) => model.assumptions.remove_entry(id).map(|(k, v)| Entry::Assumption(k, v)),
        Place::Threat(key) => model.threats.remove_entry(key).map(|(k, v)| Entry::Threat(k, v)),
        Place::Considered(key) => model.considered.remove_entry(key).map(|(k, v)| Entry::Considered(k, v)),
        Place::Diagram(id) => model.diagrams.remove_entry(id).map(|(k, v)| Entry::Diagram(k, v)),
    })
}
