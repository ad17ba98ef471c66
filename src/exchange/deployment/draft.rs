//! Parts and links while files are being read. It says when there are too many; what a file means is not known here.

use std::collections::{BTreeMap, BTreeSet};

use super::speech::Mention;
use super::{Deployment, How, Link, Orchestrator, Part, PartKind, Spot};
use crate::exchange::Loss;

/// The most objects (services, workloads, policies and the like) and hosts outside that are read. A model of so many
/// elements nobody draws.
pub const MOST_OBJECTS: usize = 5_000;

/// The most links.
pub const MOST_LINKS: usize = 50_000;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) parts: Vec<Part>,
    links: Vec<Link>,
    losses: Vec<Loss>,
    /// The parts that lie outside, by host.
    hosts: BTreeMap<(Orchestrator, String), usize>,
    objects: usize,
}

impl Draft {
    /// Counts an object; whether there is room for it.
    pub(super) fn has_room(&mut self) -> bool {
        self.objects += 1;
        self.objects <= MOST_OBJECTS
    }

    /// Whether there was more than is read.
    pub(super) fn is_full(&self) -> bool {
        self.objects > MOST_OBJECTS || self.links.len() > MOST_LINKS
    }

    /// The part of a system that is this host outside; it is added if it is not there.
    pub(super) fn outside(&mut self, system: Orchestrator, host: &str, at: &Spot) -> usize {
        if let Some(part) = self.hosts.get(&(system, host.to_owned())) {
            return *part;
        }
        self.has_room();
        let (space, images, doors) = (None, Vec::new(), Vec::new());
        let (name, kind, at) = (host.to_owned(), PartKind::Outside, at.clone());
        self.parts.push(Part { system, space, name, kind, images, doors, at });
        self.hosts.insert((system, host.to_owned()), self.parts.len() - 1);
        self.parts.len() - 1
    }

    /// Notes who speaks to whom; nobody speaks to himself.
    pub(super) fn link(&mut self, from: usize, to: usize, how: How, at: Spot) {
        if from != to && !self.is_full() {
            self.links.push(Link { from, to, how, at });
        }
    }

    /// Notes that a part speaks to the hosts of a text. A host that nothing of the files is lies outside, but for files,
    /// which name hosts for many reasons.
    pub(super) fn speak(
        &mut self,
        from: usize,
        mentions: &[Mention],
        how: &How,
        at: &Spot,
        find: impl Fn(&str) -> Vec<usize>,
    ) {
        let system = self.parts[from].system;
        for mention in mentions {
            if self.is_full() {
                return;
            }
            let mut found = find(&mention.host);
            if found.is_empty() && mention.is_outside() && !matches!(how, How::Config(_)) {
                found.push(self.outside(system, &mention.host, at));
            }
            for to in found {
                self.link(from, to, how.clone(), at.clone());
            }
        }
    }

    /// Notes what was not understood.
    pub(super) fn lose(&mut self, at: &Spot, what: &str, value: &str) {
        let short: String = value.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
        self.losses.push(Loss { where_: at.to_string(), what: what.to_owned(), value: short });
    }

    /// What was read, each link once.
    pub(super) fn done(mut self, mut files: Vec<(Orchestrator, usize)>) -> Deployment {
        files.sort();
        let mut seen = BTreeSet::new();
        self.links.retain(|link| seen.insert((link.from, link.to, link.how.clone(), link.at.clone())));
        Deployment { parts: self.parts, links: self.links, losses: self.losses, files }
    }
}
