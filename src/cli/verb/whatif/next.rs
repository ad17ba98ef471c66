//! The best next controls, as text and JSON.

use serde_json::{Value, json};

use super::words::{RISK, all, effort, list, moved, named, names, step_of_risk, threats};
use crate::analysis::whatif::{Effect, Next, Planned, Rank, Step};
use crate::cli::verb::table::count;
use crate::diagnostic::inert::one_line;
use crate::model::Id;

/// Places named in one line.
const PLACES: usize = 4;

pub(super) fn text(system: &str, next: &Next, rank: Rank, has_own: bool) -> String {
    let mut out = vec![format!("{}: {}, risk {}", one_line(system), count(next.open, "open threat"), next.risk)];
    out.push(format!("{RISK}, added up over the open threats."));
    if has_own {
        out.push("Threats written by hand are not counted.".to_owned());
    }
    for (n, step) in next.steps.iter().enumerate() {
        out.push(String::new());
        picture(&mut out, n + 1, step);
    }
    out.push(String::new());
    out.extend(end(next));
    if !next.steps.is_empty() {
        let by = match rank {
            Rank::Risk => "the risk they remove",
            Rank::Effort => "the risk they remove a point of effort",
        };
        out.push(format!("Steps are in the order of {by}, each measured with those before it done."));
        out.push(
            "Effort: small 1 point, medium 3, large 9; a further place in the same step costs a third of the first."
                .to_owned(),
        );
        if next.unsure {
            let (known, measured) = next.looked_at;
            out.push(format!(
                "Of {known} pieces of work the {measured} most promising were measured for the first step, so that a \
                 better one may exist."
            ));
        }
    }
    out.join("\n") + "\n"
}

fn picture(out: &mut Vec<String>, n: usize, step: &Step) {
    let record = step.record.as_ref().map(|id| format!(" ({})", one_line(id))).unwrap_or_default();
    out.push(format!("{n}. {}{record}", one_line(&step.title)));
    out.extend(step.planned.iter().map(|planned| format!("   already in the model: {}", work(planned))));
    out.extend(step.partly.iter().map(|planned| format!("   partly in the model: {}", work(planned))));
    let at = names(&step.on, PLACES);
    out.push(match &step.around {
        Some(around) => format!("   at {} inside {}: {at}", count(step.on.len(), "place"), one_line(&around.name)),
        None => format!("   at {at}"),
    });
    let effect = &step.effect;
    let mut does = Vec::new();
    for (what, moved) in [
        ("closes", &effect.closed),
        ("lowers", &effect.lowered),
        ("raises", &effect.raised),
        ("opens", &effect.opened),
        ("turns into questions", &effect.asked),
    ] {
        if !moved.is_empty() {
            does.push(format!("{what} {}", threats(moved)));
        }
    }
    out.push(format!("   {}; risk {} → {}", does.join(", "), effect.before, effect.after));
    let work = step.effort.map_or("not known, taken for medium", effort);
    let places = if step.on.len() > 1 { format!(" at {} places", step.on.len()) } else { String::new() };
    out.push(format!("   effort {work}{places}, {}; removes {} a point", points(step.thirds), ratio(step)));
    let indent = "     ";
    list(out, indent, &effect.closed, |_| String::new());
    list(out, indent, &effect.lowered, step_of_risk);
    list(out, indent, &effect.raised, step_of_risk);
    list(out, indent, &effect.opened, |_| " (opens)".to_owned());
    list(out, indent, &effect.asked, |_| " (becomes a question)".to_owned());
}

/// Work of the model: how far it is, who does it and by when.
fn work(planned: &Planned) -> String {
    let owner = planned.owner.iter().map(|who| format!(", {}", one_line(who)));
    let due = planned.due.iter().map(|due| format!(", due {due}"));
    format!("{}, {}{}", planned.id, planned.status.title(), owner.chain(due).collect::<String>())
}

/// Points of effort, with a third or two.
fn points(thirds: u32) -> String {
    let part = ["", "⅓", "⅔"][(thirds % 3) as usize];
    match (thirds / 3, part) {
        (1, "") => "1 point".to_owned(),
        (0, part) => format!("{part} point"),
        (whole, part) => format!("{whole}{part} points"),
    }
}

/// Risk for each point of effort, in tenths.
fn ratio(step: &Step) -> String {
    let tenths = (removed(&step.effect) * 30 + step.thirds / 2) / step.thirds.max(1);
    let rest = tenths % 10;
    if rest == 0 { (tenths / 10).to_string() } else { format!("{}.{rest}", tenths / 10) }
}

fn removed(effect: &Effect) -> u32 {
    let asked: u32 = effect.asked.iter().map(|m| m.before).sum();
    effect.before.saturating_sub(effect.after + asked)
}

fn end(next: &Next) -> Vec<String> {
    let (left, risk) = next.left;
    match (next.steps.is_empty(), next.open, left) {
        (_, 0, _) => {
            vec!["Nothing that is known is open. `sconce questions` lists what is not known.".to_owned()]
        }
        (true, ..) => {
            vec!["No mitigation of the catalogue, at any place, would close or lower one of them.".to_owned()]
        }
        (false, _, 0) => vec!["With these done nothing is open.".to_owned()],
        (false, ..) if next.more => {
            vec![format!("Left: {}, risk {risk}; `--steps {}` goes on.", count(left, "threat"), next.steps.len() * 2)]
        }
        (false, ..) => {
            vec![format!("Left: {}, risk {risk}; nothing in the catalogue lowers it further.", count(left, "threat"))]
        }
    }
}

pub(super) fn json(next: &Next) -> Value {
    let planned = |p: &Planned| {
        json!({
            "id": p.id.as_str(), "status": p.status.name(), "owner": p.owner, "due": p.due.map(|d| d.to_string()),
        })
    };
    let step = |step: &Step| {
        let effect = &step.effect;
        json!({
            "title": step.title,
            "mitigation": step.record,
            "planned": step.planned.as_ref().map(planned),
            "partly": step.partly.iter().map(planned).collect::<Vec<_>>(),
            "around": step.around.as_ref().map(named),
            "on": all(&step.on),
            "provides": step.provides.iter().map(|p| json!({
                "fact": p.fact, "value": p.value.to_string(), "on": p.on.iter().map(Id::as_str).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "effort": step.effort.map(effort),
            "points": f64::from(step.thirds) / 3.0,
            "removed": removed(effect),
            "risk_before": effect.before,
            "risk_after": effect.after,
            "closes": moved(&effect.closed),
            "lowers": moved(&effect.lowered),
            "raises": moved(&effect.raised),
            "opens": moved(&effect.opened),
            "asks": moved(&effect.asked),
            "left": step.left,
        })
    };
    json!({
        "question": "next",
        "risk": next.risk,
        "open": next.open,
        "steps": next.steps.iter().map(step).collect::<Vec<_>>(),
        "left": { "open": next.left.0, "risk": next.left.1, "more": next.more },
        "looked_at": { "known": next.looked_at.0, "measured": next.looked_at.1, "unsure": next.unsure },
    })
}
