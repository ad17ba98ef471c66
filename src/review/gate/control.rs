//! The control that closes an open threat, as an entry of the model's `mitigations`: the first work of the catalogue that
//! does so when the rules are asked again. What the work really takes is for people to know.

use super::Look;
use super::way::Way;
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
        if !self.case.explain || self.model.things().count() > LARGEST {
            return None;
        }
        for record in row.fixes.iter().filter_map(|id| knowledge.mitigations.get(id)) {
            let works = record.spots(rule).into_iter().filter_map(|spot| self.at(spot, row));
            let work = works.filter_map(|at| self.work(record, &at)).find(|work| self.closes(record, work, row));
            if let Some(work) = work {
                let why = format!("close it ({}), and once that is done", super::way::lower(&record.title));
                let (at, text) = (vec!["mitigations".to_owned()], written(&self.name(record), &work));
                return Some(Way::Write { why, at, text, then: Some(self.command("update")) });
            }
        }
        None
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
                FactValue::Text(said) => format!(", value: {said:?}"),
                FactValue::List(words) => format!(", value: {words:?}"),
                FactValue::NotApplicable(why) => format!(", value: NotApplicable({why:?})"),
            };
            let on: Vec<&str> = provides.on.iter().map(Id::as_str).collect();
            format!("(fact: {:?}{value}, on: {on:?})", provides.fact)
        })
        .collect();
    let catalog = work.catalog.as_deref().unwrap_or_default();
    let provides = provides.join(", ");
    format!("{id:?}: (title: {:?}, catalog: {catalog:?}, status: Implemented, provides: [{provides}])", work.title)
}
