//! Tests of the graph as a whole: paths, guards, cycles, chains, cut points. Each is computed twice, with everything
//! unknown taken against and for it; where the two disagree the answer is unknown.

use super::bits::{Bits, ones};
use super::memory::SearchKey;
use super::{Evaluator, Reach, Route, Truth};
use crate::model::graph::{Neighbours, Nr, Way, Ways};
use crate::model::resolve::{Known, Resolver};
use crate::model::{SubjectKind, Thing};
use crate::rules::language::{Along, Condition};
use std::collections::HashSet;
use std::rc::Rc;

/// Lengths of the longest chains that begin at each node: surely, possibly.
pub(super) type Chains = [Vec<u32>; 2];

/// Pairs of ends that a path connects, and how true that is.
pub(super) type Pairs = Rc<Vec<(Nr, Nr, Truth)>>;

/// A graph test in one form: where paths begin or end, what stops them, and which way they go.
pub(super) struct Search<'a> {
    pub(super) ends: &'a Condition,
    pub(super) stop: Option<&'a Condition>,
    pub(super) route: Route,
    /// Whether the subject is where paths begin.
    pub(super) backwards: bool,
    /// Whether the test holds when there is no path.
    pub(super) negated: bool,
}

impl<'a> Search<'a> {
    /// The search behind a condition; `None` for other conditions.
    pub(super) fn of(condition: &'a Condition) -> Option<Self> {
        use Condition as C;
        let never = |c: &'a Condition| (!matches!(c, C::Any(parts) if parts.is_empty())).then_some(c);
        let (ends, stop, route, backwards, negated) = match condition {
            C::ReachableFrom { from, along, without } | C::Path { from, without, along, .. } => {
                (from, never(without), Route::Along(*along), false, false)
            }
            C::Reaches { to, along, without } => (to, never(without), Route::Along(*along), true, false),
            C::GuardedBy { by, from, along } => (from, never(by), Route::Along(*along), false, true),
            C::TaintedBy { by, without } => (by, never(without), Route::Taint, false, false),
            _ => return None,
        };
        Some(Self { ends, stop, route, backwards, negated })
    }
}

/// Who says a word about a fact.
fn says(resolver: &Resolver<'_>, fact: &str, word: &str) -> impl Fn(Nr) -> bool {
    let said = resolver.of(fact);
    move |nr| matches!(said(nr), Some((Known::Word(said), _)) if said == word)
}

/// Which way flows are followed from callers to the called: answers are no calls.
pub fn way_of_calls(resolver: &Resolver<'_>) -> impl Fn(Nr) -> Way {
    let by_target = says(resolver, "initiator", "target");
    move |flow| match resolver.index.thing(flow) {
        Some(Thing::Flow(f)) if f.response_of.is_some() => Way::Closed,
        _ if by_target(flow) => Way::Backward,
        _ => Way::Forward,
    }
}

/// The route that follows every flow as it is drawn.
const DRAWN: Route = Route::Along(Along::Data);

impl<'a> Evaluator<'a> {
    pub(super) fn graph(&mut self, condition: &'a Condition, nr: Nr) -> Truth {
        use Condition as C;
        match condition {
            C::Path { to, .. } => {
                self.pairs(condition, to, false).iter().map(|pair| pair.2).max().unwrap_or(Truth::False)
            }
            C::ArticulationPoint { between, and } if self.index.is_element(nr) => self.cut(between, and)[nr],
            C::InCycle(test) if self.index.is_element(nr) => self.cycle(test)[nr],
            C::ChainOut(n, test) if self.index.is_element(nr) => {
                let chains = self.chain_lengths(test);
                Truth::between(chains[0][nr] >= *n, chains[1][nr] >= *n)
            }
            _ => match Search::of(condition) {
                Some(search) if nr < self.index.flows().end => {
                    let reach = self.search(&search);
                    let found = Truth::between(reach.surely.contains(nr), reach.possibly.contains(nr));
                    if search.negated { !found } else { found }
                }
                _ => Truth::False,
            },
        }
    }

    pub(super) fn ways(&mut self, route: Route) -> Rc<Ways> {
        if let Some(ways) = self.kept.ways.get(&route) {
            return Rc::clone(ways);
        }
        let own = self.own_ways(route);
        let ways = own.unwrap_or_else(|| self.ways(DRAWN));
        self.kept.ways.insert(route, Rc::clone(&ways));
        ways
    }

