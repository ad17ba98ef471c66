//! What is drawn: the shown part of a model as a tree of boundaries with the flows between its parts.
//! No geometry yet, except the places that pins and an earlier picture suggest.

use super::scene::{Boxes, Labels, Pass, Placement, View};
use super::shown::Shown;
use super::text;
use crate::model::{BoundaryKind, DataFlow, ElementKind, Id, Pin, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};

/// Columns of a name on one row.
const CHIP: i32 = 16;

/// The shape of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A boundary; the root is one without outline.
    Frame,
    /// An element.
    Element(ElementKind),
    /// A boundary with everything in it.
    Folded,
    /// The loose end of a flow.
    Stub,
}

/// A part of the tree.
#[derive(Debug)]
pub(super) struct Part {
    /// What it looks like.
    pub(super) shape: Shape,
    /// Its id in the model; the root and stubs have none.
    pub(super) id: Option<Id>,
    /// Its name: lines of an element, one line of a boundary.
    pub(super) lines: Vec<String>,
    /// The boundary around it; the root's is the root.
    pub(super) parent: usize,
    /// How many boundaries are around it, the root counted.
    pub(super) depth: usize,
    /// What is directly inside.
    pub(super) children: Vec<usize>,
    /// Flows from it to itself.
    pub(super) loops: Vec<usize>,
    /// Flows at it that are not drawn.
    pub(super) hidden: usize,
    /// Where it lay before.
    pub(super) seed: Option<Pin>,
    /// Tendency to the left (positive) or the right when the flows leave it open.
    pub(super) bias: i32,
}

/// A flow between two parts.
#[derive(Debug)]
pub(super) struct Link {
    /// The flow.
    pub(super) id: Id,
    /// Where it begins.
    pub(super) from: usize,
    /// Where it ends.
    pub(super) to: usize,
    /// What is written on it.
    pub(super) label: Option<String>,
    /// Where it ran before.
    pub(super) passes: Vec<Pass>,
    /// Further flows that the line stands for.
    pub(super) also: Vec<Id>,
}

/// Everything that is drawn. Part 0 is the root.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) parts: Vec<Part>,
    /// Sorted by id.
    pub(super) flows: Vec<Link>,
    pub(super) legend: Vec<String>,
    /// Numbers in parentheses that stand in names: the legend does not use them.
    taken: BTreeSet<usize>,
    /// The last number of the legend.
    number: usize,
    /// Whether boxes have no outline.
    pub(super) chips: bool,
}

/// A line between two parts, and the flows that it stands for.
type Line<'m> = (usize, usize, Vec<(&'m Id, &'m DataFlow)>);

impl Plan {
    /// Collects what a view shows.
    pub(super) fn new(model: &ThreatModel, view: &View) -> Self {
        let shown = Shown::of(model, view);
        let root = Part::new(Shape::Frame, None, Vec::new(), 0);
        let taken = model.things().flat_map(|(_, thing)| text::numbers(thing.name())).collect();
        let mut plan = Self { parts: vec![root], taken, chips: view.boxes == Boxes::Chips, ..Self::default() };
        let mut at: BTreeMap<&Id, usize> = BTreeMap::new();
        plan.add_boundaries(model, &shown, view, &mut at);
        for (id, element) in model.elements.iter().filter(|(id, _)| shown.elements.contains(*id)) {
            let parent = element.inside.as_ref().and_then(|b| at.get(b)).copied().unwrap_or(0);
            let is_folded = plan.parts[parent].shape == Shape::Folded;
            let part = if is_folded { parent } else { plan.element(model, id, element.kind, parent) };
            at.insert(id, part);
        }
        plan.name_folded(model);
        plan.add_flows(model, &shown, &at, view.labels);
        for flow in shown.hidden_flows(model) {
            let ends: BTreeSet<usize> =
                flow.from.iter().chain(&flow.to).filter_map(|end| at.get(end)).copied().collect();
            // A flow inside a folded boundary would not be drawn anyway.
            let inside = |part: &usize| ends.len() == 1 && is_inside(model, flow, plan.parts[*part].id.as_ref());
            let ends: Vec<usize> = ends.iter().copied().filter(|part| !inside(part)).collect();
            for part in ends {
                plan.parts[part].hidden += 1;
            }
        }
        let lines = shown.lines.iter().map(|id| format!("open boundary line: {}", text::clean(model.name_of(id))));
        plan.legend.extend(lines);
        plan
    }

    fn element(&mut self, model: &ThreatModel, id: &Id, kind: ElementKind, parent: usize) -> usize {
        let name = text::clean(model.name_of(id));
        let lines = if self.chips { vec![text::cut(&name, CHIP)] } else { text::wrap(&name) };
        let mut part = Part::new(Shape::Element(kind), Some(id.clone()), lines, parent);
        part.bias = match kind {
            ElementKind::ExternalEntity => 2,
            ElementKind::Process => 0,
            ElementKind::DataStore => -2,
        };
        self.push(part)
    }

