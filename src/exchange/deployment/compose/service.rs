//! One service of a compose file, field by field (Compose Specification, "Services"). A field is read, says nothing about
//! who speaks to whom, or is told as lost.

use std::rc::Rc;

use super::super::interpolate::{interpolated, unset};
use super::super::ports::published;
use super::super::speech::{Mention, is_hint, of_command, of_variable};
use super::super::yaml::{Key, Node};
use super::super::{Door, Draft, How, Spot};

/// Fields that say nothing about who speaks to whom.
const QUIET: &str = "\
    annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent cpu_count cpu_percent cpu_period cpu_quota \
    cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec deploy develop device_cgroup_rules devices \
    dns dns_opt dns_search domainname driver_opts expose extends gpus group_add healthcheck init isolation logging \
    mac_address mem_limit mem_reservation mem_swappiness memswap_limit oom_kill_disable oom_score_adj pids_limit \
    platform post_start pre_stop privileged profiles pull_policy read_only restart runtime scale secrets \
    security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits \
    use_api_socket user userns_mode uts volumes working_dir";

/// Labels that a proxy reads, so that they may be a route.
const ROUTES: &[&str] = &["traefik.", "caddy", "VIRTUAL_HOST"];

/// A service. Other services are names until all files are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) at: Spot,
    pub(super) image: Option<String>,
    pub(super) doors: Vec<Door>,
    /// What others can call it.
    pub(super) hosts: Vec<String>,
    /// What it calls others: the name it uses, and the service.
    pub(super) called: Vec<(String, String)>,
    /// Services that a field names.
    pub(super) names: Vec<(String, How, Spot)>,
    /// Hosts that texts name.
    pub(super) speech: Vec<(Vec<Mention>, How, Spot)>,
    /// Configurations that it is given.
    pub(super) configs: Vec<(String, Spot)>,
}

impl Service {
    pub(super) fn new(name: &str, at: Spot) -> Self {
        Self { name: name.to_owned(), at, hosts: vec![name.to_lowercase()], ..Self::default() }
    }

    /// Adds what a file says about it.
    pub(super) fn read(&mut self, file: &str, node: &Node, to: &mut Draft) {
        for (key, value) in node.pairs() {
            let at = Spot { file: file.to_owned(), line: key.line };
            match key.name.as_str() {
                "image" => self.image = value.text().map(interpolated).or(self.image.take()),
                "build" => {
                    let folder = value.text().or_else(|| value.word("context")).unwrap_or(".");
                    self.image.get_or_insert_with(|| format!("built from {}", interpolated(folder)));
                }
                "ports" => self.ports(file, value),
                "container_name" | "hostname" => {
                    self.hosts.extend(value.text().map(|host| interpolated(host).to_lowercase()));
                }
                "networks" => self.networks(value),
                "environment" => self.environment(file, value, to),
                "command" | "entrypoint" => self.command(&at, value, &key.name, to),
                "configs" => {
                    let name = |item: &Node| item.text().or_else(|| item.word("source")).map(str::to_owned);
                    self.configs.extend(value.items().iter().filter_map(|item| name(item)).map(|n| (n, at.clone())));
                }
                "labels" => routes(file, value, to),
                name if QUIET.split(' ').any(|quiet| quiet == name) || name.starts_with("x-") => {}
                name => self.joined(name, file, value, &at, to),
            }
        }
    }

