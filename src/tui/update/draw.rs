//! Drawing: adding, wrapping, moving, naming, deleting, marking and pinning. Every change is an act of the model.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{apply, find, go};
use crate::model::{Asset, Diagram, Edit, Entry, Id, Pin, Thing, ThreatModel, act};
use crate::tui::name::called;
use crate::tui::state::State;
use crate::tui::state::layer::{Choice, Confirm, Deed, Layer, Line, New, Pick, PickRow, Prompt, Value};
use crate::tui::text::count;

/// The id of the drawing that pins are kept in when the model has none.
const DRAWING: &str = "main";

/// Opens a prompt for a line.
pub(super) fn ask(state: &mut State, title: impl Into<String>, value: &str, then: Line) {
    let at = state.selected.clone();
    let input = tui_input::Input::new(value.to_owned());
    state.layers.push(Layer::Prompt(Prompt { title: title.into(), input, error: None, at, then }));
}

/// Asks for the name of something new; if it grows from the selection, a flow from there to it comes along.
pub(super) fn add(state: &mut State, new: New, grow: bool) {
    let from = if grow { state.selected.clone() } else { None };
    let what = match new {
        New::Element(kind) => kind.title(),
        New::Boundary => "trust boundary",
        New::Asset => "asset (a class of data)",
    };
    let model = state.bench.model();
    let place = match around(state).filter(|_| new != New::Asset) {
        Some(id) => format!(" in {}", called(model, &id)),
        None if model.boundaries.is_empty() || new == New::Asset => String::new(),
        None => " outside all trust boundaries".to_owned(),
    };
    let sends = from.as_ref().map(|id| format!("; {} sends data to it", called(model, id))).unwrap_or_default();
    ask(state, format!("New {what}{place}{sends}"), "", Line::Add(new, from));
}

/// The trust boundary that something new goes into: the selected one, or the one around the selected element.
fn around(state: &State) -> Option<Id> {
    match state.thing() {
        Some(Thing::Element(e)) => e.inside.clone(),
        Some(Thing::Boundary(_)) => state.selected.clone(),
        _ => None,
    }
}

/// Asks for the name of a new file; again, with the reason, when a name could not be taken.
pub(super) fn ask_file(state: &mut State, refused: Option<(&str, String)>) {
    let value = match (&refused, state.bench.path()) {
        (Some((name, _)), _) => (*name).to_owned(),
        (None, Some(path)) => path.display().to_string(),
        (None, None) => format!("{}.tm.ron", Id::slug(&state.bench.title(), "model", |_| false)),
    };
    ask(state, "Save as: the name of a new file", &value, Line::SaveAs);
    if let Some(Layer::Prompt(prompt)) = state.layers.last_mut() {
        prompt.at = None;
        prompt.error = refused.map(|(_, why)| why);
    }
}

/// Draws a flow to or from the selection. A data flow has two ends to go on from, so it is asked which.
pub(super) fn connect(state: &mut State, to: bool) {
    let Some(Thing::Flow(flow)) = state.thing() else { return find::connect(state, to) };
    let model = state.bench.model();
    let rows: Vec<PickRow> = [(&flow.from, "where it comes from"), (&flow.to, "where it goes to")]
        .into_iter()
        .filter_map(|(end, what)| {
            let id = end.as_ref()?;
            Some(PickRow::new(called(model, id), Value::Thing(id.clone())).more(what))
        })
        .collect();
    if rows.is_empty() {
        return state.refuse("both ends of this data flow are loose; select an element first");
    }
    let name = state.selected.as_ref().map(|id| called(model, id)).unwrap_or_default();
    let title = format!("Connect {} which end of {name}?", if to { "from" } else { "to" });
    state.layers.push(Layer::Pick(Pick::new(title, rows, Choice::End(to))));
}

