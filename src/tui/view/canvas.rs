//! The diagram in its pane: cells with their roles, badges, the selection, labels to jump by. It lays nothing out.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::pen::Pen;
use super::spot::Spots;
use super::{minimap, signs};
use crate::diagram::paint::Canvas;
use crate::diagram::{Point, Rect as Area, Zoom};
use crate::model::Id;
use crate::tui::canvas::Part;
use crate::tui::layout::inner;
use crate::tui::name::called;
use crate::tui::state::layer::{Labels, Target};
use crate::tui::state::{Pane, Screen, State, Tally};
use crate::tui::text::{cut, fit, safe, width};
use crate::tui::theme::{Role, severity_shape};

/// What an empty diagram says; the keys are filled in from the table.
const WELCOME: &[(crate::command::Action, &str)] = &[
    (crate::command::Action::AddProcess, "add a process: code that runs (a s: data store, a e: external entity)"),
    (crate::command::Action::Connect, "connect the selected element to another one"),
    (crate::command::Action::Wrap, "draw a trust boundary around what v has marked"),
    (crate::command::Action::Help, "help, and every command"),
];

/// Draws the pane.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let model = state.drawn();
    let title = match model.diagrams.values().next() {
        Some(diagram) if !diagram.title.is_empty() => diagram.title.as_str(),
        _ if model.system.name.is_empty() => "Diagram",
        _ => &model.system.name,
    };
    let focused = state.focus() == Pane::Canvas;
    let told = state.sight.told(model);
    let title = std::iter::once(title).chain(told.iter().map(String::as_str)).collect::<Vec<_>>().join(" · ");
    let room = pen.frame(area, &title, focused);
    if model.elements.is_empty() && model.boundaries.is_empty() && model.flows.is_empty() {
        return welcome(state, pen, room);
    }
    let canvas = state.picture.cells(visible(state, room));
    cells(state, pen, room, &canvas);
    if state.screen == Screen::Review {
        signs::draw(state, pen, room, &canvas);
    } else {
        badges(state, pen, room);
        flow_badges(state, pen, room, &canvas);
    }
    pointer(state, pen, room);
    more(state, pen, area);
    minimap::draw(state, pen, room);
}

fn welcome(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let top = usize::from(area.height).saturating_sub(WELCOME.len() + 2) / 2;
    let longest = WELCOME.iter().map(|(_, t)| width(t) + 5).max().unwrap_or(0);
    let left = usize::from(area.width).saturating_sub(longest) / 2;
    pen.write(area, top, left, "Nothing is drawn yet.", Role::Strong);
    for (n, (action, text)) in WELCOME.iter().enumerate() {
        pen.write(area, top + 2 + n, left, &state.keymap.keys_of(*action), Role::Accent);
        pen.write(area, top + 2 + n, left + 5, text, Role::Text);
    }
}

/// The cell of the screen where a cell of the drawing is; `None` when it is not in the pane.
fn on_screen(state: &State, area: Rect, (x, y): (i32, i32)) -> Option<(u16, u16)> {
    let (dx, dy) = (u16::try_from(x - state.scroll.0).ok()?, u16::try_from(y - state.scroll.1).ok()?);
    (dx < area.width && dy < area.height).then(|| (area.x + dx, area.y + dy))
}

pub(super) fn role_of(part: Part) -> Role {
    match part {
        Part::Element => Role::Element,
        Part::Flow => Role::Flow,
        Part::Boundary => Role::Boundary,
    }
}

/// The part of the drawing that is in an area of the screen.
pub(super) fn visible(state: &State, area: Rect) -> Area {
    let (x, y) = state.scroll;
    Area { x, y, w: i32::from(area.width), h: i32::from(area.height) }
}

