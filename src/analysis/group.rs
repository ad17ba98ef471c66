//! Open threats put together: by what would close them, or by where they are. Every threat is in exactly one group, and
//! what the same work closes at the same place for the same reason shares a row. Nothing is hidden and nothing changed.

mod fixes;

use super::row::{ThreatRow, categories};
use crate::model::{FactValue, Id, Provides, Severity, Stride, Thing, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::language::Linddun;
use fixes::assigned;
use std::collections::BTreeMap;

/// What threats are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The mitigation of the catalogue that closes them.
    Mitigation,
    /// What they are about.
    Element,
    /// The innermost boundary around that.
    Boundary,
    /// Their first STRIDE letter.
    Stride,
    /// The pack of their rule.
    Pack,
    /// Nothing: one group of all.
    None,
}

impl By {
    /// Each with its word, the usual one first.
    pub const WORDS: [&str; 6] = ["mitigation", "element", "boundary", "stride", "pack", "none"];

    /// Reads a word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Mitigation, Self::Element, Self::Boundary, Self::Stride, Self::Pack, Self::None];
        Self::WORDS.iter().position(|w| *w == word).map(|at| all[at])
    }

    /// The word.
    pub const fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// Threats that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'r> {
    /// The mitigation's id, the subject's, and so on; empty for what fits nowhere else.
    pub id: String,
    /// What stands above it.
    pub title: String,
    /// Its rows, in the order of the threats that they were made from.
    pub rows: Vec<Shared<'r>>,
}

/// A row: a threat, and others that the same work closes at the same place for the same reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared<'r> {
    /// The first of them.
    pub row: &'r ThreatRow,
    /// The others.
    pub also: Vec<&'r ThreatRow>,
}

impl<'r> Group<'r> {
    /// How many threats are in it.
    pub fn threats(&self) -> usize {
        self.rows.iter().map(|shared| 1 + shared.also.len()).sum()
    }

    /// The severity of the worst of them.
    pub fn worst(&self) -> Option<Severity> {
        self.all().filter_map(|row| row.severity).max()
    }

    /// All of its threats.
    pub fn all(&self) -> impl Iterator<Item = &'r ThreatRow> + '_ {
        self.rows.iter().flat_map(|shared| std::iter::once(shared.row).chain(shared.also.iter().copied()))
    }
}

/// Puts the open ones among some threats together. Groups by mitigation begin with what closes the most risk; others
/// come in the order in which their first threats came.
pub fn groups<'r>(rows: &[&'r ThreatRow], by: By, model: &ThreatModel, knowledge: &Knowledge) -> Vec<Group<'r>> {
    let open: Vec<&'r ThreatRow> = rows.iter().copied().filter(|row| row.is_open()).collect();
    let (fixes, order) = assigned(&open, model, knowledge);
    let mut groups: Vec<Group<'r>> = Vec::new();
    if by == By::Mitigation {
        let title = |fix: &&str| knowledge.mitigations.get(*fix).map_or_else(|| (*fix).to_owned(), |m| m.title.clone());
        let all = order.iter().map(|fix| Group { id: (*fix).to_owned(), title: title(fix), rows: Vec::new() });
        groups.extend(all);
    }
    let mut places: BTreeMap<String, usize> = groups.iter().enumerate().map(|(n, g)| (g.id.clone(), n)).collect();
    let mut shared = BTreeMap::new();
    for (row, fix) in open.into_iter().zip(fixes) {
        let (id, title) = place(row, fix, by, model);
        let at = *places.entry(id).or_insert_with_key(|id| {
            groups.push(Group { id: id.clone(), title, rows: Vec::new() });
            groups.len() - 1
        });
        let rows = &mut groups[at].rows;
        // To a person these are the same: about the same, of the same kind, and closed by the same work.
        let same = (at, &row.subject, &row.target, row.letters(), fix);
        if let Some(first) = shared.get(&same).filter(|_| by != By::None && fix.is_some()) {
            let first: &mut Shared<'r> = &mut rows[*first];
            first.also.push(row);
        } else {
            shared.insert(same, rows.len());
            rows.push(Shared { row, also: Vec::new() });
        }
    }
    // What no mitigation of the catalogue closes comes last.
    groups.sort_by_key(|group| by == By::Mitigation && group.id.is_empty());
    groups
}

