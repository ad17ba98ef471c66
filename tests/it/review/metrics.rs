//! Figures over the ledger: answers worked out by hand, a law on random models, and what people read.

mod git;

use proptest::prelude::*;
use sconce::model::{Date, Event, HistoryRow, Severity, Status, StatusWord, Threat, ThreatKey, ThreatModel};
use sconce::review::metrics::{Case, Course, Metrics, Moves, Row, Share, Spread};
use sconce::review::policy::Sla;

use crate::model::arbitrary::models;
use crate::sandbox::Sandbox;

fn day(text: &str) -> Date {
    format!("2026-{text}").parse().unwrap()
}

/// A threat with its ledger; the status is the one that the last row entered.
fn threat(severity: Severity, opened: &str, rows: &[(&str, Event)]) -> Threat {
    let text = || "because".to_owned();
    let row = |(on, event): &(&str, Event)| HistoryRow { on: day(on), by: "ana".to_owned(), event: *event };
    let status = match rows.last().map(|(_, event)| event) {
        Some(Event::Mitigated) => Status::Mitigated { evidence: vec![text()], on: None },
        Some(Event::Avoided) => Status::Avoided { reason: text() },
        Some(Event::Accepted) => Status::Accepted { reason: text(), approver: None, expires: None },
        Some(Event::Gone) => Status::Gone { on: day(rows.last().unwrap().0) },
        _ => Status::Open,
    };
    let opened_row = HistoryRow { on: day(opened), by: "sconce".to_owned(), event: Event::Opened };
    let history = std::iter::once(opened_row).chain(rows.iter().map(row)).collect();
    Threat { severity: Some(severity), opened: Some(day(opened)), status, history, ..Threat::default() }
}

fn model(threats: Vec<Threat>) -> ThreatModel {
    let key = |n: usize| ThreatKey::parse(&format!("t{n}:own.s.test")).unwrap();
    ThreatModel { threats: threats.into_iter().enumerate().map(|(n, t)| (key(n), t)).collect(), ..Default::default() }
}

/// The figures of November, by the built-in policy: 7 days for critical threats, 30 for high, 90 for medium ones.
fn november(threats: Vec<Threat>) -> Metrics {
    let (model, sla) = (model(threats), Sla::default());
    Metrics::of(&Case { model: &model, today: day("11-30"), days: 30, sla: &sla.days })
}

fn of(metrics: &Metrics, severity: Severity) -> &Row {
    metrics.rows.iter().find(|row| row.severity == Some(severity)).unwrap()
}

/// Eight high threats.
fn high() -> Vec<Threat> {
    let of = |opened, rows: &[(&str, Event)]| threat(Severity::High, opened, rows);
    vec![
        of("10-20", &[("11-09", Event::Mitigated)]), // 20 days, in time
        // 4 + 10 days; its day was 10-31: late
        of("10-01", &[("10-05", Event::Mitigated), ("10-25", Event::Reopened), ("11-04", Event::Avoided)]),
        of("11-10", &[("11-15", Event::Mitigated)]), // 5 days, in time
        of("11-20", &[]),                            // open for 10 days, its day is to come
        of("10-05", &[]),                            // open for 56 days, its day was 11-04
        of("11-05", &[("11-10", Event::Accepted)]),  // beside
        of("10-01", &[("10-11", Event::Mitigated)]), // before the window
        Threat { due: Some(day("11-06")), ..of("11-02", &[("11-10", Event::Mitigated)]) }, // 8 days, late by its own day
    ]
}

#[test]
fn every_figure_is_as_worked_out_by_hand() {
    let metrics = november(high());
    assert_eq!((metrics.from, metrics.to, metrics.open()), (day("11-01"), day("11-30"), 2));
    let row = of(&metrics, Severity::High);
    // 5, 8, 14, 20: the mean is 11.75, the median 11, nine in ten of four are all four.
    let fix = Spread { n: 4, mean: Some(118), median: Some(110), p90: Some(20), most: Some(20) };
    assert_eq!(row.time_to_fix, fix);
    // 10, 56
    assert_eq!((row.age.n, row.age.median, row.age.most), (2, Some(330), Some(56)));
    // Open at the start: the first, the second, and the one of 56 days. Opened in it: those of 5, 10 and 8 days, and the
    // accepted one.
    assert_eq!((row.remediation, row.remediation.per_mille()), (Share { part: 4, whole: 7 }, Some(571)));
    // Four resolved, two of them late, and one open that is too late already.
    assert_eq!((row.sla, row.sla.per_mille()), (Share { part: 2, whole: 5 }, Some(400)));
    assert_eq!(row.beside.iter().collect::<Vec<_>>(), [(&StatusWord::Accepted, &1)]);
    assert_eq!(metrics.undated, []);
}

