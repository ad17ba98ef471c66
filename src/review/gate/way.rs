//! Ways to green: the exact edit of the model's file, or the exact command. They are words for people; nothing here does
//! what they say.

use super::Look;
use crate::analysis::ThreatRow;
use crate::model::Status;

/// One way to turn a red line green.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Write a field into a record of the model's file.
    Write {
        /// What it means.
        why: String,
        /// The record, as a path into the model.
        at: Vec<String>,
        /// The field with its value; `…` stands for what only people know.
        text: String,
        /// What it takes the place of elsewhere: fields, each with the record that it is to be taken out of.
        instead: Vec<(Vec<String>, String)>,
        /// The command that comes after.
        then: Option<String>,
    },
    /// Take a field out of a record of the model's file.
    Remove {
        /// What it means.
        why: String,
        /// The record, as a path into the model.
        at: Vec<String>,
        /// The field with its value.
        text: String,
        /// The command that comes after.
        then: String,
    },
    /// Run a command.
    Run {
        /// What it means.
        why: String,
        /// The command.
        command: String,
    },
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Write { why, at, text, instead, then } => {
                write!(f, "{why}: write `{text}` in {}", record(at))?;
                instead.iter().try_for_each(|(at, text)| write!(f, ", take `{text}` out of {}", record(at)))?;
                then.iter().try_for_each(|then| write!(f, ", then run `{then}`"))
            }
            Self::Remove { why, at, text, then } => {
                write!(f, "{why}: take `{text}` out of {}, then run `{then}`", record(at))
            }
            Self::Run { why, command } => write!(f, "{why}: run `{command}`"),
        }
    }
}

/// A record of the file in words.
fn record(at: &[String]) -> String {
    match at {
        [] => "the file".to_owned(),
        [section] => format!("`{section}`"),
        [section, rest @ ..] => format!("`{section}`, `{}`", rest.join("`, `")),
    }
}

impl Look<'_> {
    /// Writing a field of a threat.
    pub(super) fn write(&self, why: &str, row: &ThreatRow, text: String) -> Way {
        // A threat that is not recorded yet has no entry to write into.
        let is_recorded = self.model.threats.contains_key(&row.key);
        let first = if is_recorded { String::new() } else { format!(", after `{}`", self.command("update")) };
        let at = vec!["threats".to_owned(), row.key.as_str().to_owned()];
        // A decision goes into the ledger.
        let then = text.starts_with("status: ").then(|| self.command("update"));
        Way::Write { why: format!("{why}{first}"), at, text, instead: Vec::new(), then }
    }

    /// A command about the model.
    pub(super) fn command(&self, words: &str) -> String {
        format!("sconce {words} {}", self.case.file)
    }

    /// What closes a threat, or decides about it.
    pub(super) fn closing(&self, row: &ThreatRow) -> Vec<Way> {
        let days = self.case.policy.acceptance.days.min(90);
        let until = super::later(self.case.today, days);
        let accept = format!("status: Accepted(reason: \"…\", approver: \"…\", expires: \"{until}\")");
        let title = |id: &String| self.case.knowledge.mitigations.get(id).map(|record| record.title.clone());
        let fix = row.fixes.iter().find_map(title);
        let build = match fix {
            // Which record closes it is not looked for; or it was, and none does so alone.
            Some(title) if self.may_look() && !self.case.explain => {
                let explain = self.command("gate --explain");
                format!("close it ({}); what to write: `{explain}`; how", lower(&title))
            }
            Some(title) => format!("close it ({}); how, and the facts that it rests on", lower(&title)),
            None => "close it; what is known about it".to_owned(),
        };
        let mut ways = Vec::new();
        if row.severity.is_none() {
            let text = "override: (severity: Medium, reason: \"…\", by: \"…\")".to_owned();
            ways.push(self.write("rate it", row, text));
        }
        let told = || Way::Run { why: build, command: self.command(&format!("explain {}", row.id)) };
        ways.push(self.control(row).unwrap_or_else(told));
        ways.push(self.write("or live with it", row, accept));
        ways
    }

    /// The status of a threat as the file has it, with something else said about it.
    pub(super) fn accepted(row: &ThreatRow, approver: Option<&str>, until: Option<crate::model::Date>) -> String {
        let text = |text: &str| format!("{text:?}");
        let reason = row.record.status.reason().unwrap_or("…");
        let word = if matches!(row.record.status, Status::FalsePositive { .. }) { "FalsePositive" } else { "Accepted" };
        let mut parts = vec![format!("reason: {}", text(reason))];
        if word == "Accepted" {
            parts.push(format!("approver: {}", text(approver.unwrap_or("…"))));
        }
        parts.extend(until.map(|day| format!("expires: \"{day}\"")));
        format!("status: {word}({})", parts.join(", "))
    }
}

/// A title in the middle of a sentence.
pub(super) fn lower(title: &str) -> String {
    let mut chars = title.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}
