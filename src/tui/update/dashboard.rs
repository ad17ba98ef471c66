//! The dashboard: going from chart to chart and from number to number, to what a number counts, charts as tables, the
//! history in git, and copying. It changes no model.

use super::{Effect, find, go, questions};
use crate::model::Id;
use crate::review::policy::Policy;
use crate::review::runs::Run;
use crate::tui::figures::{Panel, Ruled, Target, page};
use crate::tui::layout::grid;
use crate::tui::state::layer::{Layer, Page, Value};
use crate::tui::state::{Screen, State};
use crate::tui::text::count;
use crate::workbench::Replay;

/// Goes to the screen, and asks for the policy, which may have changed meanwhile.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    state.show(Screen::Dashboard);
    vec![Effect::Policy]
}

/// The policy was read, or not.
pub(super) fn ruled(state: &mut State, policy: &Result<(Box<Policy>, Option<String>), String>) {
    let found = policy.as_ref().map(|(policy, file)| (&**policy, file.as_deref()));
    state.dashboard.ruled = Ruled::of(found.as_ref().ok().copied());
    if let Err(why) = found {
        state.refuse(format!("the policy cannot be read: {why}"));
    }
}

/// Goes up or down: within a chart, and by single steps beyond it to the chart there.
pub(super) fn row(state: &mut State, by: isize) {
    let panel = state.dashboard.panel;
    let Some(figures) = state.dashboard.figures() else { return };
    let (row, column) = state.dashboard.spot(panel);
    let rows = figures.shape(panel).len();
    let to = go::moved(row, by, rows);
    if to == row && matches!(by, -1 | 1) {
        let beside = grid::columns(state.size.0);
        let step = isize::try_from(beside).unwrap_or(1) * by;
        return turn(state, (panel as usize).checked_add_signed(step));
    }
    // A chart of one row has its first and last number at the ends of it.
    let column = match by {
        isize::MIN if rows == 1 => 0,
        isize::MAX if rows == 1 => usize::MAX,
        _ => column,
    };
    let to = figures.within(panel, (to, column));
    state.dashboard.select(panel, to);
}

/// Goes to the left or right, and at the end of a chart to the next one beside it.
pub(super) fn column(state: &mut State, by: isize) {
    let panel = state.dashboard.panel;
    let Some(figures) = state.dashboard.figures() else { return };
    let (row, column) = state.dashboard.spot(panel);
    let columns = figures.shape(panel).get(row).copied().unwrap_or(1);
    let to = go::moved(column, by, columns);
    if to != column {
        state.dashboard.select(panel, (row, to));
        return;
    }
    let (beside, n) = (grid::columns(state.size.0), panel as usize);
    let next = n.checked_add_signed(by).filter(|next| next / beside == n / beside);
    turn(state, next);
}

/// Gives the keys to a chart, if there is one of that number.
fn turn(state: &mut State, to: Option<usize>) {
    if let Some(panel) = to.and_then(|to| Panel::ALL.get(to)) {
        state.dashboard.panel = *panel;
    }
}

/// Gives the keys to the next chart.
pub(super) fn panel(state: &mut State, forward: bool) {
    let (at, all) = (state.dashboard.panel as usize, Panel::ALL.len());
    turn(state, Some((at + if forward { 1 } else { all - 1 }) % all));
}

/// Goes to what the selected number counts.
pub(super) fn enter(state: &mut State) {
    let panel = state.dashboard.panel;
    let Some(figures) = state.dashboard.figures() else { return };
    match figures.target(panel, state.dashboard.spot(panel)) {
        Target::Filter(filter) => {
            let before = std::mem::replace(&mut state.filter, filter);
            show_threats(state, before);
            state.threat = None;
        }
        Target::Threat(key) => {
            let before = std::mem::take(&mut state.filter);
            show_threats(state, before);
            state.threat = Some(key);
        }
        Target::Mitigation(id) => {
            state.show(Screen::Mitigations);
            state.mitigations.selected = id.or_else(|| state.mitigations.selected.take());
        }
        Target::Answer(id, fact) => questions::answer(state, &fact, vec![id]),
        Target::Questions => questions::open(state),
        Target::Things(ids) => things(state, ids),
        Target::Week(n) => {
            let week = state.dashboard.figures().and_then(|figures| figures.week(&state.bench.as_saved(), n));
            if let Some((title, lines)) = week {
                state.layers.push(Layer::Page(Page { title, lines, is_table: false, scroll: 0 }));
            }
        }
        Target::Table => table(state),
        Target::Nothing(why) => state.say(why),
    }
}

fn show_threats(state: &mut State, before: String) {
    state.show(Screen::Threats);
    state.marked_threats.clear();
    state.dashboard.below = Some(before);
    state.say("Esc goes back to the dashboard");
}

/// Shows the first of some things on the diagram; the others are the next matches.
fn things(state: &mut State, ids: Vec<Id>) {
    let Some(first) = ids.first().cloned() else { return };
    let told = match ids.len() {
        1 => String::new(),
        n => format!("the first of {}: n shows the next", count(n, "match")),
    };
    find::found(state, &Value::Thing(first), ids);
    if state.note.text.is_empty() && !told.is_empty() {
        state.say(told);
    }
}

/// Goes back from threats that a number led to; whether that is so.
pub(super) fn back(state: &mut State) -> bool {
    let Some(before) = state.dashboard.below.take().filter(|_| state.screen == Screen::Threats) else { return false };
    state.filter = before;
    state.show(Screen::Dashboard);
    true
}

/// Shows the selected chart as tables.
pub(super) fn table(state: &mut State) {
    let panel = state.dashboard.panel;
    let Some(figures) = state.dashboard.figures() else { return };
    let tables = figures.tables(panel);
    let title = tables.first().map(|table| table.title.clone()).unwrap_or_default();
    let lines = page::lines(&tables, columns(state));
    state.layers.push(Layer::Page(Page { title, lines, is_table: true, scroll: 0 }));
}

/// How many columns a page has for its lines.
fn columns(state: &State) -> usize {
    usize::from(state.size.0).saturating_sub(2).clamp(1, 116)
}

/// The history in git was read, or not.
pub(super) fn replayed(state: &mut State, replayed: Result<(Box<Replay>, Vec<Run>), String>) {
    let (replay, runs) = match replayed {
        Ok(replayed) => replayed,
        Err(why) => return state.refuse(why),
    };
    let Some(figures) = state.dashboard.figures() else { return };
    let tables = page::replayed(&replay, &runs, (figures.metrics.from, figures.metrics.to));
    let lines = page::lines(&tables, columns(state));
    let title = format!("{} of {} in git", count(replay.versions.len(), "version"), replay.path);
    state.layers.push(Layer::Page(Page { title, lines, is_table: true, scroll: 0 }));
}

/// Copies the dashboard as Markdown.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let Some(text) = state.dashboard.figures().map(|figures| figures.markdown(state.bench.model())) else {
        return Vec::new();
    };
    state.say("the dashboard is on the clipboard, as Markdown");
    vec![Effect::Copy(text)]
}

/// Goes up or down in a chart by the wheel, never beyond it.
pub(super) fn wheel(state: &mut State, panel: Panel, rows: i32) {
    state.dashboard.panel = panel;
    let Some(figures) = state.dashboard.figures() else { return };
    let (row, column) = state.dashboard.spot(panel);
    let to = go::moved(row, if rows < 0 { -1 } else { 1 }, figures.shape(panel).len());
    let to = figures.within(panel, (to, column));
    state.dashboard.select(panel, to);
}
