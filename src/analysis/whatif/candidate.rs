//! Work that could be done next: mitigations of the catalogue where open threats read what they provide, the same for
//! several places inside one boundary, and what the model plans already. How much each would help is not known here;
//! `bound` says how much it could help at most.

use super::points;
use super::survey::Survey;
use crate::model::graph::{Index, Nr};
use crate::model::resolve::{Known, Origin, Resolver};
use crate::model::{
    Edit, Entry, FactValue, Id, Mitigation, MitigationStatus, Provides, SubjectKind, ThreatModel, Values,
};
use crate::rules::{Effort, Knowledge, MitigationRecord};
use std::collections::{BTreeMap, BTreeSet};

/// A piece of work.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The record of the catalogue it follows.
    pub(super) record: Option<String>,
    /// The mitigation of the model that it is, where it is planned.
    pub(super) planned: Option<Id>,
    /// The boundary around all its places, where they are several.
    pub(super) around: Option<Id>,
    /// Where it is done.
    pub(super) on: Vec<Id>,
    pub(super) effort: Option<Effort>,
    /// The work as the model would have it once it is done.
    pub(super) work: Mitigation,
    /// The id it would have.
    pub(super) id: Id,
    /// Risk of the threats that read what it provides.
    pub(super) bound: u32,
}

impl Candidate {
    /// Effort in thirds of a point: each further place costs a third of the first.
    pub(super) fn thirds(&self) -> u32 {
        let places = u32::try_from(self.on.len()).unwrap_or(u32::MAX);
        points(self.effort.unwrap_or(Effort::Medium)).saturating_mul(places.saturating_add(2))
    }

    /// The change that it is.
    pub(super) fn edit(&self) -> Edit {
        Edit::put(Entry::Mitigation(self.id.clone(), self.work.clone()))
    }

    /// The names of the facts that it provides.
    pub(super) fn facts(&self) -> impl Iterator<Item = &str> {
        self.work.provides.iter().map(|p| p.fact.as_str())
    }
}

/// Which open threats read a fact of a subject.
type Readers<'s> = BTreeMap<(Nr, &'s str), Vec<u32>>;

struct Search<'a> {
    index: &'a Index<'a>,
    resolver: &'a Resolver<'a>,
    knowledge: &'a Knowledge,
    survey: &'a Survey,
    /// Numbers of open threats by what they read.
    readers: Readers<'a>,
    risks: Vec<u32>,
    id: Id,
}

/// All work that could close or lower an open threat.
pub(super) fn candidates(resolver: &Resolver<'_>, knowledge: &Knowledge, survey: &Survey) -> Vec<Candidate> {
    let (mut readers, mut risks) = (Readers::new(), Vec::new());
    for open in survey.open.values() {
        let number = u32::try_from(risks.len()).unwrap_or(u32::MAX);
        risks.push(open.risk());
        for (nr, fact) in &open.reads {
            readers.entry((*nr, fact)).or_default().push(number);
        }
    }
    let id = Id::slug("what-if", "what-if", |id| resolver.index.model.mitigations.keys().any(|m| m.as_str() == id));
    let search = Search { index: resolver.index, resolver, knowledge, survey, readers, risks, id };
    let mut found = search.planned();
    for (record, places) in search.named() {
        let single: Vec<(Nr, Candidate)> =
            places.iter().filter_map(|nr| Some((*nr, search.of(record, &[*nr], None)?))).collect();
        let able: Vec<Nr> = single.iter().map(|(nr, _)| *nr).collect();
        found.extend(single.into_iter().map(|(_, candidate)| candidate));
        found.extend(search.packages(record, &able));
    }
    found.retain(|candidate| candidate.bound > 0);
    found
}

impl<'a> Search<'a> {
    /// Records that rules of open threats name, with the subjects of which these read what the record provides.
    fn named(&self) -> Vec<(&'a MitigationRecord, BTreeSet<Nr>)> {
        let mut named: BTreeMap<&str, BTreeSet<Nr>> = BTreeMap::new();
        for open in self.survey.open.values() {
            for record in open.fixes.iter().filter_map(|fix| self.knowledge.mitigations.get(fix)) {
                let provides = |fact: &str| record.provides.iter().any(|(name, _)| name == fact);
                let places = named.entry(&record.id).or_default();
                for (nr, fact) in open.reads.iter().filter(|(_, fact)| provides(fact)) {
                    places.insert(*nr);
                    // What a boundary says for all its members is changed there.
                    if let Some((_, Origin::Boundary(id))) = self.resolver.get(fact, *nr) {
                        places.extend(self.index.nr(id));
                    }
                }
            }
        }
        named.into_iter().filter_map(|(id, nrs)| Some((self.knowledge.mitigations.get(id)?, nrs))).collect()
    }

