//! One threat at length: what is known about it, why it is raised, what closes it, what happened. Paragraphs only;
//! drawing and wrapping is `view`'s work.

use super::state::State;
use super::theme::severity_mark;
use crate::analysis::{Explanation, Line, State as Standing, ThreatRow, explain_threat};
use crate::model::Id;
use crate::tui::name::{called, way};

/// The paragraphs about a threat. A line that begins with two spaces belongs to the heading before it.
pub(crate) fn lines(state: &State, row: &ThreatRow) -> Vec<String> {
    let model = state.bench.model();
    let mut lines = vec![
        format!("{}  {}", row.id, row.key),
        format!("About     {}", subject(state, row)),
        format!("STRIDE    {}", row.categories()),
        format!("Severity  {}{}", severity_mark(row.severity).trim_end(), risk(state, row)),
        format!("Status    {}", status(state, row)),
    ];
    lines.extend(row.by_team.iter().map(|by| format!("Team      {}", by.sentence())));
    let record = &row.record;
    lines.extend(record.owner.iter().map(|o| format!("Owner     {o}")));
    lines.extend(record.due.iter().map(|d| format!("Due       {d}{}", overdue(state, row))));
    lines.extend(record.description.iter().map(|d| format!("About it  {d}")));
    lines.extend(record.notes.iter().map(|n| format!("Notes     {n}")));
    let sitting = state.bench.sitting();
    match explain_threat(model, state.bench.knowledge(), &row.key, sitting.today) {
        Some(why) => lines.extend(explained(&why)),
        None if !row.fixes.is_empty() => lines.extend(heading("What closes it", row.fixes.iter().cloned())),
        None => {}
    }
    if !record.history.is_empty() {
        lines.extend(heading(
            "What happened",
            record.history.iter().map(|h| format!("{} {} ({})", h.on, h.event, h.by)),
        ));
    }
    lines
}

/// A heading with what stands under it, one step in.
fn heading(text: &str, under: impl Iterator<Item = String>) -> Vec<String> {
    let mut under = under.filter(|line| !line.is_empty()).map(|line| format!("  {line}")).peekable();
    // A heading with nothing under it says nothing.
    if under.peek().is_none() { Vec::new() } else { std::iter::once(text.to_owned()).chain(under).collect() }
}

/// Why a rule raises it, what to do, and where to read on.
fn explained(why: &Explanation) -> Vec<String> {
    let mut lines = heading("Why", std::iter::once(why.why.clone()));
    let work = why.planned.iter().map(|work| format!("planned: {work}"));
    lines.extend(heading("What to do", std::iter::once(why.fix.clone()).chain(work)));
    lines.extend(why.mitigations.iter().map(|(id, title)| format!("  · {title} ({id})")));
    let mut because = Vec::new();
    for line in &why.because {
        conditions(line, 0, &mut because);
    }
    lines.extend(heading("Because", because.into_iter()));
    if !why.path.is_empty() {
        lines.push(format!("  path: {}", why.path.join(" → ")));
    }
    lines.extend(heading("How bad", why.rating().into_iter().chain([format!("score {}", why.row.score.sum())])));
    lines.extend(heading("How to check", std::iter::once(why.verify.clone())));
    if !why.false_positives.is_empty() {
        lines.extend(heading("When it may be wrong", std::iter::once(why.false_positives.clone())));
    }
    lines.extend(heading("References", why.references.iter().cloned()));
    lines
}

/// A tree of conditions as lines, each with the facts it read.
fn conditions(line: &Line, depth: usize, out: &mut Vec<String>) {
    let facts = if line.facts.is_empty() { String::new() } else { format!("   [{}]", line.facts.join("; ")) };
    out.push(format!("{}{} {}{facts}", "· ".repeat(depth), line.mark, line.text));
    for part in &line.parts {
        conditions(part, depth + 1, out);
    }
}

fn subject(state: &State, row: &ThreatRow) -> String {
    let model = state.bench.model();
    let name = |id: &Id| called(model, id).into_owned();
    match (&row.target, model.flows.get(&row.subject)) {
        (Some(target), _) => format!("{} → {}", name(&row.subject), name(target)),
        (None, Some(flow)) if !flow.name.is_empty() => format!("{} ({})", flow.name, way(model, flow)),
        _ => name(&row.subject),
    }
}

/// The severity without any control, how sure it is, and the rubric's words for what makes it now.
fn risk(state: &State, row: &ThreatRow) -> String {
    let rubric = state.bench.knowledge().rubric.of(state.bench.model().system.rubric.as_deref());
    let sure = row.confidence.word();
    let inherent = row.inherent.map(|worst| format!(", inherent {worst} ({sure})")).unwrap_or_default();
    let rated = row.risk.map(|(likelihood, impact)| {
        let [likely, harm] = rubric.labels(likelihood, impact);
        format!("{inherent}, {likely} ({likelihood}) × {harm} ({impact})")
    });
    let mut text = rated.unwrap_or_default();
    if let Some(by) = &row.record.overridden {
        text = format!("{text}, overridden (computed {}): {}", row.computed.map_or("none", |s| s.name()), by.reason);
    }
    text
}

fn status(state: &State, row: &ThreatRow) -> String {
    let mut text = row.status.word().title().to_owned();
    if let Some(reason) = row.status.reason() {
        text = format!("{text}: {reason}");
    }
    if let Some(until) = row.status.expires() {
        text = format!("{text}, until {until}");
    }
    match &row.state {
        Standing::New => text.push_str(" · new"),
        Standing::Reopened => text.push_str(" · reopened"),
        Standing::Gone => text.push_str(" · no longer raised"),
        Standing::Orphan { suggestion } => {
            text.push_str(" · its subject is gone");
            if let Some(key) = suggestion {
                text = format!("{text}; perhaps it belongs to {}", called(state.bench.model(), &key.subject()));
            }
        }
        Standing::Known => {}
    }
    if row.stale {
        text.push_str(" · stale: the facts behind the decision have changed");
    }
    if row.expired {
        let until = row.record.status.expires().map(|day| format!(" until {day}")).unwrap_or_default();
        text = format!("{text} · expired: it was {}{until}", row.record.status.word().title());
    }
    text
}

fn overdue(state: &State, row: &ThreatRow) -> &'static str {
    if row.is_overdue(state.bench.sitting().today) { " (overdue)" } else { "" }
}
