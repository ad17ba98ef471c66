//! Elements and trust boundaries. A cell that comes back in a later diagram with the same id, kind and name is the
//! same thing; what its copies say differently is a loss. Flows are in `flows`.

use super::cell::{Cell, Shape};
use super::geometry::Boxes;
use super::{Drawing, Import};
use crate::model::{BoundaryKind, Element, Facts, Id, TrustBoundary};

/// The boxes of a diagram and the boundaries they became.
pub(super) struct Frames {
    boxes: Boxes,
    ids: Vec<Id>,
}

/// What a cell says about its thing.
#[derive(Default)]
pub(super) struct Said {
    pub(super) description: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) inside: Option<Id>,
    pub(super) facts: Facts,
}

/// The fields of a thing that a cell can fill.
pub(super) struct Fields<'a> {
    /// `None` where the kind of thing has no such field, as in the next two.
    pub(super) description: Option<&'a mut Option<String>>,
    pub(super) notes: Option<&'a mut Option<String>>,
    pub(super) inside: Option<&'a mut Option<Id>>,
    pub(super) facts: &'a mut Facts,
}

impl Said {
    /// Fills what is not said yet; returns what is said differently already.
    pub(super) fn fill(self, fields: Fields<'_>) -> Vec<(&'static str, String)> {
        let mut other = Vec::new();
        let mut note = |what, said: Option<String>| other.extend(said.map(|said| (what, said)));
        note("description that differs between diagrams", differing(fields.description, self.description));
        note("note that differs between diagrams", differing(fields.notes, self.notes));
        let inside = differing(fields.inside, self.inside).map(|id| id.to_string());
        note("boundary that differs between diagrams", inside);
        for (name, value) in self.facts {
            if *fields.facts.entry(name.clone()).or_insert_with(|| value.clone()) != value {
                other.push(("fact that differs between diagrams", format!("{name}: {value}")));
            }
        }
        other
    }
}

/// Fills a field that is not said yet; returns what could not be filled in.
fn differing<T: Clone + PartialEq>(field: Option<&mut Option<T>>, said: Option<T>) -> Option<T> {
    let said = said?;
    match field {
        Some(field) => (*field.get_or_insert_with(|| said.clone()) != said).then_some(said),
        None => Some(said),
    }
}

/// Two texts as paragraphs of one.
pub(super) fn paragraphs(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}\n\n{second}")),
        (first, second) => first.or(second),
    }
}

impl Import {
    /// The thing of an earlier diagram that a cell stands for.
    pub(super) fn thing_of(&self, cell: &Cell, ends: Option<&(Option<Id>, Option<Id>)>) -> Option<Id> {
        if cell.id.is_empty() {
            return None;
        }
        self.known.get(&(cell.id.clone(), cell.shape, cell.name.clone(), ends.cloned())).cloned()
    }

    pub(super) fn element(&mut self, drawing: &mut Drawing, frames: &Frames, mut cell: Cell) {
        let Shape::Element(kind) = cell.shape else { return };
        let mut said = self.said(&mut cell);
        said.inside = self.inside(frames, &cell);
        let earlier = self.thing_of(&cell, None);
        let id = earlier.clone().unwrap_or_else(|| {
            let name = if cell.name.is_empty() { format!("Unnamed {}", kind.title()) } else { cell.name.clone() };
            let id = self.out.model.fresh_id(&cell.name, kind.title().rsplit(' ').next().unwrap_or("element"));
            self.out.model.elements.insert(id.clone(), Element::new(kind, &name));
            id
        });
        if let Some(element) = self.out.model.elements.get_mut(&id) {
            let differs = said.fill(Fields {
                description: Some(&mut element.description),
                notes: Some(&mut element.notes),
                inside: Some(&mut element.inside),
                facts: &mut element.facts,
            });
            self.lose_all(&cell.where_, differs);
        }
        self.threats(&mut cell, &id, earlier.is_some());
        self.drawn(drawing, cell, &id, None);
    }