/// The facts that following a record of the catalogue makes true where open threats ask for it, each with its places:
/// what the model's mitigation would provide. Empty where no open threat asks for it.
pub fn provided(fix: &str, rows: &[&ThreatRow], model: &ThreatModel, knowledge: &Knowledge) -> Vec<Provides> {
    let Some(record) = knowledge.mitigations.get(fix) else { return Vec::new() };
    let open: Vec<&ThreatRow> = rows.iter().copied().filter(|row| row.is_open()).collect();
    let places = fixes::places(fix, &open, model, knowledge);
    let at = |fact: &str, value: &FactValue| -> Vec<Id> {
        let takes = |id: &&Id| {
            let kind = model.thing(id).map(Thing::kind);
            let def = kind.and_then(|kind| knowledge.vocabulary.get(fact, kind));
            def.is_some_and(|def| def.accepts(value).is_ok())
        };
        places.iter().filter(takes).cloned().collect()
    };
    let facts = record.provides.iter().map(|(fact, value)| {
        let value = FactValue::text(value);
        Provides { fact: fact.clone(), on: at(fact, &value), value }
    });
    facts.filter(|provides| !provides.on.is_empty()).collect()
}

/// The group of a threat: its id and what stands above it.
fn place(row: &ThreatRow, fix: Option<&str>, by: By, model: &ThreatModel) -> (String, String) {
    let named = |id: &Id| (id.to_string(), model.name_of(id).to_owned());
    match by {
        By::Mitigation => {
            (fix.unwrap_or_default().to_owned(), "No mitigation of the catalogue closes these".to_owned())
        }
        By::Element => match &row.target {
            Some(target) => {
                let (from, to) = (named(&row.subject), named(target));
                (format!("{}>{}", from.0, to.0), format!("{} → {}", from.1, to.1))
            }
            None => match model.thing(&row.subject) {
                Some(Thing::Flow(flow)) => {
                    let end = |id: &Option<Id>| id.as_ref().map_or("?", |id| model.name_of(id)).to_owned();
                    let ends = format!("{} → {}", end(&flow.from), end(&flow.to));
                    let named = if flow.name.is_empty() { ends } else { format!("{} ({ends})", flow.name) };
                    (row.subject.to_string(), named)
                }
                _ => named(&row.subject),
            },
        },
        By::Boundary => {
            around(row, model).map_or_else(|| (String::new(), "In no boundary".to_owned()), |id| named(&id))
        }
        By::Stride => match (row.stride.first(), row.linddun.first()) {
            (Some(letter), _) => (letter.letter().to_string(), capital(Stride::title(*letter))),
            (None, Some(mark)) => (Linddun::mark(*mark).to_owned(), capital(&categories(&[], &[*mark]))),
            (None, None) => (String::new(), "No category".to_owned()),
        },
        By::Pack => {
            let pack = row.key.rule().split('.').next().unwrap_or_default();
            (pack.to_owned(), if row.key.is_own() { "Written by hand".to_owned() } else { format!("Pack {pack}") })
        }
        By::None => (String::new(), String::new()),
    }
}

/// The innermost boundary around what a threat is about; of a flow or a path, around where it ends.
fn around(row: &ThreatRow, model: &ThreatModel) -> Option<Id> {
    let mut at = row.target.clone().unwrap_or_else(|| row.subject.clone());
    if let Some(Thing::Flow(flow)) = model.thing(&at) {
        at = flow.to.clone().or_else(|| flow.from.clone())?;
    }
    match model.thing(&at)? {
        Thing::Element(element) => element.inside.clone(),
        Thing::Boundary(_) => Some(at),
        Thing::Flow(_) | Thing::Asset(_) => None,
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What a threat is raised as: its rule, with the asset or flow at hand where there is one.
pub fn raised_as(key: &ThreatKey) -> String {
    key.detail().map_or_else(|| key.rule().to_owned(), |detail| format!("{} ({detail})", key.rule()))
}
