//! The walk-through: what each key says, as an answer that the session makes an edit of. Order, words and edits are
//! `workbench`'s.

use std::collections::BTreeSet;

use super::triage::{self, some};
use super::{Effect, apply, draw, go, questions};
use crate::analysis::walk::{Answers, Asking};
use crate::command::Action;
use crate::model::{Id, Severity, ThreatKey};
use crate::tui::name::called;
use crate::tui::state::layer::{About, Choice, Entry, Form, Layer, Line, Part, Pick, PickRow, Value};
use crate::tui::state::walk::Timer;
use crate::tui::state::{Pane, Screen, State};
use crate::tui::text::count;
use crate::tui::theme::severity_mark;
use crate::workbench::walk::{Answer, Found, Own, Progress, Range, Walk};

/// Words of the severity of a threat in one's own words.
const SEVERITIES: [&str; 5] = ["not rated", "Low", "Medium", "High", "Critical"];
/// More answers than this have no numbers.
pub(crate) const NUMBERED: usize = 9;

/// Whether an action makes sense now; otherwise why not.
pub(super) fn available(state: &State, action: Action) -> Result<(), &'static str> {
    let Some(walk) = &state.walk.session else { return Err("begin the walk-through first, with w") };
    let asking = walk.asking();
    match action {
        Action::WalkRange
        | Action::WalkTimer
        | Action::CopySummary
        | Action::WalkBack
        | Action::WalkUp
        | Action::WalkDown => Ok(()),
        _ if asking.is_none() => Err("nothing is asked now; b goes back, s asks about something else"),
        Action::WalkAll if asking.is_some_and(|asking| asking.others.is_empty()) => {
            Err("this is asked of one thing only")
        }
        _ => Ok(()),
    }
}

/// Begins a session about something, or goes on with the one that was begun.
pub(crate) fn begin(state: &mut State, range: Range) {
    state.walk.range = range;
    state.walk.session = None;
    start(state);
    state.settle();
}

/// Shows the walk-through.
pub(super) fn start(state: &mut State) {
    let is_new = state.walk.session.is_none();
    state.show(Screen::Walk);
    state.settle();
    if let (true, Some(walk)) = (is_new, &state.walk.session) {
        let Progress { total, parked, .. } = walk.progress();
        let open = (total > 0).then(|| format!("{} to ask", count(total, "question")));
        let parked = (parked > 0).then(|| format!("{parked} parked"));
        let told = open.into_iter().chain(parked).collect::<Vec<_>>().join(", ");
        if !told.is_empty() {
            let (leaves, resumes) = (state.keymap.keys_of(Action::Back), state.keymap.keys_of(Action::StartWalk));
            state.say(format!("{told}; {leaves} leaves, {resumes} resumes"));
        }
    }
}

/// Gives an answer; whether it was taken, or why not.
fn answer(state: &mut State, answer: &Answer) -> Result<(), String> {
    let Some(walk) = &state.walk.session else { return Ok(()) };
    let prepared = walk.prepare(&state.bench, answer)?;
    let (label, edit) = (prepared.label.clone(), prepared.edit.clone());
    state.walk.given = Some(prepared);
    apply(state, &label, edit);
    state.walk.given = None;
    Ok(())
}

/// The same, where the status line says why not.
fn say(state: &mut State, given: &Answer) {
    if let Err(why) = answer(state, given) {
        state.refuse(why);
    }
}

fn asking(state: &State) -> Option<&Asking> {
    state.walk.asking()
}

/// Yes: there is a threat, or it is so.
pub(super) fn yes(state: &mut State) {
    let Some(asking) = asking(state) else { return };
    if asking.answers != Answers::Threat {
        return plainly(state, true);
    }
    if asking.threats.is_empty() {
        return ask_own(state, Vec::new());
    }
    let title = format!("{}: which threats?", asking.topic);
    let row = |key: &ThreatKey| {
        let row = state.bench.analysis().threats.iter().find(|row| row.key == *key)?;
        Some(PickRow::new(row.title.clone(), Value::Threat(key.clone())).more(severity_mark(row.severity).trim_end()))
    };
    let mut rows: Vec<PickRow> = asking.threats.iter().filter_map(row).collect();
    rows.push(PickRow::new("in your own words …", Value::Fresh).about("What could happen is asked next."));
    let intro = "Who deals with it and by when is asked next. Tab chooses several.";
    state.layers.push(Layer::Pick(Pick::new(title, rows, Choice::WalkFound).intro(intro).several(|_| false)));
}

/// Takes the chosen threats, and asks for one's own words where that was chosen.
pub(super) fn found(state: &mut State, values: &[Value]) {
    let keys = values.iter().filter_map(|value| if let Value::Threat(key) = value { Some(key.clone()) } else { None });
    let keys: Vec<ThreatKey> = keys.collect();
    if values.contains(&Value::Fresh) { ask_own(state, keys) } else { owner(state, &keys, None) }
}

fn ask_own(state: &mut State, keys: Vec<ThreatKey>) {
    draw::ask(state, "What could happen?", "", Line::WalkOwn(keys));
}

