//! The diagram as an attacker sees it: from an element along a flow to the next. What guards an element or flow is what
//! rules accept as a control against spoofing, tampering and elevation of privilege; what holds is what they accept as
//! the end of a path. Where nobody said whether there is a guard, that is unknown, and not that there is none.

use crate::analysis::known;
use crate::model::graph::{Index, Nr, Way};
use crate::model::resolve::Known;
use crate::model::{Id, Stride, SubjectKind, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::eval::{Ctx, Evaluator, way_of_calls};
use crate::rules::language::Condition;
use crate::rules::truth::Truth;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A control that stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guard {
    /// The fact.
    pub fact: String,
    /// Its value.
    pub value: String,
}

/// Which steps an attacker makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steps {
    /// From callers to the called: nobody gets in where it is the other side that opens the connection.
    Calls,
    /// Also with the data to whoever takes it: what an attacker owns can lie to those who ask it.
    CallsAndData,
}

/// The steps that can be made, over elements and flows.
pub(super) struct Net<'a> {
    pub(super) index: &'a Index<'a>,
    /// Neighbours by the number of an element or flow.
    pub(super) onward: Vec<Vec<Nr>>,
    holds: Vec<Truth>,
    /// Whether outsiders control it.
    pub(super) untrusted: Vec<bool>,
    /// What guards it.
    guards: Vec<Vec<Guard>>,
    /// Facts about guards that nobody stated.
    unknown: Vec<Vec<&'static str>>,
}

/// The facts of what ends a path: the caller is known, and what it may do is decided.
pub(super) const HOLD: [&str; 2] = ["authn", "authz"];

static UNTRUSTED: Condition = Condition::Untrusted;

/// Whether a fact is known to have a value, or known to have another.
pub(super) fn says(evaluator: &Evaluator<'_>, fact: &str, nr: Nr, word: &str) -> Truth {
    match evaluator.resolver.get(fact, nr) {
        Some((known, _)) => Truth::from(matches!(known, Known::Word(said) if said == word)),
        None => Truth::Unknown,
    }
}

impl<'a> Net<'a> {
    pub(super) fn new(evaluator: &mut Evaluator<'a>, knowledge: &'a Knowledge, steps: Steps) -> Self {
        let index = evaluator.index;
        let count = index.flows().end;
        let place = |nr: Nr| matches!(index.kind(nr), SubjectKind::Process | SubjectKind::DataStore);
        let present = |nr: Nr, fact: &&str| says(evaluator, fact, nr, "present");
        let holds = |nr: Nr| HOLD.iter().fold(Truth::from(place(nr)), |all, fact| all.and(present(nr, fact)));
        let unknown = |nr: Nr| {
            let open = |fact: &&str| evaluator.resolver.applies(fact, nr) && !evaluator.resolver.is_known(fact, nr);
            HOLD.into_iter().filter(|fact| place(nr) && open(fact)).collect()
        };
        let mut net = Self {
            index,
            onward: vec![Vec::new(); count],
            holds: index.elements().map(holds).collect(),
            untrusted: Vec::new(),
            guards: Vec::new(),
            unknown: index.elements().map(unknown).collect(),
        };
        net.untrusted = index.elements().map(|nr| evaluator.eval(&UNTRUSTED, Ctx::of(nr)).is_true()).collect();
        net.connect(steps, way_of_calls(&evaluator.resolver));
        net.guards = guards(evaluator, knowledge);
        net
    }

    fn connect(&mut self, steps: Steps, way_of_call: impl Fn(Nr) -> Way) {
        let index = self.index;
        let members = Members::new(index);
        for flow in index.flows() {
            let (Some(from), Some(to)) = index.ends(flow) else { continue };
            let (from, to) = (members.of(from), members.of(to));
            let mut go = |from: &[Nr], to: &[Nr]| {
                for nr in from {
                    self.onward[*nr].push(flow);
                }
                self.onward[flow].extend(to);
            };
            let way = way_of_call(flow);
            if way == Way::Forward || steps == Steps::CallsAndData {
                go(&from, &to);
            }
            if way == Way::Backward {
                go(&to, &from);
            }
        }
        for list in &mut self.onward {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// Whether an element lets nobody pass whom it does not know and allow; no flow does.
    pub(super) fn holds(&self, nr: Nr) -> Truth {
        self.holds.get(nr).copied().unwrap_or(Truth::False)
    }

    /// What nobody said about the guards of an element.
    pub(super) fn unknown(&self, nr: Nr) -> &[&'static str] {
        self.unknown.get(nr).map_or(&[], Vec::as_slice)
    }

    /// What guards an element or flow.
    pub(super) fn guards(&self, nr: Nr) -> &[Guard] {
        self.guards.get(nr).map_or(&[], Vec::as_slice)
    }

    /// A shortest way to everything that can be reached, as what each was reached from. What `passes` refuses is
    /// reached but not passed; starts are not asked.
    pub(super) fn reach(&self, starts: &[Nr], mut passes: impl FnMut(Nr) -> bool) -> Reach {
        let mut reach = Reach { before: vec![None; self.onward.len()], steps: vec![None; self.onward.len()] };
        let mut queue = VecDeque::new();
        for start in starts {
            reach.steps[*start] = Some(0);
            queue.push_back(*start);
        }
        while let Some(at) = queue.pop_front() {
            let steps = reach.steps[at].unwrap_or(0) + u32::from(self.index.is_flow(at));
            for to in self.onward[at].iter().copied() {
                if reach.steps[to].is_none() {
                    (reach.steps[to], reach.before[to]) = (Some(steps), Some(at));
                    if passes(to) {
                        queue.push_back(to);
                    }
                }
            }
        }
        reach
    }
}

/// What can be reached.
pub(super) struct Reach {
    before: Vec<Option<Nr>>,
    /// Flows on the shortest way.
    pub(super) steps: Vec<Option<u32>>,
}

impl Reach {
    /// A shortest way there, both ends included.
    pub(super) fn path(&self, to: Nr) -> Vec<Nr> {
        let mut path = vec![to];
        let mut at = to;
        while let Some(before) = self.before[at] {
            path.push(before);
            at = before;
        }
        path.reverse();
        path
    }
}

/// Elements inside boundaries, which stand for them as ends of flows.
pub(super) struct Members<'a> {
    index: &'a Index<'a>,
    inside: BTreeMap<Nr, Vec<Nr>>,
}

impl<'a> Members<'a> {
    pub(super) fn new(index: &'a Index<'a>) -> Self {
        let mut inside: BTreeMap<Nr, Vec<Nr>> = BTreeMap::new();
        for element in index.elements() {
            for boundary in index.chain(element) {
                inside.entry(*boundary).or_default().push(element);
            }
        }
        Self { index, inside }
    }

