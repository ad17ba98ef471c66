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
    let (base, then, text) = asked(&target, reference).map_err(|error| stop(&target, &error))?;
    let short = base.get(..9).unwrap_or(&base);
    let Some(text) = text else {
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
    let renamed = then.map(|then| format!(", where it was {}", one_line(&then))).unwrap_or_default();
    Ok(Found { model: Some((model, analysis)), told: format!("compared with {name} ({short}){renamed}") })
}

/// The commit, the name that the file had there if it was another one, and its text.
type Then = (String, Option<String>, Option<String>);

fn asked(path: &Path, reference: &str) -> Result<Then, GitError> {
    let repository = Repository::around(path)?;
    let inside = repository.inside(path)?;
    let base = repository.merge_base(&repository.commit(reference)?, &repository.commit("HEAD")?)?;
    if let Some(text) = repository.show(&base, &inside)? {
        return Ok((base, None, Some(text)));
    }
    let former = repository.former_name(&base, &inside)?;
    let text = former.as_ref().map(|name| repository.show(&base, name)).transpose()?.flatten();
    Ok((base, former, text))
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
