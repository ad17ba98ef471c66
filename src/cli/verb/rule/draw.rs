//! The examples of a rule as small diagrams. Examples that look alike share one: they differ only in what is stated.

use crate::analysis::{ExamplePage, RulePage};
use crate::diagram::paint::{self, Glyphs};
use crate::diagram::{Labels, View, layout};
use crate::model::ThreatModel;

/// Examples below the diagram that is theirs; without one when nothing can be drawn.
pub(super) struct Drawn<'p> {
    pub(super) picture: String,
    pub(super) examples: Vec<&'p ExamplePage>,
}

/// What is stated of a thing in an example.
pub(super) type Stated<'p> = (&'p str, String);

impl<'p> Drawn<'p> {
    /// What is stated in all of several examples.
    pub(super) fn common(&self) -> Vec<Stated<'p>> {
        if self.examples.len() < 2 {
            return Vec::new();
        }
        self.examples.first().map(|first| self.some(first, true)).unwrap_or_default()
    }

    /// What is stated in an example and not in all.
    pub(super) fn own(&self, example: &'p ExamplePage) -> Vec<Stated<'p>> {
        self.some(example, false)
    }

    fn some(&self, example: &'p ExamplePage, common: bool) -> Vec<Stated<'p>> {
        let has = |other: &ExamplePage, id: &str, part: &String| {
            other.stated.iter().any(|(thing, parts)| thing == id && parts.contains(part))
        };
        let is_common =
            |id: &str, part: &String| self.examples.len() > 1 && self.examples.iter().all(|other| has(other, id, part));
        let lines = example.stated.iter().map(|(id, parts)| {
            let parts: Vec<&str> =
                parts.iter().filter(|part| is_common(id, part) == common).map(String::as_str).collect();
            (id.as_str(), parts.join("; "))
        });
        lines.filter(|(_, parts)| !parts.is_empty()).collect()
    }
}

/// One line that explains the shapes.
pub(super) fn key() -> String {
    paint::key(Glyphs::Unicode).trim().split("   ").take(4).collect::<Vec<_>>().join(", ")
}

/// The examples of a page, in the order in which their diagrams come first.
pub(super) fn drawn(page: &RulePage, columns: usize) -> Vec<Drawn<'_>> {
    let mut all: Vec<Drawn<'_>> = Vec::new();
    for example in &page.examples {
        let picture = picture(&example.model, columns);
        match all.iter_mut().find(|drawn| drawn.picture == picture) {
            Some(drawn) => drawn.examples.push(example),
            None => all.push(Drawn { picture, examples: vec![example] }),
        }
    }
    all
}

/// The diagram of a small model: with names on its flows, or with numbers where it would be too wide.
pub(super) fn picture(model: &ThreatModel, columns: usize) -> String {
    if model.elements.is_empty() && model.flows.is_empty() && model.boundaries.is_empty() {
        return String::new();
    }
    let scene = |labels| layout(model, &View { labels, ..View::default() }, None);
    let mut best = scene(Labels::Inline);
    if usize::try_from(best.size.0).is_ok_and(|wide| wide > columns) {
        best = scene(Labels::Numbered);
    }
    // The shapes are explained once for all examples.
    let text = paint::text(&best, Glyphs::Unicode).replacen(paint::key(Glyphs::Unicode), "", 1);
    text.trim_end().lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}
