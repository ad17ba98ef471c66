//! A team's own rules on disk: finding their folder, `.sconce/rules`, and reading the texts in it, which come with a
//! pull request and may be hostile. What the texts mean is for `rules`; nothing is ever executed or written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, DiskError};
use crate::diagnostic::inert::is_hazard;
use crate::diagnostic::{At, Diagnostic, InFile, Span};

/// Where a team's own rules are, from the root of its repository or from the folder of a model.
pub const FOLDER: &str = ".sconce/rules";
/// The most bytes of one text.
const LARGEST_TEXT: u64 = 1 << 20;
/// The most texts.
const MOST_TEXTS: usize = 2000;
/// The most bytes of all texts.
const LARGEST_ALL: usize = 16 << 20;

/// The texts of a team's own rules.
#[derive(Debug)]
pub struct Folder {
    /// Where it is, from the root of the repository.
    pub name: String,
    /// The texts, by name.
    pub texts: Vec<Text>,
}

/// One text.
#[derive(Clone, Debug)]
pub struct Text {
    /// Where it is, from the root of the repository.
    pub name: String,
    /// The folder in the team's folder that it is in; `None` for one beside these.
    pub pack: Option<String>,
    /// The name of the file without `.ron`.
    pub stem: String,
    /// What is in it.
    pub text: Arc<str>,
}

/// Reads the team's rules that count for the models in a folder: those of the nearest folder that has any, from this
/// one up to the root of the repository, never beyond. Without a repository only the folder itself counts.
pub fn read(beside: &Path) -> Result<Option<Folder>, Vec<InFile>> {
    let beside = beside.canonicalize().map_err(|error| vec![refused(FOLDER, &DiskError::of(beside, error))])?;
    let root = beside.ancestors().find(|folder| folder.join(".git").exists());
    let mut reader = Reader {
        root: root.unwrap_or(&beside).to_owned(),
        within: if root.is_some() { "the repository" } else { "the folder of the model" },
        texts: Vec::new(),
        bytes: 0,
        found: Vec::new(),
    };
    let Some(folder) = reader.find(&beside) else { return reader.done(None) };
    reader.folder(&folder);
    let name = reader.name(&folder);
    reader.done(Some(name))
}

struct Reader {
    root: PathBuf,
    /// What the root is the root of.
    within: &'static str,
    texts: Vec<Text>,
    bytes: usize,
    found: Vec<InFile>,
}

impl Reader {
    fn done(self, name: Option<String>) -> Result<Option<Folder>, Vec<InFile>> {
        if !self.found.is_empty() {
            return Err(self.found);
        }
        Ok(name.map(|name| Folder { name, texts: self.texts }))
    }

    fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned()
    }

    fn refuse(&mut self, path: &Path, code: &'static str, message: String, help: &str) {
        let diagnostic = Diagnostic::error(code, At::File, message).help(help);
        self.found.push(InFile::unread(self.name(path), diagnostic));
    }

    /// The nearest folder of rules. A link to nothing is not the same as nothing.
    fn find(&mut self, beside: &Path) -> Option<PathBuf> {
        for at in beside.ancestors().take_while(|at| at.starts_with(&self.root)) {
            let outer = at.join(".sconce");
            let rules = outer.join("rules");
            match rules.symlink_metadata() {
                Ok(_) => return Some(rules),
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                    if outer.is_symlink() && !outer.exists() {
                        return Some(outer);
                    }
                }
                Err(error) => {
                    let refused = refused(&self.name(&rules), &DiskError::of(&rules, error));
                    self.found.push(refused);
                    return None;
                }
            }
        }
        None
    }

    /// Where a path really is; `None`, and said so, when that is outside the root.
    fn inside(&mut self, path: &Path) -> Option<PathBuf> {
        match path.canonicalize() {
            Ok(target) if target.starts_with(&self.root) => Some(target),
            Ok(target) => {
                let message = format!("this link leads out of {}, to {}", self.within, target.display());
                self.refuse(path, "outside-repository", message, "put a copy of what it leads to in its place");
                None
            }
            Err(error) => {
                let refused = refused(&self.name(path), &DiskError::of(path, error));
                self.found.push(refused);
                None
            }
        }
    }

    fn folder(&mut self, folder: &Path) {
        let Some(target) = self.inside(folder) else { return };
        if !target.is_dir() {
            let message = "this should be a folder with the team's own rules".to_owned();
            return self.refuse(folder, "not-a-file", message, "make a folder of it, or move it away");
        }
        for (name, path) in self.list(folder, &target) {
            let Some(target) = self.inside(&path) else { continue };
            if !target.is_dir() {
                self.text(None, &name, &path, &target);
                continue;
            }
            for (inner, path) in self.list(&path, &target) {
                let Some(target) = self.inside(&path) else { continue };
                if target.is_dir() {
                    let message = "a pack is one folder without folders in it".to_owned();
                    self.refuse(&path, "not-a-file", message, "move its rules up into the folder of the pack");
                } else {
                    self.text(Some(&name), &inner, &path, &target);
                }
            }
        }
    }

    /// What is in a folder, by name. What begins with a dot belongs to editors and systems.
    fn list(&mut self, shown: &Path, target: &Path) -> Vec<(String, PathBuf)> {
        let entries = match fs::read_dir(target).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => {
                let refused = refused(&self.name(shown), &DiskError::of(shown, error));
                self.found.push(refused);
                return Vec::new();
            }
        };
        let mut names: Vec<_> = entries.into_iter().map(|entry| entry.file_name()).collect();
        names.sort();
        let mut listed = Vec::new();
        for name in names {
            let path = shown.join(&name);
            match name.to_str() {
                Some(hidden) if hidden.starts_with('.') => {}
                Some(name) => listed.push((name.to_owned(), path)),
                None => {
                    let message = "the name of this file is not UTF-8".to_owned();
                    self.refuse(&path, "not-utf8", message, "give it a name of letters, digits and hyphens");
                }
            }
        }
        listed
    }

    /// Reads one file, if it is of ours: what has another ending, such as a `README.md`, is for people.
    fn text(&mut self, pack: Option<&str>, name: &str, path: &Path, target: &Path) {
        let Some(stem) = name.strip_suffix(".ron") else { return };
        if target.metadata().is_ok_and(|about| about.is_file() && about.len() > LARGEST_TEXT) {
            let message = format!("it has more than {} MiB", LARGEST_TEXT >> 20);
            return self.refuse(path, "too-large", message, "split it, or make it shorter");
        }
        if self.texts.len() >= MOST_TEXTS || self.bytes > LARGEST_ALL {
            if self.found.last().is_none_or(|last| last.diagnostic.code != "too-large") {
                let message = format!(
                    "this is too much: {MOST_TEXTS} files and {} MiB are the most that a team's own rules may have",
                    LARGEST_ALL >> 20
                );
                self.refuse(path, "too-large", message, "remove what is not needed");
            }
            return;
        }
        let shown = self.name(path);
        let text = match disk::open(target) {
            Ok(opened) => opened.text,
            Err(error) => return self.found.push(refused(&shown, &error)),
        };
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
        if let Some(span) = hazard(&text) {
            let message = "an invisible or control character is written here";
            let diagnostic = Diagnostic::error("hidden-character", At::Span(span), message)
                .help("delete it; it could make the text read otherwise than it is, or drive a terminal");
            return self.found.push(InFile { diagnostic, name: shown, text });
        }
        self.bytes += text.len();
        self.texts.push(Text { name: shown, pack: pack.map(str::to_owned), stem: stem.to_owned(), text });
    }
}

/// Why a file of a team's rules cannot be read.
fn refused(name: &str, error: &DiskError) -> InFile {
    let (message, _) = error.words();
    InFile::unread(name, Diagnostic { message, ..error.diagnostic() })
}

/// The first character that could drive a terminal or make text read otherwise than it is, be it as it is or as an
/// escape. Line feeds and tabs are harmless.
pub fn hazard(text: &str) -> Option<Span> {
    let bad = |c: char| is_hazard(c) && !matches!(c, '\n' | '\r' | '\t');
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if bad(c) {
            return Some(Span::new(at, at + c.len_utf8()));
        }
        if c != '\\' {
            continue;
        }
        let rest = chars.as_str();
        let (digits, length) = match rest.as_bytes() {
            [b'0', ..] => ("0", 1),
            [b'x', ..] => (rest.get(1..3).unwrap_or(""), 3),
            [b'u', b'{', ..] => (rest[2..].split('}').next().unwrap_or(""), 3),
            _ => ("", 0),
        };
        let meant = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        if meant.is_some_and(bad) {
            let length = if length == 3 && rest.starts_with("u{") { digits.len() + 3 } else { length };
            return Some(Span::new(at, at + 1 + length));
        }
        // A backslash behind a backslash begins no escape.
        chars.next();
    }
    None
}