/// Asks who deals with threats and by when.
pub(super) fn owner(state: &mut State, keys: &[ThreatKey], own: Option<&str>) {
    let rows = state.bench.analysis().threats.iter();
    let first = rows.clone().find(|row| keys.first() == Some(&row.key));
    let title = match (own, keys.len()) {
        (Some(own), 0) => own.to_owned(),
        (None, 1) => first.map(|row| row.title.clone()).unwrap_or_default(),
        (own, n) => format!("{} threats", n + usize::from(own.is_some())),
    };
    let now = first.map(|row| &row.record);
    let line = |part, text: Option<String>| Entry::line(part, text.unwrap_or_default());
    let mut fields = Vec::new();
    if own.is_some() {
        fields.push(Entry::word(Part::Severity, SEVERITIES.to_vec(), SEVERITIES[0]));
    }
    fields.push(line(Part::Owner, now.and_then(|record| record.owner.clone())));
    fields.push(line(Part::Due, now.and_then(|record| record.due).map(|day| day.to_string())));
    let about = About::Found(keys.to_vec(), own.map(str::to_owned));
    state.layers.push(Layer::Form(Form { title, about, fields, at: 0, error: None }));
}

/// Takes what the form says, or names the field that is wrong.
pub(super) fn submit(
    state: &mut State,
    form: &Form,
    keys: &[ThreatKey],
    own: Option<&str>,
) -> Result<(), (Part, String)> {
    let today = state.bench.sitting().today;
    // A day that stands there already may have passed.
    let stands = form.get(Part::Due).filter(|field| !field.changed() && !field.text().is_empty());
    let due = match stands {
        Some(field) => crate::workbench::read_day(field.text(), today),
        None => triage::date(form, Part::Due, today)?,
    };
    let severity = Severity::parse(form.text(Part::Severity));
    let own = own.map(|title| Own { title: title.to_owned(), severity });
    let found = Found { keys: keys.to_vec(), own, owner: some(form.text(Part::Owner)), due };
    answer(state, &Answer::Found(found)).map_err(|why| (Part::Owner, why))
}

/// No: nothing here, or it is not so.
pub(super) fn no(state: &mut State) {
    let Some(asking) = asking(state) else { return };
    if asking.answers != Answers::Threat {
        return plainly(state, false);
    }
    let is_open = !asking.threats.is_empty();
    match answer(state, &Answer::Nothing(None)) {
        Err(_) if is_open => no_because(state),
        Err(why) => state.refuse(why),
        Ok(()) => {}
    }
}

/// No, with a reason.
pub(super) fn no_because(state: &mut State) {
    let Some(asking) = asking(state) else { return };
    let title = match (&asking.answers, asking.threats.len()) {
        (Answers::Value { .. }, _) => format!("Why does {} make no sense here?", asking.topic),
        (Answers::Threat, 0) => "Nothing here: why? May be empty".to_owned(),
        (Answers::Threat, 1) => "Nothing here: why does the open threat not apply?".to_owned(),
        (Answers::Threat, n) => format!("Nothing here: why do {n} open threats not apply?"),
    };
    draw::ask(state, title, "", Line::WalkNo);
}

/// Takes the reason; the message says why it is none.
pub(super) fn reason(state: &mut State, text: &str) -> Result<(), String> {
    let is_fact = asking(state).is_some_and(|asking| asking.answers != Answers::Threat);
    let given = if is_fact { Answer::NotApplicable(text.to_owned()) } else { Answer::Nothing(some(text)) };
    answer(state, &given)
}

/// Yes or no, where a fact can be answered so.
fn plainly(state: &mut State, yes: bool) {
    match asking(state).and_then(|asking| asking.plainly(yes)) {
        Some(choice) => {
            let value = choice.value.clone();
            value_of(state, value);
        }
        None => state.refuse("this is not answered by yes or no: take one of the answers, or ↵"),
    }
}

fn value_of(state: &mut State, value: String) {
    let everywhere = state.walk.for_all;
    say(state, &Answer::Value { values: vec![value], everywhere });
}

/// Parks the question.
pub(super) fn park(state: &mut State, note: Option<&str>) {
    say(state, &Answer::Parked(note.and_then(some)));
}

/// Asks for a note about what is parked.
pub(super) fn ask_note(state: &mut State) {
    draw::ask(state, "Not sure: a note", "", Line::WalkPark);
}

/// Leaves the question out.
pub(super) fn skip(state: &mut State) {
    if let Some(walk) = &mut state.walk.session {
        walk.skip(&state.bench);
    }
}

/// Goes back to the question before.
pub(super) fn back(state: &mut State) {
    let Some(walk) = &mut state.walk.session else { return };
    if !walk.back(&state.bench) {
        state.refuse("this is the first question of the session");
    }
}

