//! Mending: where a quote or a bracket is missing, wrong or too many, the likeliest single change that makes the rest
//! of the text readable is found, so that the mistake is named where it was made and nothing that follows from it is.
//! The mended text is only looked at; it is never written.

use std::borrow::Cow;

use super::parse::{Lost, Parsed, parse};
use super::{brackets, quotes, slips};
use crate::diagnostic::{At, Diagnostic, Span};

/// A longer text is not mended: every guess is tried by reading the whole text.
const LARGEST_MENDED: usize = 256 << 10;
/// So many guesses are tried altogether; a text with more mistakes is probably something else.
const MOST_TRIES: usize = 600;
/// So many bytes are read for all guesses together.
const MOST_READ: usize = 64 << 20;
/// So many guesses are tried for one mistake.
const MOST_GUESSES: usize = 64;

/// A change of the text that may be what is missing.
#[derive(Debug)]
pub(super) struct Guess {
    /// What is replaced; empty for what is missing.
    pub(super) span: Span,
    /// What should stand there.
    pub(super) text: String,
    /// What to say if it is this.
    pub(super) diagnostic: Diagnostic,
    /// Whether the end of the file is missing, so that what is not there may only be lost.
    pub(super) is_cut: bool,
}

impl Guess {
    /// A guess about one place, with the rest of the file there.
    pub(super) fn new(span: Span, text: impl Into<String>, diagnostic: Diagnostic) -> Self {
        Self { span, text: text.into(), diagnostic, is_cut: false }
    }
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
    /// Where the last line of a text begins that ends in the middle of something.
    pub(crate) cut: Option<usize>,
}

impl Mended<'_> {
    fn accept(&mut self, better: Better) {
        let Guess { span, text, diagnostic, is_cut } = better.guess;
        if is_cut {
            let line = line_around(&self.text, span.start).start;
            self.cut = Some(line);
            // What is wrong with the last line is that it is not whole.
            self.found.retain(|d| start(d).is_none_or(|at| self.places.mended_byte(at) < line));
        }
        self.found.push(self.places.original(diagnostic));
        self.places.changes.push((span, text.len()));
        (self.text, self.parsed) = (Cow::Owned(better.text), better.parsed);
    }
}

/// Leads from a mended text back to the text as given.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The changes in the order in which they were made, each of the text before it: what was replaced, and by how
    /// many bytes.
    changes: Vec<(Span, usize)>,
}

/// Reads a text, and where it cannot be read as it is, mends it.
pub(crate) fn mend(source: &str) -> Mended<'_> {
    let (text, parsed) = (Cow::Borrowed(source), parse(source));
    let mut mended = Mended { text, parsed, found: Vec::new(), places: Places::default(), cut: None };
    let mut tries = if source.len() <= LARGEST_MENDED { MOST_TRIES.min(MOST_READ / source.len().max(1)) } else { 0 };
    // Where errors were looked at already, and nothing better was known than what they say.
    let mut seen = 0;
    // Whether nothing was found for the quotes or brackets that do not pair up.
    let mut is_stuck = false;
    while tries > 0 {
        let lost = mended.parsed.lost;
        let next = slip(&mended, seen, is_stuck);
        let better = match (next, lost) {
            (Some(at), _) => best(&mended, slips::guesses(&mended.text, at), Some(at), &mut tries),
            (None, Some(lost)) if !is_stuck => best(&mended, unpaired(&mended, lost), None, &mut tries),
            (None, _) => break,
        };
        match (better, next) {
            (Some(better), _) => {
                is_stuck = false;
                mended.accept(better);
            }
            (None, Some(at)) => seen = at + 1,
            (None, None) => is_stuck = true,
        }
    }
    // What is said behind the place where it cannot be mended may follow from it.
    if let Some(lost) = mended.parsed.lost {
        mended.parsed.errors.truncate(lost.errors);
    }
    mended
}

