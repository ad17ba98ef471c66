//! Questions: one fact asked of all subjects of one kind that need it, the most decisive first. None is left out; what
//! people parked or found not to apply is marked.

use super::row::{Question, QuestionSubject};
use crate::model::graph::Nr;
use crate::model::resolve::is_field;
use crate::model::{AssetKind, BoundaryKind, Confidentiality, ConsideredKey, Level, SubjectKind, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::engine::Asked;
use crate::rules::eval::Evaluator;
use crate::rules::fill;
use crate::rules::language::{Impact, Lane, Rule};
use crate::rules::phrase::kind;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What waits for one answer about one subject.
#[derive(Default)]
struct Waiting<'k> {
    weight: u32,
    rules: Vec<&'k str>,
    /// The rule itself, when no fact answers it.
    title: Option<String>,
}

/// Groups what the rules ask.
pub(super) fn questions<'a>(evaluator: &Evaluator<'a>, knowledge: &Knowledge, asked: &[Asked<'a>]) -> Vec<Question> {
    let index = evaluator.index;
    let mut all: BTreeMap<(&str, SubjectKind), BTreeMap<Nr, Waiting<'_>>> = BTreeMap::new();
    for ask in asked {
        let weight = weight(ask.rule, knowledge);
        let mut add = |fact: &'a str, nr: Nr, title: Option<String>| {
            let waiting = all.entry((fact, index.kind(nr))).or_default().entry(nr).or_default();
            if waiting.rules.last() != Some(&ask.rule.id.as_str()) {
                waiting.rules.push(&ask.rule.id);
                waiting.weight += weight;
            }
            waiting.title = title;
        };
        for read in &ask.reads {
            add(read.fact, read.nr, None);
        }
        if ask.reads.is_empty() {
            add(ask.rule.id.as_str(), ask.at.nr, Some(fill::fill_at(evaluator, &ask.rule.title, ask.at, None, &[])));
        }
    }
    let mut questions: Vec<Question> = (all.into_iter())
        .map(|((fact, kind), subjects)| {
            let title = subjects.values().find_map(|w| w.title.clone());
            let (text, answers) = sentence(knowledge, fact, kind, title);
            let mut subjects: Vec<QuestionSubject> = (subjects.into_iter())
                .map(|(nr, waiting)| {
                    let id = index.id(nr).clone();
                    let rules = waiting.rules.into_iter().map(str::to_owned).collect();
                    QuestionSubject { id, rules, weight: waiting.weight, considered: None }
                })
                .collect();
            subjects.sort_by(|a, b| (Reverse(a.weight), &a.id).cmp(&(Reverse(b.weight), &b.id)));
            let weight = subjects.iter().map(|s| s.weight).sum();
            let mut question = Question { fact: fact.to_owned(), kind, text, answers, subjects, weight };
            consider(index.model, &mut question);
            question
        })
        .collect();
    tell_apart(&mut questions);
    questions.sort_by(|a, b| (Reverse(a.weight), &a.fact, a.kind).cmp(&(Reverse(b.weight), &b.fact, b.kind)));
    questions
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

/// What an answer is worth to a rule: likelihood × impact, as far as they are known without a subject.
fn weight(rule: &Rule, knowledge: &Knowledge) -> u32 {
    if matches!(rule.lane, Lane::Lint | Lane::Question) {
        return 1;
    }
    let impact = match &rule.risk.impact {
        Impact::Fixed(impact) => *impact,
        Impact::FromData { at_least, .. } => knowledge.rubric.unknown_data.max(*at_least),
    };
    u32::from(rule.risk.likelihood) * u32::from(impact)
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
