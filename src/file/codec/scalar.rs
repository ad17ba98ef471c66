//! Values that stand on one line: texts, ids, dates, numbers, words, lists of them.
//! Records and maps are not here.

use std::cmp::Ordering;

use crate::file::codec::{Notes, Out, Reader, Value};
use crate::file::syntax::{Kind, NodeRef, unquote};
use crate::model::{
    AssetKind, BoundaryKind, Confidentiality, Date, FactValue, Format, Id, Level, MitigationStatus, Pin, Severity,
    Stride, ThreatKey, Verdict,
};

impl<T: Value> Value for Option<T> {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if node.kind() == Kind::Word && node.source() == "None" {
            return Some(None);
        }
        T::read(r, node).map(Some)
    }

    fn write(&self, out: &mut Out, notes: Option<&Notes>) {
        match self {
            Some(value) => value.write(out, notes),
            None => out.raw("None"),
        }
    }

    fn is_default(&self) -> bool {
        self.is_none()
    }

    fn is_sorted(&self) -> bool {
        self.as_ref().is_none_or(T::is_sorted)
    }

    fn sorted(self) -> Self {
        self.map(T::sorted)
    }

    fn prune(&self, notes: &mut Notes, keep: bool) {
        match self {
            Some(value) => value.prune(notes, keep),
            None => notes.retain(keep, |_| false),
        }
    }
}

/// A list. Where it stands for a set it is sorted; rows have a line each.
impl<T: Value> Value for Vec<T> {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if node.kind() != Kind::List {
            return r.wrong(node, "a list", "[\"…\"]");
        }
        Some(node.children().filter_map(|child| T::read(r, child.unwrapped())).collect())
    }

    fn write(&self, out: &mut Out, notes: Option<&Notes>) {
        if T::ROWS {
            return out.block(["[", "]"], notes, |out| {
                for (n, row) in self.iter().enumerate() {
                    let notes = notes.and_then(|notes| notes.inner.get(&n.to_string()));
                    out.item(notes, |out| row.write(out, None));
                }
            });
        }
        out.raw("[");
        for (n, value) in self.iter().enumerate() {
            out.raw(if n > 0 { ", " } else { "" });
            value.write(out, None);
        }
        out.raw("]");
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }

    fn is_sorted(&self) -> bool {
        self.is_sorted_by(|a, b| a.compare(b).is_le())
    }

    fn sorted(mut self) -> Self {
        self.sort_by(T::compare);
        self
    }

    fn prune(&self, notes: &mut Notes, keep: bool) {
        notes.retain(keep, |row| T::ROWS && row.parse().is_ok_and(|n: usize| n < self.len()));
    }
}

impl Value for String {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if node.is_string() { Some(unquote(node).into_owned()) } else { r.wrong(node, "a text in quotes", "\"web\"") }
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.quoted(self);
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

/// How a text is written as an id.
pub(super) fn good_id(text: &str) -> String {
    match Id::slug(text, "", |_| false).as_str() {
        "" => "such as \"web-app\"".to_owned(),
        slug => format!("such as \"{slug}\""),
    }
}

impl Value for Id {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if !node.is_string() {
            return r.wrong(node, "an id in quotes", "\"web-app\"");
        }
        let text = unquote(node);
        Self::new(&text).map_err(|e| r.error("bad-id", node, e.to_string(), good_id(&text))).ok()
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.raw("\"");
        out.raw(self.as_str());
        out.raw("\"");
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Value for ThreatKey {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if !node.is_string() {
            return r.wrong(node, "the key of a threat in quotes", "\"web:core.d.no-rate-limit\"");
        }
        let help = "such as \"web:core.d.no-rate-limit\"";
        Self::parse(&unquote(node)).map_err(|e| r.error("bad-key", node, e, help)).ok()
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.quoted(self.as_str());
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Value for Date {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if !node.is_string() {
            return r.wrong(node, "a date in quotes", "\"2026-11-20\"");
        }
        let text = unquote(node);
        let date = (text.len() == 10).then(|| text.parse().ok()).flatten();
        if date.is_none() {
            r.error("bad-date", node, format!("`{text}` is not a day of the calendar"), "write it as \"2026-11-20\"");
        }
        date
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.quoted(&self.to_string());
    }
}

/// Reads a whole number that fits.
fn number<T: std::str::FromStr>(r: &mut Reader, node: NodeRef<'_>, range: &str) -> Option<T> {
    if node.kind() != Kind::Number {
        return r.wrong(node, "a number", "60");
    }
    let number = node.source().replace('_', "").parse().ok();
    if number.is_none() {
        r.error(
            "bad-number",
            node,
            format!("`{}` does not fit here", node.source()),
            format!("write a whole number, {range}"),
        );
    }
    number
}

impl Value for u8 {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        number(r, node, "0 to 100")
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.raw(&self.to_string());
    }
}

/// Reads a pair of numbers.
fn pair<T: std::str::FromStr>(r: &mut Reader, node: NodeRef<'_>, range: &str) -> Option<(T, T)> {
    let mut parts = node.children();
    match (node.kind(), parts.next(), parts.next(), parts.next()) {
        (Kind::Group, Some(a), Some(b), None) if a.kind() != Kind::Field && b.kind() != Kind::Field => {
            let (a, b) = (number(r, a, range), number(r, b, range));
            a.zip(b)
        }
        _ => r.wrong(node, "a pair of numbers", "(1, 0)"),
    }
}

impl Value for Pin {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        pair(r, node, "a column and a row")
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.raw(&format!("({}, {})", self.0, self.1));
    }
}

