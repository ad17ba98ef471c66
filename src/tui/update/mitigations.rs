//! Work that closes threats: adding it, saying how far it is, tying it to threats. What it does to them is evaluated by
//! the rules; this only says what people say.

use super::triage::{self, some};
use super::{apply, go};
use crate::analysis::whatif::Moved;
use crate::analysis::{By, groups, provided};
use crate::model::{Edit, Id, Mitigation, MitigationStatus, Provides, Severity, ThreatKey, act};
use crate::tui::name::called;
use crate::tui::state::layer::{
    About, Choice, Confirm, Deed, Entry, Form, Layer, Line, Page, Part, Pick, PickRow, Value,
};
use crate::tui::state::mitigations::{COLUMNS, Mitigations};
use crate::tui::state::{Screen, State};
use crate::tui::theme::severity_mark;
use crate::tui::view::mitigations::is_board;

/// Threats that a page names.
const NAMED: usize = 12;

/// Goes so many rows on in the list, or in a column of the board.
pub(super) fn row(state: &mut State, by: isize) {
    let model = state.bench.model();
    let all = Mitigations::columns(model);
    let current = state.mitigations.current(model);
    let board = state.panes().mitigations.is_some_and(|area| is_board(state, area));
    let column = all.iter().find(|ids| ids.iter().any(|id| Some(id) == current.as_ref())).cloned();
    let ids = if board { column.unwrap_or_default() } else { all.concat() };
    let at = ids.iter().position(|id| Some(id) == current.as_ref()).unwrap_or(0);
    state.mitigations.selected = ids.get(go::moved(at, by, ids.len())).cloned();
}

/// Goes to the next column of the board that has something in it.
pub(super) fn column(state: &mut State, by: isize) {
    if !state.panes().mitigations.is_some_and(|area| is_board(state, area)) {
        return state.say("this is the list; b shows the board, where there is room for it");
    }
    let model = state.bench.model();
    let all = Mitigations::columns(model);
    let current = state.mitigations.current(model);
    let Some(at) = all.iter().position(|ids| ids.iter().any(|id| Some(id) == current.as_ref())) else { return };
    let line = all[at].iter().position(|id| Some(id) == current.as_ref()).unwrap_or(0);
    let filled = |n: &usize| !all[*n].is_empty();
    let to = if by < 0 { (0..at).rev().find(filled) } else { (at + 1..all.len()).find(filled) };
    if let Some(to) = to {
        state.mitigations.selected = all[to].get(line).or(all[to].last()).cloned();
    }
}

/// Shows the board, or the list again.
pub(super) fn board(state: &mut State) {
    state.mitigations.board = !state.mitigations.board;
    let fits = state.panes().mitigations.is_some_and(|area| is_board(state, area));
    if state.mitigations.board && !fits {
        state.say("the board is shown once the terminal is wide enough for its columns");
    }
}

/// Marks or unmarks the selected one.
pub(super) fn mark(state: &mut State) {
    let Some(id) = state.mitigations.current(state.bench.model()) else { return };
    if !state.mitigations.marked.remove(&id) {
        state.mitigations.marked.insert(id);
    }
    row(state, 1);
    state.say(format!("{} marked", state.mitigations.marked.len()));
}

/// Opens the form at a field.
pub(super) fn open(state: &mut State, part: Part) {
    let model = state.bench.model();
    let ids = state.mitigations.subjects(model);
    let Some(first) = ids.first().and_then(|id| model.mitigations.get(id)) else { return };
    let title = if ids.len() == 1 { first.title.clone() } else { format!("{} marked mitigations", ids.len()) };
    // What several have in common is shown; what they differ in is not one's for all.
    let shared = |of: &dyn Fn(&Mitigation) -> String| {
        let value = of(first);
        let same = ids.iter().filter_map(|id| model.mitigations.get(id)).all(|m| of(m) == value);
        if same { value } else { String::new() }
    };
    let words = MitigationStatus::ALL.iter().map(|status| status.title()).collect();
    let fields = vec![
        Entry::word(Part::Progress, words, first.status.title()),
        Entry::line(Part::Owner, shared(&|m| m.owner.clone().unwrap_or_default())),
        Entry::line(Part::Due, shared(&|m| m.due.map(|day| day.to_string()).unwrap_or_default())),
        Entry::line(Part::Evidence, shared(&|m| m.evidence.join(", "))),
        Entry::line(Part::Ticket, shared(&|m| m.ticket.clone().unwrap_or_default())),
    ];
    let mut form = Form { title, about: About::Mitigations(ids), fields, at: 0, error: None };
    form.at = form.shown().iter().position(|n| form.fields[*n].part == part).unwrap_or(0);
    state.layers.push(Layer::Form(form));
}

