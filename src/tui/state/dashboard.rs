//! The dashboard's screen: which chart and which number in it is selected, and the figures, which are made once for each
//! state of the model. Going about is `update`'s work.

use crate::tui::figures::{Figures, Panel, Ruled, Spot};
use crate::workbench::Workbench;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Dashboard {
    /// The chart that has the keys.
    pub(crate) panel: Panel,
    /// The selected number of each chart; the last week and the worst cell until somebody goes
    /// elsewhere.
    pub(crate) at: [Option<Spot>; Panel::ALL.len()],
    /// The policy's days.
    pub(crate) ruled: Ruled,
    /// The filter of the threats before a number led to them from here, which Esc brings back.
    pub(crate) below: Option<String>,
    /// The figures, with the revision of the model that they are of.
    figures: Option<(u64, Figures)>,
}

impl Dashboard {
    /// Makes the figures, unless they are those of this revision and policy.
    pub(crate) fn settle(&mut self, bench: &Workbench, revision: u64) {
        let is_made = |(of, figures): &(u64, Figures)| *of == revision && figures.ruled == self.ruled;
        if !self.figures.as_ref().is_some_and(is_made) {
            self.figures = Some((revision, Figures::of(bench, &self.ruled)));
        }
    }

    /// The figures; `None` as long as nobody looked.
    pub(crate) fn figures(&self) -> Option<&Figures> {
        self.figures.as_ref().map(|(_, figures)| figures)
    }

    /// The selected number of a chart.
    pub(crate) fn spot(&self, panel: Panel) -> Spot {
        let usual = || match panel {
            Panel::Weeks => (0, usize::MAX),
            Panel::Matrix => self.figures().map_or((0, 0), |figures| figures.matrix.worst()),
            _ => (0, 0),
        };
        let at = self.at[panel as usize].unwrap_or_else(usual);
        self.figures().map_or(at, |figures| figures.within(panel, at))
    }

    /// Selects a number of a chart.
    pub(crate) fn select(&mut self, panel: Panel, at: Spot) {
        self.at[panel as usize] = Some(at);
    }
}
