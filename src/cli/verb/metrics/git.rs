//! `metrics --git`: open threats in every version of the file, and what ledger and git disagree about, for people and for
//! programs. The comparison is `review::metrics`'.

use std::fmt::Write as _;
use std::path::Path;

use super::text::severity;
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::progress::{Progress, stop};
use crate::cli::verb::prose::wrapped;
use crate::cli::verb::table::{count, figures};
use crate::diagnostic::inert::one_line;
use crate::file::cache::{Cache, cache_dir};
use crate::model::{Date, Severity, ThreatModel};
use crate::review::git::{GitError, History, Repository, Version};
use crate::review::metrics::{Compared, Content, Disagreement, Matter, Snapshot, compare, gather, kept, snapshots};
use serde_json::{Map, Value, json};

/// Versions that are shown, the latest.
const VERSIONS: usize = 26;
/// Threats and versions that are named.
const NAMED: usize = 40;
/// How many characters of a commit tell it from others.
const SHORT: usize = 9;

/// Dates that git cannot tell of.
const ELSE: &str = "before that history begins, or not committed";

/// The history of the file.
pub(super) struct Replayed {
    pub(super) repository: Repository,
    /// From the top of the repository.
    path: String,
    /// What it was called before, the latest first, with the commits that renamed it.
    former: Vec<(String, String)>,
    /// The first one first, none of them later than the day.
    versions: Vec<Snapshot>,
    /// Versions that were committed after it.
    later: usize,
    is_shallow: bool,
    compared: Compared,
}

/// Replays the history that HEAD has of the file.
pub(super) fn replayed(
    path: &Path,
    model: &ThreatModel,
    today: Date,
    context: &mut Context,
) -> Result<Replayed, Failure> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let repository = Repository::around(&target)?;
    let inside = repository.inside(&target)?;
    let History { versions, former } = match repository.commit("HEAD") {
        Ok(head) => repository.history(&head, &inside)?,
        // A repository in which nothing was committed yet.
        Err(GitError::NoCommit(_)) => History::default(),
        Err(error) => return Err(error.into()),
    };
    if versions.is_empty() {
        let message = format!("--git: no commit of this branch has {}; commit it first", one_line(&inside));
        return Err(Failure::new(Exit::Usage, message));
    }
    let all = read(&repository, &versions, &target, context)?;
    let (versions, after): (Vec<Snapshot>, Vec<Snapshot>) = all.into_iter().partition(|version| version.on <= today);
    let compared = compare(model, &versions, today);
    let is_shallow = repository.is_shallow()?;
    Ok(Replayed { repository, path: inside, former, versions, later: after.len(), is_shallow, compared })
}

/// What the versions say: what is kept of an earlier run is taken from there, and what had to be read is kept.
fn read(
    repository: &Repository,
    versions: &[Version],
    model: &Path,
    context: &mut Context,
) -> Result<Vec<Snapshot>, Failure> {
    let cache = cache_dir().map(|folder| Cache::new(&folder, "registers", model));
    let mut registers = cache.as_ref().and_then(Cache::read).map(|text| kept::read(&text)).unwrap_or_default();
    let before = registers.len();
    let mut progress = Progress::new(context);
    let line = |done, all| format!("parsed {} of {} versions", grouped(done), grouped(all));
    let read = gather(repository, versions, &mut registers, |done, all| progress.tell(|| line(done, all)));
    let asked_to_stop = progress.end();
    if registers.len() > before {
        let wanted = versions.iter().filter_map(|version| version.blob.as_deref()).collect();
        if let Some(cache) = cache {
            cache.write(&kept::written(&registers, &wanted));
        }
    }
    if asked_to_stop {
        stop();
        return Err(Failure::new(Exit::Environment, "interrupted"));
    }
    let _ = read?;
    Ok(snapshots(versions, &registers))
}

/// A number with commas between thousands.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let starts = |place: &usize| *place > 0 && (digits.len() - place).is_multiple_of(3);
    digits.char_indices().flat_map(|(place, c)| starts(&place).then_some(',').into_iter().chain([c])).collect()
}

fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

const fn matter(matter: Matter) -> &'static str {
    match matter {
        Matter::Opened => "opened",
        Matter::Resolved => "resolved",
    }
}

impl Replayed {
    /// What the file is called, and was called before.
    pub(super) fn names(&self) -> Vec<String> {
        std::iter::once(&self.path).chain(self.former.iter().map(|(name, _)| name)).cloned().collect()
    }

    fn severities(&self) -> Vec<Option<Severity>> {
        let unrated = self.versions.iter().filter_map(Snapshot::open).any(|open| open.contains_key(&None));
        Severity::ALL.iter().rev().copied().map(Some).chain(unrated.then_some(None)).collect()
    }

