//! What may be other than before after an edit: of which subjects a condition may have another truth, or rest on other
//! facts. There its truth is computed again; what it was elsewhere is kept. Tests of the whole graph are made again and
//! compared. Where it cannot tell, it says "of all".

use super::bits::{Bits, Truths};
use super::column::over;
use super::group::{home, runtime};
use super::memory::SearchKey;
use super::ways::Search;
use super::{Column, Ctx, Drawn, Evaluator};
use crate::model::graph::{Index, Nr, Reached};
use crate::model::{Id, SubjectKind};
use crate::rules::language::{Condition, Each, Rule};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// What an edit touched, and what follows from it.
#[derive(Debug)]
pub struct Dirt<'t> {
    facts: &'t BTreeSet<String>,
    /// Of whom these facts may be known to be something else.
    at: Bits,
    drawn: &'t Drawn,
    /// Whom the change of the diagram touches by itself: of whom something else is said, and who else is tied to these.
    own: Rc<Bits>,
    touched: Rc<Bits>,
    none: Rc<Bits>,
    /// By class of conditions.
    of: Vec<Option<Rc<Bits>>>,
    /// Of whom the truth is another one than before, where it is of anybody; by class.
    turned: HashMap<usize, Rc<Bits>>,
    searched: HashMap<SearchKey, Rc<Bits>>,
}

impl<'t> Dirt<'t> {
    /// Of facts of some subjects, where what a boundary says is so for what is in it; and of what changed in the diagram.
    pub fn new(index: &Index<'_>, facts: &'t BTreeSet<String>, subjects: &BTreeSet<Id>, drawn: &'t Drawn) -> Self {
        let mut at = Bits::none(index.len());
        for nr in subjects.iter().filter_map(|id| index.nr(id)) {
            at.add(nr);
            if index.kind(nr) == SubjectKind::Boundary {
                (0..index.len()).filter(|inner| index.chain(*inner).contains(&nr)).for_each(|inner| at.add(inner));
            }
        }
        let none = Rc::new(Bits::none(index.len()));
        let (own, touched) = if drawn.is_empty() {
            (Rc::clone(&none), Rc::clone(&none))
        } else {
            let touched = drawn.touched(index);
            (Rc::new(touched.own), Rc::new(touched.all))
        };
        Self { facts, at, drawn, own, touched, none, of: Vec::new(), turned: HashMap::new(), searched: HashMap::new() }
    }
}

impl Dirt<'_> {
    fn of(&self, class: usize) -> Option<&Rc<Bits>> {
        self.of.get(class).and_then(Option::as_ref)
    }
}

/// How a condition is made clean.
enum Clean {
    /// Its truth is asked again of some subjects.
    At(Rc<Bits>),
    /// It will be asked again of everybody, and may be other than before of some subjects.
    Anew(Rc<Bits>),
    /// It has been asked again, and may be other than before of some subjects.
    Done(Rc<Bits>),
}

impl<'a> Evaluator<'a> {
    /// Where a rule may say something else, or the same for other reasons. Its conditions are clean then.
    pub(crate) fn dirt_of(&mut self, rule: &'a Rule, dirt: &mut Dirt<'_>) -> Bits {
        let mut all = Bits::none(self.index.len());
        let conditions = [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by);
        for condition in conditions.chain(rule.risk.adjust.iter().map(|adjust| &adjust.when)) {
            all.join(&self.dirt(condition, dirt));
        }
        all.join(&dirt.touched);
        if dirt.facts.contains("owner") && rule.title.contains("{owner}") {
            all.join(&dirt.at);
        }
        // What a path rests on lies along it.
        if rule.for_each == Some(Each::Path) && !all.is_empty() { self.grounds.all.clone() } else { all }
    }

    /// Ends the cleaning, when all rules have been asked for their dirt that read what was touched.
    pub(crate) fn settle(&mut self, dirt: &Dirt<'_>) {
        let Some(past) = self.past.take() else { return };
        if past.moves.is_some() {
            // Nobody has looked at what the rules do not ask.
            for (class, column) in self.kept.columns.iter_mut().enumerate() {
                *column = column.take().filter(|_| dirt.of(class).is_some());
            }
            return;
        }
        let is_clean = |class: &usize| dirt.of(*class).is_none_or(|dirt| dirt.is_empty());
        let mut reaches = past.reaches;
        reaches.retain(|(ends, stop, ..), _| is_clean(ends) && stop.as_ref().is_none_or(is_clean));
        reaches.extend(self.kept.reaches.drain());
        self.kept.reaches = reaches;
    }