    /// All boundaries of a diagram: first their ids, then who lies in whom.
    pub(super) fn boundaries(&mut self, drawing: &mut Drawing, cells: Vec<Cell>) -> Frames {
        let mut ids = Vec::with_capacity(cells.len());
        for cell in &cells {
            let id = self.thing_of(cell, None).map_or_else(|| (self.new_boundary(cell), false), |id| (id, true));
            ids.push(id);
        }
        let boxed = |cell: &Cell| cell.rect.filter(|_| cell.shape == Shape::Box);
        let rects = cells.iter().filter_map(boxed).collect();
        let own = cells.iter().zip(&ids).filter(|(cell, _)| boxed(cell).is_some()).map(|(_, (id, _))| id.clone());
        let frames = Frames { ids: own.collect(), boxes: Boxes::new(rects) };
        let mut number = 0;
        for (mut cell, (id, earlier)) in cells.into_iter().zip(ids) {
            let inside = if boxed(&cell).is_some() {
                number += 1;
                self.boundary_inside(&frames, number - 1, &cell, &id)
            } else {
                if cell.shape == Shape::Box {
                    self.lose(&cell.where_, "members of a boundary without a place", "");
                }
                None
            };
            self.boundary(drawing, &mut cell, (&id, earlier), inside);
            self.discard(&mut cell.rest, &["source", "target"]);
            self.drawn(drawing, cell, &id, None);
        }
        frames
    }

    fn new_boundary(&mut self, cell: &Cell) -> Id {
        let name = if cell.name.is_empty() { format!("Unnamed {}", cell.shape.title()) } else { cell.name.clone() };
        let id = self.out.model.fresh_id(&cell.name, "boundary");
        let kind = (cell.shape == Shape::Line).then_some(BoundaryKind::Line);
        self.out.model.boundaries.insert(id.clone(), TrustBoundary { name, kind, ..TrustBoundary::default() });
        id
    }

    fn boundary(&mut self, drawing: &mut Drawing, cell: &mut Cell, thing: (&Id, bool), inside: Option<Id>) {
        let said = self.said(cell);
        let description = paragraphs(said.description, said.notes);
        let said = Said { description, notes: None, inside, facts: said.facts };
        let (id, earlier) = thing;
        if let Some(boundary) = self.out.model.boundaries.get_mut(id) {
            let differs = said.fill(Fields {
                description: Some(&mut boundary.description),
                notes: None,
                inside: Some(&mut boundary.inside),
                facts: &mut boundary.facts,
            });
            self.lose_all(&cell.where_, differs);
        }
        self.threats(cell, id, earlier);
        drawing.shows.insert(id.clone());
    }

    /// The boundary around a boundary, unless an earlier diagram has them the other way round.
    fn boundary_inside(&mut self, frames: &Frames, number: usize, cell: &Cell, id: &Id) -> Option<Id> {
        let placed = frames.boxes.place_box(number);
        // Each pair is told once.
        self.doubts(frames, cell, &placed.doubtful.into_iter().filter(|i| *i < number).collect::<Vec<_>>());
        let around = frames.ids.get(placed.inside?)?.clone();
        if self.out.model.boundary_chain(Some(&around)).contains(&id) {
            self.lose(&cell.where_, "boundary that differs between diagrams", around.as_str());
            return None;
        }
        Some(around)
    }

    fn inside(&mut self, frames: &Frames, cell: &Cell) -> Option<Id> {
        let Some(rect) = cell.rect else {
            if !frames.ids.is_empty() {
                self.lose(&cell.where_, "boundary of an element without a place", "");
            }
            return None;
        };
        let placed = frames.boxes.place(rect);
        self.doubts(frames, cell, &placed.doubtful);
        frames.ids.get(placed.inside?).cloned()
    }

    fn doubts(&mut self, frames: &Frames, cell: &Cell, doubtful: &[usize]) {
        const WHAT: &str = "overlap with a boundary that is not simply around it";
        // A file full of stacked boxes would else be answered with the square of them.
        const TOLD: usize = 10;
        for other in doubtful.iter().take(TOLD).filter_map(|i| frames.ids.get(*i)) {
            let name = self.out.model.name_of(other).to_owned();
            self.lose(&cell.where_, WHAT, &name);
        }
        if doubtful.len() > TOLD {
            self.lose(&cell.where_, WHAT, &format!("and {} more", doubtful.len() - TOLD));
        }
    }

    pub(super) fn lose_all(&mut self, where_: &str, losses: Vec<(&'static str, String)>) {
        for (what, value) in losses {
            self.lose(where_, what, &value);
        }
    }

    /// The end of every cell that became a thing.
    pub(super) fn drawn(&mut self, drawing: &mut Drawing, cell: Cell, id: &Id, ends: Option<(Option<Id>, Option<Id>)>) {
        drawing.shows.insert(id.clone());
        if !cell.id.is_empty() {
            // Of two cells with one id the first is what flows end at.
            if matches!(cell.shape, Shape::Element(_) | Shape::Box) {
                drawing.cells.entry(cell.id.clone()).or_insert_with(|| id.clone());
            }
            drawing.fresh.push(((cell.id.clone(), cell.shape, cell.name.clone(), ends), id.clone()));
        }
        self.end_of_cell(cell);
    }
}
