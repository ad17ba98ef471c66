//! Attack paths and what closes them, as text and JSON.

use serde_json::{Value, json};

use super::words::{all, guards, guards_json, name, named, names};
use crate::analysis::whatif::{Cut, Gate, Leg, Named, Route, Routes};
use crate::cli::verb::table::count;
use crate::diagnostic::inert::one_line;

/// Ways that are drawn step by step, and ways in one line.
const MOST: usize = 5;

pub(super) fn text(found: &Routes, ends: (Option<&str>, Option<&str>)) -> String {
    let mut out =
        vec![format!("From: {}", if found.from.is_empty() { "nowhere".to_owned() } else { names(&found.from, 6) })];
    if found.to.iter().all(|(_, worth)| worth.is_empty()) {
        let to: Vec<Named> = found.to.iter().map(|(to, _)| to.clone()).collect();
        out.push(format!("To: {}", if to.is_empty() { "nothing".to_owned() } else { names(&to, 6) }));
    } else {
        out.push("To the most valuable data:".to_owned());
        out.extend(found.to.iter().take(8).map(|(to, worth)| format!("  {}: {}", name(to), names(worth, 4))));
        if found.to.len() > 8 {
            out.push(format!("  and {} more", found.to.len() - 8));
        }
    }
    out.push(String::new());
    if found.from.is_empty() || found.to.is_empty() {
        out.push(nothing(found, ends));
        return out.join("\n") + "\n";
    }
    routes(&mut out, found);
    gates(&mut out, &found.gates);
    cut(&mut out, found);
    out.join("\n") + "\n"
}

fn nothing(found: &Routes, ends: (Option<&str>, Option<&str>)) -> String {
    match (found.from.is_empty(), ends) {
        (true, _) => {
            "Nothing in the model is untrusted: no external entity, and no boundary with a trust of 25 or less. \
                      --from names a beginning."
                .to_owned()
        }
        (_, (_, Some(_))) => "Both ends are the same.".to_owned(),
        _ => "No element stores or processes data of a class that anybody stated. --to names an end.".to_owned(),
    }
}

fn routes(out: &mut Vec<String>, found: &Routes) {
    match found.pairs {
        (0, 0) => out.push("No way leads there.".to_owned()),
        (0, held) => out.push(format!("No way is open; {} at a guard", ends(held))),
        (open, 0) => out.push(format!("{} open", are(open))),
        (open, held) => out.push(format!("{} open, {} at a guard", are(open), ends(held))),
    }
    for (n, route) in found.open.iter().take(MOST).enumerate() {
        out.push(String::new());
        out.push(format!("{}. {} ({})", n + 1, along(route), count(route.steps, "step")));
        out.extend(route.legs.iter().skip(1).map(step));
    }
    if found.pairs.0 > MOST {
        out.push(String::new());
        out.push(format!("and {} more that are open", found.pairs.0 - MOST));
    }
    if !found.held.is_empty() {
        out.push(String::new());
        out.push("Ends at a guard, which knows the caller and decides what it may do:".to_owned());
        for route in found.held.iter().take(MOST) {
            let at = route.legs.iter().find(|leg| leg.holds).map(|leg| name(&leg.on)).unwrap_or_default();
            out.push(format!("  {}: ends at {at}", along(route)));
        }
        if found.pairs.1 > MOST {
            out.push(format!("  and {} more", found.pairs.1 - MOST));
        }
    }
}

fn are(n: usize) -> String {
    if n == 1 { "1 way is".to_owned() } else { format!("{n} ways are") }
}

fn ends(n: usize) -> String {
    if n == 1 { "1 ends".to_owned() } else { format!("{n} end") }
}

/// The elements of a way.
fn along(route: &Route) -> String {
    route.legs.iter().filter(|leg| !leg.is_flow).map(|leg| name(&leg.on)).collect::<Vec<_>>().join(" → ")
}

