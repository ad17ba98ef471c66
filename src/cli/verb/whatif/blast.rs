//! What is within reach of an attacker, as text and JSON.

use serde_json::{Value, json};

use super::words::{all, facts, guards, guards_json, name, named, names};
use crate::analysis::whatif::{Asset, Blast, Change, Named, Reached};
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
    perhaps(&mut out, &blast.perhaps);
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
    section("May stand still: nobody has said whether it waits (`sync` of its flows)", depends(&blast.may_depend));
    if blast.depends.is_empty() && blast.may_depend.is_empty() {
        out.push(String::new());
        out.push("Nothing waits for it, so nothing stands still without it.".to_owned());
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

/// What is reached unless there is a guard of which nobody has said anything.
fn perhaps(out: &mut Vec<String>, some: &[Reached]) {
    if some.is_empty() {
        return;
    }
    let guarded = if some.len() == 1 { "it is guarded" } else { "they are guarded" };
    out.push(format!("and perhaps {} more, of which nobody has said whether {guarded}:", some.len()));
    for reached in some.iter().take(MOST) {
        let steps = count(reached.steps as usize, "step");
        let unknown = match &reached.unknown[..] {
            [] => "behind one of the others".to_owned(),
            unknown => format!("{} not known", facts(unknown)),
        };
        out.push(format!("  {} ({steps}): {unknown}", name(&reached.on)));
    }
    if some.len() > MOST {
        out.push(format!("  and {} more", some.len() - MOST));
    }
}

/// One line for every class of data and what can be done to it.
fn assets(assets: &[Asset]) -> Vec<String> {
    let mut classes: Vec<Option<Confidentiality>> = assets.iter().map(|a| a.confidentiality).collect();
    classes.dedup();
    let mut lines = Vec::new();
    for class in classes {
        let word = class.map_or("class not stated", Confidentiality::name);
        for what in [
            "can be changed",
            "can be added to",
            "can be read, and may be changed",
            "can be read",
            "may be read and changed",
            "may be read",
        ] {
            let some = assets.iter().filter(|a| a.confidentiality == class && access(a) == what);
            let some: Vec<String> = some.map(placed).collect();
            if !some.is_empty() {
                let more = some.len().saturating_sub(MOST);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                lines.push(format!("{word}, {what}: {}{more}", some[..some.len().min(MOST)].join(", ")));
            }
        }
    }
    lines
}

const fn access(asset: &Asset) -> &'static str {
    match (asset.change, asset.surely) {
        (Change::Yes, _) => "can be changed",
        (Change::Added, _) => "can be added to",
        (Change::Unknown, true) => "can be read, and may be changed",
        (Change::Unknown, false) => "may be read and changed",
        (Change::No, true) => "can be read",
        (Change::No, false) => "may be read",
    }
}

/// An asset and where that can be done to it.
fn placed(asset: &Asset) -> String {
    format!("{} (at {})", name(&asset.on), names(&asset.at, 1))
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
        let goes_on = if r.goes_on { " (goes on by its fallback)" } else { "" };
        let chain: Vec<String> = std::iter::once(&r.on).chain(&r.via).map(name).collect();
        format!("{}{goes_on}", chain.join(" → "))
    };
    let mut lines: Vec<String> = depends.iter().take(MOST).map(line).collect();
    if depends.len() > MOST {
        lines.push(format!("and {} more", depends.len() - MOST));
    }
    lines
}

pub(super) fn json(blast: &Blast) -> Value {
    let reached = |r: &Reached| json!({ "on": named(&r.on), "distance": r.steps, "via": all(&r.via), "guards": guards_json(&r.guards), "unknown": r.unknown });
    let waits =
        |r: &Reached| json!({ "on": named(&r.on), "distance": r.steps, "via": all(&r.via), "goes_on": r.goes_on });
    json!({
        "question": "compromised",
        "compromised": named(&blast.of),
        "reached": blast.reached.iter().map(reached).collect::<Vec<_>>(),
        "perhaps": blast.perhaps.iter().map(reached).collect::<Vec<_>>(),
        "stopped": blast.stopped.iter().map(reached).collect::<Vec<_>>(),
        "behind": all(&blast.behind),
        "assets": blast.assets.iter().map(|a| json!({
            "on": named(&a.on),
            "confidentiality": a.confidentiality.map(Confidentiality::name),
            "integrity": a.integrity.map(Level::name),
            "read": if a.surely { "yes" } else { "unknown" },
            "changed": a.change.word(),
            "at": all(&a.at),
        })).collect::<Vec<_>>(),
        "boundaries": blast.fallen.iter().map(|f| json!({
            "on": named(&f.on), "inside": f.of, "taken": f.reached,
        })).collect::<Vec<_>>(),
        "depends": blast.depends.iter().map(waits).collect::<Vec<_>>(),
        "may_depend": blast.may_depend.iter().map(waits).collect::<Vec<_>>(),
    })
}
