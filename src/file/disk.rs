//! Files on disk: opening what may be hostile, saving so that nothing is ever lost.
//! It knows bytes and paths; what stands in them is for the rest of the room.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::LARGEST;
use crate::diagnostic::{At, Diagnostic};

/// SHA-256 of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// As 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        self.0.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What is in it.
    pub text: String,
    /// The path as it was given.
    pub path: PathBuf,
    /// Where it really is, symbolic links followed; saves go there.
    pub target: PathBuf,
    /// What was in it when it was last read or saved.
    pub fingerprint: Fingerprint,
}

/// Why a file cannot be opened.
#[derive(Debug)]
pub enum DiskError {
    /// Nothing is there.
    Missing(PathBuf),
    /// It is a directory.
    Directory(PathBuf),
    /// It is a pipe, a socket or a device.
    NotAFile(PathBuf),
    /// It is larger than [`LARGEST`]; the size in bytes.
    TooLarge(PathBuf, u64),
    /// It may not be read.
    Denied(PathBuf),
    /// Nothing may be written in its folder.
    Closed(PathBuf),
    /// There is no such folder as it would be in, this one.
    NoFolder(PathBuf, PathBuf),
    /// It is a symbolic link to something that is not there; to what.
    Broken(PathBuf, PathBuf),
    /// A symbolic link in the path, this one, leads out of the repository; where to.
    Outside(PathBuf, PathBuf, PathBuf),
    /// It is not UTF-8; the first byte that is wrong, and its line from 1.
    NotUtf8(PathBuf, usize, usize),
    /// It is UTF-16; in which byte order.
    Utf16(PathBuf, &'static str),
    /// It exists already.
    Exists(PathBuf),
    /// The system says no.
    Io(PathBuf, io::Error),
}

impl DiskError {
    fn parts(&self) -> (&'static str, &Path, String, &'static str) {
        match self {
            Self::Missing(p) => ("no-file", p, "there is no such file".into(), "check the path"),
            Self::Directory(p) => ("not-a-file", p, "this is a directory".into(), "name a file in it"),
            Self::NotAFile(p) => ("not-a-file", p, "this is a pipe, socket or device".into(), "name a plain file"),
            Self::TooLarge(p, n) => (
                "too-large",
                p,
                format!("it has {} MiB; {} MiB are the most", n >> 20, LARGEST >> 20),
                "split the model",
            ),
            Self::Denied(p) => ("no-permission", p, "it may not be read".into(), "check its permissions"),
            Self::Closed(p) => {
                let message = "nothing may be written in its folder".into();
                ("no-permission", p, message, "choose another folder, or check the permissions of this one")
            }
            Self::NoFolder(p, folder) => {
                ("no-file", p, format!("there is no folder {}", folder.display()), "make it first, or choose another")
            }
            Self::Broken(p, to) => {
                let message = format!("this is a link to {}, which does not exist", to.display());
                ("no-file", p, message, "delete the link, or put a file where it leads")
            }
            Self::Outside(p, link, to) => {
                let link = if link == p { String::new() } else { format!(" {}", link.display()) };
                let message = format!("the link{link} leads out of the repository, to {}", to.display());
                ("outside-repository", p, message, "name a file in the repository, or copy the file into it")
            }
            Self::NotUtf8(p, byte, line) => {
                let message = format!("line {line} is not UTF-8 at byte {byte}; perhaps it is Latin-1 or Windows-1252");
                ("not-utf8", p, message, "save it as UTF-8, with an editor or with `iconv -f WINDOWS-1252 -t UTF-8`")
            }
            Self::Utf16(p, order) => {
                let message = format!("the text is encoded as UTF-16, {order}, which is not read");
                ("not-utf8", p, message, "save it as UTF-8, with an editor or with `iconv -f UTF-16 -t UTF-8`")
            }
            Self::Exists(p) => ("file-exists", p, "it exists already".into(), "choose another name"),
            Self::Io(p, error) => {
                let (message, help) = plain(error);
                ("io-error", p, message, help)
            }
        }
    }

    /// As something to tell the user; the file itself was never open.
    pub fn diagnostic(&self) -> Diagnostic {
        let (code, path, message, help) = self.parts();
        Diagnostic::error(code, At::File, format!("{}: {message}", path.display())).help(help)
    }

    /// What is wrong and the way out, without the path.
    pub fn words(&self) -> (String, &'static str) {
        let (_, _, message, help) = self.parts();
        (message, help)
    }

    /// Whether there was no room: that may pass, and nothing is wrong with the file or the folder.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Io(_, e) if matches!(e.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }

    /// What an error means that came of writing beside a path.
    pub(super) fn of_writing(path: &Path, error: io::Error) -> Self {
        let folder = folder_of(path);
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Closed(path.to_owned()),
            io::ErrorKind::NotFound if !folder.exists() => Self::NoFolder(path.to_owned(), folder.to_owned()),
            io::ErrorKind::AlreadyExists if !path.exists() => Self::broken(path),
            _ => Self::of(path, error),
        }
    }

