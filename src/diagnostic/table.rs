//! Rows as aligned columns, for terminals and pipes. It measures columns as a terminal does and cuts nothing.

use unicode_width::UnicodeWidthStr;

use super::inert::one_line;

/// Aligns rows under a heading, two spaces between columns, nothing after the last.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    aligned(heading, rows, |_| false)
}

/// The same for numbers: all columns but the first one end where their heading does. What has no heading is a bar.
pub fn figures(heading: &[&str], rows: &[Vec<String>]) -> String {
    aligned(heading, rows, |column| (1..heading.len()).contains(&column))
}

fn aligned(heading: &[&str], rows: &[Vec<String>], to_the_right: impl Fn(usize) -> bool) -> String {
    let rows: Vec<Vec<String>> = std::iter::once(heading.iter().map(|h| (*h).to_owned()).collect())
        .chain(rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()))
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let room = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if to_the_right(column) { (&*room, "") } else { ("", &*room) };
            line.extend([before, cell, after, "  "]);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
