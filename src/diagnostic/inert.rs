//! Text from a file, made harmless for whoever shows it, and for whoever reads it as XML. It does not cut and does not
//! measure.

use unicode_segmentation::UnicodeSegmentation;

/// Makes text harmless: control characters, bidi controls and invisible characters become escapes, so that what is
/// shown is what is stored and nothing drives the terminal. A newline becomes `\u{a}`. A joiner between two emoji of
/// one picture stays: there it is seen.
pub fn inert(text: &str) -> String {
    if !text.contains(is_hazard) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        let mut chars = grapheme.chars().peekable();
        while let Some(c) = chars.next() {
            // What follows a joiner in one grapheme is a mark, or a picture that is joined to a picture before it.
            if is_hazard(c) && !(c == '\u{200d}' && chars.peek().is_some_and(|next| is_picture(*next))) {
                out.extend(c.escape_unicode());
            } else {
                out.push(c);
            }
        }
    }
    out
}

/// Characters that emoji are joined of, as far as they come after a joiner. Tones of skin are marks.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

/// Harmless text on one line: runs of white space become one space, then as [`inert`].
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    inert(&line)
}

/// Text that means itself in XML 1.0, between tags or quotes (Extensible Markup Language 1.0, sections 2.2 and 2.4).
/// Characters that XML cannot hold are left out; others that are no good the caller has made harmless before.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Characters that could drive a terminal, or make text read otherwise than it is stored: C0, C1 and DEL, bidi
/// controls (Unicode Standard Annex 9), line separators, zero-width characters and tags.
pub fn is_hazard(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
