//! Ids that other ids are mentioned by: each leads to a thing of the right kind, and boundaries do not nest in circles.
//! Facts and decisions are not looked at.

use std::collections::BTreeMap;

use super::{Check, at};
use crate::diagnostic::Diagnostic;
use crate::model::{Id, Thing};

/// The sections whose entries share their ids.
pub(super) const THINGS: [&str; 4] = ["boundaries", "assets", "elements", "flows"];

/// What a mention may lead to.
#[derive(Clone, Copy)]
enum Target {
    Boundary,
    Asset,
    Flow,
    End,
    Subject,
    Anything,
}

impl Target {
    fn accepts(self, thing: Thing<'_>) -> bool {
        match self {
            Self::Boundary => matches!(thing, Thing::Boundary(_)),
            Self::Asset => matches!(thing, Thing::Asset(_)),
            Self::Flow => matches!(thing, Thing::Flow(_)),
            Self::End => matches!(thing, Thing::Element(_) | Thing::Boundary(_)),
            Self::Subject => !matches!(thing, Thing::Asset(_)),
            Self::Anything => true,
        }
    }

    /// The sections that things of this kind stand in.
    const fn sections(self) -> &'static [&'static str] {
        match self {
            Self::Boundary => &["boundaries"],
            Self::Asset => &["assets"],
            Self::Flow => &["flows"],
            Self::End => &["elements", "boundaries"],
            Self::Subject => &["elements", "flows", "boundaries"],
            Self::Anything => &THINGS,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Boundary => "a boundary",
            Self::Asset => "an asset",
            Self::Flow => "a flow",
            Self::End => "an element or boundary",
            Self::Subject => "an element, flow or boundary",
            Self::Anything => "a thing",
        }
    }
}

impl<'m> Check<'m> {
    pub(super) fn references(&mut self) {
        let model = self.model;
        for (id, boundary) in &model.boundaries {
            self.one(&["boundaries", id.as_str(), "inside"], boundary.inside.as_ref(), Target::Boundary);
            if let Some(trust) = boundary.trust.filter(|trust| *trust > 100) {
                let path = ["boundaries", id.as_str(), "trust"];
                self.error(
                    "trust-range",
                    &path,
                    format!("a trust of {trust} is beyond 100"),
                    "0 is the open internet, 100 the innermost vault",
                );
            }
        }
        self.cycles();
        for (id, element) in &model.elements {
            let id = id.as_str();
            self.one(&["elements", id, "inside"], element.inside.as_ref(), Target::Boundary);
            self.many(&["elements", id, "stores"], element.stores.as_deref(), Target::Asset);
            self.many(&["elements", id, "processes"], element.processes.as_deref(), Target::Asset);
            self.technology(id, element.tech.as_deref().unwrap_or_default());
        }
        for (id, flow) in &model.flows {
            let name = id.as_str();
            for (end, there) in [("from", &flow.from), ("to", &flow.to)] {
                self.one(&["flows", name, end], there.as_ref(), Target::End);
                if there.is_none() {
                    let help = format!("write {end}: with the id of an element");
                    self.warning("loose-end", &["flows", name, end], format!("the flow `{id}` has no `{end}`"), help);
                }
            }
            self.one(&["flows", name, "response_of"], flow.response_of.as_ref(), Target::Flow);
            if flow.response_of.as_ref() == Some(id) {
                let help = "name the request that it answers";
                self.error(
                    "self-response",
                    &["flows", name, "response_of"],
                    format!("the flow `{id}` answers itself"),
                    help,
                );
            }
            self.many(&["flows", name, "carries"], flow.carries.as_deref(), Target::Asset);
        }
        for (id, mitigation) in &model.mitigations {
            for (n, provides) in mitigation.provides.iter().enumerate() {
                let path = ["mitigations", id.as_str(), "provides", &n.to_string(), "on"];
                self.many(&path, Some(&provides.on), Target::Subject);
            }
        }
        for (id, diagram) in &model.diagrams {
            self.many(&["diagrams", id.as_str(), "shows"], diagram.shows.as_deref(), Target::Anything);
            let before = self.found.len();
            for pinned in diagram.pins.keys() {
                if self.is_enough(before) {
                    break;
                }
                self.one(&["diagrams", id.as_str(), "pins", pinned.as_str()], Some(pinned), Target::Anything);
            }
        }
    }

