//! What the file and the journals have to say: how saving went, what somebody else did to the file, what earlier
//! sittings left. It asks and tells; reading and writing are effects.

use super::{Effect, draw};
use crate::file::{disk, journal::Recovered};
use crate::tui::state::State;
use crate::tui::state::layer::{Confirm, Deed, Layer, Page};
use crate::tui::text::width;
use crate::tui::update::SaveFailed;

/// Saving ended.
pub(super) fn saved(state: &mut State, outcome: Result<String, SaveFailed>) -> Vec<Effect> {
    let leaving = std::mem::take(&mut state.leaving);
    let naming = state.naming.take();
    match outcome {
        Ok(text) => {
            state.refresh();
            state.say(match naming {
                Some(name) => format!("{name}: {text}"),
                None => text,
            });
            if leaving {
                return vec![Effect::Quit];
            }
        }
        Err(SaveFailed::Changed(why)) => changed(state, why),
        Err(SaveFailed::Gone(why)) => {
            state.leaving = leaving;
            gone(state, why);
        }
        Err(SaveFailed::NoFile) => {
            state.leaving = leaving;
            draw::ask_file(state, None);
        }
        Err(SaveFailed::Other(why)) => match naming {
            Some(name) => {
                state.leaving = leaving;
                draw::ask_file(state, Some((&name, why)));
            }
            None => refused(state, why),
        },
    }
    Vec::new()
}

/// Says why it was not saved; at length, where the status line is too short for the way out.
fn refused(state: &mut State, why: String) {
    if width(&why) + 2 <= usize::from(state.size.0) {
        return state.refuse(why);
    }
    let lines = vec![why, whereabouts(state)];
    state.layers.push(Layer::Page(Page { title: "It was not saved".to_owned(), lines, is_table: false, scroll: 0 }));
}

/// Where the work is that is not in the file.
fn whereabouts(state: &State) -> String {
    match (state.bench.is_dirty(), state.bench.unkept()) {
        (false, _) => "Nothing is unsaved here.".to_owned(),
        (true, None) => "Your work is still here and in the journal.".to_owned(),
        (true, Some(_)) => "Your work is still here, and nowhere else: no journal can be written.".to_owned(),
    }
}

/// Asks what to do with a file that somebody else changed.
fn changed(state: &mut State, why: String) {
    let read = if state.bench.is_dirty() {
        "read the file again and lose what was changed here"
    } else {
        "read the file again"
    };
    state.layers.push(Layer::Confirm(Confirm {
        title: "The file was changed by somebody else".to_owned(),
        lines: vec![why, format!("Nothing was written. {}", whereabouts(state))],
        answers: vec![('N', "save under a new name", Deed::SaveAs), ('R', read, Deed::Reload)],
        esc: "keep editing",
    }));
}

/// Asks what to do about a file that is no longer there.
fn gone(state: &mut State, why: String) {
    let mut answers = vec![('W', "write it again", Deed::Restore), ('N', "save under a new name", Deed::SaveAs)];
    if state.leaving {
        answers.push(('D', "leave without the file", Deed::Quit));
    }
    if state.bench.barred().is_some() {
        answers.remove(0);
    }
    let here = if state.bench.is_dirty() { whereabouts(state) } else { "What it said is still here.".to_owned() };
    state.layers.push(Layer::Confirm(Confirm {
        title: "The file is gone".to_owned(),
        lines: vec![why, here],
        answers,
        esc: if state.leaving { "stay" } else { "keep editing" },
    }));
}

/// Tells, after the first change, that the file is not the one that was changed.
pub(super) fn departed(state: &mut State, looked: Result<(), disk::SaveError>) {
    match looked {
        Err(error @ disk::SaveError::Changed(_)) => changed(state, error.to_string()),
        Err(error @ disk::SaveError::Gone(_)) => gone(state, error.to_string()),
        // What else keeps it from being read is said when it is to be written.
        Ok(()) | Err(_) => {}
    }
}

/// Leaves, unless that would lose something.
pub(super) fn quit(state: &mut State) -> Vec<Effect> {
    if state.bench.is_dirty() {
        state.layers.push(Layer::Confirm(Confirm {
            title: "Leave with unsaved changes?".to_owned(),
            lines: vec!["Something was changed since the last save.".to_owned()],
            answers: vec![('S', "save and leave", Deed::SaveAndQuit), ('D', "leave without saving", Deed::Discard)],
            esc: "stay",
        }));
        return Vec::new();
    }
    // A file that says something else now keeps that; one that is gone takes with it what only this screen still has.
    if let Err(error @ disk::SaveError::Gone(_)) = state.bench.look() {
        state.leaving = true;
        gone(state, error.to_string());
        return Vec::new();
    }
    vec![Effect::Quit]
}

/// Says once that no journal is kept, when that begins. The mark in the header stays.
pub(super) fn warn_of_journal(state: &mut State) {
    let why = state.bench.unkept().map(str::to_owned);
    if let Some(why) = why.as_ref().filter(|_| !state.warned) {
        state.refuse(format!("no recovery journal, so save often: {why}"));
    }
    state.warned = why.is_some();
}

/// Asks what to do with work that earlier sittings left unsaved, the latest first.
pub(super) fn left(state: &mut State, all: Vec<Recovered>) {
    let Some(first) = all.first() else { return };
    let when = jiff::Timestamp::from_second(first.when)
        .map(|t| t.strftime("%Y-%m-%d at %H:%M UTC").to_string())
        .unwrap_or_default();
    let mut lines = vec![format!("A sitting that ended on {when} without saving left its work in the journal.")];
    if !first.same_base {
        lines.push("The file was changed since then; taking the work over replaces what it says now.".to_owned());
    }
    match all.len() {
        1 => {}
        2 => lines.push("An earlier sitting left work too; it is kept until you decide about it.".to_owned()),
        n => lines.push(format!("{} earlier sittings left work too; it is kept until you decide about it.", n - 1)),
    }
    lines.push("Nothing is written before you save.".to_owned());
    state.layers.push(Layer::Confirm(Confirm {
        title: "Unsaved work was found".to_owned(),
        lines,
        answers: vec![
            ('R', "take the unsaved work over", Deed::Recover(all.clone())),
            ('D', "throw it away", Deed::Forget(all)),
        ],
        esc: "decide next time",
    }));
}

/// Takes over what an earlier sitting left. What still earlier ones left stays where it is.
pub(super) fn recover(state: &mut State, all: &[Recovered]) {
    let Some(first) = all.first() else { return };
    if state.bench.recover(first).is_err() {
        let at = first.path.display();
        return state.refuse(format!("what was left is not a valid model; it is kept in {at}"));
    }
    state.placed.clear();
    state.refresh();
    state.fit();
    state.reveal();
    state.say("the unsaved work is back; S saves it, u takes it back");
}

/// Reads the file again; asks when work would be lost by it.
pub(super) fn reload(state: &mut State) -> Vec<Effect> {
    if !state.bench.is_dirty() {
        return vec![Effect::Reload];
    }
    state.layers.push(Layer::Confirm(Confirm {
        title: "Read the file again and lose unsaved changes?".to_owned(),
        lines: vec!["Something was changed here since the last save. Undo cannot bring it back afterwards.".to_owned()],
        answers: vec![
            ('N', "save it under a new name first", Deed::SaveAs),
            ('D', "drop the changes and read the file", Deed::Reload),
        ],
        esc: "keep the changes",
    }));
    Vec::new()
}
