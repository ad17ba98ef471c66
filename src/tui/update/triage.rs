//! Deciding about threats, one or all that are marked: the form, what it needs, and the edits it makes.

use super::{apply, go};
use crate::analysis::ThreatRow;
use crate::model::{Date, Edit, Override, Severity, Status, StatusWord, ThreatKey, act};
use crate::tui::detail;
use crate::tui::state::layer::{About, Entry, Form, Layer, Line, Page, Part};
use crate::tui::state::{Pane, Screen, State};
use crate::workbench::read_day_to_come;

/// Words of the severity field; the first takes an override away.
const SEVERITIES: [&str; 5] = ["as computed", "Low", "Medium", "High", "Critical"];
/// Words of the status field, in the order of letters people would try.
const STATUSES: [StatusWord; 7] = [
    StatusWord::Open,
    StatusWord::Mitigated,
    StatusWord::Accepted,
    StatusWord::Transferred,
    StatusWord::Avoided,
    StatusWord::NotApplicable,
    StatusWord::FalsePositive,
];

/// The threats a decision is about: the marked ones, else the selected one.
fn rows(state: &State) -> Vec<&ThreatRow> {
    let all = &state.bench.analysis().threats;
    if state.marked_threats.is_empty() {
        state.current_threat().into_iter().collect()
    } else {
        all.iter().filter(|t| state.marked_threats.contains(&t.key)).collect()
    }
}

/// Opens the form at a field.
pub(super) fn open(state: &mut State, part: Part) {
    let rows = rows(state);
    let Some(first) = rows.first() else { return };
    let title = match rows.len() {
        1 => first.title.clone(),
        many => format!("{many} marked threats"),
    };
    let mut form = Form { title, about: About::Threats(keys_of(&rows)), fields: fields(first), at: 0, error: None };
    form.at = form.shown().iter().position(|n| form.fields[*n].part == part).unwrap_or(0);
    state.layers.push(Layer::Form(form));
}

fn keys_of(rows: &[&ThreatRow]) -> Vec<ThreatKey> {
    rows.iter().map(|t| t.key.clone()).collect()
}

/// The threats that a decision is about, by their keys.
pub(super) fn keys(state: &State) -> Vec<ThreatKey> {
    keys_of(&rows(state))
}

fn fields(row: &ThreatRow) -> Vec<Entry> {
    let status = &row.record.status;
    let (text, word) = (Entry::line, Entry::word);
    let date = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    let (mut approver, mut to, mut evidence) = (String::new(), String::new(), String::new());
    match status {
        Status::Accepted { approver: Some(name), .. } => approver.clone_from(name),
        Status::Transferred { to: whom, .. } => to.clone_from(whom),
        Status::Mitigated { evidence: list, .. } => evidence = list.join(", "),
        _ => {}
    }
    let severity = row.record.overridden.as_ref();
    vec![
        word(Part::Status, STATUSES.iter().map(|s| s.title()).collect(), status.word().title()),
        text(Part::Reason, status.reason().unwrap_or_default().to_owned()),
        text(Part::Approver, approver),
        text(Part::Expires, date(status.expires())),
        text(Part::To, to),
        text(Part::Evidence, evidence),
        word(Part::Severity, SEVERITIES.to_vec(), severity.map_or(SEVERITIES[0], |o| o.severity.name())),
        text(Part::Why, severity.map(|o| o.reason.clone()).unwrap_or_default()),
        text(Part::Owner, row.record.owner.clone().unwrap_or_default()),
        text(Part::Due, date(row.record.due)),
    ]
}

/// Takes what the form says, or names the field that is wrong.
pub(super) fn submit(state: &mut State, form: &Form) -> Result<(), (Part, String)> {
    let keys = match &form.about {
        About::Threats(keys) => keys,
        About::Mitigations(ids) => return super::mitigations::submit(state, form, ids),
        About::Found(keys, own) => return super::walk::submit(state, form, keys, own.as_deref()),
    };
    let decision = decision(state, form)?;
    let sitting = state.bench.sitting().clone();
    let model = state.bench.model();
    let all = &state.bench.analysis().threats;
    let edits: Vec<Edit> = keys
        .iter()
        .filter_map(|key| all.iter().find(|t| t.key == *key))
        .map(|t| {
            let facts = Some(t.facts.clone()).filter(|f| !f.is_empty());
            act::decide(model, &t.key, &t.record, decision.clone(), facts, (&sitting.who, sitting.today))
        })
        .collect();
    if decision == act::Decision::default() || edits.is_empty() {
        state.say("nothing was changed");
        return Ok(());
    }
    let what = decision.status.as_ref().map_or("decided about", |s| s.word().title());
    let whom = if let [one] = keys.as_slice() { one.to_string() } else { format!("{} threats", keys.len()) };
    if apply(state, &format!("{what}: {whom}"), Edit::All(edits)) {
        state.marked_threats.clear();
    }
    Ok(())
}

