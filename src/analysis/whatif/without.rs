//! What a control holds up: the model without a mitigation, or with a fact at its weakest, evaluated and compared.
//! Nothing is written.

use super::survey::{Detail, surveyed};
use super::{Effect, Moved, Named};
use crate::analysis::{Analysis, ThreatRow, known};
use crate::model::graph::{Index, Nr};
use crate::model::resolve::{Known, Origin, Resolver};
use crate::model::{
    Date, Edit, ElementKind, Entry, FactDef, FactValue, Id, Mitigation, Place, Provides, StatusWord, ThreatKey,
    ThreatModel, Values, act,
};
use crate::rules::Knowledge;
use std::collections::{BTreeMap, BTreeSet};

/// A model without a control.
#[derive(Clone, Debug, PartialEq)]
pub struct Without {
    /// What was taken away.
    pub removed: Vec<Removal>,
    /// What it does to threats.
    pub effect: Effect,
    /// Mitigated before; after, the rule asks for a fact that it did not need before.
    pub unsettled: Vec<Moved>,
    /// Decisions of people that rest on facts which would be others then.
    pub doubtful: Vec<Moved>,
    /// Questions that nobody had to ask before: fact and subject.
    pub questions: Vec<(String, Named)>,
}

/// One control that was taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// Where it was.
    pub on: Named,
    /// The fact.
    pub fact: String,
    /// Its value before.
    pub was: String,
    /// Where that came from: `stated`, the mitigation, the boundary or the technology.
    pub from: String,
    /// Its value after; `None` when nothing is known then.
    pub now: Option<String>,
}

/// Looks what happens without `what`: a mitigation of the model or of the catalogue, or a fact; with `@` and an id
/// only there. The message says what is wrong with it.
pub fn without(model: &ThreatModel, knowledge: &Knowledge, today: Date, what: &str) -> Result<Without, String> {
    let edit = removal(model, knowledge, what)?;
    let mut changed = model.clone();
    edit.apply(&mut changed).map_err(|error| error.to_string())?;
    let before = surveyed(model, knowledge, today, Detail::Whole);
    let after = surveyed(&changed, knowledge, today, Detail::Whole);
    let (was, now) = (Analysis::of(model, knowledge, today), Analysis::of(&changed, knowledge, today));
    Ok(Without {
        removed: removed(model, &changed, knowledge),
        effect: Effect::between(model, &before, &after),
        unsettled: unsettled(&was, |key| after.asks_anew(&before, key)),
        doubtful: doubtful(&was, &now),
        questions: questions(model, &was, &now),
    })
}

/// Threats that are mitigated, and would be questions.
fn unsettled(was: &Analysis, is_asked: impl Fn(&ThreatKey) -> bool) -> Vec<Moved> {
    let held = was.threats.iter().filter(|row| row.status.word() == StatusWord::Mitigated && is_asked(&row.key));
    held.map(|row| Moved {
        key: row.key.clone(),
        id: row.id.clone(),
        title: row.title.clone(),
        severity: row.severity,
        before: 0,
        after: 0,
    })
    .collect()
}

/// Decisions that hold now and would rest on other facts.
fn doubtful(was: &Analysis, now: &Analysis) -> Vec<Moved> {
    let fresh: BTreeSet<_> = was.threats.iter().filter(|row| !row.stale).map(|row| &row.key).collect();
    let doubtful = now.threats.iter().filter(|row| row.stale && fresh.contains(&row.key));
    let risk = |row: &ThreatRow| row.risk.map_or(0, |(likelihood, impact)| u32::from(likelihood) * u32::from(impact));
    doubtful
        .map(|row| Moved {
            key: row.key.clone(),
            id: row.id.clone(),
            title: row.title.clone(),
            severity: row.severity,
            before: was.threats.iter().find(|r| r.key == row.key).map_or(0, risk),
            after: risk(row),
        })
        .collect()
}