/// Takes what the form says, or names the field that is wrong.
pub(super) fn submit(state: &mut State, form: &Form, ids: &[Id]) -> Result<(), (Part, String)> {
    let today = state.bench.sitting().today;
    let changed = |part: Part| form.get(part).filter(|field| field.changed());
    let status = changed(Part::Progress)
        .and_then(|field| MitigationStatus::ALL.iter().copied().find(|status| status.title() == field.text()));
    let owner = changed(Part::Owner).map(|field| some(field.text()));
    let due = changed(Part::Due).map(|_| triage::date(form, Part::Due, today)).transpose()?;
    let ticket = changed(Part::Ticket).map(|field| some(field.text()));
    let listed = |text: &str| text.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
    let evidence: Option<Vec<String>> = changed(Part::Evidence).map(|field| listed(field.text()));
    let edit = act::change_mitigations(state.bench.model(), ids, |mitigation| {
        mitigation.status = status.unwrap_or(mitigation.status);
        mitigation.owner = owner.clone().unwrap_or_else(|| mitigation.owner.clone());
        mitigation.due = due.unwrap_or(mitigation.due);
        mitigation.ticket = ticket.clone().unwrap_or_else(|| mitigation.ticket.clone());
        mitigation.evidence = evidence.clone().unwrap_or_else(|| mitigation.evidence.clone());
    });
    changed_by(state, ids, edit, status.map_or("changed", MitigationStatus::title));
    Ok(())
}

fn changed_by(state: &mut State, ids: &[Id], edit: Edit, word: &str) {
    if edit == Edit::All(Vec::new()) {
        return state.say("nothing was changed");
    }
    let selected = state.mitigations.current(state.bench.model());
    let whom = if let [one] = ids { title_of(state, one) } else { format!("{} mitigations", ids.len()) };
    if apply(state, &format!("{word}: {whom}"), edit) {
        state.mitigations.marked.clear();
        state.mitigations.selected = selected;
    }
}

fn title_of(state: &State, id: &Id) -> String {
    state.bench.model().mitigations.get(id).map(|m| m.title.clone()).unwrap_or_default()
}

/// Takes them to the next column of the board, or to the one before.
pub(super) fn step(state: &mut State, forward: bool) {
    let model = state.bench.model();
    let ids = state.mitigations.subjects(model);
    let next = |status: MitigationStatus| {
        let at = COLUMNS.iter().position(|(_, all)| all.contains(&status))?;
        // What is rejected is decided, not come upon.
        let last = COLUMNS.len() - 2;
        let to = if forward { Some(at + 1).filter(|to| *to <= last) } else { at.checked_sub(1) }?;
        COLUMNS[to].1.first().copied()
    };
    let edit = act::change_mitigations(model, &ids, |m| m.status = next(m.status).unwrap_or(m.status));
    let word = ids.first().and_then(|id| next(model.mitigations.get(id)?.status));
    match word {
        Some(status) => changed_by(state, &ids, edit, status.title()),
        None => state.say(if forward { "it is in the last column" } else { "it is in the first column" }),
    }
}

/// Lists what could be added, what closes the most of the open threats first.
pub(super) fn add(state: &mut State) {
    state.show(Screen::Mitigations);
    let rows = catalogue(state, &[]);
    let intro = "What closes open threats comes first. Type to find something, or choose your own words.";
    state.layers.push(Layer::Pick(Pick::new("Add a mitigation", rows, Choice::AddMitigation).intro(intro)));
}

