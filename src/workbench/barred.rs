//! Why a model may be looked at only: in a few words for a lasting mark, in a sentence, and with the way out.
//! It decides nothing and shows nothing.

use std::path::PathBuf;

use crate::file::lock::Holder;

/// What keeps a model from being changed where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The file has a newer minor format, this one: saving would lose what this program does not know.
    Newer(String),
    /// The file is marked read-only.
    Marked(PathBuf),
    /// Somebody else has it open; where the lock is that says so.
    Held(Holder, PathBuf),
    /// What is where the lock should be, this path, was not written by sconce; what it is.
    Strange(PathBuf, &'static str),
    /// There is no room on its disk.
    Full,
    /// Nothing can be written beside the file: why, and what can be done about it.
    Folder(String, &'static str),
}

impl Barred {
    /// Whether it may pass while the model is open.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Full | Self::Strange(..) | Self::Folder(..))
    }

    /// A mark for the header.
    pub fn mark(&self) -> String {
        match self {
            Self::Newer(format) => format!("read-only: newer format {format}"),
            Self::Marked(_) => "read-only: so marked on disk".to_owned(),
            Self::Held(holder, _) => {
                let name: String = holder.who.chars().take(16).collect();
                format!("read-only: {name} has it open")
            }
            Self::Strange(..) => "read-only: strange lock file".to_owned(),
            Self::Full => "read-only: disk is full".to_owned(),
            Self::Folder(..) => "read-only: folder not writable".to_owned(),
        }
    }

    /// Why it may be looked at only, without a full stop.
    pub fn why(&self) -> String {
        match self {
            Self::Newer(format) => {
                format!("the file has format {format}; this sconce cannot save that without losing what is new in it")
            }
            Self::Marked(path) => format!("{} is marked read-only on disk", path.display()),
            Self::Held(holder, _) => {
                let Holder { pid, host, who } = holder;
                format!("{who} has it open (process {pid} on {host})")
            }
            Self::Strange(lock, what) => {
                format!("{}, the lock that says who has it open, is {what}", lock.display())
            }
            Self::Full => "there is no room left on its disk".to_owned(),
            Self::Folder(why, _) => format!("it cannot be locked: {why}"),
        }
    }

    /// What can be done about it, each as a sentence without a full stop.
    pub fn ways_out(&self) -> Vec<String> {
        let copy = "to go on in a file of another name, save it there first (command save-as)";
        match self {
            Self::Newer(_) => vec!["to change it, use a newer sconce".to_owned()],
            Self::Marked(path) => {
                vec![
                    copy.to_owned(),
                    format!("to change it here, run `chmod u+w {}` and open it again", path.display()),
                ]
            }
            Self::Held(_, lock) => vec![
                copy.to_owned(),
                "to change it here, wait until it is closed there, and open it again".to_owned(),
                format!("if nobody has it open any more, remove {} and open it again", lock.display()),
            ],
            Self::Strange(lock, _) => vec![
                copy.to_owned(),
                format!("to change it here, make sure that nobody has it open, remove {}, and go on", lock.display()),
            ],
            Self::Full => vec!["make room, then go on here: it is tried anew".to_owned(), copy.to_owned()],
            Self::Folder(_, help) => vec![copy.to_owned(), format!("to change it here, {help}")],
        }
    }
}
