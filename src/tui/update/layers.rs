//! Keys and pasted text while something lies over the panes. Typing goes into fields; nothing typed or pasted there
//! starts an action.

use crossterm::event::{KeyCode, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::{Effect, act, draw, facts, fields, find, mitigations, questions, review, rules, start, triage, walk};
use crate::model::Id;
use crate::tui::key::Key;
use crate::tui::name::called;
use crate::tui::state::State;
use crate::tui::state::layer::{
    Answer, Choice, Confirm, Field, Form, Labels, Layer, Line, Page, Pick, PickRow, Prompt, Target, Value,
};

/// Text longer than this is cut when it is pasted.
const LONGEST_PASTE: usize = 4000;

/// A key for the uppermost layer.
pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(layer) = state.layers.pop() else { return Vec::new() };
    if key.code == KeyCode::Esc || key.is_ctrl('c') {
        state.leaving = false;
        return Vec::new();
    }
    match layer {
        Layer::Prompt(prompt) => return in_prompt(state, prompt, key),
        Layer::Pick(pick) => return in_pick(state, pick, key),
        Layer::Form(form) => in_form(state, form, key),
        Layer::Confirm(confirm) => return in_confirm(state, confirm, key),
        Layer::Labels(labels) => in_labels(state, labels, key),
        Layer::Page(page) => in_page(state, page, key),
    }
    Vec::new()
}

/// Pasted text: into the field that is typed into, and nowhere else.
pub(super) fn paste(state: &mut State, text: &str) {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "");
    let cut = line.chars().nth(LONGEST_PASTE).is_some();
    let input = match state.layers.last_mut() {
        Some(Layer::Prompt(prompt)) => Some(&mut prompt.input),
        Some(Layer::Pick(pick)) => {
            pick.at = 0;
            Some(&mut pick.input)
        }
        Some(Layer::Form(form)) => {
            let at = form.shown().get(form.at).copied();
            match at.and_then(|n| form.fields.get_mut(n)).map(|f| &mut f.value) {
                Some(Answer::Text(input)) => Some(input),
                _ => None,
            }
        }
        _ => None,
    };
    match input {
        Some(input) => {
            for c in line.chars().take(LONGEST_PASTE) {
                input.handle(InputRequest::InsertChar(c));
            }
            if cut {
                state.refuse(format!("what was pasted is too long; its first {LONGEST_PASTE} characters are here"));
            }
        }
        None => state.refuse("pasted text goes into fields only; nothing was run"),
    }
}

/// Edits a line; whether the key was for it.
fn edit(input: &mut Input, key: Key) -> bool {
    let ctrl = key.held.contains(KeyModifiers::CONTROL);
    let request = match key.code {
        KeyCode::Char('w') if ctrl => InputRequest::DeletePrevWord,
        KeyCode::Char('u') if ctrl => InputRequest::DeleteLine,
        KeyCode::Char('a') if ctrl => InputRequest::GoToStart,
        KeyCode::Char('e') if ctrl => InputRequest::GoToEnd,
        KeyCode::Left if ctrl => InputRequest::GoToPrevWord,
        KeyCode::Right if ctrl => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        _ => match key.typed() {
            Some(c) => InputRequest::InsertChar(c),
            None => return false,
        },
    };
    input.handle(request);
    true
}

fn in_prompt(state: &mut State, mut prompt: Prompt, key: Key) -> Vec<Effect> {
    let typed = prompt.input.value().trim();
    let explains = match key.code {
        KeyCode::Char('?') => typed.is_empty(),
        KeyCode::Enter => typed.eq_ignore_ascii_case("help"),
        _ => false,
    };
    if prompt.then == Line::Filter && explains {
        prompt.input = Input::default();
        state.layers.extend([Layer::Prompt(prompt), Layer::Page(crate::tui::sift::language())]);
        return Vec::new();
    }
    if key.code != KeyCode::Enter {
        if edit(&mut prompt.input, key) {
            prompt.error = None;
        }
        state.layers.push(Layer::Prompt(prompt));
        return Vec::new();
    }
    let text = prompt.input.value().trim().to_owned();
    if prompt.then == Line::SaveAs && !text.is_empty() {
        let whole = std::path::Path::new(&text).extension().is_some();
        let name = if whole { text } else { format!("{text}.tm.ron") };
        state.naming = Some(name.clone());
        return vec![Effect::SaveAs(name)];
    }
    if prompt.then == Line::Compare && !text.is_empty() {
        return vec![Effect::Compare(text)];
    }
    if let Err(why) = line(state, &prompt.then, &text) {
        prompt.error = Some(why);
        state.layers.push(Layer::Prompt(prompt));
    }
    Vec::new()
}

