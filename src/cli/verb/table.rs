//! Rows as aligned columns, for terminals and pipes. It measures columns as a terminal does and cuts nothing
//! but what it is told to.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::inert::one_line;

/// The most columns of a cell that was cut.
const WIDEST: usize = 72;
/// The fewest, where a terminal is narrow.
const NARROWEST: usize = 32;

/// Aligns rows under a heading, two spaces between columns, nothing after the last.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = std::iter::once(heading.iter().map(|h| (*h).to_owned()).collect())
        .chain(rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()))
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

/// The same in the columns of a terminal, where that is known and cutting the longest cells of one column does it.
/// Where it does not, every row is whole and the terminal breaks it.
pub(super) fn fitted(heading: &[&str], mut rows: Vec<Vec<String>>, at: usize, columns: Option<u16>) -> String {
    let whole = table(heading, &rows);
    let over = |columns: u16| whole.lines().map(UnicodeWidthStr::width).max()?.checked_sub(usize::from(columns));
    let longest = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max();
    let (Some(over), Some(longest)) = (columns.and_then(over), longest) else { return whole };
    let room = longest.saturating_sub(over);
    if over == 0 || room < NARROWEST {
        return whole;
    }
    for cell in rows.iter_mut().filter_map(|row| row.get_mut(at)) {
        *cell = cut_to(cell, room);
    }
    table(heading, &rows)
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
