//! What became of a threat of the register, apart into what the rules did and what people decided. Whether the rules
//! would raise it today is not asked.

use super::cause::Cause;
use super::field::{self, Field};
use crate::file::said::{Said, said};
use crate::model::{Date, Entry, Event, HistoryRow, Override, Severity, Status, StatusWord, Threat, ThreatKey};

/// What became of a threat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It was not recorded.
    New,
    /// It was gone and is raised again.
    Back,
    /// It is recorded as before, with something different.
    Changed,
    /// It is gone, or no longer recorded.
    Gone,
}

impl Turn {
    /// The word for programs and in running text.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Back => "back",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// Rows of a history that one side has alone.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Those that came.
    pub added: Vec<HistoryRow>,
    /// Those that are missing now, although rows are only ever added.
    pub lost: Vec<HistoryRow>,
}

/// What became of a threat, but for what people decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreatChange {
    /// Its key now, or when it was there.
    pub key: ThreatKey,
    /// Its key before, where something it is about has another id now.
    pub was: Option<ThreatKey>,
    /// The id that people call it by.
    pub id: String,
    /// Its title as recorded.
    pub title: String,
    /// What became of it.
    pub turn: Turn,
    /// The severities that counted and count; `None` where it was not or is not recorded, or nobody rated it.
    pub severity: [Option<Severity>; 2],
    /// Its status before and after; `None` where it was not or is not recorded.
    pub status: [Option<Status>; 2],
    /// Whether the change of the status is a person's decision, which stands elsewhere.
    pub is_decided: bool,
    /// Whether a person's severity in place of the computed one is another, which stands elsewhere too.
    pub is_overridden: bool,
    /// Fields that differ otherwise, such as owner and due date.
    pub fields: Vec<Field>,
    /// What is different in its history.
    pub history: Ledger,
    /// What in the same comparison may have caused it.
    pub because: Vec<Cause>,
}

impl ThreatChange {
    /// The severity by which it is sorted.
    pub fn worst(&self) -> Option<Severity> {
        self.severity[1].max(self.severity[0])
    }

    /// Whether it is new, but the rules find that a control stands against it.
    pub fn is_closed_from_the_start(&self) -> bool {
        self.turn == Turn::New && !self.is_decided && matches!(self.status[1], Some(Status::Mitigated { .. }))
    }

    /// Whether it came and went in between: whoever compares the two states never had it.
    pub fn is_passing(&self) -> bool {
        matches!(self.status, [None, Some(Status::Gone { .. })])
    }

    /// Whether nothing but such fields differs.
    pub(super) fn is_fields_only(&self) -> bool {
        self.turn == Turn::Changed
            && !self.is_passing()
            && self.moved().is_none()
            && (self.rated().is_none() || self.is_overridden)
            && self.history.lost.is_empty()
    }

    /// A change of the severity of a threat that was and is recorded.
    pub fn rated(&self) -> Option<[Option<Severity>; 2]> {
        let is_other = self.turn == Turn::Changed && self.severity[0] != self.severity[1];
        (is_other && !self.is_passing()).then_some(self.severity)
    }

    /// A change of the status that no person decided, of a threat that stays.
    pub fn moved(&self) -> Option<[Option<StatusWord>; 2]> {
        let words = [&self.status[0], &self.status[1]].map(|status| status.as_ref().map(Status::word));
        let is_other = self.turn == Turn::Changed && !self.is_decided && words[0] != words[1];
        (is_other && !self.is_passing()).then_some(words)
    }
}

/// What a person decided about a threat.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The threat's key.
    pub key: ThreatKey,
    /// The id that people call it by.
    pub id: String,
    /// Its title as recorded.
    pub title: String,
    /// The severity that counts.
    pub severity: Option<Severity>,
    /// The status before; `None` where the threat was not recorded.
    pub before: Option<Status>,
    /// The status now, where that changed.
    pub after: Option<Status>,
    /// A person's severity in place of the computed one, before and after, where that changed.
    pub rated: Option<[Option<Override>; 2]>,
    /// Who decided, as the history has it.
    pub by: Option<String>,
    /// When.
    pub on: Option<Date>,
    /// Fields that were changed with it, such as owner and due date.
    pub fields: Vec<Field>,
}

/// Both records of a threat that differ.
pub(super) struct Told {
    pub(super) key: ThreatKey,
    before: Option<Threat>,
    after: Option<Threat>,
    fields: Vec<Field>,
}

impl Told {
    /// `None` where only an order differs.
    pub(super) fn of(key: ThreatKey, before: Option<Threat>, after: Option<Threat>) -> Option<Self> {
        let fields = match (&before, &after) {
            (Some(before), Some(after)) => {
                let said = |threat: &Threat| said(&Entry::Threat(key.clone(), threat.clone()));
                field::compare(&said(before), &said(after))
            }
            _ => Vec::new(),
        };
        let same = before.is_some() && after.is_some() && fields.is_empty();
        (!same).then_some(Self { key, before, after, fields })
    }

