//! Editing a row of the inspector: which way a field is asked for, and how the answer is put into the model.

use super::draw::ask;
use super::{apply, facts, find, questions};
use crate::model::{
    AssetKind, BoundaryKind, Confidentiality, Edit, ElementKind, Entry, Id, Level, Place, System, Technologies,
    Technology, Thing, act,
};
use crate::rules::USUAL;
use crate::tui::inspect::What;
use crate::tui::name::called;
use crate::tui::state::State;
use crate::tui::state::layer::{Choice, Field, Layer, Line, Pick, PickRow, Value};
use crate::tui::text::count;

/// Edits the selected row.
pub(super) fn edit_row(state: &mut State) {
    let Some(row) = state.rows.get(state.row).cloned() else { return };
    let ids: Vec<Id> = state.selected.iter().cloned().collect();
    match row.what {
        What::Field(field) => edit(state, ids, field, &row.value),
        What::Fact(fact) | What::Asked(fact) => questions::answer(state, &fact, ids),
        What::More => facts::choose(state),
        What::Heading => {}
    }
}

/// Asks for a field of things; of the system when there are none.
pub(super) fn edit(state: &mut State, ids: Vec<Id>, field: Field, value: &str) {
    if field == Field::Id {
        return state.refuse("an id stays; `sconce rename` gives another one and keeps every decision");
    }
    if field == Field::Rubric {
        return rubrics(state, value);
    }
    let Some(first) = ids.first().cloned() else {
        return ask(state, "System", value, Line::Field(ids, field));
    };
    let title = format!("{} · {}", title(field), whom(state, &ids));
    if let Some((rows, several)) = rows(state, &first, field) {
        let now: Vec<String> = value.split(", ").filter(|v| !v.is_empty()).map(str::to_owned).collect();
        let pick = Pick::new(title, rows, Choice::Field(ids, field));
        let is_now = |r: &PickRow| now.contains(&r.text) || now.contains(&r.more);
        let pick = if several { pick.several(is_now) } else { pick.from(is_now) };
        state.layers.push(Layer::Pick(pick));
    } else {
        let value = if field == Field::Trust { value.split(' ').next().unwrap_or_default() } else { value };
        ask(state, title, value, Line::Field(ids, field));
    }
}

const fn title(field: Field) -> &'static str {
    match field {
        Field::Name => "Name",
        Field::Id => "Id",
        Field::Kind | Field::BoundaryKind | Field::AssetKind => "Kind",
        Field::Inside => "Boundary around",
        Field::Tech => "Technologies",
        Field::Owner => "Owner",
        Field::Stores => "Assets stored",
        Field::Processes => "Assets worked on",
        Field::From => "From",
        Field::To => "To",
        Field::Carries => "Assets carried",
        Field::Trust => "Trust, 0 (open internet) to 100",
        Field::Confidentiality => "Who may see it",
        Field::Integrity => "Harm when it is wrong",
        Field::Availability => "Harm when it is not there",
        Field::Clearance => "Most sensitive data inside",
        Field::Runtime => "Runs on, together with others",
        Field::Credential => "Credential the caller shows",
        Field::Notes => "Notes",
        Field::Rubric => "How likelihood and impact make a severity",
    }
}

