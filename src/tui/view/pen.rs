//! Writing on the screen: clipped, measured in columns, and harmless whatever the text. It knows roles, not meanings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use tui_input::Input;

use crate::tui::layout::inner;
use crate::tui::state::Look;
use crate::tui::text::{cut, fit, safe, width};
use crate::tui::theme::Role;

/// The screen with the look that is chosen.
pub(super) struct Pen<'b> {
    buffer: &'b mut Buffer,
    look: Look,
}

impl<'b> Pen<'b> {
    pub(super) fn new(buffer: &'b mut Buffer, look: Look) -> Self {
        // A theme with a background of its own has it everywhere.
        buffer.set_style(buffer.area, look.theme.style(Role::Text));
        Self { buffer, look }
    }

    /// How a role looks.
    pub(super) fn style(&self, role: Role) -> Style {
        self.look.theme.style(role)
    }

    /// Writes into a row of an area from a column on; returns the column after it.
    pub(super) fn write(&mut self, area: Rect, row: usize, column: usize, text: &str, role: Role) -> usize {
        let left = usize::from(area.width).saturating_sub(column);
        let (Ok(dx), Ok(dy)) = (u16::try_from(column), u16::try_from(row)) else { return column };
        if left == 0 || dy >= area.height {
            return column;
        }
        let text = cut(&safe(text), left);
        let (x, y) = (area.x.saturating_add(dx), area.y.saturating_add(dy));
        let style = self.style(role);
        if self.buffer.area.contains((x, y).into()) {
            self.buffer.set_stringn(x, y, &text, left, style);
        }
        column + width(&text)
    }

    /// Writes a whole row of an area.
    pub(super) fn line(&mut self, area: Rect, row: usize, text: &str, role: Role) {
        self.write(area, row, 0, &fit(&safe(text), usize::from(area.width)), role);
    }

    /// Writes at the right end of a row.
    pub(super) fn right(&mut self, area: Rect, row: usize, text: &str, role: Role) {
        let text = safe(text);
        let column = usize::from(area.width).saturating_sub(width(&text));
        self.write(area, row, column, &text, role);
    }

    /// Gives a whole row of an area another look, its text kept.
    pub(super) fn tint(&mut self, area: Rect, row: usize, role: Role) {
        let Ok(dy) = u16::try_from(row) else { return };
        if dy < area.height {
            // On a selected row every cell looks alike, whatever colour its text has.
            let style = if role == Role::Selected { Style::reset().patch(self.style(role)) } else { self.style(role) };
            let row = Rect { y: area.y + dy, height: 1, ..area }.intersection(self.buffer.area);
            self.buffer.set_style(row, style);
        }
    }

    /// One cell, whose symbol must be safe.
    pub(super) fn cell(&mut self, x: u16, y: u16, symbol: &str, role: Role) {
        let style = self.style(role);
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }

    /// Empties an area, so that what lies beneath does not show through.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                self.buffer[(x, y)].reset();
            }
            // A wide character that began before the area would reach into it.
            let before = area.left().checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)));
            if let Some(cell) = before.filter(|c| width(c.symbol()) > 1) {
                cell.set_symbol(" ");
            }
        }
    }

    /// Frames a pane and names it; a pane that has the keys is named in bold after `▸`.
    pub(super) fn frame(&mut self, area: Rect, title: &str, focused: bool) -> Rect {
        self.clear(area);
        if area.width < 2 || area.height < 2 {
            return inner(area);
        }
        let lines =
            if self.look.ascii { ["+", "+", "+", "+", "-", "|"] } else { ["┌", "┐", "└", "┘", "─", "│"] };
        let [top_left, top_right, bottom_left, bottom_right, across, down] = lines;
        let role = if focused { Role::Accent } else { Role::Border };
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        for x in area.left()..=right {
            self.cell(x, area.y, across, role);
            self.cell(x, bottom, across, role);
        }
        for y in area.top()..=bottom {
            self.cell(area.x, y, down, role);
            self.cell(right, y, down, role);
        }
        self.cell(area.x, area.y, top_left, role);
        self.cell(right, area.y, top_right, role);
        self.cell(area.x, bottom, bottom_left, role);
        self.cell(right, bottom, bottom_right, role);
        let marked = if focused { format!(" {} {title} ", self.pointer()) } else { format!(" {title} ") };
        let room = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
        if !title.is_empty() {
            self.write(room, 0, 0, &marked, if focused { Role::Accent } else { Role::Strong });
        }
        inner(area)
    }

    /// Says on the frame of an area that its content goes on above or below.
    pub(super) fn beyond(&mut self, area: Rect, above: bool, below: bool) {
        if area.width < 16 || area.height < 2 {
            return;
        }
        let edge = |y: u16| Rect { x: area.x + 1, y, width: area.width - 2, height: 1 };
        for (shown, y, word) in [(above, area.y, " ↑ more "), (below, area.bottom() - 1, " more ↓ ")] {
            if shown {
                self.right(edge(y), 0, word, Role::Quiet);
            }
        }
    }

    /// What points at the selection.
    pub(super) fn pointer(&self) -> &'static str {
        if self.look.ascii { ">" } else { "▸" }
    }

    /// A field that is typed into, with its cursor, within so many columns; returns the column after it.
    pub(super) fn field(&mut self, area: Rect, row: usize, column: usize, columns: usize, input: &Input) -> usize {
        let columns = columns.min(usize::from(area.width).saturating_sub(column));
        if columns == 0 {
            return column;
        }
        // Only what can be near the cursor is looked at, since a value may be of any length.
        let value = input.value();
        let cursor = value.char_indices().nth(input.cursor()).map_or(value.len(), |(n, _)| n);
        let near = columns * 4;
        let from = value[..cursor].char_indices().rev().nth(near).map_or(0, |(n, _)| n);
        let before = safe(&value[from..cursor]);
        let after = safe(&value[cursor..].chars().take(near).collect::<String>());
        // The end of what stands before the cursor is always in sight.
        let mut head = before.as_str();
        while width(head) + 1 > columns {
            let Some((_, rest)) = head.char_indices().nth(1).map(|(n, _)| head.split_at(n)) else { break };
            head = rest;
        }
        let at = self.write(area, row, column, head, Role::Field);
        let first: String = after.chars().next().map_or_else(|| " ".to_owned(), |c| c.to_string());
        let next = self.write(area, row, at, &first, Role::Selected);
        let rest = after.strip_prefix(&first).unwrap_or_default();
        let left = (column + columns).saturating_sub(next);
        self.write(area, row, next, &fit(rest, left), Role::Field);
        column + columns
    }
}
