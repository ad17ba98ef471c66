//! Tests of one fact of one subject. Controls are facts with three strengths.

use super::{Evaluator, Truth};
use crate::model::graph::Nr;
use crate::model::resolve::{Known, Origin};
use crate::model::{Date, FactDef, MitigationStatus};
use crate::rules::language::Condition;
use std::cmp::Ordering;

/// What a test of a fact says about a value; `None` is a value that nobody said.
pub(in crate::rules) fn judge(
    condition: &Condition,
    known: Option<&Known<'_>>,
    applies: bool,
    def: Option<&FactDef>,
    today: Date,
) -> Truth {
    use Condition as C;
    match (condition, known) {
        (C::Known(_), known) => return Truth::from(known.is_some()),
        (C::Unknown(_), known) => return Truth::from(applies && known.is_none()),
        (C::Said(..), None) | (_, Some(Known::NotApplicable(_))) => return Truth::False,
        (_, None) => return if applies { Truth::Unknown } else { Truth::False },
        _ => {}
    }
    let word = match known {
        Some(Known::Word(word)) => word.as_ref(),
        Some(Known::List(list)) => {
            let includes = |wanted: &[String]| list.iter().any(|word| wanted.contains(word));
            return Truth::from(matches!(condition, C::Includes(_, wanted) | C::Said(_, wanted) if includes(wanted)));
        }
        _ => return Truth::False,
    };
    let ranked = |bound: &str| def.and_then(|def| Some(def.rank(word)?.cmp(&def.rank(bound)?)));
    Truth::from(match condition {
        C::Is(_, wanted) => word == wanted,
        C::OneOf(_, wanted) | C::Includes(_, wanted) | C::Said(_, wanted) => wanted.iter().any(|w| w == word),
        C::AtLeast(_, bound) => ranked(bound).is_some_and(Ordering::is_ge),
        C::AtMost(_, bound) => ranked(bound).is_some_and(Ordering::is_le),
        C::OlderThan(_, days) => is_older(word, *days, today),
        C::Has(_) => word == "present",
        C::HasPartly(_) => word == "present" || word == "partial",
        C::Lacks(_) => word == "absent" || word == "partial",
        _ => false,
    })
}

impl<'a> Evaluator<'a> {
    pub(super) fn fact(&mut self, condition: &'a Condition, nr: Nr) -> Truth {
        use Condition as C;
        match condition {
            C::Known(name) => Truth::from(self.resolver.is_known(name, nr)),
            C::Unknown(name) => Truth::from(self.resolver.applies(name, nr) && !self.resolver.is_known(name, nr)),
            C::Verified(name) => Truth::from(self.is_verified(name, nr)),
            C::Tech(wanted) => Truth::from(self.resolver.is_tech(nr, wanted)),
            C::Can(capability) => Truth::from(self.resolver.can(nr, capability)),
            _ => condition.value_of().map_or(Truth::False, |name| {
                let known = self.resolver.get(name, nr).map(|(known, _)| known);
                let applies = known.is_some() || self.resolver.applies(name, nr);
                judge(condition, known.as_ref(), applies, self.resolver.def(name, nr), self.today)
            }),
        }
    }

    fn is_verified(&self, name: &str, nr: Nr) -> bool {
        let by = match self.resolver.get(name, nr) {
            Some((Known::Word(word), Origin::Mitigation(by))) if word == "present" => by,
            _ => return false,
        };
        self.index.model.mitigations.get(by).is_some_and(|m| m.status == MitigationStatus::Verified)
    }
}

/// Whether a date, or a number of days, is further back than some days. What is neither is not older.
fn is_older(word: &str, days: u32, today: Date) -> bool {
    if let Ok(age) = word.parse::<u32>() {
        return age > days;
    }
    let Ok(date) = word.parse::<Date>() else { return false };
    today.since(date).is_ok_and(|span| span.get_days() > i32::try_from(days).unwrap_or(i32::MAX))
}
