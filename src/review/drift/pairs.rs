//! Which element is which part of a deployment. What an element says in `deployed` is all there is to it; of one that says
//! nothing the id is looked for, then id and name without regard to how they are written, and only where one element and
//! one part can be meant. An external entity is a part only where it says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::exchange::deployment::{Deployment, Orchestrator};
use crate::model::{Element, ElementKind, Id, ThreatModel};

/// Elements and parts that are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// By part, its elements in order.
    pub of_part: Vec<Vec<Id>>,
    /// By element, its parts in order.
    pub of_element: BTreeMap<Id, Vec<usize>>,
    /// By element, what `deployed` says and no part is.
    pub gone: BTreeMap<Id, Vec<String>>,
    /// By part without an element, the elements that it may be by its name, where that is not clear.
    pub unclear: BTreeMap<usize, Vec<Id>>,
}

/// Ends of names that say nothing.
const ENDS: &[&str] = &["services", "service", "svc"];

/// A name without regard to how it is written: capitals, hyphens, and a `service` at its end.
fn plain(name: &str) -> String {
    let kept: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let end = ENDS.iter().find(|end| kept.len() > end.len() && kept.ends_with(**end));
    end.map_or(kept.clone(), |end| kept[..kept.len() - end.len()].to_owned())
}

/// What `deployed` names: a system, a namespace, and a name.
struct Named<'t> {
    system: Option<Orchestrator>,
    space: Option<&'t str>,
    name: &'t str,
}

fn named(text: &str) -> Named<'_> {
    let system = |word: &str| Orchestrator::ALL.iter().find(|system| system.word() == word).copied();
    let split = text.split_once(':').and_then(|(word, rest)| Some((system(word)?, rest)));
    let (system, rest) = split.map_or((None, text), |(system, rest)| (Some(system), rest));
    let (space, name) = rest.split_once('/').map_or((None, rest), |(space, name)| (Some(space), name));
    Named { system, space, name }
}

/// The pairs of a model and a deployment.
pub(super) fn pairs(model: &ThreatModel, deployment: &Deployment) -> Pairs {
    let mut pairs = Pairs { of_part: vec![Vec::new(); deployment.parts.len()], ..Pairs::default() };
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, part) in deployment.parts.iter().enumerate() {
        by_name.entry(&part.name).or_default().push(n);
    }
    for (id, element) in &model.elements {
        for text in element.deployed.iter().flatten() {
            pairs.stated(id, text, deployment, &by_name);
        }
    }
    // Whoever only has the name of a part is not the part: what runs is no person and no system outside.
    let is_ours = |element: &Element| element.kind != ElementKind::ExternalEntity;
    let silent: Vec<(&Id, &Element)> =
        model.elements.iter().filter(|(_, e)| e.deployed.is_none() && is_ours(e)).collect();
    for (id, _) in &silent {
        for part in by_name.get(id.as_str()).into_iter().flatten() {
            if pairs.of_part[*part].is_empty() {
                pairs.join(id, *part);
            }
        }
    }
    pairs.alike(&silent, deployment);
    pairs
}

impl Pairs {
    fn join(&mut self, id: &Id, part: usize) {
        if !self.of_part[part].contains(id) {
            self.of_part[part].push(id.clone());
            self.of_element.entry(id.clone()).or_default().push(part);
        }
    }

    /// What an element says itself.
    fn stated(&mut self, id: &Id, text: &str, deployment: &Deployment, by_name: &BTreeMap<&str, Vec<usize>>) {
        let named = named(text);
        let is_it = |n: &&usize| {
            let part = &deployment.parts[**n];
            named.system.is_none_or(|system| part.system == system)
                && (named.space.is_none() || named.space == part.space.as_deref())
        };
        let found: Vec<usize> = by_name.get(named.name).into_iter().flatten().filter(is_it).copied().collect();
        // What belongs to files that were not read cannot be missed.
        let is_read = named.system.is_none_or(|system| deployment.files.iter().any(|(read, _)| *read == system));
        if found.is_empty() && is_read {
            self.gone.entry(id.clone()).or_default().push(text.to_owned());
        }
        for part in found {
            self.join(id, part);
        }
    }

    /// What is written alike, where it is clear what is meant.
    fn alike(&mut self, silent: &[(&Id, &Element)], deployment: &Deployment) {
        let mut elements: BTreeMap<String, BTreeSet<&Id>> = BTreeMap::new();
        for (id, element) in silent {
            for name in [plain(id.as_str()), plain(&element.name)].into_iter().filter(|name| !name.is_empty()) {
                elements.entry(name).or_default().insert(id);
            }
        }
        let mut names: BTreeMap<(Orchestrator, String), BTreeSet<&str>> = BTreeMap::new();
        for part in &deployment.parts {
            names.entry((part.system, plain(&part.name))).or_default().insert(&part.name);
        }
        // Decided on what is joined by id, so that the order of parts is no matter.
        let is_taken: BTreeSet<(Id, Orchestrator)> = self
            .of_element
            .iter()
            .flat_map(|(id, parts)| parts.iter().map(|n| (id.clone(), deployment.parts[*n].system)))
            .collect();
        for (n, part) in deployment.parts.iter().enumerate() {
            let name = plain(&part.name);
            let Some(alike) = elements.get(&name).filter(|_| self.of_part[n].is_empty()) else { continue };
            let is_one_name = names.get(&(part.system, name)).is_some_and(|names| names.len() == 1);
            let first = alike.iter().next().copied();
            match first
                .filter(|id| alike.len() == 1 && is_one_name && !is_taken.contains(&((*id).clone(), part.system)))
            {
                Some(id) => self.join(id, n),
                None => {
                    self.unclear.insert(n, alike.iter().map(|id| (*id).clone()).collect());
                }
            }
        }
    }
}
