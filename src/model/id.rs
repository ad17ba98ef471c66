//! Ids that outlive names: slugs of things, keys of threats, and the short ids people read aloud.
//! An id is never an index and never changes by itself; only `act::rename` gives a thing another one.

use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// The longest id that is made or read, in bytes.
pub const LONGEST: usize = 80;

/// A kebab-case slug: `a-z`, `0-9` and single hyphens between them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdError {
    /// Nothing there.
    Empty,
    /// More than [`LONGEST`] bytes.
    TooLong,
    /// Something other than lower-case letters, digits and single inner hyphens.
    NotKebabCase,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "an id cannot be empty"),
            Self::TooLong => write!(f, "an id has at most {LONGEST} characters"),
            Self::NotKebabCase => write!(f, "an id consists of a-z, 0-9 and single hyphens between them"),
        }
    }
}

impl std::error::Error for IdError {}

impl Id {
    /// Checks that a text is an id.
    pub fn new(text: &str) -> Result<Self, IdError> {
        let bytes = text.as_bytes();
        let ends_badly = bytes.first() == Some(&b'-') || bytes.last() == Some(&b'-');
        if bytes.is_empty() {
            Err(IdError::Empty)
        } else if bytes.len() > LONGEST {
            Err(IdError::TooLong)
        } else if ends_badly
            || bytes.windows(2).any(|w| w == b"--")
            || !bytes.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        {
            Err(IdError::NotKebabCase)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// Makes an id from a name. `kind` stands in when the name has no letter or digit that an id may keep; a number
    /// is added while `taken`: the lowest that is free, or beyond 30, where many things share a name, one that is
    /// found without asking for each.
    pub fn slug(name: &str, kind: &str, taken: impl Fn(&str) -> bool) -> Self {
        let mut base = String::new();
        for c in name.chars().filter(|c| *c != '\'') {
            if base.len() >= 40 {
                break;
            }
            if c.is_ascii_alphanumeric() {
                base.push(c.to_ascii_lowercase());
            } else if !base.is_empty() && !base.ends_with('-') {
                base.push('-');
            }
        }
        let base = match base.trim_end_matches('-') {
            "" => kind,
            some => some,
        };
        if !taken(base) {
            return Self(base.into());
        }
        let numbered = |n: u32| format!("{base}-{n}");
        let few = (2..FEW).find(|n| !taken(&numbered(*n)));
        Self(numbered(few.unwrap_or_else(|| free_number(|n| taken(&numbered(n))))).into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Numbers that are tried one by one.
const FEW: u32 = 31;

/// A free number above the ones tried one by one, in logarithmically many questions: ten thousand flows called
/// "Data Flow" must not take fifty million.
fn free_number(taken: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (FEW - 1, FEW);
    while taken(high) {
        (low, high) = (high, high.saturating_mul(2));
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        *if taken(middle) { &mut low } else { &mut high } = middle;
    }
    high
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// What a threat is called for ever: `subject:rule`, `from>to:rule` for paths, `subject:rule#detail` where one rule
/// may fire several times on a subject. Rule ids and details have no `:`, `>` or `#`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreatKey(Arc<str>);

impl ThreatKey {
    /// Joins a subject and a rule.
    pub fn new(subject: &Id, rule: &str, detail: Option<&str>) -> Self {
        Self::join(subject.as_str(), None, rule, detail)
    }

    /// Joins the two ends of a path and a rule.
    pub fn path(from: &Id, to: &Id, rule: &str, detail: Option<&str>) -> Self {
        Self::join(from.as_str(), Some(to.as_str()), rule, detail)
    }

    fn join(from: &str, to: Option<&str>, rule: &str, detail: Option<&str>) -> Self {
        let mut text = from.to_owned();
        for (mark, part) in [(">", to), (":", Some(rule)), ("#", detail)] {
            if let Some(part) = part {
                text.push_str(mark);
                text.push_str(part);
            }
        }
        Self(text.into())
    }

    /// Reads a key from a file; the message says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (subject, rule) =
            text.split_once(':').ok_or_else(|| "a threat's key is written subject:rule".to_owned())?;
        for id in subject.split('>') {
            Id::new(id).map_err(|e| format!("`{id}`: {e}"))?;
        }
        if subject.split('>').count() > 2 {
            return Err("a path has two ends, written from>to".to_owned());
        }
        let (rule, detail) = rule.split_once('#').map_or((rule, None), |(r, d)| (r, Some(d)));
        let word = |s: &str, extra: &[u8]| {
            !s.is_empty() && s.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-') || extra.contains(&b))
        };
        if !rule.contains('.') || !word(rule, b".") {
            return Err(format!("`{rule}` is not a rule id such as core.d.no-rate-limit"));
        }
        match detail {
            Some(d) if !word(d, b"._") => Err(format!("`{d}` after # is not a detail")),
            _ => Ok(Self(text.into())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn split(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or((&self.0, ""))
    }

    /// The subject, or where a path begins.
    pub fn subject(&self) -> Id {
        Id(self.split().0.split('>').next().unwrap_or_default().into())
    }

    /// Where a path ends.
    pub fn target(&self) -> Option<Id> {
        self.split().0.split_once('>').map(|(_, to)| Id(to.into()))
    }

    /// The rule's id.
    pub fn rule(&self) -> &str {
        let rule = self.split().1;
        rule.split_once('#').map_or(rule, |(r, _)| r)
    }

    /// The discriminator of a rule that may fire several times on one subject.
    pub fn detail(&self) -> Option<&str> {
        self.split().1.split_once('#').map(|(_, d)| d)
    }

    /// Whether a person wrote the threat by hand.
    pub fn is_own(&self) -> bool {
        self.rule().split('.').next() == Some(super::OWN_PACK)
    }

    /// The key with other ids in the place of its subjects, and of an asset in its detail.
    #[must_use]
    pub fn map_ids(&self, f: impl Fn(&Id) -> Id) -> Self {
        let to = self.target().map(|id| f(&id));
        let detail = self.detail().map(|d| Id::new(d).map_or_else(|_| d.to_owned(), |id| f(&id).as_str().to_owned()));
        Self::join(f(&self.subject()).as_str(), to.as_ref().map(Id::as_str), self.rule(), detail.as_deref())
    }
}

impl fmt::Display for ThreatKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ThreatKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

/// `T-` and ten characters of base32 (RFC 4648, section 6) of SHA-256 over the key.
pub(crate) fn display_id(key: &ThreatKey) -> String {
    format!("T-{}", base32(key.as_str().as_bytes(), 10).to_ascii_uppercase())
}

/// The first `length` base32 characters, in lower case, of SHA-256 over some bytes: a short name for a content.
pub fn base32(bytes: &[u8], length: usize) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let hash = Sha256::digest(bytes);
    let bit = |i: usize| usize::from(hash.get(i / 8).is_some_and(|b| b >> (7 - i % 8) & 1 == 1));
    (0..length).map(|n| char::from(DIGITS[(0..5).fold(0, |acc, i| acc << 1 | bit(n * 5 + i))])).collect()
}

#[cfg(test)]
mod tests {
    use super::Id;
    use std::cell::Cell;
    use std::collections::BTreeSet;

    #[test]
    fn many_things_of_one_name_get_the_lowest_numbers_and_are_found_quickly() {
        let mut there = BTreeSet::new();
        let asked = Cell::new(0);
        for n in 1..2000 {
            let id = Id::slug("Data Flow", "flow", |id| {
                asked.set(asked.get() + 1);
                there.contains(id)
            });
            assert_eq!(id.as_str(), if n == 1 { "data-flow".to_owned() } else { format!("data-flow-{n}") });
            there.insert(id.as_str().to_owned());
        }
        assert!(asked.get() < 2000 * 60, "{} questions", asked.get());
    }
}
