//! Which subjects a change of the diagram touches by itself: what came or is another thing, what names it, and what it
//! is tied to, now or before. What follows from that for conditions is in `dirt`.

use super::Bits;
use crate::model::graph::{Index, Nr};
use crate::model::{Entry, Id, SubjectKind, Thing};
use std::collections::BTreeSet;

/// What of a diagram came, went or is another thing than before.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Drawn {
    /// The things themselves.
    pub ids: BTreeSet<Id>,
    /// What they were tied to: ends, boundaries, assets.
    pub ties: BTreeSet<Id>,
    /// What they ran on.
    pub runtimes: BTreeSet<String>,
    /// Of which kinds there may be fewer than before.
    pub kinds: BTreeSet<SubjectKind>,
}

/// Subjects that a change of the diagram touches.
#[derive(Debug)]
pub(super) struct Touched {
    /// Of whom something may be said that was not said before, or not any more.
    pub(super) own: Bits,
    /// These, and those they are tied to, now or before.
    pub(super) all: Bits,
}

impl Drawn {
    /// Whether the diagram is what it was.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Something that was not there before.
    pub fn came(&mut self, id: &Id) {
        self.ids.insert(id.clone());
    }

    /// Something that was another thing before, or is gone.
    pub fn changed(&mut self, before: &Entry) {
        let mut tie = |ids: &mut dyn Iterator<Item = &Id>| self.ties.extend(ids.cloned());
        let (id, kind) = match before {
            Entry::Boundary(id, boundary) => {
                tie(&mut boundary.inside.iter());
                (id, SubjectKind::Boundary)
            }
            Entry::Element(id, element) => {
                tie(&mut element.inside.iter());
                self.runtimes.extend(element.runtime.clone());
                (id, Thing::Element(element).kind())
            }
            Entry::Flow(id, flow) => {
                tie(&mut flow.from.iter().chain(&flow.to));
                (id, SubjectKind::Flow)
            }
            Entry::Asset(id, _) => (id, SubjectKind::Asset),
            _ => return,
        };
        self.ids.insert(id.clone());
        self.kinds.insert(kind);
    }

    /// Subjects of whom something may be other than before though nothing else is.
    pub(super) fn touched(&self, index: &Index<'_>) -> Touched {
        let bound = index.len();
        let is_drawn = |id: &Id| self.ids.contains(id);
        let is_own = |nr: &Nr| is_drawn(index.id(*nr)) || index.thing(*nr).is_some_and(|thing| names(thing, &is_drawn));
        let mut own = Bits::of(bound, (0..index.system()).filter(is_own));
        let inside = |nr: &Nr| index.chain(*nr).iter().any(|around| is_drawn(index.id(*around)));
        own.join(&Bits::of(bound, index.elements().chain(index.boundaries()).filter(inside)));
        let ends = |flow: Nr| [index.ends(flow).0, index.ends(flow).1].into_iter().flatten();
        let at_own = Bits::of(bound, index.flows().filter(|flow| ends(*flow).any(|end| own.contains(end))));
        own.join(&at_own);
        let mut all = own.clone();
        own.within(index.flows()).flat_map(ends).for_each(|end| all.add(end));
        self.ties.iter().filter_map(|id| index.nr(id)).filter(|nr| index.is_element(*nr)).for_each(|nr| all.add(nr));
        all.add(index.system());
        Touched { own, all }
    }
}

/// Whether a thing names one of some ids.
fn names(thing: Thing<'_>, is_one: &impl Fn(&Id) -> bool) -> bool {
    match thing {
        Thing::Boundary(boundary) => boundary.inside.iter().any(is_one),
        Thing::Element(element) => {
            element.inside.iter().chain(element.stores.iter().chain(&element.processes).flatten()).any(is_one)
        }
        Thing::Flow(flow) => {
            let ends = flow.from.iter().chain(&flow.to).chain(&flow.response_of);
            ends.chain(flow.carries.iter().flatten()).any(is_one)
        }
        Thing::Asset(_) => false,
    }
}
