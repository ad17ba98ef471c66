//! Reading a filter. Errors name the column and the words that would have done.

use super::{Filter, FilterError, SortKey, Test};
use crate::analysis::Confidence;
use crate::model::{Severity, StatusWord, Stride};

/// One word of the text: what was written, unquoted, and where.
struct Word {
    column: usize,
    not: bool,
    text: String,
    /// Whether the whole word was in quotes: then it is text to look for.
    quoted: bool,
}

pub(super) fn parse(text: &str) -> Result<Filter, FilterError> {
    let mut filter = Filter::default();
    for word in words(text)? {
        if let (Some(key), false) = (word.text.strip_prefix("sort:"), word.quoted) {
            filter.sort = Some(sort(key, &word)?);
        } else {
            filter.parts.push((!word.not, test(&word)?));
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

fn error(column: usize, message: impl Into<String>, help: impl Into<String>) -> FilterError {
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
        "state" => Test::State(each(&values, word, "a state", STATES)?),
        "stride" => Test::Stride(letters(&values, word)?),
        "confidence" => Test::Confidence(each(&values, word, "a confidence", CONFIDENCE)?),
        "rule" => Test::Rule(values),
        "pack" => Test::Pack(values),
        "on" => Test::On(values),
        "owner" => Test::Owner(values),
        "fix" => Test::Fix(values),
        "is" => match bare(&values.join(",")) {
            Test::Text(text) => return Err(unknown(word, "a mark", &text, &BARE.map(|b| b.0))),
            test => test,
        },
        _ => return Err(unknown(word, "a key", key, &KEYS)),
    })
}

const KEYS: [&str; 11] =
    ["status", "state", "sev", "stride", "rule", "pack", "on", "owner", "fix", "confidence", "sort"];

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

const STATES: &[(&str, &str)] =
    &[("new", "new"), ("known", "known"), ("reopened", "reopened"), ("gone", "gone"), ("orphan", "orphan")];

const CONFIDENCE: &[(&str, Confidence)] =
    &[("assumed", Confidence::Assumed), ("inherited", Confidence::Inherited), ("stated", Confidence::Stated)];

const SEVERITY: &[(&str, Severity)] =
    &[("low", Severity::Low), ("medium", Severity::Medium), ("high", Severity::High), ("critical", Severity::Critical)];

const BARE: [(&str, Test); 4] =
    [("stale", Test::Stale), ("expired", Test::Expired), ("overdue", Test::Overdue), ("overridden", Test::Overridden)];

/// A word without a colon: a mark, a status, a state, or text.
fn bare(word: &str) -> Test {
    if let Some((_, test)) = BARE.into_iter().find(|(name, _)| *name == word) {
        return test;
    }
    let plain = word.replace('-', "");
    if let Some((_, status)) = STATUS.iter().find(|(name, _)| *name == plain) {
        return Test::Status(vec![*status]);
    }
    match STATES.iter().find(|(name, _)| *name == word) {
        Some((_, state)) => Test::State(vec![state]),
        None => Test::Text(word.to_owned()),
    }
}

fn each<T: Copy>(values: &[String], word: &Word, what: &str, table: &[(&str, T)]) -> Result<Vec<T>, FilterError> {
    let find = |value: &String| {
        let plain = value.replace('-', "");
        let found = table.iter().find(|(name, _)| *name == plain).map(|(_, v)| *v);
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

fn letters(values: &[String], word: &Word) -> Result<Vec<Stride>, FilterError> {
    let letter = |c: char| {
        Stride::from_letter(c.to_ascii_uppercase())
            .ok_or_else(|| error(word.column, format!("`{c}` is not a STRIDE letter"), "the letters are S T R I D E"))
    };
    values.iter().flat_map(|v| v.chars()).map(letter).collect()
}

fn sort(key: &str, word: &Word) -> Result<(SortKey, bool), FilterError> {
    const SORTS: &[(&str, SortKey)] = &[
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

fn unknown(word: &Word, what: &str, said: &str, all: &[&str]) -> FilterError {
    let distance = |known: &str| strsim::damerau_levenshtein(known, said);
    let near = all.iter().min_by_key(|known| distance(known)).filter(|known| distance(known) <= 2);
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of {}", all.join(", ")),
    };
    error(word.column, format!("`{said}` is not {what}"), help)
}
