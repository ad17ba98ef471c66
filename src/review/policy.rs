//! The policy of a team: what a model must hold so that the gate lets it pass, as `threat-policy.ron` says it. It judges
//! nothing (that is `gate`), reads no file and knows no model. A name that it does not know is an error, so that a slip
//! of the pen never weakens it.

mod exemption;
mod read;

pub use exemption::{Day, Exempt, Exemption};

use crate::analysis::Confidence;
use crate::diagnostic::Span;
use crate::model::Severity;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The name of the file.
pub const FILE: &str = "threat-policy.ron";

/// The codes of what is said about policies and by the gate, with what they mean. What cannot be read at all has the
/// codes of `file`.
pub const CODES: &[(&str, &str)] = &[
    ("bad-exemption", "an exemption of the policy cannot be as it is written"),
    ("expired-exemption", "an exemption of the policy has run out and exempts nothing any more"),
    ("expiring-exemption", "an exemption of the policy runs out soon"),
    ("unmatched-exemption", "an exemption of the policy exempts nothing"),
];

/// What comes of it when a rule of the policy is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Level {
    /// Nothing: the rule is not asked.
    Off,
    /// It is said.
    Warn,
    /// It is said, and the gate is shut.
    Deny,
}

impl Level {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// A rule of the policy. In the file it is written with underscores, such as `max_open`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyRule {
    /// How bad open threats may be, and how many.
    MaxOpen,
    /// By when they must be dealt with.
    Sla,
    /// That somebody deals with them.
    Owner,
    /// That there is a day by which, and that it has not passed.
    Due,
    /// How threats may be accepted.
    Acceptance,
    /// That decisions say why.
    Reason,
    /// That decisions do not rest on facts which have changed.
    Stale,
    /// How much may be unanswered.
    Questions,
    /// How much must have been looked at.
    Coverage,
    /// How old the last review may be.
    ReviewAge,
    /// That the register is as the rules say.
    Register,
}

impl PolicyRule {
    /// Every rule, in the order in which the gate asks them.
    pub const ALL: &'static [Self] = &[
        Self::MaxOpen,
        Self::Sla,
        Self::Owner,
        Self::Due,
        Self::Acceptance,
        Self::Reason,
        Self::Stale,
        Self::Questions,
        Self::Coverage,
        Self::ReviewAge,
        Self::Register,
    ];

    /// Its id in reports; it never changes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::MaxOpen => "max-open",
            Self::Sla => "sla",
            Self::Owner => "owner",
            Self::Due => "due",
            Self::Acceptance => "acceptance",
            Self::Reason => "reason",
            Self::Stale => "stale",
            Self::Questions => "questions",
            Self::Coverage => "coverage",
            Self::ReviewAge => "review-age",
            Self::Register => "register",
        }
    }

    /// What it asks, in a sentence without a full stop.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::MaxOpen => "Open threats are no worse and no more than the policy allows",
            Self::Sla => "Threats do not stay open longer than their severity allows",
            Self::Owner => "Open threats have an owner",
            Self::Due => "Open threats have a day by which they are dealt with, and it has not passed",
            Self::Acceptance => "Accepted threats have an approver and a day until which they are accepted",
            Self::Reason => "Decisions say why",
            Self::Stale => "Decisions rest on the facts of today",
            Self::Questions => "No more than so many questions are unanswered",
            Self::Coverage => "Enough of the model has been looked at",
            Self::ReviewAge => "The model has been reviewed lately",
            Self::Register => "The register of the model is as the rules say today",
        }
    }
}

/// A policy. What a file leaves out is as in [`Policy::default`], so that leaving something out never weakens it; what
/// shall not be asked is switched off with `level: Off`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Policy {
    /// How bad open threats may be, and how many.
    pub max_open: MaxOpen,
    /// By when they must be dealt with.
    pub sla: Sla,
    /// Who deals with them.
    pub owner: From,
    /// By when they say themselves.
    pub due: Due,
    /// How threats may be accepted.
    pub acceptance: Acceptance,
    /// Which decisions need a reason or evidence.
    pub reason: Reasons,
    /// Decisions that rest on facts which have changed.
    pub stale: Plain,
    /// How many questions may be open.
    pub questions: Most,
    /// How much must have been looked at.
    pub coverage: Least,
    /// How old the last review may be.
    pub review_age: Days,
    /// Whether the register must be as the rules say.
    pub register: Register,
    /// What is let through all the same, each with its place in the file.
    pub exemptions: Vec<(Span, Exemption)>,
}

/// `max_open`: how bad open threats may be, and how many.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MaxOpen {
    /// The highest severity that an open threat may have; `Medium`. A threat that nobody rated is too high, unless
    /// this is `Critical`.
    pub severity: Severity,
    /// How many may be open of a severity, such as `{Medium: 20, Low: 50}`; any number of those that it does not name.
    #[serde(deserialize_with = "read::each_once")]
    pub counts: BTreeMap<Severity, usize>,
    /// The least confidence with which a threat counts: `Assumed` (all of them), `Inherited` or `Stated`.
    pub confidence: Confidence,
    /// Rules or packs whose threats count, such as `["core", "acme.d.no-on-call"]`; those of all when it is empty.
    pub rules: Vec<String>,
    /// `Deny`.
    pub level: Level,
}

