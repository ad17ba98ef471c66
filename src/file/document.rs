//! `Document`: a model together with the comments of its file. It follows every edit and prints the text again.
//! It does not touch the disk, and the model itself knows nothing of text.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::{At, Diagnostic, Span};
use crate::model::{Edit, EditError, Entry, Place, ThreatModel};

use super::codec::{Notes, Value};
use super::comments::Comments;
use super::printed::Printed;
use super::spans::Spans;

/// A model with the comments of its file.
#[derive(Debug)]
pub struct Document {
    model: ThreatModel,
    comments: Comments,
    /// The text it was read from, until the first edit.
    source: Option<Arc<String>>,
    spans: OnceLock<Spans>,
    /// The text as it would be written now.
    printed: OnceLock<Printed>,
    /// The text before the edits that came since it was asked for last, and the sections that they touched.
    earlier: Option<Printed>,
    stale: BTreeSet<&'static str>,
    read_only: bool,
}

/// What takes an edit back: give it to [`Document::revert`].
#[derive(Clone, Debug)]
pub struct Step {
    edit: Edit,
    comments: Vec<(Place, Option<Notes>)>,
}

impl Step {
    /// The edit that it is, without the comments it brings back.
    pub fn edit(&self) -> &Edit {
        &self.edit
    }
}

impl Document {
    /// A document that no file holds yet.
    pub fn new(model: ThreatModel) -> Self {
        Self::build(model, Comments::default(), None, false)
    }

    /// A document as read: comments of what is not written again move to where they stay.
    pub(super) fn read(model: ThreatModel, mut comments: Comments, source: Arc<String>, read_only: bool) -> Self {
        if comments != Comments::default() {
            model.prune(&mut comments.root, true);
        }
        Self::build(model, comments, Some(source), read_only)
    }

    fn build(model: ThreatModel, comments: Comments, source: Option<Arc<String>>, read_only: bool) -> Self {
        let (spans, printed) = (OnceLock::new(), OnceLock::new());
        Self { model, comments, source, spans, printed, earlier: None, stale: BTreeSet::new(), read_only }
    }

    /// The model.
    pub fn model(&self) -> &ThreatModel {
        &self.model
    }

    /// Whether the file is of a newer minor format, so that saving it would lose what this program does not know.
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// Whether the text it was read from is what would be written; if not, the first save changes more lines than
    /// were edited. True for a document that is new or was edited.
    pub fn is_canonical(&self) -> bool {
        self.source.as_ref().is_none_or(|source| source == self.printed())
    }

    /// Changes the model. The comments of what goes are in the step, and come back with it.
    pub fn apply(&mut self, edit: Edit) -> Result<Step, EditError> {
        if self.read_only {
            return Err(EditError::ReadOnly);
        }
        let renamed = renamed(&edit);
        let before = self.comments_of(&edit);
        self.change(edit).map(|inverse| {
            for (from, to) in renamed {
                let notes = self.set_notes(&from, None);
                self.set_notes(&to, notes);
            }
            for (place, _) in &before {
                self.prune(place);
            }
            Step { edit: inverse, comments: before }
        })
    }

    /// Takes a step back, bytes and all; the step returned takes it again.
    pub fn revert(&mut self, step: Step) -> Result<Step, EditError> {
        let before = self.comments_of(&step.edit);
        let inverse = self.change(step.edit)?;
        for (place, notes) in step.comments {
            self.set_notes(&place, notes);
        }
        Ok(Step { edit: inverse, comments: before })
    }

    fn change(&mut self, edit: Edit) -> Result<Edit, EditError> {
        let touched: BTreeSet<_> = edit.places().iter().map(Place::section).collect();
        let inverse = edit.apply(&mut self.model)?;
        if let Some(printed) = self.printed.take() {
            self.earlier = Some(printed);
            self.stale.clear();
        }
        self.stale.extend(touched);
        self.source = None;
        self.spans = OnceLock::new();
        Ok(inverse)
    }

    fn comments_of(&self, edit: &Edit) -> Vec<(Place, Option<Notes>)> {
        let mut places = edit.places();
        places.sort();
        places.dedup();
        places.into_iter().map(|place| (place.clone(), self.notes(&place).cloned())).collect()
    }

    fn notes(&self, place: &Place) -> Option<&Notes> {
        let section = self.comments.root.inner.get(place.section())?;
        match place.key() {
            None => Some(section),
            Some(key) => section.inner.get(&key),
        }
    }

    /// Puts the comments of a place, and returns those that were there.
    fn set_notes(&mut self, place: &Place, notes: Option<Notes>) -> Option<Notes> {
        if notes.is_none() {
            self.notes(place)?;
        }
        let sections = &mut self.comments.root.inner;
        let (map, key) = match place.key() {
            None => (sections, place.section().to_owned()),
            Some(key) => (&mut sections.entry(place.section().to_owned()).or_default().inner, key),
        };
        match notes {
            Some(notes) => map.insert(key, notes),
            None => map.remove(&key),
        }
    }

    /// Whether a place has the same comments in another document.
    pub fn has_same_comments(&self, place: &Place, other: &Self) -> bool {
        self.notes(place) == other.notes(place)
    }

