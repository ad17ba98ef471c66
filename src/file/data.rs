//! The other data files: rule packs, vocabulary, technologies, policy. They are read by the `ron` crate and serde.
//! Models are not read here: they need every error, comments and versions.

use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use crate::diagnostic::{At, Diagnostic, Span};

/// Reads a data file. `Some`, and the inner parentheses of variants that hold one record, may be left out. `name` is what people know it by and stands in the message.
pub fn read<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Diagnostic> {
    let options =
        ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    options.from_str(text).map_err(|error| {
        let (start, end) = (error.span.start, error.span.end);
        let from = offset(text, start.line, start.col);
        let to = offset(text, end.line, end.col).max(from);
        let message = format!("{name}, line {}, column {}: {}", start.line, start.col, error.code);
        Diagnostic::error("bad-data", At::Span(Span::new(from, to)), message)
    })
}

/// The byte at a line and a column in characters, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}
