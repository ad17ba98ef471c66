//! Rules × model: what is raised as rows, every threat once. It knows the register of one threat only, where somebody
//! asks for that one; joining the whole is in `register`, and following edits in `live`.

use super::Analysis;
use super::live::{Live, speaks_itself};
use super::register::{join, unraised};
use super::row::{Confidence, Lint, Raises, State, ThreatRow};
use super::scope::Scope;
use super::score::Score;
use super::touch::Touch;
use crate::model::graph::{Index, Moves, Nr};
use crate::model::id::{base32, display_id};
use crate::model::resolve::{Known, Origin, Resolved, Resolver};
use crate::model::{Date, Id, Status, Thing, Threat, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::engine::{self, Asked, Outcomes, Raised};
use crate::rules::eval::{ALWAYS_READ, Bits, Ctx, Dirt, Evaluator, Memory, Read};
use crate::rules::language::{Lane, Rule};
use crate::rules::{fill, risk};
use foldhash::{HashMap, HashSet};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

impl Analysis {
    /// Evaluates a model with the packs that it names.
    pub fn of(model: &ThreatModel, knowledge: &Knowledge, today: Date) -> Self {
        Live::of(model, knowledge, today).into_analysis()
    }

    /// The row of a key, or of the beginning of a display id or key that fits one row only.
    pub fn find(&self, text: &str) -> Option<&ThreatRow> {
        let exact = self.threats.iter().find(|row| row.key.as_str() == text);
        exact.or_else(|| {
            let upper = text.to_ascii_uppercase();
            let fits = |row: &&ThreatRow| row.id.starts_with(&upper) || row.id[2..].starts_with(&upper);
            let mut found = self.threats.iter().filter(|row| text.len() >= 2 && fits(row));
            found.next().filter(|_| found.next().is_none())
        })
    }
}

/// What some rules say, not yet joined with the register.
pub(super) struct Said<'a> {
    pub(super) threats: Vec<ThreatRow>,
    pub(super) lints: Vec<Lint>,
    /// What they ask, its facts not named yet.
    pub(super) asked: Vec<Asked<'a>>,
}

/// The model as it is and, where mitigations count, as it would be without them.
pub(super) struct Evaluators<'a> {
    pub(super) now: Evaluator<'a>,
    pub(super) without: Option<Evaluator<'a>>,
}

impl<'a> Evaluators<'a> {
    pub(super) fn new(index: &'a Index<'a>, knowledge: &'a Knowledge, today: Date) -> Self {
        Self::remembering(index, knowledge, today, [None, None], None)
    }

    /// The same, going on with what was computed before an edit; to be cleaned before anything is asked.
    pub(super) fn remembering(
        index: &'a Index<'a>,
        knowledge: &'a Knowledge,
        today: Date,
        [now, without]: [Option<Memory>; 2],
        moves: Option<&Rc<Moves>>,
    ) -> Self {
        let (vocabulary, technologies) = (&knowledge.vocabulary, &knowledge.technologies);
        let again = |resolver: fn(_, _, _) -> _, fresh: fn(_, _, _, _) -> _, memory| match memory {
            Some(memory) => {
                Evaluator::remembering(resolver(index, vocabulary, technologies), today, memory, moves.cloned())
            }
            None => fresh(index, vocabulary, technologies, today),
        };
        let is_mitigated = !provided(index.model).is_empty();
        Self {
            now: again(Resolver::new, Evaluator::new, now),
            without: is_mitigated.then(|| again(Resolver::unmitigated, Evaluator::unmitigated, without)),
        }
    }

