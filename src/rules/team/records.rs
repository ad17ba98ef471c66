//! A team's own facts, technologies and mitigations: laid over the built-in ones, never in their place.

use super::{Reader, in_file, place};
use crate::diagnostic::{Diagnostic, Span};
use crate::file::team::Text;
use crate::model::resolve::is_field;
use crate::model::{FactDef, FactValue, Technologies, Technology, Values, Vocabulary};
use crate::rules::MitigationRecord;

/// Names in use.
const TAKEN: &str = "give yours another name";

impl Reader<'_> {
    fn wrong(&mut self, text: &Text, at: (Span, &str), message: impl Into<String>, help: &str) {
        self.error(text, "bad-record", place(&text.text, at.0, at.1), message, help);
    }

    fn taken(&mut self, text: &Text, at: (Span, &str), message: impl Into<String>) {
        self.error(text, "taken", place(&text.text, at.0, at.1), message, TAKEN);
    }

    pub(super) fn facts(&mut self, text: &Text) {
        let mut all: Vec<FactDef> = self.knowledge.vocabulary.iter().cloned().collect();
        for (at, def) in self.list::<FactDef>(text) {
            let at = (at, def.name.as_str());
            let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            let clash =
                |kind| all.iter().any(|d| d.name == def.name && d.on.contains(&kind)) || is_field(&def.name, kind);
            if def.name.is_empty() || !def.name.bytes().all(word) {
                let message = format!("`{}` is not the name of a fact", def.name);
                self.wrong(text, at, message, "a fact is named in small letters, digits and _, such as on_call");
            } else if let Some(kind) = def.on.iter().copied().find(|kind| clash(*kind)) {
                let message = format!("there is a fact or field `{}` on {kind} already", def.name);
                self.taken(text, at, message);
            } else if def.on.is_empty() {
                self.wrong(text, at, "`on` is empty", "say what it is about, such as on: [Process]");
            } else if def.meaning.trim().is_empty() || def.question.trim().is_empty() {
                let help = "say in a sentence what it means, and how a person is asked for it";
                self.wrong(text, at, "`meaning` or `question` is empty", help);
            } else if def.words().is_empty() && !matches!(def.values, Values::Number | Values::Text) {
                self.wrong(text, at, "it has no values", "list the words it can be");
            } else {
                all.push(def);
            }
        }
        match Vocabulary::new(all) {
            Ok(vocabulary) => self.knowledge.vocabulary = vocabulary,
            Err(why) => self.wrong(text, (Span::default(), ""), why, TAKEN),
        }
    }

    pub(super) fn technologies(&mut self, text: &Text) {
        let list = self.list::<Technology>(text);
        let ids: Vec<String> = list.iter().map(|(_, tech)| tech.id.clone()).collect();
        let mut all: Vec<Technology> = self.knowledge.technologies.iter().cloned().collect();
        for (at, tech) in list {
            let at = (at, tech.id.as_str());
            let parent = tech.is.iter().find(|is| !ids.contains(is) && all.iter().all(|t| t.id != **is));
            if !is_kebab(&tech.id) {
                let message = format!("`{}` is not the id of a technology", tech.id);
                self.wrong(text, at, message, "an id has small letters, digits and hyphens, such as acme-gateway");
            } else if all.iter().any(|t| t.id == tech.id) {
                self.taken(text, at, format!("there is a technology `{}` already", tech.id));
            } else if let Some(parent) = parent {
                let message = format!("`{}` is a `{parent}`, which does not exist", tech.id);
                self.wrong(text, (at.0, parent), message, "name a technology that exists, or add that one too");
            } else {
                all.push(tech);
            }
        }
        // What was wrong with a technology has been said.
        if let Ok(technologies) = Technologies::new(all) {
            self.knowledge.technologies = technologies;
        }
    }

    pub(super) fn mitigations(&mut self, text: &Text) {
        for (at, record) in self.list::<MitigationRecord>(text) {
            let at = (at, record.id.as_str());
            if !record.id.strip_prefix("mit.").is_some_and(is_kebab) {
                let message = format!("`{}` is not the id of a mitigation", record.id);
                self.wrong(text, at, message, "write mit. and a name, such as mit.acme-edge");
            } else if self.knowledge.mitigations.contains_key(&record.id) {
                self.taken(text, at, format!("there is a mitigation `{}` already", record.id));
            } else if record.title.trim().is_empty() || record.how.trim().is_empty() {
                self.wrong(text, at, "`title` or `how` is empty", "say what to do, and how");
            } else {
                self.knowledge.mitigations.insert(record.id.clone(), record);
            }
        }
    }

    /// Looks at the facts that technologies and mitigations state, once all facts are known.
    pub(super) fn stated(&mut self, text: &Text) {
        let mut wrong = Vec::new();
        match text.stem.as_str() {
            "technologies" => {
                for (at, tech) in self.list::<Technology>(text) {
                    wrong.extend(tech.facts.iter().filter_map(|(f, v)| Some((at, f.clone(), self.unsayable(f, v)?))));
                }
            }
            "mitigations" => {
                for (at, record) in self.list::<MitigationRecord>(text) {
                    let provides = record.provides.iter();
                    wrong.extend(provides.filter_map(|(f, v)| Some((at, f.clone(), self.unsayable(f, v)?))));
                }
            }
            _ => {}
        }
        for (at, fact, why) in wrong {
            let diagnostic = Diagnostic::error("bad-record", place(&text.text, at, &fact), why)
                .help("name a fact and a value of the vocabulary, or add the fact to vocabulary.ron");
            self.found.push(in_file(text, diagnostic));
        }
    }

    /// Why a fact cannot have a value; `None` when it can.
    fn unsayable(&self, fact: &str, value: &str) -> Option<String> {
        let defs = self.knowledge.vocabulary.all_of(fact);
        if Vocabulary::is_free(fact) {
            return None;
        }
        if defs.is_empty() {
            return Some(format!("fact `{fact}` does not exist"));
        }
        let one = FactValue::text(value);
        let some = FactValue::List(vec![value.to_owned()]);
        let can = defs.iter().any(|d| d.accepts(&one).is_ok() || d.accepts(&some).is_ok());
        (!can).then(|| format!("fact `{fact}` can never be `{value}`"))
    }
}

/// Whether a text is written as ids are.
fn is_kebab(id: &str) -> bool {
    crate::model::Id::new(id).is_ok()
}
