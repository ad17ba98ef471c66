//! Why a threat is raised, and what a rule is about: for people who have never seen the tool, and as JSON. It renders
//! text without colours; names from the model are made inert here.

mod example;
mod mitigation;
mod outline;
mod page;
mod text;

pub use example::ExamplePage;
pub use mitigation::{MitigationPage, explain_mitigation};
pub use page::{RulePage, Section, by_edition, explain_rule, rule_page};

use super::of::evaluated;
use super::row::ThreatRow;
use super::score::{self, Reach};
use crate::model::resolve::{Known, Origin};
use crate::model::{Date, Id, Mitigation, Provides, ThreatKey, ThreatModel};
use crate::rules::engine::{self, Raised};
use crate::rules::eval::{Ctx, Evaluator, Read, Trace};
use crate::rules::language::{Condition, Refs, Rule};
use crate::rules::{Knowledge, USUAL, fill, phrase, risk};
use std::collections::BTreeSet;

/// Why a threat is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The threat.
    pub row: ThreatRow,
    /// Why it matters here.
    pub why: String,
    /// The three questions that the rule asked, with their answers.
    pub because: Vec<Line>,
    /// Names along the path that shows it; empty when there is none.
    pub path: Vec<String>,
    /// The steps from the rule's risk to the severity.
    pub risk: Vec<String>,
    /// The rubric they follow, as a model names it.
    pub rubric: String,
    /// What it is called and what it is, where the model names one and it was used.
    pub about_rubric: Option<String>,
    /// Its words for likelihood and impact; `None` where no rule rates the threat.
    pub labels: Option<[String; 2]>,
    /// What to do.
    pub fix: String,
    /// How to check that it is done.
    pub verify: String,
    /// When the rule may be wrong.
    pub false_positives: String,
    /// Work that the model plans against it: what, how far, by whom and until when.
    pub planned: Vec<String>,
    /// Mitigations of the catalogue: id and title.
    pub mitigations: Vec<(String, String)>,
    /// References, each with its list.
    pub references: Vec<String>,
}

/// One line of the tree of conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// `✓`, `✗` or `?`.
    pub mark: char,
    /// The condition as a phrase, with the subject when it is another one.
    pub text: String,
    /// The facts it read: subject, fact, value, origin.
    pub facts: Vec<String>,
    /// The path that shows it.
    pub path: Vec<String>,
    /// Its parts.
    pub parts: Vec<Line>,
}

/// Explains a threat; `None` when neither a rule nor the register has it.
pub fn explain_threat(model: &ThreatModel, knowledge: &Knowledge, key: &ThreatKey, today: Date) -> Option<Explanation> {
    evaluated(model, knowledge, key, today, |evaluator, mut row, raised| {
        score::fill(&Reach::of(evaluator), knowledge, std::slice::from_mut(&mut row));
        let Some(raised) = raised else { return silent(model, knowledge, row) };
        let rule = raised.rule;
        let rubric = knowledge.rubric.of(model.system.rubric.as_deref());
        let path = fill::path(evaluator, raised);
        // A rule about paths is asked of the system, its control of the end of the path.
        let asked = if raised.target.is_some() { Ctx::of(evaluator.index.system()) } else { raised.at };
        let mut because = Vec::new();
        // What mitigations take away is shown as it would be without them.
        let bare = !row.closed_by.is_empty() && evaluator.index.model.mitigations.is_empty();
        let weakness = if bare { "Is the weakness there without the mitigation?" } else { "Is the weakness there?" };
        for (label, condition) in [("Does the rule apply?", &rule.applies), (weakness, &rule.when)] {
            if *condition != Condition::Always {
                because.push(labelled(evaluator, asked, label, condition));
            }
        }
        if let Some(control) = &rule.mitigated_by {
            because.push(labelled(evaluator, raised.ctx(), "Does a control stand against it?", control));
        }
        because.extend(row.closed_by.iter().filter_map(|id| closing(model, rule, id)));
        Explanation {
            why: fill::fill(evaluator, &rule.why, raised),
            because,
            path: elements(evaluator, &path),
            risk: risk::steps(evaluator, &knowledge.rubric, raised),
            labels: row.risk.map(|(likelihood, impact)| rubric.labels(likelihood, impact).map(str::to_owned)),
            rubric: pinned(model),
            about_rubric: model.system.rubric.as_ref().map(|_| format!("{}: {}", rubric.name(), rubric.about())),
            fix: fill::fill(evaluator, &rule.fix, raised),
            verify: fill::fill(evaluator, &rule.verify, raised),
            false_positives: rule.false_positives.clone(),
            planned: planned(model, &row, &waiting(evaluator, raised)),
            mitigations: titles(knowledge, &rule.mitigations),
            references: references(&rule.refs),
            row,
        }
    })
}