/// The rows to choose among for a field, and whether several can be chosen; `None` where it is typed.
fn rows(state: &State, id: &Id, field: Field) -> Option<(Vec<PickRow>, bool)> {
    let model = state.bench.model();
    let words = |words: Vec<&str>| words.into_iter().map(|w| PickRow::new(w, Value::Word(w.to_owned()))).collect();
    let unknown = || PickRow::new("unknown", Value::Unknown).about("Nothing is stated; rules that need it ask.");
    let things = |ids: Vec<(&Id, &String)>| -> Vec<PickRow> {
        ids.into_iter().map(|(id, n)| PickRow::new(n.clone(), Value::Thing(id.clone())).more(id.as_str())).collect()
    };
    let assets = || {
        let mut rows = things(model.assets.iter().map(|(id, a)| (id, &a.name)).collect());
        rows.push(
            PickRow::new("new asset …", Value::Fresh).about("A class of data that is not listed; its name is next."),
        );
        rows.push(PickRow::new("none of them", Value::Nothing).about("Known to be none, which is not unknown."));
        rows.push(unknown());
        (rows, true)
    };
    let mut choice: (Vec<PickRow>, bool) = match field {
        Field::Stores | Field::Processes | Field::Carries => return Some(assets()),
        Field::Kind => {
            let kinds = ElementKind::ALL.iter();
            let row = |k: &ElementKind| PickRow::new(k.title(), Value::Word(k.name().to_owned()));
            return Some((kinds.map(row).collect(), false));
        }
        Field::BoundaryKind => (words(BoundaryKind::ALL.iter().map(|k| k.name()).collect()), false),
        Field::AssetKind => (words(AssetKind::ALL.iter().map(|k| k.name()).collect()), false),
        Field::Confidentiality | Field::Clearance => {
            (words(Confidentiality::ALL.iter().map(|k| k.name()).collect()), false)
        }
        Field::Integrity | Field::Availability => (words(Level::ALL.iter().map(|k| k.name()).collect()), false),
        Field::Tech => {
            let technologies = &state.bench.knowledge().technologies;
            let mut all: Vec<&Technology> = technologies.iter().collect();
            if let Some(Thing::Element(e)) = model.thing(id) {
                all.sort_by_key(|t| !fits(technologies, t, e.kind));
            }
            let row = |t: &&Technology| {
                let mut row = PickRow::new(t.id.clone(), Value::Word(t.id.clone())).more(t.name.clone());
                row.words.clone_from(&t.name);
                row
            };
            let mut rows: Vec<PickRow> = all.iter().map(row).collect();
            if let Some(Thing::Element(e)) = model.thing(id) {
                let known = |t: &&String| !rows.iter().any(|r| r.text == **t);
                let own: Vec<String> = e.tech.iter().flatten().filter(known).cloned().collect();
                rows.extend(own.into_iter().map(|t| PickRow::new(t.clone(), Value::Word(t))));
            }
            (rows, true)
        }
        Field::Inside => {
            let mut rows =
                things(model.boundaries.iter().filter(|(b, _)| *b != id).map(|(b, v)| (b, &v.name)).collect());
            rows.insert(0, PickRow::new("(out of all trust boundaries)", Value::Nothing));
            return Some((rows, false));
        }
        Field::From | Field::To => {
            let elements = model.elements.iter().map(|(id, e)| (id, &e.name));
            let mut rows = things(elements.chain(model.boundaries.iter().map(|(id, b)| (id, &b.name))).collect());
            rows.push(PickRow::new("(loose end)", Value::Nothing));
            return Some((rows, false));
        }
        Field::Name
        | Field::Id
        | Field::Owner
        | Field::Trust
        | Field::Notes
        | Field::Runtime
        | Field::Credential
        | Field::Rubric => return None,
    };
    choice.0.push(unknown());
    Some(choice)
}

/// Asks for the rubric of the system.
fn rubrics(state: &mut State, now: &str) {
    let all = &state.bench.knowledge().rubric;
    let row = |name: &str| {
        let rubric = all.of(Some(name));
        PickRow::new(name, Value::Word(name.to_owned())).more(rubric.name()).about(rubric.about())
    };
    let rows = all.names().map(row).collect();
    let pick = Pick::new(title(Field::Rubric), rows, Choice::Field(Vec::new(), Field::Rubric)).from(|r| r.text == now);
    state.layers.push(Layer::Pick(pick));
}

/// Whether an element of a kind is usually made of a technology.
fn fits(all: &Technologies, technology: &Technology, kind: ElementKind) -> bool {
    let can = |what: &[&str]| what.iter().any(|what| all.can(&technology.id, what));
    let holds = can(&["stores-data", "stores-secrets", "carries-messages"]);
    match kind {
        ElementKind::DataStore => holds,
        ElementKind::ExternalEntity => {
            !holds && (can(&["human-client", "untrusted-runtime"]) || all.is_a(&technology.id, "cloud-service"))
        }
        ElementKind::Process => !holds && !can(&["human-client"]),
    }
}

