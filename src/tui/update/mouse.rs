//! The mouse. Everything it does has a key; where things are comes from the layout, not from what was drawn.

use ratatui::layout::{Position, Rect};

use super::{Effect, Msg, draw, fields, go, layers, start, triage, update};
use crate::command::Action;
use crate::model::Id;
use crate::tui::canvas::Part;
use crate::tui::layout::inner;
use crate::tui::state::layer::{Layer, Target};
use crate::tui::state::{Drag, Pane, Screen, State};
use crate::tui::text::window;
use crate::tui::view::{bars, changes, dashboard, inspector, mitigations, rules, walk};

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// What.
    pub click: Click,
    /// Column and row of the screen.
    pub at: (u16, u16),
}

/// Acts of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// The left button went down.
    Press,
    /// Twice, quickly, at the same place.
    Double,
    /// It moved with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The right button went down.
    Menu,
    /// The wheel, in columns and rows.
    Wheel(i32, i32),
}

/// Does what the mouse asks for.
pub(super) fn point(state: &mut State, pointer: Pointer) -> Vec<Effect> {
    if let Some(layer) = state.layers.last() {
        return match (layer, pointer.click) {
            (Layer::Pick(_), Click::Press | Click::Double) => in_pick(state, pointer.at),
            (_, Click::Wheel(_, rows)) => {
                let code = if rows < 0 { crossterm::event::KeyCode::Up } else { crossterm::event::KeyCode::Down };
                update(state, Msg::Key(crate::tui::key::Key::plain(code)))
            }
            _ => Vec::new(),
        };
    }
    match pointer.click {
        Click::Press => return press(state, pointer.at),
        Click::Double => return double(state, pointer.at),
        Click::Drag => drag(state, pointer.at),
        Click::Release => release(state, pointer.at),
        Click::Menu => {
            press(state, pointer.at);
            state.drag = None;
            state.menu = true;
        }
        Click::Wheel(columns, rows) => wheel(state, pointer.at, (columns, rows)),
    }
    Vec::new()
}

/// The row of a pane with a frame that is under the mouse, from its first inner row.
fn row_in(area: Option<Rect>, (x, y): (u16, u16)) -> Option<usize> {
    let area = inner(area?);
    area.contains(Position { x, y }).then(|| usize::from(y - area.y))
}

/// The cell of the drawing under the mouse.
fn cell_at(state: &State, (x, y): (u16, u16)) -> Option<(i32, i32)> {
    let area = inner(state.panes().canvas?);
    let within = area.contains(Position { x, y });
    within.then(|| (i32::from(x - area.x) + state.scroll.0, i32::from(y - area.y) + state.scroll.1))
}

fn press(state: &mut State, at: (u16, u16)) -> Vec<Effect> {
    state.menu = false;
    state.pending.clear();
    let panes = state.panes();
    if let Some(action) = bars::action_at(state, at) {
        return start(state, action);
    }
    if let Some((x, y)) = cell_at(state, at) {
        let hit = state.picture.owner(x, y).map(|(id, part)| (id.clone(), part));
        go::to_canvas(state);
        let is_drawing = state.screen == Screen::Diagram;
        let connects = hit.as_ref().is_some_and(|(id, part)| *part == Part::Element && on_border(state, id, (x, y)));
        let what = hit.as_ref().filter(|(_, part)| is_drawing && *part == Part::Element).map(|(id, _)| id.clone());
        state.drag = Some(Drag { what, connects, from: at, at });
        match hit {
            Some((id, _)) => go::select(state, id),
            None => state.selected = None,
        }
    } else if let Some(n) = row_in(panes.inspector, at) {
        let lines = panes.inspector.map(|area| inspector::lines(state, area)).unwrap_or_default();
        state.pane = Pane::Inspector;
        state.row = lines.get(n).map_or(state.rows.len().saturating_sub(1), |(row, _)| *row);
    } else if let Some(n) = row_in(panes.threats, at) {
        let count = state.threats().len();
        let height = panes.threats.map_or(0, |a| usize::from(inner(a).height)).saturating_sub(1);
        let row = (window(state.threat_row(), count, height) + n).checked_sub(1);
        state.threat = row.and_then(|row| state.threats().get(row).map(|t| t.key.clone()));
        if state.screen == Screen::Diagram {
            state.pane = Pane::Threats;
        }
    } else if let Some(area) = panes.mitigations.filter(|area| row_in(Some(*area), at).is_some()) {
        if let Some(id) = mitigations::at(state, area, at) {
            state.mitigations.selected = Some(id);
        }
    } else if let Some((area, n)) = panes.rules.zip(row_in(panes.rules, at)) {
        if let Some(row) = rules::at(state, area, n) {
            state.rules.at = Some(row);
        }
    } else if let Some(area) = panes.walk {
        if let Some(n) = walk::answer_at(state, area, at.1) {
            let again = state.walk.at == n;
            state.walk.at = n;
            if again {
                return start(state, Action::WalkTake);
            }
        }
    } else if let Some((panel, spot)) = panes.dashboard.and_then(|area| dashboard::at(state, area, at)) {
        state.dashboard.panel = panel;
        if let Some(spot) = spot {
            state.dashboard.select(panel, spot);
        }
    } else if let Some(n) = row_in(panes.changes, at) {
        let lines = panes.changes.map(|area| changes::lines(state, area)).unwrap_or_default();
        state.review.on_canvas = false;
        if let Some(line) = lines.get(n) {
            state.review.at = line.row;
            state.review.go(0);
            state.follow_row();
        }
    } else if let Some(n) = row_in(panes.outline, at) {
        let rows = state.outline();
        let here = rows.iter().position(|(_, id)| Some(id) == state.selected.as_ref()).unwrap_or(0);
        let height = panes.outline.map_or(0, |a| usize::from(inner(a).height));
        state.pane = Pane::Outline;
        if let Some((_, id)) = rows.get(window(here, rows.len(), height) + n) {
            go::select(state, id.clone());
        }
    }
    Vec::new()
}

