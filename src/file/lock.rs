//! The advisory lock beside a model: who has it open. It asks, it does not force: git and editors do not know it.
//! A lock whose process is gone is taken over.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::disk::{self, DiskError};

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Process number on its host.
    pub pid: u32,
    /// Name of the machine.
    pub host: String,
    /// Name of the person.
    pub who: String,
}

/// A lock that is held; it goes when it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    content: String,
}

/// Why a lock was not taken.
#[derive(Debug)]
pub enum LockError {
    /// Somebody holds it.
    Held(Holder),
    /// What is where the lock should be was not written by this program, or only half: what it is instead.
    Strange(&'static str),
    /// The system says no, for example in a folder that may not be written.
    Disk(DiskError),
}

impl std::fmt::Display for LockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Held(h) => write!(f, "{} has it open (process {} on {})", h.who, h.pid, h.host),
            Self::Strange(what) => write!(f, "the lock beside it is {what}"),
            Self::Disk(error) => write!(f, "it cannot be locked: {error}"),
        }
    }
}

impl std::error::Error for LockError {}

/// Where the lock of a model is.
pub fn path_of(model: &Path) -> PathBuf {
    let name = model.file_name().unwrap_or_default().to_string_lossy();
    model.with_file_name(format!(".{name}.lock"))
}

/// Takes the lock of a model for `who`.
pub fn take(model: &Path, who: &str) -> Result<Lock, LockError> {
    let path = path_of(model);
    let who: String = who.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "");
    let who: String = if who.is_empty() { "somebody".to_owned() } else { who.chars().take(200).collect() };
    let content = format!("{} {} {who}\n", std::process::id(), host());
    for _ in 0..8 {
        match disk::write_new(&path, content.as_bytes()) {
            Ok(()) => {
                disk::sweep(model, is_alive);
                return Ok(Lock { path, content });
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => break_stale(&path)?,
            Err(error) => return Err(LockError::Disk(DiskError::of_writing(model, error))),
        }
    }
    Err(LockError::Strange("taken and given back by others all the time"))
}

/// Removes the lock if its process is gone; else says who holds it. Two that find the same stale lock cannot remove
/// each other's new one: only who holds the kernel's lock on that very file may remove it.
fn break_stale(path: &Path) -> Result<(), LockError> {
    let gone_is_fine = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(LockError::Strange("a file that cannot be read or removed")),
    };
    let Ok(about) = path.symlink_metadata() else { return Ok(()) };
    if about.is_dir() {
        return Err(LockError::Strange("a folder"));
    }
    if !about.is_file() {
        return Err(LockError::Strange("no plain file"));
    }
    let mut file = match disk::options().read(true).open(path) {
        Ok(file) => file,
        Err(error) => return gone_is_fine(error),
    };
    let mut bytes = Vec::new();
    if let Err(error) = (&mut file).take(LONGEST).read_to_end(&mut bytes) {
        return gone_is_fine(error);
    }
    let holder = parse(&bytes).ok_or(LockError::Strange("a file that sconce did not write"))?;
    if holder.host != host() || is_alive(holder.pid) || !is_same(&file, path).unwrap_or(false) {
        return Err(LockError::Held(holder));
    }
    fs::remove_file(path).or_else(gone_is_fine)
}

/// No lock has as many bytes.
const LONGEST: u64 = 4096;

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use rustix::fs::{FlockOperation, flock};
    use std::os::unix::fs::MetadataExt as _;
    if flock(file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(false);
    }
    let (ours, there) = (file.metadata()?, fs::metadata(path)?);
    Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino()))
}

/// Without that lock of the kernel a stale lock is left to people.
#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Who wrote a lock: one line with process, host and name. `None` when it is no such line.
fn parse(bytes: &[u8]) -> Option<Holder> {
    let line = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let mut words = line.splitn(3, ' ');
    let pid = words.next()?.parse().ok().filter(|pid| *pid > 0)?;
    let (host, who) = (words.next()?.to_owned(), words.next()?.to_owned());
    let is_plain = !line.contains(char::is_control) && !host.is_empty() && !who.is_empty();
    is_plain.then_some(Holder { pid, host, who })
}

/// The name of this machine, without spaces.
fn host() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    if name.is_empty() { "localhost".to_owned() } else { name }
}

/// Whether a process of this machine runs. One that may not be asked does.
#[cfg(unix)]
pub(super) fn is_alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
pub(super) fn is_alive(_: u32) -> bool {
    true
}

impl Drop for Lock {
    fn drop(&mut self) {
        if fs::read_to_string(&self.path).is_ok_and(|text| text == self.content) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
