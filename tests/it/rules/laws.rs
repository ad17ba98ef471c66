//! Laws of three-valued rules, over the real rules of all packs and random models: saying more never contradicts what
//! was certain, a control never makes it worse, and neither numbers nor order are part of an outcome. Tables of single
//! values are in `truth`, whole bundled models in `analysis::identity`.

use super::reads::{id, sparse};
use proptest::prelude::*;
use sconce::analysis::Analysis;
use sconce::model::graph::{Index, Nr};
use sconce::model::{
    AssetKind, BoundaryKind, Confidentiality, FactValue, Facts, Id, Level, SubjectKind, Thing, ThreatModel, Values,
    Vocabulary,
};
use sconce::rules::engine::{self, Outcomes};
use sconce::rules::eval::{Ctx, Evaluator};
use sconce::rules::language::{Condition, Rule, Unknown};
use sconce::rules::truth::Truth;
use sconce::rules::{Knowledge, prove, risk};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// All rules of all packs, without those of other rules that speak in their place: `subsume` tests that.
pub(super) static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let mut knowledge = Knowledge::clone(&Knowledge::builtin());
    knowledge.rules.iter_mut().for_each(|rule| rule.subsumes.clear());
    knowledge
});

pub(super) fn rules() -> Vec<&'static Rule> {
    KNOWLEDGE.rules.iter().collect()
}

pub(super) fn evaluator<'a>(index: &'a Index<'a>) -> Evaluator<'a> {
    Evaluator::new(index, &KNOWLEDGE.vocabulary, &KNOWLEDGE.technologies, prove::TODAY)
}

#[test]
fn and_or_and_counting_agree() {
    use Truth::{False, True, Unknown};
    let all = [False, Unknown, True];
    for a in all {
        assert_eq!((a.and(a), a.or(a)), (a, a));
        for b in all {
            assert_eq!(!a.or(b), (!a).and(!b));
            assert_eq!((a.and(a.or(b)), a.or(a.and(b))), (a, a));
            for c in all {
                let count = |n| Truth::at_least(n, [a, b, c].into_iter());
                assert_eq!(a.or(b.or(c)), a.or(b).or(c));
                assert_eq!(a.or(b.and(c)), a.or(b).and(a.or(c)));
                assert_eq!((count(0), count(4)), (True, False));
                assert_eq!((count(1), count(3)), (a.or(b).or(c), a.and(b).and(c)));
                assert_eq!(count(2), a.and(b).or(b.and(c)).or(a.and(c)));
                assert_eq!(count(2), Truth::at_least(2, [c, a, b].into_iter()));
            }
        }
    }
}

/// An answer to a question that a rule asks: to a fact, or to a field that says something about a thing. Where things
/// are drawn is not an answer in this sense: a boundary around a thing is another drawing.
fn answer(model: &mut ThreatModel, of: &Id, kind: SubjectKind, fact: &str, pick: usize) -> bool {
    let place = |values: usize| pick % values;
    let some = || (0..place(3)).map(|n| id("a", n)).collect::<Vec<_>>();
    let techs: Vec<&str> = KNOWLEDGE.technologies.iter().map(|t| t.id.as_str()).collect();
    if let Some(element) = model.elements.get_mut(of) {
        match fact {
            "tech" => element.tech = Some(vec![techs[place(techs.len())].to_owned()]),
            "stores" => element.stores = Some(some()),
            "processes" => element.processes = Some(some()),
            _ => return state(&mut element.facts, kind, fact, pick),
        }
    } else if let Some(flow) = model.flows.get_mut(of) {
        match fact {
            "carries" => flow.carries = Some(some()),
            _ => return state(&mut flow.facts, kind, fact, pick),
        }
    } else if let Some(boundary) = model.boundaries.get_mut(of) {
        match fact {
            "trust" => boundary.trust = Some([0, 20, 50, 90][place(4)]),
            "kind" => boundary.kind = Some(BoundaryKind::ALL[place(BoundaryKind::ALL.len())]),
            "clearance" => boundary.clearance = Some(Confidentiality::ALL[place(4)]),
            _ => return state(&mut boundary.facts, kind, fact, pick),
        }
    } else if let Some(asset) = model.assets.get_mut(of) {
        match fact {
            "kind" => asset.kind = Some(AssetKind::ALL[place(AssetKind::ALL.len())]),
            "confidentiality" => asset.confidentiality = Some(Confidentiality::ALL[place(4)]),
            "integrity" => asset.integrity = Some(Level::ALL[place(4)]),
            "availability" => asset.availability = Some(Level::ALL[place(4)]),
            _ => return state(&mut asset.facts, kind, fact, pick),
        }
    } else {
        return false;
    }
    true
}

