//! The advisory lock beside a model: who has it open. It asks, it does not force: git and editors do not know it.
//! A lock whose process is gone is taken over.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::disk;

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Process number on its host; 0 when the lock cannot be read.
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
    /// The system says no, for example in a folder that may not be written.
    Io(io::Error),
}

impl std::fmt::Display for LockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Held(h) => write!(f, "{} has it open (process {} on {})", h.who, h.pid, h.host),
            Self::Io(error) => write!(f, "it cannot be locked: {error}"),
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
    let who = who.split_whitespace().collect::<Vec<_>>().join(" ");
    let content = format!("{} {} {who}\n", std::process::id(), host());
    for _ in 0..8 {
        match disk::write_new(&path, content.as_bytes()) {
            Ok(()) => {
                disk::sweep(model, is_alive);
                return Ok(Lock { path, content });
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match break_stale(&path) {
                Ok(None) => {}
                Ok(Some(holder)) => return Err(LockError::Held(holder)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(LockError::Io(error)),
            },
            Err(error) => return Err(LockError::Io(error)),
        }
    }
    Err(LockError::Held(Holder { pid: 0, host: String::new(), who: "somebody".to_owned() }))
}

/// Removes the lock if its process is gone; else says who holds it. Two that find the same stale lock cannot remove
/// each other's new one: only who holds the kernel's lock on that very file may remove it.
fn break_stale(path: &Path) -> io::Result<Option<Holder>> {
    let mut file = File::open(path)?;
    let mut text = String::new();
    (&mut file).take(4096).read_to_string(&mut text)?;
    let holder = parse(&text);
    if holder.host != host() || holder.pid == 0 || is_alive(holder.pid) || !is_same(&file, path)? {
        return Ok(Some(holder));
    }
    fs::remove_file(path)?;
    Ok(None)
}

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

fn parse(text: &str) -> Holder {
    let mut words = text.trim_end().splitn(3, ' ');
    let pid = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
    let host = words.next().unwrap_or_default().to_owned();
    Holder { pid, host, who: words.next().filter(|w| !w.is_empty()).unwrap_or("somebody").to_owned() }
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
fn is_alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}

impl Drop for Lock {
    fn drop(&mut self) {
        if fs::read_to_string(&self.path).is_ok_and(|text| text == self.content) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
