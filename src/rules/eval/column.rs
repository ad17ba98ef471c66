//! The truth of a condition for all subjects at once, computed once for each distinct condition and then looked up.
//! It adds no meaning: a column holds what `one` says about every single subject.
//!
//! Columns are sets of subjects as bits: joining them costs next to nothing, and what holds of few costs little to
//! carry on to their flows and neighbours.

use super::bits::{Bits, Truths};
use super::data::Side;
use super::ground::{Grounds, Spread};
use super::ways::Search;
use super::{Column, Ctx, Evaluator, Truth};
use crate::model::SubjectKind;
use crate::model::graph::{Nr, Reached};
use crate::rules::language::{Condition, Rule};
use std::rc::Rc;

impl<'a> Evaluator<'a> {
    /// The number of a condition's class.
    pub(super) fn class(&mut self, condition: &'a Condition) -> usize {
        self.classes.of(condition).nr
    }

    /// The truth of a condition for all subjects, by number, with no asset or flow at hand.
    pub(crate) fn column(&mut self, condition: &'a Condition) -> Column {
        let class = self.class(condition);
        if let Some(column) = self.kept.columns.get(class).and_then(Option::as_ref) {
            return Rc::clone(column);
        }
        let column: Column = Rc::new(self.build(condition));
        if self.kept.columns.len() <= class {
            self.kept.columns.resize(class + 1, None);
        }
        self.kept.columns[class] = Some(Rc::clone(&column));
        column
    }

    /// Of some subjects those of whom a rule may have something to say: it is about their kind, and neither `applies`
    /// nor `when` is false of them.
    pub(crate) fn candidates(&mut self, rule: &'a Rule, scoped: &Bits) -> Bits {
        let mut some = self.grounds.of_kinds(&rule.on);
        some.keep(scoped);
        for condition in [&rule.applies, &rule.when] {
            // Of what depends on the asset or flow at hand nothing is known yet.
            if some.is_empty() || rule.for_each.is_some() && self.classes.of(condition).at_hand {
                continue;
            }
            some.keep(&self.column(condition).possibly);
        }
        some
    }

    /// All subjects.
    pub(crate) fn everybody(&self) -> Bits {
        self.grounds.all.clone()
    }

    /// Subjects that pass a test.
    pub(crate) fn subjects(&self, passes: impl Fn(Nr) -> bool) -> Bits {
        Bits::of(self.index.len(), (0..self.index.len()).filter(|nr| passes(*nr)))
    }