    /// Forgets what an edit touched, and tells where some rules may say something else than before.
    pub(super) fn clean(&mut self, rules: &[&'a Rule], touch: &Touch) -> Scope<'a> {
        let mut dirty = vec![Bits::none(self.now.index.len()); rules.len()];
        for evaluator in self.without.iter_mut().chain([&mut self.now]) {
            let mut dirt = Dirt::new(evaluator.index, &touch.facts, &touch.subjects, &touch.drawn);
            for (rule, dirty) in rules.iter().zip(&mut dirty) {
                dirty.join(&evaluator.dirt_of(rule, &mut dirt));
                if touch.names && speaks_itself(rule) {
                    *dirty = evaluator.everybody();
                }
            }
            evaluator.settle(&dirt);
        }
        Scope::new(&self.now, rules, &dirty)
    }

    /// Asks some rules; those that silence each other are all among them or none is.
    pub(super) fn say(&mut self, knowledge: &'a Knowledge, rules: &[&'a Rule], scope: &Scope<'_>) -> Said<'a> {
        let now = &mut self.now;
        let mut outcomes = engine::hear_within(now, rules.iter().map(|rule| (*rule, scope.within(&rule.id))));
        let closed = match &mut self.without {
            Some(without) => closed(now, without, rules, scope, &mut outcomes),
            None => Vec::new(),
        };
        let (mut threats, mut lints) = (Vec::with_capacity(outcomes.raised.len()), Vec::new());
        for raised in outcomes.raised.iter().filter(|raised| scope.has(&raised.rule.id, raised.at.nr)) {
            if raised.rule.lane == Lane::Lint {
                lints.push(lint(now, raised));
            } else {
                let key = raised.key(now);
                threats.push(row(now, knowledge, raised, key));
            }
        }
        if let Some(without) = &mut self.without {
            for closed in closed.iter().filter(|closed| scope.has(&closed.rule.id, closed.at.nr)) {
                let key = closed.key(without);
                threats.push(closed_row(now, without, knowledge, closed, key));
            }
        }
        outcomes.asked.retain(|ask| scope.has(&ask.rule.id, ask.at.nr));
        Said { threats, lints, asked: outcomes.asked }
    }
}

fn lint<'a>(evaluator: &mut Evaluator<'a>, raised: &Raised<'a>) -> Lint {
    Lint {
        rule: raised.rule.id.clone(),
        subject: evaluator.index.id(raised.at.nr).clone(),
        title: fill::fill(evaluator, &raised.rule.title, raised),
        fix: fill::fill(evaluator, &raised.rule.fix, raised),
    }
}

/// Facts that mitigations provide which are done.
fn provided(model: &ThreatModel) -> BTreeSet<&str> {
    let counting = model.mitigations.values().filter(|m| m.status.counts());
    counting.flat_map(|m| &m.provides).map(|p| p.fact.as_str()).collect()
}

/// Evaluates the rule of one key only and hands its row to `then`, with what the rule raised if it did; `None` when
/// neither the rules nor the register know the key.
pub(super) fn evaluated<T>(
    model: &ThreatModel,
    knowledge: &Knowledge,
    key: &ThreatKey,
    today: Date,
    then: impl for<'a> FnOnce(&mut Evaluator<'a>, ThreatRow, Option<&Raised<'a>>) -> T,
) -> Option<T> {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    let rules = knowledge.active(model.system.packs.as_deref()).filter(|rule| rule.id == key.rule());
    let outcomes = engine::run(&mut evaluator, rules);
    let recorded = model.threats.get(key);
    if let Some(raised) = outcomes.raised.iter().find(|raised| raised.key(&evaluator) == *key) {
        let mut row = row(&mut evaluator, knowledge, raised, key.clone());
        join(&mut row, recorded, today);
        return Some(then(&mut evaluator, row, Some(raised)));
    }
    if model.mitigations.values().any(|m| m.status.counts()) {
        let mut without = Evaluator::unmitigated(&index, &knowledge.vocabulary, &knowledge.technologies, today);
        let rules = knowledge.active(model.system.packs.as_deref()).filter(|rule| rule.id == key.rule());
        let outcomes = engine::run(&mut without, rules);
        if let Some(raised) = outcomes.raised.iter().find(|raised| raised.key(&without) == *key) {
            let raised = Raised { mitigated: true, ..raised.clone() };
            let mut row = closed_row(&evaluator, &mut without, knowledge, &raised, key.clone());
            join(&mut row, recorded, today);
            return Some(then(&mut without, row, Some(&raised)));
        }
    }
    let row = unraised(model, knowledge, key, recorded?, &[], today);
    Some(then(&mut evaluator, row, None))
}

/// Threats that a rule would raise without the mitigations: these close them, where the rule's own control does not
/// say so already.
fn closed<'a>(
    now: &mut Evaluator<'a>,
    without: &mut Evaluator<'a>,
    rules: &[&'a Rule],
    scope: &Scope<'_>,
    outcomes: &mut Outcomes<'a>,
) -> Vec<Raised<'a>> {
    let rules = readers(rules.to_vec(), &provided(now.index.model));
    if rules.is_empty() {
        return Vec::new();
    }
    let raised: HashSet<(&str, Ctx, Option<Nr>)> =
        outcomes.raised.iter().map(|raised| (raised.rule.id.as_str(), raised.at, raised.target)).collect();
    let mut asked: HashMap<(&str, Nr), Vec<&mut Asked<'a>>> = HashMap::default();
    for ask in &mut outcomes.asked {
        asked.entry((&ask.rule.id, ask.at.nr)).or_default().push(ask);
    }
    let rules = rules.into_iter().map(|rule| (rule, scope.within(&rule.id)));
    let mut would = engine::hear_within(without, rules).raised;
    would.retain(|closed| {
        let mut waits = asked.get_mut(&(closed.rule.id.as_str(), closed.at.nr)).into_iter().flatten();
        closed.rule.lane != Lane::Lint
            && !raised.contains(&(closed.rule.id.as_str(), closed.at, closed.target))
            && !waits.any(|ask| ask.is_about_something(now))
    });
    would.into_iter().map(|closed| Raised { mitigated: true, ..closed }).collect()
}

