//! Opening a model for a verb: errors are shown in full, warnings are counted.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::table::count;
use crate::cli::context::{Context, Exit, Failure, Outcome, models_in};
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::{Lined, Source, text};
use crate::diagnostic::{At, Diagnostic, InFile, Severity};
use crate::file::disk::DiskError;
use crate::review::git::Repository;
use crate::rules::Knowledge;
use crate::workbench::{Barred, OpenError, Workbench, knowledge_in, knowledge_of};

/// Diagnostics shown of one text.
const MOST: usize = 100;

/// Opens the model that a verb is about. Warnings are left to `check`.
pub(super) fn open(context: &mut Context, named: Option<PathBuf>) -> Result<Workbench, Failure> {
    let path = context.model_file(named)?;
    let bench = open_at(context, &path)?;
    count_warnings(context, &path, &bench);
    Ok(bench)
}

/// The same for the workbench, where what a merge left open can be decided.
pub(super) fn open_to_work(context: &mut Context, named: Option<PathBuf>) -> Result<Workbench, Failure> {
    let path = context.model_file(named)?;
    let open = |knowledge| Workbench::open_to_work(&path, knowledge, context.sitting());
    let opened = knowledge_of(&path).map_err(OpenError::Rules).and_then(open);
    let bench = or_errors(context, &path, opened)?;
    count_warnings(context, &path, &bench);
    Ok(bench)
}

/// The same where the rules that count for the model are known.
pub(super) fn open_by(context: &mut Context, path: &Path, knowledge: Arc<Knowledge>) -> Result<Workbench, Failure> {
    let opened = Workbench::open(path, knowledge, context.sitting());
    let bench = or_errors(context, path, opened)?;
    count_warnings(context, path, &bench);
    Ok(bench)
}

fn count_warnings(context: &mut Context, path: &Path, bench: &Workbench) {
    let of_team = bench.knowledge().by_team.notices.iter().map(|notice| &notice.diagnostic);
    let warnings = bench.notices().iter().chain(of_team).filter(|d| d.severity == Severity::Warning).count();
    if warnings > 0 {
        context.say(&format!("{}: {}; `sconce check` lists them", path.display(), count(warnings, "warning")));
    }
}

/// Opens one model and shows its errors, if it has any.
pub(super) fn open_at(context: &mut Context, path: &Path) -> Result<Workbench, Failure> {
    let opened = try_open(context, path);
    or_errors(context, path, opened)
}

/// The same for bringing the register up to date, without questions.
pub(super) fn open_register_at(context: &mut Context, path: &Path) -> Result<Workbench, Failure> {
    let open = |knowledge| Workbench::open_register(path, knowledge, context.sitting());
    let opened = knowledge_of(path).map_err(OpenError::Rules).and_then(open);
    or_errors(context, path, opened)
}

fn or_errors(context: &mut Context, path: &Path, opened: Result<Workbench, OpenError>) -> Result<Workbench, Failure> {
    match opened {
        Ok(bench) => Ok(bench),
        Err(OpenError::Disk(error)) => Err(unusable(&error)),
        Err(OpenError::Rules(wrong)) => Err(misread(&wrong)),
        Err(OpenError::Invalid { diagnostics, text }) => {
            let errors: Vec<Diagnostic> = diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
            show(context, &errors, path, &text);
            let n = count(errors.len(), "error");
            Err(Failure::new(Exit::Invalid, format!("{}: {n}; nothing was read or written", path.display())))
        }
    }
}

/// Opens one model and leaves it to the caller to show what is wrong.
pub(super) fn try_open(context: &Context, path: &Path) -> Result<Workbench, OpenError> {
    let knowledge = knowledge_of(path).map_err(OpenError::Rules)?;
    Workbench::open(path, knowledge, context.sitting())
}

/// The rules that count where nobody speaks of a model: for the one that is named, else for the one that would be
/// found, else for the working directory.
pub(super) fn knowledge(context: &Context, named: Option<PathBuf>) -> Result<Arc<Knowledge>, Failure> {
    let is_named = named.is_some();
    let found = match context.model_file(named) {
        Ok(model) if is_named || model.is_absolute() => knowledge_of(&model),
        _ => knowledge_in(&context.folder),
    };
    found.map_err(|wrong| misread(&wrong))
}

/// The rules that count in the working directory, whatever models there are.
pub(super) fn knowledge_here(context: &Context) -> Result<Arc<Knowledge>, Failure> {
    knowledge_in(&context.folder).map_err(|wrong| misread(&wrong))
}

