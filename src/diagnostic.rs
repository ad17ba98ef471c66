//! Diagnostics: what is wrong, where, and the way out. One value for every room, rendered as text or JSON at the
//! surfaces. It is not an error type: rooms collect diagnostics and go on; and it knows nothing of models.

pub mod inert;
pub mod render;
pub mod table;

use std::sync::Arc;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The file cannot be used as it is.
    Error,
}

impl Severity {
    /// The word on the screen and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A piece of a text, as byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from one byte to another.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// Where a label points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A piece of the text.
    Span(Span),
    /// A path into the model such as `["flows", "login", "from"]`; whoever holds the text turns it into a span.
    Path(Vec<String>),
    /// The name itself at the end of a path, where a path alone leads to what stands under the name; of a name made
    /// of several words, such as the key of a threat, the word given.
    Word(Vec<String>, Option<String>),
    /// The file as a whole.
    File,
}

impl At {
    /// A path into the model.
    pub fn path<const N: usize>(parts: [&str; N]) -> Self {
        Self::Path(parts.iter().map(|p| (*p).to_owned()).collect())
    }

    /// The name at the end of a path into the model.
    pub fn name(parts: &[&str]) -> Self {
        Self::Word(parts.iter().map(|p| (*p).to_owned()).collect(), None)
    }
}

/// A place with what is to be said about it; the first label of a diagnostic is where it is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub at: At,
    /// What; may be empty.
    pub text: String,
}

/// One thing to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable kebab-case code, listed in `CODES` of the room that reports it.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub labels: Vec<Label>,
    /// The way out.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, at, message.into())
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, at, message.into())
    }

    /// A note at a place.
    pub fn note(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, at, message.into())
    }

    fn new(severity: Severity, code: &'static str, at: At, message: String) -> Self {
        Self { code, severity, message, labels: vec![Label { at, text: String::new() }], help: None }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, at: At, text: impl Into<String>) -> Self {
        self.labels.push(Label { at, text: text.into() });
        self
    }
}

/// A diagnostic with the file that it is about, where several are read at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFile {
    /// What it says.
    pub diagnostic: Diagnostic,
    /// What people know the file by.
    pub name: String,
    /// What is in it; empty where it could not be read.
    pub text: Arc<str>,
}

impl InFile {
    /// A diagnostic about a file of which the text is not at hand.
    pub fn unread(name: impl Into<String>, diagnostic: Diagnostic) -> Self {
        Self { diagnostic, name: name.into(), text: "".into() }
    }

    /// The file, to show the diagnostic with.
    pub fn source(&self) -> render::Source<'_> {
        render::Source { name: &self.name, text: &self.text }
    }
}

/// The name that was probably meant by a word that leads nowhere.
pub fn meant<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // What is much longer than any name is none that was misspelt, and comparing it would take long.
    if word.len() > 100 {
        return None;
    }
    let word = word.to_lowercase();
    let scored = names.map(|name| (likeness(&word, &name.to_lowercase()), name));
    scored.filter(|(score, _)| *score > 0.88).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// How like a name a word is, from 0 to 1. What both have up to a dot says nothing: many names begin so.
fn likeness(word: &str, name: &str) -> f64 {
    let common = word.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    let from = word.get(..common).and_then(|same| same.rfind('.')).map_or(0, |dot| dot + 1);
    let (word, name) = (&word[from..], &name[from..]);
    // Of short names two letters that changed places are too much for the measure.
    let is_slip = word.len() > 2 && strsim::osa_distance(word, name) == 1;
    strsim::jaro_winkler(word, name).max(if is_slip { 0.9 } else { 0.0 })
}
