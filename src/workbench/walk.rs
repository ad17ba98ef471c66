//! A session of the walk-through: which question is asked now, what was answered, going back. It asks nothing itself and
//! changes no model: an answer becomes an edit that a surface applies, so that undo and the journal know it. What is
//! left to ask `analysis` knows; nothing of a session has to be stored, since it resumes from what is in the model.

mod answer;
mod fact;
mod summary;

pub use answer::{Answer, Found, Own, Prepared};
pub use summary::Summary;

use super::Workbench;
use crate::analysis::walk::{Agenda, Ask, Asking};
use crate::model::{ConsideredKey, Edit, Entry, Id, Place, ThreatKey, ThreatModel};
use std::collections::BTreeSet;

/// What a session is about.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Range {
    /// Everything.
    #[default]
    All,
    /// Some things, what is inside them, and the flows at them.
    Of(BTreeSet<Id>),
}

/// What became of a question in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered.
    Answered,
    /// Put on the parking list.
    Parked,
    /// Left out; it comes again in the next session.
    Skipped,
}

/// A question that was asked in this session, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The question.
    pub ask: Ask,
    /// What became of it.
    pub outcome: Outcome,
    /// What was said, in a few words.
    pub said: String,
    /// Threats that were named.
    pub threats: Vec<ThreatKey>,
    /// What it changed, before and after.
    touched: Vec<Touched>,
}

/// A place with what stood there before an answer and after it.
#[derive(Clone, Debug, PartialEq)]
struct Touched {
    place: Place,
    before: Option<Entry>,
    after: Option<Entry>,
}

impl Turn {
    /// The edits that take an answer back, as far as nobody has changed since what it changed.
    fn reversal(&self, model: &ThreatModel) -> Vec<Edit> {
        let is_as_left = |touched: &&Touched| model.entry(&touched.place) == touched.after;
        let back = |touched: &Touched| match &touched.before {
            Some(entry) => Edit::put(entry.clone()),
            None => Edit::Remove(touched.place.clone()),
        };
        let changed = self.touched.iter().filter(|touched| touched.before != touched.after);
        changed.filter(is_as_left).map(back).collect()
    }

    /// Whether it was taken back since.
    fn is_undone(&self, model: &ThreatModel, agenda: &Agenda) -> bool {
        if self.touched.is_empty() {
            let asked = agenda.find(&self.ask.key);
            return self.outcome == Outcome::Answered && asked.is_some_and(|ask| !ask.parked);
        }
        let is_as_before = |touched: &Touched| model.entry(&touched.place) == touched.before;
        self.touched.iter().all(|touched| touched.before == touched.after || is_as_before(touched))
    }
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// The number of the question, beginning with one.
    pub number: usize,
    /// How many there are in this session, as far as is known.
    pub total: usize,
    /// How many are on the parking list.
    pub parked: usize,
    /// Whether the rest of the questions are those that were parked.
    pub of_parked: bool,
}

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    range: Range,
    agenda: Agenda,
    turns: Vec<Turn>,
    at: Option<Ask>,
    asking: Option<Asking>,
    /// How many turns back one looks.
    back: usize,
    /// Questions that do not come again in this session.
    passed: BTreeSet<ConsideredKey>,
    /// Whether the summary is wanted before everything is asked.
    ended: bool,
}

impl Walk {
    /// Begins a session.
    pub fn new(bench: &Workbench, range: &Range) -> Self {
        let range = match range {
            Range::All => Range::All,
            Range::Of(ids) => Range::Of(around(bench.model(), ids)),
        };
        let mut walk = Self {
            range,
            agenda: agenda_of(bench),
            turns: Vec::new(),
            at: None,
            asking: None,
            back: 0,
            passed: BTreeSet::new(),
            ended: false,
        };
        walk.go_on(bench, None);
        walk
    }

    /// The question that is asked; `None` when there is nothing left to ask.
    pub fn asking(&self) -> Option<&Asking> {
        self.asking.as_ref().filter(|_| !self.ended)
    }

    /// What was answered to the question that is asked, when one has gone back to it.
    pub fn turn(&self) -> Option<&Turn> {
        let at = self.turns.len().checked_sub(self.back)?;
        self.turns.get(at)
    }

    /// Everything that was asked, in order.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Whether this session is about some things only.
    pub fn is_part(&self) -> bool {
        self.range != Range::All
    }

