//! What a verb needs of the world: streams, working directory, who and when, and the exit codes. Tests make one by
//! hand; nothing else in `cli` reads the environment.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};
use crate::file::team::FOLDER;
use crate::model::Date;
use crate::rules::Knowledge;
use crate::workbench::Sitting;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Fine.
    Fine,
    /// The answer is "no": not up to date, differs.
    No,
    /// Usage, configuration, or a file that cannot be opened.
    Usage,
    /// An invalid model.
    Invalid,
    /// Internal, or the environment failed.
    Environment,
}

impl Exit {
    /// The number the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Invalid => 3,
            Self::Environment => 4,
        }
    }
}

/// Why a verb stopped: what to say, and the exit code. An empty message has been said already.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    /// A failure with something to say.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// A failure that has been explained already.
    pub(crate) const fn said(exit: Exit) -> Self {
        Self { exit, message: String::new() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            // The reader of a pipe has seen enough; that is no failure.
            return Self::said(Exit::Fine);
        }
        let said = error.to_string();
        let said = said.split(" (os error").next().unwrap_or_default();
        Self::new(Exit::Environment, format!("cannot write the output: {said}"))
    }
}

/// What a verb returns.
pub(crate) type Outcome = Result<Exit, Failure>;

/// The world as a verb sees it.
pub struct Context {
    /// Where results go.
    pub out: Box<dyn Write>,
    /// Where messages go.
    pub err: Box<dyn Write>,
    /// Whether both standard input and output are terminals.
    pub interactive: bool,
    /// Whether that terminal can only print lines.
    pub dumb: bool,
    /// Whether messages go to a terminal.
    pub watched: bool,
    /// Columns of the terminal that results go to; `None` when they go elsewhere.
    pub columns: Option<u16>,
    /// The working directory of the process, where the search for models begins.
    pub folder: PathBuf,
    /// Who decides, and today; from `--as`, git and the clock unless a test says otherwise.
    pub sitting: Option<Sitting>,
}

impl Context {
    /// The streams, folder and clock of this process.
    pub fn of_the_process() -> Self {
        Self {
            out: Box::new(std::io::BufWriter::new(std::io::stdout())),
            err: Box::new(std::io::stderr()),
            interactive: std::io::stdout().is_terminal() && std::io::stdin().is_terminal(),
            dumb: std::env::var_os("TERM").is_some_and(|term| term == "dumb"),
            watched: std::io::stderr().is_terminal(),
            columns: columns(),
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            sitting: None,
        }
    }

    /// Takes the options that every verb has.
    pub(crate) fn settle(&mut self, parsed: &Parsed) -> Result<(), Failure> {
        let before = self.sitting.take();
        let today = match (parsed.get("now"), &before) {
            (Some(text), _) => text.parse().map_err(|_| {
                Failure::new(
                    Exit::Usage,
                    format!(
                        "--now {}: there is no such day; write one as YYYY-MM-DD, such as 2027-03-31",
                        one_line(text)
                    ),
                )
            })?,
            (None, Some(sitting)) => sitting.today,
            (None, None) => today(),
        };
        let who = match (parsed.get("as"), before) {
            (Some(who), _) => who.trim().to_owned(),
            (None, Some(sitting)) => sitting.who,
            (None, None) => git_user(&self.folder),
        };
        if who.is_empty() {
            return Err(Failure::new(Exit::Usage, "--as needs a name"));
        }
        self.sitting = Some(Sitting { who, today });
        Ok(())
    }

    /// Who and when, as settled.
    pub(crate) fn sitting(&self) -> Sitting {
        self.sitting.clone().unwrap_or_else(|| Sitting { who: "unknown".to_owned(), today: today() })
    }

    /// The moment of a run: now; on a day that was named, its beginning.
    pub(crate) fn moment(&self, parsed: &Parsed) -> jiff::Timestamp {
        let (day, now) = (self.sitting().today, jiff::Timestamp::now());
        let is_now = parsed.get("now").is_none() && jiff::tz::Offset::UTC.to_datetime(now).date() == day;
        let midnight = || jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        if is_now { now } else { midnight().unwrap_or(now) }
    }

    /// The branch that a job of CI says it is about, where it has checked out a commit by itself.
    pub(crate) fn branch_of_the_job() -> Option<String> {
        // GitHub's, the first one for pull requests; GitLab's.
        let names = ["GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"];
        names.iter().filter_map(|name| std::env::var(name).ok()).find(|branch| !branch.is_empty())
    }

    /// Refuses a name under which a new model would not be found again.
    pub(crate) fn new_model_name(path: &Path) -> Result<(), Failure> {
        let shown = one_line(&path.to_string_lossy());
        if !shown.ends_with(".tm.ron") {
            let message = format!("{shown}: the name of a model file ends in .tm.ron, so that it can be found");
            return Err(Failure::new(Exit::Usage, message));
        }
        Ok(())
    }