/// Puts chosen rows into a field of things.
pub(super) fn chosen(state: &mut State, ids: &[Id], field: Field, values: &[Value]) {
    let things: Vec<Id> = values.iter().filter_map(find::thing_of).collect();
    if values.contains(&Value::Fresh) {
        let model = state.bench.model();
        let besides: Vec<_> = things.iter().map(|id| called(model, id)).collect();
        let besides = if besides.is_empty() { String::new() } else { format!(", besides {}", besides.join(", ")) };
        let title = format!("New asset (a class of data){besides}");
        return ask(state, title, "", Line::Asset(ids.to_vec(), field, things));
    }
    if field == Field::Inside {
        return super::draw::moved(state, ids, things.first());
    }
    let words: Vec<String> = values.iter().filter_map(word).collect();
    if let (Field::Rubric, Some(name)) = (field, words.first()) {
        let rubric = Some(name.clone()).filter(|name| name != USUAL);
        let system = System { rubric, ..state.bench.model().system.clone() };
        apply(state, &format!("the system is rated by the rubric {name}"), Edit::put(Entry::System(system)));
        return;
    }
    let known = !values.contains(&Value::Unknown);
    let list = || known.then(|| sorted(words.clone()));
    let assets = || known.then(|| sorted(things.clone()));
    let first = words.first().map(String::as_str).unwrap_or_default();
    let names = things.iter().map(|id| called(state.bench.model(), id).into_owned());
    let mut told: Vec<String> = words.iter().cloned().chain(names).collect();
    if values == [Value::Nothing] {
        told.push("none".to_owned());
    }
    change(state, ids, (field, &told.join(", ")), |entry| match (entry, field) {
        (Entry::Element(_, e), Field::Kind) => e.kind = ElementKind::parse(first).unwrap_or(e.kind),
        (Entry::Element(_, e), Field::Tech) => e.tech = list(),
        (Entry::Element(_, e), Field::Stores) => e.stores = assets(),
        (Entry::Element(_, e), Field::Processes) => e.processes = assets(),
        (Entry::Flow(_, f), Field::Carries) => f.carries = assets(),
        (Entry::Flow(_, f), Field::From) => f.from = things.first().cloned(),
        (Entry::Flow(_, f), Field::To) => f.to = things.first().cloned(),
        (Entry::Boundary(_, b), Field::BoundaryKind) => b.kind = BoundaryKind::parse(first),
        (Entry::Boundary(_, b), Field::Clearance) => b.clearance = Confidentiality::parse(first),
        (Entry::Asset(_, a), Field::AssetKind) => a.kind = AssetKind::parse(first),
        (Entry::Asset(_, a), Field::Confidentiality) => a.confidentiality = Confidentiality::parse(first),
        (Entry::Asset(_, a), Field::Integrity) => a.integrity = Level::parse(first),
        (Entry::Asset(_, a), Field::Availability) => a.availability = Level::parse(first),
        _ => {}
    });
}

/// Adds an asset and puts it into a field of things: with those chosen besides, else with what is there.
pub(super) fn with_asset(state: &mut State, ids: &[Id], (field, besides): (Field, &[Id]), name: &str) {
    let (id, add) = super::draw::new_asset(state.bench.model(), name);
    let put = |list: &mut Option<Vec<Id>>| {
        let there = list.take().unwrap_or_default();
        let mut all = if besides.is_empty() { there } else { besides.to_vec() };
        all.push(id.clone());
        *list = Some(sorted(all));
    };
    let mut edits = vec![add];
    for mut entry in ids.iter().filter_map(|id| entry(state, id)) {
        match (&mut entry, field) {
            (Entry::Element(_, e), Field::Stores) => put(&mut e.stores),
            (Entry::Element(_, e), Field::Processes) => put(&mut e.processes),
            (Entry::Flow(_, f), Field::Carries) => put(&mut f.carries),
            _ => {}
        }
        edits.push(Edit::put(entry));
    }
    apply(state, &format!("added {name} to {}", whom(state, ids)), Edit::All(edits));
}