/// Does what a typed line is for; the message says why it cannot.
fn line(state: &mut State, then: &Line, text: &str) -> Result<(), String> {
    let name = || if text.is_empty() { Err("a name is needed; Esc leaves it".to_owned()) } else { Ok(()) };
    match then {
        Line::Add(new, from) => {
            name()?;
            draw::added(state, *new, from.as_ref(), text);
        }
        Line::Connect(from, to) => draw::connected(state, from, to, text),
        Line::Rename(id) => fields::renamed(state, id, text)?,
        Line::Wrap(members) => {
            name()?;
            draw::wrapped(state, members, text);
        }
        Line::Asset(ids, field, besides) => {
            name()?;
            fields::with_asset(state, ids, (*field, besides), text);
        }
        Line::Fact(ids, fact) => facts::typed(state, ids, fact, text)?,
        Line::NotApplicable(ids, fact) => facts::not_applicable(state, ids, fact, text)?,
        Line::Field(ids, field) => fields::typed(state, ids, *field, text)?,
        Line::Mitigation(keys) => {
            name()?;
            mitigations::named(state, text, keys);
        }
        Line::Retitle(id) => {
            name()?;
            mitigations::retitled(state, id, text);
        }
        Line::WalkOwn(keys) => {
            name()?;
            walk::owner(state, keys, Some(text));
        }
        Line::WalkNo => walk::reason(state, text)?,
        Line::WalkPark => walk::park(state, Some(text)),
        Line::Decide(conflict) => review::typed(state, conflict, text)?,
        Line::Compare => return Err("a name is needed, such as main or HEAD~3".to_owned()),
        Line::SaveAs => return Err("a name is needed, such as shop.tm.ron".to_owned()),
        Line::Filter => {
            crate::tui::sift::sift(&state.bench, text).map(|_| ())?;
            text.clone_into(&mut state.filter);
        }
    }
    Ok(())
}

fn in_pick(state: &mut State, mut pick: Pick, key: Key) -> Vec<Effect> {
    let count = pick.shown().len();
    match key.code {
        KeyCode::Enter => return choose(state, pick),
        KeyCode::Up => pick.at = pick.at.saturating_sub(1),
        KeyCode::Down => pick.at = super::go::moved(pick.at, 1, count),
        KeyCode::Home => pick.at = 0,
        KeyCode::End => pick.at = count.saturating_sub(1),
        KeyCode::PageUp => pick.at = pick.at.saturating_sub(10),
        KeyCode::PageDown => pick.at = super::go::moved(pick.at, 10, count),
        KeyCode::Char('p') if key.is_ctrl('p') => pick.at = pick.at.saturating_sub(1),
        KeyCode::Char('n') if key.is_ctrl('n') => pick.at = super::go::moved(pick.at, 1, count),
        KeyCode::Tab => {
            let current = pick.current();
            if let (Some(row), Some(marked)) = (current, pick.marked.as_mut()) {
                if !marked.remove(&row) {
                    marked.insert(row);
                }
                // The next one is looked for among all of them, beginning where this one was.
                let typed = !pick.input.value().is_empty();
                pick.input = Input::default();
                pick.at = if typed { row } else { super::go::moved(pick.at, 1, count) };
            }
        }
        _ => {
            if edit(&mut pick.input, key) {
                pick.at = 0;
            }
        }
    }
    state.layers.push(Layer::Pick(pick));
    Vec::new()
}

