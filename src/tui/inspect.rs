//! The rows of the inspector: fields and facts of the selection, what is unknown and asked for first. It reads the
//! model and the analysis; it neither draws nor edits.

use super::state::State;
use super::state::layer::Field;
use super::text::count;
use crate::analysis::QuestionSubject;
use crate::model::graph::Index;
use crate::model::resolve::{Origin, Resolver};
use crate::model::{BoundaryKind, Element, ElementKind, Id, Thing, ThreatModel, Verdict};
use crate::rules::USUAL;
use crate::tui::name::called;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A heading; nothing to edit.
    Heading,
    /// A field.
    Field(Field),
    /// A fact that is stated here.
    Fact(String),
    /// A fact that is unknown and asked for.
    Asked(String),
    /// Where a further fact can be stated.
    More,
}

/// A row of the inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it is about.
    pub what: What,
    /// Its name.
    pub label: String,
    /// Its value; empty when unknown.
    pub value: String,
    /// Where the value is from, or how many rules wait for it.
    pub origin: String,
}

/// The rows for the selection; for the system when nothing is selected.
pub(crate) fn rows(state: &State) -> Vec<Row> {
    let model = state.bench.model();
    let Some((id, thing)) = state.selected.as_ref().and_then(|id| Some((id, model.thing(id)?))) else {
        return system(state);
    };
    let mut rows = vec![row(Field::Name, "Name", thing.name()), row(Field::Id, "Id", id.as_str())];
    match thing {
        Thing::Element(element) => rows.extend(element_fields(model, element)),
        Thing::Flow(flow) => {
            let end = |end: &Option<Id>| end.as_ref().map_or("(loose end)", |id| model.name_of(id)).to_owned();
            rows.push(row(Field::From, "From", &end(&flow.from)));
            rows.push(row(Field::To, "To", &end(&flow.to)));
            rows.push(row(Field::Carries, "Carries", &names(model, flow.carries.as_ref())));
            rows.push(row(Field::Notes, "Notes", flow.notes.as_deref().unwrap_or_default()));
        }
        Thing::Boundary(boundary) => {
            let trust = match (boundary.trust, boundary.kind.and_then(BoundaryKind::default_trust)) {
                (Some(trust), _) => trust.to_string(),
                (None, Some(trust)) => format!("{trust} (usual for this kind)"),
                (None, None) => String::new(),
            };
            rows.push(row(Field::BoundaryKind, "Kind", boundary.kind.map_or("", |k| k.name())));
            rows.push(row(Field::Trust, "Trust 0-100", &trust));
            rows.push(row(Field::Clearance, "Clearance", boundary.clearance.map_or("", |c| c.name())));
            rows.push(row(Field::Inside, "Inside", boundary.inside.as_ref().map_or("", |id| model.name_of(id))));
        }
        Thing::Asset(asset) => {
            rows.push(row(Field::AssetKind, "Kind", asset.kind.map_or("", |k| k.name())));
            rows.push(row(Field::Confidentiality, "Secrecy", asset.confidentiality.map_or("", |k| k.name())));
            rows.push(row(Field::Integrity, "Harm if wrong", asset.integrity.map_or("", |k| k.name())));
            rows.push(row(Field::Availability, "Harm if gone", asset.availability.map_or("", |k| k.name())));
        }
    }
    rows.push(heading("Facts"));
    rows.extend(known(state, id));
    rows.push(Row {
        what: What::More,
        label: "= state a fact".to_owned(),
        value: String::new(),
        origin: String::new(),
    });
    let asked = asked(state, id);
    if !asked.is_empty() {
        rows.push(heading("Unknown, and asked for"));
        rows.extend(asked);
    }
    rows
}

fn element_fields(model: &ThreatModel, element: &Element) -> Vec<Row> {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let tech = match &element.tech {
        Some(list) if list.is_empty() => "none".to_owned(),
        list => list.as_ref().map(|l| l.join(", ")).unwrap_or_default(),
    };
    let mut rows = vec![
        row(Field::Kind, "Kind", element.kind.title()),
        row(Field::Inside, "Inside", element.inside.as_ref().map_or("", |id| model.name_of(id))),
        row(Field::Tech, "Technology", &tech),
        row(Field::Owner, "Owner", &text(&element.owner)),
    ];
    if element.kind == ElementKind::DataStore {
        rows.push(row(Field::Stores, "Stores", &names(model, element.stores.as_ref())));
    }
    if element.kind != ElementKind::ExternalEntity {
        rows.push(row(Field::Processes, "Works on", &names(model, element.processes.as_ref())));
    }
    rows.push(row(Field::Notes, "Notes", &text(&element.notes)));
    rows
}

