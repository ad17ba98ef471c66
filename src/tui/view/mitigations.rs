//! The mitigations' screen: as a list under headings or as a board of columns, and the selected one at length. What is
//! late says so in a word. What each does is evaluated elsewhere.

use ratatui::layout::Rect;

use super::panes::paragraphs;
use super::pen::Pen;
use crate::model::{Id, Mitigation};
use crate::tui::layout::inner;
use crate::tui::state::State;
use crate::tui::state::mitigations::{COLUMNS, Mitigations};
use crate::tui::text::{cut, fit, safe, width, window, wrap_in};
use crate::tui::theme::Role;
use crate::tui::update;

/// Narrower columns of the board hold no words.
const NARROW: u16 = 15;
/// Rows of a card: its title in two, who and when in one, and a line between.
const CARD: usize = 4;

/// A row of the list: a heading, or a mitigation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Row {
    Heading(usize, usize),
    One(Id),
}

/// The rows of the list.
pub(crate) fn rows(state: &State) -> Vec<Row> {
    let columns = Mitigations::columns(state.bench.model());
    let filled = columns.into_iter().enumerate().filter(|(_, ids)| !ids.is_empty());
    filled
        .flat_map(|(n, ids)| std::iter::once(Row::Heading(n, ids.len())).chain(ids.into_iter().map(Row::One)))
        .collect()
}

/// The first row that the list shows in a room of that height.
pub(crate) fn first(state: &State, rows: &[Row], height: usize) -> usize {
    let current = state.mitigations.current(state.bench.model());
    let at = rows.iter().position(|row| matches!(row, Row::One(id) if Some(id) == current.as_ref())).unwrap_or(0);
    window(at, rows.len(), height)
}

/// The columns of the board that are shown, each with its area: what is rejected only where there is something.
pub(crate) fn columns(state: &State, area: Rect) -> Vec<(usize, Rect, Vec<Id>)> {
    let all = Mitigations::columns(state.bench.model());
    let shown: Vec<(usize, Vec<Id>)> =
        all.into_iter().enumerate().filter(|(n, ids)| *n + 1 < COLUMNS.len() || !ids.is_empty()).collect();
    let room = inner(area);
    let many = u16::try_from(shown.len()).unwrap_or(1).max(1);
    let wide = room.width / many;
    shown
        .into_iter()
        .enumerate()
        .map(|(at, (n, ids))| {
            let at = u16::try_from(at).unwrap_or(0);
            (n, Rect { x: room.x + at * wide, width: wide.saturating_sub(1), ..room }, ids)
        })
        .collect()
}

/// The mitigation at a place of the screen.
pub(crate) fn at(state: &State, area: Rect, (x, y): (u16, u16)) -> Option<Id> {
    let room = inner(area);
    let line = usize::from(y.checked_sub(room.y)?);
    if is_board(state, area) {
        let (_, column, ids) = columns(state, area).into_iter().find(|(_, c, _)| (c.x..c.right()).contains(&x))?;
        let first = first_card(state, &ids, column);
        return ids.get(first + line.checked_sub(1)? / CARD).cloned();
    }
    let rows = rows(state);
    match rows.get(first(state, &rows, usize::from(room.height)) + line)? {
        Row::One(id) => Some(id.clone()),
        Row::Heading(..) => None,
    }
}

/// Whether the board is shown: where it is wanted, and its columns can hold words.
pub(crate) fn is_board(state: &State, area: Rect) -> bool {
    state.mitigations.board && area.width / 6 >= NARROW.min(13)
}

fn first_card(state: &State, ids: &[Id], column: Rect) -> usize {
    let fits = usize::from(column.height).saturating_sub(1) / CARD;
    let current = state.mitigations.current(state.bench.model());
    let at = ids.iter().position(|id| Some(id) == current.as_ref()).unwrap_or(0);
    window(at, ids.len(), fits.max(1))
}

/// Draws the list or the board.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let model = state.bench.model();
    let all = model.mitigations.len();
    let late = model.mitigations.values().filter(|m| is_late(state, m)).count();
    let late = if late > 0 { format!(" · {late} late") } else { String::new() };
    let room = pen.frame(area, &format!("Mitigations  {all}{late}"), true);
    if all == 0 {
        let (add, link) = (crate::command::Action::AddMitigation, crate::command::Action::LinkMitigation);
        let lines = [
            "No mitigation yet: work that closes threats.".to_owned(),
            format!(
                "{} adds one, with what closes the most first; {} in the list of threats adds one for a threat.",
                state.keymap.keys_of(add),
                state.keymap.keys_of(link)
            ),
        ];
        let columns = usize::from(room.width).saturating_sub(2);
        for (n, line) in lines.iter().flat_map(|line| wrap_in(line, columns, 3)).enumerate() {
            pen.write(room, n, 1, &line, Role::Quiet);
        }
        return;
    }
    if is_board(state, area) {
        return board(state, pen, area);
    }
    let rows = rows(state);
    let height = usize::from(room.height);
    let first = first(state, &rows, height);
    pen.beyond(area, first > 0, first + height < rows.len());
    let current = state.mitigations.current(model);
    let columns = Columns::of(state, usize::from(room.width), &rows);
    for (n, row) in rows.iter().skip(first).take(height).enumerate() {
        match row {
            Row::Heading(column, many) => {
                pen.write(room, n, 1, &format!("{} ({many})", COLUMNS[*column].0), Role::Strong);
            }
            Row::One(id) => {
                columns.row(state, pen, (room, n), id);
                if Some(id) == current.as_ref() {
                    pen.tint(room, n, Role::Selected);
                    pen.write(room, n, 0, pen.pointer(), Role::Selected);
                }
            }
        }
    }
}

