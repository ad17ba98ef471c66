//! Threats as Markdown for a pull request or a wiki: one table per severity. Text from the model is shown as it is
//! written and does nothing: no markup, no mention, no link, no reference to an item of a tracker.

use std::fmt::Write as _;

use crate::analysis::ThreatRow;
use crate::diagnostic::inert::one_line;
use crate::model::{Mitigation, Severity, StatusWord, ThreatModel};

/// The threats as GitHub-flavoured Markdown: a line of totals, then the worst severity first. Within a severity open
/// threats come first, then by id. Where work is planned for any of them there is a column for it.
pub fn threats_markdown(rows: &[ThreatRow], model: &ThreatModel) -> String {
    let name = if model.system.name.is_empty() { "the system".to_owned() } else { escape(&model.system.name) };
    let mut out = format!("## Threats to {name}\n\n{}\n", totals(rows));
    let groups = Severity::ALL.iter().rev().copied().map(Some).chain([None]);
    let planned = rows.iter().any(|row| !row.record.mitigations.is_empty());
    for severity in groups {
        let mut group: Vec<&ThreatRow> = rows.iter().filter(|r| r.severity == severity).collect();
        group.sort_by(|a, b| (a.status.word(), &a.key).cmp(&(b.status.word(), &b.key)));
        if !group.is_empty() {
            table(&mut out, severity, &group, model, planned);
        }
    }
    out
}

fn totals(rows: &[ThreatRow]) -> String {
    if rows.is_empty() {
        return "No threats.".to_owned();
    }
    let count = |word: StatusWord| rows.iter().filter(|r| r.status.word() == word).count();
    let words = StatusWord::ALL.iter().map(|w| (count(*w), w.title())).filter(|(n, _)| *n > 0);
    let parts: Vec<String> = words.map(|(n, title)| format!("{n} {title}")).collect();
    let threats = if rows.len() == 1 { "threat" } else { "threats" };
    format!("**{} {threats}**: {}.", rows.len(), parts.join(", "))
}

fn table(out: &mut String, severity: Option<Severity>, group: &[&ThreatRow], model: &ThreatModel, planned: bool) {
    let heading = severity.map_or("Not rated", Severity::name);
    let _ = writeln!(out, "\n### {heading} ({})\n", group.len());
    let more = if planned { [" Planned |", "---|"] } else { ["", ""] };
    let _ = writeln!(out, "| Id | Threat | Where | STRIDE | Status | Owner | Due |{}", more[0]);
    let _ = writeln!(out, "|---|---|---|---|---|---|---|{}", more[1]);
    for row in group {
        let place = match &row.target {
            Some(target) => format!("{} → {}", escape(model.name_of(&row.subject)), escape(model.name_of(target))),
            None => escape(model.name_of(&row.subject)),
        };
        let letters = row.letters();
        let owner = row.record.owner.as_deref().map_or_else(String::new, escape);
        let due = row.record.due.map_or_else(String::new, |d| d.to_string());
        let id = format!("`{}`", row.id.replace('`', ""));
        let mut cells = vec![id, escape(&row.title), place, letters, status(row), owner, due];
        cells.extend(planned.then(|| work(row, model)));
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

/// The work that is planned against it: what, how far, by whom and until when.
fn work(row: &ThreatRow, model: &ThreatModel) -> String {
    let found = row.record.mitigations.iter().filter_map(|id| model.mitigations.get(id));
    let tell = |work: &Mitigation| {
        let by = work.owner.iter().map(|who| format!(", {}", escape(who)));
        let until = work.due.iter().map(|due| format!(", until {due}"));
        let status = work.status.title();
        format!("{} ({status}{})", escape(&work.title), by.chain(until).collect::<String>())
    };
    found.map(tell).collect::<Vec<_>>().join("; ")
}

/// The status with what a reviewer wants to know about it.
fn status(row: &ThreatRow) -> String {
    let mut text = row.status.word().title().to_owned();
    if let Some(reason) = row.status.reason() {
        let _ = write!(text, ": {}", escape(reason));
    }
    if let Some(until) = row.status.expires() {
        let _ = write!(text, " (until {until})");
    }
    if row.stale {
        text.push_str(", **stale**: its facts have changed");
    }
    if row.expired {
        text.push_str(", **run out**");
    }
    text
}

/// Text that Markdown shows as it is. Backslashes keep markup from working. A zero-width space, written as an entity
/// so that the source shows it, comes after `@` and `#`, which GitHub would else read as a mention or a reference, and
/// into `://` and `www.`, which it would turn into links.
pub(crate) fn escape(text: &str) -> String {
    const HIDDEN: &str = "&#8203;";
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        match c {
            '@' | '#' => {
                out.push_str(if c == '#' { "\\#" } else { "@" });
                out.push_str(HIDDEN);
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            ':' if rest.starts_with("://") => {
                out.push_str("&#58;");
                out.push_str(HIDDEN);
            }
            '.' if out.len() >= 3 && out.as_bytes()[out.len() - 3..].eq_ignore_ascii_case(b"www") => {
                out.push_str("&#46;");
                out.push_str(HIDDEN);
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}
