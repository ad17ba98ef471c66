//! Tests of what subjects share, and of the model as a whole. Groups are counted once; a subject then takes itself
//! out of its group's count.

use super::{Ctx, Evaluator, Truth};
use crate::model::graph::{Index, Nr};
use crate::model::{BoundaryKind, SubjectKind, Thing};
use crate::rules::language::Condition;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// How many different elements show each credential.
pub(super) fn credentials<'a>(index: &Index<'a>) -> HashMap<&'a str, u32> {
    let mut pairs: BTreeSet<(&str, Nr)> = BTreeSet::new();
    for flow in index.flows() {
        if let (Some(Thing::Flow(f)), Some(from)) = (index.thing(flow), index.ends(flow).0) {
            pairs.extend(f.credential.as_deref().map(|c| (c, from)));
        }
    }
    let mut counts = HashMap::new();
    for (credential, _) in pairs {
        *counts.entry(credential).or_insert(0) += 1;
    }
    counts
}

/// What an element runs on together with others.
pub(super) fn runtime<'a>(index: &Index<'a>, nr: Nr) -> Option<&'a str> {
    match index.thing(nr) {
        Some(Thing::Element(element)) => element.runtime.as_deref(),
        _ => None,
    }
}

/// The innermost boundary of one of these kinds around an element.
pub(super) fn home(index: &Index<'_>, nr: Nr, kinds: &[BoundaryKind]) -> Option<Nr> {
    index.chain(nr).iter().copied().find(|b| match index.thing(*b) {
        Some(Thing::Boundary(b)) => kinds.is_empty() || b.kind.is_some_and(|k| kinds.contains(&k)),
        _ => false,
    })
}

/// How many of a group pass a test: surely, and surely or possibly.
pub(super) type Counts = (u32, u32);

/// Elements by the boundary of some kinds that they are in.
pub(super) type Homes = HashMap<Nr, Vec<Nr>>;

fn add(counts: &mut Counts, truth: Truth) {
    counts.0 += u32::from(truth.is_true());
    counts.1 += u32::from(!truth.is_false());
}

fn without(counts: Counts, truth: Truth) -> Counts {
    (counts.0 - u32::from(truth.is_true()), counts.1 - u32::from(!truth.is_false()))
}

fn at_least(n: u32, counts: Counts) -> Truth {
    Truth::between(counts.0 >= n, counts.1 >= n)
}

impl<'a> Evaluator<'a> {
    pub(super) fn together(&mut self, condition: &'a Condition, nr: Nr) -> Truth {
        use Condition as C;
        match condition {
            C::SharesRuntime(test) => self.shares_runtime(test, nr),
            C::SharesBoundary { with, kinds, without_flow } => self.shares_boundary(with, kinds, *without_flow, nr),
            C::SharesCredential(n) => {
                let Some(Thing::Flow(flow)) = self.index.thing(nr) else { return Truth::False };
                match &flow.credential {
                    Some(credential) => Truth::from(self.credentials.get(credential.as_str()).is_some_and(|c| c >= n)),
                    None => Truth::False,
                }
            }
            C::Exists { on, is } => self.census(1, on, is),
            C::Count { at_least, on, is } => self.census(*at_least, on, is),
            _ => Truth::False,
        }
    }

    fn census(&mut self, n: u32, on: &[SubjectKind], is: &'a Condition) -> Truth {
        let index = self.index;
        let address = std::ptr::from_ref(is) as usize;
        if let Some(truth) = self.kept.censuses.get(&address) {
            return *truth;
        }
        let mut counts = (0, 0);
        for nr in on.iter().flat_map(|kind| index.of_kind(*kind)) {
            let truth = self.eval(is, Ctx::of(nr));
            add(&mut counts, truth);
            if counts.0 >= n {
                break;
            }
        }
        let truth = at_least(n, counts);
        self.kept.censuses.insert(address, truth);
        truth
    }

    fn shares_runtime(&mut self, test: &'a Condition, nr: Nr) -> Truth {
        let index = self.index;
        let Some(own) = runtime(index, nr) else { return Truth::False };
        let column = self.column(test);
        let class = self.class(test);
        let counts = self.runtimes.entry(class).or_insert_with(|| {
            let mut all: HashMap<&str, Counts> = HashMap::new();
            for element in index.elements() {
                if let Some(runtime) = runtime(index, element) {
                    add(all.entry(runtime).or_default(), column.at(element));
                }
            }
            all
        });
        at_least(1, without(counts.get(own).copied().unwrap_or_default(), column.at(nr)))
    }

    /// Elements that are in a boundary of some kinds, by the innermost one.
    pub(super) fn homes(&mut self, kinds: &[BoundaryKind]) -> Rc<Homes> {
        if let Some(homes) = self.kept.homes.get(kinds) {
            return Rc::clone(homes);
        }
        let mut all = Homes::new();
        for nr in self.index.elements() {
            if let Some(home) = home(self.index, nr, kinds) {
                all.entry(home).or_default().push(nr);
            }
        }
        let homes = Rc::new(all);
        self.kept.homes.insert(kinds.to_vec(), Rc::clone(&homes));
        homes
    }

    fn shares_boundary(&mut self, with: &'a Condition, kinds: &[BoundaryKind], without_flow: bool, nr: Nr) -> Truth {
        let index = self.index;
        if !index.is_element(nr) {
            return Truth::False;
        }
        let Some(own) = home(index, nr, kinds) else { return Truth::False };
        let column = self.column(with);
        let key = (self.class(with), kinds.to_vec());
        if !self.kept.groups.contains_key(&key) {
            let mut all: HashMap<Nr, Counts> = HashMap::new();
            for (nr, home) in index.elements().filter_map(|nr| Some((nr, home(index, nr, kinds)?))) {
                add(all.entry(home).or_default(), column.at(nr));
            }
            self.kept.groups.insert(key.clone(), all);
        }
        let counts = self.kept.groups.get(&key).and_then(|all| all.get(&own));
        let mut others = without(counts.copied().unwrap_or_default(), column.at(nr));
        if without_flow {
            for peer in
                index.peers(nr).into_iter().filter(|p| index.is_element(*p) && home(index, *p, kinds) == Some(own))
            {
                others = without(others, column.at(peer));
            }
        }
        at_least(1, others)
    }
}