/// The records of the catalogue, those first that close something that is open, with how much; only those that these
/// threats are closed by, where there are any.
fn catalogue(state: &State, keys: &[ThreatKey]) -> Vec<PickRow> {
    let (model, knowledge) = (state.bench.model(), state.bench.knowledge());
    let all: Vec<_> = state.bench.analysis().threats.iter().collect();
    let wanted = |fix: &str| {
        keys.is_empty() || all.iter().any(|row| keys.contains(&row.key) && row.fixes.iter().any(|own| own == fix))
    };
    let followed = |fix: &str| model.mitigations.values().any(|m| m.catalog.as_deref() == Some(fix));
    let row = |fix: &str, more: String| {
        let record = knowledge.mitigations.get(fix)?;
        let more =
            if followed(fix) { format!("{more} · in the model").trim_start_matches(" · ").to_owned() } else { more };
        let row = PickRow::new(record.title.clone(), Value::Word(fix.to_owned())).more(more).about(record.how.clone());
        Some(PickRow { words: fix.to_owned(), ..row })
    };
    let mut rows = vec![
        PickRow::new("in your own words …", Value::Fresh)
            .about("Work that is not in the catalogue; its title is asked next."),
    ];
    let open = groups(&all, By::Mitigation, model, knowledge);
    let closing = open.iter().filter(|group| !group.id.is_empty() && wanted(&group.id));
    let best: Vec<PickRow> = closing
        .clone()
        .filter_map(|group| {
            let worst = group.worst().map_or("not rated", Severity::name);
            row(&group.id, format!("closes {} open, worst {worst}", group.threats()))
        })
        .collect();
    let told: Vec<&str> = closing.map(|group| group.id.as_str()).collect();
    rows.splice(0..0, best);
    let others = knowledge.mitigations.keys().filter(|fix| !told.contains(&fix.as_str()) && wanted(fix));
    rows.extend(others.filter_map(|fix| row(fix, String::new())));
    rows
}

/// Adds a record of the catalogue where open threats ask for it, or asks for a title.
pub(super) fn chosen(state: &mut State, value: &Value, keys: Vec<ThreatKey>) {
    match value {
        Value::Word(fix) => added(state, std::slice::from_ref(fix), &keys, Vec::new()),
        _ => super::draw::ask(state, "Mitigation: what is to be done", "", Line::Mitigation(keys)),
    }
}

/// Adds what was named in somebody's own words.
pub(super) fn named(state: &mut State, title: &str, keys: &[ThreatKey]) {
    let (id, edit) = act::add_mitigation(state.bench.model(), Mitigation::new(title));
    let link = linked(state, keys, |own| own.push(id.clone()));
    if apply(state, &format!("added {title}"), Edit::All([vec![edit], link].concat())) {
        after_adding(state, &id, keys);
    }
}

fn after_adding(state: &mut State, id: &Id, keys: &[ThreatKey]) {
    state.marked_threats.clear();
    if keys.is_empty() {
        state.mitigations.selected = Some(id.clone());
        state.settle();
    }
}

/// Adds records of the catalogue that the model does not follow yet, and says of threats which mitigations close them.
fn added(state: &mut State, fixes: &[String], keys: &[ThreatKey], already: Vec<Id>) {
    let (model, knowledge) = (state.bench.model(), state.bench.knowledge());
    let all: Vec<_> = state.bench.analysis().threats.iter().collect();
    let about: Vec<_> =
        if keys.is_empty() { all.clone() } else { all.iter().copied().filter(|row| keys.contains(&row.key)).collect() };
    let (mut edits, mut ids, mut scratch) = (Vec::new(), already, model.clone());
    for fix in fixes {
        let Some(record) = knowledge.mitigations.get(fix) else { continue };
        let provides: Vec<Provides> = provided(fix, &about, model, knowledge);
        let mitigation = Mitigation { catalog: Some(fix.clone()), provides, ..Mitigation::new(&record.title) };
        let (id, edit) = act::add_mitigation(&scratch, mitigation);
        // So that two of them do not get one id.
        let _ = edit.clone().apply(&mut scratch);
        edits.push(edit);
        ids.push(id);
    }
    let named = ids.clone();
    edits.extend(linked(state, keys, |own| own.clone_from(&named)));
    let label = match (fixes, keys.len()) {
        ([one], 0) => format!("added {}", knowledge.mitigations.get(one).map_or(one.as_str(), |m| m.title.as_str())),
        (_, 0) => format!("added {} mitigations", fixes.len()),
        (_, 1) => format!(
            "{} closes {}",
            if ids.len() == 1 { "a mitigation".to_owned() } else { format!("{} mitigations", ids.len()) },
            keys[0]
        ),
        (_, n) => format!("said what closes {n} threats"),
    };
    if apply(state, &label, Edit::All(edits))
        && let Some(id) = ids.last()
    {
        after_adding(state, &id.clone(), keys);
    }
}