fn is_late(state: &State, mitigation: &Mitigation) -> bool {
    mitigation.is_overdue(state.bench.sitting().today)
}

/// When it is due, in words that say so where it is late.
fn due(state: &State, mitigation: &Mitigation) -> String {
    match mitigation.due {
        Some(day) if is_late(state, mitigation) => format!("{day} late!"),
        Some(day) => day.to_string(),
        None => String::new(),
    }
}

/// How wide the columns of the list are.
struct Columns {
    title: usize,
    told: usize,
    owner: usize,
    due: usize,
}

impl Columns {
    fn of(state: &State, room: usize, rows: &[Row]) -> Self {
        let model = state.bench.model();
        let ids = || rows.iter().filter_map(|row| if let Row::One(id) = row { Some(id) } else { None });
        let longest = |of: &dyn Fn(&Id) -> usize| ids().map(of).max().unwrap_or(0);
        let told = longest(&|id| width(&state.mitigations.told(model, id))).min(16);
        let owner = longest(&|id| width(model.mitigations[id].owner.as_deref().unwrap_or_default())).min(14);
        let due = longest(&|id| width(&due(state, &model.mitigations[id])));
        // Where there is no room for all, who does it gives way before when it is due.
        let owner = if room >= 60 { owner } else { 0 };
        let told = if room >= 46 { told } else { 0 };
        let gap = |columns: usize| if columns > 0 { columns + 2 } else { 0 };
        let title = room.saturating_sub(4 + gap(told) + gap(owner) + gap(due));
        Self { title, told, owner, due }
    }

    fn row(&self, state: &State, pen: &mut Pen<'_>, (room, line): (Rect, usize), id: &Id) {
        let model = state.bench.model();
        let Some(mitigation) = model.mitigations.get(id) else { return };
        let mark = if state.mitigations.marked.contains(id) { "*" } else { " " };
        pen.write(room, line, 1, mark, Role::Strong);
        let mut column =
            pen.write(room, line, 3, &fit(&cut(&safe(&mitigation.title), self.title), self.title), Role::Text);
        let told = state.mitigations.told(model, id);
        let late = if is_late(state, mitigation) { Role::Refused } else { Role::Text };
        for (text, wide, role) in [
            (told, self.told, Role::Accent),
            (safe(mitigation.owner.as_deref().unwrap_or_default()), self.owner, Role::Text),
            (due(state, mitigation), self.due, late),
        ] {
            if wide > 0 {
                column = pen.write(room, line, column + 2, &fit(&cut(&text, wide), wide), role);
            }
        }
    }
}

fn board(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let model = state.bench.model();
    let current = state.mitigations.current(model);
    for (n, column, ids) in columns(state, area) {
        let (title, wide) = (COLUMNS[n].0, usize::from(column.width));
        pen.write(column, 0, 0, &fit(&cut(&format!("{title} {}", ids.len()), wide), wide), Role::Strong);
        let fits = (usize::from(column.height).saturating_sub(1) / CARD).max(1);
        let first = first_card(state, &ids, column);
        for (at, id) in ids.iter().skip(first).take(fits).enumerate() {
            let Some(mitigation) = model.mitigations.get(id) else { continue };
            let top = 1 + at * CARD;
            let here = Some(id) == current.as_ref();
            let mark = if state.mitigations.marked.contains(id) { "*" } else { "" };
            let title = format!("{mark}{}", safe(&mitigation.title));
            let lines = wrap_in(&title, wide.saturating_sub(2), 2);
            for line in 0..2 {
                let text = lines.get(line).map_or("", String::as_str);
                pen.write(
                    column,
                    top + line,
                    2,
                    &fit(text, wide.saturating_sub(2)),
                    if here { Role::Selected } else { Role::Text },
                );
            }
            let role = if is_late(state, mitigation) { Role::Refused } else { Role::Quiet };
            let owner = mitigation.owner.as_deref().map(safe).unwrap_or_default();
            let due = due(state, mitigation);
            // When it is due is told before who does it, and that it is late before the day.
            let ways =
                [format!("{owner} {due}"), due.clone(), if due.ends_with('!') { "late!".to_owned() } else { owner }];
            let who = ways.iter().map(|way| way.trim()).find(|way| width(way) + 2 <= wide).unwrap_or_default();
            pen.write(column, top + 2, 2, who, role);
            if here {
                pen.write(column, top, 0, pen.pointer(), Role::Selected);
            }
        }
        let left = ids.len().saturating_sub(first + fits);
        if left > 0 {
            let bottom = usize::from(column.height).saturating_sub(1);
            pen.write(column, bottom, 2, &format!("{left} more ↓"), Role::Quiet);
        }
    }
}

/// Draws the selected mitigation at length.
pub(super) fn detail(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let model = state.bench.model();
    let Some(id) = state.mitigations.current(model) else {
        pen.frame(area, "No mitigation is selected", false);
        return;
    };
    let title = model.mitigations.get(&id).map(|m| m.title.clone()).unwrap_or_default();
    let room = pen.frame(area, &title, false);
    let lines = paragraphs(pen, room, &update::mitigations::page(state, &id), 0);
    pen.beyond(area, false, lines > usize::from(room.height));
}