/// Takes the chosen rows: those marked with Tab, else the selected one.
pub(super) fn choose(state: &mut State, pick: Pick) -> Vec<Effect> {
    let Some(current) = pick.current() else {
        // A technology that nobody listed yet may be typed.
        let typed = pick.input.value().trim();
        if let Choice::Field(ids, field @ Field::Tech) = &pick.then
            && !typed.is_empty()
        {
            fields::chosen(state, ids, *field, &[Value::Word(typed.to_owned())]);
            return Vec::new();
        }
        state.layers.push(Layer::Pick(pick));
        return Vec::new();
    };
    if let Some(why) = pick.rows[current].off {
        state.refuse(format!("{}: {why}", pick.rows[current].text));
        state.layers.push(Layer::Pick(pick));
        return Vec::new();
    }
    let row_value = |n: usize| pick.rows[n].value.clone();
    // "None", "unknown" and "n/a" stand alone; words chosen before do not go with them. A new asset goes with others.
    let alone = !matches!(pick.rows[current].value, Value::Word(_) | Value::Thing(_) | Value::Threat(_) | Value::Fresh);
    let values: Vec<Value> = match &pick.marked {
        Some(marked) if !marked.is_empty() && !alone => {
            // What was typed for is meant as well, though nobody pressed Tab on it; so is something new.
            let typed = !pick.input.value().trim().is_empty() || row_value(current) == Value::Fresh;
            let sought = Some(current).filter(|n| typed && !marked.contains(n));
            marked.iter().copied().chain(sought).map(row_value).collect()
        }
        _ => vec![row_value(current)],
    };
    let shown: Vec<Id> = pick.shown().into_iter().filter_map(|n| find::thing_of(&pick.rows[n].value)).collect();
    let value = row_value(current);
    match pick.then {
        Choice::Run => {
            if let Value::Action(action) = value {
                return start(state, action);
            }
        }
        Choice::Rule => {
            if let Value::Word(id) = &value {
                rules::found(state, id);
            }
        }
        Choice::AddMitigation => mitigations::chosen(state, &value, Vec::new()),
        Choice::WalkFound => walk::found(state, &values),
        Choice::WalkRange => walk::range(state, &value),
        Choice::Link(keys) => mitigations::link_chosen(state, keys, &values),
        Choice::Compare => match value {
            Value::Word(name) => return vec![Effect::Compare(name)],
            _ => review::ask_name(state),
        },
        Choice::Go => find::found(state, &value, shown),
        Choice::FactName(id) => {
            if let Value::Word(fact) = value {
                facts::ask_value(state, vec![id], &fact);
            }
        }
        Choice::FactValue(ids, fact) if values.contains(&Value::Later) => questions::park(state, &fact, &ids),
        Choice::FactValue(ids, fact) => facts::chosen(state, ids, fact, &values),
        Choice::Field(ids, field) if values.contains(&Value::Later) => {
            questions::park(state, &questions::name_of(state, &ids, field), &ids);
        }
        Choice::Field(ids, field) => fields::chosen(state, &ids, field, &values),
        Choice::Question => {
            if let Value::Question(fact, kind) = value {
                questions::subjects(state, &fact, kind);
            }
        }
        Choice::Subjects(fact, kind) => questions::chosen(state, &fact, kind, &values),
        Choice::Named(then) => {
            if let Some(id) = find::thing_of(&value) {
                target(state, &then, id);
            }
        }
        Choice::End(to) => {
            if let Some(end) = find::thing_of(&value) {
                super::go::select(state, end);
                find::connect(state, to);
            }
        }
        Choice::MoveInto(ids) => draw::moved(state, &ids, find::thing_of(&value).as_ref()),
    }
    Vec::new()
}

fn in_form(state: &mut State, mut form: Form, key: Key) {
    let shown = form.shown();
    form.at = form.at.min(shown.len().saturating_sub(1));
    match key.code {
        KeyCode::Enter => {
            if let Err((part, why)) = triage::submit(state, &form) {
                form.at = shown.iter().position(|n| form.fields[*n].part == part).unwrap_or(form.at);
                form.error = Some((part, why));
                state.layers.push(Layer::Form(form));
            }
            return;
        }
        KeyCode::Up | KeyCode::BackTab => form.at = form.at.saturating_sub(1),
        KeyCode::Down | KeyCode::Tab => form.at = super::go::moved(form.at, 1, shown.len()),
        _ => {
            form.error = None;
            if let Some(field) = shown.get(form.at).and_then(|n| form.fields.get_mut(*n)) {
                match &mut field.value {
                    Answer::Text(input) => {
                        edit(input, key);
                    }
                    Answer::Word(words, at) => *at = turn(words, *at, key),
                }
            }
        }
    }
    state.layers.push(Layer::Form(form));
}