/// Takes the answer with the number that was typed.
pub(super) fn number(state: &mut State) {
    let typed = state.walk.typed.and_then(|c| c.to_digit(10)).and_then(|n| usize::try_from(n).ok());
    let Some(n) = typed.and_then(|n| n.checked_sub(1)) else { return take(state) };
    let Some(asking) = asking(state) else { return };
    if let Answers::Value { choices, several, .. } = &asking.answers {
        return match choices.get(n).map(|choice| choice.value.clone()) {
            Some(value) if !several => value_of(state, value),
            Some(_) => take(state),
            None => state.refuse("there is no answer with this number"),
        };
    }
    match asking.threats.get(n).cloned() {
        Some(key) => owner(state, &[key], None),
        None if asking.threats.is_empty() => state.refuse("answer with y, n, p or k"),
        None => state.refuse("there is no threat with this number"),
    }
}

/// Takes the selected answer, or asks for it.
pub(super) fn take(state: &mut State) {
    let Some(asking) = asking(state) else { return };
    let Answers::Value { choices, several, .. } = &asking.answers else {
        return match asking.threats.get(state.walk.at).cloned() {
            Some(key) => owner(state, &[key], None),
            None => yes(state),
        };
    };
    if let Some(choice) = choices.get(state.walk.at).filter(|_| !several) {
        let value = choice.value.clone();
        return value_of(state, value);
    }
    let mut ids = vec![asking.key.subject.clone()];
    if state.walk.for_all {
        ids.extend(asking.others.iter().cloned());
    }
    let fact = asking.key.aspect.clone();
    questions::answer(state, &fact, ids);
}

/// Selects another answer; in the summary, shows what is further down.
pub(super) fn row(state: &mut State, by: isize) {
    let count = match asking(state) {
        Some(asking) => asking.choices().len() + asking.threats.len(),
        None => state.walk.session.as_ref().map_or(0, |walk| walk.summary(&state.bench).lines().len()),
    };
    state.walk.at = go::moved(state.walk.at, by, count);
}

/// Lets the next answer be for everything of which the same is asked, or for one thing again.
pub(super) fn for_all(state: &mut State) {
    let Some(asking) = asking(state) else { return };
    let (all, name) = (asking.others.len() + 1, asking.name.clone());
    state.walk.for_all = !state.walk.for_all;
    state.say(if state.walk.for_all {
        format!("the answer is for all {all} of which this is asked; * again: for {name} alone")
    } else {
        format!("the answer is for {name} alone")
    });
}

/// Asks what the walk-through is about.
pub(super) fn ask_range(state: &mut State) {
    let model = state.bench.model();
    let mut rows = vec![PickRow::new("everything", Value::All)];
    if let Some(id) = state.selected.as_ref().filter(|id| model.thing(id).is_some()) {
        rows.push(PickRow::new(called(model, id), Value::Thing(id.clone())).more("selected on the diagram"));
    }
    if let Some(asking) = asking(state).filter(|asking| state.selected.as_ref() != Some(&asking.key.subject)) {
        let id = asking.key.subject.clone();
        rows.push(PickRow::new(called(model, &id), Value::Thing(id.clone())).more("asked about now"));
    }
    if !state.marked.is_empty() {
        let what = count(state.marked.len(), "marked thing");
        rows.push(PickRow::new(what, Value::Nothing).more("marked on the diagram"));
    }
    let intro = "Of some things only: with what is inside them, and the data flows at them.";
    state.layers.push(Layer::Pick(Pick::new("Walk through what?", rows, Choice::WalkRange).intro(intro)));
}

/// Begins a session about what was chosen.
pub(super) fn range(state: &mut State, value: &Value) {
    let ids: BTreeSet<Id> = match value {
        Value::Thing(id) => BTreeSet::from([id.clone()]),
        Value::Nothing => state.marked.clone(),
        _ => BTreeSet::new(),
    };
    begin(state, if ids.is_empty() { Range::All } else { Range::Of(ids) });
}

/// Shows what the question is about on the diagram.
pub(super) fn show(state: &mut State) {
    let Some(id) = asking(state).map(|asking| asking.key.subject.clone()) else { return };
    state.show(Screen::Diagram);
    state.pane = Pane::Canvas;
    go::select(state, id);
    state.say(format!("{} resumes the walk-through", state.keymap.keys_of(Action::StartWalk)));
}

/// Switches the timer on or off.
pub(super) fn timer(state: &mut State) -> Vec<Effect> {
    if state.walk.timer.take().is_some() {
        state.say("the timer is off");
        return Vec::new();
    }
    state.walk.timer = Some(Timer::default());
    state.say("the timer is on; it moves with each key");
    vec![Effect::Clock]
}

/// Shows the summary.
pub(super) fn end(state: &mut State) {
    state.walk.at = 0;
    if let Some(walk) = &mut state.walk.session {
        walk.end();
    }
}

/// Copies the summary.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let Some(text) = state.walk.session.as_ref().map(|walk: &Walk| walk.summary(&state.bench).markdown()) else {
        return Vec::new();
    };
    state.say("the summary is on the clipboard, as Markdown");
    vec![Effect::Copy(text)]
}
