//! The register: threats as recorded, what people decided about them, and what they looked at and dismissed.
//! Whether the rules still raise a threat is not known here; `analysis` joins the two.

use super::word::words;
use super::{Date, Id, Severity, Stride};
use std::fmt;

/// A threat as recorded.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Threat {
    /// What the rubric computed; `None` only for threats written by hand that nobody rated.
    pub severity: Option<Severity>,
    /// When it was first raised.
    pub opened: Option<Date>,
    /// The title when it was first raised; screens show the rule's current one.
    pub title: String,
    /// Kinds of threat; only of threats written by hand, a rule's are the rule's.
    pub stride: Vec<Stride>,
    /// The category of another method than STRIDE, kept as it was imported.
    pub category: Option<String>,
    /// What could happen; of threats written by hand.
    pub description: Option<String>,
    /// What was decided.
    pub status: Status,
    /// A person's severity in place of the computed one.
    pub overridden: Option<Override>,
    /// Who deals with it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Date>,
    /// Work that closes it.
    pub mitigations: Vec<Id>,
    /// Hash of the facts a decision rested on; when they change the decision is stale.
    pub decided_on: Option<String>,
    /// Whatever people want to remember.
    pub notes: Option<String>,
    /// What happened when; rows are only ever added.
    pub history: Vec<HistoryRow>,
}

impl Threat {
    /// The severity that counts: a person's where there is one.
    pub fn effective_severity(&self) -> Option<Severity> {
        self.overridden.as_ref().map(|o| o.severity).or(self.severity)
    }

    /// Whether a person has said anything about it: undecided threats are one line of the file and go when the
    /// rules no longer raise them.
    pub fn is_decided(&self) -> bool {
        self.status.word().is_decision(&self.status)
            || self.overridden.is_some()
            || self.owner.is_some()
            || self.due.is_some()
            || self.notes.is_some()
            || !self.mitigations.is_empty()
    }
}

/// What was decided about a threat.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Status {
    /// Nothing yet.
    #[default]
    Open,
    /// A control stands against it. Without evidence the rules found it so; with evidence a person says so.
    Mitigated {
        /// Where one can see it.
        evidence: Vec<String>,
        /// Since when the rules find it so.
        on: Option<Date>,
    },
    /// Lived with.
    Accepted {
        /// Why.
        reason: String,
        /// Who allowed it.
        approver: Option<String>,
        /// Until when.
        expires: Option<Date>,
    },
    /// Somebody else's.
    Transferred {
        /// Whose.
        to: String,
        /// Why.
        reason: String,
    },
    /// The system was changed so that it cannot happen.
    Avoided {
        /// How.
        reason: String,
    },
    /// Does not apply here.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// The rule is wrong here.
    FalsePositive {
        /// Why.
        reason: String,
        /// Until when to believe it.
        expires: Option<Date>,
    },
    /// The rules no longer raise it.
    Gone {
        /// Since when.
        on: Date,
    },
}

words! {
    /// A status without its reasons.
    StatusWord {
        /// Nothing decided.
        Open,
        /// A control stands against it.
        Mitigated,
        /// Lived with.
        Accepted,
        /// Somebody else's.
        Transferred,
        /// Made impossible.
        Avoided,
        /// Does not apply.
        NotApplicable,
        /// The rule is wrong here.
        FalsePositive,
        /// No longer raised.
        Gone,
    }
}

impl StatusWord {
    /// Whether a person said so.
    pub(crate) fn is_decision(self, status: &Status) -> bool {
        match status {
            Status::Mitigated { evidence, .. } => !evidence.is_empty(),
            _ => !matches!(self, Self::Open | Self::Gone),
        }
    }

    /// The name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mitigated => "mitigated",
            Self::Accepted => "accepted",
            Self::Transferred => "transferred",
            Self::Avoided => "avoided",
            Self::NotApplicable => "not applicable",
            Self::FalsePositive => "false positive",
            Self::Gone => "gone",
        }
    }
}

