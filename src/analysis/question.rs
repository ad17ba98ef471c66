//! Questions: one fact asked of all subjects of one kind that need it, the most decisive first. None is left out; what
//! people parked or found not to apply is marked.

use super::row::{Question, QuestionSubject};
use super::scope::{Scope, Where};
use crate::model::graph::Moves;
use crate::model::resolve::is_field;
use crate::model::{
    AssetKind, BoundaryKind, Confidentiality, ConsideredKey, Level, Severity, SubjectKind, ThreatModel,
};
use crate::rules::Knowledge;
use crate::rules::engine::Asked;
use crate::rules::eval::Evaluator;
use crate::rules::language::{Lane, Rule};
use crate::rules::phrase::kind;
use crate::rules::{fill, risk};
use foldhash::HashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that rules wait for, by what answers it; kept, so that after a change only the questions are made anew
/// that it touches.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Ids of the rules that are asked, in their order; elsewhere they are numbers.
    rules: Vec<String>,
    topics: BTreeMap<About, Topic>,
}

/// A fact, or a rule that is itself the question, and the kind of the subjects.
type About = (String, SubjectKind);

#[derive(Debug, Default)]
struct Topic {
    waits: Vec<Wait>,
    /// The question, where a rule is itself the question.
    title: Option<String>,
}

/// One undecided rule that waits for one fact of one subject.
#[derive(Clone, Copy, Debug)]
struct Wait {
    nr: u32,
    rule: u32,
    /// What the rule was asked about.
    at: u32,
    weight: Weight,
    /// Whether it is the first one of what the rule says about one subject: in a topic each counts once.
    is_first: bool,
}

impl Wait {
    /// Follows the numbers of its subjects, unless one of them is gone.
    fn follow(&mut self, moves: Option<&Moves>) -> Option<()> {
        let Some(moves) = moves else { return Some(()) };
        self.nr = short(moves.of(self.nr as usize)?);
        self.at = short(moves.of(self.at as usize)?);
        Some(())
    }
}

/// What one undecided rule weighs at its subject.
#[derive(Clone, Copy, Debug)]
struct Weight {
    points: u32,
    /// Of a threat.
    severity: Option<Severity>,
}

