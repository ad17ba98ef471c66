//! Mitigations, work that provides controls, and assumptions, which the model takes for granted.

use super::word::words;
use super::{Date, FactValue, Id, ThreatKey};

words! {
    /// How far the work is. It counts from `Implemented` on.
    MitigationStatus {
        /// Somebody suggested it.
        Proposed,
        /// It will be done.
        Planned,
        /// It is being done.
        InProgress,
        /// Somebody says it is done; nobody looked.
        Claimed,
        /// It is done.
        Implemented,
        /// It is done and somebody checked.
        Verified,
        /// It will not be done.
        Rejected,
    }
}

impl MitigationStatus {
    /// Whether the controls it provides are facts.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Implemented | Self::Verified)
    }

    /// Whether it may count some day.
    pub const fn is_waiting(self) -> bool {
        !self.counts() && !matches!(self, Self::Rejected)
    }

    /// The name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Planned => "planned",
            Self::InProgress => "in progress",
            Self::Claimed => "claimed",
            Self::Implemented => "implemented",
            Self::Verified => "verified",
            Self::Rejected => "rejected",
        }
    }
}

/// Work that provides controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mitigation {
    /// What is to be done.
    pub title: String,
    /// The record of `assets/mitigations.ron` it follows.
    pub catalog: Option<String>,
    /// A sentence or more.
    pub description: Option<String>,
    /// How far it is.
    pub status: MitigationStatus,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Date>,
    /// The controls that are facts once it is done.
    pub provides: Vec<Provides>,
    /// Where one can see that it is done: files, links.
    pub evidence: Vec<String>,
    /// Its item in an issue tracker.
    pub ticket: Option<String>,
}

impl Mitigation {
    /// A mitigation that somebody just suggested.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            catalog: None,
            description: None,
            status: MitigationStatus::Proposed,
            owner: None,
            due: None,
            provides: Vec::new(),
            evidence: Vec::new(),
            ticket: None,
        }
    }
}

impl Mitigation {
    /// Whether its day has passed while it was still to be done.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.status.is_waiting() && self.due.is_some_and(|due| due < today)
    }
}

/// One control that a mitigation provides: this fact has this value on these subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provides {
    /// The fact's name in the vocabulary.
    pub fact: String,
    /// Its value; `present` where the file does not say.
    pub value: FactValue,
    /// Ids of elements, flows or boundaries.
    pub on: Vec<Id>,
}

/// Something the model takes for granted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Assumption {
    /// The assumption, as a sentence.
    pub text: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Decisions that rest on it.
    pub supports: Vec<ThreatKey>,
}
