//! The diagram as the screen needs it: where each thing is, and whose a cell is. It adapts `diagram` and lays nothing
//! out itself.

use std::collections::BTreeMap;

use crate::diagram::paint::{Canvas, Glyphs, Owner, window};
use crate::diagram::{Placement, Point, Rect, Scene, View, layout};
use crate::model::{Id, ThreatModel};

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
}

impl Picture {
    /// Draws a model; `before` keeps things where they were as far as possible.
    pub(crate) fn of(model: &ThreatModel, ascii: bool, before: Option<&Placement>) -> Self {
        let view = View { diagram: model.diagrams.keys().next().cloned(), ..View::default() };
        let scene = layout(model, &view, before);
        let cell = |p: Point| Rect { x: p.x, y: p.y, w: 1, h: 1 };
        let mut areas: BTreeMap<Id, Rect> = scene.elements.iter().map(|e| (e.id.clone(), e.rect)).collect();
        areas.extend(scene.frames.iter().map(|f| (f.id.clone(), f.rect)));
        for wire in &scene.wires {
            let label = wire.label.as_ref().map(crate::diagram::Label::rect);
            let area = label.or_else(|| wire.points.get(wire.points.len() / 2).copied().map(cell));
            areas.extend(area.map(|area| (wire.id.clone(), area)));
        }
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        Self { scene, glyphs, areas }
    }

    /// Where everything came to lie.
    pub(crate) fn placement(&self) -> &Placement {
        &self.scene.placement
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
            Owner::Element(n) | Owner::ElementLabel(n) => (&self.scene.elements.get(n)?.id, Part::Element),
            Owner::Frame(n) | Owner::FrameTitle(n) => (&self.scene.frames.get(n)?.id, Part::Boundary),
            Owner::Flow(n) | Owner::FlowHead(n) | Owner::FlowLabel(n) => (&self.scene.wires.get(n)?.id, Part::Flow),
        };
        Some((id, part))
    }

    /// What a thing is drawn as.
    pub(crate) fn part(&self, id: &Id) -> Option<Part> {
        if self.scene.elements.iter().any(|e| e.id == *id) {
            return Some(Part::Element);
        }
        if self.scene.wires.iter().any(|w| w.id == *id) {
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

    /// Where a thing is: the box of an element, the label of a data flow, the frame of a boundary.
    pub(crate) fn area(&self, id: &Id) -> Option<Rect> {
        self.areas.get(id).copied()
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
        if let Some(wire) = self.scene.wires.iter().find(|w| w.id == *id) {
            return wire.points.first().map(|p| (p.x, p.y));
        }
        if let Some(frame) = self.scene.frames.iter().find(|f| f.id == *id) {
            let title = frame.title_rect();
            return Some((title.x, title.y));
        }
        self.area(id).map(|a| (a.x, a.y + a.h / 2))
    }
}

/// The cell in the middle.
pub(crate) const fn middle(area: Rect) -> (i32, i32) {
    (area.x + area.w / 2, area.y + area.h / 2)
}