    /// What a path is that leads to nothing.
    fn broken(path: &Path) -> Self {
        match fs::read_link(path) {
            Ok(to) => Self::Broken(path.to_owned(), to),
            Err(_) => Self::Missing(path.to_owned()),
        }
    }

    fn of(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::broken(path),
            io::ErrorKind::PermissionDenied => Self::Denied(path.to_owned()),
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            io::ErrorKind::IsADirectory => Self::Directory(path.to_owned()),
            _ => Self::Io(path.to_owned(), error),
        }
    }
}

/// What the system says, in plain words, and the way out.
pub fn plain(error: &io::Error) -> (String, &'static str) {
    #[cfg(unix)]
    if rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP) {
        return (
            "this link leads to itself, or through too many links".into(),
            "delete the link, or name the file itself",
        );
    }
    let (message, help) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ("there is no room left on the disk", "make room, then try again")
        }
        io::ErrorKind::PermissionDenied => ("it is not permitted", "check the permissions"),
        io::ErrorKind::NotFound => ("its folder cannot be made", "check the path"),
        io::ErrorKind::ReadOnlyFilesystem => ("this disk can only be read", "save in another folder"),
        io::ErrorKind::NotADirectory => ("a part of this path is a file, not a folder", "check the path"),
        io::ErrorKind::InvalidFilename => ("this name is too long, or not allowed here", "choose another name"),
        io::ErrorKind::InvalidInput => ("this path cannot be the name of a file", "check the path"),
        io::ErrorKind::ResourceBusy => ("another program is using it", "close that program, then try again"),
        io::ErrorKind::StaleNetworkFileHandle => ("the network drive lost it", "connect the drive again"),
        _ => {
            let said = error.to_string();
            let said = said.split(" (os error").next().unwrap_or("");
            return (format!("the system refuses: {}", said.to_lowercase()), "check the disk and the path");
        }
    };
    (message.into(), help)
}

impl std::fmt::Display for DiskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (_, path, message, help) = self.parts();
        write!(f, "{}: {message}; {help}", path.display())
    }
}

impl std::error::Error for DiskError {}

/// Why a file was not saved. Nothing was written.
#[derive(Debug)]
pub enum SaveError {
    /// Somebody else changed the file since it was read.
    Changed(Box<Changed>),
    /// Somebody else deleted or moved the file since it was read.
    Gone(PathBuf),
    /// The file is marked read-only.
    ReadOnly(PathBuf),
    /// The system says no.
    Disk(DiskError),
}

/// A file that is not what was read.
#[derive(Debug)]
pub struct Changed {
    /// Which file.
    pub path: PathBuf,
    /// Its text now.
    pub now: String,
}

impl std::fmt::Display for SaveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed(changed) => {
                let path = changed.path.display();
                write!(f, "{path}: somebody else changed it since it was read; read it again, or save under a new name")
            }
            Self::Gone(path) => {
                let path = path.display();
                write!(f, "{path}: somebody else removed it since it was read; put it back, or save under a new name")
            }
            Self::ReadOnly(path) => {
                write!(f, "{}: it is marked read-only; make it writable, or save under a new name", path.display())
            }
            Self::Disk(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SaveError {}

/// Opens and reads a file without ever waiting for it. A link in a repository is followed only to what is in it.
pub fn open(path: &Path) -> Result<Opened, DiskError> {
    stays_inside(path)?;
    let target = path.canonicalize().map_err(|error| DiskError::of(path, error))?;
    let text = read_plain(path, &target)?;
    let fingerprint = Fingerprint::of(&text);
    Ok(Opened { text, path: path.to_owned(), target, fingerprint })
}

/// Refuses a path in which a link that lies in a repository leads out of it, be it the file or a folder on the way. A
/// repository that is itself reached by a link is none the worse for it.
fn stays_inside(path: &Path) -> Result<(), DiskError> {
    let whole = std::path::absolute(path).map_err(|error| DiskError::of(path, error))?;
    let whole_parts = whole.components().count();
    let mut at = PathBuf::new();
    for (n, part) in whole.components().enumerate() {
        if part == Component::ParentDir {
            at.pop();
            continue;
        }
        let link = at.join(part);
        if !link.is_symlink() {
            at = link;
            continue;
        }
        // A link to nothing leads nowhere; who uses the path will find out.
        let Ok(to) = link.canonicalize() else { return Ok(()) };
        let root = at.ancestors().find(|folder| folder.join(".git").exists()).and_then(|r| r.canonicalize().ok());
        if root.is_some_and(|root| !to.starts_with(root)) {
            let link = if n + 1 == whole_parts { path.to_owned() } else { link };
            return Err(DiskError::Outside(path.to_owned(), link, to));
        }
        at = to;
    }
    Ok(())
}

fn read_plain(path: &Path, target: &Path) -> Result<String, DiskError> {
    let fail = |error| DiskError::of(path, error);
    check(path, &fs::metadata(target).map_err(fail)?)?;
    let file = options().read(true).open(target).map_err(fail)?;
    // Looked at again: what the path leads to may have changed in between.
    let about = file.metadata().map_err(fail)?;
    check(path, &about)?;
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() > LARGEST {
        return Err(DiskError::TooLarge(path.to_owned(), bytes.len() as u64));
    }
    if let Some(order) = utf16(&bytes) {
        return Err(DiskError::Utf16(path.to_owned(), order));
    }
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..byte].split(|b| *b == b'\n').count();
        DiskError::NotUtf8(path.to_owned(), byte, line)
    })
}