fn system(state: &State) -> Vec<Row> {
    let model = state.bench.model();
    let analysis = state.bench.analysis();
    let drawn = [
        count(model.elements.len(), "element"),
        count(model.flows.len(), "data flow"),
        count(model.boundaries.len(), "trust boundary"),
        count(model.assets.len(), "asset"),
    ];
    let open = analysis.threats.iter().filter(|t| t.is_open()).count();
    let mut rows = vec![
        row(Field::Name, "System", &model.system.name),
        row(Field::Owner, "Owner", model.system.owner.as_deref().unwrap_or_default()),
        row(Field::Notes, "About", model.system.description.as_deref().unwrap_or_default()),
        row(Field::Rubric, "Rubric", model.system.rubric.as_deref().unwrap_or(USUAL)),
        heading("Drawn"),
    ];
    let info = |label: String| Row { what: What::Heading, label: format!("  {label}"), ..heading("") };
    rows.extend(drawn.into_iter().map(info));
    rows.push(heading("Analysed"));
    rows.push(info(format!("{open} open of {}", count(analysis.threats.len(), "threat"))));
    rows.push(info(format!("{} (Q)", count(analysis.questions.len(), "open question"))));
    rows
}

fn heading(text: &str) -> Row {
    Row { what: What::Heading, label: text.to_owned(), value: String::new(), origin: String::new() }
}

fn row(field: Field, label: &str, value: &str) -> Row {
    Row { what: What::Field(field), label: label.to_owned(), value: value.to_owned(), origin: String::new() }
}

fn names(model: &ThreatModel, ids: Option<&Vec<Id>>) -> String {
    match ids {
        None => String::new(),
        Some(ids) if ids.is_empty() => "none".to_owned(),
        Some(ids) => ids.iter().map(|id| called(model, id)).collect::<Vec<_>>().join(", "),
    }
}

/// Facts that are known about a thing, each with where it is from: stated ones first, then what follows from others.
fn known(state: &State, id: &Id) -> Vec<Row> {
    let model = state.bench.model();
    let knowledge = state.bench.knowledge();
    let index = Index::new(model);
    let Some(nr) = index.nr(id) else { return Vec::new() };
    let resolver = Resolver::new(&index, &knowledge.vocabulary, &knowledge.technologies);
    let stated = model.thing(id).map(Thing::facts);
    let free = stated.into_iter().flat_map(|f| f.keys()).map(String::as_str);
    let mut names: Vec<&str> = knowledge.vocabulary.on(index.kind(nr)).map(|d| d.name.as_str()).chain(free).collect();
    names.sort_unstable();
    names.dedup();
    let mut rows: Vec<(Origin<'_>, Row)> = Vec::new();
    for name in names {
        let Some((value, origin)) = resolver.get(name, nr) else { continue };
        let from = match origin {
            Origin::Stated => "stated".to_owned(),
            Origin::Mitigation(m) => format!("by {m}"),
            Origin::Boundary(b) => format!("from {}", called(model, b)),
            Origin::Technology(t) => format!("usual for {t}"),
        };
        let row =
            Row { what: What::Fact(name.to_owned()), label: name.to_owned(), value: value.to_string(), origin: from };
        rows.push((origin, row));
    }
    rows.sort_by_key(|(origin, _)| !matches!(origin, Origin::Stated));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// How much waits for an answer about a thing.
pub(crate) fn waiting(subject: &QuestionSubject) -> String {
    match (subject.considered, subject.rules.len()) {
        (Some(Verdict::Parked), _) => "parked".to_owned(),
        (_, 1) => "1 rule waits".to_owned(),
        (_, rules) => format!("{rules} rules wait"),
    }
}

/// What rules would like to know about a thing, the most decisive first.
fn asked(state: &State, id: &Id) -> Vec<Row> {
    let mut found: Vec<(u32, &str, &str, &QuestionSubject)> = Vec::new();
    for question in &state.bench.analysis().questions {
        if let Some(subject) = question.subjects.iter().find(|s| s.id == *id) {
            let label = if question.fact.contains('.') { &question.text } else { &question.fact };
            found.push((subject.weight, &question.fact, label, subject));
        }
    }
    found.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    let row = |(_, fact, label, subject): (u32, &str, &str, &QuestionSubject)| Row {
        what: What::Asked(fact.to_owned()),
        label: label.to_owned(),
        value: String::new(),
        origin: waiting(subject),
    };
    found.into_iter().map(row).collect()
}
