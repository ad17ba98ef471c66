//! The course of one threat: on which days it was open, resolved, or decided otherwise, as its ledger says. It judges
//! nothing and asks no rule; where days are missing or contradict each other it says so and guesses nothing.

use crate::model::{Date, Event, HistoryRow, Status, StatusWord, Threat};
use crate::review::gate::days;

/// How a threat stood since when, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Never empty; days never go back.
    moves: Vec<(Date, StatusWord)>,
}

/// Whether a status means that the threat was dealt with: a control stands against it, or the system was changed. That
/// the rules no longer raise it is not enough: whoever takes an element out of the model has fixed nothing.
pub const fn is_fixed(word: StatusWord) -> bool {
    matches!(word, StatusWord::Mitigated | StatusWord::Avoided)
}

impl Course {
    /// The course up to a day. `None` where the threat was opened after it or on no known day, or where its status
    /// entered on no known day.
    pub fn of(threat: &Threat, today: Date) -> Option<Self> {
        let mut rows: Vec<&HistoryRow> = threat.history.iter().filter(|row| row.event != Event::Rated).collect();
        // Branches that were merged may have left them in another order.
        rows.sort_by_key(|row| row.on);
        let first = rows.first().map(|row| row.on);
        let since = match threat.opened {
            Some(opened) => first.map_or(opened, |first| first.min(opened)),
            None => rows.first().filter(|row| row.event == Event::Opened)?.on,
        };
        if since > today {
            return None;
        }
        let mut course = Self { moves: vec![(since, StatusWord::Open)] };
        let (past, ahead): (Vec<&HistoryRow>, Vec<&HistoryRow>) = rows.into_iter().partition(|row| row.on <= today);
        for row in &past {
            course.enter(row.on, entered(row.event));
        }
        // What the status says is of a later day then; and of a threat that went, what was decided stays beside it.
        let is_told = !ahead.is_empty() || past.last().is_some_and(|row| row.event == Event::Gone);
        if is_told { Some(course) } else { course.settled(&threat.status, today) }
    }

    /// Adds what the status says and no row does: of threats that nobody decided the rules write no rows.
    fn settled(mut self, status: &Status, today: Date) -> Option<Self> {
        let (since, now) = *self.moves.last()?;
        match status {
            Status::Mitigated { on: Some(on), evidence } if now != StatusWord::Mitigated => {
                if self.moves.len() == 1 && *on <= since && evidence.is_empty() {
                    // The control stood when the rules first looked: it was never open.
                    self.moves = vec![(since, StatusWord::Mitigated)];
                } else if *on <= today {
                    self.enter((*on).max(since), StatusWord::Mitigated);
                }
                Some(self)
            }
            Status::Gone { on } if now != StatusWord::Gone => {
                if *on <= today {
                    self.enter((*on).max(since), StatusWord::Gone);
                }
                Some(self)
            }
            decided => match decided.expires().filter(|until| *until < today) {
                Some(until) if now == decided.word() => {
                    let again = until.tomorrow().ok()?.max(since);
                    self.enter(again, StatusWord::Open);
                    Some(self)
                }
                Some(_) => (now == StatusWord::Open).then_some(self),
                None => (now == decided.word()).then_some(self),
            },
        }
    }

    fn enter(&mut self, on: Date, word: StatusWord) {
        let now = self.now();
        // What was dealt with before it went stays dealt with.
        let stays = word == StatusWord::Gone && now != StatusWord::Open;
        if word != now && !stays {
            self.moves.push((on, word));
        }
    }

    /// When it was first raised.
    pub fn since(&self) -> Date {
        self.moves.first().map_or(Date::ZERO, |(on, _)| *on)
    }

    /// How it stands at the end.
    pub fn now(&self) -> StatusWord {
        self.moves.last().map_or(StatusWord::Open, |(_, word)| *word)
    }

    /// How it stood at the end of a day; `None` before it was raised.
    pub fn at(&self, day: Date) -> Option<StatusWord> {
        self.moves.iter().rev().find(|(on, _)| *on <= day).map(|(_, word)| *word)
    }

    /// Whether it was open at any time.
    pub fn was_open(&self) -> bool {
        self.moves.iter().any(|(_, word)| *word == StatusWord::Open)
    }

    /// The day on which it was resolved at last, of a threat that was open and is resolved. Whether a control was
    /// changed for another afterwards makes no difference.
    pub fn fixed_on(&self) -> Option<Date> {
        if !is_fixed(self.now()) || !self.was_open() {
            return None;
        }
        let fixed = self.moves.iter().rev().take_while(|(_, word)| is_fixed(*word));
        fixed.last().map(|(on, _)| *on)
    }

    /// The days on which it was open, added up; the last one counts until `today`.
    pub fn open_days(&self, today: Date) -> i64 {
        let ends = self.moves.iter().skip(1).map(|(on, _)| *on).chain([today]);
        let spans = self.moves.iter().zip(ends).filter(|((_, word), _)| *word == StatusWord::Open);
        spans.map(|((on, _), end)| days(*on, end)).sum()
    }

    /// Every change: the day, what it was before (`None` when it was raised), and what it was then.
    pub fn changes(&self) -> impl Iterator<Item = (Date, Option<StatusWord>, StatusWord)> {
        let before = std::iter::once(None).chain(self.moves.iter().map(|(_, word)| Some(*word)));
        self.moves.iter().zip(before).map(|((on, word), before)| (*on, before, *word))
    }
}

/// The status that a row of the ledger entered.
const fn entered(event: Event) -> StatusWord {
    match event {
        Event::Opened | Event::Reopened | Event::Rated => StatusWord::Open,
        Event::Mitigated => StatusWord::Mitigated,
        Event::Accepted => StatusWord::Accepted,
        Event::Transferred => StatusWord::Transferred,
        Event::Avoided => StatusWord::Avoided,
        Event::NotApplicable => StatusWord::NotApplicable,
        Event::FalsePositive => StatusWord::FalsePositive,
        Event::Gone => StatusWord::Gone,
    }
}
