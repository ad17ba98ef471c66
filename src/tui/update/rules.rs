//! Rules: going through packs, finding a rule, seeing where it speaks, and switching packs after a look at what that
//! changes. No rule is changed here.

use std::collections::BTreeSet;

use super::{apply, go};
use crate::analysis::{Analysis, Live, ThreatRow};
use crate::model::{Edit, Entry, Severity, System, ThreatKey, ThreatModel};
use crate::tui::state::layer::{Choice, Confirm, Deed, Layer, Page, Pick, PickRow, Value};
use crate::tui::state::rules::{Row, Used, title, used};
use crate::tui::state::{Screen, State};

/// Threats that a preview names.
const NAMED: usize = 8;

/// Goes so many rows on.
pub(super) fn row(state: &mut State, by: isize) {
    let knowledge = state.bench.knowledge();
    let rows = state.rules.rows(knowledge);
    let current = state.rules.current(knowledge);
    let at = rows.iter().position(|row| Some(row) == current.as_ref()).unwrap_or(0);
    state.rules.at = rows.get(go::moved(at, by, rows.len())).cloned();
}

/// Opens or shuts a pack; shows a rule at length.
pub(super) fn enter(state: &mut State) {
    match state.rules.current(state.bench.knowledge()) {
        Some(Row::Pack(pack)) => {
            if !state.rules.open.remove(&pack) {
                state.rules.open.insert(pack.clone());
            }
            state.rules.at = Some(Row::Pack(pack));
        }
        Some(Row::Rule(id)) => {
            state.settle();
            let title = state.bench.knowledge().rule(&id).map(title).unwrap_or_default();
            let lines = state.rules.page(&id).to_vec();
            state.layers.push(Layer::Page(Page { title, lines, is_table: false, scroll: 0 }));
        }
        None => {}
    }
}

/// Shows the pack of a rule shut, with the pack selected.
pub(super) fn shut(state: &mut State) {
    let pack = match state.rules.current(state.bench.knowledge()) {
        Some(Row::Rule(id)) => state.bench.knowledge().rule(&id).map(|rule| rule.pack().to_owned()),
        Some(Row::Pack(pack)) => Some(pack),
        None => None,
    };
    if let Some(pack) = pack {
        state.rules.open.remove(&pack);
        state.rules.at = Some(Row::Pack(pack));
    }
}

/// Lists all rules, to go to one.
pub(super) fn find(state: &mut State) {
    let rows = state.bench.knowledge().rules.iter().map(|rule| {
        let row = PickRow::new(title(rule), Value::Word(rule.id.clone())).more(rule.id.clone());
        PickRow { words: format!("{} {}", rule.id, rule.finds), ..row }
    });
    state.layers.push(Layer::Pick(Pick::new("Find a rule", rows.collect(), Choice::Rule)));
}

/// Goes to a rule.
pub(super) fn found(state: &mut State, id: &str) {
    let Some(rule) = state.bench.knowledge().rule(id) else { return };
    let (pack, id) = (rule.pack().to_owned(), rule.id.clone());
    state.rules.open.insert(pack);
    state.rules.at = Some(Row::Rule(id));
    state.show(Screen::Rules);
}

/// Lists the threats of the selected rule or pack.
pub(super) fn threats(state: &mut State) {
    let filter = match state.rules.current(state.bench.knowledge()) {
        Some(Row::Rule(id)) => format!("rule:{id}"),
        Some(Row::Pack(pack)) => format!("pack:{pack}"),
        None => return,
    };
    if crate::tui::sift::sift(&state.bench, &filter).is_ok_and(|rows| rows.is_empty()) {
        return state.say("it raises no threat in this model");
    }
    state.show(Screen::Threats);
    state.threat = None;
    state.filter = filter;
}

/// Asks before the selected pack is switched on or off, with what that would change.
pub(super) fn switch(state: &mut State) {
    let knowledge = state.bench.knowledge();
    let (name, packs, on) = match state.rules.current(knowledge) {
        Some(Row::Pack(pack)) => {
            let on = used(state.bench.model(), &pack) == Used::Off;
            (format!("pack {pack}"), with(state.bench.model(), &pack, on), on)
        }
        Some(Row::Rule(id)) => {
            let packs = state.bench.model().system.packs.as_deref();
            if knowledge.active(packs).any(|rule| rule.id == id) && !packs.is_some_and(|p| p.contains(&id)) {
                return state.refuse("a rule of a pack that is on is switched off by the team: docs/team-rules.md");
            }
            let on = !packs.is_some_and(|named| named.contains(&id));
            (id.clone(), with(state.bench.model(), &id, on), on)
        }
        None => return,
    };
    let word = if on { "on" } else { "off" };
    let lines = preview(state, &packs);
    state.layers.push(Layer::Confirm(Confirm {
        title: format!("Switch {name} {word}?"),
        lines,
        answers: vec![('Y', if on { "switch it on" } else { "switch it off" }, Deed::Packs(name, packs))],
        esc: "change nothing",
    }));
}

/// What a model would name with a pack or rule, or without it and what belongs to it.
fn with(model: &ThreatModel, name: &str, on: bool) -> Vec<String> {
    let mut packs = model.system.packs.clone().unwrap_or_else(|| vec!["core".to_owned()]);
    let belongs = |other: &String| other == name || other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    packs.retain(|other| !belongs(other));
    if on {
        packs.push(name.to_owned());
    }
    packs.sort();
    packs
}

fn edit(model: &ThreatModel, packs: &[String]) -> Edit {
    Edit::put(Entry::System(System { packs: Some(packs.to_vec()), ..model.system.clone() }))
}

/// What would be otherwise, evaluated.
fn preview(state: &State, packs: &[String]) -> Vec<String> {
    let (model, knowledge, today) = (state.bench.model(), state.bench.knowledge(), state.bench.sitting().today);
    let mut changed = model.clone();
    if edit(model, packs).apply(&mut changed).is_err() {
        return Vec::new();
    }
    let after = Live::of(&changed, knowledge, today).into_analysis();
    let before = state.bench.analysis();
    let (came, went) = (only_in(&after, before), only_in(before, &after));
    let mut lines = vec![format!(
        "Open threats: {} → {}. Questions: {} → {}.",
        open(before).count(),
        open(&after).count(),
        before.questions.len(),
        after.questions.len()
    )];
    for (sign, all) in [("+", came), ("-", went)] {
        lines.extend(all.iter().take(NAMED).map(|line| format!("{sign} {line}")));
        if all.len() > NAMED {
            lines.push(format!("{sign} and {} more", all.len() - NAMED));
        }
    }
    lines
}

fn open(analysis: &Analysis) -> impl Iterator<Item = &ThreatRow> {
    analysis.threats.iter().filter(|row| row.is_open())
}

/// What is open in one analysis and not in another, the worst first.
fn only_in(one: &Analysis, other: &Analysis) -> Vec<String> {
    let known: BTreeSet<&ThreatKey> = open(other).map(|row| &row.key).collect();
    let mut rows: Vec<&ThreatRow> = open(one).filter(|row| !known.contains(&row.key)).collect();
    rows.sort_by(|a, b| (b.severity, &a.key).cmp(&(a.severity, &b.key)));
    rows.iter().map(|row| format!("{} {}", row.severity.map_or("unrated", Severity::name), row.title)).collect()
}

/// Switches it.
pub(super) fn switched(state: &mut State, name: &str, packs: &[String]) {
    let edit = edit(state.bench.model(), packs);
    let at = state.rules.at.clone();
    apply(state, &format!("switched {name}"), edit);
    state.rules.at = at;
}
