//! `threats`: the list, filtered, as a table or JSON (`sconce/threats/1`, see docs/json.md).

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::load;
use super::prose::wrapped;
use super::table::{count, cut, fitted, table};
use crate::analysis::{FILTER_HELP, Filter, FilterError, ThreatRow};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};
use crate::exchange;
use crate::model::StatusWord;
use crate::rules::team::Silenced;
use crate::workbench::Workbench;

/// Behind the severity of a threat of which the team changed the rule.
const MARK: &str = "*";
/// Rules named that say less because of the team.
const MOST_SILENCED: usize = 5;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    if parsed.get("filter") == Some("help") {
        let rows: Vec<Vec<String>> =
            FILTER_HELP.iter().map(|(word, meaning)| vec![(*word).to_owned(), (*meaning).to_owned()]).collect();
        context.print(&table(&["WORD", "PICKS THREATS THAT"], &rows))?;
        return Ok(Exit::Fine);
    }
    let filter = filter(parsed)?;
    let bench = load::open(context, parsed.path("FILE"))?;
    let rows = matching(context, &bench, filter.as_ref());
    if parsed.need("format") == "json" {
        context.print(&exchange::threats_json(&rows, bench.model(), bench.knowledge()))?;
        return Ok(Exit::Fine);
    }
    let lines: Vec<Vec<String>> = rows.iter().map(|r| line(r, &bench)).collect();
    let open = rows.iter().filter(|r| r.is_open()).count();
    let mut text = String::new();
    if !lines.is_empty() {
        let heading = ["ID", "SEVERITY", "STATUS", "STRIDE", "SUBJECT", "THREAT", "OWNER", "DUE"];
        text = fitted(&heading, lines, 5, context.columns);
        text.push('\n');
    }
    text.push_str(&wrapped(&by_team(&rows), context.columns));
    if rows.is_empty() && filter.is_some() {
        // What is to be said about it has been said.
        return Ok(Exit::Fine);
    }
    let _ = write!(text, "{}, {open} open", count(rows.len(), "threat"));
    let questions = bench.analysis().questions.len();
    if questions > 0 {
        let _ = write!(text, "; {} would decide more (`sconce questions`)", count(questions, "question"));
    }
    text.push('\n');
    if filter.is_none() {
        text.push_str(&wrapped(&silenced(&bench), context.columns));
    }
    context.print(&text)?;
    Ok(Exit::Fine)
}

/// What the marked severities mean: the overrides behind them, each once, with the reason.
fn by_team(rows: &[ThreatRow]) -> String {
    let mut notes: Vec<String> = Vec::new();
    for row in rows {
        let Some(effect) = &row.by_team else { continue };
        let note = format!("{MARK} {}: {}\n", row.key.rule(), one_line(&effect.sentence()));
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    if !notes.is_empty() {
        notes.push("\n".to_owned());
    }
    notes.concat()
}

/// The rules that say less because of the team.
fn silenced(bench: &Workbench) -> String {
    let all = bench.knowledge().silenced(bench.model().system.packs.as_deref());
    let (off, partly): (Vec<Silenced<'_>>, Vec<Silenced<'_>>) = all.partition(|silenced| silenced.is_off);
    let tell = |rules: &[Silenced<'_>], what: &str| {
        let Some(first) = rules.first() else { return String::new() };
        let names: Vec<&str> = rules.iter().take(MOST_SILENCED).map(|silenced| silenced.rule).collect();
        let more = rules.len().saturating_sub(MOST_SILENCED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (n, file) = (count(rules.len(), "rule"), one_line(&first.by.file));
        format!("{n} {what} by {file}: {}{more} (`sconce explain RULE` says why)\n", names.join(", "))
    };
    tell(&off, "switched off") + &tell(&partly, "silent under a condition")
}

/// The filter of the command line.
pub(super) fn filter(parsed: &Parsed) -> Result<Option<Filter>, Failure> {
    let Some(text) = parsed.get("filter") else { return Ok(None) };
    let refused = |error: FilterError| {
        let before: String = text.chars().take(error.column.saturating_sub(1)).collect();
        let caret = format!("{}^", " ".repeat(UnicodeWidthStr::width(inert(&before).as_str())));
        let help = "`sconce threats --filter help` lists the words";
        let FilterError { message, help: way_out, .. } = error;
        Failure::new(Exit::Usage, format!("--filter: {message}\n  {}\n  {caret}\n{way_out}\n{help}", inert(text)))
    };
    Filter::parse(text).map(Some).map_err(refused)
}

/// Rows that match; without a filter all that are not gone. Where a filter leaves none, it is said why.
pub(super) fn matching(context: &mut Context, bench: &Workbench, filter: Option<&Filter>) -> Vec<ThreatRow> {
    let (all, today) = (&bench.analysis().threats, bench.sitting().today);
    let Some(filter) = filter else {
        return all.iter().filter(|r| r.status.word() != StatusWord::Gone).cloned().collect();
    };
    let filter = filter.clone().naming(bench.model());
    let rows = filter.apply(all, today);
    if rows.is_empty() {
        context.say(&format!("the filter hides {}", all_of(all.len())));
    }
    for why in filter.why_nothing(all, today) {
        context.say(&format!("  {}", one_line(&why)));
    }
    rows.into_iter().cloned().collect()
}

fn all_of(threats: usize) -> String {
    match threats {
        0 => "nothing: the model has no threats".to_owned(),
        1 => "the only threat".to_owned(),
        n => format!("all {n} threats"),
    }
}

fn line(row: &ThreatRow, bench: &Workbench) -> Vec<String> {
    let mark = if row.by_team.is_some() { MARK } else { "" };
    let severity = format!("{}{mark}", row.severity.map_or("unrated", |s| s.name()));
    let stride = row.letters();
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
    vec![row.id.clone(), severity, status, stride, cut(&subject), cut(&row.title), owner, due]
}
