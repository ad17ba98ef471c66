//! A comparison as plain text, whole lines: breaking them is left to whoever knows how wide they may be.

use std::fmt::Write as _;

use super::words::{Mark, Voice, headline, sections, short};
use super::{Diff, Sides};
use crate::diagnostic::inert::one_line;

const VOICE: Voice = Voice { code: |id| format!("`{}`", one_line(id)), text: short };

/// The comparison under a headline; nothing but the headline where nothing changed.
pub fn diff_text(diff: &Diff, sides: Sides<'_>) -> String {
    let [model, before, after] = [sides.model, sides.before, sides.after].map(one_line);
    let of = if model == after { format!("{before} → {after}") } else { format!("{model}: {before} → {after}") };
    let mut text = format!("{of}: {}\n", headline(diff));
    for section in sections(diff, VOICE) {
        let _ = write!(text, "\n{}\n", section.title);
        for item in section.items {
            let mark = match item.mark {
                Mark::Plus => '+',
                Mark::Tilde => '~',
                Mark::Minus => '-',
            };
            let _ = writeln!(text, "  {mark} {}", item.head);
            for line in item.below {
                let _ = writeln!(text, "      {line}");
            }
        }
    }
    text
}
