//! Values that are neither a plain record nor on one line: elements, threats and their status, rows of the ledger,
//! maps, the model itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::reader::{suggest, twice};
use super::record::{Record, block, inline, prune, record, written};
use crate::diagnostic::{At, Diagnostic};
use crate::file::codec::{Notes, Out, Reader, Value};
use crate::file::syntax::{Kind, NodeRef, unquote};
use crate::model::{
    ConsideredKey, Date, Element, ElementKind, Event, HistoryRow, Id, Status, StatusWord, Threat, ThreatKey,
};

/// The key of a map.
pub(crate) trait Key: Ord + Sized {
    /// The code of the diagnostic about a bad one.
    const CODE: &'static str;
    /// A good one, as the file has it.
    const EXAMPLE: &'static str;
    /// Whether the order of the values is the order of their texts.
    const IN_ORDER: bool = true;
    /// Reads it; the message says what is wrong.
    fn parse(text: &str) -> Result<Self, String>;
    /// What a bad one should look like.
    fn good(_: &str) -> String {
        format!("such as {}", Self::EXAMPLE)
    }
    /// Its text.
    fn text(&self) -> Cow<'_, str>;
}

impl Key for Id {
    const CODE: &'static str = "bad-id";
    const EXAMPLE: &'static str = "\"web-app\"";
    fn parse(text: &str) -> Result<Self, String> {
        Self::new(text).map_err(|e| e.to_string())
    }
    fn good(text: &str) -> String {
        super::scalar::good_id(text)
    }
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Key for ThreatKey {
    const CODE: &'static str = "bad-key";
    const EXAMPLE: &'static str = "\"web:core.d.no-rate-limit\"";
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Key for ConsideredKey {
    const CODE: &'static str = "bad-key";
    const EXAMPLE: &'static str = "\"web:T\"";
    const IN_ORDER: bool = false;
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
    fn text(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl Key for String {
    const CODE: &'static str = "bad-key";
    const EXAMPLE: &'static str = "\"rate_limit\"";
    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl<K: Key, V: Value> Value for BTreeMap<K, V> {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if node.kind() != Kind::Map {
            return r.wrong(node, "a map", "{\"key\": …}");
        }
        // Pairs in order make a map at once; those behind the first that is not are put into it one by one.
        // A pair is three nodes or more; of what is small there is then room for all.
        let mut in_order: Vec<(K, V)> = Vec::with_capacity((node.count() / 3).min(16));
        let mut map = Self::new();
        for pair in node.children() {
            let Some(key_node) = pair.key() else { continue };
            if !key_node.is_string() {
                r.wrong::<()>(key_node, "a key in quotes", K::EXAMPLE);
                continue;
            }
            let text = unquote(key_node);
            let key = K::parse(&text).map_err(|e| r.error(K::CODE, key_node, e, K::good(&text)));
            let value = V::read(r, pair.value().unwrapped());
            let (Ok(key), Some(value)) = (key, value) else { continue };
            if map.is_empty() {
                if in_order.last().is_none_or(|(last, _)| *last < key) {
                    in_order.push((key, value));
                    continue;
                }
                map = std::mem::take(&mut in_order).into_iter().collect();
            }
            // The first of two stays: it is the one whose place more is said about.
            if let Entry::Vacant(free) = map.entry(key) {
                free.insert(value);
            } else if !r.is_full() {
                let same = |p: &NodeRef<'_>| p.key().is_some_and(|k| unquote(k) == text);
                let first = node.children().find(same).map_or(key_node.span(), NodeRef::key_span);
                r.report(twice("duplicate-key", &text, first, key_node.span()));
            }
        }
        Some(if map.is_empty() { in_order.into_iter().collect() } else { map })
    }

    fn write(&self, out: &mut Out, notes: Option<&Notes>) {
        let write = |out: &mut Out, key: &str, value: &V| {
            let notes = notes.and_then(|n| n.inner.get(key));
            let loose = notes.map(|n| value.loose(n)).unwrap_or_default();
            out.comments(loose);
            out.item(notes, |out| {
                out.quoted(key);
                out.raw(": ");
                value.write(out, notes);
            });
        };
        out.block(["{", "}"], notes, |out| {
            if K::IN_ORDER {
                for (key, value) in self {
                    write(out, &key.text(), value);
                }
            } else {
                let sorted: BTreeMap<_, _> = self.iter().map(|(key, value)| (key.text(), value)).collect();
                for (key, value) in sorted {
                    write(out, &key, value);
                }
            }
        });
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }

    fn prune(&self, notes: &mut Notes, keep: bool) {
        for (text, inner) in &mut notes.inner {
            if let Some(value) = K::parse(text).ok().and_then(|key| self.get(&key)) {
                value.prune(inner, keep);
            }
        }
        notes.retain(keep, |text| K::parse(text).is_ok_and(|key| self.contains_key(&key)));
    }
}

/// The word before the parenthesis says which of the three it is.
impl Value for Element {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if node.kind() != Kind::Group {
            return r.wrong(node, "an element", "Process(name: \"…\")");
        }
        let word = node.name();
        // Of a misspelt kind, the fields are looked at as those of the kind that is probably meant.
        let kind = ElementKind::parse(word).or_else(|| {
            if word.is_empty() {
                let help = "write Process(…), DataStore(…) or ExternalEntity(…)";
                r.error("missing-field", node, "this does not say what kind of element it is", help);
                return None;
            }
            let words: Vec<&str> = ElementKind::ALL.iter().map(|k| k.name()).collect();
            r.unknown_word::<()>(node, word, &words);
            suggest(word, words.iter().copied()).and_then(ElementKind::parse)
        });
        let mut element = Self::blank();
        r.fill(node, &mut element);
        element.kind = kind?;
        Some(element)
    }

    fn write(&self, out: &mut Out, notes: Option<&Notes>) {
        block(out, self.kind.name(), notes, self);
    }

    fn prune(&self, notes: &mut Notes, keep: bool) {
        prune(self, notes, keep);
    }
}

/// One line as long as nobody has decided anything, else a block.
impl Value for Threat {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        r.record(node)
    }

    fn write(&self, out: &mut Out, notes: Option<&Notes>) {
        if is_one_line(self) {
            inline(out, "", None, self);
        } else {
            block(out, "", notes, self);
        }
    }

    fn loose<'n>(&self, notes: &'n Notes) -> Vec<&'n str> {
        if is_one_line(self) { notes.all_inside() } else { Vec::new() }
    }

