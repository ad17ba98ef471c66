//! The list of threats: which rows, which columns fit, and what stands in each. The title has at least half of the
//! width; everything else makes do with what its rows need. It sorts and filters nothing.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::analysis::ThreatRow;
use crate::model::StatusWord;
use crate::tui::name::called;
use crate::tui::state::{Pane, Screen, State};
use crate::tui::text::{count, cut, fit, safe, width, window, wrap_in};
use crate::tui::theme::{Role, severity_mark, severity_shape};

/// Narrower lists have marks and short words only.
const WIDE: usize = 56;
/// A narrower column would not say what a threat is about.
const LEAST_ABOUT: usize = 9;

/// Draws the list of threats.
pub(super) fn threats(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let focused = state.focus() == Pane::Threats;
    let rows = state.threats();
    let all = state.bench.analysis().threats.len();
    let title = match (state.screen, &state.selected) {
        (Screen::Diagram, Some(id)) if !state.bench.model().elements.contains_key(id) => {
            format!("Threats of {}  {} of {all}", called(state.bench.model(), id), rows.len())
        }
        (Screen::Diagram, Some(id)) => {
            format!("Threats of {} and its data flows  {} of {all}", called(state.bench.model(), id), rows.len())
        }
        (Screen::Diagram, None) => format!("Threats  {all}"),
        _ if state.filter.is_empty() => format!("Threats  {all}, worst first"),
        _ => format!("Threats  {} of {all}, filter: {}", rows.len(), state.filter),
    };
    let room = pen.frame(area, &title, focused);
    if rows.is_empty() {
        let about = state.selected.as_ref().filter(|_| state.screen == Screen::Diagram);
        let asked = about.map_or(state.bench.analysis().questions.len(), |id| state.asked(id));
        let why = if state.bench.model().elements.is_empty() {
            "No threat yet. Draw what there is, and the rules look at every element and data flow as you do.".to_owned()
        } else if let (Screen::Threats, Some(why)) = (state.screen, crate::tui::sift::why_nothing(state)) {
            why
        } else if asked > 0 {
            let open = count(asked, if about.is_some() { "question" } else { "open question" });
            let open = if about.is_some() { format!("{open} about it") } else { open };
            format!("No threat here. {open} (Q): what is unknown is asked, not guessed.")
        } else if about.is_some() {
            "No threat here, and no question about it.".to_owned()
        } else {
            "No threat here.".to_owned()
        };
        let lines = wrap_in(&why, usize::from(room.width).saturating_sub(2), usize::from(room.height));
        for (n, line) in lines.iter().enumerate() {
            pen.write(room, n, 1, line, Role::Quiet);
        }
        return;
    }
    let columns = Columns::of(state, usize::from(room.width), &rows);
    columns.header(pen, room);
    let height = usize::from(room.height).saturating_sub(1);
    let at = state.threat_row();
    let first = window(at, rows.len(), height);
    pen.beyond(area, first > 0, first + height < rows.len());
    for (n, row) in rows.iter().enumerate().skip(first).take(height) {
        columns.row(state, pen, room, (n - first + 1, row));
        if n == at {
            if focused {
                pen.tint(room, n - first + 1, Role::Selected);
            }
            pen.write(room, n - first + 1, 0, pen.pointer(), if focused { Role::Selected } else { Role::Text });
        }
    }
}

/// Which columns of the list fit. All but the title are as wide as their rows need, with a space behind.
struct Columns {
    wide: bool,
    status: usize,
    subject: usize,
    owner: usize,
    due: usize,
    title: usize,
}

impl Columns {
    fn of(state: &State, room: usize, rows: &[&ThreatRow]) -> Self {
        let wide = room >= WIDE;
        let longest = |name: &str, of: &dyn Fn(&ThreatRow) -> usize| {
            rows.iter().map(|row| of(row)).max().unwrap_or(0).max(width(name)) + 1
        };
        let most = if room >= 140 { 24 } else { 16 };
        let status = longest(if wide { "Status" } else { "" }, &|row| width(&standing(row, wide, most))).min(most);
        // Where there is not room for everything, a column that is empty in every row gives way.
        let any = |of: &dyn Fn(&ThreatRow) -> bool| room >= 140 || rows.iter().any(|row| of(row));
        let owner = if room >= 96 && any(&|row| row.record.owner.is_some()) { 10 } else { 0 };
        let due = if room >= 110 && any(&|row| row.record.due.is_some()) { 12 } else { 0 };
        let fixed = 2 + if wide { 4 + 10 } else { 5 } + status + owner + due;
        let left = (room - room / 2).saturating_sub(1).saturating_sub(fixed);
        let about = 1 + longest("About", &|row| width(&safe(&about(state, row))));
        let subject = if about > left && left < LEAST_ABOUT { 0 } else { about.min(left) };
        Self { wide, status, subject, owner, due, title: room.saturating_sub(fixed + subject) }
    }

