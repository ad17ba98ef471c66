//! A file in the midst of a merge: as it is written where that can be read, else merged again by meaning from the three
//! sides that git has. It writes nothing; what somebody typed between git's marks is told from what git left there.

use std::path::Path;

use super::Side;
use crate::diagnostic::Diagnostic;
use crate::file::{Document, Read, read};
use crate::model::{Edit, Place, ThreatModel};
use crate::review::git::{GitError, Repository, Stages};
use crate::review::merge::{edits, merge, merge_documents};

/// What came of merging three texts.
#[derive(Debug)]
pub enum Made {
    /// The merged document; its conflicts are in the model.
    Merged(Box<Document>),
    /// A side that cannot be read, and what is wrong with it.
    Unreadable(Side, Box<Read>),
}

/// Merges three texts. A base without text is a file that neither branch had before.
pub fn merge_texts(base: &str, ours: &str, theirs: &str) -> Made {
    let parse = |side: Side, text: &str| {
        if text.trim().is_empty() {
            return Ok(Document::new(ThreatModel::default()));
        }
        let mut read = read(text);
        // A file of a newer format is read without what this program does not know: merging would lose that.
        match read.document.take_if(|document| !document.read_only()) {
            Some(document) => Ok(document),
            None => Err(Made::Unreadable(side, Box::new(read))),
        }
    };
    let documents =
        parse(Side::Base, base).and_then(|b| Ok((b, parse(Side::Ours, ours)?, parse(Side::Theirs, theirs)?)));
    match documents {
        Ok((base, ours, theirs)) => Made::Merged(Box::new(merge_documents(&base, ours, &theirs))),
        Err(unreadable) => unreadable,
    }
}

/// What there is to decide from.
#[derive(Debug)]
pub enum Found {
    /// The file as it is written.
    Written(Box<Document>),
    /// The file merged again, because git's text merge broke it or did not finish it.
    Remade {
        /// The merge by meaning.
        document: Box<Document>,
        /// Whether the file has something that git did not write there, which goes with the old text.
        is_touched: bool,
    },
    /// No model, and nothing to make one from.
    Broken {
        /// What is wrong with what was read.
        diagnostics: Vec<Diagnostic>,
        /// What was read.
        text: String,
        /// Why nothing can be made of it, without a full stop.
        why: &'static str,
    },
}

/// Reads a file that a merge may have broken, from its text.
pub fn find(path: &Path, text: &str) -> Result<Found, GitError> {
    let read = read(text);
    let repository = Repository::around(path).ok();
    let inside = repository.as_ref().and_then(|r| Some((r, r.inside(path).ok()?)));
    // Where the driver could not be run, git keeps our side as it is; anything else is a merge or somebody's work.
    let stages = inside.as_ref().and_then(|(r, inside)| r.stages(inside).ok().flatten());
    let untouched = stages.as_ref().is_some_and(|stages| stages.ours.as_deref() == Some(text));
    let document = match read.document {
        Some(document) if !document.model().conflicts.is_empty() => return Ok(Found::Written(Box::new(document))),
        Some(document) if !untouched => {
            let sides = stages.as_ref().and_then(|stages| missed(stages, &document));
            return Ok(match sides {
                // Nothing of what somebody wrote meanwhile is lost by it.
                Some((base, theirs)) => {
                    let document = Box::new(merge_documents(&base, document, &theirs));
                    Found::Remade { document, is_touched: false }
                }
                None => Found::Written(Box::new(document)),
            });
        }
        document => document,
    };
    let found = match &inside {
        Some((repository, inside)) => sides(repository, inside, text)?.map(|sides| (*repository, inside, sides)),
        None => None,
    };
    let Some((repository, inside, sides)) = found else {
        let is_merge = inside.as_ref().is_some_and(|(repository, _)| repository.commit("HEAD^2").is_ok());
        let why = if is_merge {
            "it was edited since the merge: mend these places by hand; or put your edits aside (`git stash`), resolve, and \
             take them back (`git stash pop`)"
        } else {
            "git knows no merge that left it so, to make it from again: mend these places by hand"
        };
        let broken = Found::Broken { diagnostics: read.diagnostics, text: text.to_owned(), why };
        return Ok(document.map_or(broken, |document| Found::Written(Box::new(document))));
    };
    let side = |text: &Option<String>| text.clone().unwrap_or_default();
    match merge_texts(&side(&sides.base), &side(&sides.ours), &side(&sides.theirs)) {
        Made::Merged(document) => {
            let is_touched = !untouched && !is_as_git_left_it(repository, inside, text)?;
            Ok(Found::Remade { document, is_touched })
        }
        Made::Unreadable(which, read) => {
            let (text, why) = match which {
                Side::Base => (side(&sides.base), "what both branches started from cannot be read either, as shown"),
                Side::Ours => (side(&sides.ours), "our side of the merge cannot be read either, as shown"),
                Side::Theirs => (side(&sides.theirs), "their side of the merge cannot be read either, as shown"),
            };
            Ok(Found::Broken { diagnostics: read.diagnostics, text, why })
        }
    }
}

