//! Attack paths and what closes them, as text and JSON.

use serde_json::{Value, json};

use super::words::{all, facts, guards, guards_json, name, named, names};
use crate::analysis::whatif::{Cut, CutPlace, Gate, Leg, Named, Route, Routes};
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
    out.push(sum(found));
    numbered(out, &found.open, found.pairs.open, "that are open");
    if !found.perhaps.is_empty() {
        out.push(String::new());
        out.push("May be open, since nobody has said whether something guards them:".to_owned());
        numbered(out, &found.perhaps, found.pairs.perhaps, "that may be open");
        ask(out, &found.ask);
    }
    if !found.held.is_empty() {
        out.push(String::new());
        out.push("Ends at a guard, which knows the caller and decides what it may do:".to_owned());
        for route in found.held.iter().take(MOST) {
            let at = route.legs.iter().find(|leg| leg.holds).map(|leg| name(&leg.on)).unwrap_or_default();
            out.push(format!("  {}: ends at {at}", along(route)));
        }
        more(out, "  ", found.pairs.held, "");
    }
}

/// How many ways there are of each sort. What our own side fetches is a matter of what it brings along.
fn sum(found: &Routes) -> String {
    let pairs = found.pairs;
    let open = (pairs.open > 0).then(|| format!("{} open", are(pairs.open)));
    let perhaps = (pairs.perhaps > 0).then(|| format!("{} may be open", ways(pairs.perhaps)));
    let held = (pairs.held > 0).then(|| format!("{} at a guard", ends(pairs.held)));
    let none = (open.is_none() && perhaps.is_none()).then(|| "no way is open".to_owned());
    let all: Vec<String> = [open, perhaps, none.filter(|_| held.is_some()), held].into_iter().flatten().collect();
    let all = if all.is_empty() { "No way leads there".to_owned() } else { capital(&all.join("; ")) };
    format!("{all}. A way follows who calls whom: what our own side fetches is no way in.")
}

/// The first ways, step by step.
fn numbered(out: &mut Vec<String>, routes: &[Route], all: usize, which: &str) {
    for (n, route) in routes.iter().take(MOST).enumerate() {
        out.push(String::new());
        out.push(format!("{}. {} ({})", n + 1, along(route), count(route.steps, "step")));
        out.extend(route.legs.iter().skip(1).map(step));
    }
    if all > MOST {
        out.push(String::new());
    }
    more(out, "", all, which);
}

fn more(out: &mut Vec<String>, indent: &str, all: usize, which: &str) {
    if all > MOST {
        let which = if which.is_empty() { String::new() } else { format!(" {which}") };
        out.push(format!("{indent}and {} more{which} (`--format json` has up to 200)", all - MOST));
    }
}

/// What has to be known before ways can be called open or closed.
fn ask(out: &mut Vec<String>, asked: &[(Named, Vec<String>)]) {
    if asked.is_empty() {
        return;
    }
    out.push(String::new());
    out.push("Say first whether these are guarded:".to_owned());
    out.extend(asked.iter().take(8).map(|(on, unknown)| format!("  {}: {} not known", name(on), facts(unknown))));
    if asked.len() > 8 {
        out.push(format!("  and {} more", asked.len() - 8));
    }
}

fn ways(n: usize) -> String {
    if n == 1 { "1 way".to_owned() } else { format!("{n} ways") }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
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
    let known = (!leg.guards.is_empty()).then(|| guards(&leg.guards));
    let unknown = (!leg.unknown.is_empty()).then(|| format!("{} not known", facts(&leg.unknown)));
    let said: Vec<String> = known.into_iter().chain(unknown).collect();
    let said = if said.is_empty() { "no guard that is known".to_owned() } else { said.join("; ") };
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
            out.push("If everybody is meant to get there, look at the others with --from and --to.".to_owned());
            return;
        }
    };
    let points = count(cut.points as usize, "point");
    let them = if found.pairs.open == 1 { "it" } else { "all of them" };
    out.push(format!("Closing {them} takes {}, {points} of effort at least:", count(cut.places.len(), "place")));
    for place in cut.places.iter().take(8) {
        let fixes: Vec<String> =
            place.fixes.iter().map(|(id, title)| format!("{} ({})", one_line(title), one_line(id))).collect();
        out.push(format!("  {}: {}", name(&place.on), missing(place)));
        out.extend(fixes.into_iter().map(|fix| format!("    {fix}")));
    }
    if cut.places.len() > 8 {
        out.push(format!("  and {} more", cut.places.len() - 8));
    }
    out.push(
        "A guard knows the caller (authn) and decides what it may do (authz): both facts of the element. What a flow \
         shows (its authn) counts once the element at its end checks it."
            .to_owned(),
    );
    out.push("Effort: small 1 point, medium 3, large 9.".to_owned());
}

/// What a place has to get, and what nobody has said about it.
fn missing(place: &CutPlace) -> String {
    let lacks = (!place.lacks.is_empty()).then(|| format!("lacks {}", facts(&place.lacks)));
    let unknown = (!place.unknown.is_empty()).then(|| format!("{} not known", facts(&place.unknown)));
    lacks.into_iter().chain(unknown).collect::<Vec<_>>().join("; ")
}

pub(super) fn json(found: &Routes) -> Value {
    let route = |route: &Route| {
        json!({
            "length": route.steps,
            "legs": route.legs.iter().map(|leg| json!({
                "on": named(&leg.on), "flow": leg.is_flow, "guards": guards_json(&leg.guards), "unknown": leg.unknown,
                "holds": leg.holds,
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
                "unknown": place.unknown,
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
        "pairs": { "open": found.pairs.open, "perhaps": found.pairs.perhaps, "held": found.pairs.held },
        "open": found.open.iter().map(route).collect::<Vec<_>>(),
        "perhaps": found.perhaps.iter().map(route).collect::<Vec<_>>(),
        "ask": found.ask.iter().map(|(on, unknown)| json!({ "on": named(on), "facts": unknown })).collect::<Vec<_>>(),
        "held": found.held.iter().map(route).collect::<Vec<_>>(),
        "gates": found.gates.iter().map(|g| json!({ "to": named(&g.to), "through": g.through.iter().map(|(on, _)| named(on)).collect::<Vec<_>>() })).collect::<Vec<_>>(),
        "cut": cut,
    })
}
