//! The list of what changed and what a merge left to decide: each with its sign, and below it what more there is to say.
//! What that is, the review knows.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::model::Conflict;
use crate::review::diff::Mark;
use crate::review::resolve::sides_within;
use crate::tui::layout::inner;
use crate::tui::state::review::{Earlier, Row, Shown};
use crate::tui::state::{Pane, State};
use crate::tui::text::{count, cut, safe, wrap, wrap_in};
use crate::tui::theme::Role;

/// Lines that a side of a conflict may take; all of it is shown on its own page.
const SIDE: usize = 2;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// The row that it belongs to.
    pub(crate) row: usize,
    column: usize,
    text: String,
    role: Role,
    is_head: bool,
}

/// Draws the list.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let review = &state.review;
    let open = state.bench.model().conflicts.len();
    let since = match (&review.earlier, review.shown) {
        (Earlier::Model(label, _), Shown::Both) => format!("Changes since {label}"),
        (Earlier::Model(label, _), Shown::Before) => format!("Changes since {label}, which is drawn"),
        (Earlier::Model(label, _), Shown::Now) => format!("Changes since {label}, what is now is drawn"),
        _ => "Changes".to_owned(),
    };
    let title = if open > 0 { format!("{} to decide · {since}", count(open, "conflict")) } else { since };
    let focused = state.focus() == Pane::Changes;
    let room = pen.frame(area, &title, focused);
    let lines = lines(state, area);
    let last = lines.last().map_or(0, |line| line.row + 1);
    pen.beyond(area, lines.first().is_some_and(|line| line.row > 0), last < review.rows.len());
    for (n, line) in lines.iter().enumerate() {
        pen.write(room, n, line.column, &line.text, line.role);
        let is_here = line.row == review.at && review.row().is_some();
        if is_here && line.is_head {
            pen.tint(room, n, if focused { Role::Selected } else { Role::Strong });
            let is_first = n == 0 || lines[n - 1].row != line.row;
            let pointer = if is_first { pen.pointer() } else { " " };
            pen.write(room, n, 0, pointer, if focused { Role::Selected } else { Role::Strong });
        }
    }
    if lines.is_empty() {
        for (n, line) in nothing(state, usize::from(room.width).saturating_sub(2)).iter().enumerate() {
            pen.write(room, n, 1, line, Role::Quiet);
        }
    }
}

/// Why there is nothing in the list.
fn nothing(state: &State, columns: usize) -> Vec<String> {
    let other = format!("{} compares with something else", state.keymap.keys_of(crate::command::Action::CompareWith));
    let text = match &state.review.earlier {
        Earlier::Unasked => "reading the last commit …".to_owned(),
        Earlier::Nothing(why) => format!("There is nothing to compare with: {why}. {other}."),
        Earlier::Model(label, _) => format!("Nothing changed since {label}. {other}."),
    };
    wrap(&safe(&text), columns)
}

/// The lines that are in sight of a pane: as many before the selected row as after it, where there are so many.
pub(crate) fn lines(state: &State, area: Rect) -> Vec<Line> {
    let (room, review) = (inner(area), &state.review);
    let (columns, height) = (usize::from(room.width), usize::from(room.height));
    let of = |n: usize| review.rows.get(n).map(|row| of_row(state, n, row, columns)).unwrap_or_default();
    let mut shown = of(review.at);
    let (mut first, mut next) = (review.at, review.at + 1);
    // What is below may fill what is above does not need, and the other way round.
    let half = height.saturating_sub(shown.len()) / 2;
    let mut above: Vec<Vec<Line>> = Vec::new();
    let mut more = |above: &mut Vec<Vec<Line>>, most: usize| {
        while first > 0 {
            let lines = of(first - 1);
            if above.iter().map(Vec::len).sum::<usize>() + lines.len() > most {
                break;
            }
            above.push(lines);
            first -= 1;
        }
    };
    more(&mut above, half);
    let used = |above: &Vec<Vec<Line>>| above.iter().map(Vec::len).sum::<usize>();
    while next < review.rows.len() && used(&above) + shown.len() < height {
        shown.extend(of(next));
        next += 1;
    }
    let left = height.saturating_sub(shown.len());
    more(&mut above, left);
    let mut lines: Vec<Line> = above.into_iter().rev().flatten().chain(shown).collect();
    lines.truncate(height);
    lines
}

