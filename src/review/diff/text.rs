//! A comparison as plain text, whole lines: breaking them is left to whoever knows how wide they may be.

use std::fmt::Write as _;

use super::words::{Section, Voice, headline, sections, short};
use super::{Diff, Sides};
use crate::diagnostic::inert::one_line;

const VOICE: Voice = Voice { code: |id| format!("`{}`", one_line(id)), text: short };

/// All there is to tell, for a screen.
pub fn told_in_sections(diff: &Diff) -> Vec<Section> {
    sections(diff, VOICE)
}

/// The comparison under a headline; nothing but the headline where nothing changed.
pub fn diff_text(diff: &Diff, sides: Sides<'_>) -> String {
    let [model, before, after] = [sides.model, sides.before, sides.after].map(one_line);
    let of = if model == after { format!("{before} → {after}") } else { format!("{model}: {before} → {after}") };
    let mut text = format!("{of}: {}\n", headline(diff));
    if let Some(caveat) = sides.caveat() {
        let _ = writeln!(text, "{}", one_line(&caveat));
    }
    for section in sections(diff, VOICE) {
        let _ = write!(text, "\n{}\n", section.title);
        for item in section.items {
            let _ = writeln!(text, "  {} {}", item.mark.sign(), item.head);
            for line in item.below {
                let _ = writeln!(text, "      {line}");
            }
        }
    }
    text
}