    /// Follows a change of the model: one that settles the question at hand was its answer, and one that takes the last
    /// answer back leads back to its question.
    pub fn follow(&mut self, bench: &Workbench) {
        let was_open = self.at.as_ref().filter(|_| self.back == 0).cloned();
        self.agenda = agenda_of(bench);
        let model = bench.model();
        let mut reopened = None;
        while let Some(turn) = self.turns.pop() {
            if turn.outcome == Outcome::Skipped || !turn.is_undone(model, &self.agenda) {
                self.turns.push(turn);
                break;
            }
            self.passed.remove(&turn.ask.key);
            reopened = self.agenda.find(&turn.ask.key).cloned().or(Some(turn.ask));
        }
        self.back = self.back.min(self.turns.len());
        if let Some(ask) = reopened {
            (self.back, self.ended, self.at) = (0, false, Some(ask));
        } else if let Some(ask) = was_open {
            let now = self.agenda.find(&ask.key);
            let outcome = match now {
                None => Some(Outcome::Answered),
                Some(now) if now.parked && !ask.parked => Some(Outcome::Parked),
                Some(_) => None,
            };
            if let Some(outcome) = outcome {
                let said = bench.history().next().unwrap_or_default().to_owned();
                self.took(Turn { ask: ask.clone(), outcome, said, threats: Vec::new(), touched: Vec::new() });
                return self.go_on(bench, Some(&ask.key.subject));
            }
        }
        if self.at.is_none() && !self.ended {
            return self.go_on(bench, None);
        }
        self.ask(bench);
    }

    /// Makes an answer an edit, or says why it cannot be one. An answer to a question that was answered before takes the
    /// place of that.
    pub fn prepare(&self, bench: &Workbench, answer: &Answer) -> Result<Prepared, String> {
        let (Some(ask), Some(asking)) = (&self.at, self.asking()) else {
            return Err("nothing is asked now".to_owned());
        };
        let earlier = self.turns.iter().find(|turn| turn.ask.key == ask.key);
        answer::prepare(bench, ask, asking, earlier, answer)
    }

    /// Takes note that an answer was applied, and goes on to the next question.
    pub fn done(&mut self, bench: &Workbench, prepared: Prepared) {
        let Some(ask) = self.at.clone() else { return };
        let model = bench.model();
        let touched = prepared.before.into_iter().map(|(place, before)| {
            let after = model.entry(&place);
            Touched { place, before, after }
        });
        if prepared.outcome == Outcome::Parked && ask.parked {
            // It came up at the end, and stays parked.
            self.passed.insert(ask.key.clone());
        }
        let from = ask.key.subject.clone();
        let turn = Turn {
            ask,
            outcome: prepared.outcome,
            said: prepared.said,
            threats: prepared.threats,
            touched: touched.collect(),
        };
        self.took(turn);
        self.agenda = agenda_of(bench);
        self.go_on(bench, Some(&from));
    }

    /// Leaves a question out; where one has gone back, goes on to the one after it.
    pub fn skip(&mut self, bench: &Workbench) {
        let Some(ask) = self.at.clone() else { return };
        if self.back > 0 {
            self.back -= 1;
            return self.look_back(bench);
        }
        self.passed.insert(ask.key.clone());
        let from = ask.key.subject.clone();
        let said = String::new();
        self.took(Turn { ask, outcome: Outcome::Skipped, said, threats: Vec::new(), touched: Vec::new() });
        self.go_on(bench, Some(&from));
    }

    /// Goes back to the question before; whether there is one.
    pub fn back(&mut self, bench: &Workbench) -> bool {
        if self.ended {
            self.ended = false;
            if self.asking.is_some() {
                return true;
            }
        }
        if self.back >= self.turns.len() {
            return false;
        }
        self.back += 1;
        self.look_back(bench);
        true
    }

