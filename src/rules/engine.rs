//! Rules over a model: which threats they raise, which questions they have. The outcome table is in
//! `assets/rules/README.md`. It knows neither decisions nor severities.

use super::eval::{Bits, Ctx, Evaluator, Read};
use super::language::{Condition, Each, Lane, Rule, Unknown};
use super::truth::Truth;
use crate::model::ThreatKey;
use crate::model::graph::Nr;
use crate::model::resolve::Known;
use std::collections::{BTreeMap, BTreeSet};

/// A rule that speaks about a subject.
#[derive(Clone, Debug)]
pub struct Raised<'k> {
    /// The rule.
    pub rule: &'k Rule,
    /// What it is about; for paths, where they begin.
    pub at: Ctx,
    /// Where a path ends.
    pub target: Option<Nr>,
    /// Whether the control is there.
    pub mitigated: bool,
    /// Whether the control is partly there.
    pub partly: bool,
    /// Whether something unknown was assumed.
    pub assumed: bool,
}

/// A rule that waits for facts about a subject.
#[derive(Clone, Debug)]
pub struct Asked<'k> {
    /// The rule.
    pub rule: &'k Rule,
    /// What it is about.
    pub at: Ctx,
    /// The facts that decide, once somebody wants to know them ([`run`]); then empty only in the lane of questions, when
    /// the rule itself is the question.
    pub reads: Vec<Read<'k>>,
    of: Open<'k>,
}

/// What of a rule is open.
#[derive(Clone, Copy, Debug)]
enum Open<'k> {
    /// A condition.
    Condition(&'k Condition),
    /// Which ends the paths of this condition connect.
    Path(&'k Condition),
    /// The rule is a question, to which what its weakness rests on may be the answer.
    Question,
}

/// All that the rules say.
#[derive(Clone, Debug, Default)]
pub struct Outcomes<'k> {
    /// Threats, hints and lints; ordered by rule, then subject.
    pub raised: Vec<Raised<'k>>,
    /// Questions; ordered likewise.
    pub asked: Vec<Asked<'k>>,
}

/// Asks every rule about every subject.
pub fn run<'a>(evaluator: &mut Evaluator<'a>, rules: impl Iterator<Item = &'a Rule>) -> Outcomes<'a> {
    let mut outcomes = hear(evaluator, rules);
    outcomes.asked.retain_mut(|asked| asked.name(evaluator));
    outcomes
}

/// The same without naming the facts that rules wait for: some may wait for none that has a name.
pub fn hear<'a>(evaluator: &mut Evaluator<'a>, rules: impl Iterator<Item = &'a Rule>) -> Outcomes<'a> {
    hear_within(evaluator, rules.map(|rule| (rule, None)))
}

/// The same, each rule asked about some subjects only; one about paths of everything or, where there are none, of
/// nothing.
pub(crate) fn hear_within<'a, 's>(
    evaluator: &mut Evaluator<'a>,
    rules: impl Iterator<Item = (&'a Rule, Option<&'s Bits>)>,
) -> Outcomes<'a> {
    let mut outcomes = Outcomes::default();
    let mut scoped: Option<Bits> = None;
    for (rule, within) in rules {
        if within.is_some_and(Bits::is_empty) {
            continue;
        }
        if rule.for_each == Some(Each::Path) {
            paths(evaluator, rule, &mut outcomes);
            continue;
        }
        let all = || evaluator.subjects(|nr| in_scope(evaluator, nr));
        let some = match within {
            Some(within) => within,
            None => scoped.get_or_insert_with(all),
        };
        for nr in evaluator.candidates(rule, some).iter() {
            if within.is_some() && !in_scope(evaluator, nr) {
                continue;
            }
            for each in instances(evaluator, rule.for_each, nr) {
                let at = Ctx { nr, each };
                let judged = judge(evaluator, rule, at);
                record(rule, at, None, judged, &mut outcomes);
            }
        }
    }
    subsume(evaluator, &mut outcomes);
    outcomes
}

/// Subjects whose `scope` is `out` are not asked about; a flow is out when both of its ends are.
pub(super) fn in_scope(evaluator: &Evaluator<'_>, nr: Nr) -> bool {
    let out = |nr: Nr| matches!(evaluator.resolver.get("scope", nr), Some((Known::Word(w), _)) if w == "out");
    match evaluator.index.ends(nr) {
        (Some(from), Some(to)) => !(out(nr) || out(from) && out(to)),
        _ => !out(nr),
    }
}

pub(super) fn instances(evaluator: &Evaluator<'_>, each: Option<Each>, nr: Nr) -> Vec<Option<Nr>> {
    let some = |nrs: &[Nr]| nrs.iter().copied().map(Some).collect();
    match each {
        None | Some(Each::Path) => vec![None],
        Some(Each::Carried | Each::Handled) => some(&evaluator.handled(nr).0),
        Some(Each::Stored) => some(&evaluator.stored(nr).0),
        Some(Each::InFlow) => some(evaluator.index.incoming(nr)),
        Some(Each::OutFlow) => some(evaluator.index.outgoing(nr)),
    }
}

