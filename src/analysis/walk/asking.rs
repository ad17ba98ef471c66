//! One question of a walk-through in full: the sentence, what can be answered, what the rules say there already, and what
//! is known of the thing. Plain values, so that every surface asks the same.

use super::{Agenda, Ask, fact_of, letter_of, open_at, words};
use crate::analysis::coverage::{CellState, Reason};
use crate::analysis::question::text;
use crate::analysis::{Analysis, Question};
use crate::model::graph::Index;
use crate::model::resolve::Resolver;
use crate::model::{
    AssetKind, BoundaryKind, Confidentiality, ConsideredKey, FactDef, Id, Level, Stride, SubjectKind, Thing, ThreatKey,
    ThreatModel, Values, Verdict,
};
use crate::rules::Knowledge;

/// A question in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Asking {
    /// What it is about.
    pub key: ConsideredKey,
    /// Kind of the thing.
    pub kind: SubjectKind,
    /// What the thing is called; of a flow with its ends.
    pub name: String,
    /// What it is about in a few words: "Tampering", "rate limit".
    pub topic: String,
    /// The sentence.
    pub text: String,
    /// What to think of, or what the fact means; may be empty.
    pub think: String,
    /// What can be answered.
    pub answers: Answers,
    /// Open threats of this letter here, the worst first.
    pub threats: Vec<ThreatKey>,
    /// Why it is asked, as sentences.
    pub because: Vec<String>,
    /// Other things of which the same fact is asked.
    pub others: Vec<Id>,
    /// The letters of the thing with how each stands.
    pub letters: Vec<(Stride, CellState)>,
    /// What is known of the thing: a word and its value.
    pub known: Vec<(String, String)>,
    /// What somebody said who looked before.
    pub before: Option<String>,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Whether there is a threat.
    Threat,
    /// A value of a fact or field.
    Value {
        /// Those to choose among; may be empty.
        choices: Vec<Choice>,
        /// Whether several can be chosen.
        several: bool,
        /// What may be typed instead.
        typed: Option<&'static str>,
    },
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub text: String,
    /// What is written down; empty for "none of them".
    pub value: String,
}

impl Asking {
    /// A question in full, whether it is open or was answered; `None` where its thing is gone.
    pub fn of(
        model: &ThreatModel,
        knowledge: &Knowledge,
        analysis: &Analysis,
        agenda: &Agenda,
        ask: &Ask,
    ) -> Option<Self> {
        let Ask { key, kind, .. } = ask.clone();
        let id = key.subject.clone();
        agenda.rank(&id)?;
        let mut asking = Self {
            kind,
            name: name(model, &id),
            topic: topic(&key),
            text: String::new(),
            think: String::new(),
            answers: Answers::Threat,
            threats: Vec::new(),
            because: Vec::new(),
            others: Vec::new(),
            letters: agenda.cells(&id).map(|(stride, cell)| (stride, cell.state)).collect(),
            known: known(model, knowledge, &id),
            before: said_before(model, &key),
            key,
        };
        match letter_of(&asking.key) {
            Some(stride) => asking.letter(model, analysis, agenda, stride),
            None => asking.fact(model, knowledge, analysis),
        }
        Some(asking)
    }

    fn letter(&mut self, model: &ThreatModel, analysis: &Analysis, agenda: &Agenda, stride: Stride) {
        let id = &self.key.subject;
        let (text, think) = words::letter(stride, self.kind);
        self.text = text.replace("{}", &spoken(model, id));
        self.think = format!("Think of {think}.");
        self.threats = open_at(analysis, id, stride).map(|row| row.key.clone()).collect();
        let cell = agenda.cells(id).find(|(of, _)| *of == stride).map(|(_, cell)| cell);
        if let Some(cell) = cell {
            self.because.extend(match (cell.state, cell.waiting, &cell.reason) {
                (CellState::Waiting, n @ 1.., _) => {
                    Some(format!("The rules cannot tell yet: {} missing.", facts_are(n)))
                }
                (CellState::Unseen, _, Some(Reason::TooLittle(_))) => {
                    Some("The rules know too little of it to say anything.".to_owned())
                }
                (CellState::Unseen, ..) => Some("No rule looks at this here: it is up to you.".to_owned()),
                _ => None,
            });
        }
    }

