//! Numbers for conditions: equal ones have the same, wherever they stand. Nothing is evaluated here.

use crate::rules::language::Condition;
use std::collections::HashMap;

/// What is known about conditions by where they stand. Equal ones are of one class and share their column.
#[derive(Debug, Default)]
pub(super) struct Classes<'a> {
    places: Places,
    by_content: HashMap<Content<'a>, Class>,
}

/// The classes of conditions by where these stand; that must stay as it is while they are known.
#[derive(Debug, Default)]
pub(super) struct Places {
    all: HashMap<usize, Class, std::hash::BuildHasherDefault<PlaceHasher>>,
    /// How many classes there are.
    classes: usize,
}

/// What makes two conditions equal. Those that are nothing but a form with parts are known by the classes of these, so
/// that no part is looked at twice.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Content<'a> {
    Whole(&'a Condition),
    Form(std::mem::Discriminant<Condition>, Vec<usize>),
}

/// A number for all equal conditions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    pub(super) nr: usize,
    /// Whether it asks about the asset or flow at hand, so that it has no answer for a subject alone.
    pub(super) at_hand: bool,
}

/// Places in memory are numbers already; their lowest bits are all alike.
#[derive(Debug, Default)]
pub(super) struct PlaceHasher(u64);

impl std::hash::Hasher for PlaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) ^ u64::from(*byte);
        }
    }

    fn write_usize(&mut self, place: usize) {
        // The golden ratio spreads what differs over all bits (Knuth, The Art of Computer Programming 3, 6.4).
        self.0 = (place as u64 >> 3).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<'a> Classes<'a> {
    /// Goes on from what is known.
    pub(super) fn knowing(places: Places) -> Self {
        Self { places, by_content: HashMap::new() }
    }

    pub(super) fn into_places(self) -> Places {
        self.places
    }

    /// The class of the condition at a place, if it has been met.
    pub(super) fn at(&self, place: usize) -> Option<Class> {
        self.places.all.get(&place).copied()
    }

    pub(super) fn of(&mut self, condition: &'a Condition) -> Class {
        let place = std::ptr::from_ref(condition) as usize;
        if let Some(class) = self.at(place) {
            return class;
        }
        let parts: Vec<Class> = condition.parts().into_iter().map(|part| self.of(part)).collect();
        let own = matches!(condition, Condition::Each(_) | Condition::Uses);
        let at_hand = own || parts.iter().any(|part| part.at_hand);
        let content = if is_form(condition) {
            Content::Form(std::mem::discriminant(condition), parts.iter().map(|part| part.nr).collect())
        } else {
            Content::Whole(condition)
        };
        let classes = &mut self.places.classes;
        let class = *self.by_content.entry(content).or_insert_with(|| {
            *classes += 1;
            Class { nr: *classes - 1, at_hand }
        });
        self.places.all.insert(place, class);
        class
    }
}

/// Whether a condition says no more than what it is made of.
fn is_form(condition: &Condition) -> bool {
    use Condition as C;
    matches!(
        condition,
        C::All(_)
            | C::Any(_)
            | C::Not(_)
            | C::Xor(..)
            | C::Carries(_)
            | C::CarriesNone(_)
            | C::Stores(_)
            | C::Processes(_)
            | C::Handles(_)
            | C::Each(_)
            | C::Source(_)
            | C::Target(_)
            | C::Peer(_)
            | C::AnyIn(_)
            | C::AllIn(_)
            | C::AnyOut(_)
            | C::AllOut(_)
            | C::Upstream { .. }
            | C::Downstream { .. }
    )
}
