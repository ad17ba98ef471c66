//! What can be said about a rule without evaluating it: names that exist, values that can be, tests that fit their
//! subjects, placeholders that mean something. Whether it speaks rightly is `prove`.

use super::Knowledge;
use super::fill::{Needs, PLACEHOLDERS, placeholders};
use super::language::{Condition, Each, Impact, Lane, Rule};
use crate::model::resolve::{FIELDS, is_field};
use crate::model::{FactDef, FactValue, OWN_PACK, SubjectKind, Values, Vocabulary};

const ELEMENTS: &[SubjectKind] = &[SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore];
const ENDS: &[SubjectKind] =
    &[SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore, SubjectKind::Boundary];
const NODES: &[SubjectKind] =
    &[SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore, SubjectKind::Flow];
const HOLDERS: &[SubjectKind] =
    &[SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore, SubjectKind::Flow, SubjectKind::Asset];
const FLOW: &[SubjectKind] = &[SubjectKind::Flow];
const ASSET: &[SubjectKind] = &[SubjectKind::Asset];
const SYSTEM: &[SubjectKind] = &[SubjectKind::System];

/// So many mistakes are met with a guess at what was meant, which takes time.
const MOST_GUESSED: usize = 20;

/// Everything that is wrong with a rule by its form; empty when nothing is.
pub fn check(rule: &Rule, knowledge: &Knowledge) -> Vec<String> {
    let mut checker = Checker { knowledge, each: each_kinds(rule), wrong: Vec::new() };
    checker.head(rule);
    checker.condition(&rule.applies, &rule.on);
    checker.condition(&rule.when, &rule.on);
    let control_on = if rule.for_each == Some(Each::Path) { ELEMENTS } else { &rule.on };
    for condition in rule.mitigated_by.iter().chain(rule.risk.adjust.iter().map(|a| &a.when)) {
        checker.condition(condition, control_on);
    }
    checker.prose(rule);
    checker.wrong
}

/// The kinds of what a rule with `for_each` has at hand.
pub fn each_kinds(rule: &Rule) -> &'static [SubjectKind] {
    match rule.for_each {
        Some(Each::Carried | Each::Stored | Each::Handled) => ASSET,
        Some(Each::InFlow | Each::OutFlow) => FLOW,
        Some(Each::Path) | None => &[],
    }
}

/// Whether a text can be the id of a rule; the message says why not.
pub fn id(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('.').collect();
    let word = |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if parts.len() < 2 || !parts.iter().all(word) {
        return Err(format!(
            "`{text}` is not an id such as core.d.no-rate-limit: two words or more of a-z, 0-9 and -, with dots between"
        ));
    }
    if parts[0] == OWN_PACK {
        return Err("the pack `own` is for threats written by hand".to_owned());
    }
    Ok(())
}

struct Checker<'k> {
    knowledge: &'k Knowledge,
    each: &'static [SubjectKind],
    wrong: Vec<String>,
}

