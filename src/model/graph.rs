//! The diagram as dense numbers: who touches whom, what lies inside what, and which way one can go.
//! It knows no facts and no rules; which flows may be followed, and what stops a path, are arguments.
//!
//! Elements come first, then flows, boundaries, assets and the system, each in the order of their ids, so that
//! numbers are stable under any reordering of the file. In [`Ways`] flows are nodes too, because they carry controls.

mod knots;
mod moves;
mod spread;
mod ways;

pub use knots::{Knots, Neighbours};
pub use moves::Moves;
pub use spread::Spread;
pub use ways::{Reached, Way, Ways};

use super::{Id, SYSTEM, SubjectKind, Thing, ThreatModel};
use foldhash::{HashMap, HashMapExt as _};

/// The number of a subject.
pub type Nr = usize;

/// A model with numbers in the place of ids. Built once, in time linear in the model.
#[derive(Debug)]
pub struct Index<'m> {
    /// The model.
    pub model: &'m ThreatModel,
    things: Vec<(&'m Id, Thing<'m>)>,
    by_id: HashMap<&'m str, Nr>,
    counts: [usize; 4],
    ends: Vec<(Option<Nr>, Option<Nr>)>,
    /// Flows by the elements that they go to, and by those that they come from.
    incoming: Grouped,
    outgoing: Grouped,
    chains: Vec<Vec<Nr>>,
    /// The innermost boundary around an element, or around both ends of a flow.
    homes: Vec<Option<Nr>>,
    system: Id,
    is_renamed: bool,
}

/// Numbers by what they belong to, one group after the other.
#[derive(Debug, Default)]
struct Grouped {
    all: Vec<Nr>,
    /// Where each group begins; the last one ends with the list.
    starts: Vec<usize>,
}

impl Grouped {
    /// Of pairs of a group below a bound and a member; others belong nowhere.
    fn new(groups: usize, pairs: impl Iterator<Item = (Nr, Nr)> + Clone) -> Self {
        let pairs = pairs.filter(|(group, _)| *group < groups);
        let mut starts = vec![0; groups + 1];
        pairs.clone().for_each(|(group, _)| starts[group + 1] += 1);
        (0..groups).for_each(|group| starts[group + 1] += starts[group]);
        let mut next = starts.clone();
        let mut all = vec![0; starts[groups]];
        for (group, member) in pairs {
            all[next[group]] = member;
            next[group] += 1;
        }
        Self { all, starts }
    }

    fn of(&self, group: Nr) -> &[Nr] {
        match (self.starts.get(group), self.starts.get(group + 1)) {
            (Some(first), Some(end)) => &self.all[*first..*end],
            _ => &[],
        }
    }
}

impl<'m> Index<'m> {
    /// Numbers a model.
    pub fn new(model: &'m ThreatModel) -> Self {
        let things: Vec<(&Id, Thing<'_>)> = (model.elements.iter().map(|(id, e)| (id, Thing::Element(e))))
            .chain(model.flows.iter().map(|(id, f)| (id, Thing::Flow(f))))
            .chain(model.boundaries.iter().map(|(id, b)| (id, Thing::Boundary(b))))
            .chain(model.assets.iter().map(|(id, a)| (id, Thing::Asset(a))))
            .collect();
        let mut by_id = HashMap::with_capacity(things.len());
        for (nr, (id, _)) in things.iter().enumerate() {
            by_id.entry(id.as_str()).or_insert(nr);
        }
        let counts = [model.elements.len(), model.flows.len(), model.boundaries.len(), model.assets.len()];
        let mut index = Self {
            model,
            things,
            by_id,
            counts,
            ends: Vec::with_capacity(counts[1]),
            incoming: Grouped::default(),
            outgoing: Grouped::default(),
            chains: Vec::with_capacity(counts[2]),
            homes: vec![None; counts[0] + counts[1]],
            // The word is an id: a test says so.
            system: Id::slug(SYSTEM, SYSTEM, |_| false),
            is_renamed: model.things().any(|(_, thing)| !thing.formerly().is_empty()),
        };
        for flow in model.flows.values() {
            let end = |id: &Option<Id>| id.as_ref().and_then(|id| index.nr(id)).filter(|nr| index.can_be_end(*nr));
            let ends = (end(&flow.from), end(&flow.to));
            index.ends.push(ends);
        }
        let flows = || (counts[0]..).zip(&index.ends);
        index.outgoing = Grouped::new(counts[0], flows().filter_map(|(flow, ends)| Some((ends.0?, flow))));
        index.incoming = Grouped::new(counts[0], flows().filter_map(|(flow, ends)| Some((ends.1?, flow))));
        for id in model.boundaries.keys() {
            let chain = model.boundary_chain(Some(id)).into_iter().filter_map(|id| index.nr(id)).collect();
            index.chains.push(chain);
        }
        for (nr, element) in model.elements.values().enumerate() {
            index.homes[nr] =
                element.inside.as_ref().and_then(|id| index.nr(id)).filter(|b| !index.chain_of(*b).is_empty());
        }
        for flow in index.flows() {
            if let (Some(from), Some(to)) = index.ends(flow) {
                let (from, to) = (index.chain(from), index.chain(to));
                index.homes[flow] = from.iter().find(|b| to.contains(b)).copied();
            }
        }
        index
    }

    /// How many numbers there are, the system's included.
    pub fn len(&self) -> usize {
        self.things.len() + 1
    }

    /// Never: the system is always there.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// The number of the system.
    pub fn system(&self) -> Nr {
        self.things.len()
    }

    /// Whether anything had another id before.
    pub const fn is_renamed(&self) -> bool {
        self.is_renamed
    }

    /// The number of an id; `None` for the system.
    pub fn nr(&self, id: &Id) -> Option<Nr> {
        self.by_id.get(id.as_str()).copied()
    }

    /// The id of a number.
    pub fn id(&self, nr: Nr) -> &Id {
        self.things.get(nr).map_or(&self.system, |(id, _)| id)
    }

    /// The ids of all numbers in their order, the system's left out.
    pub fn ids(&self) -> Vec<Id> {
        self.things.iter().map(|(id, _)| (*id).clone()).collect()
    }

    /// What has the number; `None` for the system.
    pub fn thing(&self, nr: Nr) -> Option<Thing<'m>> {
        self.things.get(nr).map(|(_, thing)| *thing)
    }