    /// Shows the summary.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let here = self.at.as_ref().map(|ask| &ask.key);
        let in_range = || self.agenda.asks.iter().filter(|ask| self.is_in_range(ask));
        let parked = in_range().filter(|ask| ask.parked).count();
        let still = |ask: &&Ask| !self.passed.contains(&ask.key);
        let left = in_range().filter(still).filter(|ask| !ask.parked);
        let left = left.filter(|ask| self.back == 0 || Some(&ask.key) != here).count();
        let of_parked = self.back == 0 && self.at.as_ref().is_some_and(|ask| ask.parked);
        let number = (self.turns.len() + 1).saturating_sub(self.back);
        Progress { number, total: self.turns.len() + left, parked, of_parked }
    }

    /// What came of it so far.
    pub fn summary(&self, bench: &Workbench) -> Summary {
        Summary::of(self, bench)
    }

    fn is_in_range(&self, ask: &Ask) -> bool {
        match &self.range {
            Range::All => true,
            Range::Of(ids) => ids.contains(&ask.key.subject),
        }
    }

    /// Notes a turn, in the place of an earlier one about the same question.
    fn took(&mut self, turn: Turn) {
        if turn.outcome != Outcome::Skipped && !turn.ask.parked {
            self.passed.remove(&turn.ask.key);
        }
        match self.turns.iter_mut().find(|earlier| earlier.ask.key == turn.ask.key) {
            Some(earlier) if self.back > 0 => *earlier = turn,
            _ => {
                self.turns.retain(|earlier| earlier.ask.key != turn.ask.key);
                self.turns.push(turn);
            }
        }
        self.back = 0;
    }

    /// Asks what comes next: what is left of the same thing, then of those after it, then of those before; at last what
    /// is parked.
    fn go_on(&mut self, bench: &Workbench, from: Option<&Id>) {
        let rank = from.and_then(|id| self.agenda.rank(id));
        let still = |ask: &&Ask| self.is_in_range(ask) && !self.passed.contains(&ask.key);
        let (parked, open): (Vec<&Ask>, Vec<&Ask>) = self.agenda.asks.iter().filter(still).partition(|ask| ask.parked);
        let ahead = open.iter().find(|ask| self.agenda.rank(&ask.key.subject) >= rank);
        self.at = ahead.or(open.first()).or(parked.first()).map(|ask| (*ask).clone());
        self.ask(bench);
    }

    /// Asks the question that one has gone back to, or the next one.
    fn look_back(&mut self, bench: &Workbench) {
        if let Some(ask) = self.turn().map(|turn| turn.ask.clone()) {
            self.at = Some(ask);
            return self.ask(bench);
        }
        let from = self.turns.last().map(|turn| turn.ask.key.subject.clone());
        self.go_on(bench, from.as_ref());
    }

    /// Makes the question in full; one whose thing is gone is left.
    fn ask(&mut self, bench: &Workbench) {
        let (model, knowledge, analysis) = (bench.model(), bench.knowledge(), bench.analysis());
        let of = |ask: &Ask| Asking::of(model, knowledge, analysis, &self.agenda, ask);
        self.asking = self.at.as_ref().and_then(of);
        if self.asking.is_none() && self.at.take().is_some() {
            self.back = 0;
            self.go_on(bench, None);
        }
    }

    /// Everything that is parked, in the order of the questions.
    fn parked(&self) -> impl Iterator<Item = &Ask> {
        self.agenda.asks.iter().filter(|ask| ask.parked && self.is_in_range(ask))
    }

    /// Everything that is open and not parked.
    fn left(&self) -> impl Iterator<Item = &Ask> {
        self.agenda.asks.iter().filter(|ask| !ask.parked && self.is_in_range(ask))
    }
}

fn agenda_of(bench: &Workbench) -> Agenda {
    Agenda::of(bench.model(), bench.knowledge(), bench.analysis(), bench.sitting().today)
}

/// Some things with what is inside the boundaries among them and the flows at them.
fn around(model: &ThreatModel, ids: &BTreeSet<Id>) -> BTreeSet<Id> {
    let mut all = ids.clone();
    let is_inside = |inside: Option<&Id>| model.boundary_chain(inside).into_iter().any(|id| ids.contains(id));
    all.extend(model.elements.iter().filter(|(_, e)| is_inside(e.inside.as_ref())).map(|(id, _)| id.clone()));
    all.extend(model.boundaries.iter().filter(|(_, b)| is_inside(b.inside.as_ref())).map(|(id, _)| id.clone()));
    let ends = |flow: &crate::model::DataFlow| flow.from.iter().chain(&flow.to).any(|end| all.contains(end));
    let flows: Vec<Id> = model.flows.iter().filter(|(_, flow)| ends(flow)).map(|(id, _)| id.clone()).collect();
    all.extend(flows);
    all
}
