//! Figures as tables of words, each with its formula: for pages, terminals and Markdown alike. No number is rounded here
//! that is not a tenth of what was counted, and where there is nothing to count a dash says so.

use super::{Content, Course, FORMULAS, Metrics, Moves, RUN_FORMULAS, Row, Share, Snapshot, Spread, Turn, Week};
use crate::diagnostic::table::{figures, table};
use crate::exchange::escape;
use crate::model::{Date, Severity, ThreatKey, ThreatModel};
use std::fmt::Write as _;

/// Where there is nothing to count.
pub const NONE: &str = "–";
/// How many characters of a commit tell it from others.
const SHORT: usize = 9;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Names of the columns.
    pub heading: Vec<String>,
    /// Whether all columns are words; else all but the first are numbers, which end where their heading does.
    pub is_words: bool,
    /// The rows; a cell without a heading is a bar.
    pub rows: Vec<Vec<String>>,
    /// What the numbers are, in a sentence or more.
    pub formula: String,
}

impl Table {
    /// A table of numbers.
    pub fn new(title: &str, heading: &[&str], rows: Vec<Vec<String>>) -> Self {
        let heading = heading.iter().map(|name| (*name).to_owned()).collect();
        Self { title: title.to_owned(), heading, is_words: false, rows, formula: String::new() }
    }

    /// A table of words.
    pub fn of_words(title: &str, heading: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { is_words: true, ..Self::new(title, heading, rows) }
    }

    /// Says what the numbers are.
    #[must_use]
    pub fn saying(self, formula: impl Into<String>) -> Self {
        Self { formula: formula.into(), ..self }
    }

    /// The rows, aligned under their heading.
    pub fn text(&self) -> String {
        let heading: Vec<&str> = self.heading.iter().map(String::as_str).collect();
        if self.is_words { table(&heading, &self.rows) } else { figures(&heading, &self.rows) }
    }

    /// The table as GitHub-flavoured Markdown, under a heading, its formula below.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let escaped = |cells: &[String]| cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>();
        let other = if self.is_words { "---" } else { "---:" };
        let rule = std::iter::once("---").chain(std::iter::repeat_n(other, self.heading.len().saturating_sub(1)));
        let mut text = format!("### {}\n\n", escape(&self.title));
        text += &line(&escaped(&self.heading));
        let _ = writeln!(text, "|{}|", rule.collect::<Vec<_>>().join("|"));
        for row in &self.rows {
            text += &line(&escaped(row));
        }
        if !self.formula.is_empty() {
            let _ = write!(text, "\n{}\n", escape(&self.formula));
        }
        text
    }
}

/// What a figure is, by its name.
pub fn formula(name: &str) -> &'static str {
    FORMULAS.iter().chain(RUN_FORMULAS).find(|(of, _)| *of == name).map_or("", |(_, text)| text)
}

/// A severity in a word.
pub fn severity(severity: Option<Severity>) -> String {
    severity.map_or("unrated", Severity::name).to_owned()
}

/// Tenths of a day.
pub fn tenths(value: Option<i64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

/// Whole days.
pub fn whole(value: Option<i64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |days| days.to_string())
}

/// A share in per cent.
pub fn rate(share: Share) -> String {
    share.per_mille().map_or_else(|| NONE.to_owned(), |n| format!("{}.{}%", n / 10, n % 10))
}

/// Enough of a commit's id to tell it from others.
pub fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

/// Time to fix, age, remediation and compliance by severity.
pub fn by_severity(metrics: &Metrics) -> [Table; 4] {
    let by = |title: &str, name: &str, heading: &[&str], row: &dyn Fn(&Row) -> Vec<String>| {
        let rows = metrics.rows.iter().map(|of| [vec![severity(of.severity)], row(of)].concat()).collect();
        Table::new(title, heading, rows).saying(formula(name))
    };
    [
        by("Time to fix, in days", "time_to_fix", &["severity", "n", "mean", "median", "p90"], &|row| {
            let Spread { n, mean, median, p90, .. } = row.time_to_fix;
            vec![n.to_string(), tenths(mean), tenths(median), whole(p90)]
        }),
        by("Age of open threats, in days", "age", &["severity", "n", "median", "oldest"], &|row| {
            let Spread { n, median, most, .. } = row.age;
            vec![n.to_string(), tenths(median), whole(most)]
        }),
        by("Remediation rate", "remediation", &["severity", "n", "resolved", "rate"], &|row| {
            let Share { part, whole } = row.remediation;
            vec![whole.to_string(), part.to_string(), rate(row.remediation)]
        }),
        by("SLA compliance", "sla", &["severity", "days", "n", "in time", "rate"], &|row| {
            let days = row.sla_days.map_or_else(|| NONE.to_owned(), |days| days.to_string());
            vec![days, row.sla.whole.to_string(), row.sla.part.to_string(), rate(row.sla)]
        }),
    ]
}

/// What happened in each week, and how many were open at its end: all of them, then of these severities.
pub fn weekly(weeks: &[Week], severities: &[Option<Severity>]) -> Table {
    let names: Vec<String> = severities.iter().map(|s| severity(*s)).collect();
    let mut heading = vec!["from", "opened", "resolved", "otherwise", "open"];
    heading.extend(names.iter().map(String::as_str));
    let row = |week: &Week| {
        let Moves { opened, resolved, otherwise, open } = week.total();
        let mut cells = vec![week.from.to_string()];
        cells.extend([opened, resolved, otherwise, open].map(|n| n.to_string()));
        cells.extend(severities.iter().map(|s| week.by_severity.get(s).map_or(0, |moves| moves.open).to_string()));
        cells
    };
    Table::new("By week", &heading, weeks.iter().map(row).collect()).saying(formula("weeks"))
}

/// Open threats in versions of the file.
pub fn versions(versions: &[Snapshot]) -> Table {
    let unrated = versions.iter().filter_map(Snapshot::open).any(|open| open.contains_key(&None));
    let severities: Vec<Option<Severity>> =
        Severity::ALL.iter().rev().copied().map(Some).chain(unrated.then_some(None)).collect();
    let names: Vec<String> = severities.iter().map(|s| severity(*s)).collect();
    let mut heading = vec!["committed", "commit", "open"];
    heading.extend(names.iter().map(String::as_str));
    let row = |version: &Snapshot| {
        let mut cells = vec![version.on.to_string(), short(&version.commit).to_owned()];
        match (version.open(), &version.content) {
            (Some(open), _) => {
                cells.push(open.values().sum::<usize>().to_string());
                cells.extend(severities.iter().map(|s| open.get(s).copied().unwrap_or_default().to_string()));
            }
            (None, Content::Removed) => cells.push("removed".to_owned()),
            (None, _) => cells.push("unreadable".to_owned()),
        }
        cells
    };
    Table::new("In git", &heading, versions.iter().map(row).collect())
}

/// The threats that a week counts: each time that one was opened or left, in the order of the days.
pub fn moved(model: &ThreatModel, week: &Week, today: Date) -> Vec<(Date, Turn, ThreatKey)> {
    let mut all = Vec::new();
    for (key, threat) in &model.threats {
        let Some(course) = Course::of(threat, today) else { continue };
        let in_week = course.changes().filter(|(on, ..)| (week.from..=week.to).contains(on));
        all.extend(in_week.filter_map(|(on, before, word)| Some((on, Turn::of(before, word)?, key.clone()))));
    }
    all.sort();
    all
}
