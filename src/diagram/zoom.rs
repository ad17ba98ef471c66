//! How closely a drawing is looked at: four steps from everything to one box for each boundary. It draws nothing.

use super::scene::{Boxes, Labels, View};
use crate::model::{Id, ThreatModel};
use std::collections::BTreeSet;

/// How closely one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Zoom {
    /// Everything.
    #[default]
    Full,
    /// Without the names of data flows.
    Lines,
    /// Elements are names on one row.
    Chips,
    /// Boundaries with what is in them are one box each.
    Map,
}

impl Zoom {
    /// All, the closest first.
    pub const ALL: [Self; 4] = [Self::Full, Self::Lines, Self::Chips, Self::Map];

    /// One step closer or further away.
    #[must_use]
    pub fn step(self, closer: bool) -> Option<Self> {
        let at = self as usize;
        let next = if closer { at.checked_sub(1)? } else { at + 1 };
        Self::ALL.get(next).copied()
    }

    /// What is shown or left out, in a word or three.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Full => "everything",
            Self::Lines => "no flow names",
            Self::Chips => "names only",
            Self::Map => "boundaries",
        }
    }

    /// How things are drawn at this distance. Which boundaries are folded is up to whoever looks ([`outermost`]).
    #[must_use]
    pub fn of(self, view: View) -> View {
        View {
            labels: if self >= Self::Lines { Labels::Hidden } else { view.labels },
            boxes: if self >= Self::Chips { Boxes::Chips } else { Boxes::Full },
            ..view
        }
    }
}

/// The outermost boundaries; where there is only one, those directly in it.
pub fn outermost(model: &ThreatModel) -> BTreeSet<Id> {
    let inside = |around: Option<&Id>| {
        let within = model.boundaries.iter().filter(move |(_, b)| b.inside.as_ref() == around);
        within.map(|(id, _)| id.clone()).collect::<BTreeSet<Id>>()
    };
    let mut outer = inside(None);
    while let (1, Some(only)) = (outer.len(), outer.first()) {
        let inner = inside(Some(only));
        if inner.is_empty() {
            break;
        }
        outer = inner;
    }
    outer
}
