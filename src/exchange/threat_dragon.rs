//! Import of OWASP Threat Dragon models, version 2. It reads what the program writes, including what old and broken
//! releases wrote, and refuses the rest by name. It does not write the format and does not read version 1.
//!
//! Every field is taken out of its record when it is read; what is left at the end becomes a [`Loss`]. So nothing is
//! dropped because nobody thought of it. The exceptions are said in one note: position, size, style and numbering.

mod cell;
mod facts;
mod flows;
mod geometry;
mod json;
mod recognise;
mod things;
mod threats;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::imported::{Imported, Loss};
use crate::diagnostic::Diagnostic;
use crate::model::{Diagram, Id};
use cell::{Cell, Shape};
use json::Record;

pub use recognise::{CODES, LARGEST, MOST_CELLS};

/// Reads a Threat Dragon v2 model. A refusal says what the text is instead, with line and column where it is not JSON.
/// Empty models and templates are models; the notes say so.
pub fn import(text: &str) -> Result<Imported, Vec<Diagnostic>> {
    let (model, notes) = recognise::recognise(text).map_err(|error| vec![error])?;
    let mut import = Import::default();
    import.out.notes = notes;
    import.model(Record::new(Value::Object(model)).unwrap_or_default());
    Ok(import.finish())
}

/// The import under way.
#[derive(Default)]
struct Import {
    out: Imported,
    /// Things of earlier diagrams by cell id, kind, name and ends: a cell that comes back is the same thing.
    known: BTreeMap<Sameness, Id>,
    /// Threats that were read, so that a cell that comes back does not bring them twice.
    read_threats: BTreeSet<(Id, String)>,
    /// Mitigations by their text and whether they are done, so that one text makes one record.
    mitigations: BTreeMap<(String, bool), Id>,
    /// Boxes that were not ticked.
    unticked: usize,
    /// Texts that Threat Dragon puts there for people to replace.
    placeholders: usize,
    /// Flows in both directions.
    both_ways: usize,
    /// Whether any position, size, style or number was left behind.
    bookkeeping: bool,
}

/// What makes a cell of a later diagram the same thing: its id, its kind, its name and its ends.
type Sameness = (String, Shape, String, Option<(Option<Id>, Option<Id>)>);

/// A diagram under way.
struct Drawing {
    title: String,
    /// Ids of this model by cell id, for the ends of flows.
    cells: BTreeMap<String, Id>,
    /// The ids of all its cells, whatever they are.
    all: BTreeSet<String>,
    /// What it shows.
    shows: BTreeSet<Id>,
    /// Things to be known to later diagrams.
    fresh: Vec<(Sameness, Id)>,
    /// Texts written on it.
    texts: Vec<String>,
}

impl Import {
    fn lose(&mut self, where_: &str, what: &str, value: &str) {
        let mut value = json::one_line(value);
        if let Some((cut, _)) = value.char_indices().nth(120) {
            value.truncate(cut);
            value.push('…');
        }
        self.out.losses.push(Loss { where_: where_.to_owned(), what: what.to_owned(), value });
    }

