//! Examples of rules: small models in short, and what the rule says about them.
//! A sketch has no names, decisions or drawings; `prove` turns it into a threat model.

use crate::model::{AssetKind, BoundaryKind, Confidentiality, FactValue, Level};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// A small model and what the rule says about it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The model.
    pub model: Sketch,
    /// What the rule must say, and nothing else.
    pub expect: Expect,
}

/// What a rule must say about an example. Subjects are written as in a threat's key, without the rule: `web`,
/// `customer>orders`, `login#card`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum Expect {
    /// Open threats (or lints) on exactly these.
    Fires(Vec<String>),
    /// Threats on exactly these, each mitigated.
    Mitigated(Vec<String>),
    /// Nothing at all.
    Silent,
    /// Exactly these questions, as (fact, subject), and no threat.
    Asks(Vec<(String, String)>),
}

/// A threat model in short: no names, only what rules read.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sketch {
    /// Trust boundaries.
    pub boundaries: BTreeMap<String, SketchBoundary>,
    /// Assets.
    pub assets: BTreeMap<String, SketchAsset>,
    /// Elements.
    pub elements: BTreeMap<String, SketchElement>,
    /// Flows.
    pub flows: BTreeMap<String, SketchFlow>,
}

/// A trust boundary in short.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SketchBoundary {
    /// What makes it a boundary.
    pub kind: Option<BoundaryKind>,
    /// Trust, 0-100.
    pub trust: Option<u8>,
    /// The boundary around it.
    pub inside: Option<String>,
    /// The most sensitive data its members may hold.
    pub clearance: Option<Confidentiality>,
    /// Facts.
    pub facts: BTreeMap<String, SketchFact>,
}

/// An asset in short.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SketchAsset {
    /// What sort of data it is.
    pub kind: Option<AssetKind>,
    /// Who may see it.
    pub confidentiality: Option<Confidentiality>,
    /// How much it matters that it is right.
    pub integrity: Option<Level>,
    /// How much it matters that it is there.
    pub availability: Option<Level>,
    /// Facts.
    pub facts: BTreeMap<String, SketchFact>,
}

/// An element in short.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub enum SketchElement {
    /// A person or system outside our control.
    ExternalEntity(#[serde(default)] SketchBody),
    /// Code that runs.
    Process(#[serde(default)] SketchBody),
    /// Where data rests.
    DataStore(#[serde(default)] SketchBody),
}

/// What is said about an element.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SketchBody {
    /// The innermost boundary around it.
    pub inside: Option<String>,
    /// Technologies.
    pub tech: Option<Vec<String>>,
    /// What it runs on.
    pub runtime: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Assets that rest here.
    pub stores: Option<Vec<String>>,
    /// Assets that are worked on here.
    pub processes: Option<Vec<String>>,
    /// Facts.
    pub facts: BTreeMap<String, SketchFact>,
}

/// A flow in short.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SketchFlow {
    /// Where it comes from.
    pub from: Option<String>,
    /// Where it goes to.
    pub to: Option<String>,
    /// The flow it answers.
    pub response_of: Option<String>,
    /// Assets on their way.
    pub carries: Option<Vec<String>>,
    /// The credential the caller shows.
    pub credential: Option<String>,
    /// Facts.
    pub facts: BTreeMap<String, SketchFact>,
}

/// A fact's value: `"text"`, `["a", "b"]` or `(na: "reason")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SketchFact(pub FactValue);

impl<'de> Deserialize<'de> for SketchFact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FactVisitor).map(Self)
    }
}

struct FactVisitor;

impl<'de> Visitor<'de> for FactVisitor {
    type Value = FactValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value such as \"tls\", [\"json\"] or (na: \"why\")")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FactValue, E> {
        Ok(FactValue::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FactValue, A::Error> {
        let mut list: Vec<String> = Vec::new();
        while let Some(word) = seq.next_element()? {
            list.push(word);
        }
        list.sort_unstable();
        list.dedup();
        Ok(FactValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FactValue, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((key, reason)) if key == "na" => Ok(FactValue::NotApplicable(reason)),
            _ => Err(A::Error::custom("expected (na: \"why\")")),
        }
    }
}
