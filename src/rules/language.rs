//! What a rule file can say, as types: a rule with its conditions, its risk and the prose around them.
//! It is not evaluation (`eval`) and not checking (`check`): a value of these types may still name a fact that does
//! not exist. Nothing in a rule is ever executed.

mod condition;
mod sketch;

pub use condition::{Along, Condition};
pub use sketch::{
    Example, Expect, Sketch, SketchAsset, SketchBody, SketchBoundary, SketchElement, SketchFact, SketchFlow,
};

use crate::model::{Stride, SubjectKind};
use serde::{Deserialize, Deserializer};

/// One rule, one file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `pack.letter.name`, also the file's name. Never used again for something else.
    pub id: String,
    /// Grows when the condition changes.
    #[serde(default = "one")]
    pub rev: u32,
    /// Whether it applies by default.
    #[serde(default)]
    pub tier: Tier,
    /// What its outcome is shown as.
    #[serde(default)]
    pub lane: Lane,
    /// Kinds of subjects it looks at.
    pub on: Vec<SubjectKind>,
    /// What may go wrong, as a sentence about `{subject}`.
    pub title: String,
    /// Its STRIDE letters; empty for lints and questions.
    #[serde(default, deserialize_with = "letters")]
    pub stride: Vec<Stride>,
    /// Its privacy letters, beside or in the place of STRIDE's.
    #[serde(default)]
    pub linddun: Vec<Linddun>,
    /// Makes one outcome per asset, flow or path in place of one per subject.
    #[serde(default)]
    pub for_each: Option<Each>,
    /// Whether the rule makes sense for the subject at all.
    #[serde(default)]
    pub applies: Condition,
    /// The weakness.
    pub when: Condition,
    /// The control that stands against it.
    #[serde(default)]
    pub mitigated_by: Option<Condition>,
    /// What to do while a fact that decides is unknown.
    #[serde(default)]
    pub unknown: Unknown,
    /// Likelihood and impact.
    #[serde(default)]
    pub risk: Risk,
    /// Rules with the same word are shown together.
    #[serde(default)]
    pub group: Option<String>,
    /// Whether it may fire on more than a fifth of all subjects of its kind.
    #[serde(default)]
    pub broad: bool,
    /// Records of `assets/mitigations.ron` that close it.
    #[serde(default)]
    pub mitigations: Vec<String>,
    /// More general rules that it speaks for on the same subject and, when it is about an element, on those of the
    /// element's flows whose facts made it fire.
    #[serde(default)]
    pub subsumes: Vec<String>,
    /// What it finds, in general.
    pub finds: String,
    /// Why it matters here, about `{subject}`.
    pub why: String,
    /// How to close it.
    pub fix: String,
    /// How to check that it is closed.
    #[serde(default)]
    pub verify: String,
    /// When it may speak wrongly.
    #[serde(default)]
    pub false_positives: String,
    /// Where to read more.
    #[serde(default)]
    pub refs: Refs,
    /// Small models that show it speak and keep silent.
    #[serde(default)]
    pub examples: Vec<Example>,
}

const fn one() -> u32 {
    1
}

/// What a privacy threat does to the people whom data is about (LINDDUN, KU Leuven, categories of 2023).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Linddun {
    /// Data or acts of one person can be put together.
    Linking,
    /// A person can be recognised.
    Identifying,
    /// A person cannot deny what they did.
    NonRepudiation,
    /// It can be seen that something about a person exists.
    Detecting,
    /// Too much is collected, kept, shared or shown.
    DataDisclosure,
    /// People do not know, or cannot do anything about it.
    Unawareness,
    /// Law, policy or good practice is not followed.
    NonCompliance,
}

impl Linddun {
    /// Every category, in the order of the word.
    pub const ALL: [Self; 7] = [
        Self::Linking,
        Self::Identifying,
        Self::NonRepudiation,
        Self::Detecting,
        Self::DataDisclosure,
        Self::Unawareness,
        Self::NonCompliance,
    ];

    /// Its short mark.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Linking => "L",
            Self::Identifying => "I",
            Self::NonRepudiation => "Nr",
            Self::Detecting => "D",
            Self::DataDisclosure => "Dd",
            Self::Unawareness => "U",
            Self::NonCompliance => "Nc",
        }
    }

    /// Its name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Linking => "linking",
            Self::Identifying => "identifying",
            Self::NonRepudiation => "non-repudiation",
            Self::Detecting => "detecting",
            Self::DataDisclosure => "data disclosure",
            Self::Unawareness => "unawareness",
            Self::NonCompliance => "non-compliance",
        }
    }
}

