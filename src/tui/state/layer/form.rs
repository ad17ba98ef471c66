//! Forms, about threats or mitigations: their fields, and which of them status and severity need. Taking what it says is `update`'s
//! work.

use tui_input::Input;

use crate::model::{Id, Severity, StatusWord, ThreatKey};

/// Several fields, about one or more threats.
#[derive(Clone, Debug)]
pub struct Form {
    /// Heading.
    pub title: String,
    /// What it is about.
    pub about: About,
    /// Fields, shown or not.
    pub fields: Vec<Entry>,
    /// The field that has the keys, among those that are shown.
    pub at: usize,
    /// What is wrong with one of the fields.
    pub error: Option<(Part, String)>,
}

/// What a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Threats that are decided about.
    Threats(Vec<ThreatKey>),
    /// Mitigations.
    Mitigations(Vec<Id>),
    /// Threats that people see in a walk-through, and one in their own words.
    Found(Vec<ThreatKey>, Option<String>),
}

/// The fields of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How far a mitigation is.
    Progress,
    /// Its item in an issue tracker.
    Ticket,
    /// The status.
    Status,
    /// Why.
    Reason,
    /// Who allowed it.
    Approver,
    /// Until when.
    Expires,
    /// Whose it is now.
    To,
    /// Where one can see it.
    Evidence,
    /// Another severity.
    Severity,
    /// Why another severity.
    Why,
    /// Who deals with it.
    Owner,
    /// By when.
    Due,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub part: Part,
    /// Its text, or the words to choose among and the chosen one.
    pub value: Answer,
    /// Its text or word before.
    pub before: String,
}

/// What is in a field.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A line.
    Text(Input),
    /// One of some words.
    Word(Vec<&'static str>, usize),
}

impl Entry {
    /// A line with a text in it.
    pub fn line(part: Part, value: String) -> Self {
        Self { part, value: Answer::Text(Input::new(value.clone())), before: value }
    }

    /// Words to choose among, where one of them is so now.
    pub fn word(part: Part, words: Vec<&'static str>, now: &str) -> Self {
        let at = words.iter().position(|w| *w == now).unwrap_or(0);
        Self { part, before: words[at].to_owned(), value: Answer::Word(words, at) }
    }

    /// The text, or the chosen word.
    pub fn text(&self) -> &str {
        match &self.value {
            Answer::Text(input) => input.value().trim(),
            Answer::Word(words, at) => words.get(*at).copied().unwrap_or_default(),
        }
    }

    /// Whether somebody changed it.
    pub fn changed(&self) -> bool {
        self.text() != self.before
    }
}

impl Form {
    /// The field of a part.
    pub fn get(&self, part: Part) -> Option<&Entry> {
        self.fields.iter().find(|f| f.part == part)
    }

    /// The text of a part.
    pub fn text(&self, part: Part) -> &str {
        self.get(part).map(Entry::text).unwrap_or_default()
    }

    /// The fields to show, by number: those that the status and the severity need.
    pub fn shown(&self) -> Vec<usize> {
        let status = StatusWord::ALL.iter().copied().find(|s| s.title() == self.text(Part::Status));
        let status = status.unwrap_or(StatusWord::Open);
        let wanted = |part: Part| match part {
            Part::Status | Part::Severity | Part::Owner | Part::Due | Part::Progress | Part::Ticket => true,
            Part::Reason => !matches!(status, StatusWord::Open | StatusWord::Mitigated | StatusWord::Gone),
            Part::Approver => status == StatusWord::Accepted,
            Part::Expires => matches!(status, StatusWord::Accepted | StatusWord::FalsePositive),
            Part::To => status == StatusWord::Transferred,
            Part::Evidence => status == StatusWord::Mitigated || matches!(self.about, About::Mitigations(_)),
            Part::Why => Severity::parse(self.text(Part::Severity)).is_some(),
        };
        (0..self.fields.len()).filter(|n| wanted(self.fields[*n].part)).collect()
    }
}
