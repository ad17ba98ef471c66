//! A strict little reader of XML as far as our pictures need it: no declarations, no namespaces, five entities. It
//! panics at what is not well-formed.

use std::collections::BTreeMap;

/// An element with what is in it; text of it and of its children is kept apart.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) tag: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) children: Vec<Node>,
    pub(super) text: String,
}

impl Node {
    pub(super) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub(super) fn number(&self, name: &str) -> i32 {
        self.get(name).parse().unwrap_or_else(|_| panic!("{name} of {self:?}"))
    }

    /// It and everything in it.
    pub(super) fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children.iter().flat_map(Self::all)).collect()
    }

    /// What is directly in it with this class.
    pub(super) fn class<'n>(&'n self, class: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |c| c.get("class") == class)
    }

    /// What is directly in it with this tag.
    pub(super) fn tag<'n>(&'n self, tag: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |c| c.tag == tag)
    }
}

/// Characters that XML 1.0 allows and that hide nothing.
fn allowed(c: char) -> bool {
    let hidden = sconce::diagnostic::inert::is_hazard(c) && c != '\u{200d}' || matches!(c, '\u{fffe}' | '\u{ffff}');
    c == '\n' || !hidden
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after.split_once(';').expect("an entity without end");
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            _ => panic!("entity {name}"),
        });
        rest = after;
    }
    out.push_str(rest);
    assert!(out.chars().all(allowed), "{out:?}");
    out
}

fn attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    while !rest.is_empty() {
        let (name, after) = rest.strip_prefix(' ').expect(rest).split_once("=\"").expect(rest);
        let (value, after) = after.split_once('"').expect(rest);
        assert!(name.chars().all(|c| c.is_ascii_alphabetic() || c == '-'), "{name}");
        assert!(found.insert(name.to_owned(), unescape(value)).is_none(), "{name} twice");
        rest = after;
    }
    found
}

/// Reads a document.
pub(super) fn read(text: &str) -> Node {
    let mut open: Vec<Node> = vec![Node::default()];
    let mut pieces = text.split('<');
    assert_eq!(pieces.next(), Some(""));
    for piece in pieces {
        let (tag, after) = piece.split_once('>').expect(piece);
        assert!(!after.contains('>') || tag.starts_with("style"), "{piece:?}");
        if let Some(name) = tag.strip_prefix('/') {
            let done = open.pop().unwrap();
            assert_eq!(done.tag, name);
            open.last_mut().expect("too many ends").children.push(done);
        } else {
            let (whole, single) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
            let (name, rest) = whole.split_at(whole.find(' ').unwrap_or(whole.len()));
            let node = Node { tag: name.to_owned(), attributes: attributes(rest), ..Node::default() };
            if single { open.last_mut().unwrap().children.push(node) } else { open.push(node) }
        }
        open.last_mut().unwrap().text += &unescape(after);
    }
    assert_eq!(open.len(), 1, "not closed: {:?}", open.last().map(|n| &n.tag));
    let mut root = open.pop().unwrap();
    assert_eq!((root.children.len(), root.text.trim()), (1, ""));
    root.children.remove(0)
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for bad in ["<a>", "<a></b>", "<a>&x;</a>", "<a b=\"1\" b=\"2\"/>", "<a/><b/>", "<a>\u{1}</a>", "<a b='c'/>"] {
        assert!(std::panic::catch_unwind(|| read(bad)).is_err(), "{bad}");
    }
    assert_eq!(read("<a b=\"&lt;\"><c/>x&amp;</a>").text, "x&");
}
