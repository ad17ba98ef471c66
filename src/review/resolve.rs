//! Deciding what a merge left open, and making a merge again of a file that git's text merge broke. It asks nobody and
//! writes no file.

use super::git::{GitError, Repository, Stages};
use super::merge::merge_documents;
use crate::file::said::{self, Said};
use crate::file::{Document, Read, read};
use crate::model::{Conflict, Edit, Entry, Id, Place, ThreatModel, act};

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

/// Decides a conflict for a value as the file writes it; `None` takes the field or the entry out. The change also takes
/// the conflict off the list. The error says why the value does not go there.
pub fn decide(model: &ThreatModel, conflict: &Conflict, value: Option<&str>) -> Result<Edit, String> {
    let rest: Vec<Conflict> = model.conflicts.iter().filter(|c| *c != conflict).cloned().collect();
    let mut edits = change(model, conflict, value)?;
    edits.push(Edit::put(Entry::Conflicts(rest)));
    Ok(Edit::All(edits))
}

fn change(model: &ThreatModel, conflict: &Conflict, value: Option<&str>) -> Result<Vec<Edit>, String> {
    let place = Place::parse(&conflict.of).ok_or_else(|| format!("there is no place `{}` in a model", conflict.of))?;
    let parse = |text: &str| Said::read(text).ok_or_else(|| format!("{text} is not written as the file writes values"));
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
            Ok(if model.entry(&place).as_ref() == Some(&entry) { Vec::new() } else { vec![Edit::put(entry)] })
        }
        (Some(field), value) => {
            let before = model.entry(&place).ok_or_else(|| format!("{place} is not in the model any more"))?;
            let mut whole = said::said(&before);
            let told = value.as_ref().map_or_else(|| "nothing".to_owned(), Said::to_string);
            set(&mut whole, &place, field, value);
            let entry = said::entry(&place, &whole).ok_or_else(|| format!("{field} of {place} cannot be {told}"))?;
            Ok(if entry == before { Vec::new() } else { vec![Edit::put(entry)] })
        }
    }
}

/// Takes an entry out with everything that only makes sense with it.
fn take_out(model: &ThreatModel, place: &Place) -> Vec<Edit> {
    match place {
        Place::Boundary(id) | Place::Asset(id) | Place::Element(id) | Place::Flow(id) => {
            act::delete(model, id).map(|(_, edit)| edit).into_iter().collect()
        }
        Place::Mitigation(id) => {
            let of = model.threats.iter().filter(|(_, threat)| threat.mitigations.contains(id));
            let without = of.map(|(key, threat)| {
                let mut threat = threat.clone();
                threat.mitigations.retain(|other| other != id);
                Edit::put(Entry::Threat(key.clone(), threat))
            });
            without.chain([Edit::Remove(place.clone())]).collect()
        }
        Place::Threat(key) => {
            let of = model.assumptions.iter().filter(|(_, assumption)| assumption.supports.contains(key));
            let without = of.map(|(id, assumption)| {
                let mut assumption = assumption.clone();
                assumption.supports.retain(|other| other != key);
                Edit::put(Entry::Assumption(id.clone(), assumption))
            });
            without.chain([Edit::Remove(place.clone())]).collect()
        }
        _ if model.entry(place).is_some() => vec![Edit::Remove(place.clone())],
        _ => Vec::new(),
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

/// What came of merging three texts.
#[derive(Debug)]
pub enum Made {
    /// The merged document; its conflicts are in the model.
    Merged(Box<Document>),
    /// A side that cannot be read, and what is wrong with it.
    Unreadable(Side, Box<Read>),
}

/// Merges three texts. A base without text is a file that neither branch had before.
pub fn merge_texts(base: &str, ours: &str, theirs: &str) -> Made {
    let parse = |side: Side, text: &str| {
        if text.trim().is_empty() {
            return Ok(Document::new(ThreatModel::default()));
        }
        let mut read = read(text);
        // A file of a newer format is read without what this program does not know: merging would lose that.
        match read.document.take_if(|document| !document.read_only()) {
            Some(document) => Ok(document),
            None => Err(Made::Unreadable(side, Box::new(read))),
        }
    };
    let documents =
        parse(Side::Base, base).and_then(|b| Ok((b, parse(Side::Ours, ours)?, parse(Side::Theirs, theirs)?)));
    match documents {
        Ok((base, ours, theirs)) => Made::Merged(Box::new(merge_documents(&base, ours, &theirs))),
        Err(unreadable) => unreadable,
    }
}

/// The three sides of a file that a merge broke: from the index while the merge goes on, else from the parents of the
/// commit that merged it, if the file is still as that commit left it. `None` where there was no merge.
pub fn sides(repository: &Repository, path: &str, text: &str) -> Result<Option<Stages>, GitError> {
    if let Some(stages) = repository.stages(path)? {
        return Ok(Some(stages));
    }
    let Ok(other) = repository.commit("HEAD^2") else { return Ok(None) };
    // What somebody wrote since is not for a merge to take away.
    if repository.show("HEAD", path)? != Some(text.replace("\r\n", "\n")) {
        return Ok(None);
    }
    let ours = repository.commit("HEAD^1")?;
    let base = repository.merge_base(&ours, &other)?;
    let at = |commit: &str| repository.show(commit, path);
    let stages = Stages { base: at(&base)?, ours: at(&ours)?, theirs: at(&other)? };
    Ok((stages.ours.is_some() && stages.theirs.is_some()).then_some(stages))
}
