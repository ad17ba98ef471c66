//! `rename`: gives a thing another id everywhere. The act itself is the model's.

use super::load;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::model::{Id, act};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let id = |name: &str| {
        let text = parsed.need(name);
        Id::new(text).map_err(|e| Failure::new(Exit::Usage, format!("`{}`: {e}", one_line(text))))
    };
    let (old, new) = (id("OLD")?, id("NEW")?);
    let mut bench = load::open(context, parsed.path("FILE"))?;
    let edit = act::rename(bench.model(), &old, &new).map_err(|e| {
        let close = bench.model().things().map(|(id, _)| id.as_str());
        let best = close.map(|id| (strsim::jaro_winkler(id, old.as_str()), id)).max_by(|a, b| a.0.total_cmp(&b.0));
        let hint = match (&e, best) {
            (act::RenameError::Unknown(_), Some((score, id))) if score > 0.8 => format!("; did you mean `{id}`?"),
            _ => String::new(),
        };
        Failure::new(Exit::Usage, format!("{e}{hint}"))
    })?;
    let changed =
        bench.apply(&format!("rename {old} to {new}"), edit).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    let path = bench.path().map(std::path::Path::to_path_buf).unwrap_or_default();
    bench.save_text().map_err(|e| load::unsaved(&e, &path))?;
    context.print(&format!("renamed `{old}` to `{new}` in {} places\n", changed.touched.len()))?;
    Ok(Exit::Fine)
}
