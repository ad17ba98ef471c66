//! What came of a session, on the screen. What that is `workbench` says.

use ratatui::layout::Rect;

use crate::command::Action;
use crate::tui::state::State;
use crate::tui::text::{safe, wrap};
use crate::tui::theme::Role;
use crate::tui::view::pen::Pen;
use crate::workbench::walk::Walk;

/// What came of the session.
pub(super) fn draw(state: &State, walk: &Walk, pen: &mut Pen<'_>, area: Rect) {
    let summary = walk.summary(&state.bench);
    let room = pen.frame(area, &summary.title, true);
    let columns = usize::from(room.width).saturating_sub(4).clamp(1, 100);
    let mut lines: Vec<(usize, String, Role)> = vec![(0, String::new(), Role::Text)];
    for (n, text) in summary.lines().iter().enumerate().skip(1) {
        let indent = if text.starts_with("  ") { 2 } else { 0 };
        let role = if indent == 0 && n > 1 { Role::Strong } else { Role::Text };
        let wrapped = wrap(&safe(text.trim_start()), columns.saturating_sub(indent));
        if wrapped.is_empty() {
            lines.push((0, String::new(), Role::Text));
        }
        lines.extend(wrapped.into_iter().map(|line| (indent, line, role)));
    }
    let key = |action: Action| state.keymap.keys_of(action);
    let ways = format!(
        "{} copies this as Markdown   {} goes back   {} asks about something else   {} saves",
        key(Action::CopySummary),
        key(Action::WalkBack),
        key(Action::WalkRange),
        key(Action::Save)
    );
    lines.push((0, String::new(), Role::Text));
    lines.extend(wrap(&ways, columns).into_iter().map(|line| (0, line, Role::Quiet)));
    let height = usize::from(room.height);
    let first = state.walk.at.min(lines.len().saturating_sub(height));
    for (row, (indent, line, role)) in lines.iter().skip(first).take(height).enumerate() {
        pen.write(room, row, 2 + indent, line, *role);
    }
    pen.beyond(area, first > 0, first + height < lines.len());
}