    fn statuses(&self) -> [Option<&Status>; 2] {
        [&self.before, &self.after].map(|threat| threat.as_ref().map(|threat| &threat.status))
    }

    fn severities(&self) -> [Option<Severity>; 2] {
        [&self.before, &self.after].map(|threat| threat.as_ref().and_then(Threat::effective_severity))
    }

    fn turn(&self) -> Turn {
        let there = self.statuses().map(|status| status.map(|status| !matches!(status, Status::Gone { .. })));
        match there {
            [None, Some(true)] => Turn::New,
            [Some(false), Some(true)] => Turn::Back,
            [Some(true), None | Some(false)] => Turn::Gone,
            _ => Turn::Changed,
        }
    }

    fn title(&self) -> String {
        self.after.as_ref().or(self.before.as_ref()).map(|threat| threat.title.clone()).unwrap_or_default()
    }

    fn history(&self) -> Ledger {
        let rows = |threat: &Option<Threat>| threat.as_ref().map(|t| t.history.clone()).unwrap_or_default();
        let (before, after) = (rows(&self.before), rows(&self.after));
        if self.after.is_none() {
            return Ledger::default();
        }
        Ledger { lost: without(&before, &after), added: without(&after, &before) }
    }

    /// Whether the status is another one because a person said so, or took that back.
    fn is_decided(&self) -> bool {
        let decided = |status: Option<&Status>| status.is_some_and(|status| status.word().is_decision(status));
        let [before, after] = self.statuses();
        match self.turn() {
            Turn::Gone => false,
            _ => before != after && (decided(before) || decided(after)),
        }
    }

    fn overrides(&self) -> Option<[Option<Override>; 2]> {
        let both = [&self.before, &self.after].map(|threat| threat.as_ref().and_then(|t| t.overridden.clone()));
        (self.turn() != Turn::Gone && both[0] != both[1]).then_some(both)
    }

    /// What a person decided; `None` where nobody did.
    pub(super) fn decision(&self, id: &str) -> Option<Decision> {
        let rated = self.overrides();
        let is_decided = self.is_decided();
        if !is_decided && rated.is_none() {
            return None;
        }
        let [before, after] = self.statuses();
        let history = self.history();
        let event = match after.filter(|_| is_decided) {
            Some(status) => Event::entering(status.word()),
            None => Event::Rated,
        };
        let row = history.added.iter().rfind(|row| row.event == event);
        Some(Decision {
            key: self.key.clone(),
            id: id.to_owned(),
            title: self.title(),
            severity: self.severities()[1],
            before: before.cloned(),
            after: after.filter(|_| is_decided).cloned(),
            rated,
            by: row.map(|row| row.by.clone()),
            on: row.map(|row| row.on),
            fields: Vec::new(),
        })
    }

    /// What else became of it; `None` where nothing did.
    pub(super) fn threat(self, id: &str) -> Option<ThreatChange> {
        let (turn, is_decided, history) = (self.turn(), self.is_decided(), self.history());
        let (severity, title) = (self.severities(), self.title());
        let status = self.statuses().map(Option::<&Status>::cloned);
        let is_rated = self.overrides().is_some();
        let moved = status[0].as_ref().map(Status::word) != status[1].as_ref().map(Status::word);
        let Self { key, mut fields, .. } = self;
        // What stands elsewhere in the report, and what only follows from it.
        fields.retain(|field| match field.name.as_str() {
            "severity" => severity[0] == severity[1],
            "override" | "history" => false,
            "status" | "decided_on" => !is_decided && !moved,
            _ => true,
        });
        if !is_decided && !is_rated && !moved && !history.added.is_empty() {
            let rows =
                history.added.iter().map(|row| Said::Word(format!("{} {}, {}", row.on, row.event.name(), row.by)));
            fields.push(Field { name: "history".to_owned(), before: None, after: Some(Said::List(rows.collect())) });
        }
        let change = ThreatChange {
            key,
            was: None,
            id: id.to_owned(),
            title,
            turn,
            severity,
            status,
            is_decided,
            is_overridden: is_rated,
            fields,
            history,
            because: Vec::new(),
        };
        let says_more = turn != Turn::Changed
            || change.is_passing()
            || change.moved().is_some()
            || (change.rated().is_some() && !is_rated)
            || !change.fields.is_empty()
            || !change.history.lost.is_empty();
        says_more.then_some(change)
    }
}

/// The rows of one history that another does not have.
fn without(rows: &[HistoryRow], other: &[HistoryRow]) -> Vec<HistoryRow> {
    let mut other: Vec<&HistoryRow> = other.iter().collect();
    let mut is_missing = |row: &HistoryRow| match other.iter().position(|known| *known == row) {
        Some(at) => {
            other.swap_remove(at);
            false
        }
        None => true,
    };
    rows.iter().filter(|row| is_missing(row)).cloned().collect()
}
