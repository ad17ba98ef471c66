//! The menu of keys that can follow: everything after Space, or the continuations of a sequence.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::tui::keymap::spell;
use crate::tui::state::State;
use crate::tui::text::{fit, width};
use crate::tui::theme::Role;
use crate::tui::update::continuations;

/// Draws it above the lower bars.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>) {
    let rows = continuations(state);
    let longest = rows.iter().map(|(_, t, _)| width(t)).max().unwrap_or(0).min(44);
    let each = longest + 13;
    let room = usize::from(state.size.0).saturating_sub(2);
    let columns = (room / each.max(1)).clamp(1, 4);
    let lines = rows.len().div_ceil(columns);
    let wide = u16::try_from((each * columns).min(room) + 2).unwrap_or(u16::MAX).min(state.size.0);
    let high = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(state.size.1.saturating_sub(1));
    let bottom = state.size.1.saturating_sub(u16::from(state.size.1 > 2));
    let area = Rect::new((state.size.0 - wide) / 2, bottom.saturating_sub(high), wide, high);
    let title = if state.pending.is_empty() { "Keys here (Esc closes)".to_owned() } else { spell(&state.pending) };
    let inside = pen.frame(area, &title, true);
    for (n, (key, text, off)) in rows.iter().enumerate() {
        let (line, column) = (n % lines.max(1), n / lines.max(1) * each + 1);
        let role = if off.is_some() { Role::Quiet } else { Role::Accent };
        pen.write(inside, line, column, &fit(key, 11), role);
        let text = match off {
            Some(_) => format!("({text})"),
            None => text.clone(),
        };
        let role = if off.is_some() { Role::Quiet } else { Role::Text };
        pen.write(inside, line, column + 11, &fit(&text, longest), role);
    }
}
