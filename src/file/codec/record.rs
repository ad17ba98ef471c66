//! What every value of the file can do (`Value`), and records as tables of fields (`Record`, `record!`).
//! It knows no particular record; those are in `records` and `special`.

use std::cmp::Ordering;

use super::reader::{Reader, suggest, twice};
use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::codec::{Notes, Out};
use crate::file::syntax::{Kind, NodeRef};

/// Something that stands in the file.
pub(crate) trait Value: Sized {
    /// Whether a list of these has one line for each.
    const ROWS: bool = false;

    /// Reads it; `None` when it cannot be read, which has then been reported.
    fn read(r: &mut Reader, node: NodeRef<'_>) -> Option<Self>;

    /// Writes it.
    fn write(&self, out: &mut Out, notes: Option<&Notes>);

    /// Whether leaving it out says the same.
    fn is_default(&self) -> bool {
        false
    }

    /// The order of values of this kind in a list that stands for a set.
    fn compare(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }

    /// Whether its list is in order, where the order says nothing.
    fn is_sorted(&self) -> bool {
        true
    }

    /// The same with its list in order.
    #[must_use]
    fn sorted(self) -> Self {
        self
    }

    /// The comments inside that have no line of their own because the value is written on one line.
    fn loose<'n>(&self, _: &'n Notes) -> Vec<&'n str> {
        Vec::new()
    }

    /// Takes the comments of what is not written here; see [`Notes::retain`].
    fn prune(&self, notes: &mut Notes, keep: bool) {
        notes.retain(keep, |_| false);
    }
}

/// How a field stands in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Left out when it has its default.
    Plain,
    /// Always there.
    Needed,
    /// A list whose order says nothing, sorted in the file.
    Set,
}

/// A record: named fields in the order of the file.
pub(crate) trait Record: Sized {
    /// The names of all fields, in order.
    const NAMES: &'static [&'static str];
    /// A record of which nothing is known.
    fn blank() -> Self;
    /// Shows every field to a reader, in order.
    fn read_fields(&mut self, fields: &mut Fields<'_, '_>);
    /// Shows every field to a writer, in order.
    fn write_fields(&self, fields: &mut impl FieldWriter);
}

/// Receives the fields of a record, in order.
pub(crate) trait FieldWriter {
    /// One field that is written.
    fn field<T: Value>(&mut self, name: &'static str, value: &T);

    /// One field of the table; those with their default are passed over.
    fn offer<T: Value + Clone>(&mut self, name: &'static str, mark: Mark, value: &T) {
        if mark == Mark::Set && !value.is_sorted() {
            self.field(name, &value.clone().sorted());
        } else if mark == Mark::Needed || !value.is_default() {
            self.field(name, value);
        }
    }
}

impl Reader {
    /// Reads the fields of a group into a record.
    pub(crate) fn record<T: Record>(&mut self, group: NodeRef<'_>) -> Option<T> {
        if group.kind() != Kind::Group {
            return self.wrong(group, "a record", "(name: \"…\")");
        }
        let mut record = T::blank();
        self.fill(group, &mut record);
        Some(record)
    }

    /// Reads the fields of a group into a record that is there already.
    pub(crate) fn fill<T: Record>(&mut self, group: NodeRef<'_>, record: &mut T) {
        let mut there: Vec<Given<'_>> = Vec::with_capacity(8);
        let mut behind = T::NAMES.iter();
        let mut in_order = true;
        for child in group.children() {
            let name = child.name();
            // A file that sconce wrote has its fields in the order of the table, so that none needs to be looked for.
            in_order = in_order && child.kind() == Kind::Field && behind.any(|known| *known == name);
            if in_order {
                there.push(Given { name, meant: None, node: child, seen: false });
                continue;
            }
            if there.len() == MOST_GIVEN {
                let message = format!("this record has more than {MOST_GIVEN} fields");
                self.error("unknown-field", child, message, "no record has so many");
                break;
            }
            let is_named = child.kind() == Kind::Group && T::NAMES.contains(&name);
            if is_named {
                let at = At::Span(Span::new(child.span().start, child.span().start + name.len()));
                let message = format!("a colon is missing behind `{name}`");
                self.report(Diagnostic::error("unexpected", at, message).help(format!("write {name}: (…)")));
            }
            if child.kind() != Kind::Field && !is_named {
                self.error(
                    "wrong-type",
                    child,
                    "a field, name: value, is expected here",
                    "put the name of the field before it; a comment begins with //",
                );
            } else if let Some(first) = there.iter().find(|given| given.name == name) {
                self.report(twice("duplicate-field", name, first.node.key_span(), child.key_span()));
            } else {
                there.push(Given { name, meant: None, node: child, seen: false });
            }
        }
        if !in_order {
            self.guess(&mut there, T::NAMES);
        }
        let mut fields = Fields { reader: self, group, there, next: 0, in_order };
        record.read_fields(&mut fields);
        fields.finish(T::NAMES);
    }

