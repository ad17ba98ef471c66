//! `whatif`: the best next controls, what a control holds up, attack paths, and what is within reach of an attacker.
//! Each question has a file for its words and its JSON (`sconce/whatif/1`, see docs/json.md); answers are made by
//! `analysis`.

mod blast;
mod next;
mod paths;
mod without;
mod words;

use serde_json::Value;

use super::load;
use super::prose::wrapped;
use crate::analysis::whatif::{self, Rank};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::workbench::Workbench;

/// Steps where nobody says how many.
const STEPS: usize = 5;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    one_question(parsed)?;
    let steps = steps(parsed)?;
    let bench = load::open(context, parsed.path("FILE"))?;
    let (text, mut json) = answer(parsed, &bench, steps).map_err(|why| Failure::new(Exit::Usage, why))?;
    if parsed.need("format") == "json" {
        json["schema"] = "sconce/whatif/1".into();
        context.print_json(&json)?;
    } else {
        context.print(&wrapped(&text, context.columns))?;
    }
    Ok(Exit::Fine)
}

fn answer(parsed: &Parsed, bench: &Workbench, steps: usize) -> Result<(String, Value), String> {
    let (model, knowledge, today) = (bench.model(), bench.knowledge(), bench.sitting().today);
    if let Some(what) = parsed.get("without") {
        let found = whatif::without(model, knowledge, today, what)?;
        return Ok((without::text(what, &found), without::json(what, &found)));
    }
    if let Some(what) = parsed.get("compromised") {
        let found = whatif::blast(model, knowledge, today, what)?;
        return Ok((blast::text(&found), blast::json(&found)));
    }
    if asks_for_paths(parsed) {
        let ends = (parsed.get("from"), parsed.get("to"));
        let found = whatif::paths(model, knowledge, today, ends)?;
        return Ok((paths::text(&found, ends), paths::json(&found)));
    }
    let rank = if parsed.need("rank") == "effort" { Rank::Effort } else { Rank::Risk };
    let found = whatif::next(model, knowledge, today, steps, rank);
    let has_own = bench.analysis().threats.iter().any(|row| row.is_open() && row.risk.is_none());
    Ok((next::text(&model.system.name, &found, rank, has_own), next::json(&found)))
}

fn asks_for_paths(parsed: &Parsed) -> bool {
    parsed.is_set("paths") || parsed.get("from").is_some() || parsed.get("to").is_some()
}

/// Refuses two questions at once.
fn one_question(parsed: &Parsed) -> Result<(), Failure> {
    let asked: Vec<&str> = [
        ("--without", parsed.get("without").is_some()),
        ("--compromised", parsed.get("compromised").is_some()),
        ("--paths", asks_for_paths(parsed)),
        ("--steps", parsed.get("steps").is_some()),
    ]
    .into_iter()
    .filter(|(_, asked)| *asked)
    .map(|(name, _)| name)
    .collect();
    match asked[..] {
        [] | [_] => Ok(()),
        _ => Err(Failure::new(
            Exit::Usage,
            format!("{} are different questions; ask one at a time", asked.join(" and ")),
        )),
    }
}

fn steps(parsed: &Parsed) -> Result<usize, Failure> {
    let Some(text) = parsed.get("steps") else { return Ok(STEPS) };
    text.parse().ok().filter(|n| (1..=100).contains(n)).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("--steps {text}: how many controls to look for, from 1 to 100"))
    })
}
