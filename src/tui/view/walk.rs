//! The walk-through: one question in much calm space, what can be answered, where one is, and how far. At the end what
//! came of it. It decides nothing.

mod beside;
mod summary;

use std::fmt::Write as _;

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::analysis::CellState;
use crate::analysis::walk::{Answers, Asking};
use crate::command::Action;
use crate::model::ThreatKey;
use crate::tui::layout::inner;
use crate::tui::state::State;
use crate::tui::text::{cut, safe, width, window, wrap_in};
use crate::tui::theme::{Role, severity_mark};
use crate::tui::update::walk::NUMBERED;
use crate::workbench::walk::{Progress, Walk};

/// From so many columns on there is a picture beside the question.
const BESIDE: u16 = 150;
/// From so many columns and rows on there is one below it.
const BELOW: (u16, u16) = (76, 30);
/// Lines longer than this tire the eye.
const READABLE: usize = 76;
/// Rows above the question: what it is about, how far one is, how the letters stand.
const HEAD: u16 = 3;
/// Lower than this, there is no room for the letters.
const LOW: u16 = 14;

/// Where the parts are.
struct Places {
    head: Rect,
    question: Rect,
    here: Option<Rect>,
}

fn places(area: Rect) -> Places {
    let head = if area.height < LOW { 2 } else { HEAD }.min(area.height);
    let body = Rect { y: area.y + head, height: area.height - head, ..area };
    let head = Rect { height: head, ..area };
    if area.width >= BESIDE && area.height >= LOW {
        let left = body.width / 2;
        let here = Rect { x: body.x + left, width: body.width - left, ..body };
        return Places { head, question: Rect { width: left, ..body }, here: Some(here) };
    }
    if area.width >= BELOW.0 && area.height >= BELOW.1 {
        let above = body.height * 3 / 5;
        let here = Rect { y: body.y + above, height: body.height - above, ..body };
        return Places { head, question: Rect { height: above, ..body }, here: Some(here) };
    }
    Places { head, question: body, here: None }
}

/// Columns and rows for the picture of where one is; `None` where there is none. What is known stands beside it, or below
/// it where that is narrow.
pub(crate) fn here(state: &State) -> Option<(u16, u16)> {
    let room = inner(places(state.panes().walk?).here?);
    if room.width > room.height * 3 {
        return Some((room.width.saturating_sub(KNOWN + 3), room.height));
    }
    Some((room.width.saturating_sub(2), room.height * 3 / 5))
}

/// Columns of what is known beside a picture.
const KNOWN: u16 = 34;

/// The number of the answer at a row of the screen.
pub(crate) fn answer_at(state: &State, area: Rect, y: u16) -> Option<usize> {
    let asking = state.walk.asking()?;
    let room = inner(places(area).question);
    let lines = page(state, asking, text_columns(room), usize::from(room.height));
    lines.get(usize::from(y.checked_sub(room.y)?))?.answer
}

/// Draws it.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let Some(walk) = &state.walk.session else { return };
    let Some(asking) = walk.asking() else { return summary::draw(state, walk, pen, area) };
    let places = places(area);
    head(state, (walk, asking), pen, places.head);
    let room = pen.frame(places.question, &asking.topic, true);
    let lines = page(state, asking, text_columns(room), usize::from(room.height));
    for (row, line) in lines.iter().enumerate() {
        let at = line.indent + margin(room);
        if line.key.is_empty() {
            pen.write(room, row, at, &line.text, line.role);
        } else {
            let end = pen.write(room, row, at, &line.key, Role::Accent);
            pen.write(room, row, end, &line.text, line.role);
        }
        if line.is_selected {
            pen.tint(room, row, Role::Selected);
            let goes_on = row.checked_sub(1).is_some_and(|above| lines[above].answer == line.answer);
            if !goes_on {
                pen.write(room, row, 0, pen.pointer(), Role::Selected);
            }
        }
    }
    if let Some(area) = places.here {
        beside::draw(state, asking, pen, area);
    }
}

