//! Rows as aligned columns, for terminals and pipes. It measures columns as a terminal does and cuts only
//! cells that would push the others off the screen.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::inert::one_line;

/// The most columns of a cell; `explain` shows the rest.
const WIDEST: usize = 72;

/// Aligns rows under a heading, two spaces between columns, nothing after the last.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = std::iter::once(heading.iter().map(|h| (*h).to_owned()).collect())
        .chain(rows.iter().map(|row| row.iter().map(|cell| cut(one_line(cell))).collect()))
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A cell that leaves room for the others.
fn cut(cell: String) -> String {
    if cell.width() <= WIDEST {
        return cell;
    }
    let mut short = String::new();
    for grapheme in cell.graphemes(true) {
        if short.width() + grapheme.width() >= WIDEST {
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
