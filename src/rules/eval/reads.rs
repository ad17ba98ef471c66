//! What an answer rests on: the facts read, the paths found, and the whole tree of conditions for explanations.
//! It evaluates nothing by itself; it unfolds a condition the way `eval` looks at it.

use super::ways::Search;
use super::{Ctx, Evaluator, Truth};
use crate::model::graph::Nr;
use crate::model::{SubjectKind, Thing};
use crate::rules::language::Condition;

/// One fact or field of one subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read<'a> {
    /// The subject.
    pub nr: Nr,
    /// The fact or field.
    pub fact: &'a str,
}

/// How the parts of a condition make up the whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All must hold.
    All,
    /// One must hold.
    Any,
    /// In some other way.
    Other,
}

/// A condition unfolded: what it asks of whom.
struct Unfolded<'a> {
    part: Part,
    parts: Vec<(&'a Condition, Ctx)>,
    reads: Vec<Read<'a>>,
}

/// A condition with its truth and everything below it.
#[derive(Clone, Debug)]
pub struct Trace<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// What it was asked of.
    pub at: Ctx,
    /// The answer.
    pub truth: Truth,
    /// Facts it read itself.
    pub reads: Vec<Read<'a>>,
    /// The path that shows it.
    pub path: Vec<Nr>,
    /// Its parts.
    pub parts: Vec<Trace<'a>>,
}

/// Traces do not list more parts of one condition than this.
const WIDEST: usize = 12;

impl<'a> Evaluator<'a> {
    /// The facts that carry an answer: for an unknown one those that are unknown and decide.
    pub fn reads(&mut self, condition: &'a Condition, at: Ctx, into: &mut Vec<Read<'a>>) {
        let truth = self.eval(condition, at);
        let open = truth == Truth::Unknown;
        // Most conditions are of these forms, and what they ask of is at hand.
        if let Some(fact) = condition.value_of() {
            if self.resolver.applies(fact, at.nr) && self.matters(fact, at.nr, open) {
                into.push(Read { nr: at.nr, fact });
            }
            return;
        }
        if let Condition::All(parts) | Condition::Any(parts) = condition {
            let all = matches!(condition, Condition::All(_));
            let carrying = all == truth.is_false();
            for part in parts {
                if !(open || carrying) || self.eval(part, at) == truth {
                    self.reads(part, at, into);
                    // Questions come one after the other: what the parts behind this one need may not matter any more.
                    if open && all {
                        break;
                    }
                }
            }
            return;
        }
        let unfolded = self.unfold(condition, at, truth);
        let carrying = unfolded.part != Part::Other
            && (unfolded.part == Part::Any) == truth.is_true()
            && (unfolded.part == Part::All) == truth.is_false();
        into.extend(unfolded.reads.into_iter().filter(|read| self.matters(read.fact, read.nr, open)));
        for (part, at) in unfolded.parts {
            if !(open || carrying) || self.eval(part, at) == truth {
                self.reads(part, at, into);
            }
        }
    }

    /// Whether a fact carries an answer: an open one only what is not known.
    fn matters(&self, fact: &str, nr: Nr, open: bool) -> bool {
        // Of an external entity without a boundary the trust is known all the same.
        let settled = || fact == "boundary" && self.kept.trusts[nr].is_some();
        !open || !self.resolver.is_known(fact, nr) && !settled()
    }

    /// The facts that decide whether the first pair of ends that is unknown is connected.
    pub(crate) fn path_reads(&mut self, path: &'a Condition, into: &mut Vec<Read<'a>>) {
        for (part, at) in self.decisive(path, self.index.system(), Truth::Unknown) {
            self.reads(part, at, into);
        }
    }

