//! Writing: an indented text, and the comments that go between its lines.
//! It knows layout only; which fields there are is in `records`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::file::syntax;

/// The comments of one item and of everything inside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Notes {
    /// On lines of their own before the item.
    pub(crate) before: Vec<String>,
    /// At the end of the item's last line.
    pub(crate) after: Option<String>,
    /// Behind the item's opening bracket.
    pub(crate) opening: Option<String>,
    /// On lines of their own before the item's closing bracket.
    pub(crate) closing: Vec<String>,
    /// Those of fields, keys and rows inside.
    pub(crate) inner: BTreeMap<String, Notes>,
}

impl Notes {
    /// Adds a comment at the end of the line.
    pub(crate) fn add_after(&mut self, text: &str) {
        join(&mut self.after, text);
    }

    /// Adds a comment behind the opening bracket.
    pub(crate) fn add_opening(&mut self, text: &str) {
        join(&mut self.opening, text);
    }

    /// Every comment inside, in order, for a place that has no lines for them.
    pub(crate) fn all_inside(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.opening.iter().map(String::as_str).collect();
        for notes in self.inner.values() {
            all.extend(notes.all());
        }
        all.extend(self.closing.iter().map(String::as_str));
        all
    }

    /// Every comment of the item, in order.
    pub(crate) fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.before.iter().map(String::as_str).collect();
        all.extend(self.all_inside());
        all.extend(self.after.as_deref());
        all
    }

    /// Takes the comments of everything inside that `stays` does not name. With `keep` they move to the end of this
    /// item, as when a file is read; else they go with what they belonged to.
    pub(crate) fn retain(&mut self, keep: bool, stays: impl Fn(&str) -> bool) {
        let gone: Vec<String> = self.inner.keys().filter(|k| !stays(k)).cloned().collect();
        for notes in gone.iter().filter_map(|k| self.inner.remove(k)) {
            if keep {
                self.closing.extend(notes.all().into_iter().map(str::to_owned));
            }
        }
    }
}

fn join(to: &mut Option<String>, text: &str) {
    match to {
        Some(before) => {
            before.push(' ');
            before.push_str(text);
        }
        None => *to = Some(text.to_owned()),
    }
}

/// A text being written, or only compared with one that is there.
#[derive(Debug)]
pub(crate) struct Out {
    /// What is written so far; when compared, only what was not yet.
    pub(crate) text: String,
    indent: usize,
    compared: Option<Compared>,
}

/// A text that another one is compared with while that is written.
#[derive(Debug)]
struct Compared {
    with: Arc<String>,
    /// How far they were compared.
    at: usize,
    is_same: bool,
}

/// So many bytes are written before they are compared.
const PIECE: usize = 64 << 10;

impl Out {
    /// An empty text with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), indent: 0, compared: None }
    }

    /// An empty text that is not kept but compared with this one.
    pub(crate) fn against(text: &Arc<String>) -> Self {
        let compared = Compared { with: Arc::clone(text), at: 0, is_same: true };
        Self { compared: Some(compared), ..Self::with_capacity(2 * PIECE) }
    }

    /// How much was written.
    pub(crate) fn length(&self) -> usize {
        self.compared.as_ref().map_or(0, |compared| compared.at) + self.text.len()
    }

    /// Whether all that was written is the text that it was compared with.
    pub(crate) fn was_same(mut self) -> bool {
        self.compare();
        self.compared.is_some_and(|compared| compared.is_same && compared.at == compared.with.len())
    }

    fn compare(&mut self) {
        if let Some(compared) = &mut self.compared {
            compared.is_same &=
                compared.with.as_bytes()[compared.at.min(compared.with.len())..].starts_with(self.text.as_bytes());
            compared.at += self.text.len();
            self.text.clear();
        }
    }

    /// Writes as it is.
    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes a string in quotes.
    pub(crate) fn quoted(&mut self, text: &str) {
        syntax::quote(&mut self.text, text);
    }

    fn start_line(&mut self) {
        const SPACES: &str = "                                ";
        let n = self.indent * 4;
        self.text.push_str(SPACES.get(..n).unwrap_or(SPACES));
    }

    /// Writes comments on lines of their own.
    pub(crate) fn comments<'c>(&mut self, comments: impl IntoIterator<Item = &'c str>) {
        for comment in comments {
            self.start_line();
            self.text.push_str(comment);
            self.text.push('\n');
        }
    }

    /// Writes one item of a block: its comments, `head`, what `body` writes, a comma.
    pub(crate) fn item(&mut self, notes: Option<&Notes>, body: impl FnOnce(&mut Self)) {
        if let Some(notes) = notes {
            self.comments(notes.before.iter().map(String::as_str));
        }
        self.start_line();
        body(self);
        self.text.push(',');
        if let Some(after) = notes.and_then(|n| n.after.as_deref()) {
            self.text.push(' ');
            self.text.push_str(after);
        }
        self.text.push('\n');
        if self.compared.is_some() && self.text.len() >= PIECE {
            self.compare();
        }
    }

    /// Writes a block: brackets around indented lines. One without lines is `()`.
    pub(crate) fn block(&mut self, brackets: [&str; 2], notes: Option<&Notes>, body: impl FnOnce(&mut Self)) {
        self.raw(brackets[0]);
        if let Some(opening) = notes.and_then(|n| n.opening.as_deref()) {
            self.text.push(' ');
            self.raw(opening);
        }
        self.text.push('\n');
        self.indent += 1;
        let start = self.length();
        body(self);
        if let Some(notes) = notes {
            self.comments(notes.closing.iter().map(String::as_str));
        }
        self.indent -= 1;
        let has_opening = notes.is_some_and(|n| n.opening.is_some());
        if self.length() == start && !has_opening {
            self.text.pop();
        } else {
            self.start_line();
        }
        self.raw(brackets[1]);
    }
}