    /// Fields that name other services, and those that cannot be read.
    fn joined(&mut self, name: &str, file: &str, value: &Node, at: &Spot, to: &mut Draft) {
        let spot = |line: usize| Spot { file: file.to_owned(), line };
        match name {
            "depends_on" => {
                let pairs = value.pairs().iter().map(|(key, _)| (key.name.as_str(), key.line));
                for (other, line) in pairs.chain(value.words()) {
                    self.names.push((other.to_owned(), How::DependsOn, spot(line)));
                }
            }
            "links" => {
                for (link, line) in value.words() {
                    let (other, alias) = link.split_once(':').unwrap_or((link, link));
                    self.called.push((alias.to_lowercase(), other.to_owned()));
                    self.names.push((other.to_owned(), How::Field("links"), spot(line)));
                }
            }
            "volumes_from" => {
                for (text, line) in value.words().into_iter().filter(|(text, _)| !text.starts_with("container:")) {
                    let other = text.split(':').next().unwrap_or(text);
                    self.names.push((other.to_owned(), How::Field("volumes_from"), spot(line)));
                }
            }
            "network_mode" | "pid" | "ipc" => {
                let field = ["network_mode", "pid", "ipc"].into_iter().find(|field| *field == name).unwrap_or("");
                if let Some(other) = value.text().and_then(|text| text.strip_prefix("service:")) {
                    self.names.push((other.to_owned(), How::Field(field), at.clone()));
                } else if name == "network_mode" && value.text() == Some("host") {
                    self.doors.push(Door { what: "the network of the machine".to_owned(), at: at.clone() });
                }
            }
            "external_links" | "extra_hosts" | "env_file" | "label_file" | "models" | "provider" => {
                let words: Vec<String> = value.words().into_iter().map(|(word, _)| interpolated(word)).collect();
                to.lose(at, &format!("`{name}` of a service, not read"), &words.join(", "));
            }
            _ => to.lose(at, &format!("field `{name}` of a service, not known"), value.text().unwrap_or_default()),
        }
    }

    fn ports(&mut self, file: &str, value: &Node) {
        for port in value.items() {
            if let Some(shown) = published(port) {
                let door = Door { what: format!("port {shown}"), at: Spot { file: file.to_owned(), line: port.line } };
                self.doors.push(door);
            }
        }
    }

    /// Aliases and fixed addresses are what others can call it.
    fn networks(&mut self, value: &Node) {
        for (_, network) in value.pairs() {
            let aliases = network.get("aliases").map(|aliases| aliases.words()).unwrap_or_default();
            let addresses = ["ipv4_address", "ipv6_address"].into_iter().filter_map(|name| network.word(name));
            let all = aliases.into_iter().map(|(alias, _)| alias).chain(addresses);
            self.hosts.extend(all.map(|host| interpolated(host).to_lowercase()));
        }
    }

    fn environment(&mut self, file: &str, value: &Node, to: &mut Draft) {
        let pairs: Vec<(String, Option<String>, usize)> = if value.is_map() {
            let pair = |(key, node): &(Key, Rc<Node>)| (key.name.clone(), node.text().map(str::to_owned), key.line);
            value.pairs().iter().map(pair).collect()
        } else {
            let split = |(item, line): (&str, usize)| match item.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned()), line),
                None => (item.to_owned(), None, line),
            };
            value.words().into_iter().map(split).collect()
        };
        for (name, value, line) in pairs {
            let at = Spot { file: file.to_owned(), line };
            let Some(value) = value.map(|value| interpolated(&value)) else {
                if is_hint(&name) {
                    to.lose(&at, UNSET, &name);
                }
                continue;
            };
            missing(&value, is_hint(&name) || value.contains("://"), &at, to);
            self.speech.push((of_variable(&name, &value), How::Variable(name), at));
        }
    }

    fn command(&mut self, at: &Spot, value: &Node, name: &str, to: &mut Draft) {
        let words: Vec<String> = value.words().into_iter().map(|(word, _)| interpolated(word)).collect();
        let text = words.join(" ");
        missing(&text, text.contains("://"), at, to);
        let how = if name == "command" { How::Argument } else { How::Field("entrypoint") };
        self.speech.push((of_command(&text), how, at.clone()));
    }
}

/// What is said of a variable of the surroundings.
const UNSET: &str = "variable that is set outside the files and may name a host";

/// Tells the variables that nothing sets, where a host may be meant.
fn missing(text: &str, may_be_host: bool, at: &Spot, to: &mut Draft) {
    if may_be_host {
        for name in unset(text).into_iter().filter(|name| is_hint(name)) {
            to.lose(at, UNSET, name);
        }
    }
}

fn routes(file: &str, value: &Node, to: &mut Draft) {
    let keys = value.pairs().iter().map(|(key, _)| (key.name.as_str(), key.line));
    for (label, line) in keys.chain(value.words()).filter(|(l, _)| ROUTES.iter().any(|route| l.starts_with(route))) {
        to.lose(&Spot { file: file.to_owned(), line }, "label that a proxy may read as a route", label);
    }
}
