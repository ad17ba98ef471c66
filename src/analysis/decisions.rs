//! Decisions that need a second look: run out, stale, or soon to run out. Whether the file itself makes sense is checked
//! by `file`; nothing is decided here.

use super::Analysis;
use super::row::ThreatRow;
use crate::diagnostic::{At, Diagnostic};
use crate::model::{Date, Event, Status};

/// The codes of these checks with what they mean.
pub const CODES: &[(&str, &str)] = &[
    ("expired-decision", "a decision has run out, so that its threat is open again"),
    ("stale-decision", "the facts that a decision rests on have changed"),
];

/// Decisions shown that run out next.
const NEXT: usize = 10;

/// A decision that runs out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expiring<'r> {
    /// The threat.
    pub row: &'r ThreatRow,
    /// The last day on which it holds.
    pub on: Date,
}

/// The decisions that run out next, the soonest first.
pub fn expiring<'r>(rows: impl IntoIterator<Item = &'r ThreatRow>) -> Vec<Expiring<'r>> {
    let holds = |row: &&ThreatRow| !row.expired && row.status.expires().is_some();
    let rows = rows.into_iter().filter(holds);
    let mut all: Vec<Expiring<'r>> = rows.filter_map(|row| Some(Expiring { row, on: row.status.expires()? })).collect();
    all.sort_by(|a, b| (a.on, &a.row.key).cmp(&(b.on, &b.row.key)));
    all.truncate(NEXT);
    all
}

/// Warns of decisions that have run out and of those that rest on other facts than today's.
pub fn unsettled(analysis: &Analysis) -> Vec<Diagnostic> {
    let at = |row: &ThreatRow| At::path(["threats", row.key.as_str(), "status"]);
    let warn = |row: &ThreatRow| {
        let status = row.record.status.word().title();
        if let (true, Some(until)) = (row.expired, row.record.status.expires()) {
            let message = match decided(row).filter(|day| *day > until) {
                Some(day) => format!("it was {status} on {day} until {until}, a day that had passed by then"),
                None => format!("it was {status} until {until}; that day has passed, and the threat is open again"),
            };
            let help = "decide again until a later day, or take the decision back";
            return Some(Diagnostic::warning("expired-decision", at(row), message).help(help));
        }
        row.stale.then(|| {
            let message = format!("it was {status} on other facts than today's");
            let help = format!("`sconce explain {}` shows today's; decide again if it still holds", row.id);
            Diagnostic::warning("stale-decision", at(row), message).help(help)
        })
    };
    let mut found: Vec<(&ThreatRow, Diagnostic)> =
        analysis.threats.iter().filter_map(|row| Some((row, warn(row)?))).collect();
    found.sort_by(|a, b| a.0.key.cmp(&b.0.key));
    found.into_iter().map(|(_, warning)| warning).collect()
}

/// When the decision was made, as the ledger says.
fn decided(row: &ThreatRow) -> Option<Date> {
    let is_it = |status: &Status| Event::entering(status.word());
    let entered = row.record.history.iter().rev().find(|h| h.event == is_it(&row.record.status));
    entered.map(|h| h.on)
}
