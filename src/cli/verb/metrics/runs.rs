//! `metrics` over recorded runs of the gate: reading them out of files and of git's notes, and the figures for people and
//! for programs. What the figures are `review::metrics` knows.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::text::formula;
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::verb::prose::wrapped;
use crate::cli::verb::table::{count, figures};
use crate::diagnostic::inert::one_line;
use crate::file::disk;
use crate::model::Date;
use crate::review::git::Repository;
use crate::review::metrics::tables::rate;
use crate::review::metrics::{RunWeek, Runs, Share};
use crate::review::runs::{Record, Run, joined};
use serde_json::{Value, json};

/// Lines of one record that are named one by one.
const NAMED: usize = 8;
/// Weeks that are shown.
const WEEKS: usize = 26;
/// Columns that the weeks need with numbers beside the rates.
const WIDE: u16 = 90;

/// Records that were read.
#[derive(Default)]
pub(super) struct Records {
    sources: Vec<Source>,
    runs: Vec<Vec<Run>>,
}

/// Where a record came from.
struct Source {
    name: String,
    runs: usize,
    wrong: Vec<(usize, String)>,
}

impl Records {
    /// Reads the files that are named; a file that cannot be read stops everything.
    pub(super) fn of_files(files: Vec<PathBuf>) -> Result<Self, Failure> {
        let mut records = Self::default();
        for path in files {
            let opened = disk::open(&path).map_err(|error| Failure::new(Exit::Usage, format!("--runs {error}")))?;
            records.add(one_line(&path.to_string_lossy()), &opened.text);
        }
        Ok(records)
    }

    /// Reads the notes of a repository too.
    pub(super) fn add_notes(&mut self, repository: &Repository) -> Result<(), Failure> {
        for (commit, text) in repository.notes()? {
            self.add(format!("the note at {}", commit.get(..9).unwrap_or(&commit)), &text);
        }
        Ok(())
    }

    fn add(&mut self, name: String, text: &str) {
        let Record { runs, wrong } = Record::read(text);
        self.sources.push(Source { name, runs: runs.len(), wrong });
        self.runs.push(runs);
    }

    /// Says which lines are passed over.
    pub(super) fn complain(&self, context: &mut Context) {
        for Source { name, wrong, .. } in &self.sources {
            for (line, why) in wrong.iter().take(NAMED) {
                context.say(&format!("{name}: line {line} is passed over: {}", one_line(why)));
            }
            if wrong.len() > NAMED {
                context.say(&format!("{name}: and {} more", wrong.len() - NAMED));
            }
        }
    }

    /// The figures; `None` where there is no record.
    pub(super) fn counted(self, names: &[String], from: Date, to: Date) -> Option<Counted> {
        if self.sources.is_empty() {
            return None;
        }
        let all = joined(self.runs);
        let runs = Runs::of(&all, |file| names.iter().any(|name| name == file), from, to);
        let mut other: Vec<String> =
            all.iter().map(|run| run.file.clone()).filter(|file| !names.contains(file)).collect();
        other.sort();
        other.dedup();
        let read: usize = self.sources.iter().map(|source| source.runs).sum();
        Some(Counted { again: read - all.len(), sources: self.sources, runs, other })
    }
}

/// The figures, with where they came from.
pub(super) struct Counted {
    sources: Vec<Source>,
    runs: Runs,
    /// Lines that say what another one says.
    again: usize,
    /// Models that other runs are of.
    other: Vec<String>,
}

impl Counted {
    pub(super) fn page(&self, columns: Option<u16>) -> String {
        let runs = &self.runs;
        let mut text = format!("\nRuns of the gate\n{}", wrapped(&self.head(), columns));
        if runs.gate.whole == 0 {
            return text;
        }
        let row = |name: &str, share: Share| {
            vec![name.to_owned(), share.whole.to_string(), share.part.to_string(), rate(share)]
        };
        text += &figures(&["gate", "n", "passed", "rate"], &[row("all runs", runs.gate)]);
        text += &formula("gate", columns);
        let rules = runs.rules.iter().map(|(id, share)| row(id, *share));
        let rows: Vec<Vec<String>> = std::iter::once(row("all rules", runs.compliance)).chain(rules).collect();
        let _ = write!(text, "\nCompliance with the policy\n{}", figures(&["rule", "n", "held", "rate"], &rows));
        text += &formula("compliance", columns);
        let _ = write!(text, "\nRuns and coverage by week\n{}", self.weeks(columns));
        text + &formula("coverage", columns)
    }

