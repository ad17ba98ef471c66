//! Where something short can stand on the drawing so that every name stays readable: badges of data flows and labels to
//! jump by. It draws nothing.

use std::collections::BTreeSet;

use crate::diagram::paint::{Canvas, Owner};
use crate::diagram::{Point, Rect};
use crate::model::Id;
use crate::tui::canvas::{Part, Picture};

/// The visible part of a drawing, with what was put on it so far.
pub(super) struct Spots<'p> {
    picture: &'p Picture,
    canvas: &'p Canvas<'p>,
    taken: BTreeSet<(i32, i32)>,
}

impl<'p> Spots<'p> {
    pub(super) fn new(picture: &'p Picture, canvas: &'p Canvas<'p>) -> Self {
        Self { picture, canvas, taken: BTreeSet::new() }
    }

    /// A place for a badge of a data flow: on its own line beside the label, else on free cells below or above it.
    pub(super) fn badge(&mut self, id: &Id, wide: i32) -> Option<(i32, i32)> {
        let area = self.picture.area(id)?;
        let beside = [(area.x + area.w, area.y), (area.x - wide, area.y)];
        let middle = area.x + (area.w - wide) / 2;
        let apart = [(middle, area.y + 1), (middle, area.y - 1)];
        let on_line = |at: &(i32, i32)| self.free((at.0 - 1, at.1), wide + 2, |owner| self.is_of(owner, id));
        let alone = |at: &(i32, i32)| self.free((at.0 - 1, at.1), wide + 2, |owner| owner == Owner::Nothing);
        let at = beside.into_iter().find(on_line).or_else(|| apart.into_iter().find(alone))?;
        Some(self.take(at, wide))
    }

    /// A place for a label to jump by, as near to the beginning of the thing as names allow; always one that is visible.
    pub(super) fn label(&mut self, id: &Id, wide: i32) -> Option<(i32, i32)> {
        let area = self.picture.area(id)?;
        let (right, bottom) = (area.x + area.w, area.y + area.h - 1);
        let seen = self.canvas.area;
        let inside = |(x, y): (i32, i32)| {
            let last = |from: i32, size: i32, room: i32| (from + size - room).max(from);
            (x.clamp(seen.x, last(seen.x, seen.w, wide)), y.clamp(seen.y, last(seen.y, seen.h, 1)))
        };
        let title = self.picture.title(id).map_or(right, |t| t.x + t.w);
        let around = match self.picture.part(id) {
            // The label of a data flow is its name: beside it, over the blanks that it has on both sides.
            Some(Part::Flow) => vec![
                (area.x + 1 - wide, area.y),
                (right - 1, area.y),
                (area.x + (area.w - wide) / 2, area.y - 1),
                (area.x + (area.w - wide) / 2, area.y + 1),
            ],
            _ => vec![
                (area.x, area.y),
                (title, area.y),
                (area.x, bottom),
                (area.x, area.y + 1),
                (right - wide, area.y),
                (right - wide, bottom),
            ],
        };
        let readable = |at: &(i32, i32)| self.free(*at, wide, |owner| !matches!(owner, Owner::FlowHead(_)));
        let first = around.first().copied()?;
        let at = around.into_iter().map(inside).find(readable).unwrap_or_else(|| inside(first));
        Some(self.take(at, wide))
    }

    fn is_of(&self, owner: Owner, id: &Id) -> bool {
        matches!(owner, Owner::Flow(_) | Owner::FlowLabel(_))
            && self.picture.thing(owner).is_some_and(|(of, _)| of == id)
    }

    /// Whether cells are visible, free of names and of what was put there, and of owners that will do.
    fn free(&self, (x, y): (i32, i32), wide: i32, will_do: impl Fn(Owner) -> bool) -> bool {
        let area = self.canvas.area;
        area.holds(Rect { x, y, w: wide, h: 1 })
            && (x..x + wide).all(|x| {
                let Some(cell) = self.canvas.cell(Point { x, y }) else { return false };
                let in_the_way = match cell.owner {
                    Owner::ElementLabel(_) | Owner::FrameTitle(_) | Owner::FlowLabel(_) => cell.symbol != " ",
                    // Where a line goes through a boundary must stay visible.
                    Owner::Flow(_) => !matches!(cell.symbol, "─" | "-" | " "),
                    _ => false,
                };
                will_do(cell.owner) && !in_the_way && !self.taken.contains(&(x, y))
            })
    }

    fn take(&mut self, at: (i32, i32), wide: i32) -> (i32, i32) {
        self.taken.extend((at.0..at.0 + wide).map(|x| (x, at.1)));
        at
    }
}
