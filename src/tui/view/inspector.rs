//! The pane of the inspector: names, values and where they are from. Which rows there are is `inspect`'s work.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::tui::inspect::{Row, What};
use crate::tui::layout::inner;
use crate::tui::state::{Pane, State};
use crate::tui::text::{cut, fit, safe, width, window, wrap};
use crate::tui::theme::Role;
use crate::tui::update;

/// Columns of the names in a room of that width: as many as the longest needs, but they leave room for values.
fn names(rows: &[Row], room: usize) -> usize {
    let named = rows.iter().filter(|r| matches!(r.what, What::Field(_) | What::Fact(_)));
    named.map(|r| width(&r.label)).max().unwrap_or(0).clamp(10, 22).min(room / 2)
}

/// The value of a row in lines. One that says where it is from has one line.
fn values(row: &Row, columns: usize) -> Vec<String> {
    let value = if row.value.is_empty() { "unknown".to_owned() } else { safe(&row.value) };
    if row.origin.is_empty() && matches!(row.what, What::Field(_)) { wrap(&value, columns) } else { vec![value] }
}

/// The row that each line shows, and which line of its value: long values go on below where there is room for all.
pub(crate) fn lines(state: &State, area: Rect) -> Vec<(usize, usize)> {
    let (room, rows) = (inner(area), &state.rows);
    let (across, height) = (usize::from(room.width), usize::from(room.height));
    let columns = across.saturating_sub(names(rows, across) + 3);
    let of = |(n, row): (usize, &Row)| (0..values(row, columns).len().max(1)).map(move |part| (n, part));
    let whole: Vec<(usize, usize)> = rows.iter().enumerate().flat_map(of).take(height + 1).collect();
    if whole.len() <= height {
        return whole;
    }
    let first = window(if state.focus() == Pane::Inspector { state.row } else { 0 }, rows.len(), height);
    (first..rows.len()).take(height).map(|n| (n, 0)).collect()
}

/// Draws the fields and facts of the selection.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let focused = state.focus() == Pane::Inspector;
    let title = match state.thing() {
        Some(thing) => format!("Inspector · {}", update::kind_word(thing)),
        None => "Inspector · system".to_owned(),
    };
    let room = pen.frame(area, &title, focused);
    let lines = lines(state, area);
    let (above, below) = (lines.first().is_some_and(|(n, _)| *n > 0), lines.last().map_or(0, |(n, _)| n + 1));
    pen.beyond(area, above, below < state.rows.len());
    let is_long = |line: usize| lines.get(line + 1).is_some_and(|(_, part)| *part > 0);
    for (line, (n, part)) in lines.iter().enumerate() {
        let whole = *part > 0 || is_long(line);
        row(state, pen, room, (line, &state.rows[*n], whole.then_some(*part)));
        if focused && *n == state.row {
            pen.tint(room, line, Role::Selected);
            if *part == 0 {
                pen.write(room, line, 0, pen.pointer(), Role::Selected);
            }
        }
    }
}

/// Draws a row on a line; of a value that has several lines, that one.
fn row(state: &State, pen: &mut Pen<'_>, room: Rect, (line, row, part): (usize, &Row, Option<usize>)) {
    let text = Rect { width: room.width.saturating_sub(1), ..room };
    let across = usize::from(text.width);
    let names = names(&state.rows, usize::from(room.width));
    let end = match row.what {
        What::Heading => pen.write(room, line, 1, &row.label, Role::Strong),
        What::More => pen.write(text, line, 1, &row.label, Role::Accent),
        What::Asked(_) => {
            let left = across.saturating_sub(width(&row.origin) + 2);
            pen.write(text, line, 1, &cut(&safe(&row.label), left), Role::Text)
        }
        _ => {
            let label = if part.is_some_and(|part| part > 0) { String::new() } else { safe(&row.label) };
            let column = pen.write(text, line, 1, &fit(&label, names), Role::Quiet) + 1;
            let role = if row.value.is_empty() { Role::Quiet } else { Role::Text };
            let value = match part {
                Some(part) => values(row, across.saturating_sub(names + 2)).into_iter().nth(part).unwrap_or_default(),
                None if row.value.is_empty() => "unknown".to_owned(),
                None => row.value.clone(),
            };
            pen.write(text, line, column, &value, role)
        }
    };
    // The value is what people look for: where it is from gets what is left, with a gap between the two.
    if !row.origin.is_empty() {
        let left = across.saturating_sub(end + 2);
        // Part of a single word says nothing.
        let left = if row.origin.contains(' ') || width(&row.origin) <= left { left } else { 0 };
        pen.right(text, line, &cut(&safe(&row.origin), left), Role::Quiet);
    }
}
