//! Which subjects a change of the diagram touches by itself: what came or is another thing, what names it, and what it
//! is tied to, now or before. What follows from that for conditions is in `dirt`.

use super::Bits;
use crate::model::graph::{Index, Nr};
use crate::model::{Entry, Id, Thing};
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
        let id = match before {
            Entry::Boundary(id, boundary) => {
                tie(&mut boundary.inside.iter());
                id
            }
            Entry::Element(id, element) => {
                let lists = element.stores.iter().chain(&element.processes).flatten();
                tie(&mut element.inside.iter().chain(lists));
                self.runtimes.extend(element.runtime.clone());
                id
            }
            Entry::Flow(id, flow) => {
                let lists = flow.carries.iter().flatten();
                tie(&mut flow.from.iter().chain(&flow.to).chain(&flow.response_of).chain(lists));
                id
            }
            Entry::Asset(id, _) => id,
            _ => return,
        };
        self.ids.insert(id.clone());
    }

    /// Subjects of whom something may be other than before though nothing else is.
    pub(super) fn touched(&self, index: &Index<'_>) -> Bits {
        let bound = index.len();
        let mut own = Bits::of(bound, self.ids.iter().filter_map(|id| index.nr(id)));
        let is_drawn = |id: &Id| self.ids.contains(id);
        own.join(&Bits::of(
            bound,
            (0..index.system()).filter(|nr| index.thing(*nr).is_some_and(|t| names(t, &is_drawn))),
        ));
        let inside = |nr: &Nr| index.chain(*nr).iter().any(|around| is_drawn(index.id(*around)));
        own.join(&Bits::of(bound, (0..index.flows().start).chain(index.boundaries()).filter(inside)));
        let mut all = own.clone();
        self.ties.iter().filter_map(|id| index.nr(id)).for_each(|nr| all.add(nr));
        for flow in index.flows() {
            let ends = [index.ends(flow).0, index.ends(flow).1];
            if ends.iter().flatten().any(|end| own.contains(*end)) {
                all.add(flow);
            }
            if own.contains(flow) {
                ends.iter().flatten().for_each(|end| all.add(*end));
            }
        }
        let around: Vec<Nr> = all.iter().flat_map(|nr| index.chain(nr)).copied().collect();
        around.into_iter().chain([index.system()]).for_each(|nr| all.add(nr));
        all
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
