//! The control that closes an open threat, as an entry of the model's `mitigations`: the first work of the catalogue that
//! does so when the rules are asked again. What the work really takes is for people to know.

use super::Look;
use super::way::Way;
use super::whole::section;
use crate::analysis::{Analysis, ThreatRow};
use crate::model::{
    Edit, Entry, FactValue, Id, Mitigation, MitigationStatus, Provides, SubjectKind, Thing, ThreatModel, Values,
};
use crate::rules::{MitigationRecord, Spot};

/// Models with more things than this are not evaluated anew for every threat.
const LARGEST: usize = 300;
/// So many times at most.
const MOST: usize = 60;

impl Look<'_> {
    /// The way to close a threat by a control; `None` where none was found, and for models that are too large.
    pub(super) fn control(&self, row: &ThreatRow) -> Option<Way> {
        let knowledge = self.case.knowledge;
        let rule = knowledge.rule(row.key.rule())?;
        if !self.case.explain || !self.may_look() {
            return None;
        }
        for record in row.fixes.iter().filter_map(|id| knowledge.mitigations.get(id)) {
            let works = record.spots(rule).into_iter().filter_map(|spot| self.at(spot, row));
            let work = works.filter_map(|at| self.work(record, &at)).find(|work| self.closes(record, work, row));
            if let Some(work) = work {
                let why = format!("close it ({}), and once that is done", super::way::lower(&record.title));
                let (at, text) = (vec!["mitigations".to_owned()], written(&self.name(record), &work));
                let instead = self.contrary(&work);
                return Some(Way::Write { why, at, text, instead, then: Some(self.command("update")) });
            }
        }
        None
    }

    /// Whether the model is small enough to be evaluated anew for a threat.
    pub(super) fn may_look(&self) -> bool {
        self.model.things().count() <= LARGEST
    }

    /// Facts of the model that are not so any more once the work is done.
    fn contrary(&self, work: &Mitigation) -> Vec<(Vec<String>, String)> {
        let mut found = Vec::new();
        for provides in &work.provides {
            for id in &provides.on {
                let thing = self.model.thing(id);
                let Some((section, thing)) = thing.and_then(|thing| Some((section(thing.kind())?, thing))) else {
                    continue;
                };
                let stated = thing.facts().get(&provides.fact);
                if let Some(stated) = stated.filter(|stated| **stated != provides.value) {
                    let at = [section, id.as_str(), "facts"].map(str::to_owned).to_vec();
                    found.push((at, format!("{:?}: {}", provides.fact, value(stated))));
                }
            }
        }
        found
    }

    /// The thing at a place that a rule looks at.
    fn at(&self, spot: Spot, row: &ThreatRow) -> Option<Id> {
        let flow = self.model.flows.get(&row.subject);
        match spot {
            Spot::Subject => Some(row.target.clone().unwrap_or_else(|| row.subject.clone())),
            Spot::Source => flow?.from.clone(),
            Spot::Target => flow?.to.clone(),
            Spot::Flows | Spot::Path => None,
        }
    }

    /// A record of the catalogue done at one thing; `None` where it says nothing about things of its kind.
    fn work(&self, record: &MitigationRecord, at: &Id) -> Option<Mitigation> {
        let kind = self.model.thing(at).map(Thing::kind)?;
        let mut provides: Vec<Provides> = Vec::new();
        for (fact, word) in &record.provides {
            if let Some(value) = self.value(fact, word, kind)
                && provides.iter().all(|other| other.fact != *fact)
            {
                provides.push(Provides { fact: fact.clone(), value, on: vec![at.clone()] });
            }
        }
        (!provides.is_empty()).then(|| Mitigation {
            catalog: Some(record.id.clone()),
            status: MitigationStatus::Implemented,
            provides,
            ..Mitigation::new(&record.title)
        })
    }

    /// A word as the vocabulary writes it of things of a kind.
    fn value(&self, fact: &str, word: &str, kind: SubjectKind) -> Option<FactValue> {
        let def = self.case.knowledge.vocabulary.get(fact, kind)?;
        let value = match def.values {
            Values::SomeOf(_) => FactValue::List(vec![word.to_owned()]),
            _ => FactValue::text(word),
        };
        def.accepts(&value).is_ok().then_some(value)
    }

    /// Whether a threat is closed, or gone, once the work is done.
    fn closes(&self, record: &MitigationRecord, work: &Mitigation, row: &ThreatRow) -> bool {
        if self.asked.replace(self.asked.get() + 1) >= MOST {
            return false;
        }
        let mut done: ThreatModel = self.model.clone();
        let Ok(id) = Id::new(&self.name(record)) else { return false };
        if Edit::put(Entry::Mitigation(id, work.clone())).apply(&mut done).is_err() {
            return false;
        }
        let after = Analysis::of(&done, self.case.knowledge, self.case.today);
        !after.threats.iter().any(|other| other.key == row.key && other.is_open())
    }

    /// An id that no mitigation of the model has.
    fn name(&self, record: &MitigationRecord) -> String {
        let name = record.id.strip_prefix("mit.").unwrap_or(&record.id);
        let taken = |name: &str| Id::new(name).is_ok_and(|id| self.model.mitigations.contains_key(&id));
        Id::slug(name, "mitigation", taken).as_str().to_owned()
    }
}

/// An entry of `mitigations`, on one line.
fn written(id: &str, work: &Mitigation) -> String {
    let provides: Vec<String> = work
        .provides
        .iter()
        .map(|provides| {
            let value = match &provides.value {
                FactValue::Text(said) if said == "present" => String::new(),
                said => format!(", value: {}", value(said)),
            };
            let on: Vec<&str> = provides.on.iter().map(Id::as_str).collect();
            format!("(fact: {:?}{value}, on: {on:?})", provides.fact)
        })
        .collect();
    let catalog = work.catalog.as_deref().unwrap_or_default();
    let (title, provides) = (&work.title, provides.join(", "));
    // What is done wants to be shown.
    let done = "status: Implemented, evidence: [\"…\"]";
    format!("{id:?}: (title: {title:?}, catalog: {catalog:?}, {done}, provides: [{provides}])")
}

/// A value as the file has it.
fn value(value: &FactValue) -> String {
    match value {
        FactValue::Text(said) => format!("{said:?}"),
        FactValue::List(words) => format!("{words:?}"),
        FactValue::NotApplicable(why) => format!("NotApplicable({why:?})"),
    }
}
