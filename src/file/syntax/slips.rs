//! Guesses about slips of the pen and habits of other formats: `=` for `:`, `#` for `//`, typographic quotes, keys in
//! quotes. Each is about the place of one error. It changes nothing and decides nothing; see `mend`.

use super::mend::{Guess, line_around};
use crate::diagnostic::{At, Diagnostic, Span};

/// A longer line is not looked at.
const LONGEST: usize = 4000;

/// One error and what stands around it.
struct Slip<'s> {
    text: &'s str,
    /// Where the error is.
    at: usize,
    line: Span,
    /// The line before the error, without the space at its end.
    before: &'s str,
    /// The line from the error on.
    rest: &'s str,
}

/// What can be wrong where an error was reported, likeliest first.
pub(super) fn guesses(text: &str, at: usize) -> Vec<Guess> {
    let line = line_around(text, at);
    if line.end - line.start > LONGEST || !text.is_char_boundary(at) {
        return Vec::new();
    }
    let (before, rest) = (text[line.start..at].trim_end(), &text[at..line.end]);
    let slip = Slip { text, at, line, before, rest };
    let all = [
        slip.conflict(),
        slip.header(),
        slip.sign(),
        slip.comment(),
        slip.typographic(),
        slip.single_quotes(),
        slip.quotes_inside(),
        slip.quoted_name(),
        slip.colon(),
        slip.bare_text(),
        slip.words(),
        slip.pairs_in_list(),
    ];
    all.into_iter().flatten().collect()
}

/// Something that has no place, and what is meant.
fn unexpected(span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("unexpected", At::Span(span), message).help(help)
}

