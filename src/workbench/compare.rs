//! Earlier states of the open model, from git or from another file. It compares nothing: `review::diff` does.

use std::path::Path;
use std::sync::Arc;

use super::Workbench;
use crate::diagnostic::inert::one_line;
use crate::file::{disk, read};
use crate::model::ThreatModel;
use crate::review::git::{GitError, Repository};

/// Commits of the file that are offered.
const COMMITS: &str = "-n20";
/// Branches and tags that are offered.
const NAMES: &str = "--count=60";

/// Something that the model can be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// What git calls it.
    pub name: String,
    /// What it is.
    pub about: String,
}

impl Workbench {
    /// The model in a commit that a person names, or in another model file: what that is called, and the model with its
    /// register as the rules of today say, so that what nobody had recorded there does not look new. A file that was not
    /// there yet was an empty model. The error is a sentence without a full stop.
    pub fn earlier(&self, name: &str) -> Result<(String, ThreatModel), String> {
        let (label, model) = self.read_earlier(name)?;
        let whole = Self::in_memory(model, Arc::clone(&self.knowledge), self.sitting.clone());
        Ok((label, whole.as_saved().into_owned()))
    }

    fn read_earlier(&self, name: &str) -> Result<(String, ThreatModel), String> {
        let other = Path::new(name);
        if name.ends_with(".tm.ron") && other.is_file() {
            let opened = disk::open(other).map_err(|error| error.to_string())?;
            return understood(&opened.text, name).map(|model| (one_line(name), model));
        }
        let Some(path) = self.path() else {
            return Err("the model has no file yet, so that git knows nothing of it".to_owned());
        };
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let git = Repository::around(&target).map_err(|error| error.to_string())?;
        let inside = git.inside(&target).map_err(|error| error.to_string())?;
        let commit = git.commit(name).map_err(|error| match error {
            GitError::NoCommit(_) if name == "HEAD" => "nothing was committed in this repository yet".to_owned(),
            error => error.to_string(),
        })?;
        let label = format!("{} ({})", one_line(name), git.subject(&commit).map_err(|error| error.to_string())?);
        match git.then(&commit, &inside).map_err(|error| error.to_string())?.text {
            Some(text) => understood(&text, &label).map(|model| (label, model)),
            None => Ok((format!("{label}, where there was no such file"), ThreatModel::default())),
        }
    }

    /// What the model can be compared with: the last commit, those that changed its file, branches, tags.
    pub fn offered(&self) -> Result<Vec<Offered>, String> {
        let Some(path) = self.path() else {
            return Err("the model has no file yet, so that git knows nothing of it".to_owned());
        };
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let asked = || -> Result<Vec<Offered>, GitError> {
            let git = Repository::around(&target)?;
            let inside = git.inside(&target)?;
            let rows = |bytes: Option<Vec<u8>>| {
                let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
                let rows = text.lines().filter_map(|line| line.split_once('\t'));
                rows.map(|(name, about)| Offered { name: name.to_owned(), about: about.to_owned() }).collect::<Vec<_>>()
            };
            let mut all = rows(git.ask(&["log", "-n1", "--format=HEAD%x09%h %s", "HEAD", "--"])?);
            let names = "--format=%(refname:short)%09%(objecttype), %(contents:subject)";
            let names = rows(git.ask(&["for-each-ref", NAMES, names, "refs/heads", "refs/remotes", "refs/tags"])?);
            let about = |offered: Offered| Offered { about: offered.about.replacen("commit, ", "", 1), ..offered };
            all.extend(names.into_iter().map(about));
            let path = format!(":(top,literal){inside}");
            let commits = ["log", COMMITS, "--date=short", "--format=%h%x09%ad %an: %s", "HEAD", "--", &path];
            all.extend(rows(git.ask(&commits)?));
            Ok(all)
        };
        asked().map_err(|error| error.to_string())
    }
}

/// Reads a state. Only what makes it no model at all stands in the way.
fn understood(text: &str, label: &str) -> Result<ThreatModel, String> {
    let read = read(text);
    let first = || read.diagnostics.first().map(|d| format!(": {}", d.message)).unwrap_or_default();
    let document = read.document.as_ref().map(|document| document.model().clone());
    document.ok_or_else(|| format!("the model in {} cannot be read{}", one_line(label), first()))
}
