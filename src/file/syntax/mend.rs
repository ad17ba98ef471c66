//! Mending: where a quote or a bracket is missing, wrong or too many, the likeliest single change that makes the rest
//! of the text readable is found, so that the mistake is named where it was made and nothing that follows from it is.
//! The mended text is only looked at; it is never written.

use std::borrow::Cow;

use super::parse::{Lost, Parsed, parse};
use super::{brackets, quotes};
use crate::diagnostic::{At, Diagnostic, Span};

/// A longer text is not mended: every guess is tried by reading the whole text.
const LARGEST_MENDED: usize = 1 << 20;
/// So many mistakes are mended; a text with more of them is probably something else.
const MOST_MENDED: usize = 12;
/// So many guesses are tried for one mistake.
const MOST_GUESSES: usize = 24;

/// A change of the text that may be what is missing.
#[derive(Debug)]
pub(super) struct Guess {
    /// What is replaced; empty for what is missing.
    pub(super) span: Span,
    /// What should stand there.
    pub(super) text: String,
    /// What to say if it is this.
    pub(super) diagnostic: Diagnostic,
}

/// A text that can be read as far as possible.
pub(crate) struct Mended<'s> {
    /// The text with the changes made.
    pub(crate) text: Cow<'s, str>,
    /// Its tree.
    pub(crate) parsed: Parsed,
    /// What was mended, at its place in the text as given.
    pub(crate) found: Vec<Diagnostic>,
    /// Where what stands in the mended text stands in the text as given.
    pub(crate) places: Places,
}

/// Leads from a mended text back to the text as given.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The changes in the order in which they were made, each of the text before it: what was replaced, and by how
    /// many bytes.
    changes: Vec<(Span, usize)>,
}

/// Reads a text, and where quotes or brackets do not pair up, mends it.
pub(crate) fn mend(source: &str) -> Mended<'_> {
    let (text, parsed) = (Cow::Borrowed(source), parse(source));
    let mut mended = Mended { text, parsed, found: Vec::new(), places: Places::default() };
    while source.len() <= LARGEST_MENDED && mended.found.len() < MOST_MENDED {
        let Some((guess, text, parsed)) = mended.parsed.lost.and_then(|lost| best(&mended, lost)) else { break };
        let diagnostic = mended.places.original(guess.diagnostic);
        mended.found.push(diagnostic);
        mended.places.changes.push((guess.span, guess.text.len()));
        (mended.text, mended.parsed) = (Cow::Owned(text), parsed);
    }
    // What is said behind the place where it cannot be mended may follow from it.
    if let Some(lost) = mended.parsed.lost {
        mended.parsed.errors.truncate(lost.errors);
    }
    mended
}

/// The guess after which most can be read.
fn best(mended: &Mended<'_>, lost: Lost) -> Option<(Guess, String, Parsed)> {
    let text = &*mended.text;
    let guesses = if lost.in_string { quotes::guesses(text, lost.at) } else { brackets::guesses(text) };
    let mut best: Option<((usize, usize, usize), Guess, String, Parsed)> = None;
    for guess in guesses.into_iter().take(MOST_GUESSES) {
        let changed = [&text[..guess.span.start], &guess.text, &text[guess.span.end..]].concat();
        let parsed = parse(&changed);
        let reach = parsed
            .lost
            .map_or(usize::MAX, |l| (l.at + guess.span.end).saturating_sub(guess.span.start + guess.text.len()));
        if reach <= lost.at {
            continue;
        }
        let line = line_around(&changed, guess.span.start);
        let on_line = parsed.errors.iter().filter(|e| touches(e, line)).count();
        let score = (on_line, usize::MAX - reach, parsed.errors.len());
        if best.as_ref().is_none_or(|(least, ..)| score < *least) {
            best = Some((score, guess, changed, parsed));
        }
    }
    best.map(|(_, guess, text, parsed)| (guess, text, parsed))
}

fn touches(error: &Diagnostic, line: Span) -> bool {
    error.labels.first().is_some_and(|l| matches!(l.at, At::Span(at) if at.start >= line.start && at.start < line.end))
}

/// The line that a byte is on, without its end.
pub(super) fn line_around(text: &str, at: usize) -> Span {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n);
    Span::new(start, end)
}

impl Places {
    /// A diagnostic about the mended text, with its places in the text as given.
    pub(crate) fn original(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        for label in &mut diagnostic.labels {
            if let At::Span(span) = &mut label.at {
                let start = self.original_byte(span.start);
                *span = Span::new(start, self.original_byte(span.end).max(start));
            }
        }
        diagnostic
    }

    fn original_byte(&self, byte: usize) -> usize {
        self.changes.iter().rev().fold(byte, |byte, (span, inserted)| {
            if byte >= span.start + inserted { byte - inserted + (span.end - span.start) } else { byte.min(span.start) }
        })
    }
}
