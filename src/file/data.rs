//! The other data files: rule packs, vocabulary, technologies, policy. They are read by the `ron` crate and serde.
//! Models are not read here: they need every error, comments and versions.

use ron::extensions::Extensions;
use ron::value::RawValue;
use serde::de::DeserializeOwned;

use crate::diagnostic::{At, Diagnostic, Span, meant};

/// Reads a data file. `Some`, and the inner parentheses of variants that hold one record, may be left out. `name` is
/// what people know it by and stands in the message.
pub fn read<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Diagnostic> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    options().from_str(text).map_err(|error| {
        let (line, column) = (error.span.start.line, error.span.start.col);
        let message = format!("{name}, line {line}, column {column}: {}", plain(&error.code));
        Diagnostic::error("bad-data", At::Span(span(text, &error)), message)
    })
}

/// Reads one record; the message does not name the place, which is the diagnostic's.
pub fn record<T: DeserializeOwned>(text: &str) -> Result<T, Diagnostic> {
    options()
        .from_str(text)
        .map_err(|error| Diagnostic::error("bad-data", At::Span(span(text, &error)), plain(&error.code)))
}

/// Reads a list of records, each with its place. One that is wrong does not hide what is wrong with the others.
pub fn records<T: DeserializeOwned>(text: &str) -> Result<Vec<(Span, T)>, Vec<Diagnostic>> {
    let wrong = |error: &ron::error::SpannedError, text: &str, from: usize| {
        let Span { start, end } = span(text, error);
        Diagnostic::error("bad-data", At::Span(Span::new(from + start, from + end)), plain(&error.code))
    };
    let parts: Vec<&RawValue> = options().from_str(text).map_err(|error| vec![wrong(&error, text, 0)])?;
    let (mut read, mut found) = (Vec::new(), Vec::new());
    let mut from = 0;
    for part in parts {
        let part = part.get_ron();
        // The parts are pieces of the text, one behind the other.
        from += text[from..].find(part).unwrap_or(0);
        match options().from_str(part) {
            Ok(record) => read.push((Span::new(from, from + part.len()), record)),
            Err(error) => {
                let mut wrong = wrong(&error, part, from);
                if let (ron::Error::MissingStructField { .. }, At::Span(at)) = (&error.code, &mut wrong.labels[0].at)
                    && at.end + 1 >= from + part.trim_end().len()
                {
                    // What the record as a whole lacks is told where the record begins, which says which one it is.
                    *at = start(part, from);
                }
                found.push(wrong);
            }
        }
        from += part.len();
    }
    if found.is_empty() { Ok(read) } else { Err(found) }
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
}

/// Where a piece of a text that begins at a byte has its first character, comments before it left out.
fn start(piece: &str, from: usize) -> Span {
    let mut at = 0;
    for line in piece.split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        if blank < line.len() && !line[blank..].starts_with("//") {
            return Span::new(from + at + blank, from + at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(from, from + piece.len())
}

/// What is wrong, in plain words.
fn plain(error: &ron::Error) -> String {
    use ron::Error as E;
    match error {
        E::MissingStructField { field, .. } => format!("the field `{field}` is missing"),
        E::DuplicateStructField { field, .. } => format!("the field `{field}` stands here twice"),
        E::NoSuchStructField { expected, found, .. } => {
            format!("there is no field `{found}` here; {}", instead("fields", found, expected))
        }
        E::NoSuchEnumVariant { expected, found, .. } => {
            format!("`{found}` is not one of the words that can stand here; {}", instead("words", found, expected))
        }
        E::InvalidValueForType { expected, found } => {
            // What a value is in the words of programmers is no news beside the value.
            let kinds = ["the signed integer ", "the unsigned integer ", "the floating point number ", "the string "];
            let value = kinds.iter().find_map(|kind| found.strip_prefix(kind)).unwrap_or(found);
            format!("{expected} is expected here, not {value}")
        }
        other => spelling(other).map_or_else(|| other.to_string(), str::to_owned),
    }
}

/// What is wrong with the signs; `None` of what says itself in plain words.
fn spelling(error: &ron::Error) -> Option<&'static str> {
    use ron::Error as E;
    Some(match error {
        E::ExceededRecursionLimit => "brackets nest too deep",
        E::Eof => "the text ends here, and something is still open",
        E::ExpectedStructLike | E::ExpectedNamedStructLike(_) | E::ExpectedDifferentStructName { .. } => {
            "a record in parentheses is expected here, such as (name: value)"
        }
        E::ExpectedStructLikeEnd => "`)` is missing here",
        E::ExpectedArray => "a list is expected here, such as [\"one\", \"two\"]",
        E::ExpectedArrayEnd => "`]` is missing here",
        E::ExpectedMap => "`{` is expected here, and pairs such as key: value",
        E::ExpectedMapEnd => "`}` is missing here",
        E::ExpectedMapColon => "a colon is missing here",
        E::ExpectedComma => "a comma or a closing bracket is missing here",
        E::ExpectedBoolean => "true or false is expected here",
        E::ExpectedInteger => "a whole number is expected here",
        E::ExpectedString => "a text in quotes is expected here",
        E::ExpectedStringEnd => "the quotes of this text are never closed",
        E::ExpectedIdentifier => "a word is expected here",
        E::IntegerOutOfBounds => "this number is too small or too large",
        E::TrailingCharacters => "nothing comes after the last bracket",
        E::UnclosedBlockComment => "this comment is never closed",
        _ => return None,
    })
}

/// What could stand in the place of a word.
fn instead(what: &str, found: &str, expected: &[&str]) -> String {
    match meant(found, expected.iter().copied()) {
        Some(best) => format!("did you mean `{best}`?"),
        None => format!("the {what} are {}", expected.join(", ")),
    }
}

/// The place of an error.
fn span(text: &str, error: &ron::error::SpannedError) -> Span {
    let (start, end) = (error.span.start, error.span.end);
    let from = offset(text, start.line, start.col);
    Span::new(from, offset(text, end.line, end.col).max(from))
}

/// The byte at a line and a column in characters, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}
