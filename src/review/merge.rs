//! Three states of a model become one: what either branch changed is in it, and what both changed in ways that exclude
//! each other is listed in its `conflicts`, while the model holds what our branch says. Nothing is decided here that a
//! person has to decide, and no text is compared.
//!
//! The unit is a field of an entry, a fact, an item of a list. The steps: `align` (renamed ids, ids given twice), then entry
//! by entry `fields`, then `sense` (nothing refers to what is gone, no boundary lies in itself).

mod align;
mod fields;
pub(super) mod sense;

use crate::file::Document;
use crate::file::said::{self, Said};
use crate::model::{Conflict, Edit, Entry, Place, ThreatModel};
use std::collections::BTreeSet;

/// Merges what two branches made of a model. The conflicts are in the model.
pub fn merge(base: &ThreatModel, ours: &ThreatModel, theirs: &ThreatModel) -> ThreatModel {
    let mut work = align::align(base, ours, theirs);
    let mut merged = work.ours.clone();
    for place in places([&work.base, &work.ours, &work.theirs]) {
        let sides = Sides::at(&place, &work.base, &work.ours, &work.theirs);
        let entry = sides.merged(&place, &mut work.conflicts);
        set(&mut merged, &place, entry, &mut work.conflicts);
    }
    merged.format = ours.format.max(theirs.format);
    sense::mend(&mut merged, &work.base, &work.ours, &work.theirs, &mut work.conflicts);
    merged.conflicts = open_before(ours, theirs);
    for conflict in work.conflicts {
        if !merged.conflicts.contains(&conflict) {
            merged.conflicts.push(conflict);
        }
    }
    merged
}

/// Merges documents: the comments of each entry come from the branch that its content comes from, else from ours.
pub fn merge_documents(base: &Document, ours: Document, theirs: &Document) -> Document {
    let mut merged = ours;
    let before = merged.model().clone();
    let model = merge(base.model(), &before, theirs.model());
    let edit = Edit::All(edits(&before, &model));
    // The edits lead from one valid model to another, so that none is refused; the file's version is the model's own.
    if merged.apply(edit).is_err() {
        merged = Document::new(model);
    }
    for place in places([merged.model(), theirs.model()]) {
        let now = merged.model().entry(&place);
        let from_them = now.is_some() && now == theirs.model().entry(&place);
        // Where only a comment changed, it came from the side that changed it.
        if from_them && (now != before.entry(&place) || same_comments(base, &place, &merged)) {
            merged.copy_comments(&place, theirs);
        }
    }
    merged
}

fn same_comments(base: &Document, place: &Place, ours: &Document) -> bool {
    base.model().entry(place).is_some() && base.has_same_comments(place, ours)
}

/// The changes that lead from one model to another.
pub fn edits(from: &ThreatModel, to: &ThreatModel) -> Vec<Edit> {
    let (mut gone, mut put) = (Vec::new(), Vec::new());
    for place in places([from, to]) {
        match (from.entry(&place), to.entry(&place)) {
            (Some(_), None) => gone.push(Edit::Remove(place)),
            (before, Some(after)) if before.as_ref() != Some(&after) => put.push(Edit::put(after)),
            _ => {}
        }
    }
    if from.conflicts != to.conflicts {
        put.push(Edit::put(Entry::Conflicts(to.conflicts.clone())));
    }
    gone.extend(put);
    gone
}

/// Every place that is in any of the models, in order.
fn places<const N: usize>(models: [&ThreatModel; N]) -> BTreeSet<Place> {
    models.into_iter().flat_map(ThreatModel::places).chain([Place::System]).collect()
}

/// Puts an entry, or takes it out. An entry whose id something else has in the meantime is kept in the conflicts.
fn set(model: &mut ThreatModel, place: &Place, entry: Option<Entry>, conflicts: &mut Vec<Conflict>) {
    match entry {
        Some(entry) if model.entry(place).as_ref() != Some(&entry) => {
            let text = said::said(&entry).to_string();
            if Edit::put(entry).apply(model).is_err() {
                let why = Some("its id belongs to something else on our branch".to_owned());
                conflicts.push(Conflict { of: place.to_string(), theirs: Some(text), why, ..Conflict::default() });
            }
        }
        None if model.entry(place).is_some() => drop(Edit::Remove(place.clone()).apply(model)),
        _ => {}
    }
}

/// What earlier merges left on either branch and nobody has decided yet.
fn open_before(ours: &ThreatModel, theirs: &ThreatModel) -> Vec<Conflict> {
    let mut open = ours.conflicts.clone();
    open.extend(theirs.conflicts.iter().filter(|c| !ours.conflicts.contains(c)).cloned());
    open
}

/// An entry on both branches and before.
struct Sides {
    base: Option<Entry>,
    ours: Option<Entry>,
    theirs: Option<Entry>,
}

impl Sides {
    fn at(place: &Place, base: &ThreatModel, ours: &ThreatModel, theirs: &ThreatModel) -> Self {
        Self { base: base.entry(place), ours: ours.entry(place), theirs: theirs.entry(place) }
    }

    fn merged(self, place: &Place, conflicts: &mut Vec<Conflict>) -> Option<Entry> {
        if self.ours == self.theirs || self.theirs == self.base {
            return self.ours;
        }
        if self.ours == self.base {
            return self.theirs;
        }
        let say = |entry: &Option<Entry>| entry.as_ref().map(said::said);
        let (base, ours, theirs) = (say(&self.base), say(&self.ours), say(&self.theirs));
        match (self.ours, self.theirs) {
            (Some(entry), Some(_)) => {
                let both = fields::Both { place, base: base.as_ref() };
                let merged = ours.zip(theirs).map(|(ours, theirs)| both.entry(&ours, &theirs, conflicts));
                merged.and_then(|said| said::entry(place, &said)).or(Some(entry))
            }
            // What one branch took out and the other changed stays, unless the change is only what rules noted down.
            (ours_kept, theirs_kept) => {
                let kept = ours.as_ref().or(theirs.as_ref());
                if base.as_ref().zip(kept).is_some_and(|(base, kept)| fields::is_only_noted(place, base, kept)) {
                    return None;
                }
                let text = |said: Option<Said>| said.map(|said| said.to_string());
                let why = Some("one branch took it out, the other changed it".to_owned());
                let of = place.to_string();
                conflicts.push(Conflict {
                    of,
                    field: None,
                    base: text(base),
                    ours: text(ours),
                    theirs: text(theirs),
                    why,
                });
                ours_kept.or(theirs_kept)
            }
        }
    }
}
