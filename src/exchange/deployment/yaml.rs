//! YAML as a tree that knows its lines: aliases stand for what they name, merge keys (`<<`) are unfolded, every scalar
//! is its text. It holds no more than the limits below and knows nothing of deployments.

use std::collections::BTreeMap;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::diagnostic::{At, Diagnostic, Span};

/// The largest text that is read, in bytes; what a cluster of hundreds of workloads prints has two or three million.
pub const LARGEST: usize = 16 << 20;

/// The most values that are read, those counted again that an alias repeats.
pub const MOST_VALUES: usize = 400_000;

/// How deep lists and maps may lie in each other. Kubernetes' own schemas reach about twenty.
pub const DEEPEST: usize = 64;

/// A value with the line it begins on, from 1.
#[derive(Debug, PartialEq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    /// Anything that is one word or text, null among them.
    Text(String),
    /// Null: nothing, `~` or `null` without quotes.
    Null,
    List(Vec<Rc<Node>>),
    /// Keys are texts and come once.
    Map(Vec<(Key, Rc<Node>)>),
}

/// A key of a map with its line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) line: usize,
}

/// The documents of a text, with what was seen on the way.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) roots: Vec<Rc<Node>>,
    /// Tags of somebody's own, such as `!reset`, and their lines. What they mean is not known here.
    pub(super) tags: Vec<(String, usize)>,
}

