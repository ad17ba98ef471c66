//! The part of `drift` about deployment files: finding and reading them. How what differs is shown is in `text` and
//! `value`.

mod text;
mod value;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::table::count;
use crate::cli::context::{Exit, Failure};
use crate::diagnostic::InFile;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render;
use crate::exchange::deployment::{Deployment, Part, Text, read};
use crate::exchange::grouped;
use crate::file::disk;
use crate::model::ThreatModel;
use crate::review::drift::{Deployed, deployed};

/// Errors shown of one run.
const MOST: usize = 20;

/// A deployment, and how it differs from a model.
pub(super) struct Compared {
    deployment: Deployment,
    found: Deployed,
}

impl Compared {
    /// Whether the two differ in what both show.
    pub(super) fn is_drift(&self) -> bool {
        self.found.is_drift()
    }

    fn part(&self, n: usize) -> &Part {
        &self.deployment.parts[n]
    }

    /// What a model calls a part.
    fn name(&self, n: usize) -> String {
        self.deployment.name_of(self.part(n))
    }
}

/// Reads files and folders and compares them with a model.
pub(super) fn compare(paths: &[PathBuf], model: &ThreatModel) -> Result<Compared, Failure> {
    let files = files(paths)?;
    let texts: Vec<Text<'_>> =
        files.iter().map(|(name, text, is_named)| Text { name, text, is_named: *is_named }).collect();
    let deployment = read(&texts).map_err(|wrong| refused(&wrong))?;
    if !deployment.parts.iter().any(|part| part.kind.runs()) {
        return Err(nothing(paths, &deployment));
    }
    let found = deployed(model, &deployment);
    Ok(Compared { deployment, found })
}

/// A file: its name, its text, and whether it was named itself.
type File = (String, std::sync::Arc<String>, bool);

/// Every file once, in the order named; those of a folder by name.
fn files(paths: &[PathBuf]) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        let is_folder = path.is_dir();
        let inside = if is_folder { yaml_in(path)? } else { vec![path.clone()] };
        for path in inside {
            let opened = disk::open(&path).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
            if seen.insert(opened.target.clone()) {
                files.push((path.to_string_lossy().into_owned(), opened.text, !is_folder));
            }
        }
    }
    Ok(files)
}

/// The files of a folder that are YAML by their names, sorted. Folders in it are not looked into.
fn yaml_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = one_line(&folder.to_string_lossy());
    let refused = |error: std::io::Error| {
        let (message, help) = disk::plain(&error);
        Failure::new(Exit::Usage, format!("{shown}: {message}; {help}"))
    };
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_yaml && !is_hidden && !path.is_dir() {
            found.push(path);
        }
    }
    if found.is_empty() {
        let message = format!("{shown}: no file in this folder ends in .yaml or .yml; name the files themselves");
        return Err(Failure::new(Exit::Usage, message));
    }
    found.sort();
    Ok(found)
}

fn refused(wrong: &[InFile]) -> Failure {
    let n = count(wrong.len(), "deployment file");
    let mut message = format!("{n} cannot be read; nothing was compared\n");
    for one in wrong.iter().take(MOST) {
        let _ = write!(message, "\n{}", render::text(&one.diagnostic, one.source()));
    }
    if wrong.len() > MOST {
        let _ = write!(message, "\nand {} more", wrong.len() - MOST);
    }
    Failure::new(Exit::Usage, message)
}

/// Files in which nothing runs. To compare with them would be to say that nothing of the model is deployed.
fn nothing(paths: &[PathBuf], deployment: &Deployment) -> Failure {
    let names: Vec<String> = paths.iter().map(|path| one_line(&path.to_string_lossy())).collect();
    let mut message = format!("{}: nothing runs by these files, so there is nothing to compare", names.join(", "));
    for (what, places) in grouped(&deployment.losses).into_iter().take(MOST) {
        let _ = write!(message, "\n  {} × {}", places.len(), one_line(what));
    }
    message.push_str("\nname the files with the services of docker-compose or the workloads of Kubernetes");
    Failure::new(Exit::Usage, message)
}