/// Adds it. A new element goes where the selected one is, or into the selected boundary.
pub(super) fn added(state: &mut State, new: New, from: Option<&Id>, name: &str) {
    let model = state.bench.model();
    let around = around(state);
    let (id, mut edit) = match new {
        New::Element(kind) => act::add_element(model, kind, name, around),
        New::Boundary => act::add_boundary(model, name, None, around),
        New::Asset => new_asset(model, name),
    };
    let mut flow = None;
    if let Some(from) = from {
        let (flow_id, connect) = act::connect(model, from, &id, "");
        flow = Some(flow_id);
        edit = Edit::All(vec![edit, connect]);
    }
    if apply(state, &format!("added {name}"), edit) {
        if let Some(focus) = &mut state.sight.focus {
            focus.on.insert(id.clone());
            state.refresh();
        }
        let note = state.note.clone();
        go::select(state, id);
        if let Some((flow, from)) = flow.zip(from) {
            let title = format!("Data flow {} → {name}: its name", called(state.bench.model(), from));
            ask(state, title, "", Line::Rename(flow));
        }
        state.note = note;
    }
}

/// The edit that adds a class of data, with its id.
pub(super) fn new_asset(model: &ThreatModel, name: &str) -> (Id, Edit) {
    let id = model.fresh_id(name, "asset");
    let asset = Asset { name: name.to_owned(), ..Asset::default() };
    (id.clone(), Edit::put(Entry::Asset(id, asset)))
}

/// Draws a flow and selects it.
pub(super) fn connected(state: &mut State, from: &Id, to: &Id, name: &str) {
    let model = state.bench.model();
    let (id, edit) = act::connect(model, from, to, name);
    let label = format!("connected {} to {}", called(model, from), called(model, to));
    if apply(state, &label, edit) {
        let note = state.note.clone();
        state.hub = Some(from.clone());
        go::select(state, id);
        state.note = note;
    }
}

/// Asks for the name of a boundary around the marked things.
pub(super) fn wrap(state: &mut State) {
    let model = state.bench.model();
    let is_member = |id: &Id| model.elements.contains_key(id) || model.boundaries.contains_key(id);
    let members: Vec<Id> = state.subjects().into_iter().filter(is_member).collect();
    match members.as_slice() {
        [] => state.refuse("only elements and trust boundaries can be inside a trust boundary"),
        all => {
            let title = format!("New trust boundary around {}", listed(all.iter().map(|id| called(model, id))));
            ask(state, title, "", Line::Wrap(members));
        }
    }
}

/// Draws the boundary and selects it.
pub(super) fn wrapped(state: &mut State, members: &[Id], name: &str) {
    let (id, edit) = act::wrap(state.bench.model(), members, name, None);
    if apply(
        state,
        &format!("drew {name} around {}", listed(members.iter().map(|id| called(state.bench.model(), id)))),
        edit,
    ) {
        let note = state.note.clone();
        state.marked.clear();
        go::select(state, id);
        state.note = note;
    }
}

/// Asks where the marked things move.
pub(super) fn move_into(state: &mut State) {
    let model = state.bench.model();
    let subjects = state.subjects();
    let mut rows = vec![PickRow::new("(out of all trust boundaries)", Value::Nothing)];
    let others = model.boundaries.iter().filter(|(id, _)| !subjects.contains(id));
    rows.extend(others.map(|(id, b)| PickRow::new(b.name.clone(), Value::Thing(id.clone())).more(id.to_string())));
    state.layers.push(Layer::Pick(Pick::new("Move into", rows, Choice::MoveInto(subjects))));
}

/// Moves them.
pub(super) fn moved(state: &mut State, ids: &[Id], inside: Option<&Id>) {
    let model = state.bench.model();
    let edits: Vec<Edit> = ids.iter().filter_map(|id| act::move_into(model, id, inside)).collect();
    if edits.is_empty() {
        state.refuse("a trust boundary cannot be inside itself, and data flows follow their ends");
        return;
    }
    let place = inside.map_or("out of all trust boundaries".to_owned(), |b| format!("into {}", called(model, b)));
    let what = if let [one] = ids { called(model, one).into_owned() } else { format!("{} things", edits.len()) };
    if apply(state, &format!("moved {what} {place}"), Edit::All(edits)) {
        state.marked.clear();
    }
}

