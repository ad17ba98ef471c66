//! Figures over the ledger of a model: how long threats take to be resolved, how old the open ones are, how many are
//! resolved, and whether in time. Severities are never blended. It reads no clock and no history but the ledger's
//! (`replay` is about git's), and it judges nobody: what is too slow the policy says.

mod course;
mod figure;
mod gather;
pub mod kept;
mod replay;
mod runs;
pub mod tables;
mod week;

pub use course::{Course, is_fixed};
pub use figure::{Share, Spread};
pub use gather::{Registers, gather, snapshots};
pub use replay::{Brief, Compared, Content, Disagreement, Matter, Register, Snapshot, compare};
pub use runs::{RunWeek, Runs};
pub use week::{Moves, Turn, Week};

use super::gate::later;
use crate::model::{Date, Severity, StatusWord, Threat, ThreatKey, ThreatModel};
use std::collections::BTreeMap;

/// What every figure is, by its name in `sconce/metrics/1`.
pub const FORMULAS: &[(&str, &str)] = &[
    (
        "time_to_fix",
        "days from opened to resolved (mitigated or avoided) of the n threats resolved in the window and not open again; \
         the open days of a reopened threat are added up; mean, median, and the days that nine in ten do not exceed",
    ),
    ("age", "days that the n threats which are open at the end of the window have been open, added up"),
    (
        "remediation",
        "resolved in the window / n; n = open at its start + opened or reopened in it + resolved in it out of another decision",
    ),
    (
        "sla",
        "resolved in the window by their day / n; n = resolved in it + open past their day; their day is `due`, else \
         opened + the policy's days for the severity; open threats whose day is to come, and threats without one, are left out",
    ),
    (
        "weeks",
        "open at the end of a week: open a week before + opened or reopened - resolved - otherwise (decided otherwise, or gone)",
    ),
];

/// The same of the figures over recorded runs of the gate.
pub const RUN_FORMULAS: &[(&str, &str)] = &[
    ("gate", "runs in the window in which the policy was held / the n runs in it"),
    (
        "compliance",
        "runs in the window in which the rule was held / the n runs in it in which it was on; of all rules: the rules held, \
         added up over the runs / the n rules that were on, added up likewise",
    ),
    (
        "coverage",
        "as the last run of a week has it: cells settled / cells that count, as `sconce coverage` counts them; elements \
         without a cell that waits or is unseen / elements; flows over a boundary about which something is mitigated, \
         decided or said / flows over a boundary",
    ),
];

/// What figures are wanted of.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The model with its ledger.
    pub model: &'a ThreatModel,
    /// The last day of the window.
    pub today: Date,
    /// How many days it has, at least one.
    pub days: u32,
    /// Days by severity in which threats must be resolved.
    pub sla: &'a BTreeMap<Severity, u32>,
}

/// Figures over a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// The first day of the window.
    pub from: Date,
    /// The last day of it.
    pub to: Date,
    /// One for each severity, the worst first, then one for threats that nobody rated, where there are any.
    pub rows: Vec<Row>,
    /// The weeks of the window, the last one ending on its last day; the first one may be shorter.
    pub weeks: Vec<Week>,
    /// Threats that are in no figure: the day on which they were opened, or on which their status began, is not known,
    /// or they were opened after the window.
    pub undated: Vec<ThreatKey>,
}

/// The figures of one severity, which is the one that counts today.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row {
    /// Which; `None` of threats that nobody rated.
    pub severity: Option<Severity>,
    /// Days that the threats resolved in the window were open.
    pub time_to_fix: Spread,
    /// Days that threats which are open have been open.
    pub age: Spread,
    /// How many were resolved of those there were to resolve.
    pub remediation: Share,
    /// How many were resolved in time.
    pub sla: Share,
    /// The policy's days for this severity.
    pub sla_days: Option<u32>,
    /// Threats that are neither open nor resolved at the end, by what they are instead.
    pub beside: BTreeMap<StatusWord, usize>,
    /// Threats that were never open: a control stood when they were first raised.
    pub from_the_start: usize,
}

/// A threat that can be counted.
#[derive(Clone, Debug)]
struct Counted<'m> {
    threat: &'m Threat,
    severity: Option<Severity>,
    course: Course,
}

impl Metrics {
    /// Counts.
    pub fn of(case: &Case<'_>) -> Self {
        let (from, to) = (earlier(case.today, case.days.max(1) - 1), case.today);
        let mut undated = Vec::new();
        let mut counted = Vec::new();
        for (key, threat) in &case.model.threats {
            match Course::of(threat, to) {
                Some(course) => counted.push(Counted { threat, severity: threat.effective_severity(), course }),
                None => undated.push(key.clone()),
            }
        }
        let rated = Severity::ALL.iter().rev().copied().map(Some);
        let without = counted.iter().any(|one| one.severity.is_none()).then_some(None);
        let rows = rated.chain(without).map(|severity| row(case, &counted, severity, from)).collect();
        let weeks = week::weeks(from, to, counted.iter().map(|one| (one.severity, &one.course)));
        Self { from, to, rows, weeks, undated }
    }

    /// How many threats are open at the end of the window.
    pub fn open(&self) -> usize {
        self.rows.iter().map(|row| row.age.n).sum()
    }
}

fn row(case: &Case<'_>, counted: &[Counted<'_>], severity: Option<Severity>, from: Date) -> Row {
    let sla_days = severity.and_then(|severity| case.sla.get(&severity)).copied();
    let mut row = Row { severity, sla_days, ..Row::default() };
    let (mut fixes, mut ages) = (Vec::new(), Vec::new());
    for Counted { threat, course, .. } in counted.iter().filter(|one| one.severity == severity) {
        let fixed_on = course.fixed_on().filter(|on| *on >= from);
        let is_open = course.now() == StatusWord::Open;
        let day = threat.due.or_else(|| sla_days.map(|allowed| later(course.since(), allowed)));
        if let Some(on) = fixed_on {
            fixes.push(course.open_days(on));
            if let Some(day) = day {
                row.sla.add(on <= day);
            }
        }
        if is_open {
            ages.push(course.open_days(case.today));
            if day.is_some_and(|day| day < case.today) {
                row.sla.add(false);
            }
        }
        if !is_open && !is_fixed(course.now()) {
            *row.beside.entry(course.now()).or_default() += 1;
        }
        row.from_the_start += usize::from(!course.was_open());
        let was_open = from.yesterday().is_ok_and(|day| course.at(day) == Some(StatusWord::Open));
        let opened = course.changes().any(|(on, _, word)| on >= from && word == StatusWord::Open);
        if was_open || opened || fixed_on.is_some() {
            row.remediation.add(fixed_on.is_some());
        }
    }
    row.time_to_fix = Spread::of(fixes);
    row.age = Spread::of(ages);
    row
}

/// A day so many days earlier; the first there is where that is too far.
fn earlier(day: Date, days: u32) -> Date {
    let span = jiff::Span::new().try_days(i64::from(days));
    span.and_then(|span| day.checked_sub(span)).unwrap_or(Date::MIN)
}
