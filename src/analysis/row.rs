//! The rows that every surface shows: threats, questions and lints, already joined with the register.
//! Rows are values that know little more than their words; how they come about is in the rest of the room.

use super::score::Score;
use crate::model::{Date, Id, Severity, Status, Stride, SubjectKind, Threat, ThreatKey, Verdict};
use crate::rules::language::Linddun;
use crate::rules::phrase::listed;
use crate::rules::team::Effect;
use std::sync::Arc;

/// How a threat stands to the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Raised now, not recorded yet.
    New,
    /// Raised and recorded.
    Known,
    /// Recorded as gone or as decided until a day that has passed, and raised again.
    Reopened,
    /// Recorded, no longer raised.
    Gone,
    /// Recorded about something that is no longer in the model; perhaps it belongs to another threat.
    Orphan {
        /// The raised threat of the same rule that it could be attached to.
        suggestion: Option<ThreatKey>,
    },
}

impl State {
    /// The words of all states.
    pub const WORDS: [&str; 5] = ["new", "known", "reopened", "gone", "orphan"];

    /// The word in filters and in files for other programs.
    pub const fn word(&self) -> &'static str {
        Self::WORDS[match self {
            Self::New => 0,
            Self::Known => 1,
            Self::Reopened => 2,
            Self::Gone => 3,
            Self::Orphan { .. } => 4,
        }]
    }
}

/// How sure the rules are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub enum Confidence {
    /// A fact was unknown and the rule assumed it.
    Assumed,
    /// Some fact came from a boundary or a technology.
    Inherited,
    /// Every fact was stated.
    Stated,
}

impl Confidence {
    /// Every confidence, the least first.
    pub const ALL: [Self; 3] = [Self::Assumed, Self::Inherited, Self::Stated];

    /// The word in filters and in files for other programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Inherited => "inherited",
            Self::Stated => "stated",
        }
    }

    /// The same in a few words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Assumed => "on something that was assumed (confidence: assumed)",
            Self::Inherited => "on facts of which some are inherited or usual (confidence: inherited)",
            Self::Stated => "on facts that are all stated (confidence: stated)",
        }
    }
}

/// What a rule says of a threat, whatever people decided about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raises {
    /// The weakness is there.
    Open,
    /// The weakness is there, and so is the control.
    Mitigated,
}

/// A threat as every surface shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreatRow {
    /// What it is called for ever.
    pub key: ThreatKey,
    /// What people call it: `T-` and ten characters.
    pub id: String,
    /// The rule's current title with names filled in; the recorded one when no rule raises it.
    pub title: String,
    /// What it is about; where a path begins.
    pub subject: Id,
    /// Where a path ends.
    pub target: Option<Id>,
    /// Everything it is about: the subject, the target, and the ends of a flow that is its subject.
    pub about: Vec<Id>,
    /// Its STRIDE letters.
    pub stride: Vec<Stride>,
    /// Its privacy categories.
    pub linddun: Vec<Linddun>,
    /// What the rubric computes now, controls counted; `None` for own threats that nobody rated.
    pub computed: Option<Severity>,
    /// What the rubric would say without any control.
    pub inherent: Option<Severity>,
    /// The severity that counts: a person's override, else the computed one, else the recorded one.
    pub severity: Option<Severity>,
    /// Likelihood and impact, 1-4 each, that gave the computed severity.
    pub risk: Option<(u8, u8)>,
    /// How sure the rules are.
    pub confidence: Confidence,
    /// What its rule says today; `None` where none raises it.
    pub raised: Option<Raises>,
    /// What it is ordered by among the open ones.
    pub score: Score,
    /// The status that counts: the recorded one, but Mitigated where a control is a fact, Gone where no rule raises
    /// it, and Open where a decision has run out.
    pub status: Status,
    /// How it stands to the register.
    pub state: State,
    /// Whether the facts that the decision rested on have changed since.
    pub stale: bool,
    /// Whether the decision has run out.
    pub expired: bool,
    /// Hash of the facts it rests on today.
    pub facts: String,
    /// Mitigations of the model that keep it closed; empty where the model itself states the controls.
    pub closed_by: Vec<Id>,
    /// Catalogue ids of mitigations that would close it.
    pub fixes: Vec<String>,
    /// The shortest path that shows it, elements and flows in turn; empty for rules about one subject.
    pub evidence: Vec<Id>,
    /// What a team's override of its rule did.
    pub by_team: Option<Effect>,
    /// Its record as it is, or would be, in the register.
    pub record: Threat,
}

