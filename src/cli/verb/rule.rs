//! `rule …`: the rules themselves, one file per verb. Which rules are meant is found here; what they say is the business
//! of `rules` and `analysis`.

pub(in crate::cli) mod check;
mod draw;
pub(in crate::cli) mod list;
mod markdown;
pub(in crate::cli) mod new;
pub(in crate::cli) mod show;

use crate::analysis::known;
use crate::cli::context::{Exit, Failure};
use crate::diagnostic::inert::one_line;
use crate::rules::Knowledge;
use crate::rules::language::{Lane, Rule, Tier};

/// The rule of an id, or all whose ids begin so.
fn chosen<'k>(knowledge: &'k Knowledge, what: &str) -> Result<Vec<&'k Rule>, Failure> {
    if let Some(rule) = knowledge.rule(what) {
        return Ok(vec![rule]);
    }
    let found: Vec<&Rule> = knowledge.rules.iter().filter(|rule| rule.id.starts_with(what)).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let names = knowledge.rules.iter().map(|rule| rule.id.as_str()).chain(knowledge.rules.packs());
    let way_out = match known::meant(what, names) {
        Some(best) => format!("did you mean `{best}`?"),
        None => "`sconce rule list` lists all".to_owned(),
    };
    Err(Failure::new(Exit::Usage, format!("no rule `{0}`, and none whose id begins so; {way_out}", one_line(what))))
}

/// Rules by pack, in order; packs without any are left out.
fn by_pack<'r>(rules: &[&'r Rule]) -> Vec<(&'r str, Vec<&'r Rule>)> {
    let mut packs: Vec<(&str, Vec<&Rule>)> = Vec::new();
    for rule in rules {
        match packs.last_mut() {
            Some((pack, of)) if *pack == rule.pack() => of.push(rule),
            _ => packs.push((rule.pack(), vec![rule])),
        }
    }
    packs
}

/// "TE", "I/Dd": STRIDE letters, and marks of privacy after a slash.
fn letters(rule: &Rule) -> String {
    let stride: String = rule.stride.iter().map(|s| s.letter()).collect();
    let privacy: Vec<&str> = rule.linddun.iter().map(|l| l.mark()).collect();
    if privacy.is_empty() { stride } else { format!("{stride}/{}", privacy.join(" ")) }
}

const fn lane(rule: &Rule) -> &'static str {
    match rule.lane {
        Lane::Threat => "threat",
        Lane::Hint => "hint",
        Lane::Lint => "lint",
        Lane::Question => "question",
    }
}

const fn tier(rule: &Rule) -> &'static str {
    match rule.tier {
        Tier::A => "A",
        Tier::B => "B",
    }
}