fn cells(state: &State, pen: &mut Pen<'_>, area: Rect, canvas: &Canvas<'_>) {
    let (x, y) = state.scroll;
    let selected = state.selected.as_ref().map(|id| state.picture.shown_as(id));
    let lit: BTreeSet<&Id> = state.sight.lit.iter().map(|id| state.picture.shown_as(id)).collect();
    for dy in 0..area.height {
        for dx in 0..area.width {
            let at = Point { x: x + i32::from(dx), y: y + i32::from(dy) };
            let Some(cell) = canvas.cell(at).filter(|c| !c.symbol.is_empty()) else { continue };
            let owner = state.picture.thing(cell.owner);
            let role = match owner {
                Some((id, _)) if selected == Some(id) => Role::Selected,
                Some((id, _)) if state.marked.contains(id) => Role::Marked,
                Some((id, part)) if state.screen == Screen::Review => signs::role(state, id, part),
                Some((id, _)) if lit.contains(id) => Role::Lit,
                Some(_) if !lit.is_empty() => Role::Quiet,
                Some((_, part)) => role_of(part),
                None => continue,
            };
            pen.cell(area.x + dx, area.y + dy, cell.symbol, role);
        }
    }
}

/// What stands against a thing and what it stands for.
fn tally_of(state: &State, id: &Id) -> Tally {
    let parts = state.picture.parts_of(id).chain([id]).filter_map(|id| state.tally.get(id));
    parts.fold(Tally::default(), |sum, tally| Tally {
        open: sum.open + tally.open,
        worst: sum.worst.max(tally.worst),
        asked: sum.asked + tally.asked,
    })
}

/// What stands against a thing, in a few characters: open threats with their worst severity, and questions.
fn badge(tally: Tally) -> String {
    let Tally { open, worst, asked } = tally;
    let threats = if open > 0 { format!("{open}{}", severity_shape(worst)) } else { String::new() };
    match (open, asked) {
        (_, 0) => threats,
        (0, _) => format!("?{asked}"),
        _ => format!("{threats} ?{asked}"),
    }
}

/// How the badge of a thing looks.
fn badge_role(state: &State, id: &Id, tally: Tally) -> Role {
    match tally.worst {
        _ if state.selected.as_ref() == Some(id) => Role::Selected,
        Some(severity) => Role::Severity(severity),
        None => Role::Quiet,
    }
}

/// Badges on the lower edge of each element.
fn badges(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let seen = visible(state, area);
    for (id, place) in state.picture.boxes().filter(|(_, place)| place.overlaps(seen)) {
        let tally = tally_of(state, id);
        // A chip has no edge for a badge: its first mark says how bad the worst is.
        let text = if state.picture.is_small() { severity_shape(tally.worst).to_owned() } else { badge(tally) };
        let wide = i32::try_from(width(&text)).unwrap_or(0);
        if wide == 0 || wide + 2 > place.w {
            continue;
        }
        let at = if state.picture.is_small() {
            (place.x, place.y)
        } else {
            (place.x + place.w - 1 - wide, place.y + place.h - 1)
        };
        let text = if state.picture.is_small() { "!" } else { &text };
        put(state, pen, area, at, text, badge_role(state, id, tally));
    }
}

/// Badges beside the label of each data flow; where there is no room, of the threats alone, or none.
fn flow_badges(state: &State, pen: &mut Pen<'_>, area: Rect, canvas: &Canvas<'_>) {
    // Without the names of flows nothing would say which of them a badge belongs to.
    if state.sight.zoom > Zoom::Full {
        return;
    }
    let mut spots = Spots::new(&state.picture, canvas);
    let seen = canvas.area;
    for id in state.picture.lines() {
        if !state.picture.area(id).is_some_and(|place| seen.overlaps(place)) {
            continue;
        }
        let tally = tally_of(state, id);
        for text in [badge(tally), badge(Tally { asked: 0, ..tally })] {
            let wide = i32::try_from(width(&text)).unwrap_or(0);
            let spot = if wide > 0 { spots.badge(id, wide) } else { None };
            if let Some(at) = spot {
                put(state, pen, area, at, &text, badge_role(state, id, tally));
                break;
            }
        }
    }
}

