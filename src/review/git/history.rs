//! The history of one file along the first parents of a commit, through its renames, and many contents at once. What the
//! contents say is for others to read.

use std::io::{BufRead, BufReader, Write as _};
use std::ops::ControlFlow;
use std::process::Stdio;

use super::{Answer, GitError, Repository, command, failed_to_run, literal};

/// A state of a file in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The commit that brought it.
    pub commit: String,
    /// When it was committed, in seconds since 1970.
    pub at: i64,
    /// The file's content, by its object id; `None` where the commit took the file away.
    pub blob: Option<String>,
    /// Whether there was no such file before.
    is_new: bool,
}

/// The history of a file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct History {
    /// Its states, the first one first.
    pub versions: Vec<Version>,
    /// What it was called before, the latest first, each with the commit that gave it another name.
    pub former: Vec<(String, String)>,
}

impl Repository {
    /// The history of a file along the first parents of a commit. Where a commit renamed it, what it was called before
    /// goes on; a copy of another file begins with itself.
    pub fn history(&self, commit: &str, path: &str) -> Answer<History> {
        let mut history = History::default();
        let (mut from, mut name) = (commit.to_owned(), path.to_owned());
        loop {
            let mut versions = self.versions(&from, &name)?.into_iter();
            let renamed = versions.find_map(|version| {
                let renaming = version.is_new.then(|| self.renaming(&version.commit, &name).transpose()).flatten();
                history.versions.push(version);
                renaming
            });
            let Some(renamed) = renamed.transpose()? else { break };
            let commit = history.versions.last().map(|version| version.commit.clone()).unwrap_or_default();
            from = format!("{commit}^1");
            name.clone_from(&renamed);
            history.former.push((renamed, commit));
        }
        history.versions.reverse();
        Ok(history)
    }

    /// The states of a file under one name, the latest first.
    fn versions(&self, commit: &str, path: &str) -> Answer<Vec<Version>> {
        let format = "--format=%x01%H %ct";
        let how = ["--first-parent", "--no-renames", format, "--raw", "--no-abbrev", "-z"];
        let path = literal(path);
        let arguments = [&["log"], &how[..], &[commit, "--", &path]].concat();
        let text = String::from_utf8_lossy(&self.need(&arguments)?).into_owned();
        let version = |block: &str| {
            let mut words = block.split(|c: char| c.is_whitespace() || c == '\0');
            let (commit, at) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
            // `:100644 100644 <before> <after> M`
            let mut raw = words.skip_while(|word| !word.starts_with(':'));
            let blob = raw.nth(3).filter(|blob| blob.bytes().any(|b| b != b'0')).map(str::to_owned);
            Some(Version { commit, at, blob, is_new: raw.next() == Some("A") })
        };
        Ok(text.split('\x01').filter_map(version).collect())
    }

    /// What a file was called before a commit that gave it its name; `None` where the commit made it.
    fn renaming(&self, commit: &str, path: &str) -> Answer<Option<String>> {
        let parent = format!("{commit}^1");
        let how = ["-r", "--find-renames", "--diff-filter=R", "--name-status", "-z"];
        // The first commit of all has no parent, and that of a shallow clone none that is known.
        let renames = self.ask(&[&["diff-tree"], &how[..], &[&parent, commit]].concat())?.unwrap_or_default();
        let text = String::from_utf8_lossy(&renames).into_owned();
        let parts: Vec<&str> = text.split('\0').collect();
        Ok(parts.chunks(3).find(|p| p.get(2) == Some(&path)).map(|p| p[1].to_owned()))
    }

    /// Reads contents by their object ids, in order, through one process, until somebody has enough. What is not there is
    /// passed over.
    pub fn blobs(&self, ids: &[String], mut each: impl FnMut(&str, String) -> ControlFlow<()>) -> Answer<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut git = command(&self.top);
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = git.spawn().map_err(|error| failed_to_run(&error))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(GitError::Failed("no pipe".to_owned()));
        };
        let asked = ids.join("\n") + "\n";
        let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
        let read = read_blobs(BufReader::new(output), &mut each);
        let ended = (writer.join(), child.wait());
        let failed = |why: &str| Err(GitError::Failed(why.to_owned()));
        match (read, ended) {
            (Err(error), _) => failed(&error.to_string()),
            (Ok(ControlFlow::Break(())), _) => Ok(()),
            (Ok(ControlFlow::Continue(())), (_, Ok(status))) if status.success() => Ok(()),
            (Ok(ControlFlow::Continue(())), _) => failed("`git cat-file` ended before it had answered"),
        }
    }
}

fn read_blobs(
    mut output: impl BufRead,
    each: &mut impl FnMut(&str, String) -> ControlFlow<()>,
) -> std::io::Result<ControlFlow<()>> {
    let mut head = String::new();
    while output.read_line(&mut head)? > 0 {
        // `<id> blob <bytes>`, or `<id> missing`
        let mut words = head.split_whitespace();
        let (id, size) = (words.next().unwrap_or_default().to_owned(), words.nth(1).and_then(|n| n.parse().ok()));
        if let Some(size) = size {
            let mut content = vec![0; size];
            output.read_exact(&mut content)?;
            output.read_exact(&mut [0])?;
            if each(&id, String::from_utf8_lossy(&content).into_owned()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        head.clear();
    }
    Ok(ControlFlow::Continue(()))
}
