//! Where the charts of the dashboard are: as many beside and below each other as can be read, in their order. Which are
//! shown follows from the one that has the keys.

use ratatui::layout::Rect;

use crate::tui::text::window;

/// A chart has at least so many columns where there are several beside each other, and so many rows.
const LEAST: (u16, u16) = (36, 9);
/// More are never beside each other.
const MOST: u16 = 3;
/// From so many columns on there are two beside each other, whatever fits.
const TWO: u16 = 76;

/// How many of `all` charts are beside each other.
pub(crate) fn columns(wide: u16) -> usize {
    let fit = if wide < TWO { 1 } else { (wide / LEAST.0).clamp(1, MOST) };
    usize::from(fit)
}

/// The charts that are shown of `all`, when one has the keys: their numbers and places; and the line below, which says
/// what is selected.
pub(crate) fn charts(body: Rect, all: usize, at: usize) -> (Vec<(usize, Rect)>, Rect) {
    let line = u16::from(body.height > 3);
    let room = Rect { height: body.height - line, ..body };
    let below = Rect { y: room.bottom(), height: line, ..body };
    let beside = columns(body.width);
    let rows = all.div_ceil(beside);
    let shown = usize::from(room.height / LEAST.1).clamp(1, rows.max(1));
    let first = window(at / beside, rows, shown);
    let part = |whole: u16, of: usize, n: usize| {
        let (of, n) = (u16::try_from(of).unwrap_or(1).max(1), u16::try_from(n).unwrap_or(0));
        // What is left over goes to the last.
        let each = whole / of;
        (each * n, if n + 1 == of { whole - each * n } else { each })
    };
    let place = |n: usize| {
        let (y, height) = part(room.height, shown, n / beside - first);
        let (x, width) = part(room.width, beside, n % beside);
        (n, Rect { x: room.x + x, y: room.y + y, width, height })
    };
    let from = first * beside;
    ((from..all.min(from + shown * beside)).map(place).collect(), below)
}
