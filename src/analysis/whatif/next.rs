//! The best next controls: one after the other, each the best of what is left once those before it are done. What is
//! shown of a step comes from evaluating the whole model with it.

use super::super::readers::Readers;
use super::candidate::{Candidate, candidates};
use super::survey::{Detail, Survey, survey, surveyed};
use super::{Effect, Named};
use crate::model::graph::Index;
use crate::model::{Date, Id, Mitigation, MitigationStatus, Provides, ThreatModel};
use crate::rules::eval::Evaluator;
use crate::rules::{Effort, Knowledge};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Subjects that may be evaluated for one step; then the best of what was evaluated is taken.
const PATIENCE: usize = 120_000;

/// What makes one piece of work better than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// The risk it removes.
    Risk,
    /// The risk it removes for each point of effort.
    Effort,
}

/// The best next controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// Risk before the first step.
    pub risk: u32,
    /// Open threats before the first step.
    pub open: usize,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Open threats that are left after the last step: how many, and their risk.
    pub left: (usize, u32),
    /// Whether there may be more to do after the last step.
    pub more: bool,
    /// Pieces of work that came into question for the first step, and how many of them were evaluated for it.
    pub looked_at: (usize, usize),
    /// Whether at some step there were too many to be sure that none of those that were left is better.
    pub unsure: bool,
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is to be done.
    pub title: String,
    /// The record of the catalogue it follows.
    pub record: Option<String>,
    /// Where the model has it as planned already.
    pub planned: Option<Planned>,
    /// Work of the model, not done yet, that provides some of the same there.
    pub partly: Vec<Planned>,
    /// The boundary around its places, where they are several.
    pub around: Option<Named>,
    /// Where it is done.
    pub on: Vec<Named>,
    /// The facts that are so once it is done.
    pub provides: Vec<Provides>,
    /// How much work it is; `None` when nobody says, and then it is taken for medium.
    pub effort: Option<Effort>,
    /// Effort in thirds of a point.
    pub thirds: u32,
    /// What it does to threats, those of the steps before it being done.
    pub effect: Effect,
    /// Open threats that are left once it is done.
    pub left: usize,
}

/// Work that is in the model already.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Its id.
    pub id: Id,
    /// How far it is.
    pub status: MitigationStatus,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Date>,
}

impl Planned {
    fn of(id: &Id, work: &Mitigation) -> Self {
        Self { id: id.clone(), status: work.status, owner: work.owner.clone(), due: work.due }
    }
}

/// Looks for the best next controls.
pub fn next(model: &ThreatModel, knowledge: &Knowledge, today: Date, most: usize, rank: Rank) -> Next {
    let readers = Readers::new(knowledge, model.system.packs.as_deref());
    let mut work = model.clone();
    let (mut before, mut choice) = look(&work, knowledge, today);
    let mut next = Next {
        risk: before.risk(),
        open: before.open.len(),
        steps: Vec::new(),
        left: (0, 0),
        more: false,
        looked_at: (choice.len(), 0),
        unsure: false,
    };
    loop {
        let best = best(&mut work, knowledge, today, &readers, (&before, choice, rank));
        if next.steps.is_empty() {
            next.looked_at.1 = best.measured;
        }
        let Some(mut candidate) = best.candidate else { break };
        if next.steps.len() >= most {
            next.more = true;
            break;
        }
        next.unsure |= best.unsure;
        candidate.id = Id::slug("what-if", "what-if", |id| work.mitigations.keys().any(|m| m.as_str() == id));
        if let Some(planned) = &candidate.planned {
            candidate.id.clone_from(planned);
        }
        if candidate.edit().apply(&mut work).is_err() {
            break;
        }
        let (after, choices) = look(&work, knowledge, today);
        next.steps.push(step(model, candidate, &before, &after));
        (before, choice) = (after, choices);
    }
    next.left = (before.open.len(), before.risk());
    next
}

/// The open threats and what could be done about them.
fn look(model: &ThreatModel, knowledge: &Knowledge, today: Date) -> (Survey, Vec<Candidate>) {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    let survey = survey(&mut evaluator, knowledge, today, Detail::Whole);
    let found = candidates(&evaluator.resolver, knowledge, &survey);
    (survey, found)
}

/// How good something is; greater is better.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Worth {
    gain: u32,
    thirds: u32,
    rank: Rank,
}

