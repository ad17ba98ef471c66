//! From a path into the model to the place in the text where it stands.
//! A path that leads nowhere gives the nearest place that exists: a missing `from` is shown at the flow.

use std::collections::HashMap;

use crate::diagnostic::Span;

use super::codec::suggest;
use super::gaps::section_name;
use super::syntax::{Kind, Node, NodeRef, Tree, parse, unquote};

/// Where everything is in one text.
#[derive(Debug)]
pub(crate) struct Spans {
    nodes: Vec<Node>,
    /// Entries of the large maps, so that many diagnostics do not each walk over all of them.
    entries: HashMap<(String, String), usize>,
}

impl Spans {
    /// Reads a text.
    pub(crate) fn of(source: &str) -> Self {
        let nodes = parse(source).nodes;
        let tree = Tree { source, nodes: &nodes };
        let mut entries = HashMap::new();
        for section in tree.root().into_iter().flat_map(NodeRef::children) {
            let map = section.value().unwrapped();
            for entry in map.children().filter(|_| map.kind() == Kind::Map) {
                if let Some(key) = entry.key() {
                    let name = section_name(section.name()).to_owned();
                    entries.entry((name, unquote(key).into_owned())).or_insert(entry.index());
                }
            }
        }
        Self { nodes, entries }
    }

    /// Where a path leads; the text must be the one that was read.
    pub(crate) fn find(&self, source: &str, path: &[String]) -> Option<Span> {
        let (at, whole) = self.follow(source, path)?;
        let value = at.value();
        let is_scalar = !matches!(value.kind(), Kind::Group | Kind::List | Kind::Map);
        Some(match at.kind() {
            Kind::Field | Kind::Pair if is_scalar && whole => value.span(),
            Kind::Group => Span::new(at.span().start, at.span().start + at.name().len().max(1)),
            _ => at.key_span(),
        })
    }

    /// The whole of what a path leads to, its name with it; of what is not written the nearest thing that is.
    pub(crate) fn whole(&self, source: &str, path: &[String]) -> Option<Span> {
        let (at, whole) = self.follow(source, path)?;
        if whole { Some(at.span()) } else { self.find(source, path) }
    }

    /// Where the name at the end of a path stands, or one word of it.
    pub(crate) fn find_word(&self, source: &str, path: &[String], word: Option<&str>) -> Option<Span> {
        let (at, whole) = self.follow(source, path)?;
        let span = at.key_span();
        let Some(word) = word.filter(|_| whole) else {
            return if whole { Some(span) } else { self.find(source, path) };
        };
        let name = source.get(span.start..span.end)?;
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let start = name
            .match_indices(word)
            .map(|(n, _)| n)
            .find(|n| !name[..*n].ends_with(is_part) && !name[n + word.len()..].starts_with(is_part));
        Some(start.map_or(span, |n| Span::new(span.start + n, span.start + n + word.len())))
    }

    /// The node at the end of a path and whether the path leads all the way; else the last node that exists.
    fn follow<'t>(&'t self, source: &'t str, path: &[String]) -> Option<(NodeRef<'t>, bool)> {
        let tree = Tree { source, nodes: &self.nodes };
        let (mut at, mut rest) = match path {
            [section, key, rest @ ..] if self.entries.contains_key(&(section.clone(), key.clone())) => {
                let entry = self.entries.get(&(section.clone(), key.clone()))?;
                (tree.node(*entry)?, rest)
            }
            _ => (tree.root()?, path),
        };
        while let Some((name, behind)) = rest.split_first() {
            let Some(next) = step(at, name) else { break };
            (at, rest) = (next, behind);
        }
        Some((at, rest.is_empty()))
    }
}

/// The item of a container with a name: a field, a key, a text in a list, or a number that counts the items.
fn step<'t>(at: NodeRef<'t>, name: &str) -> Option<NodeRef<'t>> {
    let inside = at.value().unwrapped();
    let is_it = |child: &NodeRef<'_>| match child.kind() {
        Kind::Field => child.name() == name,
        Kind::Pair => child.key().is_some_and(|key| unquote(key) == name),
        _ => child.is_string() && unquote(*child) == name,
    };
    let counted = || name.parse().ok().and_then(|n| inside.children().nth(n));
    let misspelt = |c: &NodeRef<'_>| c.kind() == Kind::Field && suggest(c.name(), std::iter::once(name)).is_some();
    inside.children().find(is_it).or_else(counted).or_else(|| inside.children().find(misspelt))
}
