//! The system that a model is about, and how the model is kept.

use super::Date;

/// The system.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct System {
    /// What people call it.
    pub name: String,
    /// A sentence or more.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Rule packs that apply; `None` is `core` alone.
    pub packs: Option<Vec<String>>,
    /// The rubric that makes likelihood and impact a severity; `None` is the usual one.
    pub rubric: Option<String>,
    /// Globs of the code that the model describes.
    pub code: Vec<String>,
    /// When people last held the model against the system.
    pub reviewed: Option<Reviewed>,
}

/// A review of the model by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// When.
    pub on: Date,
    /// Who.
    pub by: String,
    /// At which commit of the code.
    pub commit: Option<String>,
}
