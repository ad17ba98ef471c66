//! Finding the policy of a model and reading it: the file that is named, else the nearest one from the model's folder up
//! to the top of its repository.

use std::path::{Path, PathBuf};

use super::{Held, PolicyFile, from_top};
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::verb::load;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::{Source, text};
use crate::diagnostic::{Diagnostic, meant};
use crate::file::disk;
use crate::review::policy::{FILE, Policy};
use crate::rules::Knowledge;
use crate::workbench::Workbench;

/// The policy that a model is held against.
pub(super) fn of(context: &mut Context, named: Option<&str>, model: &Path, bench: &Workbench) -> Result<Held, Failure> {
    let Some(path) = named.map(PathBuf::from).or_else(|| find(context, model)) else {
        return Ok(Held { policy: Policy::default(), file: None });
    };
    let opened = disk::open(&path).map_err(|error| match load::unusable(&error) {
        stop if named.is_some() => Failure::new(stop.exit, format!("--policy {}", stop.message)),
        stop => stop,
    })?;
    let written = opened.text.strip_prefix('\u{feff}').unwrap_or(&opened.text).to_owned();
    let read = Policy::read(&written).and_then(|policy| {
        let unknown = unknown(&policy, &written, bench.knowledge());
        if unknown.is_empty() { Ok(policy) } else { Err(unknown) }
    });
    match read {
        Ok(policy) => {
            let file = PolicyFile { name: from_top(&path), shown: path, text: written };
            Ok(Held { policy, file: Some(file) })
        }
        Err(wrong) => {
            let name = path.to_string_lossy();
            for one in &wrong {
                context.say(&text(one, Source { name: &name, text: &written }));
                context.say("");
            }
            let message = format!("{}: nothing was judged, because the policy cannot be read", one_line(&name));
            Err(Failure::new(Exit::Usage, message))
        }
    }
}

/// The nearest policy from a model's folder up to the top of its repository; outside of one, only in the folder.
fn find(context: &Context, model: &Path) -> Option<PathBuf> {
    let whole = model.canonicalize().ok()?;
    let folder = whole.parent()?;
    let levels = folder.ancestors().position(|level| level.join(".git").exists()).unwrap_or(0);
    // Also what is there and cannot be used: a policy that cannot be read is not the same as none.
    let there = |level: &&Path| level.join(FILE).symlink_metadata().is_ok();
    let found = folder.ancestors().take(levels + 1).find(there)?.join(FILE);
    // Shown from the working directory when it is in it.
    let here = context.folder.canonicalize().ok();
    Some(here.and_then(|here| found.strip_prefix(here).ok().map(Path::to_path_buf)).unwrap_or(found))
}

/// Rules and packs that the policy names and nobody knows: it would look at nothing.
fn unknown(policy: &Policy, written: &str, knowledge: &Knowledge) -> Vec<Diagnostic> {
    let packs: Vec<&str> = knowledge.rules.packs().chain([crate::model::OWN_PACK]).collect();
    let is_known = |name: &str| packs.contains(&name) || knowledge.rule(name).is_some();
    let wrong = policy.max_open.rules.iter().filter(|name| !is_known(name) && !name.starts_with("own."));
    wrong
        .map(|name| {
            let at = written.find(&format!("\"{name}\"")).map_or(crate::diagnostic::At::File, |start| {
                crate::diagnostic::At::Span(crate::diagnostic::Span::new(start, start + name.len() + 2))
            });
            let names = packs.iter().copied().chain(knowledge.rules.iter().map(|rule| rule.id.as_str()));
            let help = meant(name, names).map_or_else(
                || format!("the packs are {}", packs.join(", ")),
                |best| format!("did you mean `{best}`?"),
            );
            Diagnostic::error("unknown-rule", at, format!("there is no rule and no pack `{name}`")).help(help)
        })
        .collect()
}
