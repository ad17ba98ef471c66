//! Comments find the field, key or row they belong to. Those in a place that is written on one line go before it.
//! This neither writes comments (that is `codec::Out`) nor lets them go (`codec::Value::prune`).

use crate::diagnostic::Span;

use super::codec::Notes;
use super::syntax::{Kind, NodeRef, Parsed, unquote};

/// The comments of a whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Comments {
    /// Before the header.
    pub(crate) head: Vec<String>,
    /// Of the model and everything in it.
    pub(crate) root: Notes,
    /// Behind the model.
    pub(crate) tail: Vec<String>,
}

/// How deep in the model a container is; what is deeper than these is written on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Root,
    Section,
    FlatSection,
    Entry,
    Leaf,
}

impl Level {
    /// The level of what a container of this level has under a name.
    fn inside(self, name: &str) -> Option<Self> {
        match (self, name) {
            (Self::Root, "format") => None,
            (Self::Root, "system") | (Self::Section, _) => Some(Self::Entry),
            (Self::Root, "considered") => Some(Self::FlatSection),
            (Self::Root, _) => Some(Self::Section),
            (Self::Entry, "facts" | "pins" | "history") => Some(Self::Leaf),
            _ => None,
        }
    }
}

/// Gives every comment of a text its place.
pub(crate) fn attach(source: &str, parsed: &Parsed) -> Comments {
    let mut all = Comments::default();
    let Some(root) = parsed.tree(source).root().filter(|_| !parsed.comments.is_empty()) else { return all };
    let mut walk = Walk { source, comments: &parsed.comments };
    while let Some(comment) = walk.before(root.span().start) {
        if comment.start < parsed.header { &mut all.head } else { &mut all.root.before }.push(walk.text(comment));
    }
    walk.container(root, Level::Root, &mut all.root);
    while let Some(comment) = walk.before(usize::MAX) {
        all.tail.push(walk.text(comment));
    }
    all
}

struct Walk<'s> {
    source: &'s str,
    comments: &'s [Span],
}

impl Walk<'_> {
    /// The next comment, if it begins before a byte.
    fn before(&mut self, byte: usize) -> Option<Span> {
        let (first, rest) = self.comments.split_first().filter(|(first, _)| first.start < byte)?;
        self.comments = rest;
        Some(*first)
    }

    fn text(&self, comment: Span) -> String {
        self.source[comment.start..comment.end].replace("\r\n", "\n")
    }

    fn same_line(&self, from: usize, to: usize) -> bool {
        self.source.get(from..to).is_some_and(|between| !between.contains('\n'))
    }

    fn container(&mut self, node: NodeRef<'_>, level: Level, notes: &mut Notes) {
        let bracket = node.span().start + node.source().find(['(', '[', '{']).unwrap_or(0) + 1;
        let mut last: Option<(String, usize)> = None;
        for (n, item) in node.children().enumerate() {
            if self.comments.first().is_none_or(|c| c.start >= node.span().end) {
                return;
            }
            let name = match item.kind() {
                Kind::Field => item.name().to_owned(),
                Kind::Pair => item.key().map(|key| unquote(key).into_owned()).unwrap_or_default(),
                _ => n.to_string(),
            };
            let span = item.span();
            while let Some(comment) = self.before(span.start) {
                let ends_line = !self.same_line(comment.end, span.start);
                self.between(comment, ends_line, notes, (&last, bracket), |notes, text| {
                    notes.inner.entry(name.clone()).or_default().before.push(text);
                });
            }
            self.item(item, level.inside(&name), &name, notes);
            last = Some((name, span.end));
        }
        while let Some(comment) = self.before(node.span().end) {
            self.between(comment, true, notes, (&last, bracket), |notes, text| notes.closing.push(text));
        }
    }

    /// A comment between two items: at the end of the line of the first one, or else where `put` puts it.
    fn between(
        &self,
        comment: Span,
        ends_line: bool,
        notes: &mut Notes,
        (last, bracket): (&Option<(String, usize)>, usize),
        put: impl FnOnce(&mut Notes, String),
    ) {
        let text = self.text(comment);
        match last {
            Some((name, end)) if ends_line && self.same_line(*end, comment.start) => {
                notes.inner.entry(name.clone()).or_default().add_after(&text);
            }
            None if ends_line && self.same_line(bracket, comment.start) => notes.add_opening(&text),
            _ => put(notes, text),
        }
    }

    /// The comments inside an item: down into what is written as a block, else before the item.
    fn item(&mut self, item: NodeRef<'_>, level: Option<Level>, name: &str, notes: &mut Notes) {
        let end = item.span().end;
        if self.comments.first().is_none_or(|c| c.start >= end) {
            return;
        }
        let value = item.value().unwrapped();
        let own = notes.inner.entry(name.to_owned()).or_default();
        let is_container = matches!(value.kind(), Kind::Group | Kind::List | Kind::Map);
        if let Some(level) = level.filter(|_| is_container) {
            let opening = value.span().start + value.source().find(['(', '[', '{']).unwrap_or(0);
            while let Some(comment) = self.before(opening) {
                own.before.push(self.text(comment));
            }
            self.container(value, level, own);
        }
        while let Some(comment) = self.before(end) {
            own.before.push(self.text(comment));
        }
    }
}
