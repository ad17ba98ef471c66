//! An analysis that follows the edits of its model: after most of them only the rules are asked again that read what was
//! touched. It is always equal to a fresh one, which a law in the tests holds it to.

use super::Analysis;
use super::of::{Evaluators, Said};
use super::question::{Waiting, consider};
use super::readers::Readers;
use super::register::{join, unraised};
use super::row::{State, ThreatRow};
use super::scope::{Scope, Where};
use super::score::{self, Reach};
use super::touch::Touch;
use crate::model::graph::{Index, Moves, Nr};
use crate::model::{Date, Id, Severity, Threat, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::eval::{Ctx, Evaluator, Memory};
use crate::rules::fill;
use crate::rules::language::{Lane, Rule};
use foldhash::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::rc::Rc;

/// With more records touched than this everything is joined with the register again.
const FEW: usize = 16;

/// An analysis with what it takes to change it in part.
#[derive(Debug)]
pub struct Live {
    analysis: Analysis,
    /// What questions are made of; `None` where nobody wants any.
    waiting: Option<Waiting>,
    /// Made when an edit first touches facts.
    readers: Option<Readers>,
    /// What was computed of the model as it is, and as it would be without mitigations.
    memories: [Option<Memory>; 2],
    /// Whom the numbers in all this stand for.
    ids: Vec<Id>,
}

impl Live {
    /// Evaluates a model with the packs that it names.
    pub fn of(model: &ThreatModel, knowledge: &Knowledge, today: Date) -> Self {
        Self::evaluated(model, knowledge, today, true)
    }

    /// The same without questions, for whoever only wants to know what the register should say.
    pub fn of_threats(model: &ThreatModel, knowledge: &Knowledge, today: Date) -> Self {
        Self::evaluated(model, knowledge, today, false)
    }

    fn evaluated(model: &ThreatModel, knowledge: &Knowledge, today: Date, with_questions: bool) -> Self {
        let index = Index::new(model);
        let mut evaluators = Evaluators::new(&index, knowledge, today);
        let rules: Vec<&Rule> = knowledge.active(model.system.packs.as_deref()).collect();
        let scope = Scope::everything();
        let said = evaluators.say(knowledge, &rules, &scope);
        let reach = Reach::of(&evaluators.now);
        let waiting = with_questions.then(|| Waiting::new(rules.into_iter()));
        let analysis = Analysis { reach, ..Analysis::default() };
        let mut live = Self { analysis, waiting, readers: None, memories: [None, None], ids: index.ids() };
        live.hear(&mut evaluators.now, knowledge, today, said, &scope, None);
        live.remember(evaluators);
        live
    }

    fn remember(&mut self, evaluators: Evaluators<'_>) {
        self.memories = [Some(evaluators.now.into_memory()), evaluators.without.map(Evaluator::into_memory)];
    }

    /// The analysis as it is now.
    pub const fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// The analysis alone.
    pub fn into_analysis(self) -> Analysis {
        self.analysis
    }

    /// Follows an edit.
    pub fn follow(&mut self, model: &ThreatModel, knowledge: &Knowledge, today: Date, touch: &Touch) {
        if touch.whole {
            *self = Self::evaluated(model, knowledge, today, self.waiting.is_some());
            return;
        }
        if !touch.facts.is_empty() || touch.names || !touch.drawn.is_empty() {
            self.ask_again(model, knowledge, today, touch);
        }
        if touch.threats.len() > FEW {
            self.rejoin(model, knowledge, today);
        } else if !touch.threats.is_empty() {
            self.look_up(model, knowledge, today, &touch.threats);
        }
        if touch.looks {
            self.analysis.questions.iter_mut().for_each(|question| consider(model, question));
        }
    }

    /// Asks the rules again that read what was touched. What they say of subjects to which that makes no difference is
    /// kept.
    fn ask_again(&mut self, model: &ThreatModel, knowledge: &Knowledge, today: Date, touch: &Touch) {
        let packs = model.system.packs.as_deref();
        let readers = self.readers.take().unwrap_or_else(|| Readers::new(knowledge, packs));
        let ids = readers.after(touch, knowledge, packs);
        if !ids.is_empty() || touch.names || !touch.drawn.is_empty() {
            let index = Index::new(model);
            let moves = (!touch.drawn.is_empty()).then(|| Rc::new(Moves::between(&self.ids, &index)));
            let memories = std::mem::take(&mut self.memories);
            let mut evaluators = Evaluators::remembering(&index, knowledge, today, memories, moves.as_ref());
            let rules: Vec<&Rule> = knowledge.active(packs).filter(|rule| ids.contains(rule.id.as_str())).collect();
            let scope = evaluators.clean(&rules, touch);
            let said = evaluators.say(knowledge, &rules, &scope);
            if moves.is_some() {
                self.redraw(&evaluators.now, knowledge);
            }
            self.hear(&mut evaluators.now, knowledge, today, said, &scope, moves.as_deref());
            if touch.names {
                self.call_by_name(&evaluators.now, knowledge, today);
            }
            self.remember(evaluators);
        }
        self.readers = Some(readers);
    }

    /// Follows the diagram: what is gone says nothing any more, who can get where is another matter, and what stands in
    /// the register alone has to be looked at again.
    fn redraw(&mut self, evaluator: &Evaluator<'_>, knowledge: &Knowledge) {
        let index = evaluator.index;
        let is_there = |id: &Id| index.nr(id).is_some() || id == index.id(index.system());
        self.ids = index.ids();
        self.analysis.lints.retain(|lint| is_there(&lint.subject));
        let reach = Reach::of(evaluator);
        if reach != self.analysis.reach {
            self.analysis.reach = reach;
            score::fill(&self.analysis.reach, knowledge, &mut self.analysis.threats);
        }
    }

    /// Says what threats are called, where names have changed.
    fn call_by_name(&mut self, evaluator: &Evaluator<'_>, knowledge: &Knowledge, today: Date) {
        let index = evaluator.index;
        for row in self.analysis.threats.iter_mut().filter(|row| row.raised.is_some()) {
            let subject = index.nr(&row.subject).unwrap_or(index.system());
            let Some(rule) = knowledge.rule(row.key.rule()) else { continue };
            let each = row.key.detail().and_then(|id| index.nr(&Id::new(id).ok()?));
            let target = row.target.as_ref().and_then(|id| index.nr(id));
            let path: Vec<Nr> = row.evidence.iter().filter_map(|id| index.nr(id)).collect();
            let title = fill::fill_at(evaluator, &rule.title, Ctx { nr: subject, each }, target, &path);
            if title != row.title {
                row.title = title;
                join(row, index.model.threats.get(&row.key), today);
            }
        }
    }

    /// Puts what rules say now in the place of what they said before.
    fn hear<'a>(
        &mut self,
        evaluator: &mut Evaluator<'a>,
        knowledge: &'a Knowledge,
        today: Date,
        said: Said<'a>,
        scope: &Scope<'_>,
        moves: Option<&Moves>,
    ) {
        let (index, model) = (evaluator.index, evaluator.index.model);
        let Said { mut threats, lints, mut asked } = said;
        let analysis = &mut self.analysis;
        let nr = |id: &Id| index.nr(id).unwrap_or(index.system());
        analysis.lints.retain(|lint| !scope.has(&lint.rule, nr(&lint.subject)));
        analysis.lints.extend(lints);
        analysis.lints.sort_by(|a, b| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)));
        let recorded: HashMap<&ThreatKey, &Threat> = model.threats.iter().collect();
        for row in &mut threats {
            join(row, recorded.get(&row.key).copied(), today);
        }
        score::fill(&analysis.reach, knowledge, &mut threats);
        let is_gone = |id: &Id| moves.is_some() && index.nr(id).is_none() && id != index.id(index.system());
        analysis.threats.retain(|row| match scope.of(row.key.rule()) {
            Where::Nowhere => moves.is_none(),
            again => row.raised.is_some() && !again.has(nr(&row.subject)) && !is_gone(&row.subject),
        });
        analysis.threats.append(&mut threats);
        complete(model, knowledge, today, analysis, |key| moves.is_some() || scope.has_rule(key.rule()));
        if let Some(waiting) = &mut self.waiting {
            asked.retain_mut(|ask| ask.is_about_something(evaluator));
            waiting.ask(evaluator, knowledge, scope, moves, &asked, &mut analysis.questions);
        }
    }

    /// Joins everything with the register again, after a change of it alone.
    pub fn rejoin(&mut self, model: &ThreatModel, knowledge: &Knowledge, today: Date) {
        let threats = &mut self.analysis.threats;
        threats.retain(|row| row.raised.is_some());
        let recorded: HashMap<&ThreatKey, &Threat> = model.threats.iter().collect();
        for row in threats.iter_mut() {
            join(row, recorded.get(&row.key).copied(), today);
        }
        score::fill(&self.analysis.reach, knowledge, threats);
        complete(model, knowledge, today, &mut self.analysis, |_| true);
    }

    /// Joins some threats with the register again. Whose record stands alone is looked at again too: what it could
    /// belong to may be recorded now.
    fn look_up(&mut self, model: &ThreatModel, knowledge: &Knowledge, today: Date, keys: &BTreeSet<ThreatKey>) {
        let threats = &mut self.analysis.threats;
        let mut alone: BTreeSet<ThreatKey> = keys.clone();
        threats.retain_mut(|row| {
            if row.raised.is_some() {
                if alone.remove(&row.key) {
                    join(row, model.threats.get(&row.key), today);
                    score::fill(&self.analysis.reach, knowledge, std::slice::from_mut(row));
                }
                return true;
            }
            if matches!(row.state, State::Orphan { .. }) {
                alone.insert(row.key.clone());
            }
            !alone.contains(&row.key)
        });
        let rows = alone.iter().filter_map(|key| Some((key, model.threats.get(key)?)));
        let mut rows: Vec<ThreatRow> =
            rows.map(|(key, threat)| unraised(model, knowledge, key, threat, threats, today)).collect();
        score::fill(&self.analysis.reach, knowledge, &mut rows);
        threats.append(&mut rows);
        sort(threats);
    }
}

