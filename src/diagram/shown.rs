//! Which ids a view shows: those of a diagram, and of them the neighbourhood of what is in focus. No geometry, no
//! folding.

use super::scene::{Focus, View};
use crate::model::{BoundaryKind, DataFlow, Id, ThreatModel};
use std::collections::BTreeSet;

/// The ids that a view shows.
pub(super) struct Shown {
    pub(super) elements: BTreeSet<Id>,
    pub(super) boundaries: BTreeSet<Id>,
    /// Boundaries that are open lines.
    pub(super) lines: BTreeSet<Id>,
    pub(super) flows: BTreeSet<Id>,
    /// Whether only the neighbourhood of something is shown.
    is_part: bool,
}

impl Shown {
    /// What a view shows.
    pub(super) fn of(model: &ThreatModel, view: &View) -> Self {
        let shown = of_diagram(model, view);
        match &view.focus {
            Some(focus) => near(model, focus, &shown),
            None => shown,
        }
    }

    /// Flows that are not shown where only the neighbourhood of something is.
    pub(super) fn hidden_flows<'m>(&self, model: &'m ThreatModel) -> impl Iterator<Item = &'m DataFlow> {
        let is_hidden = |id: &Id| self.is_part && !self.flows.contains(id);
        model.flows.iter().filter(move |(id, _)| is_hidden(id)).map(|(_, flow)| flow)
    }
}

/// Of what is shown the neighbourhood of what is in focus.
fn near(model: &ThreatModel, focus: &Focus, all: &Shown) -> Shown {
    let flows = || model.flows.iter().filter(|(id, _)| all.flows.contains(*id));
    let mut ends: BTreeSet<&Id> = BTreeSet::new();
    for id in &focus.on {
        match model.flows.get(id) {
            Some(flow) => ends.extend(flow.from.iter().chain(&flow.to)),
            None => _ = ends.insert(id),
        }
    }
    let inside = |id: &Id| model.elements.get(id).and_then(|element| element.inside.as_ref());
    let within = |id: &Id| model.boundary_chain(inside(id)).into_iter().any(|around| ends.contains(around));
    let members: Vec<&Id> = all.elements.iter().filter(|id| within(id)).collect();
    ends.extend(members);
    for _ in 0..focus.depth {
        let known = ends.clone();
        for (_, flow) in flows() {
            let both = || flow.from.iter().chain(&flow.to);
            if both().any(|end| known.contains(end)) {
                ends.extend(both());
            }
        }
    }
    let elements: BTreeSet<Id> = ends.iter().filter(|id| all.elements.contains(**id)).copied().cloned().collect();
    let own = ends.iter().filter(|id| all.boundaries.contains(**id)).copied();
    let boundaries = around(model, elements.iter().filter_map(inside).chain(own));
    let is_there = |end: &Option<Id>| end.as_ref().is_none_or(|id| ends.contains(id));
    let touches = |flow: &DataFlow| flow.from.iter().chain(&flow.to).any(|end| ends.contains(end));
    let flows = flows().filter(|(_, flow)| touches(flow) && is_there(&flow.from) && is_there(&flow.to));
    Shown {
        flows: flows.map(|(id, _)| id.clone()).collect(),
        elements,
        boundaries,
        lines: BTreeSet::new(),
        is_part: true,
    }
}

/// Some boundaries with all that are around them.
fn around<'m>(model: &'m ThreatModel, inner: impl Iterator<Item = &'m Id>) -> BTreeSet<Id> {
    inner.flat_map(|id| model.boundary_chain(Some(id))).cloned().collect()
}

/// Moves the boundaries that are open lines, kept from other tools and without anything inside, to a list of their own.
fn part_lines(model: &ThreatModel, mut shown: Shown) -> Shown {
    let outer = model.boundaries.values().filter_map(|b| b.inside.as_ref());
    let used: BTreeSet<&Id> = model.elements.values().filter_map(|e| e.inside.as_ref()).chain(outer).collect();
    let is_line =
        |id: &Id| model.boundaries.get(id).is_some_and(|b| b.kind == Some(BoundaryKind::Line)) && !used.contains(id);
    (shown.lines, shown.boundaries) = shown.boundaries.into_iter().partition(is_line);
    shown
}

/// What a view shows. A diagram that lists ids shows these elements, the ends of listed flows, every boundary around
/// them, and every flow whose ends are shown.
fn of_diagram(model: &ThreatModel, view: &View) -> Shown {
    let listed = view.diagram.as_ref().and_then(|id| model.diagrams.get(id)).and_then(|d| d.shows.as_ref());
    let Some(listed) = listed else {
        let everything = Shown {
            elements: model.elements.keys().cloned().collect(),
            boundaries: model.boundaries.keys().cloned().collect(),
            lines: BTreeSet::new(),
            flows: model.flows.keys().cloned().collect(),
            is_part: false,
        };
        return part_lines(model, everything);
    };
    let mut ids: BTreeSet<&Id> = listed.iter().collect();
    let ends = listed.iter().filter_map(|id| model.flows.get(id)).flat_map(|f| [&f.from, &f.to]);
    ids.extend(ends.flatten());
    let elements: BTreeSet<Id> = ids.iter().filter(|id| model.elements.contains_key(**id)).copied().cloned().collect();
    let inner = elements.iter().filter_map(|id| model.elements.get(id)).filter_map(|e| e.inside.as_ref());
    let own = ids.iter().filter(|id| model.boundaries.contains_key(**id)).copied();
    let boundaries = around(model, inner.chain(own));
    let here = |end: &Option<Id>| end.as_ref().is_none_or(|id| elements.contains(id) || boundaries.contains(id));
    let drawn = |id: &Id, f: &DataFlow| {
        ids.contains(id) || (f.from.is_some() || f.to.is_some()) && here(&f.from) && here(&f.to)
    };
    let flows = model.flows.iter().filter(|(id, f)| drawn(id, f)).map(|(id, _)| id.clone()).collect();
    part_lines(model, Shown { elements, boundaries, lines: BTreeSet::new(), flows, is_part: false })
}
