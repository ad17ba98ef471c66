//! The review's screen: what to compare with, going through what changed, deciding what a merge left open. What a decision
//! changes is said by `review::resolve`.

use super::{Effect, apply, go};
use crate::diagnostic::inert::one_line;
use crate::model::{Conflict, Edit, Place, ThreatModel};
use crate::review::diff::{Sides, diff, diff_markdown};
use crate::review::resolve::{Side, decide, decide_typed};
use crate::tui::state::layer::{Choice, Layer, Line, Page, Pick, PickRow, Value};
use crate::tui::state::review::{Earlier, Row, Shown};
use crate::tui::state::{Screen, State};
use crate::tui::view::changes::{name_of, sides};
use crate::workbench::Offered;

/// What is compared with until somebody says otherwise.
pub(crate) const USUAL: &str = "HEAD";

/// Goes to the screen; the first time it has to be read what to compare with.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    state.show(Screen::Review);
    match state.review.earlier {
        Earlier::Unasked => vec![Effect::Compare(USUAL.to_owned())],
        _ => Vec::new(),
    }
}

/// The earlier state was read, or not.
pub(super) fn compared(state: &mut State, outcome: Result<(String, Box<ThreatModel>), String>) {
    let asked_before = !matches!(state.review.earlier, Earlier::Unasked);
    match outcome {
        Ok((label, model)) => state.review.earlier = Earlier::Model(label, model),
        // What was compared with before is still there to be compared with.
        Err(why) if matches!(state.review.earlier, Earlier::Model(..)) => return state.refuse(why),
        Err(why) => {
            if asked_before {
                state.refuse(why.clone());
            }
            state.review.earlier = Earlier::Nothing(why);
        }
    }
    let note = state.note.clone();
    state.review.at = 0;
    state.refresh();
    state.follow_row();
    state.note = note;
}

/// Lists what the model can be compared with.
pub(super) fn offer(state: &mut State, offered: Result<Vec<Offered>, String>) {
    let mut rows = vec![PickRow::new("another commit, or a model file …", Value::Fresh)];
    match offered {
        Ok(offered) => {
            rows.extend(offered.into_iter().map(|one| {
                PickRow { words: one.about.clone(), ..PickRow::new(one.name.clone(), Value::Word(one.name)) }
                    .more(one.about)
            }));
            // The last commit is what most people want most of the time.
            let fresh = rows.remove(0);
            rows.insert(rows.len().min(1), fresh);
        }
        Err(why) => rows[0] = rows[0].clone().about(one_line(&why)),
    }
    state.layers.push(Layer::Pick(Pick::new("Compare with", rows, Choice::Compare)));
}

/// Asks for the name of something that is not listed.
pub(super) fn ask_name(state: &mut State) {
    super::draw::ask(state, "Compare with", "", Line::Compare);
}

/// Decides the selected conflict for a side.
pub(super) fn take(state: &mut State, side: Side) {
    let Some(conflict) = state.review.conflict().cloned() else { return };
    let value = side.of(&conflict).map(str::to_owned);
    let word = match side {
        Side::Ours => "our side",
        Side::Theirs => "their side",
        Side::Base => "what was before",
    };
    match decide(state.bench.model(), &conflict, value.as_deref()) {
        Ok(edit) => decided(state, &conflict, word, edit),
        Err(why) => state.refuse(one_line(&why)),
    }
}

/// Asks what else the selected conflict is decided for, beginning with our side.
pub(super) fn ask_value(state: &mut State) {
    let Some(conflict) = state.review.conflict().cloned() else { return };
    let title = name_of(state, &conflict);
    let now = conflict.ours.clone().unwrap_or_default();
    super::draw::ask(state, &title, &now, Line::Decide(conflict));
}

/// Decides a conflict for what was typed.
pub(super) fn typed(state: &mut State, conflict: &Conflict, text: &str) -> Result<(), String> {
    let model = state.bench.model();
    let edit = if text.is_empty() { decide(model, conflict, None) } else { decide_typed(model, conflict, text) };
    let edit = edit.map_err(|why| one_line(&why))?;
    let word = if text.is_empty() { "nothing" } else { text };
    decided(state, conflict, word, edit);
    Ok(())
}

fn decided(state: &mut State, conflict: &Conflict, word: &str, edit: Edit) {
    let label = format!("decided {} for {word}", name_of(state, conflict));
    if !apply(state, &label, edit) {
        return;
    }
    state.follow_row();
    let left = state.bench.model().conflicts.len();
    let note = state.note.text.clone();
    // What comes next matters more than what was done.
    state.say(match left {
        0 => format!("nothing is left to decide: save, then git add · {note}"),
        n => format!("{n} left to decide · {note}"),
    });
}

/// Shows what the selected row is about, where it is.
pub(super) fn show(state: &mut State) {
    let Some(row) = state.review.row().cloned() else { return };
    if let Row::Conflict(conflict) = &row {
        let mut lines: Vec<String> = conflict.why.iter().cloned().collect();
        for (name, value) in sides(conflict) {
            lines.extend([String::new(), name.to_owned(), format!("  {value}")]);
        }
        let title = name_of(state, conflict);
        return state.layers.push(Layer::Page(Page { title, lines, is_table: false, scroll: 0 }));
    }
    if let Some(key) = row.threat() {
        if state.bench.analysis().threats.iter().any(|threat| threat.key == key) {
            state.show(Screen::Threats);
            state.filter.clear();
            state.threat = Some(key);
        } else {
            state.say("that threat is no longer raised");
        }
        return;
    }
    if let Row::Change(item) = &row
        && let Place::Mitigation(id) = &item.place
        && state.bench.model().mitigations.contains_key(id)
    {
        state.mitigations.selected = Some(id.clone());
        return state.show(Screen::Mitigations);
    }
    match row.about() {
        Some(id) if state.bench.model().thing(&id).is_some() => {
            state.show(Screen::Diagram);
            go::select(state, id);
        }
        Some(_) => state.say("it is no longer in the model; x draws how it was"),
        None => state.say("it is not drawn"),
    }
}

/// Draws the next of: both states, the earlier one, what is now.
pub(super) fn turn(state: &mut State) {
    let Earlier::Model(label, _) = &state.review.earlier else {
        return state.refuse("there is nothing to compare with");
    };
    let (shown, told) = match state.review.shown {
        Shown::Both => (Shown::Before, format!("drawn: as it was in {label}")),
        Shown::Before => (Shown::Now, "drawn: as it is now".to_owned()),
        Shown::Now => (Shown::Both, "drawn: both, with a sign on what changed".to_owned()),
    };
    state.review.shown = shown;
    state.refresh();
    state.follow_row();
    state.say(told);
}

/// Copies the comparison as Markdown.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let Earlier::Model(label, before) = &state.review.earlier else {
        state.refuse("there is nothing to compare with");
        return Vec::new();
    };
    let (now, title) = (state.bench.as_saved(), state.bench.title());
    let sides = Sides { model: &title, before: label, after: "what is open", behind: &[] };
    let text = diff_markdown(&diff(before, &now), sides, before, &now);
    state.say("the comparison is on the clipboard, as Markdown");
    vec![Effect::Copy(text)]
}
