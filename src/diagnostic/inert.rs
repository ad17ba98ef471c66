//! Text from a file, made harmless for whoever shows it. It does not cut and does not measure.

/// Makes text harmless: control characters, bidi controls and invisible characters become escapes, so that what is
/// shown is what is stored and nothing drives the terminal. A newline becomes `\u{a}`.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hazard(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
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

/// Characters that could drive a terminal, or make text read otherwise than it is stored: C0, C1 and DEL, bidi
/// controls (Unicode Standard Annex 9), line separators, zero-width characters and tags.
pub fn is_hazard(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
