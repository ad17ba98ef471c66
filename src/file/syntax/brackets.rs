//! Guesses about brackets: in a file that is indented as sconce writes it, the indentation says where a bracket should
//! have been closed. It changes nothing and decides nothing; see `mend`.

use super::lex::Scanner;
use super::mend::{Guess, line_around};
use crate::diagnostic::{At, Diagnostic, Span};

/// One bracket of the text.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    byte: u8,
    at: usize,
    /// How far its line is indented.
    indent: usize,
    /// Where its line begins.
    line: usize,
    /// Whether it is the last thing on its line, comments aside.
    ends_line: bool,
}

impl Bracket {
    const fn closing(self) -> char {
        match self.byte {
            b'(' => ')',
            b'[' => ']',
            _ => '}',
        }
    }

    fn place(self) -> At {
        At::Span(Span::new(self.at, self.at + 1))
    }
}

/// What can be wrong with the brackets of a text, in the order in which it shows.
pub(super) fn guesses(text: &str) -> Vec<Guess> {
    let mut walk = Walk { text, open: Vec::new(), found: Vec::new() };
    let mut scanner = Scanner::new(text, 0);
    let mut line = Span::default();
    let mut fresh = true;
    loop {
        scanner.trivia();
        let Some(byte) = scanner.peek() else { break };
        let at = scanner.at;
        if fresh || at >= line.end {
            walk.end_line(line);
            line = line_around(text, at);
            fresh = false;
            walk.start_line(line, at, byte);
        }
        let indent = at_indent(text, line);
        token(&mut scanner, byte);
        match byte {
            b'(' | b'[' | b'{' => {
                let rest = text[scanner.at..line.end.max(scanner.at)].trim_start();
                let ends_line = rest.is_empty() || rest.starts_with("//");
                if at > 0 && text.as_bytes()[at - 1] == byte {
                    walk.twice(byte, at);
                }
                walk.open.push(Bracket { byte, at, indent, line: line.start, ends_line });
            }
            b')' | b']' | b'}' => walk.close(byte, at, indent, at == line.start + indent),
            _ => {}
        }
    }
    walk.end_line(line);
    walk.end();
    walk.found
}

/// The bracket that is open at a byte and the one that closes it.
pub(super) fn around(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut scanner = Scanner::new(text, 0);
    let mut open = Vec::new();
    let mut depth = None;
    loop {
        scanner.trivia();
        let byte = scanner.peek()?;
        if scanner.at >= at && depth.is_none() {
            depth = Some(open.len().checked_sub(1)?);
        }
        match byte {
            b'(' | b'[' | b'{' => open.push(scanner.at),
            b')' | b']' | b'}' => {
                let opened = open.pop()?;
                if depth == Some(open.len()) {
                    return Some((opened, scanner.at));
                }
            }
            _ => {}
        }
        token(&mut scanner, byte);
    }
}

/// Moves over one token.
fn token(scanner: &mut Scanner<'_>, byte: u8) {
    match byte {
        b'"' => {
            scanner.string();
        }
        b'r' if scanner.at_raw_string() => {
            scanner.raw_string();
        }
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
            scanner.word();
        }
        _ => scanner.at += scanner.rest().chars().next().map_or(1, char::len_utf8),
    }
}

/// How far a line is indented.
fn at_indent(text: &str, line: Span) -> usize {
    let line = &text[line.start..line.end];
    line.len() - line.trim_start().len()
}

struct Walk<'s> {
    text: &'s str,
    open: Vec<Bracket>,
    found: Vec<Guess>,
}

