//! Why a file was not opened or not saved: each with the place, the reason and the way out, in plain words.
//! It reads and writes nothing; it only asks whether a folder or a link is there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{LARGEST, folder_of};
use crate::diagnostic::{At, Diagnostic};

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
    pub(in crate::file) fn of_writing(path: &Path, error: io::Error) -> Self {
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

    /// What an error means that came of reading a path.
    pub(in crate::file) fn of(path: &Path, error: io::Error) -> Self {
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
        io::ErrorKind::IsADirectory => ("this is a directory", "name a file in it"),
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