/// Columns left of the question.
fn margin(room: Rect) -> usize {
    if room.width < 50 { 1 } else { 3 }
}

fn text_columns(room: Rect) -> usize {
    usize::from(room.width).saturating_sub(2 * margin(room)).min(READABLE)
}

/// What it is about, how far one is, and how the letters of the thing stand.
fn head(state: &State, (walk, asking): (&Walk, &Asking), pen: &mut Pen<'_>, area: Rect) {
    let progress = walk.progress();
    let (long, short) = counted(progress);
    let name = safe(&format!("{} · {}", asking.name, asking.kind.title()));
    let room = usize::from(area.width).saturating_sub(2);
    let far = if width(&long) + width(&safe(&asking.name)) + 2 <= room { long } else { short };
    let left = room.saturating_sub(width(&far) + 2);
    let name = if width(&name) <= left { name } else { safe(&asking.name) };
    pen.write(area, 0, 1, &cut(&name, left), Role::Strong);
    pen.right(area, 0, &format!("{far} "), Role::Quiet);
    bar(state, progress, pen, Rect { y: area.y + 1, height: area.height.saturating_sub(1).min(1), ..area });
    let mut letters = String::new();
    for (stride, state_of) in asking.letters.iter().filter(|(_, s)| *s != CellState::NotApplicable) {
        let sign = if state.look.ascii { state_of.ascii() } else { state_of.sign() };
        let here = if asking.key.aspect == stride.letter().to_string() { pen.pointer() } else { " " };
        let _ = write!(letters, "{here}{} {sign}  ", stride.letter());
    }
    pen.write(area, 2, 1, letters.trim_end(), Role::Text);
    let mut beside = Vec::new();
    if walk.is_part() {
        beside.push("a part of the model only".to_owned());
    }
    beside.extend(state.walk.minutes().map(|minutes| format!("{minutes} min")));
    pen.right(area, 2, &format!("{} ", beside.join(" · ")), Role::Quiet);
}

/// How far one is, in full and in short.
fn counted(progress: Progress) -> (String, String) {
    let Progress { number, total, parked, of_parked } = progress;
    if of_parked {
        return (format!("the rest is parked · {parked} parked"), format!("{parked} parked"));
    }
    let list = if parked > 0 { format!(" · {parked} parked") } else { String::new() };
    (format!("question {number} of {total}{list}"), format!("{number}/{total}"))
}

/// A bar of how much of the session is done.
fn bar(state: &State, progress: Progress, pen: &mut Pen<'_>, area: Rect) {
    let room = usize::from(area.width).saturating_sub(2);
    let asked = progress.number.saturating_sub(1).min(progress.total);
    let done = if progress.of_parked { room } else { (room * asked).checked_div(progress.total).unwrap_or(room) };
    let (full, rest) = if state.look.ascii { ("=", "-") } else { ("━", "─") };
    let end = pen.write(area, 0, 1, &full.repeat(done), Role::Accent);
    pen.write(area, 0, end, &rest.repeat(room - done), Role::Quiet);
}

/// A line of the question's page.
struct Row {
    indent: usize,
    /// A key before the text.
    key: String,
    text: String,
    role: Role,
    /// The number of the answer on it.
    answer: Option<usize>,
    is_selected: bool,
}

impl Row {
    fn text(text: impl Into<String>, role: Role) -> Self {
        Self { indent: 0, key: String::new(), text: text.into(), role, answer: None, is_selected: false }
    }

    fn blank() -> Self {
        Self::text("", Role::Text)
    }
}

/// Blocks of the page, in the order in which they give way where there is little room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Air,
    Known,
    Think,
    Before,
    Because,
    Keys,
    Answers,
    Question,
}

