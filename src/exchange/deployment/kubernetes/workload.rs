//! What has a pod template: Pod, Deployment, StatefulSet, DaemonSet, Job, CronJob, and whatever else of anybody's kind has
//! containers there. Containers of one pod are one part.

use std::rc::Rc;

use super::super::speech::{Mention, is_hint, of_command, of_variable};
use super::super::yaml::Node;
use super::super::{Door, Draft, How, Orchestrator, Part, PartKind, Spot};
use super::{Labels, Object, labels};

/// Where a pod's specification is, and its labels, from the top of the object.
const TEMPLATES: &[(&[&str], &[&str])] = &[
    (&["spec", "template", "spec"], &["spec", "template", "metadata", "labels"]),
    (
        &["spec", "jobTemplate", "spec", "template", "spec"],
        &["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
    ),
    (&["spec"], &["metadata", "labels"]),
];

/// A workload.
#[derive(Clone, Debug)]
pub(super) struct Workload {
    pub(super) object: Object,
    pub(super) labels: Labels,
    /// Its place among the parts, once it has one.
    pub(super) part: usize,
    /// The way to its pod's specification.
    way: &'static [&'static str],
}

/// What a workload says: hosts, how, and where.
type Said = Vec<(Vec<Mention>, How, Spot)>;

impl Workload {
    /// The workload that an object is, if it is one.
    pub(super) fn of(object: &Object) -> Option<Self> {
        let has_pod = |way: &[&str]| object.root.at(way).is_some_and(|spec| !containers(spec, "containers").is_empty());
        let (way, marks) = TEMPLATES.iter().find(|(way, _)| has_pod(way))?;
        Some(Self { object: object.clone(), labels: labels(object.root.at(marks)), part: 0, way })
    }

    fn pod(&self) -> Option<&Node> {
        self.object.root.at(self.way)
    }

    /// Containers in order, those that run first and end among the last.
    fn containers(&self) -> Vec<&Rc<Node>> {
        let of = |name| self.pod().map_or(&[][..], |pod| containers(pod, name));
        of("containers").iter().chain(of("initContainers")).collect()
    }

    pub(super) fn part(&self) -> Part {
        let images = self.containers().into_iter().filter_map(|container| container.word("image")).map(str::to_owned);
        Part {
            system: Orchestrator::Kubernetes,
            space: self.object.space.clone(),
            name: self.object.name.clone(),
            kind: PartKind::Workload(self.object.kind.clone()),
            images: images.collect(),
            doors: self.doors(),
            at: self.object.here(),
        }
    }

    /// Ports of the machine that it takes.
    fn doors(&self) -> Vec<Door> {
        let is_host = self.pod().and_then(|pod| pod.word("hostNetwork")) == Some("true");
        let mut doors = Vec::new();
        for container in self.containers() {
            for port in container.get("ports").map_or(&[][..], |ports| ports.items()) {
                let taken = port.word("hostPort").or_else(|| port.word("containerPort").filter(|_| is_host));
                if let Some(number) = taken {
                    doors.push(Door { what: format!("port {number} of the node"), at: self.object.at(port.line) });
                }
            }
        }
        doors
    }

    /// What its variables, commands and arguments name. `config` gives what a ConfigMap holds.
    pub(super) fn said(&self, config: &dyn Fn(&str) -> Option<Rc<Node>>, to: &mut Draft) -> Said {
        let mut said = Vec::new();
        for container in self.containers() {
            for field in ["command", "args"] {
                if let Some(node) = container.get(field) {
                    let words: Vec<&str> = node.words().into_iter().map(|(word, _)| word).collect();
                    said.push((of_command(&words.join(" ")), How::Argument, self.object.at(node.line)));
                }
            }
            for variable in container.get("env").map_or(&[][..], |env| env.items()) {
                said.extend(self.variable(variable, config, to));
            }
            for source in container.get("envFrom").map_or(&[][..], |env| env.items()) {
                said.extend(self.source(source, config, to));
            }
        }
        said
    }

    fn variable(
        &self,
        variable: &Node,
        config: &dyn Fn(&str) -> Option<Rc<Node>>,
        to: &mut Draft,
    ) -> Option<(Vec<Mention>, How, Spot)> {
        let name = variable.word("name")?;
        let at = self.object.at(variable.line);
        if let Some(value) = variable.word("value") {
            return Some((of_variable(name, value), How::Variable(name.to_owned()), at));
        }
        let from = variable.get("valueFrom")?;
        if let Some(key) = from.get("configMapKeyRef") {
            let data = config(key.word("name").unwrap_or_default());
            let value = data.as_ref().and_then(|data| data.word(key.word("key").unwrap_or_default()));
            match value {
                Some(value) => return Some((of_variable(name, value), How::Variable(name.to_owned()), at)),
                None if is_hint(name) => to.lose(&at, "variable of a ConfigMap that is in none of the files", name),
                None => {}
            }
        } else if from.get("secretKeyRef").is_some() && is_hint(name) {
            to.lose(&at, "variable of a Secret, which may name a host", name);
        }
        None
    }

    /// All variables of a ConfigMap.
    fn source(&self, source: &Node, config: &dyn Fn(&str) -> Option<Rc<Node>>, to: &mut Draft) -> Said {
        let at = self.object.at(source.line);
        if let Some(name) = source.at(&["secretRef"]).and_then(|secret| secret.word("name")) {
            to.lose(&at, "variables of a Secret, not read", name);
        }
        let Some(name) = source.at(&["configMapRef"]).and_then(|map| map.word("name")) else { return Vec::new() };
        let Some(data) = config(name) else {
            to.lose(&at, "ConfigMap that is in none of the files", name);
            return Vec::new();
        };
        let said = |key: &str, value: &str| (of_variable(key, value), How::Variable(key.to_owned()), at.clone());
        data.pairs().iter().filter_map(|(key, node)| Some(said(&key.name, node.text()?))).collect()
    }

    /// The ConfigMaps that it is given as files.
    pub(super) fn mounted(&self) -> Vec<(String, Spot)> {
        let volumes = self.pod().and_then(|pod| pod.get("volumes")).map_or(&[][..], |volumes| volumes.items());
        let projected = |volume: &Node| -> Vec<Rc<Node>> {
            volume.at(&["projected", "sources"]).map_or(Vec::new(), |sources| sources.items().to_vec())
        };
        let mut mounted = Vec::new();
        for volume in volumes {
            for source in std::iter::once(Rc::clone(volume)).chain(projected(volume)) {
                if let Some(name) = source.get("configMap").and_then(|map| map.word("name")) {
                    mounted.push((name.to_owned(), self.object.at(source.line)));
                }
            }
        }
        mounted
    }
}

fn containers<'n>(pod: &'n Node, field: &str) -> &'n [Rc<Node>] {
    pod.get(field).map_or(&[], |containers| containers.items())
}
