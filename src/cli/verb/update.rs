//! `update`: brings the register up to date and writes the canonical form. What there is to record is `analysis`'s.

use serde_json::json;

use super::load;
use super::table::count;
use crate::cli::context::{Context, Exit, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;

/// Threats shown of each file.
const MOST: usize = 30;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let mut reports = Vec::new();
    for path in context.model_files(parsed.paths("FILE"))? {
        let mut bench = load::open_at(context, &path)?;
        let was_canonical = bench.is_canonical();
        let saved = bench.save().map_err(|e| load::unsaved(&e, &path))?;
        let name = one_line(&path.to_string_lossy());
        if parsed.need("format") == "json" {
            let keys: Vec<&str> = saved.recorded.iter().map(|(key, _)| key.as_str()).collect();
            reports.push(json!({ "file": name, "written": saved.written, "recorded": keys }));
            continue;
        }
        let what = match (saved.written, saved.recorded.len()) {
            (false, _) => "the register is up to date".to_owned(),
            (true, 0) => "written in canonical form".to_owned(),
            (true, n) if was_canonical => format!("{} recorded", count(n, "threat")),
            (true, n) => format!("{} recorded, written in canonical form", count(n, "threat")),
        };
        context.print(&format!("{name}: {what}\n"))?;
        for (key, what) in saved.recorded.iter().take(MOST) {
            context.print(&format!("  {key}: {what}\n"))?;
        }
        if saved.recorded.len() > MOST {
            context.print(&format!("  and {} more\n", saved.recorded.len() - MOST))?;
        }
    }
    if parsed.need("format") == "json" {
        context.print_json(&json!({ "schema": "sconce/update/1", "files": reports }))?;
    }
    Ok(Exit::Fine)
}
