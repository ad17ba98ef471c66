//! The whole drawing small, in a corner of its pane, with the part that is in view. It is there only while the drawing
//! is larger than the pane.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::diagram::Rect as Area;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Columns and rows inside the frame at most; a row shows two rows of dots.
const SIZE: (u16, u16) = (20, 8);
/// The pane has at least this many columns and rows for each of the map's.
const SHARE: u16 = 3;

/// What a dot of the map shows, the most important last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dot {
    Nothing,
    Frame,
    Box,
    Lit,
    Selected,
}

/// Draws it in the lower right corner.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, pane: Rect) {
    let Some(area) = place(state, pane) else { return };
    let inside = Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 };
    pen.clear(area);
    pen.frame(area, "map", false);
    let (columns, rows) = (usize::from(inside.width), usize::from(inside.height) * 2);
    let dots = dots(state, columns, rows);
    let view = in_view(state, pane, columns, rows);
    for row in 0..inside.height {
        for column in 0..inside.width {
            let at = |half: u16| usize::from(row * 2 + half) * columns + usize::from(column);
            let (upper, lower) = (dots[at(0)], dots[at(1)]);
            let seen = view.contains(crate::diagram::Point { x: i32::from(column), y: i32::from(row) });
            let symbol = glyph(upper, lower, seen, state.look.ascii);
            let role = match upper.max(lower) {
                Dot::Selected => Role::Accent,
                Dot::Lit => Role::Lit,
                Dot::Box if seen => Role::Text,
                Dot::Box | Dot::Nothing => Role::Quiet,
                Dot::Frame => Role::Boundary,
            };
            pen.cell(inside.x + column, inside.y + row, symbol, role);
        }
    }
}

/// Where the map lies; `None` where there is no need or no room for it.
pub(super) fn place(state: &State, pane: Rect) -> Option<Rect> {
    let (w, h) = state.picture.size();
    let larger = w > i32::from(pane.width) || h > i32::from(pane.height);
    if !state.sight.map || !larger || pane.width < SIZE.0 * SHARE || pane.height < SIZE.1 * SHARE * 2 / 3 {
        return None;
    }
    // A dot of the map is half as high as a cell, so that it has the shape of the drawing.
    let scale = (w * 8 / i32::from(SIZE.0)).max(h * 8 / i32::from(SIZE.1)).max(1);
    let size = |cells: i32, most: u16| u16::try_from(cells * 8 / scale).unwrap_or(most).clamp(3, most);
    let (width, height) = (size(w, SIZE.0) + 2, size(h, SIZE.1) + 2);
    let corner = |(right, bottom): (bool, bool)| Rect {
        x: if right { pane.right() - width } else { pane.x },
        y: if bottom { pane.bottom() - height } else { pane.y },
        width,
        height,
    };
    // The corner where it hides least; of equal ones the first.
    [(true, true), (true, false), (false, true), (false, false)]
        .map(corner)
        .into_iter()
        .min_by_key(|at| hidden(state, pane, *at))
}

/// Cells of boxes and of names of data flows that a part of the pane would hide.
fn hidden(state: &State, pane: Rect, at: Rect) -> i32 {
    let (left, top) = (i32::from(at.x - pane.x) + state.scroll.0, i32::from(at.y - pane.y) + state.scroll.1);
    let (right, bottom) = (left + i32::from(at.width), top + i32::from(at.height));
    let shared = |area: Area| {
        let w = (area.x + area.w).min(right) - area.x.max(left);
        let h = (area.y + area.h).min(bottom) - area.y.max(top);
        w.max(0) * h.max(0)
    };
    state.picture.solids().map(shared).sum()
}

fn dots(state: &State, columns: usize, rows: usize) -> Vec<Dot> {
    let (w, h) = state.picture.size();
    let mut dots = vec![Dot::Nothing; columns * rows];
    let mut fill = |area: Area, dot: Dot| {
        let scaled = |at: i32, all: i32, most: usize| {
            let most = i32::try_from(most).unwrap_or(i32::MAX);
            usize::try_from((at * most / all.max(1)).clamp(0, most - 1)).unwrap_or(0)
        };
        let (left, right) = (scaled(area.x, w, columns), scaled(area.x + area.w - 1, w, columns));
        let (top, bottom) = (scaled(area.y, h, rows), scaled(area.y + area.h - 1, h, rows));
        for y in top..=bottom {
            for x in left..=right {
                let inner = x > left && x < right && y > top && y < bottom;
                let place = &mut dots[y * columns + x];
                if dot > Dot::Frame || !inner {
                    *place = (*place).max(dot);
                }
            }
        }
    };
    state.picture.frames().for_each(|area| fill(area, Dot::Frame));
    for (id, area) in state.picture.boxes() {
        fill(area, if state.sight.lit.contains(id) { Dot::Lit } else { Dot::Box });
    }
    if let Some(area) = state.selected.as_ref().and_then(|id| state.picture.area(id)) {
        let whole = state.picture.frames().any(|frame| frame == area);
        fill(area, if whole { Dot::Frame } else { Dot::Selected });
    }
    dots
}

/// The cells of the map that are in view.
fn in_view(state: &State, pane: Rect, columns: usize, rows: usize) -> Area {
    let ((w, h), (x, y)) = (state.picture.size(), state.scroll);
    let scaled = |at: i32, all: i32, most: usize| at * i32::try_from(most).unwrap_or(0) / all.max(1);
    let (left, top) = (scaled(x, w, columns), scaled(y, h, rows / 2));
    let right = scaled(x + i32::from(pane.width), w, columns);
    let bottom = scaled(y + i32::from(pane.height), h, rows / 2);
    Area { x: left, y: top, w: (right - left).max(1), h: (bottom - top).max(1) }
}

fn glyph(upper: Dot, lower: Dot, seen: bool, ascii: bool) -> &'static str {
    match (upper, lower, ascii) {
        (Dot::Nothing, Dot::Nothing, true) if seen => "-",
        (a, b, false) if seen && a.max(b) < Dot::Box => "░",
        (Dot::Nothing, Dot::Nothing, _) => " ",
        (a, b, true) => match a.max(b) {
            Dot::Selected => "@",
            Dot::Lit => "*",
            Dot::Box => "#",
            Dot::Nothing | Dot::Frame => ".",
        },
        (a, b, false) if a.max(b) == Dot::Frame => "·",
        (a, b, false) if a > Dot::Frame && b > Dot::Frame => "█",
        (a, _, false) if a > Dot::Frame => "▀",
        _ => "▄",
    }
}
