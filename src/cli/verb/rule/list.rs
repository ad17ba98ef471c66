//! `rule list`: rules by pack, a line for what a rule is and one for what it warns of. JSON shape: `sconce/rules/1`, see
//! docs/json.md. As Markdown it is the index of the manual.

use std::fmt::Write as _;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::super::prose::wrapped;
use super::super::table::count;
use super::{by_pack, chosen, lane, letters, markdown, tier};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::model::SubjectKind;
use crate::rules::language::{Lane, Rule, Tier};
use crate::rules::{Knowledge, about, fill, phrase};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let knowledge = Knowledge::builtin();
    let rules = picked(&knowledge, &parsed.texts("WHAT"))?;
    match parsed.need("format") {
        "json" => {
            let rules: Vec<Value> = rules.iter().map(|rule| value(rule)).collect();
            context.print_json(&json!({ "schema": "sconce/rules/1", "rules": rules }))?;
        }
        "markdown" => context.print(&markdown::index(&rules))?,
        _ => context.print(&wrapped(&text(&rules), context.columns))?,
    }
    Ok(Exit::Fine)
}

/// The rules that any of the words means, by pack and id, each once.
fn picked<'k>(knowledge: &'k Knowledge, words: &[String]) -> Result<Vec<&'k Rule>, Failure> {
    if words.is_empty() {
        return Ok(knowledge.rules.iter().collect());
    }
    let mut rules = Vec::new();
    for word in words {
        rules.extend(chosen(knowledge, word)?);
    }
    rules.sort_by(|a, b| (a.pack(), &a.id).cmp(&(b.pack(), &b.id)));
    rules.dedup_by(|a, b| a.id == b.id);
    Ok(rules)
}

fn text(rules: &[&Rule]) -> String {
    let mut text = String::new();
    let widest = rules.iter().map(|rule| rule.id.width()).max().unwrap_or(0);
    for (pack, rules) in by_pack(rules) {
        let about = about(pack).map(|about| format!(": {about}")).unwrap_or_default();
        let _ = writeln!(text, "{pack}{about} ({})", count(rules.len(), "rule"));
        for rule in rules {
            let id = format!("{}{}", one_line(&rule.id), " ".repeat(widest - rule.id.width()));
            let _ = writeln!(text, "  {id}  {:<6} {}", letters(rule), what(rule));
            let _ = writeln!(text, "      {}", one_line(&title(rule)));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}; `sconce rule show ID` shows one with its examples", count(rules.len(), "rule"));
    text
}

/// The kinds it looks at, each by its last word, and what is unusual about it.
pub(super) fn what(rule: &Rule) -> String {
    let last = |kind: &SubjectKind| phrase::kind(*kind).split(' ').next_back().unwrap_or_default();
    let kinds = rule.on.iter().map(last).collect::<Vec<_>>().join(", ");
    let lane = if rule.lane == Lane::Threat { String::new() } else { format!("; {}", lane(rule)) };
    let tier = if rule.tier == Tier::A { "" } else { "; tier B" };
    format!("{kinds}{lane}{tier}")
}

/// What may go wrong, about nobody in particular.
pub(super) fn title(rule: &Rule) -> String {
    fill::fill_plain(&rule.title, rule)
}

fn value(rule: &Rule) -> Value {
    json!({
        "rule": rule.id,
        "pack": rule.pack(),
        "tier": tier(rule),
        "lane": lane(rule),
        "stride": rule.stride.iter().map(|s| s.letter().to_string()).collect::<Vec<_>>(),
        "linddun": rule.linddun.iter().map(|l| l.mark()).collect::<Vec<_>>(),
        "on": rule.on.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "title": title(rule),
        "finds": rule.finds,
    })
}
