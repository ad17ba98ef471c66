//! Facts and the vocabulary they are checked against. A fact that is not stated is unknown, never absent.
//! The vocabulary is data (`assets/vocabulary.ron`, `assets/technologies.ron`); no fact is named in this file.

use super::word::words;
use std::collections::BTreeMap;

/// Facts by name.
pub type Facts = BTreeMap<String, FactValue>;

/// What is known: a word, several words, or that the question makes no sense here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactValue {
    /// One value of the vocabulary.
    Text(String),
    /// Several values, sorted.
    List(Vec<String>),
    /// The question does not apply, with the reason.
    NotApplicable(String),
}

impl FactValue {
    /// A single word.
    pub fn text(word: &str) -> Self {
        Self::Text(word.to_owned())
    }
}

impl std::fmt::Display for FactValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(t) => f.write_str(t),
            Self::List(l) if l.is_empty() => f.write_str("none"),
            Self::List(l) => f.write_str(&l.join(", ")),
            Self::NotApplicable(reason) => write!(f, "n/a: {reason}"),
        }
    }
}

words! {
    /// Kinds of subjects a fact can be about.
    SubjectKind {
        /// A person or system outside our control.
        ExternalEntity,
        /// Code that runs.
        Process,
        /// Where data rests.
        DataStore,
        /// Data on its way.
        Flow,
        /// A trust boundary.
        Boundary,
        /// A class of data.
        Asset,
        /// The whole model.
        System,
    }
}

impl SubjectKind {
    /// The name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ExternalEntity => "external entity",
            Self::Process => "process",
            Self::DataStore => "data store",
            Self::Flow => "data flow",
            Self::Boundary => "trust boundary",
            Self::Asset => "asset",
            Self::System => "system",
        }
    }
}

/// The values a fact can have.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Values {
    /// A control: absent, partial or present, in this order of strength.
    Control,
    /// No or yes.
    YesNo,
    /// One of these, in no order.
    OneOf(Vec<String>),
    /// One of these, least first, so that rules can say "at least".
    Ordered(Vec<String>),
    /// Any number of these.
    SomeOf(Vec<String>),
    /// A whole number, such as days.
    Number,
    /// Any text.
    Text,
}

/// One entry of the vocabulary. A name may have entries for several kinds with different values.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactDef {
    /// The name in snake_case.
    pub name: String,
    /// What it is called in sentences, where the name does not read as English: a noun with its article; of a yes or
    /// no what the subject is or does when it is yes, such as "is read-only".
    #[serde(default)]
    pub title: Option<String>,
    /// Kinds of subjects it is about.
    pub on: Vec<SubjectKind>,
    /// What it can say.
    pub values: Values,
    /// What it means, in one sentence.
    pub meaning: String,
    /// What to ask a person.
    pub question: String,
    /// Whether its value should not leave the model (trackers, public reports).
    #[serde(default)]
    pub sensitive: bool,
}

impl FactDef {
    /// The words it can have, in order of strength where there is one; empty where any text or number goes.
    pub fn words(&self) -> Vec<&str> {
        match &self.values {
            Values::Control => vec!["absent", "partial", "present"],
            Values::YesNo => vec!["no", "yes"],
            Values::OneOf(w) | Values::Ordered(w) | Values::SomeOf(w) => w.iter().map(String::as_str).collect(),
            Values::Number | Values::Text => Vec::new(),
        }
    }

    /// The place of a word on the fact's scale; `None` where it has no scale or not this word.
    pub fn rank(&self, word: &str) -> Option<usize> {
        match self.values {
            Values::Control | Values::YesNo | Values::Ordered(_) => self.words().iter().position(|w| *w == word),
            Values::Number => word.parse().ok(),
            _ => None,
        }
    }

    /// Whether the value can be said of this fact; the message says why not.
    pub fn accepts(&self, value: &FactValue) -> Result<(), String> {
        let known = |word: &str| {
            // Nearly every fact is right, so no list is made to find that out.
            let is_right = match &self.values {
                Values::Control => ["absent", "partial", "present"].contains(&word),
                Values::YesNo => ["no", "yes"].contains(&word),
                Values::OneOf(w) | Values::Ordered(w) | Values::SomeOf(w) => w.iter().any(|w| w == word),
                Values::Number | Values::Text => false,
            };
            if is_right {
                return Ok(());
            }
            let words = self.words();
            match self.values {
                Values::Text => Ok(()),
                Values::Number if word.parse::<u64>().is_ok() => Ok(()),
                Values::Number => Err(format!("`{word}` is not a whole number")),
                _ => Err(format!("`{word}` is not one of {}", words.join(", "))),
            }
        };
        match (value, &self.values) {
            (FactValue::NotApplicable(reason), _) if reason.trim().is_empty() => Err("`na` needs a reason".to_owned()),
            (FactValue::NotApplicable(_), _) => Ok(()),
            (FactValue::Text(_), Values::SomeOf(_)) => Err("a list is expected, such as [\"json\"]".to_owned()),
            (FactValue::Text(word), _) => known(word),
            (FactValue::List(words), Values::SomeOf(_) | Values::Text) => words.iter().try_for_each(|w| known(w)),
            (FactValue::List(_), _) => Err("a single value is expected, not a list".to_owned()),
        }
    }
}