/// Asks for another name.
pub(super) fn rename(state: &mut State) {
    let Some((id, name)) = state.selected.clone().zip(state.thing().map(|t| t.name().to_owned())) else { return };
    ask(state, "Name", &name, Line::Rename(id));
}

/// Deletes what is marked or selected; asks first when something else goes too.
pub(super) fn delete(state: &mut State) {
    let ids = state.subjects();
    let model = state.bench.model();
    let (mut flows, mut threats, mut members) = (Vec::new(), BTreeSet::new(), 0);
    for (gone, _) in ids.iter().filter_map(|id| act::delete(model, id)) {
        flows.extend(gone.flows.into_iter().filter(|f| !ids.contains(f)));
        threats.extend(gone.threats);
        members += gone.members.len();
    }
    flows.sort();
    flows.dedup();
    // Those that were raised since the last save are not recorded yet, but go as well.
    let raised =
        state.bench.analysis().threats.iter().filter(|t| ids.contains(&t.subject) || flows.contains(&t.subject));
    threats.extend(raised.map(|t| t.key.clone()));
    let threats = threats.len();
    if flows.is_empty() && threats == 0 && ids.len() == 1 {
        super::act::deed(state, Deed::Delete(ids));
        return;
    }
    let mut lines: Vec<String> = Vec::new();
    if ids.len() > 1 {
        lines.push(format!("Goes:       {}", listed(ids.iter().map(|id| called(model, id)))));
    }
    if !flows.is_empty() {
        lines.push(format!(
            "Also goes:  {} ({})",
            count(flows.len(), "data flow"),
            listed(flows.iter().map(|f| called(model, f)))
        ));
    }
    if threats > 0 {
        lines.push(format!("Also goes:  {} with what was decided", count(threats, "threat")));
    }
    if members > 0 {
        lines.push(format!("Stays:      {} inside, one boundary further out", count(members, "member")));
    }
    lines.push("Undo with u at any time in this session.".to_owned());
    let title = match ids.as_slice() {
        [one] => format!("Delete {}?", called(model, one)),
        many => format!("Delete {} things?", many.len()),
    };
    state.layers.push(Layer::Confirm(Confirm {
        title,
        lines,
        answers: vec![('D', "delete", Deed::Delete(ids))],
        esc: "delete nothing",
    }));
}

fn listed<'a>(names: impl Iterator<Item = Cow<'a, str>>) -> String {
    let names: Vec<Cow<'a, str>> = names.collect();
    match names.get(..5) {
        Some(first) if names.len() > 5 => format!("{}, …", first.join(", ")),
        _ => names.join(", "),
    }
}

/// The edit that deletes things one after the other, each as the model is by then.
pub(super) fn deletion(state: &State, ids: &[Id]) -> (String, Edit) {
    let mut model = state.bench.model().clone();
    let mut edits = Vec::new();
    for id in ids {
        if let Some((_, edit)) = act::delete(&model, id)
            && edit.clone().apply(&mut model).is_ok()
        {
            edits.push(edit);
        }
    }
    let model = state.bench.model();
    let what = if let [one] = ids { called(model, one).into_owned() } else { format!("{} things", ids.len()) };
    (format!("deleted {what}"), Edit::All(edits))
}

/// Marks or unmarks the selection.
pub(super) fn mark(state: &mut State) {
    let Some(id) = state.selected.clone() else { return };
    let name = called(state.bench.model(), &id).into_owned();
    let told = if state.marked.remove(&id) {
        format!("unmarked {name}")
    } else {
        state.marked.insert(id);
        format!("marked {name}")
    };
    state.say(format!("{told} · {} marked; b wraps them, m moves them, d deletes them", state.marked.len()));
}

