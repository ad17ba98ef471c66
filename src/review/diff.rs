//! What changed between two states of a model, in words of the domain: things of the system, threats, decisions,
//! mitigations. It asks no rule: threats are what the registers of the two states record. Where a drawing has something
//! and in which order a file lists things is no change.

mod cause;
mod field;
mod json;
mod markdown;
mod pair;
mod picture;
mod text;
mod threat;
mod union;
mod words;

use std::collections::BTreeMap;

pub use cause::Cause;
pub use field::{Field, told};
pub use json::diff_json;
pub use markdown::diff_markdown;
pub use text::{diff_text, told_in_sections};
pub use threat::{Decision, Ledger, ThreatChange, Turn};
pub use union::{earlier, union};
pub use words::{Item, Mark, Section, headline};

use crate::file::said::{Said, said};
use crate::model::{Entry, Id, Place, ThreatModel};
use threat::Told;

/// The two sides of a comparison, for reports.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The model file, as its readers call it.
    pub model: &'a str,
    /// What the earlier state is called, such as `HEAD`.
    pub before: &'a str,
    /// What the later state is called.
    pub after: &'a str,
    /// Threats that the register of the later state does not have as today's rules say, so that they are not compared.
    pub behind: &'a [String],
}

impl Sides<'_> {
    /// That something is not compared because nobody recorded it; `None` where nothing is.
    pub fn caveat(&self) -> Option<String> {
        const NAMED: usize = 3;
        let named = self.behind.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = self.behind.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (what, them) = match self.behind.len() {
            0 => return None,
            1 => ("1 threat".to_owned(), "it"),
            n => (format!("{n} threats"), "them"),
        };
        Some(format!(
            "not compared, as the register is behind today's rules by {what}: {named}{more}; `sconce update` records {them}"
        ))
    }
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was not there.
    New,
    /// It says something else, or has another id.
    Changed,
    /// It is not there any more.
    Removed,
}

impl Fate {
    /// The word for programs and in running text.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// An entry that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where it is, or was.
    pub place: Place,
    /// The id it had before, where that changed.
    pub was: Option<Id>,
    /// What it is, in running text.
    pub kind: &'static str,
    /// What people call it, or called it.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// The fields that differ; of something new, what it says; of something removed, nothing.
    pub fields: Vec<Field>,
}

/// What changed between two models.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Diff {
    /// The system, elements, flows, boundaries, assets, diagrams.
    pub system: Vec<Change>,
    /// Threats of the register but for what people decided about them.
    pub threats: Vec<ThreatChange>,
    /// What people decided about threats.
    pub decisions: Vec<Decision>,
    /// Work that provides controls.
    pub mitigations: Vec<Change>,
    /// Assumptions, looks without a threat, and what a merge left open.
    pub others: Vec<Change>,
}

impl Diff {
    /// Whether nothing changed.
    pub const fn is_empty(&self) -> bool {
        self.system.is_empty()
            && self.threats.is_empty()
            && self.decisions.is_empty()
            && self.mitigations.is_empty()
            && self.others.is_empty()
    }
}

/// Compares two states of a model. A thing whose id changed is the same thing when one of the two names the id of the
/// other, or an id both had, in `formerly`.
pub fn diff(before: &ThreatModel, after: &ThreatModel) -> Diff {
    let renames = pair::renames(before, after);
    let earlier = pair::carried(before, &renames);
    let former: BTreeMap<&Id, &Id> = renames.iter().map(|(old, new)| (new, old)).collect();
    let mut diff = Diff::default();
    let mut told = Vec::new();
    differing(&earlier, after, &mut |before, after| match (before, after) {
        (Some(Entry::Threat(key, before)), Some(Entry::Threat(_, after))) => {
            told.extend(Told::of(key, Some(before), Some(after)));
        }
        (Some(Entry::Threat(key, before)), _) => told.extend(Told::of(key, Some(before), None)),
        (_, Some(Entry::Threat(key, after))) => told.extend(Told::of(key, None, Some(after))),
        (before, after) => diff.take(change(before.as_ref(), after.as_ref(), &former)),
    });
    for (new, old) in &former {
        let is_told = diff.system.iter().any(|change| change.was.as_ref() == Some(*old));
        diff.take(if is_told { None } else { renamed(after, new, old) });
    }
    diff.others.extend(conflicts(&earlier, after));
    if earlier.format != after.format {
        let said = |format: crate::model::Format| Some(Said::Word(format!("{}.{}", format.major, format.minor)));
        let (before, after) = (said(earlier.format), said(after.format));
        let field = Field { name: "format".to_owned(), before, after };
        let system = diff.system.iter_mut().find(|change| change.place == Place::System);
        match system {
            Some(system) => system.fields.push(field),
            None => diff.system.push(Change { fields: vec![field], ..Change::of_system(&earlier.system.name) }),
        }
    }
    diff.system.sort_by(|a, b| (rank(&a.place), a.fate, &a.place).cmp(&(rank(&b.place), b.fate, &b.place)));
    let models = [&*earlier, after];
    diff.judge(told, &former, models);
    diff
}