    fn dirt(&mut self, condition: &'a Condition, dirt: &mut Dirt<'_>) -> Rc<Bits> {
        let class = self.class(condition);
        if let Some(known) = dirt.of(class) {
            return Rc::clone(known);
        }
        let bits = self.cleaned(condition, class, dirt);
        if dirt.of.len() <= class {
            dirt.of.resize(class + 1, None);
        }
        dirt.of[class] = Some(Rc::clone(&bits));
        bits
    }

    /// Cleans a condition after its parts.
    fn cleaned(&mut self, condition: &'a Condition, class: usize, dirt: &mut Dirt<'_>) -> Rc<Bits> {
        let said = condition.value_of().is_some() || matches!(condition, Condition::Tech(_) | Condition::Can(_));
        let mut own = Rc::clone(if said { &dirt.own } else { &dirt.touched });
        if condition.fact().is_some_and(|fact| dirt.facts.contains(fact)) {
            Rc::make_mut(&mut own).join(&self.own_dirt(condition, &dirt.at));
        }
        let mut parts = Rc::clone(&dirt.none);
        for part in condition.parts() {
            parts = joined(parts, &self.dirt(part, dirt));
        }
        if own.is_empty() && parts.is_empty() {
            return own;
        }
        match self.spread_of_dirt(condition, &own, parts, dirt) {
            Clean::At(bits) => {
                let turned = self.ask_at(condition, class, &bits);
                dirt.turned.extend(turned.map(|turned| (class, turned)));
                bits
            }
            Clean::Anew(bits) => {
                self.forget(class);
                dirt.turned.insert(class, Rc::clone(&bits));
                bits
            }
            Clean::Done(bits) => {
                dirt.turned.insert(class, Rc::clone(&bits));
                bits
            }
        }
    }

    /// Asks again of some subjects, or later of everybody where they are many. Of whom the truth is another one now.
    fn ask_at(&mut self, condition: &'a Condition, class: usize, bits: &Rc<Bits>) -> Option<Rc<Bits>> {
        let mut column = self.forget(class)?;
        if bits.count() * 8 > self.index.len() {
            return Some(Rc::clone(bits));
        }
        let mut turned = None;
        for nr in bits.iter() {
            let truth = self.one(condition, Ctx::of(nr));
            if truth != column.at(nr) {
                Rc::make_mut(&mut column).set(nr, truth);
                turned.get_or_insert_with(|| Bits::none(self.index.len())).add(nr);
            }
        }
        self.kept.columns[class] = Some(column);
        turned.map(Rc::new)
    }

    fn forget(&mut self, class: usize) -> Option<Column> {
        self.kept.columns.get_mut(class).and_then(Option::take)
    }

    /// A set with the flows of its elements and the ends of its flows.
    pub(crate) fn with_neighbours(&self, set: &Bits) -> Bits {
        let mut all = self.flows_at(set);
        all.join(&self.grounds.sources(set));
        all.join(&self.grounds.targets(set));
        all.join(set);
        all
    }

    fn own_dirt(&self, condition: &Condition, at: &Bits) -> Bits {
        let mut own = at.clone();
        if matches!(condition, Condition::EndsDiffer(_)) {
            own.join(&self.flows_at(at));
        }
        own
    }

    fn flows_at(&self, set: &Bits) -> Bits {
        let mut flows = self.grounds.flows_from(set);
        flows.join(&self.grounds.flows_to(set));
        flows
    }

