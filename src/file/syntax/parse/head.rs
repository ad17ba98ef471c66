//! What stands before a model: the `#![enable(…)]` line, and the marks of an unfinished git merge, which make the whole
//! text unreadable. It does not read the model.

use super::Parser;
use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::syntax::text::is_mark;

const EXTENSIONS: &[&str] = &["implicit_some", "unwrap_newtypes", "unwrap_variant_newtypes", "explicit_struct_names"];

impl Parser<'_> {
    /// Reads `#![enable(…)]` lines; returns where the first one stood.
    pub(super) fn header(&mut self) -> usize {
        self.s.trivia();
        let first = self.s.at;
        while self.s.rest().starts_with("#!") {
            let start = self.s.at;
            let line = self.s.rest();
            let line = &line[..line.find(['\n', ']']).map_or(line.len(), |n| n + 1)];
            let inside: String = line.chars().filter(|c| !c.is_whitespace()).collect();
            let words = inside.strip_prefix("#![enable(").and_then(|s| s.strip_suffix(")]"));
            let known = words.is_some_and(|w| w.split(',').all(|w| w.is_empty() || EXTENSIONS.contains(&w)));
            self.s.at += line.trim_end().len();
            if !known {
                let help = "the first line is #![enable(implicit_some)]";
                self.s.error("bad-header", Span::new(start, self.s.at), "this header is not understood", help);
            }
            self.s.trivia();
        }
        first
    }
}

/// The error about marks that git left; `None` when there are none.
pub(super) fn conflict(source: &str) -> Option<Diagnostic> {
    if !has_mark(source.as_bytes()) {
        return None;
    }
    let mut at = 0;
    let mut marks = Vec::new();
    for line in source.split_inclusive('\n') {
        let text = line.trim_end();
        if is_mark(text) && text.as_bytes().get(7).is_none_or(|b| *b == b' ') {
            marks.push((Span::new(at, at + text.len()), text.starts_with('=')));
        }
        at += line.len();
    }
    let (first, _) = *marks.iter().find(|(_, middle)| !middle)?;
    let mut error = Diagnostic::error("git-conflict", At::Span(first), "this is an unfinished git merge");
    for (span, _) in marks.iter().filter(|(span, _)| *span != first).take(20) {
        error = error.label(At::Span(*span), "another mark of the conflict");
    }
    Some(error.help(
        "`sconce resolve` merges the file by meaning; or keep one side or both by hand, delete the lines with the marks, and run `sconce check`",
    ))
}

/// Whether seven of a sign stand together of which such a mark consists. Each seventh byte is looked at: one of them is
/// among any seven.
fn has_mark(bytes: &[u8]) -> bool {
    let is_run = |at: usize| {
        let same = |b: &&u8| **b == bytes[at];
        bytes[..at].iter().rev().take_while(same).count() + bytes[at..].iter().take_while(same).count() >= 7
    };
    let is_sign = |seven: &[u8]| matches!(seven[6], b'<' | b'>' | b'|');
    bytes.chunks_exact(7).enumerate().any(|(n, seven)| is_sign(seven) && is_run(n * 7 + 6))
}
