//! The model as it was where a branch began: out of git, as the file was called then, judged by the rules of today.

use std::path::Path;
use std::sync::Arc;

use crate::analysis::{Analysis, Live};
use crate::cli::context::{Exit, Failure};
use crate::diagnostic::Severity;
use crate::diagnostic::inert::one_line;
use crate::file::{self, disk};
use crate::model::{Date, ThreatModel};
use crate::review::git::{GitError, Parting, Repository, Then};
use crate::rules::Knowledge;

/// What there was.
pub(super) struct Found {
    pub(super) was: Was,
    /// What to tell people about it.
    pub(super) told: String,
}

/// What the model was.
pub(super) enum Was {
    /// There was none that could be read.
    Nothing,
    /// It had the text that is in the file now.
    Same(Arc<String>),
    /// It was this, with what the rules say about it today.
    Model(Box<(ThreatModel, Analysis)>),
}

/// Finds the model at the point where HEAD parted from a commit. What the file says now need not be known yet. Of what
/// the rules ask about it nothing is known; [`with_questions`] adds that.
pub(super) fn find(path: &Path, reference: &str, knowledge: &Knowledge, today: Date) -> Result<Found, Failure> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if Repository::is_nothing(reference) {
        let told = "--against names no commit: what is there now is the starting point".to_owned();
        return Ok(Found { was: Was::Nothing, told });
    }
    let name = one_line(reference);
    let (parting, then) = asked(&target, reference).map_err(|error| stop(&target, &error))?;
    let short = parting.commit.get(..9).unwrap_or(&parting.commit);
    let Some(text) = then.text else {
        let told = format!("there was no such model at {name} ({short}): what is there now is the starting point");
        return Ok(Found { was: Was::Nothing, told });
    };
    let parted = if parting.is_known { "" } else { " itself, as no history is known that both have" };
    let renamed = then.former.map(|then| format!(", where it was {}", one_line(&then))).unwrap_or_default();
    let told = format!("compared with {name} ({short}){parted}{renamed}");
    let text = Arc::new(text);
    if disk::open(path).is_ok_and(|now| now.text == text) {
        return Ok(Found { was: Was::Same(text), told });
    }
    let was = judged(&text, knowledge, today);
    let unread = || {
        format!("the model at {name} ({short}) cannot be read as a valid one: what is there now is the starting point")
    };
    let told = if matches!(was, Was::Nothing) { unread() } else { told };
    Ok(Found { was, told })
}

/// What the rules say about a text today.
pub(super) fn judged(text: &Arc<String>, knowledge: &Knowledge, today: Date) -> Was {
    let read = file::read_checked(text, &knowledge.vocabulary, &knowledge.technologies);
    let is_valid = read.diagnostics.iter().all(|d| d.severity != Severity::Error);
    let Some(document) = read.document.filter(|_| is_valid) else { return Was::Nothing };
    let model = document.model().clone();
    let analysis = Live::of_threats(&model, knowledge, today).into_analysis();
    Was::Model(Box::new((model, analysis)))
}

/// The same with what the rules ask, for policies that look at that.
pub(super) fn with_questions(was: Was, knowledge: &Knowledge, today: Date) -> Was {
    match was {
        Was::Model(mut earlier) => {
            earlier.1 = Analysis::of(&earlier.0, knowledge, today);
            Was::Model(earlier)
        }
        other => other,
    }
}

fn asked(path: &Path, reference: &str) -> Result<(Parting, Then), GitError> {
    let repository = Repository::around(path)?;
    let inside = repository.inside(path)?;
    let [there, here] = repository.commits([reference, "HEAD"])?;
    let parting = repository.parting(&there, &here)?;
    let then = repository.then(&parting.commit, &inside)?;
    Ok((parting, then))
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
        GitError::NoRepository(_) => {
            Failure::new(Exit::Usage, format!("--against: {}", Failure::from(error.clone()).message))
        }
        GitError::Missing | GitError::Failed(_) => Failure::new(Exit::Environment, message),
    }
}
