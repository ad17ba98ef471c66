//! The matrix of risk, and threats by letter and status: tables of numbers of which each can be selected.

use super::{Piece, Sheet, letter};
use crate::tui::figures::matrix::{Cell, Matrix};
use crate::tui::figures::stride::{self, GROUPS, Line};
use crate::tui::text::{count, cut, fit, width};
use crate::tui::theme::Role;

/// Columns of a number of the matrix, at least and at most.
const CELL: (usize, usize) = (5, 16);
/// From so many columns on the columns of letters and statuses have their whole names.
const ROOMY: usize = 84;
/// Columns of the shortest bar.
const BAR: usize = 5;

/// Draws the matrix: impact upwards, likelihood to the right.
pub(super) fn matrix(matrix: &Matrix, sheet: Sheet) -> Vec<Piece> {
    let rows = matrix.impacts.len();
    let longest = matrix.impacts.iter().map(|label| width(&label.word)).max().unwrap_or(0);
    let columns = matrix.likelihoods.len().max(1);
    let names = (longest + 2).min(sheet.wide.saturating_sub(columns * CELL.0));
    let cell = (sheet.wide.saturating_sub(names) / columns).clamp(CELL.0 - 1, CELL.1);
    // Words that are too wide for a column stand on two lines in turn, where there is a second line.
    let without = usize::from(matrix.without > 0);
    let is_wide = matrix.likelihoods.iter().any(|label| width(&label.word) + 1 > cell);
    let labels = if is_wide && sheet.high >= rows + without + 2 { 2 } else { 1 };
    let head = usize::from(sheet.high > rows + without + labels);
    let gap = (sheet.high.saturating_sub(head + without + labels) / rows.max(1)).clamp(1, 5);
    let mut all = Vec::new();
    if head > 0 {
        let (up, right) = (sheet.sign("↑", "(up)"), sheet.sign("→", "(right)"));
        all.push(Piece::new(0, 1, format!("impact {up}  likelihood {right}"), Role::Quiet));
    }
    for (row, (label, cells)) in matrix.impacts.iter().zip(&matrix.cells).enumerate() {
        let line = head + row * gap;
        all.push(Piece::new(line, 1, cut(&label.word, names.saturating_sub(1)), Role::Text));
        for (column, Cell { open, severity }) in cells.iter().enumerate() {
            let (number, role) = match open {
                0 => (sheet.sign("·", ".").to_owned(), Role::Quiet),
                open => (open.to_string(), severity.map_or(Role::Strong, Role::Severity)),
            };
            let number = format!("{number}{}", letter(*severity));
            // A blank behind it, where one is left before it too.
            let blank = if width(&number) + 3 <= cell { " " } else { "" };
            let text = format!("{:>1$}", format!("{number}{blank}"), cell.saturating_sub(1));
            all.push(Piece::new(line, names + column * cell, sheet.sign("│", "|"), Role::Border));
            all.push(Piece::new(line, names + column * cell + 1, text, role).at((row, column)));
        }
    }
    let line = head + (rows * gap).saturating_sub(gap - 1);
    for (column, label) in matrix.likelihoods.iter().enumerate() {
        // Each ends below its numbers, and may begin left of its column where the line is its own.
        let end = names + (column + 1) * cell - 1;
        let room = if labels == 2 { (cell * 2).saturating_sub(1).min(end) } else { cell - 1 };
        let text = cut(&label.word, room);
        let line = line + if labels == 2 { column % 2 } else { 0 };
        all.push(Piece::new(line, end.saturating_sub(width(&text)), text, Role::Text));
    }
    if without > 0 {
        let text = format!("  {} that no rule rates ", count(matrix.without, "threat"));
        let line = (line + labels + 1).min(sheet.high.saturating_sub(1));
        all.push(Piece::new(line, 0, text, Role::Text).at((rows, 0)));
    }
    all
}

/// Signs of the parts of a bar, by group: open, mitigated, accepted, otherwise; what is gone has no part.
const PARTS: [(&str, &str); 4] = [("█", "#"), ("▒", "="), ("░", "-"), ("·", ".")];

