//! What the dashboard says, as numbers: made once for each state of the model, whatever its screen looks like. Every
//! number leads to what it counts. What the figures over the ledger are `review::metrics` knows.

pub(crate) mod cover;
pub(crate) mod matrix;
pub(crate) mod need;
pub(crate) mod page;
pub(crate) mod stride;

use std::collections::BTreeMap;

use crate::model::{Id, Severity, ThreatKey};
use crate::review::metrics::{Case, Metrics, Row};
use crate::review::policy::{Level, Policy};
use crate::workbench::Workbench;
use cover::Cover;
use matrix::Matrix;
use need::Need;
use stride::Sheet;

/// Days that figures over the ledger look back; `sconce metrics` shows as many.
pub(crate) const DAYS: u32 = 90;

/// The charts, in their order on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Panel {
    /// Open threats by likelihood and impact.
    #[default]
    Matrix,
    /// Threats by letter and status.
    Stride,
    /// How much has been looked at.
    Cover,
    /// Open threats week by week.
    Weeks,
    /// How long threats take, and whether they are in time.
    Times,
    /// What somebody should look at.
    Needs,
}

impl Panel {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [Self::Matrix, Self::Stride, Self::Cover, Self::Weeks, Self::Times, Self::Needs];

    /// What it is called.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Matrix => "Risk matrix",
            Self::Stride => "STRIDE and status",
            Self::Cover => "Coverage",
            Self::Weeks => "Open by week",
            Self::Times => "Time to fix and SLA",
            Self::Needs => "Needs attention",
        }
    }
}

/// Where something stands in a chart: row, then column.
pub(crate) type Spot = (usize, usize);

/// What a number leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The threats that a filter lets through.
    Filter(String),
    /// A threat.
    Threat(ThreatKey),
    /// The mitigations, with this one selected.
    Mitigation(Option<Id>),
    /// A question of a fact about a thing.
    Answer(Id, String),
    /// The open questions.
    Questions,
    /// Things on the diagram.
    Things(Vec<Id>),
    /// What happened in a week.
    Week(usize),
    /// The chart as a table.
    Table,
    /// Nothing, and why.
    Nothing(&'static str),
}

/// What of the policy matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ruled {
    /// Days by severity in which threats must be resolved.
    pub(crate) sla: BTreeMap<Severity, u32>,
    /// From which severity on open threats need an owner.
    pub(crate) owned: Severity,
    /// Whose days these are.
    pub(crate) told: String,
}

impl Default for Ruled {
    fn default() -> Self {
        Self::of(Some((&Policy::default(), None)))
    }
}

impl Ruled {
    /// By a policy and the name of its file; `None` where it cannot be read.
    pub(crate) fn of(policy: Option<(&Policy, Option<&str>)>) -> Self {
        let Some((policy, file)) = policy else {
            let told = "no days: the policy cannot be read".to_owned();
            return Self { sla: BTreeMap::new(), owned: Policy::default().owner.from, told };
        };
        let sla = if policy.sla.level == Level::Off { BTreeMap::new() } else { policy.sla.days.clone() };
        let whose = file.unwrap_or("the built-in policy");
        let days: Vec<String> = sla.iter().rev().map(|(severity, days)| format!("{severity} {days}")).collect();
        let told = match days.join(", ") {
            days if days.is_empty() => format!("{whose} gives no days"),
            days => format!("days by {whose}: {days}"),
        };
        Self { sla, owned: policy.owner.from, told }
    }

    /// The days of a severity.
    pub(crate) fn days(&self, severity: Option<Severity>) -> Option<u32> {
        self.sla.get(&severity?).copied()
    }
}

/// Open threats of a severity, and what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    /// Threats that are open now.
    pub(crate) open: usize,
    /// The figures.
    pub(crate) row: Row,
}

impl Times {
    /// The filter that lets the open ones through, the oldest first.
    pub(crate) fn filter(&self) -> String {
        match self.row.severity {
            Some(severity) => format!("open sev:{} sort:opened", severity.name().to_lowercase()),
            None => "open !sev>=low sort:opened".to_owned(),
        }
    }
}

/// All figures.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// Open threats by likelihood and impact.
    pub(crate) matrix: Matrix,
    /// Threats by letter and status.
    pub(crate) sheet: Sheet,
    /// How much has been looked at.
    pub(crate) cover: Cover,
    /// Over the ledger as a save would write it.
    pub(crate) metrics: Metrics,
    /// By severity, the worst first.
    pub(crate) times: Vec<Times>,
    /// What somebody should look at, the most pressing first.
    pub(crate) needs: Vec<Need>,
    /// Whose days count.
    pub(crate) ruled: Ruled,
}

impl Figures {
    /// Counts.
    pub(crate) fn of(bench: &Workbench, ruled: &Ruled) -> Self {
        let today = bench.sitting().today;
        let metrics = Metrics::of(&Case { model: &bench.as_saved(), today, days: DAYS, sla: &ruled.sla });
        Self {
            matrix: Matrix::of(bench),
            sheet: Sheet::of(bench.analysis()),
            cover: Cover::of(bench),
            times: times(bench, &metrics, ruled),
            needs: need::of(bench, ruled),
            ruled: ruled.clone(),
            metrics,
        }
    }

    /// How many numbers each row of a chart has that lead somewhere.
    pub(crate) fn shape(&self, panel: Panel) -> Vec<usize> {
        match panel {
            Panel::Matrix => self.matrix.shape(),
            Panel::Stride => vec![stride::GROUPS.len(); self.sheet.rows.len()],
            Panel::Cover => vec![1; self.cover.measures.len()],
            Panel::Weeks => vec![self.metrics.weeks.len()],
            Panel::Times => vec![1; self.times.len()],
            Panel::Needs => vec![1; self.needs.len()],
        }
    }

    /// The nearest place that there is.
    pub(crate) fn within(&self, panel: Panel, (row, column): Spot) -> Spot {
        let shape = self.shape(panel);
        let row = row.min(shape.len().saturating_sub(1));
        (row, column.min(shape.get(row).map_or(0, |columns| columns.saturating_sub(1))))
    }

    /// What the number at a place leads to.
    pub(crate) fn target(&self, panel: Panel, at: Spot) -> Target {
        let (row, column) = self.within(panel, at);
        match panel {
            Panel::Matrix => self.matrix.target((row, column)),
            Panel::Stride => self.sheet.target((row, column)),
            Panel::Cover => self.cover.measures.get(row).map_or(Target::Table, |measure| measure.target.clone()),
            Panel::Weeks => Target::Week(column),
            Panel::Times => match self.times.get(row) {
                Some(times) if times.open > 0 => Target::Filter(times.filter()),
                _ => Target::Nothing("no threat of this severity is open"),
            },
            Panel::Needs => {
                self.needs.get(row).map_or(Target::Nothing("nothing needs attention"), |need| need.link.clone())
            }
        }
    }
}

fn times(bench: &Workbench, metrics: &Metrics, ruled: &Ruled) -> Vec<Times> {
    let mut open: BTreeMap<Option<Severity>, usize> = BTreeMap::new();
    for row in bench.analysis().threats.iter().filter(|row| row.is_open()) {
        *open.entry(row.severity).or_default() += 1;
    }
    let mut rows = metrics.rows.clone();
    // Of what nobody rated there may be some that the ledger cannot count.
    if open.contains_key(&None) && rows.iter().all(|row| row.severity.is_some()) {
        rows.push(Row { sla_days: ruled.days(None), ..Row::default() });
    }
    let times = |row: Row| Times { open: open.get(&row.severity).copied().unwrap_or_default(), row };
    rows.into_iter().map(times).collect()
}