/// `sla`: so many days after it was opened a threat must not be open any more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sla {
    /// Days by severity, counted from `opened` of the threat; `{Critical: 7, High: 30, Medium: 90}`. Severities that it
    /// does not name have all the time there is.
    #[serde(deserialize_with = "read::each_once")]
    pub days: BTreeMap<Severity, u32>,
    /// `Deny`.
    pub level: Level,
}

/// `owner`: open threats from a severity on need one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct From {
    /// From which severity on; `High`.
    pub from: Severity,
    /// `Warn`.
    pub level: Level,
}

/// `due`: open threats from a severity on need a day, and one that has passed is too late whatever the severity.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Due {
    /// From which severity on a day is needed; `High`.
    pub from: Severity,
    /// `Warn`.
    pub level: Level,
}

/// `acceptance`: how threats may be accepted. That an acceptance has run out is always part of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Acceptance {
    /// From which severity on; `Low`, which is all of them.
    pub from: Severity,
    /// Whether somebody must have approved it; `true`.
    pub approver: bool,
    /// Whether it must say until when; `true`.
    pub expires: bool,
    /// For how many days a threat may be accepted, from the day on which it was; `365`.
    #[serde(deserialize_with = "read::whole")]
    pub days: u32,
    /// `Deny`.
    pub level: Level,
}

/// `reason`: decisions that must say why.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reasons {
    /// From which severity on; `Low`, which is all of them.
    pub from: Severity,
    /// How many characters a reason has at least; `10`.
    #[serde(deserialize_with = "read::whole")]
    pub characters: usize,
    /// Whether threats that controls close need a mitigation with evidence; `false`.
    pub evidence: bool,
    /// `Deny`.
    pub level: Level,
}

/// `stale`: decisions that rest on facts which have changed since.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plain {
    /// `Warn`.
    pub level: Level,
}

/// `questions`: how many may be open.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Most {
    /// At most so many; `0`. A question about three flows counts three times.
    #[serde(deserialize_with = "read::whole")]
    pub most: usize,
    /// `Off`.
    pub level: Level,
}

/// `coverage`: how much must have been looked at.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Least {
    /// At least so many per cent of the cells that `sconce coverage` counts are settled; `80`.
    #[serde(deserialize_with = "read::percent")]
    pub percent: u32,
    /// `Off`.
    pub level: Level,
}

/// `review_age`: how old the last review may be, by `reviewed` of the model's `system`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Days {
    /// At most so many days; `365`.
    #[serde(deserialize_with = "read::whole")]
    pub days: u32,
    /// `Warn`.
    pub level: Level,
}

/// `register`: whether the register must be as the rules say today.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Register {
    /// `Deny`.
    pub level: Level,
}

impl Default for MaxOpen {
    fn default() -> Self {
        Self {
            severity: Severity::Medium,
            counts: BTreeMap::new(),
            confidence: Confidence::Assumed,
            rules: Vec::new(),
            level: Level::Deny,
        }
    }
}

impl Default for Sla {
    fn default() -> Self {
        let days = [(Severity::Critical, 7), (Severity::High, 30), (Severity::Medium, 90)];
        Self { days: days.into(), level: Level::Deny }
    }
}

impl Default for From {
    fn default() -> Self {
        Self { from: Severity::High, level: Level::Warn }
    }
}

impl Default for Due {
    fn default() -> Self {
        Self { from: Severity::High, level: Level::Warn }
    }
}

impl Default for Acceptance {
    fn default() -> Self {
        Self { from: Severity::Low, approver: true, expires: true, days: 365, level: Level::Deny }
    }
}

impl Default for Reasons {
    fn default() -> Self {
        Self { from: Severity::Low, characters: 10, evidence: false, level: Level::Deny }
    }
}

impl Default for Plain {
    fn default() -> Self {
        Self { level: Level::Warn }
    }
}

impl Default for Most {
    fn default() -> Self {
        Self { most: 0, level: Level::Off }
    }
}

impl Default for Least {
    fn default() -> Self {
        Self { percent: 80, level: Level::Off }
    }
}

impl Default for Days {
    fn default() -> Self {
        Self { days: 365, level: Level::Warn }
    }
}

impl Default for Register {
    fn default() -> Self {
        Self { level: Level::Deny }
    }
}

impl Policy {
    /// What comes of it when a rule is not held.
    pub const fn level(&self, rule: PolicyRule) -> Level {
        match rule {
            PolicyRule::MaxOpen => self.max_open.level,
            PolicyRule::Sla => self.sla.level,
            PolicyRule::Owner => self.owner.level,
            PolicyRule::Due => self.due.level,
            PolicyRule::Acceptance => self.acceptance.level,
            PolicyRule::Reason => self.reason.level,
            PolicyRule::Stale => self.stale.level,
            PolicyRule::Questions => self.questions.level,
            PolicyRule::Coverage => self.coverage.level,
            PolicyRule::ReviewAge => self.review_age.level,
            PolicyRule::Register => self.register.level,
        }
    }
}
