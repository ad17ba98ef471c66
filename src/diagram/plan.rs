//! What is drawn: the shown part of a model as a tree of boundaries with the flows between its parts.
//! No geometry yet, except the places that pins and an earlier picture suggest.

use super::scene::{Labels, Pass, Placement, View};
use super::text;
use crate::model::{BoundaryKind, DataFlow, ElementKind, Id, Pin, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};

/// The shape of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A boundary; the root is one without outline.
    Frame,
    /// An element.
    Element(ElementKind),
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
}

/// Everything that is drawn. Part 0 is the root.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) parts: Vec<Part>,
    /// Sorted by id.
    pub(super) flows: Vec<Link>,
    pub(super) legend: Vec<String>,
    /// Numbers in parentheses that stand in names: the legend does not use them.
    taken: BTreeSet<usize>,
    /// The last number of the legend.
    number: usize,
}

/// The ids that a view shows.
struct Shown {
    elements: BTreeSet<Id>,
    boundaries: BTreeSet<Id>,
    /// Boundaries that are open lines.
    lines: BTreeSet<Id>,
    flows: BTreeSet<Id>,
}

impl Plan {
    /// Collects what a view shows.
    pub(super) fn new(model: &ThreatModel, view: &View) -> Self {
        let shown = shown(model, view);
        let root = Part::new(Shape::Frame, None, Vec::new(), 0);
        let taken = model.things().flat_map(|(_, thing)| text::numbers(thing.name())).collect();
        let mut plan = Self { parts: vec![root], flows: vec![], legend: vec![], taken, number: 0 };
        let mut at: BTreeMap<&Id, usize> = BTreeMap::new();
        plan.add_boundaries(model, &shown, &mut at);
        for (id, element) in model.elements.iter().filter(|(id, _)| shown.elements.contains(*id)) {
            let parent = element.inside.as_ref().and_then(|b| at.get(b)).copied().unwrap_or(0);
            let lines = text::wrap(&text::clean(model.name_of(id)));
            let mut part = Part::new(Shape::Element(element.kind), Some(id.clone()), lines, parent);
            part.bias = match element.kind {
                ElementKind::ExternalEntity => 2,
                ElementKind::Process => 0,
                ElementKind::DataStore => -2,
            };
            at.insert(id, plan.push(part));
        }
        for (id, flow) in model.flows.iter().filter(|(id, _)| shown.flows.contains(*id)) {
            plan.add_flow(id, flow, &at, view.labels);
        }
        let lines = shown.lines.iter().map(|id| format!("open boundary line: {}", text::clean(model.name_of(id))));
        plan.legend.extend(lines);
        plan
    }

    fn push(&mut self, mut part: Part) -> usize {
        let index = self.parts.len();
        part.depth = self.parts[part.parent].depth + 1;
        self.parts[part.parent].children.push(index);
        self.parts.push(part);
        index
    }

    /// Adds the frames, each after the one around it.
    fn add_boundaries<'m>(&mut self, model: &'m ThreatModel, shown: &Shown, at: &mut BTreeMap<&'m Id, usize>) {
        let parents = parents(model);
        for id in model.boundaries.keys().filter(|id| shown.boundaries.contains(*id)) {
            let mut chain = vec![id];
            while let Some(outer) = parents.get(chain[chain.len() - 1]) {
                chain.push(outer);
            }
            let mut parent = 0;
            for id in chain.into_iter().rev().filter(|id| shown.boundaries.contains(*id)) {
                if !at.contains_key(id) {
                    let frame = self.frame(model, id, parent);
                    at.insert(id, frame);
                }
                parent = at.get(id).copied().unwrap_or(0);
            }
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

    fn add_flow(&mut self, id: &Id, flow: &DataFlow, at: &BTreeMap<&Id, usize>, labels: Labels) {
        let end = |end: &Option<Id>| end.as_ref().and_then(|id| at.get(id)).copied();
        let (from, to) = (end(&flow.from), end(&flow.to));
        let beside = from.or(to).map_or(0, |other| self.parts[other].parent);
        let from = from.unwrap_or_else(|| self.push(Part::new(Shape::Stub, None, Vec::new(), beside)));
        let to = to.unwrap_or_else(|| self.push(Part::new(Shape::Stub, None, Vec::new(), beside)));
        let name = text::clean(&flow.name);
        let label = match labels {
            _ if name.is_empty() => None,
            Labels::Inline if text::width(&name) <= text::LINE => Some(name),
            Labels::Inline => {
                let number = self.note(&name);
                Some(format!("{} ({number})", text::cut(&name, text::LINE - 6)))
            }
            Labels::Numbered => Some(format!("({})", self.note(&name))),
        };
        if from == to {
            let flow = self.flows.len();
            self.parts[from].loops.push(flow);
        }
        self.flows.push(Link { id: id.clone(), from, to, label, passes: Vec::new() });
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
    fn new(shape: Shape, id: Option<Id>, lines: Vec<String>, parent: usize) -> Self {
        Self { shape, id, lines, parent, depth: 0, children: vec![], loops: vec![], seed: None, bias: 0 }
    }
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
fn shown(model: &ThreatModel, view: &View) -> Shown {
    let listed = view.diagram.as_ref().and_then(|id| model.diagrams.get(id)).and_then(|d| d.shows.as_ref());
    let Some(listed) = listed else {
        let everything = Shown {
            elements: model.elements.keys().cloned().collect(),
            boundaries: model.boundaries.keys().cloned().collect(),
            lines: BTreeSet::new(),
            flows: model.flows.keys().cloned().collect(),
        };
        return part_lines(model, everything);
    };
    let mut ids: BTreeSet<&Id> = listed.iter().collect();
    let ends = listed.iter().filter_map(|id| model.flows.get(id)).flat_map(|f| [&f.from, &f.to]);
    ids.extend(ends.flatten());
    let elements: BTreeSet<Id> = ids.iter().filter(|id| model.elements.contains_key(**id)).copied().cloned().collect();
    let mut boundaries: BTreeSet<Id> = BTreeSet::new();
    let inner = elements.iter().filter_map(|id| model.elements.get(id)).filter_map(|e| e.inside.as_ref());
    for id in inner.chain(ids.iter().filter(|id| model.boundaries.contains_key(**id)).copied()) {
        boundaries.extend(model.boundary_chain(Some(id)).into_iter().cloned());
    }
    let here = |end: &Option<Id>| end.as_ref().is_none_or(|id| elements.contains(id) || boundaries.contains(id));
    let drawn = |id: &Id, f: &DataFlow| {
        ids.contains(id) || (f.from.is_some() || f.to.is_some()) && here(&f.from) && here(&f.to)
    };
    let flows = model.flows.iter().filter(|(id, f)| drawn(id, f)).map(|(id, _)| id.clone()).collect();
    part_lines(model, Shown { elements, boundaries, lines: BTreeSet::new(), flows })
}
