//! `resolve`: shows what a merge left open, and takes decisions. A file that git's text merge broke is merged again from
//! its three sides first. What a decision changes is said by `review`.

use std::fmt::Write as _;
use std::io::{BufRead, Write as _};
use std::path::Path;
use std::sync::Arc;

use super::load;
use super::prose::wrapped;
use super::table::count;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::{Diagnostic, Severity};
use crate::file::{Document, disk, lock};
use crate::model::Conflict;
use crate::review::resolve::{Found, Side, decide, decide_typed, find, sides_within};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let path = context.model_file(parsed.path("FILE"))?;
    let name = one_line(&path.to_string_lossy());
    let mut opened = disk::open(&path).map_err(|e| load::unusable(&e))?;
    let _held = lock::take(&path, "resolve").map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    let mut document = document(context, &path, &opened.text)?;
    let before = opened.text.clone();
    let open = document.model().conflicts.len();
    let done = if parsed.get("take").is_some() || parsed.get("set").is_some() {
        by_options(parsed, &mut document)?
    } else if context.interactive && open > 0 {
        by_asking(context, &mut document, &mut opened)?
    } else {
        0
    };
    let text = document.text();
    if text != *before {
        disk::save(&mut opened, &Arc::new(text)).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    }
    let left = document.model().conflicts.len();
    if left > 0 {
        let list: String =
            document.model().conflicts.iter().enumerate().map(|(at, c)| shown(at + 1, c, context.columns)).collect();
        let said = if done > 0 { format!("{done} decided, {left} left\n\n") } else { String::new() };
        let ways = "decide with --take ours|theirs|base or --set VALUE, and --only N for one of them\n";
        context.print(&format!("{said}{list}{ways}"))?;
        return Ok(Exit::No);
    }
    context.print(&format!("{name} holds no open conflict; `git add` it, then run `sconce check`\n"))?;
    Ok(Exit::Fine)
}

/// The model with its conflicts: as the file says, or where git broke or did not finish it, merged again.
fn document(context: &mut Context, path: &Path, text: &str) -> Result<Document, Failure> {
    match find(path, text)? {
        Found::Written(document) => Ok(*document),
        Found::Remade { document, is_touched } => {
            if is_touched {
                let kept = disk::keep_copy(path, text).map_err(|error| load::unusable(&error))?;
                let kept = one_line(&kept.to_string_lossy());
                context.say(&format!(
                    "the file had something that git did not write: it is not in what was merged, and kept in {kept}"
                ));
            }
            context.say("merged again by meaning, from the three sides that git has");
            Ok(*document)
        }
        Found::Broken { diagnostics, text, why } => Err(broken(context, path, &text, diagnostics, why)),
    }
}

fn broken(context: &mut Context, path: &Path, text: &str, found: Vec<Diagnostic>, why: &str) -> Failure {
    let errors: Vec<Diagnostic> = found.into_iter().filter(|d| d.severity == Severity::Error).collect();
    load::show(context, &errors, path, text);
    Failure::new(Exit::Invalid, format!("{}: {why}; nothing was written", one_line(&path.to_string_lossy())))
}

/// Decides what the options name; how many that were.
fn by_options(parsed: &Parsed, document: &mut Document) -> Result<usize, Failure> {
    let all = document.model().conflicts.clone();
    let which: Vec<&Conflict> = match parsed.get("only") {
        Some(text) => {
            let number = text.parse::<usize>().ok().and_then(|n| all.get(n.checked_sub(1)?));
            let none = || {
                Failure::new(
                    Exit::Usage,
                    format!("--only {}: no conflict has this number; open: {}", one_line(text), all.len()),
                )
            };
            vec![number.ok_or_else(none)?]
        }
        None => all.iter().collect(),
    };
    if parsed.get("set").is_some() && which.len() != 1 {
        return Err(Failure::new(Exit::Usage, "--set needs --only N: a value is for one conflict"));
    }
    let side = match parsed.get("take") {
        Some("ours") => Some(Side::Ours),
        Some("theirs") => Some(Side::Theirs),
        Some("base") => Some(Side::Base),
        Some(other) => {
            let message = format!("--take {}: a side is ours, theirs or base", one_line(other));
            return Err(Failure::new(Exit::Usage, message));
        }
        None => None,
    };
    if side.is_some() && parsed.get("set").is_some() {
        return Err(Failure::new(Exit::Usage, "--take and --set each decide: give one of them"));
    }
    for conflict in &which {
        let taken = match (side, parsed.get("set")) {
            (None, Some(value)) => take_typed(document, conflict, value),
            (side, _) => take(document, conflict, side.and_then(|side| side.of(conflict))),
        };
        taken.map_err(|why| Failure::new(Exit::Usage, one_line(&why)))?;
    }
    Ok(which.len())
}

/// Takes a side as it is written.
fn take(document: &mut Document, conflict: &Conflict, value: Option<&str>) -> Result<(), String> {
    let edit = decide(document.model(), conflict, value)?;
    document.apply(edit).map(drop).map_err(|error| error.to_string())
}

/// Takes what a person typed.
fn take_typed(document: &mut Document, conflict: &Conflict, value: &str) -> Result<(), String> {
    let edit = decide_typed(document.model(), conflict, value)?;
    document.apply(edit).map(drop).map_err(|error| error.to_string())
}

/// Asks for each conflict and writes each answer as it is given; how many were decided.
fn by_asking(context: &mut Context, document: &mut Document, opened: &mut disk::Opened) -> Result<usize, Failure> {
    let all = document.model().conflicts.clone();
    let mut done = 0;
    let mut lines = std::io::stdin().lock().lines();
    for (at, conflict) in all.iter().enumerate() {
        context.print(&shown(at + 1, conflict, context.columns))?;
        loop {
            context.print("  [o]urs  [t]heirs  [b]ase  [=VALUE]  [s]kip  [q]uit: ")?;
            context.out.flush()?;
            let Some(Ok(answer)) = lines.next() else { return Ok(done) };
            let answer = answer.trim();
            let taken = match answer {
                "o" | "ours" => take(document, conflict, Side::Ours.of(conflict)),
                "t" | "theirs" => take(document, conflict, Side::Theirs.of(conflict)),
                "b" | "base" => take(document, conflict, Side::Base.of(conflict)),
                "s" | "skip" => break,
                "q" | "quit" => return Ok(done),
                other => {
                    let Some(value) = other.strip_prefix('=') else {
                        context.print("  a letter from the brackets, or = and a value as the file writes it\n")?;
                        continue;
                    };
                    take_typed(document, conflict, value.trim())
                }
            };
            match taken {
                Ok(()) => {
                    let text = Arc::new(document.text());
                    disk::save(opened, &text).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
                    done += 1;
                    break;
                }
                Err(why) => context.print(&format!("  {}\n", one_line(&why)))?,
            }
        }
    }
    context.print(&format!("{} decided\n", count(done, "conflict")))?;
    Ok(done)
}

/// A conflict with its three sides.
fn shown(number: usize, conflict: &Conflict, columns: Option<u16>) -> String {
    const MOST: usize = 400;
    let field = conflict.field.as_ref().map_or_else(String::new, |field| format!(", {field}"));
    let mut text = format!("{number}. {}\n", one_line(&format!("{}{field}", conflict.of)));
    if let Some(why) = &conflict.why {
        let _ = writeln!(text, "   {}", one_line(why));
    }
    let sides = sides_within(conflict, MOST);
    for (name, value) in ["ours", "theirs", "base"].into_iter().zip(sides) {
        let _ = writeln!(text, "   {name:<7} {}", one_line(&value));
    }
    wrapped(&text, columns) + "\n"
}
