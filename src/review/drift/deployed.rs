//! A model beside the files by which its system is deployed: what is in one and not in the other, both ways. Files show
//! only part of who speaks to whom, so a flow that they do not show is less than one that the model does not have.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::{Pairs, pairs};
use crate::diagnostic::meant;
use crate::exchange::deployment::{Deployment, Door, How, Part, PartKind, Spot};
use crate::file::said::said;
use crate::model::{DataFlow, Element, ElementKind, Entry, Id, SYSTEM, ThreatModel};

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployed {
    /// Which element is which part.
    pub pairs: Pairs,
    /// Parts that no element is.
    pub strange: Vec<Strange>,
    /// Processes and data stores that no part is.
    pub missing: Vec<Missing>,
    /// Links between two elements that no flow connects.
    pub undrawn: Vec<Undrawn>,
    /// Ways in to elements that nothing outside flows to.
    pub open: Vec<Open>,
    /// Flows between two elements of which no link is seen.
    pub unseen: Vec<Id>,
    /// Hosts outside that no element is, as places among the parts, with the parts that speak to them.
    pub outside: Vec<(usize, Vec<usize>)>,
}

/// A part that no element is, or several of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strange {
    /// Their places among the parts.
    pub parts: Vec<usize>,
    /// The line that adds it to the model.
    pub add: String,
    /// Elements that it may be.
    pub perhaps: Vec<Id>,
}

/// A process or data store that no part is, or not every part that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which element.
    pub element: Id,
    /// What its `deployed` says and no part is; empty where it says nothing.
    pub gone: Vec<String>,
    /// A part without an element that it may be.
    pub perhaps: Option<usize>,
}

/// A link between two elements that no flow connects, in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undrawn {
    /// Who begins.
    pub from: Id,
    /// Who is spoken to.
    pub to: Id,
    /// How that is known.
    pub because: Vec<(How, Spot)>,
    /// The line that adds a flow to the model.
    pub add: String,
}

/// A way in to an element that nothing outside flows to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which element.
    pub element: Id,
    /// What opens it.
    pub doors: Vec<Door>,
}

impl Deployed {
    /// Whether model and files differ in what both of them show.
    pub fn is_drift(&self) -> bool {
        !(self.strange.is_empty() && self.missing.is_empty() && self.undrawn.is_empty() && self.open.is_empty())
    }
}

/// Compares a model with a deployment.
pub fn deployed(model: &ThreatModel, deployment: &Deployment) -> Deployed {
    let compare = Compare { model, deployment, pairs: pairs(model, deployment), flows: Flows::new(model) };
    let missing = compare.missing();
    // All the lines of an answer can be added, so that no two may have one id.
    let mut used = BTreeSet::new();
    let (strange, undrawn) = (compare.strange(&missing, &mut used), compare.undrawn(&mut used));
    let (open, unseen, outside) = (compare.open(), compare.unseen(), compare.outside());
    let mut found = Deployed { strange, missing, undrawn, open, unseen, outside, pairs: compare.pairs };
    for missing in found.missing.iter_mut().filter(|missing| missing.perhaps.is_none()).take(MOST_GUESSED) {
        let name_of = |strange: &Strange| deployment.parts[strange.parts[0]].name.as_str();
        let names = || found.strange.iter().take(MOST_GUESSED).map(name_of);
        let name = model.name_of(&missing.element);
        let near = meant(missing.element.as_str(), names()).or_else(|| meant(name, names()));
        let is_near = |strange: &&Strange| near == Some(name_of(strange));
        missing.perhaps = found.strange.iter().find(is_near).map(|strange| strange.parts[0]);
    }
    found
}

/// So many names are looked through for one that may be meant.
const MOST_GUESSED: usize = 300;

struct Compare<'m> {
    model: &'m ThreatModel,
    deployment: &'m Deployment,
    pairs: Pairs,
    flows: Flows<'m>,
}

/// Flows by their ends. An end that is a boundary stands for what is in it.
struct Flows<'m> {
    model: &'m ThreatModel,
    ends: BTreeSet<(&'m Id, &'m Id)>,
}

impl<'m> Flows<'m> {
    fn new(model: &'m ThreatModel) -> Self {
        let ends = model.flows.values().filter_map(|flow| Some((flow.from.as_ref()?, flow.to.as_ref()?))).collect();
        Self { model, ends }
    }