/// Goes through the words of a field: by arrows, or to the next one that begins with the letter.
fn turn(words: &[&str], at: usize, key: Key) -> usize {
    match (key.code, key.typed()) {
        (KeyCode::Left, _) => at.saturating_sub(1),
        (KeyCode::Right, _) => super::go::moved(at, 1, words.len()),
        (_, Some(letter)) => {
            let letter = letter.to_ascii_lowercase();
            let begins = |n: &usize| words[*n].to_lowercase().starts_with(letter);
            (1..=words.len()).map(|d| (at + d) % words.len()).find(begins).unwrap_or(at)
        }
        _ => at,
    }
}

fn in_confirm(state: &mut State, confirm: Confirm, key: Key) -> Vec<Effect> {
    if let Some((.., deed)) = confirm.answers.iter().find(|(c, ..)| key.typed() == Some(*c)) {
        return act::deed(state, deed.clone());
    }
    state.layers.push(Layer::Confirm(confirm));
    Vec::new()
}

fn in_labels(state: &mut State, mut labels: Labels, key: Key) {
    if key.code == KeyCode::Backspace {
        labels.typed.pop();
        return state.layers.push(Layer::Labels(labels));
    }
    let Some(c) = key.typed() else { return state.layers.push(Layer::Labels(labels)) };
    // What is out of sight has no label, but a name.
    if c == '/' {
        return by_name(state, labels.then);
    }
    labels.typed.push(c);
    let hit = labels.all.iter().find(|(label, _)| *label == labels.typed).map(|(_, id)| id.clone());
    match hit {
        Some(id) => target(state, &labels.then, id),
        None if labels.all.iter().any(|(label, _)| label.starts_with(&labels.typed)) => {
            state.layers.push(Layer::Labels(labels));
        }
        None => {
            labels.typed.pop();
            state.layers.push(Layer::Labels(labels));
        }
    }
}

/// Lists everything that could have had a label, in sight or not.
fn by_name(state: &mut State, then: Target) {
    let model = state.bench.model();
    let (title, here) = match &then {
        Target::Select => return find::search(state),
        Target::To(from) => (format!("Connect {} to", called(model, from)), from),
        Target::From(to) => (format!("Connect to {} from", called(model, to)), to),
    };
    let ends = model.elements.iter().map(|(id, e)| (id, &e.name));
    let ends = ends.chain(model.boundaries.iter().map(|(id, b)| (id, &b.name))).filter(|(id, _)| *id != here);
    let row = |(id, name): (&Id, &String)| PickRow::new(name.clone(), Value::Thing(id.clone())).more(id.as_str());
    let rows = ends.map(row).collect();
    state.layers.push(Layer::Pick(Pick::new(title, rows, Choice::Named(then))));
}

/// Does what a labelled thing is for.
pub(super) fn target(state: &mut State, then: &Target, id: Id) {
    let (from, to) = match then {
        Target::Select => return super::go::select(state, id),
        Target::To(from) => (from.clone(), id),
        Target::From(to) => (id, to.clone()),
    };
    let model = state.bench.model();
    let title = format!("Data flow {} → {}: its name, or nothing", called(model, &from), called(model, &to));
    draw::ask(state, title, "", Line::Connect(from, to));
}

fn in_page(state: &mut State, mut page: Page, key: Key) {
    match key.code {
        KeyCode::Up | KeyCode::Char('k') => page.scroll = page.scroll.saturating_sub(1),
        KeyCode::Down | KeyCode::Char('j') => page.scroll += 1,
        KeyCode::PageUp => page.scroll = page.scroll.saturating_sub(10),
        KeyCode::PageDown | KeyCode::Char(' ') => page.scroll += 10,
        KeyCode::Enter | KeyCode::Char('q') => return,
        _ => {}
    }
    page.scroll = page.scroll.min(page.lines.len() * 4);
    state.layers.push(Layer::Page(page));
}
