//! The diagram as the screen needs it: where each thing is, and whose a cell is. It adapts `diagram` and lays nothing
//! out itself.

use std::collections::{BTreeMap, BTreeSet};

use super::sight::Sight;
use crate::diagram::paint::{Canvas, Glyphs, Owner, window};
use crate::diagram::{BoxShape, Boxes, Frame, Label, Placement, Point, Rect, Scene, layout, layout_like};
use crate::model::{Id, Pin, ThreatModel};

/// What a cell is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The outline or inside of an element.
    Element,
    /// A line of a data flow, or its label.
    Flow,
    /// The frame of a trust boundary, or its title.
    Boundary,
}

/// A drawing of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Picture {
    scene: Scene,
    glyphs: Glyphs,
    areas: BTreeMap<Id, Rect>,
    /// What is not drawn itself, with what it is part of: a folded boundary, or a line that stands for several flows.
    homes: BTreeMap<Id, Id>,
    /// The same the other way round.
    parts: BTreeMap<Id, Vec<Id>>,
}

/// What a drawing should look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Before<'p> {
    /// Nothing in particular.
    Nothing,
    /// The same view some time ago.
    Same(&'p Placement),
    /// Another view.
    Like(&'p Placement),
}

impl Picture {
    /// Draws what is in sight of a model.
    pub(crate) fn of(model: &ThreatModel, sight: &Sight, ascii: bool, before: Before<'_>) -> Self {
        let view = sight.view(model);
        let scene = match before {
            Before::Nothing => layout(model, &view, None),
            Before::Same(placement) => layout(model, &view, Some(placement)),
            Before::Like(placement) => layout_like(model, &view, placement),
        };
        let cell = |p: Point| Rect { x: p.x, y: p.y, w: 1, h: 1 };
        let mut areas: BTreeMap<Id, Rect> = scene.elements.iter().map(|e| (e.id.clone(), e.rect)).collect();
        areas.extend(scene.frames.iter().map(|f| (f.id.clone(), f.rect)));
        for wire in &scene.wires {
            let label = wire.label.as_ref().map(Label::rect);
            let area = label.or_else(|| wire.points.get(wire.points.len() / 2).copied().map(cell));
            areas.extend(area.map(|area| (wire.id.clone(), area)));
        }
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        let homes = homes(model, &scene);
        let mut parts: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (part, home) in &homes {
            parts.entry(home.clone()).or_default().push(part.clone());
        }
        Self { scene, glyphs, areas, homes, parts }
    }

    /// Where everything came to lie.
    pub(crate) fn placement(&self) -> &Placement {
        &self.scene.placement
    }

    /// Where a thing is in the drawing, which can begin left of and above what is shown of it.
    pub(crate) fn place(&self, id: &Id) -> Option<Pin> {
        let (area, (x, y)) = (self.area(id)?, self.scene.placement.origin);
        Some((area.x + x, area.y + y))
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> (i32, i32) {
        self.scene.size
    }

    /// Lines to show under it.
    pub(crate) fn legend(&self) -> &[String] {
        &self.scene.legend
    }

    /// A part of it as cells.
    pub(crate) fn cells(&self, area: Rect) -> Canvas<'_> {
        window(&self.scene, self.glyphs, area)
    }

    /// The thing that a cell's owner is.
    pub(crate) fn thing(&self, owner: Owner) -> Option<(&Id, Part)> {
        let (id, part) = match owner {
            Owner::Nothing => return None,
            Owner::Element(n) | Owner::ElementLabel(n) => {
                let element = self.scene.elements.get(n)?;
                (&element.id, if element.shape == BoxShape::Folded { Part::Boundary } else { Part::Element })
            }
            Owner::Frame(n) | Owner::FrameTitle(n) => (&self.scene.frames.get(n)?.id, Part::Boundary),
            Owner::Flow(n) | Owner::FlowHead(n) | Owner::FlowLabel(n) => (&self.scene.wires.get(n)?.id, Part::Flow),
        };
        Some((id, part))
    }

    /// What a thing is drawn as.
    pub(crate) fn part(&self, id: &Id) -> Option<Part> {
        if self.scene.elements.binary_search_by(|e| e.id.cmp(id)).is_ok() {
            return Some(Part::Element);
        }
        if self.scene.wires.binary_search_by(|w| w.id.cmp(id)).is_ok() {
            return Some(Part::Flow);
        }
        self.title(id).map(|_| Part::Boundary)
    }

    /// The cells of a boundary's title.
    pub(crate) fn title(&self, id: &Id) -> Option<Rect> {
        self.scene.frames.iter().find(|f| f.id == *id).map(crate::diagram::Frame::title_rect)
    }

    /// The thing at a column and row.
    pub(crate) fn owner(&self, x: i32, y: i32) -> Option<(&Id, Part)> {
        self.thing(self.cells(Rect { x, y, w: 1, h: 1 }).owner(Point { x, y }))
    }

    /// Where a thing is: the box of an element, the label of a data flow, the frame of a boundary; else of what it is
    /// part of.
    pub(crate) fn area(&self, id: &Id) -> Option<Rect> {
        self.areas.get(self.shown_as(id)).copied()
    }

    /// What a thing is drawn as: itself, a folded boundary that it is in, a line that stands for several flows.
    pub(crate) fn shown_as<'s>(&'s self, id: &'s Id) -> &'s Id {
        self.homes.get(id).unwrap_or(id)
    }

    /// Elements and folded boundaries with their places.
    pub(crate) fn boxes(&self) -> impl Iterator<Item = (&Id, Rect)> {
        self.scene.elements.iter().map(|e| (&e.id, e.rect))
    }

    /// Data flows that are drawn; of several on one line the first.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Id> {
        self.scene.wires.iter().map(|wire| &wire.id)
    }

    /// What is not drawn itself but is part of something.
    pub(crate) fn parts_of(&self, whole: &Id) -> impl Iterator<Item = &Id> {
        self.parts.get(whole).into_iter().flatten()
    }

    /// Whether something is a folded boundary.
    pub(crate) fn is_folded(&self, id: &Id) -> bool {
        self.scene.elements.iter().any(|e| e.shape == BoxShape::Folded && e.id == *id)
    }

    /// What should not be hidden: boxes, and names of data flows and boundaries.
    pub(crate) fn solids(&self) -> impl Iterator<Item = Rect> {
        let labels = self.scene.wires.iter().filter_map(|wire| wire.label.as_ref()).map(Label::rect);
        let titles = self.scene.frames.iter().map(Frame::title_rect);
        self.scene.elements.iter().map(|element| element.rect).chain(labels).chain(titles)
    }

    /// Frames around others, the outer ones first.
    pub(crate) fn frames(&self) -> impl Iterator<Item = Rect> {
        self.scene.frames.iter().map(|f| f.rect)
    }

    /// Whether elements are names on one row.
    pub(crate) fn is_small(&self) -> bool {
        self.scene.boxes == Boxes::Chips
    }

    /// All things with their places, by id.
    pub(crate) fn areas(&self) -> impl Iterator<Item = (&Id, Rect)> {
        self.areas.iter().map(|(id, a)| (id, *a))
    }

    /// The uppermost element, the leftmost of several.
    pub(crate) fn first(&self) -> Option<Id> {
        let first = self.scene.elements.iter().min_by_key(|e| (e.rect.y, e.rect.x));
        first.map(|e| e.id.clone())
    }

    /// Where the mark of the selection goes: where a flow begins, before the title of a boundary, on the left edge of
    /// an element.
    pub(crate) fn handle(&self, id: &Id) -> Option<(i32, i32)> {
        let id = self.shown_as(id);
        if let Ok(at) = self.scene.wires.binary_search_by(|wire| wire.id.cmp(id)) {
            return self.scene.wires[at].points.first().map(|p| (p.x, p.y));
        }
        if let Ok(at) = self.scene.frames.binary_search_by(|frame| frame.id.cmp(id)) {
            let title = self.scene.frames[at].title_rect();
            return Some((title.x, title.y));
        }
        self.area(id).map(|a| (a.x, a.y + a.h / 2))
    }
}

