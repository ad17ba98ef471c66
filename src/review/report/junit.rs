//! A JUnit report: one test case for each rule of the policy and one for each threat that does not hold it. What warns
//! only does not fail; what is exempt, or was so before, is skipped.

use super::{Report, message, ways};
use crate::diagnostic::inert::{one_line, xml};
use crate::review::gate::{Failure, Standing};
use crate::review::policy::{Level, PolicyRule};
use std::fmt::Write as _;

/// The report.
pub fn junit(report: &Report<'_>) -> String {
    let cases: Vec<Case> = PolicyRule::ALL
        .iter()
        .filter(|rule| report.policy.level(**rule) != Level::Off)
        .flat_map(|rule| of_rule(report, *rule))
        .collect();
    let count = |test: fn(&Outcome) -> bool| cases.iter().filter(|case| test(&case.outcome)).count();
    let (failures, skipped) = (count(|o| matches!(o, Outcome::Fails(..))), count(|o| matches!(o, Outcome::Skipped(_))));
    let tests = cases.len();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites name=\"sconce gate\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    let _ = writeln!(
        text,
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" \
         time=\"0\" timestamp=\"{}T00:00:00\">",
        xml(report.file),
        report.today
    );
    for case in &cases {
        case.write(&mut text);
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

struct Case {
    class: String,
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passes,
    /// Message, and what else there is to say.
    Fails(String, String),
    Warns(String),
    Skipped(String),
}

/// The case of a rule, and those of the threats that do not hold it.
fn of_rule(report: &Report<'_>, rule: PolicyRule) -> Vec<Case> {
    let failures = || report.verdict.failures.iter().zip(report.places).filter(move |(f, _)| f.rule == rule);
    let details = |f: &Failure, line: usize| {
        let mut text = format!("{}:{line}\n", one_line(report.file));
        for way in ways(f) {
            let _ = writeln!(text, "to green: {way}");
        }
        text
    };
    let denied: Vec<_> = failures().filter(|(f, _)| f.denies()).collect();
    let warned: Vec<_> = failures().filter(|(f, _)| f.warns()).collect();
    let outcome = match (denied.as_slice(), warned.as_slice()) {
        ([], []) => Outcome::Passes,
        ([], all) => Outcome::Warns(all.iter().map(|(f, _)| message(f)).collect::<Vec<_>>().join("\n")),
        ([(f, place)], _) if f.key.is_none() => Outcome::Fails(message(f), details(f, place.line)),
        (all, _) => {
            let list: String = all.iter().map(|(f, _)| message(f) + "\n").collect();
            let n = all.len();
            let threats = if n == 1 { "1 does not hold it".to_owned() } else { format!("{n} do not hold it") };
            Outcome::Fails(format!("{}: {threats}", rule.asks()), list)
        }
    };
    let mut cases = vec![Case { class: "policy".to_owned(), name: rule.id().to_owned(), outcome }];
    for (f, place) in failures() {
        let Some(key) = &f.key else { continue };
        let outcome = match f.standing {
            Standing::Exempt(_) => Outcome::Skipped(format!("exempt: {}", message(f))),
            Standing::Before => Outcome::Skipped(format!("so before: {}", message(f))),
            Standing::Counts if f.denies() => Outcome::Fails(message(f), details(f, place.line)),
            Standing::Counts => Outcome::Warns(message(f)),
        };
        cases.push(Case { class: format!("policy.{}", rule.id()), name: key.as_str().to_owned(), outcome });
    }
    cases
}

impl Case {
    fn write(&self, text: &mut String) {
        let head = format!("classname=\"{}\" name=\"{}\" time=\"0\"", xml(&self.class), xml(&self.name));
        let inner = match &self.outcome {
            Outcome::Passes => {
                let _ = writeln!(text, "    <testcase {head}/>");
                return;
            }
            Outcome::Fails(message, more) => {
                format!("<failure message=\"{}\" type=\"policy\">{}</failure>", xml(message), xml(more))
            }
            Outcome::Warns(message) => format!("<system-out>warning: {}</system-out>", xml(message)),
            Outcome::Skipped(message) => format!("<skipped message=\"{}\"/>", xml(message)),
        };
        let _ = writeln!(text, "    <testcase {head}>\n      {inner}\n    </testcase>");
    }
}
