//! Finding: labels to jump by and to connect by, search, palette, help, and the clipboard.

use super::{Effect, go};
use crate::command::{ACTIONS, Scope};
use crate::model::{Id, Thing};
use crate::tui::keymap::spell;
use crate::tui::layout::inner;
use crate::tui::name::called;
use crate::tui::state::layer::{Choice, Labels, Layer, Pick, PickRow, Target, Value};
use crate::tui::state::review::Row;
use crate::tui::state::{Pane, Screen, State};
use crate::tui::theme::severity_mark;

/// Keys of labels, those under the fingers first.
const HOME_ROW: &str = "asdfghjklqwertyuiopzxcvbnm";
/// Up to so many things get labels of one letter.
const SINGLE: usize = 14;

/// Puts a label on everything visible, to select it.
pub(super) fn jump(state: &mut State) {
    labels(state, Target::Select, |_| true);
}

/// Puts labels on elements and boundaries, to draw a flow to or from the selection.
pub(super) fn connect(state: &mut State, to: bool) {
    let Some(here) = state.selected.clone() else { return };
    let target = if to { Target::To(here) } else { Target::From(here) };
    let model = state.bench.model();
    let ends: Vec<Id> = model.elements.keys().chain(model.boundaries.keys()).cloned().collect();
    labels(state, target, |id| ends.contains(id));
}

fn labels(state: &mut State, then: Target, wanted: impl Fn(&Id) -> bool) {
    go::to_canvas(state);
    let view = state.panes().canvas.map(inner).unwrap_or_default();
    let (w, h) = (i32::from(view.width), i32::from(view.height));
    let mut seen: Vec<(i32, i32, Id)> = Vec::new();
    for (id, area) in state.picture.areas().filter(|(id, _)| wanted(id)) {
        let (x, y) = (area.x - state.scroll.0, area.y - state.scroll.1);
        if x + area.w > 0 && y + area.h > 0 && x < w && y < h {
            seen.push((y, x, id.clone()));
        }
    }
    seen.sort();
    let count = seen.len();
    let all: Vec<(String, Id)> = seen.into_iter().enumerate().map(|(n, (.., id))| (label(n, count), id)).collect();
    if all.is_empty() {
        state.refuse("nothing is visible here");
    } else {
        state.layers.push(Layer::Labels(Labels { all, typed: String::new(), then }));
    }
}

/// The label of thing `n` of `count`: one letter while there are few, else two.
fn label(n: usize, count: usize) -> String {
    let letters: Vec<char> = HOME_ROW.chars().collect();
    let pick = |n: usize| letters[n % letters.len()];
    if count <= SINGLE { pick(n).to_string() } else { [pick(n / letters.len()), pick(n)].into_iter().collect() }
}

/// Lists everything that has a name, to go there.
pub(super) fn search(state: &mut State) {
    let model = state.bench.model();
    let row = |(id, thing): (&Id, Thing<'_>)| {
        let mut row = PickRow::new(called(model, id), Value::Thing(id.clone())).more(kind_word(thing));
        row.words = id.to_string();
        row
    };
    let mut things: Vec<PickRow> = model.elements.iter().map(|(id, e)| row((id, Thing::Element(e)))).collect();
    things.extend(model.flows.iter().map(|(id, f)| row((id, Thing::Flow(f)))));
    things.extend(model.boundaries.iter().map(|(id, b)| row((id, Thing::Boundary(b)))));
    things.extend(model.assets.iter().map(|(id, a)| row((id, Thing::Asset(a)))));
    things.extend(state.bench.analysis().threats.iter().map(|t| {
        let mut row = PickRow::new(t.title.clone(), Value::Threat(t.key.clone()));
        row.more = format!("{} {}", severity_mark(t.severity).trim_end(), t.status.word().title());
        row.words = format!("{} {}", t.key, t.id);
        row
    }));
    state.layers.push(Layer::Pick(Pick::new("Search", things, Choice::Go)));
}

