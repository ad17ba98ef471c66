//! What a walk-through asks, and in which order: first what is at stake and where trust changes, then everything in the
//! order in which data flows, from whom one trusts least; of each thing first the facts that decide the most, then the
//! letters of STRIDE that nobody and nothing has settled. What people said when they looked is in the model
//! (`considered`), so that nothing else has to be remembered. It knows no session and no screen.

mod asking;
mod order;
mod words;

pub use asking::{Answers, Asking, Choice, about, said_before};

use super::coverage::{Cell, CellState, Coverage, Letter};
use super::{Analysis, Question, ThreatRow};
use crate::model::{ConsideredKey, Date, Id, Stride, SubjectKind, ThreatModel, Verdict, Vocabulary};
use crate::rules::Knowledge;
use crate::rules::language::Condition;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What it is about: a thing, and a STRIDE letter or the name of a fact.
    pub key: ConsideredKey,
    /// Kind of the thing.
    pub kind: SubjectKind,
    /// Whether somebody put it on the parking list.
    pub parked: bool,
}

impl Ask {
    /// The letter that it asks about; `None` where it asks for a fact.
    pub fn letter(&self) -> Option<Stride> {
        letter_of(&self.key)
    }
}

/// Everything that is left to ask.
#[derive(Clone, Debug, PartialEq)]
pub struct Agenda {
    /// The questions in order, those of one thing together.
    pub asks: Vec<Ask>,
    /// The places of all things in the order, whether something is asked of them or not.
    ranks: BTreeMap<Id, usize>,
    /// What has been looked at.
    coverage: Coverage,
}

impl Agenda {
    /// What is left to ask of a model that has been analysed.
    pub fn of(model: &ThreatModel, knowledge: &Knowledge, analysis: &Analysis, today: Date) -> Self {
        let coverage = Coverage::of(model, knowledge, analysis, today);
        let mut of: BTreeMap<Id, Vec<Ask>> = facts(model, knowledge, analysis);
        for row in coverage.groups.iter().flat_map(|group| &group.rows) {
            let open = coverage.letters.iter().zip(&row.cells).filter_map(|(letter, cell)| {
                let Letter::Stride(stride) = letter else { return None };
                let parked = is_open(model, analysis, (&row.id, *stride), cell)?;
                let key = ConsideredKey { subject: row.id.clone(), aspect: stride.letter().to_string() };
                Some(Ask { key, kind: row.kind, parked })
            });
            of.entry(row.id.clone()).or_default().extend(open);
        }
        let stops = order::stops(model, analysis);
        let asks = stops.iter().filter_map(|id| of.remove(id)).flatten().collect();
        let ranks = stops.into_iter().enumerate().map(|(rank, id)| (id, rank)).collect();
        Self { asks, ranks, coverage }
    }

    /// The place of a thing in the order; `None` where it is gone.
    pub fn rank(&self, id: &Id) -> Option<usize> {
        self.ranks.get(id).copied()
    }

    /// Whether a question is open.
    pub fn find(&self, key: &ConsideredKey) -> Option<&Ask> {
        self.asks.iter().find(|ask| ask.key == *key)
    }

    /// The letters of a thing, each with how it stands there.
    pub(super) fn cells(&self, id: &Id) -> impl Iterator<Item = (Stride, &Cell)> {
        let rows = self.coverage.groups.iter().flat_map(|group| &group.rows).filter(move |row| row.id == *id);
        rows.flat_map(|row| self.coverage.letters.iter().zip(&row.cells)).filter_map(|(letter, cell)| match letter {
            Letter::Stride(stride) => Some((*stride, cell)),
            Letter::Privacy => None,
        })
    }
}

/// The letter that a key is about.
pub(super) fn letter_of(key: &ConsideredKey) -> Option<Stride> {
    let mut chars = key.aspect.chars();
    chars.next().filter(|_| chars.next().is_none()).and_then(Stride::from_letter)
}

/// The fact that a question is answered by: its own, or of a rule that is itself the question the one fact that it
/// says is unknown. What no single fact answers cannot be asked so.
pub(super) fn fact_of<'q>(knowledge: &'q Knowledge, question: &'q Question) -> Option<&'q str> {
    if !question.fact.contains('.') || Vocabulary::is_free(&question.fact) {
        return Some(&question.fact);
    }
    let mut unknown: Vec<&str> = Vec::new();
    knowledge.rule(&question.fact)?.when.walk(&mut |part| {
        if let Condition::Unknown(name) = part {
            unknown.push(name);
        }
    });
    if let [one] = unknown[..] { Some(one) } else { None }
}

/// The facts that are asked of each thing, those first that decide the most.
fn facts(model: &ThreatModel, knowledge: &Knowledge, analysis: &Analysis) -> BTreeMap<Id, Vec<Ask>> {
    let mut of: BTreeMap<Id, Vec<(u32, Ask)>> = BTreeMap::new();
    for question in &analysis.questions {
        let Some(fact) = fact_of(knowledge, question) else { continue };
        for subject in &question.subjects {
            let key = ConsideredKey { subject: subject.id.clone(), aspect: fact.to_owned() };
            let verdict = model.considered.get(&key).map(|look| look.verdict);
            let asks = of.entry(subject.id.clone()).or_default();
            let is_known = asks.iter().any(|(_, ask)| ask.key == key);
            if is_known || matches!(verdict, Some(Verdict::NoThreat | Verdict::NotApplicable)) {
                continue;
            }
            asks.push((subject.weight, Ask { key, kind: question.kind, parked: verdict == Some(Verdict::Parked) }));
        }
    }
    let sorted = |(id, mut asks): (Id, Vec<(u32, Ask)>)| {
        asks.sort_by_key(|(weight, _)| Reverse(*weight));
        (id, asks.into_iter().map(|(_, ask)| ask).collect())
    };
    of.into_iter().map(sorted).collect()
}

/// Whether a letter is to be asked of a thing, and then whether it is parked. What rules or people settled is not asked
/// again, unless something has come up since.
fn is_open(model: &ThreatModel, analysis: &Analysis, (id, stride): (&Id, Stride), cell: &Cell) -> Option<bool> {
    let key = ConsideredKey { subject: id.clone(), aspect: stride.letter().to_string() };
    let verdict = model.considered.get(&key).map(|look| look.verdict);
    let nobody_deals = || open_at(analysis, id, stride).any(|row| !row.record.is_decided());
    match (verdict, cell.state) {
        (Some(Verdict::NoThreat | Verdict::NotApplicable), _) => {
            (cell.state == CellState::Open && nobody_deals()).then_some(false)
        }
        (Some(Verdict::Threat), _)
        | (_, CellState::Closed | CellState::Clear | CellState::Flows | CellState::NotApplicable) => None,
        (parked, CellState::Open) => nobody_deals().then_some(parked == Some(Verdict::Parked)),
        (parked, CellState::Waiting | CellState::Unseen) => Some(parked == Some(Verdict::Parked)),
    }
}

/// The open threats of a letter at a thing; those of a path stand where it ends.
pub(super) fn open_at<'a>(
    analysis: &'a Analysis,
    id: &'a Id,
    stride: Stride,
) -> impl Iterator<Item = &'a ThreatRow> + 'a {
    let is_here = move |row: &&ThreatRow| row.target.as_ref().unwrap_or(&row.subject) == id;
    analysis.threats.iter().filter(is_here).filter(move |row| row.is_open() && row.stride.contains(&stride))
}
