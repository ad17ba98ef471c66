//! Figures over recorded runs of the gate: how often it was open, how often each rule of the policy was held, and how much
//! had been looked at week by week. A run counts as it was recorded; nothing is judged again.

use super::Share;
use super::week::spans;
use crate::model::Date;
use crate::review::policy::PolicyRule;
use crate::review::runs::{Looked, Part, PolicyMark, Run};
use std::collections::{BTreeMap, BTreeSet};

/// What came of the runs of a model in a window.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Runs {
    /// Runs in which the policy was held.
    pub gate: Share,
    /// How many of the runs compared with an earlier model, and let pass what was not new.
    pub new_only: usize,
    /// How many policies there were.
    pub policies: usize,
    /// All rules of the policy together.
    pub compliance: Share,
    /// Each of them that was on in any run, in the order of the policy.
    pub rules: Vec<(String, Share)>,
    /// The weeks of the window.
    pub weeks: Vec<RunWeek>,
    /// Runs before the window or after it.
    pub outside: usize,
    /// Runs of other models.
    pub others: usize,
}

/// The runs of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunWeek {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Runs in which the policy was held.
    pub gate: Share,
    /// How much had been looked at, as the last run says; `None` without any.
    pub looked: Option<Looked>,
}

impl Runs {
    /// Counts the runs of a model in a window, the earliest first. It may have had other names.
    pub fn of(runs: &[Run], is_named: impl Fn(&str) -> bool, from: Date, to: Date) -> Self {
        let (own, others): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| is_named(&run.file));
        let (inside, outside): (Vec<&Run>, Vec<&Run>) =
            own.into_iter().partition(|run| (from..=to).contains(&run.day()));
        let mut counted = Self { outside: outside.len(), others: others.len(), ..Self::default() };
        let mut rules: BTreeMap<&str, Share> = BTreeMap::new();
        let policies: BTreeSet<&PolicyMark> = inside.iter().map(|run| &run.policy).collect();
        counted.policies = policies.len();
        for run in &inside {
            counted.gate.add(run.pass);
            counted.new_only += usize::from(run.new_only);
            for rule in &run.rules {
                if let Some(holds) = rule.holds {
                    counted.compliance.add(holds);
                    rules.entry(&rule.id).or_default().add(holds);
                }
            }
        }
        // Rules that this version does not know come last.
        let place = |id: &str| PolicyRule::ALL.iter().position(|rule| rule.id() == id).unwrap_or(usize::MAX);
        counted.rules = rules.into_iter().map(|(id, share)| (id.to_owned(), share)).collect();
        counted.rules.sort_by_key(|(id, _)| place(id));
        counted.weeks = spans(from, to).into_iter().map(|span| RunWeek::of(&inside, span)).collect();
        counted
    }
}

impl RunWeek {
    fn of(runs: &[&Run], (from, to): (Date, Date)) -> Self {
        let mut week = Self { from, to, gate: Share::default(), looked: None };
        for run in runs.iter().filter(|run| (from..=to).contains(&run.day())) {
            week.gate.add(run.pass);
            week.looked = Some(run.coverage);
        }
        week
    }
}

impl From<Part> for Share {
    fn from(part: Part) -> Self {
        Self { part: part.part, whole: part.of }
    }
}
