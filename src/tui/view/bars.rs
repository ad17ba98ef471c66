//! The three bars: names of the screens above, what happened and the keys below. They also know what a click on them
//! means, since the same rows of the table are behind both.

use ratatui::layout::{Position, Rect};

use super::pen::Pen;
use crate::command::{ACTIONS, Action, ActionRow, Scope};
use crate::tui::name::called;
use crate::tui::state::layer::{Choice, Layer, Line, Target};
use crate::tui::state::{Screen, State};
use crate::tui::text::{count, cut, safe, width};
use crate::tui::theme::Role;

/// The screens in their order, with the action that shows each and a short name for narrow terminals.
const SCREENS: &[(Screen, Action, &str)] = &[
    (Screen::Diagram, Action::ScreenDiagram, "Diagram"),
    (Screen::Threats, Action::ScreenThreats, "Threats"),
    (Screen::Mitigations, Action::ScreenMitigations, "Mitig"),
    (Screen::Walk, Action::ScreenWalk, "Walk"),
    (Screen::Dashboard, Action::ScreenDashboard, "Dash"),
    (Screen::Review, Action::ScreenReview, "Review"),
    (Screen::Rules, Action::ScreenRules, "Rules"),
];

/// From so many columns on the names of the screens are written out.
const ROOMY: u16 = 118;
/// With fewer, the other screens are numbers.
const TIGHT: u16 = 78;

/// Names of the screens, with the columns they take.
fn tabs(state: &State) -> Vec<(usize, String, Screen, Action)> {
    let roomy = state.size.0 >= ROOMY;
    // Why a model may be looked at only matters more than the names of other screens.
    let named = state.size.0 >= TIGHT && state.bench.barred().is_none();
    let mut column = usize::from(roomy);
    let mut tabs = Vec::new();
    for (screen, action, short) in SCREENS {
        let here = *screen == state.screen;
        let name = match (roomy, named || here) {
            (true, _) => format!(" {}", action.row().title),
            (false, true) => format!(" {short}"),
            (false, false) => String::new(),
        };
        // In the walk-through numbers are answers.
        let number = if state.screen == Screen::Walk && !here { String::new() } else { state.keymap.keys_of(*action) };
        let name = if number.is_empty() { name.trim_start().to_owned() } else { format!("{number}{name}") };
        if name.is_empty() {
            continue;
        }
        let text = match (here, roomy) {
            (true, _) => format!("[{name}]"),
            (false, true) => format!(" {name} "),
            (false, false) => name,
        };
        let next = column + width(&text) + 1;
        tabs.push((column, text, *screen, *action));
        column = next;
    }
    tabs
}

/// Draws the names of the screens and of the model.
pub(super) fn header(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let mut end = 0;
    for (column, text, screen, _) in tabs(state) {
        let role = if screen == state.screen { Role::Accent } else { Role::Text };
        end = pen.write(area, 0, column, &text, role);
    }
    let open = state.bench.analysis().threats.iter().filter(|t| t.is_open()).count();
    let questions = state.bench.analysis().questions.len();
    let barred = state.bench.barred().is_some();
    let saved = match (state.bench.barred(), state.bench.is_dirty()) {
        (Some(barred), _) => safe(&barred.mark()),
        (None, true) => "changed".to_owned(),
        (None, false) => "saved".to_owned(),
    };
    let saved = if state.bench.unkept().is_some() { format!("{saved}, no journal") } else { saved };
    let title = safe(&state.bench.title());
    let room = usize::from(area.width).saturating_sub(end + 2);
    let long = format!("{} · {} · {saved} ", count(open, "open threat"), count(questions, "question"));
    let brief = |saved: &str| format!("{open} open  ?{questions}  {saved} ");
    let facts = match brief(&saved) {
        _ if width(&title) + width(&long) + 2 <= room => long,
        // Why it may be looked at only is said elsewhere; the numbers are not.
        full if width(&full) > room && barred => brief("read-only"),
        full if width(&full) > room => format!("{open} open ?{questions} {saved} "),
        full => full,
    };
    let least = format!("{open} open  {saved} ");
    let facts = if width(&facts) > room && width(&least) <= room { least } else { facts };
    let text = format!("{}  {facts}", cut(&title, room.saturating_sub(width(&facts) + 2)));
    if width(&text) <= room {
        pen.right(area, 0, &text, Role::Strong);
    } else if width(&facts) <= room {
        pen.right(area, 0, &facts, Role::Strong);
    } else {
        // Of all of it, whether work is safe matters most.
        pen.right(area, 0, &format!("{} ", cut(&saved, room.saturating_sub(1))), Role::Strong);
    }
}