    /// Finds out what misspelt names mean, so that what stands under them is looked at all the same. A newer file may
    /// mean something of its own.
    fn guess<'n>(&self, there: &mut [Given<'n>], names: &[&'n str]) {
        for n in (0..there.len()).filter(|_| !self.lenient) {
            if !names.contains(&there[n].name) {
                let is_free = |name: &&str| !there.iter().any(|g| g.name == *name || g.meant == Some(*name));
                there[n].meant = suggest(there[n].name, names.iter().copied().filter(is_free));
            }
        }
    }
}

/// So many fields of one record are looked at; more are a mistake or an attack.
const MOST_GIVEN: usize = 64;

/// A field as the file gives it.
struct Given<'t> {
    name: &'t str,
    /// The field that is probably meant, if there is none of this name.
    meant: Option<&'t str>,
    node: NodeRef<'t>,
    seen: bool,
}

/// The fields of one group while they are read.
pub(crate) struct Fields<'r, 't> {
    reader: &'r mut Reader,
    group: NodeRef<'t>,
    there: Vec<Given<'t>>,
    /// Where the next field is if the file keeps to the order of the table.
    next: usize,
    /// Whether it does.
    in_order: bool,
}

impl Fields<'_, '_> {
    /// Reads one field of the table into its slot.
    pub(crate) fn take<T: Value>(&mut self, name: &'static str, mark: Mark, slot: &mut T) {
        let is_it = |given: &Given<'_>| given.name == name || given.meant == Some(name);
        let is_next = self.there.get(self.next).is_some_and(is_it);
        let at = match (is_next, self.in_order) {
            (true, _) => Some(self.next),
            (false, true) => None,
            (false, false) => self.there.iter().position(is_it),
        };
        match at.map(|at| (at + 1, &mut self.there[at])) {
            Some((next, given)) => {
                given.seen = true;
                self.next = next;
                if let Some(value) = T::read(self.reader, given.node.value().unwrapped()) {
                    *slot = if mark == Mark::Set { value.sorted() } else { value };
                }
            }
            None if mark == Mark::Needed && !self.reader.is_broken(self.group.span()) => {
                let message = format!("`{name}` is missing");
                self.reader.error("missing-field", self.group, message, format!("add {name}: …"));
            }
            None => {}
        }
    }

    fn finish(self, names: &[&str]) {
        for given in self.there.iter().filter(|given| !given.seen || given.meant.is_some()) {
            let name = given.name;
            let message = format!("there is no field `{name}` here");
            let at = At::Span(given.node.key_span());
            self.reader.report(if self.reader.lenient {
                Diagnostic::warning("unknown-field", at, message)
                    .help("a newer sconce may know it; this one leaves it unread")
            } else {
                let help = match given.meant.or_else(|| suggest(name, names.iter().copied())) {
                    Some(best) => format!("did you mean `{best}`?"),
                    None => format!("the fields are {}", names.join(", ")),
                };
                Diagnostic::error("unknown-field", at, message).help(help)
            });
        }
    }
}

