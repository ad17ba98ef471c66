//! The syntax tree: one flat list of nodes in the order of the text, each knowing where its subtree ends.
//! Nodes hold offsets only, so that a tree is one allocation; they do not hold text or values.

use crate::diagnostic::Span;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string without escapes: the text between the quotes is the value.
    Plain,
    /// A string with escapes or carriage returns.
    Escaped,
    /// A raw string, `r"…"` or `r#"…"#`.
    Raw,
    /// A character, `'x'`.
    Char,
    /// A number.
    Number,
    /// A bare word: `High`, `true`, `None`.
    Word,
    /// `(…)` or `Name(…)`.
    Group,
    /// `[…]`.
    List,
    /// `{…}`.
    Map,
    /// `name: value` inside a group.
    Field,
    /// `key: value` inside a map.
    Pair,
}

/// A node. `next` is the index of the first node behind its subtree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) next: u32,
}

/// A tree together with its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tree<'t> {
    pub(crate) source: &'t str,
    pub(crate) nodes: &'t [Node],
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRef<'t> {
    tree: Tree<'t>,
    at: usize,
}

impl<'t> Tree<'t> {
    /// The outermost value.
    pub(crate) fn root(self) -> Option<NodeRef<'t>> {
        self.node(0)
    }

    /// The node with an index.
    pub(crate) fn node(self, at: usize) -> Option<NodeRef<'t>> {
        (at < self.nodes.len()).then_some(NodeRef { tree: self, at })
    }
}

impl<'t> NodeRef<'t> {
    fn node(self) -> &'t Node {
        &self.tree.nodes[self.at]
    }

    /// Its index in the tree.
    pub(crate) fn index(self) -> usize {
        self.at
    }

    /// How many nodes are inside it, at whatever depth.
    pub(crate) fn count(self) -> usize {
        self.node().next as usize - self.at - 1
    }

    /// What it is.
    pub(crate) fn kind(self) -> Kind {
        self.node().kind
    }

    /// Where it is.
    pub(crate) fn span(self) -> Span {
        Span::new(self.node().start as usize, self.node().end as usize)
    }

    /// Its text as written.
    pub(crate) fn source(self) -> &'t str {
        let span = self.span();
        &self.tree.source[span.start..span.end]
    }

    /// The name of a field, or the name before the parenthesis of a group; may be empty.
    pub(crate) fn name(self) -> &'t str {
        let text = self.source();
        let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'_')).unwrap_or(text.len());
        &text[..end]
    }

    /// Where the name of a field or the key of a pair is; the whole span of anything else.
    pub(crate) fn key_span(self) -> Span {
        match self.kind() {
            Kind::Field => Span::new(self.span().start, self.span().start + self.name().len()),
            Kind::Pair => self.children().next().map_or(self.span(), Self::span),
            _ => self.span(),
        }
    }

    /// The value of a field or pair; the node itself of anything else.
    pub(crate) fn value(self) -> Self {
        match self.kind() {
            Kind::Field => self.children().next().unwrap_or(self),
            Kind::Pair => self.children().nth(1).unwrap_or(self),
            _ => self,
        }
    }

    /// The key of a pair.
    pub(crate) fn key(self) -> Option<Self> {
        if self.kind() == Kind::Pair { self.children().next() } else { None }
    }

    /// The node itself, or what `Some(…)` holds.
    pub(crate) fn unwrapped(self) -> Self {
        if self.kind() != Kind::Group || self.name() != "Some" {
            return self;
        }
        let mut inside = self.children();
        match (inside.next(), inside.next()) {
            (Some(only), None) if only.kind() != Kind::Field => only.unwrapped(),
            _ => self,
        }
    }

    /// Whether it is a string of any kind.
    pub(crate) fn is_string(self) -> bool {
        matches!(self.kind(), Kind::Plain | Kind::Escaped | Kind::Raw)
    }

    /// The nodes directly inside it.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        let end = self.node().next as usize;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = NodeRef { tree, at };
                at = child.node().next as usize;
                child
            })
        })
    }
}
