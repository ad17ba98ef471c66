//! `fmt`: writes the canonical form, or shows how a file differs from it. It evaluates no rule.

use std::fmt::Write as _;
use std::path::Path;

use super::load;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let paths = context.model_files(parsed.paths("FILE"))?;
    Ok(load::each(context, paths, |context, path| one(context, path, parsed.is_set("check"))))
}

fn one(context: &mut Context, path: &Path, only_check: bool) -> Outcome {
    let mut bench = load::open_at(context, path)?;
    if bench.is_canonical() {
        return Ok(Exit::Fine);
    }
    let name = one_line(&path.to_string_lossy());
    if only_check && only_line_ends(bench.original(), &bench.text()) {
        context.print(&format!(
            "{name}: only its line ends are not canonical, which are those of Windows\n\
             `sconce git install` keeps git from writing them, `sconce fmt` mends this file\n"
        ))?;
        return Ok(Exit::No);
    }
    if only_check {
        context.print(&difference(&name, bench.original(), &bench.text()))?;
        return Ok(Exit::No);
    }
    load::sit_down(&mut bench, path)?;
    bench.save_text().map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    context.print(&format!("{name}: written in canonical form\n"))?;
    Ok(Exit::Fine)
}

/// Whether a text differs from its canonical form only in how its lines end, as git checks it out where `core.autocrlf`
/// is set and no attribute says otherwise.
pub(super) fn only_line_ends(before: &str, canonical: &str) -> bool {
    before.contains("\r\n") && before.replace("\r\n", "\n") == canonical
}

/// The lines that differ, with three lines around them.
fn difference(name: &str, before: &str, after: &str) -> String {
    let mut text = format!("{name}: not in canonical form; `sconce fmt` writes it so\n");
    let diff = similar::TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        for change in hunk.iter_changes() {
            let line = change.value();
            let _ = writeln!(text, "{}{}", change.tag(), inert(line.trim_end_matches('\n')));
        }
        text.push('\n');
    }
    text
}