    /// The ways of a route; `None` where it follows every flow as it is drawn, though it need not.
    fn own_ways(&self, route: Route) -> Option<Rc<Ways>> {
        let of_calls = way_of_calls(&self.resolver);
        let readonly = says(&self.resolver, "readonly", "yes");
        let way = |flow: Nr| match route {
            DRAWN => Way::Forward,
            Route::Along(Along::Calls) => of_calls(flow),
            Route::Taint => {
                let into_store =
                    self.index.ends(flow).1.is_some_and(|to| self.index.kind(to) == SubjectKind::DataStore);
                if into_store && readonly(flow) { Way::Backward } else { Way::Forward }
            }
        };
        let as_drawn = route != DRAWN && self.index.flows().all(|flow| way(flow) == Way::Forward);
        (!as_drawn).then(|| Rc::new(Ways::new(self.index, way)))
    }

    /// What makes a search the same as another one.
    pub(super) fn key_of(&mut self, search: &Search<'a>) -> SearchKey {
        (self.class(search.ends), search.stop.map(|stop| self.class(stop)), search.route, search.backwards)
    }

    pub(super) fn search(&mut self, search: &Search<'a>) -> Rc<Reach> {
        let key = self.key_of(search);
        if let Some(reach) = self.kept.reaches.get(&key) {
            return Rc::clone(reach);
        }
        let starts = self.column(search.ends);
        let of = |set: &Bits| set.within(self.index.elements()).collect::<Vec<Nr>>();
        let reach = Rc::new(self.reach_from(search, &of(&starts.surely), &of(&starts.possibly)));
        self.kept.reaches.insert(key, Rc::clone(&reach));
        reach
    }

    fn reach_from(&mut self, search: &Search<'a>, surely: &[Nr], possibly: &[Nr]) -> Reach {
        let ways = self.ways(search.route);
        let stops = search.stop.map(|stop| self.column(stop));
        let stop = |nr: Nr| stops.as_ref().map_or(Truth::False, |stops| stops.at(nr));
        let sure = Rc::new(ways.reach(surely, search.backwards, |nr| stop(nr).is_false()));
        // Where nothing is unknown the one search is the other.
        let same = surely == possibly && stops.as_ref().is_none_or(|stops| stops.surely == stops.possibly);
        let possibly = if same {
            Rc::clone(&sure)
        } else {
            Rc::new(ways.reach(possibly, search.backwards, |nr| !stop(nr).is_true()))
        };
        Reach { surely: sure, possibly }
    }

    /// All pairs of ends of a `Path` that are surely connected, by where paths end, and those that may be: of these,
    /// which can be very many, one is enough to know that there are some, unless the `whole` is wanted.
    pub(crate) fn pairs(&mut self, path: &'a Condition, to: &'a Condition, whole: bool) -> Pairs {
        let key = (self.class(path), whole);
        if let Some(pairs) = self.kept.pairs.get(&key) {
            return Rc::clone(pairs);
        }
        let pairs: Pairs = Rc::new(self.connected(path, to, whole).unwrap_or_default());
        self.kept.pairs.insert(key, Rc::clone(&pairs));
        pairs
    }

