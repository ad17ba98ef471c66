//! Reading a policy: from its text to a value, or to everything that is wrong with it. Nothing is half-read.

use super::exemption::Written as WrittenExemption;
use super::{Acceptance, Days, Due, From, Least, MaxOpen, Most, Plain, Policy, Reasons, Register, Sla};
use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::data;
use crate::file::team::hazard;
use crate::model::Severity;
use ron::value::RawValue;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default, rename = "Policy")]
#[derive(Default)]
struct Written {
    max_open: MaxOpen,
    sla: Sla,
    owner: From,
    due: Due,
    acceptance: Acceptance,
    reason: Reasons,
    stale: Plain,
    questions: Most,
    coverage: Least,
    review_age: Days,
    register: Register,
    /// Read one by one, so that each has its place.
    exemptions: Option<Box<RawValue>>,
}

impl Policy {
    /// Reads the text of a policy; everything that is wrong with it has its place in the text.
    pub fn read(text: &str) -> Result<Self, Vec<Diagnostic>> {
        if let Some(span) = hazard(text) {
            let message = "an invisible or control character is written here";
            let help = "delete it; it could make the policy read otherwise than it is";
            return Err(vec![Diagnostic::error("hidden-character", At::Span(span), message).help(help)]);
        }
        let written: Written = data::record(text).map_err(|wrong| {
            let start = trimmed(text, Span::new(0, text.len())).start;
            let is_record = text[start..].starts_with('(') || text[start..].starts_with("Policy");
            let help = "a policy is one record; `()` leaves everything as it is built in";
            vec![if is_record { wrong } else { wrong.help(help) }]
        })?;
        let exemptions = match &written.exemptions {
            None => Vec::new(),
            Some(list) => {
                let list = list.get_ron();
                let from = text.rfind(list).unwrap_or(0);
                exemptions(list, from)?
            }
        };
        Ok(Self {
            max_open: written.max_open,
            sla: written.sla,
            owner: written.owner,
            due: written.due,
            acceptance: written.acceptance,
            reason: written.reason,
            stale: written.stale,
            questions: written.questions,
            coverage: written.coverage,
            review_age: written.review_age,
            register: written.register,
            exemptions,
        })
    }
}

/// Reads the list of exemptions, which begins at a byte of the text.
fn exemptions(list: &str, from: usize) -> Result<Vec<(Span, super::Exemption)>, Vec<Diagnostic>> {
    let shifted = |span: Span| Span::new(span.start + from, span.end + from);
    let written = data::records::<WrittenExemption>(list).map_err(|mut wrong| {
        for label in wrong.iter_mut().flat_map(|d| &mut d.labels) {
            if let At::Span(span) = &mut label.at {
                *span = shifted(*span);
            }
        }
        wrong
    })?;
    let (mut read, mut found) = (Vec::new(), Vec::new());
    for (span, written) in written {
        let span = shifted(trimmed(list, span));
        match written.exemption() {
            Ok(exemption) => read.push((span, exemption)),
            Err(why) => found.push(Diagnostic::error("bad-exemption", At::Span(span), why)),
        }
    }
    if found.is_empty() { Ok(read) } else { Err(found) }
}

/// A piece of a text without the white space and the comments before it.
fn trimmed(text: &str, span: Span) -> Span {
    let mut start = span.start;
    for line in text.get(span.start..span.end).unwrap_or_default().split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        if blank < line.len() && !line[blank..].starts_with("//") {
            return Span::new(start + blank, span.end);
        }
        start += line.len();
    }
    span
}

/// Numbers by severity, each severity once: of two numbers the one that a reviewer overlooks would count.
pub(super) fn each_once<'de, D, N>(from: D) -> Result<BTreeMap<Severity, N>, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<u64>,
{
    from.deserialize_map(EachOnce(PhantomData))
}

struct EachOnce<N>(PhantomData<N>);

impl<'de, N: TryFrom<u64>> Visitor<'de> for EachOnce<N> {
    type Value = BTreeMap<Severity, N>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("numbers by severity, such as {High: 30}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = BTreeMap::new();
        while let Some((severity, Whole(number))) = map.next_entry()? {
            if read.insert(severity, number).is_some() {
                return Err(A::Error::custom(format!("{severity} stands here twice")));
            }
        }
        Ok(read)
    }
}

/// A number of days or things.
pub(super) fn whole<'de, D: Deserializer<'de>, N: TryFrom<u64>>(from: D) -> Result<N, D::Error> {
    Whole::deserialize(from).map(|Whole(number)| number)
}

/// So many of a hundred.
pub(super) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    from.deserialize_any(UpTo { most: 100, wants: "a whole number from 0 to 100", number: PhantomData })
}

/// A number that is written as one, and no fraction or less than nothing.
struct Whole<N>(N);

impl<'de, N: TryFrom<u64>> Deserialize<'de> for Whole<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let visitor = UpTo { most: u32::MAX.into(), wants: "a whole number from 0 on", number: PhantomData };
        from.deserialize_any(visitor).map(Self)
    }
}

struct UpTo<N> {
    most: u64,
    wants: &'static str,
    number: PhantomData<N>,
}

impl<N: TryFrom<u64>> Visitor<'_> for UpTo<N> {
    type Value = N;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.wants)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<N, E> {
        let fits = N::try_from(number).ok().filter(|_| number <= self.most);
        fits.ok_or_else(|| E::custom(format!("{number} is too large; {} is the most", self.most)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<N, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }
}