fn questions(model: &ThreatModel, was: &Analysis, now: &Analysis) -> Vec<(String, Named)> {
    let all = |analysis: &Analysis| -> BTreeSet<(String, Id)> {
        let one = |q: &crate::analysis::Question| q.subjects.iter().map(|s| (q.fact.clone(), s.id.clone())).collect();
        analysis.questions.iter().flat_map(|q| -> Vec<(String, Id)> { one(q) }).collect()
    };
    let before = all(was);
    let fresh = all(now).into_iter().filter(|asked| !before.contains(asked));
    fresh.map(|(fact, id)| (fact, Named::of(model, &id))).collect()
}

/// The facts that are others.
fn removed(model: &ThreatModel, changed: &ThreatModel, knowledge: &Knowledge) -> Vec<Removal> {
    let (index, after) = (Index::new(model), Index::new(changed));
    let resolver = Resolver::new(&index, &knowledge.vocabulary, &knowledge.technologies);
    let without = Resolver::new(&after, &knowledge.vocabulary, &knowledge.technologies);
    let mut facts: BTreeSet<&str> =
        model.mitigations.values().flat_map(|m| &m.provides).map(|p| p.fact.as_str()).collect();
    facts.extend(model.things().flat_map(|(_, thing)| thing.facts().keys()).map(String::as_str));
    facts.extend(knowledge.technologies.iter().flat_map(|tech| tech.facts.keys()).map(String::as_str));
    let mut removed = Vec::new();
    for nr in 0..index.system() {
        for fact in &facts {
            let (was, now) = (resolver.get(fact, nr), without.get(fact, nr));
            let Some((known, origin)) = was else { continue };
            let now = now.map(|(known, _)| known.to_string());
            if now.as_ref() != Some(&known.to_string()) {
                removed.push(Removal {
                    on: Named::of(model, index.id(nr)),
                    fact: (*fact).to_owned(),
                    was: known.to_string(),
                    from: match origin {
                        Origin::Stated => "stated".to_owned(),
                        Origin::Mitigation(id) => id.to_string(),
                        Origin::Boundary(id) => model.name_of(id).to_owned(),
                        Origin::Technology(tech) => tech.to_owned(),
                    },
                    now,
                });
            }
        }
    }
    removed
}

/// The edit that takes a control away.
fn removal(model: &ThreatModel, knowledge: &Knowledge, what: &str) -> Result<Edit, String> {
    let (name, at) = what.split_once('@').map_or((what, None), |(name, at)| (name, Some(at)));
    let at = at.map(|at| place(model, at)).transpose()?;
    let work: Vec<(&Id, &Mitigation)> =
        model.mitigations.iter().filter(|(id, m)| id.as_str() == name || m.catalog.as_deref() == Some(name)).collect();
    if !work.is_empty() {
        let mut edit = mitigation(model, &work, name, at.as_ref())?;
        let done = work.iter().filter(|(_, m)| m.status.counts());
        let gone = done.flat_map(|(_, m)| &m.provides).filter(|p| at.as_ref().is_none_or(|at| p.on.contains(at)));
        edit = bare(model, knowledge, edit, &gone.collect::<Vec<_>>());
        return Ok(edit);
    }
    if knowledge.mitigations.contains_key(name) {
        return Err(format!("no mitigation of the model follows `{name}`, so that nothing rests on it"));
    }
    if knowledge.vocabulary.all_of(name).is_empty() {
        return Err(unknown(model, knowledge, name, at.as_ref()));
    }
    fact(model, knowledge, name, at.as_ref())
}

/// The id of an element, flow or boundary.
fn place(model: &ThreatModel, text: &str) -> Result<Id, String> {
    let found = model.things().find(|(id, thing)| id.as_str() == text || thing.name() == text);
    found.map(|(id, _)| id.clone()).ok_or_else(|| super::net::nothing(model, text))
}

