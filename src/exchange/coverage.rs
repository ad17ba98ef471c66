//! What has been looked at, for other programs and for people without this one: JSON, Markdown and CSV.

use super::threats::{cell, escape, inert_json};
use crate::analysis::{Cell, CellState, Coverage, Detail, Letter, Row};
use crate::model::{Id, Severity, ThreatModel};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The matrix as JSON (`sconce/coverage/1`, see docs/json.md).
pub fn coverage_json(coverage: &Coverage, model: &ThreatModel) -> String {
    let row = |inside: &[Id], row: &Row| {
        json!({
            "id": row.id.as_str(),
            "name": model.name_of(&row.id),
            "kind": row.kind.title(),
            "inside": inside.iter().map(Id::as_str).collect::<Vec<_>>(),
            "cells": coverage.letters.iter().zip(&row.cells).map(|(l, c)| cell_json(*l, c)).collect::<Vec<_>>(),
        })
    };
    let rows = coverage.groups.iter().flat_map(|group| group.rows.iter().map(|r| row(&group.inside, r)));
    let rows: Vec<Value> = rows.collect();
    let (settled, cells) = coverage.settled_of_all();
    let mut totals = json!({ "cells": cells, "settled": settled });
    for state in CellState::ALL {
        totals[state.name()] = coverage.count(state).into();
    }
    text(&json!({
        "schema": "sconce/coverage/1",
        "system": model.system.name,
        "letters": coverage.letters.iter().map(|l| l.mark().to_string()).collect::<Vec<_>>(),
        "totals": totals,
        "outside": coverage.outside,
        "rows": rows,
    }))
}

fn text(value: &Value) -> String {
    inert_json(&format!("{value:#}\n"))
}

fn cell_json(letter: Letter, cell: &Cell) -> Value {
    json!({
        "letter": letter.mark().to_string(),
        "state": cell.state.name(),
        "threats": cell.open + cell.closed,
        "unsettled": cell.open,
        "worst": cell.worst.map(Severity::name),
        "missing": cell.waiting,
        "reason": cell.reason.as_ref().map(ToString::to_string),
    })
}

/// One thing as JSON (`sconce/coverage/1` too).
pub fn coverage_of_json(detail: &Detail, model: &ThreatModel) -> String {
    let letters = detail.letters.iter().map(|(letter, cell, said)| {
        let mut value = cell_json(*letter, cell);
        let said = said.iter().map(|s| json!({ "state": s.state.name(), "by": s.by, "text": s.text }));
        value["said"] = said.collect();
        value
    });
    text(&json!({
        "schema": "sconce/coverage/1",
        "id": detail.id.as_str(),
        "name": model.name_of(&detail.id),
        "kind": detail.kind.title(),
        "cells": letters.collect::<Vec<_>>(),
    }))
}

/// The matrix as GitHub-flavoured Markdown: totals, one table, and what the signs mean.
pub fn coverage_markdown(coverage: &Coverage, model: &ThreatModel) -> String {
    let name = if model.system.name.is_empty() { "the system".to_owned() } else { escape(&model.system.name) };
    let mut out = format!("## Coverage of {name}\n\n**{}**.\n\n| Where | What | Kind |", totals(coverage));
    let marks: Vec<String> = coverage.letters.iter().map(|letter| letter.mark().to_string()).collect();
    let _ = writeln!(out, " {} |\n|---|---|---|{}", marks.join(" | "), "---|".repeat(marks.len()));
    for group in &coverage.groups {
        let inside: Vec<String> = group.inside.iter().map(|id| escape(model.name_of(id))).collect();
        for row in &group.rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.text(false)).collect();
            let (what, kind) = (escape(model.name_of(&row.id)), row.kind.title());
            let _ = writeln!(out, "| {} | {what} | {kind} | {} |", inside.join(" › "), cells.join(" | "));
        }
    }
    out.push('\n');
    for state in CellState::ALL {
        let n = coverage.count(state);
        let _ = writeln!(out, "- `{}` {n} {}: {}", state.sign(), state.word(), state.meaning());
    }
    out
}

/// One sentence about all cells, such as "61 of 84 cells are settled: 20 closed and 41 clear".
pub fn totals(coverage: &Coverage) -> String {
    let (settled, all) = coverage.settled_of_all();
    let (closed, clear) = (coverage.count(CellState::Closed), coverage.count(CellState::Clear));
    format!("{settled} of {all} cells are settled: {closed} closed and {clear} clear")
}

/// The matrix as CSV: `id`, `name`, `kind`, `inside` (ids, from the outside in), then a column for each letter, with the
/// state in words.
pub fn coverage_csv(coverage: &Coverage, model: &ThreatModel) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let heading = ["id", "name", "kind", "inside"].map(str::to_owned).into_iter();
    // Writing to memory cannot fail, and all records have as many cells as there are columns.
    let _ = writer.write_record(heading.chain(coverage.letters.iter().map(|letter| letter.title().to_owned())));
    for group in &coverage.groups {
        let inside = group.inside.iter().map(Id::as_str).collect::<Vec<_>>().join(" ");
        for row in &group.rows {
            let head = [row.id.as_str(), model.name_of(&row.id), row.kind.title(), &inside].map(cell).into_iter();
            let _ = writer.write_record(head.chain(row.cells.iter().map(|c| cell(&c.words()))));
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
