//! Text to read, in lines that fit a terminal: broken between words, further lines under the first word of their own.
//! Where results do not go to a terminal, lines stay whole, as programs and pagers want them.

use unicode_width::UnicodeWidthStr;

/// Longer lines tire the eye.
const WIDEST: usize = 100;
/// Narrower is no reading any more.
const NARROWEST: usize = 24;

/// The text in lines of at most so many columns, where that many are known.
pub(super) fn wrapped(text: &str, columns: Option<u16>) -> String {
    let Some(columns) = columns.map(|n| usize::from(n).clamp(NARROWEST, WIDEST)) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        wrap(line, columns, &mut out);
    }
    out
}

fn wrap(line: &str, columns: usize, out: &mut String) {
    let blank = line.len() - line.trim_start().len();
    // Behind the mark of a list or of a truth.
    let mark = ["- ", "~ ", "✓ ", "✗ ", "? ", "! ", "○ ", "· ", "→ ", "– ", "+ ", "o ", ". ", "> ", "= "]
        .iter()
        .find(|mark| line[blank..].starts_with(**mark))
        .map_or(0, |_| 2);
    let hang = mark.max(number(&line[blank..])).max(columns_before(&line[blank..], columns / 2));
    let indent = " ".repeat((blank + hang).min(columns / 2));
    let mut used = blank;
    out.push_str(&line[..blank]);
    for (n, word) in line[blank..].split(' ').enumerate() {
        let wide = word.width();
        if n > 0 && used + 1 + wide > columns {
            out.push('\n');
            out.push_str(&indent);
            used = indent.len();
        } else if n > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out.push('\n');
}

/// The length of a number with a full stop at the beginning of a line.
fn number(line: &str) -> usize {
    line.split_once(". ").filter(|(n, _)| n.parse::<u32>().is_ok()).map_or(0, |(n, _)| n.len() + 2)
}

/// Where the last of several cells begins, two spaces between them; 0 where that is too far to the right.
fn columns_before(line: &str, most: usize) -> usize {
    line.rfind("  ").map(|at| line[..at].width() + 2).filter(|at| *at <= most).unwrap_or(0)
}
