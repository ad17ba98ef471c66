//! A rule proves itself: its examples say what they promise, its mitigations close what it finds, and its examples
//! notice any damage to its conditions. It reads no file; a team's own rules are proven the same way.

use super::check::check;
use super::engine;
use super::eval::{Evaluator, Trace};
use super::language::{Example, Expect, Lane, Rule, Unknown};
use super::mutate::mutants;
use super::said::{Said, expected};
use super::{Knowledge, sketch};
use crate::model::graph::Index;
use crate::model::{Date, FactValue, Id, Mitigation, MitigationStatus, Provides, ThreatModel};
use std::collections::BTreeSet;

/// The day of all examples.
pub const TODAY: Date = Date::constant(2026, 1, 1);

/// Everything that is wrong with a rule; empty when it is proven.
pub fn prove(rule: &Rule, knowledge: &Knowledge) -> Vec<String> {
    let mut wrong = check(rule, knowledge);
    let mut models = Vec::new();
    for example in &rule.examples {
        match sketch::model(&example.model) {
            Ok(model) => models.push((example, model)),
            Err(why) => wrong.push(format!("example `{}`: {why}", example.name)),
        }
    }
    if models.len() < rule.examples.len() || !wrong.is_empty() {
        return wrong;
    }
    for (example, model) in &models {
        let said = Said::by(rule, knowledge, model);
        if !said.is(&example.expect) {
            let (expected, said) = (expected(&example.expect), said.words());
            wrong.push(format!("example `{}`: it expects that the rule {expected}, but it {said}", example.name));
        }
    }
    if wrong.is_empty() {
        wrong.extend(enough(rule, knowledge, &models));
        wrong.extend(closes(rule, knowledge, &models));
        wrong.extend(survivors(rule, knowledge, &models));
    }
    wrong
}

/// Whether there are examples of every sort.
fn enough(rule: &Rule, knowledge: &Knowledge, models: &[(&Example, ThreatModel)]) -> Vec<String> {
    let count = |test: fn(&Expect) -> bool| models.iter().filter(|(e, _)| test(&e.expect)).count();
    let fires = count(|e| matches!(e, Expect::Fires(_)));
    let asks = count(|e| matches!(e, Expect::Asks(_)));
    let near = count(|e| matches!(e, Expect::Silent | Expect::Mitigated(_)));
    let mut wrong = Vec::new();
    if rule.lane == Lane::Question && asks == 0 || rule.lane != Lane::Question && fires == 0 {
        wrong.push("no example shows it speak".to_owned());
    }
    if near < 2 {
        wrong.push(format!("examples that are silent or mitigated: {near}; two are needed"));
    }
    let reads = models.iter().any(|(_, model)| !reads(rule, knowledge, model).is_empty());
    let open = match rule.unknown {
        Unknown::Ask => asks > 0,
        Unknown::Assume(_) | Unknown::Skip => models.iter().any(|(_, model)| reads_unknown(rule, knowledge, model)),
    };
    if reads && !open {
        wrong.push("no example shows what it does while a fact is unknown".to_owned());
    }
    wrong
}

/// The facts that the conditions read in a model, with the subjects.
fn reads(rule: &Rule, knowledge: &Knowledge, model: &ThreatModel) -> BTreeSet<(String, Id)> {
    traced(rule, knowledge, model).into_iter().map(|(fact, id, _)| (fact, id)).collect()
}

fn reads_unknown(rule: &Rule, knowledge: &Knowledge, model: &ThreatModel) -> bool {
    traced(rule, knowledge, model).into_iter().any(|(_, _, known)| !known)
}

fn traced(rule: &Rule, knowledge: &Knowledge, model: &ThreatModel) -> Vec<(String, Id, bool)> {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, TODAY);
    let mut found = Vec::new();
    let subjects: Vec<usize> = rule.on.iter().flat_map(|kind| index.of_kind(*kind)).collect();
    for nr in subjects {
        for each in engine::instances(&evaluator, rule.for_each, nr) {
            let at = super::eval::Ctx { nr, each };
            for condition in [Some(&rule.applies), Some(&rule.when), rule.mitigated_by.as_ref()].into_iter().flatten() {
                let trace = evaluator.trace(condition, at);
                collect(&trace, &evaluator, &mut found);
            }
        }
    }
    found
}

fn collect(trace: &Trace<'_>, evaluator: &Evaluator<'_>, into: &mut Vec<(String, Id, bool)>) {
    for read in &trace.reads {
        let known = evaluator.resolver.get(read.fact, read.nr).is_some();
        into.push((read.fact.to_owned(), evaluator.index.id(read.nr).clone(), known));
    }
    for part in &trace.parts {
        collect(part, evaluator, into);
    }
}

/// Applies what each mitigation provides to whatever the rule read where it fires.
fn closes(rule: &Rule, knowledge: &Knowledge, models: &[(&Example, ThreatModel)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (example, model) in models.iter().filter(|(e, _)| matches!(e.expect, Expect::Fires(_))) {
        let before = Said::by(rule, knowledge, model);
        let read = reads(rule, knowledge, model);
        for record in rule.mitigations.iter().filter_map(|id| knowledge.mitigations.get(id)) {
            let mut mitigated = model.clone();
            let mut work = Mitigation::new(&record.title);
            work.status = MitigationStatus::Implemented;
            for (fact, value) in &record.provides {
                let on = read.iter().filter(|(f, _)| f == fact).map(|(_, id)| id.clone()).collect();
                work.provides.push(Provides { fact: fact.clone(), value: FactValue::text(value), on });
            }
            if let Ok(id) = Id::new("work") {
                mitigated.mitigations.insert(id, work);
            }
            let after = Said::by(rule, knowledge, &mitigated);
            for (key, severity) in &before.fires {
                if after.fires.get(key).is_some_and(|now| now >= severity) {
                    wrong.push(format!(
                        "example `{}`: the mitigation {} changes nothing about `{key}`",
                        example.name, record.id
                    ));
                }
            }
        }
    }
    wrong
}

/// Damage that no example notices.
fn survivors(rule: &Rule, knowledge: &Knowledge, models: &[(&Example, ThreatModel)]) -> Vec<String> {
    let unnoticed =
        |mutant: &Rule| models.iter().all(|(example, model)| Said::by(mutant, knowledge, model).is(&example.expect));
    let mutants = mutants(rule, knowledge).into_iter();
    mutants
        .filter(|m| unnoticed(&m.rule))
        .map(|m| format!("every example still holds with {}; add one that fails then", m.what))
        .collect()
}
