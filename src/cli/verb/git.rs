//! `git install`, `git uninstall`, `git status`: whether git merges models by meaning in this clone. Merging itself is
//! the verb `merge`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::diagnostic::inert::one_line;
use crate::review::git::{GitError, Repository};

/// The line that says which files are merged how; it is committed.
const LINE: &str = "*.tm.ron text eol=lf merge=sconce diff=sconce";
/// Where such lines are.
const ATTRIBUTES: &str = ".gitattributes";
/// The settings of a clone, which git does not copy: name and value.
const SETTINGS: [(&str, &str); 3] = [
    ("merge.sconce.name", "threat models by meaning"),
    ("merge.sconce.driver", " merge --driver %O %A %B --output %A --path %P"),
    // The entry that a change is in, in the heading of a hunk.
    ("diff.sconce.xfuncname", "^        \".*$"),
];

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        let exit = if matches!(error, GitError::Failed(_)) { Exit::Environment } else { Exit::Usage };
        let said = match &error {
            GitError::NoRepository(folder) if folder == Path::new(".") => {
                "this folder is in no work tree of git".into()
            }
            GitError::NoRepository(folder) => {
                format!("{} is in no work tree of git", one_line(&folder.to_string_lossy()))
            }
            _ => return Self::new(exit, one_line(&error.to_string())),
        };
        Self::new(exit, format!("{said}\n`git init` makes one; a bare repository has none, but a clone of it has"))
    }
}

pub(crate) fn install(context: &mut Context) -> Outcome {
    let repository = Repository::around(&context.folder)?;
    let program = program();
    for (key, value) in SETTINGS {
        let value = if key == DRIVER { format!("{program}{value}") } else { value.to_owned() };
        repository.set(key, Some(&value))?;
    }
    context.print(&format!("this clone merges *.tm.ron by meaning, with {}\n", one_line(&program)))?;
    let path = repository.top().join(ATTRIBUTES);
    let before = read(&path)?;
    if !before.lines().any(|line| line == LINE) {
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        write(&path, &format!("{before}{gap}{LINE}\n"))?;
        context
            .print(&format!("wrote the line for it into {ATTRIBUTES}: commit that, so that others have it too\n"))?;
    }
    context.print("others run `sconce git install` once in their clones; merges on a server never ask us: let CI run `sconce check`\n")?;
    Ok(Exit::Fine)
}

const DRIVER: &str = "merge.sconce.driver";

pub(crate) fn uninstall(context: &mut Context) -> Outcome {
    let repository = Repository::around(&context.folder)?;
    repository.forget("merge.sconce")?;
    repository.forget("diff.sconce")?;
    context.print("this clone merges *.tm.ron line by line, as git does\n")?;
    let path = repository.top().join(ATTRIBUTES);
    let before = read(&path)?;
    if before.lines().any(|line| line == LINE) {
        let rest: Vec<&str> = before.lines().filter(|line| *line != LINE).collect();
        if rest.is_empty() {
            std::fs::remove_file(&path).map_err(|e| Failure::new(Exit::Environment, format!("{ATTRIBUTES}: {e}")))?;
        } else {
            write(&path, &(rest.join("\n") + "\n"))?;
        }
        context.print(&format!("took the line for it out of {ATTRIBUTES}: commit that\n"))?;
    }
    Ok(Exit::Fine)
}

pub(crate) fn status(context: &mut Context) -> Outcome {
    let repository = Repository::around(&context.folder)?;
    let driver = repository.setting(DRIVER)?;
    let asked = repository.need(&["check-attr", "-z", "merge", "--", "model.tm.ron"])?;
    let is_marked = String::from_utf8_lossy(&asked).split('\0').nth(2) == Some("sconce");
    let runs = driver.as_deref().is_some_and(|driver| runs(driver, repository.top()));
    let yes = |is: bool| if is { "yes" } else { "NO" };
    let mut text = format!("{ATTRIBUTES} says that models are merged by meaning: {}\n", yes(is_marked));
    let _ = writeln!(text, "this clone knows how: {}", yes(driver.is_some()));
    if let Some(driver) = &driver {
        let _ = writeln!(text, "  {}", one_line(driver));
        let _ = writeln!(text, "that program runs: {}", yes(runs));
        if !runs {
            text += "  until it does, git keeps our side of a file that both changed, without a mark in it;\n  `sconce check` finds such files\n";
        }
    }
    let all = is_marked && runs;
    if !all {
        text += "`sconce git install` sets it up\n";
    }
    context.print(&text)?;
    Ok(if all { Exit::Fine } else { Exit::No })
}

/// How git can call us: by name where that leads to us, else by the path by which we were called. What a link leads to is
/// no good name: the next version of a package lies elsewhere, and the link goes with it.
fn program() -> String {
    let own = std::env::current_exe().ok().and_then(|own| own.canonicalize().ok());
    let is_own = |path: &PathBuf| own.is_some() && path.canonicalize().ok() == own;
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let bare = (called.components().count() == 1 && !called.is_absolute()).then_some(called.as_path());
    for name in [Some(Path::new("sconce")), bare].into_iter().flatten() {
        if on_path(name).is_some_and(|found| is_own(&found)) {
            let name = name.to_string_lossy();
            return if name == "sconce" { name.into_owned() } else { quoted(&name) };
        }
    }
    let called = std::path::absolute(&called).ok().filter(is_own);
    called.or(own).map_or_else(|| "sconce".to_owned(), |path| quoted(&path.to_string_lossy()))
}

/// The program that a shell runs by a name.
fn on_path(name: &Path) -> Option<PathBuf> {
    let all = std::env::var_os("PATH")?;
    let file = format!("{}{}", name.to_string_lossy(), std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&all).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', "'\\''"))
}

/// Whether a driver's program can be run.
fn runs(driver: &str, folder: &Path) -> bool {
    let program = driver.split(" merge --driver").next().unwrap_or(driver);
    let asked =
        std::process::Command::new("sh").args(["-c", &format!("{program} --version")]).current_dir(folder).output();
    asked.is_ok_and(|out| out.status.success() && String::from_utf8_lossy(&out.stdout).starts_with("sconce"))
}

fn read(path: &Path) -> Result<String, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Failure::new(Exit::Environment, format!("{ATTRIBUTES}: {error}"))),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::new(Exit::Environment, format!("{ATTRIBUTES}: {error}")))
}
