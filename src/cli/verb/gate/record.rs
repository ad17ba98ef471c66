//! `gate --record`: the run as one line, appended to a file or to a note of git. What the line says is `review::runs`';
//! the shape is `sconce/run/1`, see docs/json.md. Whether it could be written changes nothing in what the gate says.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Held;
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::file::lines;
use crate::review::git::{GitError, Repository};
use crate::review::report::Report;
use crate::review::runs::{Case, Run};
use crate::workbench::Workbench;

/// The word for a note; a file of this name is written `./note`.
const NOTE: &str = "note";

/// Where a run is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    Note,
}

/// The places that `--record` names.
pub(super) fn named(parsed: &Parsed, outs: &[(String, PathBuf)]) -> Result<Vec<Place>, Failure> {
    let wrong = |word: &str, why: &str| {
        let message = format!("--record {}: {why}", one_line(word));
        Failure::new(Exit::Usage, format!("{message}\nname a file of its own, such as runs.jsonl, or `{NOTE}`"))
    };
    let mut places = Vec::new();
    for word in parsed.texts("record") {
        let path = PathBuf::from(&word);
        let place = if word == NOTE { Place::Note } else { Place::File(path.clone()) };
        if place != Place::Note {
            if word.is_empty() || path.extension().is_some_and(|e| e == "ron") {
                return Err(wrong(
                    &word,
                    "runs are kept in a file of their own; models and policies are not written into",
                ));
            }
            if path.is_symlink() {
                return Err(wrong(&word, "this is a link; it comes with the pull request and may lead anywhere"));
            }
            if outs.iter().any(|(_, out)| *out == path) {
                return Err(wrong(&word, "--out writes a report over this file"));
            }
        }
        if places.contains(&place) {
            return Err(wrong(&word, "it is named twice, and a run is one line"));
        }
        places.push(place);
    }
    Ok(places)
}

/// Records a run at every place; the failure names the first at which that could not be done, and the verdict.
pub(super) fn record(
    places: &[Place],
    report: &Report<'_>,
    bench: &Workbench,
    policy: &Held,
    at: Timestamp,
) -> Result<(), Failure> {
    if places.is_empty() {
        return Ok(());
    }
    let said = report.verdict.word();
    let failed = |what: &str, why: &str| {
        let message = format!("{what}: the run was not recorded: {why}\nthe verdict stands all the same: {said}");
        Failure::new(Exit::Environment, message)
    };
    let around = Around::of(bench.path());
    let file = policy.file.as_ref();
    let line = Run::of(&Case {
        at,
        today: report.today,
        commit: around.commit.as_deref(),
        committed: around.committed,
        branch: around.branch.as_deref(),
        file: report.file,
        verdict: report.verdict,
        against: report.against,
        policy: report.policy,
        policy_file: file.map(|file| (file.name.as_str(), file.text.as_str())),
        model: bench.model(),
        analysis: bench.analysis(),
        knowledge: report.knowledge,
    })
    .line();
    let mut outcome = Ok(());
    for place in places {
        let done = match place {
            Place::File(path) => lines::append(path, &line).map_err(|error| {
                let (why, help) = error.words();
                failed(&format!("--record {}", one_line(&path.to_string_lossy())), &format!("{why}; {help}"))
            }),
            Place::Note => around.note(&line).map_err(|why| failed(&format!("--record {NOTE}"), &why)),
        };
        outcome = outcome.and(done);
    }
    outcome
}

/// What git says about where the model is. It is nobody's fault when there is no git; only a note needs it.
struct Around {
    repository: Result<Repository, GitError>,
    commit: Option<String>,
    committed: Option<bool>,
    branch: Option<String>,
}

impl Around {
    fn of(model: Option<&Path>) -> Self {
        let target = model.map(|path| path.canonicalize().unwrap_or_else(|_| path.to_owned())).unwrap_or_default();
        let repository = Repository::around(&target);
        let asked = repository.as_ref().ok();
        let commit = asked.and_then(|repository| repository.commit("HEAD").ok());
        let committed = asked.filter(|_| commit.is_some()).and_then(|repository| {
            let inside = repository.inside(&target).ok()?;
            repository.is_committed(&inside).ok()
        });
        let branch = asked.and_then(|repository| repository.branch().ok().flatten());
        let branch = branch.or_else(|| asked.and_then(|_| Context::branch_of_the_job()));
        Self { repository, commit, committed, branch }
    }

    /// Appends to the note at the commit that is checked out; what fails is said with the way out.
    fn note(&self, line: &str) -> Result<(), String> {
        let else_a_file = "; --record FILE needs no git";
        let repository = self.repository.as_ref().map_err(|error| format!("{error}{else_a_file}"))?;
        let commit = self.commit.as_deref();
        let commit = commit.ok_or_else(|| format!("there is no commit yet that a note could be at{else_a_file}"))?;
        repository.append_note(commit, line).map_err(|error| one_line(&error.to_string()))
    }
}