impl Slip<'_> {
    fn here(&self, length: usize) -> Span {
        Span::new(self.at, self.at + length)
    }

    /// The middle mark of a git conflict whose other marks were deleted.
    fn conflict(&self) -> Option<Guess> {
        let line = self.text[self.line.start..self.line.end].trim_end();
        let span = Span::new(self.line.start, self.line.start + line.len());
        let diagnostic = Diagnostic::error("git-conflict", At::Span(span), "this mark is left of a git merge");
        let help = "what stands before and behind it is the same place of two branches; keep one, delete the mark";
        (line == "=======").then(|| Guess::new(span, "", diagnostic.help(help)))
    }

    /// The first line, mistyped.
    fn header(&self) -> Option<Guess> {
        let line = self.text[self.line.start..self.line.end].trim();
        let is_header = line.starts_with('#') && line.contains("enable");
        let diagnostic = Diagnostic::error("bad-header", At::Span(self.line), "this header is not understood");
        let help = "the first line is #![enable(implicit_some)]";
        is_header.then(|| Guess::new(self.line, "#![enable(implicit_some)]", diagnostic.help(help)))
    }

    /// `=` for `:`, `;` for `,`, a comma too many.
    fn sign(&self) -> Option<Guess> {
        let sign: String = self.rest.chars().take_while(|c| "=>:".contains(*c)).collect();
        let named = self.before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '"');
        if named && matches!(&*sign, "=" | "=>" | ":=" | "==" | ":=>") {
            let message = format!("`{sign}` has no place here");
            return Some(Guess::new(
                self.here(sign.len()),
                ":",
                unexpected(self.here(sign.len()), message, "write : instead"),
            ));
        }
        if self.rest.starts_with(':') && self.before.ends_with(':') {
            return Some(Guess::new(
                self.here(1),
                "",
                unexpected(self.here(1), "this colon is one too many", "delete it"),
            ));
        }
        if self.rest.starts_with(';') {
            return Some(Guess::new(
                self.here(1),
                ",",
                unexpected(self.here(1), "`;` has no place here", "write , instead"),
            ));
        }
        if self.rest.starts_with(',') && !self.before.ends_with(':') {
            return Some(Guess::new(
                self.here(1),
                "",
                unexpected(self.here(1), "this comma is one too many", "delete it"),
            ));
        }
        None
    }

    /// A comment as other formats write it.
    fn comment(&self) -> Option<Guess> {
        let sign = ["<!--", "#", "--", "/", "%"].into_iter().find(|sign| self.rest.starts_with(sign))?;
        let is_apart = self.before.len() < self.at - self.line.start || self.before.is_empty();
        if self.rest.starts_with("/*") || !is_apart {
            return None;
        }
        let message = format!("`{sign}` has no place here");
        Some(Guess::new(
            self.here(sign.len()),
            "//",
            unexpected(self.here(sign.len()), message, "a comment begins with //"),
        ))
    }

    /// Quotes as a word processor makes them.
    fn typographic(&self) -> Option<Guess> {
        const QUOTES: [char; 10] = ['“', '”', '„', '‟', '«', '»', '‘', '’', '″', '＂'];
        let first = self.rest.chars().next().filter(|c| QUOTES.contains(c))?;
        let inside = &self.rest[first.len_utf8()..];
        let end = inside.find(|c| QUOTES.contains(&c) || c == '"')?;
        let close = inside[end..].chars().next().map_or(0, char::len_utf8);
        let length = first.len_utf8() + end + close;
        let new = format!("\"{}\"", &inside[..end]);
        let help = format!("write {new} with the straight quotes of a keyboard");
        Some(Guess::new(
            self.here(length),
            new,
            unexpected(self.here(length), "these quotes are typographic ones", help),
        ))
    }

    fn single_quotes(&self) -> Option<Guess> {
        let inside = self.rest.strip_prefix('\'')?;
        let ends = |n: &usize| inside[n + 1..].trim_start().starts_with([',', ')', ']', '}', ':']);
        if let Some(end) = inside.find('"').filter(|end| ends(end) && !inside[..*end].contains('\'')) {
            let new = format!("\"{}\"", &inside[..end]);
            let help = format!("write {new}");
            return Some(Guess::new(
                self.here(1),
                "\"",
                unexpected(self.here(end + 2), "a text stands in double quotes", help),
            ));
        }
        let end = inside.match_indices('\'').map(|(n, _)| n).find(ends)?;
        let new = format!("\"{}\"", &inside[..end].replace('"', "\\\""));
        let help = format!("write {new}");
        Some(Guess::new(
            self.here(end + 2),
            new,
            unexpected(self.here(end + 2), "a text stands in double quotes", help),
        ))
    }

    /// `"The "app" network"`: the error is behind the quote that seems to end the text.
    fn quotes_inside(&self) -> Option<Guess> {
        let inner = self.rest.strip_prefix('"').filter(|rest| rest.starts_with(|c: char| c.is_alphanumeric()))?;
        let open = self.before.rfind('"').map(|n| self.line.start + n)?;
        if self.before.ends_with([',', ':', '(', '[', '{']) {
            return None;
        }
        if open + 1 == self.at {
            let place = Span::new(open, open + 1);
            return Some(Guess::new(place, "", unexpected(place, "this quote is one too many", "delete it")));
        }
        let end = inner.trim_end().trim_end_matches([',', ')', ']', '}']).len();
        let close = inner[..end].strip_suffix('"').map(|all| self.at + 1 + all.len())?;
        let text = &self.text[open + 1..close];
        let new = format!("\"{}\"", text.replace('"', "\\\""));
        let place = Span::new(self.at, self.text[..close].rfind('"')? + 1);
        let help = format!("write {new}, or use single quotes inside");
        Some(Guess::new(
            Span::new(open, close + 1),
            new,
            unexpected(place, "a quote inside a text is written \\\"", help),
        ))
    }

    /// A name of a field in quotes, as JSON has it.
    fn quoted_name(&self) -> Option<Guess> {
        let inside = self.rest.strip_prefix('"')?;
        let (name, behind) = inside.split_once('"')?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name || !behind.trim_start().starts_with(':') {
            return None;
        }
        let span = self.here(name.len() + 2);
        Some(Guess::new(
            span,
            name,
            unexpected(span, "the name of a field stands without quotes", format!("write {name}: …")),
        ))
    }

    /// A colon is missing: behind a word that something follows, or behind a key.
    fn colon(&self) -> Option<Guess> {
        let next = self.rest.chars().next()?;
        // The error is at the last character of the word, or at what follows the key.
        let (end, behind) = if next.is_ascii_alphanumeric() || next == '_' {
            (self.at + 1, self.rest[1..].trim_start())
        } else {
            (self.line.start + self.before.len(), self.rest)
        };
        if behind.starts_with('"') && behind.len() == self.text[end..self.line.end].len() {
            return None;
        }
        let upper = |c: char| matches!(c, '"' | '(' | '[' | '{' | '0'..='9' | 'A'..='Z');
        let head = &self.text[self.line.start..end];
        let is_key = head.ends_with('"') && end < self.at;
        let start = if is_key {
            head[..head.len() - 1].rfind('"')?
        } else {
            head.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len()
        };
        let before = head[..start].trim_end();
        let is_name = before.is_empty() || before.ends_with(['(', ',', '{']);
        let starts_small = is_key || head[start..].starts_with(|c: char| c.is_ascii_lowercase());
        if !behind.starts_with(upper) || start == head.len() || !is_name || !starts_small {
            return None;
        }
        let span = Span::new(self.line.start + start, end);
        let name = head[start..].to_owned();
        Some(Guess::new(
            Span::new(end, end),
            ":",
            unexpected(span, format!("a colon is missing behind `{name}`"), format!("write {name}: …")),
        ))
    }

    /// A text of several words without quotes.
    fn bare_text(&self) -> Option<Guess> {
        let line = &self.text[self.line.start..self.line.end];
        let start = line[..self.at - self.line.start].rfind(": ")? + 2;
        let words = line[start..].trim_end().trim_end_matches([',', ')', ']', '}']);
        if !words.starts_with(|c: char| c.is_alphabetic()) || words.contains(['"', '(', '{', '[', '\\']) {
            return None;
        }
        let span = Span::new(self.line.start + start, self.line.start + start + words.len());
        let new = format!("\"{words}\"");
        let help = format!("write {new}");
        Some(Guess::new(span, new, unexpected(span, "a text stands in double quotes", help)))
    }

    /// Several words behind a comma or bracket: a comment without its sign.
    fn words(&self) -> Option<Guess> {
        let line = &self.text[self.line.start..self.line.end];
        let start = line[..self.at - self.line.start].rfind([',', '(', '[', '{', ')']).map_or(0, |n| n + 1);
        let start = start + (line[start..].len() - line[start..].trim_start().len());
        let words = line[start..].trim_end();
        let is_prose = words.split_whitespace().count() > 1
            && words.starts_with(|c: char| c.is_alphabetic())
            && !words.contains([':', '"', '(', '{', '[']);
        if !is_prose {
            return None;
        }
        let span = Span::new(self.line.start + start, self.line.start + start + words.len());
        let help = "a comment begins with //, a text stands in quotes";
        Some(Guess::new(
            Span::new(span.start, span.start),
            "// ",
            unexpected(span, "these words have no place here", help),
        ))
    }

    /// A list that holds keys with values.
    fn pairs_in_list(&self) -> Option<Guess> {
        if !self.rest.starts_with(':') || !self.before.ends_with('"') {
            return None;
        }
        let (open, close) = super::brackets::around(self.text, self.at)?;
        if self.text.as_bytes()[open] != b'[' || self.text.as_bytes()[close] != b']' {
            return None;
        }
        let new = format!("{{{}}}", &self.text[open + 1..close]);
        let message = "keys with values stand in { }, not in [ ]";
        let diagnostic = unexpected(Span::new(open, open + 1), message, "write { here and } at the end")
            .label(At::Span(Span::new(close, close + 1)), "it ends here");
        Some(Guess::new(Span::new(open, close + 1), new, diagnostic))
    }
}