impl Diff {
    fn take(&mut self, change: Option<Change>) {
        let Some(change) = change else { return };
        match change.place {
            Place::Mitigation(_) => self.mitigations.push(change),
            Place::Assumption(_) | Place::Considered(_) => self.others.push(change),
            _ => self.system.push(change),
        }
    }

    /// Puts what is told about threats where it belongs, the worst first, with its causes.
    fn judge(&mut self, told: Vec<Told>, former: &BTreeMap<&Id, &Id>, models: [&ThreatModel; 2]) {
        let near = cause::Near::of(self, models);
        let was = |key: &crate::model::ThreatKey| {
            let was = key.map_ids(|id| former.get(id).copied().unwrap_or(id).clone());
            (was != *key).then_some(was)
        };
        let (mut threats, mut decisions) = (Vec::new(), Vec::new());
        for told in told {
            let id = models[1].display_id(&told.key);
            let mut decision = told.decision(&id);
            let mut threat = told.threat(&id);
            if let Some(decision) = &mut decision
                && let Some(found) = threat.take_if(|threat| threat.is_fields_only())
            {
                decision.fields = found.fields;
            }
            decisions.extend(decision);
            if let Some(mut threat) = threat {
                threat.was = was(&threat.key).filter(|_| threat.turn != Turn::New);
                threat.because = near.causes(&threat);
                threats.push(threat);
            }
        }
        threats.sort_by(|a, b| (a.turn, b.worst(), &a.key).cmp(&(b.turn, a.worst(), &b.key)));
        (self.threats, self.decisions) = (threats, decisions);
    }
}

impl Change {
    fn of_system(name: &str) -> Self {
        let name = name.to_owned();
        Self { place: Place::System, was: None, kind: "system", name, fate: Fate::Changed, fields: Vec::new() }
    }

    /// The id or key it has, or had.
    pub fn key(&self) -> String {
        self.place.key().unwrap_or_else(|| crate::model::SYSTEM.to_owned())
    }

    /// Whether a picture of the system may look otherwise because of it.
    pub fn is_drawn(&self) -> bool {
        let drawn = ["name", "kind", "inside", "from", "to", "response_of"];
        matches!(self.place, Place::Element(_) | Place::Flow(_) | Place::Boundary(_))
            && (self.fate != Fate::Changed || self.fields.iter().any(|field| drawn.contains(&field.name.as_str())))
    }
}

/// The order of a report: what a reader knows best comes first.
const fn rank(place: &Place) -> u8 {
    match place {
        Place::System => 0,
        Place::Element(_) => 1,
        Place::Flow(_) => 2,
        Place::Boundary(_) => 3,
        Place::Asset(_) => 4,
        _ => 5,
    }
}

/// Calls back with every entry that is not equal on both sides.
fn differing(before: &ThreatModel, after: &ThreatModel, each: &mut impl FnMut(Option<Entry>, Option<Entry>)) {
    if before.system != after.system {
        each(Some(Entry::System(before.system.clone())), Some(Entry::System(after.system.clone())));
    }
    section(&before.elements, &after.elements, Entry::Element, each);
    section(&before.flows, &after.flows, Entry::Flow, each);
    section(&before.boundaries, &after.boundaries, Entry::Boundary, each);
    section(&before.assets, &after.assets, Entry::Asset, each);
    section(&before.diagrams, &after.diagrams, Entry::Diagram, each);
    section(&before.mitigations, &after.mitigations, Entry::Mitigation, each);
    section(&before.assumptions, &after.assumptions, Entry::Assumption, each);
    section(&before.considered, &after.considered, Entry::Considered, each);
    section(&before.threats, &after.threats, Entry::Threat, each);
}

