//! Tests of one fact of one subject. Controls are facts with three strengths.

use super::{Evaluator, Truth};
use crate::model::graph::Nr;
use crate::model::resolve::{Known, Origin};
use crate::model::{Date, FactDef, MitigationStatus};
use crate::rules::language::Condition;

impl<'a> Evaluator<'a> {
    pub(super) fn fact(&mut self, condition: &'a Condition, nr: Nr) -> Truth {
        use Condition as C;
        match condition {
            C::Is(name, wanted) => self.word(name, nr, |word, _| word == wanted),
            C::OneOf(name, wanted) => self.word(name, nr, |word, _| wanted.iter().any(|w| w == word)),
            C::AtLeast(name, bound) => self.rank(name, nr, |def, word| Some(def.rank(word)? >= def.rank(bound)?)),
            C::AtMost(name, bound) => self.rank(name, nr, |def, word| Some(def.rank(word)? <= def.rank(bound)?)),
            C::Includes(name, wanted) => self.includes(name, wanted, nr),
            C::Said(name, wanted) => Truth::from(self.includes(name, wanted, nr).is_true()),
            C::Known(name) => Truth::from(self.resolver.get(name, nr).is_some()),
            C::Unknown(name) => Truth::from(self.resolver.applies(name, nr) && self.resolver.get(name, nr).is_none()),
            C::OlderThan(name, days) => {
                let today = self.today;
                self.word(name, nr, |word, _| is_older(word, *days, today))
            }
            C::Has(name) => self.word(name, nr, |word, _| word == "present"),
            C::HasPartly(name) => self.word(name, nr, |word, _| word == "present" || word == "partial"),
            C::Lacks(name) => self.word(name, nr, |word, _| word == "absent" || word == "partial"),
            C::Verified(name) => Truth::from(self.is_verified(name, nr)),
            C::Tech(wanted) => Truth::from(self.resolver.is_tech(nr, wanted)),
            C::Can(capability) => Truth::from(self.resolver.can(nr, capability)),
            _ => Truth::False,
        }
    }

    fn test(&self, name: &str, nr: Nr, test: impl Fn(&Known<'a>, Option<&FactDef>) -> bool) -> Truth {
        match self.resolver.get(name, nr) {
            None if self.resolver.applies(name, nr) => Truth::Unknown,
            None | Some((Known::NotApplicable(_), _)) => Truth::False,
            Some((known, _)) => Truth::from(test(&known, self.resolver.def(name, nr))),
        }
    }

    fn includes(&self, name: &str, wanted: &[String], nr: Nr) -> Truth {
        self.test(name, nr, |known, _| match known {
            Known::Word(word) => wanted.iter().any(|w| w == word),
            Known::List(list) => list.iter().any(|w| wanted.contains(w)),
            Known::NotApplicable(_) => false,
        })
    }

    fn word(&self, name: &str, nr: Nr, test: impl Fn(&str, Option<&FactDef>) -> bool) -> Truth {
        self.test(name, nr, |known, def| matches!(known, Known::Word(word) if test(word, def)))
    }

    fn rank(&self, name: &str, nr: Nr, test: impl Fn(&FactDef, &str) -> Option<bool>) -> Truth {
        self.word(name, nr, |word, def| match def {
            Some(def) => test(def, word).unwrap_or(false),
            None => false,
        })
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
