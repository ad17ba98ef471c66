//! Variables in compose files (Compose Specification, "Interpolation"): `$$` is a dollar, `${NAME:-default}` its default.
//! The environment is not asked: what has no default stays as it is written.

/// How deep defaults may lie in each other.
const DEEPEST: usize = 8;

/// The text with every default in its place.
pub(super) fn interpolated(text: &str) -> String {
    if text.contains('$') { put_in(text, 0) } else { text.to_owned() }
}

fn put_in(text: &str, depth: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("$$") {
            out.push('$');
            rest = behind;
        } else if let Some(inside) = rest.strip_prefix("${").and_then(|behind| Some(&behind[..closing(behind)?])) {
            match default(inside) {
                Some(default) if depth < DEEPEST => out.push_str(&put_in(default, depth + 1)),
                _ => out.push_str(&rest[..inside.len() + 3]),
            }
            rest = &rest[inside.len() + 3..];
        } else {
            out.push('$');
            rest = &rest[1..];
        }
    }
    out + rest
}

/// Where the bracket closes that is open at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            '\n' => return None,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

fn default(inside: &str) -> Option<&str> {
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|end| *end > 0)?;
    inside[end..].strip_prefix(":-").or_else(|| inside[end..].strip_prefix('-'))
}

/// The text with every variable that is still in it as a digit, so that nothing inside of it is taken for a mark.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let inside = closing(&rest[at + 2..]).unwrap_or(rest.len() - at - 2);
        out.push_str(&rest[..at]);
        out.push('0');
        rest = rest.get(at + 2 + inside + 1..).unwrap_or("");
    }
    out + rest
}

/// The variables that are still in a text, by their names.
pub(super) fn unset(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for piece in text.split('$').skip(1) {
        let name = piece.strip_prefix('{').or_else(|| piece.strip_prefix('(')).unwrap_or(piece);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        if end > 0 && !names.contains(&&name[..end]) {
            names.push(&name[..end]);
        }
    }
    names
}
