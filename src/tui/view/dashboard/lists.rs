//! Time to fix and SLA by severity, and what needs attention: a row for each.

use super::{Piece, Sheet};
use crate::review::metrics::tables::{NONE, rate, severity, tenths, whole};
use crate::tui::figures::need::Need;
use crate::tui::figures::{Ruled, Times};
use crate::tui::text::{cut, fit, safe, width, window, wrap};
use crate::tui::theme::{Role, severity_mark};

/// Where there is nothing to count.
const NO_DATA: &str = "no data";

/// A column of the times: its heading, its width, and the room from which on it is shown.
type Column = (&'static str, usize, usize);

const COLUMNS: [Column; 8] = [
    ("n", 4, 0),
    ("mean", 7, 60),
    ("median", 8, 0),
    ("p90", 4, 0),
    ("in time", 8, 0),
    ("rate", 7, 52),
    ("open", 5, 0),
    ("oldest", 7, 58),
];

/// The cells of a row, in the order of the columns.
fn cells(times: &Times) -> [String; 8] {
    let row = &times.row;
    let fix = row.time_to_fix;
    let in_time = match row.sla.whole {
        0 => NO_DATA.to_owned(),
        whole => format!("{}/{whole}", row.sla.part),
    };
    let median = if fix.n == 0 { NO_DATA.to_owned() } else { tenths(fix.median) };
    [
        fix.n.to_string(),
        tenths(fix.mean),
        median,
        whole(fix.p90),
        in_time,
        rate(row.sla),
        times.open.to_string(),
        whole(row.age.most),
    ]
}

/// Draws time to fix and SLA: a table, bars where there is room for them, and what it means.
pub(super) fn times(times: &[Times], ruled: &Ruled, sheet: Sheet) -> Vec<Piece> {
    // Numbers that are longer than usual have wider columns.
    let longest = |n: usize| times.iter().map(|times| width(&cells(times)[n])).max().unwrap_or(0) + 1;
    let fits = COLUMNS.iter().enumerate().filter(|(_, (.., from))| sheet.wide >= *from);
    let columns: Vec<(usize, &str, usize)> =
        fits.map(|(n, (name, wide, _))| (n, *name, longest(n).max(*wide))).collect();
    let names = sheet.wide.saturating_sub(columns.iter().map(|(.., wide)| wide).sum()).clamp(5, 10);
    let mut all = Vec::new();
    let mut from = names;
    for (_, name, wide) in &columns {
        all.push(Piece::new(0, from, format!("{name:>wide$}"), Role::Quiet));
        from += wide;
    }
    for (n, times) in times.iter().enumerate() {
        // In plain characters the dash for nothing is another one.
        let cells = cells(times).map(|cell| if cell == NONE { sheet.sign(NONE, "-").to_owned() } else { cell });
        let name = format!(" {}", cut(&severity(times.row.severity), names.saturating_sub(1)));
        let numbers = columns.iter().map(|(n, _, wide)| format!("{:>wide$}", cells[*n]));
        let text: String = std::iter::once(fit(&name, names)).chain(numbers).collect();
        let role = times.row.severity.filter(|_| times.open > 0).map_or(Role::Text, Role::Severity);
        all.push(Piece::new(n + 1, 0, fit(&text, sheet.wide), role).at((n, 0)));
    }
    let mut below = times.len() + 2;
    if sheet.high >= times.len() * 2 + 4 {
        all.extend(in_time(times, sheet, (below, names)));
        below += times.len() + 2;
    }
    // What does not fit is in the table.
    for told in
        [format!("{}.", ruled.told), "n: resolved in 90 days; median, p90: days that they were open.".to_owned()]
    {
        let lines = wrap(&safe(&told), sheet.wide.saturating_sub(2));
        if below + lines.len() > sheet.high {
            break;
        }
        all.extend(lines.into_iter().enumerate().map(|(n, line)| Piece::new(below + n, 1, line, Role::Quiet)));
        below = all.last().map_or(below, |piece| piece.row + 1);
    }
    all
}

/// Bars of what was resolved in time, from a line on, behind names of so many columns.
fn in_time(times: &[Times], sheet: Sheet, (line, names): (usize, usize)) -> Vec<Piece> {
    let mut all = vec![Piece::new(line, 1, "resolved in time", Role::Quiet)];
    let bar = sheet.wide.saturating_sub(names + 10);
    for (n, times) in times.iter().enumerate() {
        let (share, line) = (times.row.sla, line + 1 + n);
        all.push(Piece::new(line, 1, cut(&severity(times.row.severity), names.saturating_sub(1)), Role::Text));
        if share.whole == 0 {
            all.push(Piece::new(line, names + 1, NO_DATA, Role::Quiet));
            continue;
        }
        let full = Sheet::bar(share.part, share.whole, bar);
        let text = sheet.sign("█", "#").repeat(full) + &sheet.sign("░", ".").repeat(bar - full);
        all.push(Piece::new(line, names + 1, text, Role::Accent));
        all.push(Piece::new(line, names + 1 + bar, format!("{:>8}", rate(share)), Role::Text));
    }
    all
}

/// A line of what needs attention.
enum Line {
    /// Why, and how many there are.
    Heading(&'static str, usize),
    /// One of them, by its number.
    Need(usize),
}

fn lines(needs: &[Need]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (n, need) in needs.iter().enumerate() {
        if n == 0 || needs[n - 1].mark != need.mark {
            lines.push(Line::Heading(need.mark, needs.iter().filter(|other| other.mark == need.mark).count()));
        }
        lines.push(Line::Need(n));
    }
    lines
}

fn first(lines: &[Line], sheet: Sheet) -> usize {
    let here = lines.iter().position(|line| matches!(line, Line::Need(n) if *n == sheet.at.0)).unwrap_or(0);
    window(here, lines.len(), sheet.high)
}

/// Draws what needs attention, under a heading for each reason.
pub(super) fn needs(needs: &[Need], sheet: Sheet) -> Vec<Piece> {
    if needs.is_empty() {
        let text = "Nothing is late, expired, stale, put off or without an owner.";
        let lines = wrap(text, sheet.wide.saturating_sub(2));
        return lines.into_iter().enumerate().map(|(n, line)| Piece::new(n, 1, line, Role::Quiet)).collect();
    }
    let lines = lines(needs);
    let first = first(&lines, sheet);
    let mut all = Vec::new();
    for (at, line) in lines.iter().skip(first).take(sheet.high).enumerate() {
        match line {
            Line::Heading(mark, many) => all.push(Piece::new(at, 0, format!(" {mark} ({many})"), Role::Strong)),
            Line::Need(n) => {
                let need = &needs[*n];
                let severity = need.severity.map(|_| &severity_mark(need.severity)[..4]).unwrap_or_default();
                let head = if severity.is_empty() { "   ".to_owned() } else { format!("   {severity} ") };
                let role = need.severity.map_or(Role::Text, Role::Severity);
                let left = sheet.wide.saturating_sub(width(&head));
                all.push(Piece::new(at, 0, head.clone(), role).at((*n, 0)));
                all.push(Piece::new(at, width(&head), fit(&safe(&need.text), left), Role::Text).at((*n, 0)));
            }
        }
    }
    all
}

/// Whether they go on above or below.
pub(super) fn beyond(needs: &[Need], sheet: Sheet) -> (bool, bool) {
    let lines = lines(needs);
    let first = first(&lines, sheet);
    (first > 0, first + sheet.high < lines.len())
}