/// Takes mitigations away that count, or what they do at one place.
fn mitigation(model: &ThreatModel, work: &[(&Id, &Mitigation)], name: &str, at: Option<&Id>) -> Result<Edit, String> {
    let done: Vec<_> = work.iter().filter(|(_, m)| m.status.counts()).collect();
    if let ([], [(id, first), ..]) = (&done[..], work) {
        let status = first.status.name().to_lowercase();
        return Err(format!(
            "the mitigation `{id}` is {status}: it counts from implemented on, so that nothing rests on it yet"
        ));
    }
    let Some(at) = at else {
        return Ok(Edit::All(done.into_iter().map(|(id, _)| Edit::Remove(Place::Mitigation((*id).clone()))).collect()));
    };
    let here = |p: &Provides| p.on.contains(at);
    let edits: Vec<Edit> = (done.iter())
        .filter(|(_, m)| m.provides.iter().any(here))
        .map(|(id, m)| Edit::put(Entry::Mitigation((*id).clone(), elsewhere(m, None, at))))
        .collect();
    if edits.is_empty() {
        let on: BTreeSet<&str> =
            done.iter().flat_map(|(_, m)| &m.provides).flat_map(|p| &p.on).map(Id::as_str).collect();
        let on = on.into_iter().collect::<Vec<_>>().join(", ");
        return Err(format!("`{name}` does nothing at `{at}` ({}); it works on {on}", model.name_of(at)));
    }
    Ok(Edit::All(edits))
}

/// The same edit; and where nothing else is known of what was provided, it is not there.
fn bare(model: &ThreatModel, knowledge: &Knowledge, edit: Edit, gone: &[&Provides]) -> Edit {
    let mut changed = model.clone();
    if edit.clone().apply(&mut changed).is_err() {
        return edit;
    }
    let index = Index::new(&changed);
    let resolver = Resolver::new(&index, &knowledge.vocabulary, &knowledge.technologies);
    let mut edits = vec![edit];
    let mut after = changed.clone();
    for (provides, nr) in gone.iter().flat_map(|p| p.on.iter().filter_map(|id| index.nr(id)).map(move |nr| (p, nr))) {
        let known = resolver.get(&provides.fact, nr).is_some();
        let Some(least) = weakest(knowledge, &resolver, &provides.fact, nr).filter(|_| !known) else { continue };
        // Each edit puts the whole entry, so that the next is made from the model that the one before leaves.
        if let Some(edit) = act::set_fact(&after, index.id(nr), &provides.fact, Some(FactValue::text(&least)))
            && edit.clone().apply(&mut after).is_ok()
        {
            edits.push(edit);
        }
    }
    Edit::All(edits)
}

/// A mitigation without what it does at a place; `fact` only that of it.
fn elsewhere(work: &Mitigation, fact: Option<&str>, at: &Id) -> Mitigation {
    let mut work = work.clone();
    for provides in work.provides.iter_mut().filter(|p| fact.is_none_or(|fact| p.fact == fact)) {
        provides.on.retain(|id| id != at);
    }
    work.provides.retain(|p| !p.on.is_empty());
    work
}

/// Takes a fact to its weakest value, at one place or wherever it is stronger.
fn fact(model: &ThreatModel, knowledge: &Knowledge, name: &str, at: Option<&Id>) -> Result<Edit, String> {
    let index = Index::new(model);
    let resolver = Resolver::new(&index, &knowledge.vocabulary, &knowledge.technologies);
    let nrs: Vec<Nr> = match at {
        Some(at) => index.nr(at).into_iter().collect(),
        None => (0..index.system()).collect(),
    };
    let mut weaker: BTreeMap<Nr, FactValue> = BTreeMap::new();
    for nr in nrs {
        if let (Some((Known::Word(word), _)), Some(least)) =
            (resolver.get(name, nr), weakest(knowledge, &resolver, name, nr))
            && *word != *least
        {
            weaker.insert(nr, FactValue::text(&least));
        }
    }
    if weaker.is_empty() {
        return Err(nothing_to_remove(model, &resolver, knowledge, name, at));
    }
    let mut changed = model.clone();
    let mut edits = Vec::new();
    for (nr, value) in weaker {
        let id = index.id(nr);
        let provided =
            |m: &Mitigation| m.status.counts() && m.provides.iter().any(|p| p.fact == name && p.on.contains(id));
        let providers: Vec<Id> =
            changed.mitigations.iter().filter(|(_, m)| provided(m)).map(|(id, _)| id.clone()).collect();
        for provider in providers {
            let less = elsewhere(&changed.mitigations[&provider], Some(name), id);
            edits.push(Edit::put(Entry::Mitigation(provider.clone(), less.clone())));
            changed.mitigations.insert(provider, less);
        }
        edits.extend(act::set_fact(model, id, name, Some(value)));
    }
    Ok(Edit::All(edits))
}

