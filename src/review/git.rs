//! Git, as the program that is installed: commits, files as they were, and what a merge left open. Nothing is linked and
//! nothing in a repository is executed by us; git itself may run hooks and filters that its user configured.

mod history;
mod notes;
mod then;

pub use history::{History, Version};
pub use then::{Parting, Then};

use std::ffi::OsStr;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Why git could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitError {
    /// There is no program called git.
    Missing,
    /// The folder is in no repository.
    NoRepository(PathBuf),
    /// There is no such commit.
    NoCommit(String),
    /// Git failed and said this.
    Failed(String),
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("git is not installed, or not on the PATH"),
            Self::NoRepository(folder) => write!(f, "{} is in no git repository with a work tree", folder.display()),
            Self::NoCommit(reference) => write!(f, "git knows no commit `{reference}`"),
            Self::Failed(said) => write!(f, "git failed: {said}"),
        }
    }
}

impl std::error::Error for GitError {}

type Answer<T> = Result<T, GitError>;

/// A repository with a work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    top: PathBuf,
}

/// The three sides of a file that a merge could not decide about.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Stages {
    /// The common ancestor.
    pub base: Option<String>,
    /// The branch that is checked out.
    pub ours: Option<String>,
    /// The branch that comes in.
    pub theirs: Option<String>,
}

impl Repository {
    /// The repository around a folder or a file.
    pub fn around(path: &Path) -> Answer<Self> {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let asked = run(folder, &["rev-parse", "--show-toplevel"])?;
        if !asked.status.success() {
            let said = said(&asked.stderr);
            let outside = said.contains("not a git repository") || said.contains("must be run in a work tree");
            return Err(if outside { GitError::NoRepository(folder.to_owned()) } else { GitError::Failed(said) });
        }
        Ok(Self { top: PathBuf::from(line(&asked.stdout)) })
    }

    /// The folder of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The path of a file as git writes it: from the top of the work tree, with slashes.
    pub fn inside(&self, path: &Path) -> Answer<String> {
        let outside = || GitError::Failed(format!("{} lies outside {}", path.display(), self.top.display()));
        let top = self.top.canonicalize().map_err(|_| outside())?;
        // The file itself may be gone from the work tree.
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let folder = folder.canonicalize().map_err(|_| outside())?;
        let whole = folder.join(path.file_name().ok_or_else(outside)?);
        let relative = whole.strip_prefix(&top).map_err(|_| outside())?;
        let parts: Vec<&str> = relative
            .components()
            .filter_map(|part| if let Component::Normal(name) = part { name.to_str() } else { None })
            .collect();
        Ok(parts.join("/"))
    }

    /// The whole id of a commit that a person names.
    pub fn commit(&self, reference: &str) -> Answer<String> {
        // A name that begins with a dash is never taken for an option.
        let name = format!("{reference}^{{commit}}");
        let asked = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
        asked.map(|out| line(&out)).ok_or_else(|| GitError::NoCommit(reference.to_owned()))
    }

