//! What somebody should look at: threats that are late, expired, stale or nobody's, late work, questions put off, elements
//! without an owner. Each is a link, and each threat stands once, with all that is to say about it.

use super::{Ruled, Target};
use crate::analysis::ThreatRow;
use crate::model::{ConsideredKey, Date, Id, Severity, Verdict};
use crate::review::gate::later;
use crate::tui::name::called;
use crate::workbench::Workbench;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// Why, in a word or two.
    pub(crate) mark: &'static str,
    /// Of a threat.
    pub(crate) severity: Option<Severity>,
    /// What it is.
    pub(crate) text: String,
    /// Why, at length.
    pub(crate) why: String,
    /// Where it leads.
    pub(crate) link: Target,
}

const OVERDUE: &str = "overdue";
const PAST: &str = "past SLA";
const EXPIRED: &str = "expired";
const STALE: &str = "stale";
const LATE: &str = "late";
const OWNER: &str = "no owner";
const PARKED: &str = "parked";
/// Marks in the order of the list.
const MARKS: [&str; 7] = [OVERDUE, PAST, EXPIRED, STALE, LATE, OWNER, PARKED];

/// All of them, the most pressing first.
pub(crate) fn of(bench: &Workbench, ruled: &Ruled) -> Vec<Need> {
    let today = bench.sitting().today;
    let mut all: Vec<Need> = bench.analysis().threats.iter().filter_map(|row| of_threat(row, ruled, today)).collect();
    all.extend(late(bench, today));
    all.extend(parked(bench));
    all.extend(ownerless(bench));
    let place = |need: &Need| MARKS.iter().position(|mark| *mark == need.mark);
    // What is alike stays in the order in which it came, which is that of the scores.
    all.sort_by(|a, b| (place(a), b.severity).cmp(&(place(b), a.severity)));
    all
}

fn of_threat(row: &ThreatRow, ruled: &Ruled, today: Date) -> Option<Need> {
    let mut reasons: Vec<(&'static str, String)> = Vec::new();
    let record = &row.record;
    if let Some(due) = record.due.filter(|_| row.is_overdue(today)) {
        reasons.push((OVERDUE, format!("due on {due}")));
    }
    let allowed = ruled.days(row.severity).filter(|_| row.is_open() && record.due.is_none());
    if let Some((opened, days)) = record.opened.zip(allowed).filter(|(opened, days)| later(*opened, *days) < today) {
        reasons.push((PAST, format!("open since {opened}, {days} days allowed")));
    }
    if row.expired {
        let until = record.status.expires().map(|day| day.to_string()).unwrap_or_default();
        reasons.push((EXPIRED, format!("{} until {until}, which has passed", record.status.word().title())));
    }
    if row.stale {
        reasons.push((STALE, format!("{} on facts that have changed since", record.status.word().title())));
    }
    let is_pressing = row.is_open() && row.severity.is_some_and(|severity| severity >= ruled.owned);
    if is_pressing && record.owner.is_none() {
        reasons.push((OWNER, "nobody has it".to_owned()));
    }
    let mark = reasons.first()?.0;
    let why = reasons.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join("; ");
    Some(Need { mark, severity: row.severity, text: row.title.clone(), why, link: Target::Threat(row.key.clone()) })
}

fn late(bench: &Workbench, today: Date) -> impl Iterator<Item = Need> {
    let late = bench.model().mitigations.iter().filter(move |(_, mitigation)| mitigation.is_overdue(today));
    late.map(|(id, mitigation)| {
        let due = mitigation.due.map(|day| day.to_string()).unwrap_or_default();
        Need {
            mark: LATE,
            severity: None,
            text: mitigation.title.clone(),
            why: format!("a mitigation that is {}, due on {due}", mitigation.status.title()),
            link: Target::Mitigation(Some(id.clone())),
        }
    })
}

/// What was put off, and is still asked; a letter of STRIDE is asked as long as nobody takes it up.
fn parked(bench: &Workbench) -> Vec<Need> {
    let (model, analysis) = (bench.model(), bench.analysis());
    let mut all = Vec::new();
    for question in &analysis.questions {
        for subject in question.subjects.iter().filter(|subject| subject.considered == Some(Verdict::Parked)) {
            all.push(Need {
                mark: PARKED,
                severity: None,
                text: format!("{}: {}", called(model, &subject.id), question.text),
                why: format!("a question about {} that was put off", question.fact),
                link: Target::Answer(subject.id.clone(), question.fact.clone()),
            });
        }
    }
    let letters =
        model.considered.iter().filter(|(key, look)| key.aspect.len() == 1 && look.verdict == Verdict::Parked);
    all.extend(letters.map(|(ConsideredKey { subject, aspect }, _)| Need {
        mark: PARKED,
        severity: None,
        text: format!("{}: {aspect} of STRIDE", called(model, subject)),
        why: "a letter that was put off".to_owned(),
        link: Target::Things(vec![subject.clone()]),
    }));
    all
}

/// Elements without an owner, in one row.
fn ownerless(bench: &Workbench) -> Option<Need> {
    let elements = &bench.model().elements;
    let ids: Vec<Id> = elements.iter().filter(|(_, e)| e.owner.is_none()).map(|(id, _)| id.clone()).collect();
    let text = match ids.len() {
        0 => return None,
        1 => format!("1 of {} elements", elements.len()),
        n => format!("{n} of {} elements", elements.len()),
    };
    let why = "it is not said who answers for them".to_owned();
    Some(Need { mark: OWNER, severity: None, text, why, link: Target::Things(ids) })
}