    /// One pass for every 64 elements where paths end.
    fn connected(&mut self, path: &'a Condition, to: &'a Condition, whole: bool) -> Option<Vec<(Nr, Nr, Truth)>> {
        let search = Search::of(path)?;
        let (from, ends) = (self.column(search.ends), self.column(to));
        let forward = self.search(&search);
        let (ways, stops) = (self.ways(search.route), search.stop.map(|stop| self.column(stop)));
        let stop = |nr: Nr| stops.as_ref().map_or(Truth::False, |stops| stops.at(nr));
        let sources: Vec<Nr> = self.index.elements().filter(|s| !from.at(*s).is_false()).collect();
        let reached = |t: &Nr| !ends.at(*t).is_false() && forward.possibly.contains(*t);
        let targets: Vec<Nr> = self.index.elements().filter(reached).collect();
        let certain = |t: &Nr| ends.at(*t).is_true() && forward.surely.contains(*t);
        let certain: Vec<Nr> = targets.iter().copied().filter(certain).collect();
        let mut pairs = Vec::new();
        if targets.is_empty() {
            return Some(pairs);
        }
        if !certain.is_empty() {
            let knots = ways.knots(|nr| stop(nr).is_false());
            for some in certain.chunks(64) {
                let led = ways.leads_to(some, &knots);
                let sources = sources.iter().filter(|s| from.at(**s).is_true());
                pairs.extend(sources.flat_map(|s| connected_to(*s, some, &led)).map(|(s, t)| (s, t, Truth::True)));
            }
        }
        let sure: HashSet<(Nr, Nr)> = pairs.iter().map(|(s, t, _)| (*s, *t)).collect();
        let knots = ways.knots(|nr| !stop(nr).is_true());
        for some in targets.chunks(64) {
            let led = ways.leads_to(some, &knots);
            let open = sources.iter().flat_map(|s| connected_to(*s, some, &led)).filter(|pair| !sure.contains(pair));
            let before = pairs.len();
            pairs.extend(open.map(|(s, t)| (s, t, Truth::Unknown)).take(if whole { usize::MAX } else { 1 }));
            if !whole && pairs.len() > before {
                break;
            }
        }
        pairs.sort_unstable_by_key(|(source, target, _)| (*target, *source));
        Some(pairs)
    }

    /// The shortest path behind a graph test that is not false, or behind a guard that is not true.
    pub(crate) fn evidence(&mut self, condition: &'a Condition, nr: Nr) -> Vec<Nr> {
        let Some(search) = Search::of(condition) else { return Vec::new() };
        if let Condition::Path { .. } = condition {
            return Vec::new();
        }
        let reach = self.search(&search);
        let reached = if reach.surely.contains(nr) { &reach.surely } else { &reach.possibly };
        if !reached.contains(nr) {
            return Vec::new();
        }
        let mut path = reached.path(nr);
        if search.backwards {
            path.reverse();
        }
        path
    }

    /// The shortest path between the ends of a `Path`.
    pub(crate) fn evidence_between(&mut self, path: &'a Condition, from: Nr, to: Nr) -> Vec<Nr> {
        let Some(search) = Search::of(path) else { return Vec::new() };
        let (ways, stops) = (self.ways(search.route), search.stop.map(|stop| self.column(stop)));
        let stop = |nr: Nr| stops.as_ref().map_or(Truth::False, |stops| stops.at(nr));
        let surely = ways.shortest(from, to, |nr| stop(nr).is_false());
        surely.or_else(|| ways.shortest(from, to, |nr| !stop(nr).is_true())).unwrap_or_default()
    }

    fn cycle(&mut self, test: &'a Condition) -> super::ByElement {
        let class = self.class(test);
        if let Some(column) = self.kept.cycles.get(&class) {
            return Rc::clone(column);
        }
        let (ways, flows) = (self.ways(Route::Along(Along::Data)), self.column(test));
        let index = self.index;
        let knotted = |least: Truth| {
            let mut inside = vec![false; ways.len()];
            let knots = ways.knots(|nr| !index.is_flow(nr) || flows.at(nr) >= least);
            knots.iter().filter(|knot| knot.len() > 1).flatten().for_each(|nr| inside[*nr as usize] = true);
            inside
        };
        let (surely, possibly) = (knotted(Truth::True), knotted(Truth::Unknown));
        let column: super::ByElement =
            Rc::new(index.elements().map(|nr| Truth::between(surely[nr], possibly[nr])).collect());
        self.kept.cycles.insert(class, Rc::clone(&column));
        column
    }

    pub(super) fn chain_lengths(&mut self, test: &'a Condition) -> Rc<Chains> {
        let class = self.class(test);
        if let Some(chains) = self.kept.chains.get(&class) {
            return Rc::clone(chains);
        }
        let (ways, flows) = (self.ways(Route::Along(Along::Calls)), self.column(test));
        let index = self.index;
        let none = Bits::none(index.len());
        let lengths = |least: Truth| {
            let some = if least.is_true() { &flows.surely } else { &flows.possibly };
            if *some == none {
                return vec![0; ways.len()];
            }
            let keep = |nr: Nr| !index.is_flow(nr) || flows.at(nr) >= least;
            let mut length = vec![0_u32; ways.len()];
            // Knots come in reverse order of the arrows, so that what lies behind a knot is known already.
            for knot in ways.knots(keep).iter() {
                let behind =
                    knot.iter().flat_map(|nr| ways.next(*nr as usize)).filter(|nr| *nr >= index.len() || keep(*nr));
                let longest =
                    behind.map(|nr| length[nr].saturating_add(u32::from(index.is_flow(nr)))).max().unwrap_or(0);
                let endless = knot.len() > 1;
                for nr in knot {
                    length[*nr as usize] = if endless { u32::MAX } else { longest };
                }
            }
            length
        };
        let surely = lengths(Truth::True);
        let possibly = if flows.surely == flows.possibly { surely.clone() } else { lengths(Truth::Unknown) };
        let chains = Rc::new([surely, possibly]);
        self.kept.chains.insert(class, Rc::clone(&chains));
        chains
    }