#[test]
fn the_weeks_are_as_worked_out_by_hand() {
    let metrics = november(high());
    let weeks: Vec<(Date, Date, Moves)> = metrics.weeks.iter().map(|week| (week.from, week.to, week.total())).collect();
    let week = |from, to, [opened, resolved, otherwise, open]: [usize; 4]| {
        (day(from), day(to), Moves { opened, resolved, otherwise, open })
    };
    // Three were open before; the first week is what of it lies in the window.
    let by_hand = [
        week("11-01", "11-02", [1, 0, 0, 4]),
        week("11-03", "11-09", [1, 2, 0, 3]),
        week("11-10", "11-16", [1, 2, 1, 1]),
        week("11-17", "11-23", [1, 0, 0, 2]),
        week("11-24", "11-30", [0, 0, 0, 2]),
    ];
    assert_eq!(weeks, by_hand);
}

#[test]
fn nothing_is_no_zero() {
    let metrics = november(Vec::new());
    assert_eq!(metrics.rows.len(), Severity::ALL.len());
    for row in &metrics.rows {
        assert_eq!((row.time_to_fix, row.age), (Spread::default(), Spread::default()));
        assert_eq!((row.remediation.per_mille(), row.sla.per_mille()), (None, None));
    }
    assert_eq!(Spread::of(Vec::new()).mean, None);
    // Ten in all: nine of them take 9 days or less.
    assert_eq!(Spread::of((1..=10).rev().collect()).p90, Some(9));
    assert_eq!(Spread::of(vec![0]).median, Some(0));
}

#[test]
fn what_the_rules_did_has_no_rows() {
    let by_rules = |on| Status::Mitigated { evidence: Vec::new(), on: Some(day(on)) };
    let undecided = |status| Threat { status, history: Vec::new(), ..threat(Severity::Critical, "11-10", &[]) };
    let metrics = november(vec![
        undecided(by_rules("11-13")), // 3 days
        undecided(by_rules("11-10")), // never open
        undecided(Status::Gone { on: day("11-20") }),
    ]);
    let row = of(&metrics, Severity::Critical);
    assert_eq!((row.time_to_fix.n, row.time_to_fix.mean, row.from_the_start), (1, Some(30), 1));
    // What went was open and was not resolved; what was never open is nothing to resolve.
    assert_eq!(row.remediation, Share { part: 1, whole: 2 });
    assert_eq!(row.beside.iter().collect::<Vec<_>>(), [(&StatusWord::Gone, &1)]);
}

#[test]
fn accepted_days_are_no_open_days() {
    let mut ran_out = threat(Severity::Low, "11-01", &[("11-05", Event::Accepted)]);
    ran_out.status = Status::Accepted { reason: String::new(), approver: None, expires: Some(day("11-10")) };
    let fixed = threat(Severity::Medium, "10-01", &[("10-11", Event::Accepted), ("11-20", Event::Mitigated)]);
    let gone = threat(Severity::Medium, "11-01", &[("11-02", Event::Mitigated), ("11-20", Event::Gone)]);
    let metrics = november(vec![ran_out, fixed, gone]);
    // 4 days, and 19 from 11-11 on.
    assert_eq!(of(&metrics, Severity::Low).age, Spread::of(vec![23]));
    assert_eq!(of(&metrics, Severity::Low).sla, Share::default());
    // 10 days, and 1: what was resolved before its element went stays resolved.
    assert_eq!(of(&metrics, Severity::Medium).time_to_fix, Spread::of(vec![1, 10]));
    assert_eq!(of(&metrics, Severity::Medium).remediation, Share { part: 2, whole: 2 });
}

