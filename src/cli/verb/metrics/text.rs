//! The figures for people: a table for each kind with its formula below it, and the weeks with a bar for what was open.
//! In a narrow terminal the weeks lose the bar, then the severities; no number is cut.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::About;
use crate::cli::verb::prose::wrapped;
use crate::cli::verb::table::{count, figures};
use crate::diagnostic::inert::one_line;
use crate::model::{Severity, StatusWord};
use crate::review::metrics::tables::{self, Table, by_severity, severity};
use crate::review::metrics::{Metrics, Moves, Row, Week};

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
    for table in by_severity(metrics) {
        let _ =
            write!(text, "\n{}\n{}", table.title, table.text() + &wrapped(&format!("= {}\n", table.formula), columns));
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
    wrapped(&format!("= {}\n", tables::formula(name)), columns)
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
    let is_empty = |week: &Week| week.total() == Moves::default();
    let empty = metrics.weeks.iter().take_while(|week| is_empty(week)).count().min(metrics.weeks.len() - 1);
    let passed = metrics.weeks.len().saturating_sub(WEEKS).max(empty);
    let shown = &metrics.weeks[passed..];
    let Table { heading, mut rows, .. } = tables::weekly(shown, &severities);
    let heading: Vec<&str> = heading.iter().map(String::as_str).collect();
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