fn of_row(state: &State, row: usize, what: &Row, columns: usize) -> Vec<Line> {
    let line = |column, text: String, role, is_head| Line { row, column, text, role, is_head };
    match what {
        Row::Heading(title) => {
            let parts = wrap(&safe(title), columns.saturating_sub(2));
            let mut lines: Vec<Line> = parts.into_iter().map(|part| line(1, part, Role::Strong, false)).collect();
            if row > 0 {
                lines.insert(0, line(0, String::new(), Role::Text, false));
            }
            lines
        }
        Row::Change(item) => {
            let role = role_of(item.mark);
            let mut lines = Vec::new();
            for (n, part) in wrap(&safe(&item.head), columns.saturating_sub(5)).into_iter().enumerate() {
                let (column, text) = if n == 0 { (2, format!("{} {part}", item.mark.sign())) } else { (4, part) };
                lines.push(line(column, text, role, true));
            }
            for below in &item.below {
                let parts = wrap(&safe(below), columns.saturating_sub(8));
                lines.extend(parts.into_iter().map(|part| line(7, part, Role::Quiet, false)));
            }
            lines
        }
        Row::Conflict(conflict) => {
            let head = format!("! {}", name_of(state, conflict));
            let mut lines = vec![line(2, cut(&safe(&head), columns.saturating_sub(3)), Role::Refused, true)];
            if let Some(why) = &conflict.why {
                let parts = wrap(&safe(why), columns.saturating_sub(8));
                lines.extend(parts.into_iter().map(|part| line(7, part, Role::Text, false)));
            }
            let room = columns.saturating_sub(19);
            let within = sides_within(conflict, (room * SIDE).saturating_sub(2));
            for (name, value) in ["ours, now", "theirs", "base"].into_iter().zip(within) {
                let parts = wrap_in(&safe(&value), room, SIDE);
                for (n, part) in parts.into_iter().enumerate() {
                    let text = if n == 0 { format!("{name:<10} {part}") } else { format!("{:11}{part}", "") };
                    lines.push(line(7, text, Role::Quiet, false));
                }
            }
            lines
        }
    }
}

/// What a conflict is about: the field, and the thing by the name that people give it.
pub(crate) fn name_of(state: &State, conflict: &Conflict) -> String {
    let model = state.bench.model();
    let thing = Row::Conflict(conflict.clone()).about().filter(|id| model.thing(id).is_some());
    let name = thing.as_ref().map(|id| crate::tui::name::called(model, id));
    let is_named = |name: &str| !conflict.of.starts_with("threats.") && !conflict.of.ends_with(name);
    let whole = match name.filter(|name| is_named(name)) {
        Some(name) => format!("{name} ({})", conflict.of),
        None => conflict.of.clone(),
    };
    match &conflict.field {
        Some(field) => format!("{field} of {whole}"),
        None => whole,
    }
}

/// The three sides of a conflict, in the order of what the model holds until it is decided.
pub(crate) fn sides(conflict: &Conflict) -> [(&'static str, &str); 3] {
    [
        ("ours, now", conflict.ours.as_deref().unwrap_or("nothing")),
        ("theirs", conflict.theirs.as_deref().unwrap_or("nothing")),
        ("base", conflict.base.as_deref().unwrap_or("nothing")),
    ]
}

/// How a change looks; its sign and word say the same.
pub(super) const fn role_of(mark: Mark) -> Role {
    match mark {
        Mark::Plus => Role::Came,
        Mark::Tilde => Role::Altered,
        Mark::Minus => Role::Went,
    }
}