impl Waiting {
    /// Nothing, for some rules in the order in which they are asked.
    pub(super) fn new<'k>(rules: impl Iterator<Item = &'k Rule>) -> Self {
        Self { rules: rules.map(|rule| rule.id.clone()).collect(), topics: BTreeMap::new() }
    }

    /// Puts what rules ask now in the place of what they asked before, where they were asked again, and makes the
    /// questions anew that this is about. `asked` is in the order of the rules.
    pub(super) fn ask<'a>(
        &mut self,
        evaluator: &Evaluator<'a>,
        knowledge: &Knowledge,
        scope: &Scope<'_>,
        moves: Option<&Moves>,
        asked: &[Asked<'a>],
        questions: &mut Vec<Question>,
    ) {
        let mut changed: BTreeSet<About> = BTreeSet::new();
        let again: Vec<Where<'_>> = self.rules.iter().map(|rule| scope.of(rule)).collect();
        for (about, topic) in &mut self.topics {
            let before = topic.waits.len();
            topic.waits.retain_mut(|wait| {
                wait.follow(moves).is_some_and(|()| !again[wait.rule as usize].has(wait.at as usize))
            });
            if topic.waits.len() != before {
                changed.insert(about.clone());
            }
        }
        for (about, topic) in self.gathered(evaluator, knowledge, asked) {
            let known = self.topics.entry(about.clone()).or_default();
            known.waits.extend(topic.waits);
            // Two runs that are sorted already: a stable sort merges them.
            known.waits.sort_by_key(|wait| (wait.nr, wait.rule));
            known.title = topic.title;
            changed.insert(about);
        }
        self.topics.retain(|_, topic| !topic.waits.is_empty());
        questions.retain(|question| !changed.contains(&(question.fact.clone(), question.kind)));
        let mut lists = HashMap::default();
        for about in changed {
            if let Some(topic) = self.topics.get(&about) {
                questions.push(self.question(evaluator, about, topic, &mut lists));
            }
        }
        self.put_into_words(knowledge, questions);
        questions.sort_by(|a, b| (Reverse(a.weight), &a.fact, a.kind).cmp(&(Reverse(b.weight), &b.fact, b.kind)));
    }

    /// What is asked, by topic.
    fn gathered<'a>(
        &self,
        evaluator: &Evaluator<'a>,
        knowledge: &Knowledge,
        asked: &[Asked<'a>],
    ) -> Vec<(About, Topic)> {
        let index = evaluator.index;
        let mut topics: Vec<(About, Topic)> = Vec::new();
        let mut places: HashMap<(&str, SubjectKind), usize> = HashMap::default();
        let mut number = 0;
        for ask @ Asked { rule, at, reads, .. } in asked {
            number += self.rules[number..].iter().position(|id| *id == rule.id).unwrap_or_default();
            let weight = weight(evaluator, knowledge, ask);
            let whole = reads.is_empty().then_some((rule.id.as_str(), at.nr));
            let mut seen: Vec<usize> = Vec::with_capacity(reads.len().max(1));
            for (fact, nr) in reads.iter().map(|read| (read.fact, read.nr)).chain(whole) {
                let place = *places.entry((fact, index.kind(nr))).or_insert_with_key(|(fact, kind)| {
                    topics.push((((*fact).to_owned(), *kind), Topic::default()));
                    topics.len() - 1
                });
                let topic = &mut topics[place].1;
                if whole.is_some() && topic.title.is_none() {
                    topic.title = Some(fill::fill_at(evaluator, &rule.title, *at, None, &[]));
                }
                let is_first = !seen.contains(&place);
                seen.push(place);
                topic.waits.push(Wait { nr: short(nr), rule: short(number), at: short(at.nr), weight, is_first });
            }
        }
        topics
    }

    fn question(
        &self,
        evaluator: &Evaluator<'_>,
        (fact, kind): About,
        topic: &Topic,
        lists: &mut HashMap<Vec<u32>, Arc<[String]>>,
    ) -> Question {
        let first = || topic.waits.iter().filter(|wait| wait.is_first).map(|wait| wait.weight);
        let threats = first().filter(|weight| weight.severity.is_some()).count();
        let mut subjects: Vec<QuestionSubject> = (topic.waits.chunk_by(|a, b| a.nr == b.nr))
            .map(|waits| {
                let mut rules: Vec<u32> = waits.iter().map(|wait| wait.rule).collect();
                rules.dedup();
                let ids = |rules: &Vec<u32>| rules.iter().map(|rule| self.rules[*rule as usize].clone()).collect();
                QuestionSubject {
                    id: evaluator.index.id(waits[0].nr as usize).clone(),
                    rules: Arc::clone(lists.entry(rules).or_insert_with_key(ids)),
                    weight: waits.iter().map(|wait| wait.weight.points).sum(),
                    considered: None,
                }
            })
            .collect();
        // Subjects come in the order of their ids.
        subjects.sort_by_key(|subject| Reverse(subject.weight));
        let mut question = Question {
            fact,
            kind,
            text: String::new(),
            answers: Vec::new(),
            subjects,
            weight: first().map(|weight| weight.points).sum(),
            threats,
            worst: first().map(|weight| weight.severity).max().flatten(),
            gaps: first().count() - threats,
        };
        consider(evaluator.index.model, &mut question);
        question
    }

    /// Gives every question its sentence. Those that read alike name their kind.
    fn put_into_words(&self, knowledge: &Knowledge, questions: &mut [Question]) {
        for question in &mut *questions {
            let title = self.topics.get(&(question.fact.clone(), question.kind)).and_then(|topic| topic.title.clone());
            (question.text, question.answers) = sentence(knowledge, &question.fact, question.kind, title);
        }
        tell_apart(questions);
    }
}

/// No model is so large that its numbers are cut.
fn short(nr: usize) -> u32 {
    u32::try_from(nr).unwrap_or(u32::MAX)
}

/// Notes what people said when they looked at the subjects of a question.
pub(super) fn consider(model: &ThreatModel, question: &mut Question) {
    if model.considered.is_empty() {
        question.subjects.iter_mut().for_each(|subject| subject.considered = None);
        return;
    }
    for subject in &mut question.subjects {
        let key = ConsideredKey { subject: subject.id.clone(), aspect: question.fact.clone() };
        subject.considered = model.considered.get(&key).map(|c| c.verdict);
    }
}