/// What a mitigation provides of the facts that a rule reads.
fn closing(model: &ThreatModel, rule: &Rule, id: &Id) -> Option<Line> {
    let mitigation = model.mitigations.get(id)?;
    let mut read = BTreeSet::new();
    for condition in [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by) {
        condition.walk(&mut |part| read.extend(part.fact()));
    }
    let provided = mitigation.provides.iter().filter(|p| read.contains(p.fact.as_str())).map(|p| {
        let on: Vec<&str> = p.on.iter().map(|id| model.name_of(id)).collect();
        format!("{} = {} on {}", p.fact, Known::from(&p.value), on.join(", "))
    });
    let text = format!("The mitigation \"{}\" ({id}) provides", mitigation.title);
    Some(Line { mark: '✓', text, facts: provided.collect(), path: Vec::new(), parts: Vec::new() })
}

/// A threat that no rule raises now.
fn silent(model: &ThreatModel, knowledge: &Knowledge, row: ThreatRow) -> Explanation {
    let rule = knowledge.rule(row.key.rule());
    let why = match (&row.record.description, row.key.is_own()) {
        (Some(description), _) => description.clone(),
        (None, true) => "It was written by hand.".to_owned(),
        (None, false) if knowledge.by_team.is_off(row.key.rule()) => {
            "No rule raises it any more: the team switched its rule off.".to_owned()
        }
        (None, false) if row.by_team.is_some() => {
            "No rule raises it any more: the model has changed since it was recorded, or the team has changed its rule."
                .to_owned()
        }
        (None, false) => "No rule raises it any more: the model has changed since it was recorded.".to_owned(),
    };
    Explanation {
        why,
        because: Vec::new(),
        path: Vec::new(),
        risk: Vec::new(),
        labels: None,
        rubric: pinned(model),
        about_rubric: None,
        fix: String::new(),
        verify: String::new(),
        false_positives: String::new(),
        planned: planned(model, &row, &[]),
        mitigations: titles(knowledge, &row.fixes),
        references: rule.map(|r| references(&r.refs)).unwrap_or_default(),
        row,
    }
}

/// The name of the rubric that a model names, or of the one that it has without that.
fn pinned(model: &ThreatModel) -> String {
    model.system.rubric.as_deref().unwrap_or(USUAL).to_owned()
}

/// Work of the model that is not done yet and provides what a threat waits for.
fn waiting<'a>(evaluator: &mut Evaluator<'a>, raised: &Raised<'a>) -> Vec<Id> {
    let (index, reads) = (evaluator.index, engine::facts(evaluator, raised));
    let on = |read: &Read<'_>, id: &Id| {
        let around = index.chain(read.nr).iter().any(|nr| index.id(*nr) == id);
        around || index.id(read.nr) == id
    };
    let provides = |p: &Provides| reads.iter().any(|read| read.fact == p.fact && p.on.iter().any(|id| on(read, id)));
    let waiting = index.model.mitigations.iter().filter(|(_, work)| work.status.is_waiting());
    waiting.filter(|(_, work)| work.provides.iter().any(provides)).map(|(id, _)| id.clone()).collect()
}

/// The work that people put against a threat, and what else is on its way.
fn planned(model: &ThreatModel, row: &ThreatRow, waiting: &[Id]) -> Vec<String> {
    let others = waiting.iter().filter(|id| !row.record.mitigations.contains(id));
    let found = row.record.mitigations.iter().chain(others).filter_map(|id| Some((id, model.mitigations.get(id)?)));
    let tell = |(id, work): (&Id, &Mitigation)| {
        let what = work.description.as_deref().unwrap_or(&work.title);
        let by = work.owner.iter().map(|who| format!(", {who}"));
        let until = work.due.iter().map(|due| format!(", until {due}"));
        format!("{what} ({id}: {}{})", work.status.title(), by.chain(until).collect::<String>())
    };
    found.map(tell).collect()
}

fn titles(knowledge: &Knowledge, ids: &[String]) -> Vec<(String, String)> {
    let title = |id: &String| knowledge.mitigations.get(id).map(|m| m.title.clone()).unwrap_or_default();
    ids.iter().map(|id| (id.clone(), title(id))).collect()
}

