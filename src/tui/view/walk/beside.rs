//! Where one is in a walk-through: a small picture of the thing with what is around it, and what is known of it.

use ratatui::layout::Rect;

use super::here;
use crate::analysis::walk::Asking;
use crate::diagram::{Point, Rect as Area};
use crate::tui::canvas::{Picture, middle};
use crate::tui::state::State;
use crate::tui::text::{safe, wrap_in};
use crate::tui::theme::Role;
use crate::tui::view::canvas::role_of;
use crate::tui::view::pen::Pen;

/// Where one is, as a picture, and what is known there.
pub(super) fn draw(state: &State, asking: &Asking, pen: &mut Pen<'_>, area: Rect) {
    let room = pen.frame(area, "You are here", false);
    let mut text = Rect { x: room.x + 1, width: room.width.saturating_sub(2), ..room };
    if let (Some(picture), Some((columns, rows))) = (&state.walk.picture, here(state)) {
        let view = Rect { x: room.x + 1, y: room.y, width: columns, height: rows.min(room.height) };
        let used = draw_picture(picture, asking, pen, view) + 1;
        if columns + 2 < room.width {
            text = Rect { x: view.right() + 1, width: room.right().saturating_sub(view.right() + 2), ..room };
        } else {
            text.y += used.min(room.height);
            text.height -= used.min(room.height);
        }
    }
    let columns = usize::from(text.width);
    let mut lines: Vec<(String, Role)> = Vec::new();
    for (word, value) in &asking.known {
        let text = safe(&format!("{word}: {value}"));
        lines.extend(wrap_in(&text, columns, 2).into_iter().map(|line| (line, Role::Quiet)));
    }
    if lines.is_empty() {
        lines.push(("Nothing is known of it yet.".to_owned(), Role::Quiet));
    }
    let left = usize::from(text.height);
    for (n, (line, role)) in lines.iter().take(left).enumerate() {
        pen.write(text, n, 0, line, *role);
    }
    pen.beyond(area, false, lines.len() > left);
}

/// Draws a picture into an area, in the middle, or so that the thing is in sight; the rows that it takes.
fn draw_picture(picture: &Picture, asking: &Asking, pen: &mut Pen<'_>, area: Rect) -> u16 {
    let ((w, h), id) = (picture.size(), &asking.key.subject);
    let (columns, rows) = (i32::from(area.width), i32::from(area.height));
    let (x, y) = picture.area(id).map_or((w / 2, h / 2), middle);
    let from = |size: i32, room: i32, at: i32| {
        if size <= room { (size - room) / 2 } else { (at - room / 2).clamp(0, size - room) }
    };
    let (left, top) = (from(w, columns, x), if h <= rows { 0 } else { from(h, rows, y) });
    let canvas = picture.cells(Area { x: left, y: top, w: columns, h: rows });
    for dy in 0..area.height {
        for dx in 0..area.width {
            let at = Point { x: left + i32::from(dx), y: top + i32::from(dy) };
            let Some(cell) = canvas.cell(at).filter(|cell| !cell.symbol.is_empty()) else { continue };
            let role = match picture.thing(cell.owner) {
                Some((of, _)) if of == id => Role::Selected,
                Some((_, part)) => role_of(part),
                None => continue,
            };
            pen.cell(area.x + dx, area.y + dy, cell.symbol, role);
        }
    }
    u16::try_from(h.min(rows)).unwrap_or(0)
}
