//! A value of a fact or field, as people choose or type it, as an edit. Which values there are `analysis` says.

use crate::diagnostic::meant;
use crate::model::{
    Asset, AssetKind, BoundaryKind, Confidentiality, Edit, Entry, FactDef, FactValue, Id, Level, Place, Thing,
    ThreatModel, Values, act,
};
use crate::rules::Knowledge;

/// States a value of some things of one kind; the message says why it cannot be said.
pub(super) fn stated(
    model: &ThreatModel,
    knowledge: &Knowledge,
    (ids, fact): (&[Id], &str),
    values: &[String],
) -> Result<Vec<Edit>, String> {
    let kind = ids.first().and_then(|id| model.thing(id)).map(Thing::kind);
    let Some(kind) = kind else { return Err("it is no longer in the model".to_owned()) };
    if let Some(def) = knowledge.vocabulary.get(fact, kind) {
        let value = value(def, values)?;
        return Ok(ids.iter().filter_map(|id| act::set_fact(model, id, fact, Some(value.clone()))).collect());
    }
    if !["stores", "processes", "carries"].contains(&fact) {
        let entries = ids.iter().filter_map(|id| entry(model, id));
        return entries.map(|entry| field(model, knowledge, entry, (fact, values))).collect();
    }
    let (mut edits, mut scratch, mut known) = (Vec::new(), model.clone(), Vec::new());
    for word in values.iter().filter(|word| !word.trim().is_empty()) {
        let id = if let Some(id) = asset(&scratch, word) {
            id
        } else {
            let id = scratch.fresh_id(word, "asset");
            let fresh = Asset { name: word.trim().to_owned(), ..Asset::default() };
            let edit = Edit::put(Entry::Asset(id.clone(), fresh));
            edit.clone().apply(&mut scratch).map_err(|error| error.to_string())?;
            edits.push(edit);
            id
        };
        known.push(id.as_str().to_owned());
    }
    for entry in ids.iter().filter_map(|id| entry(model, id)) {
        edits.push(field(&scratch, knowledge, entry, (fact, &known))?);
    }
    Ok(edits)
}

/// The asset of an id or a name.
fn asset(model: &ThreatModel, word: &str) -> Option<Id> {
    let is_it = |(id, asset): &(&Id, &Asset)| id.as_str() == word || asset.name.eq_ignore_ascii_case(word.trim());
    model.assets.iter().find(is_it).map(|(id, _)| id.clone())
}

/// The id of a technology, or a name that looks like no slip of the pen.
fn technology(knowledge: &Knowledge, word: &str) -> Result<String, String> {
    let word = word.trim().to_lowercase();
    if knowledge.technologies.get(&word).is_some() {
        return Ok(word);
    }
    let all = || knowledge.technologies.iter();
    if let Some(named) = all().find(|technology| technology.name.to_lowercase() == word) {
        return Ok(named.id.clone());
    }
    match meant(&word, all().map(|technology| technology.id.as_str())) {
        Some(near) => Err(format!("there is no technology `{word}`; did you mean `{near}`?")),
        None if word.chars().any(char::is_alphabetic) => Ok(word),
        None => Err(format!("`{word}` is no technology")),
    }
}

/// The words as a value that the vocabulary accepts.
fn value(def: &FactDef, values: &[String]) -> Result<FactValue, String> {
    let value = if matches!(def.values, Values::SomeOf(_)) {
        FactValue::List(sorted(values.iter().filter(|word| !word.is_empty()).cloned().collect()))
    } else {
        let text = values.join(" ");
        if text.trim().is_empty() {
            return Err("empty is not a value".to_owned());
        }
        FactValue::text(text.trim())
    };
    def.accepts(&value)?;
    Ok(value)
}

fn entry(model: &ThreatModel, id: &Id) -> Option<Entry> {
    let places =
        [Place::Element(id.clone()), Place::Flow(id.clone()), Place::Boundary(id.clone()), Place::Asset(id.clone())];
    places.iter().find_map(|place| model.entry(place))
}

fn field(
    model: &ThreatModel,
    knowledge: &Knowledge,
    mut entry: Entry,
    (name, values): (&str, &[String]),
) -> Result<Edit, String> {
    let words: Vec<String> = sorted(values.iter().filter(|word| !word.is_empty()).cloned().collect());
    let text = values.join(" ").trim().to_owned();
    let some = || if text.is_empty() { Err("empty is not a value".to_owned()) } else { Ok(Some(text.clone())) };
    let ids = |known: &dyn Fn(&Id) -> bool| {
        let id = |word: &String| Id::new(word).ok().filter(known).ok_or_else(|| format!("there is no `{word}`"));
        words.iter().map(id).collect::<Result<Vec<Id>, String>>()
    };
    let assets = || ids(&|id: &Id| model.assets.contains_key(id));
    let boundary = || Ok::<_, String>(ids(&|id: &Id| model.boundaries.contains_key(id))?.into_iter().next());
    match (&mut entry, name) {
        (Entry::Element(_, e), "tech") => {
            let known = words.iter().map(|word| technology(knowledge, word)).collect::<Result<Vec<_>, _>>()?;
            e.tech = Some(sorted(known));
        }
        (Entry::Element(_, e), "owner") => e.owner = some()?,
        (Entry::Element(_, e), "runtime") => e.runtime = some()?,
        (Entry::Element(_, e), "stores") => e.stores = Some(assets()?),
        (Entry::Element(_, e), "processes") => e.processes = Some(assets()?),
        (Entry::Element(_, e), "boundary") => e.inside = boundary()?,
        (Entry::Flow(_, f), "carries") => f.carries = Some(assets()?),
        (Entry::Flow(_, f), "credential") => f.credential = some()?,
        (Entry::Boundary(_, b), "boundary") => b.inside = boundary()?,
        (Entry::Boundary(_, b), "kind") => b.kind = Some(word(BoundaryKind::parse(&text), &text)?),
        (Entry::Boundary(_, b), "clearance") => b.clearance = Some(word(Confidentiality::parse(&text), &text)?),
        (Entry::Boundary(_, b), "trust") => {
            let trust = text.parse::<u8>().ok().filter(|trust| *trust <= 100);
            b.trust = Some(trust.ok_or_else(|| format!("`{text}` is no whole number from 0 to 100"))?);
        }
        (Entry::Asset(_, a), "kind") => a.kind = Some(word(AssetKind::parse(&text), &text)?),
        (Entry::Asset(_, a), "confidentiality") => {
            a.confidentiality = Some(word(Confidentiality::parse(&text), &text)?);
        }
        (Entry::Asset(_, a), "integrity") => a.integrity = Some(word(Level::parse(&text), &text)?),
        (Entry::Asset(_, a), "availability") => a.availability = Some(word(Level::parse(&text), &text)?),
        _ => return Err("this is answered by completing the diagram".to_owned()),
    }
    Ok(Edit::put(entry))
}

fn word<T>(read: Option<T>, text: &str) -> Result<T, String> {
    read.ok_or_else(|| format!("`{text}` is none of the words"))
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words.dedup();
    words
}
