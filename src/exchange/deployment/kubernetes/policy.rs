//! NetworkPolicies: who may speak to whom. Only what names workloads on both ends is a link; a policy for everything, for
//! other namespaces or for addresses tells of no two parts.

use super::super::yaml::Node;
use super::super::{Draft, How};
use super::workload::Workload;
use super::{Object, labels, same_space, selects};

/// Makes links of what a policy lets through.
pub(super) fn follow(policy: &Object, workloads: &[Workload], to: &mut Draft) {
    let Some(spec) = policy.spec() else { return };
    let own = spec.get("podSelector").and_then(|selector| matching(selector, policy, workloads));
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        let rules = spec.get(direction).map_or(&[][..], |rules| rules.items());
        for rule in rules {
            if to.is_full() {
                return;
            }
            let peers = rule.get(peers).map_or(&[][..], |peers| peers.items());
            let far: Vec<Option<Vec<usize>>> = peers.iter().map(|peer| peer_of(peer, policy, workloads)).collect();
            if own.is_none() || far.is_empty() || far.iter().any(Option::is_none) {
                let what = "NetworkPolicy rule that does not name workloads on both ends";
                to.lose(&policy.at(rule.line), what, &policy.name);
            }
            let own = own.iter().flatten();
            for (near, far) in own.flat_map(|near| far.iter().flatten().flatten().map(move |far| (*near, *far))) {
                let (from, onto) = if direction == "ingress" { (far, near) } else { (near, far) };
                to.link(from, onto, How::Policy(policy.name.clone()), policy.at(rule.line));
            }
        }
    }
}

/// The workloads that a peer names; `None` where it names something else.
fn peer_of(peer: &Node, policy: &Object, workloads: &[Workload]) -> Option<Vec<usize>> {
    let elsewhere = peer.get("namespaceSelector").is_some() || peer.get("ipBlock").is_some();
    peer.get("podSelector").filter(|_| !elsewhere).and_then(|selector| matching(selector, policy, workloads))
}

/// The workloads that a selector names; `None` where it is not by labels alone, or is for all.
fn matching(selector: &Node, policy: &Object, workloads: &[Workload]) -> Option<Vec<usize>> {
    let wanted = labels(selector.at(&["matchLabels"]));
    if wanted.is_empty() || selector.get("matchExpressions").is_some() {
        return None;
    }
    let is_meant = |workload: &&Workload| {
        same_space(workload.object.space.as_deref(), policy.space.as_deref()) && selects(&wanted, &workload.labels)
    };
    Some(workloads.iter().filter(is_meant).map(|workload| workload.part).collect())
}