fn references(refs: &Refs) -> Vec<String> {
    let number = |list: &str, all: &[u32]| all.iter().map(|n| format!("{list}-{n}")).collect::<Vec<_>>();
    let word = |list: &str, all: &[String]| all.iter().map(|w| format!("{list}{w}")).collect::<Vec<_>>();
    [
        number("CWE", &refs.cwe),
        number("CAPEC", &refs.capec),
        word("OWASP ", &refs.owasp),
        word("ASVS 5.0.0 ", &refs.asvs),
        word("ATT&CK ", &refs.attack),
        word("ATLAS ", &refs.atlas),
        word("EMB3D ", &refs.emb3d),
        word("", &refs.masvs),
        word("LINDDUN ", &refs.linddun),
        word("SP 800-53 r5 ", &refs.nist),
        refs.other.clone(),
    ]
    .concat()
}

fn labelled<'a>(evaluator: &mut Evaluator<'a>, at: Ctx, label: &str, condition: &'a Condition) -> Line {
    let trace = evaluator.trace(condition, at);
    let line = line(evaluator, &trace, at.nr);
    if let Condition::All(_) | Condition::Any(_) = condition {
        return Line { text: format!("{label} {}:", capital(&line.text)), ..line };
    }
    Line { text: label.to_owned(), mark: line.mark, facts: Vec::new(), path: Vec::new(), parts: vec![line] }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Names of the elements along a path.
fn elements(evaluator: &Evaluator<'_>, path: &[usize]) -> Vec<String> {
    path.iter().filter(|nr| !evaluator.index.is_flow(**nr)).map(|nr| fill::name(evaluator, *nr)).collect()
}

/// A condition in one line. What the lines below it say one by one is not said here as well.
fn headline(condition: &Condition, has_parts: bool) -> String {
    let together = |condition: &Condition| match condition {
        Condition::All(parts) if parts.len() > 1 => Some("all of these must hold"),
        Condition::Any(parts) if parts.len() > 1 => Some("one of these must hold"),
        _ => None,
    };
    let phrase = phrase::phrase(condition);
    let part = match condition.parts()[..] {
        [part] if has_parts => together(part).map(|words| phrase.replacen(&phrase::phrase(part), words, 1)),
        _ => None,
    };
    together(condition).map(str::to_owned).or(part).unwrap_or(phrase)
}

/// A trace as a line; subjects are named where they differ from the one above.
fn line(evaluator: &Evaluator<'_>, trace: &Trace<'_>, above: usize) -> Line {
    let phrase = headline(trace.condition, !trace.parts.is_empty());
    let text = if trace.at.nr == above { phrase } else { format!("{}: {phrase}", fill::name(evaluator, trace.at.nr)) };
    let facts = trace.reads.iter().map(|read| {
        let whose =
            if read.nr == trace.at.nr { String::new() } else { format!("{} of ", fill::name(evaluator, read.nr)) };
        let value = match evaluator.resolver.get(read.fact, read.nr) {
            None if matches!(read.fact, "boundary" | "response_of") => "none".to_owned(),
            None => "not known".to_owned(),
            Some((known, origin)) => format!("{known}, {}", origin_text(evaluator, origin)),
        };
        format!("{whose}{} = {value}", read.fact)
    });
    // "Not" of something simple says it all in one line: the opposite, with the facts.
    if let (Condition::Not(_), [inner]) = (trace.condition, &trace.parts[..])
        && (inner.parts.is_empty() || inner.parts.len() == 1 && inner.parts[0].parts.is_empty())
    {
        let beneath = line(evaluator, inner.parts.first().unwrap_or(inner), trace.at.nr);
        let facts = [facts.collect(), beneath.facts].concat();
        return Line { mark: trace.truth.mark(), text, facts, path: beneath.path, parts: Vec::new() };
    }
    Line {
        mark: trace.truth.mark(),
        text,
        facts: facts.collect(),
        path: elements(evaluator, &trace.path),
        parts: trace.parts.iter().map(|part| line(evaluator, part, trace.at.nr)).collect(),
    }
}

fn origin_text(evaluator: &Evaluator<'_>, origin: Origin<'_>) -> String {
    let model = evaluator.index.model;
    match origin {
        Origin::Stated => "stated".to_owned(),
        Origin::Mitigation(id) => {
            let title = model.mitigations.get(id).map_or(id.as_str(), |m| m.title.as_str());
            format!("provided by the mitigation \"{title}\"")
        }
        Origin::Boundary(id) => format!("inherited from {}", model.name_of(id)),
        Origin::Technology(tech) => format!("usual for {tech}"),
    }
}
