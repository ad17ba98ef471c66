//! The closed list of conditions. What each means for a subject is in `eval`; how it reads as a phrase, in `phrase`.
//! There is no arithmetic, no pattern matching and no recursion: every condition ends.

use crate::model::{AssetKind, BoundaryKind, Confidentiality, Level, SubjectKind};
use serde::Deserialize;

/// A test of a subject, three-valued: true, false, or unknown because a fact is unknown. A fact that does not apply
/// (`na`) makes every test of it false, `Lacks` included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Condition {
    /// Always true.
    #[default]
    Always,
    /// Every one holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Exactly one of the two holds.
    Xor(Box<Condition>, Box<Condition>),
    /// At least so many hold.
    AtLeastOf(u32, Vec<Condition>),

    /// The subject is of one of these kinds.
    Kind(Vec<SubjectKind>),
    /// A fact, or a field such as `owner`, has this value.
    Is(String, String),
    /// A fact has one of these values.
    OneOf(String, Vec<String>),
    /// An ordered fact or number is this or more.
    AtLeast(String, String),
    /// An ordered fact or number is this or less.
    AtMost(String, String),
    /// A list fact has at least one of these values.
    Includes(String, Vec<String>),
    /// A fact or field is stated, inherited or provided. Never unknown.
    Known(String),
    /// A fact or field is not known. Never unknown.
    Unknown(String),
    /// A date or a number of days is further back than so many days.
    OlderThan(String, u32),
    /// A fact is known and has one of these values. Never unknown: what nobody said does not count.
    Said(String, Vec<String>),
    /// A control is present, also when inherited.
    Has(String),
    /// A control is present at least partly.
    HasPartly(String),
    /// A control is known to be absent or only partly there.
    Lacks(String),
    /// A control is provided by a mitigation that somebody verified.
    Verified(String),
    /// One of the element's technologies is one of these or a special case of it.
    Tech(Vec<String>),
    /// One of the element's technologies can do this.
    Can(String),

    /// Of an asset: at least so confidential. Of an element or flow: some asset it handles is.
    Confidentiality(Confidentiality),
    /// The same for integrity.
    Integrity(Level),
    /// The same for availability.
    Availability(Level),
    /// Of an asset: it is of one of these kinds.
    AssetKind(Vec<AssetKind>),
    /// Of a flow: some asset it carries passes the test.
    Carries(Box<Condition>),
    /// Of a flow: no asset it carries passes the test.
    CarriesNone(Box<Condition>),
    /// Of an element: some asset it stores passes the test.
    Stores(Box<Condition>),
    /// Of an element: some asset it processes passes the test.
    Processes(Box<Condition>),
    /// Of an element: some asset that it stores, processes, sends or receives passes the test.
    Handles(Box<Condition>),
    /// With `for_each` over assets or flows: the one at hand passes the test.
    Each(Box<Condition>),
    /// Of an element, with `for_each` over assets: it stores or processes the one at hand.
    Uses,
    /// Of a flow: it carries data above the clearance of the boundary that its target is in.
    ExceedsClearance,

    /// Of a flow: where it comes from passes the test.
    Source(Box<Condition>),
    /// Of a flow: where it goes to passes the test.
    Target(Box<Condition>),
    /// Of a flow: at least one end passes the test.
    Peer(Box<Condition>),
    /// Of a flow: a fact or field is different at its two ends.
    EndsDiffer(String),
    /// Of a flow: it enters or leaves a boundary of one of these kinds (`[]`: of any kind, also the implicit one
    /// around everything that is not an external entity).
    Crosses(Vec<BoundaryKind>),
    /// Of a flow: it enters and leaves at least so many boundaries.
    CrossDepth(u32),
    /// Of a flow: it goes into a boundary of one of these kinds (`[]`: any).
    Enters(Vec<BoundaryKind>),
    /// Of a flow: it goes out of a boundary of one of these kinds (`[]`: any).
    Leaves(Vec<BoundaryKind>),
    /// Of a flow: both ends are inside one boundary of one of these kinds (`[]`: the same innermost one).
    SameBoundary(Vec<BoundaryKind>),
    /// Of an element or boundary: some boundary around it is of one of these kinds (`[]`: any).
    InBoundary(Vec<BoundaryKind>),
    /// Of a flow: its target is trusted at least so much more than its source.
    TrustRise(u8),
    /// Of a flow: its target is trusted at least so much less than its source.
    TrustDrop(u8),
    /// Of an element or boundary: trust (0-100) is at most this.
    TrustAtMost(u8),
    /// Of an element or boundary: trust is at least this.
    TrustAtLeast(u8),
    /// Of an element: outsiders control it. Trust of at most 25, inside an internet-like boundary, or an external
    /// entity about which nothing is said.
    Untrusted,

    /// Of an element: some flow into it passes the test.
    AnyIn(Box<Condition>),
    /// Of an element: every flow into it passes the test, and there is one.
    AllIn(Box<Condition>),
    /// Of an element: some flow out of it passes the test.
    AnyOut(Box<Condition>),
    /// Of an element: every flow out of it passes the test, and there is one.
    AllOut(Box<Condition>),
    /// Of an element: at least so many flows into it pass the test.
    CountIn(u32, Box<Condition>),
    /// Of an element: at least so many flows out of it pass the test.
    CountOut(u32, Box<Condition>),
    /// Of an element: it exchanges data with at least so many others.
    DistinctPeers(u32),
    /// Of an element: no flow touches it. Of an asset: nothing carries, stores or processes it.
    Unused,
    /// Of an element or flow: an element that sends to it, directly or `through` others, passes the test.
    Upstream {
        /// The test of the sender.
        is: Box<Condition>,
        /// Elements that are looked through, such as proxies.
        #[serde(default = "never")]
        through: Box<Condition>,
    },
    /// Of an element or flow: an element that it sends to, directly or `through` others, passes the test.
    Downstream {
        /// The test of the receiver.
        is: Box<Condition>,
        /// Elements that are looked through.
        #[serde(default = "never")]
        through: Box<Condition>,
    },

    /// Of an element or flow: something that passes `from` reaches it.
    ReachableFrom {
        /// Where paths begin.
        #[serde(default = "untrusted")]
        from: Box<Condition>,
        /// Which way paths go.
        #[serde(default)]
        along: Along,
        /// Elements and flows that paths must not pass; the ends are not asked.
        #[serde(default = "never")]
        without: Box<Condition>,
    },
    /// Of an element or flow: it reaches something that passes `to`.
    Reaches {
        /// Where paths end.
        to: Box<Condition>,
        /// Which way paths go.
        #[serde(default)]
        along: Along,
        /// Elements and flows that paths must not pass; the ends are not asked.
        #[serde(default = "never")]
        without: Box<Condition>,
    },
    /// Of an element or flow: every path from `from` to it passes an element or flow with this test (the controls
    /// dominate it). The ends are not asked. True where no path leads to it.
    GuardedBy {
        /// The test of the guards, usually `Has`.
        by: Box<Condition>,
        /// Where paths begin.
        #[serde(default = "untrusted")]
        from: Box<Condition>,
        /// Which way paths go.
        #[serde(default)]
        along: Along,
    },
    /// Of an element or flow: data from something that passes `by` gets here, also by way of stores that are read.
    TaintedBy {
        /// Where the data comes from.
        #[serde(default = "untrusted")]
        by: Box<Condition>,
        /// Elements and flows that make the data harmless.
        #[serde(default = "never")]
        without: Box<Condition>,
    },
    /// In a rule on System: a path leads from one element to another. With `for_each: Path` every pair counts once.
    Path {
        /// Where paths begin.
        #[serde(default = "untrusted")]
        from: Box<Condition>,
        /// Where paths end.
        to: Box<Condition>,
        /// Elements and flows that paths must not pass; the ends are not asked.
        #[serde(default = "never")]
        without: Box<Condition>,
        /// Which way paths go.
        #[serde(default)]
        along: Along,
    },
    /// Of an element: without it nothing that passes `between` is connected to something that passes `and` there.
    ArticulationPoint {
        /// The elements on one side.
        between: Box<Condition>,
        /// The elements on the other side.
        and: Box<Condition>,
    },
    /// Of an element: a path leads from it back to it, along flows that pass the test.
    InCycle(Box<Condition>),
    /// Of an element: a chain of at least so many flows that pass the test begins here (calls of calls).
    ChainOut(u32, Box<Condition>),

    /// Of an element: another element on the same runtime passes the test.
    SharesRuntime(Box<Condition>),
    /// Of an element: another element passes the test inside the same boundary: the innermost one of one of these
    /// kinds around it (`[]`: of any kind).
    SharesBoundary {
        /// The test of the other element.
        with: Box<Condition>,
        /// Kinds of boundaries.
        #[serde(default)]
        kinds: Vec<BoundaryKind>,
        /// Only others with which it exchanges no data.
        #[serde(default)]
        without_flow: bool,
    },
    /// Of a flow: flows from at least so many different elements show the same credential.
    SharesCredential(u32),
    /// Something in the model passes the test.
    Exists {
        /// Kinds of subjects to look at.
        on: Vec<SubjectKind>,
        /// The test.
        #[serde(default)]
        is: Box<Condition>,
    },
    /// At least so many things in the model pass the test.
    Count {
        /// How many.
        at_least: u32,
        /// Kinds of subjects to look at.
        on: Vec<SubjectKind>,
        /// The test.
        #[serde(default)]
        is: Box<Condition>,
    },
}

