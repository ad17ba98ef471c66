//! Text on disk to model and back: syntax, field tables, comments, checks, saving.
//! It says what a file says, never what a rule thinks of it, and it shows nothing.

pub mod cache;
mod codec;
mod codes;
mod comments;
pub mod data;
pub mod disk;
mod document;
pub mod foreign;
mod gaps;
pub mod journal;
pub mod lines;
pub mod lock;
mod migrate;
mod printed;
pub mod said;
mod spans;
mod syntax;
pub mod team;
mod validate;

pub use codes::CODES;
pub use document::{Document, Step};
pub use syntax::LARGEST;
pub use validate::{OPEN_CONFLICTS, validate};

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{At, Diagnostic, Severity, Span};
use crate::model::{Technologies, ThreatModel, Vocabulary};
use gaps::Gaps;
use syntax::{Mended, Places};
use validate::validate_with;

/// What came of reading a text.
#[derive(Debug)]
pub struct Read {
    /// The document; `None` when there was an error, because a file is never half-read.
    pub document: Option<Document>,
    /// Everything that was found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What could be read of a text with errors.
    draft: Option<Draft>,
}

/// What could be read of a text with errors, so that it can be checked for more of them.
#[derive(Debug)]
struct Draft {
    document: Document,
    gaps: Gaps,
    places: Places,
    /// The lines on which quotes or brackets were mended, by a guess: more about them would be about the guess.
    guessed: Vec<Span>,
}

impl Read {
    /// The model as far as it could be read. Of a text with errors it is there to look for more errors only.
    pub fn model(&self) -> Option<&ThreatModel> {
        self.document.as_ref().or(self.draft.as_ref().map(|draft| &draft.document)).map(Document::model)
    }

    /// Adds what was found in [`Read::model`], with its places, in the order of the text. What only follows from a
    /// part that could not be read is passed over.
    pub fn also(&mut self, found: Vec<Diagnostic>) {
        match (&self.document, &self.draft) {
            (Some(document), _) => self.diagnostics.extend(found.into_iter().map(|d| document.resolve(d))),
            (None, Some(draft)) => {
                let news = found.into_iter().filter(|d| !draft.gaps.explain(d));
                let news = news.map(|d| draft.places.original(draft.document.resolve(d)));
                self.diagnostics.extend(news.filter(|d| !is_on(&draft.guessed, d)));
            }
            (None, None) => {}
        }
        sort(&mut self.diagnostics);
        if self.document.is_none() && self.diagnostics.len() > syntax::MOST_ERRORS {
            self.diagnostics.truncate(syntax::MOST_ERRORS);
            self.diagnostics.push(Diagnostic::error("too-many-errors", At::File, "there are more errors than these"));
        }
    }
}

/// Reads the text of a model: syntax and fields. What the model means is for [`validate`] to check.
pub fn read(text: &str) -> Read {
    read_shared(&Arc::new(text.to_owned()))
}

fn read_shared(text: &Arc<String>) -> Read {
    match migrate::migrate(text, migrate::STEPS) {
        Some((text, notes)) => {
            let mut read = read_present(&Arc::new(text));
            read.diagnostics.splice(0..0, notes);
            read
        }
        None => read_present(text),
    }
}

/// Reads and checks a text: everything that is wrong with it, with its place, in the order of the text. The document
/// shares the text.
pub fn read_checked(text: &Arc<String>, vocabulary: &Vocabulary, technologies: &Technologies) -> Read {
    let mut read = read_shared(text);
    if let Some(model) = read.model() {
        let whole = Gaps::default();
        let gaps = read.draft.as_ref().map_or(&whole, |draft| &draft.gaps);
        let found = validate_with(model, vocabulary, technologies, gaps);
        read.also(found);
    }
    read
}

/// Puts diagnostics into the order of the text; those about the file as a whole come first.
fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(position);
}

/// Whether a diagnostic is on one of these lines.
fn is_on(lines: &[Span], diagnostic: &Diagnostic) -> bool {
    let at = position(diagnostic);
    at > 0 && lines.iter().any(|line| (line.start..=line.end).contains(&at))
}