    fn header(&self, pen: &mut Pen<'_>, room: Rect) {
        let (rated, status) = if self.wide { (fit("", 4) + &fit("Severity", 10), "Status") } else { (fit("", 5), "") };
        let mut text = format!("  {rated}{}", fit(status, self.status));
        for (width, name) in [(self.subject, "About"), (self.title, "Title"), (self.owner, "Owner"), (self.due, "Due")]
        {
            text.push_str(&fit(name, width));
        }
        pen.line(room, 0, &text, Role::Quiet);
    }

    fn row(&self, state: &State, pen: &mut Pen<'_>, room: Rect, (line, row): (usize, &ThreatRow)) {
        let marked = state.marked_threats.contains(&row.key);
        let mut column = pen.write(room, line, 0, if marked { " *" } else { "  " }, Role::Strong);
        let role = row.severity.map_or(Role::Quiet, Role::Severity);
        if self.wide {
            let letters: String = row.letters().chars().take(3).collect();
            column = pen.write(room, line, column, &fit(&letters, 4), Role::Text);
            column = pen.write(room, line, column, &fit(severity_mark(row.severity), 10), role);
        } else {
            column = pen.write(room, line, column, &fit(severity_shape(row.severity), 5), role);
        }
        let standing = standing(row, self.wide, self.status - 1);
        column = pen.write(room, line, column, &fit(&standing, self.status), Role::Text);
        let cell = |text: &str, width: usize| {
            format!("{}{}", fit(&safe(text), width.saturating_sub(1)), if width > 0 { " " } else { "" })
        };
        let overdue = if row.is_overdue(state.bench.sitting().today) { "!" } else { "" };
        let due = row.record.due.map(|d| format!("{d}{overdue}")).unwrap_or_default();
        for (text, width) in [
            (&*cut(&safe(&about(state, row)), self.subject.saturating_sub(2)), self.subject),
            (&*row.title, self.title),
            (row.record.owner.as_deref().unwrap_or_default(), self.owner),
            (&*due, self.due),
        ] {
            if width > 0 {
                column = pen.write(room, line, column, &cell(text, width), Role::Text);
            }
        }
    }
}

/// What a threat is about, from where to where if it is about a way.
fn about(state: &State, row: &ThreatRow) -> String {
    let model = state.bench.model();
    match &row.target {
        Some(target) => format!("{} → {}", called(model, &row.subject), called(model, target)),
        None => called(model, &row.subject).into_owned(),
    }
}

/// The status in a word, with another one when the decision behind it has run out or rests on facts that changed. It is
/// the status that is cut where there is no room for both, and left out where there is room for marks alone.
fn standing(row: &ThreatRow, wide: bool, columns: usize) -> String {
    let mark = match (row.expired, row.stale) {
        (true, _) => "expired",
        (false, true) => "stale",
        (false, false) => "",
    };
    match (wide, mark) {
        (false, "") => brief(row.status.word()).to_owned(),
        (false, mark) => mark.to_owned(),
        (true, "") => row.status.word().title().to_owned(),
        (true, mark) => format!("{}, {mark}", cut(row.status.word().title(), columns.saturating_sub(width(mark) + 2))),
    }
}

/// A status in a very short word.
pub(crate) const fn brief(status: StatusWord) -> &'static str {
    match status {
        StatusWord::Open => "open",
        StatusWord::Mitigated => "mitig.",
        StatusWord::Accepted => "accept.",
        StatusWord::Transferred => "transf.",
        StatusWord::Avoided => "avoided",
        StatusWord::NotApplicable => "n/a",
        StatusWord::FalsePositive => "false",
        StatusWord::Gone => "gone",
    }
}
