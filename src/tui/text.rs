//! Text measured in columns: cutting, padding, wrapping, always between graphemes. It knows no colours.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::inert::inert;

/// More than a screen can show of one text; the rest is not even looked at.
const LONGEST: usize = 20_000;

/// Text that is safe to draw: harmless, without the selectors that make terminals disagree about widths, and not
/// endless.
pub(crate) fn safe(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(n, _)| n);
    inert(&text[..end]).chars().filter(|c| !matches!(c, '\u{fe00}'..='\u{fe0f}')).collect()
}

/// Columns a safe text takes.
pub(crate) fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text in at most so many columns; `…` shows that something was left out.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used > columns {
            break;
        }
        out.push_str(grapheme);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The text in exactly so many columns.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    let missing = columns.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Lines of at most so many columns, broken between words where that is possible. Line breaks of the text count.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0;
        for piece in paragraph.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            let wide = width(word);
            if used + wide > columns && used > 0 {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            if used == 0 && word.is_empty() && !lines.is_empty() {
                continue;
            }
            if wide > columns {
                for grapheme in word.graphemes(true) {
                    if used + grapheme.width() > columns && used > 0 {
                        lines.push(std::mem::take(&mut line));
                        used = 0;
                    }
                    line.push_str(grapheme);
                    used += grapheme.width();
                }
                line.push(' ');
                used += 1;
            } else {
                line.push_str(piece);
                used += width(piece);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The first row to show so that row `at` of `len` is visible in `height` rows: it stays near the middle.
pub(crate) fn window(at: usize, len: usize, height: usize) -> usize {
    at.saturating_sub(height / 2).min(len.saturating_sub(height))
}

/// The same in at most so many lines; `…` at the end of the last one shows that there is more.
pub(crate) fn wrap_in(text: &str, columns: usize, lines: usize) -> Vec<String> {
    let mut all = wrap(text, columns);
    if all.len() > lines {
        all.truncate(lines);
        if let Some(last) = all.last_mut() {
            *last = cut(&format!("{last} …"), columns.max(1)).replace("……", "…");
        }
    }
    all
}

/// A number with its word, which is in the plural unless there is one.
pub(crate) fn count(n: usize, one: &str) -> String {
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        (_, None) if one.ends_with('s') => format!("{n} {one}es"),
        (_, None) => format!("{n} {one}s"),
    }
}
