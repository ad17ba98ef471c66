//! Synthetic models of any size for benches: the same mix of elements, flows and facts for the same number, on every
//! machine. They resemble real systems in shape only; no rule is tested on them.

use sconce::model::{
    Asset, AssetKind, BoundaryKind, Confidentiality, DataFlow, Element, ElementKind, FactValue, Facts, Id, System,
    ThreatModel, TrustBoundary,
};
use sconce::rules::Knowledge;

/// Elements in a leaf boundary.
const LEAF: usize = 8;
/// Leaf boundaries in an outer one.
const OUTER: usize = 4;

/// A small deterministic stream of numbers (xorshift64*, Marsaglia 2003, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or_default() % n.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

fn id(text: &str) -> Id {
    Id::new(text).expect("a generated id is kebab-case")
}

/// A model of `n` elements and 1.6 `n` flows.
pub(crate) fn model(n: usize) -> ThreatModel {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ n as u64);
    let packs = Some(Knowledge::builtin().rules.packs().map(ToOwned::to_owned).collect());
    let mut model = ThreatModel {
        system: System { name: format!("Synthetic system {n}"), packs, ..System::default() },
        ..ThreatModel::default()
    };
    let actors = (n / 10).max(1);
    let leaves = (n - actors).div_ceil(LEAF).max(1);
    assets(&mut model, n, &mut dice);
    boundaries(&mut model, leaves);
    for i in 0..n {
        let element = if i < actors { actor(i, &mut dice) } else { inner(i, (i - actors) / LEAF, &mut dice) };
        model.elements.insert(id(&format!("e{i:05}")), element);
    }
    flows(&mut model, n, actors, &mut dice);
    model
}

fn assets(model: &mut ThreatModel, n: usize, dice: &mut Dice) {
    for i in 0..(n / 6).max(5) {
        let confidentiality = Confidentiality::ALL[dice.below(4)];
        let kind = match dice.below(4) {
            0 => Some(AssetKind::Pii),
            1 => Some(AssetKind::Credential),
            _ => None,
        };
        let asset =
            Asset { name: format!("record {i}"), kind, confidentiality: Some(confidentiality), ..Asset::default() };
        model.assets.insert(id(&format!("d{i:05}")), asset);
    }
}

fn boundaries(model: &mut ThreatModel, leaves: usize) {
    for i in 0..leaves.div_ceil(OUTER) {
        let outer = TrustBoundary {
            name: format!("Network {i}"),
            kind: Some(BoundaryKind::Network),
            trust: Some(60),
            ..TrustBoundary::default()
        };
        model.boundaries.insert(id(&format!("n{i:05}")), outer);
    }
    for i in 0..leaves {
        let leaf = TrustBoundary {
            name: format!("Segment {i}"),
            kind: Some(BoundaryKind::Segment),
            trust: Some(70),
            inside: Some(id(&format!("n{:05}", i / OUTER))),
            ..TrustBoundary::default()
        };
        model.boundaries.insert(id(&format!("s{i:05}")), leaf);
    }
}

fn facts(pairs: &[(&str, &str)]) -> Facts {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), FactValue::text(value))).collect()
}

fn control(dice: &mut Dice) -> &'static str {
    dice.pick(&["absent", "partial", "present"])
}

fn actor(i: usize, dice: &mut Dice) -> Element {
    let human = dice.pick(&["yes", "no"]);
    Element { facts: facts(&[("human", human)]), ..Element::new(ElementKind::ExternalEntity, &format!("Customer {i}")) }
}

fn inner(i: usize, leaf: usize, dice: &mut Dice) -> Element {
    let inside = Some(id(&format!("s{leaf:05}")));
    if dice.chance(25) {
        let kind = dice.pick(&["sql", "nosql", "object", "log"]);
        let stores = Some(vec![id(&format!("d{:05}", dice.below(5)))]);
        let enc = dice.pick(&["none", "disk"]);
        let facts = facts(&[("kind", kind), ("enc_rest", enc), ("authz", control(dice))]);
        return Element { inside, stores, facts, ..Element::new(ElementKind::DataStore, &format!("Store {i}")) };
    }
    let stated = ["authn", "authz", "input_validation", "audit_log", "least_priv", "rate_limit"];
    let mut all = Facts::new();
    for name in stated {
        if dice.chance(80) {
            all.insert(name.to_owned(), FactValue::text(control(dice)));
        }
    }
    Element {
        inside,
        tech: Some(vec!["linux".to_owned()]),
        facts: all,
        ..Element::new(ElementKind::Process, &format!("Service {i}"))
    }
}

fn flows(model: &mut ThreatModel, n: usize, actors: usize, dice: &mut Dice) {
    for i in 0..n * 8 / 5 {
        let inside = n - actors;
        let from = if i < n { i } else { actors + dice.below(inside) };
        let near = |i: usize, dice: &mut Dice, reach: usize| {
            let start = (i.max(actors) - actors) / reach * reach;
            actors + (start + dice.below(reach)).min(inside.saturating_sub(1))
        };
        let to = match dice.below(100) {
            0..60 => near(from, dice, LEAF),
            60..88 => near(from, dice, LEAF * OUTER),
            _ => actors + dice.below(inside),
        };
        let encrypted = dice.chance(60);
        let stated = [
            ("proto", dice.pick(&["http", "grpc", "sql", "amqp"])),
            ("enc", if encrypted { "tls" } else { "none" }),
            ("net", if from < actors { "internet" } else { "internal" }),
            ("authn", dice.pick(&["none", "bearer", "password"])),
        ];
        let flow = DataFlow {
            name: format!("call {i}"),
            from: Some(id(&format!("e{from:05}"))),
            to: Some(id(&format!("e{to:05}"))),
            carries: Some(vec![id(&format!("d{:05}", dice.below((n / 6).max(5))))]),
            facts: facts(&stated),
            ..DataFlow::default()
        };
        model.flows.insert(id(&format!("f{i:05}")), flow);
    }
}
