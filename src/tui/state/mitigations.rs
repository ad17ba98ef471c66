//! The mitigations' screen: which are shown in which order, and what each does to threats. Changing them is `update`'s
//! work.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::whatif::{Effect, switched};
use crate::model::{Id, MitigationStatus, ThreatModel, act};
use crate::workbench::Workbench;

/// Columns of the board and headings of the list: a word, and the statuses that belong there.
pub(crate) const COLUMNS: &[(&str, &[MitigationStatus])] = &[
    ("Proposed", &[MitigationStatus::Proposed]),
    ("Planned", &[MitigationStatus::Planned]),
    ("In progress", &[MitigationStatus::InProgress]),
    ("Claimed", &[MitigationStatus::Claimed]),
    ("Done", &[MitigationStatus::Implemented, MitigationStatus::Verified]),
    ("Rejected", &[MitigationStatus::Rejected]),
];

/// With so many elements times mitigations what each does is evaluated for all at once; else for the selected one.
const MANY: usize = 12_000;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Mitigations {
    /// The selected one.
    pub(crate) selected: Option<Id>,
    /// Marked for an act on several.
    pub(crate) marked: BTreeSet<Id>,
    /// Whether they are shown as a board.
    pub(crate) board: bool,
    /// What those do that were looked at, for the revision of the model.
    effects: (u64, BTreeMap<Id, Effect>),
}

impl Mitigations {
    /// The mitigations of each column, those that are due first.
    pub(crate) fn columns(model: &ThreatModel) -> Vec<Vec<Id>> {
        let of = |statuses: &[MitigationStatus]| {
            let mut ids: Vec<(&Id, _)> =
                model.mitigations.iter().filter(|(_, m)| statuses.contains(&m.status)).collect();
            ids.sort_by_key(|(id, m)| (m.due.is_none(), m.due, *id));
            ids.into_iter().map(|(id, _)| id.clone()).collect()
        };
        COLUMNS.iter().map(|(_, statuses)| of(statuses)).collect()
    }

    /// All of them in the order of the list.
    pub(crate) fn order(model: &ThreatModel) -> Vec<Id> {
        Self::columns(model).concat()
    }

    /// The selected one, or the first.
    pub(crate) fn current(&self, model: &ThreatModel) -> Option<Id> {
        let selected = self.selected.as_ref().filter(|id| model.mitigations.contains_key(*id));
        selected.cloned().or_else(|| Self::order(model).into_iter().next())
    }

    /// What an act is about: the marked ones, else the selected one.
    pub(crate) fn subjects(&self, model: &ThreatModel) -> Vec<Id> {
        let marked: Vec<Id> = self.marked.iter().filter(|id| model.mitigations.contains_key(*id)).cloned().collect();
        if marked.is_empty() { self.current(model).into_iter().collect() } else { marked }
    }

    /// Evaluates what the mitigations do that are to be shown.
    pub(crate) fn evaluate(&mut self, bench: &Workbench, revision: u64) {
        if self.effects.0 != revision {
            self.effects = (revision, BTreeMap::new());
        }
        let model = bench.model();
        let all = model.mitigations.len() * model.elements.len().max(1) <= MANY;
        let wanted: Vec<Id> =
            if all { model.mitigations.keys().cloned().collect() } else { self.current(model).into_iter().collect() };
        for id in wanted.into_iter().filter(|id| !self.effects.1.contains_key(id)).collect::<Vec<_>>() {
            let effect = switched(model, bench.knowledge(), bench.sitting().today, &id);
            self.effects.1.extend(effect.map(|effect| (id, effect)));
        }
    }

    /// What one does; `None` where nobody looked yet.
    pub(crate) fn effect(&self, id: &Id) -> Option<&Effect> {
        self.effects.1.get(id)
    }

    /// What one does in a few words: "closes 9", "holds 4 closed"; empty where nobody looked yet, or it does nothing.
    pub(crate) fn told(&self, model: &ThreatModel, id: &Id) -> String {
        let Some(mitigation) = model.mitigations.get(id) else { return String::new() };
        let named = act::threats_naming(model, id).count();
        let by_hand = if named > 0 { format!("named by {named}") } else { String::new() };
        let Some(effect) = self.effect(id) else { return by_hand };
        let (closed, opened) = (effect.closed.len(), effect.opened.len());
        match (mitigation.status.counts(), closed, opened) {
            (false, 1.., _) => format!("closes {closed}"),
            (true, _, 1..) => format!("holds {opened} closed"),
            _ => by_hand,
        }
    }
}