    /// Takes the comments that a place has in another document.
    pub fn copy_comments(&mut self, place: &Place, from: &Self) {
        let notes = from.notes(place).cloned();
        if notes.as_ref() != self.notes(place) {
            self.set_notes(place, notes);
            self.prune(place);
            (self.source, self.spans) = (None, OnceLock::new());
            (self.printed, self.earlier) = (OnceLock::new(), None);
        }
    }

    /// Lets go of the comments of what is no longer written at a place.
    fn prune(&mut self, place: &Place) {
        let Some(mut notes) = self.set_notes(place, None) else { return };
        let m = &self.model;
        let stays = match place {
            Place::System => prune_with(Some(&m.system), &mut notes),
            Place::Boundary(id) => prune_with(m.boundaries.get(id), &mut notes),
            Place::Asset(id) => prune_with(m.assets.get(id), &mut notes),
            Place::Element(id) => prune_with(m.elements.get(id), &mut notes),
            Place::Flow(id) => prune_with(m.flows.get(id), &mut notes),
            Place::Mitigation(id) => prune_with(m.mitigations.get(id), &mut notes),
            Place::Assumption(id) => prune_with(m.assumptions.get(id), &mut notes),
            Place::Threat(key) => prune_with(m.threats.get(key), &mut notes),
            Place::Considered(key) => prune_with(m.considered.get(key), &mut notes),
            Place::Diagram(id) => prune_with(m.diagrams.get(id), &mut notes),
            Place::Conflicts => prune_with(Some(&m.conflicts), &mut notes),
        };
        if stays {
            self.set_notes(place, Some(notes));
        }
    }

    /// The text of the file. Of a canonical file, only the lines of what was edited differ.
    pub fn text(&self) -> String {
        self.printed().as_str().to_owned()
    }

    /// The same, as it is kept until the next edit.
    pub fn printed(&self) -> &Arc<String> {
        let printed = self.printed.get_or_init(|| {
            let as_read = |source| Printed::as_read(source, &self.model, &self.comments);
            self.source.as_ref().and_then(as_read).unwrap_or_else(|| {
                let is_stale = |section: &str| self.stale.contains(section);
                Printed::of(&self.model, &self.comments, self.earlier.as_ref(), is_stale)
            })
        });
        &printed.text
    }

    /// The text that spans refer to: the file as it was read, or after an edit as it would be written.
    pub fn source(&self) -> &str {
        self.source.as_ref().unwrap_or_else(|| self.printed())
    }

    fn spans(&self) -> &Spans {
        self.spans.get_or_init(|| Spans::of(self.source()))
    }

    /// Where a path such as `["flows", "login", "from"]` stands in [`Document::source`]; for what is not written the
    /// nearest thing that is.
    pub fn span_of(&self, path: &[String]) -> Option<Span> {
        self.spans().find(self.source(), path)
    }

    /// The diagnostic with places in [`Document::source`] instead of paths into the model.
    #[must_use]
    pub fn resolve(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        for label in &mut diagnostic.labels {
            let found = match &label.at {
                At::Path(path) => self.span_of(path),
                At::Word(path, word) => self.spans().find_word(self.source(), path, word.as_deref()),
                At::Span(_) | At::File => continue,
            };
            label.at = found.map_or(At::File, At::Span);
        }
        diagnostic
    }
}

fn prune_with(value: Option<&impl Value>, notes: &mut Notes) -> bool {
    if let Some(value) = value {
        value.prune(notes, false);
    }
    value.is_some()
}

/// The entries that an edit gives another key: removed, and put again under the key that follows from `formerly`.
fn renamed(edit: &Edit) -> Vec<(Place, Place)> {
    let Edit::All(edits) = edit else { return Vec::new() };
    let removed: Vec<&Place> =
        edits.iter().filter_map(|e| if let Edit::Remove(place) = e { Some(place) } else { None }).collect();
    let puts = || edits.iter().filter_map(|e| if let Edit::Put(entry) = e { Some(entry.as_ref()) } else { None });
    let ids: Vec<_> = puts().filter_map(|entry| Some((former(entry)?.clone(), entry.place()))).collect();
    let to = |id: &crate::model::Id| {
        let found = ids.iter().find(|(from, _)| from == id).and_then(|(_, place)| place.key());
        found.and_then(|key| crate::model::Id::new(&key).ok()).unwrap_or_else(|| id.clone())
    };
    let target = |place: &Place| match place {
        Place::Boundary(id) => Place::Boundary(to(id)),
        Place::Asset(id) => Place::Asset(to(id)),
        Place::Element(id) => Place::Element(to(id)),
        Place::Flow(id) => Place::Flow(to(id)),
        Place::Threat(key) => Place::Threat(key.map_ids(to)),
        Place::Considered(key) => {
            let mut key = key.clone();
            key.subject = to(&key.subject);
            Place::Considered(key)
        }
        other => other.clone(),
    };
    let pairs = removed.into_iter().map(|place| (place.clone(), target(place)));
    pairs.filter(|(from, to)| from != to && puts().any(|entry| entry.place() == *to)).collect()
}

/// The id a thing had last.
fn former(entry: &Entry) -> Option<&crate::model::Id> {
    match entry {
        Entry::Boundary(_, b) => b.formerly.last(),
        Entry::Asset(_, a) => a.formerly.last(),
        Entry::Element(_, e) => e.formerly.last(),
        Entry::Flow(_, f) => f.formerly.last(),
        _ => None,
    }
}
