//! Parsing: scanned text to a tree. After an error it goes on with the next item, so that one typing mistake does
//! not hide another. It accepts any RON value; what may stand where is for `codec` to say.

mod head;
mod skip;

use crate::diagnostic::{At, Diagnostic, Span};

use super::lex::Scanner;
use super::{DEEPEST, Kind, LARGEST, Node, Tree};

/// What came of a text.
pub(crate) struct Parsed {
    /// The tree, as nodes; empty when there was no value at all.
    pub(crate) nodes: Vec<Node>,
    /// Where comments are, in order.
    pub(crate) comments: Vec<Span>,
    /// Every error.
    pub(crate) errors: Vec<Diagnostic>,
    /// Where the outermost value begins; comments before the header end before `header`.
    pub(crate) header: usize,
    /// Where quotes or brackets first stopped to pair up; from there on the tree is a guess.
    pub(crate) lost: Option<Lost>,
}

/// Where quotes or brackets stop to pair up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// The byte at which it shows; the mistake may be before it.
    pub(crate) at: usize,
    /// Whether a string there swallows what follows it.
    pub(crate) in_string: bool,
    /// How many errors there are up to and with this one; later ones may follow from it.
    pub(crate) errors: usize,
}

impl Parsed {
    /// The tree over the text it was made from.
    pub(crate) fn tree<'t>(&'t self, source: &'t str) -> Tree<'t> {
        Tree { source, nodes: &self.nodes }
    }
}

/// Parses a text. A byte order mark is skipped.
pub(crate) fn parse(source: &str) -> Parsed {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut parser = Parser {
        s: Scanner::new(source, start),
        nodes: Vec::new(),
        open: Vec::new(),
        forgiven: false,
        ended: false,
        lost: None,
    };
    if source.len() > LARGEST {
        let message = format!("the file has {} MiB; {} MiB are the most", source.len() >> 20, LARGEST >> 20);
        parser.s.errors.push(Diagnostic::error("too-large", At::File, message).help("split the model"));
        return parser.finish(start);
    }
    if let Some(conflict) = head::conflict(source) {
        parser.s.errors.push(conflict);
        return parser.finish(start);
    }
    parser.nodes.reserve(source.len() / 16);
    let header = parser.header();
    parser.document();
    parser.finish(header)
}

struct Parser<'s> {
    s: Scanner<'s>,
    nodes: Vec<Node>,
    /// Brackets that are open: the closing one, and where it opened.
    open: Vec<(u8, usize)>,
    /// Whether the item just read was reported as unclosed, so that a missing comma behind it is no news.
    forgiven: bool,
    /// Whether the end of the text was reported; the innermost open bracket is enough.
    ended: bool,
    /// See [`Parsed::lost`].
    lost: Option<Lost>,
}

