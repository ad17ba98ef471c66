//! The figures for people: a table for each kind with its formula below it, and the weeks with a bar for what was open.
//! In a narrow terminal the weeks lose the bar, then the severities; no number is cut.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::About;
use crate::cli::verb::prose::wrapped;
use crate::cli::verb::table::{count, figures};
use crate::diagnostic::inert::one_line;
use crate::model::{Severity, StatusWord};
use crate::review::metrics::{FORMULAS, Metrics, Moves, RUN_FORMULAS, Row, Share, Spread, Week};

/// Where there is nothing to count.
const NONE: &str = "–";
/// Weeks that are shown.
const WEEKS: usize = 26;
/// Threats that are named.
const NAMED: usize = 8;
/// Columns of the longest bar: the fewest that are worth it, and the most.
const BAR: (usize, usize) = (8, 24);
/// Columns that the weeks need with severities.
const WIDE: u16 = 76;

pub(super) fn page(metrics: &Metrics, about: &About, columns: Option<u16>) -> String {
    let mut text = wrapped(&head(metrics, about), columns);
    for (title, name, table) in [
        ("Time to fix, in days", "time_to_fix", fixes(metrics)),
        ("Age of open threats, in days", "age", ages(metrics)),
        ("Remediation rate", "remediation", shares(metrics, "resolved", |row| row.remediation)),
        ("SLA compliance", "sla", in_time(metrics)),
    ] {
        let _ = write!(text, "\n{title}\n{}", table + &formula(name, columns));
    }
    if let Some(beside) = beside(metrics) {
        let _ = write!(text, "\nNeither open nor resolved, and never open\n{beside}");
        text += &wrapped(
            "counted in no time to fix and in no age; never open: a control stood when the threat was first raised\n",
            columns,
        );
    }
    let _ = write!(text, "\nBy week\n{}", weeks(metrics, columns) + &formula("weeks", columns));
    text
}

fn head(metrics: &Metrics, about: &About) -> String {
    let policy = match (&about.policy, about.has_sla) {
        (Some(file), true) => format!("days by {}", one_line(file)),
        (None, _) => "days by the built-in policy".to_owned(),
        (Some(file), false) => format!("{} gives no days", one_line(file)),
    };
    let days = count(about.days as usize, "day");
    let open = count(metrics.open(), "threat");
    let mut text =
        format!("{}: {} to {} ({days}); {open} open; {policy}\n", one_line(&about.name), metrics.from, metrics.to);
    if !metrics.undated.is_empty() {
        let named: Vec<String> = metrics.undated.iter().take(NAMED).map(|key| one_line(key.as_str())).collect();
        let more = metrics.undated.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let n = count(metrics.undated.len(), "threat");
        let _ = writeln!(
            text,
            "{n} in no figure, because the day of opening, or of the status, is missing or later: {}{more}",
            named.join(", ")
        );
    }
    text
}

pub(super) fn formula(name: &str, columns: Option<u16>) -> String {
    let found = FORMULAS.iter().chain(RUN_FORMULAS).find(|(of, _)| *of == name);
    found.map(|(_, text)| wrapped(&format!("= {text}\n"), columns)).unwrap_or_default()
}

pub(super) fn severity(severity: Option<Severity>) -> String {
    severity.map_or("unrated", Severity::name).to_owned()
}

/// Tenths of a day.
fn tenths(value: Option<i64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

fn whole(value: Option<i64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |days| days.to_string())
}

pub(super) fn rate(share: Share) -> String {
    share.per_mille().map_or_else(|| NONE.to_owned(), |n| format!("{}.{}%", n / 10, n % 10))
}

fn fixes(metrics: &Metrics) -> String {
    let row = |row: &Row| {
        let Spread { n, mean, median, p90, .. } = row.time_to_fix;
        vec![severity(row.severity), n.to_string(), tenths(mean), tenths(median), whole(p90)]
    };
    figures(&["severity", "n", "mean", "median", "p90"], &metrics.rows.iter().map(row).collect::<Vec<_>>())
}