    /// The whole ids of two commits that a person names, asked for at once.
    pub fn commits(&self, references: [&str; 2]) -> Answer<[String; 2]> {
        let names = references.map(|reference| format!("{reference}^{{commit}}"));
        let asked = self.ask(&["rev-parse", "--quiet", "--end-of-options", &names[0], &names[1]])?;
        let text = String::from_utf8_lossy(&asked.unwrap_or_default()).into_owned();
        // Some versions repeat what they say of options.
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('-')).collect();
        match lines[..] {
            [one, other] => Ok([one.to_owned(), other.to_owned()]),
            _ => Ok([self.commit(references[0])?, self.commit(references[1])?]),
        }
    }

    /// The text of a file in a commit; `None` where it was not there.
    pub fn show(&self, commit: &str, path: &str) -> Answer<Option<String>> {
        let object = format!("{commit}:{path}");
        Ok(self.ask(&["cat-file", "blob", &object])?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The name that a file had in a commit, where it was renamed since.
    pub fn former_name(&self, commit: &str, path: &str) -> Answer<Option<String>> {
        let renames = self.ask(&["diff", "--find-renames", "--diff-filter=R", "--name-status", "-z", commit, "--"])?;
        let text = String::from_utf8_lossy(&renames.unwrap_or_default()).into_owned();
        let parts: Vec<&str> = text.split('\0').collect();
        Ok(parts.chunks(3).find(|p| p.get(2) == Some(&path)).map(|p| p[1].to_owned()))
    }

    /// A commit in a few words: its short id and its subject.
    pub fn subject(&self, commit: &str) -> Answer<String> {
        Ok(line(&self.need(&["log", "-n1", "--format=%h %s", commit, "--"])?))
    }

    /// What a merge left open about a file; `None` where nothing is open.
    pub fn stages(&self, path: &str) -> Answer<Option<Stages>> {
        let listed = self.need(&["ls-files", "--unmerged", "-z", "--", &literal(path)])?;
        let text = String::from_utf8_lossy(&listed).into_owned();
        let mut stages = Stages::default();
        for row in text.split('\0').filter(|row| !row.is_empty()) {
            let mut words = row.split_whitespace();
            let (Some(blob), Some(stage)) = (words.nth(1), words.next()) else { continue };
            let content = self.ask(&["cat-file", "blob", blob])?;
            let content = content.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            match stage {
                "1" => stages.base = content,
                "2" => stages.ours = content,
                _ => stages.theirs = content,
            }
        }
        Ok((stages != Stages::default()).then_some(stages))
    }

    /// What git's own merge by lines leaves of a file that is being merged, with its marks in this style; `None` where this
    /// git cannot tell (before 2.43).
    pub fn merged_lines(&self, path: &str, style: &str) -> Answer<Option<String>> {
        let setting = format!("merge.conflictStyle={style}");
        let [base, ours, theirs] = [1, 2, 3].map(|stage| format!(":{stage}:{path}"));
        let asked = run(&self.top, &["-c", &setting, "merge-file", "--object-id", "-p", &ours, &base, &theirs])?;
        let is_told = matches!(asked.status.code(), Some(0..=127));
        Ok(is_told.then(|| String::from_utf8_lossy(&asked.stdout).into_owned()))
    }

    /// Files that differ between a commit and the work tree, those that are new and not ignored among them.
    pub fn changed_since(&self, commit: &str) -> Answer<Vec<String>> {
        let changed = self.need(&["diff", "--name-only", "--no-renames", "-z", commit, "--"])?;
        let fresh = self.need(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let all = names(&changed) + &names(&fresh);
        Ok(all.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// Whether the history was cut when the repository was cloned.
    pub fn is_shallow(&self) -> Answer<bool> {
        Ok(line(&self.need(&["rev-parse", "--is-shallow-repository"])?) == "true")
    }

    /// The branch that is checked out; `None` where a commit is by itself, as jobs of CI have it.
    pub fn branch(&self) -> Answer<Option<String>> {
        Ok(self.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"])?.map(|out| line(&out)))
    }

    /// Whether a file is as the commit that is checked out has it.
    pub fn is_committed(&self, path: &str) -> Answer<bool> {
        // New files are in no difference.
        let listed = self.need(&["ls-files", "-z", "--", &literal(path)])?;
        let same = self.ask(&["diff", "--quiet", "HEAD", "--", &literal(path)])?.is_some();
        Ok(same && !listed.is_empty())
    }

    /// A setting of this clone.
    pub fn setting(&self, key: &str) -> Answer<Option<String>> {
        Ok(self.ask(&["config", "--get", key])?.map(|out| line(&out)))
    }

    /// Writes a setting of this clone, or takes it away.
    pub fn set(&self, key: &str, value: Option<&str>) -> Answer<()> {
        match value {
            Some(value) => self.need(&["config", "--local", key, value]).map(drop),
            None => self.ask(&["config", "--local", "--unset-all", key]).map(drop),
        }
    }

    /// Takes a whole section of settings of this clone away.
    pub fn forget(&self, section: &str) -> Answer<()> {
        self.ask(&["config", "--local", "--remove-section", section]).map(drop)
    }

    /// What git answers; `None` when it says no.
    pub fn ask(&self, arguments: &[&str]) -> Answer<Option<Vec<u8>>> {
        let asked = run(&self.top, arguments)?;
        Ok(asked.status.success().then_some(asked.stdout))
    }

    /// What git answers, which must be yes.
    pub fn need(&self, arguments: &[&str]) -> Answer<Vec<u8>> {
        let asked = run(&self.top, arguments)?;
        if asked.status.success() { Ok(asked.stdout) } else { Err(GitError::Failed(said(&asked.stderr))) }
    }
}

/// Merges three files line by line into the second, as git would: whether nothing is left open.
pub fn merge_lines(files: [&Path; 3]) -> Answer<bool> {
    let [base, ours, theirs] = files.map(Path::as_os_str);
    let asked = run(Path::new("."), &[OsStr::new("merge-file"), ours, base, theirs])?;
    match asked.status.code() {
        Some(0) => Ok(true),
        Some(1..=127) => Ok(false),
        _ => Err(GitError::Failed(said(&asked.stderr))),
    }
}

/// Whether the repository around a file is in the midst of a merge, rebase, cherry-pick or revert, as the files tell that
/// git keeps about it. It runs no program, so that it may be asked often; a folder in no repository is in no merge.
pub fn is_merging(path: &Path) -> bool {
    const SIGNS: [&str; 5] = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"];
    let Ok(path) = path.canonicalize() else { return false };
    let Some(found) = path.ancestors().skip(1).map(|folder| folder.join(".git")).find(|git| git.exists()) else {
        return false;
    };
    // In a work tree besides the first one it is a file that says where the folder is.
    let pointed = std::fs::read_to_string(&found).ok();
    let pointed =
        pointed.as_deref().and_then(|text| text.strip_prefix("gitdir: ")).map(|at| found.with_file_name(at.trim()));
    let folder = pointed.unwrap_or(found);
    SIGNS.iter().any(|sign| folder.join(sign).exists())
}

fn command(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).args(["-c", "core.quotePath=false"]);
    // Reading takes no locks, asks nobody, and answers in words that can be compared.
    git.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").stdin(Stdio::null());
    git
}

fn run<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Answer<Output> {
    command(folder).args(arguments).output().map_err(|error| failed_to_run(&error))
}

fn failed_to_run(error: &std::io::Error) -> GitError {
    match error.kind() {
        std::io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Failed(error.to_string()),
    }
}

/// A path as git takes it when no character in it shall mean anything.
fn literal(path: &str) -> String {
    format!(":(top,literal){path}")
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned()
}

/// The last line that git complained with.
fn said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("it did not say why").to_owned()
}
