//! What people type who know other filter languages: refused, with the form that works here. Nothing is guessed: a
//! word that looks like an operator is never silently taken for text to look for.

use super::FilterError;
use super::parse::{KEYS, Word, error, is_status, is_word, nearest, unknown};
use crate::analysis::State;

/// Words of other languages for our keys.
const SYNONYMS: &[(&str, &str)] = &[
    ("assigned", "owner"),
    ("assignee", "owner"),
    ("category", "stride"),
    ("component", "on"),
    ("deadline", "due"),
    ("element", "on"),
    ("flow", "on"),
    ("level", "sev"),
    ("mitigation", "fix"),
    ("order", "sort"),
    ("priority", "sev"),
    ("risk", "sev"),
    ("severity", "severity"),
    ("subject", "on"),
    ("target", "on"),
];

/// What is wrong with a word that looks like an operator; `None` for any other.
pub(super) fn slip(words: &[Word], at: usize) -> Option<FilterError> {
    let word = &words[at];
    let lower = word.text.to_lowercase();
    let around = (at.checked_sub(1).and_then(|n| words.get(n)), words.get(at + 1));
    let say = |message: String, help: String| Some(error(word.column, message, help));
    match lower.as_str() {
        "and" | "&&" | "&" => say(
            format!("there is no `{lower}`: all parts must hold anyway"),
            format!("write the parts side by side{}{}", beside(around, " "), as_text(&lower)),
        ),
        "or" | "||" | "|" => say(
            format!("there is no `{lower}` between parts"),
            format!("put a comma between the values of one key, as in `{}`{}", either(around), as_text(&lower)),
        ),
        "not" => {
            let example = around.1.map_or_else(|| "!open".to_owned(), |next| format!("!{}", next.text));
            say("there is no `not`".to_owned(), format!("put ! before the word: `{example}`{}", as_text("not")))
        }
        sign if sign.starts_with(is_sign) && sign.chars().all(|c| is_sign(c) || c == ':') => {
            let example = match around {
                (Some(before), Some(next)) => right_form(&before.text.to_lowercase(), sign, &next.text),
                _ => "sev>=high".to_owned(),
            };
            say(format!("`{sign}` stands alone"), format!("write key, sign and value without spaces: `{example}`"))
        }
        group if group.starts_with('(') && group.len() > 1 || group == "(" || group == ")" => say(
            "there are no brackets: all parts must hold".to_owned(),
            "put a comma between the values of one key, as in `status:open,accepted`; in quotes it is text".to_owned(),
        ),
        minus if minus.strip_prefix(['-', '~']).is_some_and(|rest| is_word(rest) || names_key(rest)) => {
            say(format!("`{}` means nothing before a word", &minus[..1]), format!("put ! there: `!{}`", &minus[1..]))
        }
        list if list.contains(',') && !list.contains(':') && list.split(',').all(is_word) => {
            let key = if list.split(',').all(is_state) { "state" } else { "status" };
            if list.split(',').all(is_state) || list.split(',').all(is_status) {
                return say(format!("`{list}` has no key"), format!("write it as `{key}:{list}`"));
            }
            say(
                format!("`{list}` cannot be a list: only statuses can be one, or only states"),
                format!("side by side all must hold: `{}`; for one or the other, filter twice", list.replace(',', " ")),
            )
        }
        _ => sign(word, &lower),
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, '=' | '<' | '>' | '!' | '~' | '≥' | '≤' | '≠')
}

fn is_state(word: &str) -> bool {
    State::WORDS.contains(&word)
}

/// Whether more and less mean something for a key.
fn is_compared(key: &str) -> bool {
    matches!(key, "sev" | "severity" | "score" | "due")
}

fn names_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, _)| KEYS.contains(&key) || key == "severity")
}

/// A key and a value with another sign between them than a colon. Of the severity some signs are right.
fn sign(word: &Word, lower: &str) -> Option<FilterError> {
    let start = lower.find(is_sign)?;
    let (key, rest) = lower.split_at(start);
    let value = rest.trim_start_matches(|c| is_sign(c) || c == ':');
    let sign = &rest[..rest.len() - value.len()];
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let is_read = sign.contains('<') && sign.contains('>') || matches!(sign, ":" | "=" | "<" | "<=" | ">" | ">=");
    if !is_name || is_compared(key) && is_read {
        return None;
    }
    if meant(key).is_none() {
        return Some(unknown(word, "a key", key, &KEYS));
    }
    if value.is_empty() {
        let help = format!("write a value behind it, without spaces, as in `{}`", right_form(key, sign, "…"));
        return Some(error(word.column, format!("`{lower}` has no value"), help));
    }
    let form = right_form(key, sign, value);
    Some(error(word.column, format!("`{sign}` is not used with `{key}`"), format!("did you mean `{form}`?")))
}

/// The key that was probably meant.
pub(super) fn meant(key: &str) -> Option<&'static str> {
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == key).map(|(_, key)| *key);
    synonym.or_else(|| nearest(key, KEYS.into_iter()))
}

/// A part as it is written here.
fn right_form(key: &str, sign: &str, value: &str) -> String {
    let key = meant(key).unwrap_or(key);
    let not = if sign.contains(['!', '≠']) { "!" } else { "" };
    let compared = match sign {
        _ if !is_compared(key) => ":",
        ">" => ">",
        "<" => "<",
        "≥" | ">=" | "=>" => ">=",
        "≤" | "<=" | "=<" => "<=",
        _ => ":",
    };
    format!("{not}{key}{compared}{value}")
}

/// What stands on both sides, as an example.
fn beside(around: (Option<&Word>, Option<&Word>), between: &str) -> String {
    match around {
        (Some(before), Some(next)) => format!(": `{}{between}{}`", before.typed(), next.typed()),
        _ => String::new(),
    }
}

/// Two parts of one key as one.
fn either((before, next): (Option<&Word>, Option<&Word>)) -> String {
    fn parts(word: &Word) -> Option<(&str, &str)> {
        let bare = if is_state(&word.text) { "state" } else { "status" };
        word.text.split_once(':').or_else(|| is_word(&word.text).then_some((bare, word.text.as_str())))
    }
    match (before.and_then(parts), next.and_then(parts)) {
        (Some((key, a)), Some((same, b))) if key == same => format!("{key}:{a},{b}"),
        _ => "status:open,accepted".to_owned(),
    }
}

fn as_text(word: &str) -> String {
    format!("; to look for the text, write \"{word}\"")
}