/// Whether a rule applies by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
pub enum Tier {
    /// Always.
    #[default]
    A,
    /// When a team asks for it.
    B,
}

/// What the outcome of a rule is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
pub enum Lane {
    /// A threat.
    #[default]
    Threat,
    /// A threat of Low severity: good hygiene.
    Hint,
    /// A gap in the model itself, without severity.
    Lint,
    /// A question about what `Unknown` in its condition names.
    Question,
}

/// What an outcome is about besides its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Each {
    /// Every asset a flow carries; key `flow:rule#asset`.
    Carried,
    /// Every asset an element stores.
    Stored,
    /// Every asset an element stores, processes, sends or receives.
    Handled,
    /// Every flow into an element; key `element:rule#flow`.
    InFlow,
    /// Every flow out of an element.
    OutFlow,
    /// Every pair of ends of a `Path` in `when`; key `from>to:rule`. For rules on System.
    Path,
}

/// What to do while a deciding fact is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
pub enum Unknown {
    /// Ask for it.
    #[default]
    Ask,
    /// Take the weakness (or, in `mitigated_by`, its absence) for true or false, and say so.
    Assume(bool),
    /// Say nothing.
    Skip,
}

/// How bad it is, before decisions. Numbers are 1-4 as the rubric explains them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// How likely, 1-4.
    pub likelihood: u8,
    /// How much harm, 1-4.
    pub impact: Impact,
    /// What makes it more or less likely or harmful here.
    #[serde(default)]
    pub adjust: Vec<Adjust>,
}

impl Default for Risk {
    fn default() -> Self {
        Self { likelihood: 1, impact: Impact::Fixed(1), adjust: Vec::new() }
    }
}

/// How much harm.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub enum Impact {
    /// The same everywhere.
    Fixed(u8),
    /// The greatest need of the data involved: of the asset at hand, else of what a flow carries or an element
    /// handles, else of the end of a path.
    FromData {
        /// Which needs count.
        of: Vec<Need>,
        /// Never less than this.
        #[serde(default = "least")]
        at_least: u8,
    },
}

const fn least() -> u8 {
    1
}

/// A need of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Need {
    /// Confidentiality.
    C,
    /// Integrity.
    I,
    /// Availability.
    A,
}

/// A step up or down under a condition.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// When; unknown counts as no.
    pub when: Condition,
    /// Steps of likelihood.
    #[serde(default)]
    pub likelihood: i8,
    /// Steps of impact.
    #[serde(default)]
    pub impact: i8,
}

/// References. Editions: CWE 4.15, CAPEC 3.9, ASVS 5.0.0, ATT&CK 18.1, ATLAS 5.6.0; OWASP ids name theirs, such as
/// `A07:2025`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Refs {
    /// Weaknesses.
    pub cwe: Vec<u32>,
    /// Attack patterns.
    pub capec: Vec<u32>,
    /// OWASP lists, each with its year: Top 10, API, LLM, Kubernetes, CI/CD, agentic.
    pub owasp: Vec<String>,
    /// Requirements of the Application Security Verification Standard.
    pub asvs: Vec<String>,
    /// ATT&CK techniques.
    pub attack: Vec<String>,
    /// ATLAS techniques.
    pub atlas: Vec<String>,
    /// EMB3D threats.
    pub emb3d: Vec<String>,
    /// Mobile requirements.
    pub masvs: Vec<String>,
    /// LINDDUN categories.
    pub linddun: Vec<String>,
    /// Controls of NIST SP 800-53 revision 5.
    pub nist: Vec<String>,
    /// Anything else, as text with its edition.
    pub other: Vec<String>,
}

/// Reads `[S, T]`.
fn letters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Stride>, D::Error> {
    #[derive(Deserialize)]
    enum Letter {
        S,
        T,
        R,
        I,
        D,
        E,
    }
    Ok(Vec::<Letter>::deserialize(deserializer)?
        .into_iter()
        .map(|l| match l {
            Letter::S => Stride::Spoofing,
            Letter::T => Stride::Tampering,
            Letter::R => Stride::Repudiation,
            Letter::I => Stride::InformationDisclosure,
            Letter::D => Stride::DenialOfService,
            Letter::E => Stride::ElevationOfPrivilege,
        })
        .collect())
}