/// What a thing is, in a word or two.
pub(crate) fn kind_word(thing: Thing<'_>) -> &'static str {
    match thing {
        Thing::Element(e) => e.kind.title(),
        Thing::Flow(_) => "data flow",
        Thing::Boundary(_) => "trust boundary",
        Thing::Asset(_) => "asset",
    }
}

/// Goes to what was found, and remembers what else was.
pub(super) fn found(state: &mut State, value: &Value, others: Vec<Id>) {
    match value {
        Value::Threat(key) => {
            state.show(Screen::Threats);
            state.filter.clear();
            state.threat = Some(key.clone());
        }
        Value::Thing(id) => {
            let at = others.iter().position(|o| o == id).unwrap_or(0);
            state.hits = (others, at);
            state.show(Screen::Diagram);
            go::select(state, id.clone());
        }
        _ => {}
    }
}

/// Goes to the next hit of the last search.
pub(super) fn next_match(state: &mut State, forward: bool) {
    let model = state.bench.model();
    state.hits.0.retain(|id| model.thing(id).is_some());
    let count = state.hits.0.len();
    if count == 0 {
        return;
    }
    state.hits.1 = (state.hits.1 + if forward { 1 } else { count - 1 }) % count;
    let id = state.hits.0[state.hits.1].clone();
    state.show(Screen::Diagram);
    go::select(state, id);
    state.say(format!("match {} of {count}", state.hits.1 + 1));
}

fn action_rows(state: &State, scopes: &[Scope]) -> Vec<PickRow> {
    let rows = ACTIONS.iter().filter(|a| scopes.contains(&a.scope));
    rows.map(|a| {
        let mut row = PickRow::new(a.title, Value::Action(a.id)).more(state.keymap.keys_of(a.id)).about(a.doc);
        row.words = format!("{} {}", a.name, a.group.title());
        row.off = super::offered(state, a.id).err();
        row
    })
    .collect()
}

/// Lists every command.
pub(super) fn palette(state: &mut State) {
    let rows = action_rows(state, Scope::ALL);
    state.layers.push(Layer::Pick(Pick::new("Commands", rows, Choice::Run)));
}

/// Lists what works here, with its sentence.
pub(super) fn help(state: &mut State) {
    let mut rows = Vec::new();
    for scope in state.scopes() {
        rows.extend(action_rows(state, &[*scope]));
    }
    let intro = "What works here. Type to find something, Enter runs it. Shift and drag selects text with the mouse.";
    state.layers.push(Layer::Pick(Pick::new("Help", rows, Choice::Run).intro(intro)));
}

/// The id that a chosen row stands for.
pub(super) fn thing_of(value: &Value) -> Option<Id> {
    match value {
        Value::Thing(id) => Some(id.clone()),
        _ => None,
    }
}

/// Puts the id of the selection, or of the threat, on the clipboard.
pub(super) fn copy_id(state: &mut State) -> Vec<Effect> {
    let text = match state.focus() {
        Pane::Threats => state.current_threat().map(|t| t.key.to_string()),
        Pane::Rules => match state.rules.current(state.bench.knowledge()) {
            Some(crate::tui::state::rules::Row::Pack(name) | crate::tui::state::rules::Row::Rule(name)) => Some(name),
            None => None,
        },
        Pane::Mitigations => state.mitigations.current(state.bench.model()).map(|id| id.to_string()),
        Pane::Changes => state.review.row().and_then(Row::key),
        _ => state.selected.as_ref().map(ToString::to_string),
    };
    let Some(text) = text else {
        state.refuse("select something first");
        return Vec::new();
    };
    state.say(format!("copied {text}"));
    vec![Effect::Copy(text)]
}

/// The first keys that can follow what was typed, with what they do, each key once.
pub(crate) fn continuations(state: &State) -> Vec<(String, String, Option<&'static str>)> {
    let mut rows: Vec<(String, String, Option<&'static str>)> = Vec::new();
    let typed = state.pending.len();
    for binding in state.keymap.follow(state.scopes(), &state.pending) {
        let Some(next) = binding.keys.get(typed) else { continue };
        let key = spell(&[*next]);
        let more = binding.keys.len() > typed + 1;
        let title = if more { format!("{} …", group_word(&key)) } else { binding.action.row().title.to_owned() };
        // A second key for the same action, and the further keys of a sequence, would only make it longer.
        if !rows.iter().any(|(k, t, _)| *k == key || *t == title) {
            rows.push((key, title, super::offered(state, binding.action).err().filter(|_| !more)));
        }
    }
    rows
}

/// What a key that begins a sequence is about.
fn group_word(key: &str) -> &'static str {
    match key {
        "a" => "add",
        "A" => "add connected",
        "g" => "go and pan",
        _ => "view and pins",
    }
}
