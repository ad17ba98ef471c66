//! The threat model as a value: what a system consists of, what is known about it, and what was decided.
//! It is deliberately not text (that is `file`), not an opinion (that is `rules` and `analysis`), and it never reads
//! a clock, a file or the environment. `Edit` is the only way to change a model that is open.

pub mod act;
mod asset;
mod boundary;
mod conflict;
mod diagram;
pub mod edit;
mod element;
pub mod fact;
mod flow;
pub mod graph;
pub mod id;
mod mitigation;
pub mod resolve;
mod risk;
mod system;
mod threat;
mod word;

pub use asset::{Asset, AssetKind};
pub use boundary::{BoundaryKind, TrustBoundary};
pub use conflict::Conflict;
pub use diagram::{Diagram, Pin};
pub use edit::{Edit, EditError, Entry, Place};
pub use element::{Element, ElementKind};
pub use fact::{FactDef, FactValue, Facts, SubjectKind, Technologies, Technology, Values, Vocabulary};
pub use flow::DataFlow;
pub use id::{Id, IdError, ThreatKey};
pub use jiff::civil::Date;
pub use mitigation::{Assumption, Mitigation, MitigationStatus, Provides};
pub use risk::{Confidentiality, Level, Severity, Stride};
pub use system::{Reviewed, System};
pub use threat::{Considered, ConsideredKey, Event, HistoryRow, Override, Status, StatusWord, Threat, Verdict};

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The subject id of rules that look at the whole model.
pub const SYSTEM: &str = "system";
/// The pack of threats written by hand; no rule pack may use the name.
pub const OWN_PACK: &str = "own";
/// The newest file format that this program writes, as (major, minor).
pub const FORMAT: (u32, u32) = (1, 0);

/// A whole threat model. Every map is sorted by id, which is also the order of the file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ThreatModel {
    /// Version of the file format the model was read from.
    pub format: Format,
    /// The system that is modelled, and how the model is kept.
    pub system: System,
    /// Trust boundaries.
    pub boundaries: BTreeMap<Id, TrustBoundary>,
    /// Classes of data.
    pub assets: BTreeMap<Id, Asset>,
    /// External entities, processes and data stores.
    pub elements: BTreeMap<Id, Element>,
    /// Data flows.
    pub flows: BTreeMap<Id, DataFlow>,
    /// Work that provides controls.
    pub mitigations: BTreeMap<Id, Mitigation>,
    /// What the model takes for granted.
    pub assumptions: BTreeMap<Id, Assumption>,
    /// The register: what the rules said when it was last brought up to date, and what people decided.
    pub threats: BTreeMap<ThreatKey, Threat>,
    /// What people looked at in a walk-through, and what they said.
    pub considered: BTreeMap<ConsideredKey, Considered>,
    /// The drawings; all of them share the elements.
    pub diagrams: BTreeMap<Id, Diagram>,
    /// What a merge left to people; a model that has any is not to be built on.
    pub conflicts: Vec<Conflict>,
}

/// Version of the file format: a newer minor may be read, a newer major may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Format {
    /// Grows when old readers would misread the file.
    pub major: u32,
    /// Grows when fields are added.
    pub minor: u32,
}

impl Default for Format {
    fn default() -> Self {
        Self { major: FORMAT.0, minor: FORMAT.1 }
    }
}

/// One thing of the shared id namespace, borrowed from a model.
#[derive(Clone, Copy, Debug)]
pub enum Thing<'m> {
    /// A trust boundary.
    Boundary(&'m TrustBoundary),
    /// A class of data.
    Asset(&'m Asset),
    /// An external entity, process or data store.
    Element(&'m Element),
    /// A data flow.
    Flow(&'m DataFlow),
}

impl<'m> Thing<'m> {
    /// The name people gave it; empty for a nameless flow.
    pub fn name(self) -> &'m str {
        match self {
            Self::Boundary(b) => &b.name,
            Self::Asset(a) => &a.name,
            Self::Element(e) => &e.name,
            Self::Flow(f) => &f.name,
        }
    }

    /// The facts stated about it.
    pub fn facts(self) -> &'m Facts {
        match self {
            Self::Boundary(b) => &b.facts,
            Self::Asset(a) => &a.facts,
            Self::Element(e) => &e.facts,
            Self::Flow(f) => &f.facts,
        }
    }

    /// Ids it had before, oldest first.
    pub fn formerly(self) -> &'m [Id] {
        match self {
            Self::Boundary(b) => &b.formerly,
            Self::Asset(a) => &a.formerly,
            Self::Element(e) => &e.formerly,
            Self::Flow(f) => &f.formerly,
        }
    }

    /// What the vocabulary calls this kind of thing.
    pub fn kind(self) -> SubjectKind {
        match self {
            Self::Boundary(_) => SubjectKind::Boundary,
            Self::Asset(_) => SubjectKind::Asset,
            Self::Flow(_) => SubjectKind::Flow,
            Self::Element(e) => match e.kind {
                ElementKind::ExternalEntity => SubjectKind::ExternalEntity,
                ElementKind::Process => SubjectKind::Process,
                ElementKind::DataStore => SubjectKind::DataStore,
            },
        }
    }
}

