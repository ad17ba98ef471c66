//! What stands still when an element does: whoever waits for it, directly or through others. Copies, records and
//! measurements are made aside, so that nobody waits for those; where it is not known whether a caller waits, it may
//! stand still.

use super::Named;
use super::blast::Reached;
use super::net::{Members, says};
use crate::model::SubjectKind;
use crate::model::graph::{Index, Nr, Way};
use crate::model::resolve::Known;
use crate::rules::eval::{Evaluator, way_of_calls};
use crate::rules::truth::Truth;
use std::collections::{BTreeSet, VecDeque};

/// Who waits for whom.
struct Waiting<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    /// By the number of what is called: its callers, and whether they surely wait.
    callers: Vec<Vec<(Nr, bool)>>,
}

/// What surely stands still without the starts, and what may do so.
pub(super) fn depends(evaluator: &Evaluator<'_>, starts: &[Nr]) -> (Vec<Reached>, Vec<Reached>) {
    let waiting = Waiting::new(evaluator);
    let surely = waiting.follow(starts, true);
    let known: BTreeSet<_> = surely.iter().map(|reached| reached.on.id.clone()).collect();
    let mut perhaps = waiting.follow(starts, false);
    perhaps.retain(|reached| !known.contains(&reached.on.id));
    (surely, perhaps)
}

impl<'e, 'a> Waiting<'e, 'a> {
    fn new(evaluator: &'e Evaluator<'a>) -> Self {
        let index = evaluator.index;
        let members = Members::new(index);
        let mut callers: Vec<Vec<(Nr, bool)>> = vec![Vec::new(); index.elements().len()];
        for flow in index.flows() {
            let (Some((from, to)), waits) = (call(evaluator, flow), says(evaluator, "sync", flow, "sync")) else {
                continue;
            };
            if waits.is_false() || is_aside(evaluator, flow) {
                continue;
            }
            let (from, to) = (members.of(from), members.of(to));
            for called in to.into_iter().filter(|called| !is_aside(evaluator, *called)) {
                let others = from.iter().filter(|caller| **caller != called);
                callers[called].extend(others.map(|caller| (*caller, waits == Truth::True)));
            }
        }
        for list in &mut callers {
            list.sort_unstable();
        }
        Self { evaluator, callers }
    }

    /// Those who wait, up to what goes on by itself; the nearest first.
    fn follow(&self, starts: &[Nr], surely: bool) -> Vec<Reached> {
        let mut before: Vec<Option<(u32, Option<Nr>)>> = vec![None; self.callers.len()];
        let mut queue: VecDeque<Nr> = starts.iter().copied().collect();
        for start in starts {
            before[*start] = Some((0, None));
        }
        let mut found = Vec::new();
        while let Some(at) = queue.pop_front() {
            let steps = before[at].map_or(0, |(steps, _)| steps) + 1;
            for (caller, _) in self.callers[at].iter().filter(|(_, waits)| *waits || !surely) {
                if before[*caller].is_some() {
                    continue;
                }
                before[*caller] = Some((steps, Some(at)));
                let reached = self.reached(&before, *caller, steps);
                if !reached.goes_on {
                    queue.push_back(*caller);
                }
                found.push(reached);
            }
        }
        found
    }

    fn reached(&self, before: &[Option<(u32, Option<Nr>)>], caller: Nr, steps: u32) -> Reached {
        let index: &Index<'_> = self.evaluator.index;
        let named = |nr: Nr| Named::of(index.model, index.id(nr));
        let next = |nr: &Nr| before[*nr].and_then(|(_, next)| next);
        let chain = std::iter::successors(next(&caller), next);
        Reached {
            on: named(caller),
            steps,
            via: chain.filter(|nr| next(nr).is_some()).map(named).collect(),
            guards: Vec::new(),
            unknown: Vec::new(),
            goes_on: says(self.evaluator, "fallback", caller, "present").is_true(),
        }
    }
}

/// Caller and called of a flow; an answer is no call.
fn call(evaluator: &Evaluator<'_>, flow: Nr) -> Option<(Nr, Nr)> {
    let index = evaluator.index;
    let (Some(from), Some(to)) = index.ends(flow) else { return None };
    let is_store = |nr: Nr| index.kind(nr) == SubjectKind::DataStore;
    match way_of_calls(&evaluator.resolver)(flow) {
        Way::Closed => None,
        Way::Backward => Some((to, from)),
        // A store calls nobody: who gets data from it has asked for it.
        Way::Forward if is_store(from) && !is_store(to) => Some((to, from)),
        Way::Forward => Some((from, to)),
    }
}

/// Whether an element or flow is there for copies, records or measurements.
fn is_aside(evaluator: &Evaluator<'_>, nr: Nr) -> bool {
    let one_of = |fact: &str, words: &[&str]| matches!(evaluator.resolver.get(fact, nr), Some((Known::Word(word), _)) if words.contains(&&*word));
    let is_store = evaluator.index.kind(nr) == SubjectKind::DataStore;
    one_of("usage", &["backup", "telemetry"]) || is_store && one_of("kind", &["backup", "log"])
}
