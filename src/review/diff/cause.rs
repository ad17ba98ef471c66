//! What in a comparison may have made a threat come or go: changes of what it is about, else of what is next to that.
//! Where nothing changed there it says nothing. It evaluates no rule; of the built-in ones it asks which facts they name,
//! so that a change of another fact is not blamed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::threat::{ThreatChange, Turn};
use super::{Change, Diff, Fate, Field};
use crate::file::said::Said;
use crate::model::{FactValue, Id, Mitigation, MitigationStatus, Place, Thing, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::language::Rule;

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

/// Fields that rules do not read but where they name them.
const UNREAD: &[&str] = &["name", "description", "owner", "notes", "code", "deployed", "formerly", "title"];

/// A cause with the fact or field that it is about; nothing where it is a thing as a whole.
type Named = (Option<String>, Cause);

/// The changes of a comparison by what they are about, and what is next to what in either model.
pub(super) struct Near {
    /// Changes of each thing, those of work that provides something there first.
    of: BTreeMap<Id, Vec<Named>>,
    /// What changed, by what it is next to: flows by their ends, elements by what they hold and where they are.
    beside: BTreeMap<Id, BTreeSet<Id>>,
    /// What changed at the other end of a flow.
    across: BTreeMap<Id, BTreeSet<Id>>,
    packs: Vec<Cause>,
    rules: Arc<Knowledge>,
}

impl Near {
    pub(super) fn of(diff: &Diff, models: [&ThreatModel; 2]) -> Self {
        let mut of = work(models);
        for change in &diff.system {
            let (Some(id), causes) = (thing(&change.place), told(change)) else { continue };
            if !causes.is_empty() {
                of.entry(id.clone()).or_default().extend(causes);
            }
        }
        let (mut beside, mut across): (BTreeMap<Id, BTreeSet<Id>>, BTreeMap<Id, BTreeSet<Id>>) = Default::default();
        let join = |map: &mut BTreeMap<Id, BTreeSet<Id>>, a: &Id, b: &Id| {
            for (a, b) in [(a, b), (b, a)].into_iter().filter(|(a, _)| of.contains_key(*a)) {
                map.entry(b.clone()).or_default().insert(a.clone());
            }
        };
        for model in models.iter().filter(|_| !of.is_empty()) {
            for (id, thing) in model.things() {
                for next in next_to(model, thing) {
                    join(&mut beside, id, next);
                }
            }
            for (from, to) in model.flows.values().filter_map(|flow| Some((flow.from.as_ref()?, flow.to.as_ref()?))) {
                join(&mut across, from, to);
            }
        }
        Self { of, beside, across, packs: packs(models), rules: Knowledge::builtin() }
    }

    /// What may have made a threat come or go, change its severity, or open or close without a decision.
    pub(super) fn causes(&self, threat: &ThreatChange) -> Vec<Cause> {
        let is_for = threat.turn != Turn::Changed || threat.moved().is_some() || threat.rated().is_some();
        if !is_for || threat.key.is_own() {
            return Vec::new();
        }
        let reads = self.rules.rule(threat.key.rule()).map(reads);
        let is_read = |(name, _): &&Named| match (name, &reads) {
            (Some(name), _) if UNREAD.contains(&name.as_str()) => reads.as_ref().is_some_and(|all| all.contains(name)),
            (Some(name), Some(reads)) if name.starts_with(FACT) => reads.contains(&name[FACT.len()..]),
            _ => true,
        };
        let about = about(&threat.key);
        let at = |map: &BTreeMap<Id, BTreeSet<Id>>| {
            let next: BTreeSet<&Id> = about.iter().filter_map(|id| map.get(id)).flatten().collect();
            next.into_iter().filter_map(|id| self.of.get(id)).flatten().filter(is_read).collect::<Vec<_>>()
        };
        let own = about.iter().filter_map(|id| self.of.get(id)).flatten().filter(is_read).collect::<Vec<_>>();
        // A fact that the rule is known to read tells more than a new neighbour, even from across a flow.
        let is_fact = |name: &Option<String>| name.as_ref().is_some_and(|name| name.starts_with(FACT));
        let beside = at(&self.beside);
        let facts = beside.iter().copied().chain(at(&self.across));
        let facts = facts.filter(|(name, _)| reads.is_some() && is_fact(name)).collect();
        let mut found = self.of_pack(&threat.key);
        for tier in [own, facts, beside] {
            if found.is_empty() && tier.len() <= MANY {
                found = tier.into_iter().map(|(_, cause)| cause.clone()).collect();
            }
        }
        let mut told: Vec<Cause> = Vec::new();
        for cause in found {
            if told.len() < MOST && !told.contains(&cause) {
                told.push(cause);
            }
        }
        told
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

/// What a fact's name begins with among fields.
const FACT: &str = "facts.";

/// The facts and fields that a rule names.
fn reads(rule: &Rule) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let adjust = rule.risk.adjust.iter().map(|adjust| &adjust.when);
    for condition in [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by).chain(adjust) {
        condition.walk(&mut |part| names.extend(part.fact().map(str::to_owned)));
    }
    names
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
fn told(change: &Change) -> Vec<Named> {
    let Some(id) = thing(&change.place) else { return Vec::new() };
    let (kind, id) = (change.kind, id.clone());
    if change.fate != Fate::Changed {
        return vec![(None, Cause::Thing { kind, id, is_new: change.fate == Fate::New })];
    }
    let cause = |field: &Field| Cause::Field { kind, id: id.clone(), field: field.clone() };
    change.fields.iter().map(|field| (Some(field.name.clone()), cause(field))).collect()
}

/// What a thing is next to: a flow to its ends and what it carries, an element to what it holds, and both to the
/// boundaries around them.
fn next_to<'m>(model: &'m ThreatModel, thing: Thing<'m>) -> Vec<&'m Id> {
    let mut next: Vec<&Id> = Vec::new();
    match thing {
        Thing::Flow(flow) => {
            for end in [&flow.from, &flow.to].into_iter().flatten() {
                next.push(end);
                next.extend(model.boundary_chain(model.elements.get(end).and_then(|e| e.inside.as_ref())));
            }
            next.extend(flow.carries.iter().flatten().chain(&flow.response_of));
        }
        Thing::Element(element) => {
            next.extend(model.boundary_chain(element.inside.as_ref()));
            next.extend(element.stores.iter().chain(&element.processes).flatten());
        }
        Thing::Boundary(boundary) => next.extend(model.boundary_chain(boundary.inside.as_ref())),
        Thing::Asset(_) => {}
    }
    next
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

/// Work that counted on one side and not on the other, by what it is about, with the fact that it provides.
fn work([before, after]: [&ThreatModel; 2]) -> BTreeMap<Id, Vec<Named>> {
    let mut found: BTreeMap<Id, Vec<Named>> = BTreeMap::new();
    let ids: BTreeSet<&Id> = before.mitigations.keys().chain(after.mitigations.keys()).collect();
    for id in ids {
        let (old, new) = (before.mitigations.get(id), after.mitigations.get(id));
        if old == new {
            continue;
        }
        let status = new.map(|work| work.status);
        for (on, fact, _) in provided(old).symmetric_difference(&provided(new)) {
            let cause = Cause::Work { id: id.clone(), status };
            found.entry((*on).clone()).or_default().push((Some(format!("{FACT}{fact}")), cause));
        }
    }
    found
}

/// What work provides, as far as it counts.
fn provided(work: Option<&Mitigation>) -> BTreeSet<(&Id, &str, &FactValue)> {
    let provides = work.filter(|work| work.status.counts()).into_iter().flat_map(|work| &work.provides);
    provides.flat_map(|p| p.on.iter().map(|on| (on, p.fact.as_str(), &p.value))).collect()
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
