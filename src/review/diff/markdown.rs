//! A comparison as a comment on a pull request that stands alone: whoever reads it has no tool installed. What the
//! model says is shown as it is written and does nothing; the comment is never longer than a forge takes.

use std::fmt::Write as _;

use super::picture::{TALL, pictures};
use super::words::{Item, Mark, Voice, headline, sections, short};
use super::{Diff, Sides};
use crate::diagnostic::inert::{inert, one_line};
use crate::exchange::escape;
use crate::model::ThreatModel;

/// What GitHub takes, in characters.
const LONGEST: usize = 65_536;

/// What pictures may take of it.
const PICTURES: usize = 24_000;

/// Room for what stands between the parts.
const SPARE: usize = 2_000;

/// Items of a section that are open; the others are folded.
const OPEN: usize = 12;

/// Lines below an item.
const BELOW: usize = 20;

/// A line of a comment is not longer than this, in bytes.
const LINE: usize = 4_000;

const VOICE: Voice = Voice { code, text: |text| escape(&short(text)) };

/// The comment: a hidden mark that tells which model it is about, so that it can be found again, a headline, pictures
/// of what is drawn otherwise, and the changes.
pub fn diff_markdown(diff: &Diff, sides: Sides<'_>, before: &ThreatModel, after: &ThreatModel) -> String {
    let mut out = format!("<!-- sconce:diff {} -->\n", mark(sides.model));
    let name = short(if sides.model.is_empty() { &after.system.name } else { sides.model });
    let _ = writeln!(out, "### Threat model {}: {}\n", code(&name), headline(diff));
    let _ = writeln!(out, "{} → {}", code(&short(sides.before)), code(&short(sides.after)));
    if let Some(caveat) = sides.caveat() {
        let _ = writeln!(out, "\n**{}**", escape(&short(&caveat)));
    }
    let drawn = pictures(diff, before, after).map(|p| drawing(&p.before, &p.after)).unwrap_or_default();
    let drawn = if size(&drawn) > PICTURES { String::new() } else { drawn };
    for (n, section) in sections(diff, VOICE).iter().enumerate() {
        if n == 1 || section.title != "System" {
            break;
        }
        list(&mut out, section.title, &section.items, LONGEST - SPARE - size(&drawn));
    }
    out.push_str(&drawn);
    for section in sections(diff, VOICE).iter().filter(|section| section.title != "System") {
        list(&mut out, section.title, &section.items, LONGEST - SPARE);
    }
    out
}

/// A section as long as there is room: first its open items, then the folded ones, then how many are left out.
fn list(out: &mut String, title: &str, items: &[Item], room: usize) {
    let _ = write!(out, "\n**{title}**\n\n");
    let mut told = 0;
    // Each section leaves the later ones some room.
    let mut used = size(out);
    let room = used + room.saturating_sub(used) / 2;
    for (n, item) in items.iter().enumerate() {
        let line = point(item);
        used += size(&line);
        if used > room {
            break;
        }
        if n == OPEN && items.len() > OPEN + 3 {
            let _ = write!(out, "\n<details><summary>{} more</summary>\n\n", items.len() - OPEN);
        }
        out.push_str(&line);
        told = n + 1;
    }
    if told < items.len() {
        let _ = writeln!(out, "- and {} more", items.len() - told);
    }
    if told > OPEN && items.len() > OPEN + 3 {
        out.push_str("\n</details>\n");
    }
}

fn size(text: &str) -> usize {
    text.chars().count()
}

fn point(item: &Item) -> String {
    let mark = match item.mark {
        Mark::Plus => "➕",
        Mark::Tilde => "✏️",
        Mark::Minus => "➖",
    };
    let mut text = format!("- {mark} {}\n", cut(&item.head));
    for line in item.below.iter().take(BELOW) {
        let _ = writeln!(text, "  - {}", cut(line));
    }
    if item.below.len() > BELOW {
        let _ = writeln!(text, "  - and {} more", item.below.len() - BELOW);
    }
    text
}

/// A line that something very long is left out of, at a space, where no escape is cut in two.
fn cut(line: &str) -> String {
    if line.len() <= LINE {
        return line.to_owned();
    }
    let mut short = String::new();
    for word in line.split(' ').take_while({
        let mut used = 0;
        move |word| {
            used += word.len() + 1;
            used <= LINE
        }
    }) {
        short.push_str(word);
        short.push(' ');
    }
    short + "…"
}

/// The pictures, folded where they are tall.
fn drawing(before: &str, after: &str) -> String {
    let is_tall = before.lines().count().max(after.lines().count()) > TALL;
    let mut out = String::new();
    out.push_str(if is_tall { "\n<details><summary>Before and after</summary>\n" } else { "" });
    for (title, picture) in [("Before", before), ("After", after)] {
        if picture.is_empty() {
            let _ = write!(out, "\n{title}: nothing of this is drawn.\n");
        } else {
            let _ = write!(out, "\n{title}:\n\n{}", fenced(picture));
        }
    }
    out.push_str(if is_tall { "\n</details>\n" } else { "" });
    out
}

/// Rows in a block of code that nothing in them ends.
fn fenced(rows: &str) -> String {
    let rows: String = rows.lines().map(|row| inert(row.trim_end()) + "\n").collect();
    let fence = "`".repeat(longest_run(&rows).max(2) + 1);
    format!("{fence}text\n{rows}{fence}\n")
}

/// Code in a line, with marks around it that do not occur in it.
fn code(text: &str) -> String {
    let text = one_line(text);
    let marks = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{blank}{text}{blank}{marks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// The name of a model in a comment of HTML, which nothing in it ends.
fn mark(model: &str) -> String {
    let mut out = String::new();
    for c in model.chars() {
        let is_plain = c.is_alphanumeric() || matches!(c, '.' | '/' | '_' | ' ') || (c == '-' && !out.ends_with('-'));
        if is_plain {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
