//! What a broken text names but the model read from it does not have, so that nothing is said to be missing that is
//! only illegible. It reports nothing itself.

use std::collections::BTreeSet;

use super::codec::{Record, suggest};
use super::syntax::{Kind, NodeRef, unquote};
use crate::diagnostic::{At, Diagnostic};
use crate::model::{Id, ThreatModel};

/// The gaps of one reading; the default is a text that was read whole.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// Keys of entries that could not be read, of whatever section.
    keys: BTreeSet<String>,
    /// Sections that could not be read at all.
    sections: BTreeSet<String>,
    /// Entries that were read with an error inside, by section and key.
    damaged: BTreeSet<(String, String)>,
    /// Whether the brackets or quotes are so broken that anything can be missing.
    anything: bool,
}

impl Gaps {
    /// The gaps of a text with broken brackets or quotes.
    pub(super) fn everywhere() -> Self {
        Self { anything: true, ..Self::default() }
    }

    /// Compares a tree with what was read from it; `errors` says where the errors are.
    pub(super) fn of(root: NodeRef<'_>, model: &ThreatModel, errors: impl Iterator<Item = usize>) -> Self {
        let mut gaps = Self::default();
        let mut errors: Vec<usize> = errors.collect();
        errors.sort_unstable();
        let is_damaged = |node: NodeRef<'_>| {
            let next = errors.partition_point(|at| *at < node.span().start);
            errors.get(next).is_some_and(|at| *at < node.span().end)
        };
        if errors.is_empty() {
            return gaps;
        }
        for section in root.children().filter(|child| child.kind() == Kind::Field) {
            let name = section_name(section.name());
            let map = section.value().unwrapped();
            if map.kind() != Kind::Map {
                gaps.sections.insert(name.to_owned());
                if is_damaged(section) {
                    gaps.damaged.insert((name.to_owned(), String::new()));
                }
                continue;
            }
            for entry in map.children() {
                let Some(key) = entry.key().map(unquote) else { continue };
                if is_damaged(entry) {
                    gaps.damaged.insert((name.to_owned(), key.clone().into_owned()));
                }
                if !has(model, name, &key) {
                    // Others may name it as it would be right.
                    gaps.keys.insert(Id::slug(&key, "", |_| false).to_string());
                    gaps.keys.insert(key.into_owned());
                }
            }
        }
        gaps
    }

    /// Adds what a line names that could not be read.
    pub(super) fn add_line(&mut self, line: &str) {
        self.keys.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
        let word = line.trim_start().split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        if !word.is_empty() {
            self.sections.insert(section_name(word).to_owned());
        }
    }

    /// Whether a key may stand in one of these sections although the model does not have it.
    pub(super) fn may_have(&self, key: &str, sections: &[&str]) -> bool {
        self.anything || self.keys.contains(key) || sections.iter().any(|s| self.sections.contains(*s))
    }

    /// Whether a diagnostic says only that something is missing from, or at odds with, an entry that is damaged.
    pub(super) fn explain(&self, diagnostic: &Diagnostic) -> bool {
        const ABSENCES: &[&str] =
            &["loose-end", "empty-text", "no-evidence", "untitled-threat", "contradiction", "no-pack", "self-response"];
        let in_gap = |at: &At| match at {
            At::Path(path) | At::Word(path, _) => path.first().is_some_and(|section| {
                let key = if section == "system" { "" } else { path.get(1).map_or("", String::as_str) };
                self.damaged.contains(&(section.clone(), key.to_owned()))
            }),
            _ => false,
        };
        ABSENCES.contains(&diagnostic.code) && (self.anything || diagnostic.labels.iter().any(|l| in_gap(&l.at)))
    }
}

/// The section that a field of the model is, also when it is misspelt.
pub(super) fn section_name(name: &str) -> &str {
    let names = ThreatModel::NAMES;
    if names.contains(&name) { name } else { suggest(name, names.iter().copied()).unwrap_or(name) }
}

fn has(model: &ThreatModel, section: &str, key: &str) -> bool {
    let id = Id::new(key).ok();
    match section {
        "boundaries" => id.is_some_and(|id| model.boundaries.contains_key(&id)),
        "assets" => id.is_some_and(|id| model.assets.contains_key(&id)),
        "elements" => id.is_some_and(|id| model.elements.contains_key(&id)),
        "flows" => id.is_some_and(|id| model.flows.contains_key(&id)),
        "mitigations" => id.is_some_and(|id| model.mitigations.contains_key(&id)),
        "threats" => model.threats.keys().any(|k| k.as_str() == key),
        // Nothing refers to the entries of the other sections.
        _ => ["assumptions", "considered", "diagrams"].contains(&section),
    }
}
