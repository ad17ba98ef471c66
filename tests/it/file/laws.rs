//! Laws of the file: what is written is read back the same, comments and bytes come back with undo, and the `ron`
//! crate sees the same structure as our own reader.

use std::fmt::Write as _;

use proptest::prelude::*;
use sconce::file::said;
use sconce::file::{Document, read};
use sconce::model::{Place, ThreatModel};

use crate::file::format::{EXAMPLE, complaints, rewritten};
use crate::model::arbitrary::{Dice, models};

/// Reads a text as another reader does and tells its structure.
fn structure(value: &ron::Value, out: &mut String) {
    match value {
        ron::Value::Map(map) => {
            out.push('{');
            for (key, value) in map.iter() {
                structure(key, out);
                structure(value, out);
            }
            out.push('}');
        }
        ron::Value::Seq(list) => {
            out.push('[');
            for value in list {
                structure(value, out);
            }
            out.push(']');
        }
        ron::Value::String(text) => write!(out, "{text:?} ").unwrap(),
        other => write!(out, "{other:?} ").unwrap(),
    }
}

fn check_round(model: &ThreatModel) {
    let text = Document::new(model.clone()).text();
    let document = read(&text).document.unwrap_or_else(|| panic!("{}\n{text}", complaints(&text)));
    assert_eq!(*document.model(), *model, "{text}");
    assert_eq!(document.text(), text);
    assert!(document.is_canonical());
}

#[test]
fn ten_thousand_models_are_read_as_they_were_written() {
    for seed in 0..10_000u64 {
        check_round(&Dice::new(seed * 7919).model(usize::try_from(seed % 4).unwrap()));
    }
}

/// Puts comments at the ends of some lines and on lines of their own, as people do.
fn commented(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut inside_text = false;
    for line in text.lines() {
        let quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        let starts_inside = inside_text;
        inside_text ^= quotes % 2 == 1;
        if !starts_inside && dice.below(6) == 0 {
            let indent = line.len() - line.trim_start().len();
            writeln!(out, "{}// note {}", " ".repeat(indent), dice.below(100)).unwrap();
        }
        out.push_str(line);
        if !inside_text && dice.below(6) == 0 {
            out.push_str(dice.pick(&[" // at the end", " /* block */"]));
        }
        out.push('\n');
    }
    out
}

/// Writes some texts in other ways that mean the same: raw, or with each character as an escape.
fn respelt(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let mut end = start + 1;
        while !rest[end..].starts_with('"') {
            end += if rest[end..].starts_with('\\') { 2 } else { rest[end..].chars().next().unwrap().len_utf8() };
        }
        let inner = &rest[start + 1..end];
        out.push_str(&rest[..start]);
        match dice.below(3) {
            0 if !inner.contains('\\') => write!(out, "r#\"{inner}\"#").unwrap(),
            1 if !inner.contains('\\') => {
                let escaped: String = inner.chars().flat_map(char::escape_unicode).collect();
                write!(out, "\"{escaped}\"").unwrap();
            }
            _ => out.push_str(&rest[start..=end]),
        }
        rest = &rest[end + 1..];
    }
    out + rest
}

fn count(text: &str) -> usize {
    text.matches("// note").count() + text.matches("// at the end").count() + text.matches("/* block */").count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// What an entry says, part by part, is all there is to it.
    #[test]
    fn an_entry_is_what_it_says(model in models()) {
        for place in model.places().into_iter().chain([Place::System]) {
            let entry = model.entry(&place).unwrap();
            let said = said::said(&entry);
            prop_assert_eq!(said::Said::read(&said.to_string()), Some(said.clone()));
            prop_assert_eq!(said::entry(&place, &said), Some(entry), "{}", said);
        }
    }

    #[test]
    fn the_ron_crate_sees_the_same(model in models(), seed in any::<u64>()) {
        let text = respelt(&Document::new(model).text(), &mut Dice::new(seed));
        let theirs: ron::Value = ron::from_str(&text).unwrap();
        let ours: ron::Value = ron::from_str(&rewritten(&text)).unwrap();
        let (mut a, mut b) = (String::new(), String::new());
        structure(&theirs, &mut a);
        structure(&ours, &mut b);
        prop_assert_eq!(a, b);
    }

    #[test]
    fn no_comment_is_lost_and_the_second_time_nothing_changes(model in models(), seed in any::<u64>()) {
        let text = commented(&Document::new(model).text(), &mut Dice::new(seed));
        let once = rewritten(&text);
        prop_assert_eq!(count(&once), count(&text), "{}\n{}", text, once);
        prop_assert_eq!(rewritten(&once), once);
    }

    #[test]
    fn undo_restores_the_bytes(model in models(), seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let text = rewritten(&commented(&Document::new(model).text(), &mut dice));
        let mut document = read(&text).document.unwrap();
        prop_assert!(document.is_canonical());
        let mut texts = vec![text];
        let mut steps = Vec::new();
        for _ in 0..8 {
            let edit = dice.edit(document.model());
            steps.push(document.apply(edit).unwrap());
            let now = document.text();
            prop_assert_eq!(&rewritten(&now), &now);
            texts.push(now);
        }
        let mut forward = Vec::new();
        while let Some(step) = steps.pop() {
            let was = texts.pop().unwrap();
            prop_assert_eq!(document.text(), was);
            forward.push((document.revert(step).unwrap(), texts.last().unwrap().clone()));
        }
        prop_assert_eq!(document.text(), &*texts[0]);
        while let Some((step, was)) = forward.pop() {
            prop_assert_eq!(document.text(), was);
            document.revert(step).unwrap();
        }
    }

    #[test]
    fn broken_text_is_reported_and_never_panics(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut text = EXAMPLE.to_owned();
        for _ in 0..=dice.below(4) {
            let mut at = dice.below(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match dice.below(3) {
                0 => text.truncate(at),
                1 => drop(text.remove(at)),
                _ => text.insert_str(at, dice.pick(&["(", ")", "\"", "{", ",", ":", "\\", "/*", "r#\"", "'", "\0", "é", "-"])),
            }
            if text.is_empty() {
                break;
            }
        }
        let found = read(&text);
        prop_assert!(found.document.is_some() || !found.diagnostics.is_empty());
        complaints(&text);
    }
}
