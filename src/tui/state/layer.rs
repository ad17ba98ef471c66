//! What can lie over the panes: a prompt, a list to pick from, a form, a question before something is lost, labels to
//! jump by, a text. Each says what its answer is for; doing it is `update`'s work.

mod form;

use std::collections::BTreeSet;

use tui_input::Input;

pub use form::{About, Answer, Entry, Form, Part};

use crate::command::Action;
use crate::file::journal::Recovered;
use crate::model::{Conflict, ElementKind, Id, SubjectKind, ThreatKey};
use crate::tui::fuzzy;

/// Something over the panes.
#[derive(Clone, Debug)]
pub enum Layer {
    /// One line to type.
    Prompt(Prompt),
    /// A list to choose from by typing.
    Pick(Pick),
    /// Several fields.
    Form(Form),
    /// A question before something is lost.
    Confirm(Confirm),
    /// Labels on everything visible.
    Labels(Labels),
    /// Text to read.
    Page(Page),
}

/// One line to type.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked.
    pub title: String,
    /// What is typed.
    pub input: Input,
    /// Why it was refused.
    pub error: Option<String>,
    /// The thing it is drawn upon.
    pub at: Option<Id>,
    /// What the line is for.
    pub then: Line,
}

/// What a typed line is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The name of something new; and the element that sends data to it.
    Add(New, Option<Id>),
    /// The name of a new data flow.
    Connect(Id, Id),
    /// Another name.
    Rename(Id),
    /// The name of a boundary around things.
    Wrap(Vec<Id>),
    /// The value of a fact.
    Fact(Vec<Id>, String),
    /// Why a fact does not apply.
    NotApplicable(Vec<Id>, String),
    /// A field of things, or of the system when there are none.
    Field(Vec<Id>, Field),
    /// The name of a new asset, for a field of things, besides the assets that were chosen with it.
    Asset(Vec<Id>, Field, Vec<Id>),
    /// The filter of the threats.
    Filter,
    /// The name of a new file.
    SaveAs,
    /// What a conflict is decided for.
    Decide(Conflict),
    /// What to compare the model with.
    Compare,
    /// The title of a new mitigation, which these threats name.
    Mitigation(Vec<ThreatKey>),
    /// Another title of a mitigation.
    Retitle(Id),
    /// A threat in one's own words, beside those that were chosen.
    WalkOwn(Vec<ThreatKey>),
    /// Why there is no threat, or why a fact makes no sense.
    WalkNo,
    /// A note about what is parked.
    WalkPark,
}

/// Things that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum New {
    /// An element.
    Element(ElementKind),
    /// A trust boundary.
    Boundary,
    /// An asset.
    Asset,
}

/// Fields of things that are not facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What people call it.
    Name,
    /// Its id, which cannot be edited here.
    Id,
    /// The kind of an element.
    Kind,
    /// The boundary around.
    Inside,
    /// Technologies.
    Tech,
    /// Who answers for it.
    Owner,
    /// Assets at rest.
    Stores,
    /// Assets worked on.
    Processes,
    /// Where a flow comes from.
    From,
    /// Where a flow goes to.
    To,
    /// Assets on their way.
    Carries,
    /// The kind of a boundary.
    BoundaryKind,
    /// How far a boundary is trusted.
    Trust,
    /// The kind of an asset.
    AssetKind,
    /// Who may see an asset.
    Confidentiality,
    /// How much it matters that an asset is right.
    Integrity,
    /// How much it matters that an asset is there.
    Availability,
    /// The most sensitive data inside a boundary.
    Clearance,
    /// What an element runs on together with others.
    Runtime,
    /// The credential a flow's caller shows.
    Credential,
    /// Whatever people want to remember.
    Notes,
    /// The rubric of the system.
    Rubric,
}

impl Field {
    /// The field that rules call by this name.
    pub fn of_name(name: &str, kind: SubjectKind) -> Option<Self> {
        Some(match (name, kind) {
            ("tech", _) => Self::Tech,
            ("owner", _) => Self::Owner,
            ("runtime", _) => Self::Runtime,
            ("boundary", _) => Self::Inside,
            ("stores", _) => Self::Stores,
            ("processes", _) => Self::Processes,
            ("carries", _) => Self::Carries,
            ("credential", _) => Self::Credential,
            ("from", _) => Self::From,
            ("to", _) => Self::To,
            ("trust", _) => Self::Trust,
            ("kind", SubjectKind::Boundary) => Self::BoundaryKind,
            ("kind", SubjectKind::Asset) => Self::AssetKind,
            ("clearance", SubjectKind::Boundary) => Self::Clearance,
            ("confidentiality", SubjectKind::Asset) => Self::Confidentiality,
            ("integrity", SubjectKind::Asset) => Self::Integrity,
            ("availability", SubjectKind::Asset) => Self::Availability,
            _ => return None,
        })
    }
}

/// A list to choose from by typing.
#[derive(Clone, Debug)]
pub struct Pick {
    /// What is asked.
    pub title: String,
    /// A sentence above the rows.
    pub intro: String,
    /// What is typed.
    pub input: Input,
    /// All rows.
    pub rows: Vec<PickRow>,
    /// The selected row among those that fit.
    pub at: usize,
    /// Rows chosen with Tab; `None` where only one can be.
    pub marked: Option<BTreeSet<usize>>,
    /// What the choice is for.
    pub then: Choice,
}

/// A row of such a list.
#[derive(Clone, Debug)]
pub struct PickRow {
    /// What it says.
    pub text: String,
    /// Said at its right end.
    pub more: String,
    /// A sentence about it, shown while it is selected.
    pub about: String,
    /// Further words it can be found by.
    pub words: String,
    /// Why it cannot be chosen.
    pub off: Option<&'static str>,
    /// What choosing it means.
    pub value: Value,
}