    fn push(&mut self, mut part: Part) -> usize {
        let index = self.parts.len();
        part.depth = self.parts[part.parent].depth + 1;
        self.parts[part.parent].children.push(index);
        self.parts.push(part);
        index
    }

    /// Adds the frames, each after the one around it. What is inside a folded one is part of it.
    fn add_boundaries<'m>(
        &mut self,
        model: &'m ThreatModel,
        shown: &Shown,
        view: &View,
        at: &mut BTreeMap<&'m Id, usize>,
    ) {
        let parents = parents(model);
        for id in model.boundaries.keys().filter(|id| shown.boundaries.contains(*id)) {
            let mut chain = vec![id];
            while let Some(outer) = parents.get(chain[chain.len() - 1]) {
                chain.push(outer);
            }
            let mut parent = 0;
            for id in chain.into_iter().rev().filter(|id| shown.boundaries.contains(*id)) {
                if !at.contains_key(id) {
                    let part = match self.parts[parent].shape {
                        Shape::Folded => parent,
                        _ if view.folded.contains(id) => {
                            self.push(Part::new(Shape::Folded, Some(id.clone()), Vec::new(), parent))
                        }
                        _ => self.frame(model, id, parent),
                    };
                    at.insert(id, part);
                }
                parent = at.get(id).copied().unwrap_or(0);
            }
        }
    }

    /// Names the folded boundaries, with how many elements are in each.
    fn name_folded(&mut self, model: &ThreatModel) {
        let chips = self.chips;
        let mut all: BTreeMap<&Id, usize> = BTreeMap::new();
        if self.parts.iter().any(|part| part.shape == Shape::Folded) {
            for around in model.elements.values().flat_map(|e| model.boundary_chain(e.inside.as_ref())) {
                *all.entry(around).or_default() += 1;
            }
        }
        for part in self.parts.iter_mut().filter(|part| part.shape == Shape::Folded) {
            let Some(id) = &part.id else { continue };
            let name = model.name_of(id);
            let count = all.get(id).copied().unwrap_or_default();
            let name = text::cut(&text::clean(name), text::LINE * 2);
            let name = format!("[+] {name} ({count})");
            part.lines = if chips { vec![name] } else { text::wrap(&name) };
        }
    }

    fn frame(&mut self, model: &ThreatModel, id: &Id, parent: usize) -> usize {
        let title = self.title(&text::clean(model.name_of(id)));
        let mut part = Part::new(Shape::Frame, Some(id.clone()), vec![title], parent);
        let internet = model.boundaries.get(id).is_some_and(|b| b.kind == Some(BoundaryKind::Internet));
        part.bias = i32::from(internet) * 2;
        self.push(part)
    }

    /// A name for the legend and its number.
    fn note(&mut self, whole: &str) -> usize {
        self.number += 1;
        while self.taken.contains(&self.number) {
            self.number += 1;
        }
        self.legend.push(format!("({}) {whole}", self.number));
        self.number
    }

    /// What of a boundary's name fits its frame; the whole goes to the legend.
    fn title(&mut self, name: &str) -> String {
        if text::width(name) <= text::LINE * 2 {
            return name.to_owned();
        }
        format!("{} ({})", text::cut(name, text::LINE * 2 - 6), self.note(name))
    }

    /// Adds the flows. Those between the same two boxes, of which one is a folded boundary, are one line; those inside
    /// a folded boundary are none.
    fn add_flows(&mut self, model: &ThreatModel, shown: &Shown, at: &BTreeMap<&Id, usize>, labels: Labels) {
        let mut merged: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut lines: Vec<Line<'_>> = Vec::new();
        for (id, flow) in model.flows.iter().filter(|(id, _)| shown.flows.contains(*id)) {
            let (from, to) = self.ends(flow, at);
            let is_folded = |part: usize| self.parts[part].shape == Shape::Folded;
            let shared = is_folded(from) || is_folded(to);
            if shared && from == to {
                continue;
            }
            let line = if shared { *merged.entry((from, to)).or_insert(lines.len()) } else { lines.len() };
            if line == lines.len() {
                lines.push((from, to, Vec::new()));
            }
            lines[line].2.push((id, flow));
        }
        for (from, to, flows) in lines {
            let label = match flows[..] {
                [(_, flow)] => self.label(&text::clean(&flow.name), labels),
                _ if labels == Labels::Hidden => Some(format!("×{}", flows.len())),
                _ => Some(format!("{} flows", flows.len())),
            };
            if from == to {
                let flow = self.flows.len();
                self.parts[from].loops.push(flow);
            }
            let mut ids = flows.into_iter().map(|(id, _)| id.clone());
            let Some(id) = ids.next() else { continue };
            self.flows.push(Link { id, from, to, label, passes: Vec::new(), also: ids.collect() });
        }
    }

    fn ends(&mut self, flow: &DataFlow, at: &BTreeMap<&Id, usize>) -> (usize, usize) {
        let end = |end: &Option<Id>| end.as_ref().and_then(|id| at.get(id)).copied();
        let (from, to) = (end(&flow.from), end(&flow.to));
        let beside = from.or(to).map_or(0, |other| self.parts[other].parent);
        let mut stub = || self.push(Part::new(Shape::Stub, None, Vec::new(), beside));
        let from = from.unwrap_or_else(&mut stub);
        (from, to.unwrap_or_else(&mut stub))
    }

    fn label(&mut self, name: &str, labels: Labels) -> Option<String> {
        match labels {
            _ if name.is_empty() => None,
            Labels::Hidden => None,
            Labels::Inline if text::width(name) <= text::LINE => Some(name.to_owned()),
            Labels::Inline => {
                let number = self.note(name);
                Some(format!("{} ({number})", text::cut(name, text::LINE - 6)))
            }
            Labels::Numbered => Some(format!("({})", self.note(name))),
        }
    }

    /// Rows of outline that a box has above and below its name.
    pub(super) fn border(&self) -> i32 {
        i32::from(!self.chips)
    }

    /// Gives parts and flows the places they had.
    pub(super) fn seed(&mut self, known: &Placement) {
        for part in &mut self.parts {
            let Some(id) = &part.id else { continue };
            part.seed = known.at.get(id).copied();
        }
        for flow in &mut self.flows {
            flow.passes = known.passes.get(&flow.id).cloned().unwrap_or_default();
        }
    }

    /// Cuts the label of a flow to so many columns; the whole name goes to the legend.
    pub(super) fn shorten(&mut self, flow: usize, columns: i32) {
        let Some(label) = self.flows[flow].label.clone().filter(|l| text::width(l) > columns) else { return };
        // A label that was cut before keeps its number.
        let (name, number) = match label.rsplit_once(' ') {
            Some((cut, number)) if cut.ends_with('…') => (cut.trim_end_matches('…').to_owned(), number.to_owned()),
            _ => (label.clone(), format!("({})", self.note(&label))),
        };
        let room = columns - text::width(&number) - 1;
        self.flows[flow].label = Some(if room > 3 { format!("{} {number}", text::cut(&name, room)) } else { number });
    }

    /// The parts around a part, from the root to the part itself.
    pub(super) fn path(&self, part: usize) -> Vec<usize> {
        let mut path = vec![part];
        let mut at = part;
        while at != 0 {
            at = self.parts[at].parent;
            path.push(at);
        }
        path.reverse();
        path
    }
}