/// The parts of a condition, borrowed one way or the other.
macro_rules! parts {
    ($condition:expr, $iter:ident) => {
        match $condition {
            Self::All(parts) | Self::Any(parts) | Self::AtLeastOf(_, parts) => parts.$iter().collect(),
            Self::Xor(a, b) => vec![a, b],
            Self::Not(part)
            | Self::Carries(part)
            | Self::CarriesNone(part)
            | Self::Stores(part)
            | Self::Processes(part)
            | Self::Handles(part)
            | Self::Each(part)
            | Self::Source(part)
            | Self::Target(part)
            | Self::Peer(part)
            | Self::AnyIn(part)
            | Self::AllIn(part)
            | Self::AnyOut(part)
            | Self::AllOut(part)
            | Self::CountIn(_, part)
            | Self::CountOut(_, part)
            | Self::InCycle(part)
            | Self::ChainOut(_, part)
            | Self::SharesRuntime(part)
            | Self::SharesBoundary { with: part, .. }
            | Self::Exists { is: part, .. }
            | Self::Count { is: part, .. } => vec![part],
            Self::Upstream { is, through } | Self::Downstream { is, through } => vec![is, through],
            Self::ReachableFrom { from: ends, without: stop, .. }
            | Self::Reaches { to: ends, without: stop, .. }
            | Self::GuardedBy { by: stop, from: ends, .. }
            | Self::TaintedBy { by: ends, without: stop } => vec![ends, stop],
            Self::Path { from, to, without, .. } => vec![from, to, without],
            Self::ArticulationPoint { between, and } => vec![between, and],
            _ => Vec::new(),
        }
    };
}

