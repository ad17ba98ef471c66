//! The versions of a model file out of git, each content read once, over all cores; what was read before need not be read
//! again. It compares nothing, and it leaves nothing out: what cannot be read is a version too.

use super::replay::{Brief, Content, Register, Snapshot};
use crate::file;
use crate::model::Date;
use crate::review::git::{GitError, Repository, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

/// Texts that wait to be read, at most, so that a long history does not fill the memory.
const WAITING: usize = 8;

/// What contents say, by their object ids; `None` where one cannot be read as a model.
pub type Registers = BTreeMap<String, Option<Arc<Register>>>;

/// The versions as snapshots, in their order. A content that is not among the registers cannot be read.
pub fn snapshots(versions: &[Version], registers: &Registers) -> Vec<Snapshot> {
    let content = |blob: &Option<String>| match blob {
        None => Content::Removed,
        Some(id) => registers.get(id).cloned().flatten().map_or(Content::Unreadable, Content::Model),
    };
    let snapshot = |version: &Version| Snapshot {
        on: day(version.at),
        content: content(&version.blob),
        commit: version.commit.clone(),
    };
    versions.iter().map(snapshot).collect()
}

/// Reads the contents of versions that are not known yet. It is told again and again how many have been read, of how many,
/// and may be stopped at any time: what has been read until then stays.
pub fn gather(
    repository: &Repository,
    versions: &[Version],
    known: &mut Registers,
    mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, GitError> {
    let ids: BTreeSet<&String> = versions.iter().filter_map(|version| version.blob.as_ref()).collect();
    let ids: Vec<String> = ids.into_iter().filter(|id| !known.contains_key(*id)).cloned().collect();
    let (sender, receiver) = sync_channel::<(String, String)>(WAITING);
    let (receiver, read, done) = (Mutex::new(receiver), Mutex::new(known), AtomicUsize::new(0));
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
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let mut going = ControlFlow::Continue(());
        let asked = repository.blobs(&ids, |id, text| {
            // Readers that are gone have nothing to say.
            let _ = sender.send((id.to_owned(), text));
            going = progress(done.load(Ordering::Relaxed), ids.len());
            going
        });
        drop(sender);
        asked.map(|()| going)
    })
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
