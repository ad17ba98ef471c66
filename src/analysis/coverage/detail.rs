//! One row of the matrix in full: for every letter what each rule says about the thing, or why it says nothing.
//! Sentences are short; `explain` has the long ones.

use super::sheet::{Sheet, Subsumed, home, is_there, rules, subsumed};
use super::{Cell, CellState, Letter, Reason};
use crate::analysis::{Analysis, ThreatRow};
use crate::model::graph::{Index, Nr};
use crate::model::{Date, Id, SYSTEM, SubjectKind, ThreatModel};
use crate::rules::engine::{self, Asked, Outcomes};
use crate::rules::eval::{Evaluator, Read};
use crate::rules::language::{Each, Rule};
use crate::rules::silence::{self, Silence};
use crate::rules::{Knowledge, fill};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one thing, by letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The thing.
    pub id: Id,
    /// Its kind.
    pub kind: SubjectKind,
    /// Every letter with its cell and what was said.
    pub letters: Vec<(Letter, Cell, Vec<Said>)>,
}

/// Something that is said, or why nothing is.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What it makes of the cell.
    pub state: CellState,
    /// Who says it: the display id of a threat, a rule, a flow; of rules that do not apply all.
    pub by: Vec<String>,
    /// What is said.
    pub text: String,
}

/// Facts named in one line.
const MOST: usize = 4;

impl Detail {
    /// Looks at one thing of a model that has been analysed; `None` when there is none of that id.
    pub fn of(model: &ThreatModel, knowledge: &Knowledge, analysis: &Analysis, today: Date, id: &Id) -> Option<Self> {
        let index = Index::new(model);
        let nr = index.nr(id).or_else(|| (id.as_str() == SYSTEM).then(|| index.system()))?;
        let sheet = Sheet::of(&index, knowledge, analysis, today);
        let letters = sheet.letters();
        let cells = sheet.cells_of(nr, &letters);
        let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
        let rules: Vec<&Rule> = rules(model, knowledge).collect();
        let outcomes = engine::run(&mut evaluator, rules.iter().copied());
        let general = subsumed(&mut evaluator, &outcomes);
        let mut teller = Teller { evaluator, nr, rules, outcomes, general };
        let threats: Vec<&ThreatRow> =
            analysis.threats.iter().filter(|row| is_there(row) && home(&index, row) == Some(nr)).collect();
        let tell = |(letter, cell): (Letter, Cell)| {
            let said = teller.tell(letter, &cell, &threats, &sheet);
            (letter, cell, said)
        };
        let letters = letters.into_iter().zip(cells).map(tell).collect();
        Some(Self { id: id.clone(), kind: index.kind(nr), letters })
    }
}

struct Teller<'a> {
    evaluator: Evaluator<'a>,
    nr: Nr,
    rules: Vec<&'a Rule>,
    outcomes: Outcomes<'a>,
    general: Subsumed<'a>,
}

impl<'a> Teller<'a> {
    fn tell(&mut self, letter: Letter, cell: &Cell, threats: &[&ThreatRow], sheet: &Sheet<'_>) -> Vec<Said> {
        let mut said = Vec::new();
        for row in threats.iter().filter(|row| letter.among(&row.stride, &row.linddun)) {
            let severity = row.severity.map_or_else(|| "not rated".to_owned(), |s| s.to_string());
            let text = format!("{severity}, {}: {}", row.status.word().title(), row.title);
            let state = if row.is_open() { CellState::Open } else { CellState::Closed };
            said.push(Said { state, by: vec![row.id.clone()], text });
        }
        let about =
            |asked: &&Asked<'a>| asked.at.nr == self.nr && letter.among(&asked.rule.stride, &asked.rule.linddun);
        for asked in self.outcomes.asked.iter().filter(about) {
            let text = format!("waits for {}", self.wanted(&asked.reads));
            said.push(Said { state: CellState::Waiting, by: vec![asked.rule.id.clone()], text });
        }
        match &cell.reason {
            Some(reason @ Reason::Said { .. }) => {
                said.push(Said { state: cell.state, by: Vec::new(), text: reason.to_string() });
            }
            Some(Reason::Flows(flows)) => said.extend(flows.iter().map(|flow| sheet.flow(flow, letter))),
            _ => {}
        }
        said.extend(self.silences(letter));
        said
    }

