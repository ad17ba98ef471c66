//! Reading a filter. Errors name the column and the words that would have done.

use super::{Filter, FilterError, Part, SortKey, Test, slips};
use crate::analysis::{Confidence, State};
use crate::model::{Date, Severity, StatusWord, Stride};
use crate::rules::language::Linddun;
use std::cmp::Ordering;

/// One word of the text: what was written, unquoted, and where.
pub(super) struct Word {
    pub(super) column: usize,
    not: bool,
    pub(super) text: String,
    /// Whether the whole word was in quotes: then it is text to look for.
    quoted: bool,
}

impl Word {
    /// The word as somebody would type it.
    pub(super) fn typed(&self) -> String {
        let not = if self.not { "!" } else { "" };
        match self.text.split_once(':') {
            _ if self.quoted => format!("{not}\"{}\"", self.text),
            Some((key, value)) if value.contains(char::is_whitespace) => format!("{not}{key}:\"{value}\""),
            None if self.text.contains(char::is_whitespace) => format!("{not}\"{}\"", self.text),
            _ => format!("{not}{}", self.text),
        }
    }
}

pub(super) fn parse(text: &str) -> Result<Filter, FilterError> {
    let mut filter = Filter::default();
    let words = words(text)?;
    for (at, word) in words.iter().enumerate() {
        if let Some(error) = slips::slip(&words, at).filter(|_| !word.quoted) {
            return Err(error);
        }
        if let (Some(key), false) = (word.text.strip_prefix("sort:"), word.quoted) {
            filter.sort = Some(sort(key, word)?);
        } else {
            filter.parts.push(Part { not: word.not, test: test(word)?, typed: word.typed() });
        }
    }
    Ok(filter)
}

fn words(text: &str) -> Result<Vec<Word>, FilterError> {
    let mut all = Vec::new();
    let mut chars = text.chars().enumerate().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut word = Word { column: at + 1, not: c == '!', text: String::new(), quoted: false };
        let mut next = if c == '!' { chars.next() } else { Some((at, c)) };
        let mut open = None;
        let mut length = 0;
        while let Some((at, c)) = next {
            match c {
                '"' if open.is_some() => open = None,
                '"' => {
                    open = Some(at);
                    word.quoted |= length == 0;
                }
                c if c.is_whitespace() && open.is_none() => break,
                c => word.text.push(c),
            }
            length += 1;
            next = chars.next();
        }
        if let Some(at) = open {
            return Err(error(at + 1, "this quotation mark is not closed", "write a second \" after the text"));
        }
        if word.text.is_empty() {
            return Err(error(word.column, "a word is missing here", "write what to look for after !"));
        }
        all.push(word);
    }
    Ok(all)
}

pub(super) fn error(column: usize, message: impl Into<String>, help: impl Into<String>) -> FilterError {
    FilterError { column, message: message.into(), help: help.into() }
}

fn test(word: &Word) -> Result<Test, FilterError> {
    let lower = word.text.to_lowercase();
    if word.quoted {
        return Ok(Test::Text(lower));
    }
    if let Some(rest) = lower.strip_prefix("sev").map(|r| r.strip_prefix("erity").unwrap_or(r))
        && rest.starts_with([':', '=', '<', '>'])
    {
        return severity(rest, word);
    }
    if let Some(rest) = lower.strip_prefix("due").filter(|rest| rest.starts_with([':', '=', '<', '>'])) {
        return due(rest, word);
    }
    if let Some(rest) = lower.strip_prefix("score").filter(|rest| rest.starts_with([':', '=', '<', '>'])) {
        return score(rest, word);
    }
    let Some((key, values)) = lower.split_once(':') else { return Ok(bare(&lower)) };
    let values: Vec<String> = values.split(',').filter(|v| !v.is_empty()).map(str::to_owned).collect();
    if values.is_empty() {
        return Err(error(
            word.column,
            format!("`{key}:` has no value"),
            "write one after the colon, or several with commas",
        ));
    }
    Ok(match key {
        "status" => Test::Status(each(&values, word, "a status", STATUS)?),
        "state" => Test::State(each(&values, word, "a state", &State::WORDS.map(|w| (w, w)))?),
        "likelihood" => Test::Likelihood(each(&values, word, "a step", STEPS)?),
        "impact" => Test::Impact(each(&values, word, "a step", STEPS)?),
        "stride" => Test::Stride(letters(&values, word)?),
        "linddun" => Test::Linddun(each(&values, word, "a LINDDUN mark", &marks())?),
        "confidence" => Test::Confidence(each(&values, word, "a confidence", &Confidence::ALL.map(|c| (c.word(), c)))?),
        "rule" => Test::Rule(values),
        "pack" => Test::Pack(values),
        "on" => Test::On(values),
        "owner" => Test::Owner(values),
        "fix" => Test::Fix(values),
        "is" => match bare(&values.join(",")) {
            Test::Text(text) => return Err(unknown(word, "a mark", &text, &BARE.map(|b| b.0))),
            test => test,
        },
        // A list of keys helps nobody who means one by another name.
        _ => match slips::meant(key) {
            Some(meant) => {
                let help = format!("did you mean `{meant}:{}`?", values.join(","));
                return Err(error(word.column, format!("`{key}` is not a key"), help));
            }
            None => return Err(unknown(word, "a key", key, &KEYS)),
        },
    })
}

