//! Deciding what a merge left open; `remake` makes a merge again of a file that git's text merge broke. It asks nobody
//! and writes no file.

mod remake;

pub use remake::{Found, Made, find, merge_texts};

use super::merge::sense::first_unknown;
use crate::file::said::{self, Said};
use crate::model::{
    Conflict, Edit, ElementKind, Entry, Id, MitigationStatus, Place, Severity, ThreatModel, TrustBoundary, act,
};

/// Which of the three a conflict is decided for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Our branch.
    Ours,
    /// The other branch.
    Theirs,
    /// What both started from.
    Base,
}

impl Side {
    /// What it says in a conflict.
    pub fn of(self, conflict: &Conflict) -> Option<&str> {
        match self {
            Self::Ours => conflict.ours.as_deref(),
            Self::Theirs => conflict.theirs.as_deref(),
            Self::Base => conflict.base.as_deref(),
        }
    }
}

/// How much of what all sides have in common is shown before the first difference, in characters.
const BEFORE: usize = 16;

/// The three sides of a conflict in so many characters each, one after the other: ours, theirs, and what was before. Where
/// they are longer, what they have in common at their beginning is left out, so that the difference is seen.
pub fn sides_within(conflict: &Conflict, most: usize) -> [String; 3] {
    let sides = [Side::Ours, Side::Theirs, Side::Base].map(|side| side.of(conflict));
    let there = || sides.into_iter().flatten();
    let is_long = there().any(|side| side.chars().count() > most);
    let first = there().next().unwrap_or_default();
    let alike = |side: &str| first.chars().zip(side.chars()).take_while(|(a, b)| a == b).count();
    let common = there().map(alike).min().unwrap_or(0);
    let skip = if is_long && there().count() > 1 { common.saturating_sub(BEFORE) } else { 0 };
    sides.map(|side| {
        let Some(side) = side else { return "nothing".to_owned() };
        let start = if skip > 0 { "…" } else { "" };
        let rest: Vec<char> = side.chars().skip(skip).collect();
        let room = most.saturating_sub(start.len().min(1));
        let end = if rest.len() > room { "…" } else { "" };
        let shown: String = rest.iter().take(room.saturating_sub(end.chars().count())).collect();
        format!("{start}{shown}{end}")
    })
}

/// Decides a conflict for a value as the file writes it; `None` takes the field or the entry out. The change also takes
/// the conflict off the list. The error says why the value does not go there.
pub fn decide(model: &ThreatModel, conflict: &Conflict, value: Option<&str>) -> Result<Edit, String> {
    let rest: Vec<Conflict> = model.conflicts.iter().filter(|c| *c != conflict).cloned().collect();
    let mut edits = change(model, conflict, value)?;
    edits.push(Edit::put(Entry::Conflicts(rest)));
    Ok(Edit::All(edits))
}

/// The same for what a person typed, who seldom writes the quotes around a text.
pub fn decide_typed(model: &ThreatModel, conflict: &Conflict, typed: &str) -> Result<Edit, String> {
    let in_quotes = || decide(model, conflict, Some(&format!("{typed:?}"))).ok().filter(|_| !typed.contains('"'));
    decide(model, conflict, Some(typed)).or_else(|why| in_quotes().ok_or(why))
}

fn change(model: &ThreatModel, conflict: &Conflict, value: Option<&str>) -> Result<Vec<Edit>, String> {
    let place = Place::parse(&conflict.of).ok_or_else(|| format!("there is no place `{}` in a model", conflict.of))?;
    let parse = |text: &str| Said::read(text).ok_or_else(|| format!("{text} is not written as the file writes values"));
    // The model holds our side already, but for what other decisions made of it.
    if value.is_some() && value == conflict.ours.as_deref() && conflict.field.is_none() && model.entry(&place).is_some()
    {
        return Ok(Vec::new());
    }
    let value = value.map(parse).transpose()?;
    match (&conflict.field, value) {
        // Two things had one id: there is nothing to choose, only to know.
        (None, None) if conflict.base.is_none() && conflict.ours.is_none() && conflict.theirs.is_none() => {
            Ok(Vec::new())
        }
        (None, None) => Ok(take_out(model, &place)),
        (None, Some(Said::Word(id))) => rename(model, &place, &Said::Word(id).plain()),
        (None, Some(whole)) => {
            let entry = said::entry(&place, &whole).ok_or_else(|| format!("this cannot stand at {place}: {whole}"))?;
            put(model, entry)
        }
        (Some(field), value) => {
            // Of what another decision took out there is nothing left to decide.
            let Some(before) = model.entry(&place) else { return Ok(Vec::new()) };
            let mut whole = said::said(&before);
            let told = value.as_ref().map_or_else(|| "nothing".to_owned(), Said::to_string);
            set(&mut whole, &place, field, value);
            let entry = said::entry(&place, &whole).ok_or_else(|| {
                let words = words(&place, field).map(|words| format!("; it can be {words}")).unwrap_or_default();
                format!("{field} of {place} cannot be {told}{words}")
            })?;
            put(model, entry)
        }
    }
}

