//! Moving about: selecting by direction, along flows and outwards, panning, rows and panes. It changes no model.

use crate::diagram::Rect;
use crate::model::{Id, Thing};
use crate::tui::canvas::middle;
use crate::tui::layout::Panes;
use crate::tui::name::called;
use crate::tui::state::{Pane, Screen, State};

/// Selects the nearest element in a direction. Rows count double, since a cell is twice as high as wide; being off
/// the axis counts twice as much as being far. What is far off the axis is taken only when nothing else lies there.
pub(super) fn step(state: &mut State, (dx, dy): (i32, i32)) {
    let from = state.selected.as_ref().and_then(|id| state.picture.area(id));
    let Some(from) = from else {
        state.selected = state.picture.first();
        return state.reveal();
    };
    let distance = |area: Rect| {
        let ((x, y), (fx, fy)) = (middle(area), middle(from));
        let (along, across) = if dx != 0 { ((x - fx) * dx, (y - fy) * 2) } else { ((y - fy) * dy * 2, x - fx) };
        (along > 0).then_some((across.abs() > along * 3, along + 2 * across.abs()))
    };
    let near = state.picture.boxes().filter_map(|(id, area)| Some((distance(area)?, id))).min();
    match near.map(|(_, id)| id.clone()) {
        Some(id) => select(state, id),
        None => state.say("no element further that way; f jumps to anything in sight, / finds by name"),
    }
}

/// Selects a thing and brings it into view.
pub(super) fn select(state: &mut State, id: Id) {
    if state.selected.as_ref() != Some(&id) {
        state.row = 0;
        state.selected = Some(id);
    }
    state.reveal();
    say_hidden(state);
}

/// Says where something is that is not drawn itself.
fn say_hidden(state: &mut State) {
    let Some(id) = &state.selected else { return };
    let model = state.drawn();
    if matches!(model.thing(id), None | Some(Thing::Asset(_))) {
        return;
    }
    let home = state.picture.shown_as(id);
    let what = called(model, id);
    if home != id && state.picture.is_folded(home) {
        let told = format!("{what} is inside {}, which is folded; Enter opens it", called(model, home));
        state.say(told);
    } else if state.picture.area(id).is_none() && state.picture.area(home).is_none() {
        let told = format!("{what} is not shown here; z 0 shows everything");
        state.say(told);
    }
}

/// Goes through the flows at an element; from a flow on to the next one of the element it came from. With nothing
/// selected it begins with the first one of all.
pub(super) fn flow(state: &mut State, forward: bool) {
    let model = state.drawn();
    let Some(selected) = state.selected.clone() else {
        let all = &model.flows;
        let first = if forward { all.first_key_value() } else { all.last_key_value() };
        let Some((id, flow)) = first.map(|(id, flow)| (id.clone(), flow)) else { return };
        state.hub = flow.from.clone().or_else(|| flow.to.clone());
        return select(state, id);
    };
    let hub = match model.flows.get(&selected) {
        Some(flow) => state.hub.clone().or_else(|| flow.from.clone()).or_else(|| flow.to.clone()),
        None => Some(selected.clone()),
    };
    let at_hub = |end: &Option<Id>| end.is_some() && *end == hub;
    let flows: Vec<Id> =
        model.flows.iter().filter(|(_, f)| at_hub(&f.from) || at_hub(&f.to)).map(|(id, _)| id.clone()).collect();
    if flows.is_empty() {
        state.refuse("no data flow begins or ends here; c draws one");
        return;
    }
    let next = match (flows.iter().position(|f| *f == selected), forward) {
        (Some(at), true) => (at + 1) % flows.len(),
        (Some(at), false) => (at + flows.len() - 1) % flows.len(),
        (None, true) => 0,
        (None, false) => flows.len() - 1,
    };
    state.hub = hub;
    select(state, flows[next].clone());
}

/// Selects the boundary around the selection.
pub(super) fn around(state: &mut State) {
    let inside = match state.thing() {
        Some(Thing::Element(e)) => e.inside.clone(),
        Some(Thing::Boundary(b)) => b.inside.clone(),
        _ => None,
    };
    match inside {
        Some(id) => select(state, id),
        None => state.refuse("no trust boundary around it"),
    }
}

/// Moves the view; something of the drawing always stays in it.
pub(super) fn pan(state: &mut State, (dx, dy): (i32, i32)) {
    let ((w, h), (vw, vh)) = (state.picture.size(), state.viewport());
    state.scroll.0 = (state.scroll.0 + dx).clamp((4 - vw).min(0), (w - 4).max(0));
    state.scroll.1 = (state.scroll.1 + dy).clamp((2 - vh).min(0), (h - 2).max(0));
}