impl ThreatRow {
    /// Whether it still needs somebody: raised, and neither mitigated nor decided.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Open)
    }

    /// Its STRIDE letters, and behind a slash the marks of its privacy categories: `TE`, `I/Dd`, `/Nc`.
    pub fn letters(&self) -> String {
        let mut letters: String = self.stride.iter().map(|s| s.letter()).collect();
        for (n, category) in self.linddun.iter().enumerate() {
            letters.push_str(if n == 0 { "/" } else { " " });
            letters.push_str(category.mark());
        }
        letters
    }

    /// The same in words: "tampering and elevation of privilege", "data disclosure (privacy)".
    pub fn categories(&self) -> String {
        categories(&self.stride, &self.linddun)
    }

    /// Whether it should have been dealt with before a day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.is_open() && self.record.due.is_some_and(|due| due < today)
    }
}

/// STRIDE and privacy categories in words.
pub(super) fn categories(stride: &[Stride], linddun: &[Linddun]) -> String {
    let stride = stride.iter().map(|s| s.title().to_owned());
    listed(&stride.chain(linddun.iter().map(|l| format!("{} (privacy)", l.title()))).collect::<Vec<_>>())
}

/// One fact asked of all subjects of one kind that need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The fact's name; for questions that no single fact answers, the rule's id.
    pub fact: String,
    /// Kind of the subjects.
    pub kind: SubjectKind,
    /// The sentence to ask.
    pub text: String,
    /// The words that can answer it, in order; empty for free text.
    pub answers: Vec<String>,
    /// Whom it is about, the most decisive first.
    pub subjects: Vec<QuestionSubject>,
    /// What its answers decide: the sum of likelihood × impact over all that waits, each threat once and a gap of the
    /// model for 1; questions are sorted by it, greatest first.
    pub weight: u32,
    /// How many threats wait for the answers.
    pub threats: usize,
    /// The severity of the worst of them, as their rules start out.
    pub worst: Option<Severity>,
    /// How many gaps of the model and questions of other rules wait too.
    pub gaps: usize,
}

impl Question {
    /// What hangs on it: "5 threats, up to High, and 1 gap".
    pub fn decides(&self) -> String {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let most = if self.threats == 1 { "" } else { "up to " };
        let worst = self.worst.map(|worst| format!(", {most}{worst}")).unwrap_or_default();
        let threats = (self.threats > 0).then(|| format!("{}{worst}", count(self.threats, "threat")));
        let gaps = (self.gaps > 0).then(|| count(self.gaps, "gap"));
        threats.into_iter().chain(gaps).collect::<Vec<_>>().join(", and ")
    }
}

/// One subject of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionSubject {
    /// The element, flow, boundary or asset.
    pub id: Id,
    /// Rules that wait for the answer here.
    pub rules: Arc<[String]>,
    /// What an answer about it alone decides, counted likewise.
    pub weight: u32,
    /// What people said when they looked at it: parked, or not applicable. It is asked all the same.
    pub considered: Option<Verdict>,
}

/// A gap in the model itself; it has no severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Lint {
    /// The rule.
    pub rule: String,
    /// What it is about.
    pub subject: Id,
    /// What is missing, with names filled in.
    pub title: String,
    /// The way out.
    pub fix: String,
}