    fn build(&mut self, condition: &'a Condition) -> Truths {
        use Condition as C;
        let bound = self.index.len();
        match condition {
            C::All(parts) => self.all_of(parts),
            C::Any(parts) => self.any_of(parts),
            C::Not(part) => self.column(part).opposite(&self.grounds.all),
            C::Kind(kinds) => Truths::known(self.grounds.of_kinds(kinds)),
            C::Source(test) => self.from(test, Grounds::flows_from),
            C::Target(test) => self.from(test, Grounds::flows_to),
            C::Peer(test) => self.from(test, |grounds, set| {
                let mut flows = grounds.flows_from(set);
                flows.join(&grounds.flows_to(set));
                flows
            }),
            C::AnyIn(test) => self.from(test, Grounds::targets),
            C::AnyOut(test) => self.from(test, Grounds::sources),
            C::AllIn(test) => self.from(test, |grounds, set| {
                let mut some = grounds.targets(&grounds.flows);
                some.drop(&grounds.targets(&grounds.other_flows(set)));
                some
            }),
            C::AllOut(test) => self.from(test, |grounds, set| {
                let mut some = grounds.sources(&grounds.flows);
                some.drop(&grounds.sources(&grounds.other_flows(set)));
                some
            }),
            C::Upstream { is, through } => self.all_beyond(is, through, |grounds, set| {
                let flows = grounds.flows_from(set);
                (grounds.targets(&flows), flows)
            }),
            C::Downstream { is, through } => self.all_beyond(is, through, |grounds, set| {
                let flows = grounds.flows_to(set);
                (grounds.sources(&flows), flows)
            }),
            // Of the model as a whole the answer is the same wherever it is asked.
            C::Path { .. } | C::Exists { .. } | C::Count { .. } => {
                let mut all = Truths::none(bound);
                let truth = self.one(condition, Ctx::of(self.index.system()));
                all.all(&self.grounds.all, truth);
                all
            }
            C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) | C::AssetKind(_) => {
                let mut own = Truths::none(bound);
                own.put(self.grounds.of_kinds(&[SubjectKind::Asset]).iter(), |nr| self.asset(condition, nr));
                let of_others = over(&self.kept.assets.any, &own, bound);
                own.or(&of_others);
                own
            }
            C::Carries(test) => self.carried(test),
            C::CarriesNone(test) => self.carried(test).opposite(&self.grounds.flows),
            C::Handles(test) => {
                let test = self.column(test);
                over(&self.kept.assets.any, &test, bound)
            }
            C::Stores(test) => {
                let test = self.column(test);
                over(&self.kept.assets.stored, &test, bound)
            }
            C::Processes(test) => {
                let test = self.column(test);
                over(&self.kept.assets.processed, &test, bound)
            }
            C::Tech(wanted) => self.grounds.made_of(&self.resolver.are_tech(wanted)),
            C::Can(capability) => self.grounds.made_of(&self.resolver.are_able(capability)),
            C::InBoundary(_) => self.by_home(condition),
            _ => match (condition.value_of(), Search::of(condition)) {
                (Some(fact), _) => self.of_fact(condition, fact),
                (None, Some(search)) => self.of_search(&search),
                _ => self.of_each(condition),
            },
        }
    }

    fn all_of(&mut self, parts: &'a [Condition]) -> Truths {
        let mut all = Truths::known(self.grounds.all.clone());
        for part in parts {
            let column = self.column(part);
            all.and(&column);
            if all.possibly.is_empty() {
                break;
            }
        }
        all
    }

    fn any_of(&mut self, parts: &'a [Condition]) -> Truths {
        let mut any = Truths::none(self.index.len());
        for part in parts {
            let column = self.column(part);
            any.or(&column);
        }
        any
    }

    /// A test of others, and how to get from those that pass it to the subjects.
    fn from(&mut self, test: &'a Condition, way: impl Fn(&Grounds<'a>, &Bits) -> Bits) -> Truths {
        let column = self.column(test);
        column.map(|set| way(&self.grounds, set))
    }

    /// Elements and flows next to some that pass a test, or to elements one can look through to these. `step` gives
    /// the elements one step further, and the flows between.
    fn all_beyond(
        &mut self,
        is: &'a Condition,
        through: &'a Condition,
        step: impl Fn(&Grounds<'a>, &Bits) -> (Bits, Bits),
    ) -> Truths {
        let (is, through) = (self.column(is), self.column(through));
        let grow = |is: &Bits, through: &Bits| {
            let (mut seen, mut last) = (is.clone(), is.clone());
            let mut found = Bits::none(self.index.len());
            while !last.is_empty() {
                let (next, flows) = step(&self.grounds, &last);
                found.join(&next);
                found.join(&flows);
                last = next;
                last.keep(through);
                last.drop(&seen);
                seen.join(&last);
            }
            found
        };
        Truths { surely: grow(&is.surely, &through.surely), possibly: grow(&is.possibly, &through.possibly) }
    }

    fn carried(&mut self, test: &'a Condition) -> Truths {
        let column = self.column(test);
        let mut carried = over(&self.kept.assets.any, &column, self.index.len());
        carried.surely.keep(&self.grounds.flows);
        carried.possibly.keep(&self.grounds.flows);
        carried
    }

    fn of_search(&mut self, search: &Search<'a>) -> Truths {
        let reach = self.search(search);
        let (bound, range) = (self.index.len(), 0..self.index.flows().end);
        let of = |reached: &Reached| Bits::of(bound, range.clone().filter(|nr| reached.contains(*nr)));
        let found = Truths { surely: of(&reach.surely), possibly: of(&reach.possibly) };
        if search.negated { found.opposite(&Bits::range(bound, range)) } else { found }
    }

    /// A test that depends on the boundaries around a subject only.
    fn by_home(&mut self, condition: &'a Condition) -> Truths {
        let index = self.index;
        let mut all = Truths::none(index.len());
        for boundary in index.of_kind(SubjectKind::Boundary) {
            let truth = self.one(condition, Ctx::of(boundary));
            if !truth.is_false() {
                all.put([boundary], |_| truth);
            }
        }
        let known = all.clone();
        let home = |nr| index.chain(nr).first().map_or(Truth::False, |home| known.at(*home));
        all.put(0..index.flows().end, home);
        all
    }

    /// A test that has to be asked of every subject. Of flows only where nothing else can pass it.
    fn of_each(&mut self, condition: &'a Condition) -> Truths {
        use Condition as C;
        let mut all = Truths::none(self.index.len());
        let about = match condition {
            C::EndsDiffer(_)
            | C::Crosses(_)
            | C::Enters(_)
            | C::Leaves(_)
            | C::SameBoundary(_)
            | C::TrustRise(_)
            | C::TrustDrop(_)
            | C::ExceedsClearance
            | C::SharesCredential(_) => self.index.flows(),
            C::SharesRuntime(_)
            | C::SharesBoundary { .. }
            | C::ArticulationPoint { .. }
            | C::InCycle(_)
            | C::ChainOut(..) => self.index.elements(),
            _ => 0..self.index.len(),
        };
        all.put(about, |nr| self.one(condition, Ctx::of(nr)));
        all
    }

    /// A test of one fact: each value is judged once for each kind of subject.
    fn of_fact(&mut self, condition: &'a Condition, fact: &'a str) -> Truths {
        use Condition as C;
        let mut all = Truths::none(self.index.len());
        let Some(spread) = self.spread(fact) else {
            return Truths::each(self.index.len(), |nr| self.one(condition, Ctx::of(nr)));
        };
        for (kind, of_kind) in self.grounds.kinds.iter().enumerate().filter(|(kind, _)| !spread.is_field[*kind]) {
            let (applies, def) = (spread.applies[kind], spread.defs[kind]);
            let unsaid = super::fact::judge(condition, None, applies, None, self.today);
            if !unsaid.is_false() {
                let mut unsaid_of = of_kind.clone();
                unsaid_of.drop(&spread.said);
                all.all(&unsaid_of, unsaid);
            }
            for (value, of) in &spread.values {
                if !of_kind.meets(of) {
                    continue;
                }
                let truth = super::fact::judge(condition, Some(value), applies, def, self.today);
                if !truth.is_false() {
                    all.all(&of.both(of_kind), truth);
                }
            }
        }
        let mut fields = Bits::none(self.index.len());
        let kinds = self.grounds.kinds.iter().zip(spread.is_field).filter(|(_, is_field)| *is_field);
        kinds.for_each(|(of_kind, _)| fields.join(of_kind));
        if let (C::Known(_) | C::Unknown(_), Some(stated)) = (condition, self.resolver.field_is_stated(fact)) {
            let wanted = matches!(condition, C::Known(_));
            all.put(fields.iter(), |nr| Truth::from(stated(nr) == wanted));
        } else {
            all.put(fields.iter(), |nr| self.one(condition, Ctx::of(nr)));
        }
        all
    }

    /// Who says what about a fact, gathered once.
    fn spread(&mut self, fact: &'a str) -> Option<Rc<Spread<'a>>> {
        let resolver = &self.resolver;
        let stated = self.stated.get_or_insert_with(|| resolver.stated());
        self.spreads.entry(fact).or_insert_with(|| Spread::of(fact, resolver, stated).map(Rc::new)).clone()
    }
}

/// A test of assets, asked of what has to do with them: a list that is not complete may hold more.
pub(super) fn over(side: &Side, test: &Truths, bound: usize) -> Truths {
    let mut all = test.map(|assets| Bits::of(bound, assets.iter().flat_map(|asset| side.users(asset)).copied()));
    all.possibly.join(&side.open);
    all
}