/// The lines of the question's page, as many as there is room for.
fn page(state: &State, asking: &Asking, columns: usize, height: usize) -> Vec<Row> {
    let paragraph = |text: &str, role: Role, most: usize| -> Vec<Row> {
        wrap_in(&safe(text), columns, most).into_iter().map(|line| Row::text(line, role)).collect()
    };
    let air = || (Weight::Air, vec![Row::blank()]);
    let mut blocks: Vec<(Weight, Vec<Row>)> = vec![air()];
    blocks.push((Weight::Question, paragraph(&asking.text, Role::Strong, 6)));
    if !asking.think.is_empty() {
        blocks.extend([air(), (Weight::Think, paragraph(&asking.think, Role::Quiet, 4))]);
    }
    let because: Vec<Row> = asking.because.iter().flat_map(|text| paragraph(text, Role::Text, 3)).collect();
    if !because.is_empty() {
        blocks.extend([air(), (Weight::Because, because)]);
    }
    let before: Vec<Row> = said(state, asking).iter().flat_map(|text| paragraph(text, Role::Marked, 3)).collect();
    if !before.is_empty() {
        blocks.extend([air(), (Weight::Before, before)]);
    }
    // The answers get what is left beside the question, and are gone through where that is not enough.
    let question: usize = blocks.iter().filter(|(w, _)| *w == Weight::Question).map(|(_, rows)| rows.len()).sum();
    let answers = answers(state, asking, columns, height.saturating_sub(question + 1).max(1));
    if !answers.is_empty() {
        blocks.extend([air(), (Weight::Answers, answers)]);
    }
    blocks.extend([air(), (Weight::Keys, keys(state, asking, columns))]);
    if state.panes().walk.is_some_and(|area| places(area).here.is_none()) {
        let known = paragraph(&known(asking), Role::Quiet, 3);
        blocks.extend([air(), (Weight::Known, known)]);
    }
    let total = |blocks: &[(Weight, Vec<Row>)]| blocks.iter().map(|(_, rows)| rows.len()).sum::<usize>();
    for weight in [Weight::Known, Weight::Air, Weight::Think, Weight::Before, Weight::Because, Weight::Keys] {
        while total(&blocks) > height {
            let Some(at) = blocks.iter().rposition(|(w, _)| *w == weight) else { break };
            blocks.remove(at);
        }
    }
    // Where there is much room, the question stands apart.
    let spare = height.saturating_sub(total(&blocks));
    let top = if height >= 24 { (spare / 4).min(6) } else { 0 };
    let mut rows: Vec<Row> = (0..top).map(|_| Row::blank()).collect();
    rows.extend(blocks.into_iter().flat_map(|(_, rows)| rows));
    rows.truncate(height);
    rows
}

/// What was answered, where one went back; else what was said before.
fn said(state: &State, asking: &Asking) -> Option<String> {
    let turn = state.walk.session.as_ref().and_then(Walk::turn);
    match turn {
        Some(turn) if turn.said.is_empty() => Some("It was skipped; an answer takes the place of that.".to_owned()),
        Some(turn) => Some(format!("Answered: {}. Another answer takes its place; k keeps it.", turn.said)),
        None => asking.before.clone(),
    }
}