    /// What the rules have to say that say nothing.
    fn silences(&mut self, letter: Letter) -> Vec<Said> {
        let index = self.evaluator.index;
        let kind = index.kind(self.nr);
        let spoke: BTreeSet<&str> = (self.outcomes.raised.iter().map(|r| (r.rule, r.at.nr)))
            .chain(self.outcomes.asked.iter().map(|a| (a.rule, a.at.nr)))
            .filter(|(_, nr)| *nr == self.nr)
            .map(|(rule, _)| rule.id.as_str())
            .collect();
        let asked_here = |rule: &&&Rule| {
            letter.among(&rule.stride, &rule.linddun)
                && rule.on.contains(&kind)
                && rule.for_each != Some(Each::Path)
                && !spoke.contains(rule.id.as_str())
        };
        let rules: Vec<&'a Rule> = self.rules.iter().filter(asked_here).copied().collect();
        let mut said = Vec::new();
        let mut unfit: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for rule in rules {
            let subsumed = self.general.contains_key(&(rule.id.as_str(), self.nr));
            let why = silence::silence(&mut self.evaluator, rule, self.nr, subsumed);
            let (state, what) = match why {
                Silence::Irrelevant => {
                    unfit.entry(self.because(rule, why)).or_default().push(rule.id.clone());
                    continue;
                }
                Silence::Undecided => (CellState::Unseen, "too little is known"),
                Silence::Moot => (CellState::Unseen, "may not apply, and would find nothing"),
                Silence::RuledOut => (CellState::Clear, "ruled out"),
                Silence::Covered => (CellState::Clear, "the control is there"),
                Silence::NoPlace => (CellState::Clear, "the control makes no sense here"),
                Silence::Subsumed => (CellState::NotApplicable, "a more special rule speaks in its place"),
                Silence::OutOfScope => (CellState::NotApplicable, "out of scope"),
            };
            if why == Silence::Subsumed
                && let Some(text) = self.elsewhere(&rule.id)
            {
                said.push(Said { state, by: vec![rule.id.clone()], text });
                continue;
            }
            let text = self.because(rule, why).map_or_else(|| what.to_owned(), |facts| format!("{what}: {facts}"));
            said.push(Said { state, by: vec![rule.id.clone()], text });
        }
        said.sort_by_key(|said| said.state);
        // What makes several rules not apply is said once.
        for (facts, by) in unfit.into_iter().rev() {
            let what = if by.len() == 1 { "does not apply" } else { "do not apply" };
            let text = facts.map_or_else(|| what.to_owned(), |facts| format!("{what}: {facts}"));
            said.push(Said { state: CellState::NotApplicable, by, text });
        }
        said
    }

    /// What speaks in the place of a rule, where that stands in the row of another thing.
    fn elsewhere(&self, rule: &str) -> Option<String> {
        let special = self.general.get(&(rule, self.nr))?;
        let there = special.iter().filter(|(_, nr)| *nr != self.nr);
        let there = there.map(|(id, nr)| format!("{id} of {}", fill::name(&self.evaluator, *nr)));
        listed(there.collect()).map(|who| format!("in its place speaks {who}"))
    }

    /// The facts that a silence rests on.
    fn because(&mut self, rule: &'a Rule, why: Silence) -> Option<String> {
        let mut reads = silence::facts(&mut self.evaluator, rule, self.nr, why);
        if why == Silence::Undecided {
            reads.retain(|read| self.evaluator.resolver.get(read.fact, read.nr).is_none());
            return (!reads.is_empty()).then(|| format!("nobody said {}", self.wanted(&reads)));
        }
        let told = reads.iter().filter_map(|read| {
            let (known, _) = self.evaluator.resolver.get(read.fact, read.nr)?;
            Some(format!("{} = {known}{}", read.fact, self.whose(read)))
        });
        listed(told.collect())
    }

    fn wanted(&self, reads: &[Read<'_>]) -> String {
        let told = reads.iter().map(|read| format!("{}{}", read.fact, self.whose(read)));
        listed(told.collect()).unwrap_or_else(|| "an answer".to_owned())
    }

    fn whose(&self, read: &Read<'_>) -> String {
        if read.nr == self.nr { String::new() } else { format!(" of {}", fill::name(&self.evaluator, read.nr)) }
    }
}

/// Some facts, each once; `None` of none.
fn listed(mut facts: Vec<String>) -> Option<String> {
    let mut seen = BTreeSet::new();
    facts.retain(|fact| seen.insert(fact.clone()));
    let more = facts.len().saturating_sub(MOST);
    facts.truncate(MOST);
    if more > 0 {
        facts.push(format!("and {more} more"));
    }
    (!facts.is_empty()).then(|| facts.join(", "))
}
