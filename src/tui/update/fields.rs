//! Editing a row of the inspector: which way a field is asked for, and how the answer is put into the model.

use super::draw::ask;
use super::{apply, facts, find};
use crate::model::{AssetKind, BoundaryKind, Confidentiality, Edit, ElementKind, Entry, Id, Place, System, Thing, act};
use crate::tui::inspect::What;
use crate::tui::state::State;
use crate::tui::state::layer::{Choice, Field, Layer, Line, Pick, PickRow, Value};

/// Edits the selected row.
pub(super) fn edit_row(state: &mut State) {
    let Some(row) = state.rows.get(state.row).cloned() else { return };
    match (row.what, state.selected.clone()) {
        (What::Field(field), id) => edit_field(state, id, field, &row.value),
        (What::Fact(fact) | What::Asked(fact), Some(id)) => facts::ask_value(state, vec![id], &fact),
        (What::More, _) => facts::choose(state),
        (What::Heading | What::Fact(_) | What::Asked(_), _) => {}
    }
}

fn edit_field(state: &mut State, id: Option<Id>, field: Field, value: &str) {
    let Some(id) = id.filter(|_| field != Field::Id) else {
        if field == Field::Id {
            return state.refuse("an id stays; `sconce rename` gives another one and keeps every decision");
        }
        return ask(state, "System", value, Line::Field(None, field));
    };
    if let Some((rows, several)) = rows(state, &id, field) {
        let now: Vec<String> = value.split(", ").map(str::to_owned).collect();
        let pick = Pick::new(title(state, &id, field), rows, Choice::Field(id, field));
        let pick = if several { pick.several(|r| now.contains(&r.text) || now.contains(&r.more)) } else { pick };
        state.layers.push(Layer::Pick(pick));
    } else {
        let value = if field == Field::Trust { value.split(' ').next().unwrap_or_default() } else { value };
        ask(state, title(state, &id, field), value, Line::Field(Some(id), field));
    }
}

fn title(state: &State, id: &Id, field: Field) -> String {
    let what = match field {
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
        Field::Notes => "Notes",
    };
    format!("{what} · {}", state.bench.model().name_of(id))
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
        rows.push(PickRow::new("none of them", Value::Nothing).about("Known to be none, which is not unknown."));
        rows.push(unknown());
        (rows, true)
    };
    let mut choice: (Vec<PickRow>, bool) = match field {
        Field::Stores | Field::Processes | Field::Carries => return Some(assets()),
        Field::Kind => return Some((words(ElementKind::ALL.iter().map(|k| k.name()).collect()), false)),
        Field::BoundaryKind => (words(BoundaryKind::ALL.iter().map(|k| k.name()).collect()), false),
        Field::AssetKind => (words(AssetKind::ALL.iter().map(|k| k.name()).collect()), false),
        Field::Confidentiality => (words(Confidentiality::ALL.iter().map(|k| k.name()).collect()), false),
        Field::Tech => {
            let all = state.bench.knowledge().technologies.iter();
            let row = |t: &crate::model::Technology| {
                PickRow::new(t.id.clone(), Value::Word(t.id.clone())).more(t.name.clone())
            };
            let mut rows: Vec<PickRow> = all.map(row).collect();
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
        Field::Name | Field::Id | Field::Owner | Field::Trust | Field::Notes => return None,
    };
    choice.0.push(unknown());
    Some(choice)
}

/// Puts chosen rows into a field.
pub(super) fn chosen(state: &mut State, id: &Id, field: Field, values: &[Value]) {
    let words: Vec<String> = values.iter().filter_map(word).collect();
    let ids: Vec<Id> = values.iter().filter_map(find::thing_of).collect();
    let known = !values.contains(&Value::Unknown);
    if field == Field::Inside {
        return super::draw::moved(state, std::slice::from_ref(id), ids.first());
    }
    let label = format!("{}: {}", state.bench.model().name_of(id), field_word(field));
    let Some(mut entry) = entry(state, id) else { return };
    let list = || known.then(|| sorted(words.clone()));
    let assets = || known.then(|| sorted(ids.clone()));
    let first = words.first().map(String::as_str).unwrap_or_default();
    match (&mut entry, field) {
        (Entry::Element(_, e), Field::Kind) => e.kind = ElementKind::parse(first).unwrap_or(e.kind),
        (Entry::Element(_, e), Field::Tech) => e.tech = list(),
        (Entry::Element(_, e), Field::Stores) => e.stores = assets(),
        (Entry::Element(_, e), Field::Processes) => e.processes = assets(),
        (Entry::Flow(_, f), Field::Carries) => f.carries = assets(),
        (Entry::Flow(_, f), Field::From) => f.from = ids.first().cloned(),
        (Entry::Flow(_, f), Field::To) => f.to = ids.first().cloned(),
        (Entry::Boundary(_, b), Field::BoundaryKind) => b.kind = BoundaryKind::parse(first),
        (Entry::Asset(_, a), Field::AssetKind) => a.kind = AssetKind::parse(first),
        (Entry::Asset(_, a), Field::Confidentiality) => a.confidentiality = Confidentiality::parse(first),
        _ => return,
    }
    apply(state, &label, Edit::put(entry));
}

/// Puts a typed line into a field; the message says why it cannot be there.
pub(super) fn typed(state: &mut State, id: Option<&Id>, field: Field, text: &str) -> Result<(), String> {
    let text = text.trim();
    let some = || (!text.is_empty()).then(|| text.to_owned());
    let Some(id) = id else {
        let mut system: System = state.bench.model().system.clone();
        match field {
            Field::Name => text.clone_into(&mut system.name),
            Field::Owner => system.owner = some(),
            _ => system.description = some(),
        }
        apply(state, "the system", Edit::put(Entry::System(system)));
        return Ok(());
    };
    if field == Field::Name {
        return renamed(state, id, text);
    }
    let label = format!("{}: {}", state.bench.model().name_of(id), field_word(field));
    let Some(mut entry) = entry(state, id) else { return Ok(()) };
    match (&mut entry, field) {
        (Entry::Element(_, e), Field::Owner) => e.owner = some(),
        (Entry::Element(_, e), Field::Notes) => e.notes = some(),
        (Entry::Flow(_, f), Field::Notes) => f.notes = some(),
        (Entry::Boundary(_, b), Field::Trust) => b.trust = trust(text)?,
        _ => return Ok(()),
    }
    apply(state, &label, Edit::put(entry));
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
    let before = model.name_of(id).to_owned();
    if let Some(edit) = act::rename_name(model, id, name) {
        apply(state, &format!("renamed {before} to {name}"), edit);
    }
    Ok(())
}

fn entry(state: &State, id: &Id) -> Option<Entry> {
    [Place::Element(id.clone()), Place::Flow(id.clone()), Place::Boundary(id.clone()), Place::Asset(id.clone())]
        .iter()
        .find_map(|place| state.bench.model().entry(place))
}

const fn field_word(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Id => "id",
        Field::Kind | Field::BoundaryKind | Field::AssetKind => "kind",
        Field::Inside => "boundary",
        Field::Tech => "technologies",
        Field::Owner => "owner",
        Field::Stores => "stores",
        Field::Processes => "works on",
        Field::From => "from",
        Field::To => "to",
        Field::Carries => "carries",
        Field::Trust => "trust",
        Field::Confidentiality => "secrecy",
        Field::Notes => "notes",
    }
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
