//! Reports into files: several at once, whatever is printed.

use std::path::{Path, PathBuf};

use crate::cli::context::{Exit, Failure};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::meant;
use crate::file::disk;
use crate::review::report::{Report, github, gitlab, json, junit, sarif};

/// What reports there are.
const KINDS: [&str; 5] = ["json", "sarif", "junit", "github", "gitlab"];

/// The reports that `--out` names, with their files.
pub(super) fn named(parsed: &Parsed) -> Result<Vec<(String, PathBuf)>, Failure> {
    let wrong = |part: &str, why: &str| {
        let message = format!("--out {}: {why}", one_line(part));
        Failure::new(Exit::Usage, format!("{message}\nwrite KIND=FILE, such as sarif=gate.sarif,junit=gate.xml"))
    };
    let mut outs: Vec<(String, PathBuf)> = Vec::new();
    for part in parsed.get("out").into_iter().flat_map(|text| text.split(',')) {
        let (kind, file) = part.split_once('=').ok_or_else(|| wrong(part, "there is no = in it"))?;
        if !KINDS.contains(&kind) {
            let best = meant(kind, KINDS.into_iter()).map(|best| format!("; did you mean `{best}`?"));
            let why = format!("there is no report of this kind{}", best.unwrap_or_default());
            return Err(wrong(part, &format!("{why} ({})", KINDS.join(", "))));
        }
        let path = PathBuf::from(file);
        if file == "-" {
            return Err(wrong(part, &format!("this is no file; `--format {kind}` prints the report")));
        }
        if file.is_empty() || path.extension().is_some_and(|e| e == "ron") {
            return Err(wrong(part, "a report is a file of its own; models and policies are not written over"));
        }
        // It comes with the pull request and may lead anywhere.
        if path.is_symlink() {
            return Err(wrong(part, "this is a link; name a file of its own for the report"));
        }
        if outs.iter().any(|(_, other)| *other == path) {
            return Err(wrong(part, "two reports cannot be one file"));
        }
        outs.push((kind.to_owned(), path));
    }
    Ok(outs)
}

/// A report.
pub(super) fn made(kind: &str, report: &Report<'_>) -> String {
    match kind {
        "sarif" => sarif(report),
        "junit" => junit(report),
        "github" => github(report),
        "gitlab" => gitlab(report),
        _ => json(report),
    }
}

/// Writes the reports, each over the one of an earlier run. One that cannot be written does not keep the others from it;
/// the failure names all such, and the verdict.
pub(super) fn write(outs: &[(String, PathBuf)], report: &Report<'_>) -> Result<(), Failure> {
    let mut lost: Vec<String> = Vec::new();
    for (kind, path) in outs {
        if let Err((why, help)) = write_one(path, &made(kind, report)) {
            let name = one_line(&format!("{kind}={}", path.to_string_lossy()));
            lost.push(format!("--out {name}: the report was not written: {why}; {help}"));
        }
    }
    if lost.is_empty() {
        return Ok(());
    }
    lost.push(format!("the verdict stands all the same: {}", report.verdict.word()));
    Err(Failure::new(Exit::Environment, lost.join("\n")))
}

fn write_one(path: &Path, text: &str) -> Result<(), (String, &'static str)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err((format!("there is no folder {}", one_line(&folder.to_string_lossy())), "make it first"));
    }
    std::fs::write(path, text).map_err(|error| disk::plain(&error))
}
