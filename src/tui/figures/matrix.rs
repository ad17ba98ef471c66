//! Open threats by likelihood and impact, in the words of the model's rubric. Steps that a rubric calls the same are one.

use super::{Spot, Target};
use crate::model::Severity;
use crate::rules::Rubric;
use crate::workbench::Workbench;

/// A word of an axis, and the steps of rules that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    /// The word.
    pub(crate) word: String,
    /// The steps, from 1.
    pub(crate) steps: Vec<u8>,
}

impl Label {
    fn filter(&self) -> String {
        self.steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

/// A pair of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Cell {
    /// Open threats.
    pub(crate) open: usize,
    /// The worst severity of them; of none what the rubric says.
    pub(crate) severity: Option<Severity>,
}

/// The matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matrix {
    /// The rubric's name.
    pub(crate) rubric: String,
    /// Columns, the least likely first.
    pub(crate) likelihoods: Vec<Label>,
    /// Rows, the worst first.
    pub(crate) impacts: Vec<Label>,
    /// By impact, then likelihood.
    pub(crate) cells: Vec<Vec<Cell>>,
    /// Open threats that no rule rates.
    pub(crate) without: usize,
}

impl Matrix {
    /// Counts.
    pub(crate) fn of(bench: &Workbench) -> Self {
        let rubric = bench.knowledge().rubric.of(bench.model().system.rubric.as_deref());
        let likelihoods = axis(rubric, 0);
        let mut impacts = axis(rubric, 1);
        impacts.reverse();
        let empty = |impact: &Label, likelihood: &Label| {
            let (likelihood, impact) = (likelihood.steps.first().copied(), impact.steps.first().copied());
            let severity = likelihood.zip(impact).map(|(likelihood, impact)| rubric.severity(likelihood, impact));
            Cell { open: 0, severity }
        };
        let row = |impact: &Label| likelihoods.iter().map(|likelihood| empty(impact, likelihood)).collect();
        let mut matrix = Self {
            rubric: rubric.name().to_owned(),
            cells: impacts.iter().map(row).collect(),
            likelihoods,
            impacts,
            without: 0,
        };
        for threat in bench.analysis().threats.iter().filter(|row| row.is_open()) {
            match threat.risk.and_then(|risk| matrix.place(risk)) {
                Some((row, column)) => {
                    let cell = &mut matrix.cells[row][column];
                    let before = cell.severity.filter(|_| cell.open > 0);
                    *cell = Cell { open: cell.open + 1, severity: before.max(threat.severity) };
                }
                None => matrix.without += 1,
            }
        }
        matrix
    }

    fn place(&self, (likelihood, impact): (u8, u8)) -> Option<Spot> {
        let row = self.impacts.iter().position(|label| label.steps.contains(&impact))?;
        Some((row, self.likelihoods.iter().position(|label| label.steps.contains(&likelihood))?))
    }

    /// Open threats in it.
    pub(crate) fn total(&self) -> usize {
        self.cells.iter().flatten().map(|cell| cell.open).sum()
    }

    /// The cell with the worst that is open, and of such the one with the most.
    pub(crate) fn worst(&self) -> Spot {
        let cells = self
            .cells
            .iter()
            .enumerate()
            .flat_map(|(row, cells)| cells.iter().enumerate().map(move |(column, cell)| (cell, (row, column))));
        let open = cells.filter(|(cell, _)| cell.open > 0);
        open.max_by_key(|(cell, _)| (cell.severity, cell.open)).map_or((0, 0), |(_, at)| at)
    }

    /// Cells by row, and one for the threats that have none.
    pub(super) fn shape(&self) -> Vec<usize> {
        let rows = self.cells.iter().map(Vec::len);
        rows.chain((self.without > 0).then_some(1)).collect()
    }

    /// The cell at a place, with its words.
    pub(crate) fn cell(&self, (row, column): Spot) -> Option<(Cell, &Label, &Label)> {
        let cell = *self.cells.get(row)?.get(column)?;
        Some((cell, self.likelihoods.get(column)?, self.impacts.get(row)?))
    }

    pub(super) fn target(&self, at: Spot) -> Target {
        match self.cell(at) {
            Some((Cell { open: 0, .. }, ..)) => Target::Nothing("no threat with that likelihood and impact is open"),
            Some((_, likelihood, impact)) => {
                let (likelihood, impact) = (likelihood.filter(), impact.filter());
                Target::Filter(format!("open likelihood:{likelihood} impact:{impact}"))
            }
            None => Target::Filter("open impact:none".to_owned()),
        }
    }
}

/// The words of an axis, the least first.
fn axis(rubric: &Rubric, axis: usize) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for step in 1..=4 {
        let word = rubric.labels(step, step)[axis];
        match labels.last_mut().filter(|label| label.word == word) {
            Some(label) => label.steps.push(step),
            None => labels.push(Label { word: word.to_owned(), steps: vec![step] }),
        }
    }
    labels
}
