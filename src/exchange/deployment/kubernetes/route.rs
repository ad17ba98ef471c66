//! Ways in: Ingress, the Gateway API's Gateway and routes, Istio's Gateway and VirtualService. What a route leads to is
//! followed; what it does on the way (paths, weights, rewriting) is not looked at.

use std::rc::Rc;

use super::super::yaml::Node;
use super::super::{Door, Draft, How, Orchestrator, Part, PartKind};
use super::service::Services;
use super::{Object, same_space};

/// The Gateway API's routes.
const ROUTES: &[&str] = &["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"];
const GATEWAY_API: &str = "gateway.networking.k8s.io";
const ISTIO: &str = "networking.istio.io";

fn is_ingress(object: &Object) -> bool {
    object.is("networking.k8s.io", &["Ingress"]) || object.is("extensions", &["Ingress"])
}

fn is_gateway(object: &Object) -> bool {
    object.is(GATEWAY_API, &["Gateway"]) || object.is(ISTIO, &["Gateway"])
}

/// Whether an object is about ways in.
pub(super) fn is_one(object: &Object) -> bool {
    is_ingress(object) || is_gateway(object) || object.is(GATEWAY_API, ROUTES) || object.is(ISTIO, &["VirtualService"])
}

/// Makes parts of doors, and links of where they lead.
pub(super) fn follow(objects: &[Object], services: &Services, to: &mut Draft) {
    let mut gateways: Vec<(&Object, usize)> = Vec::new();
    for object in objects.iter().filter(|object| is_gateway(object) || is_ingress(object)) {
        let part = door(object, to);
        if is_gateway(object) {
            gateways.push((object, part));
            continue;
        }
        for backend in backends(object) {
            lead(&[part], object, &backend, services, to);
        }
    }
    for object in objects.iter().filter(|object| !is_gateway(object) && !is_ingress(object)) {
        let mut from: Vec<usize> = Vec::new();
        let mut is_outside = false;
        for (space, name) in parents(object) {
            let is_it = |gateway: &&(&Object, usize)| {
                gateway.0.name == name
                    && same_space(gateway.0.space.as_deref(), space.as_deref().or(object.space.as_deref()))
            };
            match gateways.iter().find(is_it) {
                Some((_, part)) => from.push(*part),
                None => is_outside = true,
            }
        }
        // The gateway is in none of the files, but it is there.
        if is_outside && from.is_empty() {
            from.push(door(object, to));
        }
        if from.is_empty() {
            to.lose(
                &object.here(),
                &format!("{} of no gateway: says nothing that is compared", object.kind),
                &object.name,
            );
        }
        for backend in backends(object) {
            lead(&from, object, &backend, services, to);
        }
    }
}

fn door(object: &Object, to: &mut Draft) -> usize {
    let spec = object.spec();
    let lists = ["rules", "servers", "listeners"].into_iter().filter_map(|name| spec?.get(name));
    let mut hosts: Vec<&str> = Vec::new();
    for item in lists.flat_map(|list| list.items()) {
        hosts.extend(["host", "hostname"].into_iter().filter_map(|name| item.word(name)));
        hosts
            .extend(item.get("hosts").map(|hosts| hosts.words()).unwrap_or_default().into_iter().map(|(host, _)| host));
    }
    let own = ["hosts", "hostnames"].into_iter().filter_map(|name| spec?.get(name)).flat_map(|hosts| hosts.words());
    hosts.extend(own.map(|(host, _)| host));
    hosts.sort_unstable();
    hosts.dedup();
    let hosts = if hosts.is_empty() { String::new() } else { format!(", host {}", hosts.join(", ")) };
    let what = format!("{} {}{hosts}", object.kind, object.name);
    to.parts.push(Part {
        system: Orchestrator::Kubernetes,
        space: object.space.clone(),
        name: object.name.clone(),
        kind: PartKind::Door(object.kind.clone()),
        images: Vec::new(),
        doors: vec![Door { what, at: object.here() }],
        at: object.here(),
    });
    to.parts.len() - 1
}

/// The gateways that a route belongs to: namespace and name. Istio's `mesh` is no gateway but every proxy.
fn parents(object: &Object) -> Vec<(Option<String>, String)> {
    let Some(spec) = object.spec() else { return Vec::new() };
    let refs = spec.get("parentRefs").map_or(&[][..], |refs| refs.items()).iter();
    let refs =
        refs.filter_map(|parent| Some((parent.word("namespace").map(str::to_owned), parent.word("name")?.to_owned())));
    let named = spec.get("gateways").map(|gateways| gateways.words()).unwrap_or_default();
    let named = named.into_iter().filter(|(name, _)| *name != "mesh").map(|(name, _)| match name.split_once('/') {
        Some((space, name)) => (Some(space.to_owned()), name.to_owned()),
        None => (None, name.to_owned()),
    });
    refs.chain(named).collect()
}

/// A host that a route leads to.
struct Backend {
    host: String,
    space: Option<String>,
    line: usize,
}

fn lead(from: &[usize], object: &Object, backend: &Backend, services: &Services, to: &mut Draft) {
    let at = object.at(backend.line);
    let space = backend.space.as_deref().or(object.space.as_deref());
    let found = services.find(space, &backend.host.to_lowercase());
    if found.is_empty() {
        let what = format!("{} to a service that is in none of the files", object.kind);
        to.lose(&at, &what, &backend.host);
    }
    for part in found {
        for door in from {
            to.link(*door, part, How::Route, at.clone());
        }
    }
}

/// Everything that a route leads to, wherever in it that stands.
fn backends(object: &Object) -> Vec<Backend> {
    let mut found = Vec::new();
    if let Some(spec) = object.spec() {
        gather(spec, &mut found);
    }
    found
}

fn gather(node: &Node, found: &mut Vec<Backend>) {
    for (key, value) in node.pairs() {
        let (host, space) = match key.name.as_str() {
            // Ingress, before and since networking.k8s.io/v1.
            "serviceName" => (value.text(), None),
            "service" => (value.word("name"), None),
            // VirtualService.
            "destination" => (value.word("host"), None),
            _ => (None, None),
        };
        match host {
            Some(host) => found.push(Backend { host: host.to_owned(), space, line: value.line }),
            None if key.name == "backendRefs" => {
                found.extend(value.items().iter().filter_map(backend_ref));
            }
            None => gather(value, found),
        }
    }
    for item in node.items() {
        gather(item, found);
    }
}

fn backend_ref(item: &Rc<Node>) -> Option<Backend> {
    let is_service = item.word("kind").is_none_or(|kind| kind == "Service");
    let host = item.word("name").filter(|_| is_service)?.to_owned();
    Some(Backend { host, space: item.word("namespace").map(str::to_owned), line: item.line })
}