impl Status {
    /// The status without its reasons.
    pub const fn word(&self) -> StatusWord {
        match self {
            Self::Open => StatusWord::Open,
            Self::Mitigated { .. } => StatusWord::Mitigated,
            Self::Accepted { .. } => StatusWord::Accepted,
            Self::Transferred { .. } => StatusWord::Transferred,
            Self::Avoided { .. } => StatusWord::Avoided,
            Self::NotApplicable { .. } => StatusWord::NotApplicable,
            Self::FalsePositive { .. } => StatusWord::FalsePositive,
            Self::Gone { .. } => StatusWord::Gone,
        }
    }

    /// The reason that was given.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Accepted { reason, .. }
            | Self::Transferred { reason, .. }
            | Self::Avoided { reason }
            | Self::NotApplicable { reason }
            | Self::FalsePositive { reason, .. } => Some(reason),
            Self::Open | Self::Mitigated { .. } | Self::Gone { .. } => None,
        }
    }

    /// Until when the decision holds.
    pub const fn expires(&self) -> Option<Date> {
        match self {
            Self::Accepted { expires, .. } | Self::FalsePositive { expires, .. } => *expires,
            _ => None,
        }
    }
}

/// A person's severity in place of the computed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The severity that counts.
    pub severity: Severity,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Option<String>,
}

words! {
    /// What a row of the ledger says.
    Event {
        /// First raised.
        Opened,
        /// Raised again after it was gone or its decision ran out.
        Reopened,
        /// A control stands against it.
        Mitigated,
        /// Accepted.
        Accepted,
        /// Transferred.
        Transferred,
        /// Avoided.
        Avoided,
        /// Found not to apply.
        NotApplicable,
        /// Found wrong.
        FalsePositive,
        /// No longer raised.
        Gone,
        /// A person overrode its severity, or took that back.
        Rated,
    }
}

impl Event {
    /// The event of entering a status.
    pub const fn entering(word: StatusWord) -> Self {
        match word {
            StatusWord::Open => Self::Reopened,
            StatusWord::Mitigated => Self::Mitigated,
            StatusWord::Accepted => Self::Accepted,
            StatusWord::Transferred => Self::Transferred,
            StatusWord::Avoided => Self::Avoided,
            StatusWord::NotApplicable => Self::NotApplicable,
            StatusWord::FalsePositive => Self::FalsePositive,
            StatusWord::Gone => Self::Gone,
        }
    }
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// When.
    pub on: Date,
    /// Who; `sconce` for what the rules did.
    pub by: String,
    /// What.
    pub event: Event,
}

/// What a walk-through looked at: a STRIDE letter or a fact of a subject, written `subject:aspect`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsideredKey {
    /// What was looked at.
    pub subject: Id,
    /// A STRIDE letter, or the name of a fact.
    pub aspect: String,
}

impl ConsideredKey {
    /// Reads `subject:aspect`; the message says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (subject, aspect) =
            text.split_once(':').ok_or_else(|| "written subject:letter or subject:fact".to_owned())?;
        let subject = Id::new(subject).map_err(|e| format!("`{subject}`: {e}"))?;
        let is_letter = aspect.len() == 1 && aspect.chars().all(|c| Stride::from_letter(c).is_some());
        let is_fact = aspect.len() > 1 && aspect.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.'));
        if is_letter || is_fact {
            Ok(Self { subject, aspect: aspect.to_owned() })
        } else {
            Err(format!("`{aspect}` is neither a STRIDE letter nor the name of a fact"))
        }
    }
}

impl fmt::Display for ConsideredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.subject, self.aspect)
    }
}

words! {
    /// What people said when they looked.
    Verdict {
        /// There is no such threat.
        NoThreat,
        /// The question makes no sense here.
        NotApplicable,
        /// To be answered later.
        Parked,
        /// There is one; the register says which.
        Threat,
    }
}

/// What came of a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    /// What was said.
    pub verdict: Verdict,
    /// Who.
    pub by: Option<String>,
    /// When.
    pub on: Option<Date>,
    /// Why.
    pub reason: Option<String>,
}
