//! Services: the names under which workloads are reached (Kubernetes, "DNS for Services and Pods"), and which of them are
//! reached from outside. Istio's ServiceEntry names what lies outside.

use std::collections::BTreeMap;

use super::super::{Door, Draft, Orchestrator, Part, PartKind};
use super::workload::Workload;
use super::{Object, labels, same_space, selects};

/// A name of one namespace, with the parts behind it.
type Named = (Option<String>, Vec<usize>);

/// Every name of a cluster with the parts behind it.
#[derive(Debug, Default)]
pub(super) struct Services {
    /// By name: the namespace, and parts.
    names: BTreeMap<String, Vec<Named>>,
    /// Hosts outside that the files name as such.
    outside: BTreeMap<String, usize>,
}

impl Services {
    pub(super) fn new(services: &[Object], workloads: &[Workload], entries: &[Object], to: &mut Draft) -> Self {
        let mut all = Self::default();
        for service in services {
            let parts = behind(service, workloads, to);
            for (door, part) in
                doors(service).into_iter().flat_map(|door| parts.iter().map(move |n| (door.clone(), *n)))
            {
                to.parts[part].doors.push(door);
            }
            all.names.entry(service.name.clone()).or_default().push((service.space.clone(), parts));
        }
        // Knative gives its services their names itself.
        for workload in workloads.iter().filter(|workload| workload.object.is("serving.knative.dev", &["Service"])) {
            let object = &workload.object;
            all.names.entry(object.name.clone()).or_default().push((object.space.clone(), vec![workload.part]));
        }
        for entry in entries {
            let spec = entry.spec();
            let hosts = spec.and_then(|spec| spec.get("hosts")).map(|hosts| hosts.words()).unwrap_or_default();
            for (host, line) in hosts {
                let part = to.outside(Orchestrator::Kubernetes, host, &entry.at(line));
                all.outside.insert(host.to_lowercase(), part);
            }
        }
        all
    }

    /// The parts that a host names, seen from a namespace: `web`, `web.shop`, `web.shop.svc`,
    /// `web.shop.svc.cluster.local`, and a pod of any of these before it.
    pub(super) fn find(&self, space: Option<&str>, host: &str) -> Vec<usize> {
        if let Some(part) =
            self.outside.get(host).or_else(|| self.outside.get(&format!("*.{}", host.split_once('.')?.1)))
        {
            return vec![*part];
        }
        let short = host.strip_suffix(".svc.cluster.local").or_else(|| host.strip_suffix(".svc"));
        let is_sure = short.is_some();
        let labels: Vec<&str> = short.unwrap_or(host).split('.').collect();
        match labels[..] {
            [name] => self.named(name, |there| same_space(there, space)),
            // A pod of a stateful set, or a name with its namespace.
            [first, second] => {
                let fits = |there: Option<&str>| {
                    there == Some(second) || there.is_none() && (is_sure || space == Some(second))
                };
                let found = self.named(first, fits);
                if found.is_empty() { self.pod(first, second, |there| same_space(there, space)) } else { found }
            }
            [pod, name, space] => self.pod(pod, name, |there| there == Some(space) || there.is_none() && is_sure),
            _ => Vec::new(),
        }
    }

    /// A pod of a stateful set ends in a number (`db-0.db`).
    fn pod(&self, pod: &str, name: &str, fits: impl Fn(Option<&str>) -> bool) -> Vec<usize> {
        let is_pod = pod.rsplit_once('-').is_some_and(|(_, n)| n.parse::<u32>().is_ok());
        if is_pod { self.named(name, fits) } else { Vec::new() }
    }

    fn named(&self, name: &str, fits: impl Fn(Option<&str>) -> bool) -> Vec<usize> {
        let there = self.names.get(name).into_iter().flatten();
        there.filter(|(space, _)| fits(space.as_deref())).flat_map(|(_, parts)| parts.iter().copied()).collect()
    }
}

/// The parts behind a Service. One that no workload stands behind is a part itself.
fn behind(service: &Object, workloads: &[Workload], to: &mut Draft) -> Vec<usize> {
    let spec = service.spec();
    if let Some(host) = spec.and_then(|spec| spec.word("externalName")) {
        return vec![to.outside(Orchestrator::Kubernetes, &host.to_lowercase(), &service.here())];
    }
    let selector = labels(spec.and_then(|spec| spec.at(&["selector"])));
    let is_behind = |workload: &&Workload| {
        same_space(workload.object.space.as_deref(), service.space.as_deref()) && selects(&selector, &workload.labels)
    };
    let found: Vec<usize> = workloads.iter().filter(is_behind).map(|workload| workload.part).collect();
    if !found.is_empty() {
        return found;
    }
    to.parts.push(Part {
        system: Orchestrator::Kubernetes,
        space: service.space.clone(),
        name: service.name.clone(),
        kind: PartKind::Service,
        images: Vec::new(),
        doors: Vec::new(),
        at: service.here(),
    });
    vec![to.parts.len() - 1]
}

/// How a Service is reached from outside the cluster.
fn doors(service: &Object) -> Vec<Door> {
    let Some(spec) = service.spec() else { return Vec::new() };
    let kind = spec.word("type").unwrap_or("ClusterIP");
    let has_addresses = spec.get("externalIPs").is_some_and(|addresses| !addresses.items().is_empty());
    let kind = match kind {
        "LoadBalancer" | "NodePort" => kind,
        _ if has_addresses => "externalIPs",
        _ => return Vec::new(),
    };
    let ports = spec.get("ports").map_or(&[][..], |ports| ports.items());
    let shown: Vec<&str> = ports.iter().filter_map(|port| port.word("port")).collect();
    let what = format!("{kind} {}, port {}", service.name, shown.join(", "));
    vec![Door { what, at: service.here() }]
}
