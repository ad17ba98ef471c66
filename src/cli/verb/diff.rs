//! `diff`: what changed between two states of a model. Finding the two states is done here; comparing them and telling
//! of it is `review`'s. JSON shape: `sconce/diff/1`, see docs/json.md.

mod gone;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::load;
use super::prose::wrapped;
use super::table::count;
use crate::analysis::{Live, reconcile};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::{Diagnostic, Severity};
use crate::file::disk::{self, DiskError};
use crate::file::read;
use crate::model::{Place, ThreatModel};
use crate::review::diff::{Sides, diff, diff_json, diff_markdown, diff_text};
use crate::review::git::{GitError, Repository, Then};
use crate::workbench::knowledge_of;

/// A state of the model.
struct Side {
    /// What it is called.
    label: String,
    /// Its text; `None` where there was no such file.
    text: Option<Arc<String>>,
    /// The file that it is now; `None` of what is history.
    path: Option<PathBuf>,
}

/// Both states, and what the model is called.
struct Both {
    model: String,
    before: Side,
    after: Side,
}

/// What was asked to be compared.
struct Asked {
    files: Vec<PathBuf>,
    commits: Vec<String>,
    /// Whether the first commit is only where the history of the two parts.
    since_parting: bool,
}

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let asked = asked(&parsed.texts("WHAT"))?;
    let both = match asked.files.as_slice() {
        [before, after] => of_files(before, after)?,
        _ => of_history(&asked, context)?,
    };
    let (before, after) = (model(context, &both.before)?, model(context, &both.after)?);
    let found = diff(&before, &after);
    let behind = both.after.path.as_deref().map(|path| behind(path, &after, context)).unwrap_or_default();
    let sides = Sides { model: &both.model, before: &both.before.label, after: &both.after.label, behind: &behind };
    match parsed.need("format") {
        "json" => context.print(&diff_json(&found, sides))?,
        "markdown" => context.print(&diff_markdown(&found, sides, &before, &after))?,
        _ => {
            let mut text = diff_text(&found, sides);
            if found.is_empty() && both.before.text != both.after.text {
                text = text.replacen("nothing changed\n", "nothing changed but layout, order or comments\n", 1);
            }
            context.print(&wrapped(&text, context.columns))?;
        }
    }
    Ok(if found.is_empty() { Exit::Fine } else { Exit::No })
}

