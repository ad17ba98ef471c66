//! What an edit touched, as far as rules and register are concerned: after most edits few rules can say anything else.
//! It compares entries before and after and evaluates nothing.

use crate::model::{
    Asset, DataFlow, Edit, Element, Entry, Facts, Id, Mitigation, Place, System, ThreatKey, ThreatModel, TrustBoundary,
};
use crate::rules::eval::{ALWAYS_READ, Drawn};
use std::collections::BTreeSet;

/// With more of the diagram touched than this everything is looked at again.
const FEW: usize = 64;

/// What has to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Touch {
    /// Everything: it is another model, or other rules are asked.
    pub(super) whole: bool,
    /// What of the diagram came, went or is another thing.
    pub(super) drawn: Drawn,
    /// Rules that read these facts.
    pub(super) facts: BTreeSet<String>,
    /// Of whom: what a boundary says is so for what is in it.
    pub(super) subjects: BTreeSet<Id>,
    /// What people call things.
    pub(super) names: bool,
    /// The records of these threats.
    pub(super) threats: BTreeSet<ThreatKey>,
    /// What people said when they looked at something.
    pub(super) looks: bool,
}

impl Touch {
    /// Of a model that is another one altogether.
    pub fn whole() -> Self {
        Self { whole: true, ..Self::default() }
    }

    /// Of an edit that was made: `back` is its inverse, so it holds what was there before.
    pub fn of(back: &Edit, model: &ThreatModel) -> Self {
        let mut touch = Self::default();
        touch.add(back, model);
        if touch.facts.iter().any(|fact| ALWAYS_READ.contains(&fact.as_str())) {
            touch.drawn.ids.extend(touch.subjects.iter().cloned());
        }
        touch.whole |= touch.drawn.ids.len() > FEW;
        touch
    }

    fn add(&mut self, back: &Edit, model: &ThreatModel) {
        match back {
            Edit::All(edits) => edits.iter().for_each(|back| self.add(back, model)),
            Edit::Put(before) => self.changed(before, model),
            Edit::Remove(place) => self.came(place, model),
        }
    }

    /// An entry that was not there before.
    fn came(&mut self, place: &Place, model: &ThreatModel) {
        match place {
            Place::Threat(key) => _ = self.threats.insert(key.clone()),
            Place::Considered(_) => self.looks = true,
            Place::Mitigation(id) => self.provided([None, model.mitigations.get(id)]),
            Place::System => self.whole = true,
            Place::Boundary(id) | Place::Asset(id) | Place::Element(id) | Place::Flow(id) => {
                self.drawn.came(id);
                self.named_before(&[], id, model);
            }
            Place::Assumption(_) | Place::Diagram(_) | Place::Conflicts => {}
        }
    }

    /// An entry that was another one before.
    fn changed(&mut self, before: &Entry, model: &ThreatModel) {
        let same = match before {
            Entry::Threat(key, _) => {
                self.threats.insert(key.clone());
                Some(())
            }
            Entry::Considered(..) => {
                self.looks = true;
                Some(())
            }
            Entry::Assumption(..) | Entry::Diagram(..) | Entry::Conflicts(_) => Some(()),
            Entry::System(before) => {
                self.names |= before.name != model.system.name;
                is_same_system(before, &model.system).then_some(())
            }
            Entry::Mitigation(id, before) => {
                self.provided([Some(before), model.mitigations.get(id)]);
                Some(())
            }
            Entry::Boundary(id, before) => model.boundaries.get(id).and_then(|now| {
                let like =
                    TrustBoundary { facts: now.facts.clone(), description: now.description.clone(), ..before.clone() };
                self.facts_of(id, &before.facts, &now.facts, like == *now)
            }),
            Entry::Asset(id, before) => model.assets.get(id).and_then(|now| {
                self.names |= before.name != now.name;
                let like = Asset {
                    name: now.name.clone(),
                    facts: now.facts.clone(),
                    description: now.description.clone(),
                    ..before.clone()
                };
                self.facts_of(id, &before.facts, &now.facts, like == *now)
            }),
            Entry::Flow(id, before) => model.flows.get(id).and_then(|now| {
                self.names |= before.name != now.name;
                let like = DataFlow {
                    name: now.name.clone(),
                    facts: now.facts.clone(),
                    notes: now.notes.clone(),
                    ..before.clone()
                };
                self.facts_of(id, &before.facts, &now.facts, like == *now)
            }),
            Entry::Element(id, before) => model.elements.get(id).and_then(|now| self.element(id, before, now)),
        };
        if same.is_none() {
            self.redrawn(before, model);
        }
    }