impl Worth {
    fn key(self) -> (u64, u64, Reverse<u32>) {
        // A ratio in whole numbers: finer than any that is shown.
        let ratio = u64::from(self.gain) * 1_000_000 / u64::from(self.thirds.max(1));
        match self.rank {
            Rank::Risk => (u64::from(self.gain), 0, Reverse(self.thirds)),
            Rank::Effort => (ratio, u64::from(self.gain), Reverse(self.thirds)),
        }
    }
}

/// The best of some pieces of work.
struct Best {
    candidate: Option<Candidate>,
    /// How many were evaluated.
    measured: usize,
    /// Whether one of the others could be better.
    unsure: bool,
}

/// The best of the candidates. They are looked at in the order of what they could be worth
/// at most, until none that is left could be better (lazy greedy; Minoux 1978).
fn best(
    model: &mut ThreatModel,
    knowledge: &Knowledge,
    today: Date,
    readers: &Readers,
    (before, mut choice, rank): (&Survey, Vec<Candidate>, Rank),
) -> Best {
    let worth = |gain: u32, candidate: &Candidate| Worth { gain, thirds: candidate.thirds(), rank }.key();
    let order = |c: &Candidate| (Reverse(worth(c.bound, c)), c.planned.is_none());
    choice.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| (&a.record, &a.on).cmp(&(&b.record, &b.on))));
    let size = model.elements.len() + model.flows.len() + 1;
    let patience = (PATIENCE / size).max(8);
    let mut best: Option<(Candidate, u32)> = None;
    let (mut measured, mut unsure) = (0, false);
    for candidate in choice {
        let beaten = best.as_ref().is_some_and(|(held, gain)| worth(*gain, held) > worth(candidate.bound, &candidate));
        unsure = !beaten && measured >= patience && best.is_some();
        if beaten || unsure {
            break;
        }
        measured += 1;
        let gain = gain(model, knowledge, today, readers, (before, &candidate));
        let better = |(held, most): &(Candidate, u32)| {
            let now = (worth(gain, &candidate), candidate.planned.is_some());
            now > (worth(*most, held), held.planned.is_some())
        };
        if gain > 0 && best.as_ref().is_none_or(better) {
            best = Some((candidate, gain));
        }
    }
    Best { candidate: best.map(|(candidate, _)| candidate), measured, unsure }
}

/// The risk that goes when a piece of work is done. What only turns into a question does not count.
fn gain(
    model: &mut ThreatModel,
    knowledge: &Knowledge,
    today: Date,
    readers: &Readers,
    (before, candidate): (&Survey, &Candidate),
) -> u32 {
    let rules: BTreeSet<&str> = readers.of(candidate.facts());
    let before = before.of_rules(&rules);
    let Ok(back) = candidate.edit().apply(model) else { return 0 };
    let after = surveyed(model, knowledge, today, Detail::Numbers(&rules));
    if back.apply(model).is_err() {
        return 0;
    }
    let open = |key| !after.open.contains_key(key) && after.asks_anew(&before, key);
    let asked: u32 = before.open.iter().filter(|(key, _)| open(key)).map(|(_, open)| open.risk()).sum();
    before.risk().saturating_sub(after.risk() + asked)
}

/// Work of the model that is not done yet and provides one of these facts at one of its places.
fn partly(model: &ThreatModel, provides: &[Provides]) -> Vec<Planned> {
    let same =
        |a: &Provides, b: &Provides| a.fact == b.fact && a.value == b.value && a.on.iter().any(|id| b.on.contains(id));
    let shares = |work: &Mitigation| work.provides.iter().any(|a| provides.iter().any(|b| same(a, b)));
    let waiting = model.mitigations.iter().filter(|(_, work)| work.status.is_waiting() && shares(work));
    waiting.map(|(id, work)| Planned::of(id, work)).collect()
}

fn step(model: &ThreatModel, candidate: Candidate, before: &Survey, after: &Survey) -> Step {
    let named = |id: &Id| Named::of(model, id);
    let plan = candidate.planned.as_ref().and_then(|id| Some((id, model.mitigations.get(id)?)));
    Step {
        title: candidate.work.title.clone(),
        record: candidate.record.clone(),
        partly: if plan.is_some() { Vec::new() } else { partly(model, &candidate.work.provides) },
        planned: plan.map(|(id, work)| Planned::of(id, work)),
        around: candidate.around.as_ref().map(named),
        on: candidate.on.iter().map(named).collect(),
        effort: candidate.effort,
        thirds: candidate.thirds(),
        effect: Effect::between(model, before, after),
        left: after.open.len(),
        provides: candidate.work.provides,
    }
}
