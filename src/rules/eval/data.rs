//! Tests of data: what flows carry and elements hold. A list that is not stated is unknown, not empty.

use super::bits::Bits;
use super::{Ctx, Evaluator, Truth};
use crate::model::graph::{Index, Nr};
use crate::model::resolve::Known;
use crate::model::{Confidentiality, Id, SubjectKind, Thing};
use crate::rules::language::Condition;
use std::rc::Rc;

/// Assets by the number of an element or flow, and whether the list is complete.
pub(super) type Lists = Vec<(Rc<[Nr]>, bool)>;

/// Lists of assets, and the way back: who has an asset on its list.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) lists: Lists,
    /// Whose list is not complete.
    pub(super) open: Bits,
    users: Vec<Vec<Nr>>,
    /// The number of the first asset.
    first: Nr,
}

impl Side {
    fn new(index: &Index<'_>, lists: Lists) -> Self {
        let first = index.of_kind(SubjectKind::Asset).next().unwrap_or(index.system());
        let mut users = vec![Vec::new(); index.system() - first];
        for (nr, (assets, _)) in lists.iter().enumerate() {
            for asset in assets.iter().filter_map(|asset| asset.checked_sub(first)) {
                users[asset].push(nr);
            }
        }
        let open = lists.iter().enumerate().filter(|(_, (_, complete))| !complete).map(|(nr, _)| nr);
        Self { open: Bits::of(index.len(), open), users, first, lists }
    }

    /// Who has an asset on its list.
    pub(super) fn users(&self, asset: Nr) -> &[Nr] {
        asset.checked_sub(self.first).and_then(|n| self.users.get(n)).map_or(&[], Vec::as_slice)
    }
}

/// Assets of elements and flows, computed once.
#[derive(Debug)]
pub(super) struct Handled {
    /// Of elements and flows: what they have to do with in any way.
    pub(super) any: Side,
    /// Of elements: what rests there.
    pub(super) stored: Side,
    /// Of elements: what is worked on there.
    pub(super) processed: Side,
}

impl Handled {
    /// Of a process what it stores, and of a store what it processes, is taken for nothing when it is not stated.
    pub(super) fn new(index: &Index<'_>) -> Self {
        let none: Rc<[Nr]> = Rc::from([]);
        // Most lists are empty, and these are all the same one.
        let list = |assets: Vec<Nr>| if assets.is_empty() { Rc::clone(&none) } else { assets.into() };
        let (mut stored, mut processed) = (Lists::new(), Lists::new());
        let mut lists: Vec<(Vec<Nr>, bool)> = Vec::with_capacity(index.flows().end);
        for nr in 0..index.flows().end {
            lists.push(match index.thing(nr) {
                Some(Thing::Flow(flow)) => numbers(index, flow.carries.as_ref()),
                Some(Thing::Element(element)) => {
                    let usual = |kind, (assets, stated): (Vec<Nr>, bool)| (assets, stated || index.kind(nr) != kind);
                    let holds = usual(SubjectKind::DataStore, numbers(index, element.stores.as_ref()));
                    let works_on = usual(SubjectKind::Process, numbers(index, element.processes.as_ref()));
                    let both = ([&holds.0[..], &works_on.0].concat(), holds.1 && works_on.1);
                    stored.push((list(holds.0), holds.1));
                    processed.push((list(works_on.0), works_on.1));
                    both
                }
                _ => (Vec::new(), true),
            });
        }
        for element in index.elements() {
            let (mut assets, mut complete) = std::mem::take(&mut lists[element]);
            for flow in index.incoming(element).iter().chain(index.outgoing(element)) {
                assets.extend(&lists[*flow].0);
                complete &= lists[*flow].1;
            }
            assets.sort_unstable();
            assets.dedup();
            lists[element] = (assets, complete);
        }
        let lists = lists.into_iter().map(|(assets, complete)| (list(assets), complete)).collect();
        let side = |lists| Side::new(index, lists);
        Self { any: side(lists), stored: side(stored), processed: side(processed) }
    }

    fn of(&self, nr: Nr) -> (&[Nr], bool) {
        self.any.lists.get(nr).map_or((&[], true), |(assets, complete)| (assets, *complete))
    }
}

fn numbers(index: &Index<'_>, ids: Option<&Vec<Id>>) -> (Vec<Nr>, bool) {
    (ids.into_iter().flatten().filter_map(|id| index.nr(id)).collect(), ids.is_some())
}