/// The byte that a diagnostic is about first.
fn position(diagnostic: &Diagnostic) -> usize {
    diagnostic.labels.first().map_or(0, |label| if let At::Span(span) = label.at { span.start } else { 0 })
}

/// The refusal of a text that is something else altogether.
fn refuse(source: &str) -> Option<Read> {
    let name = foreign::looks_like(source)?;
    let start = source.len() - source.trim_start_matches('\u{feff}').trim_start().len();
    let line = source[start..].lines().next().unwrap_or("").trim_end();
    let message = format!("this is not a threat model of sconce; it looks like {name}");
    let help = if name == "JSON" {
        "name a *.tm.ron file; a Threat Dragon model is read by `sconce import`"
    } else {
        "name a *.tm.ron file, or let `sconce init` write one"
    };
    let error = Diagnostic::error("not-a-model", At::Span(Span::new(start, start + line.len())), message);
    Some(Read { document: None, diagnostics: vec![error.help(help)], draft: None })
}

fn read_present(source: &Arc<String>) -> Read {
    if let Some(read) = refuse(source) {
        return read;
    }
    let Mended { text, mut parsed, places, mut found, cut } = syntax::mend(source);
    let errors = std::mem::take(&mut parsed.errors);
    // Where quotes or brackets do not pair up and could not be mended, nothing behind is to be trusted.
    let lost = parsed.lost.map(|_| errors.last().map_or(0, position)).or(cut);
    let broken = errors.iter().map(position).collect();
    let illegible = errors.len();
    let mut reader = codec::Reader { found: errors, lenient: false, broken };
    let root = parsed.tree(&text).root();
    let model = root.and_then(|root| codec::model(&mut reader, root));
    if model.is_none() && reader.found.iter().any(|d| d.code == "not-a-model") {
        let found = reader.found.into_iter().filter(|d| ["not-a-model", "too-deep"].contains(&d.code));
        let mut diagnostics: Vec<Diagnostic> = found.map(|d| places.original(d)).collect();
        sort(&mut diagnostics);
        return Read { document: None, diagnostics, draft: None };
    }
    let read_only = reader.lenient;
    let mut found_by_reader = reader.found;
    let decoded = found_by_reader.split_off(illegible.min(found_by_reader.len()));
    found_by_reader.extend(decoded.into_iter().filter(|d| lost.is_none_or(|lost| position(d) < lost)));
    let gaps = match (lost, root, &model) {
        (None, Some(root), Some(model)) => {
            let errors = found_by_reader.iter().filter(|d| d.severity == Severity::Error).map(position);
            let mended = found.iter().map(|d| places.mended_byte(position(d)));
            let mut gaps = Gaps::of(root, model, errors.chain(mended));
            for error in &found_by_reader[..illegible.min(found_by_reader.len())] {
                let line = syntax::line_around(&text, position(error));
                gaps.add_line(&text[line.start..line.end]);
            }
            gaps
        }
        _ => Gaps::everywhere(),
    };
    let guessed: Vec<Span> = found.iter().map(|d| syntax::line_around(source, position(d))).collect();
    let decoded = found_by_reader.into_iter().map(|d| places.original(d));
    found.extend(decoded.filter(|d| !is_on(&guessed, d)));
    found.extend(parsed.comments.iter().filter_map(|span| hidden(&text, *span)).map(|d| places.original(d)));
    sort(&mut found);
    let is_whole = found.iter().all(|d| d.severity != Severity::Error);
    let document = model.map(|model| {
        let comments = if is_whole { comments::attach(&text, &parsed) } else { comments::Comments::default() };
        let text = match text {
            Cow::Borrowed(_) => Arc::clone(source),
            Cow::Owned(mended) => Arc::new(mended),
        };
        Document::read(model, comments, text, read_only)
    });
    let (document, draft) = match document {
        Some(document) if !is_whole => (None, Some(Draft { document, gaps, places, guessed })),
        other => (other, None),
    };
    Read { document, diagnostics: found, draft }
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
