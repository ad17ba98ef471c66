//! Reading a policy: from its text to a value, or to everything that is wrong with it. Nothing is half-read.

use super::exemption::Written as WrittenExemption;
use super::{Acceptance, Days, Due, From, Least, MaxOpen, Most, Plain, Policy, Reasons, Register, Sla};
use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::data;
use crate::file::team::hazard;
use crate::model::Severity;
use ron::value::RawValue;
use serde::de::{Error as _, MapAccess, Visitor};
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
        let written: Written = data::record(text).map_err(|wrong| vec![wrong])?;
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
    N: Deserialize<'de>,
{
    from.deserialize_map(EachOnce(PhantomData))
}

struct EachOnce<N>(PhantomData<N>);

impl<'de, N: Deserialize<'de>> Visitor<'de> for EachOnce<N> {
    type Value = BTreeMap<Severity, N>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("numbers by severity, such as {High: 30}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = BTreeMap::new();
        while let Some((severity, number)) = map.next_entry()? {
            if read.insert(severity, number).is_some() {
                return Err(A::Error::custom(format!("{severity} stands here twice")));
            }
        }
        Ok(read)
    }
}
