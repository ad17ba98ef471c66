//! Facts: each is in the vocabulary, is about that kind of thing, and says what it can say; what an implemented
//! mitigation provides does not contradict what is declared. Whether a fact is good or bad is for rules.

use std::collections::BTreeMap;

use super::{Check, at, section_of};
use crate::diagnostic::{At, Diagnostic};
use crate::model::{FactDef, FactValue, Id, Mitigation, Provides, SubjectKind, Vocabulary};

impl<'m> Check<'m> {
    pub(super) fn facts(&mut self) {
        for (id, thing) in self.model.things() {
            let before = self.found.len();
            for (name, value) in thing.facts() {
                if self.is_enough(before) {
                    break;
                }
                let path = [section_of(thing), id.as_str(), "facts", name];
                self.fact(&|| [At::name(&path), at(&path)], (name, value), thing.kind());
            }
        }
        let mut earlier: BTreeMap<(&Id, &str), (&Id, &FactValue)> = BTreeMap::new();
        for (id, mitigation) in &self.model.mitigations {
            let before = self.found.len();
            for (n, provides) in mitigation.provides.iter().enumerate() {
                if self.is_enough(before) {
                    break;
                }
                self.provides(id, mitigation, (n, provides), &mut earlier);
            }
        }
    }

    /// Checks one fact: its name, which stands at the first of the places, and its value, at the second. Places are
    /// only made for what is wrong.
    fn fact(&mut self, places: &dyn Fn() -> [At; 2], (name, value): (&str, &FactValue), kind: SubjectKind) {
        if Vocabulary::is_free(name) {
            return;
        }
        let vocabulary = self.vocabulary;
        let defs = self.defs.get(name).copied().unwrap_or_default();
        match definition(defs, kind, value) {
            Some(def) => {
                if let Err(message) = def.accepts(value) {
                    let words = def.words();
                    let help = match value {
                        FactValue::Text(word) => {
                            self.meant(word, words.iter().copied()).map(|best| format!("did you mean `{best}`?"))
                        }
                        _ => None,
                    };
                    let [_, said] = places();
                    let error = Diagnostic::error("bad-fact-value", said, format!("`{name}`: {message}"));
                    self.found.push(error.help(help.unwrap_or_else(|| def.meaning.clone())));
                }
            }
            None if defs.is_empty() => {
                let inherited = if kind == SubjectKind::Boundary { &MEMBERS[..] } else { &[] };
                let kinds = std::iter::once(kind).chain(inherited.iter().copied());
                let known = kinds.flat_map(|kind| vocabulary.on(kind)).map(|def| def.name.as_str());
                let help = match self.meant(name, known) {
                    Some(best) => format!("did you mean `{best}`?"),
                    None => format!("a fact of your own is written x.{name}"),
                };
                let [named, _] = places();
                let error = Diagnostic::error("unknown-fact", named, format!("there is no fact `{name}`"));
                self.found.push(error.help(help));
            }
            None => {
                let kinds: Vec<&str> = defs.iter().flat_map(|d| &d.on).map(|k| k.name()).collect();
                let message = format!("the fact `{name}` is not about {}", kind.name());
                let [named, _] = places();
                let error = Diagnostic::error("fact-not-here", named, message);
                self.found.push(error.help(format!("it is about {}", kinds.join(", "))));
            }
        }
    }

    fn provides(
        &mut self,
        id: &'m Id,
        mitigation: &'m Mitigation,
        (n, provides): (usize, &'m Provides),
        earlier: &mut BTreeMap<(&'m Id, &'m str), (&'m Id, &'m FactValue)>,
    ) {
        let n = n.to_string();
        let path = ["mitigations", id.as_str(), "provides", &n];
        let before = self.found.len();
        for subject in &provides.on {
            let Some(thing) = self.model.thing(subject) else { continue };
            if self.found.len() == before {
                let places = || ["fact", "value"].map(|field| at(&[path[0], path[1], path[2], path[3], field]));
                self.fact(&places, (&provides.fact, &provides.value), thing.kind());
            }
            if !mitigation.status.counts() {
                continue;
            }
            let declared = thing.facts().get(&provides.fact);
            if let Some(declared) = declared.filter(|declared| **declared != provides.value) {
                let message = format!(
                    "`{id}` is {} and provides `{}` as {} on `{subject}`, which declares {declared}",
                    mitigation.status, provides.fact, provides.value
                );
                let place = at(&[section_of(thing), subject.as_str(), "facts", &provides.fact]);
                let warning = Diagnostic::warning("contradiction", place, message)
                    .label(at(&[path[0], path[1], path[2], path[3], "fact"]), "provided here");
                self.found.push(warning.help("what the mitigation provides counts; delete the declared fact"));
            }
            let first = earlier.insert((subject, &provides.fact), (id, &provides.value));
            if let Some((other, value)) = first.filter(|(_, value)| **value != provides.value) {
                let message = format!(
                    "`{other}` provides `{}` as {value} on `{subject}`, `{id}` as {}",
                    provides.fact, provides.value
                );
                let path = [path[0], path[1], path[2], path[3], "fact"];
                self.warning("contradiction", &path, message, "keep one of them");
            }
        }
    }
}

/// What a boundary has inside it, and so may say facts about.
const MEMBERS: [SubjectKind; 4] =
    [SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore, SubjectKind::Flow];

/// The entry that a fact is held against. What a boundary says may be about its members: they inherit it.
fn definition<'v>(defs: &'v [FactDef], kind: SubjectKind, value: &FactValue) -> Option<&'v FactDef> {
    let own = defs.iter().find(|def| def.on.contains(&kind));
    if own.is_some() || kind != SubjectKind::Boundary {
        return own;
    }
    let mut inherited = defs.iter().filter(|def| def.on.iter().any(|kind| MEMBERS.contains(kind)));
    let fitting = inherited.clone().find(|def| def.accepts(value).is_ok());
    fitting.or_else(|| inherited.next())
}