impl Parser<'_> {
    fn finish(self, header: usize) -> Parsed {
        let Scanner { comments, mut errors, endless, .. } = self.s;
        // The end of the text that an endless comment reaches says nothing about brackets.
        let is_it = |at: usize| move |e: &Diagnostic| e.labels[0].at == At::Span(Span::new(at, at + 2));
        let lost = match endless.and_then(|at| Some((at, errors.iter().position(is_it(at))?))) {
            // It may be no comment at all, but lack the quote before it, as in `services/**`.
            Some((at, n)) => Some(Lost { at, in_string: true, errors: n + 1 }),
            None => self.lost,
        };
        if errors.len() >= super::MOST_ERRORS {
            errors.push(Diagnostic::error("too-many-errors", At::File, "there are more errors than these"));
        }
        Parsed { nodes: self.nodes, comments, errors, header, lost }
    }

    fn document(&mut self) {
        if self.s.peek().is_none() {
            if self.s.errors.is_empty() {
                let help = "a model begins with ThreatModel(…); `sconce init` writes one";
                self.s.error("unexpected", Span::new(self.s.at, self.s.at), "the file is empty", help);
            }
            return;
        }
        if !self.value() {
            return;
        }
        self.s.trivia();
        if self.s.peek().is_some() && !self.s.is_full() {
            let span = Span::new(self.s.at, self.s.at + 1);
            self.s.error(
                "unexpected",
                span,
                "there is something behind the end of the model",
                "delete it, or move it before the last )",
            );
            self.lose(self.s.at, false);
        }
    }

    /// Notes that quotes or brackets do not pair up here, which has just been reported.
    fn lose(&mut self, at: usize, in_string: bool) {
        let errors = self.s.errors.len();
        self.lost.get_or_insert(Lost { at, in_string, errors });
    }

    fn push(&mut self, kind: Kind, start: usize) -> usize {
        let (start, end) = (offset(start), offset(self.s.at));
        let next = offset(self.nodes.len() + 1);
        self.nodes.push(Node { kind, start, end, next });
        self.nodes.len() - 1
    }

    fn close(&mut self, node: usize) {
        let next = offset(self.nodes.len());
        self.nodes[node].end = offset(self.s.at);
        self.nodes[node].next = next;
    }

    /// Reads a value; false, with an error reported, when there is none.
    fn value(&mut self) -> bool {
        let start = self.s.at;
        let kind = match self.s.peek() {
            Some(b'"') => self.string(),
            Some(b'r') if self.s.at_raw_string() => self.s.raw_string(),
            Some(b'\'') => self.s.character(),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
                self.s.number();
                Some(Kind::Number)
            }
            Some(b'(') => return self.container(Kind::Group, start),
            Some(b'[') => return self.container(Kind::List, start),
            Some(b'{') => return self.container(Kind::Map, start),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                self.s.word();
                return self.named(start);
            }
            _ => {
                self.unexpected("a value is expected here");
                None
            }
        };
        if let Some(kind) = kind {
            self.push(kind, start);
        }
        kind.is_some()
    }

    /// A string; one that runs over lines and is followed by what cannot follow has lost its closing quote.
    fn string(&mut self) -> Option<Kind> {
        let start = self.s.at;
        let errors = self.s.errors.len();
        let kind = self.s.string();
        let may_follow = |next| matches!(next, None | Some(b',' | b')' | b']' | b'}' | b':' | b'/'));
        // Where this is so at once, nothing else needs to be looked at.
        if kind.is_some() && (may_follow(self.s.peek()) || may_follow(self.s.rest().trim_start().bytes().next())) {
            return kind;
        }
        let line = self.s.source[start..self.s.at].find('\n').map(|n| start + n);
        match (kind, line) {
            (_, Some(line)) => self.lost_quote(start, line, errors),
            (None, None) => {
                self.lose(start, true);
                None
            }
            _ => kind,
        }
    }

    fn lost_quote(&mut self, start: usize, line: usize, errors: usize) -> Option<Kind> {
        self.s.errors.truncate(errors);
        let help = "close it with \" on its line, or check the quotes of the text that follows";
        self.s.error("unclosed", Span::new(start, line), "this string seems to lack its closing quote", help);
        self.s.at = line;
        self.lose(start, true);
        None
    }

    /// The byte behind white space and comments, which are left for later.
    fn ahead(&mut self) -> Option<u8> {
        let (at, comments, errors) = (self.s.at, self.s.comments.len(), self.s.errors.len());
        self.s.trivia();
        let found = self.s.peek();
        self.s.at = at;
        self.s.comments.truncate(comments);
        self.s.errors.truncate(errors);
        found
    }

    /// What follows a word: a group it names, or nothing.
    fn named(&mut self, start: usize) -> bool {
        if self.ahead() == Some(b'(') {
            self.s.trivia();
            return self.container(Kind::Group, start);
        }
        self.push(Kind::Word, start);
        true
    }

    fn container(&mut self, kind: Kind, start: usize) -> bool {
        let close = match kind {
            Kind::Group => b')',
            Kind::List => b']',
            _ => b'}',
        };
        let bracket = self.s.at;
        self.s.at += 1;
        if self.open.len() >= DEEPEST {
            let help = "a model nests six levels deep";
            let message = format!("brackets nest deeper than {DEEPEST} levels");
            self.s.error("too-deep", Span::new(bracket, bracket + 1), message, help);
            self.skip_brackets();
            return true;
        }
        let node = self.push(kind, start);
        self.open.push((close, bracket));
        self.items(kind, close, bracket);
        self.open.pop();
        self.close(node);
        true
    }

    fn items(&mut self, kind: Kind, close: u8, bracket: usize) {
        while !self.s.is_full() {
            self.s.trivia();
            match self.s.peek() {
                None => return self.unclosed(bracket, None),
                Some(c) if c == close => {
                    self.s.at += 1;
                    return;
                }
                Some(c @ (b')' | b']' | b'}')) => {
                    if self.open.iter().rev().skip(1).any(|(outer, _)| *outer == c) {
                        return self.unclosed(bracket, Some(self.s.at));
                    }
                    self.unexpected("this bracket closes nothing");
                    self.lose(self.s.at, false);
                    self.s.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let (nodes, comments) = (self.nodes.len(), self.s.comments.len());
            let at = self.s.at;
            let whole = match kind {
                Kind::Group => self.field(),
                Kind::List => self.value(),
                _ => self.pair(),
            };
            if kind == Kind::Group && self.s.source.as_bytes()[at] == b'"' && self.ahead() == Some(b':') {
                self.nodes.truncate(nodes);
                self.s.comments.truncate(comments);
                self.s.at = at;
                return self.unclosed(bracket, Some(at));
            }
            self.comma(whole);
        }
    }

    /// The comma behind an item, or the bracket that makes it needless.
    fn comma(&mut self, whole: bool) {
        if !whole {
            self.skip_item();
        }
        let forgiven = std::mem::take(&mut self.forgiven);
        let end = self.s.at;
        self.s.trivia();
        match self.s.peek() {
            Some(b',') => self.s.at += 1,
            Some(b')' | b']' | b'}') | None => {}
            Some(b'"' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'(' | b'[' | b'{' | b'0'..=b'9') if whole => {
                if forgiven {
                    return;
                }
                let end = self.s.source[..end].trim_end().len().max(1);
                let span = Span::new(end - 1, end);
                self.s.error("missing-comma", span, "a comma is missing behind this", "put a comma here");
            }
            Some(_) => {
                if whole {
                    self.unexpected("this has no place here");
                }
                self.skip_item();
                self.s.take(b',');
            }
        }
    }

    /// `name: value` or a value, inside a group.
    fn field(&mut self) -> bool {
        let start = self.s.at;
        let starts_word = matches!(self.s.peek(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'_'));
        if !starts_word || self.s.at_raw_string() {
            return self.value();
        }
        self.s.word();
        if self.ahead() != Some(b':') {
            return self.named(start);
        }
        self.s.trivia();
        let node = self.push(Kind::Field, start);
        self.after_colon(node)
    }

    /// `key: value` inside a map.
    fn pair(&mut self) -> bool {
        let start = self.s.at;
        let node = self.push(Kind::Pair, start);
        if !self.value() {
            self.nodes.truncate(node);
            return false;
        }
        self.s.trivia();
        if self.s.peek() != Some(b':') {
            self.nodes.truncate(node);
            self.unexpected("`:` and a value are expected behind this key");
            return false;
        }
        self.after_colon(node)
    }

    fn after_colon(&mut self, node: usize) -> bool {
        let colon = Span::new(self.s.at, self.s.at + 1);
        self.s.at += 1;
        self.s.trivia();
        let is_bare = matches!(self.s.peek(), Some(b',' | b')' | b']' | b'}'));
        if is_bare {
            let help = "write it, or delete what stands before the colon too";
            self.s.error("unexpected", colon, "a value is missing behind this colon", help);
        }
        let whole = !is_bare && self.value();
        if whole {
            self.close(node);
        } else {
            self.nodes.truncate(node);
        }
        whole
    }

    fn unexpected(&mut self, message: &str) {
        let found = self.s.rest().chars().next();
        let span = Span::new(self.s.at, self.s.at + found.map_or(0, char::len_utf8));
        self.s.error(
            "unexpected",
            span,
            message,
            "a model is made of name: value, \"key\": value, [lists] and (records)",
        );
    }

    fn unclosed(&mut self, bracket: usize, before: Option<usize>) {
        self.forgiven = true;
        if before.is_none() && std::mem::replace(&mut self.ended, true) {
            return;
        }
        let name = self.s.source[bracket..].chars().next().unwrap_or('(');
        let mut error = Diagnostic::error(
            "unclosed",
            At::Span(Span::new(bracket, bracket + 1)),
            format!("this `{name}` is not closed"),
        )
        .help("close it, or delete it");
        if let Some(at) = before {
            error = error.label(At::Span(Span::new(at, at + 1)), "it should be closed before this");
        }
        if !self.s.is_full() {
            self.s.errors.push(error);
        }
        self.lose(before.unwrap_or(self.s.source.len()), false);
    }
}

/// An offset into a text or tree; texts are shorter than [`LARGEST`].
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
