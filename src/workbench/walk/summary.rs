//! What came of a session, as Markdown to put beside the minutes: threats with who deals with them and by when, what was
//! parked, what was answered, and how much is left.

use super::{Outcome, Walk};
use crate::analysis::ThreatRow;
use crate::analysis::walk::{about, said_before};
use crate::exchange::escape;
use crate::model::Severity;
use crate::workbench::Workbench;
use std::fmt::Write as _;

/// What came of a session.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// The heading.
    pub title: String,
    /// How many questions came to what.
    pub counts: String,
    /// Threats that were named, the worst first.
    pub threats: Vec<Named>,
    /// What is on the parking list.
    pub parked: Vec<String>,
    /// What else was answered: what it was about, and the answer.
    pub answered: Vec<(String, String)>,
    /// How much is left.
    pub left: String,
}

/// A threat that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// How bad it is.
    pub severity: Option<Severity>,
    /// What people call it.
    pub id: String,
    /// What could happen.
    pub title: String,
    /// Of what.
    pub of: String,
    /// Who deals with it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<String>,
}

impl Summary {
    pub(super) fn of(walk: &Walk, bench: &Workbench) -> Self {
        let model = bench.model();
        let turns = walk.turns();
        let of = |outcome: Outcome| turns.iter().filter(move |turn| turn.outcome == outcome);
        let named: Vec<&crate::model::ThreatKey> = turns.iter().flat_map(|turn| &turn.threats).collect();
        let rows = bench.analysis().threats.iter().filter(|row| named.contains(&&row.key));
        let one = |row: &ThreatRow| Named {
            severity: row.severity,
            id: row.id.clone(),
            title: row.title.clone(),
            of: model.called(&row.subject).into_owned(),
            owner: row.record.owner.clone(),
            due: row.record.due.map(|day| day.to_string()),
        };
        let mut threats: Vec<Named> = rows.map(one).collect();
        threats.sort_by_key(|named| std::cmp::Reverse(named.severity));
        let parked = walk.parked().map(|ask| match said_before(model, &ask.key) {
            Some(before) => format!("{} ({before})", about(model, &ask.key)),
            None => about(model, &ask.key),
        });
        let answered = of(Outcome::Answered).filter(|turn| turn.threats.is_empty());
        let answered = answered.map(|turn| (about(model, &turn.ask.key), turn.said.clone()));
        let counts = [
            (of(Outcome::Answered).count(), "answered"),
            (of(Outcome::Parked).count(), "parked"),
            (of(Outcome::Skipped).count(), "skipped"),
        ];
        let counts = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let (left, things) = (walk.left().count(), things(walk));
        let system = if model.system.name.is_empty() { "the system" } else { &model.system.name };
        Self {
            title: format!("Walk-through of {system}, {}", bench.sitting().today),
            counts: format!("{} asked{}{counts}.", questions(turns.len()), if counts.is_empty() { "" } else { ": " }),
            threats,
            parked: parked.collect(),
            answered: answered.collect(),
            left: match left {
                0 if model.elements.is_empty() => "Nothing is drawn yet that could be asked about.".to_owned(),
                0 => "Nothing is left to ask.".to_owned(),
                n if things == 1 => format!("{} left, about one thing.", are(n)),
                n => format!("{} left, about {things} things.", are(n)),
            },
        }
    }

    /// The summary as lines to read; those that begin with two spaces belong to the heading before them.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.title.clone(), format!("{} {}", self.counts, self.left)];
        let under = |title: &str, under: Vec<String>, lines: &mut Vec<String>| {
            if !under.is_empty() {
                lines.extend([String::new(), title.to_owned()]);
                lines.extend(under.into_iter().map(|line| format!("  {line}")));
            }
        };
        let threats = self.threats.iter().map(|named| {
            let Named { severity, title, of, owner, due, .. } = named;
            let severity = severity.map_or("not rated", Severity::name);
            let (owner, due) = (owner.as_deref().unwrap_or("nobody yet"), due.as_deref().unwrap_or("no day"));
            format!("{severity}: {title} ({of}) · {owner}, {due}")
        });
        under("Threats, with who deals with them and by when", threats.collect(), &mut lines);
        under("Parked", self.parked.clone(), &mut lines);
        let answered = self.answered.iter().map(|(what, said)| format!("{what}: {said}"));
        under("Answered", answered.collect(), &mut lines);
        lines
    }

    /// The summary as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{} {}\n", escape(&self.title), self.counts, self.left);
        if !self.threats.is_empty() {
            text.push_str(
                "\n## Threats\n\n| Severity | Threat | Of | Owner | Due |\n| --- | --- | --- | --- | --- |\n",
            );
            for named in &self.threats {
                let Named { severity, id, title, of, owner, due } = named;
                let severity = severity.map_or("not rated", Severity::name);
                let (owner, due) = (owner.as_deref().unwrap_or("nobody yet"), due.as_deref().unwrap_or("no day"));
                let _ = writeln!(
                    text,
                    "| {severity} | {} ({id}) | {} | {} | {due} |",
                    escape(title),
                    escape(of),
                    escape(owner)
                );
            }
        }
        if !self.parked.is_empty() {
            text.push_str("\n## Parked\n\n");
            self.parked.iter().for_each(|what| _ = writeln!(text, "- {}", escape(what)));
        }
        if !self.answered.is_empty() {
            text.push_str("\n## Answered\n\n");
            for (what, said) in &self.answered {
                let _ = writeln!(text, "- {}: {}", escape(what), escape(said));
            }
        }
        text
    }
}

fn questions(n: usize) -> String {
    if n == 1 { "1 question".to_owned() } else { format!("{n} questions") }
}

fn are(n: usize) -> String {
    format!("{} {}", questions(n), if n == 1 { "is" } else { "are" })
}

/// Of how many things something is left to ask.
fn things(walk: &Walk) -> usize {
    let mut ids: Vec<_> = walk.left().map(|ask| &ask.key.subject).collect();
    ids.sort();
    ids.dedup();
    ids.len()
}