    /// What is counted, and what is not.
    fn head(&self) -> String {
        let runs = &self.runs;
        let read: usize = self.sources.iter().map(|source| source.runs).sum();
        let wrong: usize = self.sources.iter().map(|source| source.wrong.len()).sum();
        let mut parts = vec![format!("{} in the window", count(runs.gate.whole, "run"))];
        parts.extend((runs.outside > 0).then(|| format!("{} outside of it", runs.outside)));
        parts.push(format!("out of {} with {}", count(self.sources.len(), "record"), count(read, "run")));
        parts.extend((self.again > 0).then(|| format!("{} of these again, and counted once", self.again)));
        parts.extend((wrong > 0).then(|| format!("{} passed over", count(wrong, "line"))));
        let mut text = format!("{}\n", parts.join("; "));
        if runs.others > 0 {
            let named: Vec<String> = self.other.iter().take(NAMED).map(|file| one_line(file)).collect();
            let more = if self.other.len() > NAMED { ", …" } else { "" };
            let _ = writeln!(text, "{} of other models: {}{more}", count(runs.others, "run"), named.join(", "));
        }
        if runs.policies > 1 {
            let _ = writeln!(text, "the policy changed meanwhile: there were {} of them", runs.policies);
        }
        if runs.new_only > 0 {
            let _ =
                writeln!(text, "{} with --new-only, which passes over what failed before", count(runs.new_only, "run"));
        }
        text
    }

    fn weeks(&self, columns: Option<u16>) -> String {
        let is_wide = columns.is_none_or(|columns| columns >= WIDE);
        let weeks = &self.runs.weeks;
        let empty = weeks.iter().take_while(|week| week.gate.whole == 0).count();
        let passed = weeks.len().saturating_sub(WEEKS).max(empty);
        let looked = |share: Option<Share>| match share.filter(|share| share.whole > 0) {
            Some(share) if is_wide => format!("{} ({}/{})", rate(share), share.part, share.whole),
            share => rate(share.unwrap_or_default()),
        };
        let row = |week: &RunWeek| {
            let RunWeek { from, gate, looked: last, .. } = week;
            let mut cells = vec![from.to_string(), gate.whole.to_string(), gate.part.to_string(), rate(*gate)];
            let last = [last.map(|l| l.cells), last.map(|l| l.elements), last.map(|l| l.crossings)];
            cells.extend(last.map(|part| looked(part.map(Share::from))));
            cells
        };
        let rows: Vec<Vec<String>> = weeks[passed.min(weeks.len())..].iter().map(row).collect();
        let more = match passed {
            0 => String::new(),
            _ if passed == empty => format!("{} without any\n", count(passed, "earlier week")),
            _ => format!("{} not shown; --format json has all of them\n", count(passed, "earlier week")),
        };
        figures(&["from", "runs", "passed", "rate", "cells", "elements", "crossings"], &rows) + &more
    }

    pub(super) fn json(&self) -> Value {
        let runs = &self.runs;
        let source = |source: &Source| {
            let wrong: Vec<Value> =
                source.wrong.iter().map(|(line, why)| json!({ "line": line, "why": one_line(why) })).collect();
            json!({ "name": source.name, "runs": source.runs, "wrong": wrong })
        };
        let share = |share: Share, part: &str| {
            let mut value = json!({ "n": share.whole, "per_mille": share.per_mille() });
            value[part] = share.part.into();
            value
        };
        let rule = |(id, held): &(String, Share)| {
            let mut value = share(*held, "held");
            value["id"] = one_line(id).into();
            value
        };
        let week = |week: &RunWeek| {
            let looked = week.looked.map(|looked| {
                let part = |part| share(Share::from(part), "part");
                json!({
                    "cells": part(looked.cells),
                    "elements": part(looked.elements),
                    "crossings": part(looked.crossings),
                })
            });
            json!({
                "from": week.from.to_string(),
                "to": week.to.to_string(),
                "gate": share(week.gate, "passed"),
                "coverage": looked,
            })
        };
        json!({
            "records": self.sources.iter().map(source).collect::<Vec<_>>(),
            "gate": share(runs.gate, "passed"),
            "new_only": runs.new_only,
            "policies": runs.policies,
            "compliance": share(runs.compliance, "held"),
            "rules": runs.rules.iter().map(rule).collect::<Vec<_>>(),
            "weeks": runs.weeks.iter().map(week).collect::<Vec<_>>(),
            "outside": runs.outside,
            "others": runs.others,
        })
    }
}