/// What a rule says about one subject.
#[derive(Clone, Copy)]
enum Judged<'a> {
    Nothing,
    Raised { mitigated: bool, partly: bool, assumed: bool },
    Asks(Open<'a>),
}

fn judge<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, at: Ctx) -> Judged<'a> {
    let applies = evaluator.eval(&rule.applies, at);
    if applies.is_false() {
        return Judged::Nothing;
    }
    let when = evaluator.eval(&rule.when, at);
    if when.is_false() {
        return Judged::Nothing;
    }
    if applies == Truth::Unknown {
        let covered = control(evaluator, rule, at).is_true();
        return if covered { Judged::Nothing } else { ask(rule, &rule.applies) };
    }
    weigh(evaluator, rule, when, at)
}

fn control<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, at: Ctx) -> Truth {
    rule.mitigated_by.as_ref().map_or(Truth::False, |control| evaluator.eval(control, at))
}

/// What follows from a weakness that is there or may be there.
fn weigh<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, when: Truth, at: Ctx) -> Judged<'a> {
    let control = control(evaluator, rule, at);
    let mut assumed = false;
    if when == Truth::Unknown {
        match rule.unknown {
            _ if control.is_true() => return Judged::Nothing,
            Unknown::Ask => return ask(rule, &rule.when),
            Unknown::Assume(true) => assumed = true,
            Unknown::Assume(false) | Unknown::Skip => return Judged::Nothing,
        }
    }
    if rule.lane == Lane::Question {
        return Judged::Asks(Open::Question);
    }
    if control.is_false() && has_no_place(evaluator, rule, at) {
        return Judged::Nothing;
    }
    let (Truth::Unknown, Some(test)) = (control, &rule.mitigated_by) else {
        let partly = control.is_false() && is_partial(evaluator, rule, at);
        return Judged::Raised { mitigated: control.is_true(), partly, assumed };
    };
    match rule.unknown {
        Unknown::Ask => ask(rule, test),
        Unknown::Assume(bad) => Judged::Raised { mitigated: !bad, partly: false, assumed: true },
        Unknown::Skip => Judged::Nothing,
    }
}

/// Whether somebody said, with a reason, that the control makes no sense for the subject or an end of it, of every
/// known fact that could be the control there: then the rule has nothing to say.
fn has_no_place<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, at: Ctx) -> bool {
    let Some(control) = &rule.mitigated_by else { return false };
    let mut reads = Vec::new();
    evaluator.reads(control, at, &mut reads);
    let ends = evaluator.index.ends(at.nr);
    let near = |nr: Nr| nr == at.nr || ends.0 == Some(nr) || ends.1 == Some(nr);
    let na = |r: &Read<'_>| matches!(evaluator.resolver.get(r.fact, r.nr), Some((Known::NotApplicable(_), _)));
    // What nobody said could be no control either: else the answer would be unknown.
    let said = |r: &&Read<'_>| near(r.nr) && evaluator.resolver.is_known(r.fact, r.nr);
    let near: Vec<&Read> = reads.iter().filter(said).collect();
    !near.is_empty() && near.into_iter().all(na)
}

/// Whether the control is missing only because it is partial.
fn is_partial<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, at: Ctx) -> bool {
    rule.mitigated_by.as_ref().is_some_and(|control| falls_short(evaluator, control, at))
}

/// Whether a control that is not there is so because of something partial, and because of nothing else: a part that is
/// missing altogether makes the rest count for nothing.
fn falls_short<'a>(evaluator: &mut Evaluator<'a>, control: &'a Condition, at: Ctx) -> bool {
    match control {
        Condition::All(parts) => parts
            .iter()
            .filter(|part| evaluator.eval(part, at).is_false())
            .collect::<Vec<_>>()
            .into_iter()
            .all(|part| falls_short(evaluator, part, at)),
        Condition::Any(parts) => parts.iter().any(|part| falls_short(evaluator, part, at)),
        _ => {
            let mut reads = Vec::new();
            evaluator.reads(control, at, &mut reads);
            let is_partial = |word: &Known<'_>| matches!(word, Known::Word(word) if word == "partial");
            reads.iter().any(|r| evaluator.resolver.get(r.fact, r.nr).is_some_and(|(known, _)| is_partial(&known)))
        }
    }
}

const fn ask<'a>(rule: &Rule, condition: &'a Condition) -> Judged<'a> {
    match rule.unknown {
        Unknown::Ask => Judged::Asks(Open::Condition(condition)),
        _ => Judged::Nothing,
    }
}

impl<'a> Asked<'a> {
    /// Names the facts that decide. Whether there is anything to ask: where no fact can be named there is nothing,
    /// unless the rule itself is the question.
    pub fn name(&mut self, evaluator: &mut Evaluator<'a>) -> bool {
        let reads = &mut self.reads;
        match self.of {
            Open::Condition(condition) => evaluator.reads(condition, self.at, reads),
            Open::Path(path) => evaluator.path_reads(path, reads),
            Open::Question => {
                evaluator.reads(&self.rule.when, self.at, reads);
                reads.retain(|read| !evaluator.resolver.is_known(read.fact, read.nr));
                return true;
            }
        }
        reads.sort_unstable();
        reads.dedup();
        !reads.is_empty()
    }

