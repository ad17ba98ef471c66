//! What in a comparison may have made a threat come or go: changes of what it is about, else of what is next to that.
//! Where nothing changed there it says nothing. It asks no rule what it reads.

use std::collections::{BTreeMap, BTreeSet};

use super::threat::{ThreatChange, Turn};
use super::{Change, Diff, Fate, Field};
use crate::file::said::Said;
use crate::model::{Id, MitigationStatus, Place, Status, Thing, ThreatKey, ThreatModel};

/// Something that may have made a threat come or go.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// Something is new or was removed.
    Thing {
        /// What it is.
        kind: &'static str,
        /// Its id.
        id: Id,
        /// Whether it is new; else it was removed.
        is_new: bool,
    },
    /// A field of something is another one.
    Field {
        /// What has it.
        kind: &'static str,
        /// Its id.
        id: Id,
        /// The field.
        field: Field,
    },
    /// The model names this pack now, or no longer.
    Pack {
        /// The pack.
        pack: String,
        /// Whether it is named now.
        is_new: bool,
    },
    /// Work that counts now, or no longer.
    Work {
        /// The mitigation.
        id: Id,
        /// How far it is; `None` when it is no longer in the model.
        status: Option<MitigationStatus>,
    },
}

/// So many causes are told of one threat.
const MOST: usize = 3;

/// Beyond this many changes next to it nobody can see which one it was.
const MANY: usize = 12;

/// Fields that no rule reads.
const UNREAD: &[&str] = &["name", "description", "owner", "notes", "code", "formerly", "title"];

/// The changes of a comparison by what they are about, and what is next to what in either model.
pub(super) struct Near {
    /// Of each thing that changed.
    changes: BTreeMap<Id, Vec<Cause>>,
    /// Things that changed, and boundaries around what changed, by what they are next to.
    beside: BTreeMap<Id, BTreeSet<Id>>,
    packs: Vec<Cause>,
    /// Work that counts on something else than before, by what it is about.
    work: BTreeMap<Id, Vec<Cause>>,
}

impl Near {
    pub(super) fn of(diff: &Diff, models: [&ThreatModel; 2]) -> Self {
        let mut changes: BTreeMap<Id, Vec<Cause>> = BTreeMap::new();
        for change in &diff.system {
            let (Some(id), causes) = (thing(&change.place), told(change)) else { continue };
            if !causes.is_empty() {
                changes.insert(id.clone(), causes);
            }
        }
        let mut beside: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for model in models.iter().filter(|_| !changes.is_empty()) {
            for (id, next) in model.things().flat_map(|(id, thing)| next_to(model, id, thing)) {
                let mut join = |a: &Id, b: &Id| {
                    if changes.contains_key(a) {
                        beside.entry(b.clone()).or_default().insert(a.clone());
                    }
                };
                join(&id, &next);
                join(&next, &id);
            }
        }
        Self { changes, beside, packs: packs(models), work: work(models) }
    }

    /// What may have made a threat come or go, change its severity, or open or close without a decision.
    pub(super) fn causes(&self, threat: &ThreatChange) -> Vec<Cause> {
        let is_for = threat.turn != Turn::Changed || threat.moved().is_some() || threat.rated().is_some();
        if !is_for || threat.key.is_own() {
            return Vec::new();
        }
        let mut found = self.of_pack(&threat.key);
        let about = about(&threat.key);
        let is_closed = matches!(threat.status[1], Some(Status::Mitigated { .. }));
        if found.is_empty() && (is_closed || threat.turn != Turn::New) {
            found.extend(about.iter().filter_map(|id| self.work.get(id)).flatten().cloned());
        }
        if found.is_empty() {
            found = about.iter().filter_map(|id| self.changes.get(id)).flatten().cloned().collect();
        }
        if found.is_empty() {
            let next: BTreeSet<&Id> = about.iter().filter_map(|id| self.beside.get(id)).flatten().collect();
            let causes: Vec<&Cause> = next.into_iter().filter_map(|id| self.changes.get(id)).flatten().collect();
            if causes.len() <= MANY {
                found = causes.into_iter().cloned().collect();
            }
        }
        found.truncate(MOST);
        found
    }

    /// A pack of rules that came or went explains all of its threats.
    fn of_pack(&self, key: &ThreatKey) -> Vec<Cause> {
        let is_of = |cause: &&Cause| match cause {
            Cause::Pack { pack, .. } => pack == key.rule() || key.rule().split('.').next() == Some(pack),
            _ => false,
        };
        self.packs.iter().filter(is_of).cloned().collect()
    }
}

/// What a threat is about: its subject, its target, and an asset that its key names.
fn about(key: &ThreatKey) -> Vec<Id> {
    let detail = key.detail().and_then(|detail| Id::new(detail).ok());
    std::iter::once(key.subject()).chain(key.target()).chain(detail).collect()
}

const fn thing(place: &Place) -> Option<&Id> {
    match place {
        Place::Element(id) | Place::Flow(id) | Place::Boundary(id) | Place::Asset(id) => Some(id),
        _ => None,
    }
}

/// What a change may cause.
fn told(change: &Change) -> Vec<Cause> {
    let Some(id) = thing(&change.place) else { return Vec::new() };
    let (kind, id) = (change.kind, id.clone());
    if change.fate != Fate::Changed {
        return vec![Cause::Thing { kind, id, is_new: change.fate == Fate::New }];
    }
    let fields = change.fields.iter().filter(|field| !UNREAD.contains(&field.name.as_str()));
    fields.map(|field| Cause::Field { kind, id: id.clone(), field: field.clone() }).collect()
}