impl Part {
    /// What stands under it: how many of its flows are not drawn.
    pub(super) fn note(&self) -> Option<String> {
        match self.hidden {
            0 => None,
            1 => Some("~ 1 more flow".to_owned()),
            n => Some(format!("~ {n} more flows")),
        }
    }

    fn new(shape: Shape, id: Option<Id>, lines: Vec<String>, parent: usize) -> Self {
        Self { shape, id, lines, parent, depth: 0, children: vec![], loops: vec![], hidden: 0, seed: None, bias: 0 }
    }
}

/// Whether an element, or a boundary inside, is in a boundary.
fn is_in(model: &ThreatModel, id: &Id, boundary: &Id) -> bool {
    let inside = model.elements.get(id).map_or(Some(id), |element| element.inside.as_ref());
    model.boundary_chain(inside).contains(&boundary)
}

/// Whether both ends of a flow are in a boundary.
fn is_inside(model: &ThreatModel, flow: &DataFlow, boundary: Option<&Id>) -> bool {
    let Some(boundary) = boundary.filter(|id| model.boundaries.contains_key(*id)) else { return false };
    [&flow.from, &flow.to].into_iter().all(|end| end.as_ref().is_some_and(|id| is_in(model, id, boundary)))
}

/// The boundary around each boundary, with cycles cut at the smallest id.
fn parents(model: &ThreatModel) -> BTreeMap<&Id, &Id> {
    let mut parents: BTreeMap<&Id, &Id> = BTreeMap::new();
    for (id, boundary) in &model.boundaries {
        if let Some((outer, _)) = boundary.inside.as_ref().and_then(|o| model.boundaries.get_key_value(o)) {
            parents.insert(id, outer);
        }
    }
    for id in model.boundaries.keys() {
        let mut at = id;
        // Cycles that do not pass through `id` are cut when their own smallest id has its turn.
        for _ in 0..model.boundaries.len() {
            match parents.get(at) {
                Some(outer) if *outer == id => {
                    parents.remove(id);
                    break;
                }
                Some(outer) => at = outer,
                None => break,
            }
        }
    }
    parents
}