    /// The whole tree behind an answer.
    pub fn trace(&mut self, condition: &'a Condition, at: Ctx) -> Trace<'a> {
        let truth = self.eval(condition, at);
        let unfolded = self.unfold(condition, at, truth);
        let path = match self.evidence(condition, at.nr) {
            path if path.len() > 1 => path,
            _ => Vec::new(),
        };
        let parts = unfolded.parts.into_iter().take(WIDEST).map(|(part, at)| self.trace(part, at)).collect();
        Trace { condition, at, truth, reads: unfolded.reads, path, parts }
    }

    fn unfold(&mut self, condition: &'a Condition, at: Ctx, truth: Truth) -> Unfolded<'a> {
        use Condition as C;
        let index = self.index;
        let (from, to) = index.ends(at.nr);
        let one = |part: &'a Condition, nr: Option<Nr>| nr.map(|nr| (part, at.at(nr))).into_iter().collect::<Vec<_>>();
        let each = |part: &'a Condition, nrs: &[Nr]| nrs.iter().map(|nr| (part, at.at(*nr))).collect::<Vec<_>>();
        let here = |parts: &'a [Condition]| parts.iter().map(|c| (c, at)).collect::<Vec<_>>();
        let (part, parts) = match condition {
            C::All(parts) => (Part::All, here(parts)),
            C::Any(parts) => (Part::Any, here(parts)),
            C::AtLeastOf(_, parts) => (Part::Other, here(parts)),
            C::Not(part) => (Part::Other, vec![(&**part, at)]),
            C::Xor(a, b) => (Part::Other, vec![(&**a, at), (&**b, at)]),
            C::Source(test) => (Part::Any, one(test, from)),
            C::Target(test) => (Part::Any, one(test, to)),
            C::Peer(test) => (Part::Any, [one(test, from), one(test, to)].concat()),
            C::Each(test) => (Part::Any, one(test, at.each)),
            C::AnyIn(test) => (Part::Any, each(test, index.incoming(at.nr))),
            C::AllIn(test) => (Part::All, each(test, index.incoming(at.nr))),
            C::AnyOut(test) => (Part::Any, each(test, index.outgoing(at.nr))),
            C::AllOut(test) => (Part::All, each(test, index.outgoing(at.nr))),
            C::CountIn(_, test) => (Part::Other, each(test, index.incoming(at.nr))),
            C::CountOut(_, test) => (Part::Other, each(test, index.outgoing(at.nr))),
            C::Upstream { is, through } | C::Downstream { is, through } if truth == Truth::Unknown => {
                let before = matches!(condition, C::Upstream { .. });
                (Part::Any, self.open_beyond((is, through), at, before))
            }
            C::Upstream { is, .. } => (Part::Any, each(is, &self.next_elements(at.nr, true))),
            C::Downstream { is, .. } => (Part::Any, each(is, &self.next_elements(at.nr, false))),
            C::Carries(test) | C::Handles(test) => (Part::Any, each(test, &self.handled(at.nr).0)),
            C::CarriesNone(test) => (Part::Other, each(test, &self.handled(at.nr).0)),
            C::Stores(test) => (Part::Any, each(test, &self.stored(at.nr).0)),
            C::Processes(test) => (Part::Any, each(test, &self.processed(at.nr).0)),
            C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) | C::AssetKind(_)
                if index.kind(at.nr) != SubjectKind::Asset =>
            {
                (Part::Any, each(condition, &self.handled(at.nr).0))
            }
            C::Exists { on, is } | C::Count { on, is, .. } => {
                let all: Vec<Nr> = on.iter().flat_map(|kind| index.of_kind(*kind)).collect();
                (Part::Any, each(is, &all).into_iter().filter(|(c, at)| self.eval(c, *at) == truth).collect())
            }
            C::SharesRuntime(_)
            | C::SharesBoundary { .. }
            | C::ArticulationPoint { .. }
            | C::InCycle(_)
            | C::ChainOut(..) => (Part::Any, self.shared(condition, at.nr, truth)),
            _ => (Part::Any, self.decisive(condition, at.nr, truth)),
        };
        Unfolded { part, parts, reads: self.own_reads(condition, at.nr) }
    }

    /// What decides a graph test: on the path that may or may not be there, the unknown tests along it; of a path
    /// that is there, its beginning.
    fn decisive(&mut self, condition: &'a Condition, nr: Nr, truth: Truth) -> Vec<(&'a Condition, Ctx)> {
        let Some(search) = Search::of(condition) else { return Vec::new() };
        let path = match condition {
            Condition::Path { to, .. } => {
                let pairs = self.pairs(condition, to, false);
                let Some((from, to, _)) = pairs.iter().find(|p| p.2 == truth).copied() else { return Vec::new() };
                self.evidence_between(condition, from, to)
            }
            _ => self.evidence(condition, nr),
        };
        let mut parts = Vec::new();
        let last = match condition {
            Condition::Path { to, .. } => path.last().map(|nr| (&**to, Ctx::of(*nr))),
            _ => None,
        };
        let end = if search.backwards { path.last() } else { path.first() };
        let ends = end.map(|nr| (search.ends, Ctx::of(*nr)));
        let between = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
        let stops = search.stop.into_iter().flat_map(|stop| between.iter().map(move |nr| (stop, Ctx::of(*nr))));
        for (part, at) in ends.into_iter().chain(last).chain(stops) {
            if truth != Truth::Unknown || self.eval(part, at) == Truth::Unknown {
                parts.push((part, at));
            }
        }
        parts
    }

    /// Facts and fields that a condition reads by itself.
    fn own_reads(&self, condition: &'a Condition, nr: Nr) -> Vec<Read<'a>> {
        use Condition as C;
        let read = |nr: Nr, fact: &'a str| Read { nr, fact };
        let (from, to) = self.index.ends(nr);
        if let (Some(fact), false) = (condition.fact(), matches!(condition, C::EndsDiffer(_))) {
            return self.resolver.applies(fact, nr).then(|| read(nr, fact)).into_iter().collect();
        }
        match condition {
            C::Tech(_) | C::Can(_) if self.index.is_element(nr) => vec![read(nr, "tech")],
            C::EndsDiffer(fact) => [from, to].into_iter().flatten().map(|end| read(end, fact)).collect(),
            C::Carries(_) | C::CarriesNone(_) if self.index.is_flow(nr) => vec![read(nr, "carries")],
            C::Stores(_) => vec![read(nr, "stores")],
            C::Processes(_) => vec![read(nr, "processes")],
            C::Uses => self.lists(nr),
            C::Handles(_) => self.all_lists(nr),
            C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) | C::AssetKind(_) => {
                let field = match condition {
                    C::Confidentiality(_) => "confidentiality",
                    C::Integrity(_) => "integrity",
                    C::Availability(_) => "availability",
                    _ => "kind",
                };
                if self.index.kind(nr) == SubjectKind::Asset { vec![read(nr, field)] } else { self.all_lists(nr) }
            }
            C::ExceedsClearance => {
                let assets = self.handled(nr).0;
                let around = to.and_then(|to| self.index.chain(to).first());
                let reads = assets.iter().map(|asset| read(*asset, "confidentiality"));
                reads.chain(around.map(|b| read(*b, "clearance"))).chain([read(nr, "carries")]).collect()
            }
            C::TrustRise(_) | C::TrustDrop(_) => {
                [from, to].into_iter().flatten().map(|end| self.trust_read(end)).collect()
            }
            C::TrustAtMost(_) | C::TrustAtLeast(_) | C::Untrusted => vec![self.trust_read(nr)],
            C::Crosses(kinds) | C::Enters(kinds) | C::Leaves(kinds) if !kinds.is_empty() => {
                let (left, entered) = self.index.crossed(nr);
                left.iter().chain(entered).map(|b| read(*b, "kind")).collect()
            }
            C::InBoundary(kinds) | C::SameBoundary(kinds) if !kinds.is_empty() => {
                self.index.chain(nr).iter().map(|b| read(*b, "kind")).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The field that says how far something is trusted: its innermost boundary's trust, or that boundary itself.
    fn trust_read(&self, nr: Nr) -> Read<'a> {
        let says = |b: &&Nr| self.resolver.get("trust", **b).is_some();
        let chain = self.index.chain(nr);
        match chain.iter().find(says).or(chain.first()) {
            Some(boundary) => Read { nr: *boundary, fact: "trust" },
            None => Read { nr, fact: "boundary" },
        }
    }

    fn lists(&self, nr: Nr) -> Vec<Read<'a>> {
        let fields: &[&'static str] = match self.index.kind(nr) {
            SubjectKind::Process => &["processes"],
            SubjectKind::DataStore => &["stores"],
            SubjectKind::Flow => &["carries"],
            _ => &[],
        };
        fields.iter().map(|f| Read { nr, fact: f }).collect()
    }

    fn all_lists(&self, nr: Nr) -> Vec<Read<'a>> {
        let flows: Vec<Nr> = match self.index.thing(nr) {
            Some(Thing::Element(_)) => [self.index.incoming(nr), self.index.outgoing(nr)].concat(),
            _ => Vec::new(),
        };
        let mut reads = self.lists(nr);
        reads.extend(flows.into_iter().map(|nr| Read { nr, fact: "carries" }));
        reads
    }
}