    fn fact(&mut self, model: &ThreatModel, knowledge: &Knowledge, analysis: &Analysis) {
        let (fact, kind) = (self.key.aspect.clone(), self.kind);
        let def = knowledge.vocabulary.get(&fact, kind);
        let is_it = |question: &&Question| question.kind == kind && fact_of(knowledge, question) == Some(fact.as_str());
        let question = analysis.questions.iter().find(is_it);
        let plain = text(knowledge, &fact, kind).or_else(|| question.map(|question| question.text.clone()));
        self.text = plain.unwrap_or_else(|| format!("What is its {}?", self.topic));
        self.think = def.map(|def| def.meaning.clone()).unwrap_or_default();
        if let Some(question) = question {
            self.because.push(format!("The answer decides {}.", question.decides()));
            let others = question.subjects.iter().filter(|subject| subject.id != self.key.subject);
            self.others = others.map(|subject| subject.id.clone()).collect();
        }
        self.answers = match def {
            Some(def) => of_def(def),
            None => of_field(model, &self.key),
        };
    }

    /// The choices, where there are some.
    pub fn choices(&self) -> &[Choice] {
        match &self.answers {
            Answers::Value { choices, .. } => choices,
            Answers::Threat => &[],
        }
    }

    /// The value that yes, or no, means here; `None` where the question cannot be answered so.
    pub fn plainly(&self, yes: bool) -> Option<&Choice> {
        let Answers::Value { choices, several: false, .. } = &self.answers else { return None };
        let words: &[&str] = if yes { &["yes", "present"] } else { &["no", "absent"] };
        choices.iter().find(|choice| words.contains(&choice.value.as_str()))
    }
}

/// What a question is about, in a few words: a thing and a topic.
pub fn about(model: &ThreatModel, key: &ConsideredKey) -> String {
    format!("{}, {}", name(model, &key.subject), topic(key))
}

/// What a thing is called; of a flow with its ends.
fn name(model: &ThreatModel, id: &Id) -> String {
    match model.flows.get(id) {
        Some(flow) if !flow.name.is_empty() => format!("{}: {}", flow.name, model.way(flow)),
        _ => model.called(id).into_owned(),
    }
}

/// A letter's title, or what a fact is about in words.
fn topic(key: &ConsideredKey) -> String {
    if let Some(stride) = letter_of(key) {
        return capital(stride.title());
    }
    match key.aspect.as_str() {
        "tech" => "technology".to_owned(),
        "stores" => "data stored".to_owned(),
        "processes" => "data worked on".to_owned(),
        "carries" => "data carried".to_owned(),
        "boundary" => "trust boundary".to_owned(),
        "confidentiality" => "who may see it".to_owned(),
        other => other.replace('_', " "),
    }
}

fn facts_are(n: usize) -> String {
    if n == 1 { "1 fact is".to_owned() } else { format!("{n} facts are") }
}