/// The edits by which threats name other mitigations than before.
fn linked(state: &State, keys: &[ThreatKey], change: impl Fn(&mut Vec<Id>)) -> Vec<Edit> {
    let (model, sitting) = (state.bench.model(), state.bench.sitting());
    let rows = state.bench.analysis().threats.iter().filter(|row| keys.contains(&row.key));
    rows.map(|row| {
        let mut own = model.threats.get(&row.key).unwrap_or(&row.record).mitigations.clone();
        change(&mut own);
        let decision = act::Decision { mitigations: Some(own), ..act::Decision::default() };
        act::decide(model, &row.key, &row.record, decision, None, (&sitting.who, sitting.today))
    })
    .collect()
}

/// Lists what can close the selected threat, or the marked ones: mitigations of the model, then what its rule names.
pub(super) fn link(state: &mut State) {
    let keys = triage::keys(state);
    let model = state.bench.model();
    let Some(first) = keys.first() else { return };
    let now: Vec<Id> = model.threats.get(first).map(|threat| threat.mitigations.clone()).unwrap_or_default();
    let own = model.mitigations.iter().map(|(id, m)| {
        let row = PickRow::new(m.title.clone(), Value::Thing(id.clone())).more(m.status.title());
        PickRow { words: id.to_string(), ..row }
    });
    let mut rows: Vec<PickRow> = own.collect();
    let followed: Vec<&str> = model.mitigations.values().filter_map(|m| m.catalog.as_deref()).collect();
    let fresh = catalogue(state, &keys)
        .into_iter()
        .filter(|row| !matches!(&row.value, Value::Word(fix) if followed.contains(&fix.as_str())));
    rows.extend(fresh.map(|row| PickRow {
        text: if row.value == Value::Fresh { row.text } else { format!("new: {}", row.text) },
        ..row
    }));
    let title =
        if keys.len() == 1 { "What closes it".to_owned() } else { format!("What closes {} threats", keys.len()) };
    let pick = Pick::new(title, rows, Choice::Link(keys))
        .several(|row| matches!(&row.value, Value::Thing(id) if now.contains(id)));
    state.layers.push(Layer::Pick(pick));
}

/// Takes what was chosen to close threats.
pub(super) fn link_chosen(state: &mut State, keys: Vec<ThreatKey>, values: &[Value]) {
    if values.contains(&Value::Fresh) {
        return chosen(state, &Value::Fresh, keys);
    }
    let ids: Vec<Id> = values.iter().filter_map(super::find::thing_of).collect();
    let fixes: Vec<String> =
        values.iter().filter_map(|v| if let Value::Word(fix) = v { Some(fix.clone()) } else { None }).collect();
    added(state, &fixes, &keys, ids);
}

/// Asks for another title.
pub(super) fn retitle(state: &mut State) {
    let Some(id) = state.mitigations.current(state.bench.model()) else { return };
    let now = title_of(state, &id);
    super::draw::ask(state, "Title of the mitigation", &now, Line::Retitle(id));
}

/// Gives it that title.
pub(super) fn retitled(state: &mut State, id: &Id, title: &str) {
    let edit =
        act::change_mitigations(state.bench.model(), std::slice::from_ref(id), |m| title.clone_into(&mut m.title));
    changed_by(state, std::slice::from_ref(id), edit, "renamed");
}

/// Asks before anything goes that threats name; else deletes at once.
pub(super) fn delete(state: &mut State) {
    let model = state.bench.model();
    let ids = state.mitigations.subjects(model);
    let naming: usize = ids.iter().map(|id| act::threats_naming(model, id).count()).sum();
    let counting = ids.iter().filter(|id| model.mitigations.get(*id).is_some_and(|m| m.status.counts())).count();
    if naming + counting == 0 {
        return deleted(state, &ids);
    }
    let mut lines = Vec::new();
    if naming > 0 {
        lines.push(match naming {
            1 => "1 threat names it as what closes it.".to_owned(),
            n => format!("{n} threats name it as what closes them."),
        });
    }
    if counting > 0 {
        lines.push("What it provides counts now; rules will raise again what it holds closed.".to_owned());
    }
    let title = if let [one] = &ids[..] {
        format!("Delete {}?", title_of(state, one))
    } else {
        format!("Delete {} mitigations?", ids.len())
    };
    let answers = vec![('Y', "delete", Deed::DeleteMitigations(ids))];
    state.layers.push(Layer::Confirm(Confirm { title, lines, answers, esc: "keep it" }));
}

/// Deletes them.
pub(super) fn deleted(state: &mut State, ids: &[Id]) {
    let model = state.bench.model();
    let label = if let [one] = ids {
        format!("deleted {}", title_of(state, one))
    } else {
        format!("deleted {} mitigations", ids.len())
    };
    let (mut edits, mut scratch) = (Vec::new(), model.clone());
    for id in ids {
        let edit = act::delete_mitigation(&scratch, id);
        let _ = edit.clone().apply(&mut scratch);
        edits.push(edit);
    }
    if apply(state, &label, Edit::All(edits)) {
        state.mitigations.marked.clear();
    }
}

