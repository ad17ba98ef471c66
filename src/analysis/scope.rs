//! Which rules are asked again after an edit, and about whom. It asks nobody.

use crate::model::graph::Nr;
use crate::rules::eval::{Bits, Evaluator};
use crate::rules::language::{Each, Rule};
use foldhash::HashMap;
use std::rc::Rc;

/// What is asked again: everything, or some rules where they may say something else.
pub(super) struct Scope<'a>(Option<HashMap<&'a str, Rc<Again>>>);

/// Where a rule is asked again. What it says of a subject can be silenced by rules that speak of its neighbours, so that
/// these are asked too, but not listened to.
struct Again {
    listened_to: Bits,
    asked: Bits,
}

/// Where a rule is listened to again.
#[derive(Clone, Copy)]
pub(super) enum Where<'s> {
    Everywhere,
    Nowhere,
    At(&'s Bits),
}

impl Where<'_> {
    pub(super) fn has(self, nr: Nr) -> bool {
        match self {
            Where::Everywhere => true,
            Where::Nowhere => false,
            Where::At(dirty) => dirty.contains(nr),
        }
    }
}

impl<'a> Scope<'a> {
    /// Every rule, everywhere.
    pub(super) const fn everything() -> Self {
        Self(None)
    }

    /// Some rules, each where it may say something else; those that silence each other wherever one of them may.
    pub(super) fn new(evaluator: &Evaluator<'a>, rules: &[&'a Rule], dirty: &[Bits]) -> Self {
        let mut families: Vec<Vec<usize>> = vec![Vec::new(); rules.len()];
        kin(rules).into_iter().enumerate().for_each(|(n, kin)| families[kin].push(n));
        let mut all = HashMap::default();
        for family in families.iter().filter(|family| !family.is_empty()) {
            let again = match family[..] {
                [alone] => Again { listened_to: dirty[alone].clone(), asked: dirty[alone].clone() },
                _ => together(evaluator, rules, family, dirty),
            };
            let again = Rc::new(again);
            all.extend(family.iter().map(|n| (rules[*n].id.as_str(), Rc::clone(&again))));
        }
        Self(Some(all))
    }

    /// Where a rule is listened to again.
    pub(super) fn of(&self, rule: &str) -> Where<'_> {
        match &self.0 {
            None => Where::Everywhere,
            Some(rules) => rules.get(rule).map_or(Where::Nowhere, |again| Where::At(&again.listened_to)),
        }
    }

    /// Whether what a rule says about a subject is listened to again.
    pub(super) fn has(&self, rule: &str, nr: Nr) -> bool {
        self.of(rule).has(nr)
    }

    /// Whether a rule is asked again at all.
    pub(super) fn has_rule(&self, rule: &str) -> bool {
        !matches!(self.of(rule), Where::Nowhere)
    }

    /// Whom a rule is asked about; `None` is everybody.
    pub(super) fn within(&self, rule: &str) -> Option<&Bits> {
        Some(&self.0.as_ref()?.get(rule)?.asked)
    }
}

/// Where rules that silence each other are asked. What a path silences lies anywhere.
fn together(evaluator: &Evaluator<'_>, rules: &[&Rule], family: &[usize], dirty: &[Bits]) -> Again {
    let mut all = dirty[family[0]].clone();
    for other in family {
        all.join(&dirty[*other]);
    }
    if !all.is_empty() && family.iter().any(|other| rules[*other].for_each == Some(Each::Path)) {
        all = evaluator.everybody();
    }
    let listened_to = evaluator.with_neighbours(&all);
    Again { asked: evaluator.with_neighbours(&listened_to), listened_to }
}

/// A number for each rule; those that silence each other have the same.
fn kin(rules: &[&Rule]) -> Vec<usize> {
    let places: HashMap<&str, usize> = rules.iter().enumerate().map(|(n, rule)| (rule.id.as_str(), n)).collect();
    let mut kin: Vec<usize> = (0..rules.len()).collect();
    for (n, rule) in rules.iter().enumerate() {
        for general in rule.subsumes.iter().filter_map(|id| places.get(id.as_str())) {
            let (one, other) = (kin[n], kin[*general]);
            kin.iter_mut().filter(|kin| **kin == one).for_each(|kin| *kin = other);
        }
    }
    kin
}
