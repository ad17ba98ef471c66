//! What a team changes about a rule, with its reason: the record as it is written, and what came of it. The order in
//! which a rule is read never matters: a rule is changed once.

use super::{LANGUAGE, Reader, in_file, named, place};
use crate::diagnostic::{Diagnostic, Span, meant};
use crate::file::team::Text;
use crate::model::Severity;
use crate::rules::Knowledge;
use crate::rules::check::check;
use crate::rules::language::{Condition, Each, Impact, Lane, Need, Rule, Tier, Unknown};
use crate::rules::phrase::phrase;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A record of `overrides.ron`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// The rule that is changed.
    rule: String,
    /// Why, for everybody who meets the change.
    reason: String,
    /// Switches the rule off.
    #[serde(default)]
    off: bool,
    /// `A` asks the rule wherever its pack is named, `B` only where it is named itself.
    #[serde(default)]
    tier: Option<Tier>,
    #[serde(default)]
    lane: Option<Lane>,
    #[serde(default)]
    unknown: Option<Unknown>,
    /// Where the reckoning of the risk starts.
    #[serde(default)]
    likelihood: Option<u8>,
    #[serde(default)]
    impact: Option<Impact>,
    /// Where this holds, the rule is silent.
    #[serde(default)]
    unless: Option<Condition>,
    /// A sentence behind how to close it.
    #[serde(default)]
    advice: Option<String>,
}

/// A rule that the team changed.
#[derive(Clone, Debug)]
pub struct Overridden {
    /// The rule as it was.
    pub before: Rule,
    /// Whether it is switched off.
    pub off: bool,
    /// Whether it is silent where it spoke before, by `unless`.
    pub excludes: bool,
    /// What is different, each in a few words.
    pub changes: Vec<String>,
    /// The file that says so.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What an override did, to a rule or to one threat of it. As JSON it is an object of these fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// What is different, each in a few words.
    pub what: Vec<String>,
    /// The file that says so.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl Overridden {
    /// What it did to the rule.
    pub fn effect(&self) -> Effect {
        Effect { what: self.changes.clone(), file: self.file.clone(), reason: self.reason.clone() }
    }

    /// What it did to a threat that would have been of one severity and is of another.
    pub fn effect_on(&self, before: Severity, now: Severity) -> Effect {
        let mut effect = self.effect();
        if before != now {
            let how = if now < before { "lowered" } else { "raised" };
            effect.what.insert(0, format!("severity {how} from {before} to {now}"));
        }
        effect
    }
}

impl Effect {
    /// In a sentence without a full stop of its own.
    pub fn sentence(&self) -> String {
        format!("{} by {}: {}", self.what.join(", "), self.file, self.reason)
    }
}

impl Reader<'_> {
    /// Changes the rules as the team asks for.
    pub(super) fn change(&mut self, orders: Vec<(&Text, Span, Override)>) {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for (text, at, order) in orders {
            let place = place(&text.text, at, &order.rule);
            if seen.insert(order.rule.clone(), at).is_some() {
                let message = format!("there is an override of `{}` already", order.rule);
                self.error(text, "bad-override", place, message, "make one of the two");
            } else if order.reason.trim().is_empty() {
                let message = format!("the override of `{}` gives no reason", order.rule);
                self.error(text, "bad-override", place, message, "say in a sentence why: reason: \"…\"");
            } else if let Some(before) = self.knowledge.rule(&order.rule).cloned() {
                self.change_one(text, at, &order, before);
            } else {
                let near = meant(&order.rule, self.knowledge.rules.iter().map(|r| r.id.as_str()));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it, or name a rule that exists; `sconce rule list PACK` lists those of a pack"
                        .to_owned(),
                };
                let message = format!("there is no rule `{}`, so this override has no effect", order.rule);
                self.notice(text, Diagnostic::warning("idle-override", place, message).help(help));
            }
        }
    }

    fn change_one(&mut self, text: &Text, at: Span, order: &Override, before: Rule) {
        let (after, changes) = applied(order, &before, &self.knowledge);
        let known = check(&before, &self.knowledge);
        let wrong: Vec<String> = check(&after, &self.knowledge).into_iter().filter(|w| !known.contains(w)).collect();
        for message in &wrong {
            let place = named(&text.text, at, message, &order.rule);
            let message = format!("in the override of `{}`: {message}", order.rule);
            self.error(text, "bad-override", place, message, LANGUAGE);
        }
        if !wrong.is_empty() {
            return;
        }
        let place = place(&text.text, at, &order.rule);
        if changes.is_empty() {
            let message = format!("`{}` is so already, so this override has no effect", order.rule);
            let help = "remove it, or say what it is to change";
            return self.notice(text, Diagnostic::warning("idle-override", place, message).help(help));
        }
        if order.off && changes.len() > 1 {
            let message = format!("`{}` is switched off, so the rest of this override has no effect", order.rule);
            self.notice(text, Diagnostic::warning("idle-override", place, message).help("remove the rest, or `off`"));
        }
        let by = Overridden {
            before,
            off: order.off,
            excludes: order.unless.is_some(),
            changes,
            file: text.name.clone(),
            reason: order.reason.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        self.knowledge.by_team.overrides.insert(order.rule.clone(), by);
        self.knowledge.rules.put(after);
    }

    fn notice(&mut self, text: &Text, diagnostic: Diagnostic) {
        self.knowledge.by_team.notices.push(in_file(text, diagnostic));
    }
}