    fn lose_rest(&mut self, where_: &str, record: Record) {
        for (key, value) in record.rest() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.lose(where_, &format!("field `{}`", json::one_line(&key)), &value);
        }
    }

    fn discard(&mut self, record: &mut Record, keys: &[&str]) {
        self.bookkeeping |= record.discard(keys);
    }

    fn model(&mut self, mut top: Record) {
        let mut summary = top.record("summary");
        let system = &mut self.out.model.system;
        system.name = summary.line("title").unwrap_or_default();
        system.owner = summary.line("owner");
        system.description = summary.text("description");
        if system.name.is_empty() {
            "Unnamed system".clone_into(&mut system.name);
        }
        self.discard(&mut summary, &["id"]);
        self.lose_rest("summary", summary);

        let mut detail = top.record("detail");
        if let Some(reviewer) = detail.line("reviewer") {
            self.lose("detail", "reviewer", &reviewer);
        }
        for contributor in detail.list("contributors") {
            let name = match contributor {
                Value::String(name) => name,
                Value::Object(mut map) => match map.remove("name") {
                    Some(Value::String(name)) if map.is_empty() => name,
                    other => {
                        Value::Object(map.into_iter().chain(other.map(|n| ("name".into(), n))).collect()).to_string()
                    }
                },
                other => other.to_string(),
            };
            self.lose("detail", "contributor", &name);
        }
        let diagrams = detail.list("diagrams");
        self.out.counts.diagrams = diagrams.len();
        for (n, diagram) in diagrams.into_iter().enumerate() {
            match Record::new(diagram) {
                Ok(diagram) => self.diagram(n + 1, diagram),
                Err(other) => {
                    self.lose(&format!("diagram {}", n + 1), "diagram that is not an object", &other.to_string());
                }
            }
        }
        self.discard(&mut detail, &["diagramTop", "threatTop"]);
        self.lose_rest("detail", detail);

        let version = top.line("version").unwrap_or_default();
        if !version.is_empty() && !version.trim_start_matches('v').starts_with('2') {
            self.out.notes.push(format!("The file says version {version}, but it is laid out as version 2"));
        }
        self.lose_rest("model", top);
    }

    fn diagram(&mut self, number: usize, mut record: Record) {
        let name = record.line("name");
        let title = record.line("title").or(name.clone()).unwrap_or_else(|| format!("Diagram {number}"));
        if let Some(name) = name.filter(|n| *n != title) {
            self.lose(&title, "second name of a diagram", &name);
        }
        let (placeholder, description) =
            (self.written(&mut record, "placeholder"), self.written(&mut record, "description"));
        if let Some(second) = placeholder.clone().filter(|p| description.as_ref().is_some_and(|d| d != p)) {
            self.lose(&title, "second description of a diagram", &second);
        }
        match record.line("diagramType") {
            Some(method) if method != "STRIDE" => self.lose(&title, "method of a diagram", &method),
            _ => {}
        }
        let mut drawing = Drawing {
            title,
            cells: BTreeMap::new(),
            all: BTreeSet::new(),
            shows: BTreeSet::new(),
            fresh: Vec::new(),
            texts: description.or(placeholder).into_iter().collect(),
        };
        let cells = record.list("cells");
        self.out.counts.cells += cells.len();
        self.cells(&mut drawing, cells);
        self.discard(&mut record, &["id", "thumbnail", "version"]);
        self.lose_rest(&drawing.title, record);
        self.known.extend(drawing.fresh);

        let diagrams = &mut self.out.model.diagrams;
        let id = Id::slug(&drawing.title, "diagram", |id| diagrams.contains_key(id));
        let description = (!drawing.texts.is_empty()).then(|| drawing.texts.join("\n\n"));
        let shows = Some(drawing.shows.into_iter().collect());
        diagrams.insert(id, Diagram { title: drawing.title, description, shows, pins: BTreeMap::new() });
    }

    /// Boundaries come first, because the rest lies inside them, and flows last, because they need their ends.
    fn cells(&mut self, drawing: &mut Drawing, cells: Vec<Value>) {
        let (mut frames, mut elements, mut flows) = (Vec::new(), Vec::new(), Vec::new());
        for (n, value) in cells.into_iter().enumerate() {
            let id = json::as_text(value.get("id")).unwrap_or_default();
            let comes_twice = !id.is_empty() && !drawing.all.insert(id.clone());
            match Cell::read(value, &drawing.title, n + 1) {
                Ok(cell) => {
                    if comes_twice {
                        self.lose(&cell.where_, "id that an earlier cell of the diagram has already", &id);
                    }
                    match cell.shape {
                        Shape::Box | Shape::Line => frames.push(cell),
                        Shape::Element(_) => elements.push(cell),
                        Shape::Flow => flows.push(cell),
                        Shape::Text => self.text(drawing, cell),
                    }
                }
                Err(loss) => self.out.losses.push(loss),
            }
        }
        let boxes = self.boundaries(drawing, frames);
        for cell in elements {
            self.element(drawing, &boxes, cell);
        }
        for cell in flows {
            self.flow(drawing, cell);
        }
    }

    fn text(&mut self, drawing: &mut Drawing, mut cell: Cell) {
        self.out.counts.texts += 1;
        self.discard(&mut cell.data, &["hasOpenThreats", "isTrustBoundary"]);
        if cell.text.is_empty() {
            self.lose(&cell.where_, "text block without text", "");
        } else {
            drawing.texts.push(std::mem::take(&mut cell.text));
        }
        self.end_of_cell(cell);
    }

    /// What a cell has beyond its meaning.
    fn end_of_cell(&mut self, mut cell: Cell) {
        self.bookkeeping |= cell.discard_style();
        if let Some(drawn) = &cell.drawn {
            self.lose(&cell.where_, "text of the drawing that is not the name", drawn);
        }
        self.lose_rest(&cell.where_, cell.data);
        self.lose_rest(&cell.where_, cell.rest);
    }

    fn finish(mut self) -> Imported {
        let out = &mut self.out;
        if let [only] = out.model.diagrams.values_mut().collect::<Vec<_>>().as_mut_slice() {
            only.shows = None; // one diagram shows everything, also what is added later
        }
        let notes = [
            (out.counts.cells == 0, 0, "The file is an empty model; there is nothing in its diagrams"),
            (
                self.bookkeeping,
                0,
                "Positions, sizes and styles are not carried, since the layout is computed; nor are Threat Dragon's own ids and numbers",
            ),
            (self.unticked > 0, self.unticked, "Boxes that nobody ticked are read as unknown, not as no"),
            (
                self.placeholders > 0,
                self.placeholders,
                "Texts that Threat Dragon put there to be replaced are left out",
            ),
            (
                self.both_ways > 0,
                self.both_ways,
                "Flows in both directions became two flows each; their threats are at the first",
            ),
        ];
        for (_, count, text) in notes.into_iter().filter(|(said, ..)| *said) {
            out.notes.push(if count == 0 { text.to_owned() } else { format!("{text} ({count})") });
        }
        let model = &out.model;
        out.counts.elements = model.elements.len();
        out.counts.flows = model.flows.len();
        out.counts.boundaries = model.boundaries.len();
        out.counts.threats = model.threats.len();
        out.counts.mitigations = model.mitigations.len();
        out.counts.not_carried = out.losses.len();
        self.out
    }
}
