//! `questions`: what the rules want to know. JSON shape: `sconce/questions/1`, see docs/json.md.

use std::fmt::Write as _;

use serde_json::json;

use super::load;
use super::prose::wrapped;
use super::table::count;
use crate::analysis::Question;
use crate::cli::context::{Context, Exit, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::model::{Severity, ThreatModel};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let bench = load::open(context, parsed.path("FILE"))?;
    let questions = &bench.analysis().questions;
    if parsed.need("format") == "json" {
        let rows: Vec<_> = questions.iter().map(row).collect();
        context.print_json(&json!({ "schema": "sconce/questions/1", "questions": rows }))?;
        return Ok(Exit::Fine);
    }
    let text: String = questions.iter().enumerate().map(|(n, q)| picture(n + 1, q, bench.model())).collect();
    let end = match questions.len() {
        0 => "no open questions\n".to_owned(),
        n => format!("{}; answer them in the workbench, or as facts in the model file\n", count(n, "question")),
    };
    context.print(&wrapped(&(text + &end), context.columns))?;
    Ok(Exit::Fine)
}

fn picture(n: usize, question: &Question, model: &ThreatModel) -> String {
    let mut text = format!("{n}. {}\n", one_line(&question.text));
    let answers =
        if question.answers.is_empty() { "in your own words".to_owned() } else { question.answers.join(" | ") };
    let _ = writeln!(text, "   {}: {answers}", question.fact);
    let names: Vec<String> = question.subjects.iter().map(|s| one_line(model.name_of(&s.id))).collect();
    let shown = names.iter().take(6).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if names.len() > 6 { format!(" and {} more", names.len() - 6) } else { String::new() };
    let mut rules: Vec<&str> = question.subjects.iter().flat_map(|s| s.rules.iter()).map(String::as_str).collect();
    rules.sort_unstable();
    rules.dedup();
    let _ = writeln!(text, "   about {shown}{more}");
    let _ = writeln!(text, "   decides {}: {}\n", question.decides(), rules.join(", "));
    text
}

fn row(question: &Question) -> serde_json::Value {
    let subjects: Vec<_> = question
        .subjects
        .iter()
        .map(|s| json!({ "id": s.id.as_str(), "rules": &s.rules[..], "weight": s.weight }))
        .collect();
    json!({
        "fact": question.fact,
        "kind": question.kind.title(),
        "question": question.text,
        "answers": question.answers,
        "weight": question.weight,
        "threats": question.threats,
        "worst": question.worst.map(Severity::name),
        "gaps": question.gaps,
        "subjects": subjects,
    })
}