impl<'a> Evaluator<'a> {
    pub(super) fn data(&mut self, condition: &'a Condition, at: Ctx) -> Truth {
        use Condition as C;
        match condition {
            C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) | C::AssetKind(_) => {
                if self.index.kind(at.nr) == SubjectKind::Asset {
                    return self.asset(condition, at.nr);
                }
                let (assets, complete) = self.kept.assets.of(at.nr);
                let known = assets.iter().map(|asset| self.asset(condition, *asset)).max().unwrap_or(Truth::False);
                if complete { known } else { known.or(Truth::Unknown) }
            }
            C::Carries(test) if self.index.is_flow(at.nr) => self.some_asset(self.handled(at.nr), test, at),
            C::CarriesNone(test) if self.index.is_flow(at.nr) => !self.some_asset(self.handled(at.nr), test, at),
            C::Stores(test) => self.some_asset(self.stored(at.nr), test, at),
            C::Processes(test) => self.some_asset(self.processed(at.nr), test, at),
            C::Handles(test) => self.some_asset(self.handled(at.nr), test, at),
            C::Each(test) => at.each.map_or(Truth::False, |each| self.eval(test, at.at(each))),
            C::Uses => {
                let (stored, processed) = (self.stored(at.nr), self.processed(at.nr));
                let uses = at.each.is_some_and(|each| stored.0.contains(&each) || processed.0.contains(&each));
                Truth::between(uses, uses || !(stored.1 && processed.1))
            }
            C::ExceedsClearance => self.exceeds_clearance(at.nr),
            _ => Truth::False,
        }
    }

    /// Assets an element or flow has to do with, and whether the list is complete.
    pub(crate) fn handled(&self, nr: Nr) -> (Rc<[Nr]>, bool) {
        self.kept.assets.any.lists.get(nr).cloned().unwrap_or_else(|| (Rc::from([]), true))
    }

    /// Assets an element stores.
    pub(crate) fn stored(&self, nr: Nr) -> (Rc<[Nr]>, bool) {
        self.kept.assets.stored.lists.get(nr).cloned().unwrap_or_else(|| (Rc::from([]), true))
    }

    /// Assets an element processes.
    pub(crate) fn processed(&self, nr: Nr) -> (Rc<[Nr]>, bool) {
        self.kept.assets.processed.lists.get(nr).cloned().unwrap_or_else(|| (Rc::from([]), true))
    }

    fn some_asset(&mut self, (assets, complete): (Rc<[Nr]>, bool), test: &'a Condition, at: Ctx) -> Truth {
        let known = self.any(assets.iter().map(|asset| (test, at.at(*asset))));
        if complete { known } else { known.or(Truth::Unknown) }
    }

    pub(super) fn asset(&self, condition: &Condition, nr: Nr) -> Truth {
        let Some(Thing::Asset(asset)) = self.index.thing(nr) else { return Truth::False };
        Truth::from(match condition {
            Condition::Confidentiality(least) => asset.confidentiality.map(|c| c >= *least),
            Condition::Integrity(least) => asset.integrity.map(|l| l >= *least),
            Condition::Availability(least) => asset.availability.map(|l| l >= *least),
            Condition::AssetKind(kinds) => asset.kind.map(|k| kinds.contains(&k)),
            _ => Some(false),
        })
    }

    fn exceeds_clearance(&self, flow: Nr) -> Truth {
        let Some(target) = self.index.ends(flow).1 else { return Truth::False };
        if self.index.chain(target).is_empty() {
            return Truth::False;
        }
        let clearance = self.resolver.boundaries(target).find_map(|b| b.clearance);
        let (assets, complete) = self.kept.assets.of(flow);
        let above = |nr: &Nr| match self.index.thing(*nr) {
            // What anyone may see is above no clearance.
            Some(Thing::Asset(asset)) if asset.confidentiality == Some(Confidentiality::Public) => Truth::False,
            Some(Thing::Asset(asset)) => Truth::from(asset.confidentiality.zip(clearance).map(|(c, most)| c > most)),
            _ => Truth::False,
        };
        let known = assets.iter().map(above).max().unwrap_or(Truth::False);
        if complete { known } else { known.or(Truth::Unknown) }
    }

    /// Whether anything carries, stores or processes an asset.
    pub(super) fn is_used(&mut self, asset: Nr) -> bool {
        if self.kept.users.is_none() {
            let mut used = vec![false; self.index.len()];
            for asset in (0..self.index.flows().end).flat_map(|nr| self.kept.assets.of(nr).0) {
                used[*asset] = true;
            }
            self.kept.users = Some(used);
        }
        self.kept.users.as_ref().is_some_and(|used| used[asset])
    }

    /// The value of a fact or field as text, if it says something.
    pub(super) fn said(&self, name: &str, nr: Nr) -> Option<String> {
        match self.resolver.get(name, nr)?.0 {
            Known::NotApplicable(_) => None,
            known => Some(known.to_string()),
        }
    }
}