    /// How dirt spreads to the subjects of a condition: its own, and that of its parts.
    fn spread_of_dirt(
        &mut self,
        condition: &'a Condition,
        own: &Rc<Bits>,
        parts: Rc<Bits>,
        dirt: &mut Dirt<'_>,
    ) -> Clean {
        use Condition as C;
        let bits = match condition {
            C::All(_) | C::Any(_) | C::Not(_) | C::Xor(..) | C::AtLeastOf(..) => return Clean::At(joined(parts, own)),
            C::Source(_) => self.grounds.flows_from(&parts),
            C::Target(_) => self.grounds.flows_to(&parts),
            C::Peer(_) => self.flows_at(&parts),
            C::AnyIn(_) | C::AllIn(_) | C::CountIn(..) => self.grounds.targets(&parts),
            C::AnyOut(_) | C::AllOut(_) | C::CountOut(..) => self.grounds.sources(&parts),
            C::Carries(_) | C::CarriesNone(_) | C::Handles(_) => self.users(&parts, |kept| &kept.any),
            C::Stores(_) => self.users(&parts, |kept| &kept.stored),
            C::Processes(_) => self.users(&parts, |kept| &kept.processed),
            C::Each(_) => {
                let mut bits = self.users(&parts, |kept| &kept.any);
                bits.join(&self.grounds.targets(&parts));
                bits.join(&self.grounds.sources(&parts));
                bits
            }
            C::Upstream { through, .. } | C::Downstream { through, .. } => {
                let through = self.column(through);
                self.beyond_dirt(&joined(parts, own), &through, matches!(condition, C::Upstream { .. }))
            }
            C::SharesRuntime(_) | C::SharesBoundary { .. } => {
                self.dirt_of_groups(condition, (*joined(parts, own)).clone(), dirt.drawn)
            }
            C::Exists { on, is } | C::Count { on, is, .. } => {
                return self.dirt_of_census(condition, (on, is), own, dirt);
            }
            C::SharesCredential(_) | C::Unused | C::ArticulationPoint { .. } | C::InCycle(_) | C::ChainOut(..) => {
                return self.compared(condition, own);
            }
            _ => match Search::of(condition) {
                Some(search) if !matches!(condition, C::Path { .. }) && !self.classes.of(condition).at_hand => {
                    return Clean::Anew(joined(self.dirt_of_search(&search, dirt), own));
                }
                None if condition.parts().is_empty() => return Clean::At(Rc::clone(own)),
                _ => {
                    let class = self.class(condition);
                    self.kept.pairs.retain(|(path, _), _| *path != class);
                    return Clean::Anew(Rc::new(self.grounds.all.clone()));
                }
            },
        };
        Clean::At(joined(Rc::new(bits), own))
    }

    /// Who has to do with assets of a set.
    fn users(&self, assets: &Bits, side: impl Fn(&super::data::Handled) -> &super::data::Side) -> Bits {
        if assets.is_empty() {
            return assets.clone();
        }
        over(side(&self.kept.assets), &Truths::known(assets.clone()), self.index.len()).surely
    }

    /// Subjects that look at some of a set, directly or through elements.
    fn beyond_dirt(&self, from: &Bits, through: &Truths, before: bool) -> Bits {
        let (mut seen, mut last) = (from.clone(), from.clone());
        let mut found = from.clone();
        while !last.is_empty() {
            let flows = if before { self.grounds.flows_from(&last) } else { self.grounds.flows_to(&last) };
            let next = if before { self.grounds.targets(&flows) } else { self.grounds.sources(&flows) };
            found.join(&flows);
            found.join(&next);
            last = next;
            last.keep(&through.possibly);
            last.drop(&seen);
            seen.join(&last);
        }
        found
    }

    /// Some subjects with all that share with one of them what a test of a group is about.
    fn dirt_of_groups(&mut self, condition: &'a Condition, some: Bits, drawn: &Drawn) -> Bits {
        let index = self.index;
        let mut all = some;
        match condition {
            Condition::SharesBoundary { with, kinds, .. } => {
                let class = self.class(with);
                self.kept.groups.retain(|(of, _), _| *of != class);
                let known = self.homes(kinds);
                let inner = all.iter().filter(|nr| !index.is_flow(*nr));
                let before = drawn.ties.iter().filter_map(|id| index.nr(id)).filter(|nr| !index.is_element(*nr));
                let homes: BTreeSet<Nr> = inner.chain(before).filter_map(|nr| home(index, nr, kinds)).collect();
                homes.iter().filter_map(|home| known.get(home)).flatten().for_each(|nr| all.add(*nr));
            }
            Condition::SharesRuntime(_) => {
                let own = all.within(index.elements()).filter_map(|nr| runtime(index, nr));
                let own: BTreeSet<&str> = own.chain(drawn.runtimes.iter().map(String::as_str)).collect();
                let shares = |nr: &Nr| runtime(index, *nr).is_some_and(|runtime| own.contains(runtime));
                index.elements().filter(shares).for_each(|nr| all.add(nr));
            }
            _ => {}
        }
        all
    }