/// Brings the selection into the middle, or shows the whole drawing.
pub(super) fn center(state: &mut State) {
    let Some(area) = state.selected.as_ref().and_then(|id| state.picture.area(id)) else { return state.fit() };
    let ((x, y), (vw, vh)) = (middle(area), state.viewport());
    state.scroll = (x - vw / 2, y - vh / 2);
}

/// Goes up or down in the list that has the keys.
pub(super) fn row(state: &mut State, by: isize) {
    match state.focus() {
        Pane::Canvas => {}
        Pane::Inspector => {
            let rows = &state.rows;
            let to = moved(state.row, by, rows.len());
            // Headings cannot be edited: go over them.
            let editable = |n: &usize| rows[*n].what != crate::tui::inspect::What::Heading;
            let beyond = if by < 0 { (0..=to).rev().find(editable) } else { (to..rows.len()).find(editable) };
            state.row = beyond.unwrap_or(state.row);
        }
        Pane::Threats => {
            let to = moved(state.threat_row(), by, state.threats().len());
            state.threat = state.threats().get(to).map(|t| t.key.clone());
        }
        Pane::Outline => {
            let rows = state.outline();
            let at = rows.iter().position(|(_, id)| Some(id) == state.selected.as_ref()).unwrap_or(0);
            if let Some((_, id)) = rows.get(moved(at, by, rows.len())) {
                select(state, id.clone());
            }
        }
        Pane::Mitigations => super::mitigations::row(state, by),
        Pane::Rules => super::rules::row(state, by),
        Pane::Walk => super::walk::row(state, by),
        Pane::Dashboard => super::dashboard::row(state, by),
        Pane::Changes => {
            state.review.go(by);
            state.follow_row();
        }
    }
}

/// A row number moved within a list.
pub(super) fn moved(at: usize, by: isize, len: usize) -> usize {
    at.saturating_add_signed(by).min(len.saturating_sub(1))
}

/// Gives the keys to a pane of the diagram's screen.
pub(super) fn to_pane(state: &mut State, pane: Pane) {
    state.show(Screen::Diagram);
    state.pane = pane;
    state.reveal();
}

/// Gives the keys to the drawing that is on the screen, else to the one of the diagram's.
pub(super) fn to_canvas(state: &mut State) {
    if state.screen == Screen::Review {
        state.review.on_canvas = true;
        state.reveal();
    } else {
        to_pane(state, Pane::Canvas);
    }
}

/// Gives the keys to the next pane.
pub(super) fn pane(state: &mut State, forward: bool) {
    if state.screen == Screen::Dashboard {
        return super::dashboard::panel(state, forward);
    }
    let order = Panes::order(state.size, state.screen);
    let at = order.iter().position(|p| *p == state.focus()).unwrap_or(0);
    let next = if forward { at + 1 } else { at + order.len() - 1 };
    let pane = order[next % order.len()];
    match state.screen {
        Screen::Diagram => to_pane(state, pane),
        Screen::Review => {
            state.review.on_canvas = pane == Pane::Canvas;
            state.reveal();
        }
        Screen::Threats | Screen::Mitigations | Screen::Rules | Screen::Walk | Screen::Dashboard => {}
    }
}

/// Goes back one layer. It never quits.
pub(super) fn back(state: &mut State) {
    if state.screen == Screen::Threats && !state.marked_threats.is_empty() {
        state.marked_threats.clear();
    } else if super::dashboard::back(state) {
        // What is below the threats is the dashboard.
    } else if state.screen == Screen::Threats && !state.filter.is_empty() {
        state.filter.clear();
    } else if state.screen == Screen::Mitigations && !state.mitigations.marked.is_empty() {
        state.mitigations.marked.clear();
    } else if state.screen == Screen::Review && state.review.on_canvas {
        state.review.on_canvas = false;
    } else if state.screen != Screen::Diagram {
        state.show(Screen::Diagram);
    } else if state.pane != Pane::Canvas {
        to_pane(state, Pane::Canvas);
    } else if !state.sight.lit.is_empty() {
        state.sight.lit.clear();
    } else if !state.marked.is_empty() {
        state.marked.clear();
    } else {
        state.selected = None;
        state.row = 0;
    }
}

/// Takes the next theme.
pub(super) fn theme(state: &mut State) {
    state.look.theme = state.look.theme.next();
    state.say(format!("theme: {}", state.look.theme.name()));
}

/// Draws with the other set of characters.
pub(super) fn glyphs(state: &mut State) {
    state.look.ascii = !state.look.ascii;
    state.refresh();
}