impl ThreatModel {
    /// Looks an id up in the namespace that boundaries, assets, elements and flows share.
    pub fn thing(&self, id: &Id) -> Option<Thing<'_>> {
        self.elements
            .get(id)
            .map(Thing::Element)
            .or_else(|| self.flows.get(id).map(Thing::Flow))
            .or_else(|| self.boundaries.get(id).map(Thing::Boundary))
            .or_else(|| self.assets.get(id).map(Thing::Asset))
    }

    /// Every id of the shared namespace that is in use.
    pub fn things(&self) -> impl Iterator<Item = (&Id, Thing<'_>)> {
        self.boundaries
            .iter()
            .map(|(id, b)| (id, Thing::Boundary(b)))
            .chain(self.assets.iter().map(|(id, a)| (id, Thing::Asset(a))))
            .chain(self.elements.iter().map(|(id, e)| (id, Thing::Element(e))))
            .chain(self.flows.iter().map(|(id, f)| (id, Thing::Flow(f))))
    }

    /// The name to show for an id: the thing's name, "the system" for the system, else the id itself.
    pub fn name_of<'m>(&'m self, id: &'m Id) -> &'m str {
        if id.as_str() == SYSTEM {
            return if self.system.name.is_empty() { "the system" } else { &self.system.name };
        }
        match self.thing(id).map(Thing::name) {
            Some(name) if !name.is_empty() => name,
            _ => id.as_str(),
        }
    }

    /// The same where a flow without a name is called by its ends, as on every screen.
    pub fn called<'m>(&'m self, id: &'m Id) -> Cow<'m, str> {
        match self.flows.get(id) {
            Some(flow) if flow.name.is_empty() => Cow::Owned(self.way(flow)),
            _ => Cow::Borrowed(self.name_of(id)),
        }
    }

    /// Where a flow goes from and to.
    pub fn way(&self, flow: &DataFlow) -> String {
        let end = |id: &Option<Id>| id.as_ref().map_or("(loose end)", |id| self.name_of(id)).to_owned();
        format!("{} → {}", end(&flow.from), end(&flow.to))
    }

    /// The boundaries around a thing, innermost first. A cycle (which `check` reports) ends the chain.
    pub fn boundary_chain<'m>(&'m self, innermost: Option<&'m Id>) -> Vec<&'m Id> {
        let mut chain: Vec<&Id> = Vec::new();
        let mut next = innermost;
        while let Some(id) = next {
            if chain.contains(&id) {
                break;
            }
            let Some((id, boundary)) = self.boundaries.get_key_value(id) else { break };
            chain.push(id);
            next = boundary.inside.as_ref();
        }
        chain
    }

    /// A fresh id of the shared namespace for something called `name`; `kind` serves when no letter of it can be kept.
    pub fn fresh_id(&self, name: &str, kind: &str) -> Id {
        Id::slug(name, kind, |id| id == SYSTEM || Id::new(id).is_ok_and(|id| self.thing(&id).is_some()))
    }

    /// The id a person is shown for a threat: `T-` and ten base32 characters of a hash of the key. A subject's
    /// oldest id counts, so that a rename keeps it.
    pub fn display_id(&self, key: &ThreatKey) -> String {
        let first = |id: &Id| self.thing(id).and_then(|t| t.formerly().first()).unwrap_or(id).clone();
        id::display_id(&key.map_ids(first))
    }
}