/// What both branches started from and the other side, where a file that git has three sides of has nothing of what the
/// other branch brings: our side stood in it when somebody went on writing. `None` where it has something of the other
/// side, so that somebody merged it already, and where a side cannot be read.
fn missed(stages: &Stages, written: &Document) -> Option<(Document, Document)> {
    let document = |text: &Option<String>| match text {
        Some(text) => read(text).document.filter(|document| !document.read_only()),
        None => Some(Document::new(ThreatModel::default())),
    };
    let (base, ours, theirs) = (document(&stages.base)?, document(&stages.ours)?, document(&stages.theirs)?);
    let whole = merge(base.model(), ours.model(), theirs.model());
    let brought: Vec<Place> = (edits(ours.model(), &whole).iter().flat_map(Edit::places))
        .filter(|place| *place != Place::Conflicts)
        .collect();
    let has = |place: &Place| written.model().entry(place) == whole.entry(place);
    let is_asked = !whole.conflicts.is_empty();
    if brought.iter().any(has) || brought.is_empty() && !is_asked {
        return None;
    }
    Some((base, theirs))
}

/// The three sides of a file that a merge broke: from the index while the merge goes on, else from the parents of the
/// commit that merged it, if the file is still as that commit left it. `None` where there was no merge.
fn sides(repository: &Repository, path: &str, text: &str) -> Result<Option<Stages>, GitError> {
    if let Some(stages) = repository.stages(path)? {
        return Ok(Some(stages));
    }
    let Ok(other) = repository.commit("HEAD^2") else { return Ok(None) };
    // What somebody wrote since is not for a merge to take away.
    if !is_in_head(repository, path, text)? {
        return Ok(None);
    }
    let ours = repository.commit("HEAD^1")?;
    let base = repository.parting(&ours, &other)?.commit;
    let at = |commit: &str| repository.show(commit, path);
    let stages = Stages { base: at(&base)?, ours: at(&ours)?, theirs: at(&other)? };
    Ok((stages.ours.is_some() && stages.theirs.is_some()).then_some(stages))
}

fn is_in_head(repository: &Repository, path: &str, text: &str) -> Result<bool, GitError> {
    Ok(repository.show("HEAD", path)? == Some(text.replace("\r\n", "\n")))
}

/// Whether a text is what git's own merge leaves, whatever it calls the sides in its marks. A git that cannot tell says
/// no.
fn is_as_git_left_it(repository: &Repository, path: &str, text: &str) -> Result<bool, GitError> {
    if repository.stages(path)?.is_none() {
        return is_in_head(repository, path, text);
    }
    let now = without_labels(text);
    for style in ["merge", "diff3", "zdiff3"] {
        if repository.merged_lines(path, style)?.is_some_and(|left| without_labels(&left) == now) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The lines of a text, of git's marks only what they all have in common.
fn without_labels(text: &str) -> Vec<&str> {
    const MARKS: [&str; 3] = ["<<<<<<<", "|||||||", ">>>>>>>"];
    let mark = |line| MARKS.into_iter().find(|mark| str::starts_with(line, mark));
    text.lines().map(|line| mark(line).unwrap_or(line)).collect()
}
