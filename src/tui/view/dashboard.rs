//! The dashboard's screen. Each chart is made of pieces of text with their places, of which some stand for a number that
//! can be selected: the same pieces are drawn and hit by the mouse. What the numbers are is made elsewhere.

mod bars;
mod grids;
mod lists;

use ratatui::layout::{Position, Rect};

use super::pen::Pen;
use crate::tui::figures::{Figures, Panel, Spot};
use crate::tui::layout::{grid, inner};
use crate::tui::state::State;
use crate::tui::text::{count, cut, fit, width};
use crate::tui::theme::Role;

/// A piece of text in a chart.
pub(super) struct Piece {
    row: usize,
    column: usize,
    text: String,
    role: Role,
    /// The number that it stands for. The first column of such a piece is kept for the pointer.
    spot: Option<Spot>,
    /// The number that the mouse selects here.
    hit: Option<Spot>,
}

impl Piece {
    fn new(row: usize, column: usize, text: impl Into<String>, role: Role) -> Self {
        Self { row, column, text: text.into(), role, spot: None, hit: None }
    }

    fn at(self, spot: Spot) -> Self {
        Self { spot: Some(spot), hit: Some(spot), ..self }
    }

    /// Only belongs to a number that stands elsewhere.
    fn of(self, spot: Spot) -> Self {
        Self { hit: Some(spot), ..self }
    }
}

/// The place that a chart has, the number that is selected in it, and its characters.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    wide: usize,
    high: usize,
    at: Spot,
    ascii: bool,
}

impl Sheet {
    /// A bar of so many of so many in so many columns. What is not nothing has at least one mark, and nothing has none.
    fn bar(part: usize, whole: usize, columns: usize) -> usize {
        (part * columns).div_ceil(whole.max(1)).min(columns).min(part * columns)
    }

    /// A character, or the one that stands for it.
    fn sign(self, sign: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { sign }
    }
}

fn pieces(figures: &Figures, panel: Panel, sheet: Sheet) -> Vec<Piece> {
    match panel {
        Panel::Matrix => grids::matrix(&figures.matrix, sheet),
        Panel::Stride => grids::stride(&figures.sheet, sheet),
        Panel::Cover => bars::cover(&figures.cover, sheet),
        Panel::Weeks => bars::weeks(&figures.metrics.weeks, sheet),
        Panel::Times => lists::times(&figures.times, &figures.ruled, sheet),
        Panel::Needs => lists::needs(&figures.needs, sheet),
    }
}

fn sheet(state: &State, panel: Panel, area: Rect) -> Sheet {
    let room = inner(area);
    let (wide, high) = (usize::from(room.width), usize::from(room.height));
    Sheet { wide, high, at: state.dashboard.spot(panel), ascii: state.look.ascii }
}

fn charts(state: &State, area: Rect) -> (Vec<(Panel, Rect)>, Rect) {
    let (charts, line) = grid::charts(area, Panel::ALL.len(), state.dashboard.panel as usize);
    (charts.into_iter().filter_map(|(n, area)| Some((*Panel::ALL.get(n)?, area))).collect(), line)
}

/// What a chart is called, with its most important number.
fn title(figures: &Figures, panel: Panel) -> String {
    match panel {
        Panel::Matrix => format!("Risk matrix  {} open", figures.matrix.total() + figures.matrix.without),
        Panel::Stride => format!("STRIDE and status  {}", count(figures.sheet.all, "threat")),
        Panel::Cover => "Coverage".to_owned(),
        Panel::Weeks => {
            let open = figures.metrics.weeks.last().map_or(0, |week| week.total().open);
            format!("Open at the end of each week  now {open}")
        }
        Panel::Times => "Time to fix, SLA  90 days".to_owned(),
        Panel::Needs => format!("Needs attention  {}", figures.needs.len()),
    }
}

/// Draws the charts that there is room for, and the line below them.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let Some(figures) = state.dashboard.figures() else { return };
    let (charts, line) = charts(state, area);
    for (panel, area) in &charts {
        let has_keys = *panel == state.dashboard.panel;
        let room = pen.frame(*area, &title(figures, *panel), has_keys);
        let sheet = sheet(state, *panel, *area);
        let mut pointed = false;
        for piece in pieces(figures, *panel, sheet) {
            let is_here = has_keys && piece.spot == Some(sheet.at);
            pen.write(room, piece.row, piece.column, &piece.text, if is_here { Role::Selected } else { piece.role });
            if is_here && !pointed {
                pen.write(room, piece.row, piece.column, pen.pointer(), Role::Selected);
                pointed = true;
            }
        }
        let (above, below) = match panel {
            Panel::Needs => lists::beyond(&figures.needs, sheet),
            _ => (false, false),
        };
        pen.beyond(*area, above, below);
    }
    below(state, pen, (figures, &charts), line);
}

/// The line below: the selected number in words, and which charts are out of sight.
fn below(state: &State, pen: &mut Pen<'_>, (figures, charts): (&Figures, &[(Panel, Rect)]), line: Rect) {
    let (panel, wide) = (state.dashboard.panel, usize::from(line.width));
    let told = figures.told(panel, state.dashboard.spot(panel));
    let hidden = Panel::ALL.len() - charts.len();
    let more =
        if hidden == 0 { String::new() } else { format!("  chart {}/{} ", panel as usize + 1, Panel::ALL.len()) };
    let told = cut(&told, wide.saturating_sub(width(&more) + 1));
    pen.line(line, 0, &fit(&format!(" {told}"), wide), Role::Text);
    pen.right(line, 0, &more, Role::Quiet);
}

/// The chart at a place of the screen, and the number there.
pub(crate) fn at(state: &State, area: Rect, (x, y): (u16, u16)) -> Option<(Panel, Option<Spot>)> {
    let figures = state.dashboard.figures()?;
    let (panel, area) = charts(state, area).0.into_iter().find(|(_, area)| area.contains(Position { x, y }))?;
    let room = inner(area);
    let place = x.checked_sub(room.x).zip(y.checked_sub(room.y)).map(|(x, y)| (usize::from(x), usize::from(y)));
    let spot = place.and_then(|(column, row)| {
        let hit =
            |piece: &Piece| piece.row == row && (piece.column..piece.column + width(&piece.text)).contains(&column);
        let pieces = pieces(figures, panel, sheet(state, panel, area));
        pieces.into_iter().filter(hit).find_map(|piece| piece.hit)
    });
    Some((panel, spot))
}

/// The number and letter of a severity, such as `4H`; a question mark where nobody rated it.
fn letter(severity: Option<crate::model::Severity>) -> &'static str {
    severity.map_or("?", |severity| &severity.name()[..1])
}