impl Checker<'_> {
    fn require(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }

    fn head(&mut self, rule: &Rule) {
        self.wrong.extend(id(&rule.id).err());
        self.require(!rule.on.is_empty(), || "`on` is empty".to_owned());
        let lettered = !rule.stride.is_empty() || !rule.linddun.is_empty();
        self.require(rule.lane != Lane::Threat || lettered, || {
            "a threat has a letter, of STRIDE or LINDDUN".to_owned()
        });
        self.require((1..=4).contains(&rule.risk.likelihood), || "likelihood goes from 1 to 4".to_owned());
        let (Impact::Fixed(impact) | Impact::FromData { at_least: impact, .. }) = rule.risk.impact;
        self.require((1..=4).contains(&impact), || "impact goes from 1 to 4".to_owned());
        if rule.for_each == Some(Each::Path) {
            let fits = rule.on == SYSTEM && matches!(rule.when, Condition::Path { .. });
            self.require(fits, || "`for_each: Path` needs `on: [System]` and `when: Path(..)`".to_owned());
        }
        for mitigation in &rule.mitigations {
            let known = self.knowledge.mitigations.contains_key(mitigation);
            self.require(known, || format!("mitigation `{mitigation}` does not exist"));
        }
        for other in &rule.subsumes {
            let known = self.knowledge.rule(other).is_some() && *other != rule.id;
            self.require(known, || format!("`subsumes` names `{other}`, which is not another rule"));
        }
    }

    fn prose(&mut self, rule: &Rule) {
        let ends = rule.on.contains(&SubjectKind::Flow) || rule.for_each == Some(Each::Path);
        for (field, text) in [
            ("title", &rule.title),
            ("why", &rule.why),
            ("fix", &rule.fix),
            ("verify", &rule.verify),
            ("false_positives", &rule.false_positives),
        ] {
            for word in placeholders(text) {
                let needs = PLACEHOLDERS.iter().find(|(name, _)| *name == word).map(|(_, needs)| *needs);
                let fits = match needs {
                    Some(Needs::Nothing) => true,
                    Some(Needs::Ends) => ends,
                    Some(Needs::Each) => !self.each.is_empty(),
                    None => false,
                };
                self.require(fits, || format!("`{{{word}}}` means nothing in `{field}`"));
            }
        }
        for (field, text) in [("title", &rule.title), ("finds", &rule.finds), ("why", &rule.why), ("fix", &rule.fix)] {
            self.require(!text.trim().is_empty(), || format!("`{field}` is empty"));
        }
    }

    /// Checks a condition that is asked of subjects of these kinds.
    fn condition(&mut self, condition: &Condition, on: &[SubjectKind]) {
        use Condition as C;
        let knowledge = self.knowledge;
        if let Some(fitting) = fits(condition) {
            self.require(on.iter().any(|k| fitting.contains(k)), || {
                format!("`{}` can never hold of {on:?}", super::phrase::phrase(condition, knowledge))
            });
        }
        self.names(condition, on);
        match condition {
            C::Each(_) | C::Uses => {
                self.require(!self.each.is_empty(), || "`Each` and `Uses` need `for_each`".to_owned());
            }
            _ => {}
        }
        let graph = matches!(
            condition,
            C::ReachableFrom { .. }
                | C::Reaches { .. }
                | C::GuardedBy { .. }
                | C::TaintedBy { .. }
                | C::Path { .. }
                | C::ArticulationPoint { .. }
                | C::InCycle(_)
                | C::ChainOut(..)
                | C::SharesRuntime(_)
                | C::SharesBoundary { .. }
                | C::Exists { .. }
                | C::Count { .. }
        );
        let outer = self.each;
        if graph {
            self.each = &[];
        }
        for (n, part) in condition.parts().into_iter().enumerate() {
            self.condition(part, kinds_inside(condition, n, on, outer));
        }
        self.each = outer;
    }

    fn names(&mut self, condition: &Condition, on: &[SubjectKind]) {
        use Condition as C;
        match condition {
            C::Is(fact, word) => self.value(fact, &[word], on, false),
            C::OneOf(fact, words) | C::Includes(fact, words) | C::Said(fact, words) => {
                self.value(fact, &words.iter().collect::<Vec<_>>(), on, false);
            }
            C::AtLeast(fact, word) | C::AtMost(fact, word) => self.value(fact, &[word], on, true),
            C::Known(fact) | C::Unknown(fact) | C::EndsDiffer(fact) | C::OlderThan(fact, _) => {
                let kinds = if matches!(condition, C::EndsDiffer(_)) { ENDS } else { on };
                let _ = self.defs(fact, kinds);
            }
            C::Has(fact) | C::HasPartly(fact) | C::Lacks(fact) | C::Verified(fact) => {
                let controls = self.defs(fact, on).iter().any(|d| d.values == Values::Control);
                self.require(controls || Vocabulary::is_free(fact), || format!("`{fact}` is not a control of {on:?}"));
            }
            C::Tech(techs) => {
                for tech in techs {
                    let known = self.knowledge.technologies.get(tech).is_some();
                    self.require(known, || format!("technology `{tech}` does not exist"));
                }
            }
            C::Can(capability) => {
                let known = self.knowledge.technologies.iter().any(|t| t.can.contains(capability));
                self.require(known, || format!("no technology has the capability `{capability}`"));
            }
            _ => {}
        }
    }

    /// The entries of a fact for some of the kinds; says so when there is none.
    fn defs(&mut self, fact: &str, on: &[SubjectKind]) -> Vec<FactDef> {
        let found: Vec<FactDef> =
            on.iter().filter_map(|kind| self.knowledge.vocabulary.get(fact, *kind)).cloned().collect();
        let known = !found.is_empty() || Vocabulary::is_free(fact) || on.iter().any(|kind| is_field(fact, *kind));
        let (knowledge, guess) = (self.knowledge, fact.len() < 100 && self.wrong.len() < MOST_GUESSED);
        self.require(known, || {
            let names = knowledge.vocabulary.iter().map(|d| d.name.as_str()).chain(FIELDS.iter().map(|f| f.0));
            let near = names.filter(|_| guess).min_by_key(|name| strsim::levenshtein(name, fact));
            let near = near.map(|near| format!("; `{near}`?")).unwrap_or_default();
            format!("fact `{fact}` does not exist for {on:?}{near}")
        });
        found
    }

    fn value(&mut self, fact: &str, words: &[&String], on: &[SubjectKind], ranked: bool) {
        let defs = self.defs(fact, on);
        for word in words {
            let one = FactValue::text(word);
            let some = FactValue::List(vec![(*word).clone()]);
            let can = |d: &FactDef| {
                (d.accepts(&one).is_ok() || d.accepts(&some).is_ok()) && (!ranked || d.rank(word).is_some())
            };
            self.require(defs.is_empty() || defs.iter().any(can), || {
                format!("`{fact}` of {on:?} can never be `{word}`")
            });
        }
    }
}

