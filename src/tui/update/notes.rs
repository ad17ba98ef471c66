//! Long texts: what is remembered about things, threats and mitigations. They are edited in an editor; this says whose
//! text it is and takes what came back.

use super::{Effect, apply};
use crate::model::{Edit, Entry, Place, ThreatKey, act};
use crate::tui::name::called;
use crate::tui::state::{Pane, State};

/// Whose text is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The notes of an element or flow, the description of anything else.
    Entry(Place),
    /// The notes of a threat.
    Threat(ThreatKey),
}

/// Opens the text of what is selected in the editor.
pub(super) fn edit(state: &mut State) -> Vec<Effect> {
    let model = state.bench.model();
    let (whose, text) = match state.focus() {
        Pane::Threats => {
            let Some(row) = state.current_threat() else { return Vec::new() };
            (Whose::Threat(row.key.clone()), row.record.notes.clone())
        }
        Pane::Mitigations => {
            let Some(id) = state.mitigations.current(model) else { return Vec::new() };
            let text = model.mitigations.get(&id).and_then(|m| m.description.clone());
            (Whose::Entry(Place::Mitigation(id)), text)
        }
        _ => {
            let selected = state.selected.as_ref();
            let all = [Place::Element, Place::Flow, Place::Boundary, Place::Asset];
            let place =
                selected.and_then(|id| all.iter().map(|place| place(id.clone())).find(|p| model.entry(p).is_some()));
            let place = place.unwrap_or(Place::System);
            let text = model.entry(&place).and_then(|mut entry| long(&mut entry).and_then(|text| text.clone()));
            (Whose::Entry(place), text)
        }
    };
    vec![Effect::Edit(whose, text.unwrap_or_default())]
}

/// The long text of an entry.
const fn long(entry: &mut Entry) -> Option<&mut Option<String>> {
    match entry {
        Entry::Element(_, v) => Some(&mut v.notes),
        Entry::Flow(_, v) => Some(&mut v.notes),
        Entry::Boundary(_, v) => Some(&mut v.description),
        Entry::Asset(_, v) => Some(&mut v.description),
        Entry::Mitigation(_, v) => Some(&mut v.description),
        Entry::System(v) => Some(&mut v.description),
        _ => None,
    }
}

/// Takes the text that came back, or says why there is none.
pub(super) fn edited(state: &mut State, whose: &Whose, outcome: Result<String, String>) {
    let text = match outcome {
        Ok(text) => Some(text).filter(|text| !text.trim().is_empty()),
        Err(why) => return state.refuse(why),
    };
    let model = state.bench.model();
    match whose {
        Whose::Threat(key) => {
            let Some(row) = state.bench.analysis().threats.iter().find(|row| row.key == *key) else { return };
            let sitting = state.bench.sitting();
            let decision = act::Decision { notes: Some(text), ..act::Decision::default() };
            let edit = act::decide(model, key, &row.record, decision, None, (&sitting.who, sitting.today));
            apply(state, &format!("notes of {key}"), edit);
        }
        Whose::Entry(place) => {
            let Some(mut entry) = model.entry(place) else { return };
            let Some(own) = long(&mut entry) else { return };
            *own = text;
            let name = match place {
                Place::Element(id) | Place::Flow(id) | Place::Boundary(id) | Place::Asset(id) => {
                    called(model, id).into_owned()
                }
                Place::Mitigation(id) => model.mitigations.get(id).map(|m| m.title.clone()).unwrap_or_default(),
                _ => "the system".to_owned(),
            };
            apply(state, &format!("notes of {name}"), Edit::put(entry));
        }
    }
}