/// What can be answered: threats that are open, or values, numbered.
fn answers(state: &State, asking: &Asking, columns: usize, height: usize) -> Vec<Row> {
    let at = state.walk.at;
    let numbered = |n: usize| if n < NUMBERED { format!("{}  ", n + 1) } else { "   ".to_owned() };
    let row = |n: usize, text: String, role: Role| Row {
        indent: 2,
        key: numbered(n),
        text,
        role,
        answer: Some(n),
        is_selected: n == at,
    };
    let mut rows: Vec<Row> = Vec::new();
    match &asking.answers {
        Answers::Threat => {
            if !asking.threats.is_empty() {
                rows.push(Row::text("Open here:", Role::Text));
            }
            for (n, key) in asking.threats.iter().enumerate() {
                let (mark, title, role) = threat(state, key);
                let lines = wrap_in(&title, columns.saturating_sub(6 + width(mark)), if height < 6 { 1 } else { 2 });
                for (part, line) in lines.iter().enumerate() {
                    let before = if part == 0 { mark.to_owned() } else { " ".repeat(width(mark)) };
                    let first = row(n, format!("{before} {line}"), role);
                    rows.push(if part == 0 { first } else { Row { key: "   ".to_owned(), ..first } });
                }
            }
        }
        Answers::Value { choices, several: true, .. } => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
            let text = safe(&words.join(" · "));
            rows.extend(wrap_in(&text, columns, 6).into_iter().map(|line| Row::text(line, Role::Text)));
        }
        Answers::Value { choices, .. } => {
            let all = choices.iter().enumerate();
            rows.extend(all.map(|(n, choice)| row(n, cut(&safe(&choice.text), columns.saturating_sub(6)), Role::Text)));
        }
    }
    let here = rows.iter().position(|row| row.is_selected).unwrap_or(0);
    let first = window(here, rows.len(), height);
    rows.into_iter().skip(first).take(height).collect()
}

/// A threat: its mark, its title, how it looks.
fn threat(state: &State, key: &ThreatKey) -> (&'static str, String, Role) {
    let row = state.bench.analysis().threats.iter().find(|row| row.key == *key);
    let severity = row.and_then(|row| row.severity);
    let title = row.map(|row| safe(&row.title)).unwrap_or_default();
    (severity_mark(severity), title, severity.map_or(Role::Text, Role::Severity))
}

/// The keys that answer, in words.
fn keys(state: &State, asking: &Asking, columns: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut way = |action: Action, text: &str| {
        let key = format!("{}  ", state.keymap.keys_of(action));
        let text = cut(text, columns.saturating_sub(width(&key) + 2));
        rows.push(Row { indent: 2, key, ..Row::text(text, Role::Quiet) });
    };
    let because = state.keymap.keys_of(Action::WalkNoBecause);
    match &asking.answers {
        Answers::Threat if asking.threats.is_empty() => {
            way(Action::WalkYes, "yes: what could happen, who deals with it and by when");
            way(Action::WalkNo, &format!("no, nothing here ({because} with a reason)"));
        }
        Answers::Threat => {
            way(Action::WalkYes, "yes: which of them or what else, who deals with it and by when");
            way(Action::WalkNo, "no, none of them applies: with the reason");
        }
        Answers::Value { choices, several, .. } => {
            if *several || choices.is_empty() {
                way(Action::WalkTake, "choose, or type it");
            }
            if asking.plainly(true).is_some() {
                way(Action::WalkYes, "yes");
                way(Action::WalkNo, &format!("no ({because} it makes no sense here)"));
            }
            if !asking.others.is_empty() {
                let all = asking.others.len() + 1;
                let (one, every) = ("answer for this one alone", format!("answer for all {all} of which it is asked"));
                way(Action::WalkAll, if state.walk.for_all { one } else { &every });
            }
        }
    }
    way(Action::WalkNotSure, "not sure: park it for later");
    if state.walk.for_all {
        let all = format!("The answer is for all {}: {}", asking.others.len() + 1, others(state, asking));
        let lines = wrap_in(&safe(&all), columns, 2);
        rows.splice(0..0, lines.into_iter().map(|line| Row::text(line, Role::Marked)));
    }
    rows
}

/// The names of everything of which the same is asked.
fn others(state: &State, asking: &Asking) -> String {
    let ids = std::iter::once(&asking.key.subject).chain(&asking.others);
    ids.map(|id| state.bench.model().called(id)).collect::<Vec<_>>().join(", ")
}

/// What is known of the thing, in one paragraph.
fn known(asking: &Asking) -> String {
    let pairs: Vec<String> = asking.known.iter().map(|(word, value)| format!("{word} {value}")).collect();
    pairs.join("   ")
}
