//! `metrics`: how long threats stay open, and how many are resolved in time. What the figures are `review::metrics` knows;
//! here are the window, the policy that gives the days, and the page. JSON shape: `sconce/metrics/1`, see docs/json.md.

mod git;
mod json;
mod runs;
mod text;

use super::load;
use crate::analysis::is_up_to_date;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::review::metrics::{Case, Metrics};
use crate::review::policy::Level;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Days of the window where nobody says how many.
const USUAL: u32 = 90;
/// The most that a window may have: ten years.
const MOST: u32 = 3660;

/// What is shown beside the figures.
struct About {
    /// The system.
    name: String,
    days: u32,
    /// The policy's file; `None` for the built-in one.
    policy: Option<String>,
    /// Whether the policy gives days at all.
    has_sla: bool,
}

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let days = window(parsed)?;
    let mut records = runs::Records::of_files(parsed.texts("runs").into_iter().map(PathBuf::from).collect())?;
    let path = context.model_file(parsed.path("FILE"))?;
    let bench = load::open(context, Some(path.clone()))?;
    let (policy, file) = super::gate::policy_of(context, &path, &bench)?;
    let has_sla = policy.sla.level != Level::Off;
    let none = BTreeMap::new();
    let sla = if has_sla { &policy.sla.days } else { &none };
    let (model, today) = (bench.model(), bench.sitting().today);
    let metrics = Metrics::of(&Case { model, today, days, sla });
    if !is_up_to_date(model, bench.analysis(), today) {
        let name = one_line(&path.to_string_lossy());
        context.say(&format!("{name}: the register is not as the rules say today; `sconce update` brings it up to date, and these figures with it"));
    }
    let about = About {
        name: model.system.name.clone(),
        days,
        policy: file.map(|file| file.to_string_lossy().into_owned()),
        has_sla,
    };
    let replayed = parsed.is_set("git").then(|| git::replayed(&path, model, today, context)).transpose()?;
    let mut names = vec![super::gate::from_top(&path)];
    if let Some(replayed) = &replayed {
        records.add_notes(&replayed.repository)?;
        names.extend(replayed.names());
    }
    records.complain(context);
    let counted = records.counted(&names, metrics.from, metrics.to);
    if parsed.need("format") == "json" {
        let mut value = json::value(&metrics, &about, counted.is_some());
        value["git"] = replayed.map_or(Value::Null, |replayed| replayed.json());
        value["runs"] = counted.map_or(Value::Null, |counted| counted.json());
        context.print_json(&value)?;
    } else {
        let runs = counted.map(|counted| counted.page(context.columns)).unwrap_or_default();
        let git = replayed.map(|replayed| replayed.page(model, context.columns)).unwrap_or_default();
        context.print(&(text::page(&metrics, &about, context.columns) + &runs + &git))?;
    }
    Ok(Exit::Fine)
}

/// How many days the window has.
fn window(parsed: &Parsed) -> Result<u32, Failure> {
    let Some(text) = parsed.get("days") else { return Ok(USUAL) };
    let days = text.parse().ok().filter(|days| (1..=MOST).contains(days));
    days.ok_or_else(|| {
        let message = format!("--days {}: give a number of days from 1 to {MOST}", one_line(text));
        Failure::new(Exit::Usage, message)
    })
}