/// Marks every element of the selection's kind.
pub(super) fn mark_kind(state: &mut State) {
    let Some(Thing::Element(selected)) = state.thing() else { return };
    let kind = selected.kind;
    let same = state.bench.model().elements.iter().filter(|(_, e)| e.kind == kind).map(|(id, _)| id.clone());
    let same: Vec<Id> = same.collect();
    state.marked.extend(same);
    state.say(format!("{} marked; b wraps them, m moves them, d deletes them", state.marked.len()));
}

/// Pins the selected element, or all that are marked, a step further. The layout keeps blocks whole and places things in
/// order, so a step shows once it leads past a neighbour; until then the pin goes on from where it was.
pub(super) fn nudge(state: &mut State, (dx, dy): (i32, i32)) {
    let (_, diagram) = drawing(state);
    let before: Vec<_> = state.subjects().into_iter().map(|id| (state.picture.place(&id), id)).collect();
    let place = |id: &Id| diagram.pins.get(id).copied().or_else(|| state.picture.place(id));
    let pins = before.iter().filter_map(|(_, id)| Some((id.clone(), place(id)?)));
    let pins: Vec<(Id, Pin)> = pins.map(|(id, (x, y))| (id, (x + dx, y + dy))).collect();
    let ids: Vec<Id> = pins.iter().map(|(id, _)| id.clone()).collect();
    // Going on with the same elements is the same step: it is taken back, and made again as one that leads further.
    let first = if state.nudged == ids && !ids.is_empty() {
        state.bench.undo();
        let steps = state.bench.history().count();
        state.placed.get(&steps).cloned().map(|before| (steps, before))
    } else {
        None
    };
    pin(state, pins);
    state.placed.extend(first);
    if !state.note.refused {
        state.nudged = ids;
    }
    let stays = before.iter().all(|(place, id)| state.picture.place(id) == *place);
    if stays && !state.note.refused {
        let told = format!("{}; there is no room for it there", state.note.text);
        state.say(told);
    }
}

/// Why nothing is moved while a part of the drawing is shown.
pub(super) const WHOLE_FIRST: &str = "show everything first, with z 0: places count in the whole drawing";

/// Pins elements to places of the drawing.
pub(super) fn pin(state: &mut State, pins: Vec<(Id, Pin)>) {
    if !state.sight.is_whole() {
        return state.refuse(WHOLE_FIRST);
    }
    let model = state.bench.model();
    let pins: Vec<(Id, Pin)> = pins.into_iter().filter(|(id, _)| model.elements.contains_key(id)).collect();
    let Some((first, _)) = pins.first() else { return };
    let what = if pins.len() == 1 { called(model, first).into_owned() } else { format!("{} elements", pins.len()) };
    let (id, mut diagram) = drawing(state);
    diagram.pins.extend(pins);
    apply(state, &format!("placed {what}"), Edit::put(Entry::Diagram(id, diagram)));
}

/// Takes pins away.
pub(super) fn unpin(state: &mut State) {
    let (id, mut diagram) = drawing(state);
    let before = diagram.pins.len();
    for subject in state.subjects() {
        diagram.pins.remove(&subject);
    }
    let freed = before - diagram.pins.len();
    if freed == 0 {
        state.refuse("it is not pinned");
    } else {
        apply(state, &format!("unpinned {}", count(freed, "element")), Edit::put(Entry::Diagram(id, diagram)));
    }
}

/// The drawing that is shown: the model's first, else a new one.
fn drawing(state: &State) -> (Id, Diagram) {
    let fresh = || (Id::slug(DRAWING, DRAWING, |_| false), Diagram { title: "Main".to_owned(), ..Diagram::default() });
    state.bench.model().diagrams.first_key_value().map_or_else(fresh, |(id, d)| (id.clone(), d.clone()))
}
