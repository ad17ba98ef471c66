//! `import`: another tool's file as a model of ours, and the list of what could not be carried.
//! JSON shape of the report: `sconce/import/1`, see docs/json.md.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::load;
use super::table::count;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};
use crate::exchange::{Imported, grouped, threat_dragon};
use crate::file::{Document, disk};

/// Places shown of each sort of loss.
const MOST: usize = 5;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let input = parsed.path("INPUT").unwrap_or_default();
    let opened = disk::open(&input).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    let imported = threat_dragon::import(&opened.text).map_err(|diagnostics| {
        load::show(context, &diagnostics, &input, &opened.text);
        Failure::new(Exit::Usage, format!("{}: nothing was imported", input.display()))
    })?;
    let text = Document::new(imported.model.clone()).text();
    let output = parsed.path("OUTPUT").unwrap_or_else(|| beside(&input));
    if output == Path::new("-") {
        context.say(&report(&imported));
        context.print(&text)?;
        return Ok(Exit::Fine);
    }
    Context::new_model_name(&output)?;
    disk::create(&output, &text).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    let shown = one_line(&output.to_string_lossy());
    if parsed.need("format") == "json" {
        let lost: Vec<_> =
            imported.losses.iter().map(|l| json!({ "at": l.where_, "what": l.what, "value": l.value })).collect();
        let value = json!({
            "schema": "sconce/import/1",
            "file": shown,
            "elements": imported.model.elements.len(),
            "flows": imported.model.flows.len(),
            "boundaries": imported.model.boundaries.len(),
            "threats": imported.model.threats.len(),
            "notes": imported.notes,
            "not_carried": lost,
        });
        context.print_json(&value)?;
    } else {
        context.print(&format!("{}wrote {shown}\nopen it with `sconce {shown}`\n", report(&imported)))?;
    }
    Ok(Exit::Fine)
}

/// The input's name with our ending, in the working directory.
fn beside(input: &Path) -> PathBuf {
    let stem = input.file_stem().map_or_else(|| "model".into(), |s| s.to_string_lossy().into_owned());
    PathBuf::from(format!("{stem}.tm.ron"))
}

fn report(imported: &Imported) -> String {
    let model = &imported.model;
    let sizes = [
        count(model.elements.len(), "element"),
        count(model.flows.len(), "flow"),
        count(model.boundaries.len(), "boundary"),
        count(model.threats.len(), "threat"),
        count(model.mitigations.len(), "mitigation"),
    ];
    let mut text = format!("imported {}\n", sizes.join(", "));
    for note in &imported.notes {
        let _ = writeln!(text, "note: {}", one_line(note));
    }
    if !imported.losses.is_empty() {
        let _ = writeln!(text, "not carried ({}):", imported.losses.len());
    }
    for (what, places) in grouped(&imported.losses) {
        let _ = writeln!(text, "  {} × {}", places.len(), inert(what));
        for loss in places.iter().take(MOST) {
            let value = if loss.value.is_empty() { String::new() } else { format!(": {}", one_line(&loss.value)) };
            let _ = writeln!(text, "      {}{value}", one_line(&loss.where_));
        }
        if places.len() > MOST {
            let _ = writeln!(text, "      and {} more (`--format json` has them all)", places.len() - MOST);
        }
    }
    text
}
