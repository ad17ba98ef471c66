//! Answering questions: which one, for whom, with which word. An answer is a fact; "later" is written down as parked.

use super::{apply, facts, fields, go};
use crate::model::{ConsideredKey, Edit, Id, SubjectKind, Thing, Verdict, Vocabulary, act};
use crate::tui::inspect::waiting;
use crate::tui::name::called;
use crate::tui::state::layer::{Choice, Field, Layer, Pick, PickRow, Value};
use crate::tui::state::{Pane, Screen, State};
use crate::tui::text::count;

/// Lists the questions, the most decisive first.
pub(super) fn open(state: &mut State) {
    let questions = &state.bench.analysis().questions;
    if questions.is_empty() {
        return state.say("the rules have no question");
    }
    let row = |q: &crate::analysis::Question| {
        let whom = match q.subjects.as_slice() {
            [one] => called(state.bench.model(), &one.id).into_owned(),
            many => count(many.len(), kind_word(q.kind)),
        };
        let about = format!("{} · decides {}", q.fact, q.decides());
        let mut row = PickRow::new(q.text.clone(), Value::Question(q.fact.clone(), q.kind)).more(whom).about(about);
        row.words.clone_from(&q.fact);
        row
    };
    let rows = questions.iter().map(row).collect();
    state.layers.push(Layer::Pick(Pick::new("Open questions", rows, Choice::Question)));
}

/// Asks whom the answer is about, unless there is only one.
pub(super) fn subjects(state: &mut State, fact: &str, kind: SubjectKind) {
    let Some(question) = state.bench.analysis().questions.iter().find(|q| q.fact == fact && q.kind == kind) else {
        return;
    };
    let ids: Vec<Id> = question.subjects.iter().map(|s| s.id.clone()).collect();
    if let [_] = ids.as_slice() {
        return answer(state, fact, ids);
    }
    let model = state.bench.model();
    let mut rows = vec![PickRow::new(format!("all {} listed", ids.len()), Value::All)];
    rows.extend(question.subjects.iter().map(|s| {
        let mut row = PickRow::new(called(model, &s.id), Value::Thing(s.id.clone())).more(waiting(s));
        row.words = s.id.to_string();
        row
    }));
    let pick = Pick::new(
        format!("{fact}: for which of {}?", count(ids.len(), kind_word(kind))),
        rows,
        Choice::Subjects(fact.to_owned(), kind),
    );
    state.layers.push(Layer::Pick(pick.intro(question.text.clone()).several(|_| false)));
}

/// Takes the chosen subjects and asks for the answer.
pub(super) fn chosen(state: &mut State, fact: &str, kind: SubjectKind, values: &[Value]) {
    let listed = state.bench.analysis().questions.iter().find(|q| q.fact == fact && q.kind == kind);
    let all: Vec<Id> = listed.map(|q| q.subjects.iter().map(|s| s.id.clone()).collect()).unwrap_or_default();
    let ids =
        if values.contains(&Value::All) { all } else { values.iter().filter_map(super::find::thing_of).collect() };
    answer(state, fact, ids);
}

/// Asks for the answer: a word of the vocabulary, or a field. A few questions have no such answer; then the inspector
/// of the first subject is where to look.
pub(super) fn answer(state: &mut State, fact: &str, ids: Vec<Id>) {
    let Some(first) = ids.first().cloned() else { return };
    let kind = state.bench.model().thing(&first).map_or(SubjectKind::System, Thing::kind);
    if let Some(field) = Field::of_name(fact, kind) {
        fields::edit(state, ids, field, "");
    } else if fact.contains('.') && !Vocabulary::is_free(fact) {
        state.show(Screen::Diagram);
        go::select(state, first);
        state.pane = Pane::Inspector;
        return state.say("no single fact answers this: complete the diagram and the facts around it");
    } else {
        facts::ask_value(state, ids, fact);
    }
    let asked = state.bench.analysis().questions.iter().find(|q| q.fact == fact && q.kind == kind);
    let asked = asked.map(|q| q.text.clone()).unwrap_or_default();
    if let Some(Layer::Pick(pick)) = state.layers.last_mut() {
        if pick.intro.is_empty() {
            pick.intro = asked;
        }
        let about = "Puts it on the parking list; the question stays and is marked.";
        pick.rows.push(PickRow::new("later", Value::Later).about(about));
    }
}

/// Puts a question about things on the parking list.
pub(super) fn park(state: &mut State, fact: &str, ids: &[Id]) {
    let sitting = state.bench.sitting().clone();
    let look = |id: &Id| {
        let key = ConsideredKey { subject: id.clone(), aspect: fact.to_owned() };
        act::consider(key, Verdict::Parked, None, (&sitting.who, sitting.today))
    };
    let edits: Vec<Edit> = ids.iter().map(look).collect();
    apply(state, &format!("parked {fact} for later"), Edit::All(edits));
}

/// The name that rules call a field by.
pub(super) fn name_of(state: &State, ids: &[Id], field: Field) -> String {
    let kind = ids.first().and_then(|id| state.bench.model().thing(id)).map_or(SubjectKind::System, Thing::kind);
    let names = crate::model::resolve::FIELDS.iter().map(|(name, ..)| *name);
    names.into_iter().find(|n| Field::of_name(n, kind) == Some(field)).unwrap_or_default().to_owned()
}

const fn kind_word(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::ExternalEntity => "external entity",
        SubjectKind::Process => "process",
        SubjectKind::DataStore => "data store",
        SubjectKind::Flow => "data flow",
        SubjectKind::Boundary => "trust boundary",
        SubjectKind::Asset => "asset",
        SubjectKind::System => "system",
    }
}