/// The kinds of subjects that a part of a condition is asked of, when the whole is asked of these kinds; `each` are those
/// of what is at hand.
pub fn kinds_inside<'o>(
    condition: &'o Condition,
    part: usize,
    on: &'o [SubjectKind],
    each: &'o [SubjectKind],
) -> &'o [SubjectKind] {
    use Condition as C;
    match condition {
        C::Source(_) | C::Target(_) | C::Peer(_) | C::Upstream { .. } | C::Downstream { .. } => ENDS,
        C::Carries(_) | C::CarriesNone(_) | C::Stores(_) | C::Processes(_) | C::Handles(_) => ASSET,
        C::Each(_) => each,
        C::AnyIn(_)
        | C::AllIn(_)
        | C::AnyOut(_)
        | C::AllOut(_)
        | C::CountIn(..)
        | C::CountOut(..)
        | C::InCycle(_)
        | C::ChainOut(..) => FLOW,
        C::ReachableFrom { .. } | C::Reaches { .. } | C::GuardedBy { .. } | C::TaintedBy { .. } if part == 1 => NODES,
        C::Path { .. } if part == 2 => NODES,
        C::ReachableFrom { .. }
        | C::Reaches { .. }
        | C::GuardedBy { .. }
        | C::TaintedBy { .. }
        | C::Path { .. }
        | C::ArticulationPoint { .. }
        | C::SharesRuntime(_)
        | C::SharesBoundary { .. } => ELEMENTS,
        C::Exists { on, .. } | C::Count { on, .. } => on,
        _ => on,
    }
}

/// Kinds of subjects of which a condition can hold; `None` for all.
fn fits(condition: &Condition) -> Option<&'static [SubjectKind]> {
    use Condition as C;
    Some(match condition {
        C::Source(_)
        | C::Target(_)
        | C::Peer(_)
        | C::EndsDiffer(_)
        | C::Crosses(_)
        | C::CrossDepth(_)
        | C::Enters(_)
        | C::Leaves(_)
        | C::SameBoundary(_)
        | C::TrustRise(_)
        | C::TrustDrop(_)
        | C::Carries(_)
        | C::CarriesNone(_)
        | C::ExceedsClearance
        | C::SharesCredential(_) => FLOW,
        C::Tech(_)
        | C::Can(_)
        | C::Stores(_)
        | C::Processes(_)
        | C::Uses
        | C::Untrusted
        | C::AnyIn(_)
        | C::AllIn(_)
        | C::AnyOut(_)
        | C::AllOut(_)
        | C::CountIn(..)
        | C::CountOut(..)
        | C::DistinctPeers(_)
        | C::ArticulationPoint { .. }
        | C::InCycle(_)
        | C::ChainOut(..)
        | C::SharesRuntime(_)
        | C::SharesBoundary { .. } => ELEMENTS,
        C::Handles(_)
        | C::Upstream { .. }
        | C::Downstream { .. }
        | C::ReachableFrom { .. }
        | C::Reaches { .. }
        | C::GuardedBy { .. }
        | C::TaintedBy { .. } => NODES,
        C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) => HOLDERS,
        C::TrustAtMost(_) | C::TrustAtLeast(_) | C::InBoundary(_) => ENDS,
        C::Path { .. } => SYSTEM,
        _ => return None,
    })
}