/// Where the names, numbers and bars of letters and status are.
struct Columns {
    /// Which of its names a row has.
    short: usize,
    /// Columns of names.
    names: usize,
    /// Columns of each number.
    numbers: Vec<usize>,
    /// Headings.
    heads: [&'static str; GROUPS.len()],
    /// Whether bars are below their rows, and otherwise how many columns are left for them.
    is_below: bool,
    beside: usize,
}

impl Columns {
    fn of(figures: &stride::Sheet, sheet: Sheet) -> Self {
        let is_below = sheet.high >= figures.rows.len() * 2 + 2;
        let heads = GROUPS.map(|(name, short, _)| if sheet.wide >= ROOMY { name } else { short });
        let digits = |words| figures.rows.iter().map(|line| line.of(words).to_string().len()).max().unwrap_or(1);
        let numbers: Vec<usize> =
            heads.iter().zip(GROUPS).map(|(head, (.., words))| width(head).max(digits(words)) + 1).collect();
        let taken: usize = numbers.iter().sum();
        let longest = |short| figures.rows.iter().map(|line| width(&name(line, short))).max().unwrap_or(0) + 2;
        let bar = if is_below { 0 } else { BAR + 1 };
        let short = (0..2).find(|short| longest(*short) + taken + bar <= sheet.wide).unwrap_or(2);
        let names = longest(short).min(sheet.wide.saturating_sub(taken)).max(3);
        let beside = sheet.wide.saturating_sub(names + taken + 1);
        Self { short, names, numbers, heads, is_below, beside: if beside + 1 >= BAR { beside } else { 0 } }
    }

    /// Where a number begins; behind the last one the bars do.
    fn from(&self, column: usize) -> usize {
        self.names + self.numbers[..column].iter().sum::<usize>()
    }
}

/// Draws threats by letter and status: a row of numbers with a bar behind it, or below where there are lines for that.
pub(super) fn stride(figures: &stride::Sheet, sheet: Sheet) -> Vec<Piece> {
    let columns = Columns::of(figures, sheet);
    let mut all = Vec::new();
    for (n, head) in columns.heads.iter().enumerate() {
        all.push(Piece::new(0, columns.from(n), format!("{head:>0$}", columns.numbers[n]), Role::Quiet));
    }
    let most = figures.rows.iter().map(shown).max().unwrap_or(0);
    let each = if columns.is_below { 2 } else { 1 };
    for (row, line) in figures.rows.iter().enumerate() {
        let at = 1 + row * each;
        all.push(Piece::new(at, 1, cut(&name(line, columns.short), columns.names.saturating_sub(1)), Role::Text));
        for (n, (.., words)) in GROUPS.iter().enumerate() {
            let many = line.of(words);
            let role = match (many, n) {
                (0, _) => Role::Quiet,
                (_, 0) => Role::Strong,
                _ => Role::Text,
            };
            all.push(Piece::new(at, columns.from(n), format!("{many:>0$}", columns.numbers[n]), role).at((row, n)));
        }
        if columns.is_below {
            all.push(Piece::new(at + 1, 3, bar(line, most, sheet.wide.saturating_sub(4), sheet), Role::Accent));
        } else if columns.beside > 0 {
            let from = columns.from(GROUPS.len()) + 1;
            all.push(Piece::new(at, from, bar(line, most, columns.beside, sheet), Role::Accent));
        }
    }
    let has_bars = columns.is_below || columns.beside > 0;
    if has_bars && sheet.high > 1 + figures.rows.len() * each {
        all.push(Piece::new(sheet.high - 1, 1, legend(sheet), Role::Quiet));
    }
    all
}

/// What the parts of a bar are, in short words where there is no room for others.
fn legend(sheet: Sheet) -> String {
    let told = |names: [&str; GROUPS.len()]| {
        let parts = PARTS.iter().zip(names).map(|((sign, ascii), name)| (sheet.sign(sign, ascii), name));
        parts.map(|(sign, name)| format!("{sign} {name}")).collect::<Vec<_>>().join("  ")
    };
    let whole = told(GROUPS.map(|(name, ..)| name));
    if width(&whole) + 2 > sheet.wide { told(GROUPS.map(|(_, short, _)| short)) } else { whole }
}

/// What a row is called, with its letter.
fn name(line: &Line, short: usize) -> String {
    let name = line.names()[short];
    line.letter.map_or_else(|| name.to_owned(), |letter| format!("{} {name}", letter.letter()))
}

/// Threats that have a part of the bar.
fn shown(line: &Line) -> usize {
    GROUPS[..PARTS.len()].iter().map(|(.., words)| line.of(words)).sum()
}

/// The parts of a bar one behind the other, so that they add up to the length of the whole.
fn bar(line: &Line, most: usize, columns: usize, sheet: Sheet) -> String {
    let mut text = String::new();
    let (mut sum, mut drawn) = (0, 0);
    for ((sign, ascii), (.., words)) in PARTS.iter().zip(GROUPS) {
        sum += line.of(words);
        let end = Sheet::bar(sum, most, columns);
        text.extend(std::iter::repeat_n(sheet.sign(sign, ascii), end - drawn));
        drawn = end;
    }
    fit(&text, columns)
}
