//! What every rule says about every model, one page a pack, for people to review: a change of a rule shows here
//! wherever it is felt. Whether it is right is not decided here.

use super::share::corpus;
use super::{TODAY, knowledge};
use sconce::analysis::Analysis;
use sconce::rules::language::{Rule, Tier};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What a rule says, by what it says, then by model. The words have a digit in front that puts them in order.
type Said = BTreeMap<(&'static str, String), Vec<String>>;

/// What all rules of a tier say about all models, whatever packs these name. Rules of tier B that make a general rule
/// silent do so only when they were asked for, so that tier A is looked at without them.
fn said(tier: Tier) -> BTreeMap<String, Said> {
    let packs = || knowledge().rules.packs().map(str::to_owned);
    let names: Vec<String> = match tier {
        Tier::A => packs().collect(),
        Tier::B => packs().chain(knowledge().rules.iter().map(|rule| rule.id.clone())).collect(),
    };
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    for sheet in corpus() {
        let mut model = sheet.model().clone();
        model.system.packs = Some(names.clone());
        // Decisions of people are no part of what the rules say.
        model.threats.clear();
        let analysis = Analysis::of(&model, knowledge(), TODAY);
        let mut add = |rule: &str, what, whom: String| {
            all.entry(rule.to_owned()).or_default().entry((what, sheet.name())).or_default().push(whom);
        };
        for row in &analysis.threats {
            let whom = row.key.as_str().replace(&format!(":{}", row.key.rule()), "");
            add(row.key.rule(), if row.is_open() { "1 open" } else { "2 mitigated" }, whom);
        }
        for lint in &analysis.lints {
            add(&lint.rule, "3 lint", lint.subject.to_string());
        }
        for question in &analysis.questions {
            for subject in &question.subjects {
                for rule in &subject.rules {
                    add(rule, "4 asks", format!("{}.{}", subject.id, question.fact));
                }
            }
        }
    }
    all
}

fn section(rule: &Rule, said: Option<&Said>) -> String {
    let tier = if rule.tier == Tier::B { " (tier B)" } else { "" };
    let mut text = format!("{}{tier}: {}\n", rule.id, rule.title);
    let Some(said) = said else { return text + "  nothing\n" };
    for ((what, model), whom) in said {
        let mut whom = whom.clone();
        whom.sort();
        writeln!(text, "  {:<9} {model}: {}", &what[2..], whom.join(" ")).unwrap();
    }
    text
}

#[test]
fn every_rule_over_every_model() {
    let tiers = [said(Tier::A), said(Tier::B)];
    for pack in knowledge().rules.packs() {
        let rules = knowledge().rules.of(pack);
        let sections: Vec<String> =
            rules.map(|rule| section(rule, tiers[usize::from(rule.tier == Tier::B)].get(&rule.id))).collect();
        insta::assert_snapshot!(format!("pack-{pack}"), sections.join("\n"));
    }
}