fn ages(metrics: &Metrics) -> String {
    let row = |row: &Row| {
        let Spread { n, median, most, .. } = row.age;
        vec![severity(row.severity), n.to_string(), tenths(median), whole(most)]
    };
    figures(&["severity", "n", "median", "oldest"], &metrics.rows.iter().map(row).collect::<Vec<_>>())
}

fn shares(metrics: &Metrics, part: &str, of: fn(&Row) -> Share) -> String {
    let row = |row: &Row| {
        let share = of(row);
        vec![severity(row.severity), share.whole.to_string(), share.part.to_string(), rate(share)]
    };
    figures(&["severity", "n", part, "rate"], &metrics.rows.iter().map(row).collect::<Vec<_>>())
}

fn in_time(metrics: &Metrics) -> String {
    let row = |row: &Row| {
        let days = row.sla_days.map_or_else(|| NONE.to_owned(), |days| days.to_string());
        vec![severity(row.severity), days, row.sla.whole.to_string(), row.sla.part.to_string(), rate(row.sla)]
    };
    figures(&["severity", "days", "n", "in time", "rate"], &metrics.rows.iter().map(row).collect::<Vec<_>>())
}

/// What is in no figure; `None` where there is nothing.
fn beside(metrics: &Metrics) -> Option<String> {
    let of = |row: &Row, word: StatusWord| row.beside.get(&word).copied().unwrap_or_default();
    let words: Vec<StatusWord> =
        StatusWord::ALL.iter().copied().filter(|word| metrics.rows.iter().any(|row| of(row, *word) > 0)).collect();
    let never = metrics.rows.iter().any(|row| row.from_the_start > 0);
    if words.is_empty() && !never {
        return None;
    }
    let mut heading = vec!["severity"];
    heading.extend(words.iter().map(|word| word.title()));
    heading.extend(never.then_some("never open"));
    let row = |row: &Row| {
        let mut cells = vec![severity(row.severity)];
        cells.extend(words.iter().map(|word| of(row, *word).to_string()));
        cells.extend(never.then(|| row.from_the_start.to_string()));
        cells
    };
    Some(figures(&heading, &metrics.rows.iter().map(row).collect::<Vec<_>>()))
}

fn weeks(metrics: &Metrics, columns: Option<u16>) -> String {
    let severities: Vec<Option<Severity>> = match columns {
        Some(columns) if columns < WIDE => Vec::new(),
        _ => metrics.rows.iter().map(|row| row.severity).collect(),
    };
    let names: Vec<String> = severities.iter().map(|s| severity(*s)).collect();
    let mut heading = vec!["from", "opened", "resolved", "otherwise", "open"];
    heading.extend(names.iter().map(String::as_str));
    let is_empty = |week: &Week| week.total() == Moves::default();
    let empty = metrics.weeks.iter().take_while(|week| is_empty(week)).count().min(metrics.weeks.len() - 1);
    let passed = metrics.weeks.len().saturating_sub(WEEKS).max(empty);
    let shown = &metrics.weeks[passed..];
    let row = |week: &Week| {
        let Moves { opened, resolved, otherwise, open } = week.total();
        let mut cells = vec![week.from.to_string()];
        cells.extend([opened, resolved, otherwise, open].map(|n| n.to_string()));
        cells.extend(severities.iter().map(|s| week.by_severity.get(s).map_or(0, |moves| moves.open).to_string()));
        cells
    };
    let mut rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    // What is left of a line is for the bars.
    let taken = figures(&heading, &rows).lines().map(UnicodeWidthStr::width).max().unwrap_or_default();
    let room = columns.map_or(BAR.1, |columns| usize::from(columns).saturating_sub(taken + 2).min(BAR.1));
    if room >= BAR.0 {
        let most = shown.iter().map(|week| week.total().open).max().unwrap_or_default();
        for (cells, week) in rows.iter_mut().zip(shown) {
            // A bar is never longer than what it stands for, and something is never nothing.
            cells.push("#".repeat((week.total().open * room.min(most)).div_ceil(most.max(1))));
        }
    }
    let earlier = count(passed, "earlier week");
    let more = match passed {
        0 => String::new(),
        _ if passed == empty => format!("{earlier} without any\n"),
        _ => format!("{earlier} not shown; --format json has all of them\n"),
    };
    figures(&heading, &rows) + &more
}