/// What a thing is next to: a flow to its ends and what it carries, an element to what it holds, and both to the
/// boundaries around them.
fn next_to(model: &ThreatModel, id: &Id, thing: Thing<'_>) -> Vec<(Id, Id)> {
    let chain = |inside: Option<&Id>| model.boundary_chain(inside).into_iter().cloned().collect::<Vec<Id>>();
    let mut next: Vec<Id> = Vec::new();
    match thing {
        Thing::Flow(flow) => {
            for end in [&flow.from, &flow.to].into_iter().flatten() {
                next.push(end.clone());
                next.extend(chain(model.elements.get(end).and_then(|element| element.inside.as_ref())));
            }
            next.extend(flow.carries.iter().flatten().chain(&flow.response_of).cloned());
        }
        Thing::Element(element) => {
            next.extend(chain(element.inside.as_ref()));
            next.extend(element.stores.iter().chain(&element.processes).flatten().cloned());
        }
        Thing::Boundary(boundary) => next.extend(chain(boundary.inside.as_ref())),
        Thing::Asset(_) => {}
    }
    next.into_iter().map(|next| (id.clone(), next)).collect()
}

fn packs([before, after]: [&ThreatModel; 2]) -> Vec<Cause> {
    let named = |model: &ThreatModel| model.system.packs.clone().unwrap_or_else(|| vec!["core".to_owned()]);
    let (before, after) = (named(before), named(after));
    let only = |a: &[String], b: &[String], is_new: bool| {
        let only = a.iter().filter(|pack| !b.contains(pack));
        only.map(|pack| Cause::Pack { pack: pack.clone(), is_new }).collect::<Vec<_>>()
    };
    [only(&after, &before, true), only(&before, &after, false)].concat()
}

/// Work that counted on one side and not on the other, by what it is about.
fn work([before, after]: [&ThreatModel; 2]) -> BTreeMap<Id, Vec<Cause>> {
    let mut found: BTreeMap<Id, Vec<Cause>> = BTreeMap::new();
    let ids: BTreeSet<&Id> = before.mitigations.keys().chain(after.mitigations.keys()).collect();
    for id in ids {
        let (old, new) = (before.mitigations.get(id), after.mitigations.get(id));
        let provided = |work: Option<&crate::model::Mitigation>| {
            let work = work.filter(|work| work.status.counts());
            let on = work.into_iter().flat_map(|work| &work.provides).flat_map(|provides| {
                let what = (provides.fact.clone(), provides.value.clone());
                provides.on.iter().map(move |on| (on.clone(), what.clone()))
            });
            on.collect::<BTreeSet<_>>()
        };
        let (old, now) = (provided(old), provided(new));
        let about: BTreeSet<&Id> = old.symmetric_difference(&now).map(|(on, _)| on).collect();
        for on in about {
            let cause = Cause::Work { id: id.clone(), status: new.map(|work| work.status) };
            found.entry(on.clone()).or_default().push(cause);
        }
    }
    found
}

impl Cause {
    /// The sentence, without "because"; `id` marks an id, `text` makes what a file says harmless.
    pub(super) fn words(&self, id: impl Fn(&str) -> String, text: impl Fn(&str) -> String) -> String {
        match self {
            Self::Thing { kind, id: thing, is_new } => {
                let became = if *is_new { "is new" } else { "was removed" };
                format!("{kind} {} {became}", id(thing.as_str()))
            }
            Self::Pack { pack, is_new: true } => format!("the system is held against the pack {} now", text(pack)),
            Self::Pack { pack, is_new: false } => {
                format!("the system is no longer held against the pack {}", text(pack))
            }
            Self::Work { id: work, status: Some(status) } => {
                format!("mitigation {} is {} now", id(work.as_str()), status.title())
            }
            Self::Work { id: work, status: None } => format!("mitigation {} was removed", id(work.as_str())),
            Self::Field { kind, id: thing, field } => of_field(kind, &id(thing.as_str()), field, &text),
        }
    }
}

fn of_field(kind: &str, thing: &str, field: &Field, text: &impl Fn(&str) -> String) -> String {
    let told = |said: Option<&Said>| said.map_or_else(|| field.silence().to_owned(), |said| text(&super::told(said)));
    let list = |items: &[&Said]| text(&items.iter().map(|item| super::told(item)).collect::<Vec<_>>().join(", "));
    if let Some(fact) = field.fact() {
        return format!("fact {} of {thing} is {} now", text(fact), told(field.after.as_ref()));
    }
    let verb = match field.name.as_str() {
        "carries" => ("carries", "carry"),
        "stores" => ("stores", "store"),
        "processes" => ("processes", "process"),
        "inside" => {
            return match &field.after {
                Some(after) => format!("{kind} {thing} is now inside {}", text(&super::told(after))),
                None => format!("{kind} {thing} is no longer inside any trust boundary"),
            };
        }
        name => return format!("{name} of {kind} {thing} is {} now", told(field.after.as_ref())),
    };
    let whole = |said: Option<&Said>| if let Some(Said::List(items)) = said { items.clone() } else { Vec::new() };
    let (before, after) = (whole(field.before.as_ref()), whole(field.after.as_ref()));
    let came: Vec<&Said> = after.iter().filter(|item| !before.contains(item)).collect();
    let went: Vec<&Said> = before.iter().filter(|item| !after.contains(item)).collect();
    match (came.is_empty(), went.is_empty(), &field.after) {
        (false, ..) => format!("{kind} {thing} now {} {}", verb.0, list(&came)),
        (true, false, Some(_)) => format!("{kind} {thing} no longer {} {}", verb.0, list(&went)),
        (true, _, None) => format!("nobody says any more what {kind} {thing} {}", verb.0),
        (true, true, Some(_)) => format!("{kind} {thing} is known to {} nothing", verb.1),
    }
}