    /// The same of one that may have been named before.
    pub fn is_about_something(&mut self, evaluator: &mut Evaluator<'a>) -> bool {
        !self.reads.is_empty() || self.name(evaluator)
    }
}

fn record<'a>(rule: &'a Rule, at: Ctx, target: Option<Nr>, judged: Judged<'a>, outcomes: &mut Outcomes<'a>) {
    match judged {
        Judged::Nothing => {}
        Judged::Raised { mitigated, partly, assumed } => {
            outcomes.raised.push(Raised { rule, at, target, mitigated, partly, assumed });
        }
        Judged::Asks(of) => outcomes.asked.push(Asked { rule, at, reads: Vec::new(), of }),
    }
}

/// A rule about paths: one outcome for every pair of ends. `mitigated_by` is asked of where the path ends.
fn paths<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule, outcomes: &mut Outcomes<'a>) {
    let Condition::Path { to, .. } = &rule.when else { return };
    let system = Ctx::of(evaluator.index.system());
    if !evaluator.eval(&rule.applies, system).is_true() {
        return;
    }
    let mut open = false;
    for (from, to, truth) in evaluator.pairs(&rule.when, to, rule.unknown != Unknown::Ask).iter().copied() {
        if truth == Truth::Unknown && rule.unknown == Unknown::Ask {
            open = true;
            continue;
        }
        let judged = weigh(evaluator, rule, truth, Ctx::of(to));
        record(rule, Ctx::of(from), Some(to), judged, outcomes);
    }
    if open {
        outcomes.asked.push(Asked { rule, at: system, reads: Vec::new(), of: Open::Path(&rule.when) });
    }
}

/// A rule that says it `subsumes` a more general one silences it on the same subject and, when it is about an element,
/// on those of the element's flows that it rests on. What is mitigated silences only what is mitigated too: a threat
/// that is open is never hidden behind one that is closed.
fn subsume<'a>(evaluator: &mut Evaluator<'a>, outcomes: &mut Outcomes<'a>) {
    let mut silenced: BTreeMap<(&str, Ctx), bool> = BTreeMap::new();
    for raised in outcomes.raised.iter().filter(|raised| !raised.rule.subsumes.is_empty()) {
        for nr in spoken_of(evaluator, raised) {
            for general in &raised.rule.subsumes {
                let closed = silenced.entry((general, Ctx::of(nr))).or_insert(true);
                *closed &= raised.mitigated;
            }
        }
    }
    if !silenced.is_empty() {
        outcomes.raised.retain(|r| match silenced.get(&(r.rule.id.as_str(), Ctx::of(r.at.nr))) {
            Some(only_closed) => *only_closed && !r.mitigated,
            None => true,
        });
    }
}

/// The subject of a threat and, when that is an element, those of its flows that the threat rests on: there it speaks
/// in the place of the rules that its own subsumes.
pub fn spoken_of<'a>(evaluator: &mut Evaluator<'a>, raised: &Raised<'a>) -> BTreeSet<Nr> {
    let (at, index) = (raised.at.nr, evaluator.index);
    let mut all = BTreeSet::from([at]);
    if index.is_element(at) && raised.target.is_none() {
        let touches = |flow: Nr| index.is_flow(flow) && [index.ends(flow).0, index.ends(flow).1].contains(&Some(at));
        all.extend(facts(evaluator, raised).into_iter().map(|read| read.nr).filter(|nr| touches(*nr)));
    }
    all
}

impl Raised<'_> {
    /// The key of the threat.
    pub fn key(&self, evaluator: &Evaluator<'_>) -> ThreatKey {
        let id = |nr: Nr| evaluator.index.id(nr);
        let detail = self.at.each.map(|each| id(each).as_str());
        match self.target {
            Some(target) => ThreatKey::path(id(self.at.nr), id(target), &self.rule.id, detail),
            None => ThreatKey::new(id(self.at.nr), &self.rule.id, detail),
        }
    }

    /// The subject that conditions are asked of: where a path ends, else the subject itself.
    pub fn ctx(&self) -> Ctx {
        self.target.map_or(self.at, Ctx::of)
    }
}

/// The facts that a threat rests on, each once.
pub fn facts<'a>(evaluator: &mut Evaluator<'a>, raised: &Raised<'a>) -> Vec<Read<'a>> {
    let mut reads = Vec::new();
    if let (Some(target), Condition::Path { from, to, .. }) = (raised.target, &raised.rule.when) {
        evaluator.reads(from, raised.at, &mut reads);
        evaluator.reads(to, Ctx::of(target), &mut reads);
    } else {
        evaluator.reads(&raised.rule.applies, raised.at, &mut reads);
        evaluator.reads(&raised.rule.when, raised.at, &mut reads);
    }
    if let Some(control) = &raised.rule.mitigated_by {
        evaluator.reads(control, raised.ctx(), &mut reads);
    }
    reads.sort();
    reads.dedup();
    reads
}