    fn prune(&self, notes: &mut Notes, keep: bool) {
        prune(self, notes, keep);
    }
}

fn is_one_line(threat: &Threat) -> bool {
    let status = match &threat.status {
        Status::Open | Status::Gone { .. } => true,
        Status::Mitigated { evidence, .. } => evidence.is_empty(),
        _ => false,
    };
    status && written(threat).iter().all(|name| ["severity", "opened", "title", "stride", "status"].contains(name))
}

/// `("2026-11-20", "ana", Opened)`.
impl Value for HistoryRow {
    const ROWS: bool = true;

    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        let mut parts = node.children().map(NodeRef::unwrapped);
        match (node.kind(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Kind::Group, Some(on), Some(by), Some(event), None) if on.kind() != Kind::Field => {
                let (on, by) = (Date::read(r, on), String::read(r, by));
                let word = event.source();
                let event = Event::parse(word)
                    .or_else(|| r.unknown_word(event, word, &Event::ALL.iter().map(|e| e.name()).collect::<Vec<_>>()));
                Some(Self { on: on?, by: by?, event: event? })
            }
            _ => r.wrong(node, "a row of day, person and event", "(\"2026-11-20\", \"ana\", Opened)"),
        }
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        out.raw("(");
        self.on.write(out, None);
        out.raw(", ");
        out.quoted(&self.by);
        out.raw(", ");
        out.raw(self.event.name());
        out.raw(")");
    }
}

/// What any status may carry; which of it a status needs is said by `Status::read`.
#[derive(Default)]
struct Reasons {
    to: Option<String>,
    reason: Option<String>,
    approver: Option<String>,
    expires: Option<Date>,
    on: Option<Date>,
    evidence: Vec<String>,
}

const ANY_REASON: &[&str] = &["to", "reason", "approver", "expires", "on", "evidence"];

record!(Reasons, Self::default(), to Plain, reason Plain, approver Plain, expires Plain, on Plain, evidence Plain);

impl Reasons {
    fn of(status: &Status) -> Self {
        let reason = status.reason().map(str::to_owned);
        let mut all = Self { reason, expires: status.expires(), ..Self::default() };
        match status {
            Status::Mitigated { evidence, on } => {
                all.evidence.clone_from(evidence);
                all.on = *on;
            }
            Status::Accepted { approver, .. } => all.approver.clone_from(approver),
            Status::Transferred { to, .. } => all.to = Some(to.clone()),
            Status::Gone { on } => all.on = Some(*on),
            _ => {}
        }
        all
    }
}