/// The words that a field can be, where there are only some.
fn words(place: &Place, field: &str) -> Option<String> {
    let list = |words: &mut dyn Iterator<Item = &'static str>| Some(words.collect::<Vec<_>>().join(", "));
    match (place, field) {
        (Place::Mitigation(_), "status") => list(&mut MitigationStatus::ALL.iter().map(|s| s.name())),
        (Place::Element(_), "kind") => list(&mut ElementKind::ALL.iter().map(|k| k.name())),
        (Place::Threat(_), "severity") => list(&mut Severity::ALL.iter().map(|s| s.name())),
        (Place::Threat(_), "status") => Some(
            "Open, Mitigated(evidence: [\"…\"]), Accepted(reason: \"…\"), Transferred(to: \"…\", reason: \"…\"), \
             Avoided(reason: \"…\"), NotApplicable(reason: \"…\"), FalsePositive(reason: \"…\")"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The change that puts an entry in. A boundary that would come to lie in itself changes places with the one in it that
/// it goes into: that one is then where the boundary was.
fn put(model: &ThreatModel, mut entry: Entry) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    if let Entry::Diagram(_, diagram) = &mut entry {
        // A drawing goes on without what is gone.
        diagram.shows.iter_mut().for_each(|shows| shows.retain(|id| model.thing(id).is_some()));
        diagram.pins.retain(|id, _| model.thing(id).is_some());
    }
    let before = model.entry(&entry.place());
    let lacks = |entry: &Entry| first_unknown(model, entry);
    if let Some(missing) = lacks(&entry).filter(|_| before.as_ref().and_then(lacks).is_none()) {
        let missing = missing.key().unwrap_or_default();
        return Err(format!("it refers to `{missing}`, which is not in the model"));
    }
    if let Entry::Boundary(id, boundary) = &entry {
        let around = model.boundary_chain(boundary.inside.as_ref());
        match around.iter().position(|other| *other == id) {
            None => {}
            Some(0) => return Err(format!("boundary {id} would be inside itself")),
            Some(at) => {
                let inner = around[at - 1];
                let was = model.boundaries.get(id).and_then(|before| before.inside.clone());
                let moved = model.boundaries.get(inner).map(|inner| TrustBoundary { inside: was, ..inner.clone() });
                edits.extend(moved.map(|moved| Edit::put(Entry::Boundary(inner.clone(), moved))));
            }
        }
    }
    if before.as_ref() != Some(&entry) {
        edits.push(Edit::put(entry));
    }
    Ok(edits)
}

/// Takes an entry out with everything that only makes sense with it.
fn take_out(model: &ThreatModel, place: &Place) -> Vec<Edit> {
    if model.entry(place).is_none() {
        return Vec::new();
    }
    match place {
        Place::Boundary(id) | Place::Asset(id) | Place::Element(id) | Place::Flow(id) => {
            act::delete(model, id).map(|(_, edit)| edit).into_iter().collect()
        }
        Place::Mitigation(id) => vec![act::delete_mitigation(model, id)],
        Place::Threat(key) => {
            let of = model.assumptions.iter().filter(|(_, assumption)| assumption.supports.contains(key));
            let without = of.map(|(id, assumption)| {
                let mut assumption = assumption.clone();
                assumption.supports.retain(|other| other != key);
                Edit::put(Entry::Assumption(id.clone(), assumption))
            });
            without.chain([Edit::Remove(place.clone())]).collect()
        }
        _ => vec![Edit::Remove(place.clone())],
    }
}

fn rename(model: &ThreatModel, place: &Place, to: &str) -> Result<Vec<Edit>, String> {
    let (Some(from), Ok(to)) = (place.key().and_then(|key| Id::new(&key).ok()), Id::new(to)) else {
        return Err(format!("`{to}` is no id"));
    };
    if from == to {
        return Ok(Vec::new());
    }
    act::rename(model, &from, &to).map(|edit| vec![edit]).map_err(|error| error.to_string())
}

/// Writes a field such as `owner` or `facts.authn`, or takes it out.
fn set(whole: &mut Said, place: &Place, field: &str, value: Option<Said>) {
    let Said::Record(kind, fields) = whole else { return };
    if let (Place::Element(_), "kind", Some(Said::Word(word))) = (place, field, &value) {
        kind.clone_from(word);
        return;
    }
    let (name, key) = field.split_once('.').map_or((field, None), |(name, key)| (name, Some(key)));
    let at = fields.iter().position(|(known, _)| known == name);
    match (key, at) {
        (None, _) => write(fields, name, value),
        (Some(key), at) => {
            let at = at.unwrap_or_else(|| {
                fields.push((name.to_owned(), Said::Map(Vec::new())));
                fields.len() - 1
            });
            if let Said::Map(pairs) = &mut fields[at].1 {
                write(pairs, key, value);
                if pairs.is_empty() {
                    fields.remove(at);
                }
            }
        }
    }
}

fn write(pairs: &mut Vec<(String, Said)>, name: &str, value: Option<Said>) {
    let at = pairs.iter().position(|(known, _)| known == name);
    match (at, value) {
        (Some(at), Some(value)) => pairs[at].1 = value,
        (Some(at), None) => drop(pairs.remove(at)),
        (None, Some(value)) => pairs.push((name.to_owned(), value)),
        (None, None) => {}
    }
}
