//! Opening: from a path to a model with everything that is to be said about it, and sitting down at it for longer.
//! A model with errors is not opened at all.

use std::path::Path;
use std::sync::Arc;

use super::knowledge::knowledge_of;
use super::{Back, Barred, Desk, Done, Remade, Sitting, Workbench};
use crate::analysis::{Live, known, unsettled};
use crate::diagnostic::{Diagnostic, InFile, Severity};
use crate::file::disk::DiskError;
use crate::file::journal::{self, Journal, Recovered};
use crate::file::lock::LockError;
use crate::file::{self, Document, OPEN_CONFLICTS, disk, lock};
use crate::model::{Date, ThreatModel};
use crate::review::git;
use crate::review::resolve::{self, Found};
use crate::rules::Knowledge;

/// Why a model was not opened.
#[derive(Debug)]
pub enum OpenError {
    /// The file cannot be read.
    Disk(DiskError),
    /// The file is not a valid model.
    Invalid {
        /// Everything that is wrong with it, and what else there is to say.
        diagnostics: Vec<Diagnostic>,
        /// What is in the file.
        text: String,
    },
    /// The team's own rules cannot be read. A model is not opened with other rules than it has: the next save would
    /// record what those say.
    Rules(Vec<InFile>),
}

impl Workbench {
    /// Opens a model file.
    pub fn open(path: &Path, knowledge: Arc<Knowledge>, sitting: Sitting) -> Result<Self, OpenError> {
        Self::opened(path, knowledge, sitting, true)
    }

    /// The same without questions, for whoever only brings the register up to date.
    pub fn open_register(path: &Path, knowledge: Arc<Knowledge>, sitting: Sitting) -> Result<Self, OpenError> {
        Self::opened(path, knowledge, sitting, false)
    }

    /// The same for somebody who sits down to work on it: decisions that a merge left open are part of the work, and a
    /// file that git's text merge broke or did not finish is merged again by meaning. Nothing is written before a save.
    pub fn open_to_work(path: &Path, knowledge: Arc<Knowledge>, sitting: Sitting) -> Result<Self, OpenError> {
        let opened = disk::open(path).map_err(OpenError::Disk)?;
        let (whole, remade) = to_work_on(path, &opened, &knowledge)?;
        let mut bench = Self::of_file(opened, whole, knowledge, sitting, Live::of);
        bench.take_remade(remade);
        Ok(bench)
    }

    /// A merge that was made again is not what the file says.
    fn take_remade(&mut self, remade: Option<Remade>) {
        self.remade = remade;
        if remade.is_some() {
            self.saved_at = None;
        }
    }

    fn opened(
        path: &Path,
        knowledge: Arc<Knowledge>,
        sitting: Sitting,
        with_questions: bool,
    ) -> Result<Self, OpenError> {
        let opened = disk::open(path).map_err(OpenError::Disk)?;
        let whole = understood(&opened.text, &knowledge)?;
        let live = if with_questions { Live::of } else { Live::of_threats };
        Ok(Self::of_file(opened, whole, knowledge, sitting, live))
    }

    fn of_file(
        opened: disk::Opened,
        (document, notices): (Document, Vec<Diagnostic>),
        knowledge: Arc<Knowledge>,
        sitting: Sitting,
        live: fn(&ThreatModel, &Knowledge, Date) -> Live,
    ) -> Self {
        let live = live(document.model(), &knowledge, sitting.today);
        let mut bench = Self::with_live(document, knowledge, sitting, live);
        let unproven = [known::unproven(bench.model(), bench.analysis()), unsettled(bench.analysis())].concat();
        bench.notices = notices.into_iter().chain(unproven.into_iter().map(|d| bench.document.resolve(d))).collect();
        bench.disk = Some(opened);
        bench
    }

    /// Whether the model is a merge that was made again, and not what the file says.
    pub const fn is_remade(&self) -> bool {
        self.remade.is_some()
    }

    /// What is in the file as it was read or written last; empty for a model without a file.
    pub fn original(&self) -> &str {
        self.disk.as_ref().map_or("", |d| &d.text)
    }

    /// Whether the file is in canonical form and nothing was changed.
    pub fn is_canonical(&self) -> bool {
        self.disk.as_ref().is_some_and(|d| d.text == *self.document.printed())
    }