fn on_border(state: &State, id: &Id, (x, y): (i32, i32)) -> bool {
    let Some(area) = state.picture.area(id) else { return false };
    x == area.x || x == area.x + area.w - 1 || y == area.y || y == area.y + area.h - 1
}

fn double(state: &mut State, at: (u16, u16)) -> Vec<Effect> {
    let panes = state.panes();
    if cell_at(state, at).is_some() && state.selected.is_some() {
        return start(state, Action::Inspect);
    }
    if row_in(panes.inspector, at).is_some() {
        fields::edit_row(state);
    } else if row_in(panes.threats, at).is_some() {
        triage::detail(state);
    } else if row_in(panes.rules, at).is_some() {
        return start(state, Action::OpenRule);
    } else if panes.dashboard.and_then(|area| dashboard::at(state, area, at)).is_some_and(|(_, spot)| spot.is_some()) {
        return start(state, Action::OpenNumber);
    } else if row_in(panes.mitigations, at).is_some() {
        return start(state, Action::EditMitigation);
    } else if row_in(panes.changes, at).is_some() {
        return start(state, Action::ShowChange);
    }
    Vec::new()
}

fn drag(state: &mut State, at: (u16, u16)) {
    let Some(mut drag) = state.drag.take() else { return };
    if drag.what.is_none() {
        let moved = |a: u16, b: u16| i32::from(a) - i32::from(b);
        go::pan(state, (moved(drag.at.0, at.0), moved(drag.at.1, at.1)));
    }
    drag.at = at;
    state.drag = Some(drag);
}

fn release(state: &mut State, at: (u16, u16)) {
    let Some(Drag { what: Some(id), connects, from, .. }) = state.drag.take() else { return };
    if from == at {
        return;
    }
    if connects {
        let hit = cell_at(state, at).and_then(|(x, y)| state.picture.owner(x, y)).map(|(id, part)| (id.clone(), part));
        match hit {
            Some((to, Part::Element | Part::Boundary)) => layers::target(state, &Target::To(id), to),
            _ => state.refuse("a data flow ends at an element or a trust boundary"),
        }
        return;
    }
    let Some((x, y)) = state.picture.place(&id) else { return };
    let moved = |a: u16, b: u16| i32::from(a) - i32::from(b);
    draw::pin(state, vec![(id, (x + moved(at.0, from.0), y + moved(at.1, from.1)))]);
}

fn wheel(state: &mut State, at: (u16, u16), (columns, rows): (i32, i32)) {
    if cell_at(state, at).is_some() {
        return go::pan(state, (columns * 4, rows * 2));
    }
    let panes = state.panes();
    if let Some((panel, _)) = panes.dashboard.and_then(|area| dashboard::at(state, area, at)) {
        return super::dashboard::wheel(state, panel, rows);
    }
    let over = [(panes.inspector, Pane::Inspector), (panes.threats, Pane::Threats), (panes.outline, Pane::Outline)];
    let pane = over.into_iter().find(|(area, _)| row_in(*area, at).is_some()).map(|(_, pane)| pane);
    if panes.walk.is_some() || row_in(panes.mitigations, at).is_some() || row_in(panes.rules, at).is_some() {
        go::row(state, if rows < 0 { -1 } else { 1 });
    } else if row_in(panes.changes, at).is_some() {
        state.review.on_canvas = false;
        go::row(state, if rows < 0 { -1 } else { 1 });
    } else if let Some(pane) = pane {
        if state.screen == Screen::Diagram {
            state.pane = pane;
        }
        go::row(state, if rows < 0 { -1 } else { 1 });
    }
}

/// A click on a row of a list to pick from selects it; a click on the selected row takes it.
fn in_pick(state: &mut State, at: (u16, u16)) -> Vec<Effect> {
    let Some(Layer::Pick(pick)) = state.layers.last_mut() else { return Vec::new() };
    let place = crate::tui::view::pick::place(state.size, pick);
    let shown = pick.shown().len();
    let Some(n) = place.rows.contains(Position { x: at.0, y: at.1 }).then(|| usize::from(at.1 - place.rows.y)) else {
        return Vec::new();
    };
    let row = window(pick.at, shown, usize::from(place.rows.height)) + n;
    if row >= shown {
        return Vec::new();
    }
    let again = row == pick.at;
    pick.at = row;
    let taken = if again { state.layers.pop() } else { None };
    match taken {
        Some(Layer::Pick(pick)) => layers::choose(state, pick),
        _ => Vec::new(),
    }
}
