//! Why a rule says nothing about a subject, for those who want to know what was looked at. It decides nothing: what a
//! rule says is `engine`'s.

use super::engine::{in_scope, instances};
use super::eval::{Ctx, Evaluator, Read};
use super::language::{Condition, Rule};
use super::truth::Truth;
use crate::model::graph::Nr;

/// Why a rule is silent; of several reasons the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silence {
    /// The rule does not apply.
    Irrelevant,
    /// Too little is known, and the rule is not one that asks.
    Undecided,
    /// Whether the rule applies is not known, but the weakness is not there.
    Moot,
    /// The weakness is not there.
    RuledOut,
    /// The control is there, whatever else may be.
    Covered,
    /// The control makes no sense there, as somebody said with a reason.
    NoPlace,
    /// A more special rule speaks in its place.
    Subsumed,
    /// The subject is out of scope.
    OutOfScope,
}

impl Silence {
    /// Whether the rule looked and found nothing to be done.
    pub const fn is_clear(self) -> bool {
        matches!(self, Self::RuledOut | Self::Covered | Self::NoPlace)
    }
}

/// Why a rule that neither raises nor asks anything about a subject is silent. Whether another rule speaks in its place
/// the caller knows from the outcomes. Rules about pairs of ends are silent about no subject in particular.
pub fn silence<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, nr: Nr, subsumed: bool) -> Silence {
    if !in_scope(evaluator, nr) {
        return Silence::OutOfScope;
    }
    let all = instances(evaluator, rule.for_each, nr).into_iter();
    all.map(|each| at(evaluator, rule, Ctx { nr, each }, subsumed)).max().unwrap_or(Silence::Irrelevant)
}

fn at<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, at: Ctx, subsumed: bool) -> Silence {
    let applies = evaluator.eval(&rule.applies, at);
    if applies.is_false() {
        return Silence::Irrelevant;
    }
    let when = evaluator.eval(&rule.when, at);
    if when.is_false() {
        return match (applies, is_evident(evaluator, &rule.when, at)) {
            (_, false) => Silence::Undecided,
            (Truth::Unknown, true) => Silence::Moot,
            (_, true) => Silence::RuledOut,
        };
    }
    let control = rule.mitigated_by.as_ref().map_or(Truth::False, |control| evaluator.eval(control, at));
    match (applies.and(when), control) {
        (Truth::True, Truth::Unknown) => Silence::Undecided,
        (Truth::True, _) if subsumed => Silence::Subsumed,
        (Truth::True, _) => Silence::NoPlace,
        (_, Truth::True) => Silence::Covered,
        _ => Silence::Undecided,
    }
}

/// Whether a weakness is ruled out by something. Some tests take what nobody said for the good case, so that rules make
/// no noise: that two things share what neither states, or that a fact is said to be so.
fn is_evident<'a>(evaluator: &mut Evaluator<'a>, when: &'a Condition, at: Ctx) -> bool {
    let Some(fact) = leans_on(when) else { return true };
    let mut reads = Vec::new();
    evaluator.reads(when, at, &mut reads);
    reads.push(Read { nr: at.nr, fact });
    reads.iter().any(|read| evaluator.resolver.get(read.fact, read.nr).is_some())
}

/// The fact that such a test is about.
fn leans_on(condition: &Condition) -> Option<&str> {
    let mut leans_on = None;
    condition.walk(&mut |part| match part {
        Condition::SharesCredential(_) => leans_on = Some("credential"),
        Condition::SharesRuntime(_) => leans_on = Some("runtime"),
        Condition::Known(fact) | Condition::Unknown(fact) | Condition::Said(fact, _) => leans_on = Some(fact.as_str()),
        _ => {}
    });
    leans_on
}

/// The facts that a silence rests on, each once.
pub fn facts<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, nr: Nr, silence: Silence) -> Vec<Read<'a>> {
    let control = rule.mitigated_by.as_ref();
    let conditions: Vec<&'a Condition> = match silence {
        Silence::Irrelevant => vec![&rule.applies],
        Silence::RuledOut | Silence::Moot => vec![&rule.when],
        Silence::Covered | Silence::NoPlace => control.into_iter().collect(),
        Silence::Undecided => [&rule.applies, &rule.when].into_iter().chain(control).collect(),
        Silence::Subsumed | Silence::OutOfScope => Vec::new(),
    };
    let mut reads = Vec::new();
    if matches!(silence, Silence::RuledOut | Silence::Undecided) {
        reads.extend(leans_on(&rule.when).map(|fact| Read { nr, fact }));
    }
    for each in instances(evaluator, rule.for_each, nr) {
        for condition in &conditions {
            evaluator.reads(condition, Ctx { nr, each }, &mut reads);
        }
    }
    reads.sort();
    reads.dedup();
    reads
}
