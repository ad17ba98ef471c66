//! `coverage`: what has been looked at, as a matrix or for one thing. What is so `analysis` knows; the formats for
//! others are `exchange`'s (`sconce/coverage/1`, see docs/json.md).

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::load;
use super::prose::wrapped;
use super::table::{count, cut_to};
use crate::analysis::{Area, Cell, CellState, Coverage, Detail, Reason, Row, Said, known};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::exchange;
use crate::model::{Id, SYSTEM, SubjectKind, ThreatModel};
use crate::workbench::Workbench;

/// Columns of one cell.
const CELL: usize = 6;
/// Columns of a table where no terminal says how many there are.
const USUAL: usize = 100;
/// Columns that names get at least, and at most.
const NAMES: (usize, usize) = (16, 56);

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let bench = load::open(context, parsed.path("FILE"))?;
    if let Some(id) = parsed.get("of") {
        return of(&bench, id, parsed.need("format"), context);
    }
    let model = bench.model();
    let coverage = Coverage::of(model, bench.knowledge(), bench.analysis(), bench.sitting().today);
    match parsed.need("format") {
        "json" => context.print(&exchange::coverage_json(&coverage, model))?,
        "markdown" => context.print(&exchange::coverage_markdown(&coverage, model))?,
        "csv" => context.print(&exchange::coverage_csv(&coverage, model))?,
        format => context.print(&matrix(&coverage, model, format == "ascii", context.columns))?,
    }
    Ok(Exit::Fine)
}

fn of(bench: &Workbench, text: &str, format: &str, context: &mut Context) -> Outcome {
    let model = bench.model();
    if matches!(format, "markdown" | "csv") {
        let message = format!("--of tells of one thing as text, ascii or json, not as {format}");
        return Err(Failure::new(Exit::Usage, message));
    }
    let id = meant(model, text)?;
    let detail = Detail::of(model, bench.knowledge(), bench.analysis(), bench.sitting().today, &id);
    let detail = detail.ok_or_else(|| unknown(model, text))?;
    if format == "json" {
        context.print(&exchange::coverage_of_json(&detail, model))?;
    } else {
        context.print(&wrapped(&page(&detail, model, format == "ascii"), context.columns))?;
    }
    Ok(Exit::Fine)
}

/// The thing of an id, or of a whole name that only one thing has.
pub(super) fn meant(model: &ThreatModel, text: &str) -> Result<Id, Failure> {
    if let Ok(id) = Id::new(text)
        && (model.thing(&id).is_some() || text == SYSTEM)
    {
        return Ok(id);
    }
    let named: Vec<&Id> =
        model.things().filter(|(_, t)| t.name().to_lowercase() == text.to_lowercase()).map(|(id, _)| id).collect();
    match named[..] {
        [one] => Ok(one.clone()),
        [] => Err(unknown(model, text)),
        _ => {
            let ids: Vec<&str> = named.iter().map(|id| id.as_str()).collect();
            let message = format!("--of {}: several are called so; use an id: {}", one_line(text), ids.join(", "));
            Err(Failure::new(Exit::Usage, message))
        }
    }
}

fn unknown(model: &ThreatModel, text: &str) -> Failure {
    let names = model.things().flat_map(|(id, thing)| [thing.name(), id.as_str()]);
    let help = known::meant(text, names).map_or_else(
        || "`sconce coverage --format csv` lists the ids".to_owned(),
        |best| format!("did you mean `{best}`?"),
    );
    Failure::new(Exit::Usage, format!("--of {}: nothing in the model has this id or name\n{help}", one_line(text)))
}

/// The matrix with totals and legend.
fn matrix(coverage: &Coverage, model: &ThreatModel, ascii: bool, columns: Option<u16>) -> String {
    if coverage.groups.is_empty() {
        return "nothing is drawn yet: no elements and no flows\n".to_owned();
    }
    let width = columns.map_or(USUAL, usize::from);
    let rows = || coverage.groups.iter().flat_map(|group| &group.rows);
    let longest = rows().map(|row| label(row, model, ascii).width() + INDENT.len() + 1).max().unwrap_or(0);
    let room = width.saturating_sub(KIND + CELL * coverage.letters.len()).clamp(NAMES.0, NAMES.1).min(longest);
    let marks: Vec<String> = coverage.letters.iter().map(|letter| letter.mark().to_string()).collect();
    let mut text = String::new();
    for group in &coverage.groups {
        line(&mut text, &padded(&place(group, model, ascii, room + KIND), room + KIND), &marks);
        for row in &group.rows {
            let name = format!("{INDENT}{}", padded(&label(row, model, ascii), room - INDENT.len()));
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.text(ascii)).collect();
            line(&mut text, &(name + &padded(kind(row.kind), KIND)), &cells);
        }
    }
    line(&mut text, &padded("settled", room + KIND), &settled(coverage));
    text.push('\n');
    text + &wrapped(&legend(coverage, ascii), columns)
}

/// How much of each column is settled: so many of so many, or in percent where numbers are too long for that.
fn settled(coverage: &Coverage) -> Vec<String> {
    let columns: Vec<(usize, usize)> = (0..coverage.letters.len()).map(|column| coverage.settled(column)).collect();
    let counted: Vec<String> = columns.iter().map(|(n, all)| format!("{n}/{all}")).collect();
    if counted.iter().all(|text| text.len() < CELL) {
        return counted;
    }
    columns
        .iter()
        .map(|(n, all)| (n * 100).checked_div(*all).map_or_else(String::new, |part| format!("{part}%")))
        .collect()
}

