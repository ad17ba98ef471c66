//! Coverage as bars that lie, weeks as bars that stand.

use super::{Piece, Sheet};
use crate::review::metrics::tables::rate;
use crate::review::metrics::{Moves, Week};
use crate::tui::figures::cover::Cover;
use crate::tui::text::{cut, fit, width};
use crate::tui::theme::Role;

/// Columns of the longest name of a measure.
const NAME: usize = 13;

/// Draws how much has been looked at. Where there is room, what a measure is stands below it.
pub(super) fn cover(cover: &Cover, sheet: Sheet) -> Vec<Piece> {
    let gap = if sheet.high >= cover.measures.len() * 3 {
        3
    } else {
        1 + usize::from(sheet.high >= cover.measures.len() * 2)
    };
    let shares = cover.measures.iter().filter_map(|measure| measure.share);
    let numbers = shares.map(|share| width(&format!("{}/{}", share.part, share.whole))).max().unwrap_or(0).max(4);
    let bar = sheet.wide.saturating_sub(NAME + numbers + 10);
    let bar = if bar < 4 { 0 } else { bar };
    let mut all = Vec::new();
    for (n, measure) in cover.measures.iter().enumerate() {
        let line = n * gap;
        let (bar, text) = match measure.share {
            Some(share) => {
                let full = Sheet::bar(share.part, share.whole, bar);
                let (on, off) = (sheet.sign("█", "#"), sheet.sign("░", "."));
                // A bar is full only where nothing is missing.
                let full = if share.part < share.whole { full.min(bar.saturating_sub(1)) } else { full };
                let bar = if share.whole == 0 { " ".repeat(bar) } else { on.repeat(full) + &off.repeat(bar - full) };
                let percent = if share.whole == 0 { "no data".to_owned() } else { rate(share) };
                (bar, format!("{:>numbers$} {percent:>7}", format!("{}/{}", share.part, share.whole)))
            }
            None => (" ".repeat(bar), format!("{:>numbers$}", measure.count)),
        };
        let (from, wide) = (NAME + width(&bar), sheet.wide);
        all.push(Piece::new(line, 0, format!(" {}", fit(measure.name, NAME - 1)), Role::Text).at((n, 0)));
        all.push(Piece::new(line, NAME, bar, Role::Accent).at((n, 0)));
        all.push(Piece::new(line, from, fit(&format!(" {text}"), wide.saturating_sub(from)), Role::Text).at((n, 0)));
        if gap > 1 {
            let about = if width(&measure.about) + 3 > wide { measure.brief } else { &measure.about };
            all.push(Piece::new(line + 1, 2, cut(about, wide.saturating_sub(3)), Role::Quiet));
        }
    }
    all
}

/// Eighths of a cell, the least first.
const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Columns of a week, at least, and at most where its numbers are short.
const WEEK: (usize, usize) = (3, 6);
/// Columns of the signs in front of what came and went.
const SIGN: usize = 1;
/// Columns of a day as it is written below.
const DAY: usize = 6;

/// Draws a bar for each week with how many were open at its end above, and what came and went below.
pub(super) fn weeks(weeks: &[Week], sheet: Sheet) -> Vec<Piece> {
    let totals: Vec<Moves> = weeks.iter().map(Week::total).collect();
    let numbers = totals.iter().flat_map(|moves| [moves.open, moves.opened, moves.resolved + moves.otherwise]);
    let least = numbers.map(|n| n.to_string().len() + 1).max().unwrap_or(0).max(WEEK.0);
    // As many of the last weeks as fit, behind the signs of what came and went.
    let room = sheet.wide.saturating_sub(SIGN + 1);
    let shown = (room / least).clamp(1, weeks.len().max(1));
    let (from, each) = (weeks.len().saturating_sub(shown), (room / shown).clamp(least, WEEK.1.max(least)));
    let most = totals[from..].iter().map(|moves| moves.open).max().unwrap_or(0);
    // Two lines for what came and went, where enough is left for the bars.
    let below = if sheet.high >= 10 { 2 } else { 0 };
    let high = sheet.high.saturating_sub(2 + below).max(1);
    let mut all = Vec::new();
    for (n, Moves { opened, resolved, otherwise, open }) in totals.iter().copied().enumerate().skip(from) {
        let column = SIGN + (n - from) * each;
        let filled = if sheet.ascii { Sheet::bar(open, most, high) * 8 } else { Sheet::bar(open, most, high * 8) };
        let top = high - filled.div_ceil(8);
        for line in top..high {
            let eighths = filled.saturating_sub((high - 1 - line) * 8).clamp(1, 8);
            let sign = if sheet.ascii { "#" } else { EIGHTHS[eighths - 1] };
            all.push(Piece::new(line + 1, column + 1, sign.repeat(each - 1), Role::Accent).of((0, n)));
        }
        // The number stands on its bar.
        all.push(Piece::new(top, column, format!("{open:>each$}"), Role::Strong).at((0, n)));
        for (line, number) in [opened, resolved + otherwise].into_iter().enumerate().take(below) {
            let text = if number > 0 { number.to_string() } else { sheet.sign("·", ".").to_owned() };
            all.push(Piece::new(high + 1 + line, column, format!("{text:>each$}"), Role::Quiet).of((0, n)));
        }
    }
    for (line, sign) in ["+", "-"].into_iter().enumerate().take(below) {
        all.push(Piece::new(high + 1 + line, 0, sign, Role::Quiet));
    }
    let every = DAY.div_ceil(each);
    for (n, week) in weeks.iter().enumerate().skip(from) {
        // Counted from the last one, which is now.
        let place = weeks.len() - 1 - n;
        let end = SIGN + (n - from + 1) * each;
        if place.is_multiple_of(every) && end >= DAY {
            let day = week.to.strftime("%m-%d").to_string();
            all.push(Piece::new(high + below + 1, end - (DAY - 1), day, Role::Quiet));
        }
    }
    all
}
