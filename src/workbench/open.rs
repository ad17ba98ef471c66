//! Opening: from a path to a model with everything that is to be said about it, and sitting down at it for longer.
//! A model with errors is not opened at all.

use std::path::Path;
use std::sync::Arc;

use super::{Barred, Desk, Sitting, Workbench};
use crate::analysis::known;
use crate::diagnostic::{Diagnostic, Severity};
use crate::file::disk::DiskError;
use crate::file::journal::{self, Journal, Recovered};
use crate::file::lock::LockError;
use crate::file::{self, Document, disk, lock};
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
}

impl Workbench {
    /// Opens a model file. With `root`, the root of its repository, a link that leads out of it is refused.
    pub fn open(
        path: &Path,
        root: Option<&Path>,
        knowledge: Arc<Knowledge>,
        sitting: Sitting,
    ) -> Result<Self, OpenError> {
        let opened = disk::open(path, root).map_err(OpenError::Disk)?;
        let (document, notices) = match understand(&opened.text, &knowledge) {
            Ok(understood) => understood,
            Err(diagnostics) => return Err(OpenError::Invalid { diagnostics, text: opened.text }),
        };
        let mut bench = Self::with(document, knowledge, sitting);
        let unproven = known::unproven(bench.model(), &bench.analysis);
        bench.notices = notices.into_iter().chain(unproven.into_iter().map(|d| bench.document.resolve(d))).collect();
        bench.disk = Some(opened);
        bench.root = root.map(Path::to_path_buf);
        Ok(bench)
    }

    /// What is in the file as it was read or written last; empty for a model without a file.
    pub fn original(&self) -> &str {
        self.disk.as_ref().map_or("", |d| &d.text)
    }

    /// Whether the file is in canonical form and nothing was changed.
    pub fn is_canonical(&self) -> bool {
        self.disk.as_ref().is_some_and(|d| d.text == self.text())
    }

    /// Sits down for a sitting of some length: takes the lock and starts the journal under `state`. Returns what an
    /// earlier sitting left unsaved, and what there is to say; what stands in the way of changes is
    /// [`Workbench::barred`] from now on.
    pub fn sit_down(&mut self, state: Option<&Path>) -> (Option<Recovered>, Vec<String>) {
        let mut remarks = Vec::new();
        let Some(opened) = &self.disk else { return (None, remarks) };
        let (lock, mut barred) = match lock::take(&opened.target, &self.sitting.who) {
            Ok(lock) => (Some(lock), None),
            Err(LockError::Held(holder)) => (None, Some(Barred::Held(holder, lock::path_of(&opened.path)))),
            Err(LockError::Io(error)) => (None, Some(Barred::Folder(error.to_string()))),
        };
        if opened.target.metadata().is_ok_and(|about| about.permissions().readonly()) {
            barred = Some(Barred::Marked(opened.path.clone()));
        }
        // Without the lock the journal belongs to whoever has it.
        let place = state.filter(|_| lock.is_some());
        if lock.is_some() && place.is_none() {
            remarks.push("no place for a recovery journal on this account".to_owned());
        }
        let left = place.and_then(|state| journal::recover(state, &opened.target, opened.fingerprint));
        let journal = place.map(|state| Journal::new(state, &opened.target, opened.fingerprint));
        let state = state.map(Path::to_path_buf);
        self.desk = Some(Desk { journal, is_kept: true, _lock: lock, barred, state });
        remarks.splice(0..0, self.barred().map(|barred| format!("read-only: {}", barred.why())));
        (left, remarks)
    }

    /// The journal that holds the unsaved work; `None` when none does.
    pub fn kept_in(&self) -> Option<&Path> {
        self.desk.as_ref().filter(|desk| desk.is_kept)?.journal.as_ref().map(Journal::path)
    }

    /// Takes over a text in the place of the model as it is: what a journal held, or what another program wrote. It
    /// counts as a change since the last save, and undo starts anew.
    pub fn take_over(&mut self, text: &str) -> Result<(), OpenError> {
        let (document, notices) = understand(text, &self.knowledge)
            .map_err(|diagnostics| OpenError::Invalid { diagnostics, text: text.to_owned() })?;
        let fresh = Self::with(document, Arc::clone(&self.knowledge), self.sitting.clone());
        self.document = fresh.document;
        self.analysis = fresh.analysis;
        self.notices = notices;
        self.past.clear();
        self.future.clear();
        self.saved_at = None;
        self.remember();
        Ok(())
    }

    /// Reads the file again and forgets every change since the last save.
    pub fn reload(&mut self) -> Result<(), OpenError> {
        let Some(opened) = &self.disk else { return Ok(()) };
        let again = disk::open(&opened.path, self.root.as_deref()).map_err(OpenError::Disk)?;
        let text = again.text.clone();
        self.take_over(&text)?;
        self.disk = Some(again);
        self.saved_at = Some(0);
        self.forget();
        Ok(())
    }
}

/// Reads and validates a text. An error anywhere means no document.
fn understand(text: &str, knowledge: &Knowledge) -> Result<(Document, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut read = file::read_checked(text, &knowledge.vocabulary, &knowledge.technologies);
    if let Some(model) = read.model() {
        read.also(known::names(model, knowledge));
    }
    match read.document {
        Some(document) if read.diagnostics.iter().all(|d| d.severity != Severity::Error) => {
            Ok((document, read.diagnostics))
        }
        _ => Err(read.diagnostics),
    }
}
