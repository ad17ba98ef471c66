//! The versions of a model file out of git, each content read once, over all cores. It compares nothing, and it leaves
//! nothing out: what cannot be read is a version too.

use super::replay::{Brief, Content, Register, Snapshot};
use crate::file;
use crate::model::Date;
use crate::review::git::{GitError, Repository};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

/// Texts that wait to be read, at most, so that a long history does not fill the memory.
const WAITING: usize = 8;

/// The versions of a file along the first parents of a commit, the first one first.
pub fn gather(repository: &Repository, commit: &str, path: &str) -> Result<Vec<Snapshot>, GitError> {
    let mut versions = repository.versions(commit, path)?;
    versions.reverse();
    let ids: BTreeSet<String> = versions.iter().filter_map(|version| version.blob.clone()).collect();
    let registers = registers(repository, &ids.into_iter().collect::<Vec<_>>())?;
    let content = |blob: &Option<String>| match blob {
        None => Content::Removed,
        Some(id) => registers.get(id).cloned().flatten().map_or(Content::Unreadable, Content::Model),
    };
    let snapshot = |version: crate::review::git::Version| Snapshot {
        on: day(version.at),
        content: content(&version.blob),
        commit: version.commit,
    };
    Ok(versions.into_iter().map(snapshot).collect())
}

type Registers = BTreeMap<String, Option<Arc<Register>>>;

fn registers(repository: &Repository, ids: &[String]) -> Result<Registers, GitError> {
    let (sender, receiver) = sync_channel::<(String, String)>(WAITING);
    let (receiver, read) = (Mutex::new(receiver), Mutex::new(Registers::new()));
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(ids.len()) {
            scope.spawn(|| {
                let next = || receiver.lock().ok()?.recv().ok();
                while let Some((id, text)) = next() {
                    let register = register(&text).map(Arc::new);
                    if let Ok(mut read) = read.lock() {
                        read.insert(id, register);
                    }
                }
            });
        }
        let asked = repository.blobs(ids, |id, text| {
            // Readers that are gone have nothing to say.
            let _ = sender.send((id.to_owned(), text));
        });
        drop(sender);
        asked
    })?;
    Ok(read.into_inner().unwrap_or_default())
}

fn register(text: &str) -> Option<Register> {
    let document = file::read(text).document?;
    Some(document.model().threats.iter().map(|(key, threat)| (key.clone(), Brief::of(threat))).collect())
}

/// The day of a second since 1970, in UTC.
fn day(at: i64) -> Date {
    let moment = jiff::Timestamp::from_second(at);
    moment.map_or(Date::ZERO, |moment| jiff::tz::Offset::UTC.to_datetime(moment).date())
}
