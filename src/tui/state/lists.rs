//! What the lists of the screen have in them: threats and the outline. Which row is selected is part of the state; the
//! list of changes is the review's.

use super::{Screen, State};
use crate::analysis::ThreatRow;
use crate::model::Id;

impl State {
    /// The threats in the list: on the diagram those of the selection, then those of the data flows at it; else all that the filter lets through.
    pub fn threats(&self) -> Vec<&ThreatRow> {
        let all = &self.bench.analysis().threats;
        match (self.screen, &self.selected) {
            (Screen::Diagram, Some(id)) => {
                let is_about = |t: &&ThreatRow| t.subject == *id || t.target.as_ref() == Some(id);
                let flows = &self.bench.model().flows;
                let is_near = |t: &&ThreatRow| {
                    flows.get(&t.subject).is_some_and(|f| [&f.from, &f.to].into_iter().flatten().any(|end| end == id))
                };
                let near = all.iter().filter(|t| !is_about(t) && is_near(t));
                all.iter().filter(is_about).chain(near).collect()
            }
            (Screen::Diagram, None) => all.iter().collect(),
            _ => crate::tui::sift::sift(&self.bench, &self.filter).unwrap_or_default(),
        }
    }

    /// The number of the selected row among the threats in the list.
    pub fn threat_row(&self) -> usize {
        let wanted = self.threat.as_ref();
        self.threats().iter().position(|t| Some(&t.key) == wanted).unwrap_or(0)
    }

    /// The selected threat of the list.
    pub fn current_threat(&self) -> Option<&ThreatRow> {
        self.threats().get(self.threat_row()).copied()
    }

    /// Things in the order of the outline, each with its depth: boundaries with what is inside, then flows, then assets.
    pub fn outline(&self) -> Vec<(usize, Id)> {
        let model = self.bench.model();
        let mut rows = Vec::new();
        let mut todo: Vec<(usize, Id)> = Vec::new();
        let is_root = |inside: Option<&Id>| inside.is_none_or(|b| !model.boundaries.contains_key(b));
        let within = |around: Option<&Id>, depth: usize| {
            let belongs = |inside: Option<&Id>| match around {
                Some(id) => inside == Some(id),
                None => is_root(inside),
            };
            let boundaries = model.boundaries.iter().filter(|(_, b)| belongs(b.inside.as_ref())).map(|(id, _)| id);
            let elements = model.elements.iter().filter(|(_, e)| belongs(e.inside.as_ref())).map(|(id, _)| id);
            elements.chain(boundaries).map(|id| (depth, id.clone())).collect::<Vec<_>>()
        };
        todo.extend(within(None, 0).into_iter().rev());
        while let Some((depth, id)) = todo.pop() {
            if model.boundaries.contains_key(&id) && rows.len() <= model.boundaries.len() + model.elements.len() {
                todo.extend(within(Some(&id), depth + 1).into_iter().rev());
            }
            rows.push((depth, id));
        }
        rows.extend(model.flows.keys().chain(model.assets.keys()).map(|id| (0, id.clone())));
        rows
    }
}
