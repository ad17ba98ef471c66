//! `metrics --git`: open threats in every version of the file, and what ledger and git disagree about, for people and for
//! programs. The comparison is `review::metrics`'.

use std::fmt::Write as _;
use std::path::Path;

use crate::cli::context::{Context, Exit, Failure};
use crate::cli::progress::{Progress, stop};
use crate::cli::verb::prose::wrapped;
use crate::cli::verb::table::count;
use crate::diagnostic::inert::one_line;
use crate::model::{Date, ThreatModel};
use crate::review::git::Repository;
use crate::review::metrics::tables::{self, Table, severity, short};
use crate::review::metrics::{Content, Disagreement, Matter, Snapshot};
use crate::workbench::{Replay, ReplayError, replay};
use serde_json::{Map, Value, json};

/// Versions that are shown, the latest.
const VERSIONS: usize = 26;
/// Threats and versions that are named.
const NAMED: usize = 40;

/// The history of the file.
pub(super) struct Replayed {
    pub(super) repository: Repository,
    replay: Replay,
}

/// Replays the history that HEAD has of the file.
pub(super) fn replayed(
    path: &Path,
    model: &ThreatModel,
    today: Date,
    context: &mut Context,
) -> Result<Replayed, Failure> {
    let mut progress = Progress::new(context);
    let line = |done, all| format!("parsed {} of {} versions", grouped(done), grouped(all));
    let replayed = replay(path, model, today, |done, all| progress.tell(|| line(done, all)));
    if progress.end() {
        stop();
        return Err(Failure::new(Exit::Environment, "interrupted"));
    }
    match replayed {
        Ok((repository, replay)) => Ok(Replayed { repository, replay }),
        Err(ReplayError::Git(error)) => Err(error.into()),
        Err(error @ ReplayError::NotCommitted(_)) => Err(Failure::new(Exit::Usage, format!("--git: {error}"))),
        Err(error @ ReplayError::Stopped) => Err(Failure::new(Exit::Environment, error.to_string())),
    }
}

/// A number with commas between thousands.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let starts = |place: &usize| *place > 0 && (digits.len() - place).is_multiple_of(3);
    digits.char_indices().flat_map(|(place, c)| starts(&place).then_some(',').into_iter().chain([c])).collect()
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
        self.replay.names()
    }

    pub(super) fn page(&self, model: &ThreatModel, columns: Option<u16>) -> String {
        let mut text = "\nIn git\n".to_owned();
        let mut prose = String::new();
        let n = count(self.replay.versions.len(), "version");
        let span = match (self.replay.versions.first(), self.replay.versions.last()) {
            (Some(only), Some(last)) if only == last => format!(", of {} ({})", only.on, short(&only.commit)),
            (Some(first), Some(last)) => {
                format!(", {} ({}) to {} ({})", first.on, short(&first.commit), last.on, short(&last.commit))
            }
            _ => String::new(),
        };
        let _ = writeln!(
            prose,
            "{n} of {} along first parents{span}, by the day of the commit",
            one_line(&self.replay.path)
        );
        for (name, commit) in &self.replay.former {
            let _ = writeln!(prose, "before {} it was {}", short(commit), one_line(name));
        }
        if self.replay.is_shallow {
            prose += "this clone is shallow: what was before is not known here (`git fetch --unshallow` fetches it)\n";
        }
        if self.replay.later > 0 {
            let _ = writeln!(prose, "{} committed after that day, passed over", count(self.replay.later, "version"));
        }
        text += &wrapped(&prose, columns);
        text += &self.table();
        text + &wrapped(&self.said(model), columns)
    }

    fn table(&self) -> String {
        let versions = &self.replay.versions;
        let passed = versions.len().saturating_sub(VERSIONS);
        let table = tables::versions(versions);
        let earlier = count(passed, "earlier version");
        let more =
            if passed > 0 { format!("{earlier} not shown; --format json has all of them\n") } else { String::new() };
        Table { rows: table.rows[passed..].to_vec(), ..table }.text() + &more
    }

    /// What could not be read, and what ledger and git disagree about.
    fn said(&self, model: &ThreatModel) -> String {
        let mut text = String::new();
        let unreadable = || self.replay.versions.iter().filter(|version| version.content == Content::Unreadable);
        let n = unreadable().count();
        if n > 0 {
            let named: Vec<&str> = unreadable().take(NAMED).map(|version| short(&version.commit)).collect();
            let more = if n > NAMED { format!(" and {} more", n - NAMED) } else { String::new() };
            let _ = writeln!(text, "{} cannot be read as a model: {}{more}", count(n, "version"), named.join(", "));
        }
        let disagreements = &self.replay.compared.disagreements;
        let _ = writeln!(text, "{}", self.replay.compared.told());
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
            "file": self.replay.path,
            "former": self.replay.former.iter().map(|(name, until)| json!({ "file": name, "until": until })).collect::<Vec<_>>(),
            "shallow": self.replay.is_shallow,
            "later": self.replay.later,
            "versions": self.replay.versions.iter().map(version).collect::<Vec<_>>(),
            "agreed": self.replay.compared.agreed,
            "unknown": self.replay.compared.unknown,
            "disagreements": self.replay.compared.disagreements.iter().map(disagreement).collect::<Vec<_>>(),
        })
    }
}
