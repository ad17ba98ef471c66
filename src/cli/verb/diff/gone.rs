//! A model that is in no work tree any more: where it was, so that `diff` can tell that it is gone. What it said then is
//! read where all others are.

use std::path::{Path, PathBuf};

use super::{failed, resolved};
use crate::cli::context::{Context, Exit, Failure};
use crate::diagnostic::inert::one_line;
use crate::review::git::{GitError, Repository};

/// The file that a comparison is about: the one named, else the only one here, else the only one that the commit had
/// and that is gone.
pub(super) fn model_file(context: &Context, named: Option<PathBuf>, commit: &str) -> Result<PathBuf, Failure> {
    let nobody = match context.model_file(named) {
        Ok(path) => return Ok(path),
        Err(nobody) => nobody,
    };
    // Several models, or no repository: what was said first is what is in the way.
    if Repository::is_nothing(commit) || context.model_files(Vec::new()).is_ok() {
        return Err(nobody);
    }
    let Ok(git) = Repository::around(&context.folder) else { return Err(nobody) };
    let commit = resolved(&git, commit, Path::new("*.tm.ron"))?;
    let listed = git.need(&["ls-tree", "-r", "--name-only", "-z", &commit]).map_err(|error| failed(&error))?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let is_gone =
        |name: &&str| git.top().join(name).symlink_metadata().is_err() && moved(&git, &commit, name).is_none();
    let gone: Vec<&str> = listed.split('\0').filter(|name| name.ends_with(".tm.ron")).filter(is_gone).collect();
    match gone.as_slice() {
        [] => Err(nobody),
        [one] => Ok(git.top().join(one)),
        several => {
            let list: Vec<String> = several.iter().take(8).map(|name| one_line(name)).collect();
            let message = "no model is here any more, and there were several; name one of them:";
            Err(Failure::new(Exit::Usage, format!("{message}\n  {}", list.join("\n  "))))
        }
    }
}

/// What a file of a commit is called in the work tree, where git sees that it was renamed.
pub(super) fn moved(git: &Repository, commit: &str, file: &str) -> Option<String> {
    let asked = ["diff", "--find-renames", "--diff-filter=R", "--name-status", "-z", commit, "--"];
    let renames = git.ask(&asked).ok().flatten()?;
    let text = String::from_utf8_lossy(&renames).into_owned();
    // A mark, the name there, and the name here.
    let mut parts = text.split('\0').skip(1);
    while let (Some(then), Some(now)) = (parts.next(), parts.next()) {
        if then == file {
            return Some(now.to_owned());
        }
        parts.next();
    }
    None
}

/// The repository of a file, and what the file is called in it. The file may be gone, and the folders that it was in.
pub(super) fn place(path: &Path) -> Result<(Repository, String), GitError> {
    if path.exists() {
        let git = Repository::around(path)?;
        // What a link leads to is in the history; the link itself says only where.
        let inside = git.inside(&path.canonicalize().unwrap_or_else(|_| path.to_owned()))?;
        return Ok((git, inside));
    }
    let here = |folder: &Path| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
    let there =
        path.ancestors().skip(1).map(here).find(|folder| folder.is_dir()).unwrap_or_else(|| here(Path::new("")));
    let git = Repository::around(&there)?;
    let rest = path.strip_prefix(&there).unwrap_or(path);
    let mut parts = rest.components().map(std::path::Component::as_os_str);
    let first = git.inside(&there.join(parts.next().unwrap_or_default()))?;
    let whole = parts.fold(first, |name, part| format!("{name}/{}", part.to_string_lossy()));
    Ok((git, whole))
}