    /// An element and the boundaries around it.
    fn around(&self, id: &'m Id) -> Vec<&'m Id> {
        let inside = self.model.elements.get(id).and_then(|element| element.inside.as_ref());
        std::iter::once(id).chain(self.model.boundary_chain(inside)).collect()
    }

    /// Whether data flows between two elements, in either direction.
    fn connect(&self, a: &'m Id, b: &'m Id) -> bool {
        let (from, to) = (self.around(a), self.around(b));
        let has = |x: &'m Id, y: &'m Id| self.ends.contains(&(x, y)) || self.ends.contains(&(y, x));
        from.iter().any(|x| to.iter().any(|y| x != y && has(x, y)))
    }
}

impl<'m> Compare<'m> {
    /// Elements as the model holds them, which live as long as it does.
    fn own(&self, id: &Id) -> Option<&'m Id> {
        self.model.elements.get_key_value(id).map(|(id, _)| id)
    }

    fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (id, element) in &self.model.elements {
            let gone = self.pairs.gone.get(id).cloned().unwrap_or_default();
            let is_ours = element.kind != ElementKind::ExternalEntity;
            let is_unknown = is_ours && element.deployed.is_none() && !self.pairs.of_element.contains_key(id);
            if is_unknown || !gone.is_empty() {
                let may_be = |(_, ids): &(&usize, &Vec<Id>)| ids.contains(id);
                let perhaps = self.pairs.unclear.iter().find(may_be).map(|(part, _)| *part);
                missing.push(Missing { element: id.clone(), gone, perhaps });
            }
        }
        missing
    }

    fn strange(&self, missing: &[Missing], used: &mut BTreeSet<Id>) -> Vec<Strange> {
        let mut strange: Vec<Strange> = Vec::new();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for (n, part) in self.deployment.parts.iter().enumerate() {
            if !self.pairs.of_part[n].is_empty() || !part.kind.runs() {
                continue;
            }
            // An element with this id is all of them.
            if let Some(at) = by_name.get(part.name.as_str()) {
                strange[*at].parts.push(n);
                continue;
            }
            by_name.insert(&part.name, strange.len());
            let mut perhaps = self.pairs.unclear.get(&n).cloned().unwrap_or_default();
            if perhaps.is_empty() {
                let ids = missing.iter().take(MOST_GUESSED).map(|missing| missing.element.as_str());
                perhaps.extend(meant(&part.name, ids).and_then(|id| Id::new(id).ok()));
            }
            strange.push(Strange { parts: vec![n], add: self.element_of(part, used), perhaps });
        }
        strange
    }

    /// An id that neither the model nor another line of the answer has.
    fn id(&self, name: &str, kind: &str, used: &mut BTreeSet<Id>) -> Id {
        let is_taken = |id: &Id| self.model.thing(id).is_some() || used.contains(id);
        let id = Id::slug(name, kind, |id| id == SYSTEM || Id::new(id).is_ok_and(|id| is_taken(&id)));
        used.insert(id.clone());
        id
    }

    /// The line that adds an element for a part.
    fn element_of(&self, part: &Part, used: &mut BTreeSet<Id>) -> String {
        let (kind, word) =
            if part.holds_data() { (ElementKind::DataStore, "store") } else { (ElementKind::Process, "process") };
        let id = self.id(&part.name, word, used);
        let deployed = (part.name != id.as_str()).then(|| vec![self.deployment.name_of(part)]);
        let element = Element { deployed, ..Element::new(kind, &part.name) };
        format!("\"{id}\": {},", said(&Entry::Element(id.clone(), element)))
    }

    fn undrawn(&self, used: &mut BTreeSet<Id>) -> Vec<Undrawn> {
        let mut found: BTreeMap<(&Id, &Id), Vec<(How, Spot)>> = BTreeMap::new();
        for link in &self.deployment.links {
            let ends = |n: usize| self.pairs.of_part[n].iter().filter_map(|id| self.own(id)).collect::<Vec<_>>();
            let (from, to) = (ends(link.from), ends(link.to));
            let is_drawn = from.iter().any(|a| to.iter().any(|b| a == b || self.flows.connect(a, b)));
            if let (Some(from), Some(to), false) = (from.first(), to.first(), is_drawn) {
                found.entry((from, to)).or_default().push((link.how.clone(), link.at.clone()));
            }
        }
        let undrawn = |((from, to), because): ((&Id, &Id), Vec<(How, Spot)>)| {
            let id = self.id(&format!("{from}-{to}"), "flow", used);
            let flow = DataFlow { from: Some(from.clone()), to: Some(to.clone()), ..DataFlow::default() };
            let add = format!("\"{id}\": {},", said(&Entry::Flow(id.clone(), flow)));
            Undrawn { from: from.clone(), to: to.clone(), because, add }
        };
        found.into_iter().map(undrawn).collect()
    }

    /// Ways in by element; through a door that is no element itself, to what it leads to.
    fn open(&self) -> Vec<Open> {
        let parts = &self.deployment.parts;
        let mut doors: BTreeMap<&Id, Vec<Door>> = BTreeMap::new();
        for (n, part) in parts.iter().enumerate() {
            for id in &self.pairs.of_part[n] {
                doors.entry(id).or_default().extend(part.doors.iter().cloned());
            }
        }
        for link in &self.deployment.links {
            let is_door =
                matches!(parts[link.from].kind, PartKind::Door(_)) && self.pairs.of_part[link.from].is_empty();
            for id in self.pairs.of_part[link.to].iter().filter(|_| is_door) {
                doors.entry(id).or_default().extend(parts[link.from].doors.iter().cloned());
            }
        }
        let mut open = Vec::new();
        for (id, mut doors) in doors {
            let mut seen = BTreeSet::new();
            doors.retain(|door| seen.insert((door.what.clone(), door.at.clone())));
            if !doors.is_empty() && self.own(id).is_some_and(|id| !self.is_reached(id)) {
                open.push(Open { element: id.clone(), doors });
            }
        }
        open
    }

    /// Whether something flows to an element from outside the deployment: from an external entity, from what is
    /// deployed elsewhere, from another boundary, or from an end that is not known.
    fn is_reached(&self, id: &'m Id) -> bool {
        let around = self.flows.around(id);
        let is_outside = |from: &Id| match self.model.elements.get(from) {
            Some(element) => {
                let is_part = self.pairs.of_element.contains_key(from);
                element.kind == ElementKind::ExternalEntity || !is_part && element.deployed.is_some()
            }
            None => !around.contains(&from),
        };
        if self.model.elements.get(id).is_some_and(|element| element.kind == ElementKind::ExternalEntity) {
            return true;
        }
        self.model.flows.values().any(|flow| {
            flow.to.as_ref().is_some_and(|to| around.contains(&to)) && flow.from.as_ref().is_none_or(is_outside)
        })
    }

    /// Flows between parts of one system that the files show nothing of.
    fn unseen(&self) -> Vec<Id> {
        let linked: BTreeSet<(usize, usize)> = self.deployment.links.iter().map(|link| (link.from, link.to)).collect();
        let parts = &self.deployment.parts;
        let of = |end: Option<&Id>| end.and_then(|id| self.pairs.of_element.get(id));
        let is_unseen = |flow: &DataFlow| {
            let (Some(from), Some(to)) = (of(flow.from.as_ref()), of(flow.to.as_ref())) else { return false };
            let mut pairs = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
            let share = from.iter().any(|a| to.iter().any(|b| a != b && parts[*a].system == parts[*b].system));
            share && !pairs.any(|(a, b)| a == b || linked.contains(&(a, b)) || linked.contains(&(b, a)))
        };
        let flows = self.model.flows.iter().filter(|(_, flow)| flow.response_of.is_none() && flow.from != flow.to);
        flows.filter(|(_, flow)| is_unseen(flow)).map(|(id, _)| id.clone()).collect()
    }

    fn outside(&self) -> Vec<(usize, Vec<usize>)> {
        let mut callers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for link in &self.deployment.links {
            callers.entry(link.to).or_default().insert(link.from);
        }
        let parts = self.deployment.parts.iter().enumerate();
        parts
            .filter(|(n, part)| part.kind == PartKind::Outside && self.pairs.of_part[*n].is_empty())
            .map(|(n, _)| (n, callers.remove(&n).into_iter().flatten().collect()))
            .collect()
    }
}
