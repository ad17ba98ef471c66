//! `check`: is the file valid, canonical, and its register up to date. JSON shape: `sconce/check/1`, see docs/json.md.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::fmt::only_line_ends;
use super::load;
use super::table::count;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::{Source, json, text};
use crate::diagnostic::{Diagnostic, InFile, Severity};
use crate::workbench::OpenError;

/// What there is to say about one file.
struct Report {
    text: String,
    diagnostics: Vec<Diagnostic>,
    /// What there is to say about the team's own rules.
    of_team: Vec<InFile>,
    is_canonical: bool,
    /// Whether it would be, but for how its lines end.
    only_line_ends: bool,
    /// Keys that the register does not have as the rules say.
    behind: Vec<String>,
}

impl Report {
    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    fn exit(&self) -> Exit {
        if self.has_errors() {
            Exit::Invalid
        } else if self.is_canonical && self.behind.is_empty() {
            Exit::Fine
        } else {
            Exit::No
        }
    }
}

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let mut exit = Exit::Fine;
    let mut values = Vec::new();
    let mut told = BTreeSet::new();
    for path in context.model_files(parsed.paths("FILE"))? {
        let report = match look(context, &path) {
            Ok(report) => report,
            Err(failure) => {
                // The other files are checked all the same.
                exit = if failure.exit.code() > exit.code() { failure.exit } else { exit };
                values.push(json!({ "file": path.to_string_lossy(), "valid": false, "unreadable": failure.message }));
                context.report(&failure);
                continue;
            }
        };
        exit = if report.exit().code() > exit.code() { report.exit() } else { exit };
        if parsed.need("format") == "json" {
            values.push(value(&report, &path));
        } else {
            for notice in report.of_team.iter().map(|n| text(&n.diagnostic, n.source())) {
                // Models that share the rules share what there is to say about them.
                if told.insert(notice.clone()) {
                    context.say(&format!("{notice}\n"));
                    context.say("");
                }
            }
            load::show(context, &report.diagnostics, &path, &report.text);
            context.print(&summary(&report, &path))?;
        }
    }
    if parsed.need("format") == "json" {
        context.print_json(&json!({ "schema": "sconce/check/1", "ok": exit == Exit::Fine, "files": values }))?;
    }
    Ok(exit)
}

fn look(context: &Context, path: &Path) -> Result<Report, Failure> {
    let mut report = look_at(context, path)?;
    if let Some(error) = load::unfinished(path) {
        report.diagnostics.insert(0, error);
    }
    Ok(report)
}

fn look_at(context: &Context, path: &Path) -> Result<Report, Failure> {
    match load::try_open(context, path) {
        Ok(bench) => Ok(Report {
            text: bench.original().to_owned(),
            diagnostics: bench.notices().to_vec(),
            of_team: bench.knowledge().by_team.notices.clone(),
            is_canonical: bench.is_canonical(),
            only_line_ends: !bench.is_canonical() && only_line_ends(bench.original(), &bench.text()),
            behind: bench.unrecorded().iter().map(ToString::to_string).collect(),
        }),
        Err(OpenError::Invalid { diagnostics, text }) => {
            let (of_team, behind) = (Vec::new(), Vec::new());
            Ok(Report { text, diagnostics, of_team, is_canonical: false, only_line_ends: false, behind })
        }
        Err(OpenError::Rules(wrong)) => Err(load::misread(&wrong)),
        Err(OpenError::Disk(error)) => Err(load::unusable(&error)),
    }
}

fn summary(report: &Report, path: &Path) -> String {
    let all = || report.diagnostics.iter().chain(report.of_team.iter().map(|notice| &notice.diagnostic));
    let of = |severity: Severity| all().filter(|d| d.severity == severity).count();
    let mut parts = Vec::new();
    if report.has_errors() {
        parts.push(count(of(Severity::Error), "error"));
    }
    if of(Severity::Warning) > 0 {
        parts.push(count(of(Severity::Warning), "warning"));
    }
    if !report.has_errors() {
        if report.only_line_ends {
            let way_out = "`sconce git install` keeps git from writing them, `sconce fmt` mends this file";
            parts.push(format!("only its line ends are not canonical, which are those of Windows ({way_out})"));
        } else if !report.is_canonical {
            parts.push("not in canonical form (`sconce fmt` writes it so)".to_owned());
        }
        match report.behind.as_slice() {
            [] => parts.push("the register is up to date".to_owned()),
            keys => parts.push(format!(
                "{} not recorded as the rules say today (`sconce update` records them): {}{}",
                count(keys.len(), "threat"),
                keys.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", "),
                if keys.len() > 5 { ", …" } else { "" },
            )),
        }
    }
    format!("{}: {}\n", one_line(&path.to_string_lossy()), parts.join("; "))
}

fn value(report: &Report, path: &Path) -> serde_json::Value {
    let name = path.to_string_lossy();
    let source = Source { name: &name, text: &report.text };
    json!({
        "file": name,
        "valid": !report.has_errors(),
        "canonical": report.is_canonical,
        "only_line_ends": report.only_line_ends,
        "register": (!report.has_errors())
            .then(|| json!({ "up_to_date": report.behind.is_empty(), "behind": report.behind })),
        "diagnostics": report
            .diagnostics
            .iter()
            .map(|d| json(d, source))
            .chain(report.of_team.iter().map(|n| json(&n.diagnostic, n.source())))
            .collect::<Vec<_>>(),
    })
}