    fn many(&mut self, path: &[&str], ids: Option<&'m [Id]>, target: Target) {
        let ids = ids.unwrap_or_default();
        let before = self.found.len();
        for id in ids {
            if self.is_enough(before) {
                break;
            }
            if !self.things.get(id).is_some_and(|thing| target.accepts(*thing)) {
                self.one(&[path, &[id.as_str()]].concat(), Some(id), target);
            }
        }
        self.repeated(path, ids);
    }

    /// Reports what a list that stands for a set says twice.
    pub(super) fn repeated<T: Ord + std::fmt::Display>(&mut self, path: &[&str], list: &[T]) {
        if list.len() < 2 {
            return;
        }
        let mut sorted: Vec<&T> = list.iter().collect();
        sorted.sort();
        let again = sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a == b);
        if let Some((name, _)) = again {
            self.warning("repeated", path, format!("`{name}` is in this list twice"), "delete one");
        }
    }

    fn one(&mut self, path: &[&str], id: Option<&Id>, target: Target) {
        let Some(id) = id else { return };
        match self.things.get(id).copied() {
            None if self.gaps.may_have(id.as_str(), target.sections()) => {}
            None => {
                let model = self.model;
                let candidates = model.things().filter(|(_, thing)| target.accepts(*thing)).map(|(id, _)| id);
                let help = self.way_out(id.as_str(), candidates);
                self.error("dangling-id", path, format!("there is no {} `{id}`", bare(target)), help);
            }
            Some(thing) if !target.accepts(thing) => {
                let message = format!("`{id}` is not {}", target.title());
                self.error("wrong-kind", path, message, format!("name {}", target.title()));
            }
            Some(_) => {}
        }
    }

    fn technology(&mut self, id: &str, tech: &[String]) {
        let technologies = self.technologies;
        for name in tech.iter().filter(|name| technologies.get(name).is_none()).take(super::MOST_EACH) {
            let best = self.meant(name, technologies.iter().map(|t| t.id.as_str()));
            let help = match best {
                Some(best) => format!("did you mean `{best}`?"),
                None => "rules know nothing about it; `sconce explain` lists what they know".to_owned(),
            };
            self.warning(
                "unknown-technology",
                &["elements", id, "tech", name],
                format!("the technology `{name}` is not known"),
                help,
            );
        }
        self.repeated(&["elements", id, "tech"], tech);
    }

    /// Reports every circle of boundaries once, at its first id.
    fn cycles(&mut self) {
        let mut seen: BTreeMap<&Id, usize> = BTreeMap::new();
        for (round, start) in self.model.boundaries.keys().enumerate() {
            let mut chain: Vec<&Id> = Vec::new();
            let mut next = Some(start);
            while let Some(id) = next.filter(|id| !seen.contains_key(*id)) {
                seen.insert(id, round);
                chain.push(id);
                next = self.model.boundaries.get(id).and_then(|b| b.inside.as_ref());
            }
            let Some(first) =
                next.filter(|id| seen.get(*id) == Some(&round)).and_then(|id| chain.iter().position(|c| *c == id))
            else {
                continue;
            };
            let ring = &chain[first..];
            let names: Vec<String> = ring.iter().chain(ring.first()).map(|id| format!("`{id}`")).collect();
            let mut error = Diagnostic::error(
                "boundary-cycle",
                at(&["boundaries", ring[0].as_str(), "inside"]),
                format!("boundaries lie inside each other in a circle: {}", names.join(" in ")),
            );
            for id in ring.iter().skip(1).take(8) {
                error = error.label(at(&["boundaries", id.as_str(), "inside"]), "");
            }
            self.found.push(error.help("delete one `inside`"));
        }
    }
}

/// The kind without its article.
fn bare(target: Target) -> &'static str {
    target.title().split_once(' ').map_or("", |(_, bare)| bare)
}
