//! What the pieces of a model mean together: ids that lead nowhere, facts outside the vocabulary, gaps in the
//! register. It judges the model's sense, not its security; that is for rules.

mod facts;
mod references;
mod register;

use foldhash::{HashMap, HashMapExt as _};
use std::collections::BTreeMap;

use super::codec::suggest;
use super::gaps::Gaps;
use crate::diagnostic::{At, Diagnostic};
use crate::model::{FactDef, Id, SYSTEM, Technologies, Thing, ThreatModel, Vocabulary};

/// The code of a file in which a merge left something to decide.
pub const OPEN_CONFLICTS: &str = "merge-conflict";

/// Checks a model. Labels are paths; [`super::Document::resolve`] turns them into places of the text.
pub fn validate(model: &ThreatModel, vocabulary: &Vocabulary, technologies: &Technologies) -> Vec<Diagnostic> {
    validate_with(model, vocabulary, technologies, &Gaps::default())
}

/// Checks what could be read of a broken text, and says nothing that follows from its gaps.
pub(super) fn validate_with(
    model: &ThreatModel,
    vocabulary: &Vocabulary,
    technologies: &Technologies,
    gaps: &Gaps,
) -> Vec<Diagnostic> {
    let mut check = Check::new(model, vocabulary, technologies, gaps);
    check.conflicts();
    check.names();
    check.references();
    check.facts();
    check.register();
    check.found.retain(|diagnostic| !gaps.explain(diagnostic));
    check.found
}

/// The way out where nothing else is known.
const DELETE: &str = "add it, or delete the mention";
/// How many misspelt words get a suggestion; each looks at every word it could be.
const MOST_SUGGESTIONS: usize = 100;
/// How much is said about one list or one thing.
const MOST_EACH: usize = 100;

struct Check<'m> {
    model: &'m ThreatModel,
    vocabulary: &'m Vocabulary,
    /// The vocabulary by name; asked for each fact.
    defs: HashMap<&'m str, &'m [FactDef]>,
    technologies: &'m Technologies,
    gaps: &'m Gaps,
    /// What every id leads to; asked for each mention of an id.
    things: HashMap<&'m Id, Thing<'m>>,
    /// Ids that things had before, with the thing's id now.
    former: BTreeMap<&'m Id, &'m Id>,
    found: Vec<Diagnostic>,
    suggested: usize,
}

impl<'m> Check<'m> {
    /// Decisions that a merge left to people.
    fn conflicts(&mut self) {
        let open = self.model.conflicts.len();
        if open > 0 {
            let message = match open {
                1 => "a merge left 1 decision that people have to take".to_owned(),
                n => format!("a merge left {n} decisions that people have to take"),
            };
            let at = At::Path(vec!["conflicts".to_owned()]);
            let help = "`sconce resolve` asks for each and takes them out of this list";
            self.found.push(Diagnostic::error(OPEN_CONFLICTS, at, message).help(help));
        }
    }

    fn new(model: &'m ThreatModel, vocabulary: &'m Vocabulary, technologies: &'m Technologies, gaps: &'m Gaps) -> Self {
        let former = model.things().flat_map(|(id, t)| t.formerly().iter().map(move |old| (old, id))).collect();
        let mut things = HashMap::with_capacity(model.elements.len() + model.flows.len());
        // Where sections share an id by mistake the last one counts, as `ThreatModel::thing` has it.
        things.extend(model.assets.iter().map(|(id, a)| (id, Thing::Asset(a))));
        things.extend(model.boundaries.iter().map(|(id, b)| (id, Thing::Boundary(b))));
        things.extend(model.flows.iter().map(|(id, f)| (id, Thing::Flow(f))));
        things.extend(model.elements.iter().map(|(id, e)| (id, Thing::Element(e))));
        let defs = vocabulary.iter().map(|def| (&*def.name, vocabulary.all_of(&def.name))).collect();
        Self { model, vocabulary, defs, technologies, gaps, things, former, found: Vec::new(), suggested: 0 }
    }

    fn error(&mut self, code: &'static str, path: &[&str], message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, at(path), message).help(help));
    }

    /// An error at the name at the end of a path, rather than at what stands under it.
    fn error_at_name(&mut self, code: &'static str, path: &[&str], message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, At::name(path), message).help(help));
    }

