//! The text of a document, and where its sections stand in it, so that after an edit only those are printed anew that it
//! touched. Which those are is for `Document` to know.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::codec::{FieldWriter, Notes, Out, Record, Value, line};
use super::comments::Comments;
use crate::model::ThreatModel;

/// The first line of every file.
const HEADER: &str = "#![enable(implicit_some)]\n";

/// A text with its sections.
#[derive(Debug)]
pub(super) struct Printed {
    /// The whole text.
    pub(super) text: Arc<String>,
    sections: Sections,
}

type Sections = BTreeMap<&'static str, Range<usize>>;

impl Printed {
    /// Prints a model with the comments of its file. Of an earlier text those sections are taken that are not stale.
    pub(super) fn of(
        model: &ThreatModel,
        comments: &Comments,
        earlier: Option<&Self>,
        is_stale: impl Fn(&str) -> bool,
    ) -> Self {
        // What grows a little while it is edited must not be copied for it.
        let about = earlier.map_or(0, |earlier| earlier.text.len());
        let mut out = Out::with_capacity(about + about / 4);
        let kept = |name: &str| earlier.filter(|_| !is_stale(name)).and_then(|earlier| earlier.section(name));
        let sections = print(&mut out, model, comments, kept);
        Self { text: Arc::new(out.text), sections }
    }

    /// A text as it was read, if it would be printed so; it is not made again to find that out.
    pub(super) fn as_read(text: &Arc<String>, model: &ThreatModel, comments: &Comments) -> Option<Self> {
        let mut out = Out::against(text);
        let sections = print(&mut out, model, comments, |_| None);
        out.was_same().then(|| Self { text: Arc::clone(text), sections })
    }

    fn section(&self, name: &str) -> Option<&str> {
        self.text.get(self.sections.get(name)?.clone())
    }
}

fn print<'k>(
    out: &mut Out,
    model: &ThreatModel,
    comments: &Comments,
    kept: impl Fn(&str) -> Option<&'k str>,
) -> Sections {
    out.comments(comments.head.iter().map(String::as_str));
    out.raw(HEADER);
    let root = &comments.root;
    out.comments(root.before.iter().map(String::as_str));
    out.raw("ThreatModel");
    let mut sections = Sections::new();
    out.block(["(", ")"], Some(root), |out| {
        model.write_fields(&mut Printer { out, root, kept, sections: &mut sections });
    });
    out.raw("\n");
    out.comments(root.after.iter().chain(&comments.tail).map(String::as_str));
    sections
}

/// Receives the sections of a model, in order.
struct Printer<'o, K> {
    out: &'o mut Out,
    root: &'o Notes,
    /// The text of a section, if it has one already.
    kept: K,
    sections: &'o mut Sections,
}

impl<'k, K: Fn(&str) -> Option<&'k str>> FieldWriter for Printer<'_, K> {
    fn field<T: Value>(&mut self, name: &'static str, value: &T) {
        let start = self.out.length();
        match (self.kept)(name) {
            Some(text) => self.out.raw(text),
            None => line(self.out, name, Some(self.root), value),
        }
        self.sections.insert(name, start..self.out.length());
    }
}
