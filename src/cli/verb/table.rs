//! Rows as columns of which the last goes on below itself, for terminals and pipes, and cutting. Rows that are only
//! aligned are `diagnostic::table`'s.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::inert::one_line;
pub(super) use crate::diagnostic::table::{figures, table};

/// The most columns of a cell that was cut.
const WIDEST: usize = 72;
/// The fewest of a column to read, where a terminal is narrow.
const NARROWEST: usize = 30;

/// Columns of which the last goes on below itself where a terminal is too narrow for it. Columns that are empty in every
/// row are left out, and so are some that can be missed where there is no room.
pub(super) struct Grid {
    /// Numbers of the columns that are shown, each with its width; the last one's is what it may take.
    shown: Vec<(usize, usize)>,
    indent: usize,
}

impl Grid {
    /// Measures the columns of all rows under their heading, so that tables below each other are aligned. `spare` are
    /// those that can be missed, the first one first.
    pub(super) fn of(heading: &[&str], rows: &[Vec<String>], spare: &[usize], columns: Option<u16>) -> Self {
        const INDENT: usize = 2;
        let cells = |c: usize| rows.iter().filter_map(move |row| row.get(c)).map(|cell| one_line(cell).width());
        let last = heading.len().saturating_sub(1);
        let filled = (0..last).filter(|c| cells(*c).any(|width| width > 0));
        let widest = |c: usize| cells(c).max().unwrap_or(0).max(heading[c].width());
        let mut shown: Vec<(usize, usize)> = filled.map(|c| (c, widest(c))).collect();
        let taken = |shown: &[(usize, usize)]| INDENT + shown.iter().map(|(_, width)| width + 2).sum::<usize>();
        let Some(room) = columns.map(usize::from) else {
            shown.push((last, usize::MAX));
            return Self { shown, indent: INDENT };
        };
        for spare in spare {
            if room < taken(&shown) + NARROWEST {
                shown.retain(|(c, _)| c != spare);
            }
        }
        let left = room.saturating_sub(taken(&shown)).max(NARROWEST / 2);
        shown.push((last, left));
        Self { shown, indent: INDENT }
    }

    /// Whether a column is shown.
    pub(super) fn shows(&self, column: usize) -> bool {
        self.shown.iter().any(|(shown, _)| *shown == column)
    }

    /// A row, or the heading.
    pub(super) fn line(&self, cells: &[impl AsRef<str>]) -> String {
        let mut line = " ".repeat(self.indent);
        for (c, width) in &self.shown {
            let cell = cells.get(*c).map(|cell| one_line(cell.as_ref())).unwrap_or_default();
            if self.shown.last().is_some_and(|(last, _)| last == c) {
                self.go_on(&cell, *width, &mut line);
            } else {
                line.push_str(&cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
        }
        line.trim_end().to_owned() + "\n"
    }

    /// Something about the row above, below its last cell.
    pub(super) fn below(&self, text: &str) -> String {
        let mut line = " ".repeat(self.start());
        let width = self.shown.last().map_or(usize::MAX, |(_, width)| *width);
        self.go_on(&one_line(text), width, &mut line);
        line + "\n"
    }

    /// Where the last column begins.
    fn start(&self) -> usize {
        self.indent + self.shown.iter().rev().skip(1).map(|(_, width)| width + 2).sum::<usize>()
    }

    /// Writes a text from the beginning of the last column on, broken between words.
    fn go_on(&self, text: &str, width: usize, out: &mut String) {
        let mut used = 0;
        for word in text.split(' ') {
            if used > 0 && used + 1 + word.width() > width {
                out.push('\n');
                out.push_str(&" ".repeat(self.start()));
                used = 0;
            } else if used > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += word.width();
        }
    }
}

/// A text that leaves room for the other cells; `explain` shows the rest.
pub(super) fn cut(cell: &str) -> String {
    cut_to(cell, WIDEST)
}

pub(super) fn cut_to(cell: &str, columns: usize) -> String {
    let cell = one_line(cell);
    if cell.width() <= columns {
        return cell;
    }
    let mut short = String::new();
    for grapheme in cell.graphemes(true) {
        if short.width() + grapheme.width() >= columns {
            break;
        }
        short.push_str(grapheme);
    }
    short + "…"
}

/// "1 threat", "2 threats".
pub(super) fn count(n: usize, what: &str) -> String {
    match what.strip_suffix('y') {
        Some(stem) if n != 1 && !stem.ends_with(['a', 'e', 'o']) => format!("{n} {stem}ies"),
        _ => format!("{n} {what}{}", if n == 1 { "" } else { "s" }),
    }
}
