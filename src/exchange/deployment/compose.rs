//! Compose files as parts and links (the Compose Specification, github.com/compose-spec/compose-spec). Several files are
//! one project, as `docker compose -f A -f B` has it: what a later one says of a service is added to it.

mod service;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::speech::of_file;
use super::yaml::Node;
use super::{Draft, How, Orchestrator, Part, PartKind, Spot};
use service::Service;

/// Sections of a file that say nothing about who speaks to whom. What begins with `x-` belongs to its author.
const QUIET: &[&str] = &["version", "name", "services", "networks", "volumes", "secrets", "configs"];

/// How long a chain of `extends` may be.
const LONGEST: usize = 16;

/// The services of all files.
#[derive(Debug, Default)]
pub(super) struct Project {
    services: Vec<Service>,
    /// Contents that files give configurations, by their names.
    configs: BTreeMap<String, (String, Spot)>,
}

impl Project {
    /// Adds a file.
    pub(super) fn add(&mut self, file: &str, root: &Node, to: &mut Draft) {
        let at = |line: usize| Spot { file: file.to_owned(), line };
        for (key, node) in root.pairs() {
            let what = match key.name.as_str() {
                "include" => "other files, which have to be named too",
                name if QUIET.contains(&name) || name.starts_with("x-") => continue,
                _ => "section that is not known",
            };
            let named: Vec<&str> = node.words().into_iter().map(|(word, _)| word).collect();
            to.lose(&at(key.line), &format!("`{}`: {what}", key.name), &named.join(", "));
        }
        for (key, config) in root.get("configs").map_or(&[][..], |configs| configs.pairs()) {
            if let Some(content) = config.word("content") {
                self.configs.insert(key.name.clone(), (content.to_owned(), at(config.line)));
            } else if let Some(path) = config.word("file") {
                to.lose(&at(config.line), "file of a configuration, not read", path);
            }
        }
        let services = root.get("services").map_or(&[][..], |services| services.pairs());
        for (key, node) in services {
            let known = self.services.iter().position(|service| service.name == key.name);
            if known.is_none() && !to.has_room() {
                return;
            }
            let n = known.unwrap_or_else(|| {
                self.services.push(Service::new(&key.name, at(key.line)));
                self.services.len() - 1
            });
            for node in chain(node, root, file, to) {
                self.services[n].read(file, node, to);
            }
        }
    }

    /// Makes parts and links of what was read.
    pub(super) fn finish(self, to: &mut Draft) {
        let first = to.parts.len();
        for service in &self.services {
            to.parts.push(Part {
                system: Orchestrator::Compose,
                space: None,
                name: service.name.clone(),
                kind: PartKind::Container,
                images: service.image.iter().cloned().collect(),
                doors: service.doors.clone(),
                at: service.at.clone(),
            });
        }
        let mut hosts: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (n, service) in self.services.iter().enumerate() {
            for host in &service.hosts {
                hosts.entry(host).or_default().insert(first + n);
            }
        }
        let by_name = |name: &str| self.services.iter().position(|other| other.name == name).map(|n| first + n);
        for (n, service) in self.services.iter().enumerate() {
            let from = first + n;
            for (name, how, at) in &service.names {
                match by_name(name) {
                    Some(other) => to.link(from, other, how.clone(), at.clone()),
                    None => to.lose(at, &format!("{how}: a service that is in none of the files"), name),
                }
            }
            let find = |host: &str| -> Vec<usize> {
                // What a service calls another comes before what that is called.
                let own = service.called.iter().find(|(alias, _)| alias == host).and_then(|(_, name)| by_name(name));
                own.map_or_else(|| hosts.get(host).into_iter().flatten().copied().collect(), |n| vec![n])
            };
            for (mentions, how, at) in &service.speech {
                to.speak(from, mentions, how, at, find);
            }
            for (config, at) in &service.configs {
                if let Some((content, _)) = self.configs.get(config) {
                    to.speak(from, &of_file(content), &How::Config(config.clone()), at, find);
                }
            }
        }
    }
}

/// A service with those that it extends, the outermost one first.
fn chain<'n>(node: &'n Rc<Node>, root: &'n Node, file: &str, to: &mut Draft) -> Vec<&'n Node> {
    let mut chain: Vec<&Node> = vec![node];
    let mut at = node;
    while let Some(extends) = at.get("extends") {
        let name = extends.text().or_else(|| extends.word("service")).unwrap_or_default();
        let base = root.get("services").and_then(|services| services.get(name));
        let spot = Spot { file: file.to_owned(), line: extends.line };
        if let Some(other) = extends.word("file") {
            to.lose(&spot, "`extends`: a service of another file, not read", &format!("{name} of {other}"));
            break;
        }
        let Some(base) =
            base.filter(|base| chain.len() < LONGEST && chain.iter().all(|one| !std::ptr::eq(*one, Rc::as_ptr(base))))
        else {
            to.lose(&spot, "`extends`: a service that is in none of the files, or itself", name);
            break;
        };
        chain.push(base);
        at = base;
    }
    chain.reverse();
    chain
}
