//! Notes under a ref of our own, which lie beside commits and change none. What stands in them is for others to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::ops::ControlFlow;

use super::{Answer, GitError, Repository, command, failed_to_run, line, said};

/// Where the notes are: a ref of their own, that nobody fetches or pushes by accident.
const REF: &str = "refs/notes/sconce";
/// The file of the repository that runs which write a note at the same time wait for each other at: git itself lets the
/// last one win.
const LOCK: &str = "sconce-notes.lock";

/// Whom a note is by where nobody has set up a name for git, as in jobs of CI.
const NOBODY: [(&str, &str); 4] = [
    ("GIT_AUTHOR_NAME", "sconce"),
    ("GIT_AUTHOR_EMAIL", "sconce@localhost"),
    ("GIT_COMMITTER_NAME", "sconce"),
    ("GIT_COMMITTER_EMAIL", "sconce@localhost"),
];

impl Repository {
    /// Appends a line to our note at a commit.
    pub fn append_note(&self, commit: &str, text: &str) -> Answer<()> {
        let _held = self.lock_notes()?;
        let mut git = command(&self.top);
        git.args(["notes", "--ref", REF, "append", "-m", text, commit]);
        if self.ask(&["var", "GIT_COMMITTER_IDENT"])?.is_none() {
            git.envs(NOBODY);
        }
        let asked = git.output().map_err(|error| failed_to_run(&error))?;
        if asked.status.success() { Ok(()) } else { Err(GitError::Failed(said(&asked.stderr))) }
    }

    /// Our notes at all commits, by commit: also at those that no branch has any more, as a merge may have made one
    /// commit of them.
    pub fn notes(&self) -> Answer<Vec<(String, String)>> {
        let listed = self.need(&["notes", "--ref", REF, "list"])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        // `<note> <commit>`
        let pairs: Vec<(&str, &str)> = listed.lines().filter_map(|row| row.split_once(' ')).collect();
        let ids: BTreeSet<String> = pairs.iter().map(|(note, _)| (*note).to_owned()).collect();
        let mut texts = BTreeMap::new();
        self.blobs(&ids.into_iter().collect::<Vec<_>>(), |id, text| {
            texts.insert(id.to_owned(), text);
            ControlFlow::Continue(())
        })?;
        let mut notes: Vec<(String, String)> = pairs
            .into_iter()
            .filter_map(|(note, commit)| Some((commit.to_owned(), texts.get(note)?.clone())))
            .collect();
        notes.sort();
        Ok(notes)
    }

    /// Waits until no other run writes a note into this repository.
    fn lock_notes(&self) -> Answer<File> {
        let folder = self.top.join(line(&self.need(&["rev-parse", "--git-common-dir"])?));
        let failed = |error: std::io::Error| GitError::Failed(error.to_string());
        let file = File::options().create(true).append(true).open(folder.join(LOCK)).map_err(failed)?;
        match file.lock() {
            // A file system that knows no locks: what git does by itself has to be enough.
            Err(error) if error.kind() != std::io::ErrorKind::Unsupported => Err(failed(error)),
            _ => Ok(file),
        }
    }
}