pub(super) fn put(state: &State, pen: &mut Pen<'_>, area: Rect, (x, y): (i32, i32), text: &str, role: Role) {
    for (n, c) in (0_i32..).zip(text.chars()) {
        if let Some((sx, sy)) = on_screen(state, area, (x + n, y)) {
            pen.cell(sx, sy, c.encode_utf8(&mut [0; 4]), role);
        }
    }
}

/// The mark of the selection, and marks of what is marked: on the left edge of a box, at the beginning of a label.
fn pointer(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let pointer = pen.pointer();
    for id in &state.marked {
        if let Some((x, y)) = state.picture.handle(id) {
            // What is both has the two marks side by side; names begin further in.
            let both = state.selected.as_ref() == Some(id);
            put(state, pen, area, (x + i32::from(both), y), "*", if both { Role::Selected } else { Role::Marked });
        }
    }
    let Some(id) = &state.selected else { return };
    let at = state.picture.handle(id);
    // On a flow the usual mark would look like an arrowhead.
    let is_flow = state.picture.part(state.picture.shown_as(id)) == Some(Part::Flow);
    let pointer = match (is_flow, state.look.ascii) {
        (false, _) => pointer,
        (true, false) => "◆",
        (true, true) => "@",
    };
    if let Some(at) = at {
        put(state, pen, area, at, pointer, Role::Selected);
    }
}

/// Says on the lower edge of the frame that the drawing goes on beyond the pane, and shows its legend's first line.
fn more(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let room = inner(area);
    let ((w, h), (x, y)) = (state.picture.size(), state.scroll);
    let mut arrows = String::new();
    for (beyond, arrow) in
        [(x > 0, "←"), (y > 0, "↑"), (h - y > i32::from(room.height), "↓"), (w - x > i32::from(room.width), "→")]
    {
        if beyond {
            arrows.push_str(arrow);
        }
    }
    let bottom = Rect { x: room.x, y: area.bottom().saturating_sub(1), width: room.width, height: 1 };
    if !arrows.is_empty() {
        pen.right(bottom, 0, &format!(" more {arrows} "), Role::Quiet);
    }
    let rows = usize::from(room.height);
    let free = i32::from(room.height) - (h - y);
    let legend = state.picture.legend().len();
    if i32::try_from(legend).is_ok_and(|n| n <= free) {
        for (n, line) in state.picture.legend().iter().enumerate() {
            pen.write(room, rows - legend + n, 0, line, Role::Quiet);
        }
    }
}

/// Draws labels to jump or to connect by.
pub(super) fn labels(state: &State, pen: &mut Pen<'_>, labels: &Labels) {
    let Some(area) = state.panes().canvas else { return };
    let room = inner(area);
    let model = state.bench.model();
    let what = match &labels.then {
        Target::Select => "Jump to".to_owned(),
        Target::To(from) => format!("Connect {} to", called(model, from)),
        Target::From(to) => format!("Connect to {} from", called(model, to)),
    };
    let top = Rect { height: 1, ..area };
    let ask = "press a label, or / and a name";
    let typed = if labels.typed.is_empty() { String::new() } else { format!("   {}", labels.typed) };
    // What to press matters more than all of a long name.
    let what = cut(&safe(&what), usize::from(area.width).saturating_sub(width(ask) + width(&typed) + 4));
    pen.line(top, 0, &fit(&format!(" {what}: {ask}{typed} "), usize::from(area.width)), Role::Selected);
    let canvas = state.picture.cells(visible(state, room));
    let mut spots = Spots::new(&state.picture, &canvas);
    let [open, close] = if state.look.ascii { ["<", ">"] } else { ["‹", "›"] };
    // Every label has its place, so that none moves while one is typed.
    for (label, id) in &labels.all {
        let text = format!("{open}{label}{close}");
        let spot = spots.label(id, i32::try_from(width(&text)).unwrap_or(0));
        if let Some(at) = spot.filter(|_| label.starts_with(&labels.typed)) {
            put(state, pen, room, at, &text, Role::Selected);
        }
    }
}
