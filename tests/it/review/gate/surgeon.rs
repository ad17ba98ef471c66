//! Does to a model's text what a way to green says, as a person with an editor would. It knows brackets and quotes and
//! nothing of models.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// Does what a way says; what only people know is said by `word`.
pub(super) fn perform(sandbox: &Sandbox, way: &Value, word: &str) {
    if let Some(write) = way["write"].as_str() {
        let write = write.replace('…', word);
        sandbox.write("shop.tm.ron", written(&sandbox.read("shop.tm.ron"), &path(way), &write));
    }
    for part in way["instead"].as_array().into_iter().flatten().chain([way]) {
        if let Some(remove) = part["remove"].as_str() {
            let text = sandbox.read("shop.tm.ron");
            let (start, end) = record(&text, &path(part)).unwrap();
            let at = start + text[start..end].find(remove).unwrap();
            let rest = text[at + remove.len()..].trim_start_matches(',');
            sandbox.write("shop.tm.ron", format!("{}{rest}", &text[..at]));
        }
    }
    if let Some(command) = way["command"].as_str() {
        let words: Vec<&str> = command.strip_prefix("sconce ").unwrap().split(' ').collect();
        assert!(sandbox.sconce(&words).status.success(), "{command}");
    }
}

/// The record that a way, or a part of one, is about.
fn path(way: &Value) -> Vec<&str> {
    way["path"].as_array().into_iter().flatten().map(|part| part.as_str().unwrap()).collect()
}

/// A field written into a record, in the place of the one with its name.
fn written(text: &str, path: &[&str], field: &str) -> String {
    let Some((start, end)) = record(text, path) else {
        assert_eq!(path.len(), 1, "{path:?} is not there");
        let last = text.rfind(')').unwrap();
        return format!("{}    {}: {{\n        {field},\n    }},\n{}", &text[..last], path[0], &text[last..]);
    };
    let name = field.split(": ").next().unwrap();
    let inside = &text[start..end];
    let old =
        items(inside).into_iter().find(|(from, to)| inside[*from..*to].trim_start().starts_with(&format!("{name}:")));
    match old {
        Some((from, to)) => format!("{}{field}{}", &text[..start + from], &text[start + to..]),
        None => format!("{}{field}, {}", &text[..start], &text[start..]),
    }
}

/// What is between the brackets of a record.
fn record(text: &str, path: &[&str]) -> Option<(usize, usize)> {
    let (mut start, mut end) = (text.find("ThreatModel(")? + "ThreatModel(".len(), text.rfind(')')?);
    for part in path {
        let inside = &text[start..end];
        let named = |item: &str| item.starts_with(&format!("{part}:")) || item.starts_with(&format!("\"{part}\":"));
        let (from, to) = items(inside).into_iter().find(|(from, to)| named(inside[*from..*to].trim_start()))?;
        let item = &inside[from..to];
        let colon = item.find(part)? + part.len();
        let open = colon + item[colon..].find(['(', '{', '['])?;
        (start, end) = (start + from + open + 1, start + from + item.rfind([')', '}', ']'])?);
    }
    Some((start, end))
}

/// The items of a list, by where they begin and end.
fn items(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut from, mut depth, mut quoted, mut escaped) = (Vec::new(), 0, 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push((from, at));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push((from, text.len()));
    found.into_iter().filter(|(from, to)| !text[*from..*to].trim().is_empty()).collect()
}
