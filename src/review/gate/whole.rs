//! The rules of the policy that look at the model as a whole: what is unanswered, what nobody looked at, how old the
//! last review is, and whether the register is up to date.

use super::way::Way;
use super::{Failure, Look, days};
use crate::analysis::{CellState, Coverage, Letter, Question, QuestionSubject, reconcile};
use crate::model::resolve::is_field;
use crate::model::{Date, Place, SubjectKind, ThreatModel, Verdict};
use crate::review::policy::{Level, Policy, PolicyRule};

impl Look<'_> {
    pub(super) fn questions(&self) -> Option<Failure> {
        let most = self.case.policy.questions.most;
        let waits = |verdict: Option<Verdict>| !matches!(verdict, Some(Verdict::NotApplicable | Verdict::NoThreat));
        let questions = || self.analysis.questions.iter();
        let all = questions().flat_map(|q| q.subjects.iter().map(move |subject| (q, subject)));
        let open: Vec<_> = all.filter(|(_, subject)| waits(subject.considered)).collect();
        let (question, subject) = *open.first().filter(|_| open.len() > most)?;
        let mut ways = vec![Way::Run {
            why: format!("answer {}; all of them", open.len() - most),
            command: self.command("questions"),
        }];
        let mut asked = open.iter().filter(|(question, _)| !question.answers.is_empty());
        ways.extend(asked.find_map(|(question, subject)| self.answering(question, subject)));
        let what = if open.len() == 1 { "question is" } else { "questions are" };
        let message = format!("{} {what} open; the policy allows no more than {most}", open.len());
        let mut failure = self.whole(PolicyRule::Questions, "questions", (message, open.len()), ways);
        if let Some(section) = section(question.kind) {
            failure.at = vec![section.to_owned(), subject.id.as_str().to_owned()];
        }
        Some(failure)
    }

    /// Answering one question about one subject.
    fn answering(&self, question: &Question, subject: &QuestionSubject) -> Option<Way> {
        let mut at = vec![section(question.kind)?.to_owned(), subject.id.as_str().to_owned()];
        let (fact, words) = (&question.fact, question.answers.join(", "));
        let text = if is_field(fact, question.kind) {
            format!("{fact}: …")
        } else {
            at.push("facts".to_owned());
            format!("\"{fact}\": \"…\"")
        };
        let why = format!("or begin with this one ({words})");
        Some(Way::Write { why, at, text, instead: Vec::new(), then: Some(self.command("update")) })
    }

    pub(super) fn coverage(&self) -> Option<Failure> {
        let least = usize::try_from(self.case.policy.coverage.percent).unwrap_or(usize::MAX);
        let coverage = Coverage::of(self.model, self.case.knowledge, self.analysis, self.case.today);
        let (settled, all) = coverage.settled_of_all();
        // Of nothing nothing has to be looked at.
        if settled.saturating_mul(100) >= least.saturating_mul(all) {
            return None;
        }
        let percent = settled * 100 / all;
        let message =
            format!("{settled} of {all} cells are settled, {percent} per cent; the policy wants {least} per cent");
        let needed = least.saturating_mul(all).div_ceil(100) - settled;
        let ways = vec![
            Way::Run { why: format!("settle {needed} more; the matrix"), command: self.command("coverage") },
            Way::Write {
                why: "where you looked and found nothing".to_owned(),
                at: vec!["considered".to_owned()],
                text: format!("\"{}\": (verdict: NoThreat, by: \"…\")", unseen(&coverage)),
                instead: Vec::new(),
                then: None,
            },
        ];
        Some(self.whole(PolicyRule::Coverage, "coverage", (message, 100_usize.saturating_sub(percent)), ways))
    }

    pub(super) fn review_age(&self) -> Option<Failure> {
        let (allowed, today) = (self.case.policy.review_age.days, self.case.today);
        let (message, age) = last_review(self.model, self.case.policy, today)?;
        let message = format!("{message}; the policy wants one every {allowed} days");
        // `drift` compares with the commit of the review: a new one goes on from here.
        let had = self.model.system.reviewed.as_ref().is_some_and(|review| review.commit.is_some());
        let commit = self.case.head.or(had.then_some("…"));
        let commit = commit.map(|commit| format!(", commit: \"{commit}\"")).unwrap_or_default();
        let ways = vec![Way::Write {
            why: "hold the model against the system, then".to_owned(),
            at: vec!["system".to_owned()],
            text: format!("reviewed: (on: \"{today}\", by: \"…\"{commit})"),
            instead: Vec::new(),
            then: None,
        }];
        let amount = usize::try_from(age).unwrap_or(usize::MAX);
        Some(self.whole(PolicyRule::ReviewAge, "review", (message, amount), ways))
    }

    pub(super) fn register(&self) -> Option<Failure> {
        let edit = reconcile(self.model, self.analysis, "sconce", self.case.today)?;
        let mut keys: Vec<String> = edit.places().iter().filter_map(Place::key).collect();
        keys.sort();
        keys.dedup();
        let n = keys.len();
        let some = keys.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if n > 3 { ", …" } else { "" };
        let what = if n == 1 { "threat is" } else { "threats are" };
        let message = format!("{n} {what} not recorded as the rules say today: {some}{more}");
        let ways = vec![Way::Run { why: "record them".to_owned(), command: self.command("update") }];
        let mut failure = self.whole(PolicyRule::Register, "register", (message, n), ways);
        let first = self.analysis.threats.iter().find(|row| keys.first().is_some_and(|key| key == row.key.as_str()));
        if let Some(row) = first {
            failure.at = self.place(row);
        }
        Some(failure)
    }
}

/// Whether a policy wants the model to be reviewed anew: then its way to green names the commit, if that is known.
pub fn wants_review(model: &ThreatModel, policy: &Policy, today: Date) -> bool {
    policy.level(PolicyRule::ReviewAge) != Level::Off && last_review(model, policy, today).is_some()
}

/// The last review in words, and how many days ago it was, where that is too long for a policy.
fn last_review(model: &ThreatModel, policy: &Policy, today: Date) -> Option<(String, i64)> {
    let (message, age) = match &model.system.reviewed {
        None => ("nobody has reviewed the model yet".to_owned(), i64::MAX),
        Some(review) if review.on > today => {
            (format!("the last review is said to be on {}, which is yet to come", review.on), i64::MAX)
        }
        Some(review) => {
            let age = days(review.on, today);
            (format!("the last review was on {}, {age} days ago", review.on), age)
        }
    };
    (age > i64::from(policy.review_age.days)).then_some((message, age))
}

/// The section of the file that things of a kind stand in.
pub(super) const fn section(kind: SubjectKind) -> Option<&'static str> {
    Some(match kind {
        SubjectKind::ExternalEntity | SubjectKind::Process | SubjectKind::DataStore => "elements",
        SubjectKind::Flow => "flows",
        SubjectKind::Boundary => "boundaries",
        SubjectKind::Asset => "assets",
        SubjectKind::System => return None,
    })
}

/// The first cell that nobody looked at, as `considered` names it.
fn unseen(coverage: &Coverage) -> String {
    let rows = || coverage.groups.iter().flat_map(|group| &group.rows);
    let cells = rows().flat_map(|row| row.cells.iter().zip(&coverage.letters).map(move |(c, l)| (row, c, l)));
    let mut open =
        cells.filter(|(_, cell, letter)| cell.state == CellState::Unseen && matches!(letter, Letter::Stride(_)));
    open.next().map_or_else(|| "…:S".to_owned(), |(row, _, letter)| format!("{}:{}", row.id, letter.mark()))
}
