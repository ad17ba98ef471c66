//! The reader of a tree: it collects what is wrong, in words for people. Which fields there are is in `records`.

use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::syntax::{Kind, MOST_ERRORS, NodeRef, unquote};

/// Reads a tree, collecting what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// What was found.
    pub(crate) found: Vec<Diagnostic>,
    /// Whether the file is of a newer minor version, so that unknown fields may mean something.
    pub(crate) lenient: bool,
    /// Where the syntax is broken: what is missing there may only be illegible.
    pub(crate) broken: Vec<usize>,
}

impl Reader {
    /// Reports an error at a node.
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        node: NodeRef<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(Diagnostic::error(code, At::Span(brief(node)), message).help(help));
    }

    /// Whether so much was found that more helps nobody.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST_ERRORS
    }

    /// Reports something, unless enough was found.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.found.push(diagnostic);
        } else if self.found.len() == MOST_ERRORS {
            self.found.push(Diagnostic::error("too-many-errors", At::File, "there are more errors than these"));
        }
    }

    pub(super) fn is_broken(&self, span: Span) -> bool {
        self.broken.iter().any(|at| (span.start..span.end).contains(at))
    }

    /// Reports that something else was expected.
    pub(crate) fn wrong<T>(&mut self, node: NodeRef<'_>, expected: &str, example: &str) -> Option<T> {
        let found = describe(node);
        let message = format!("{expected} is expected here, not {found}");
        self.error(
            "wrong-type",
            node,
            message,
            meant_value(node, expected).unwrap_or_else(|| format!("such as {example}")),
        );
        None
    }

    /// Reads a word of a closed list.
    pub(crate) fn word<T>(
        &mut self,
        node: NodeRef<'_>,
        words: impl Iterator<Item = &'static str>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = if node.kind() == Kind::Word { Some(node.source()) } else { None };
        if let Some(known) = word.and_then(parse) {
            return Some(known);
        }
        // Only now are they wanted.
        let words = &words.collect::<Vec<_>>();
        if let Some(word) = word {
            return self.unknown_word(node, word, words);
        }
        let text = if node.is_string() { unquote(node) } else { "".into() };
        let message = format!("a word without quotes is expected here, not {}", describe(node));
        let help = match suggest(&text, words.iter().copied()).or_else(|| words.iter().copied().find(|w| *w == text)) {
            Some(word) => format!("write {word}, without quotes"),
            None => format!("the words are {}", words.join(", ")),
        };
        self.error("wrong-type", node, message, help);
        None
    }

    /// Reports a word that is not one of those that are understood.
    pub(crate) fn unknown_word<T>(&mut self, node: NodeRef<'_>, word: &str, words: &[&str]) -> Option<T> {
        let list = words.join(", ");
        let help = match suggest(word, words.iter().copied()) {
            // A long list would hide the answer.
            Some(best) if words.len() > 6 => format!("did you mean `{best}`?"),
            Some(best) => format!("did you mean `{best}`? The words are {list}"),
            None => format!("the words are {list}"),
        };
        self.error("unknown-word", node, format!("`{word}` is not understood here"), help);
        None
    }
}

/// The error about a name that comes twice.
pub(super) fn twice(code: &'static str, name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(code, At::Span(second), format!("`{name}` is here twice"))
        .label(At::Span(first), "the first one is here")
        .help("keep one; where a text merge of two branches left both, `sconce resolve` merges them again by meaning")
}

/// The candidate that a misspelt word probably means.
pub(crate) fn suggest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let word: String = word.chars().take(60).collect();
    let near = |c: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &c.to_lowercase());
    let length = word.chars().count();
    let limit = (length / 3).clamp(1, 3);
    candidates.map(|c| (near(c), c)).filter(|(d, _)| *d <= limit && *d < length).min_by_key(|(d, _)| *d).map(|(_, c)| c)
}

/// Where a node is, but of what has brackets only the beginning, so that an error about a record does not mark all
/// of it.
fn brief(node: NodeRef<'_>) -> Span {
    let span = node.key_span();
    match node.kind() {
        Kind::Group | Kind::List | Kind::Map => Span::new(span.start, span.start + node.name().len().max(1)),
        _ => span,
    }
}

/// How a value of the wrong type should be written, where that can be told from it.
fn meant_value(node: NodeRef<'_>, expected: &str) -> Option<String> {
    let source = node.source();
    let is_short = source.len() <= 60;
    match node.kind() {
        Kind::Word if ["null", "nil", "undefined", "none", "NULL"].contains(&source) => {
            Some("leave the field out when there is nothing to say".to_owned())
        }
        Kind::Word | Kind::Number if expected.ends_with("in quotes") && is_short => Some(format!("write \"{source}\"")),
        Kind::Plain if expected == "a number" && source.trim_matches('"').parse::<u32>().is_ok() => {
            Some(format!("write {}, without quotes", source.trim_matches('"')))
        }
        Kind::Plain if expected == "a list" && is_short => Some(format!("write [{source}]")),
        Kind::Map if expected == "a record" => Some("a record stands in round brackets: (name: \"…\")".to_owned()),
        Kind::Group if expected == "a map" => Some("a map stands in curly brackets: {\"key\": …}".to_owned()),
        _ => None,
    }
}

fn describe(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        Kind::Plain | Kind::Escaped | Kind::Raw => "a text",
        Kind::Char => "a character",
        Kind::Number => "a number",
        Kind::Word => "a word",
        Kind::Group => "a record",
        Kind::List => "a list",
        Kind::Map => "a map",
        Kind::Field | Kind::Pair => "a field",
    }
}
