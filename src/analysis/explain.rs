//! Why a threat is raised, and what a rule is about: for people who have never seen the tool, and as JSON. It renders
//! text without colours; names from the model are made inert here.

mod example;
mod mitigation;
mod outline;
mod page;
mod place;
mod text;
mod tree;

pub use example::ExamplePage;
pub use mitigation::{MitigationPage, explain_mitigation};
pub use page::{RulePage, Section, by_edition, explain_rule, rule_page};

use super::of::evaluated;
use super::row::ThreatRow;
use super::score::{self, Reach};
use crate::model::resolve::Known;
use crate::model::{Date, Id, Mitigation, Provides, ThreatKey, ThreatModel};
use crate::rules::engine::{self, Raised};
use crate::rules::eval::{Ctx, Evaluator, Read};
use crate::rules::language::{Condition, Refs, Rule};
use crate::rules::{Knowledge, USUAL, fill, risk};
use std::collections::BTreeSet;
use tree::{elements, labelled};

/// Why a threat is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The threat.
    pub row: ThreatRow,
    /// Where it is: elements, the ends of a flow, the boundaries around them.
    pub place: Vec<String>,
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
        let place = place::place(evaluator, &row);
        let Some(raised) = raised else { return silent(model, knowledge, row, place) };
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
                because.push(labelled(evaluator, knowledge, asked, label, condition));
            }
        }
        if let Some(control) = &rule.mitigated_by {
            because.push(labelled(evaluator, knowledge, raised.ctx(), "Does a control stand against it?", control));
        }
        because.extend(row.closed_by.iter().filter_map(|id| closing(model, rule, id)));
        Explanation {
            place,
            why: fill::fill(evaluator, &rule.why, raised),
            because,
            path: elements(evaluator, &path),
            risk: risk::steps(evaluator, knowledge, raised),
            labels: row.risk.map(|(likelihood, impact)| rubric.labels(likelihood, impact).map(str::to_owned)),
            rubric: pinned(model),
            about_rubric: model.system.rubric.as_ref().map(|_| format!("{}: {}", rubric.name(), rubric.about())),
            fix: fill::fill(evaluator, &rule.fix, raised),
            verify: fill::fill(evaluator, &rule.verify, raised),
            false_positives: fill::fill(evaluator, &rule.false_positives, raised),
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
        format!("{}: {} {}", on.join(", "), p.fact, Known::from(&p.value))
    });
    let text = format!("The mitigation \"{}\" ({id}) provides", mitigation.title);
    Some(Line { mark: '✓', text, facts: provided.collect(), path: Vec::new(), parts: Vec::new() })
}

/// A threat that no rule raises now.
fn silent(model: &ThreatModel, knowledge: &Knowledge, row: ThreatRow, place: Vec<String>) -> Explanation {
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
    // What no rule raises, no rule closes.
    let fix = if row.key.is_own() && row.is_open() {
        "No rule looks at it, so a person closes it: decide about it in the workbench, or write its `status` in the model.".to_owned()
    } else {
        String::new()
    };
    Explanation {
        place,
        why,
        because: Vec::new(),
        path: Vec::new(),
        risk: Vec::new(),
        labels: None,
        rubric: pinned(model),
        about_rubric: None,
        fix,
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