    /// Sits down for a sitting of some length: takes the lock and starts the journal under `state`. Returns what earlier
    /// sittings left unsaved, the latest first; what stands in the way of changes is [`Workbench::barred`] from now on,
    /// and why no journal is kept [`Workbench::unkept`].
    pub fn sit_down(&mut self, state: Option<&Path>) -> Vec<Recovered> {
        let Some(opened) = &self.disk else { return Vec::new() };
        let (lock, mut barred) = match lock::take(&opened.target, &self.sitting.who) {
            Ok(lock) => (Some(lock), None),
            Err(error) => (None, Some(in_the_way(opened, error))),
        };
        if opened.target.metadata().is_ok_and(|about| about.permissions().readonly()) {
            barred = Some(Barred::Marked(opened.path.clone()));
        }
        // Without the lock the journals belong to whoever has it.
        let place = state.filter(|_| lock.is_some());
        let left = place.map(|s| journal::left(s, &opened.target, opened.fingerprint())).unwrap_or_default();
        let journal = place.map(|state| Journal::new(state, &opened.target, opened.fingerprint()));
        let unkept = match &journal {
            None => lock.is_some().then(|| "this account has no place for it".to_owned()),
            Some(journal) => journal.prepare().err().map(|error| why_not(journal, &error)),
        };
        let paths = left.iter().map(|r| r.path.clone()).collect();
        let state = state.map(Path::to_path_buf);
        self.desk = Some(Desk { journal, unkept, left: paths, taken: None, aside: None, _lock: lock, barred, state });
        left
    }

    /// Tries again what may have passed meanwhile: that the disk was full, or the folder closed. Returns what earlier
    /// sittings left, if it is only now that this can be told.
    pub fn try_again(&mut self) -> Vec<Recovered> {
        let state = match &self.desk {
            Some(desk) if desk.barred.as_ref().is_some_and(Barred::may_pass) => desk.state.clone(),
            _ => return Vec::new(),
        };
        self.sit_down(state.as_deref())
    }

    /// The journal that holds the unsaved work; `None` when none does.
    pub fn kept_in(&self) -> Option<&Path> {
        let desk = self.desk.as_ref().filter(|desk| desk.unkept.is_none())?;
        desk.journal.as_ref().map(Journal::path)
    }

    /// Why what is done now is kept in no journal; `None` while it is, and where nobody sits down to change anything.
    pub fn unkept(&self) -> Option<&str> {
        self.desk.as_ref()?.unkept.as_deref()
    }

    /// A journal that holds the work as it was some steps ago; `None` when there is none.
    pub fn kept_before(&self) -> Option<&Path> {
        let desk = self.desk.as_ref()?;
        let own = desk.journal.as_ref().filter(|journal| journal.has_record()).map(Journal::path);
        own.or(desk.taken.as_deref())
    }

    /// A journal of an earlier sitting that nobody has decided about; `None` when there is none.
    pub fn undecided(&self) -> Option<&Path> {
        self.desk.as_ref()?.left.first().map(std::path::PathBuf::as_path)
    }

    /// Takes over what an earlier sitting left, as one step. Its journal goes once the work is in the one of this
    /// sitting, or saved.
    pub fn recover(&mut self, left: &Recovered) -> Result<(), OpenError> {
        let whole = understood_to_work(&Arc::new(left.text.clone()), &self.knowledge)?;
        if let Some(desk) = &mut self.desk {
            desk.aside = Some(left.path.clone());
        }
        if self.saved_at.is_some_and(|at| at > self.past.len()) {
            self.saved_at = None;
        }
        // What comes from outside is a step like one that was taken back before.
        self.future = vec![Done { label: "the unsaved work".to_owned(), back: Back::Whole(Box::new(whole)) }];
        self.redo();
        Ok(())
    }

    /// Throws away what an earlier sitting left.
    pub fn throw_away(&mut self, left: &Recovered) {
        if let Some(desk) = &mut self.desk {
            desk.taken = Some(left.path.clone());
            desk.settle();
        }
    }

    /// Puts another model in the place of this one: what a journal held, or what another program wrote. It counts as a
    /// change since the last save, and undo starts anew.
    fn replace(&mut self, document: Document, notices: Vec<Diagnostic>) {
        let fresh = Self::with(document, Arc::clone(&self.knowledge), self.sitting.clone());
        self.document = fresh.document;
        self.live = fresh.live;
        self.notices = notices;
        self.past.clear();
        self.future.clear();
        self.saved_at = None;
        self.remember();
    }

