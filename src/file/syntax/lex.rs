//! Scanning: white space and comments, words, numbers, strings. It moves one position over the text and allocates
//! nothing; it does not build the tree.

use crate::diagnostic::{At, Diagnostic, Span};

use super::text::escape;
use super::{Kind, MOST_ERRORS};

/// One step of indentation, which is what most white space is.
const INDENT: &[u8; 4] = b"    ";

/// The bytes at which a string is not just characters, looked up for each.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    (stops[b'"' as usize], stops[b'\\' as usize], stops[b'\r' as usize]) = (true, true, true);
    stops
};

/// A position in a text, with the comments and errors met so far.
pub(super) struct Scanner<'s> {
    pub(super) source: &'s str,
    pub(super) at: usize,
    pub(super) comments: Vec<Span>,
    pub(super) errors: Vec<Diagnostic>,
    /// Where a comment starts that has no end.
    pub(super) endless: Option<usize>,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(source: &'s str, at: usize) -> Self {
        Self { source, at, comments: Vec::new(), errors: Vec::new(), endless: None }
    }

    /// The byte here; `None` at the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or("")
    }

    /// Takes one byte if it is this one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// Whether so many errors were found that going on helps nobody.
    pub(super) fn is_full(&self) -> bool {
        self.errors.len() >= MOST_ERRORS
    }

    pub(super) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: &str) {
        if !self.is_full() {
            self.errors.push(Diagnostic::error(code, At::Span(span), message).help(help));
        }
    }

    /// Skips white space and comments; comments are remembered.
    #[inline]
    pub(super) fn trivia(&mut self) {
        // Mostly there are none.
        if !matches!(self.peek(), Some(b'!'..=b'.' | b'0'..=b'~')) {
            self.skip_trivia();
        }
    }

    fn skip_trivia(&mut self) {
        let bytes = self.source.as_bytes();
        loop {
            let mut rest = &bytes[self.at..];
            while let [b' ' | b'\n' | b'\t' | b'\r', behind @ ..] = rest {
                rest = behind;
                while let Some(behind) = rest.strip_prefix(INDENT) {
                    rest = behind;
                }
            }
            self.at = bytes.len() - rest.len();
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'/'), Some(b'/' | b'*')) => self.comment(),
                (Some(0x80..), _) => {
                    let Some(c) = self.rest().chars().next().filter(|c| c.is_whitespace()) else { return };
                    self.at += c.len_utf8();
                }
                (Some(0x0b | 0x0c), _) => self.at += 1,
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with("//") {
            self.at += rest.find('\n').unwrap_or(rest.len());
            let text = self.source[start..self.at].trim_end();
            self.comments.push(Span::new(start, start + text.len()));
            return;
        }
        let bytes = self.source.as_bytes();
        let mut depth = 0usize;
        loop {
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'/'), Some(b'*')) => (depth, self.at) = (depth + 1, self.at + 2),
                (Some(b'*'), Some(b'/')) => (depth, self.at) = (depth - 1, self.at + 2),
                (Some(_), _) => self.at += 1,
                (None, _) => {
                    let help = "end it with */";
                    self.endless = Some(start);
                    self.error("unclosed", Span::new(start, start + 2), "this comment has no end", help);
                    return;
                }
            }
            if depth == 0 {
                return self.comments.push(Span::new(start, self.at));
            }
        }
    }

    /// Takes a word; its length may be zero.
    pub(super) fn word(&mut self) -> &'s str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        self.at += length;
        &rest[..length]
    }

    /// Takes a number: digits, signs, a point, an exponent, or another base.
    pub(super) fn number(&mut self) {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-');
        self.at += self.rest().bytes().take_while(is_part).count();
    }

    /// Takes a string that starts here; `None`, with an error reported, when it has no end.
    pub(super) fn string(&mut self) -> Option<Kind> {
        let bytes = self.source.as_bytes();
        let start = self.at;
        let mut kind = Kind::Plain;
        self.at += 1;
        loop {
            self.at += bytes[self.at..].iter().take_while(|b| !STOPS[usize::from(**b)]).count();
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Some(kind);
                }
                Some(b'\\') => {
                    kind = Kind::Escaped;
                    self.escape();
                }
                Some(_) => {
                    kind = Kind::Escaped;
                    self.at += 1;
                }
                None => {
                    let message = "this string has no closing quote";
                    self.error("unclosed", Span::new(start, start + 1), message, "close it with \"");
                    return None;
                }
            }
        }
    }

    fn escape(&mut self) {
        if let Some((_, length)) = escape(self.rest()) {
            self.at += length;
            return;
        }
        let next = self.rest().chars().nth(1);
        let span = Span::new(self.at, self.at + 1 + next.map_or(0, char::len_utf8));
        let help = "the escapes are \\n \\t \\r \\0 \\\\ \\\" \\' \\x41 \\u{1f600}; a lone backslash is written \\\\";
        self.error("bad-escape", span, "this escape does not exist", help);
        self.at = span.end;
    }

    /// Takes a raw string that starts with `r` here; `None` when it is none or has no end.
    pub(super) fn raw_string(&mut self) -> Option<Kind> {
        let start = self.at;
        let hashes = self.rest().bytes().skip(1).take_while(|b| *b == b'#').count();
        let body = start + hashes + 2;
        let end = format!("\"{}", "#".repeat(hashes));
        let Some(n) = self.source[body..].find(&end) else {
            let help = format!("close it with {end}");
            self.error("unclosed", Span::new(start, body), "this raw string has no end", &help);
            self.at = self.source.len();
            return None;
        };
        self.at = body + n + end.len();
        Some(Kind::Raw)
    }

    /// Whether a raw string starts here.
    pub(super) fn at_raw_string(&self) -> bool {
        let mut rest = self.rest().bytes();
        rest.next() == Some(b'r') && rest.find(|b| *b != b'#') == Some(b'"')
    }

    /// Takes a character in single quotes.
    pub(super) fn character(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let inner = &rest[1..];
        let length = match escape(inner) {
            Some((_, length)) => Some(length),
            None => inner.chars().next().map(char::len_utf8),
        };
        let Some(n) = length.filter(|n| inner.as_bytes().get(*n) == Some(&b'\'')) else {
            let help = "texts stand in double quotes";
            self.error("unexpected", Span::new(self.at, self.at + 1), "a single quote has no place here", help);
            self.at += 1;
            return None;
        };
        self.at += n + 2;
        Some(Kind::Char)
    }
}
