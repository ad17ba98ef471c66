//! A list to choose from by typing: where it is, and how it is drawn. The palette, help, search, facts and questions
//! all look like this.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::tui::layout::{inner, popup};
use crate::tui::state::State;
use crate::tui::state::layer::{Pick, PickRow};
use crate::tui::text::{cut, safe, width, window, wrap_in};
use crate::tui::theme::Role;

/// Where the parts of a list are.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The frame.
    pub(crate) frame: Rect,
    /// The sentence above, wrapped.
    pub(crate) intro: Vec<String>,
    /// The rows.
    pub(crate) rows: Rect,
    /// The sentence about the selected row, wrapped.
    pub(crate) about: Rect,
}

/// On a screen lower than this a list goes nearer to the edges.
const LOW: u16 = 20;
/// Rows that a list shows even where that leaves no room for its sentences.
const FEWEST: u16 = 3;

/// Where a list is on a screen of this size. Where it is low, the sentence above gives way to the rows first, then the
/// one about the row.
pub(crate) fn place(size: (u16, u16), pick: &Pick) -> Place {
    let wanted_width = if size.0 >= 120 { 96 } else { size.0.saturating_sub(4).max(40) };
    let columns = usize::from(wanted_width.min(size.0)).saturating_sub(4).max(1);
    let longest_about = pick.rows.iter().map(|r| width(&about(r, columns + 2))).max().unwrap_or(0);
    let rows = u16::try_from(pick.rows.len()).unwrap_or(u16::MAX);
    // A frame, the line to type in, and the rows come first.
    let highest = if size.1 < LOW { size.1.saturating_sub(2) } else { size.1.saturating_sub(4) }.max(7);
    let spare = highest.saturating_sub(3 + rows.min(FEWEST));
    let wanted = u16::try_from(longest_about.div_ceil(columns).min(3)).unwrap_or(0);
    let about_height = wanted.min(spare.saturating_sub(1));
    let spare = spare.saturating_sub(if about_height > 0 { about_height + 1 } else { 0 });
    let intro = match usize::from(spare.min(5)) {
        0 => Vec::new(),
        most => wrap_in(&safe(&pick.intro), columns, most),
    };
    let intro_height = u16::try_from(intro.len()).unwrap_or(0);
    let around = 3 + intro_height + if about_height > 0 { about_height + 1 } else { 0 };
    let frame = popup(size, (wanted_width, rows.saturating_add(around).max(7).min(highest)));
    let room = inner(frame);
    let top = (1 + intro_height).min(room.height);
    let bottom = if about_height > 0 { (about_height + 1).min(room.height - top) } else { 0 };
    let rows = Rect { y: room.y + top, height: room.height - top - bottom, ..room };
    let about = Rect { y: rows.bottom() + u16::from(bottom > 0), height: bottom.saturating_sub(1), ..room };
    Place { frame, intro, rows, about }
}

/// What a row says and what stands at its right end, cut to so many columns.
fn texts(row: &PickRow, total: usize) -> (String, String) {
    let more = cut(&safe(&row.more), total / 2);
    (cut(&safe(&row.text), total.saturating_sub(width(&more) + 1)), more)
}

/// The sentence about a row of a list of that width; what the row says too, where it had to be cut.
fn about(row: &PickRow, list: usize) -> String {
    let (text, _) = texts(row, list.saturating_sub(5));
    if text.ends_with('…') && text != row.text { format!("{} {}", row.text, row.about) } else { row.about.clone() }
}

/// Draws it.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, pick: &Pick) {
    let place = place(state.size, pick);
    let shown = pick.shown();
    let room = pen.frame(place.frame, &pick.title, true);
    for (n, line) in place.intro.iter().enumerate() {
        pen.write(room, n, 1, line, Role::Text);
    }
    let typing = place.intro.len();
    pen.write(room, typing, 1, "find:", Role::Quiet);
    let count = format!("{} of {}", shown.len(), pick.rows.len());
    let field = usize::from(room.width).saturating_sub(9 + width(&count) + 2);
    pen.field(room, typing, 7, field, &pick.input);
    pen.right(room, typing, &format!("{count} "), Role::Quiet);
    let height = usize::from(place.rows.height);
    let first = window(pick.at, shown.len(), height);
    pen.beyond(place.frame, first > 0, first + height < shown.len());
    for (n, row) in shown.iter().enumerate().skip(first).take(height) {
        let line = n - first;
        let entry = &pick.rows[*row];
        let chosen = pick.marked.as_ref().is_some_and(|m| m.contains(row));
        let sign = if chosen { "* " } else { "  " };
        let total = usize::from(place.rows.width).saturating_sub(5);
        let (text, more) = texts(entry, total);
        let role = if entry.off.is_some() { Role::Quiet } else { Role::Text };
        let column = pen.write(place.rows, line, 1, sign, if chosen { Role::Strong } else { Role::Text });
        pen.write(place.rows, line, column, &text, role);
        pen.right(place.rows, line, &format!("{more} "), if entry.off.is_some() { Role::Quiet } else { Role::Accent });
        if n == pick.at {
            pen.tint(place.rows, line, Role::Selected);
            pen.write(place.rows, line, 0, pen.pointer(), Role::Selected);
        }
    }
    if shown.is_empty() && height > 0 {
        pen.write(place.rows, 0, 3, "nothing fits", Role::Quiet);
    }
    if let Some(entry) = pick.current().and_then(|n| pick.rows.get(n)) {
        let off = entry.off.map(|why| format!("Not now: {why}. ")).unwrap_or_default();
        let text = safe(&format!("{off}{}", about(entry, usize::from(place.rows.width))));
        let columns = usize::from(place.about.width).saturating_sub(2);
        for (n, line) in wrap_in(&text, columns, usize::from(place.about.height)).iter().enumerate() {
            pen.write(place.about, n, 1, line, Role::Quiet);
        }
    }
}
