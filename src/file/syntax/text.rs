//! Strings: from quoted text to characters and back.
//! It escapes for the file only; what goes to a screen passes `diagnostic::inert`.

use std::borrow::Cow;

use super::{Kind, NodeRef};

/// The value of a string node.
pub(crate) fn unquote(node: NodeRef<'_>) -> Cow<'_, str> {
    let text = node.source();
    match node.kind() {
        Kind::Plain => Cow::Borrowed(&text[1..text.len() - 1]),
        Kind::Raw => {
            let hashes = text.bytes().skip(1).take_while(|b| *b == b'#').count();
            let inner = &text[hashes + 2..text.len() - hashes - 1];
            if inner.contains("\r\n") { Cow::Owned(inner.replace("\r\n", "\n")) } else { Cow::Borrowed(inner) }
        }
        Kind::Escaped => Cow::Owned(unescape(&text[1..text.len() - 1])),
        _ => Cow::Borrowed(text),
    }
}

/// Resolves the escapes of a text that the lexer has found well-formed.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(n) = rest.find(['\\', '\r']) {
        out.push_str(&rest[..n]);
        rest = &rest[n..];
        if let Some(behind) = rest.strip_prefix("\r\n") {
            out.push('\n');
            rest = behind;
        } else if let Some((c, length)) = escape(rest) {
            out.push(c);
            rest = &rest[length..];
        } else {
            let first = rest.chars().next().unwrap_or_default();
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that an escape at the start of a text stands for, and the length of the escape in bytes. `None` when
/// it is not an escape.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    let mut chars = text.strip_prefix('\\')?.chars();
    let simple = match chars.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        c @ ('\\' | '"' | '\'') => c,
        'x' => {
            let digits = text.get(2..4)?;
            return hex(digits).map(|c| (c, 4));
        }
        'u' => {
            let digits = text.get(2..)?.strip_prefix('{')?;
            let end = digits.bytes().take(7).position(|b| b == b'}')?;
            return hex(&digits[..end]).map(|c| (c, end + 4));
        }
        _ => return None,
    };
    Some((simple, 2))
}

fn hex(digits: &str) -> Option<char> {
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(digits, 16).ok()).flatten().and_then(char::from_u32)
}

/// Writes a string in quotes. Newlines stay, so that a diff of a long text is a diff of lines; controls and bidi
/// controls are escaped, and so is a newline before what git would take for the mark of a conflict.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    // All bytes are looked at, whatever is found, so that many can be at a time.
    let is_plain = text.bytes().fold(true, |all, b| all & matches!(b, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~'));
    if is_plain {
        out.push_str(text);
    } else {
        escaped(out, text);
    }
    out.push('"');
}

fn escaped(out: &mut String, text: &str) {
    let mut plain = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| is_special(*c)) {
        if c == '\n' && !is_mark(&text[at + 1..]) {
            continue;
        }
        out.push_str(&text[plain..at]);
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.extend(other.escape_unicode()),
        }
        plain = at + c.len_utf8();
    }
    out.push_str(&text[plain..]);
}

fn is_special(c: char) -> bool {
    match c {
        '"' | '\\' => true,
        ' '..='~' => false,
        _ => {
            c.is_control()
                || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        }
    }
}

/// Whether a line starts as the lines do that git puts around a conflict.
pub(crate) fn is_mark(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark))
}