fn state(facts: &mut Facts, kind: SubjectKind, fact: &str, pick: usize) -> bool {
    let Some(def) = KNOWLEDGE.vocabulary.get(fact, kind) else { return false };
    let words = def.words();
    let value = match &def.values {
        _ if pick % 7 == 6 => FactValue::NotApplicable("it makes no sense".to_owned()),
        Values::Number => FactValue::text("30"),
        Values::Text => FactValue::text("something"),
        Values::SomeOf(_) => FactValue::List(vec![words[pick % words.len()].to_owned()]),
        _ => FactValue::text(words[pick % words.len()]),
    };
    facts.insert(fact.to_owned(), value);
    true
}

/// What a rule says about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Threat { mitigated: bool, assumed: bool },
    Asks,
}

/// What a rule speaks about: itself, the subject, what is at hand, and where a path ends.
type Place = (&'static str, String, Option<String>, Option<String>);

/// What the rules say, and the facts they ask for.
fn said(index: &Index<'_>, outcomes: &Outcomes<'_>, name: impl Fn(&Id) -> String) -> BTreeMap<Place, Says> {
    let name = |nr: Nr| name(index.id(nr));
    let place = |rule: &Rule, at: Ctx, target: Option<Nr>| {
        let rule = KNOWLEDGE.rule(&rule.id).expect("a rule of ours").id.as_str();
        (rule, name(at.nr), at.each.map(name), target.map(name))
    };
    let raised = outcomes
        .raised
        .iter()
        .map(|r| (place(r.rule, r.at, r.target), Says::Threat { mitigated: r.mitigated, assumed: r.assumed }));
    raised.chain(outcomes.asked.iter().map(|a| (place(a.rule, a.at, None), Says::Asks))).collect()
}

/// Whether a rule has a test that speaks of what is said and not of what is so: more that is said may turn it round.
/// Some say so by their names. The others take what nobody said for the harmless case, so that rules make no noise:
/// who is in a boundary of which nobody says how far it is trusted is not untrusted, boundaries of no kind are shared
/// by nobody, and an asset is unused as long as nobody says where it is.
fn speaks_of_knowledge(rule: &Rule, (kind, fact): (SubjectKind, &str)) -> bool {
    let own = [Some(&rule.applies), Some(&rule.when), rule.mitigated_by.as_ref()].into_iter().flatten();
    let mut speaks = false;
    for condition in own.chain(rule.risk.adjust.iter().map(|adjust| &adjust.when)) {
        condition.walk(&mut |part| {
            speaks |= match part {
                // With a technology come the facts that are usual for it.
                Condition::Known(f) | Condition::Unknown(f) | Condition::Said(f, _) => f == fact || fact == "tech",
                Condition::Untrusted => kind == SubjectKind::Boundary && matches!(fact, "trust" | "kind"),
                Condition::SharesBoundary { .. } => (kind, fact) == (SubjectKind::Boundary, "kind"),
                Condition::Unused => rule.on.contains(&SubjectKind::Asset) && is_list(fact),
                _ => false,
            }
        });
    }
    speaks
}

/// Whether it says which assets there are.
fn is_list(fact: &str) -> bool {
    matches!(fact, "carries" | "stores" | "processes")
}

/// Every part of every rule that has an answer for a subject alone, with the answer.
fn truths<'a>(evaluator: &mut Evaluator<'a>, rules: &[&'a Rule]) -> Vec<(&'a Rule, &'a Condition, Nr, Truth)> {
    let mut all = Vec::new();
    for rule in rules.iter().copied().filter(|rule| rule.for_each.is_none()) {
        let adjusts = rule.risk.adjust.iter().map(|adjust| &adjust.when);
        for condition in [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by).chain(adjusts) {
            for nr in rule.on.iter().flat_map(|kind| evaluator.index.of_kind(*kind)).collect::<Vec<Nr>>() {
                all.push((rule, condition, nr, evaluator.eval(condition, Ctx::of(nr))));
            }
        }
    }
    all
}

/// What is certain before is so after.
fn is_joined(rule: &Rule, before: Option<Says>, after: Option<Says>) -> bool {
    let Some(before) = before else {
        // A control that is there is worth saying once it is certain that it has something to stand against. Who neither
        // asks nor assumes the worst says nothing while a fact is unknown.
        return matches!(after, None | Some(Says::Threat { mitigated: true, .. })) || rule.unknown != Unknown::Ask;
    };
    // A question may become anything, and so may what was assumed.
    matches!(before, Says::Asks | Says::Threat { assumed: true, .. }) || after == Some(before)
}

/// Answers one question and compares all that was said; the model after it, and `None` where nothing is asked.
fn step(model: &ThreatModel, pick: (usize, usize)) -> Result<Option<ThreatModel>, TestCaseError> {
    let index = Index::new(model);
    let mut before = evaluator(&index);
    let rules = rules();
    let outcomes = engine::run(&mut before, rules.iter().copied());
    let asked: BTreeSet<(Nr, &str)> =
        outcomes.asked.iter().flat_map(|a| &a.reads).map(|r| (r.nr, r.fact)).filter(|r| r.1 != "boundary").collect();
    let Some((nr, fact)) = asked.iter().nth(pick.0 % asked.len().max(1)).copied() else { return Ok(None) };
    let mut answered = model.clone();
    let of = index.id(nr);
    if !answer(&mut answered, of, index.kind(nr), fact, pick.1) {
        return Ok(Some(answered));
    }
    let now = Index::new(&answered);
    let mut after = evaluator(&now);
    let later = engine::run(&mut after, rules.iter().copied());
    let what = (index.kind(nr), fact);
    let told = |rule: &str| format!("{rule} after {fact} of {of}");
    for (rule, condition, nr, truth) in truths(&mut before, &rules) {
        let now = after.eval(condition, Ctx::of(nr));
        let held = truth == Truth::Unknown || truth == now || speaks_of_knowledge(rule, what);
        prop_assert!(held, "{}: {condition:?} of {}: {truth:?}, now {now:?}", told(&rule.id), index.id(nr));
    }
    let (was, is) = (said(&index, &outcomes, Id::to_string), said(&now, &later, Id::to_string));
    let asks = |rule: &str| outcomes.asked.iter().any(|a| a.rule.id == rule && a.at.nr == index.system());
    for place in was.keys().chain(is.keys()) {
        let rule = KNOWLEDGE.rule(place.0).expect("a rule of ours");
        let held = is_joined(rule, was.get(place).copied(), is.get(place).copied())
            || asks(place.0)
            || speaks_of_knowledge(rule, what)
            // Of an asset that nobody had said to be there nothing could be certain.
            || place.2.is_some() && is_list(fact) && !was.contains_key(place);
        prop_assert!(held, "{}: {place:?}: {:?}, now {:?}", told(place.0), was.get(place), is.get(place));
    }
    Ok(Some(answered))
}

/// Numbers that a model grows from, and the answers that are given one after the other.
pub(super) fn growing() -> impl Strategy<Value = (Vec<usize>, Vec<(usize, usize)>)> {
    let numbers = prop::collection::vec(0..1000_usize, 0..160);
    (numbers, prop::collection::vec((0..1000_usize, 0..1000_usize), 1..10))
}

/// A model of which a good deal has been answered.
pub(super) fn grown(numbers: &[usize], answers: &[(usize, usize)]) -> ThreatModel {
    let mut model = sparse(numbers);
    for _ in 0..3 {
        let index = Index::new(&model);
        let mut evaluator = evaluator(&index);
        let outcomes = engine::run(&mut evaluator, rules().into_iter());
        let asked: BTreeSet<(Nr, &str)> =
            outcomes.asked.iter().flat_map(|a| &a.reads).map(|r| (r.nr, r.fact)).collect();
        let mut next = model.clone();
        for ((nr, fact), pick) in asked.into_iter().zip(answers.iter().cycle()) {
            answer(&mut next, index.id(nr), index.kind(nr), fact, pick.0 + pick.1 * nr);
        }
        model = next;
    }
    model
}

/// Facts whose presence makes a condition hold: not those below a "not".
fn controls<'c>(condition: &'c Condition, into: &mut BTreeSet<&'c str>) {
    match condition {
        Condition::Has(fact) | Condition::HasPartly(fact) => {
            into.insert(fact);
        }
        Condition::Not(_) | Condition::Xor(..) => {}
        _ => condition.parts().into_iter().for_each(|part| controls(part, into)),
    }
}

