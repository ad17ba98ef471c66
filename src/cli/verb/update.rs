//! `update`: brings the register up to date and writes the canonical form. What there is to record is `analysis`'s.

use std::fmt::Write as _;

use serde_json::json;

use super::load;
use super::table::count;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::workbench::Saved;

/// Threats shown of each file.
const MOST: usize = 30;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let mut reports = Vec::new();
    let paths = context.model_files(parsed.paths("FILE"))?;
    let is_json = parsed.need("format") == "json";
    let is_alone = paths.len() == 1;
    let exit = load::each(context, paths, |context, path| {
        let mut bench = load::open_register_at(context, path)?;
        let was_canonical = bench.is_canonical();
        let due = bench.due();
        let saved = if was_canonical && due.is_none() {
            Saved::default()
        } else {
            load::sit_down(&mut bench, path)?;
            bench.save_with(due).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?
        };
        let name = one_line(&path.to_string_lossy());
        if is_json {
            let keys: Vec<&str> = saved.recorded.iter().map(|(key, _)| key.as_str()).collect();
            reports.push(json!({ "file": name, "written": saved.written, "recorded": keys }));
        } else {
            context.print(&report(&name, &saved, was_canonical))?;
        }
        if is_alone {
            bench.leave();
        }
        Ok(Exit::Fine)
    });
    if is_json {
        context.print_json(&json!({ "schema": "sconce/update/1", "files": reports }))?;
    }
    Ok(exit)
}

fn report(name: &str, saved: &Saved, was_canonical: bool) -> String {
    let what = match (saved.written, saved.recorded.len()) {
        (false, _) => "the register is up to date".to_owned(),
        (true, 0) => "written in canonical form".to_owned(),
        (true, n) if was_canonical => format!("{} recorded", count(n, "threat")),
        (true, n) => format!("{} recorded, written in canonical form", count(n, "threat")),
    };
    let mut text = format!("{name}: {what}\n");
    for (key, what) in saved.recorded.iter().take(MOST) {
        let _ = writeln!(text, "  {key}: {what}");
    }
    if saved.recorded.len() > MOST {
        let _ = writeln!(text, "  and {} more", saved.recorded.len() - MOST);
    }
    text
}
