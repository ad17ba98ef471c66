//! Questions: one fact asked of all subjects of one kind that need it, the most decisive first. None is left out; what
//! people parked or found not to apply is marked.

use super::row::{Question, QuestionSubject};
use crate::model::graph::Nr;
use crate::model::{AssetKind, BoundaryKind, Confidentiality, ConsideredKey, Level, Severity, SubjectKind};
use crate::rules::Knowledge;
use crate::rules::engine::Asked;
use crate::rules::eval::Evaluator;
use crate::rules::language::Lane;
use crate::rules::phrase::kind;
use crate::rules::{fill, risk};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What waits for one answer about one subject.
#[derive(Default)]
struct Waiting<'k> {
    weight: u32,
    rules: Vec<&'k str>,
    /// The rule itself, when no fact answers it.
    title: Option<String>,
    /// The last that was counted here: a rule reads a fact of a subject in several places.
    last: Option<usize>,
}

/// What waits for one fact of one kind of subjects.
#[derive(Default)]
struct Topic<'k> {
    subjects: BTreeMap<Nr, Waiting<'k>>,
    weight: u32,
    threats: usize,
    worst: Option<Severity>,
    gaps: usize,
    last: Option<usize>,
}

/// What one undecided rule weighs at its subject.
struct Weight {
    points: u32,
    /// Of a threat.
    severity: Option<Severity>,
}

impl<'k> Topic<'k> {
    /// Counts something that waits for a fact of a subject: once here, however often it reads the fact.
    fn add(&mut self, n: usize, ask: &Asked<'k>, nr: Nr, weight: &Weight) -> &mut Waiting<'k> {
        if self.last.replace(n) != Some(n) {
            self.weight += weight.points;
            self.threats += usize::from(weight.severity.is_some());
            self.gaps += usize::from(weight.severity.is_none());
            self.worst = self.worst.max(weight.severity);
        }
        let waiting = self.subjects.entry(nr).or_default();
        if waiting.last.replace(n) != Some(n) {
            waiting.weight += weight.points;
        }
        if waiting.rules.last() != Some(&ask.rule.id.as_str()) {
            waiting.rules.push(&ask.rule.id);
        }
        waiting
    }
}

/// Groups what the rules ask.
pub(super) fn questions<'a>(evaluator: &Evaluator<'a>, knowledge: &Knowledge, asked: &[Asked<'a>]) -> Vec<Question> {
    let index = evaluator.index;
    let mut all: BTreeMap<(&str, SubjectKind), Topic<'_>> = BTreeMap::new();
    for (n, ask) in asked.iter().enumerate() {
        let weight = weight(evaluator, knowledge, ask);
        for read in &ask.reads {
            all.entry((read.fact, index.kind(read.nr))).or_default().add(n, ask, read.nr, &weight);
        }
        if ask.reads.is_empty() {
            let topic = all.entry((ask.rule.id.as_str(), index.kind(ask.at.nr))).or_default();
            let title = fill::fill_at(evaluator, &ask.rule.title, ask.at, None, &[]);
            topic.add(n, ask, ask.at.nr, &weight).title = Some(title);
        }
    }
    let mut questions: Vec<Question> = (all.into_iter())
        .map(|((fact, kind), topic)| {
            let Topic { subjects, weight, threats, worst, gaps, .. } = topic;
            let title = subjects.values().find_map(|w| w.title.clone());
            let (text, answers) = sentence(knowledge, fact, kind, title);
            let mut subjects: Vec<QuestionSubject> = (subjects.into_iter())
                .map(|(nr, waiting)| {
                    let id = index.id(nr).clone();
                    let key = ConsideredKey { subject: id.clone(), aspect: fact.to_owned() };
                    let considered = index.model.considered.get(&key).map(|c| c.verdict);
                    let rules = waiting.rules.into_iter().map(str::to_owned).collect();
                    QuestionSubject { id, rules, weight: waiting.weight, considered }
                })
                .collect();
            subjects.sort_by(|a, b| (Reverse(a.weight), &a.id).cmp(&(Reverse(b.weight), &b.id)));
            Question { fact: fact.to_owned(), kind, text, answers, subjects, weight, threats, worst, gaps }
        })
        .collect();
    tell_apart(&mut questions);
    questions.sort_by(|a, b| (Reverse(a.weight), &a.fact, a.kind).cmp(&(Reverse(b.weight), &b.fact, b.kind)));
    questions
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