    /// What is another thing than before, or gone.
    fn redrawn(&mut self, before: &Entry, model: &ThreatModel) {
        let (id, names) = match before {
            Entry::Boundary(id, boundary) => (id, &boundary.formerly),
            Entry::Asset(id, asset) => (id, &asset.formerly),
            Entry::Element(id, element) => (id, &element.formerly),
            Entry::Flow(id, flow) => (id, &flow.formerly),
            _ => {
                self.whole = true;
                return;
            }
        };
        self.drawn.changed(before);
        self.named_before(names, id, model);
    }

    /// Records of threats stand under former names, so that with these everything can be another matter.
    fn named_before(&mut self, before: &[Id], id: &Id, model: &ThreatModel) {
        let boundary = model.boundaries.get(id).map(|boundary| &boundary.formerly);
        let asset = || model.assets.get(id).map(|asset| &asset.formerly);
        let element = || model.elements.get(id).map(|element| &element.formerly);
        let flow = || model.flows.get(id).map(|flow| &flow.formerly);
        let now = boundary.or_else(asset).or_else(element).or_else(flow);
        self.whole |= now.map_or(&[][..], Vec::as_slice) != before;
    }

    fn element(&mut self, id: &Id, before: &Element, now: &Element) -> Option<()> {
        self.names |= before.name != now.name;
        let like = Element {
            name: now.name.clone(),
            facts: now.facts.clone(),
            description: now.description.clone(),
            notes: now.notes.clone(),
            code: now.code.clone(),
            deployed: now.deployed.clone(),
            owner: now.owner.clone(),
            ..before.clone()
        };
        if before.owner != now.owner {
            self.facts.insert("owner".to_owned());
            self.subjects.insert(id.clone());
        }
        self.facts_of(id, &before.facts, &now.facts, like == *now)
    }

    /// Notes the facts that differ; `None` where more than facts does.
    fn facts_of(&mut self, id: &Id, before: &Facts, now: &Facts, nothing_else: bool) -> Option<()> {
        let other = |facts: &Facts, fact: &str, value| facts.get(fact) != Some(value);
        let went = before.iter().filter(|(fact, value)| other(now, fact, value));
        let came = now.iter().filter(|(fact, value)| other(before, fact, value));
        for (fact, _) in went.chain(came) {
            self.facts.insert(fact.clone());
            self.subjects.insert(id.clone());
        }
        nothing_else.then_some(())
    }

    /// Notes what a mitigation provides or provided, unless that is the same as before.
    fn provided(&mut self, [before, now]: [Option<&Mitigation>; 2]) {
        let what = |m: Option<&Mitigation>| {
            m.filter(|m| m.status.counts()).map(|m| (m.status, m.provides.clone())).filter(|(_, all)| !all.is_empty())
        };
        let (before, now) = (what(before), what(now));
        if before != now {
            for provides in before.into_iter().chain(now).flat_map(|(_, provides)| provides) {
                self.facts.insert(provides.fact);
                self.subjects.extend(provides.on);
            }
        }
    }
}

/// Whether rules read the same of two records about the system.
fn is_same_system(before: &System, now: &System) -> bool {
    (&before.packs, &before.rubric) == (&now.packs, &now.rubric)
}