    /// A test of the model as a whole rests on those of whom its part is as true as it is itself: unless one of these
    /// came or went or is another matter, it is what it was.
    fn dirt_of_census(
        &mut self,
        condition: &'a Condition,
        (on, is): (&[SubjectKind], &'a Condition),
        own: &Rc<Bits>,
        dirt: &Dirt<'_>,
    ) -> Clean {
        let class = self.class(condition);
        let part = self.class(is);
        self.kept.censuses.remove(&(std::ptr::from_ref::<Condition>(is) as usize));
        let system = self.index.system();
        let Some(before) = self.kept.columns.get(class).and_then(Option::as_ref).map(|column| column.at(system)) else {
            return Clean::At(Rc::clone(own));
        };
        let now = self.one(condition, Ctx::of(system));
        let fewer = on.iter().any(|kind| dirt.drawn.kinds.contains(kind));
        let of_kinds = self.grounds.of_kinds(on);
        let parts = self.column(is);
        let dirty = dirt.of(part).map(|dirty| dirty.both(&of_kinds));
        let counts = |nr: Nr| parts.at(nr) == now || dirt.turned.get(&part).is_some_and(|turned| turned.contains(nr));
        if before == now && !fewer && !dirty.iter().flat_map(Bits::iter).any(counts) {
            return Clean::At(Rc::clone(own));
        }
        Clean::Anew(Rc::new(self.grounds.all.clone()))
    }

    /// A test that is cheap to make again: of whom it is other than before, or open, so that it may rest on other facts.
    fn compared(&mut self, condition: &'a Condition, own: &Rc<Bits>) -> Clean {
        use Condition as C;
        let class = self.classes.of(condition);
        if class.at_hand {
            return Clean::Anew(Rc::new(self.grounds.all.clone()));
        }
        match condition {
            C::ArticulationPoint { between, and } => {
                let key = (self.class(between), self.class(and));
                self.kept.cuts.remove(&key);
            }
            C::InCycle(test) => {
                let key = self.class(test);
                self.kept.cycles.remove(&key);
            }
            C::ChainOut(_, test) => {
                let key = self.class(test);
                self.kept.chains.remove(&key);
            }
            _ => {}
        }
        if let Some(before) = self.forget(class.nr) {
            let now = self.column(condition);
            let others = [before.differences(&now), before.unknown(), now.unknown()];
            return Clean::Done(others.iter().fold(Rc::clone(own), joined));
        }
        Clean::Done(Rc::clone(own))
    }

    /// Of whom paths are other than before, or pass what is; of nobody where nobody has asked.
    fn dirt_of_search(&mut self, search: &Search<'a>, dirt: &mut Dirt<'_>) -> Rc<Bits> {
        let key = self.key_of(search);
        if let Some(known) = dirt.searched.get(&key) {
            return Rc::clone(known);
        }
        let bound = self.index.len();
        let mut bits = Bits::none(bound);
        if let Some(before) = self.past.as_ref().and_then(|past| past.reaches.get(&key)).cloned() {
            let now = self.search(search);
            let mut of_parts = Bits::none(bound);
            for class in [Some(key.0), key.1].into_iter().flatten() {
                dirt.of(class).into_iter().for_each(|dirty| of_parts.join(dirty));
            }
            let moves = self.past.as_ref().and_then(|past| past.moves.as_deref());
            let mut compare = |before: &Reached, now: &Reached| {
                let first = self.index.flows().end;
                let other = now.differences(before, moves, first, |nr| of_parts.contains(nr));
                bits.join(&Bits::of(bound, other));
            };
            compare(&before.surely, &now.surely);
            if !Rc::ptr_eq(&before.surely, &before.possibly) || !Rc::ptr_eq(&now.surely, &now.possibly) {
                compare(&before.possibly, &now.possibly);
            }
        }
        let bits = Rc::new(bits);
        dirt.searched.insert(key, Rc::clone(&bits));
        bits
    }
}

/// Two sets as one; what holds the other already is not copied.
fn joined(mut set: Rc<Bits>, other: &Bits) -> Rc<Bits> {
    if !set.holds(other) {
        Rc::make_mut(&mut set).join(other);
    }
    set
}