pub(super) const KEYS: [&str; 16] = [
    "status",
    "state",
    "sev",
    "score",
    "likelihood",
    "impact",
    "stride",
    "linddun",
    "rule",
    "pack",
    "on",
    "owner",
    "due",
    "fix",
    "confidence",
    "sort",
];

const STATUS: &[(&str, StatusWord)] = &[
    ("open", StatusWord::Open),
    ("mitigated", StatusWord::Mitigated),
    ("accepted", StatusWord::Accepted),
    ("transferred", StatusWord::Transferred),
    ("avoided", StatusWord::Avoided),
    ("notapplicable", StatusWord::NotApplicable),
    ("falsepositive", StatusWord::FalsePositive),
    ("gone", StatusWord::Gone),
];

const SEVERITY: &[(&str, Severity)] =
    &[("low", Severity::Low), ("medium", Severity::Medium), ("high", Severity::High), ("critical", Severity::Critical)];

const STEPS: &[(&str, Option<u8>)] = &[("1", Some(1)), ("2", Some(2)), ("3", Some(3)), ("4", Some(4)), ("none", None)];

const BARE: [(&str, Test); 4] =
    [("stale", Test::Stale), ("expired", Test::Expired), ("overdue", Test::Overdue), ("overridden", Test::Overridden)];

/// A word without a colon: a mark, a status, a state, or text.
fn bare(word: &str) -> Test {
    if let Some((_, test)) = BARE.into_iter().find(|(name, _)| *name == word) {
        return test;
    }
    let plain = word.replace(['-', '_'], "");
    if let Some((_, status)) = STATUS.iter().find(|(name, _)| *name == plain) {
        return Test::Status(vec![*status]);
    }
    match State::WORDS.into_iter().find(|name| *name == word) {
        Some(state) => Test::State(vec![state]),
        None => Test::Text(word.to_owned()),
    }
}

/// Whether a word by itself means something else than text to look for.
pub(super) fn is_word(word: &str) -> bool {
    !matches!(bare(word), Test::Text(_))
}

/// Whether it is a status.
pub(super) fn is_status(word: &str) -> bool {
    matches!(bare(word), Test::Status(_))
}

/// The words that mean something by themselves.
pub(super) fn all_words() -> impl Iterator<Item = &'static str> {
    let statuses = STATUS.iter().map(|(name, _)| *name);
    statuses.chain(State::WORDS).chain(BARE.into_iter().map(|(name, _)| name))
}

fn each<T: Copy>(values: &[String], word: &Word, what: &str, table: &[(&str, T)]) -> Result<Vec<T>, FilterError> {
    let find = |value: &String| {
        let plain = value.replace(['-', '_'], "");
        let found = table.iter().find(|(name, _)| *name == plain).map(|(_, v)| *v);
        if found.is_none() && is_word(value) {
            let help = format!("write `{value}` by itself");
            return Err(error(word.column, format!("`{value}` is not {what}"), help));
        }
        found.ok_or_else(|| unknown(word, what, value, &table.iter().map(|(name, _)| *name).collect::<Vec<_>>()))
    };
    values.iter().map(find).collect()
}

fn severity(rest: &str, word: &Word) -> Result<Test, FilterError> {
    let value = rest.trim_start_matches([':', '=', '<', '>']);
    let sign = &rest[..rest.len() - value.len()];
    let values: Vec<String> = value.split(',').map(str::to_owned).collect();
    let bounds = each(&values, word, "a severity", SEVERITY)?;
    let all = Severity::ALL.iter().copied();
    let Some(bound) = bounds.first().copied() else { return Ok(Test::Severity(bounds)) };
    Ok(Test::Severity(match sign {
        ":" | "=" => bounds,
        ">=" => all.filter(|s| *s >= bound).collect(),
        "<=" => all.filter(|s| *s <= bound).collect(),
        ">" => all.filter(|s| *s > bound).collect(),
        "<" => all.filter(|s| *s < bound).collect(),
        other => return Err(error(word.column + 3, format!("`{other}` compares nothing"), "use : = < <= > >=")),
    }))
}