/// The threats that the register of a file does not have as the rules of today say. Where rules or model are broken that is
/// for `check` to say.
fn behind(path: &Path, model: &ThreatModel, context: &Context) -> Vec<String> {
    let Ok(knowledge) = knowledge_of(path) else { return Vec::new() };
    let sitting = context.sitting();
    let live = Live::of_threats(model, &knowledge, sitting.today);
    let due = reconcile(model, live.analysis(), &sitting.who, sitting.today);
    let places = due.filter(|_| model.conflicts.is_empty()).map(|edit| edit.places()).unwrap_or_default();
    let mut keys: Vec<String> = places
        .into_iter()
        .filter_map(|place| if let Place::Threat(key) = place { Some(key.to_string()) } else { None })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Tells files from commits: what ends in `.tm.ron` is a file, unless there is none and git knows such a commit.
fn asked(words: &[String]) -> Result<Asked, Failure> {
    let mut asked = Asked { files: Vec::new(), commits: Vec::new(), since_parting: false };
    for word in words {
        let path = Path::new(word);
        let is_commit = || Repository::around(Path::new(".")).and_then(|git| git.commit(word)).is_ok();
        if word.ends_with(".tm.ron") && (path.exists() || !is_commit()) {
            asked.files.push(path.to_owned());
        } else if let Some((from, to)) = range(word).filter(|_| !path.exists()) {
            // As git has it, nothing on a side is where one stands.
            let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
            asked.commits.extend([or_head(from), or_head(to)]);
            asked.since_parting = word.contains("...");
        } else {
            asked.commits.push(word.clone());
        }
    }
    let is_clear = match asked.files.len() {
        0 | 1 => asked.commits.len() <= 2,
        2 => asked.commits.is_empty(),
        _ => false,
    };
    if is_clear {
        return Ok(asked);
    }
    let message = "a comparison has two sides: `sconce diff`, `sconce diff REF`, `sconce diff REF REF`, each with the \
                   model behind it where there are several, or `sconce diff A.tm.ron B.tm.ron`";
    Err(Failure::new(Exit::Usage, message))
}

/// Both ends of a range of commits.
fn range(word: &str) -> Option<(&str, &str)> {
    word.split_once("...").or_else(|| word.split_once(".."))
}

fn of_files(before: &Path, after: &Path) -> Result<Both, Failure> {
    let side = |path: &Path| -> Result<Side, Failure> {
        let opened = disk::open(path).map_err(|error| load::unusable(&error))?;
        Ok(Side { label: path.to_string_lossy().into_owned(), text: Some(opened.text), path: Some(path.to_owned()) })
    };
    Ok(Both { model: after.to_string_lossy().into_owned(), before: side(before)?, after: side(after)? })
}

/// A file in the history, and in the work tree where only one commit is named.
fn of_history(asked: &Asked, context: &mut Context) -> Result<Both, Failure> {
    let first = asked.commits.first().map_or("HEAD", String::as_str);
    let second = asked.commits.get(1).map(String::as_str);
    let path = gone::model_file(context, asked.files.first().cloned(), first)?;
    let (git, file) = gone::place(&path).map_err(|error| failed(&error))?;
    let resolve =
        |name: &str| if Repository::is_nothing(name) { Ok(None) } else { resolved(&git, name, &path).map(Some) };
    let (mut commit, mut label) = (resolve(first)?, called(first));
    let after = if let Some(second) = second {
        let second_commit = resolve(second)?;
        if let (true, Some(there), Some(here)) = (asked.since_parting, &commit, &second_commit) {
            let parting = git.parting(there, here).map_err(|error| failed(&error))?.commit;
            label = format!("{} (where {} began)", parting.get(..10).unwrap_or(&parting), one_line(second));
            commit = Some(parting);
        }
        in_commit(&git, second_commit.as_deref(), &file, &called(second))?
    } else if path.symlink_metadata().is_ok() {
        let opened = disk::open(&path).map_err(|error| load::unusable(&error))?;
        Side { label: "work tree".to_owned(), text: Some(opened.text), path: Some(path.clone()) }
    } else {
        Side { label: "work tree (no such file)".to_owned(), text: None, path: None }
    };
    let before = in_commit(&git, commit.as_deref(), &file, &label)?;
    let (shown, now) = (one_line(&file), second.map_or_else(|| "the work tree".to_owned(), called));
    match (&before.text, &after.text) {
        (None, None) if second.is_none() => return Err(load::unusable(&DiskError::Missing(path))),
        (None, None) => {
            return Err(Failure::new(Exit::Usage, format!("{shown} is neither in {} nor in {now}", called(first))));
        }
        (None, _) if commit.is_none() => context.say("nothing was before: everything is new"),
        (None, _) => {
            context.say(&format!("{shown} is not in {}: everything is new", called(first)));
            if second.is_none() && !is_tracked(&git, &file) {
                context.say("if it was renamed, `git add` it, so that git can tell what it was called");
            }
        }
        (_, None) => {
            let is_here = second.is_none();
            let moved = commit.filter(|_| is_here).and_then(|commit| gone::moved(&git, &commit, &file));
            if let Some(name) = moved {
                return Err(Failure::new(Exit::Usage, format!("{shown} is called {} now; name that", one_line(&name))));
            }
            context.say(&format!("{shown} is not in {now}: everything is gone"));
        }
        _ => {}
    }
    Ok(Both { model: file, before, after })
}

/// A commit as people read it.
fn called(name: &str) -> String {
    if Repository::is_nothing(name) { "nothing".to_owned() } else { one_line(name) }
}

fn is_tracked(git: &Repository, file: &str) -> bool {
    let listed = git.ask(&["ls-files", "-z", "--", &format!(":(top,literal){file}")]);
    listed.is_ok_and(|listed| listed.is_some_and(|names| !names.is_empty()))
}

/// The file as it was in a commit, under the name that it had there.
fn in_commit(git: &Repository, commit: Option<&str>, file: &str, label: &str) -> Result<Side, Failure> {
    let Some(commit) = commit else { return Ok(Side { label: label.to_owned(), text: None, path: None }) };
    let Then { text, former } = git.then(commit, file).map_err(|error| failed(&error))?;
    let label = match (&text, former) {
        (None, _) => format!("{label} (no such file)"),
        (Some(_), Some(former)) => format!("{label}:{}", one_line(&former)),
        (Some(_), None) => label.to_owned(),
    };
    Ok(Side { label, text: text.map(Arc::new), path: None })
}

/// The whole id of a commit, or what to do about a name that git does not know.
fn resolved(git: &Repository, name: &str, model: &Path) -> Result<String, Failure> {
    git.commit(name).map_err(|error| {
        let GitError::NoCommit(_) = &error else { return failed(&error) };
        let is_empty = git.commit("HEAD").is_err()
            && matches!(git.ask(&["rev-list", "-n1", "--all"]), Ok(Some(all)) if all.is_empty());
        let message = if is_empty {
            let model = one_line(&model.to_string_lossy());
            format!(
                "there is no commit to compare with yet\n\
                 `git add {model}` and `git commit` make one; two files are compared by `sconce diff A.tm.ron B.tm.ron`"
            )
        } else if Path::new(name).is_file() {
            format!("{error}; it is a file, but the name of a model file ends in .tm.ron")
        } else if git.is_shallow().unwrap_or(false) {
            format!("{error}\nthe history of this clone was cut; `git fetch --unshallow` brings the rest of it")
        } else {
            format!("{error}\n`git branch --all` and `git tag` list names; `git fetch` brings those of others")
        };
        Failure::new(Exit::Usage, message)
    })
}

/// What can be done without git.
const WITHOUT: &str = "two files are compared without it: `sconce diff A.tm.ron B.tm.ron`";

fn failed(error: &GitError) -> Failure {
    let message = match error {
        GitError::NoRepository(folder) if folder == Path::new(".") => {
            format!("this folder is in no work tree of git\n{WITHOUT}")
        }
        GitError::Missing | GitError::NoRepository(_) => format!("{error}\n{WITHOUT}"),
        GitError::NoCommit(_) | GitError::Failed(_) => error.to_string(),
    };
    Failure::new(Exit::Usage, message)
}

/// Reads a state. Only what makes it no model at all stands in the way: what a team's rules know is not asked, and
/// what else is wrong is for `check` to say.
fn model(context: &mut Context, side: &Side) -> Result<ThreatModel, Failure> {
    let Some(text) = &side.text else { return Ok(ThreatModel::default()) };
    let read = read(text);
    if let Some(document) = read.document {
        return Ok(document.model().clone());
    }
    let errors: Vec<Diagnostic> = read.diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
    load::show(context, &errors, Path::new(&side.label), text);
    let n = count(errors.len(), "error");
    Err(Failure::new(
        Exit::Invalid,
        format!("the model in {} has {n}; there is nothing to compare", one_line(&side.label)),
    ))
}
