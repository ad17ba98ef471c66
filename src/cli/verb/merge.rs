//! `merge`: three files of one model become one, by hand or for git. What is merged how is said by `review`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::load;
use super::table::count;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::file::{Document, disk};
use crate::review::git;
use crate::review::resolve::{Made, Side, merge_texts};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let [base, ours, theirs] = ["BASE", "OURS", "THEIRS"].map(|name| parsed.path(name).unwrap_or_default());
    let output = parsed.get("output").map_or_else(|| ours.clone(), PathBuf::from);
    let name = parsed.get("path").map_or_else(|| one_line(&ours.to_string_lossy()), one_line);
    let texts = [&base, &ours, &theirs].map(|path| text(path));
    let [base_text, our_text, their_text] = match texts {
        [Ok(a), Ok(b), Ok(c)] => [a, b, c],
        texts => return texts.into_iter().find_map(Result::err).map_or(Ok(Exit::Environment), Err),
    };
    match merge_texts(&base_text, &our_text, &their_text) {
        Made::Merged(document) => {
            write(&output, &document.text())?;
            let open = document.model().conflicts.len();
            let exit = if open == 0 { Exit::Fine } else { Exit::No };
            if open > 0 {
                context.say(&format!("{name}: {} left to decide\n{}", count(open, "conflict"), ways_on(&document)));
            }
            Ok(exit)
        }
        Made::Unreadable(side, read) => {
            let (path, text, what) = match side {
                Side::Base => (&base, &base_text, "what both branches started from"),
                Side::Ours => (&ours, &our_text, "our side"),
                Side::Theirs => (&theirs, &their_text, "their side"),
            };
            // Git's own names for the three mean nothing to anybody.
            let shown = parsed.get("path").map_or_else(|| path.clone(), PathBuf::from);
            load::show(context, &read.diagnostics, &shown, text);
            let message = format!("{name}: {what} cannot be read as a model, so that it cannot be merged by meaning");
            if !parsed.is_set("driver") {
                return Err(Failure::new(Exit::Invalid, format!("{message}; nothing was written")));
            }
            // Git must not be stopped by one file: it gets what it would have had without us.
            let clean = git::merge_lines([&base, &ours, &theirs])
                .map_err(|e| Failure::new(Exit::Environment, e.to_string()))?;
            if output != ours {
                write(&output, &self::text(&ours)?)?;
            }
            context.say(&format!("{message}; merged line by line instead: run `sconce check`"));
            Ok(if clean { Exit::Fine } else { Exit::No })
        }
    }
}

/// The first decisions, and how to take them.
fn ways_on(document: &Document) -> String {
    const MOST: usize = 5;
    let all = &document.model().conflicts;
    let line = |c: &crate::model::Conflict| {
        let field = c.field.as_ref().map_or_else(String::new, |field| format!(".{field}"));
        format!("  {}\n", one_line(&format!("{}{field}", c.of)))
    };
    let mut text: String = all.iter().take(MOST).map(line).collect();
    if all.len() > MOST {
        let _ = writeln!(text, "  and {} more", all.len() - MOST);
    }
    text + "`sconce resolve` asks for each"
}

/// The text of a side. Git gives an empty file for what a branch did not have.
fn text(path: &Path) -> Result<String, Failure> {
    disk::open(path).map(|opened| opened.text.to_string()).map_err(|error| load::unusable(&error))
}

fn write(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let name = one_line(&path.to_string_lossy());
    std::fs::write(path, text).map_err(|error| {
        Failure::new(Exit::Environment, format!("{name}: cannot be written: {}", disk::plain(&error).0))
    })
}
