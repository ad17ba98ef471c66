//! A model file as the plain structs that anybody would write to read it with serde. Of the format it knows what
//! synthetic models use; facts are words alone, which is the quickest way to read them.

#![expect(dead_code, reason = "reading is what is measured")]

use std::collections::BTreeMap;

use serde::Deserialize;

/// A whole file.
#[derive(Deserialize)]
pub(crate) struct ThreatModel {
    format: (u32, u32),
    system: System,
    #[serde(default)]
    boundaries: BTreeMap<String, Boundary>,
    #[serde(default)]
    assets: BTreeMap<String, Asset>,
    #[serde(default)]
    elements: BTreeMap<String, Element>,
    #[serde(default)]
    flows: BTreeMap<String, Flow>,
    #[serde(default)]
    threats: BTreeMap<String, Threat>,
}

/// Words of a fact, or why it makes no sense.
#[derive(Deserialize)]
#[serde(untagged)]
enum Fact {
    Word(String),
    Words(Vec<String>),
    NotApplicable { na: String },
}

#[derive(Deserialize)]
struct System {
    name: String,
    packs: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Boundary {
    name: String,
    kind: Option<BoundaryKind>,
    trust: Option<u8>,
    inside: Option<String>,
    #[serde(default)]
    facts: BTreeMap<String, Fact>,
}

#[derive(Deserialize)]
enum BoundaryKind {
    Account,
    Physical,
    Network,
    Segment,
    Cluster,
    Namespace,
}

#[derive(Deserialize)]
struct Asset {
    name: String,
    kind: Option<AssetKind>,
    confidentiality: Option<Confidentiality>,
}

#[derive(Deserialize)]
enum AssetKind {
    Pii,
    Credential,
}

#[derive(Deserialize)]
enum Confidentiality {
    Public,
    Internal,
    Confidential,
    Restricted,
}

#[derive(Deserialize)]
enum Element {
    ExternalEntity(Details),
    Process(Details),
    DataStore(Details),
}

#[derive(Deserialize)]
struct Details {
    name: String,
    description: Option<String>,
    inside: Option<String>,
    tech: Option<Vec<String>>,
    stores: Option<Vec<String>>,
    processes: Option<Vec<String>>,
    #[serde(default)]
    facts: BTreeMap<String, Fact>,
}

#[derive(Deserialize)]
struct Flow {
    name: String,
    from: Option<String>,
    to: Option<String>,
    carries: Option<Vec<String>>,
    credential: Option<String>,
    #[serde(default)]
    facts: BTreeMap<String, Fact>,
}

#[derive(Deserialize)]
struct Threat {
    severity: Severity,
    opened: Option<String>,
    title: String,
    status: Option<Status>,
}

#[derive(Deserialize)]
enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Deserialize)]
enum Status {
    Mitigated { on: Option<String> },
}
