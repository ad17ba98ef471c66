//! One cell of the matrix: what state it is in, what stands in it, and why it is empty where nothing does.

use super::Letter;
use crate::model::{Id, Severity, Stride, SubjectKind, Verdict};

/// What is so of a letter and a thing; where several are, the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellState {
    /// A threat is open.
    Open,
    /// A rule waits for facts, or somebody put it off.
    Waiting,
    /// There were threats, and every one is mitigated or decided.
    Closed,
    /// Rules apply and find nothing, or somebody looked and found nothing.
    Clear,
    /// No rule fits, and nobody said anything.
    Unseen,
    /// It is asked of the flows of the element; their rows say what is so.
    Flows,
    /// The letter does not apply.
    NotApplicable,
}

impl CellState {
    /// All states, in the order of the legend.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Waiting, Self::Closed, Self::Clear, Self::Unseen, Self::Flows, Self::NotApplicable];

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
            Self::Clear => "clear",
            Self::Unseen => "unseen",
            Self::Flows => "flows",
            Self::NotApplicable => "n/a",
        }
    }

    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            other => other.word(),
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Open => "threats are open: how many, and the worst (C, H, M, L)",
            Self::Waiting => "rules wait for so many facts (behind another sign: some do)",
            Self::Closed => "every threat is mitigated or decided",
            Self::Clear => "rules apply and find nothing, or somebody looked",
            Self::Unseen => "no rule fits and nobody looked: think for yourself",
            Self::Flows => "asked of its flows, see their rows",
            Self::NotApplicable => "the letter does not apply",
        }
    }

    /// Its sign.
    pub const fn sign(self) -> char {
        match self {
            Self::Open => '!',
            Self::Waiting => '?',
            Self::Closed => '✓',
            Self::Clear => '○',
            Self::Unseen => '·',
            Self::Flows => '→',
            Self::NotApplicable => '–',
        }
    }

    /// Its sign where there are no others than ASCII's.
    pub const fn ascii(self) -> char {
        match self {
            Self::Open => '!',
            Self::Waiting => '?',
            Self::Closed => '+',
            Self::Clear => 'o',
            Self::Unseen => '.',
            Self::Flows => '>',
            Self::NotApplicable => '-',
        }
    }

    /// Whether it is one of the cells that there is something to know about; what is asked of flows counts there.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Flows | Self::NotApplicable)
    }

    /// Whether nothing is left to be done.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Closed | Self::Clear)
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What is so.
    pub state: CellState,
    /// How many threats are open.
    pub open: usize,
    /// The worst of them.
    pub worst: Option<Severity>,
    /// How many threats are mitigated or decided.
    pub closed: usize,
    /// How many facts rules wait for.
    pub waiting: usize,
    /// Why, where neither threats nor questions say it.
    pub reason: Option<Reason>,
}

impl Cell {
    /// The sign with what belongs to it, such as `!2H?`.
    pub fn text(&self, ascii: bool) -> String {
        let sign = |state: CellState| if ascii { state.ascii() } else { state.sign() };
        let mut text = sign(self.state).to_string();
        match self.state {
            CellState::Open => {
                let worst = self.worst.map_or('-', |worst| worst.name().chars().next().unwrap_or('-'));
                text = format!("{text}{}{worst}", self.open);
                if self.waiting > 0 {
                    text.push(sign(CellState::Waiting));
                }
            }
            CellState::Waiting if self.waiting > 0 => text = format!("{text}{}", self.waiting),
            _ => {}
        }
        text
    }

    /// The state in words, such as `open: 2, worst High; 1 fact missing`.
    pub fn words(&self) -> String {
        let facts = format!("{} {} missing", self.waiting, if self.waiting == 1 { "fact" } else { "facts" });
        match (self.state, &self.reason) {
            (CellState::Open, _) => {
                let worst = self.worst.map_or_else(|| "none rated".to_owned(), |worst| format!("worst {worst}"));
                let facts = if self.waiting > 0 { format!("; {facts}") } else { String::new() };
                format!("open: {}, {worst}{facts}", self.open)
            }
            (CellState::Waiting, None) => format!("waiting: {facts}"),
            (CellState::Closed, _) => format!("closed: {}", self.closed),
            (state, Some(reason)) => format!("{}: {reason}", state.word()),
            (state, None) => state.word().to_owned(),
        }
    }
}

/// Why nothing stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The chart has no such letter for such things.
    Chart,
    /// It is known to handle no personal data.
    Impersonal,
    /// The thing is out of scope.
    OutOfScope,
    /// Somebody looked.
    Said {
        /// What they said.
        verdict: Verdict,
        /// Who.
        by: Option<String>,
        /// Why.
        reason: Option<String>,
    },
    /// So many rules apply and find nothing.
    RuledOut(usize),
    /// The flows that it is asked of.
    Flows(Vec<Id>),
    /// No rule of the model's packs asks this of such things.
    NoRule,
    /// So many rules ask this of such things, and none applies here.
    NoneApplies(usize),
    /// So many rules would have to know more, and do not ask.
    TooLittle(usize),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rules = |n: usize| format!("{n} {}", if n == 1 { "rule" } else { "rules" });
        match self {
            Self::Chart => f.write_str("STRIDE per element does not ask this of its kind"),
            Self::Impersonal => f.write_str("no personal data is handled there"),
            Self::OutOfScope => f.write_str("out of scope"),
            Self::Said { verdict, by, reason } => {
                f.write_str(match verdict {
                    Verdict::NoThreat => "no threat",
                    Verdict::NotApplicable => "does not apply",
                    Verdict::Parked => "put off",
                    Verdict::Threat => "a threat",
                })?;
                by.iter().try_for_each(|by| write!(f, ", says {by}"))?;
                reason.iter().try_for_each(|reason| write!(f, ": {reason}"))
            }
            Self::RuledOut(n) => write!(f, "{} found nothing", rules(*n)),
            Self::Flows(flows) => {
                let ids: Vec<&str> = flows.iter().map(Id::as_str).collect();
                f.write_str(&ids.join(", "))
            }
            Self::NoRule => f.write_str("no rule of the packs asks this of its kind"),
            Self::NoneApplies(1) => f.write_str("the only rule does not apply"),
            Self::NoneApplies(n) => write!(f, "none of {} applies", rules(*n)),
            Self::TooLittle(n) => write!(f, "too little is known for {}", rules(*n)),
        }
    }
}

/// Whether a letter is worth a look at things of a kind (STRIDE per element, Shostack 2014, table 3-2); for stores
/// repudiation only where they hold records of who did what. Privacy is worth one everywhere in the diagram.
pub(super) fn is_charted(letter: Letter, kind: SubjectKind, keeps_records: bool) -> bool {
    use Stride as S;
    let Letter::Stride(letter) = letter else {
        return !matches!(kind, SubjectKind::Boundary | SubjectKind::Asset | SubjectKind::System);
    };
    match kind {
        SubjectKind::Process => true,
        SubjectKind::ExternalEntity => matches!(letter, S::Spoofing | S::Repudiation),
        SubjectKind::Flow => matches!(letter, S::Tampering | S::InformationDisclosure | S::DenialOfService),
        SubjectKind::DataStore => match letter {
            S::Tampering | S::InformationDisclosure | S::DenialOfService => true,
            S::Repudiation => keeps_records,
            S::Spoofing | S::ElevationOfPrivilege => false,
        },
        SubjectKind::Boundary | SubjectKind::Asset | SubjectKind::System => false,
    }
}
