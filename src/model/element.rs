//! Elements of the data flow diagram: external entities, processes and data stores.

use super::word::words;
use super::{Facts, Id};

words! {
    /// The three shapes of a data flow diagram that stand still.
    ElementKind {
        /// A person or system outside our control.
        ExternalEntity,
        /// Code that runs.
        Process,
        /// Where data rests.
        DataStore,
    }
}

impl ElementKind {
    /// The name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ExternalEntity => "external entity",
            Self::Process => "process",
            Self::DataStore => "data store",
        }
    }
}

/// An element. What is `None` is unknown; an empty list is known to be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Which of the three it is.
    pub kind: ElementKind,
    /// What people call it.
    pub name: String,
    /// Ids it had before, oldest first.
    pub formerly: Vec<Id>,
    /// A sentence or more.
    pub description: Option<String>,
    /// The innermost boundary around it.
    pub inside: Option<Id>,
    /// Technologies it is made of, names of `assets/technologies.ron`.
    pub tech: Option<Vec<String>>,
    /// What it runs on together with others: elements with the same text share a runtime.
    pub runtime: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Assets that rest here.
    pub stores: Option<Vec<Id>>,
    /// Assets that are worked on here.
    pub processes: Option<Vec<Id>>,
    /// What is known about it.
    pub facts: Facts,
    /// Globs of the code that it stands for.
    pub code: Vec<String>,
    /// What it is called where it is deployed: parts of docker-compose or Kubernetes files, as `review::drift`
    /// understands them. `None`: not said, so its id and name are looked for; empty: in no such file, and rightly so.
    pub deployed: Option<Vec<String>>,
    /// Whatever people want to remember.
    pub notes: Option<String>,
}

impl Element {
    /// A bare element of which only the name is known.
    pub fn new(kind: ElementKind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            formerly: Vec::new(),
            description: None,
            inside: None,
            tech: None,
            runtime: None,
            owner: None,
            stores: None,
            processes: None,
            facts: Facts::new(),
            code: Vec::new(),
            deployed: None,
            notes: None,
        }
    }
}