    fn cut(&mut self, between: &'a Condition, and: &'a Condition) -> super::ByElement {
        let key = (self.class(between), self.class(and));
        if let Some(column) = self.kept.cuts.get(&key) {
            return Rc::clone(column);
        }
        let (a, b) = (self.column(between), self.column(and));
        let neighbours = self.index.neighbours();
        let cuts = |least: Truth| separators(&neighbours, |nr| (a.at(nr) >= least, b.at(nr) >= least));
        let (surely, possibly) = (cuts(Truth::True), cuts(Truth::Unknown));
        let column: super::ByElement =
            Rc::new(self.index.elements().map(|nr| Truth::between(surely[nr], possibly[nr])).collect());
        self.kept.cuts.insert(key, Rc::clone(&column));
        column
    }
}

/// Of some ends those that paths from a source lead to, other than itself.
fn connected_to<'s>(source: Nr, some: &'s [Nr], led: &[u64]) -> impl Iterator<Item = (Nr, Nr)> + use<'s> {
    ones(led[source]).map(move |n| (source, some[n])).filter(|(source, target)| source != target)
}

/// Elements of each side: as many as there are below a node of the search tree.
#[derive(Clone, Copy, Default)]
struct Sides(u32, u32);

/// Which elements separate one side from the other: without them some of `a` and some of `b`, connected before, are
/// not connected any more. One depth-first search after Tarjan (1972), without recursion.
fn separators(neighbours: &Neighbours, side: impl Fn(Nr) -> (bool, bool)) -> Vec<bool> {
    let count = neighbours.count();
    let own = |nr: Nr| Sides(u32::from(side(nr).0), u32::from(side(nr).1));
    let mut order = vec![0_usize; count];
    let mut low = vec![0_usize; count];
    let mut below: Vec<Sides> = (0..count).map(own).collect();
    let mut cuts: Vec<Vec<Sides>> = vec![Vec::new(); count];
    let mut found = vec![false; count];
    let mut clock = 0;
    for root in 0..count {
        if order[root] != 0 {
            continue;
        }
        let mut visited = vec![root];
        let mut stack = vec![(root, None, 0)];
        clock += 1;
        (order[root], low[root]) = (clock, clock);
        while let Some((at, parent, next)) = stack.pop() {
            if let Some(to) = neighbours.of(at).get(next).map(|to| *to as usize) {
                stack.push((at, parent, next + 1));
                if Some(to) == parent {
                } else if order[to] != 0 {
                    low[at] = low[at].min(order[to]);
                } else {
                    clock += 1;
                    (order[to], low[to]) = (clock, clock);
                    visited.push(to);
                    stack.push((to, Some(at), 0));
                }
            } else if let Some(parent) = parent {
                low[parent] = low[parent].min(low[at]);
                let part = below[at];
                below[parent] = Sides(below[parent].0 + part.0, below[parent].1 + part.1);
                if low[at] >= order[parent] {
                    cuts[parent].push(part);
                }
            }
        }
        let all = below[root];
        for at in visited {
            let cut: Sides = cuts[at].iter().fold(own(at), |sum, part| Sides(sum.0 + part.0, sum.1 + part.1));
            let rest = Sides(all.0 - cut.0, all.1 - cut.1);
            let parts = cuts[at].iter().chain(std::iter::once(&rest));
            let outside = Sides(all.0 - own(at).0, all.1 - own(at).1);
            found[at] = parts.into_iter().any(|p| p.0 > 0 && outside.1 > p.1 || p.1 > 0 && outside.0 > p.0);
        }
    }
    found
}
