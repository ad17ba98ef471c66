//! `rename`: gives a thing another id everywhere. The act itself is the model's.

use std::path::Path;

use super::load;
use super::table::count;
use crate::analysis::known;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::model::{Id, ThreatModel, act};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let mut bench = load::open(context, parsed.path("FILE"))?;
    let old = Id::new(parsed.need("OLD")).ok().filter(|id| bench.model().thing(id).is_some());
    let old = old.ok_or_else(|| Failure::new(Exit::Usage, unknown(bench.model(), parsed.need("OLD"))))?;
    let typed = parsed.need("NEW");
    let new = Id::new(typed).map_err(|e| Failure::new(Exit::Usage, format!("`{}`: {e}", one_line(typed))))?;
    if old == new {
        return Err(Failure::new(Exit::Usage, format!("`{old}` has that id already")));
    }
    let edit = act::rename(bench.model(), &old, &new).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    let path = bench.path().map(Path::to_path_buf).unwrap_or_default();
    load::sit_down(&mut bench, &path)?;
    let changed =
        bench.apply(&format!("rename {old} to {new}"), edit).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    bench.save_text().map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    context.print(&format!("renamed `{old}` to `{new}` in {}\n", count(changed.touched.len(), "place")))?;
    Ok(Exit::Fine)
}

/// Why nothing has this id: it is the id of something else, a name, or a slip.
fn unknown(model: &ThreatModel, typed: &str) -> String {
    let shown = one_line(typed);
    let is = |id: &Id| id.as_str() == typed;
    if model.threats.keys().any(|key| key.as_str() == typed) {
        return format!("`{shown}` is a threat; its key follows when what it is about is renamed");
    }
    let other = [
        (model.mitigations.keys().any(is), "a mitigation"),
        (model.assumptions.keys().any(is), "an assumption"),
        (model.diagrams.keys().any(is), "a diagram"),
    ];
    if let Some((_, what)) = other.iter().find(|(found, _)| *found) {
        return format!(
            "`{shown}` is {what}; only elements, data flows, trust boundaries and assets are renamed\n\
             nothing outside the file refers to {what} by its id: edit it there, with every mention of it"
        );
    }
    if let Some((id, _)) = model.things().find(|(_, thing)| thing.formerly().iter().any(is)) {
        return format!("`{shown}` was renamed before; its id is `{id}` now");
    }
    let message = format!("no element, data flow, trust boundary or asset has the id `{shown}`");
    let named = model.things().find(|(_, thing)| thing.name().eq_ignore_ascii_case(typed)).map(|(id, _)| id.as_str());
    match named.or_else(|| known::meant(typed, model.things().map(|(id, _)| id.as_str()))) {
        Some(id) => format!("{message}; did you mean `{id}`?"),
        None => message,
    }
}