fn state_control(model: &mut ThreatModel, of: &Id, fact: &str) {
    let kind = model.thing(of).map_or(SubjectKind::System, Thing::kind);
    let is_control = KNOWLEDGE.vocabulary.get(fact, kind).is_some_and(|def| def.values == Values::Control);
    if !is_control && !Vocabulary::is_free(fact) {
        return;
    }
    let facts = (model.elements.get_mut(of).map(|e| &mut e.facts))
        .or_else(|| model.flows.get_mut(of).map(|f| &mut f.facts))
        .or_else(|| model.boundaries.get_mut(of).map(|b| &mut b.facts));
    if let Some(facts) = facts {
        facts.insert(fact.to_owned(), FactValue::text("present"));
    }
}

/// The same model with other ids.
fn renamed(model: &ThreatModel, name: &impl Fn(&Id) -> Id) -> ThreatModel {
    let mut new = model.clone();
    let one = |id: &Option<Id>| id.as_ref().map(name);
    let list = |ids: &Option<Vec<Id>>| ids.as_ref().map(|ids| ids.iter().map(name).collect());
    new.boundaries = (model.boundaries.iter())
        .map(|(id, b)| (name(id), sconce::model::TrustBoundary { inside: one(&b.inside), ..b.clone() }))
        .collect();
    new.assets = model.assets.iter().map(|(id, a)| (name(id), a.clone())).collect();
    new.elements = (model.elements.iter())
        .map(|(id, e)| {
            let (inside, stores, processes) = (one(&e.inside), list(&e.stores), list(&e.processes));
            (name(id), sconce::model::Element { inside, stores, processes, ..e.clone() })
        })
        .collect();
    new.flows = (model.flows.iter())
        .map(|(id, f)| {
            let (from, to, carries) = (one(&f.from), one(&f.to), list(&f.carries));
            (name(id), sconce::model::DataFlow { from, to, carries, ..f.clone() })
        })
        .collect();
    new
}

