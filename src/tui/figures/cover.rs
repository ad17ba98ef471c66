//! How much has been looked at, as parts of wholes, and what is left of each. The matrix behind it is `analysis`'s.

use super::Target;
use crate::analysis::{CellState, Coverage};
use crate::model::graph::Index;
use crate::model::{Id, MitigationStatus, StatusWord, Verdict};
use crate::review::metrics::Share;
use crate::review::runs::{Counts, Looked};
use crate::workbench::Workbench;

/// A part of a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Its name.
    pub(crate) name: &'static str,
    /// So many of so many; `None` of what has no whole.
    pub(crate) share: Option<Share>,
    /// What has no whole.
    pub(crate) count: usize,
    /// What it is, behind its name.
    pub(crate) about: String,
    /// The same in a few words.
    pub(crate) brief: &'static str,
    /// What is left of it.
    pub(crate) target: Target,
}

/// A column of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The letter's name.
    pub(crate) name: &'static str,
    /// Cells that are settled, of those that count.
    pub(crate) settled: Share,
    /// Cells in each state.
    pub(crate) states: [usize; CellState::ALL.len()],
}

/// How much has been looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    /// The measures.
    pub(crate) measures: Vec<Measure>,
    /// The matrix by letter.
    pub(crate) columns: Vec<Column>,
}

impl Cover {
    /// Counts.
    pub(crate) fn of(bench: &Workbench) -> Self {
        let (model, analysis) = (bench.model(), bench.analysis());
        let coverage = Coverage::of(model, bench.knowledge(), analysis, bench.sitting().today);
        let looked = Looked::of(&coverage, model);
        let (elements, flows) = left(&coverage, &Index::new(model));
        let share = |part, whole| Some(Share { part, whole });
        let there = analysis.threats.iter().filter(|row| row.status.word() != StatusWord::Gone).count();
        let closed = there - analysis.threats.iter().filter(|row| row.is_open()).count();
        let wanted = || model.mitigations.values().filter(|m| m.status != MitigationStatus::Rejected);
        let done = wanted().filter(|m| m.status.counts()).count();
        let asked = || analysis.questions.iter().flat_map(|question| &question.subjects);
        let parked = asked().filter(|subject| subject.considered == Some(Verdict::Parked)).count();
        let things = |ids: Vec<Id>, none| if ids.is_empty() { Target::Nothing(none) } else { Target::Things(ids) };
        let measure = |name, share, [about, brief]: [&'static str; 2], target| Measure {
            name,
            share,
            count: 0,
            about: about.to_owned(),
            brief,
            target,
        };
        let measures = vec![
            measure(
                "Cells",
                share(looked.cells.part, looked.cells.of),
                ["settled of those of STRIDE by element and flow that count", "settled, of STRIDE by element, flow"],
                Target::Table,
            ),
            measure(
                "Elements",
                share(looked.elements.part, looked.elements.of),
                ["looked at: no cell waits or is unseen", "looked at: no cell waits, is unseen"],
                things(elements, "every element has been looked at"),
            ),
            measure(
                "Crossings",
                share(looked.crossings.part, looked.crossings.of),
                [
                    "flows over a boundary about which something is mitigated, decided or said",
                    "over a boundary, something decided",
                ],
                things(flows, "something is decided about every flow over a boundary"),
            ),
            measure(
                "Threats",
                share(closed, there),
                ["mitigated or decided", "mitigated or decided"],
                if closed < there { Target::Filter("open".to_owned()) } else { Target::Nothing("no threat is open") },
            ),
            measure(
                "Mitigations",
                share(done, wanted().count()),
                ["done of those that are not rejected", "done, of those not rejected"],
                if wanted().next().is_some() {
                    Target::Mitigation(None)
                } else {
                    Target::Nothing("there is no mitigation yet")
                },
            ),
            Measure {
                name: "Questions",
                share: None,
                count: asked().count(),
                about: format!("not answered, a question about three things three times; {parked} of them parked"),
                brief: "not answered",
                target: if analysis.questions.is_empty() {
                    Target::Nothing("the rules have no question")
                } else {
                    Target::Questions
                },
            },
        ];
        Self { measures, columns: columns(&coverage) }
    }
}

/// Elements that were not looked at, and flows over a boundary about which nothing is decided.
fn left(coverage: &Coverage, index: &Index<'_>) -> (Vec<Id>, Vec<Id>) {
    let (mut elements, mut flows) = (Vec::new(), Vec::new());
    for row in coverage.groups.iter().flat_map(|group| &group.rows) {
        match Counts::of(row, index) {
            Some(Counts::Element(false)) => elements.push(row.id.clone()),
            Some(Counts::Crossing(false)) => flows.push(row.id.clone()),
            _ => {}
        }
    }
    (elements, flows)
}

fn columns(coverage: &Coverage) -> Vec<Column> {
    let column = |(n, letter): (usize, &crate::analysis::Letter)| {
        let (part, whole) = coverage.settled(n);
        let mut states = [0; CellState::ALL.len()];
        for cell in coverage.groups.iter().flat_map(|group| &group.rows).filter_map(|row| row.cells.get(n)) {
            states[cell.state as usize] += 1;
        }
        Column { name: letter.title(), settled: Share { part, whole }, states }
    };
    coverage.letters.iter().enumerate().map(column).collect()
}