    /// The record done at some places; `None` when it would change nothing there.
    fn of(&self, record: &MitigationRecord, places: &[Nr], around: Option<Nr>) -> Option<Candidate> {
        let mut provides: BTreeMap<(&str, FactValue), Vec<Id>> = BTreeMap::new();
        for nr in places {
            let mut told = BTreeSet::new();
            for (fact, word) in &record.provides {
                let value = self.value(fact, word, *nr).filter(|value| self.is_better(fact, value, *nr));
                if let Some(value) = value.filter(|_| told.insert(fact)) {
                    provides.entry((fact, value)).or_default().push(self.index.id(*nr).clone());
                }
            }
        }
        let provides = provides.into_iter().map(|((fact, value), on)| Provides { fact: fact.to_owned(), value, on });
        let work = Mitigation {
            catalog: Some(record.id.clone()),
            status: MitigationStatus::Implemented,
            provides: provides.collect(),
            ..Mitigation::new(&record.title)
        };
        let on: BTreeSet<&Id> = work.provides.iter().flat_map(|p| &p.on).collect();
        if on.is_empty() {
            return None;
        }
        Some(Candidate {
            record: Some(record.id.clone()),
            planned: None,
            around: around.map(|nr| self.index.id(nr).clone()),
            on: on.into_iter().cloned().collect(),
            effort: Some(record.effort),
            bound: self.bound(&work),
            id: self.id.clone(),
            work,
        })
    }

    /// One piece of work for all places inside a boundary; of boundaries with the same places the innermost.
    fn packages(&self, record: &MitigationRecord, places: &[Nr]) -> Vec<Candidate> {
        let mut inside: BTreeMap<Nr, Vec<Nr>> = BTreeMap::new();
        for nr in places {
            for boundary in self.index.chain(*nr) {
                inside.entry(*boundary).or_default().push(*nr);
            }
        }
        let mut packages: BTreeMap<Vec<Nr>, Nr> = BTreeMap::new();
        for (boundary, members) in inside.into_iter().filter(|(_, members)| members.len() > 1) {
            let depth = |nr: Nr| self.index.chain(nr).len();
            let held = packages.entry(members).or_insert(boundary);
            if depth(boundary) > depth(*held) {
                *held = boundary;
            }
        }
        packages.into_iter().filter_map(|(members, boundary)| self.of(record, &members, Some(boundary))).collect()
    }

    /// Mitigations of the model that do not count yet, as if they were done.
    fn planned(&self) -> Vec<Candidate> {
        let model: &ThreatModel = self.index.model;
        let found = model.mitigations.iter().filter(|(_, m)| m.status.is_waiting()).map(|(id, mitigation)| {
            let work = Mitigation { status: MitigationStatus::Implemented, ..mitigation.clone() };
            let record = work.catalog.as_ref().and_then(|id| self.knowledge.mitigations.get(id));
            let on: BTreeSet<&Id> = work.provides.iter().flat_map(|p| &p.on).collect();
            Candidate {
                record: record.map(|r| r.id.clone()),
                planned: Some(id.clone()),
                around: None,
                on: on.into_iter().cloned().collect(),
                effort: record.map(|r| r.effort),
                bound: self.bound(&work),
                id: id.clone(),
                work,
            }
        });
        found.collect()
    }

    /// The risk of all threats that read what the work provides, where it provides it or where that is inherited.
    fn bound(&self, work: &Mitigation) -> u32 {
        let mut touched: BTreeSet<u32> = BTreeSet::new();
        for provides in &work.provides {
            for nr in provides.on.iter().filter_map(|id| self.index.nr(id)) {
                if self.index.kind(nr) == SubjectKind::Boundary {
                    let inside = |at: Nr| at == nr || self.index.chain(at).contains(&nr);
                    let readers = self.readers.iter().filter(|((at, fact), _)| *fact == provides.fact && inside(*at));
                    touched.extend(readers.flat_map(|(_, numbers)| numbers));
                } else {
                    touched.extend(self.readers.get(&(nr, provides.fact.as_str())).into_iter().flatten());
                }
            }
        }
        touched.into_iter().map(|number| self.risks[number as usize]).sum()
    }

    /// The value as the vocabulary writes it of a subject; `None` where the fact says nothing of its kind. What a
    /// boundary says is about its members.
    fn value(&self, fact: &str, word: &str, nr: Nr) -> Option<FactValue> {
        let kind = self.index.kind(nr);
        let own = self.knowledge.vocabulary.get(fact, kind);
        let defs =
            self.knowledge.vocabulary.all_of(fact).iter().filter(|_| own.is_none() && kind == SubjectKind::Boundary);
        own.into_iter().chain(defs).find_map(|def| {
            let value = match def.values {
                Values::SomeOf(_) => FactValue::List(vec![word.to_owned()]),
                _ => FactValue::text(word),
            };
            def.accepts(&value).is_ok().then_some(value)
        })
    }

    /// Whether a value is an improvement on what is known: nothing strong is replaced by something weaker, and what
    /// people said makes no sense stays so.
    fn is_better(&self, fact: &str, value: &FactValue, nr: Nr) -> bool {
        let Some((known, _)) = self.resolver.get(fact, nr) else { return true };
        let rank = |word: &str| self.resolver.def(fact, nr).and_then(|def| def.rank(word));
        match (&known, value) {
            (Known::NotApplicable(_), _) => false,
            (Known::Word(old), FactValue::Text(new)) => match (rank(old), rank(new)) {
                (Some(old), Some(new)) => old < new,
                // Without an order, only what a threat rests on is changed.
                _ => old != new && self.readers.contains_key(&(nr, fact)),
            },
            (known, value) => *known != Known::from(value) && self.readers.contains_key(&(nr, fact)),
        }
    }
}