/// The fields that a status may have; the first ones, up to the number, it must have.
const fn reasons_of(word: StatusWord) -> (&'static [&'static str], usize) {
    match word {
        StatusWord::Open => (&[], 0),
        StatusWord::Mitigated => (&["on", "evidence"], 0),
        StatusWord::Accepted => (&["reason", "approver", "expires"], 1),
        StatusWord::Transferred => (&["to", "reason"], 2),
        StatusWord::Avoided | StatusWord::NotApplicable => (&["reason"], 1),
        StatusWord::FalsePositive => (&["reason", "expires"], 1),
        StatusWord::Gone => (&["on"], 1),
    }
}

impl Value for Status {
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self> {
        if !matches!(node.kind(), Kind::Word | Kind::Group) {
            return r.wrong(node, "a status", "Accepted(reason: \"…\")");
        }
        let Some(word) = StatusWord::parse(node.name()) else {
            let words: Vec<&str> = StatusWord::ALL.iter().map(|w| w.name()).collect();
            return r.unknown_word(node, node.name(), &words);
        };
        let mut all = Reasons::default();
        if node.kind() == Kind::Group {
            r.fill(node, &mut all);
        }
        let (may, must) = reasons_of(word);
        let is_it = |f: &str, name: &str| f == name || suggest(f, std::iter::once(name)).is_some();
        let is_there = |name: &str| node.children().any(|f| is_it(f.name(), name));
        for field in node.children().filter(|f| ANY_REASON.contains(&f.name()) && !may.contains(&f.name())) {
            let help = if may.is_empty() {
                "it has no fields".to_owned()
            } else {
                format!("its fields are {}", may.join(", "))
            };
            r.error("unknown-field", field, format!("`{word}` has no `{}`", field.name()), help);
        }
        if let Some(missing) = may[..must].iter().find(|name| !is_there(name)) {
            let given = |name: &&str| node.children().find(|f| f.name() == *name).map(NodeRef::source);
            let fields = may.iter().filter_map(|name| match given(name) {
                Some(source) => Some(source.to_owned()),
                None => may[..must].contains(name).then(|| format!("{name}: \"…\"")),
            });
            let written = format!("{word}({})", fields.collect::<Vec<_>>().join(", "));
            let help = if written.chars().count() <= 100 {
                format!("write {written}")
            } else {
                format!("add {missing}: \"…\"")
            };
            r.error("missing-field", node, format!("`{word}` needs `{missing}`"), help);
            return None;
        }
        let reason = all.reason.unwrap_or_default();
        Some(match word {
            StatusWord::Open => Self::Open,
            StatusWord::Mitigated => Self::Mitigated { evidence: all.evidence, on: all.on },
            StatusWord::Accepted => Self::Accepted { reason, approver: all.approver, expires: all.expires },
            StatusWord::Transferred => Self::Transferred { to: all.to.unwrap_or_default(), reason },
            StatusWord::Avoided => Self::Avoided { reason },
            StatusWord::NotApplicable => Self::NotApplicable { reason },
            StatusWord::FalsePositive => Self::FalsePositive { reason, expires: all.expires },
            StatusWord::Gone => Self::Gone { on: all.on? },
        })
    }

    fn write(&self, out: &mut Out, _: Option<&Notes>) {
        let all = Reasons::of(self);
        if written(&all).is_empty() {
            out.raw(self.word().name());
        } else {
            inline(out, self.word().name(), None, &all);
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::Open
    }
}

/// Reports what the format of a file means for this program; `false` when the file is not to be read at all.
pub(super) fn check_format(r: &mut Reader, root: NodeRef<'_>, newest: (u32, u32)) -> bool {
    let Some(field) = root.children().find(|f| f.kind() == Kind::Field && f.name() == "format") else { return true };
    let before = r.found.len();
    let format = crate::model::Format::read(r, field.value());
    // What is wrong with it is reported when the field itself is read.
    r.found.truncate(before);
    let Some(format) = format else { return true };
    let at = At::Span(field.span());
    let (version, own) = (format!("{}.{}", format.major, format.minor), format!("{}.{}", newest.0, newest.1));
    if format.major > newest.0 {
        let message = format!("the file has format {version}; this sconce reads up to {own}");
        let help = "update sconce, then open it again; nothing was read, because what the fields mean may have changed";
        r.found.push(Diagnostic::error("newer-major", at, message).help(help));
        return false;
    }
    if format.major == newest.0 && format.minor > newest.1 {
        let message = format!(
            "the file has format {version}, this sconce knows {own}: it can be looked at, but not changed or saved"
        );
        let help = "update sconce to change it; saving it here would lose what only the newer format has";
        r.found.push(Diagnostic::warning("newer-minor", at, message).help(help));
        r.lenient = true;
    }
    true
}
