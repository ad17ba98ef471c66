//! Guesses about quotes: the line on which a string starts that swallows what follows it lacks a quote, or has one too
//! many. It changes nothing and decides nothing; see `mend`.

use super::mend::{Guess, line_around};
use crate::diagnostic::{At, Diagnostic, Span};

/// On longer lines no guess is worth its time.
const LONGEST: usize = 4000;
/// A longer line is not shown again as it should be.
const SHOWN: usize = 90;

/// What can be wrong with the quotes of the line that a byte is on, likeliest first.
pub(super) fn guesses(text: &str, at: usize) -> Vec<Guess> {
    let line = line_around(text, at);
    let line = Span::new(line.start, line.start + text[line.start..line.end].trim_end().len());
    if line.end - line.start > LONGEST {
        return Vec::new();
    }
    let quotes = quotes(text, line);
    mixed(text, line, &quotes)
        .chain(closing(text, line, &quotes))
        .chain(opening(text, line, &quotes))
        .chain(surplus(text, line, &quotes))
        .collect()
}

/// The quotes of a line that no backslash stands before.
fn quotes(text: &str, line: Span) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = line.start;
    while at < line.end {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => found.push(at),
            _ => {}
        }
        at += 1;
    }
    found
}

/// A text begins with one kind of quote and ends with another.
fn mixed(text: &str, line: Span, quotes: &[usize]) -> impl Iterator<Item = Guess> {
    let is_end = |n: &usize| text[n + 1..line.end].trim_start().starts_with([',', ')', ']', '}', ':']);
    let singles: Vec<usize> = (line.start..line.end).filter(|n| text.as_bytes()[*n] == b'\'').filter(is_end).collect();
    singles.into_iter().filter_map(move |single| {
        let open = quotes.iter().rev().find(|q| **q < single).copied()?;
        Some(guess(text, line, (Span::new(single, single + 1), "\""), |written| {
            let at = At::Span(Span::new(open, single + 1));
            let error = Diagnostic::error("unexpected", at, "a text ends with the kind of quote it begins with");
            error.help(written.map_or_else(|| "write \" at its end".to_owned(), |line| format!("write {line}")))
        }))
    })
}

/// A closing quote is missing: before a delimiter or at the end of the line, the last place first.
fn closing(text: &str, line: Span, quotes: &[usize]) -> impl Iterator<Item = Guess> {
    let places = (line.start..line.end).filter(|n| b",)]}:".contains(&text.as_bytes()[*n]));
    let mut places: Vec<usize> = places.collect();
    // A comma at the end of the line is hardly part of the text.
    let last = if text[..line.end].ends_with(',') { 0 } else { places.len() };
    places.insert(last, line.end);
    places.into_iter().rev().filter_map(move |place| {
        let open = quotes.iter().rev().find(|q| **q < place).copied()?;
        Some(guess(text, line, (Span::new(place, place), "\""), |written| {
            let error =
                Diagnostic::error("unclosed", At::Span(Span::new(open, place)), "this text has no closing quote");
            error.help(written.map_or_else(|| "close it with \"".to_owned(), |line| format!("write {line}")))
        }))
    })
}

/// An opening quote is missing: behind a bracket, a comma or a colon, the last place first.
fn opening(text: &str, line: Span, quotes: &[usize]) -> impl Iterator<Item = Guess> {
    let bytes = text.as_bytes();
    let starts = |n: &usize| {
        let before = text[line.start..*n].trim_end();
        !bytes[*n].is_ascii_whitespace()
            && bytes[*n] != b'"'
            && (before.is_empty() || before.ends_with([',', ':', '(', '[', '{']))
            && (before.len() < *n - line.start || before.ends_with(['(', '[', '{']))
    };
    let places: Vec<usize> = (line.start..line.end).filter(|n| text.is_char_boundary(*n)).filter(starts).collect();
    places.into_iter().rev().filter_map(move |place| {
        let close = quotes.iter().find(|q| **q > place).copied()?;
        Some(guess(text, line, (Span::new(place, place), "\""), |written| {
            let at = At::Span(Span::new(place, close + 1));
            let error = Diagnostic::error("unexpected", at, "this text has no opening quote");
            error.help(written.map_or_else(|| "put \" before it".to_owned(), |line| format!("write {line}")))
        }))
    })
}

/// One quote is too many.
fn surplus(text: &str, line: Span, quotes: &[usize]) -> impl Iterator<Item = Guess> {
    quotes.iter().rev().map(move |quote| {
        let place = Span::new(*quote, quote + 1);
        guess(text, line, (place, ""), |written| {
            let error = Diagnostic::error("unexpected", At::Span(place), "this quote is one too many");
            let help = written.map_or_else(|| "delete it".to_owned(), |line| format!("write {line}"));
            error.help(help)
        })
    })
}

/// A guess; `say` gets the line as it should be, if it is short.
fn guess(text: &str, line: Span, (span, new): (Span, &str), say: impl FnOnce(Option<String>) -> Diagnostic) -> Guess {
    let written = [&text[line.start..span.start], new, &text[span.end..line.end]].concat();
    let written = written.trim().to_owned();
    let diagnostic = say((written.len() <= SHOWN).then_some(written));
    Guess::new(span, new, diagnostic)
}