/// The other way round: the last id of its kind becomes the first.
fn mirrored(of: &Id) -> Id {
    let (prefix, n) = of.as_str().split_at(1);
    id(prefix, 9 - n.parse::<usize>().expect("a letter and a digit"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is certain stays certain, whatever is answered: a threat stays, and who is silent for a reason stays silent.
    /// Only a question, and what was assumed, may become anything.
    #[test]
    fn an_answer_never_contradicts_a_rule((numbers, answers) in growing()) {
        let mut model = sparse(&numbers);
        for pick in answers {
            let Some(next) = step(&model, pick)? else { break };
            model = next;
        }
    }

    /// Neither the control that a rule names nor one that makes its threat less likely makes it worse.
    #[test]
    fn no_control_makes_its_threat_worse((numbers, answers) in growing()) {
        let model = grown(&numbers, &answers);
        let index = Index::new(&model);
        let mut evaluator = evaluator(&index);
        for raised in engine::run(&mut evaluator, rules().into_iter()).raised {
            let before = risk::rate(&mut evaluator, &KNOWLEDGE.rubric, &raised);
            let key = raised.key(&evaluator);
            let lowers = raised.rule.risk.adjust.iter().filter(|a| a.likelihood < 0 && a.impact <= 0).map(|a| &a.when);
            for condition in raised.rule.mitigated_by.iter().chain(lowers) {
                let mut facts = BTreeSet::new();
                controls(condition, &mut facts);
                let mut reads = Vec::new();
                evaluator.reads(condition, raised.ctx(), &mut reads);
                let mut better = model.clone();
                for read in reads.iter().filter(|read| facts.contains(read.fact)) {
                    state_control(&mut better, index.id(read.nr), read.fact);
                }
                if better == model {
                    continue;
                }
                let index = Index::new(&better);
                let mut evaluator = self::evaluator(&index);
                let outcomes = engine::run(&mut evaluator, std::iter::once(raised.rule));
                let now = outcomes.raised.iter().find(|r| r.key(&evaluator) == key);
                let after = now.map(|r| risk::rate(&mut evaluator, &KNOWLEDGE.rubric, r).severity);
                prop_assert!(after <= Some(before.severity), "{key}: {:?}, now {after:?} with {facts:?}", before.severity);
            }
        }
    }

    /// Outcomes are about things, not about where these stand in a list; and no rule knows which one was asked before.
    #[test]
    fn order_is_no_part_of_an_outcome((numbers, answers) in growing()) {
        let model = grown(&numbers, &answers);
        let index = Index::new(&model);
        let straight = said(&index, &engine::run(&mut evaluator(&index), rules().into_iter()), Id::to_string);
        let mut shuffled = rules();
        for (n, (a, b)) in answers.iter().cycle().take(shuffled.len()).enumerate() {
            let with = (a + b * n) % shuffled.len();
            shuffled.swap(n, with);
        }
        let turned = renamed(&model, &mirrored);
        let back = |id: &Id| mirrored(id).to_string();
        let other = Index::new(&turned);
        let mirrored_back = |id: &Id| if id.as_str() == sconce::model::SYSTEM { id.to_string() } else { back(id) };
        let outcomes = engine::run(&mut evaluator(&other), shuffled.into_iter());
        prop_assert_eq!(&straight, &said(&other, &outcomes, mirrored_back));

        let mut packs: Vec<String> = KNOWLEDGE.rules.packs().map(str::to_owned).collect();
        let mut model = model;
        model.system.packs = Some(packs.clone());
        let analysis = Analysis::of(&model, &KNOWLEDGE, prove::TODAY);
        let at = answers.len() % packs.len();
        packs.rotate_left(at);
        model.system.packs = Some(packs);
        prop_assert_eq!(analysis, Analysis::of(&model, &KNOWLEDGE, prove::TODAY));
    }
}

/// The other answer would be taken back as soon as the boundary is known to be trusted.
#[test]
fn how_far_an_external_entity_in_a_boundary_is_trusted_the_boundary_tells() {
    let mut model = ThreatModel::default();
    let zone = id("z", 0);
    model.boundaries.insert(zone.clone(), sconce::model::TrustBoundary::default());
    for (n, inside) in [(0, Some(zone)), (1, None)] {
        let mut element = sconce::model::Element::new(sconce::model::ElementKind::ExternalEntity, "somebody");
        element.inside = inside;
        model.elements.insert(id("e", n), element);
    }
    let index = Index::new(&model);
    let trust = |n| evaluator(&index).resolver.trust(index.nr(&id("e", n)).expect("it is there"));
    assert_eq!((trust(0), trust(1)), (None, Some(0)));
}