/// What is not drawn itself, with what it is part of.
fn homes<'m>(model: &'m ThreatModel, scene: &Scene) -> BTreeMap<Id, Id> {
    let mut homes = BTreeMap::new();
    for wire in &scene.wires {
        homes.extend(wire.also.iter().map(|id| (id.clone(), wire.id.clone())));
    }
    let folded: BTreeSet<&Id> =
        scene.elements.iter().filter(|e| e.shape == BoxShape::Folded).map(|element| &element.id).collect();
    if folded.is_empty() {
        return homes;
    }
    let within =
        |inside: Option<&'m Id>| model.boundary_chain(inside).into_iter().find(|around| folded.contains(around));
    let inside = (model.elements.iter().map(|(id, e)| (id, &e.inside)))
        .chain(model.boundaries.iter().map(|(id, b)| (id, &b.inside)));
    for (id, around) in inside {
        homes.extend(within(around.as_ref()).map(|home| (id.clone(), home.clone())));
    }
    let flows = model.flows.iter().filter_map(|(id, flow)| {
        let home = |end: &Option<Id>| end.as_ref().and_then(|end| homes.get(end)).cloned();
        let (from, to) = (home(&flow.from)?, home(&flow.to)?);
        (from == to).then(|| (id.clone(), from))
    });
    let flows: Vec<(Id, Id)> = flows.collect();
    homes.extend(flows);
    homes
}

/// The cell in the middle.
pub(crate) const fn middle(area: Rect) -> (i32, i32) {
    (area.x + area.w / 2, area.y + area.h / 2)
}
