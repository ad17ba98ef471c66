//! How closely one looks: zoom, folding, focus, what is lit. It changes what is shown, never the model.

use std::collections::BTreeSet;

use super::go;
use crate::diagram::{Focus, Zoom, outermost};
use crate::model::{Id, Thing};
use crate::tui::sight::Sight;
use crate::tui::state::layer::{Layer, Page};
use crate::tui::state::{Pane, Screen, State};

/// How far a focus reaches at most.
const WIDEST: u8 = 4;

/// Looks more closely, or from further away.
pub(super) fn zoom(state: &mut State, closer: bool) {
    let Some(zoom) = state.sight.zoom.step(closer) else {
        let why = if closer { "this is as close as it gets" } else { "this is as far away as it gets" };
        return state.say(why);
    };
    look(state, |sight, model| {
        if zoom == Zoom::Map {
            sight.folded = outermost(model);
        } else if sight.zoom == Zoom::Map {
            sight.folded.clear();
        }
        sight.zoom = zoom;
    });
    state.say(format!("zoom: {}", zoom.told()));
}

/// Changes what is shown, keeping the selection in view.
fn look(state: &mut State, change: impl FnOnce(&mut Sight, &crate::model::ThreatModel)) {
    go::to_canvas(state);
    let was_whole = state.sight.is_whole();
    if was_whole {
        state.sight.whole = Some(state.picture.placement().clone());
    }
    let mut sight = std::mem::take(&mut state.sight);
    change(&mut sight, state.drawn());
    state.sight = sight;
    let whole = state.sight.whole.clone();
    if state.sight.is_whole() {
        state.sight.whole = None;
    }
    state.redraw(whole.as_ref());
    state.fit();
    state.reveal();
}

/// Folds the boundary around the selection, or the one selected; opens it when it is folded.
pub(super) fn fold(state: &mut State) {
    let Some(id) = state.selected.clone() else { return };
    let shown = state.picture.shown_as(&id).clone();
    if state.sight.folded.contains(&shown) {
        return open(state, &shown);
    }
    let around = match state.thing() {
        Some(Thing::Boundary(_)) => Some(id),
        Some(Thing::Element(element)) => element.inside.clone(),
        _ => None,
    };
    let Some(around) = around else { return state.refuse("no trust boundary around it") };
    let name = called(state, &around);
    look(state, |sight, _| _ = sight.folded.insert(around.clone()));
    state.selected = Some(around);
    state.reveal();
    state.say(format!("folded {name}; Enter opens it"));
}

/// Opens a folded boundary.
pub(super) fn open(state: &mut State, id: &Id) {
    let name = called(state, id);
    look(state, |sight, model| sight.open(model, id));
    state.say(format!("opened {name}"));
}

fn called(state: &State, id: &Id) -> String {
    crate::tui::name::called(state.bench.model(), id).to_string()
}

/// Shows only the neighbourhood of what is selected or marked; everything again when that is so already.
pub(super) fn focus(state: &mut State) {
    let on: BTreeSet<Id> = state.subjects().into_iter().collect();
    if state.sight.focus.as_ref().is_some_and(|focus| focus.on == on || on.is_empty()) {
        look(state, |sight, _| sight.focus = None);
        return state.say("everything is shown again");
    }
    if on.is_empty() {
        return state.refuse("select something first, with the arrows or f");
    }
    look(state, |sight, _| sight.focus = Some(Focus { on, depth: 1 }));
    count_shown(state);
}

/// Lets the focus reach further.
pub(super) fn widen(state: &mut State) {
    let Some(focus) = &state.sight.focus else { return state.refuse("nothing is in focus") };
    let depth = if focus.depth < WIDEST { focus.depth + 1 } else { 1 };
    look(state, |sight, _| sight.focus.iter_mut().for_each(|focus| focus.depth = depth));
    count_shown(state);
}

fn count_shown(state: &mut State) {
    let shown = state.picture.boxes().count();
    let all = state.bench.model().elements.len();
    state.say(format!("{shown} of {all} elements are shown; z z shows everything again, z w more"));
}

/// Shows everything: nothing folded, no focus, from nearby.
pub(super) fn everything(state: &mut State) {
    look(state, |sight, _| {
        sight.folded.clear();
        sight.focus = None;
        sight.zoom = Zoom::Full;
    });
    state.sight.lit.clear();
    state.say("everything is shown");
}

/// Lays the drawing out afresh; pins stay.
pub(super) fn tidy(state: &mut State) {
    state.sight.whole = None;
    state.redraw(None);
    state.fit();
    state.reveal();
    state.say("laid out afresh; pins stay");
}

/// Counts the flows between boundaries, on a page.
pub(super) fn matrix(state: &mut State) {
    let model = state.bench.model();
    let lines = crate::diagram::matrix(model, &state.sight.view(model));
    let page = Page { title: "Data flows between boundaries".to_owned(), lines, is_table: true, scroll: 0 };
    state.layers.push(Layer::Page(page));
}

/// Shows or hides the small map.
pub(super) fn map(state: &mut State) {
    state.sight.map = !state.sight.map;
    state.say(if state.sight.map { "the map shows where the view is" } else { "the map is hidden" });
}

/// Lights everything that data from the selection gets to, or that it comes from.
pub(super) fn trace(state: &mut State, forward: bool) {
    let Some(from) = state.selected.clone() else { return };
    let flows = &state.bench.model().flows;
    let mut lit = BTreeSet::from([from.clone()]);
    let mut open = vec![from.clone()];
    if let Some(flow) = flows.get(&from) {
        lit.extend(flow.from.iter().chain(&flow.to).cloned());
        open = if forward { flow.to.iter().cloned().collect() } else { flow.from.iter().cloned().collect() };
    }
    let model = state.bench.model();
    if model.boundaries.contains_key(&from) {
        let inside = |id: &&Id| model.boundary_chain(model.elements[*id].inside.as_ref()).contains(&&from);
        open.extend(model.elements.keys().filter(inside).cloned());
        lit.extend(open.iter().cloned());
    }
    let own = lit.clone();
    while let Some(at) = open.pop() {
        for (id, flow) in flows {
            let (near, far) = if forward { (&flow.from, &flow.to) } else { (&flow.to, &flow.from) };
            if near.as_ref() == Some(&at) {
                lit.insert(id.clone());
                open.extend(far.iter().filter(|far| lit.insert((*far).clone())).cloned());
            }
        }
    }
    let elements = lit.iter().filter(|id| !own.contains(*id) && model.elements.contains_key(*id)).count();
    let word = if forward { "gets to" } else { "comes from" };
    let plural = if elements == 1 { "" } else { "s" };
    state.sight.lit = lit;
    state.say(format!("lit: data here {word} {elements} element{plural}; Esc puts the light out"));
}

/// Lights the path that a threat rests on, and goes to it.
pub(super) fn path(state: &mut State) {
    let Some(row) = state.current_threat() else { return };
    let mut lit: BTreeSet<Id> = row.evidence.iter().cloned().collect();
    lit.extend(std::iter::once(&row.subject).chain(&row.target).cloned());
    let (subject, id) = (row.subject.clone(), row.id.clone());
    state.show(Screen::Diagram);
    state.pane = Pane::Canvas;
    state.sight.lit = lit;
    go::select(state, subject);
    state.say(format!("lit: what {id} rests on; Esc puts the light out"));
}