fn due(rest: &str, word: &Word) -> Result<Test, FilterError> {
    let value = rest.trim_start_matches([':', '=', '<', '>']);
    let sign = &rest[..rest.len() - value.len()];
    if matches!(sign, ":" | "=") && value == "none" {
        return Ok(Test::Due(Vec::new(), None));
    }
    let wanted = orders(sign, 3, word)?;
    match value.parse::<Date>() {
        Ok(day) => Ok(Test::Due(wanted, Some(day))),
        Err(_) if value.is_empty() => Err(error(word.column, format!("`{}` has no value", word.text), DAYS)),
        Err(_) => Err(error(word.column, format!("`{value}` is no day"), DAYS)),
    }
}

fn score(rest: &str, word: &Word) -> Result<Test, FilterError> {
    let value = rest.trim_start_matches([':', '=', '<', '>']);
    let wanted = orders(&rest[..rest.len() - value.len()], "score".len(), word)?;
    let refused = || error(word.column, format!("`{value}` is no number"), "write a number as in `score>=12`");
    value.parse().map(|bound| Test::Score(wanted, bound)).map_err(|_| refused())
}

/// How what is tested stands to the value behind a sign, which is so many characters into the word.
fn orders(sign: &str, at: usize, word: &Word) -> Result<Vec<Ordering>, FilterError> {
    Ok(match sign {
        ":" | "=" => vec![Ordering::Equal],
        "<" => vec![Ordering::Less],
        "<=" => vec![Ordering::Less, Ordering::Equal],
        ">" => vec![Ordering::Greater],
        ">=" => vec![Ordering::Greater, Ordering::Equal],
        other => return Err(error(word.column + at, format!("`{other}` compares nothing"), "use : = < <= > >=")),
    })
}

/// How a day is written.
const DAYS: &str = "write the day as in `due<2027-01-31`, or `due:none`";

/// LINDDUN's marks as they are typed, in lower case.
fn marks() -> [(&'static str, Linddun); 7] {
    const TYPED: [&str; 7] = ["l", "i", "nr", "d", "dd", "u", "nc"];
    std::array::from_fn(|n| (TYPED[n], Linddun::ALL[n]))
}

fn letters(values: &[String], word: &Word) -> Result<Vec<Stride>, FilterError> {
    let letter = |c: char| {
        Stride::from_letter(c.to_ascii_uppercase())
            .ok_or_else(|| error(word.column, format!("`{c}` is not a STRIDE letter"), "the letters are S T R I D E"))
    };
    values.iter().flat_map(|v| v.chars()).map(letter).collect()
}

fn sort(key: &str, word: &Word) -> Result<(SortKey, bool), FilterError> {
    const SORTS: &[(&str, SortKey)] = &[
        ("score", SortKey::Score),
        ("severity", SortKey::Severity),
        ("title", SortKey::Title),
        ("subject", SortKey::Subject),
        ("status", SortKey::Status),
        ("owner", SortKey::Owner),
        ("due", SortKey::Due),
        ("opened", SortKey::Opened),
        ("rule", SortKey::Rule),
    ];
    let (name, backwards) = key.strip_prefix('-').map_or((key, false), |name| (name, true));
    let found = SORTS.iter().find(|(n, _)| *n == name).map(|(_, key)| (*key, backwards));
    found.ok_or_else(|| unknown(word, "something to sort by", name, &SORTS.iter().map(|s| s.0).collect::<Vec<_>>()))
}

pub(super) fn unknown(word: &Word, what: &str, said: &str, all: &[&str]) -> FilterError {
    let near = nearest(said, all.iter().copied());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of {}", all.join(", ")),
    };
    error(word.column, format!("`{said}` is not {what}"), help)
}

/// The word that was probably meant. Of a short word, two wrong letters make another word.
pub(super) fn nearest<'a>(said: &str, all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = all.map(|known| (strsim::damerau_levenshtein(known, said), known));
    scored.filter(|(wrong, known)| *wrong <= if known.len() > 3 { 2 } else { 1 }).min().map(|(_, known)| known)
}