/// Questions that read alike, because kinds of subjects share a fact, name their kind.
fn tell_apart(questions: &mut [Question]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for question in &*questions {
        *times.entry(question.text.clone()).or_default() += 1;
    }
    for question in questions.iter_mut().filter(|q| times.get(&q.text).is_some_and(|n| *n > 1)) {
        let mut chars = question.text.chars();
        let first = chars.next().map(|c| c.to_lowercase().collect::<String>()).unwrap_or_default();
        let whom = if question.subjects.len() == 1 { "the" } else { "each" };
        question.text = format!("Of {whom} {}: {first}{}", kind(question.kind), chars.as_str());
    }
}

/// What an answer is worth to a rule at a subject: likelihood × impact as it starts out there, with the data that is
/// there; hygiene, gaps of the model and further questions count one.
fn weight(evaluator: &Evaluator<'_>, knowledge: &Knowledge, ask: &Asked<'_>) -> Weight {
    let (likelihood, impact) = risk::expected(evaluator, &knowledge.rubric, ask.rule, ask.at);
    match ask.rule.lane {
        Lane::Threat => Weight {
            points: u32::from(likelihood) * u32::from(impact),
            severity: Some(risk::severity(evaluator, &knowledge.rubric, likelihood, impact)),
        },
        Lane::Hint => Weight { points: 1, severity: Some(Severity::Low) },
        Lane::Lint | Lane::Question => Weight { points: 1, severity: None },
    }
}

/// What to ask a person about a fact or field of a kind of subjects; `None` where it has none of that name.
pub(super) fn text(knowledge: &Knowledge, fact: &str, kind: SubjectKind) -> Option<String> {
    let field = || field(fact, kind).map(|(text, _)| text.to_owned()).filter(|_| is_field(fact, kind));
    knowledge.vocabulary.get(fact, kind).map(|def| def.question.clone()).or_else(field)
}

fn sentence(knowledge: &Knowledge, fact: &str, kind: SubjectKind, title: Option<String>) -> (String, Vec<String>) {
    if let Some(title) = title {
        return (title, Vec::new());
    }
    if let Some((text, answers)) = field(fact, kind) {
        return (text.to_owned(), answers);
    }
    match knowledge.vocabulary.get(fact, kind) {
        Some(def) => (def.question.clone(), def.words().into_iter().map(str::to_owned).collect()),
        None => (format!("What is {fact}?"), Vec::new()),
    }
}

/// The question that a field of the model answers, with the words that can answer it.
fn field(name: &str, kind: SubjectKind) -> Option<(&'static str, Vec<String>)> {
    let names = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect();
    Some(match (name, kind) {
        ("tech", SubjectKind::ExternalEntity) => {
            ("What is it: a browser, an app, another company's service?", Vec::new())
        }
        ("tech", _) => ("Which technologies is it made of?", Vec::new()),
        ("owner", _) => ("Which team or person answers for it?", Vec::new()),
        ("runtime", _) => ("Which machine, cluster or account does it run on together with others?", Vec::new()),
        ("boundary", _) => ("Inside which trust boundary is it?", Vec::new()),
        ("stores", _) => ("Which assets rest here?", Vec::new()),
        ("processes", _) => ("Which assets are worked on here?", Vec::new()),
        ("carries", _) => ("Which assets travel on it?", Vec::new()),
        ("credential", _) => ("Which credential does the caller show?", Vec::new()),
        ("trust", _) => ("How far are its members trusted, from 0 (open internet) to 100?", Vec::new()),
        ("clearance", _) => (
            "What is the most sensitive data that its members may hold?",
            names(&Confidentiality::ALL.iter().map(|c| c.name()).collect::<Vec<_>>()),
        ),
        ("kind", SubjectKind::Boundary) => (
            "What makes it a boundary: a network, an account, a machine, another organisation?",
            names(&BoundaryKind::ALL.iter().map(|k| k.name()).collect::<Vec<_>>()),
        ),
        ("kind", SubjectKind::Asset) => {
            ("What sort of data is it?", names(&AssetKind::ALL.iter().map(|k| k.name()).collect::<Vec<_>>()))
        }
        ("confidentiality", _) => {
            ("Who may see it?", names(&Confidentiality::ALL.iter().map(|c| c.name()).collect::<Vec<_>>()))
        }
        ("integrity", _) => {
            ("How much harm is done when it is wrong?", names(&Level::ALL.iter().map(|l| l.name()).collect::<Vec<_>>()))
        }
        ("availability", _) => (
            "How much harm is done when it is not there?",
            names(&Level::ALL.iter().map(|l| l.name()).collect::<Vec<_>>()),
        ),
        _ => return None,
    })
}