/// In front of a name.
const INDENT: &str = "  ";
/// Columns of the kind.
const KIND: usize = 8;

fn line(text: &mut String, name: &str, cells: &[String]) {
    let cells: String = cells.iter().map(|cell| padded(cell, CELL)).collect();
    text.push_str(format!("{name}{cells}").trim_end());
    text.push('\n');
}

/// A text in so many columns, the last of them blank.
fn padded(text: &str, columns: usize) -> String {
    let text = cut_to(text, columns - 1);
    let blank = columns - text.width();
    text + &" ".repeat(blank)
}

const fn kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::ExternalEntity => "entity",
        SubjectKind::Process => "process",
        SubjectKind::DataStore => "store",
        SubjectKind::Flow => "flow",
        SubjectKind::Boundary => "border",
        SubjectKind::Asset => "asset",
        SubjectKind::System => "system",
    }
}

/// The name of a thing; of a flow also where it goes.
fn label(row: &Row, model: &ThreatModel, ascii: bool) -> String {
    let name = one_line(model.name_of(&row.id));
    let end = |id: &Option<Id>| id.as_ref().map_or_else(|| "?".to_owned(), |id| one_line(model.name_of(id)));
    if row.kind == SubjectKind::Flow {
        let arrow = if ascii { "->" } else { "→" };
        return format!("{name}: {} {arrow} {}", end(&row.ends[0]), end(&row.ends[1]));
    }
    name
}

/// The boundaries that an area is inside; where they are too many, the inner ones, which tell it from others.
fn place(group: &Area, model: &ThreatModel, ascii: bool, columns: usize) -> String {
    let names: Vec<String> = group.inside.iter().map(|id| one_line(model.name_of(id))).collect();
    let others = group.rows.first().map_or("", |row| match row.kind {
        SubjectKind::Asset => "Assets",
        SubjectKind::System => "The system as a whole",
        _ if group.crossing => "Between boundaries",
        _ if model.boundaries.is_empty() => "No boundary is drawn",
        _ => "In no boundary",
    });
    let inside = if ascii { " > " } else { " › " };
    let shown = |from: usize| {
        let more = if from > 0 { format!("…{inside}") } else { String::new() };
        more + &names[from..].join(inside)
    };
    let all = (0..names.len()).map(shown);
    let last = names.len().checked_sub(1).map_or_else(|| others.to_owned(), shown);
    all.into_iter().find(|text| text.width() < columns).unwrap_or(last)
}

fn sign(state: CellState, ascii: bool) -> char {
    if ascii { state.ascii() } else { state.sign() }
}

/// The totals, then every sign that occurs, with how many cells have it and what it means.
fn legend(coverage: &Coverage, ascii: bool) -> String {
    let mut text = exchange::totals(coverage) + "\n";
    let letters: Vec<String> = coverage.letters.iter().map(|l| format!("{} {}", l.mark(), l.title())).collect();
    let _ = writeln!(text, "letters: {}", letters.join(", "));
    for state in CellState::ALL {
        let n = coverage.count(state);
        if n > 0 {
            let _ = writeln!(text, "{n:>5}  {} {:<8} {}", sign(state, ascii), state.word(), state.meaning());
        }
    }
    if coverage.outside > 0 {
        let threats = count(coverage.outside, "threat");
        let _ = writeln!(text, "{threats} in no cell: without a letter, or about something that is gone");
    }
    text + "`sconce coverage --of ID` tells why, for one thing\n"
}

/// One thing in full.
fn page(detail: &Detail, model: &ThreatModel, ascii: bool) -> String {
    let mut text = format!("{} ({} {})\n", one_line(model.name_of(&detail.id)), detail.kind.title(), detail.id);
    let is_asked = |cell: &Cell, said: &[Said]| cell.reason != Some(Reason::Chart) || !said.is_empty();
    for (letter, cell, said) in detail.letters.iter().filter(|(_, cell, said)| is_asked(cell, said)) {
        let words = one_line(&cell.words());
        let _ = writeln!(text, "\n{}  {}: {} {words}", letter.mark(), letter.title(), sign(cell.state, ascii));
        for said in said {
            let _ = writeln!(text, "   {} {}", sign(said.state, ascii), sentence(said));
        }
    }
    let other = detail.letters.iter().filter(|(_, cell, said)| !is_asked(cell, said));
    let other: Vec<String> = other.map(|(letter, ..)| letter.mark().to_string()).collect();
    if !other.is_empty() {
        let letters = other.join(", ");
        let _ = writeln!(text, "\n{letters}: STRIDE per element does not ask this of {}", one_of(detail.kind));
    }
    text
}

/// A kind in a sentence.
fn one_of(kind: SubjectKind) -> String {
    let article = match kind {
        SubjectKind::System => "the",
        SubjectKind::ExternalEntity | SubjectKind::Asset => "an",
        _ => "a",
    };
    format!("{article} {}", kind.title())
}

fn sentence(said: &Said) -> String {
    let by = said.by.join(", ");
    match (said.by.len(), one_line(&said.text)) {
        (0, text) => text,
        (1, text) => format!("{by}: {text}"),
        (n, text) => format!("{n} rules {text} ({by})"),
    }
}