/// Lights where it works.
pub(super) fn show_places(state: &mut State) {
    let model = state.bench.model();
    let Some(mitigation) = state.mitigations.current(model).and_then(|id| model.mitigations.get(&id)) else { return };
    let places: Vec<Id> = mitigation.provides.iter().flat_map(|provides| provides.on.iter().cloned()).collect();
    let Some(first) = places.iter().find(|id| model.thing(id).is_some()).cloned() else {
        return state.say("it does not say where it works (provides … on, in the file)");
    };
    let title = mitigation.title.clone();
    state.show(Screen::Diagram);
    state.sight.lit = places.into_iter().collect();
    go::select(state, first);
    state.say(format!("lit: where {title} works; Esc puts the light out"));
}

/// Shows it at length.
pub(super) fn detail(state: &mut State) {
    let Some(id) = state.mitigations.current(state.bench.model()) else { return };
    let page = Page { title: title_of(state, &id), lines: page(state, &id), is_table: false, scroll: 0 };
    state.layers.push(Layer::Page(page));
}

/// The paragraphs about a mitigation. A line that begins with two spaces belongs to the heading before it.
pub(crate) fn page(state: &State, id: &Id) -> Vec<String> {
    let (model, knowledge, today) = (state.bench.model(), state.bench.knowledge(), state.bench.sitting().today);
    let Some(mitigation) = model.mitigations.get(id) else { return Vec::new() };
    let late = if mitigation.is_overdue(today) { " (late)" } else { "" };
    let counts = if mitigation.status.counts() { "" } else { "; it counts from implemented on" };
    let mut lines = vec![format!("Status    {}{counts}", mitigation.status.title())];
    lines.extend(mitigation.owner.iter().map(|owner| format!("Owner     {owner}")));
    lines.extend(mitigation.due.iter().map(|day| format!("Due       {day}{late}")));
    lines.extend(mitigation.ticket.iter().map(|ticket| format!("Ticket    {ticket}")));
    lines.extend(mitigation.evidence.iter().map(|seen| format!("Evidence  {seen}")));
    lines.extend(mitigation.description.iter().map(|text| format!("About it  {text}")));
    let provides = mitigation.provides.iter().map(|provides| {
        let on: Vec<String> = provides.on.iter().map(|id| called(model, id).into_owned()).collect();
        format!(
            "  {} = {} on {}",
            provides.fact,
            provides.value,
            if on.is_empty() { "nothing yet".to_owned() } else { on.join(", ") }
        )
    });
    lines.extend(heading("Provides", provides.collect()));
    if let Some(effect) = state.mitigations.effect(id) {
        let (moved, title) = if mitigation.status.counts() {
            (&effect.opened, "Holds closed")
        } else {
            (&effect.closed, "Closes once it is done")
        };
        lines.extend(heading(title, some_of(moved)));
        lines.extend(heading(
            "Lowers",
            some_of(&effect.lowered).into_iter().filter(|_| !mitigation.status.counts()).collect(),
        ));
    }
    let named: Vec<String> = act::threats_naming(model, id)
        .map(|key| {
            format!(
                "  {} {}",
                model.display_id(key),
                model.threats.get(key).map(|t| t.title.clone()).unwrap_or_default()
            )
        })
        .collect();
    lines.extend(heading("Threats that name it", named));
    if let Some(record) = mitigation.catalog.as_deref().and_then(|fix| knowledge.mitigations.get(fix)) {
        lines.extend(heading("How", vec![format!("  {}", record.how), format!("  {}", record.id)]));
    }
    lines
}

/// A heading with what stands under it; nothing under it, no heading.
fn heading(title: &str, under: Vec<String>) -> Vec<String> {
    if under.is_empty() { under } else { std::iter::once(title.to_owned()).chain(under).collect() }
}

fn some_of(moved: &[Moved]) -> Vec<String> {
    let line = |moved: &Moved| format!("  {} {} {}", severity_mark(moved.severity).trim_end(), moved.id, moved.title);
    let mut lines: Vec<String> = moved.iter().take(NAMED).map(line).collect();
    if moved.len() > NAMED {
        lines.push(format!("  and {} more", moved.len() - NAMED));
    }
    lines
}