fn decision(state: &State, form: &Form) -> Result<act::Decision, (Part, String)> {
    let today = state.bench.sitting().today;
    let changed = |parts: &[Part]| parts.iter().any(|p| form.get(*p).is_some_and(Entry::changed));
    let mut decision = act::Decision::default();
    if changed(&[Part::Status, Part::Reason, Part::Approver, Part::Expires, Part::To, Part::Evidence]) {
        decision.status = Some(status(form, today)?);
    }
    if changed(&[Part::Severity, Part::Why]) {
        decision.overridden = Some(overridden(form, &state.bench.sitting().who)?);
    }
    if changed(&[Part::Owner]) {
        decision.owner = Some(some(form.text(Part::Owner)));
    }
    if changed(&[Part::Due]) {
        decision.due = Some(date(form, Part::Due, today)?);
    }
    Ok(decision)
}

fn status(form: &Form, today: Date) -> Result<Status, (Part, String)> {
    let reason = || needed(form, Part::Reason, "a reason is needed, so that others can follow");
    let word = STATUSES.iter().find(|s| s.title() == form.text(Part::Status)).copied().unwrap_or(StatusWord::Open);
    Ok(match word {
        StatusWord::Mitigated => {
            let evidence = needed(form, Part::Evidence, "where can one see it? a link, a commit, a test")?;
            Status::Mitigated { evidence: evidence.split(',').map(|e| e.trim().to_owned()).collect(), on: None }
        }
        StatusWord::Accepted => Status::Accepted {
            reason: reason()?,
            approver: some(form.text(Part::Approver)),
            expires: date(form, Part::Expires, today)?,
        },
        StatusWord::Transferred => Status::Transferred { to: needed(form, Part::To, "to whom?")?, reason: reason()? },
        StatusWord::Avoided => Status::Avoided { reason: reason()? },
        StatusWord::NotApplicable => Status::NotApplicable { reason: reason()? },
        StatusWord::FalsePositive => {
            Status::FalsePositive { reason: reason()?, expires: date(form, Part::Expires, today)? }
        }
        StatusWord::Open | StatusWord::Gone => Status::Open,
    })
}

fn overridden(form: &Form, who: &str) -> Result<Option<Override>, (Part, String)> {
    let Some(severity) = Severity::parse(form.text(Part::Severity)) else { return Ok(None) };
    let reason = needed(form, Part::Why, "why another severity than the computed one?")?;
    Ok(Some(Override { severity, reason, by: some(who) }))
}

pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn needed(form: &Form, part: Part, why: &str) -> Result<String, (Part, String)> {
    some(form.text(part)).ok_or_else(|| (part, why.to_owned()))
}

/// The day in a field, which is still to come.
pub(super) fn date(form: &Form, part: Part, today: Date) -> Result<Option<Date>, (Part, String)> {
    read_day_to_come(form.text(part), today).map_err(|why| (part, why))
}

/// Shows why a threat is raised and what closes it.
pub(super) fn detail(state: &mut State) {
    let Some(row) = state.current_threat() else { return };
    let page = Page { title: row.title.clone(), lines: detail::lines(state, row), is_table: false, scroll: 0 };
    state.layers.push(Layer::Page(page));
}

/// Marks or unmarks the row.
pub(super) fn mark(state: &mut State) {
    let Some(key) = state.current_threat().map(|t| t.key.clone()) else { return };
    if !state.marked_threats.remove(&key) {
        state.marked_threats.insert(key);
    }
    go::row(state, 1);
    state.say(format!("{} marked", state.marked_threats.len()));
}

/// Selects what the threat is about and shows it on the diagram.
pub(super) fn show_subject(state: &mut State) {
    let key: Option<ThreatKey> = state.current_threat().map(|t| t.key.clone());
    let Some(key) = key else { return };
    state.show(Screen::Diagram);
    state.pane = Pane::Canvas;
    state.threat = Some(key.clone());
    if state.bench.model().thing(&key.subject()).is_some() {
        go::select(state, key.subject());
    } else {
        state.selected = None;
        state.say("it is about the whole system");
    }
}

/// Asks for a filter, on the screen of all threats.
pub(super) fn filter(state: &mut State) {
    state.show(Screen::Threats);
    let now = state.filter.clone();
    super::draw::ask(state, "Filter", &now, Line::Filter);
}
