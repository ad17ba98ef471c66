//! What a control holds up, as text and JSON.

use serde_json::{Value, json};

use super::words::{RISK, list, moved, name, named, names, step_of_risk, threats};
use crate::analysis::whatif::{Named, Removal, Without};
use crate::cli::verb::table::count;
use crate::diagnostic::inert::one_line;

/// Lines about facts.
const MOST: usize = 8;

pub(super) fn text(what: &str, found: &Without) -> String {
    let effect = &found.effect;
    let mut out = vec![format!("Without {}: risk {} → {}", one_line(what), effect.before, effect.after)];
    out.push(String::new());
    if found.removed.is_empty() {
        out.push("No fact would be another: what it provides is so all the same.".to_owned());
    }
    let removed = |r: &Removal| {
        let now = r.now.as_deref().map_or("not known".to_owned(), one_line);
        format!("  {} of {}: {} ({}) → {now}", r.fact, name(&r.on), one_line(&r.was), one_line(&r.from))
    };
    out.extend(found.removed.iter().take(MOST).map(removed));
    if found.removed.len() > MOST {
        out.push(format!("  and {} more", count(found.removed.len() - MOST, "fact")));
    }
    let mut section = |title: &str, moved: &[crate::analysis::whatif::Moved], risk: bool| {
        if !moved.is_empty() {
            out.push(String::new());
            out.push(format!("{title}: {}", threats(moved)));
            list(&mut out, "  ", moved, |m| if risk { step_of_risk(m) } else { String::new() });
        }
    };
    section("Comes back", &effect.opened, false);
    section("Gets worse", &effect.raised, true);
    section("Closes", &effect.closed, false);
    section("Gets better", &effect.lowered, true);
    section("Becomes a question", &effect.asked, false);
    section("Held now, becomes a question", &found.unsettled, false);
    section("Decided on other facts, look at it again", &found.doubtful, false);
    let moved = [&effect.opened, &effect.raised, &effect.closed, &effect.lowered, &effect.asked];
    let moved = moved.into_iter().chain([&found.unsettled, &found.doubtful]);
    if moved.map(Vec::len).sum::<usize>() == 0 {
        out.push(String::new());
        out.push("No threat rests on it.".to_owned());
    }
    if !found.questions.is_empty() {
        out.push(String::new());
        out.push(format!("Has to be asked then: {}", questions(&found.questions)));
    }
    out.push(String::new());
    out.push(format!("Nothing was written. {RISK}, added up over the open threats."));
    out.join("\n") + "\n"
}

/// Facts with those of whom they have to be asked.
fn questions(all: &[(String, Named)]) -> String {
    let mut facts: Vec<&str> = all.iter().map(|(fact, _)| fact.as_str()).collect();
    facts.dedup();
    let of = |fact: &&str| all.iter().filter(|(f, _)| f == fact).map(|(_, on)| on.clone()).collect::<Vec<_>>();
    facts.iter().map(|fact| format!("{fact} of {}", names(&of(fact), 3))).collect::<Vec<_>>().join("; ")
}

pub(super) fn json(what: &str, found: &Without) -> Value {
    let effect = &found.effect;
    json!({
        "question": "without",
        "without": what,
        "removed": found.removed.iter().map(|r| json!({
            "on": named(&r.on), "fact": r.fact, "was": r.was, "from": r.from, "now": r.now,
        })).collect::<Vec<_>>(),
        "risk_before": effect.before,
        "risk_after": effect.after,
        "opens": moved(&effect.opened),
        "raises": moved(&effect.raised),
        "closes": moved(&effect.closed),
        "lowers": moved(&effect.lowered),
        "asks": moved(&effect.asked),
        "unsettled": moved(&found.unsettled),
        "doubtful": moved(&found.doubtful),
        "questions": found.questions.iter().map(|(fact, on)| json!({ "fact": fact, "on": named(on) })).collect::<Vec<_>>(),
    })
}
