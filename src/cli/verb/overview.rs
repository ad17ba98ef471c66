//! The overview: what the workbench would show first, as text. It computes nothing.

use std::fmt::Write as _;

use super::render::picture;
use super::table::{count, cut, table};
use crate::diagnostic::inert::one_line;
use crate::diagram::View;
use crate::diagram::paint::Glyphs;
use crate::model::Severity;
use crate::workbench::Workbench;

/// Rows of each list.
const MOST: usize = 10;

/// The overview of a model.
pub(super) fn text(bench: &Workbench) -> String {
    let model = bench.model();
    let mut text = format!("{}\n", one_line(&model.system.name));
    if let Some(description) = &model.system.description {
        let _ = writeln!(text, "{}", one_line(description));
    }
    let sizes = [
        count(model.elements.len(), "element"),
        count(model.flows.len(), "flow"),
        count(model.boundaries.len(), "boundary"),
        count(model.assets.len(), "asset"),
        count(model.mitigations.len(), "mitigation"),
    ];
    let _ = writeln!(text, "{}\n", sizes.join(", "));
    text.push_str(&picture(model, &View::default(), Glyphs::Unicode));
    text.push('\n');
    threats(&mut text, bench);
    questions(&mut text, bench);
    text
}

fn threats(text: &mut String, bench: &Workbench) {
    let open: Vec<_> = bench.analysis().threats.iter().filter(|t| t.is_open()).collect();
    let by_severity: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .map(|s| (open.iter().filter(|t| t.severity == Some(*s)).count(), s))
        .filter(|(n, _)| *n > 0)
        .map(|(n, s)| format!("{n} {s}"))
        .collect();
    let split = if by_severity.is_empty() { String::new() } else { format!(": {}", by_severity.join(", ")) };
    let _ = writeln!(text, "{}{split}", count(open.len(), "open threat"));
    let rows: Vec<Vec<String>> = open
        .iter()
        .take(MOST)
        .map(|t| {
            let severity = t.severity.map_or("unrated", |s| s.name()).to_owned();
            vec![t.id.clone(), severity, t.letters(), cut(&t.title)]
        })
        .collect();
    if !rows.is_empty() {
        text.push_str(&table(&["ID", "SEVERITY", "STRIDE", "THREAT"], &rows));
    }
    if open.len() > MOST {
        let _ = writeln!(text, "and {} more (`sconce threats`)", open.len() - MOST);
    }
    text.push('\n');
}

fn questions(text: &mut String, bench: &Workbench) {
    let questions = &bench.analysis().questions;
    let _ = writeln!(text, "{}", count(questions.len(), "question"));
    for question in questions.iter().take(MOST) {
        let about = question.subjects.len();
        let _ = writeln!(text, "  {} ({about}× {})", one_line(&question.text), question.fact);
    }
    if questions.len() > MOST {
        let _ = writeln!(text, "  and {} more (`sconce questions`)", questions.len() - MOST);
    }
}