/// All facts that can be stated.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Vocabulary {
    defs: BTreeMap<String, Vec<FactDef>>,
}

impl Vocabulary {
    /// Collects entries. Entries of one name for one kind must not overlap; the message names those that do.
    pub fn new(defs: impl IntoIterator<Item = FactDef>) -> Result<Self, String> {
        let mut all: BTreeMap<String, Vec<FactDef>> = BTreeMap::new();
        for def in defs {
            let same = all.entry(def.name.clone()).or_default();
            if let Some(kind) = def.on.iter().find(|k| same.iter().any(|d| d.on.contains(k))) {
                return Err(format!("`{}` is defined twice for {kind}", def.name));
            }
            same.push(def);
        }
        Ok(Self { defs: all })
    }

    /// The entry of a name for a kind of subject.
    pub fn get(&self, name: &str, kind: SubjectKind) -> Option<&FactDef> {
        self.defs.get(name)?.iter().find(|d| d.on.contains(&kind))
    }

    /// All entries of a name.
    pub fn all_of(&self, name: &str) -> &[FactDef] {
        self.defs.get(name).map_or(&[], Vec::as_slice)
    }

    /// All entries that can be stated about a kind of subject, by name.
    pub fn on(&self, kind: SubjectKind) -> impl Iterator<Item = &FactDef> {
        self.defs.values().flatten().filter(move |d| d.on.contains(&kind))
    }

    /// All entries, by name.
    pub fn iter(&self) -> impl Iterator<Item = &FactDef> {
        self.defs.values().flatten()
    }

    /// Whether a fact is free: named `x.` something, checked by nobody.
    pub fn is_free(name: &str) -> bool {
        name.strip_prefix("x.").is_some_and(|rest| !rest.is_empty())
    }
}

/// A technology: what it is a kind of, what it can do, and what is usually true of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technology {
    /// The name in `tech` lists, kebab-case.
    pub id: String,
    /// What it is called in running text.
    pub name: String,
    /// More general technologies.
    #[serde(default)]
    pub is: Vec<String>,
    /// What it can do, inherited by everything that is one.
    #[serde(default)]
    pub can: Vec<String>,
    /// Facts that hold unless the model says otherwise.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
}

/// All technologies with their hierarchy.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Technologies {
    all: BTreeMap<String, Technology>,
}

impl Technologies {
    /// Collects technologies; the message names a parent that does not exist or an id that comes twice.
    pub fn new(list: impl IntoIterator<Item = Technology>) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for tech in list {
            let id = tech.id.clone();
            if all.insert(id.clone(), tech).is_some() {
                return Err(format!("technology `{id}` is defined twice"));
            }
        }
        for tech in all.values() {
            if let Some(parent) = tech.is.iter().find(|p| !all.contains_key(*p)) {
                return Err(format!("technology `{}` is a `{parent}`, which does not exist", tech.id));
            }
        }
        Ok(Self { all })
    }

    /// A technology by its id.
    pub fn get(&self, id: &str) -> Option<&Technology> {
        self.all.get(id)
    }

    /// All technologies, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Technology> {
        self.all.values()
    }

    /// A technology and everything it is a kind of, most special first, each once.
    pub fn lineage(&self, id: &str) -> Vec<&Technology> {
        let mut found: Vec<&Technology> = Vec::new();
        let mut queue: std::collections::VecDeque<&str> = [id].into();
        while let Some(tech) = queue.pop_front().and_then(|id| self.all.get(id)) {
            if !found.iter().any(|t| t.id == tech.id) {
                found.push(tech);
                queue.extend(tech.is.iter().map(String::as_str));
            }
        }
        found
    }

    /// Whether a technology is another one or a special case of it.
    pub fn is_a(&self, id: &str, ancestor: &str) -> bool {
        self.lineage(id).iter().any(|t| t.id == ancestor)
    }

    /// Whether a technology or anything it is a kind of can do something.
    pub fn can(&self, id: &str, capability: &str) -> bool {
        self.lineage(id).iter().any(|t| t.can.iter().any(|c| c == capability))
    }
}