#[test]
fn the_edges_belong_to_it() {
    let of =
        |opened, due, rows: &[(&str, Event)]| Threat { due: Some(day(due)), ..threat(Severity::High, opened, rows) };
    let metrics = november(vec![
        of("10-01", "11-01", &[("11-01", Event::Mitigated)]), // on the first day of the window, and on its own: in time
        of("10-01", "11-01", &[("10-31", Event::Mitigated)]), // the day before
        of("11-01", "11-30", &[]),                            // due today: its day is not past
        of("11-30", "11-29", &[]),                            // opened today, past its day
    ]);
    let row = self::of(&metrics, Severity::High);
    assert_eq!((row.time_to_fix, row.age), (Spread::of(vec![31]), Spread::of(vec![0, 29])));
    assert_eq!((row.remediation, row.sla), (Share { part: 1, whole: 3 }, Share { part: 1, whole: 2 }));
}

#[test]
fn what_has_no_day_is_named_and_counted_nowhere() {
    let by_hand = Threat { status: Status::Avoided { reason: String::new() }, ..threat(Severity::High, "11-01", &[]) };
    let no_day = Threat { opened: None, history: Vec::new(), ..threat(Severity::High, "11-01", &[]) };
    let metrics = november(vec![by_hand, no_day, threat(Severity::High, "12-01", &[])]);
    assert_eq!(metrics.undated.len(), 3);
    assert_eq!(
        *of(&metrics, Severity::High),
        Row { severity: Some(Severity::High), sla_days: Some(30), ..Row::default() }
    );
}

#[test]
fn an_earlier_day_does_not_see_what_came_later() {
    let one = threat(Severity::High, "10-01", &[("10-05", Event::Accepted), ("11-04", Event::Mitigated)]);
    let at = |text| Course::of(&one, day(text)).map(|course| course.now());
    assert_eq!(at("09-30"), None);
    assert_eq!(at("10-04"), Some(StatusWord::Open));
    assert_eq!(at("11-03"), Some(StatusWord::Accepted));
    assert_eq!(at("11-04"), Some(StatusWord::Mitigated));
}

proptest! {
    #[test]
    fn weeks_add_up_to_what_is_open(model in models(), days in 1_u32..1500, month in 1_i8..=12) {
        let today = Date::new(2026, month, 15).unwrap();
        let metrics = Metrics::of(&Case { model: &model, today, days, sla: &Sla::default().days });
        let before = metrics.from.yesterday().unwrap();
        for row in &metrics.rows {
            let threats = || model.threats.values().filter(|t| t.effective_severity() == row.severity);
            let courses: Vec<Course> = threats().filter_map(|threat| Course::of(threat, today)).collect();
            let mut open = courses.iter().filter(|course| course.at(before) == Some(StatusWord::Open)).count();
            for week in &metrics.weeks {
                let moves = week.by_severity.get(&row.severity).copied().unwrap_or_default();
                prop_assert_eq!(open + moves.opened, moves.resolved + moves.otherwise + moves.open);
                open = moves.open;
            }
            let now = courses.iter().filter(|course| course.now() == StatusWord::Open).count();
            prop_assert_eq!((open, row.age.n), (now, now));
            prop_assert!(row.remediation.part == row.time_to_fix.n && row.sla.part <= row.sla.whole);
        }
        let (first, last) = (metrics.weeks.first().unwrap(), metrics.weeks.last().unwrap());
        prop_assert_eq!((first.from, last.to), (metrics.from, today));
    }
}

const MODEL: &str = "#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (
        name: \"Shop\",
    ),
    threats: {
        \"system:own.s.forged-mail\": (severity: High, opened: \"2026-09-10\", title: \"Mail can be forged\", history: [(\"2026-09-10\", \"ana\", Opened)]),
        \"system:own.t.swapped-file\": (severity: High, opened: \"2026-10-01\", title: \"Files can be swapped\", status: Avoided(reason: \"they are signed\"), history: [(\"2026-10-01\", \"ana\", Opened), (\"2026-11-05\", \"ana\", Avoided)]),
        \"system:own.d.no-day\": (severity: Low, title: \"Nobody knows since when\"),
    },
)
";

#[test]
fn a_page_and_a_twin_for_programs() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", MODEL);
    let mut told = sandbox.picture(&["metrics", "--days", "30"]);
    sandbox.write("threat-policy.ron", "(sla: (days: {High: 40}))\n");
    told += &sandbox.picture(&["metrics", "--days", "14", "--format", "json"]);
    sandbox.write("threat-policy.ron", "(sla: (level: Off))\n");
    told += &sandbox.picture(&["metrics", "--days", "1"]);
    for days in ["0", "many", "4000", "-1"] {
        told += &sandbox.picture(&["metrics", "--days", days]);
    }
    insta::assert_snapshot!(told);
}