fn closed_row<'a>(
    now: &Evaluator<'a>,
    without: &mut Evaluator<'a>,
    knowledge: &'a Knowledge,
    closed: &Raised<'a>,
    key: ThreatKey,
) -> ThreatRow {
    let reads = engine::facts(without, closed);
    let closed_by = closed_by(&known(now, &reads));
    ThreatRow { closed_by, ..row(without, knowledge, closed, key) }
}

/// Of some rules those whose answers depend on some facts, and those that speak for one of these.
fn readers<'k>(mut rules: Vec<&'k Rule>, facts: &BTreeSet<&str>) -> Vec<&'k Rule> {
    if ALWAYS_READ.iter().any(|fact| facts.contains(fact)) {
        return rules;
    }
    let reads = |rule: &Rule| {
        let mut found = false;
        for condition in [Some(&rule.applies), Some(&rule.when), rule.mitigated_by.as_ref()].into_iter().flatten() {
            condition.walk(&mut |part| found |= part.fact().is_some_and(|fact| facts.contains(fact)));
        }
        found
    };
    let mut kept: BTreeSet<&str> = rules.iter().filter(|rule| reads(rule)).map(|rule| rule.id.as_str()).collect();
    loop {
        let speaks = |rule: &&&Rule| rule.subsumes.iter().any(|general| kept.contains(general.as_str()));
        let more: Vec<&str> = rules.iter().filter(speaks).map(|rule| rule.id.as_str()).collect();
        let before = kept.len();
        kept.extend(more);
        if kept.len() == before {
            break;
        }
    }
    rules.retain(|rule| kept.contains(rule.id.as_str()));
    rules
}

/// What is known about facts.
fn known<'a>(evaluator: &Evaluator<'a>, reads: &[Read<'_>]) -> Vec<Resolved<'a>> {
    reads.iter().map(|read| evaluator.resolver.get(read.fact, read.nr)).collect()
}

/// The mitigations that provide some of these facts.
fn closed_by(known: &[Resolved<'_>]) -> Vec<Id> {
    let provider = |known: &Resolved<'_>| match known {
        Some((_, Origin::Mitigation(id))) => Some((*id).clone()),
        _ => None,
    };
    let found: BTreeSet<Id> = known.iter().filter_map(provider).collect();
    found.into_iter().collect()
}

fn row<'a>(evaluator: &mut Evaluator<'a>, knowledge: &'a Knowledge, raised: &Raised<'a>, key: ThreatKey) -> ThreatRow {
    let model = evaluator.index.model;
    let rating = risk::rate(evaluator, &knowledge.rubric, raised);
    let reads = engine::facts(evaluator, raised);
    let known = known(evaluator, &reads);
    let title = fill::fill(evaluator, &raised.rule.title, raised);
    let subject = evaluator.index.id(raised.at.nr).clone();
    let target = raised.target.map(|nr| evaluator.index.id(nr).clone());
    let path = fill::path(evaluator, raised);
    let by_team = knowledge.by_team.overrides.get(&raised.rule.id).map(|by| {
        let before = risk::rate(evaluator, &knowledge.rubric, &Raised { rule: &by.before, ..raised.clone() });
        by.effect_on(before.severity, rating.severity)
    });
    let (from, to) = evaluator.index.ends(raised.at.nr);
    let ends = [from, to].into_iter().flatten().map(|nr| evaluator.index.id(nr).clone());
    ThreatRow {
        id: if evaluator.index.is_renamed() { model.display_id(&key) } else { display_id(&key) },
        title,
        about: std::iter::once(subject.clone()).chain(target.clone()).chain(ends).collect(),
        subject,
        target,
        stride: raised.rule.stride.clone(),
        linddun: raised.rule.linddun.clone(),
        computed: Some(rating.severity),
        inherent: Some(rating.inherent),
        severity: None,
        risk: Some((rating.likelihood, rating.impact)),
        score: Score::default(),
        confidence: confidence(&known, raised.assumed || rating.assumed),
        raised: Some(if raised.mitigated { Raises::Mitigated } else { Raises::Open }),
        stale: false,
        status: Status::Open,
        state: State::New,
        expired: false,
        facts: facts_hash(evaluator, &reads, &known),
        closed_by: if raised.mitigated { closed_by(&known) } else { Vec::new() },
        fixes: raised.rule.mitigations.clone(),
        evidence: path.into_iter().map(|nr| evaluator.index.id(nr).clone()).collect(),
        by_team,
        record: Threat::default(),
        key,
    }
}