/// Things of one kind in words: the name of one, the number of several.
pub(super) fn whom(state: &State, ids: &[Id]) -> String {
    let model = state.bench.model();
    match ids {
        [one] => called(model, one).into_owned(),
        many => count(many.len(), many.first().and_then(|id| model.thing(id)).map_or("thing", find::kind_word)),
    }
}

/// Changes a field of things to a value, which is given in words too, in one step.
fn change(state: &mut State, ids: &[Id], (field, value): (Field, &str), set: impl Fn(&mut Entry)) {
    let mut edits = Vec::new();
    for mut entry in ids.iter().filter_map(|id| entry(state, id)) {
        set(&mut entry);
        edits.push(Edit::put(entry));
    }
    let whom = whom(state, ids);
    let name = title(field).split(',').next().unwrap_or_default().to_lowercase();
    let value = if value.is_empty() { "unknown" } else { value };
    apply(state, &format!("{whom}: {name} = {value}"), Edit::All(edits));
}

/// Puts a typed line into a field; the message says why it cannot be there.
pub(super) fn typed(state: &mut State, ids: &[Id], field: Field, text: &str) -> Result<(), String> {
    let text = text.trim();
    let some = || (!text.is_empty()).then(|| text.to_owned());
    let Some(first) = ids.first() else {
        let mut system: System = state.bench.model().system.clone();
        match field {
            Field::Name => text.clone_into(&mut system.name),
            Field::Owner => system.owner = some(),
            _ => system.description = some(),
        }
        apply(state, "changed what is said about the system", Edit::put(Entry::System(system)));
        return Ok(());
    };
    if field == Field::Name {
        return renamed(state, first, text);
    }
    let trust = if field == Field::Trust { trust(text)? } else { None };
    change(state, ids, (field, text), |entry| match (entry, field) {
        (Entry::Element(_, e), Field::Owner) => e.owner = some(),
        (Entry::Element(_, e), Field::Notes) => e.notes = some(),
        (Entry::Element(_, e), Field::Runtime) => e.runtime = some(),
        (Entry::Flow(_, f), Field::Notes) => f.notes = some(),
        (Entry::Flow(_, f), Field::Credential) => f.credential = some(),
        (Entry::Boundary(_, b), Field::Trust) => b.trust = trust,
        _ => {}
    });
    Ok(())
}

fn trust(text: &str) -> Result<Option<u8>, String> {
    match text.parse::<u8>() {
        Ok(trust) if trust <= 100 => Ok(Some(trust)),
        _ if text.is_empty() => Ok(None),
        _ => Err("a whole number from 0 to 100, or nothing".to_owned()),
    }
}

/// Gives a thing another name; only data flows can do without.
pub(super) fn renamed(state: &mut State, id: &Id, name: &str) -> Result<(), String> {
    let model = state.bench.model();
    if name.is_empty() && !model.flows.contains_key(id) {
        return Err("a name is needed".to_owned());
    }
    let before = called(model, id).into_owned();
    if model.thing(id).is_some_and(|t| t.name() == name) {
        let told =
            if name.is_empty() { "it stays nameless".to_owned() } else { format!("it is called {name} already") };
        state.say(format!("{told}; nothing was changed"));
        return Ok(());
    }
    if let Some(edit) = act::rename_name(model, id, name) {
        let label = if model.thing(id).is_some_and(|t| t.name().is_empty()) {
            format!("named the data flow {name}")
        } else {
            format!("renamed {before} to {name}")
        };
        apply(state, &label, edit);
    }
    Ok(())
}

fn entry(state: &State, id: &Id) -> Option<Entry> {
    [Place::Element(id.clone()), Place::Flow(id.clone()), Place::Boundary(id.clone()), Place::Asset(id.clone())]
        .iter()
        .find_map(|place| state.bench.model().entry(place))
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::Word(word) => Some(word.clone()),
        _ => None,
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}
