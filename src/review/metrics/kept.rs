//! Registers of earlier versions as a text that can be kept: a content that has an object id never changes, and so what it
//! says need not be read twice. A text of another version of the program, or one that is not whole, says nothing. Where
//! the text is kept others know.

use super::gather::Registers;
use super::replay::{Brief, Register};
use crate::file::disk::Fingerprint;
use crate::model::{Severity, StatusWord, ThreatKey};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// What the first line begins with. The number goes up whenever contents are read otherwise than before.
const HEAD: &str = concat!("sconce-registers 1 ", env!("CARGO_PKG_VERSION"), " ");
/// So many contents are kept, those that are wanted before others.
const MOST: usize = 5000;
/// So many bytes, likewise.
const LARGEST: usize = 24 << 20;

/// The registers as a text: those that are wanted, and as many others as there is room for.
pub fn written(registers: &Registers, wanted: &BTreeSet<&str>) -> String {
    let (first, rest): (Vec<_>, Vec<_>) = registers.iter().partition(|(id, _)| wanted.contains(id.as_str()));
    let kept = || first.iter().chain(&rest).take(MOST);
    let keys: BTreeSet<&ThreatKey> =
        kept().filter_map(|(_, register)| register.as_ref()).flat_map(|r| r.keys()).collect();
    // A line is a line: what would break one is read again the next time.
    let is_plain = |key: &&ThreatKey| !key.as_str().contains('\n');
    let numbers: BTreeMap<&ThreatKey, usize> = keys.into_iter().filter(is_plain).zip(0..).collect();
    let mut body = String::new();
    for key in numbers.keys() {
        let _ = writeln!(body, "k {key}");
    }
    for (id, register) in kept() {
        let line = match register {
            None => Some(format!("u {id}\n")),
            Some(register) => line(id, register, &numbers),
        };
        match line {
            Some(line) if body.len() + line.len() <= LARGEST => body.push_str(&line),
            _ => {}
        }
    }
    format!("{HEAD}{}\n{body}", Fingerprint::of(&body).hex())
}

/// `m <id> <threat> <threat> …`, each its number, two letters, and the day until which its status holds.
fn line(id: &str, register: &Register, numbers: &BTreeMap<&ThreatKey, usize>) -> Option<String> {
    let mut line = format!("m {id}");
    for (key, brief) in register {
        let status = StatusWord::ALL.iter().position(|word| *word == brief.status)?;
        let severity = brief.severity.and_then(|severity| Severity::ALL.iter().position(|s| *s == severity));
        let _ = write!(line, " {}{}{}", numbers.get(key)?, letter(severity.map_or(0, |n| n + 1)), letter(status));
        if let Some(until) = brief.expires {
            let _ = write!(line, "{until}");
        }
    }
    line.push('\n');
    Some(line)
}

/// `a` for 0 and so on.
fn letter(n: usize) -> char {
    u8::try_from(n).ok().and_then(|n| b'a'.checked_add(n)).map_or('~', char::from)
}

/// The registers of a text; none of one that another version wrote, or that is not as it was written.
pub fn read(text: &str) -> Registers {
    let body = text.strip_prefix(HEAD).and_then(|rest| rest.split_once('\n'));
    let whole = body.filter(|(sum, body)| *sum == Fingerprint::of(body).hex());
    whole.and_then(|(_, body)| registers(body)).unwrap_or_default()
}

fn registers(body: &str) -> Option<Registers> {
    let mut keys: Vec<ThreatKey> = Vec::new();
    let mut registers = Registers::new();
    for line in body.lines() {
        let (kind, rest) = line.split_once(' ')?;
        match kind {
            "k" => keys.push(ThreatKey::parse(rest).ok()?),
            "u" => drop(registers.insert(rest.to_owned(), None)),
            _ => {
                let mut words = rest.split(' ');
                let id = words.next()?.to_owned();
                let register: Option<Register> = words.map(|word| brief(word, &keys)).collect();
                registers.insert(id, Some(Arc::new(register?)));
            }
        }
    }
    Some(registers)
}

fn brief(word: &str, keys: &[ThreatKey]) -> Option<(ThreatKey, Brief)> {
    let (number, rest) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
    let mut letters = rest.chars();
    let mut place = || u32::from(letters.next()?).checked_sub(u32::from('a')).and_then(|n| usize::try_from(n).ok());
    let (severity, status) = (place()?, *StatusWord::ALL.get(place()?)?);
    let severity = match severity.checked_sub(1) {
        None => None,
        Some(n) => Some(*Severity::ALL.get(n)?),
    };
    let until = letters.as_str();
    let expires = if until.is_empty() { None } else { Some(until.parse().ok()?) };
    Some((keys.get(number.parse::<usize>().ok()?)?.clone(), Brief { severity, status, expires }))
}