/// Declares the table of a record: its fields in the order of the file, each with its mark.
macro_rules! record {
    ($type:ty, $blank:expr, $($field:ident $(= $text:literal)? $mark:ident),+ $(,)?) => {
        impl $crate::file::codec::record::Record for $type {
            const NAMES: &'static [&'static str] = &[$(record!(@ $field $($text)?)),+];
            fn blank() -> Self {
                $blank
            }
            fn read_fields(&mut self, fields: &mut $crate::file::codec::record::Fields<'_, '_>) {
                $(fields.take(record!(@ $field $($text)?), $crate::file::codec::record::Mark::$mark, &mut self.$field);)+
            }
            fn write_fields(&self, fields: &mut impl $crate::file::codec::record::FieldWriter) {
                $(fields.offer(record!(@ $field $($text)?), $crate::file::codec::record::Mark::$mark, &self.$field);)+
            }
        }
    };
    (@ $field:ident) => { stringify!($field) };
    (@ $field:ident $text:literal) => { $text };
}

/// Makes a record a value that is written as a block, one field per line, or inline.
macro_rules! record_value {
    ($writer:ident: $($type:ty),+ $(,)?) => {$(
        impl $crate::file::codec::Value for $type {
            fn read(r: &mut $crate::file::codec::Reader, node: $crate::file::syntax::NodeRef<'_>) -> Option<Self> {
                r.record(node)
            }
            fn write(&self, out: &mut $crate::file::codec::Out, notes: Option<&$crate::file::codec::Notes>) {
                $crate::file::codec::record::$writer(out, "", notes, self);
            }
            fn prune(&self, notes: &mut $crate::file::codec::Notes, keep: bool) {
                $crate::file::codec::record::prune(self, notes, keep);
            }
        }
    )+};
}

pub(crate) use {record, record_value};

/// Writes a record as a block.
pub(crate) fn block(out: &mut Out, name: &str, notes: Option<&Notes>, record: &impl Record) {
    struct Block<'o>(&'o mut Out, Option<&'o Notes>);
    impl FieldWriter for Block<'_> {
        fn field<T: Value>(&mut self, name: &'static str, value: &T) {
            line(self.0, name, self.1, value);
        }
    }
    out.raw(name);
    out.block(["(", ")"], notes, |out| record.write_fields(&mut Block(out, notes)));
}

/// Writes a field of a block with its comments, which are among those of the block.
pub(crate) fn line(out: &mut Out, name: &str, notes: Option<&Notes>, value: &impl Value) {
    let notes = notes.and_then(|n| n.inner.get(name));
    out.item(notes, |out| {
        out.raw(name);
        out.raw(": ");
        value.write(out, notes);
    });
}

/// Writes a record on one line.
pub(crate) fn inline(out: &mut Out, name: &str, _: Option<&Notes>, record: &impl Record) {
    struct Inline<'o>(&'o mut Out, bool);
    impl FieldWriter for Inline<'_> {
        fn field<T: Value>(&mut self, name: &'static str, value: &T) {
            self.0.raw(if self.1 { ", " } else { "" });
            self.1 = true;
            self.0.raw(name);
            self.0.raw(": ");
            value.write(self.0, None);
        }
    }
    out.raw(name);
    out.raw("(");
    record.write_fields(&mut Inline(out, false));
    out.raw(")");
}

/// Takes the comments of fields that are not written.
pub(crate) fn prune(record: &impl Record, notes: &mut Notes, keep: bool) {
    struct Prune<'n>(&'n mut Notes, bool, Vec<&'static str>);
    impl FieldWriter for Prune<'_> {
        fn field<T: Value>(&mut self, name: &'static str, value: &T) {
            self.2.push(name);
            if let Some(inner) = self.0.inner.get_mut(name) {
                value.prune(inner, self.1);
            }
        }
    }
    let mut pruning = Prune(notes, keep, Vec::new());
    record.write_fields(&mut pruning);
    let written = pruning.2;
    notes.retain(keep, |name| written.contains(&name));
}

/// The names of the fields that are written.
pub(crate) fn written(record: &impl Record) -> Vec<&'static str> {
    struct Names(Vec<&'static str>);
    impl FieldWriter for Names {
        fn field<T: Value>(&mut self, name: &'static str, _: &T) {
            self.0.push(name);
        }
    }
    let mut names = Names(Vec::new());
    record.write_fields(&mut names);
    names.0
}
