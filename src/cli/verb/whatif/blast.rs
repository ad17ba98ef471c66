//! What is within reach of an attacker, as text and JSON.

use serde_json::{Value, json};

use super::words::{all, guards, guards_json, name, named, names};
use crate::analysis::whatif::{Asset, Blast, Named, Reached};
use crate::cli::verb::table::count;
use crate::model::{Confidentiality, Level};

/// Elements named in one line.
const MOST: usize = 8;

pub(super) fn text(blast: &Blast) -> String {
    let others = match blast.reached.len() {
        0 => "no other element".to_owned(),
        n => count(n, "other element"),
    };
    let mut out = vec![format!("Whoever owns {} reaches {others} without meeting a guard", name(&blast.of))];
    distances(&mut out, &blast.reached);
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push(String::new());
            out.push(title.to_owned());
            out.extend(lines.into_iter().map(|line| format!("  {line}")));
        }
    };
    section("Data within reach", assets(&blast.assets));
    let inside =
        |n: usize, of: usize| if n == of { "all of it".to_owned() } else { format!("{n} of {}", count(of, "element")) };
    let fallen = blast.fallen.iter().map(|f| format!("{}: {}", name(&f.on), inside(f.reached, f.of)));
    section("Boundaries it gets into", fallen.collect());
    section("Guards that stop it", stopped(blast));
    section("Stands still without it", depends(&blast.depends));
    if blast.depends.is_empty() {
        out.push(String::new());
        out.push("Nothing calls it, so nothing stands still without it.".to_owned());
    }
    out.join("\n") + "\n"
}

fn distances(out: &mut Vec<String>, reached: &[Reached]) {
    let mut steps: Vec<u32> = reached.iter().map(|r| r.steps).collect();
    steps.dedup();
    for distance in steps {
        let there: Vec<Named> = reached.iter().filter(|r| r.steps == distance).map(|r| r.on.clone()).collect();
        out.push(format!("  {}: {}", count(distance as usize, "step"), names(&there, MOST)));
    }
}

/// One line for every class of data.
fn assets(assets: &[Asset]) -> Vec<String> {
    let mut classes: Vec<Option<Confidentiality>> = assets.iter().map(|a| a.confidentiality).collect();
    classes.dedup();
    let mut lines = Vec::new();
    for class in classes {
        let word = class.map_or("class not stated", Confidentiality::name);
        for (what, changed) in [("can be changed", true), ("can be read", false)] {
            let some = assets.iter().filter(|a| a.confidentiality == class && a.changed == changed);
            let some: Vec<Named> = some.map(|a| a.on.clone()).collect();
            if !some.is_empty() {
                lines.push(format!("{word}, {what}: {}", names(&some, MOST)));
            }
        }
    }
    lines
}

fn stopped(blast: &Blast) -> Vec<String> {
    let mut lines: Vec<String> = (blast.stopped.iter())
        .map(|r| format!("{} ({}): {}", name(&r.on), count(r.steps as usize, "step"), guards(&r.guards)))
        .collect();
    if !blast.behind.is_empty() {
        lines.push(format!("behind them: {}", names(&blast.behind, MOST)));
    }
    lines
}

fn depends(depends: &[Reached]) -> Vec<String> {
    let line = |r: &Reached| {
        let via = if r.via.is_empty() { String::new() } else { format!(", by way of {}", names(&r.via, 3)) };
        let goes_on = if r.goes_on { " (goes on by its fallback)" } else { "" };
        format!("{}{via}{goes_on}", name(&r.on))
    };
    let mut lines: Vec<String> = depends.iter().take(MOST).map(line).collect();
    if depends.len() > MOST {
        lines.push(format!("and {} more", depends.len() - MOST));
    }
    lines
}

pub(super) fn json(blast: &Blast) -> Value {
    let reached = |r: &Reached| json!({ "on": named(&r.on), "distance": r.steps, "via": all(&r.via), "guards": guards_json(&r.guards) });
    json!({
        "question": "compromised",
        "compromised": named(&blast.of),
        "reached": blast.reached.iter().map(reached).collect::<Vec<_>>(),
        "stopped": blast.stopped.iter().map(reached).collect::<Vec<_>>(),
        "behind": all(&blast.behind),
        "assets": blast.assets.iter().map(|a| json!({
            "on": named(&a.on),
            "confidentiality": a.confidentiality.map(Confidentiality::name),
            "integrity": a.integrity.map(Level::name),
            "changed": a.changed,
        })).collect::<Vec<_>>(),
        "boundaries": blast.fallen.iter().map(|f| json!({
            "on": named(&f.on), "inside": f.of, "taken": f.reached,
        })).collect::<Vec<_>>(),
        "depends": blast.depends.iter().map(|r| json!({
            "on": named(&r.on), "distance": r.steps, "via": all(&r.via), "goes_on": r.goes_on,
        })).collect::<Vec<_>>(),
    })
}