impl Value for Format {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        pair(r, node, "major and minor version").map(|(major, minor)| Self { major, minor })
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.raw(&format!("({}, {})", self.major, self.minor));
    }
}

/// Values that are one word of a closed list.
macro_rules! word_values {
    ($($type:ty),+) => {$(
        impl Value for $type {
            fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
                r.word(node, Self::ALL.iter().map(|w| w.name()), Self::parse)
            }

            fn write(&self, out: &mut Out, _: Option<&Notes>) {
                out.raw(self.name());
            }
        }
    )+};
}

word_values!(AssetKind, BoundaryKind, Confidentiality, Level, Severity, Verdict);

impl Value for MitigationStatus {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        r.word(node, Self::ALL.iter().map(|w| w.name()), Self::parse)
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.raw(self.name());
    }

    fn is_default(&self) -> bool {
        *self == Self::Proposed
    }
}

impl Value for Stride {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        let word = node.source();
        let mut letters = word.chars();
        let letter = letters.next().filter(|_| node.kind() == Kind::Word && letters.next().is_none());
        letter.and_then(Self::from_letter).or_else(|| r.unknown_word(node, word, &["S", "T", "R", "I", "D", "E"]))
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.text.push(self.letter());
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Value for FactValue {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        match node.kind() {
            Kind::List => Vec::read(r, node).map(|words: Vec<String>| Self::List(words.sorted())),
            Kind::Group => {
                let mut fields = node.children();
                match (fields.next(), fields.next()) {
                    (Some(na), None) if na.kind() == Kind::Field && na.name() == "na" => {
                        String::read(r, na.value().unwrapped()).map(Self::NotApplicable)
                    }
                    _ => r.wrong(node, "the reason why a fact does not apply", "(na: \"renders no HTML\")"),
                }
            }
            _ if node.is_string() => Some(Self::Text(unquote(node).into_owned())),
            Kind::Word if matches!(node.source(), "true" | "false") => {
                let word = if node.source() == "true" { "\"yes\" or \"present\"" } else { "\"no\" or \"absent\"" };
                r.error("wrong-type", node, "what a fact says stands in quotes", format!("write {word}"));
                None
            }
            Kind::Word | Kind::Number => r.wrong(node, "what the fact says, in quotes", "\"present\""),
            _ => r.wrong(node, "what the fact says", "\"present\", [\"json\"] or (na: \"the reason\")"),
        }
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        match self {
            Self::Text(text) => out.quoted(text),
            Self::List(words) if Value::is_sorted(words) => words.write(out, None),
            Self::List(words) => words.clone().sorted().write(out, None),
            Self::NotApplicable(reason) => {
                out.raw("(na: ");
                out.quoted(reason);
                out.raw(")");
            }
        }
    }

    fn is_default(&self) -> bool {
        matches!(self, Self::Text(text) if text == "present")
    }
}
