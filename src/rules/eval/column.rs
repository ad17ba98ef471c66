//! The truth of a condition for all subjects at once, computed once for each distinct condition and then looked up.
//! It adds no meaning: a column holds what `one` says about every single subject.
//!
//! What hardly any subject says something about costs only as much as it is said; where nothing can hold any more,
//! the rest of an "and" is not looked at.

use super::data::{Handled, Lists};
use super::ways::Search;
use super::{Column, Ctx, Evaluator, Truth};
use crate::model::graph::Nr;
use crate::rules::language::Condition;
use std::collections::HashMap;
use std::rc::Rc;

/// What is known about conditions by where they stand. Equal ones are of one class and share their column.
#[derive(Debug, Default)]
pub(super) struct Classes<'a> {
    by_place: HashMap<usize, Class, std::hash::BuildHasherDefault<PlaceHasher>>,
    by_content: HashMap<&'a Condition, Class>,
}

/// A number for all equal conditions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    pub(super) nr: usize,
    /// Whether it asks about the asset or flow at hand, so that it has no answer for a subject alone.
    pub(super) at_hand: bool,
}

/// Places in memory are numbers already; their lowest bits are all alike.
#[derive(Debug, Default)]
pub(super) struct PlaceHasher(u64);

impl std::hash::Hasher for PlaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) ^ u64::from(*byte);
        }
    }

    fn write_usize(&mut self, place: usize) {
        // The golden ratio spreads what differs over all bits (Knuth, The Art of Computer Programming 3, 6.4).
        self.0 = (place as u64 >> 3).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<'a> Classes<'a> {
    pub(super) fn of(&mut self, condition: &'a Condition) -> Class {
        let place = std::ptr::from_ref(condition) as usize;
        if let Some(class) = self.by_place.get(&place) {
            return *class;
        }
        let new = Class { nr: self.by_content.len(), at_hand: asks_at_hand(condition) };
        let class = *self.by_content.entry(condition).or_insert(new);
        self.by_place.insert(place, class);
        class
    }
}

fn asks_at_hand(condition: &Condition) -> bool {
    let mut asks = false;
    condition.walk(&mut |part| asks |= matches!(part, Condition::Each(_) | Condition::Uses));
    asks
}

/// Whether one of some assets passes a test; a list that is not complete may hold more of them.
fn some(column: &[Truth], assets: &[Nr], complete: bool) -> Truth {
    let known = assets.iter().map(|asset| column[*asset]).max().unwrap_or(Truth::False);
    if complete { known } else { known.or(Truth::Unknown) }
}

impl<'a> Evaluator<'a> {
    /// The number of a condition's class.
    pub(super) fn class(&mut self, condition: &'a Condition) -> usize {
        self.classes.of(condition).nr
    }

    /// The truth of a condition for all subjects, by number, with no asset or flow at hand.
    pub(crate) fn column(&mut self, condition: &'a Condition) -> Column {
        let class = self.class(condition);
        if let Some(column) = self.columns.get(class).and_then(Option::as_ref) {
            return Rc::clone(column);
        }
        let column: Column = Rc::new(self.build(condition));
        if self.columns.len() <= class {
            self.columns.resize(class + 1, None);
        }
        self.columns[class] = Some(Rc::clone(&column));
        column
    }

    fn build(&mut self, condition: &'a Condition) -> Vec<Truth> {
        use Condition as C;
        let index = self.index;
        match condition {
            C::All(parts) => self.joined(parts, Truth::True, Truth::and),
            C::Any(parts) => self.joined(parts, Truth::False, Truth::or),
            C::Not(part) => self.column(part).iter().map(|truth| !*truth).collect(),
            C::Source(test) => self.at_ends(test, |(from, _)| [from, None]),
            C::Target(test) => self.at_ends(test, |(_, to)| [to, None]),
            C::Peer(test) => self.at_ends(test, |(from, to)| [from, to]),
            C::AnyIn(test) => self.over(test, |nr| index.incoming(nr), Truth::False, Truth::or),
            C::AnyOut(test) => self.over(test, |nr| index.outgoing(nr), Truth::False, Truth::or),
            C::AllIn(test) => self.over(test, |nr| index.incoming(nr), Truth::True, Truth::and),
            C::AllOut(test) => self.over(test, |nr| index.outgoing(nr), Truth::True, Truth::and),
            // Of the model as a whole the answer is the same wherever it is asked.
            C::Path { .. } | C::Exists { .. } | C::Count { .. } => {
                vec![self.one(condition, Ctx::of(index.system())); index.len()]
            }
            C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) | C::AssetKind(_) => self.of_assets(condition),
            C::Carries(test) => self.over_assets(test, |assets| &assets.lists, |nr| index.is_flow(nr)),
            C::Handles(test) => self.over_assets(test, |assets| &assets.lists, |_| true),
            C::Stores(test) => self.over_assets(test, |assets| &assets.stored, |_| true),
            C::Processes(test) => self.over_assets(test, |assets| &assets.processed, |_| true),
            C::Upstream { is, through } if through.is_never() => self.beside(is, true),
            C::Downstream { is, through } if through.is_never() => self.beside(is, false),
            C::Tech(wanted) => self.made_of(&self.resolver.are_tech(wanted)),
            C::Can(capability) => self.made_of(&self.resolver.are_able(capability)),
            _ => match (self.of_fact(condition), Search::of(condition)) {
                (Some(column), _) => column,
                (None, Some(search)) => self.of_search(&search),
                _ => (0..index.len()).map(|nr| self.one(condition, Ctx::of(nr))).collect(),
            },
        }
    }

    fn joined(&mut self, parts: &'a [Condition], start: Truth, join: fn(Truth, Truth) -> Truth) -> Vec<Truth> {
        let mut all = vec![start; self.index.len()];
        for part in parts {
            let column = self.column(part);
            all.iter_mut().zip(column.iter()).for_each(|(truth, part)| *truth = join(*truth, *part));
            if start.is_true() && all.iter().all(|truth| truth.is_false()) {
                break;
            }
        }
        all
    }

    /// A test of the ends of flows; nothing else has ends.
    fn at_ends(
        &mut self,
        test: &'a Condition,
        ends: impl Fn((Option<Nr>, Option<Nr>)) -> [Option<Nr>; 2],
    ) -> Vec<Truth> {
        let column = self.column(test);
        let mut all = vec![Truth::False; self.index.len()];
        for flow in self.index.flows() {
            let truths = ends(self.index.ends(flow)).into_iter().flatten().map(|end| column[end]);
            all[flow] = truths.max().unwrap_or(Truth::False);
        }
        all
    }

    /// A test of the flows at elements; of none of them nothing holds.
    fn over(
        &mut self,
        test: &'a Condition,
        flows: impl Fn(Nr) -> &'a [Nr],
        start: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> Vec<Truth> {
        let column = self.column(test);
        let mut all = vec![Truth::False; self.index.len()];
        for element in self.index.elements() {
            let flows = flows(element);
            if !flows.is_empty() {
                all[element] = flows.iter().fold(start, |truth, flow| join(truth, column[*flow]));
            }
        }
        all
    }

    /// A test of assets: of themselves, and of whatever has to do with some that pass.
    fn of_assets(&self, condition: &Condition) -> Vec<Truth> {
        let mut all: Vec<Truth> = (0..self.index.len()).map(|nr| self.asset(condition, nr)).collect();
        for (nr, (assets, complete)) in self.assets.lists.iter().enumerate() {
            all[nr] = some(&all, assets, *complete);
        }
        all
    }

    /// A test of the assets that elements or flows have to do with; those of another kind have none.
    fn over_assets(
        &mut self,
        test: &'a Condition,
        lists: impl Fn(&Handled) -> &Lists,
        fits: impl Fn(Nr) -> bool,
    ) -> Vec<Truth> {
        let column = self.column(test);
        let mut all = vec![Truth::False; self.index.len()];
        for (nr, (assets, complete)) in lists(&self.assets).iter().enumerate().filter(|(nr, _)| fits(*nr)) {
            all[nr] = some(&column, assets, *complete);
        }
        all
    }

    /// A test of the elements next to an element or flow.
    fn beside(&mut self, test: &'a Condition, before: bool) -> Vec<Truth> {
        let column = self.column(test);
        let index = self.index;
        let end = |flow: Nr| if before { index.ends(flow).0 } else { index.ends(flow).1 };
        let at_end = |flow: &Nr| end(*flow).map_or(Truth::False, |end| column[end]);
        let flows = |nr: Nr| if before { index.incoming(nr) } else { index.outgoing(nr) };
        let mut all = vec![Truth::False; index.len()];
        for element in index.elements() {
            all[element] = flows(element).iter().map(at_end).max().unwrap_or(Truth::False);
        }
        for flow in index.flows() {
            all[flow] = at_end(&flow);
        }
        all
    }

    fn of_search(&mut self, search: &Search<'a>) -> Vec<Truth> {
        let reach = self.search(search);
        let mut all = vec![Truth::False; self.index.len()];
        for (nr, truth) in all.iter_mut().enumerate().take(self.index.flows().end) {
            let found = Truth::between(reach.surely.contains(nr), reach.possibly.contains(nr));
            *truth = if search.negated { !found } else { found };
        }
        all
    }

    fn made_of(&self, wanted: &[bool]) -> Vec<Truth> {
        let mut all = vec![Truth::False; self.index.len()];
        for nr in self.index.elements() {
            all[nr] = Truth::from(self.resolver.made_of(wanted, nr));
        }
        all
    }

    /// A test of one fact that subjects say themselves or get from mitigations; `None` where boundaries or
    /// technologies say it too, and for other tests.
    fn of_fact(&mut self, condition: &'a Condition) -> Option<Vec<Truth>> {
        let own = self.resolver.own_facts(condition.value_of()?)?;
        let unsaid = own.applies.map(|applies| super::fact::judge(condition, None, applies, None, self.today));
        let mut all: Vec<Truth> = match unsaid {
            [truth, ..] if unsaid.iter().all(|other| *other == truth) => vec![truth; self.kinds.len()],
            _ => self.kinds.iter().map(|kind| unsaid[*kind as usize]).collect(),
        };
        let said = own.stated.iter().copied().chain(own.provided.iter().map(|(nr, (value, _))| (*nr, *value)));
        for (nr, value) in said {
            let kind = self.kinds[nr] as usize;
            let known = value.into();
            all[nr] = super::fact::judge(condition, Some(&known), own.applies[kind], own.defs[kind], self.today);
        }
        let is_field = own.is_field;
        let fields = self.kinds.iter().enumerate().filter(|(_, kind)| is_field[**kind as usize]);
        for nr in fields.map(|(nr, _)| nr).collect::<Vec<Nr>>() {
            all[nr] = self.one(condition, Ctx::of(nr));
        }
        Some(all)
    }
}
