//! Threats by week: how many were opened and left, and how many were open at its end. Weeks count back from the last day
//! of the window, whatever day of the week that is.

use super::{Course, earlier, is_fixed};
use crate::model::{Date, Severity, StatusWord};
use std::collections::BTreeMap;

/// A week, or what of it lies in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// What happened, by severity; `None` of threats that nobody rated. A severity without threats is left out.
    pub by_severity: BTreeMap<Option<Severity>, Moves>,
}

/// What happened to threats in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Moves {
    /// Times that a threat was opened or reopened.
    pub opened: usize,
    /// Times that an open one was resolved.
    pub resolved: usize,
    /// Times that an open one was decided otherwise, or went.
    pub otherwise: usize,
    /// Threats that were open at the end of the week.
    pub open: usize,
}

/// What became of a threat in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It was opened, or opened again.
    Opened,
    /// It was open and was resolved.
    Resolved,
    /// It was open and was decided otherwise, or went.
    Otherwise,
}

impl Turn {
    /// Of a change of status: what it was before, and what it was then. A change between two decisions is none.
    pub(super) fn of(before: Option<StatusWord>, word: StatusWord) -> Option<Self> {
        match (before, word) {
            (_, StatusWord::Open) => Some(Self::Opened),
            (Some(StatusWord::Open), word) if is_fixed(word) => Some(Self::Resolved),
            (Some(StatusWord::Open), _) => Some(Self::Otherwise),
            _ => None,
        }
    }

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Resolved => "resolved",
            Self::Otherwise => "otherwise",
        }
    }
}

impl Week {
    /// All severities together; only for how many there are, as days are never blended.
    pub fn total(&self) -> Moves {
        self.by_severity.values().fold(Moves::default(), |sum, one| Moves {
            opened: sum.opened + one.opened,
            resolved: sum.resolved + one.resolved,
            otherwise: sum.otherwise + one.otherwise,
            open: sum.open + one.open,
        })
    }
}

/// The first and the last day of each week of a window, the earliest first.
pub(super) fn spans(from: Date, to: Date) -> Vec<(Date, Date)> {
    let mut spans = Vec::new();
    let mut last = to;
    loop {
        let first = earlier(last, 6).max(from);
        spans.push((first, last));
        match first.yesterday() {
            Ok(before) if before >= from => last = before,
            _ => break,
        }
    }
    spans.reverse();
    spans
}

/// The weeks of a window.
pub(super) fn weeks<'a>(
    from: Date,
    to: Date,
    courses: impl Iterator<Item = (Option<Severity>, &'a Course)>,
) -> Vec<Week> {
    let week = |(from, to)| Week { from, to, by_severity: BTreeMap::new() };
    let mut weeks: Vec<Week> = spans(from, to).into_iter().map(week).collect();
    for (severity, course) in courses {
        for week in &mut weeks {
            count(week.by_severity.entry(severity).or_default(), course, week.from, week.to);
        }
    }
    weeks
}

fn count(moves: &mut Moves, course: &Course, from: Date, to: Date) {
    for (_, before, word) in course.changes().filter(|(on, ..)| (from..=to).contains(on)) {
        match Turn::of(before, word) {
            Some(Turn::Opened) => moves.opened += 1,
            Some(Turn::Resolved) => moves.resolved += 1,
            Some(Turn::Otherwise) => moves.otherwise += 1,
            None => {}
        }
    }
    moves.open += usize::from(course.at(to) == Some(StatusWord::Open));
}
