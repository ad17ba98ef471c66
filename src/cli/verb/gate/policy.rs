//! Finding the policy of a model and reading it: the file that is named, else the nearest one from the model's folder up
//! to the top of its repository.

use std::path::{Path, PathBuf};

use super::{Held, PolicyFile, from_top};
use crate::cli::context::{Context, Exit, Failure};
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::{Source, text};
use crate::diagnostic::{At, Diagnostic, Span, meant};
use crate::file::disk::{self, DiskError};
use crate::model::OWN_PACK;
use crate::review::policy::{Exempt, FILE, Policy};
use crate::rules::Knowledge;
use crate::workbench::Workbench;

/// The policy that a model is held against.
pub(super) fn of(context: &mut Context, named: Option<&str>, model: &Path, bench: &Workbench) -> Result<Held, Failure> {
    let Some(path) = named.map(PathBuf::from).or_else(|| find(context, model)) else {
        return Ok(Held { policy: Policy::default(), file: None });
    };
    let opened = disk::open(&path).map_err(|error| unusable(&error, named.is_some()))?;
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

/// A policy that cannot be opened.
fn unusable(error: &DiskError, is_named: bool) -> Failure {
    let said = one_line(&error.to_string());
    let message = match (is_named, error) {
        (false, _) => said,
        (true, DiskError::Missing(_)) => {
            format!("--policy {said}\nwithout --policy the nearest {FILE} counts, else the built-in policy")
        }
        (true, _) => format!("--policy {said}"),
    };
    Failure::new(Exit::Usage, message)
}

/// Rules and packs that the policy names and nobody knows: it would look at nothing.
fn unknown(policy: &Policy, written: &str, knowledge: &Knowledge) -> Vec<Diagnostic> {
    let packs: Vec<&str> = knowledge.rules.packs().chain([OWN_PACK]).collect();
    let rules = || knowledge.rules.iter().map(|rule| rule.id.as_str());
    let is_rule = |name: &str| knowledge.rule(name).is_some() || name.starts_with("own.");
    let mut found = Vec::new();
    for name in policy.max_open.rules.iter().filter(|name| !packs.contains(&name.as_str()) && !is_rule(name)) {
        let help = meant(name, packs.iter().copied().chain(rules()))
            .map_or_else(|| format!("the packs are {}", packs.join(", ")), |best| format!("did you mean `{best}`?"));
        let at = place(written, Span::new(0, written.len()), name);
        found.push(Diagnostic::error("unknown-rule", at, format!("there is no rule and no pack `{name}`")).help(help));
    }
    for (span, exemption) in &policy.exemptions {
        let (rule, name) = match &exemption.what {
            Exempt::Threat(key) => (key.rule(), key.as_str()),
            Exempt::Rule(rule, _) => (rule.as_str(), rule.as_str()),
        };
        if is_rule(rule) {
            continue;
        }
        let help = meant(rule, rules()).map_or_else(
            || "`sconce rule list` lists them; threats of your own have rules that begin with `own.`".to_owned(),
            |best| format!("did you mean `{best}`?"),
        );
        let at = place(written, *span, name);
        found.push(Diagnostic::error("unknown-rule", at, format!("there is no rule `{rule}`")).help(help));
    }
    found
}

/// Where a name stands in a part of a policy; the part as a whole where it is written otherwise than usual.
fn place(written: &str, part: Span, name: &str) -> At {
    let inside = written.get(part.start..part.end).unwrap_or_default();
    let found = inside.find(&format!("\"{name}\"")).map(|at| part.start + at);
    At::Span(found.map_or(part, |start| Span::new(start, start + name.len() + 2)))
}