impl Walk<'_> {
    fn guess(&mut self, span: Span, text: impl Into<String>, diagnostic: Diagnostic) {
        self.found.push(Guess::new(span, text, diagnostic));
    }

    /// A bracket that stands twice, which no model has.
    fn twice(&mut self, byte: u8, at: usize) {
        let here = Span::new(at, at + 1);
        let message = format!("this `{}` is one too many", char::from(byte));
        self.guess(here, "", Diagnostic::error("unexpected", At::Span(here), message).help("delete it"));
    }

    /// A line that is indented no deeper than what is still open above it closes that.
    fn start_line(&mut self, line: Span, at: usize, first: u8) {
        let indent = at - line.start.min(at);
        while let Some(top) = self.open.last().copied().filter(|t| t.ends_line && t.line < line.start) {
            let is_inside = top.indent < indent || b")]}".contains(&first) && top.indent == indent;
            if is_inside {
                return;
            }
            self.unclosed(top, line.start, at);
            self.open.pop();
        }
    }

    /// Guesses that a bracket should be closed before a line.
    fn unclosed(&mut self, top: Bracket, line: usize, before: usize) {
        if self.text.as_bytes()[before] == b',' {
            // Only the bracket is gone; its comma is still there.
            let diagnostic = unclosed(top)
                .label(At::Span(Span::new(before, before + 1)), "it should be closed here")
                .help(format!("put {} before this comma", top.closing()));
            return self.guess(Span::new(before, before), top.closing(), diagnostic);
        }
        let diagnostic = unclosed(top)
            .label(At::Span(Span::new(before, before + 1)), "it should be closed before this")
            .help(format!("put {}, on a line of its own before it", top.closing()));
        let text = format!("{}{},\n", " ".repeat(top.indent), top.closing());
        self.guess(Span::new(line, line), text, diagnostic);
    }

    fn close(&mut self, byte: u8, at: usize, indent: usize, is_first: bool) {
        let Some(top) = self.open.last().copied() else { return self.surplus(byte, at, indent, is_first) };
        let is_match = top.closing() as u32 == u32::from(byte);
        // What is opened at the end of a line is closed at the beginning of one.
        let is_block = is_match && !is_first && top.ends_line;
        if is_block || is_first && top.ends_line && indent > top.indent {
            return self.surplus(byte, at, indent, is_first);
        }
        self.open.pop();
        if is_match {
            return;
        }
        let (wrong, right) = (char::from(byte), top.closing());
        let here = Span::new(at, at + 1);
        if !is_first || self.open.last().is_some_and(|t| u32::from(byte) == t.closing() as u32) {
            let diagnostic = unclosed(top)
                .label(At::Span(here), "it should be closed before this")
                .help(format!("put {right} before this {wrong}"));
            self.guess(Span::new(at, at), right, diagnostic);
        }
        let diagnostic = Diagnostic::error(
            "unexpected",
            At::Span(here),
            format!("this `{wrong}` stands where a `{}` should be closed", char::from(top.byte)),
        );
        let diagnostic = diagnostic.label(top.place(), "which was opened here").help(format!("write {right} instead"));
        self.guess(here, right, diagnostic);
        if !is_first && line_around(self.text, at).start != top.line {
            return self.surplus_inside(top, byte, at, indent);
        }
        let opener = match byte {
            b')' => '(',
            b']' => '[',
            _ => '{',
        };
        let message = format!("this `{}` is closed by a `{wrong}`", char::from(top.byte));
        let diagnostic = Diagnostic::error("unexpected", top.place(), message)
            .label(At::Span(here), "it is closed here")
            .help(format!("write {opener} instead"));
        self.guess(Span::new(top.at, top.at + 1), opener, diagnostic);
        if !is_first {
            self.surplus_inside(top, byte, at, indent);
        }
    }

    /// Guesses about a bracket in the middle of a line that does not close `top`, which was just taken off.
    fn surplus_inside(&mut self, top: Bracket, byte: u8, at: usize, indent: usize) {
        self.open.push(top);
        self.surplus(byte, at, indent, false);
        // The bracket that was skipped may belong to the one around.
        self.open.pop();
        if self.open.last().is_some_and(|t| u32::from(byte) == t.closing() as u32) {
            self.open.pop();
        }
    }

    /// Guesses about a bracket that closes nothing: the one that it closes is missing, or it is too many.
    fn surplus(&mut self, byte: u8, at: usize, indent: usize, is_first: bool) {
        let (wrong, open) = match byte {
            b')' => (')', "("),
            b']' => (']', "["),
            _ => ('}', "{"),
        };
        let head = self.text[..at]
            .rsplit('\n')
            .skip(1)
            .find(|line| line.len() - line.trim_start().len() <= indent && !line.trim().is_empty());
        if let Some(head) = head.filter(|head| is_first && head.len() - head.trim_start().len() == indent) {
            let start = head.as_ptr() as usize - self.text.as_ptr() as usize;
            let end = start + head.trim_end().len();
            if !head.trim_end().ends_with([',', '(', '[', '{']) {
                let word = head.trim_end().rfind(' ').map_or(start + indent, |n| start + n + 1);
                let diagnostic = Diagnostic::error(
                    "unexpected",
                    At::Span(Span::new(word, end)),
                    format!("a `{open}` is missing behind this"),
                )
                .label(At::Span(Span::new(at, at + 1)), "it is closed here")
                .help(format!("put {open} at the end of the line"));
                self.guess(Span::new(end, end), open, diagnostic);
            }
        }
        if at > 0 && self.text.as_bytes()[at - 1] == byte {
            self.twice(byte, at);
        }
        if !is_first {
            self.openers(at, (open, wrong));
        }
        let comma = usize::from(self.text.as_bytes().get(at + 1) == Some(&b','));
        let here = Span::new(at, at + 1);
        let diagnostic = Diagnostic::error("unexpected", At::Span(here), format!("this `{wrong}` closes nothing"));
        let diagnostic = diagnostic.help("delete it, or put the bracket that it closes before it");
        self.guess(here, "", diagnostic);
        if is_first && comma > 0 {
            let diagnostic = Diagnostic::error("unexpected", At::Span(here), format!("this `{wrong}` closes nothing"));
            self.guess(Span::new(at, at + 2), "", diagnostic.help("delete it together with its comma"));
        }
    }

    /// Guesses that the bracket that one in the middle of a line closes is missing before it on that line.
    fn openers(&mut self, at: usize, (open, wrong): (&str, char)) {
        let line = line_around(self.text, at);
        let start = line.start + at_indent(self.text, line);
        let before = &self.text[start..at];
        let behind = |mark: &'static str| before.match_indices(mark).map(move |(n, _)| start + n + mark.len());
        let mut places: Vec<usize> =
            std::iter::once(start).chain(behind(": ")).chain(behind("[")).chain(behind("), ")).collect();
        places.sort_unstable();
        let has_content = |place: &usize| self.text[*place..at].contains(|c: char| c.is_alphanumeric());
        let places: Vec<usize> = places.into_iter().filter(has_content).collect();
        for place in places.into_iter().rev().take(12) {
            let length = self.text[place..].chars().next().map_or(0, char::len_utf8);
            let diagnostic = Diagnostic::error(
                "unexpected",
                At::Span(Span::new(place, place + length)),
                format!("a `{open}` is missing before this"),
            );
            let diagnostic = diagnostic.label(At::Span(Span::new(at, at + 1)), "it is closed here");
            let help = format!("put {open} before it, or delete the {wrong}");
            self.guess(Span::new(place, place), open, diagnostic.help(help));
        }
    }

    /// What was opened in the middle of a line is closed on the same line.
    fn end_line(&mut self, line: Span) {
        let is_here = |b: &&Bracket| b.at >= line.start && b.at < line.end && !b.ends_line;
        let Some(top) = self.open.last().filter(is_here).copied() else { return };
        let content = self.text[line.start..line.end].trim_end();
        let end = line.start + content.trim_end_matches(',').len();
        if content.contains("//") && !content.contains("://") {
            return;
        }
        let right = top.closing();
        let diagnostic = unclosed(top).help(format!("close it with {right} on its line"));
        self.guess(Span::new(end, end), right, diagnostic);
    }

    /// What is open at the end of the text.
    fn end(&mut self) {
        let end = self.text.trim_end().len();
        let Some(top) = self.open.last().copied() else { return };
        let missing: String = self.open.iter().rev().map(|b| b.closing()).collect();
        let diagnostic = if self.open.len() == 1 {
            unclosed(top).help(format!("put {} at the end of the file", top.closing()))
        } else {
            let last = self.text[..end].chars().next_back().map_or(0, char::len_utf8);
            let message = format!("the file ends here, but {} brackets are still open", self.open.len());
            Diagnostic::error("unclosed", At::Span(Span::new(end - last, end)), message)
                .label(top.place(), "the last one that was opened")
                .help("the end of the file may be lost: look for it in git, or close what is open")
        };
        let is_cut = self.open.len() > 1;
        self.found.push(Guess { span: Span::new(end, end), text: missing, diagnostic, is_cut });
    }
}

fn unclosed(bracket: Bracket) -> Diagnostic {
    Diagnostic::error("unclosed", bracket.place(), format!("this `{}` is not closed", char::from(bracket.byte)))
}