    pub(super) fn page(&self, model: &ThreatModel, columns: Option<u16>) -> String {
        let mut text = "\nIn git\n".to_owned();
        let mut prose = String::new();
        let n = count(self.versions.len(), "version");
        let span = match (self.versions.first(), self.versions.last()) {
            (Some(only), Some(last)) if only == last => format!(", of {} ({})", only.on, short(&only.commit)),
            (Some(first), Some(last)) => {
                format!(", {} ({}) to {} ({})", first.on, short(&first.commit), last.on, short(&last.commit))
            }
            _ => String::new(),
        };
        let _ = writeln!(prose, "{n} of {} along first parents{span}, by the day of the commit", one_line(&self.path));
        for (name, commit) in &self.former {
            let _ = writeln!(prose, "before {} it was {}", short(commit), one_line(name));
        }
        if self.is_shallow {
            prose += "this clone is shallow: what was before is not known here (`git fetch --unshallow` fetches it)\n";
        }
        if self.later > 0 {
            let _ = writeln!(prose, "{} committed after that day, passed over", count(self.later, "version"));
        }
        text += &wrapped(&prose, columns);
        text += &self.table();
        text + &wrapped(&self.said(model), columns)
    }

    fn table(&self) -> String {
        let severities = self.severities();
        let names: Vec<String> = severities.iter().map(|s| severity(*s)).collect();
        let mut heading = vec!["committed", "commit", "open"];
        heading.extend(names.iter().map(String::as_str));
        let passed = self.versions.len().saturating_sub(VERSIONS);
        let row = |version: &Snapshot| {
            let mut cells = vec![version.on.to_string(), short(&version.commit).to_owned()];
            match (version.open(), &version.content) {
                (Some(open), _) => {
                    cells.push(open.values().sum::<usize>().to_string());
                    cells.extend(severities.iter().map(|s| open.get(s).copied().unwrap_or_default().to_string()));
                }
                (None, Content::Removed) => cells.push("removed".to_owned()),
                (None, _) => cells.push("unreadable".to_owned()),
            }
            cells
        };
        let rows: Vec<Vec<String>> = self.versions[passed..].iter().map(row).collect();
        let earlier = count(passed, "earlier version");
        let more =
            if passed > 0 { format!("{earlier} not shown; --format json has all of them\n") } else { String::new() };
        figures(&heading, &rows) + &more
    }

    /// What could not be read, and what ledger and git disagree about.
    fn said(&self, model: &ThreatModel) -> String {
        let mut text = String::new();
        let unreadable = || self.versions.iter().filter(|version| version.content == Content::Unreadable);
        let n = unreadable().count();
        if n > 0 {
            let named: Vec<&str> = unreadable().take(NAMED).map(|version| short(&version.commit)).collect();
            let more = if n > NAMED { format!(" and {} more", n - NAMED) } else { String::new() };
            let _ = writeln!(text, "{} cannot be read as a model: {}{more}", count(n, "version"), named.join(", "));
        }
        let Compared { disagreements, agreed, unknown } = &self.compared;
        let line = match (agreed + disagreements.len(), *unknown) {
            (0, 0) => "the ledger has no date to compare".to_owned(),
            (0, n) => format!("no date of the ledger can be compared: {n} {ELSE}"),
            (n, more) => {
                let dates = count(n, "date");
                let other = if more > 0 { format!("; {more} more {ELSE}") } else { String::new() };
                let not = disagreements.len();
                format!("{dates} of the ledger compared: {agreed} as in git to a day, {not} not{other}")
            }
        };
        let _ = writeln!(text, "{line}");
        for Disagreement { key, matter: about, ledger, git, commit } in disagreements.iter().take(NAMED) {
            let title = model.threats.get(key).map(|threat| one_line(&threat.title)).unwrap_or_default();
            let what = format!("{} {} {title}", model.display_id(key), one_line(key.as_str()));
            let (word, commit) = (matter(*about), short(commit));
            let _ =
                writeln!(text, "- {}: the ledger says {word} on {ledger}, git says {git} ({commit})", what.trim_end());
        }
        if disagreements.len() > NAMED {
            let _ = writeln!(text, "and {} more; --format json has all of them", disagreements.len() - NAMED);
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let version = |version: &Snapshot| {
            let open = version.open();
            let by: Option<Map<String, Value>> =
                open.as_ref().map(|open| open.iter().rev().map(|(s, n)| (severity(*s), (*n).into())).collect());
            json!({
                "commit": version.commit,
                "on": version.on.to_string(),
                "state": match version.content {
                    Content::Model(_) => "read",
                    Content::Unreadable => "unreadable",
                    Content::Removed => "removed",
                },
                "open": open.map(|open| open.values().sum::<usize>()),
                "by_severity": by,
            })
        };
        let disagreement = |one: &Disagreement| {
            json!({
                "threat": one.key.as_str(),
                "matter": matter(one.matter),
                "ledger": one.ledger.to_string(),
                "git": one.git.to_string(),
                "commit": one.commit,
            })
        };
        json!({
            "file": self.path,
            "former": self.former.iter().map(|(name, until)| json!({ "file": name, "until": until })).collect::<Vec<_>>(),
            "shallow": self.is_shallow,
            "later": self.later,
            "versions": self.versions.iter().map(version).collect::<Vec<_>>(),
            "agreed": self.compared.agreed,
            "unknown": self.compared.unknown,
            "disagreements": self.compared.disagreements.iter().map(disagreement).collect::<Vec<_>>(),
        })
    }
}
