//! An import as text: the model, then what was lost and noted. It is for reading in tests, not the model's file.

use std::fmt::Write as _;

use sconce::exchange::Imported;
use sconce::exchange::threat_dragon::import;
use sconce::model::{Facts, Id, Status};

/// What an import of a text gives, or why it is refused.
pub(super) fn picture(text: &str) -> String {
    match import(text) {
        Ok(imported) => accepted(&imported),
        Err(errors) => errors
            .iter()
            .map(|e| {
                sconce::diagnostic::render::text(e, sconce::diagnostic::render::Source { name: "model.json", text })
            })
            .collect(),
    }
}

pub(super) fn accepted(imported: &Imported) -> String {
    let mut out = String::new();
    let m = &imported.model;
    let _ = write!(out, "system {:?}", m.system.name);
    let _ = writeln!(out, "{}{}", opt(" owner", m.system.owner.as_ref()), opt(" about", m.system.description.as_ref()));
    for (id, b) in &m.boundaries {
        let kind = b.kind.map_or("box", |k| k.name());
        let _ = write!(out, "boundary {id} {kind} {:?}{}", b.name, inside(b.inside.as_ref()));
        let _ = writeln!(out, "{}{}", facts(&b.facts), opt(" about", b.description.as_ref()));
    }
    for (id, e) in &m.elements {
        let _ = write!(out, "{} {id} {:?}{}{}", e.kind, e.name, inside(e.inside.as_ref()), facts(&e.facts));
        let _ = writeln!(out, "{}{}", opt(" about", e.description.as_ref()), opt(" notes", e.notes.as_ref()));
    }
    for (id, f) in &m.flows {
        let end = |e: &Option<Id>| e.as_ref().map_or_else(|| "?".to_owned(), Id::to_string);
        let _ = write!(out, "flow {id} {:?} {} -> {}", f.name, end(&f.from), end(&f.to));
        let _ = writeln!(out, "{}{}", facts(&f.facts), opt(" notes", f.notes.as_ref()));
    }
    for (id, w) in &m.mitigations {
        let _ = writeln!(out, "mitigation {id} {} {:?}{}", w.status, w.title, opt(" about", w.description.as_ref()));
    }
    for (key, t) in &m.threats {
        let stride: String = t.stride.iter().map(|s| s.letter()).collect();
        let severity = t.severity.map_or("unrated", |s| s.name());
        let _ = write!(out, "threat {key} {:?} [{stride}] {severity} {}", t.title, t.status.word());
        if let Status::Mitigated { evidence, .. } = &t.status {
            let _ = write!(out, " {evidence:?}");
        }
        let _ = write!(out, "{}{}", opt(" because", t.status.reason().as_ref()), opt(" in", t.category.as_ref()));
        let _ = write!(out, "{}{}", opt(" about", t.description.as_ref()), opt(" notes", t.notes.as_ref()));
        let _ = writeln!(out, "{}", list(" by", t.mitigations.iter().map(Id::to_string)));
    }
    for (id, d) in &m.diagrams {
        let shows = d.shows.as_ref().map(|s| list(" shows", s.iter().map(Id::to_string)));
        let _ = write!(out, "diagram {id} {:?}{}", d.title, shows.unwrap_or_default());
        let _ = writeln!(out, "{}", opt(" about", d.description.as_ref()));
    }
    for loss in &imported.losses {
        let _ = writeln!(out, "lost: {}: {}: {:?}", loss.where_, loss.what, loss.value);
    }
    for note in &imported.notes {
        let _ = writeln!(out, "note: {note}");
    }
    out
}

fn opt(label: &str, value: Option<&impl std::fmt::Debug>) -> String {
    value.map_or_else(String::new, |v| format!("{label} {v:?}"))
}

fn inside(id: Option<&Id>) -> String {
    id.map_or_else(String::new, |id| format!(" in {id}"))
}

fn list(label: &str, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { String::new() } else { format!("{label} {}", items.join(" ")) }
}

fn facts(facts: &Facts) -> String {
    if facts.is_empty() {
        return String::new();
    }
    format!(" ({})", facts.iter().map(|(k, v)| format!("{k}: {v}")).collect::<Vec<_>>().join(", "))
}
