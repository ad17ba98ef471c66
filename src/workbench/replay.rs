//! The history that git has of a model's file, beside the ledger: every version with its open threats, what the two
//! disagree about, and the recorded runs of the gate that lie there as notes. What was read before is kept, so that the
//! next time is quick. It counts nothing: `review::metrics` does.

use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use super::Workbench;
use crate::diagnostic::inert::one_line;
use crate::file::cache::{Cache, cache_dir};
use crate::model::{Date, ThreatModel};
use crate::review::git::{GitError, History, Repository, Version};
use crate::review::metrics::{Compared, Snapshot, compare, gather, kept, snapshots};
use crate::review::runs::{Record, Run, joined};

/// The history of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The file, from the top of the repository.
    pub path: String,
    /// What it was called before, the latest first, with the commits that renamed it.
    pub former: Vec<(String, String)>,
    /// The first one first, none of them later than the day.
    pub versions: Vec<Snapshot>,
    /// Versions that were committed after it.
    pub later: usize,
    /// Whether the clone has only the end of the history.
    pub is_shallow: bool,
    /// What ledger and git say of the same days.
    pub compared: Compared,
}

/// Why there is no history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayError {
    /// Git could not answer.
    Git(GitError),
    /// No commit of the branch has the file, whose path from the top of the repository this is.
    NotCommitted(String),
    /// Somebody asked to stop.
    Stopped,
}

impl From<GitError> for ReplayError {
    fn from(error: GitError) -> Self {
        Self::Git(error)
    }
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(error) => error.fmt(f),
            Self::NotCommitted(path) => {
                write!(f, "no commit of this branch has {}; commit it first", one_line(path))
            }
            Self::Stopped => f.write_str("interrupted"),
        }
    }
}

/// Replays the history that HEAD has of a file. It is told again and again how many versions have been read, of how many,
/// and may be stopped at any time: what has been read until then is kept.
pub fn replay(
    path: &Path,
    model: &ThreatModel,
    today: Date,
    tell: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<(Repository, Replay), ReplayError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let repository = Repository::around(&target)?;
    let inside = repository.inside(&target)?;
    let History { versions, former } = match repository.commit("HEAD") {
        Ok(head) => repository.history(&head, &inside)?,
        // A repository in which nothing was committed yet.
        Err(GitError::NoCommit(_)) => History::default(),
        Err(error) => return Err(error.into()),
    };
    if versions.is_empty() {
        return Err(ReplayError::NotCommitted(inside));
    }
    let all = read(&repository, &versions, &target, tell)?;
    let (versions, after): (Vec<Snapshot>, Vec<Snapshot>) = all.into_iter().partition(|version| version.on <= today);
    let compared = compare(model, &versions, today);
    let is_shallow = repository.is_shallow()?;
    let replay = Replay { path: inside, former, versions, later: after.len(), is_shallow, compared };
    Ok((repository, replay))
}

/// What the versions say: what is kept of an earlier run is taken from there, and what had to be read is kept.
fn read(
    repository: &Repository,
    versions: &[Version],
    model: &Path,
    tell: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Vec<Snapshot>, ReplayError> {
    let cache = cache_dir().map(|folder| Cache::new(&folder, "registers", model));
    let mut registers = cache.as_ref().and_then(Cache::read).map(|text| kept::read(&text)).unwrap_or_default();
    let before = registers.len();
    let read = gather(repository, versions, &mut registers, tell);
    if registers.len() > before {
        let wanted = versions.iter().filter_map(|version| version.blob.as_deref()).collect();
        if let Some(cache) = cache {
            cache.write(&kept::written(&registers, &wanted));
        }
    }
    if read?.is_break() { Err(ReplayError::Stopped) } else { Ok(snapshots(versions, &registers)) }
}

impl Replay {
    /// What the file is called, and was called before.
    pub fn names(&self) -> Vec<String> {
        std::iter::once(&self.path).chain(self.former.iter().map(|(name, _)| name)).cloned().collect()
    }
}

impl Workbench {
    /// The history that git has of the open model's file, compared with the ledger as a save would write it, and the runs
    /// of the gate that are recorded there. The error is a sentence without a full stop.
    pub fn replay(&self) -> Result<(Replay, Vec<Run>), String> {
        let Some(path) = self.path() else {
            return Err("the model has no file yet, so that git knows nothing of it".to_owned());
        };
        let go_on = |_, _| ControlFlow::Continue(());
        let (repository, replay) =
            replay(path, &self.as_saved(), self.sitting.today, go_on).map_err(|error| error.to_string())?;
        let notes = repository.notes().map_err(|error| error.to_string())?;
        let runs = notes.iter().map(|(_, text)| Record::read(text).runs).collect();
        Ok((replay, joined(runs)))
    }
}
