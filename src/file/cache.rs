//! What was computed once and can be computed again, kept outside the repository: one file for each thing that it is
//! about. Nothing depends on it: what cannot be read is as if it were not there, and what cannot be written is not kept.
//! It does not know what the texts say, and so not whether one is still right.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::disk;
use super::journal::create_private;
use super::lock::is_alive;

/// The end of the names of our files.
const END: &str = ".cache";
/// A larger file is not read, and not written.
const LARGEST: usize = 32 << 20;
/// So many files of a kind are kept, those that were written last.
const MOST: usize = 32;

/// The folder for them: `SCONCE_CACHE_DIR`, else where the system keeps what programs can make again. `None` when there
/// is no home directory.
pub fn cache_dir() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("SCONCE_CACHE_DIR").filter(|v| !v.is_empty()) {
        return Some(folder.into());
    }
    Some(directories::ProjectDirs::from("", "", "sconce")?.cache_dir().to_owned())
}

/// What is kept of one kind about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
    path: PathBuf,
}

impl Cache {
    /// The place of what is kept about a file.
    pub fn new(cache: &Path, kind: &str, about: &Path) -> Self {
        let whole = about.canonicalize().unwrap_or_else(|_| about.to_owned());
        let name = crate::model::id::base32(whole.to_string_lossy().as_bytes(), 26);
        let folder = cache.join(kind);
        Self { path: folder.join(name + END), folder }
    }

    /// What was kept.
    pub fn read(&self) -> Option<String> {
        let file = disk::options().read(true).open(&self.path).ok()?;
        file.metadata().ok().filter(|about| about.is_file() && about.len() <= LARGEST as u64)?;
        let mut text = String::new();
        file.take(LARGEST as u64).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// Keeps a text instead, in one step; older files of the kind go where there are too many.
    pub fn write(&self, text: &str) {
        let small = text.len() <= LARGEST;
        if small && create_private(&self.folder).is_ok() && disk::replace(&self.path, text.as_bytes()).is_ok() {
            disk::sweep(&self.path, is_alive);
            self.prune();
        }
    }

    fn prune(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let ours = entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| name.ends_with(END)));
        let mut all: Vec<_> =
            ours.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
        all.sort();
        let too_many = all.len().saturating_sub(MOST);
        for (_, path) in all.into_iter().take(too_many).filter(|(_, path)| *path != self.path) {
            let _ = fs::remove_file(path);
        }
    }
}