    /// Says something that is not a result.
    pub(crate) fn say(&mut self, message: &str) {
        // Nothing can be done about a closed stderr.
        let _ = writeln!(self.err, "{}", message.trim_end());
    }

    /// Prints a result.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }

    /// Prints a result as JSON.
    pub(crate) fn print_json(&mut self, value: &serde_json::Value) -> Result<(), Failure> {
        self.print(&format!("{value:#}\n"))
    }

    /// Answers a command line that could not be parsed, or `--help` and `--version`.
    pub(crate) fn usage(&mut self, error: &clap::Error) -> Exit {
        let text = error.render().to_string();
        if error.use_stderr() {
            let safe: String = text.lines().map(|l| inert(l) + "\n").collect();
            self.say(&safe);
            return Exit::Usage;
        }
        match self.print(&text) {
            Ok(()) => Exit::Fine,
            Err(failure) => failure.exit,
        }
    }

    /// Says why a verb stopped.
    pub(crate) fn report(&mut self, failure: &Failure) -> Exit {
        if !failure.message.is_empty() {
            let safe: Vec<String> = failure.message.lines().map(inert).collect();
            self.say(&format!("sconce: {}", safe.join("\n")));
        }
        failure.exit
    }

    /// The model file a verb is about: the one named, else the only one found from the folder up to the repository's
    /// root.
    pub(crate) fn model_file(&self, named: Option<PathBuf>) -> Result<PathBuf, Failure> {
        if let Some(path) = named {
            return Ok(path);
        }
        let mut found = find_models(&self.folder);
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Failure::new(
                Exit::Usage,
                "no model here: no file named *.tm.ron from this folder up to the repository's root\n\
                 start one with `sconce init`, or read another tool's with `sconce import FILE`",
            )),
            _ => {
                let list: Vec<String> = found.iter().map(|p| one_line(&p.to_string_lossy())).collect();
                let list = list.join("\n  ");
                Err(Failure::new(Exit::Usage, format!("several models here; name one of them:\n  {list}")))
            }
        }
    }

    /// The root of the repository around the working directory; outside of one, the working directory itself.
    pub(crate) fn root(&self) -> &Path {
        self.folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&self.folder)
    }

    /// Where a team keeps its rules: the nearest such folder up to the root, else where one belongs, at the root. Shown
    /// from the working directory when it is there.
    pub(crate) fn rules_folder(&self) -> PathBuf {
        let levels = self.folder.ancestors().take_while(|level| level.starts_with(self.root()));
        let nearest = levels.into_iter().find(|level| level.join(FOLDER).is_dir()).unwrap_or_else(|| self.root());
        if nearest == self.folder { PathBuf::from(FOLDER) } else { nearest.join(FOLDER) }
    }

    /// The model files a verb is about: those named, else all that are found.
    pub(crate) fn model_files(&self, named: Vec<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
        if !named.is_empty() {
            return Ok(named);
        }
        let found = find_models(&self.folder);
        if found.is_empty() { self.model_file(None).map(|p| vec![p]) } else { Ok(found) }
    }
}

/// The models of the nearest folder that has any, from a folder up to the repository's root, sorted. Outside a
/// repository only the folder itself counts.
fn find_models(folder: &Path) -> Vec<PathBuf> {
    let levels = folder.ancestors().position(|f| f.join(".git").exists()).unwrap_or(0);
    for (up, place) in folder.ancestors().take(levels + 1).enumerate() {
        let found = models_in(place);
        if !found.is_empty() {
            return found.into_iter().map(|name| if up == 0 { name } else { place.join(name) }).collect();
        }
    }
    Vec::new()
}

/// Names of the models in a folder, sorted.
pub(crate) fn models_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_model = |name: &str| name.ends_with(".tm.ron") && !name.starts_with('.');
    let mut found: Vec<PathBuf> =
        entries.map(|e| e.file_name()).filter(|n| n.to_str().is_some_and(is_model)).map(PathBuf::from).collect();
    found.sort();
    found
}

/// Columns of the terminal behind standard output, `COLUMNS` before what the terminal says.
fn columns() -> Option<u16> {
    let told = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|n| *n > 0);
    std::io::stdout().is_terminal().then(|| told().or_else(measured)).flatten()
}

#[cfg(unix)]
fn measured() -> Option<u16> {
    rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn measured() -> Option<u16> {
    None
}

fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// The name in git's configuration, else the account's.
fn git_user(folder: &Path) -> String {
    let asked = Command::new("git")
        .args(["config", "--get", "user.name"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    // Nearly every verb needs the rules; reading them takes about as long as git does.
    Knowledge::builtin();
    let asked = asked.and_then(std::process::Child::wait_with_output);
    let name = asked.ok().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    [name, std::env::var("USER").unwrap_or_default(), "unknown".to_owned()]
        .into_iter()
        .find(|n| !n.is_empty())
        .unwrap_or_default()
}
