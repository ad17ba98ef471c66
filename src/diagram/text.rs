//! Names as they are drawn: harmless, measured in columns, wrapped and cut.
//! It decides nothing about where a text goes.

use crate::diagnostic::inert::one_line;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of a line of an element's name, and of the label of a flow.
pub(super) const LINE: i32 = 24;
/// Lines of an element's name.
const LINES: usize = 3;

/// A count as a number of cells.
pub(super) fn cells(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// Columns that a grapheme takes.
pub(super) fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width()
}

/// Whether a text is printable ASCII, of which every byte is a grapheme of one column: most names are.
fn plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
}

/// Columns that a text takes: the sum over its graphemes, which is how it is painted.
pub(super) fn width(text: &str) -> i32 {
    if plain(text) {
        return cells(text.len());
    }
    cells(text.graphemes(true).map(grapheme_width).sum())
}

/// A name on one line, without anything that drives a terminal or could be taken for a line of the picture.
pub(super) fn clean(name: &str) -> String {
    let line = one_line(name);
    if plain(&line) {
        return line;
    }
    let mut out = String::new();
    for grapheme in line.graphemes(true) {
        if grapheme.chars().any(is_drawn) {
            out.push('·');
        } else {
            if grapheme_width(grapheme) == 0 {
                out.push('◌'); // a mark that has nothing to sit on
            }
            out.push_str(grapheme);
        }
    }
    out
}

/// Numbers in parentheses in a name, which read like numbers of the legend.
pub(super) fn numbers(name: &str) -> impl Iterator<Item = usize> {
    name.split('(').skip(1).filter_map(|rest| rest.split_once(')')?.0.trim().parse().ok())
}

/// Characters the painters draw with. In a name they could forge a boundary.
fn is_drawn(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{257f}' | '▶' | '◀' | '▲' | '▼' | '○')
}

/// The text in at most `columns`, ending in `…` when something had to go.
pub(super) fn cut(text: &str, columns: i32) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for grapheme in text.graphemes(true) {
        used += cells(grapheme_width(grapheme));
        if used > columns {
            break;
        }
        out.push_str(grapheme);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Splits a text after the last grapheme that fits; at a blank if there is one.
fn split(text: &str, columns: i32) -> (&str, &str) {
    let mut used = 0;
    let mut blank = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        if grapheme == " " {
            blank = Some(at);
        }
        used += cells(grapheme_width(grapheme));
        if used > columns {
            let end = blank.unwrap_or(if at == 0 { grapheme.len() } else { at });
            return (&text[..end], text[end..].trim_start());
        }
    }
    (text, "")
}

/// A text in lines of at most `columns`, all of it.
pub(super) fn fold(text: &str, columns: i32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = split(rest, columns);
        lines.push(line.to_owned());
        rest = after;
    }
    lines
}

/// A clean name in lines for a box.
pub(super) fn wrap(name: &str) -> Vec<String> {
    let total = width(name);
    // Two lines of equal length read better than a full one and a rest.
    let wanted = if total <= 14 { LINE } else { (total / (total / LINE + 2) + 4).clamp(12, LINE) };
    let columns = if total <= LINE * 2 { wanted } else { LINE };
    let mut lines = Vec::new();
    let mut rest = name;
    while !rest.is_empty() && lines.len() + 1 < LINES {
        let (line, after) = split(rest, columns);
        lines.push(line.to_owned());
        rest = after;
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(cut(rest, LINE));
    }
    lines
}
