//! Diagnostics as text for people. It escapes everything that comes from a file; it does not decide colours.

use std::cell::OnceCell;
use std::fmt::Write as _;

use super::inert::inert;
use super::{At, Diagnostic};

/// A text together with the name people know it by.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The path as the user gave it.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

impl Source<'_> {
    /// Line and column (in characters) of a byte, both from 1.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = (0..=byte.min(self.text.len())).rev().find(|b| self.text.is_char_boundary(*b)).unwrap_or(0);
        let before = &self.text[..byte];
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// [`Source::position`] of many bytes, without walking over the text for each.
    pub fn positions(&self, bytes: impl IntoIterator<Item = usize>) -> Vec<(usize, usize)> {
        let lined = Lined::new(*self);
        bytes.into_iter().map(|byte| lined.position(byte)).collect()
    }
}

/// A text in lines, for showing many diagnostics of it: it is walked over once, and not before one needs it.
#[derive(Clone, Debug)]
pub struct Lined<'a> {
    source: Source<'a>,
    /// Where each line begins.
    starts: OnceCell<Vec<usize>>,
}

impl<'a> Lined<'a> {
    /// The lines of a text.
    pub const fn new(source: Source<'a>) -> Self {
        Self { source, starts: OnceCell::new() }
    }

    fn starts(&self) -> &[usize] {
        let ends = || self.source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        self.starts.get_or_init(|| std::iter::once(0).chain(ends().map(|(at, _)| at + 1)).collect())
    }

    fn position(&self, byte: usize) -> (usize, usize) {
        let line = self.starts().partition_point(|start| *start <= byte);
        let start = self.starts().get(line - 1).copied().unwrap_or_default();
        let rest = Source { name: self.source.name, text: &self.source.text[start..] };
        (line, rest.position(byte - start).1)
    }

    fn line(&self, number: usize) -> &'a str {
        let start = self.starts().get(number - 1).copied().unwrap_or_default();
        self.source.text[start..].lines().next().unwrap_or_default()
    }

    /// One diagnostic as lines of text, with the line of the source it is about and a caret under it.
    pub fn text(&self, diagnostic: &Diagnostic) -> String {
        let source = self.source;
        let mut out = format!("{}[{}]: {}\n", diagnostic.severity.name(), diagnostic.code, inert(&diagnostic.message));
        for label in &diagnostic.labels {
            match &label.at {
                At::Span(span) => {
                    let (line, column) = self.position(span.start);
                    let (shown, caret) = excerpt(self.line(line), column);
                    let width = source.text.get(span.start..span.end).map_or(1, |s| {
                        s.lines().next().unwrap_or("").chars().count().clamp(1, EXCERPT.saturating_sub(caret).max(1))
                    });
                    let gutter = line.to_string();
                    let pad = " ".repeat(gutter.len());
                    let _ = writeln!(out, "{pad}--> {}:{line}:{column}", inert(source.name));
                    let _ = writeln!(out, "{gutter} | {shown}");
                    let _ = writeln!(out, "{pad} | {}{} {}", " ".repeat(caret), "^".repeat(width), inert(&label.text));
                }
                At::Path(path) | At::Word(path, _) => {
                    let path = inert(&path.join("."));
                    let _ = writeln!(out, " --> {}: {path} {}", inert(source.name), inert(&label.text));
                }
                At::File => {
                    let _ = writeln!(out, " --> {} {}", inert(source.name), inert(&label.text));
                }
            }
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(out, " = help: {}", inert(help));
        }
        out.lines().map(|l| l.trim_end().to_owned() + "\n").collect()
    }
}

/// One diagnostic as lines of text; for many of one text there is [`Lined`].
pub fn text(diagnostic: &Diagnostic, source: Source<'_>) -> String {
    Lined::new(source).text(diagnostic)
}

/// The most characters of a line that are shown.
const EXCERPT: usize = 120;

/// A piece of a line that has the column (from 1) in it, harmless, and where the column is in that piece (from 0).
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let start = if column > EXCERPT * 3 / 4 { column - EXCERPT / 2 } else { 0 };
    let mut shown = String::new();
    let mut caret = 0;
    if start > 0 {
        shown.push('…');
    }
    for (n, c) in line.chars().enumerate().skip(start).take(EXCERPT) {
        if n + 1 == column {
            caret = shown.chars().count();
        }
        shown.push_str(&inert(&if c == '\t' { ' ' } else { c }.to_string()));
    }
    if column > start + shown.chars().count() || line.is_empty() {
        caret = shown.chars().count();
    }
    (shown, caret)
}

/// One diagnostic as a JSON value: `code`, `severity`, `message`, `file`, `line`, `column`, `help`, `also`.
pub fn json(diagnostic: &Diagnostic, source: Source<'_>) -> serde_json::Value {
    let place = |at: &At| match at {
        At::Span(span) => {
            let (line, column) = source.position(span.start);
            serde_json::json!({ "line": line, "column": column })
        }
        At::Path(path) | At::Word(path, _) => serde_json::json!({ "path": path }),
        At::File => serde_json::json!({}),
    };
    let mut value = serde_json::json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "file": source.name,
        "help": diagnostic.help,
    });
    let mut places = diagnostic.labels.iter().map(|l| (place(&l.at), &l.text));
    if let (Some((first, _)), Some(object)) = (places.next(), value.as_object_mut()) {
        object.extend(first.as_object().cloned().unwrap_or_default());
        let also: Vec<_> = places.map(|(at, text)| serde_json::json!({ "at": at, "text": text })).collect();
        if !also.is_empty() {
            object.insert("also".to_owned(), also.into());
        }
    }
    value
}
