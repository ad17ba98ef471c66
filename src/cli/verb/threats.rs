//! `threats`: the list, filtered, as a table or JSON (`sconce/threats/1`, see docs/json.md).

use std::fmt::Write as _;

use super::load;
use super::table::{count, table};
use crate::analysis::{FILTER_HELP, Filter, ThreatRow};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};
use crate::exchange;
use crate::model::{StatusWord, Stride};
use crate::workbench::Workbench;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    if parsed.get("filter") == Some("help") {
        let rows: Vec<Vec<String>> =
            FILTER_HELP.iter().map(|(word, meaning)| vec![(*word).to_owned(), (*meaning).to_owned()]).collect();
        context.print(&table(&["WORD", "PICKS THREATS THAT"], &rows))?;
        return Ok(Exit::Fine);
    }
    let filter = filter(parsed)?;
    let bench = load::open(context, parsed.path("FILE"))?;
    let rows = matching(&bench, filter.as_ref());
    if parsed.need("format") == "json" {
        context.print(&exchange::threats_json(&rows, bench.model()))?;
        return Ok(Exit::Fine);
    }
    let lines: Vec<Vec<String>> = rows.iter().map(|r| line(r, &bench)).collect();
    let open = rows.iter().filter(|r| r.is_open()).count();
    let mut text = String::new();
    if !lines.is_empty() {
        text = table(&["ID", "SEVERITY", "STATUS", "STRIDE", "SUBJECT", "THREAT", "OWNER", "DUE"], &lines);
        text.push('\n');
    }
    let all = bench.analysis().threats.len();
    if let (true, Some(words), 1..) = (rows.is_empty(), parsed.get("filter"), all) {
        let words = one_line(words);
        let message = format!("none of {} matches `{words}` (`--filter help` lists the words)\n", count(all, "threat"));
        context.print(&message)?;
        return Ok(Exit::Fine);
    }
    let _ = write!(text, "{}, {open} open", count(rows.len(), "threat"));
    let questions = bench.analysis().questions.len();
    if questions > 0 {
        let _ = write!(text, "; {} would decide more (`sconce questions`)", count(questions, "question"));
    }
    context.print(&(text + "\n"))?;
    Ok(Exit::Fine)
}

/// The filter of the command line.
pub(super) fn filter(parsed: &Parsed) -> Result<Option<Filter>, Failure> {
    let Some(text) = parsed.get("filter") else { return Ok(None) };
    Filter::parse(text).map(Some).map_err(|e| Failure::new(Exit::Usage, inert_lines(&e.to_string())))
}

fn inert_lines(text: &str) -> String {
    text.lines().map(inert).collect::<Vec<_>>().join("\n")
}

/// Rows that match; without a filter all that are not gone.
pub(super) fn matching(bench: &Workbench, filter: Option<&Filter>) -> Vec<ThreatRow> {
    let rows = &bench.analysis().threats;
    let mut rows: Vec<&ThreatRow> = match filter {
        Some(filter) => filter.apply(rows, bench.sitting().today),
        None => rows.iter().collect(),
    };
    if filter.is_none() {
        rows.retain(|r| r.status.word() != StatusWord::Gone);
    }
    rows.into_iter().cloned().collect()
}

fn line(row: &ThreatRow, bench: &Workbench) -> Vec<String> {
    let severity = row.severity.map_or("unrated", |s| s.name());
    let stride: String = row.stride.iter().copied().map(Stride::letter).collect();
    let mut status = row.status.word().title().to_owned();
    if row.expired {
        status.push_str(", expired");
    }
    if row.stale {
        status.push_str(", stale");
    }
    if row.is_overdue(bench.sitting().today) {
        status.push_str(", overdue");
    }
    let mut subject = bench.model().name_of(&row.subject).to_owned();
    if let Some(target) = &row.target {
        subject = format!("{subject} → {}", bench.model().name_of(target));
    }
    let due = row.record.due.map(|d| d.to_string()).unwrap_or_default();
    let owner = row.record.owner.clone().unwrap_or_default();
    vec![row.id.clone(), severity.to_owned(), status, stride, subject, row.title.clone(), owner, due]
}
