//! Annotations as GitHub's runners take them from standard output. They show ten errors and ten warnings of a step;
//! how many more there are is said in one of them.

use super::{Report, message, ways};
use crate::review::gate::Failure;
use std::fmt::Write as _;

/// Annotations that are shown of each level.
const MOST: usize = 10;

/// One line for each annotation.
pub fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    for (command, test) in [("error", Failure::denies as fn(&Failure) -> bool), ("warning", Failure::warns)] {
        let all: Vec<_> = report.counting().filter(|(failure, _)| test(failure)).collect();
        // The last one says how many more there are.
        let shown = if all.len() > MOST { MOST - 1 } else { all.len() };
        for (failure, place) in &all[..shown] {
            let title = match failure.severity {
                Some(severity) => format!("{} ({severity})", failure.rule.id()),
                None => failure.rule.id().to_owned(),
            };
            let way = ways(failure).into_iter().next().map(|way| format!("\nto green: {way}")).unwrap_or_default();
            let _ = writeln!(
                text,
                "::{command} file={},line={},title={}::{}",
                property(report.file),
                place.line,
                property(&title),
                data(&format!("{}{way}", message(failure))),
            );
        }
        if all.len() > shown {
            let words = format!("and {} more; `sconce gate` lists them", all.len() - shown);
            let _ = writeln!(text, "::{command} file={},title=gate::{}", property(report.file), data(&words));
        }
    }
    text
}

/// A message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
