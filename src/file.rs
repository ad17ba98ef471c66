//! Text on disk to model and back: syntax, field tables, comments, checks, saving.
//! It says what a file says, never what a rule thinks of it, and it shows nothing.

mod codec;
mod codes;
mod comments;
pub mod data;
pub mod disk;
mod document;
pub mod journal;
pub mod lock;
mod migrate;
mod spans;
mod syntax;
mod validate;

pub use codes::CODES;
pub use document::{Document, Step};
pub use syntax::LARGEST;
pub use validate::validate;

use crate::diagnostic::{At, Diagnostic, Severity, Span};
use crate::model::{Technologies, Vocabulary};

/// What came of reading a text.
#[derive(Debug)]
pub struct Read {
    /// The document; `None` when there was an error, because a file is never half-read.
    pub document: Option<Document>,
    /// Everything that was found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the text of a model: syntax and fields. What the model means is for [`validate`] to check.
pub fn read(text: &str) -> Read {
    match migrate::migrate(text, migrate::STEPS) {
        Some((text, notes)) => {
            let mut read = read_present(&text);
            read.diagnostics.splice(0..0, notes);
            read
        }
        None => read_present(text),
    }
}

/// Reads and checks a text: everything that is wrong with it, with its place, in the order of the text.
pub fn read_checked(text: &str, vocabulary: &Vocabulary, technologies: &Technologies) -> Read {
    let mut read = read(text);
    if let Some(document) = &read.document {
        let checked = validate(document.model(), vocabulary, technologies);
        read.diagnostics.extend(checked.into_iter().map(|d| document.resolve(d)));
        sort(&mut read.diagnostics);
    }
    read
}

/// Puts diagnostics into the order of the text; those about the file as a whole come first.
fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(position);
}

/// The byte that a diagnostic is about first.
fn position(diagnostic: &Diagnostic) -> usize {
    diagnostic.labels.first().map_or(0, |label| if let At::Span(span) = label.at { span.start } else { 0 })
}

fn read_present(text: &str) -> Read {
    let mut parsed = syntax::parse(text);
    let found = std::mem::take(&mut parsed.errors);
    let broken = found.iter().map(position).collect();
    let mut reader = codec::Reader { found, lenient: false, broken };
    let model = parsed.tree(text).root().and_then(|root| codec::model(&mut reader, root));
    let read_only = reader.lenient;
    let mut diagnostics = reader.found;
    diagnostics.extend(parsed.comments.iter().filter_map(|span| hidden(text, *span)));
    sort(&mut diagnostics);
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let document = model.filter(|_| !broken).map(|model| {
        let comments = comments::attach(text, &parsed);
        Document::read(model, comments, text.to_owned(), read_only)
    });
    Read { document, diagnostics }
}

/// A warning about a comment that reads otherwise than it is stored; comments cannot be escaped.
fn hidden(text: &str, span: Span) -> Option<Diagnostic> {
    let is_hidden = |c: char| crate::diagnostic::inert::is_hazard(c) && !matches!(c, '\n' | '\r' | '\t');
    let at = text[span.start..span.end].find(is_hidden)? + span.start;
    let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let message = "this comment holds an invisible or control character";
    let warning = Diagnostic::warning("hidden-character", At::Span(Span::new(at, end)), message);
    Some(warning.help("delete it; it can make the text read otherwise than it is"))
}