/// The byte order of a text in UTF-16, with or without its mark.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some("low byte first"),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some("high byte first"),
        _ => None,
    }
}

fn check(path: &Path, about: &fs::Metadata) -> Result<(), DiskError> {
    if about.is_dir() {
        Err(DiskError::Directory(path.to_owned()))
    } else if !about.is_file() {
        Err(DiskError::NotAFile(path.to_owned()))
    } else if about.len() > LARGEST as u64 {
        Err(DiskError::TooLarge(path.to_owned(), about.len()))
    } else {
        Ok(())
    }
}

/// Options that neither wait for a pipe nor follow a last link.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    options
}

/// Replaces the file by a text in one step: a crash leaves the old text or the new one. Refused when the file is not
/// what was last read or saved.
pub fn save(opened: &mut Opened, text: &str) -> Result<(), SaveError> {
    let target = opened.target.clone();
    unchanged(opened)?;
    let about = fs::metadata(&target).map_err(|e| SaveError::Disk(DiskError::of(&target, e)))?;
    if about.permissions().readonly() {
        return Err(SaveError::ReadOnly(target));
    }
    let fail = |error| SaveError::Disk(DiskError::of_writing(&target, error));
    let temporary = Temporary::write(&target, text.as_bytes(), Some(about.permissions())).map_err(fail)?;
    unchanged(opened)?;
    temporary.replace(&target).map_err(fail)?;
    text.clone_into(&mut opened.text);
    opened.fingerprint = Fingerprint::of(text);
    Ok(())
}

/// Whether a file is still what was last read or saved.
pub fn unchanged(opened: &Opened) -> Result<(), SaveError> {
    match read_plain(&opened.path, &opened.target) {
        Ok(now) if Fingerprint::of(&now) == opened.fingerprint => Ok(()),
        Ok(now) => Err(SaveError::Changed(Box::new(Changed { path: opened.path.clone(), now }))),
        Err(_) if !opened.target.exists() => Err(SaveError::Gone(opened.path.clone())),
        // What cannot be read is not what was read, be it that somebody wrote Latin-1 or made a folder of it.
        Err(error) => Err(SaveError::Disk(error)),
    }
}

/// Writes a file that must not exist yet.
pub fn create(path: &Path, text: &str) -> Result<Opened, DiskError> {
    stays_inside(path)?;
    write_new(path, text.as_bytes()).map_err(|e| DiskError::of_writing(path, e))?;
    open(path)
}

/// Writes a file again that is gone, where it was.
pub fn restore(opened: &mut Opened, text: &str) -> Result<(), SaveError> {
    let fail = |error| SaveError::Disk(DiskError::of_writing(&opened.target, error));
    write_new(&opened.target, text.as_bytes()).map_err(fail)?;
    text.clone_into(&mut opened.text);
    opened.fingerprint = Fingerprint::of(text);
    Ok(())
}

/// Makes a file appear with its whole content, or fails when there is one.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let temporary = Temporary::write(path, bytes, None)?;
    match fs::hard_link(&temporary.path, path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => {
            // A file system without hard links: the name is taken first, then the content.
            let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
            file.write_all(bytes)?;
            file.sync_all()
        }
        result => result.and_then(|()| sync_folder(path)),
    }
}

/// A file beside another one; it goes when it is dropped.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn write(beside: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = beside.file_name().unwrap_or_default().to_string_lossy();
        let path = beside.with_file_name(format!(".{name}.{}-{count}.tmp", std::process::id()));
        let mut file = match options().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Left by a process that had our number before and is gone.
                fs::remove_file(&path)?;
                options().write(true).create_new(true).open(&path)?
            }
            result => result?,
        };
        let temporary = Self { path };
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    fn replace(self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        sync_folder(target)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename nothing is there any more; a file that cannot be removed does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

/// Replaces a file of our own that nobody else writes.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Temporary::write(path, bytes, None)?.replace(path)
}

/// Removes temporary files that crashed processes left beside a file.
pub(super) fn sweep(beside: &Path, is_alive: impl Fn(u32) -> bool) {
    let Some(name) = beside.file_name().map(|n| n.to_string_lossy().into_owned()) else { return };
    for entry in fs::read_dir(folder_of(beside)).into_iter().flatten().flatten() {
        let found = entry.file_name();
        let middle = found
            .to_str()
            .and_then(|n| n.strip_prefix('.')?.strip_prefix(&*name)?.strip_prefix('.')?.strip_suffix(".tmp"));
        let pid = middle.and_then(|m| m.split_once('-')).and_then(|(pid, _)| pid.parse().ok());
        if pid.is_some_and(|pid: u32| !is_alive(pid)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a rename last. Only Unix can open a folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}

/// The folder that a path is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
