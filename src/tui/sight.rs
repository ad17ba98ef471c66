//! What of a model the drawing shows, and how closely: zoom, folded boundaries, focus, and what is lit. It draws nothing.

use std::collections::BTreeSet;

use super::name::called;
use crate::diagram::{Focus, Placement, View, Zoom};
use crate::model::{Id, ThreatModel};

/// What of a model the drawing shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sight {
    /// How closely.
    pub(crate) zoom: Zoom,
    /// Boundaries that are drawn as one box.
    pub(crate) folded: BTreeSet<Id>,
    /// What is looked at, with its neighbourhood.
    pub(crate) focus: Option<Focus>,
    /// What is lit: a path, or where data goes.
    pub(crate) lit: BTreeSet<Id>,
    /// Whether the small map is wanted.
    pub(crate) map: bool,
    /// Where everything lay in the whole drawing, while less of it is shown.
    pub(crate) whole: Option<Placement>,
}

impl Sight {
    /// Whether all of the drawing is shown, so that positions are those of its pins.
    pub(crate) fn is_whole(&self) -> bool {
        self.zoom == Zoom::Full && self.folded.is_empty() && self.focus.is_none()
    }

    /// Whether the same is shown as by another.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        (self.zoom, &self.folded, &self.focus) == (other.zoom, &other.folded, &other.focus)
    }

    /// What to draw.
    pub(crate) fn view(&self, model: &ThreatModel) -> View {
        self.zoom.of(View {
            diagram: model.diagrams.keys().next().cloned(),
            folded: self.folded.clone(),
            focus: self.focus.clone(),
            ..View::default()
        })
    }

    /// What is left out, for the title of the pane; nothing where all is shown.
    pub(crate) fn told(&self, model: &ThreatModel) -> Vec<String> {
        let mut told = Vec::new();
        if let Some(focus) = &self.focus {
            let names: Vec<_> = focus.on.iter().map(|id| called(model, id)).collect();
            let depth = usize::from(focus.depth);
            let flows = if depth == 1 { "1 flow".to_owned() } else { format!("{depth} flows") };
            told.push(format!("focus: {} and {flows} around", names.join(", ")));
        }
        if self.zoom > Zoom::Full {
            told.push(format!("zoom: {}", self.zoom.told()));
        }
        match self.folded.len() {
            0 => {}
            _ if self.zoom == Zoom::Map => {}
            1 => told.push("1 boundary folded".to_owned()),
            n => told.push(format!("{n} boundaries folded")),
        }
        told
    }

    /// Opens a folded boundary. At a distance those directly in it stay folded.
    pub(crate) fn open(&mut self, model: &ThreatModel, id: &Id) {
        self.folded.remove(id);
        if self.zoom == Zoom::Map {
            let inner = model.boundaries.iter().filter(|(_, b)| b.inside.as_ref() == Some(id));
            self.folded.extend(inner.map(|(id, _)| id.clone()));
        }
    }

    /// Forgets what is no longer there. Whether less is left out now than before.
    pub(crate) fn forget(&mut self, model: &ThreatModel) -> bool {
        let before = (self.folded.len(), self.focus.is_some());
        let is_there = |id: &Id| model.thing(id).is_some();
        self.folded.retain(is_there);
        self.lit.retain(is_there);
        if let Some(focus) = &mut self.focus {
            focus.on.retain(is_there);
        }
        self.focus = self.focus.take().filter(|focus| !focus.on.is_empty());
        before != (self.folded.len(), self.focus.is_some())
    }
}
