//! No verb: hands the model to the workbench, or without a terminal prints the overview.

use std::path::Path;

use super::{load, overview};
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::parse::Parsed;
use crate::cli::{End, First};
use crate::command::VERBS;
use crate::diagnostic::inert::one_line;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Result<End, Failure> {
    let path = parsed.path("FILE");
    if let Some(verb) = path.as_deref().and_then(misspelt_verb) {
        let typed = path.unwrap_or_default();
        let typed = one_line(&typed.to_string_lossy());
        let message = match verb {
            "" => format!("`{typed}` is neither a file nor a verb; `sconce --help` lists the verbs"),
            verb => format!("`{typed}` is neither a file nor a verb; did you mean `sconce {verb}`?"),
        };
        return Err(Failure::new(Exit::Usage, message));
    }
    if context.interactive && context.dumb {
        context.say("TERM is dumb: this terminal has no screen for the workbench; here is the overview instead");
        context.say(
            "everything is a command too: sconce walk, questions, threats, coverage, explain, whatif; --help lists all",
        );
    } else if context.interactive {
        return Ok(End::Open(Box::new(load::open_to_work(context, path)?), First::Usual));
    }
    let bench = load::open(context, path)?;
    context.print(&overview::text(&bench))?;
    Ok(End::Exit(Exit::Fine))
}

/// What other programs call our verbs.
const SYNONYMS: &[(&str, &str)] = &[
    ("create", "init"),
    ("draw", "render"),
    ("format", "fmt"),
    ("lint", "check"),
    ("list", "threats"),
    ("new", "init"),
    ("rules", "rule list"),
    ("save", "update"),
    ("show", "render"),
    ("validate", "check"),
    ("version", "--version"),
    ("why", "explain"),
];

/// The verb that somebody probably meant who named a file that is not there; empty when it looks like a verb, but like
/// none of ours.
fn misspelt_verb(path: &Path) -> Option<&'static str> {
    let typed = path.to_str().filter(|t| !t.contains(['.', '/', '-']) && !path.exists())?;
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == typed).map(|(_, verb)| *verb);
    Some(
        synonym
            .or_else(|| {
                let close = VERBS.iter().map(|v| (strsim::jaro_winkler(v.name, typed), v.name));
                close.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
            })
            .unwrap_or_default(),
    )
}