    fn warning(&mut self, code: &'static str, path: &[&str], message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::warning(code, at(path), message).help(help));
    }

    /// Ids and names: each id once, none reserved, no name empty.
    fn names(&mut self) {
        let model = self.model;
        let all = model.boundaries.len() + model.assets.len() + model.elements.len() + model.flows.len();
        let is_any_twice = self.things.len() < all;
        let mut sections: HashMap<&Id, &'static str> = HashMap::new();
        let all = (model.boundaries.iter().map(|(id, b)| (id, "boundaries", &b.name)))
            .chain(model.assets.iter().map(|(id, a)| (id, "assets", &a.name)))
            .chain(model.elements.iter().map(|(id, e)| (id, "elements", &e.name)))
            .chain(model.flows.iter().map(|(id, f)| (id, "flows", &f.name)));
        for (id, section, name) in all {
            if id.as_str() == SYSTEM {
                let help = "choose another id; `system` is the subject of rules about the whole model";
                self.error_at_name("reserved-id", &[section, SYSTEM], format!("the id `{SYSTEM}` is reserved"), help);
            }
            if let Some(first) = is_any_twice.then(|| sections.insert(id, section)).flatten() {
                let message = format!("the id `{id}` is in use in `{first}` and in `{section}`");
                let diagnostic = Diagnostic::error("id-twice", At::name(&[section, id.as_str()]), message)
                    .label(At::name(&[first, id.as_str()]), "the first one is here")
                    .help("boundaries, assets, elements and flows share their ids; rename one");
                self.found.push(diagnostic);
            }
            if name.trim().is_empty() && section != "flows" {
                self.empty(&[section, id.as_str(), "name"], "this has no name");
            }
        }
        self.former_ids();
    }

    /// Old ids lead to one thing only.
    fn former_ids(&mut self) {
        if self.former.is_empty() {
            return;
        }
        for (id, thing) in self.model.things() {
            let before = self.found.len();
            for old in thing.formerly() {
                if self.is_enough(before) {
                    break;
                }
                let path = [section_of(thing), id.as_str(), "formerly", old.as_str()];
                let help = "decisions about an old id can follow one thing only; delete one mention";
                if self.model.thing(old).is_some() {
                    self.warning(
                        "formerly-clash",
                        &path,
                        format!("`{old}`, once the id of `{id}`, is in use again"),
                        help,
                    );
                } else if let Some(other) = self.former.get(old).filter(|other| **other != id) {
                    self.warning(
                        "formerly-clash",
                        &path,
                        format!("`{id}` and `{other}` were both called `{old}`"),
                        help,
                    );
                }
            }
        }
    }

    /// Reports a text that is needed and empty.
    fn empty(&mut self, path: &[&str], message: &str) {
        self.warning("empty-text", path, message.to_owned(), "write it down; reviewers read it later");
    }

    /// What a misspelt word probably means.
    fn meant<'c>(&mut self, word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
        self.suggested += 1;
        (self.suggested <= MOST_SUGGESTIONS).then(|| suggest(word, candidates)).flatten()
    }

    /// Whether enough was said since there were `before` diagnostics.
    fn is_enough(&self, before: usize) -> bool {
        self.found.len() >= before + MOST_EACH
    }

    /// The way out for an id that leads nowhere: its new name, or what it is probably meant to be.
    fn way_out<'c>(&mut self, id: &str, candidates: impl Iterator<Item = &'c Id>) -> String {
        if let Some(now) = Id::new(id).ok().and_then(|id| self.former.get(&id).copied()) {
            return format!("it is called `{now}` now");
        }
        self.meant(id, candidates.map(Id::as_str))
            .map_or_else(|| DELETE.to_owned(), |best| format!("did you mean `{best}`?"))
    }
}

/// A path as a place.
fn at(path: &[&str]) -> At {
    At::Path(path.iter().map(|p| (*p).to_owned()).collect())
}

/// The section of the file that a thing is in.
fn section_of(thing: crate::model::Thing<'_>) -> &'static str {
    use crate::model::Thing;
    match thing {
        Thing::Boundary(_) => "boundaries",
        Thing::Asset(_) => "assets",
        Thing::Element(_) => "elements",
        Thing::Flow(_) => "flows",
    }
}
