//! Before two branches are merged, the same thing has the same id on both, and different things have different ones.
//! Nothing is merged here.

use crate::model::{Conflict, Edit, Id, Place, Thing, ThreatModel, act};
use std::collections::BTreeSet;

/// Three models whose ids mean the same, and what has to be told about it.
pub(super) struct Aligned {
    pub(super) base: ThreatModel,
    pub(super) ours: ThreatModel,
    pub(super) theirs: ThreatModel,
    pub(super) conflicts: Vec<Conflict>,
}

/// Gives renamed things one id, and things that both branches added under one id two.
pub(super) fn align(base: &ThreatModel, ours: &ThreatModel, theirs: &ThreatModel) -> Aligned {
    let (base, ours, theirs) = (base.clone(), ours.clone(), theirs.clone());
    let mut all = Aligned { base, ours, theirs, conflicts: Vec::new() };
    all.part_twins();
    let Aligned { base, ours, theirs, .. } = &mut all;
    drop_names_between(base, ours, theirs);
    drop_names_between(base, theirs, ours);
    for (old, new) in renamed(&all.base, &all.ours) {
        let other = renamed(&all.base, &all.theirs).into_iter().find(|(id, _)| *id == old).map(|(_, to)| to);
        if let Some(other) = other.filter(|other| *other != new) {
            all.two_names(&old, &new, &other);
        }
        rename(&mut all.base, &old, &new);
        rename(&mut all.theirs, &old, &new);
    }
    for (old, new) in renamed(&all.base, &all.theirs) {
        rename(&mut all.base, &old, &new);
        rename(&mut all.ours, &old, &new);
    }
    all
}

/// Old and new ids of what a branch renamed.
fn renamed(base: &ThreatModel, branch: &ThreatModel) -> Vec<(Id, Id)> {
    let former = |(id, thing): (&Id, Thing<'_>)| {
        let is_new = base.thing(id).is_none();
        let old = thing.formerly().iter().rev().find(|old| base.thing(old).is_some())?;
        (is_new && branch.thing(old).is_none()).then(|| (old.clone(), id.clone()))
    };
    branch.things().filter_map(former).collect()
}

fn rename(model: &mut ThreatModel, old: &Id, new: &Id) {
    if let Ok(edit) = act::rename(model, old, new) {
        // An id in use was looked for by `rename`, so that nothing is refused.
        let _ = edit.apply(model);
    }
}

impl Aligned {
    /// Both branches renamed the same thing: ours is used, and people are told.
    fn two_names(&mut self, old: &Id, ours: &Id, theirs: &Id) {
        rename(&mut self.theirs, theirs, ours);
        let quoted = |id: &Id| Some(format!("\"{id}\""));
        self.conflicts.push(Conflict {
            of: place_of(&self.ours, ours),
            field: None,
            base: quoted(old),
            ours: quoted(ours),
            theirs: quoted(theirs),
            why: Some("both branches gave it another id".to_owned()),
        });
    }

    /// Both branches gave one id to two things, new or renamed: theirs gets another.
    fn part_twins(&mut self) {
        let twins = self.theirs.things().filter(|(id, theirs)| {
            let ours = self.ours.thing(id);
            let origin = |thing: Thing<'_>| thing.formerly().iter().find(|old| self.base.thing(old).is_some()).cloned();
            let is_one = |ours: Thing<'_>| is_alike(ours, *theirs) && origin(ours) == origin(*theirs);
            self.base.thing(id).is_none() && ours.is_some_and(|ours| !is_one(ours))
        });
        for id in twins.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            let all = || [&self.base, &self.ours, &self.theirs].into_iter().flat_map(ThreatModel::things);
            // An id that something had once is somebody's as well.
            let names: BTreeSet<&Id> =
                all().flat_map(|(id, thing)| thing.formerly().iter().chain(std::iter::once(id))).collect();
            let taken = |new: &Id| names.contains(new);
            // Of so many numbers one is free: each id in use takes one.
            let most = names.len() + 2;
            let new = (2..=most).filter_map(|n| Id::new(&format!("{id}-{n}")).ok()).find(|new| !taken(new));
            let Some(new) = new else { continue };
            rename(&mut self.theirs, &id, &new);
            forget(&mut self.theirs, &new, &id);
            let why = format!(
                "both branches gave the id `{id}` to different things; that of the other branch is `{new}` now"
            );
            let of = place_of(&self.theirs, &new);
            self.conflicts.push(Conflict { of, why: Some(why), ..Conflict::default() });
        }
    }
}

/// Whether two things of one id can be one thing.
fn is_alike(a: Thing<'_>, b: Thing<'_>) -> bool {
    matches!(
        (a, b),
        (Thing::Boundary(_), Thing::Boundary(_))
            | (Thing::Asset(_), Thing::Asset(_))
            | (Thing::Element(_), Thing::Element(_))
            | (Thing::Flow(_), Thing::Flow(_))
    )
}

fn place(model: &ThreatModel, id: &Id) -> Option<Place> {
    let all = [Place::Boundary, Place::Asset, Place::Element, Place::Flow];
    all.into_iter().map(|place| place(id.clone())).find(|place| model.entry(place).is_some())
}

fn place_of(model: &ThreatModel, id: &Id) -> String {
    place(model, id).map_or_else(|| id.to_string(), |place| place.to_string())
}

/// Forgets the ids that things had on a branch for a while and that something else has or had on the other branch.
fn drop_names_between(base: &ThreatModel, branch: &mut ThreatModel, other: &ThreatModel) {
    // An id that a thing had before both branches is no matter of theirs.
    let known: BTreeSet<&Id> = base.things().flat_map(|(_, thing)| thing.formerly()).collect();
    let is_elsewhere = |id: &Id, old: &Id| {
        other.things().any(|(there, thing)| there != id && (there == old || thing.formerly().contains(old)))
    };
    let clash = |(id, thing): (&Id, Thing<'_>)| -> Vec<(Id, Id)> {
        let between = thing.formerly().iter().filter(|old| base.thing(old).is_none() && is_elsewhere(id, old));
        between.filter(|old| !known.contains(old)).map(|old| (id.clone(), old.clone())).collect()
    };
    for (id, old) in branch.things().flat_map(clash).collect::<Vec<_>>() {
        forget(branch, &id, &old);
    }
}

/// Takes an id that is somebody else's out of the earlier ids of a thing.
fn forget(model: &mut ThreatModel, id: &Id, old: &Id) {
    let Some(mut entry) = place(model, id).and_then(|place| model.entry(&place)) else { return };
    if let Some(formerly) = entry.formerly_mut() {
        formerly.retain(|id| id != old);
    }
    let _ = Edit::put(entry).apply(model);
}