fn section<K: Ord + Clone, V: PartialEq + Clone>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    entry: fn(K, V) -> Entry,
    each: &mut impl FnMut(Option<Entry>, Option<Entry>),
) {
    for (key, value) in after {
        let old = before.get(key);
        if old != Some(value) {
            let old = old.map(|old| entry(key.clone(), old.clone()));
            each(old, Some(entry(key.clone(), value.clone())));
        }
    }
    for (key, value) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        each(Some(entry(key.clone(), value.clone())), None);
    }
}

/// What became of an entry; `None` where only its layout or an order changed.
fn change(before: Option<&Entry>, after: Option<&Entry>, former: &BTreeMap<&Id, &Id>) -> Option<Change> {
    let entry = after.or(before)?;
    let (kind, name) = called(entry);
    let (place, name) = (entry.place(), name.to_owned());
    let (fate, fields) = match (before.map(said), after.map(said)) {
        (Some(before), Some(after)) => (Fate::Changed, field::compare(&before, &after)),
        (None, Some(after)) => {
            let mut fields = field::compare(&Said::Record(String::new(), Vec::new()), &after);
            fields.retain(|field| !["name", "title", "text"].contains(&field.name.as_str()));
            (Fate::New, fields)
        }
        _ => (Fate::Removed, Vec::new()),
    };
    let was = match &place {
        Place::Element(id) | Place::Flow(id) | Place::Boundary(id) | Place::Asset(id) if fate == Fate::Changed => {
            former.get(id).copied().cloned()
        }
        _ => None,
    };
    let is_change = fate != Fate::Changed || was.is_some() || !fields.is_empty();
    is_change.then_some(Change { place, was, kind, name, fate, fields })
}

/// A thing that has another id and says the same.
fn renamed(after: &ThreatModel, new: &Id, old: &Id) -> Option<Change> {
    let places = [Place::Element, Place::Flow, Place::Boundary, Place::Asset];
    let entry = places.iter().find_map(|place| after.entry(&place(new.clone())))?;
    let (kind, name) = called(&entry);
    let (place, name) = (entry.place(), name.to_owned());
    Some(Change { place, was: Some(old.clone()), kind, name, fate: Fate::Changed, fields: Vec::new() })
}

/// What an entry is, and what people call it.
fn called(entry: &Entry) -> (&'static str, &str) {
    match entry {
        Entry::System(v) => ("system", &v.name),
        Entry::Conflicts(_) => ("what a merge left open", ""),
        Entry::Boundary(_, v) => ("trust boundary", &v.name),
        Entry::Asset(_, v) => ("asset", &v.name),
        Entry::Element(_, v) => (v.kind.title(), &v.name),
        Entry::Flow(_, v) => ("data flow", &v.name),
        Entry::Mitigation(_, v) => ("mitigation", &v.title),
        Entry::Assumption(_, v) => ("assumption", &v.text),
        Entry::Threat(_, v) => ("threat", &v.title),
        Entry::Considered(..) => ("look at", ""),
        Entry::Diagram(_, v) => ("diagram", &v.title),
    }
}

/// What a merge left open, as one change of the model.
fn conflicts(before: &ThreatModel, after: &ThreatModel) -> Option<Change> {
    if before.conflicts == after.conflicts {
        return None;
    }
    let list = |model: &ThreatModel| {
        let word = |c: &crate::model::Conflict| {
            let field = c.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
            Said::Word(format!("{}{field}", c.of))
        };
        Some(Said::List(model.conflicts.iter().map(word).collect()))
    };
    let field = Field { name: "conflicts".to_owned(), before: list(before), after: list(after) };
    Some(Change { kind: "what a merge left open", fields: vec![field], ..Change::of_system("") })
}