impl Node {
    /// The value of a key.
    pub(super) fn get(&self, name: &str) -> Option<&Rc<Self>> {
        self.pairs().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The value at the end of a way of keys.
    pub(super) fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |node, name| node.get(name).map(Rc::as_ref))
    }

    /// The pairs of a map; none of anything else.
    pub(super) fn pairs(&self) -> &[(Key, Rc<Self>)] {
        if let Value::Map(pairs) = &self.value { pairs } else { &[] }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Rc<Self>] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The text of a scalar; null has none.
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The text under a key.
    pub(super) fn word(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// The texts of a list, or the one that stands in its place, each with its line.
    pub(super) fn words(&self) -> Vec<(&str, usize)> {
        match &self.value {
            Value::Text(text) => vec![(text, self.line)],
            Value::List(items) => items.iter().filter_map(|item| Some((item.text()?, item.line))).collect(),
            Value::Map(_) | Value::Null => Vec::new(),
        }
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// A node with its size when aliases are unfolded, and its depth.
#[derive(Clone)]
struct Built {
    node: Rc<Node>,
    size: usize,
    depth: usize,
}

/// A list or map that is being read.
struct Open {
    line: usize,
    anchor: usize,
    is_map: bool,
    items: Vec<Built>,
}

struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Built>,
    size: usize,
    documents: Documents,
}

/// Reads every document of a text.
pub(super) fn read(text: &str) -> Result<Documents, Diagnostic> {
    if text.len() > LARGEST {
        let message = format!("the file has {} MB; at most {} MB are read", text.len() >> 20, LARGEST >> 20);
        return Err(Diagnostic::error("deployment-too-large", At::File, message).help("name its parts one by one"));
    }
    let mut builder =
        Builder { text, open: Vec::new(), anchors: BTreeMap::new(), size: 0, documents: Documents::default() };
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser::new_from_str(plain);
    while let Some(event) = parser.next_event() {
        let (event, at) = event.map_err(|error| broken(text, text.len() - plain.len(), &error))?;
        builder.event(event, at.start.line())?;
    }
    Ok(builder.documents)
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, line: usize) -> Result<(), Diagnostic> {
        let tag = match &event {
            Event::Scalar(_, _, _, tag) | Event::SequenceStart(_, _, tag) | Event::MappingStart(_, _, tag) => {
                tag.as_deref()
            }
            _ => None,
        };
        if let Some(tag) = tag.filter(|tag| tag.core_suffix().is_none() && self.documents.tags.len() < MOST_VALUES) {
            self.documents.tags.push((tag.to_string(), line));
        }
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::SequenceStart(_, anchor, _) => self.begin(line, anchor, false)?,
            Event::MappingStart(_, anchor, _) => self.begin(line, anchor, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::Text(text.into_owned()) };
                self.add(Built { node: Rc::new(Node { line, value }), size: 1, depth: 0 }, anchor, 1)?;
            }
            Event::Alias(anchor) => {
                let built = self.anchors.get(&anchor).cloned().ok_or_else(|| {
                    let message = "this alias (`*`) stands inside what it names, or names nothing of its document";
                    self.error("deployment-yaml", line, message).help("write out what is meant")
                })?;
                let size = built.size;
                self.add(built, 0, size)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, line: usize, anchor: usize, is_map: bool) -> Result<(), Diagnostic> {
        if self.open.len() >= DEEPEST {
            return Err(self.too_deep(line));
        }
        self.open.push(Open { line, anchor, is_map, items: Vec::new() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let size = open.items.iter().fold(1_usize, |sum, built| sum.saturating_add(built.size));
        let depth = open.items.iter().map(|built| built.depth + 1).max().unwrap_or(1);
        let value = if open.is_map {
            Value::Map(self.map(open.items)?)
        } else {
            Value::List(open.items.into_iter().map(|built| built.node).collect())
        };
        self.add(Built { node: Rc::new(Node { line: open.line, value }), size, depth }, open.anchor, 1)
    }

    /// Puts a node where it belongs; with how many values that are new. What lies in a list was counted before.
    fn add(&mut self, built: Built, anchor: usize, more: usize) -> Result<(), Diagnostic> {
        let line = built.node.line;
        self.size = self.size.saturating_add(more);
        if self.size > MOST_VALUES {
            let message = format!("the file unfolds to more than {MOST_VALUES} values");
            let help =
                "if its aliases (`*`) repeat each other, write out what is meant; else name its parts one by one";
            return Err(self.error("deployment-too-large", line, &message).help(help));
        }
        if self.open.len() + built.depth > DEEPEST {
            return Err(self.too_deep(line));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, built.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(built),
            None => self.documents.roots.push(built.node),
        }
        Ok(())
    }

    /// Keys and values in turn as pairs, with those of merge keys that the map does not have itself.
    fn map(&self, items: Vec<Built>) -> Result<Vec<(Key, Rc<Node>)>, Diagnostic> {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut pairs: Vec<(Key, Rc<Node>)> = Vec::with_capacity(items.len() / 2);
        let mut merged: Vec<Rc<Node>> = Vec::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            let line = key.node.line;
            let name = match &key.node.value {
                Value::Text(text) => text.clone(),
                Value::Null => "null".to_owned(),
                Value::List(_) | Value::Map(_) => {
                    let message = "the key of a map is a list or a map itself";
                    return Err(self.error("deployment-yaml", line, message).help("put what is meant in quotes"));
                }
            };
            if let Some(first) = lines.insert(name.clone(), line) {
                let message = format!("`{name}` comes twice in one map, on line {first} and here");
                return Err(self
                    .error("deployment-yaml", line, &message)
                    .help("delete one of the two; no reader could tell which one is meant"));
            }
            if name == "<<" {
                merged.push(value.node);
            } else {
                pairs.push((Key { name, line }, value.node));
            }
        }
        // A merge key names a map or a list of maps; the first one that has a key counts.
        for source in &merged {
            let sources = if source.is_map() { std::slice::from_ref(source) } else { source.items() };
            for (key, node) in sources.iter().flat_map(|source| source.pairs()) {
                if !lines.contains_key(&key.name) {
                    lines.insert(key.name.clone(), key.line);
                    pairs.push((key.clone(), Rc::clone(node)));
                }
            }
        }
        Ok(pairs)
    }

    fn too_deep(&self, line: usize) -> Diagnostic {
        let message = format!("lists and maps lie in each other deeper than {DEEPEST} levels");
        self.error("deployment-too-large", line, &message).help("no deployment needs that; look at what wrote the file")
    }

    fn error(&self, code: &'static str, line: usize, message: &str) -> Diagnostic {
        Diagnostic::error(code, At::Span(span_of(self.text, line)), message)
    }
}

/// The first word of a line.
pub(super) fn span_of(text: &str, line: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text[start..].lines().next().unwrap_or("");
    let blank = rest.len() - rest.trim_start().len();
    let word = rest.split_whitespace().next().map_or(0, str::len);
    Span::new(start + blank, start + blank + word)
}

fn broken(text: &str, mark: usize, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().map_or(text.len(), |at| (mark + at).min(text.len()));
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let line = text[..at].rsplit('\n').next().unwrap_or("");
    let (message, help) = if line.contains('\t') && line.trim().is_empty() || text[at..].starts_with('\t') {
        ("a tab stands where YAML wants spaces".to_owned(), "indent with spaces only")
    } else {
        (format!("this is not YAML: {}", error.info()), "mend the file; the place is where the reader gave up")
    };
    Diagnostic::error("deployment-yaml", At::Span(Span::new(at, at)), message).help(help)
}