/// Whether the words of a rule are what is listed, not a threat that can be called by another name.
pub(super) const fn speaks_itself(rule: &Rule) -> bool {
    matches!(rule.lane, Lane::Lint | Lane::Question)
}

/// Adds what stands in the register alone, of some keys, and sorts.
fn complete(
    model: &ThreatModel,
    knowledge: &Knowledge,
    today: Date,
    analysis: &mut Analysis,
    of: impl Fn(&ThreatKey) -> bool,
) {
    let threats = &mut analysis.threats;
    let there: HashSet<&ThreatKey> = threats.iter().map(|row| &row.key).collect();
    let mut silent: Vec<ThreatRow> = (model.threats.iter())
        .filter(|(key, _)| of(key) && !there.contains(key))
        .map(|(key, threat)| unraised(model, knowledge, key, threat, threats, today))
        .collect();
    score::fill(&analysis.reach, knowledge, &mut silent);
    threats.append(&mut silent);
    sort(threats);
}

/// What is open before what is not, then by the score, and of equal scores the most severe first.
fn sort(threats: &mut Vec<ThreatRow>) {
    // Rows are large: they move once, when their order is known.
    let mut order: Vec<usize> = (0..threats.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&threats[*a], &threats[*b]);
        rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key))
    });
    let mut rows: Vec<Option<ThreatRow>> = std::mem::take(threats).into_iter().map(Some).collect();
    threats.extend(order.into_iter().filter_map(|at| rows[at].take()));
}

fn rank(row: &ThreatRow) -> (bool, Reverse<(i64, Option<Severity>)>) {
    (!row.is_open(), Reverse((row.score.total(), row.severity)))
}
