//! Threats as comma-separated values (RFC 4180) for spreadsheets. A spreadsheet runs what looks like a formula, so no
//! cell looks like one. It does not choose rows and has no second layout.

use crate::analysis::ThreatRow;
use crate::diagnostic::inert::inert;
use crate::model::ThreatModel;

/// A column: its heading and what stands in it.
type Column = (&'static str, fn(&ThreatRow, &ThreatModel) -> String);

/// The columns in order. New ones are only added at the end.
const COLUMNS: &[Column] = &[
    ("id", |r, _| r.id.clone()),
    ("severity", |r, _| r.severity.map_or_else(String::new, |s| s.to_string())),
    ("title", |r, _| r.title.clone()),
    ("subject", |r, m| m.name_of(&r.subject).to_owned()),
    ("target", |r, m| r.target.as_ref().map_or_else(String::new, |t| m.name_of(t).to_owned())),
    ("stride", |r, _| r.stride.iter().map(|s| s.letter()).collect()),
    ("status", |r, _| r.status.word().to_string()),
    ("reason", |r, _| r.status.reason().unwrap_or_default().to_owned()),
    ("expires", |r, _| r.status.expires().map_or_else(String::new, |d| d.to_string())),
    ("owner", |r, _| r.record.owner.clone().unwrap_or_default()),
    ("due", |r, _| r.record.due.map_or_else(String::new, |d| d.to_string())),
    ("opened", |r, _| r.record.opened.map_or_else(String::new, |d| d.to_string())),
    ("mitigations", |r, m| titles(r, m)),
    ("state", |r, _| r.state.word().to_owned()),
    ("stale", |r, _| if r.stale { "yes" } else { "no" }.to_owned()),
    ("computed_severity", |r, _| r.computed.map_or_else(String::new, |s| s.to_string())),
    ("category", |r, _| r.record.category.clone().unwrap_or_default()),
    ("description", |r, _| r.record.description.clone().unwrap_or_default()),
    ("notes", |r, _| r.record.notes.clone().unwrap_or_default()),
    ("key", |r, _| r.key.to_string()),
    ("linddun", |r, _| r.linddun.iter().map(|l| l.mark()).collect::<Vec<_>>().join(" ")),
    ("inherent_severity", |r, _| r.inherent.map_or_else(String::new, |s| s.to_string())),
    ("confidence", |r, _| r.confidence.word().to_owned()),
    ("score", |r, _| r.score.total().to_string()),
];

/// The threats as CSV: one heading row, then one row each, lines ended by CR LF. Columns: `id`, `severity`, `title`,
/// `subject` and `target` (names), `stride` (letters), `status`, `reason`, `expires`, `owner`, `due`, `opened` (dates
/// as YYYY-MM-DD), `mitigations` (titles, separated by `; `), `state` (new, known, reopened, gone, orphan), `stale`
/// (yes, no), `computed_severity`, `category`, `description`, `notes`, `key`, `linddun` (marks such as `Dd`),
/// `inherent_severity` (without any control), `confidence` (stated, inherited, assumed), `score` (the higher the more
/// pressing).
/// What is not known is empty.
pub fn threats_csv(rows: &[ThreatRow], model: &ThreatModel) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and all records have as many cells as there are columns.
    let _ = writer.write_record(COLUMNS.iter().map(|(heading, _)| heading));
    for row in rows {
        let _ = writer.write_record(COLUMNS.iter().map(|(_, value)| cell(&value(row, model))));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn titles(row: &ThreatRow, model: &ThreatModel) -> String {
    let title = |id| model.mitigations.get(id).map_or_else(|| format!("{id}"), |m| m.title.clone());
    row.record.mitigations.iter().map(title).collect::<Vec<_>>().join("; ")
}

/// A text that no spreadsheet takes for a formula and no terminal for a command: an apostrophe goes before a leading
/// `= + - @`, their full-width forms, tab, CR or LF (OWASP, "CSV Injection"); control characters but line feeds are
/// shown as escapes.
pub(in crate::exchange) fn cell(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let risky = |c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let mut out = String::with_capacity(text.len() + 1);
    if text.trim_start_matches(is_space_or_hidden).starts_with(risky) || text.starts_with(risky) {
        out.push('\'');
    }
    let lines: Vec<String> = text.split('\n').map(inert).collect();
    out + &lines.join("\n")
}

/// What some programs skip before they look for a formula.
fn is_space_or_hidden(c: char) -> bool {
    c == ' ' || c == '\u{a0}'
}