/// The first error not yet seen. Those behind the place where quotes or brackets do not pair up may follow from that,
/// and come into question only when nothing else was found.
fn slip(mended: &Mended<'_>, seen: usize, is_stuck: bool) -> Option<usize> {
    let (errors, lost) = (&mended.parsed.errors, mended.parsed.lost);
    let errors = &errors[..lost.map_or(errors.len(), |lost| lost.errors.min(errors.len()))];
    let end = match (errors.last().and_then(start), lost) {
        (Some(end), Some(lost)) if !is_stuck && lost.in_string => end + 1,
        (Some(end), Some(lost)) if !is_stuck => (end + 1).min(line_around(&mended.text, lost.at).start),
        _ => usize::MAX,
    };
    errors.iter().filter_map(start).filter(|at| (seen..end).contains(at)).min()
}

/// Guesses about quotes or brackets that do not pair up.
fn unpaired(mended: &Mended<'_>, lost: Lost) -> Vec<Guess> {
    if lost.in_string {
        return quotes::guesses(&mended.text, lost.at);
    }
    let line = line_around(&mended.text, lost.at);
    let on_line = mended.parsed.errors.iter().filter_map(start).filter(|at| (line.start..line.end).contains(at));
    let mut places: Vec<usize> = on_line.chain([lost.at]).take(4).collect();
    places.dedup();
    let slips = places.into_iter().flat_map(|at| slips::guesses(&mended.text, at));
    brackets::guesses(&mended.text).into_iter().chain(slips).collect()
}

/// A guess, and what comes of it.
struct Better {
    guess: Guess,
    text: String,
    parsed: Parsed,
}

/// The guess after which most can be read; about one error, if its place is given, else about quotes or brackets.
fn best(mended: &Mended<'_>, guesses: Vec<Guess>, error: Option<usize>, tries: &mut usize) -> Option<Better> {
    let text = &*mended.text;
    let lost = mended.parsed.lost.map_or(usize::MAX, |lost| lost.at);
    let mut best: Option<((usize, usize, usize), Better)> = None;
    for guess in guesses.into_iter().take(MOST_GUESSES) {
        *tries = tries.saturating_sub(1);
        let changed = [&text[..guess.span.start], &guess.text, &text[guess.span.end..]].concat();
        let parsed = parse(&changed);
        let back = |at: usize| (at + guess.span.end).saturating_sub(guess.span.start + guess.text.len());
        let reach = parsed.lost.map_or(usize::MAX, |lost| back(lost.at));
        let on_line = errors_on(&parsed, line_around(&changed, guess.span.start));
        let is_better = match error {
            Some(_) if reach < lost => false,
            Some(at) => errors_on(&mended.parsed, line_around(text, at)) > on_line,
            None => reach > lost,
        };
        let score = (on_line, usize::MAX - reach, parsed.errors.len());
        if is_better && best.as_ref().is_none_or(|(least, _)| score < *least) {
            best = Some((score, Better { guess, text: changed, parsed }));
        }
    }
    best.map(|(_, better)| better)
}

fn start(error: &Diagnostic) -> Option<usize> {
    error.labels.first().and_then(|l| if let At::Span(at) = l.at { Some(at.start) } else { None })
}

/// How many errors are on a line.
fn errors_on(parsed: &Parsed, line: Span) -> usize {
    parsed.errors.iter().filter_map(start).filter(|at| (line.start..line.end.max(line.start + 1)).contains(at)).count()
}

/// The line that a byte is on, without its end.
pub(crate) fn line_around(text: &str, at: usize) -> Span {
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

    /// Where a byte of the text as given is in the mended text.
    pub(crate) fn mended_byte(&self, byte: usize) -> usize {
        self.changes.iter().fold(byte, |byte, (span, inserted)| {
            if byte >= span.end && byte > span.start { byte + inserted - (span.end - span.start) } else { byte }
        })
    }

    fn original_byte(&self, byte: usize) -> usize {
        self.changes.iter().rev().fold(byte, |byte, (span, inserted)| {
            if byte >= span.start + inserted { byte - inserted + (span.end - span.start) } else { byte.min(span.start) }
        })
    }
}
