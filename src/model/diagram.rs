//! Diagrams: which things a drawing shows and where people pinned them. Computed positions are not part of a model.

use super::Id;
use std::collections::BTreeMap;

/// A place on the drawing, in cells: column and row of the upper left corner.
pub type Pin = (i32, i32);

/// A drawing. All drawings of a model share its elements.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Diagram {
    /// What people call it.
    pub title: String,
    /// A sentence or more.
    pub description: Option<String>,
    /// Ids it shows; `None` shows everything.
    pub shows: Option<Vec<Id>>,
    /// Where people put things by hand.
    pub pins: BTreeMap<Id, Pin>,
}