fn step(leg: &Leg) -> String {
    let said = if leg.guards.is_empty() { "no guard".to_owned() } else { guards(&leg.guards) };
    let mark = if leg.is_flow { "→ " } else { "" };
    format!("     {mark}{}: {said}", name(&leg.on))
}

fn gates(out: &mut Vec<String>, gates: &[Gate]) {
    if gates.is_empty() {
        return;
    }
    out.push(String::new());
    out.push("Every way passes:".to_owned());
    for gate in gates.iter().take(8) {
        let elements: Vec<String> = gate.through.iter().filter(|(_, flow)| !flow).map(|(on, _)| name(on)).collect();
        let through = match &elements[..] {
            [] => gate.through.iter().map(|(on, _)| name(on)).collect(),
            some => some.to_vec(),
        };
        out.push(format!("  to {}: {}", name(&gate.to), through.join(" → ")));
    }
    if gates.len() > 8 {
        out.push(format!("  and {} more", gates.len() - 8));
    }
}

fn cut(out: &mut Vec<String>, found: &Routes) {
    let Some(cut) = &found.cut else { return };
    out.push(String::new());
    let cut: &Cut = match cut {
        Ok(cut) => cut,
        Err(way) => {
            out.push("No set of controls closes all of them. On this way none can stand:".to_owned());
            out.push(format!("  {}", way.iter().map(name).collect::<Vec<_>>().join(" → ")));
            return;
        }
    };
    let points = count(cut.points as usize, "point");
    let them = if found.pairs.0 == 1 { "it" } else { "all of them" };
    out.push(format!("Closing {them} takes {}, {points} of effort at least:", count(cut.places.len(), "place")));
    for place in cut.places.iter().take(8) {
        let fixes: Vec<String> =
            place.fixes.iter().map(|(id, title)| format!("{} ({})", one_line(title), one_line(id))).collect();
        out.push(format!("  {}: lacks {}", name(&place.on), place.lacks.join(" and ")));
        out.extend(fixes.into_iter().map(|fix| format!("    {fix}")));
    }
    if cut.places.len() > 8 {
        out.push(format!("  and {} more", cut.places.len() - 8));
    }
    out.push("A guard knows the caller (authn) and decides what it may do (authz).".to_owned());
    out.push("Effort: small 1 point, medium 3, large 9.".to_owned());
}

pub(super) fn json(found: &Routes) -> Value {
    let route = |route: &Route| {
        json!({
            "length": route.steps,
            "legs": route.legs.iter().map(|leg| json!({
                "on": named(&leg.on), "flow": leg.is_flow, "guards": guards_json(&leg.guards), "holds": leg.holds,
            })).collect::<Vec<_>>(),
        })
    };
    let cut = match &found.cut {
        None => Value::Null,
        Some(Ok(cut)) => json!({
            "points": cut.points,
            "places": cut.places.iter().map(|place| json!({
                "on": named(&place.on),
                "lacks": place.lacks,
                "mitigations": place.fixes.iter().map(|(id, title)| json!({ "id": id, "title": title })).collect::<Vec<_>>(),
                "points": place.points,
            })).collect::<Vec<_>>(),
            "impossible": Value::Null,
        }),
        Some(Err(way)) => json!({ "points": Value::Null, "places": [], "impossible": all(way) }),
    };
    json!({
        "question": "paths",
        "from": all(&found.from),
        "to": found.to.iter().map(|(to, worth)| json!({ "on": named(to), "assets": all(worth) })).collect::<Vec<_>>(),
        "pairs": { "open": found.pairs.0, "held": found.pairs.1 },
        "open": found.open.iter().map(route).collect::<Vec<_>>(),
        "held": found.held.iter().map(route).collect::<Vec<_>>(),
        "gates": found.gates.iter().map(|g| json!({ "to": named(&g.to), "through": g.through.iter().map(|(on, _)| named(on)).collect::<Vec<_>>() })).collect::<Vec<_>>(),
        "cut": cut,
    })
}
