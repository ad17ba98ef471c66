//! Stating facts in the words of the vocabulary: which fact, which word, for whom; or that it does not apply, or is
//! unknown again.

use super::apply;
use super::draw::ask;
use super::fields::whom;
use crate::analysis::QuestionSubject;
use crate::model::{Edit, FactDef, FactValue, Id, SubjectKind, Technologies, Thing, Values, act};
use crate::tui::inspect::{What, waiting};
use crate::tui::name::called;
use crate::tui::state::State;
use crate::tui::state::layer::{Choice, Layer, Line, Pick, PickRow, Value};

/// Stands at the row of what is stated already.
const NOW: &str = "now";

/// Asks which fact to state about the selection.
pub(super) fn choose(state: &mut State) {
    let Some((id, kind)) = state.selected.clone().zip(state.thing().map(Thing::kind)) else { return };
    let stated = state.thing().map(Thing::facts).cloned().unwrap_or_default();
    let questions = &state.bench.analysis().questions;
    let asked = |fact: &str| {
        let of = questions.iter().find(|q| q.fact == fact && q.kind == kind);
        of.and_then(|q| q.subjects.iter().find(|s| s.id == id))
    };
    let mut defs: Vec<(&FactDef, Option<&QuestionSubject>)> =
        state.bench.knowledge().vocabulary.on(kind).map(|def| (def, asked(&def.name))).collect();
    let is_control = |def: &FactDef| def.values == Values::Control;
    defs.sort_by_key(|(def, asked)| (std::cmp::Reverse(asked.map(|s| s.weight)), !is_control(def)));
    let row = |(def, asked): (&FactDef, Option<&QuestionSubject>)| {
        let sign = if asked.is_some() { "?" } else { " " };
        let value = stated.get(&def.name).map(ToString::to_string);
        let what = if is_control(def) { "control" } else { "" };
        let more = value.or_else(|| asked.map(waiting)).unwrap_or_else(|| what.to_owned());
        let text = format!("{sign} {}", def.name);
        let mut row = PickRow::new(text, Value::Word(def.name.clone())).more(more).about(&*def.meaning);
        row.words.clone_from(&def.meaning);
        row
    };
    let asks = defs.iter().any(|(_, asked)| asked.is_some());
    let rows = defs.into_iter().map(row).collect();
    let title = format!("State a fact about {}", called(state.bench.model(), &id));
    let pick = Pick::new(title, rows, Choice::FactName(id.clone()));
    let pick = if asks {
        pick.intro("What rules ask for comes first, marked with ?; then controls, then the rest.")
    } else {
        pick
    };
    state.layers.push(Layer::Pick(pick));
}

/// Asks what to state, of one or more things of the same kind.
pub(super) fn ask_value(state: &mut State, ids: Vec<Id>, fact: &str) {
    let Some(first) = ids.first() else { return };
    let model = state.bench.model();
    let kind = model.thing(first).map_or(SubjectKind::System, Thing::kind);
    let now = model.thing(first).and_then(|t| t.facts().get(fact)).cloned();
    let whom = whom(state, &ids);
    let Some(def) = state.bench.knowledge().vocabulary.get(fact, kind).cloned() else {
        let value = now.map(|v| v.to_string()).unwrap_or_default();
        return ask(state, format!("{fact} of {whom}"), &value, Line::Fact(ids, fact.to_owned()));
    };
    let title = format!("{fact} of {whom}");
    let technologies = &state.bench.knowledge().technologies;
    let rows = value_rows(&def, now.as_ref(), technologies);
    let pick = Pick::new(title, rows, Choice::FactValue(ids, fact.to_owned()));
    let pick = pick.intro(format!("{} {}", def.question, def.meaning));
    let chosen = |row: &PickRow| match (&now, &row.value) {
        (Some(FactValue::List(words)), Value::Word(word)) => words.contains(word),
        _ => false,
    };
    let is_now = |row: &PickRow| now.is_some() && row.more == NOW;
    let pick = if matches!(def.values, Values::SomeOf(_)) { pick.several(chosen) } else { pick.from(is_now) };
    state.layers.push(Layer::Pick(pick));
}