/// A name inside a sentence: what flows are called is often a verb, so that stands in quotes.
fn spoken(model: &ThreatModel, id: &Id) -> String {
    let name = model.called(id).into_owned();
    let is_named = model.flows.get(id).is_some_and(|flow| !flow.name.is_empty());
    if is_named { format!("'{name}'") } else { name }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What somebody said who looked before, with who and when.
pub fn said_before(model: &ThreatModel, key: &ConsideredKey) -> Option<String> {
    let look = model.considered.get(key)?;
    let said = match look.verdict {
        Verdict::NoThreat => "no threat",
        Verdict::NotApplicable => "does not apply",
        Verdict::Parked => "not sure, parked",
        Verdict::Threat => "a threat",
    };
    let by = look.by.as_deref().unwrap_or("somebody");
    let on = look.on.map(|day| format!(" on {day}")).unwrap_or_default();
    let why = look.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    Some(format!("{by} said{on}: {said}{why}"))
}

fn choice(text: &str, value: &str) -> Choice {
    Choice { text: text.to_owned(), value: value.to_owned() }
}

fn words_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<Choice> {
    words.into_iter().map(|word| choice(word, word)).collect()
}

fn of_def(def: &FactDef) -> Answers {
    let several = matches!(def.values, Values::SomeOf(_));
    let typed = match def.values {
        Values::Number => Some("a whole number"),
        Values::Text => Some("a few words"),
        _ => None,
    };
    let mut choices = words_of(def.words());
    if several {
        choices.push(choice("none of them", ""));
    }
    Answers::Value { choices, several, typed }
}

/// What a field can be answered with.
fn of_field(model: &ThreatModel, key: &ConsideredKey) -> Answers {
    let kind = model.thing(&key.subject).map(Thing::kind);
    let one = |choices| Answers::Value { choices, several: false, typed: None };
    let typed = |what| Answers::Value { choices: Vec::new(), several: false, typed: Some(what) };
    match (key.aspect.as_str(), kind) {
        ("kind", Some(SubjectKind::Boundary)) => one(words_of(BoundaryKind::ALL.iter().map(|word| word.name()))),
        ("kind", Some(SubjectKind::Asset)) => one(words_of(AssetKind::ALL.iter().map(|word| word.name()))),
        ("clearance" | "confidentiality", _) => one(words_of(Confidentiality::ALL.iter().map(|word| word.name()))),
        ("integrity" | "availability", _) => one(words_of(Level::ALL.iter().map(|word| word.name()))),
        ("stores" | "processes" | "carries", _) => {
            let mut choices: Vec<Choice> =
                model.assets.iter().map(|(id, asset)| choice(&asset.name, id.as_str())).collect();
            choices.push(choice("none of them", ""));
            Answers::Value { choices, several: true, typed: Some("= and what is not listed, such as = Orders") }
        }
        ("boundary", _) => {
            let others = model.boundaries.iter().filter(|(id, _)| **id != key.subject);
            let mut choices: Vec<Choice> = others.map(|(id, boundary)| choice(&boundary.name, id.as_str())).collect();
            choices.push(choice("none of them", ""));
            one(choices)
        }
        ("tech", _) => Answers::Value {
            choices: Vec::new(),
            several: true,
            typed: Some("technologies such as nginx, postgresql; separated by commas"),
        },
        ("trust", _) => typed("a whole number from 0 to 100"),
        _ => typed("a few words"),
    }
}

/// What is known of a thing: where it is and what it is connected with, then its facts.
fn known(model: &ThreatModel, knowledge: &Knowledge, id: &Id) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut say = |word: &str, value: String| {
        if !value.is_empty() {
            all.push((word.to_owned(), value));
        }
    };
    let names = |ids: &Option<Vec<Id>>| match ids.as_deref() {
        Some([]) => "nothing".to_owned(),
        ids => ids.unwrap_or_default().iter().map(|id| model.called(id)).collect::<Vec<_>>().join(", "),
    };
    match model.thing(id) {
        Some(Thing::Element(element)) => {
            say("inside", element.inside.as_ref().map(|id| model.called(id).into_owned()).unwrap_or_default());
            say("made of", element.tech.iter().flatten().cloned().collect::<Vec<_>>().join(", "));
            say("stores", names(&element.stores));
            let ends = |here: fn(&crate::model::DataFlow) -> (&Option<Id>, &Option<Id>)| {
                let flows = model.flows.values().filter(|flow| here(flow).0.as_ref() == Some(id));
                let mut ends: Vec<String> =
                    flows.filter_map(|flow| here(flow).1.as_ref()).map(|id| model.called(id).into_owned()).collect();
                ends.sort();
                ends.dedup();
                ends.join(", ")
            };
            say("gets data from", ends(|flow| (&flow.to, &flow.from)));
            say("sends to", ends(|flow| (&flow.from, &flow.to)));
        }
        Some(Thing::Flow(flow)) => say("carries", names(&flow.carries)),
        Some(Thing::Boundary(boundary)) => {
            say("kind", boundary.kind.map(|kind| kind.name().to_owned()).unwrap_or_default());
            let inside = model.elements.values().filter(|element| element.inside.as_ref() == Some(id));
            say("around", inside.map(|element| element.name.as_str()).collect::<Vec<_>>().join(", "));
        }
        Some(Thing::Asset(asset)) => {
            say("kind", asset.kind.map(|kind| kind.name().to_owned()).unwrap_or_default());
        }
        None => {}
    }
    let index = Index::new(model);
    let Some(nr) = index.nr(id) else { return all };
    let resolver = Resolver::new(&index, &knowledge.vocabulary, &knowledge.technologies);
    for def in knowledge.vocabulary.on(index.kind(nr)) {
        if let Some((value, _)) = resolver.get(&def.name, nr) {
            all.push((def.name.replace('_', " "), value.to_string()));
        }
    }
    all
}