fn confidence(known: &[Resolved<'_>], assumed: bool) -> Confidence {
    let inherited = |known: &Resolved<'_>| matches!(known, Some((_, Origin::Boundary(_) | Origin::Technology(_))));
    match assumed {
        true => Confidence::Assumed,
        false if known.iter().any(inherited) => Confidence::Inherited,
        false => Confidence::Stated,
    }
}

/// A hash of facts with their values. Subjects count by their oldest ids and stand in the order of these, so that a
/// rename changes nothing.
fn facts_hash(evaluator: &Evaluator<'_>, reads: &[Read<'_>], known: &[Resolved<'_>]) -> String {
    let oldest = |read: &Read<'_>| -> &str {
        let first = evaluator.index.thing(read.nr).and_then(|t| t.formerly().first());
        first.unwrap_or_else(|| evaluator.index.id(read.nr)).as_str()
    };
    // Numbers tell elements from flows and so on, and within these follow the ids of today.
    let section = |read: &Read<'_>| match evaluator.index.thing(read.nr) {
        Some(Thing::Element(_)) => 0,
        Some(Thing::Flow(_)) => 1,
        Some(Thing::Boundary(_)) => 2,
        Some(Thing::Asset(_)) => 3,
        None => 4,
    };
    let mut all: Vec<(u8, &str, &str, &Resolved<'_>)> =
        reads.iter().zip(known).map(|(read, known)| (section(read), oldest(read), read.fact, known)).collect();
    all.sort_by_key(|(section, id, ..)| (*section, *id));
    let mut text = String::new();
    for (_, id, fact, known) in all {
        text.push_str(id);
        text.push('.');
        text.push_str(fact);
        if let Some((known, _)) = known {
            text.push('=');
            text.push_str(&with_oldest(known, evaluator.index).to_string());
        }
        text.push('\n');
    }
    base32(text.as_bytes(), 8)
}

/// A value in which things go by their oldest ids, as in what a flow carries.
fn with_oldest<'k>(known: &'k Known<'k>, index: &Index<'_>) -> Cow<'k, Known<'k>> {
    if !index.is_renamed() {
        return Cow::Borrowed(known);
    }
    let oldest = |word: &str| {
        let thing = Id::new(word).ok().and_then(|id| index.nr(&id)).and_then(|nr| index.thing(nr));
        thing.and_then(|thing| thing.formerly().first()).map(ToString::to_string)
    };
    match known {
        Known::Word(word) => oldest(word).map_or(Cow::Borrowed(known), |old| Cow::Owned(Known::Word(Cow::Owned(old)))),
        Known::List(words) => {
            let mut all: Vec<String> = words.iter().map(|word| oldest(word).unwrap_or_else(|| word.clone())).collect();
            // Lists are in the order of the ids.
            all.sort();
            Cow::Owned(Known::List(Cow::Owned(all)))
        }
        Known::NotApplicable(_) => Cow::Borrowed(known),
    }
}