fn value_rows(def: &FactDef, now: Option<&FactValue>, technologies: &Technologies) -> Vec<PickRow> {
    let is_now = |word: &str| now == Some(&FactValue::text(word));
    let word = |w: &&str| {
        let mut row = PickRow::new(*w, Value::Word((*w).to_owned())).more(if is_now(w) { NOW } else { "" });
        row.words = known_as(&def.name, w, technologies);
        row
    };
    let mut rows: Vec<PickRow> = def.words().iter().map(word).collect();
    if rows.is_empty() {
        let what = if def.values == Values::Number { "type a number …" } else { "type it …" };
        let now = now.map(ToString::to_string).unwrap_or_default();
        rows.push(PickRow::new(what, Value::All).more(now));
    }
    rows.push(
        PickRow::new("n/a …", Value::NotApplicable)
            .about("The question makes no sense here; the reason is asked next."),
    );
    rows.push(
        PickRow::new("unknown", Value::Unknown)
            .about("Nothing is stated. Unknown is not absent: rules that need it ask."),
    );
    rows
}

/// What a word can be found by besides itself: the technologies that it is usual for, so that `database` finds `sql`.
fn known_as(fact: &str, word: &str, technologies: &Technologies) -> String {
    let usual = |id: &str| technologies.lineage(id).into_iter().find_map(|t| t.facts.get(fact));
    let of = technologies.iter().filter(|t| usual(&t.id).is_some_and(|value| value == word));
    // Those that are so by themselves come before their special cases.
    let (own, special): (Vec<_>, Vec<_>) = of.partition(|t| t.facts.contains_key(fact));
    own.into_iter().chain(special).map(|t| t.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// States a chosen value.
pub(super) fn chosen(state: &mut State, ids: Vec<Id>, fact: String, values: &[Value]) {
    let words: Vec<String> = values
        .iter()
        .filter_map(|v| match v {
            Value::Word(word) => Some(word.clone()),
            _ => None,
        })
        .collect();
    if values.contains(&Value::NotApplicable) {
        return ask(state, format!("Why does {fact} not apply?"), "", Line::NotApplicable(ids, fact));
    }
    if values.contains(&Value::All) {
        let now = state.bench.model().thing(&ids[0]).and_then(|t| t.facts().get(&fact)).map(ToString::to_string);
        return ask(state, fact.clone(), &now.unwrap_or_default(), Line::Fact(ids, fact));
    }
    if values.contains(&Value::Unknown) {
        return state_fact(state, &ids, &fact, None);
    }
    let is_list = is_list(state, &ids, &fact);
    let value = if is_list { FactValue::List(sorted(words)) } else { FactValue::Text(words.concat()) };
    state_fact(state, &ids, &fact, Some(&value));
}

fn is_list(state: &State, ids: &[Id], fact: &str) -> bool {
    let kind = ids.first().and_then(|id| state.bench.model().thing(id)).map_or(SubjectKind::System, Thing::kind);
    let def = state.bench.knowledge().vocabulary.get(fact, kind);
    def.is_some_and(|d| matches!(d.values, Values::SomeOf(_)))
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words.dedup();
    words
}

/// States typed text; the message says why it cannot be said.
pub(super) fn typed(state: &mut State, ids: &[Id], fact: &str, text: &str) -> Result<(), String> {
    let value = FactValue::text(text.trim());
    let kind = ids.first().and_then(|id| state.bench.model().thing(id)).map_or(SubjectKind::System, Thing::kind);
    if let Some(def) = state.bench.knowledge().vocabulary.get(fact, kind) {
        def.accepts(&value)?;
    }
    if text.trim().is_empty() {
        return Err("empty is not a value; Esc leaves it unknown".to_owned());
    }
    state_fact(state, ids, fact, Some(&value));
    Ok(())
}

/// States that a fact does not apply; the message says why not.
pub(super) fn not_applicable(state: &mut State, ids: &[Id], fact: &str, reason: &str) -> Result<(), String> {
    if reason.trim().is_empty() {
        return Err("a reason is needed, so that others can follow".to_owned());
    }
    state_fact(state, ids, fact, Some(&FactValue::NotApplicable(reason.trim().to_owned())));
    Ok(())
}

/// States a fact about several things, or with `None` forgets it.
fn state_fact(state: &mut State, ids: &[Id], fact: &str, value: Option<&FactValue>) {
    let model = state.bench.model();
    let edits: Vec<Edit> = ids.iter().filter_map(|id| act::set_fact(model, id, fact, value.cloned())).collect();
    let whom = whom(state, ids);
    let label = match value {
        Some(value) => format!("{whom}: {fact} = {value}"),
        None => format!("{whom}: {fact} unknown again"),
    };
    apply(state, &label, Edit::All(edits));
}

/// Makes the fact of the inspector's row unknown again.
pub(super) fn forget(state: &mut State) {
    let row = state.rows.get(state.row).cloned();
    match (row.map(|r| r.what), state.selected.clone()) {
        (Some(What::Fact(fact)), Some(id)) => state_fact(state, &[id], &fact, None),
        _ => state.refuse("only a fact that is stated can be forgotten"),
    }
}