impl PickRow {
    /// A row that says and means something.
    pub fn new(text: impl Into<String>, value: Value) -> Self {
        Self { text: text.into(), more: String::new(), about: String::new(), words: String::new(), off: None, value }
    }

    /// Adds what is said at its right end.
    #[must_use]
    pub fn more(self, more: impl Into<String>) -> Self {
        Self { more: more.into(), ..self }
    }

    /// Adds a sentence.
    #[must_use]
    pub fn about(self, about: impl Into<String>) -> Self {
        Self { about: about.into(), ..self }
    }
}

/// What choosing a row means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Start an action.
    Action(Action),
    /// An element, flow, boundary or asset.
    Thing(Id),
    /// A threat.
    Threat(ThreatKey),
    /// A question: its fact and kind.
    Question(String, SubjectKind),
    /// A word.
    Word(String),
    /// All that are listed.
    All,
    /// None of the things.
    Nothing,
    /// One that is not listed; its name is asked next.
    Fresh,
    /// Does not apply; the reason is asked next.
    NotApplicable,
    /// Unknown again.
    Unknown,
    /// To be answered later.
    Later,
}

/// What a choice is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Run the chosen action.
    Run,
    /// Show the chosen thing.
    Go,
    /// The fact to state about a thing.
    FactName(Id),
    /// What to state.
    FactValue(Vec<Id>, String),
    /// A field of things.
    Field(Vec<Id>, Field),
    /// The question to answer.
    Question,
    /// Whom the answer is about.
    Subjects(String, SubjectKind),
    /// Where things move.
    MoveInto(Vec<Id>),
    /// The end of a data flow to connect from, or to.
    End(bool),
    /// What a label would have been typed for, by its name.
    Named(Target),
    /// What to compare the model with.
    Compare,
    /// The rule to go to.
    Rule,
    /// The mitigation to add.
    AddMitigation,
    /// The mitigations that close threats.
    Link(Vec<ThreatKey>),
    /// Threats that people see.
    WalkFound,
    /// What the walk-through is about.
    WalkRange,
}

impl Pick {
    /// A list where one row is chosen.
    pub fn new(title: impl Into<String>, rows: Vec<PickRow>, then: Choice) -> Self {
        Self { title: title.into(), intro: String::new(), input: Input::default(), rows, at: 0, marked: None, then }
    }

    /// Lets Tab choose several; these are chosen already.
    #[must_use]
    pub fn several(self, chosen: impl Fn(&PickRow) -> bool) -> Self {
        let marked = self.rows.iter().enumerate().filter(|(_, r)| chosen(r)).map(|(n, _)| n).collect();
        Self { marked: Some(marked), ..self }
    }

    /// Begins at the row of what is so already, if there is one.
    #[must_use]
    pub fn from(self, is_now: impl Fn(&PickRow) -> bool) -> Self {
        let at = self.rows.iter().position(is_now).unwrap_or(self.at);
        Self { at, ..self }
    }

    /// Adds a sentence above the rows.
    #[must_use]
    pub fn intro(self, intro: impl Into<String>) -> Self {
        Self { intro: intro.into(), ..self }
    }

    /// The rows that fit what is typed, best first.
    pub fn shown(&self) -> Vec<usize> {
        let typed = self.input.value();
        if typed.trim().is_empty() {
            return (0..self.rows.len()).collect();
        }
        let texts: Vec<String> = self.rows.iter().map(|r| format!("{} {}", r.text, r.words)).collect();
        fuzzy::rank(typed, texts.iter().map(String::as_str))
    }

    /// The selected row.
    pub fn current(&self) -> Option<usize> {
        self.shown().get(self.at).copied()
    }
}

/// A question before something is lost. No answer is on the key that brought it up.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What is asked.
    pub title: String,
    /// What is at stake.
    pub lines: Vec<String>,
    /// Keys, their words, and what they do.
    pub answers: Vec<(char, &'static str, Deed)>,
    /// What Esc does here.
    pub esc: &'static str,
}

/// What an answer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Deletes things.
    Delete(Vec<Id>),
    /// Saves and leaves.
    SaveAndQuit,
    /// Leaves; the journal stays.
    Quit,
    /// Leaves and lets go of what is unsaved.
    Discard,
    /// Asks for a name to save under.
    SaveAs,
    /// Reads the file again.
    Reload,
    /// Writes the file again that is gone.
    Restore,
    /// Lets the model name these packs and rules; what was switched.
    Packs(String, Vec<String>),
    /// Deletes mitigations.
    DeleteMitigations(Vec<Id>),
    /// Takes over the first of what earlier sittings left.
    Recover(Vec<Recovered>),
    /// Throws away the first of what earlier sittings left.
    Forget(Vec<Recovered>),
}

/// Labels on everything visible.
#[derive(Clone, Debug)]
pub struct Labels {
    /// Labels and what they stand on.
    pub all: Vec<(String, Id)>,
    /// What is typed of one.
    pub typed: String,
    /// What the chosen thing is for.
    pub then: Target,
}

/// What a labelled thing is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To be selected.
    Select,
    /// To be where a flow from here goes.
    To(Id),
    /// To be where a flow to here comes from.
    From(Id),
}

/// Text to read.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Heading.
    pub title: String,
    /// Paragraphs; they are wrapped when drawn, unless they are the rows of a table.
    pub lines: Vec<String>,
    /// Whether they are rows of a table, which are cut.
    pub is_table: bool,
    /// The first line to show.
    pub scroll: usize,
}