    pub(super) fn of(&self, end: Nr) -> Vec<Nr> {
        if self.index.is_element(end) { vec![end] } else { self.inside.get(&end).cloned().unwrap_or_default() }
    }
}

/// The elements that an id stands for: itself, the members of a boundary.
pub(super) fn elements_of(index: &Index<'_>, nr: Nr) -> Vec<Nr> {
    Members::new(index).of(nr)
}

/// What stands at every element and flow of what the rules accept as a control.
fn guards<'a>(evaluator: &mut Evaluator<'a>, knowledge: &'a Knowledge) -> Vec<Vec<Guard>> {
    let mut tests: Vec<&'a Condition> = Vec::new();
    // Facts of which "none" is a weakness of a flow.
    let mut bare: BTreeSet<&str> = HOLD.into();
    for rule in knowledge.active(evaluator.index.model.system.packs.as_deref()) {
        let moves = |s: &Stride| matches!(s, Stride::Spoofing | Stride::Tampering | Stride::ElevationOfPrivilege);
        if rule.stride.iter().any(moves) {
            rule.mitigated_by.iter().for_each(|control| controls(control, &mut tests));
            rule.when.walk(&mut |part| bare.extend(part.value_of().filter(|_| tests_for_none(part))));
        }
    }
    let mut seen = std::collections::HashSet::new();
    tests.retain(|test| seen.insert(*test));
    let count = evaluator.index.flows().end;
    let mut found = vec![Vec::new(); count];
    for test in tests {
        for (nr, guards) in found.iter_mut().enumerate() {
            let Some(fact) = test.fact().filter(|_| evaluator.eval(test, Ctx::of(nr)).is_true()) else { continue };
            if let Some((known, _)) = evaluator.resolver.get(fact, nr) {
                guards.push(Guard { fact: fact.to_owned(), value: known.to_string() });
            }
        }
    }
    for fact in bare {
        for (nr, guards) in found.iter_mut().enumerate() {
            if let Some((Known::Word(word), _)) = evaluator.resolver.get(fact, nr)
                && !["none", "absent"].contains(&&*word)
                && (HOLD.contains(&fact) || evaluator.index.is_flow(nr))
            {
                guards.push(Guard { fact: fact.to_owned(), value: word.into_owned() });
            }
        }
    }
    for guards in &mut found {
        guards.sort();
        guards.dedup();
    }
    found
}

/// Whether a test asks for the value that means that there is nothing.
fn tests_for_none(test: &Condition) -> bool {
    match test {
        Condition::Is(_, word) => word == "none",
        Condition::OneOf(_, words) => words.iter().any(|word| word == "none"),
        _ => false,
    }
}

/// The tests of single facts whose truth speaks for a control.
fn controls<'a>(condition: &'a Condition, into: &mut Vec<&'a Condition>) {
    use Condition as C;
    match condition {
        C::Not(_) => {}
        C::Is(..) | C::OneOf(..) | C::AtLeast(..) | C::Includes(..) | C::Has(_) | C::HasPartly(_) | C::Said(..) => {
            into.push(condition);
        }
        other => other.parts().into_iter().for_each(|part| controls(part, into)),
    }
}

/// Says that an id is nothing in the model, and what was probably meant.
pub(super) fn nothing(model: &ThreatModel, text: &str) -> String {
    let names: Vec<&str> = model.things().flat_map(|(id, thing)| [id.as_str(), thing.name()]).collect();
    match known::meant(text, names.into_iter().filter(|name| !name.is_empty())) {
        Some(best) => format!("there is no `{text}` in the model; did you mean `{best}`?"),
        None => format!("there is no `{text}` in the model; `sconce render` draws what there is"),
    }
}

/// The number of something that a person named by its id or its whole name.
pub(super) fn named(index: &Index<'_>, text: &str) -> Result<Nr, String> {
    let found = index.model.things().find(|(id, _)| id.as_str() == text);
    let found = found.or_else(|| index.model.things().find(|(_, thing)| thing.name() == text));
    let id: Option<&Id> = found.map(|(id, _)| id);
    id.and_then(|id| index.nr(id)).ok_or_else(|| nothing(index.model, text))
}