    /// Reads the file and the team's rules again and forgets every change since the last save.
    pub fn reload(&mut self) -> Result<(), OpenError> {
        let Some(opened) = &self.disk else { return Ok(()) };
        let again = disk::open(&opened.path).map_err(OpenError::Disk)?;
        let knowledge = knowledge_of(&opened.path).map_err(OpenError::Rules)?;
        let ((document, notices), remade) = to_work_on(&again.path, &again, &knowledge)?;
        self.knowledge = knowledge;
        self.replace(document, notices);
        self.disk = Some(again);
        self.saved_at = Some(0);
        self.forget();
        self.take_remade(remade);
        Ok(())
    }
}

/// Why a journal cannot be written, and where.
pub(super) fn why_not(journal: &Journal, error: &std::io::Error) -> String {
    let folder = journal.path().parent().unwrap_or(journal.path());
    format!("{} ({})", disk::plain(error).0, folder.display())
}

impl Desk {
    /// What was taken over is taken back: it goes into no file, so its journal is kept until somebody decides again.
    pub(super) fn set_aside(&mut self, opened: &disk::Opened) {
        self.aside = self.taken.take();
        if let (Some(journal), Some(state)) = (&mut self.journal, &self.state)
            && journal.has_record()
        {
            let kept = journal.path().to_owned();
            *journal = Journal::new(state, &opened.target, opened.fingerprint());
            self.left.insert(0, kept.clone());
            self.aside = Some(kept);
        }
    }

    /// Removes the journal that was taken over or thrown away. One that cannot be removed is offered again next time.
    pub(super) fn settle(&mut self) {
        if let Some(path) = self.taken.take() {
            let _ = journal::remove(&path);
            self.left.retain(|left| *left != path);
        }
    }
}

/// What a lock that was not taken means for the model.
fn in_the_way(opened: &disk::Opened, error: LockError) -> Barred {
    // The lock lies beside the file itself, which is not where a link to it lies.
    let at = lock::path_of(if opened.path.is_symlink() { &opened.target } else { &opened.path });
    match error {
        LockError::Held(holder) => Barred::Held(holder, at),
        LockError::Strange(what) => Barred::Strange(at, what),
        LockError::Disk(error) if error.is_full() => Barred::Full,
        LockError::Disk(error) => {
            let (why, help) = error.words();
            Barred::Folder(why, help)
        }
    }
}

/// A document and what there is to say about it.
type Understood = (Document, Vec<Diagnostic>);

/// What there is to work on in a file: what it says, or the merge that git broke or did not finish, made again.
fn to_work_on(
    path: &Path,
    opened: &disk::Opened,
    knowledge: &Knowledge,
) -> Result<(Understood, Option<Remade>), OpenError> {
    let written = understood_to_work(&opened.text, knowledge);
    // Git is asked only where there is a reason to: it takes longer than everything else here.
    let found = (written.is_err() || git::is_merging(path)).then(|| resolve::find(path, &opened.text));
    match found {
        Some(Ok(Found::Remade { document, is_touched })) => {
            let whole = understood_to_work(&Arc::new(document.text()), knowledge)?;
            Ok((whole, Some(Remade { is_touched })))
        }
        _ => written.map(|whole| (whole, None)),
    }
}

fn understood(text: &Arc<String>, knowledge: &Knowledge) -> Result<(Document, Vec<Diagnostic>), OpenError> {
    understand(text, knowledge, |_| false)
}

/// The same where decisions that a merge left open are no error.
fn understood_to_work(text: &Arc<String>, knowledge: &Knowledge) -> Result<(Document, Vec<Diagnostic>), OpenError> {
    understand(text, knowledge, |diagnostic| diagnostic.code == OPEN_CONFLICTS)
}

/// Reads and validates a text, and passes over what is allowed. An error anywhere means no document.
fn understand(
    text: &Arc<String>,
    knowledge: &Knowledge,
    is_allowed: fn(&Diagnostic) -> bool,
) -> Result<(Document, Vec<Diagnostic>), OpenError> {
    let mut read = file::read_checked(text, &knowledge.vocabulary, &knowledge.technologies);
    if let Some(model) = read.model() {
        read.also(known::names(model, knowledge));
    }
    let mut diagnostics = read.diagnostics;
    diagnostics.retain(|diagnostic| !is_allowed(diagnostic));
    match read.document {
        Some(document) if diagnostics.iter().all(|d| d.severity != Severity::Error) => Ok((document, diagnostics)),
        _ => Err(OpenError::Invalid { diagnostics, text: text.as_str().to_owned() }),
    }
}