impl Condition {
    /// A condition that never holds.
    pub const NEVER: Self = Self::Any(Vec::new());

    /// Whether it never holds by its form.
    pub fn is_never(&self) -> bool {
        *self == Self::NEVER
    }

    /// The conditions directly inside it, in the order of its fields.
    pub fn parts(&self) -> Vec<&Self> {
        parts!(self, iter)
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Self> {
        parts!(self, iter_mut)
    }

    /// The fact or field whose value it tests; `None` of conditions that look at more than a value.
    pub fn value_of(&self) -> Option<&str> {
        match self {
            Self::Is(name, _)
            | Self::OneOf(name, _)
            | Self::AtLeast(name, _)
            | Self::AtMost(name, _)
            | Self::Includes(name, _)
            | Self::Said(name, _)
            | Self::Known(name)
            | Self::Unknown(name)
            | Self::OlderThan(name, _)
            | Self::Has(name)
            | Self::HasPartly(name)
            | Self::Lacks(name) => Some(name),
            _ => None,
        }
    }

    /// The fact or field that it reads by name.
    pub fn fact(&self) -> Option<&str> {
        match self {
            Self::Verified(name) | Self::EndsDiffer(name) => Some(name),
            _ => self.value_of(),
        }
    }

    /// It and everything inside it.
    pub fn walk<'c>(&'c self, visit: &mut impl FnMut(&'c Self)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "serde asks for the type of the field")]
fn never() -> Box<Condition> {
    Box::new(Condition::NEVER)
}

#[expect(clippy::unnecessary_box_returns, reason = "serde asks for the type of the field")]
fn untrusted() -> Box<Condition> {
    Box::new(Condition::Untrusted)
}

/// Which way paths go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
pub enum Along {
    /// With the data, as flows are drawn.
    #[default]
    Data,
    /// From callers to the called: answers (`response_of`) do not count, and a flow whose `initiator` is `target` is
    /// followed backwards.
    Calls,
}