/// The weakest value of a fact that has an order, or that begins with "none".
fn weakest(knowledge: &Knowledge, resolver: &Resolver<'_>, fact: &str, nr: Nr) -> Option<String> {
    let def = resolver.def(fact, nr).or_else(|| knowledge.vocabulary.all_of(fact).first())?;
    weakest_of(def)
}

fn weakest_of(def: &FactDef) -> Option<String> {
    let words = def.words();
    let ordered = matches!(def.values, Values::Control | Values::YesNo | Values::Ordered(_));
    words.first().filter(|first| ordered || **first == "none").map(|first| (*first).to_owned())
}

fn nothing_to_remove(
    model: &ThreatModel,
    resolver: &Resolver<'_>,
    knowledge: &Knowledge,
    name: &str,
    at: Option<&Id>,
) -> String {
    if knowledge.vocabulary.all_of(name).iter().all(|def| weakest_of(def).is_none()) {
        return format!(
            "`{name}` is no control: its values have no order from weak to strong, so it cannot be taken away"
        );
    }
    let Some((at, nr)) = at.and_then(|at| Some((at, resolver.index.nr(at)?))) else {
        return format!("nothing in the model has `{name}`, so that nothing rests on it");
    };
    let said = match resolver.get(name, nr) {
        None if !resolver.applies(name, nr) => format!("cannot be said of {}", resolver.index.kind(nr).title()),
        None => "is not known there".to_owned(),
        Some((known, _)) => format!("is {known} there"),
    };
    let holds = |fact: &&str| {
        let strong = |least: String| !matches!(resolver.get(fact, nr), Some((Known::Word(w), _)) if *w == *least);
        resolver.get(fact, nr).is_some() && resolver.def(fact, nr).and_then(weakest_of).is_some_and(strong)
    };
    let facts: BTreeSet<&str> = knowledge.vocabulary.on(resolver.index.kind(nr)).map(|d| d.name.as_str()).collect();
    let has: Vec<&str> = facts.into_iter().filter(holds).collect();
    let has = if has.is_empty() { String::new() } else { format!("\nwhat {at} has: {}", has.join(", ")) };
    format!("there is nothing to take away: `{name}` {said} ({}){has}", model.name_of(at))
}

/// Neither a mitigation nor a fact.
fn unknown(model: &ThreatModel, knowledge: &Knowledge, name: &str, at: Option<&Id>) -> String {
    let facts: BTreeSet<&str> = knowledge.vocabulary.iter().map(|def| def.name.as_str()).collect();
    let names = model.mitigations.keys().map(Id::as_str).chain(facts);
    let names = names.chain(knowledge.mitigations.keys().map(String::as_str));
    let at = at.map(|at| format!("@{at}")).unwrap_or_default();
    match known::meant(name, names) {
        Some(best) => format!("`{name}` is neither a mitigation of the model nor a fact; did you mean `{best}{at}`?"),
        None => format!(
            "`{name}` is neither a mitigation of the model nor a fact\n\
             write the id of a mitigation, or a fact and where it is, such as authn@{}",
            model.elements.iter().find(|(_, e)| e.kind == ElementKind::Process).map_or("web", |(id, _)| id.as_str())
        ),
    }
}
