//! Data flows: data on its way in one direction. Two directions are two flows, because they are two attack surfaces.

use super::{Facts, Id};

/// A data flow. An end that is `None` is loose: drawn somewhere, attached to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DataFlow {
    /// What people call it; may be empty.
    pub name: String,
    /// Ids it had before, oldest first.
    pub formerly: Vec<Id>,
    /// Where the data comes from: an element, or a boundary that stands for its members.
    pub from: Option<Id>,
    /// Where it goes to.
    pub to: Option<Id>,
    /// The flow that this one answers.
    pub response_of: Option<Id>,
    /// Assets on their way; `None` is unknown, empty is known to carry none.
    pub carries: Option<Vec<Id>>,
    /// The credential the caller shows; flows with the same text share one.
    pub credential: Option<String>,
    /// What is known about it.
    pub facts: Facts,
    /// Whatever people want to remember.
    pub notes: Option<String>,
}
