//! Why a filter picked nothing, in sentences: the parts that no row fits, and the values that would have done.
//! It picks nothing itself.

use std::collections::BTreeSet;

use super::{Filter, Part, Test, parse};
use crate::analysis::ThreatRow;
use crate::model::{Date, Severity};

/// Values named in one sentence.
const MOST: usize = 8;

impl Filter {
    /// Why no row is picked: a sentence about each part that leaves nothing by itself, without a full stop. Empty when
    /// some row is picked, or when there are none.
    pub fn why_nothing(&self, rows: &[ThreatRow], today: Date) -> Vec<String> {
        if rows.is_empty() || rows.iter().any(|row| self.picks(row, today)) {
            return Vec::new();
        }
        let alone = self.parts.iter().filter(|part| !rows.iter().any(|row| part.fits(row, today)));
        let said: Vec<String> = alone.map(|part| part.why(rows)).collect();
        if said.is_empty() { vec!["each part fits some threat, but none fits all parts".to_owned()] } else { said }
    }
}

impl Part {
    fn why(&self, rows: &[ThreatRow]) -> String {
        let typed = &self.typed;
        if self.not {
            return format!("`{typed}` leaves nothing: every threat is so");
        }
        if let Test::Text(text) = &self.test {
            let near = parse::nearest(text, parse::all_words()).filter(|_| text.len() > 3);
            let hint = near.map_or_else(String::new, |word| format!("; did you mean `{word}`?"));
            return format!("the text `{text}` is in no title, id, key, owner or note{hint}");
        }
        let (what, values) = self.test.values(rows);
        if values.is_empty() {
            return format!("no threat is `{typed}`");
        }
        let shown: Vec<&str> = values.iter().take(MOST).map(String::as_str).collect();
        let more = if values.len() > MOST { format!(" and {} more", values.len() - MOST) } else { String::new() };
        format!("`{typed}` fits no threat; {what} here: {}{more}", shown.join(", "))
    }
}

impl Test {
    /// The values that rows have of what is tested, and what they are called.
    fn values(&self, rows: &[ThreatRow]) -> (&'static str, Vec<String>) {
        fn each<'r>(
            rows: &'r [ThreatRow],
            what: &'static str,
            of: impl Fn(&'r ThreatRow) -> Vec<String>,
        ) -> (&'static str, Vec<String>) {
            (what, rows.iter().flat_map(of).collect::<BTreeSet<_>>().into_iter().collect())
        }
        let step = |step: Option<u8>| step.map_or_else(|| "none".to_owned(), |step| step.to_string());
        let rule = |row: &ThreatRow| row.key.rule().to_owned();
        match self {
            Self::Text(_) | Self::Stale | Self::Expired | Self::Overdue | Self::Overridden => ("", Vec::new()),
            Self::Status(_) => each(rows, "statuses", |r| vec![r.status.word().name().to_lowercase()]),
            Self::State(_) => each(rows, "states", |r| vec![r.state.word().to_owned()]),
            Self::Severity(_) => each(rows, "severities", |r| {
                r.severity.map(Severity::name).map(str::to_lowercase).into_iter().collect()
            }),
            Self::Score(..) => {
                let mut all: Vec<i64> = rows.iter().map(|row| row.score.total()).collect();
                all.sort_unstable_by_key(|score| std::cmp::Reverse(*score));
                all.dedup();
                ("scores", all.iter().map(ToString::to_string).collect())
            }
            Self::Likelihood(_) => each(rows, "steps", |r| vec![step(r.risk.map(|risk| risk.0))]),
            Self::Impact(_) => each(rows, "steps", |r| vec![step(r.risk.map(|risk| risk.1))]),
            Self::Linddun(_) => {
                each(rows, "categories", |r| r.linddun.iter().map(|l| l.mark().to_lowercase()).collect())
            }
            Self::Stride(_) => each(rows, "letters", |r| r.stride.iter().map(|s| s.letter().to_string()).collect()),
            Self::Rule(_) => each(rows, "rules", |r| vec![rule(r)]),
            Self::Pack(_) => each(rows, "packs", |r| vec![rule(r).split('.').next().unwrap_or_default().to_owned()]),
            Self::On(_) => each(rows, "ids", |r| r.about.iter().map(ToString::to_string).collect()),
            Self::Owner(_) => each(rows, "owners", |r| {
                vec![r.record.owner.as_ref().map_or_else(|| "none".to_owned(), |owner| owner.to_lowercase())]
            }),
            Self::Due(..) => {
                each(rows, "due days", |r| vec![r.record.due.map_or_else(|| "none".to_owned(), |day| day.to_string())])
            }
            Self::Fix(_) => each(rows, "mitigations", |r| {
                r.fixes.iter().cloned().chain(r.record.mitigations.iter().map(ToString::to_string)).collect()
            }),
            Self::Confidence(_) => each(rows, "confidences", |r| vec![r.confidence.word().to_owned()]),
        }
    }
}
