//! All rules, by pack. A pack is read when somebody first asks for one of its rules, so that packs which no model uses
//! cost nothing. What a rule says about a model is not known here.

use super::language::Rule;
use crate::file::data;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// All rules, those that are built in and those that were added.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    packs: BTreeMap<String, Pack>,
}

/// The rules of one pack: texts, and what was read from them.
#[derive(Clone, Debug, Default)]
struct Pack {
    texts: Vec<(&'static str, &'static str)>,
    read: OnceLock<Read>,
}

#[derive(Clone, Debug, Default)]
struct Read {
    rules: BTreeMap<String, Rule>,
    problems: Vec<String>,
}

impl Read {
    fn add(&mut self, id: &str, text: &str) {
        match data::read::<Rule>(text, id) {
            Ok(rule) if rule.id == id => {
                self.rules.insert(rule.id.clone(), rule);
            }
            Ok(rule) => self.problems.push(format!("{id}: the file holds the rule `{}`", rule.id)),
            Err(why) => self.problems.push(why.message),
        }
    }
}

impl Pack {
    fn read(&self) -> &Read {
        self.read.get_or_init(|| {
            let mut read = Read::default();
            for (id, text) in &self.texts {
                read.add(id, &without_examples(text));
            }
            read
        })
    }

    fn change(&mut self) -> &mut Read {
        self.read();
        self.read.get_mut().unwrap_or_else(|| unreachable!("it was just read"))
    }
}

impl Catalogue {
    /// A catalogue of texts that are built in, each with its id. Their examples are left out.
    pub(super) fn new(texts: &[(&'static str, &'static str)]) -> Self {
        let mut all = Self::default();
        for (id, text) in texts {
            all.packs.entry(pack(id).to_owned()).or_default().texts.push((id, text));
        }
        all
    }

    /// Reads a rule and adds it, in the place of one with the same id; what is wrong goes to `problems`.
    pub fn add(&mut self, id: &str, text: &str) {
        self.packs.entry(pack(id).to_owned()).or_default().change().add(id, text);
    }

    /// A rule by its id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.packs.get(pack(id))?.read().rules.get(id)
    }

    /// A rule by its id, with its examples.
    pub fn whole(&self, id: &str) -> Option<Rule> {
        let rule = self.get(id)?;
        let text = self.packs.get(pack(id)).and_then(|pack| pack.texts.iter().find(|(known, _)| *known == id));
        match text {
            // What was added has its examples; what is built in was read without them.
            Some((_, text)) if rule.examples.is_empty() => data::read(text, id).ok(),
            _ => Some(rule.clone()),
        }
    }

    /// The rules of one pack, by id.
    pub fn of(&self, pack: &str) -> impl Iterator<Item = &Rule> {
        self.packs.get(pack).into_iter().flat_map(|pack| pack.read().rules.values())
    }

    /// All rules, by pack and id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.packs.values().flat_map(|pack| pack.read().rules.values())
    }

    /// All rules, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Rule> {
        self.packs.values_mut().flat_map(|pack| pack.change().rules.values_mut())
    }

    /// Names of all packs.
    pub fn packs(&self) -> impl Iterator<Item = &str> {
        self.packs.keys().map(String::as_str)
    }

    /// What could not be read. Empty for what is built in: a test says so.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.packs.values().flat_map(|pack| pack.read().problems.iter().map(String::as_str))
    }
}

/// What the packs are about that are built in.
const ABOUT: &[(&str, &str)] = &[
    ("ai", "models and agents that follow prompts"),
    ("ci", "builds, pipelines and what software is made of"),
    ("cloud", "accounts and services of cloud providers"),
    ("core", "every system, whatever it is made of"),
    ("id", "logins, sessions and secrets"),
    ("iot", "devices, vehicles and machines"),
    ("k8s", "containers and Kubernetes"),
    ("mobile", "apps on phones"),
    ("msg", "queues, streams and webhooks"),
    ("priv", "the people whom data is about"),
    ("store", "databases, files and backups"),
    ("web", "web applications and APIs"),
];

/// What a pack is about; `None` of those that a team added.
pub fn about(pack: &str) -> Option<&'static str> {
    ABOUT.iter().find(|(name, _)| *name == pack).map(|(_, about)| *about)
}

/// The pack in an id.
pub(super) fn pack(id: &str) -> &str {
    id.split('.').next().unwrap_or_default()
}

/// The text of a rule up to its examples, which are the last field of every file.
fn without_examples(text: &str) -> Cow<'_, str> {
    match text.split_once("\n    examples: [") {
        Some((rule, _)) => Cow::Owned(format!("{rule}\n)")),
        None => Cow::Borrowed(text),
    }
}
