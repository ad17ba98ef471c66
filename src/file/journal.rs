//! The recovery journal: what was not saved yet, kept outside the repository until it is. Each record is the whole
//! text, so that the last whole record is all that recovery needs. A sitting never writes into a journal that an earlier
//! one left: that goes only when somebody has decided about it. It is no history and no backup of saved files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::disk::{self, Fingerprint};

/// A journal is written anew, with its last record only, when it has grown beyond this and four records.
const BOUND: u64 = 1 << 20;

/// What a crash left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The text after the last step.
    pub text: String,
    /// When that was, in the unit that [`Journal::append`] was given.
    pub when: i64,
    /// Whether the file on disk is still the one that the steps started from.
    pub same_base: bool,
    /// The journal that holds it.
    pub path: PathBuf,
}

/// The journal of one open model.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    base: Fingerprint,
    file: Option<File>,
    length: u64,
}

/// The folder for journals: `SCONCE_STATE_DIR`, else where the system keeps the state of programs. `None` when there
/// is no home directory.
pub fn state_dir() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("SCONCE_STATE_DIR").filter(|v| !v.is_empty()) {
        return Some(folder.into());
    }
    let folders = directories::ProjectDirs::from("", "", "sconce")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
}

/// Where the journals of a model are, and what their names begin with.
fn place_of(state: &Path, model: &Path) -> (PathBuf, String) {
    let whole = model.canonicalize().unwrap_or_else(|_| model.to_owned());
    (state.join("journal"), crate::model::id::base32(whole.to_string_lossy().as_bytes(), 26))
}

impl Journal {
    /// A journal of its own for a model whose file has this fingerprint: one that holds nothing that is wanted. Nothing
    /// is written before the first record.
    pub fn new(state: &Path, model: &Path, base: Fingerprint) -> Self {
        let (folder, name) = place_of(state, model);
        let left: Vec<PathBuf> = left(state, model, base).into_iter().map(|r| r.path).collect();
        let numbered = (2_u32..).map(|n| folder.join(format!("{name}-{n}.journal")));
        let mut paths = std::iter::once(folder.join(format!("{name}.journal"))).chain(numbered);
        let path = paths.find(|path| !left.contains(path)).unwrap_or_default();
        Self { path, base, file: None, length: 0 }
    }

    /// Where it is, or will be with the first record.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes its folder; fails where none can be.
    pub fn prepare(&self) -> io::Result<()> {
        self.path.parent().map_or(Ok(()), create_private)
    }

    /// Whether it has a record, be it not of the last step.
    pub fn has_record(&self) -> bool {
        self.length > 0
    }

    /// Records the text after a step, and returns when it is on disk. `when` is seconds since 1970.
    pub fn append(&mut self, text: &str, when: i64) -> io::Result<()> {
        let head = format!("sconce-journal 1 {} {when} {}", text.len(), self.base.hex());
        let sum = Fingerprint::of_parts([&head, "\n", text]).hex();
        let record = [&head, " ", &sum, "\n", text, "\n"].concat();
        if self.length + record.len() as u64 > BOUND + 4 * record.len() as u64 || self.file.is_none() {
            return self.start(record.as_bytes());
        }
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.write_all(record.as_bytes())?;
        file.sync_data()?;
        // Only now: behind a record that is not whole, none would be found. After a failure the journal starts over.
        self.file = Some(file);
        self.length += record.len() as u64;
        Ok(())
    }

    /// Starts over with one record.
    fn start(&mut self, record: &[u8]) -> io::Result<()> {
        self.prepare()?;
        disk::replace(&self.path, record)?;
        self.file = Some(OpenOptions::new().append(true).open(&self.path)?);
        self.length = record.len() as u64;
        Ok(())
    }

    /// The text was saved, or is not wanted: the journal goes. `base` is the fingerprint of the file now.
    pub fn clear(&mut self, base: Fingerprint) -> io::Result<()> {
        self.base = base;
        self.file = None;
        self.length = 0;
        remove(&self.path)
    }
}

/// Removes a journal that somebody has decided about.
pub fn remove(journal: &Path) -> io::Result<()> {
    match fs::remove_file(journal) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes a folder that nobody else can look into.
pub(super) fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What the journals of a model hold, the latest first: of each the last whole record, unless it is what the file says
/// already.
pub fn left(state: &Path, model: &Path, base: Fingerprint) -> Vec<Recovered> {
    let (folder, name) = place_of(state, model);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_ours = |found: &str| {
        let number = found.strip_prefix(&*name).and_then(|rest| rest.strip_suffix(".journal"));
        number.is_some_and(|n| n.is_empty() || n.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()))
    };
    let paths = entries.filter(|e| e.file_name().to_str().is_some_and(is_ours)).map(|e| e.path());
    let mut all: Vec<Recovered> = paths.filter_map(|path| last_of(path, base)).collect();
    all.sort_by(|a, b| b.when.cmp(&a.when).then_with(|| a.path.cmp(&b.path)));
    all
}

/// The last whole record of a journal.
fn last_of(path: PathBuf, base: Fingerprint) -> Option<Recovered> {
    let bytes = fs::read(&path).ok()?;
    let mut rest = bytes.as_slice();
    let mut last = None;
    while let Some((recovered, behind)) = record(rest, base) {
        last = Some(recovered);
        rest = behind;
    }
    last.filter(|r| Fingerprint::of(&r.text) != base).map(|r| Recovered { path, ..r })
}

/// The first record of some bytes, if it is whole, and what is behind it.
fn record(bytes: &[u8], base: Fingerprint) -> Option<(Recovered, &[u8])> {
    let end = bytes.iter().take(512).position(|b| *b == b'\n')?;
    let (head, sum) = std::str::from_utf8(&bytes[..end]).ok()?.rsplit_once(' ')?;
    let mut words = head.strip_prefix("sconce-journal 1 ")?.split(' ');
    let length: usize = words.next()?.parse().ok()?;
    let when = words.next()?.parse().ok()?;
    let same_base = words.next()? == base.hex();
    let stop = (end + 1).checked_add(length)?;
    let text = std::str::from_utf8(bytes.get(end + 1..stop)?).ok()?;
    let whole = bytes.get(stop) == Some(&b'\n') && Fingerprint::of_parts([head, "\n", text]).hex() == sum;
    whole.then(|| (Recovered { text: text.to_owned(), when, same_base, path: PathBuf::new() }, &bytes[stop + 1..]))
}