/// Draws what the last act did; else how many things are marked.
pub(super) fn status(state: &State, pen: &mut Pen<'_>, area: Rect) {
    if !state.note.text.is_empty() {
        let role = if state.note.refused { Role::Refused } else { Role::Strong };
        let mark = if state.note.refused { "! " } else { "  " };
        pen.write(area, 0, 0, &format!("{mark}{}", state.note.text), role);
        return;
    }
    if let Some(drag) = state.drag.as_ref().filter(|d| d.at != d.from)
        && let Some(id) = &drag.what
    {
        let name = called(state.bench.model(), id);
        let told = if drag.connects {
            format!("data flow from {name}: let go on the element it goes to")
        } else {
            format!("let go where {name} belongs")
        };
        pen.write(area, 0, 2, &told, Role::Strong);
        return;
    }
    let marked = state.marked.len() + state.marked_threats.len();
    if marked > 0 {
        pen.write(area, 0, 2, &format!("{marked} marked · Esc clears"), Role::Quiet);
    }
}

/// A key with its word.
type Hint = (String, &'static str);

fn hint(key: &str, word: &'static str) -> Hint {
    (key.to_owned(), word)
}

/// The keys of what lies over the panes, and what Esc does there.
fn layer_hints(state: &State, layer: &Layer) -> (Vec<Hint>, &'static str) {
    match layer {
        Layer::Prompt(prompt) => {
            let (enter, esc) = line_words(state, &prompt.then);
            let mut hints = vec![hint("↵", enter), hint("Ctrl-u", "clear"), hint("←→", "move in it")];
            if prompt.then == Line::Filter && prompt.input.value().is_empty() {
                hints.insert(1, hint("?", "words"));
            }
            (hints, esc)
        }
        Layer::Pick(pick) => {
            let (enter, esc) = choice_words(&pick.then);
            let mut hints = vec![hint("↵", enter), hint("↑↓", "row"), hint("a-z", "find")];
            if pick.marked.is_some() {
                hints.insert(1, hint("Tab", "choose several"));
            }
            (hints, esc)
        }
        Layer::Form(_) => (vec![hint("↵", "record it"), hint("↑↓", "field"), hint("←→", "choose")], "decide nothing"),
        Layer::Confirm(confirm) => {
            (confirm.answers.iter().map(|(key, word, _)| (key.to_string(), *word)).collect(), confirm.esc)
        }
        Layer::Labels(labels) => {
            let esc = if labels.then == Target::Select { "stay here" } else { "connect nothing" };
            (vec![hint("a-z", "press a label"), hint("/", "by name"), hint("Backspace", "another one")], esc)
        }
        Layer::Page(_) => (vec![hint("↑↓", "scroll"), hint("PgUp PgDn", "ten lines")], "close"),
    }
}

/// What Enter and Esc do with a line that is typed.
fn line_words(state: &State, line: &Line) -> (&'static str, &'static str) {
    match line {
        Line::Add(..) | Line::Asset(..) | Line::Mitigation(_) => ("add it", "add nothing"),
        Line::Connect(..) => ("connect", "connect nothing"),
        Line::Rename(id) if state.bench.model().thing(id).is_some_and(|t| t.name().is_empty()) => {
            ("name it", "leave it nameless")
        }
        Line::Rename(_) => ("rename", "keep the name"),
        Line::Wrap(_) => ("draw it", "draw nothing"),
        Line::Fact(..) | Line::NotApplicable(..) | Line::Field(..) => ("state it", "change nothing"),
        Line::Filter => ("filter", "keep the filter"),
        Line::SaveAs => ("save", "do not save"),
        Line::Decide(_) => ("decide", "decide nothing"),
        Line::WalkOwn(_) => ("go on", "record nothing"),
        Line::WalkNo => ("say so", "say nothing"),
        Line::WalkPark => ("park it", "park nothing"),
        Line::Retitle(_) => ("rename", "keep the title"),
        Line::Compare => ("compare", "compare nothing else"),
    }
}

/// What Enter and Esc do in a list.
const fn choice_words(choice: &Choice) -> (&'static str, &'static str) {
    match choice {
        Choice::Run => ("run it", "close"),
        Choice::Go | Choice::Rule => ("go there", "stay here"),
        Choice::AddMitigation => ("add it", "add nothing"),
        Choice::Compare => ("compare", "compare nothing else"),
        Choice::FactName(_) | Choice::FactValue(..) | Choice::Field(..) | Choice::Link(_) => {
            ("take it", "change nothing")
        }
        Choice::Question => ("answer it", "close"),
        Choice::Subjects(..) => ("answer for it", "answer nothing"),
        Choice::WalkFound => ("these are threats", "record nothing"),
        Choice::WalkRange => ("walk through it", "change nothing"),
        Choice::MoveInto(_) => ("move", "move nothing"),
        Choice::End(_) | Choice::Named(_) => ("take it", "connect nothing"),
    }
}

/// The entries of the bar of keys that fit, with their columns. Help is always the last and never left out.
fn entries(state: &State) -> Vec<(usize, String, Action)> {
    let room = usize::from(state.panes().hints.width);
    let help = entry(state, Action::Help);
    let mut column = 1;
    let mut shown: Vec<(usize, String, Action)> = Vec::new();
    let mut first_keys: Vec<String> = Vec::new();
    // Innermost scope first; on the diagram, which is where one starts, the table's order alone counts.
    let scopes = state.scopes();
    let rank = |row: &&ActionRow| match scopes.iter().position(|s| *s == row.scope) {
        Some(_) if scopes.first() == Some(&Scope::Canvas) => 0,
        found => found.unwrap_or(scopes.len()),
    };
    // Saving as something else is what is left where saving is not possible.
    let barred = state.bench.barred().is_some();
    let named = |r: &&ActionRow| !r.short.is_empty() && r.id != Action::Help && (barred || r.id != Action::SaveAs);
    let mut rows: Vec<&ActionRow> = ACTIONS.iter().filter(|r| rank(r) < scopes.len() && named(r)).collect();
    rows.sort_by_key(rank);
    for row in rows {
        let text = entry(state, row.id);
        let key = text.split(' ').next().unwrap_or_default().to_owned();
        let fits = column + width(&text) + 2 + width(&help) < room;
        if fits && !first_keys.contains(&key) && crate::tui::update::offered(state, row.id).is_ok() {
            let next = column + width(&text) + 2;
            shown.push((column, text, row.id));
            first_keys.push(key);
            column = next;
        }
    }
    shown.push((column, help, Action::Help));
    shown
}

/// A key with its word, of a sequence only the first key.
fn entry(state: &State, action: Action) -> String {
    let keys = state.keymap.keys_of(action);
    let first = keys.split(' ').next().unwrap_or_default();
    format!("{first} {}", action.row().short.to_lowercase())
}

/// Draws the bar of keys.
pub(super) fn hints(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let mut entry = |column: usize, key: &str, word: &str| {
        let next = pen.write(area, 0, column, key, Role::Accent);
        pen.write(area, 0, next + 1, word, Role::Quiet) + 2
    };
    let Some(layer) = state.layers.last() else {
        for (column, text, _) in entries(state) {
            let (key, word) = text.split_once(' ').unwrap_or((&text, ""));
            entry(column, key, word);
        }
        return;
    };
    // The way out is never left out.
    let (hints, esc) = layer_hints(state, layer);
    let last = width("Esc ") + width(esc);
    let mut column = 1;
    for (key, word) in hints {
        if column + width(&key) + 1 + width(word) + 2 + last > usize::from(area.width) {
            break;
        }
        column = entry(column, &key, word);
    }
    entry(column, "Esc", esc);
}

/// The action behind a place on one of the bars.
pub(crate) fn action_at(state: &State, (x, y): (u16, u16)) -> Option<Action> {
    let panes = state.panes();
    let hit = |column: usize, text: &str| (column..column + width(text)).contains(&usize::from(x));
    if panes.header.contains(Position { x, y }) {
        return tabs(state).into_iter().find(|(c, t, ..)| hit(*c, t)).map(|(.., action)| action);
    }
    if panes.hints.contains(Position { x, y }) {
        let found = entries(state).into_iter().find(|(c, t, _)| hit(*c, t))?;
        // A sequence cannot be clicked as one act: the click opens the menu instead.
        let whole = found.2.row().keys.first().is_none_or(|k| !k.contains(' '));
        return Some(if whole { found.2 } else { Action::Menu });
    }
    None
}
