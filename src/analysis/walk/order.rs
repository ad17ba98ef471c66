//! The order of a walk-through: the data and the trust boundaries first, since everything else is read by them; then
//! along the data flows, from whom one trusts least. It asks nothing.

use crate::analysis::Analysis;
use crate::model::{Element, ElementKind, Id, SYSTEM, Severity, ThreatModel};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How far members of a boundary are trusted of which nobody said it.
const USUAL_TRUST: u8 = 50;

/// All things in order.
pub(super) fn stops(model: &ThreatModel, analysis: &Analysis) -> Vec<Id> {
    let mut stops: Vec<Id> = model.assets.keys().chain(model.boundaries.keys()).cloned().collect();
    stops.extend(along_flows(model, analysis));
    stops.extend(Id::new(SYSTEM).ok());
    stops
}

/// Elements and flows: each element is followed by the flows that leave it, the worst first, and then by where those go.
fn along_flows(model: &ThreatModel, analysis: &Analysis) -> Vec<Id> {
    let mut worst: BTreeMap<&Id, Severity> = BTreeMap::new();
    for row in analysis.threats.iter().filter(|row| row.is_open()) {
        let of = worst.entry(&row.subject).or_insert(Severity::Low);
        *of = (*of).max(row.severity.unwrap_or(Severity::Low));
    }
    let worst = |id: &Id| Reverse(worst.get(id).copied());
    let mut leaving: BTreeMap<Option<&Id>, Vec<&Id>> = BTreeMap::new();
    for (id, flow) in &model.flows {
        leaving.entry(flow.from.as_ref()).or_default().push(id);
    }
    for flows in leaving.values_mut() {
        flows.sort_by_key(|id| (worst(id), *id));
    }
    let entered: BTreeSet<&Id> = model.flows.values().filter_map(|flow| flow.to.as_ref()).collect();
    let mut starts: Vec<(&Id, &Element)> = model.elements.iter().collect();
    starts.sort_by_key(|(id, element)| {
        let is_outside = element.kind == ElementKind::ExternalEntity;
        (!is_outside, trust(model, element), entered.contains(id), worst(id), *id)
    });
    let (mut stops, mut seen, mut queue) = (Vec::new(), BTreeSet::new(), VecDeque::new());
    for (start, _) in starts {
        queue.push_back(start);
        while let Some(at) = queue.pop_front() {
            if !seen.insert(at) {
                continue;
            }
            stops.push(at.clone());
            for flow in leaving.get(&Some(at)).into_iter().flatten().copied() {
                stops.push(flow.clone());
                queue.extend(model.flows[flow].to.as_ref().filter(|to| model.elements.contains_key(*to)));
            }
        }
    }
    // What leaves a boundary, or nothing.
    let known: BTreeSet<Id> = stops.iter().cloned().collect();
    stops.extend(model.flows.keys().filter(|id| !known.contains(*id)).cloned());
    stops
}

/// How far an element is trusted, by the innermost boundary that says so.
fn trust(model: &ThreatModel, element: &Element) -> u8 {
    let around = model.boundary_chain(element.inside.as_ref());
    let said = around.into_iter().filter_map(|id| model.boundaries.get(id));
    let mut said = said.filter_map(|boundary| boundary.trust.or_else(|| boundary.kind?.default_trust()));
    let unsaid = if element.kind == ElementKind::ExternalEntity { 0 } else { USUAL_TRUST };
    said.next().unwrap_or(unsaid)
}
