//! The rules' screen: packs with their rules, which of them the model uses, and how often each speaks. Switching packs is
//! `update`'s work, what a rule says about itself `analysis`'.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Analysis, explain_rule};
use crate::model::ThreatModel;
use crate::rules::language::{Lane, Rule};
use crate::rules::{Knowledge, fill};

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// A pack.
    Pack(String),
    /// A rule, by its id.
    Rule(String),
}

/// How much of a pack a model uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    /// Its rules.
    On,
    /// So many of its rules, which are named one by one.
    Some(usize),
    /// Nothing.
    Off,
}

/// How often a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Voice {
    /// Open threats.
    pub(crate) open: usize,
    /// All threats that it raises.
    pub(crate) raised: usize,
}

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The selected row.
    pub(crate) at: Option<Row>,
    /// Packs whose rules are shown.
    pub(crate) open: BTreeSet<String>,
    /// The page of a rule that was made last.
    page: Option<(String, Vec<String>)>,
}

impl Rules {
    /// The rows in their order.
    pub(crate) fn rows(&self, knowledge: &Knowledge) -> Vec<Row> {
        let mut rows = Vec::new();
        for pack in knowledge.rules.packs() {
            rows.push(Row::Pack(pack.to_owned()));
            if self.open.contains(pack) {
                rows.extend(knowledge.rules.of(pack).map(|rule| Row::Rule(rule.id.clone())));
            }
        }
        rows
    }

    /// The selected row, or the first.
    pub(crate) fn current(&self, knowledge: &Knowledge) -> Option<Row> {
        let rows = self.rows(knowledge);
        let at = self.at.as_ref().filter(|at| rows.contains(at)).cloned();
        at.or_else(|| rows.into_iter().next())
    }

    /// Makes the page of the selected rule, which reads it with its examples.
    pub(crate) fn settle(&mut self, knowledge: &Knowledge) {
        let Some(Row::Rule(id)) = self.current(knowledge) else { return };
        if self.page.as_ref().is_some_and(|(of, _)| *of == id) {
            return;
        }
        let page = explain_rule(knowledge, &id).map(|page| page.to_text());
        // The first line has its title too, which stands above the page already.
        let rest = page.unwrap_or_default();
        let lines = std::iter::once(id.as_str()).chain(rest.lines().skip(1)).map(str::to_owned).collect();
        self.page = Some((id, lines));
    }

    /// The page of a rule, line by line.
    pub(crate) fn page(&self, id: &str) -> &[String] {
        self.page.as_ref().filter(|(of, _)| of == id).map_or(&[], |(_, lines)| lines)
    }
}

/// How much of a pack a model uses.
pub(crate) fn used(model: &ThreatModel, pack: &str) -> Used {
    let Some(named) = &model.system.packs else { return if pack == "core" { Used::On } else { Used::Off } };
    if named.iter().any(|name| name == pack) {
        return Used::On;
    }
    let own = named.iter().filter(|name| name.split_once('.').is_some_and(|(of, _)| of == pack)).count();
    if own > 0 { Used::Some(own) } else { Used::Off }
}

/// How often rules speak, by their ids.
pub(crate) fn voices(analysis: &Analysis) -> BTreeMap<&str, Voice> {
    let mut voices: BTreeMap<&str, Voice> = BTreeMap::new();
    for row in analysis.threats.iter().filter(|row| row.raised.is_some()) {
        let voice = voices.entry(row.key.rule()).or_default();
        voice.raised += 1;
        voice.open += usize::from(row.is_open());
    }
    voices
}

/// What a rule warns of, about nobody in particular.
pub(crate) fn title(rule: &Rule) -> String {
    fill::fill_plain(&rule.title, rule)
}

/// What is special about a rule, in a word or two; nothing about most of them.
pub(crate) fn special(rule: &Rule, model: &ThreatModel, knowledge: &Knowledge) -> &'static str {
    let is_active = knowledge.active(model.system.packs.as_deref()).any(|other| other.id == rule.id);
    match knowledge.by_team.overrides.get(&rule.id) {
        Some(by) if by.off => "off by the team",
        _ if !is_active && used(model, rule.pack()) == Used::On => "name it to use it",
        _ if !is_active => "",
        Some(_) => "changed by the team",
        None if knowledge.by_team.rules.contains_key(&rule.id) => "the team's own",
        None => match rule.lane {
            Lane::Lint => "gap in the model",
            Lane::Hint => "hint",
            Lane::Question => "asks only",
            Lane::Threat => "",
        },
    }
}