    /// Its kind.
    pub fn kind(&self, nr: Nr) -> SubjectKind {
        self.thing(nr).map_or(SubjectKind::System, Thing::kind)
    }

    /// All numbers of a kind.
    pub fn of_kind(&self, kind: SubjectKind) -> impl Iterator<Item = Nr> + use<'_, 'm> {
        let range = match kind {
            SubjectKind::ExternalEntity | SubjectKind::Process | SubjectKind::DataStore => self.elements(),
            SubjectKind::Flow => self.flows(),
            SubjectKind::Boundary => self.start(2)..self.start(3),
            SubjectKind::Asset => self.start(3)..self.start(4),
            SubjectKind::System => self.system()..self.len(),
        };
        range.filter(move |nr| self.kind(*nr) == kind)
    }

    fn start(&self, section: usize) -> usize {
        self.counts[..section].iter().sum()
    }

    /// Numbers of all elements.
    pub fn elements(&self) -> std::ops::Range<Nr> {
        0..self.counts[0]
    }

    /// Numbers of all flows.
    pub fn flows(&self) -> std::ops::Range<Nr> {
        self.start(1)..self.start(2)
    }

    /// Numbers of all boundaries.
    pub fn boundaries(&self) -> std::ops::Range<Nr> {
        self.start(2)..self.start(3)
    }

    fn can_be_end(&self, nr: Nr) -> bool {
        nr < self.start(1) || (self.start(2)..self.start(3)).contains(&nr)
    }

    /// Whether a number is an element's.
    pub fn is_element(&self, nr: Nr) -> bool {
        nr < self.counts[0]
    }

    /// Whether a number is a flow's.
    pub fn is_flow(&self, nr: Nr) -> bool {
        self.flows().contains(&nr)
    }

    /// Source and target of a flow: elements, or boundaries that stand for their members.
    pub fn ends(&self, flow: Nr) -> (Option<Nr>, Option<Nr>) {
        flow.checked_sub(self.counts[0]).and_then(|n| self.ends.get(n)).copied().unwrap_or_default()
    }

    /// Flows into an element.
    pub fn incoming(&self, element: Nr) -> &[Nr] {
        self.incoming.of(element)
    }

    /// Flows out of an element.
    pub fn outgoing(&self, element: Nr) -> &[Nr] {
        self.outgoing.of(element)
    }

    /// Elements that exchange data, whichever way it goes; once for each flow.
    pub fn neighbours(&self) -> Neighbours {
        let short = |nr: Nr| u32::try_from(nr).unwrap_or(u32::MAX);
        let pair = |(from, to): &(Option<Nr>, Option<Nr>)| Some([short((*from)?), short((*to)?)]);
        let inside = |[from, to]: &[u32; 2]| self.is_element(*from as usize) && self.is_element(*to as usize);
        let pairs = self.ends.iter().filter_map(pair).filter(inside);
        let arrows: Vec<[u32; 2]> = pairs.flat_map(|[from, to]| [[from, to], [to, from]]).collect();
        Neighbours::new(self.elements().len(), &arrows, false)
    }

    /// Elements and boundaries that an element exchanges data with, each once, without itself.
    pub fn peers(&self, element: Nr) -> Vec<Nr> {
        let sources = self.incoming(element).iter().filter_map(|f| self.ends(*f).0);
        let mut peers: Vec<Nr> = sources.chain(self.outgoing(element).iter().filter_map(|f| self.ends(*f).1)).collect();
        peers.sort_unstable();
        peers.dedup();
        peers.retain(|p| *p != element);
        peers
    }

    /// Boundaries around an element, or a boundary and those around it, innermost first. Of a flow: those around
    /// both of its ends.
    pub fn chain(&self, nr: Nr) -> &[Nr] {
        match self.homes.get(nr) {
            Some(home) => home.map_or(&[], |b| self.chain_of(b)),
            None => self.chain_of(nr),
        }
    }

    fn chain_of(&self, boundary: Nr) -> &[Nr] {
        boundary.checked_sub(self.start(2)).and_then(|n| self.chains.get(n)).map_or(&[], Vec::as_slice)
    }

    /// Boundaries that a flow leaves and enters, innermost first; none while an end is loose.
    pub fn crossed(&self, flow: Nr) -> (&[Nr], &[Nr]) {
        let (Some(from), Some(to)) = self.ends(flow) else { return (&[], &[]) };
        let (from, to) = (self.chain(from), self.chain(to));
        let own = |a: &[Nr], b: &[Nr]| a.iter().position(|x| b.contains(x)).unwrap_or(a.len());
        (&from[..own(from, to)], &to[..own(to, from)])
    }
}
