//! Questions: one fact asked of all subjects of one kind that need it, the most decisive first. None is left out; what
//! people parked or found not to apply is marked.

use super::row::{Question, QuestionSubject};
use crate::model::graph::Nr;
use crate::model::resolve::is_field;
use crate::model::{
    AssetKind, BoundaryKind, Confidentiality, ConsideredKey, Level, Severity, SubjectKind, ThreatModel,
};
use crate::rules::Knowledge;
use crate::rules::engine::Asked;
use crate::rules::eval::Evaluator;
use crate::rules::language::Lane;
use crate::rules::phrase::kind;
use crate::rules::{fill, risk};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// One undecided rule that waits for one fact of one subject. What waits for the same fact of the same kind of
/// subjects is one topic; ordered, topics and subjects lie together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wait {
    topic: usize,
    nr: Nr,
    /// Its place in what is asked, which is by rule.
    ask: usize,
}

/// What one undecided rule weighs at its subject.
#[derive(Clone, Copy)]
struct Weight {
    points: u32,
    /// Of a threat.
    severity: Option<Severity>,
}

/// Groups what the rules ask.
pub(super) fn questions<'a>(evaluator: &Evaluator<'a>, knowledge: &Knowledge, asked: &[Asked<'a>]) -> Vec<Question> {
    let index = evaluator.index;
    let mut topics: Vec<(&str, SubjectKind)> = Vec::new();
    let mut places: HashMap<(&str, SubjectKind), usize> = HashMap::new();
    let mut waits: Vec<Wait> = Vec::with_capacity(asked.len() * 2);
    for (ask, Asked { rule, at, reads }) in asked.iter().enumerate() {
        let whole = reads.is_empty().then_some((rule.id.as_str(), at.nr));
        for (fact, nr) in reads.iter().map(|read| (read.fact, read.nr)).chain(whole) {
            let topic = *places.entry((fact, index.kind(nr))).or_insert_with_key(|topic| {
                topics.push(*topic);
                topics.len() - 1
            });
            waits.push(Wait { topic, nr, ask });
        }
    }
    waits.sort_unstable();
    waits.dedup();
    let weights: Vec<Weight> = asked.iter().map(|ask| weight(evaluator, knowledge, ask)).collect();
    let mut told =
        Told { evaluator, knowledge, asked, weights, counted: vec![usize::MAX; asked.len()], lists: HashMap::new() };
    let mut questions: Vec<Question> =
        waits.chunk_by(|a, b| a.topic == b.topic).map(|waits| told.question(topics[waits[0].topic], waits)).collect();
    tell_apart(&mut questions);
    questions.sort_by(|a, b| (Reverse(a.weight), &a.fact, a.kind).cmp(&(Reverse(b.weight), &b.fact, b.kind)));
    questions
}

/// What questions are made of.
struct Told<'q, 'a> {
    evaluator: &'q Evaluator<'a>,
    knowledge: &'q Knowledge,
    asked: &'q [Asked<'a>],
    weights: Vec<Weight>,
    /// The topic in which what is asked was counted last: there each counts once.
    counted: Vec<usize>,
    /// Lists of rules that wait together; many subjects share one.
    lists: HashMap<Vec<&'a str>, Arc<[String]>>,
}

impl<'a> Told<'_, 'a> {
    fn question(&mut self, (fact, kind): (&str, SubjectKind), waits: &[Wait]) -> Question {
        let (mut weight, mut threats, mut worst, mut gaps) = (0, 0, None, 0);
        for wait in waits {
            if std::mem::replace(&mut self.counted[wait.ask], wait.topic) != wait.topic {
                let Weight { points, severity } = self.weights[wait.ask];
                weight += points;
                threats += usize::from(severity.is_some());
                gaps += usize::from(severity.is_none());
                worst = worst.max(severity);
            }
        }
        let mut subjects: Vec<QuestionSubject> =
            waits.chunk_by(|a, b| a.nr == b.nr).map(|waits| self.subject(waits)).collect();
        // Subjects come in the order of their ids.
        subjects.sort_by_key(|subject| Reverse(subject.weight));
        let first = &self.asked[waits[0].ask];
        let title = || fill::fill_at(self.evaluator, &first.rule.title, first.at, None, &[]);
        let (text, answers) = sentence(self.knowledge, fact, kind, first.reads.is_empty().then(title));
        let mut question =
            Question { fact: fact.to_owned(), kind, text, answers, subjects, weight, threats, worst, gaps };
        consider(self.evaluator.index.model, &mut question);
        question
    }

    fn subject(&mut self, waits: &[Wait]) -> QuestionSubject {
        let asked = self.asked;
        let mut rules: Vec<&'a str> = waits.iter().map(|wait| asked[wait.ask].rule.id.as_str()).collect();
        rules.dedup();
        let rules =
            self.lists.entry(rules).or_insert_with_key(|rules| rules.iter().map(|id| (*id).to_owned()).collect());
        QuestionSubject {
            id: self.evaluator.index.id(waits[0].nr).clone(),
            rules: Arc::clone(rules),
            weight: waits.iter().map(|wait| self.weights[wait.ask].points).sum(),
            considered: None,
        }
    }
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
