//! What would be if: the best next controls, what a control holds up, the ways to what is most valuable, and what an
//! attacker reaches from somewhere. Every answer about threats comes from evaluating a changed copy of the model;
//! nothing is written, and nothing is estimated that is shown.

mod blast;
mod candidate;
mod cut;
mod depends;
mod net;
mod next;
mod paths;
mod survey;
mod switched;
mod without;

pub use blast::{Asset, Blast, Change, Fallen, Reached, blast};
pub use cut::{Cut, CutPlace};
pub use net::Guard;
pub use next::{Next, Planned, Rank, Step, next};
pub use paths::{Gate, Leg, Pairs, Route, Routes, paths};
pub use switched::switched;
pub use without::{Removal, Without, without};

use crate::model::{Id, Severity, Thing, ThreatKey, ThreatModel};
use crate::rules::Effort;
use survey::Survey;

/// Something of the model with the name to show for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its id.
    pub id: Id,
    /// Its name; of a nameless flow its ends.
    pub name: String,
}

impl Named {
    fn of(model: &ThreatModel, id: &Id) -> Self {
        let name = match model.thing(id) {
            Some(Thing::Flow(flow)) if flow.name.is_empty() => match (&flow.from, &flow.to) {
                (Some(from), Some(to)) => format!("{} → {}", model.name_of(from), model.name_of(to)),
                _ => id.to_string(),
            },
            _ => model.name_of(id).to_owned(),
        };
        Self { id: id.clone(), name }
    }
}

/// A threat before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its key.
    pub key: ThreatKey,
    /// What people call it.
    pub id: String,
    /// What it says.
    pub title: String,
    /// The severity that counts; after the change where it is open then, else before it.
    pub severity: Option<Severity>,
    /// Its risk before: likelihood × impact, 1 for a hint, or the points of a severity that people gave it; 0 while it
    /// is not open.
    pub before: u32,
    /// Its risk after; 0 while it is not open.
    pub after: u32,
}

/// What a change does to threats, the worst first in every list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Effect {
    /// Open before, not after.
    pub closed: Vec<Moved>,
    /// Open still, with less risk.
    pub lowered: Vec<Moved>,
    /// Open still, with more risk.
    pub raised: Vec<Moved>,
    /// Open after, not before.
    pub opened: Vec<Moved>,
    /// Open before; after, the rule asks for a fact that it did not need before.
    pub asked: Vec<Moved>,
    /// Risk before.
    pub before: u32,
    /// Risk after.
    pub after: u32,
}

impl Effect {
    fn between(model: &ThreatModel, before: &Survey, after: &Survey) -> Self {
        let mut effect = Self { before: before.risk(), after: after.risk(), ..Self::default() };
        for (key, was) in &before.open {
            let now = after.open.get(key);
            let moved = Moved {
                key: key.clone(),
                id: model.display_id(key),
                title: now.unwrap_or(was).title.clone(),
                severity: Some(now.unwrap_or(was).severity),
                before: was.risk(),
                after: now.map_or(0, survey::Open::risk),
            };
            match now {
                Some(_) if moved.after < moved.before => effect.lowered.push(moved),
                Some(_) if moved.after > moved.before => effect.raised.push(moved),
                Some(_) => {}
                None if after.asks_anew(before, key) => effect.asked.push(moved),
                None => effect.closed.push(moved),
            }
        }
        for (key, now) in after.open.iter().filter(|(key, _)| !before.open.contains_key(key)) {
            let (id, title) = (model.display_id(key), now.title.clone());
            let severity = Some(now.severity);
            effect.opened.push(Moved { key: key.clone(), id, title, severity, before: 0, after: now.risk() });
        }
        let Self { closed, lowered, raised, opened, asked, .. } = &mut effect;
        for list in [closed, lowered, raised, opened, asked] {
            list.sort_by(|a, b| {
                (b.severity, b.before.max(b.after), &a.key).cmp(&(a.severity, a.before.max(a.after), &b.key))
            });
        }
        effect
    }
}

/// What a piece of work weighs where nothing else is said: hours, days, weeks.
pub(crate) const fn points(effort: Effort) -> u32 {
    match effort {
        Effort::Small => 1,
        Effort::Medium => 3,
        Effort::Large => 9,
    }
}
