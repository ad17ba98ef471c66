//! Kubernetes manifests as parts and links (Kubernetes API reference, kubernetes.io/docs/reference/kubernetes-api). What
//! has a pod template is a workload, whatever its kind. All files are one cluster: a Service of one file may stand for a
//! workload of another. What a Secret holds is not looked at.

mod policy;
mod route;
mod service;
mod workload;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::speech::of_file;
use super::yaml::Node;
use super::{Draft, How, Spot};
use service::Services;
use workload::Workload;

/// An object with what all of them have.
#[derive(Clone, Debug)]
struct Object {
    file: String,
    kind: String,
    /// The group of its `apiVersion`; empty for the core.
    group: String,
    space: Option<String>,
    name: String,
    /// The line of its name.
    line: usize,
    root: Rc<Node>,
}

impl Object {
    fn new(file: &str, root: &Rc<Node>) -> Self {
        let meta = root.get("metadata");
        let named = meta.and_then(|meta| meta.get("name").or_else(|| meta.get("generateName")));
        let version = root.word("apiVersion").unwrap_or_default();
        Self {
            file: file.to_owned(),
            kind: root.word("kind").unwrap_or_default().to_owned(),
            group: version.split_once('/').map_or("", |(group, _)| group).to_owned(),
            space: meta.and_then(|meta| meta.word("namespace")).map(str::to_owned),
            name: named.and_then(|name| name.text()).unwrap_or("without a name").to_owned(),
            line: named.map_or(root.line, |name| name.line),
            root: Rc::clone(root),
        }
    }

    fn at(&self, line: usize) -> Spot {
        Spot { file: self.file.clone(), line }
    }

    fn here(&self) -> Spot {
        self.at(self.line)
    }

    fn spec(&self) -> Option<&Node> {
        self.root.get("spec").map(Rc::as_ref)
    }

    fn is(&self, group: &str, kinds: &[&str]) -> bool {
        self.group == group && kinds.contains(&self.kind.as_str())
    }
}

/// Whether two namespaces may be the same one: where none is written, whoever applies the file chooses.
fn same_space(a: Option<&str>, b: Option<&str>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// Names and values that a thing is labelled with.
type Labels = Vec<(String, String)>;

fn labels(node: Option<&Node>) -> Labels {
    let pairs = node.map_or(&[][..], |node| node.pairs());
    pairs.iter().filter_map(|(key, value)| Some((key.name.clone(), value.text()?.to_owned()))).collect()
}

/// Whether labels have everything that is asked for, and anything is.
fn selects(wanted: &Labels, labels: &Labels) -> bool {
    !wanted.is_empty() && wanted.iter().all(|pair| labels.contains(pair))
}

/// The objects of all files.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    workloads: Vec<Workload>,
    services: Vec<Object>,
    /// What ConfigMaps hold, by namespace and name.
    configs: BTreeMap<(Option<String>, String), Rc<Node>>,
    outside: Vec<Object>,
    routes: Vec<Object>,
    policies: Vec<Object>,
}

impl Cluster {
    /// Adds an object.
    pub(super) fn add(&mut self, file: &str, root: &Rc<Node>, to: &mut Draft) {
        let object = Object::new(file, root);
        if !to.has_room() {
            return;
        }
        if let Some(workload) = Workload::of(&object) {
            self.workload(workload, to);
        } else if object.is("", &["Service"]) {
            self.services.push(object);
        } else if object.is("", &["ConfigMap"]) {
            if let Some(data) = root.get("data") {
                self.configs.insert((object.space.clone(), object.name.clone()), Rc::clone(data));
            }
        } else if object.is("networking.istio.io", &["ServiceEntry"]) {
            self.outside.push(object);
        } else if route::is_one(&object) {
            self.routes.push(object);
        } else if object.is("networking.k8s.io", &["NetworkPolicy"]) {
            self.policies.push(object);
        } else {
            let what = match object.kind.as_str() {
                "Kustomization" => "Kustomization: build it first, as with `kubectl kustomize`".to_owned(),
                kind => format!("{kind}: says nothing that is compared"),
            };
            to.lose(&object.here(), &what, &object.name);
        }
    }

    fn workload(&mut self, workload: Workload, to: &mut Draft) {
        let object = &workload.object;
        let is_it =
            |other: &Object| (&other.kind, &other.space, &other.name) == (&object.kind, &object.space, &object.name);
        match self.workloads.iter().find(|other| is_it(&other.object)) {
            Some(first) => {
                let what = format!("{} that comes twice; the one of {} counts", object.kind, first.object.here());
                to.lose(&object.here(), &what, &object.name);
            }
            None => self.workloads.push(workload),
        }
    }

    /// Makes parts and links of what was read.
    pub(super) fn finish(mut self, to: &mut Draft) {
        for workload in &mut self.workloads {
            workload.part = to.parts.len();
            to.parts.push(workload.part());
        }
        let services = Services::new(&self.services, &self.workloads, &self.outside, to);
        for workload in &self.workloads {
            self.speech(workload, &services, to);
        }
        route::follow(&self.routes, &services, to);
        for policy in &self.policies {
            policy::follow(policy, &self.workloads, to);
        }
    }

    fn speech(&self, workload: &Workload, services: &Services, to: &mut Draft) {
        let space = workload.object.space.as_deref();
        let find = |host: &str| services.find(space, host);
        let config = |name: &str| {
            let is_it = |(key, _): &(&(Option<String>, String), &Rc<Node>)| {
                key.1 == name && same_space(key.0.as_deref(), space)
            };
            self.configs.iter().find(is_it).map(|(_, data)| Rc::clone(data))
        };
        let said = workload.said(&config, to);
        for (mentions, how, at) in said {
            to.speak(workload.part, &mentions, &how, &at, find);
        }
        for (name, at) in workload.mounted() {
            let Some(data) = config(&name) else {
                to.lose(&at, "ConfigMap that is in none of the files", &name);
                continue;
            };
            for text in data.pairs().iter().filter_map(|(_, node)| node.text()) {
                to.speak(workload.part, &of_file(text), &How::Config(name.clone()), &at, find);
            }
        }
    }
}
