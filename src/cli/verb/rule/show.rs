//! `rule show`: the page of a rule with its examples, as text, Markdown or JSON. JSON shape: `sconce/rule/1`, see
//! docs/json.md. The sentences are made by `analysis`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::super::prose::wrapped;
use super::draw::{Stated, drawn, key, picture};
use super::{chosen, lane, markdown, tier};
use crate::analysis::{RulePage, rule_page};
use crate::cli::context::{Context, Exit, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};
use crate::rules::Knowledge;

/// Columns of a diagram where nobody says how wide the page is.
pub(super) const COLUMNS: usize = 96;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let knowledge = Knowledge::builtin();
    let what = parsed.need("WHAT");
    let whole = chosen(&knowledge, what)?.into_iter().filter_map(|rule| knowledge.rules.whole(&rule.id));
    let pages: Vec<RulePage> = whole.map(|rule| rule_page(&knowledge, &rule)).collect();
    match parsed.need("format") {
        "json" => {
            let rules: Vec<Value> = pages.iter().map(value).collect();
            context.print_json(&json!({ "schema": "sconce/rule/1", "rules": rules }))?;
        }
        "markdown" => context.print(&markdown::pages(what, &pages))?,
        _ => {
            let pages: Vec<String> = pages.iter().map(|page| text(page, context.columns)).collect();
            context.print(&pages.join(&format!("\n{}\n\n", "─".repeat(40))))?;
        }
    }
    Ok(Exit::Fine)
}

/// The page for a terminal, or for a pipe when its columns are not known.
fn text(page: &RulePage, columns: Option<u16>) -> String {
    let mut text = wrapped(&page.to_text(), columns);
    let room = columns.map_or(COLUMNS, usize::from).saturating_sub(4);
    for (n, drawn) in drawn(page, room).iter().enumerate() {
        if n == 0 {
            text.push_str("\nExamples\n");
            text.push_str(&wrapped(&format!("  {}\n", key()), columns));
        }
        text.push('\n');
        for line in drawn.picture.lines().map(inert) {
            let _ = writeln!(text, "{}{line}", if line.is_empty() { "" } else { "    " });
        }
        let line = |(id, what): &Stated<'_>| format!("      {}: {}\n", one_line(id), one_line(what));
        let mut said = String::new();
        let common = drawn.common();
        if !common.is_empty() {
            said.push_str("  In all of these\n");
            said.extend(common.iter().map(line));
        }
        for example in &drawn.examples {
            let _ = writeln!(said, "  - {}: {}", one_line(&example.name), one_line(&example.words()));
            said.extend(drawn.own(example).iter().map(line));
        }
        text.push_str(&wrapped(&said, columns));
    }
    text
}

fn value(page: &RulePage) -> Value {
    let mut value = page.to_json();
    let rule = &page.rule;
    value["tier"] = tier(rule).into();
    value["lane"] = lane(rule).into();
    value["on"] = rule.on.iter().map(|kind| kind.name()).collect();
    if let Some(examples) = value.get_mut("examples").and_then(Value::as_array_mut) {
        for (json, example) in examples.iter_mut().zip(&page.examples) {
            json["picture"] = picture(&example.model, COLUMNS).into();
        }
    }
    value
}
