//! What a message does to the state. It touches nothing else: what is to happen in the world comes back as effects.

mod act;

mod dashboard;
mod draw;
mod facts;
mod fields;
mod find;
mod go;
mod keeping;
mod layers;
pub(crate) mod mitigations;
mod mouse;
mod notes;
mod questions;
pub(crate) mod review;
mod rules;
mod sight;
mod triage;
pub(crate) mod walk;

use super::key::Key;
use super::keymap::Meaning;
use super::state::layer::{Layer, Page};
use super::state::{Screen, State};
use crate::command::{Action, Scope};
use crate::diagram::Placement;
use crate::file::journal::Recovered;
use crate::model::{Edit, Place, ThreatModel};
use crate::review::policy::Policy;
use crate::review::runs::Run;
use crate::workbench::{Offered, Replay};

pub use act::available;
pub(crate) use act::{for_changes, offered};
pub(crate) use find::{continuations, kind_word};
pub use mouse::{Click, Pointer};
pub use notes::Whose;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(Pointer),
    /// The terminal has another size.
    Resize(u16, u16),
    /// Saving ended: what to say, or why it failed.
    Saved(Result<String, SaveFailed>),
    /// The file was read again: why it was not, if so.
    Reloaded(Result<(), String>),
    /// Earlier sittings left this unsaved, the latest first.
    Left(Vec<Recovered>),
    /// Something to say, such as who holds the file.
    Remark(String),
    /// An earlier state was read, with what it is called; or why not.
    Compared(Result<(String, Box<ThreatModel>), String>),
    /// A long text was edited; or why not.
    Edited(Whose, Result<String, String>),
    /// The time, in seconds from some moment on.
    Clock(u64),
    /// What the model can be compared with was asked for; or why nothing is known.
    Offered(Result<Vec<Offered>, String>),
    /// The policy was asked for, with the name of its file; or why it cannot be read.
    Policy(Result<(Box<Policy>, Option<String>), String>),
    /// The history that git has of the file was read, and the runs of the gate in it; or why not.
    Replayed(Result<(Box<Replay>, Vec<Run>), String>),
}

/// Why saving failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveFailed {
    /// Somebody else changed the file; the sentence says it.
    Changed(String),
    /// Somebody else removed the file; the sentence says it.
    Gone(String),
    /// The model has no file yet.
    NoFile,
    /// Anything else.
    Other(String),
}

/// What is to happen in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the model.
    Save,
    /// Write the model into a new file.
    SaveAs(String),
    /// Write the file again that is gone.
    Restore,
    /// Read the file again and forget what was changed.
    Reload,
    /// Put text on the clipboard.
    Copy(String),
    /// Switch the mouse on or off.
    Mouse(bool),
    /// Let a long text be edited.
    Edit(Whose, String),
    /// Read an earlier state, of this name.
    Compare(String),
    /// Ask what the model can be compared with.
    Offer,
    /// Ask what time it is.
    Clock,
    /// Ask for the policy.
    Policy,
    /// Read the history that git has of the file.
    Replay,
    /// Go back to the shell for a while.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
}

/// Does what a message asks for.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    // A timer moves with the keys, so that nothing wakes up for it.
    let looks_at_clock = state.screen == Screen::Walk && state.walk.timer.is_some() && matches!(msg, Msg::Key(_));
    let mut effects = take(state, msg);
    keeping::warn_of_journal(state);
    state.settle();
    effects.extend(looks_at_clock.then_some(Effect::Clock));
    effects
}

fn take(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => press(state, key),
        Msg::Paste(text) => {
            layers::paste(state, &text);
            Vec::new()
        }
        Msg::Mouse(pointer) => mouse::point(state, pointer),
        Msg::Resize(width, height) => {
            state.size = (width, height);
            state.reveal();
            Vec::new()
        }
        Msg::Saved(outcome) => keeping::saved(state, outcome),
        Msg::Reloaded(Ok(())) => {
            state.placed.clear();
            state.refresh();
            state.say(if state.bench.is_remade() {
                "an unfinished git merge, merged again by meaning; S writes it"
            } else {
                "read again from the file"
            });
            if !state.bench.model().conflicts.is_empty() {
                return review::open(state);
            }
            Vec::new()
        }
        Msg::Remark(text) | Msg::Reloaded(Err(text)) => {
            state.refuse(text);
            Vec::new()
        }
        Msg::Compared(outcome) => {
            review::compared(state, outcome);
            Vec::new()
        }
        Msg::Edited(whose, outcome) => {
            notes::edited(state, &whose, outcome);
            Vec::new()
        }
        Msg::Clock(seconds) => {
            state.walk.ticked(seconds);
            Vec::new()
        }
        Msg::Offered(offered) => {
            review::offer(state, offered);
            Vec::new()
        }
        Msg::Policy(policy) => {
            dashboard::ruled(state, &policy);
            Vec::new()
        }
        Msg::Replayed(replayed) => {
            dashboard::replayed(state, replayed);
            Vec::new()
        }
        Msg::Left(all) => {
            keeping::left(state, all);
            Vec::new()
        }
    }
}

fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.note = super::state::Note::default();
    if !state.layers.is_empty() {
        // A screen that is in disorder is so whatever lies over the panes.
        if state.keymap.meaning(&[Scope::Global], &[key]) == Meaning::Start(Action::Redraw) {
            return vec![Effect::Redraw];
        }
        return layers::key(state, key);
    }
    let esc = Key::plain(crossterm::event::KeyCode::Esc);
    if key == esc && (state.menu || !state.pending.is_empty()) {
        state.menu = false;
        state.pending.clear();
        return Vec::new();
    }
    state.pending.push(key);
    state.walk.typed = key.typed();
    match state.keymap.meaning(state.scopes(), &state.pending) {
        Meaning::Start(action) => start(state, action),
        Meaning::More => Vec::new(),
        Meaning::Nothing => {
            let typed = super::keymap::spell(&state.pending);
            state.pending.clear();
            state.menu = false;
            state.refuse(format!("{typed} does nothing here; ? shows what does"));
            Vec::new()
        }
    }
}

/// Starts an action, unless it makes no sense now; then the status line says why.
pub(crate) fn start(state: &mut State, action: Action) -> Vec<Effect> {
    state.pending.clear();
    state.menu = false;
    match available(state, action) {
        Ok(()) if act::changes(action) && refuse_barred(state) => Vec::new(),
        Ok(()) => act::run(state, action),
        Err(why) => {
            state.refuse(format!("{}: {why}", action.row().title));
            Vec::new()
        }
    }
}

/// Says why the model may be looked at only, if that is so, and what can be done.
fn refuse_barred(state: &mut State) -> bool {
    let left = state.bench.try_again();
    keeping::left(state, left);
    let Some(barred) = state.bench.barred() else { return false };
    state.refuse(barred.mark());
    let mut lines = vec![format!("Nothing can be changed here: {}.", barred.why()), String::new()];
    lines.extend(barred.ways_out().into_iter().map(|way| format!("- {way}")));
    let page = Page { title: "This model is open read-only".to_owned(), lines, is_table: false, scroll: 0 };
    state.layers.push(Layer::Page(page));
    true
}

/// Applies an edit and says what it changed.
fn apply(state: &mut State, label: &str, edit: Edit) -> bool {
    if refuse_barred(state) {
        return false;
    }
    if !changes(state.bench.model(), &edit) {
        state.say(format!("nothing was changed, it is so already: {label}"));
        return false;
    }
    state.nudged.clear();
    let empty = state.bench.model().elements.is_empty();
    let steps = state.bench.history().count();
    let before = draws(&edit.places()).then(|| placement(state)).flatten();
    // With the first change the work departs from the file: the time to hear that somebody else's does too.
    let looked = if state.bench.is_dirty() { Ok(()) } else { state.bench.look() };
    match state.bench.apply(label, edit) {
        Ok(changed) => {
            let note = told(&changed.label, &changed.summary);
            state.placed.split_off(&steps);
            state.placed.extend(before.map(|before| (steps, before)));
            while state.placed.len() > KEPT {
                state.placed.pop_first();
            }
            after(state, empty, None);
            state.say(note);
            keeping::departed(state, looked);
            true
        }
        Err(error) => {
            state.refuse(format!("{label}: {error}"));
            false
        }
    }
}

/// Whether an edit leads to another model; stating what is stated already does not.
fn changes(model: &ThreatModel, edit: &Edit) -> bool {
    match edit {
        Edit::Put(entry) => model.entry(&entry.place()).as_ref() != Some(&**entry),
        Edit::Remove(_) => true,
        Edit::All(edits) => edits.iter().any(|edit| changes(model, edit)),
    }
}

fn told(label: &str, summary: &str) -> String {
    if summary.is_empty() { label.to_owned() } else { format!("{label} · {summary}") }
}

/// Whether a step can have changed the drawing.
fn draws(places: &[Place]) -> bool {
    let is_drawn =
        |place: &Place| matches!(place, Place::Diagram(_) | Place::Element(_) | Place::Flow(_) | Place::Boundary(_));
    places.iter().any(is_drawn)
}

/// Of how many steps it is kept where everything lay: that many can be taken back without a trace.
const KEPT: usize = 64;

/// Where everything lies, while all of it is shown.
fn placement(state: &State) -> Option<Placement> {
    // What the review draws has more in it than the model.
    let is_own = state.screen != Screen::Review && state.sight.is_whole();
    is_own.then(|| state.picture.placement().clone())
}

fn after(state: &mut State, was_empty: bool, before: Option<&Placement>) {
    state.refresh_from(before);
    if was_empty {
        state.fit();
    }
    state.reveal();
}

/// Takes a step back or forth.
fn travel(state: &mut State, back: bool) {
    let from = state.bench.history().count();
    let (word, changed) = if back { ("took back", state.bench.undo()) } else { ("made again", state.bench.redo()) };
    state.nudged.clear();
    match changed {
        Some(changed) => {
            let shown = changed.touched.iter().find_map(|place| match place {
                Place::Element(id) | Place::Flow(id) | Place::Boundary(id) | Place::Asset(id) => {
                    state.bench.model().thing(id).is_some().then(|| id.clone())
                }
                _ => None,
            });
            if shown.is_some() {
                state.selected = shown;
            }
            let mut before = None;
            if let Some(now) = placement(state).filter(|_| draws(&changed.touched)) {
                state.placed.insert(from, now);
                before = state.placed.get(&state.bench.history().count()).cloned();
            }
            after(state, false, before.as_ref());
            state.say(format!("{word}: {}", told(&changed.label, &changed.summary)));
        }
        None if back => state.refuse("nothing was changed yet, so there is nothing to take back"),
        None => state.refuse("nothing was taken back, so there is nothing to make again"),
    }
}
