//! The panes beside the diagram: outline, detail of a threat, and the strip that stands for them where there
//! is no place.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::model::Thing;
use crate::tui::inspect::What;
use crate::tui::name::called;
use crate::tui::state::layer::Field;
use crate::tui::state::{Pane, State};
use crate::tui::text::{count, cut, safe, width, window, wrap, wrap_in};
use crate::tui::theme::{Role, severity_mark, severity_shape};
use crate::tui::update;

/// Draws the selected threat at length.
pub(super) fn detail(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let Some(row) = state.current_threat() else {
        let room = pen.frame(area, "No threat is selected", false);
        pen.write(room, 0, 1, "Questions decide what becomes a threat: Q answers them.", Role::Quiet);
        return;
    };
    let room = pen.frame(area, &row.title, false);
    let lines = paragraphs(pen, room, &state.page, 0);
    pen.beyond(area, false, lines > usize::from(room.height));
}

/// Writes paragraphs, wrapped; later lines of one are indented like its value.
pub(super) fn paragraphs(pen: &mut Pen<'_>, room: Rect, lines: &[String], skip: usize) -> usize {
    let columns = usize::from(room.width).saturating_sub(2);
    let mut at = 0_usize;
    for paragraph in lines {
        let indent = if paragraph.starts_with("  ") { 2 } else { 0 };
        for line in wrap(&safe(paragraph.trim_start()), columns.saturating_sub(indent)) {
            if let Some(row) = at.checked_sub(skip) {
                pen.write(room, row, 1 + indent, &line, Role::Text);
            }
            at += 1;
        }
    }
    at
}

/// Draws everything that is drawn as an indented list.
pub(super) fn outline(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let focused = state.focus() == Pane::Outline;
    let room = pen.frame(area, "Outline", focused);
    let model = state.bench.model();
    let rows = state.outline();
    let at = rows.iter().position(|(_, id)| Some(id) == state.selected.as_ref());
    let height = usize::from(room.height);
    let first = window(at.unwrap_or(0), rows.len(), height);
    pen.beyond(area, first > 0, first + height < rows.len());
    for (n, (depth, id)) in rows.iter().enumerate().skip(first).take(height) {
        let (sign, role) = match model.thing(id) {
            Some(Thing::Boundary(_)) => ("┆", Role::Boundary),
            Some(Thing::Flow(_)) => ("→", Role::Flow),
            Some(Thing::Asset(_)) => ("·", Role::Quiet),
            Some(Thing::Element(e)) => match e.kind {
                crate::model::ElementKind::ExternalEntity => ("□", Role::Text),
                crate::model::ElementKind::Process => ("○", Role::Text),
                crate::model::ElementKind::DataStore => ("=", Role::Text),
            },
            None => (" ", Role::Text),
        };
        let text = format!("{}{sign} {}", "  ".repeat(*depth), called(model, id));
        let tally = state.tally.get(id).copied().unwrap_or_default();
        let open =
            if tally.open > 0 { format!(" {}{}", tally.open, severity_shape(tally.worst)) } else { String::new() };
        let left = usize::from(room.width).saturating_sub(1 + width(&open));
        pen.write(room, n - first, 1, &cut(&safe(&text), left), role);
        if !open.is_empty() {
            pen.right(room, n - first, &open, Role::Quiet);
        }
        if Some(n) == at {
            pen.tint(room, n - first, if focused { Role::Selected } else { Role::Strong });
            pen.write(room, n - first, 0, pen.pointer(), Role::Strong);
        }
    }
}

/// Draws a few lines about the selection.
pub(super) fn strip(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let title = match (state.thing(), &state.selected) {
        (Some(thing), Some(id)) => {
            format!("{} {} · {} · {id}", pen.pointer(), called(state.bench.model(), id), update::kind_word(thing))
        }
        _ => "nothing selected".to_owned(),
    };
    let end = pen.write(area, 0, 0, &format!("── {title} "), Role::Strong);
    pen.write(area, 0, end, &"─".repeat(usize::from(area.width).saturating_sub(end)), Role::Strong);
    let rows = &state.rows;
    let stated = |what: &What| match what {
        What::Field(f) => !matches!(f, Field::Name | Field::Id | Field::Rubric),
        What::Fact(_) => true,
        _ => false,
    };
    let pairs = rows.iter().filter(|r| stated(&r.what) && !r.value.is_empty());
    let text = pairs.map(|r| format!("{} {}", r.label, r.value)).collect::<Vec<_>>().join("   ");
    let text = if text.is_empty() { "nothing is known about it yet: ↵ or = states a fact".to_owned() } else { text };
    let columns = usize::from(area.width).saturating_sub(2);
    for (n, line) in wrap_in(&safe(&text), columns, 2).iter().enumerate() {
        pen.write(area, n + 1, 1, line, Role::Text);
    }
    let listed = state.threats();
    let open = listed.iter().filter(|t| t.is_open()).count();
    let worst = listed.iter().filter(|t| t.is_open()).filter_map(|t| t.severity).max();
    let mut text = format!("{open} open of {}", count(listed.len(), "threat"));
    if let Some(worst) = worst {
        text = format!("{text}, worst {}", severity_mark(Some(worst)).trim_end());
    }
    text = match state.selected {
        Some(ref id) => format!("{text}   {} about it", count(state.asked(id), "question")),
        None => format!("{text}   {}", count(state.bench.analysis().questions.len(), "question")),
    };
    pen.write(area, 3, 1, &text, worst.map_or(Role::Quiet, Role::Severity));
}