/// That git still holds three sides of a file: where a merge driver could not be run, it keeps ours without a mark.
pub(super) fn unfinished(path: &Path) -> Option<Diagnostic> {
    let stages = Repository::around(path).and_then(|repository| repository.stages(&repository.inside(path)?));
    let message = "git has not finished merging this file, whatever it looks like";
    let error = || Diagnostic::error("git-conflict", At::File, message);
    let help = "`sconce resolve` merges it by meaning; `git add` tells git that it is done";
    matches!(stages, Ok(Some(_))).then(|| error().help(help))
}

/// A team's rules that cannot be read.
pub(super) fn misread(wrong: &[InFile]) -> Failure {
    let n = count(wrong.len(), "error");
    let mut message = format!("the team's own rules have {n}; nothing was read or written\n");
    for one in wrong.iter().take(MOST) {
        let _ = write!(message, "\n{}", text(&one.diagnostic, one.source()));
    }
    if wrong.len() > MOST {
        let _ = write!(message, "\nand {} more", wrong.len() - MOST);
    }
    Failure::new(Exit::Usage, message)
}

/// A file that cannot be opened; the models that are where somebody looked for it.
pub(super) fn unusable(error: &DiskError) -> Failure {
    let (looked, within) = match error {
        DiskError::Missing(path) if path == Path::new("-") => {
            return Failure::new(Exit::Usage, "-: a model is a file with a name; standard input is not read");
        }
        DiskError::Missing(path) => (path.parent().map(Path::to_path_buf), "there"),
        DiskError::Directory(path) => (Some(path.clone()), "in it"),
        _ => (None, ""),
    };
    let mut message = error.to_string();
    if matches!(error, DiskError::Missing(_)) {
        message += ", or start a new model with `sconce init`";
    }
    let folder = looked.map(|f| if f.as_os_str().is_empty() { PathBuf::from(".") } else { f });
    let found = folder.map(|folder| models_in(&folder)).unwrap_or_default();
    if !found.is_empty() {
        let names: Vec<String> = found.iter().take(8).map(|name| one_line(&name.to_string_lossy())).collect();
        let more = if found.len() > 8 { ", …" } else { "" };
        let _ = write!(message, "\nmodels {within}: {}{more}", names.join(", "));
    }
    Failure::new(Exit::Usage, message)
}

/// Does something to each of several models. One that fails is told about, and the others are done all the same.
pub(super) fn each(
    context: &mut Context,
    paths: Vec<PathBuf>,
    mut act: impl FnMut(&mut Context, &Path) -> Outcome,
) -> Exit {
    let mut worst = Exit::Fine;
    for path in paths {
        let exit = act(context, &path).unwrap_or_else(|failure| context.report(&failure));
        worst = if exit.code() > worst.code() { exit } else { worst };
    }
    worst
}

/// Makes sure that a model may be written, and keeps others from writing it as long as it is open. Only for what is
/// going to be written: a folder that may only be read is no reason to fail when there is nothing to do.
pub(super) fn sit_down(bench: &mut Workbench, path: &Path) -> Result<(), Failure> {
    bench.sit_down(None);
    let Some(barred) = bench.barred() else { return Ok(()) };
    let name = path.display();
    let way_out = match &barred {
        Barred::Newer(_) => "use a newer sconce".to_owned(),
        Barred::Marked(_) => format!("`chmod u+w {name}` lets it be written"),
        Barred::Held(_, lock) => {
            format!("save and close it there first; if nobody has it open any more, remove {}", lock.display())
        }
        Barred::Strange(lock, _) => {
            format!("if nobody has it open, remove {}, then try again", lock.display())
        }
        Barred::Full => "make room, then try again".to_owned(),
        Barred::Folder(_, help) => (*help).to_owned(),
    };
    Err(Failure::new(Exit::Usage, format!("{name}: nothing was written: {}\n{way_out}", barred.why())))
}

/// Shows diagnostics with the lines they are about; no more than the first hundred.
pub(super) fn show(context: &mut Context, diagnostics: &[Diagnostic], path: &Path, source: &str) {
    let name = path.to_string_lossy();
    let source = Lined::new(Source { name: &name, text: source });
    for diagnostic in diagnostics.iter().take(MOST) {
        context.say(&source.text(diagnostic));
        context.say("");
    }
    if diagnostics.len() > MOST {
        context.say(&format!("and {} more", diagnostics.len() - MOST));
    }
}
