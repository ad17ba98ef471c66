//! Well-built systems: what is said about them is noise, and there is a budget for it.

use super::{Bench, Sheet, all, asked, severity};
use sconce::model::Severity;

/// Threats that may stay open in a system that is well built; all of them Low.
const BUDGET: usize = 3;

#[test]
fn little_is_said_about_what_is_well_built() {
    let loud: Vec<String> = all()
        .into_iter()
        .map(Bench::well_built)
        .filter(|sheet| sheet.open().count() > BUDGET || sheet.open().any(|row| row.severity != Some(Severity::Low)))
        .map(|sheet| picture(sheet).join("\n"))
        .collect();
    assert!(loud.is_empty(), "more than {BUDGET} threats, or more than Low:\n{}", loud.join("\n\n"));
}

/// Everything that is open, asked, or missing.
pub(super) fn picture(sheet: &Sheet) -> Vec<String> {
    let open = sheet.open().map(|row| format!("  {} {}: {}", severity(row), row.key, row.title));
    let mut lines = counts(sheet);
    lines.splice(1..1, open);
    lines
}

/// How much is open, asked and missing, and what is asked or missing.
pub(super) fn counts(sheet: &Sheet) -> Vec<String> {
    let analysis = sheet.analysis();
    let (open, questions, gaps) = (sheet.open().count(), analysis.questions.len(), analysis.lints.len());
    let mut lines = vec![format!("{}: {open} open, {questions} questions, {gaps} lints", sheet.name())];
    lines.extend(asked(analysis).into_iter().map(|line| format!("  {line}")));
    lines
}
