//! The model as it was where a branch began: out of git, as the file was called then, judged by the rules of today.

use std::path::Path;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::cli::context::{Exit, Failure};
use crate::diagnostic::Severity;
use crate::diagnostic::inert::one_line;
use crate::file;
use crate::model::{Date, ThreatModel};
use crate::review::git::{GitError, Repository};
use crate::rules::Knowledge;

/// What there was.
pub(super) struct Found {
    /// The model with what the rules say about it today; `None` where there was none that could be read.
    pub(super) model: Option<(ThreatModel, Analysis)>,
    /// What to tell people about it.
    pub(super) told: String,
}

/// Finds the model at the point where HEAD parted from a commit.
pub(super) fn find(path: &Path, reference: &str, knowledge: &Knowledge, today: Date) -> Result<Found, Failure> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = one_line(reference);
    let mut then = asked(&target, reference).map_err(|error| stop(&target, &error))?;
    let short = then.commit.get(..9).unwrap_or(&then.commit);
    let Some(text) = then.text.take() else {
        let told = format!("there was no such model at {name} ({short}): what is there now is the starting point");
        return Ok(Found { model: None, told });
    };
    let read = file::read_checked(&Arc::new(text), &knowledge.vocabulary, &knowledge.technologies);
    let is_valid = read.diagnostics.iter().all(|d| d.severity != Severity::Error);
    let Some(document) = read.document.filter(|_| is_valid) else {
        let told = format!(
            "the model at {name} ({short}) cannot be read as a valid one: what is there now is the starting point"
        );
        return Ok(Found { model: None, told });
    };
    let model = document.model().clone();
    let analysis = Analysis::of(&model, knowledge, today);
    let parted = if then.has_base { "" } else { " itself, as no history is known that both have" };
    let renamed = then.former.map(|then| format!(", where it was {}", one_line(&then))).unwrap_or_default();
    Ok(Found { model: Some((model, analysis)), told: format!("compared with {name} ({short}){parted}{renamed}") })
}

/// The file as it was.
struct Then {
    commit: String,
    /// Whether the histories have a common beginning; in a clone without its whole history that may not be known.
    has_base: bool,
    /// The name that it had, where that was another one.
    former: Option<String>,
    text: Option<String>,
}

fn asked(path: &Path, reference: &str) -> Result<Then, GitError> {
    let repository = Repository::around(path)?;
    let inside = repository.inside(path)?;
    let (there, here) = (repository.commit(reference)?, repository.commit("HEAD")?);
    let has_base = repository.ask(&["merge-base", &there, &here])?.is_some();
    let commit = repository.merge_base(&there, &here)?;
    if let Some(text) = repository.show(&commit, &inside)? {
        return Ok(Then { commit, has_base, former: None, text: Some(text) });
    }
    let former = repository.former_name(&commit, &inside)?;
    let text = former.as_ref().map(|name| repository.show(&commit, name)).transpose()?.flatten();
    Ok(Then { commit, has_base, former, text })
}

fn stop(path: &Path, error: &GitError) -> Failure {
    let message = format!("--against: {error}");
    match error {
        GitError::NoCommit(_) => {
            let is_shallow = Repository::around(path).and_then(|r| r.is_shallow()).unwrap_or(false);
            let help = if is_shallow {
                "the clone is shallow; fetch the history first (`git fetch --unshallow`, or fetch-depth: 0 of the checkout)"
            } else {
                "`git branch --all` lists what there is"
            };
            Failure::new(Exit::Usage, format!("{message}\n{help}"))
        }
        GitError::NoRepository(_) => Failure::new(Exit::Usage, message),
        GitError::Missing | GitError::Failed(_) => Failure::new(Exit::Environment, message),
    }
}
