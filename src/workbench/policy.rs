//! The policy that counts for a model: the nearest file from the model's folder up to the top of its repository, else the
//! built-in one. Both surfaces find and read it here. It judges nothing.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Workbench;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::{At, Diagnostic, Span, meant};
use crate::file::disk;
use crate::model::OWN_PACK;
use crate::review::policy::{FILE, Policy};
use crate::rules::Knowledge;

/// Why there is no policy where there should be one.
#[derive(Debug)]
pub enum PolicyError {
    /// The file cannot be read.
    Disk(disk::DiskError),
    /// The text is no policy, or names rules that nobody knows.
    Wrong {
        /// The text.
        text: String,
        /// Everything that is wrong with it, with places in the text.
        diagnostics: Vec<Diagnostic>,
    },
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(error) => error.fmt(f),
            Self::Wrong { diagnostics, .. } => {
                let first = diagnostics.first().map(|d| d.message.as_str()).unwrap_or_default();
                f.write_str(first)
            }
        }
    }
}

/// The file with the policy of a model; outside of a repository it is only looked for in the model's folder.
pub fn policy_file(model: &Path) -> Option<PathBuf> {
    let whole = model.canonicalize().ok()?;
    let folder = whole.parent()?;
    let levels = folder.ancestors().position(|level| level.join(".git").exists()).unwrap_or(0);
    // Also what is there and cannot be used: a policy that cannot be read is not the same as none.
    let there = |level: &&Path| level.join(FILE).symlink_metadata().is_ok();
    folder.ancestors().take(levels + 1).find(there).map(|folder| folder.join(FILE))
}

/// Reads the policy in a file; the policy and its text.
pub fn read_policy(path: &Path, knowledge: &Knowledge) -> Result<(Policy, String), PolicyError> {
    let opened = disk::open(path).map_err(PolicyError::Disk)?;
    let text = opened.text.strip_prefix('\u{feff}').unwrap_or(&opened.text).to_owned();
    let read = Policy::read(&text).and_then(|policy| {
        let unknown = unknown(&policy, &text, knowledge);
        if unknown.is_empty() { Ok(policy) } else { Err(unknown) }
    });
    match read {
        Ok(policy) => Ok((policy, text)),
        Err(diagnostics) => Err(PolicyError::Wrong { text, diagnostics }),
    }
}

impl Workbench {
    /// The policy of the open model with the name of its file, which is `None` for the built-in one. The error is a
    /// sentence without a full stop.
    pub fn policy(&self) -> Result<(Policy, Option<String>), String> {
        let Some(file) = self.path().and_then(policy_file) else { return Ok((Policy::default(), None)) };
        match read_policy(&file, self.knowledge()) {
            Ok((policy, _)) => Ok((policy, Some(FILE.to_owned()))),
            Err(PolicyError::Disk(error)) => Err(one_line(&error.to_string())),
            Err(error) => Err(format!("{FILE}: {}", one_line(&error.to_string()))),
        }
    }
}

/// Rules and packs that the policy names and nobody knows: it would look at nothing.
fn unknown(policy: &Policy, written: &str, knowledge: &Knowledge) -> Vec<Diagnostic> {
    let packs: Vec<&str> = knowledge.rules.packs().chain([OWN_PACK]).collect();
    let is_known = |name: &str| packs.contains(&name) || knowledge.rule(name).is_some();
    let wrong = policy.max_open.rules.iter().filter(|name| !is_known(name) && !name.starts_with("own."));
    wrong
        .map(|name| {
            let at = written
                .find(&format!("\"{name}\""))
                .map_or(At::File, |start| At::Span(Span::new(start, start + name.len() + 2)));
            let names = packs.iter().copied().chain(knowledge.rules.iter().map(|rule| rule.id.as_str()));
            let help = meant(name, names).map_or_else(
                || format!("the packs are {}", packs.join(", ")),
                |best| format!("did you mean `{best}`?"),
            );
            Diagnostic::error("unknown-rule", at, format!("there is no rule and no pack `{name}`")).help(help)
        })
        .collect()
}
