//! What an entry says, part by part, as it stands in the file: for comparing and merging entries field by field without
//! knowing each field. It means nothing by itself; the tables of `codec` decide what may be said.

use std::fmt;

use super::codec::{Out, Reader, Value};
use super::syntax::{Kind, NodeRef, parse, quote, unquote};
use crate::model::{
    Asset, Assumption, Conflict, Considered, DataFlow, Diagram, Element, Entry, Mitigation, Place, System, Threat,
    TrustBoundary,
};

/// A value of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// A string, number or bare word, as the file writes it.
    Word(String),
    /// Fields with the word before the parenthesis, which may be empty.
    Record(String, Vec<(String, Said)>),
    /// A tuple, such as a row of a history, with the word before the parenthesis.
    Row(String, Vec<Said>),
    /// A list.
    List(Vec<Said>),
    /// A map from strings, in order of the keys.
    Map(Vec<(String, Said)>),
}

impl Said {
    /// What is said, for a person: strings without their quotes.
    pub fn plain(&self) -> String {
        match self {
            Self::Word(text) if text.starts_with(['"', 'r']) => {
                parse(text).tree(text).root().map_or_else(|| text.clone(), |node| unquote(node).into_owned())
            }
            Self::List(items) => items.iter().map(Self::plain).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        }
    }

    /// Reads one value back from the text that [`fmt::Display`] makes; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let parsed = parse(text);
        let whole = parsed.errors.is_empty() && parsed.lost.is_none();
        parsed.tree(text).root().filter(|_| whole).map(of)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = |at: usize| if at == 0 { "" } else { ", " };
        match self {
            Self::Word(text) => f.write_str(text),
            Self::Record(name, fields) => {
                write!(f, "{name}(")?;
                for (at, (field, value)) in fields.iter().enumerate() {
                    write!(f, "{}{field}: {value}", separator(at))?;
                }
                f.write_str(")")
            }
            Self::Row(name, items) => {
                write!(f, "{name}(")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", separator(at))?;
                }
                f.write_str(")")
            }
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", separator(at))?;
                }
                f.write_str("]")
            }
            Self::Map(pairs) => {
                f.write_str("{")?;
                for (at, (key, value)) in pairs.iter().enumerate() {
                    let mut quoted = String::new();
                    quote(&mut quoted, key);
                    write!(f, "{}{quoted}: {value}", separator(at))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// What an entry says.
pub fn said(entry: &Entry) -> Said {
    let mut out = Out::with_capacity(512);
    match entry {
        Entry::System(v) => v.write(&mut out, None),
        Entry::Boundary(_, v) => v.write(&mut out, None),
        Entry::Asset(_, v) => v.write(&mut out, None),
        Entry::Element(_, v) => v.write(&mut out, None),
        Entry::Flow(_, v) => v.write(&mut out, None),
        Entry::Mitigation(_, v) => v.write(&mut out, None),
        Entry::Assumption(_, v) => v.write(&mut out, None),
        Entry::Threat(_, v) => v.write(&mut out, None),
        Entry::Considered(_, v) => v.write(&mut out, None),
        Entry::Diagram(_, v) => v.write(&mut out, None),
        Entry::Conflicts(v) => v.write(&mut out, None),
    }
    Said::read(&out.text).unwrap_or(Said::Word(out.text))
}

/// The entry that says this at a place; `None` when it cannot be said there.
pub fn entry(place: &Place, said: &Said) -> Option<Entry> {
    let text = said.to_string();
    Some(match place {
        Place::System => Entry::System(value::<System>(&text)?),
        Place::Boundary(id) => Entry::Boundary(id.clone(), value::<TrustBoundary>(&text)?),
        Place::Asset(id) => Entry::Asset(id.clone(), value::<Asset>(&text)?),
        Place::Element(id) => Entry::Element(id.clone(), value::<Element>(&text)?),
        Place::Flow(id) => Entry::Flow(id.clone(), value::<DataFlow>(&text)?),
        Place::Mitigation(id) => Entry::Mitigation(id.clone(), value::<Mitigation>(&text)?),
        Place::Assumption(id) => Entry::Assumption(id.clone(), value::<Assumption>(&text)?),
        Place::Threat(key) => Entry::Threat(key.clone(), value::<Threat>(&text)?),
        Place::Considered(key) => Entry::Considered(key.clone(), value::<Considered>(&text)?),
        Place::Diagram(id) => Entry::Diagram(id.clone(), value::<Diagram>(&text)?),
        Place::Conflicts => Entry::Conflicts(value::<Vec<Conflict>>(&text)?),
    })
}

fn value<T: Value>(text: &str) -> Option<T> {
    let parsed = parse(text);
    let mut reader = Reader { found: Vec::new(), lenient: false, broken: Vec::new() };
    let value = T::read(&mut reader, parsed.tree(text).root()?)?;
    (parsed.errors.is_empty() && reader.found.is_empty()).then_some(value)
}

fn of(node: NodeRef<'_>) -> Said {
    match node.kind() {
        Kind::Group => {
            let name = node.name().to_owned();
            if node.children().all(|child| child.kind() == Kind::Field) {
                Said::Record(name, node.children().map(|c| (c.name().to_owned(), of(c.value()))).collect())
            } else {
                Said::Row(name, node.children().map(of).collect())
            }
        }
        Kind::List => Said::List(node.children().map(of).collect()),
        Kind::Map => {
            let key = |pair: NodeRef<'_>| pair.key().map(|key| unquote(key).into_owned()).unwrap_or_default();
            Said::Map(node.children().map(|pair| (key(pair), of(pair.value()))).collect())
        }
        _ => Said::Word(node.source().to_owned()),
    }
}