/// The rule as the team wants it, and what is different about it.
fn applied(order: &Override, before: &Rule, knowledge: &Knowledge) -> (Rule, Vec<String>) {
    let mut rule = before.clone();
    let mut changes = Vec::new();
    if order.off {
        changes.push("switched off".to_owned());
    }
    if let Some(tier) = order.tier {
        rule.tier = tier;
        said(&mut changes, tier != before.tier, || match tier {
            Tier::A => "asked wherever its pack is named".to_owned(),
            Tier::B => "asked only where it is named itself".to_owned(),
        });
    }
    if let Some(lane) = order.lane {
        rule.lane = lane;
        let words = match lane {
            Lane::Threat => "shown as a threat",
            Lane::Hint => "shown as a hint",
            Lane::Lint => "shown as a gap in the model",
            Lane::Question => "shown as a question",
        };
        said(&mut changes, lane != before.lane, || words.to_owned());
    }
    if let Some(unknown) = order.unknown {
        rule.unknown = unknown;
        let words = match unknown {
            Unknown::Ask => "asked about what is not known",
            Unknown::Assume(true) => "what is not known taken for the bad case",
            Unknown::Assume(false) => "what is not known taken for the good case",
            Unknown::Skip => "silent while something is not known",
        };
        said(&mut changes, unknown != before.unknown, || words.to_owned());
    }
    if let Some(likelihood) = order.likelihood {
        rule.risk.likelihood = likelihood;
        said(&mut changes, likelihood != before.risk.likelihood, || {
            format!("likelihood {likelihood} in the place of {}", before.risk.likelihood)
        });
    }
    if let Some(impact) = &order.impact {
        rule.risk.impact = impact.clone();
        said(&mut changes, *impact != before.risk.impact, || {
            format!("impact {} in the place of {}", words(impact), words(&before.risk.impact))
        });
    }
    if let Some(unless) = &order.unless {
        exclude(&mut rule, unless);
        changes.push(format!("silent where {}", phrase(unless, knowledge)));
    }
    if let Some(advice) = order.advice.as_deref().map(str::trim).filter(|advice| !advice.is_empty()) {
        rule.fix = format!("{} {advice}", rule.fix);
        changes.push("advice added".to_owned());
    }
    (rule, changes)
}

fn said(changes: &mut Vec<String>, differs: bool, words: impl FnOnce() -> String) {
    if differs {
        changes.push(words());
    }
}

/// Makes a rule silent where a condition holds. While that is not known, a rule that asks asks for it, and one that
/// takes what is unknown for the bad case speaks: an exclusion nobody has confirmed hides nothing.
fn exclude(rule: &mut Rule, unless: &Condition) {
    let into = if rule.unknown == Unknown::Assume(true) && rule.for_each != Some(Each::Path) {
        &mut rule.when
    } else {
        &mut rule.applies
    };
    let not = Condition::Not(Box::new(unless.clone()));
    *into = match std::mem::take(into) {
        Condition::Always => not,
        Condition::All(mut parts) => {
            parts.push(not);
            Condition::All(parts)
        }
        other => Condition::All(vec![other, not]),
    };
}

/// An impact in words.
fn words(impact: &Impact) -> String {
    match impact {
        Impact::Fixed(impact) => impact.to_string(),
        Impact::FromData { of, at_least } => {
            let needs = of.iter().map(|need| match need {
                Need::C => "confidentiality",
                Need::I => "integrity",
                Need::A => "availability",
            });
            let least = if *at_least > 1 { format!(", at least {at_least}") } else { String::new() };
            format!("what the data needs of {}{least}", needs.collect::<Vec<_>>().join(" and "))
        }
    }
}
