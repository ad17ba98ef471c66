//! Saving: the register is brought up to date, the text written atomically, the journal forgotten.
//! It never overwrites somebody else's change.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use super::open::why_not;
use super::{Barred, Workbench};
use crate::analysis::reconcile;
use crate::file::disk;
use crate::model::{Edit, Event, Place, Severity, Status, Threat, ThreatKey, ThreatModel};

/// What a save did.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Saved {
    /// Whether the file was written; it is left alone when nothing is different.
    pub written: bool,
    /// Threats whose record was added or changed, each with what happened to it.
    pub recorded: Vec<(ThreatKey, String)>,
    /// Where the file is kept as it was, because it had something that a merge made again does not have.
    pub kept: Option<PathBuf>,
}

/// Why nothing was saved.
#[derive(Debug)]
pub enum SaveError {
    /// The model has no file yet.
    NoFile,
    /// The model may be looked at only.
    Barred(Barred),
    /// The file cannot be written, or was changed by somebody else.
    Disk(disk::SaveError),
    /// The register could not be brought up to date; this is a fault of the program.
    Register(crate::model::EditError),
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFile => write!(f, "the model has no file yet; save it under a name"),
            Self::Barred(barred) => write!(f, "{}: {}", barred.why(), barred.ways_out().join("; ")),
            Self::Disk(error) => error.fmt(f),
            Self::Register(error) => write!(f, "the register cannot be brought up to date: {error}"),
        }
    }
}

impl std::error::Error for SaveError {}

impl Workbench {
    /// Threats that the register does not have as the rules say today.
    pub fn unrecorded(&self) -> Vec<ThreatKey> {
        self.due().map(|edit| keys(&edit.places())).unwrap_or_default()
    }

    /// The edit that brings the register up to date; `None` when it is, and while a merge left something open: what is
    /// recorded then could be about what nobody has decided for.
    pub fn due(&self) -> Option<Edit> {
        if !self.model().conflicts.is_empty() {
            return None;
        }
        reconcile(self.model(), self.analysis(), &self.sitting.who, self.sitting.today)
    }

    /// The model as a save would write it: with the register up to date.
    pub fn as_saved(&self) -> Cow<'_, ThreatModel> {
        let Some(due) = self.due() else { return Cow::Borrowed(self.model()) };
        let mut model = self.model().clone();
        // What is due is about the register alone; a model that would not take it is shown as it is.
        match due.apply(&mut model) {
            Ok(_) => Cow::Owned(model),
            Err(_) => Cow::Borrowed(self.model()),
        }
    }

    /// Brings the register up to date and writes the file.
    pub fn save(&mut self) -> Result<Saved, SaveError> {
        self.save_with(self.due())
    }

    /// The same with what [`Workbench::due`] has said since the last change.
    pub fn save_with(&mut self, due: Option<Edit>) -> Result<Saved, SaveError> {
        if let Some(barred) = self.barred() {
            return Err(SaveError::Barred(barred));
        }
        let recorded = due.map_or(Ok(Vec::new()), |edit| self.record(edit))?;
        match self.save_text() {
            Ok(saved) => Ok(Saved { recorded, ..saved }),
            Err(error) => {
                // What was recorded is not in the file, so it belongs in the journal.
                self.remember();
                Err(error)
            }
        }
    }

    /// Brings the register up to date, and says what is different then.
    fn record(&mut self, edit: Edit) -> Result<Vec<(ThreatKey, String)>, SaveError> {
        let before: Vec<_> =
            keys(&edit.places()).into_iter().map(|k| (self.model().threats.get(&k).cloned(), k)).collect();
        // Not a step of its own: undo takes back what people did, and the next save records what follows.
        self.document.apply(edit).map_err(SaveError::Register)?;
        self.live.rejoin(self.document.model(), &self.knowledge, self.sitting.today);
        // Until the file has it, the model differs from the file.
        self.saved_at = None;
        let after = &self.document.model().threats;
        let said = before.into_iter().filter_map(|(old, key)| {
            let what = happened(old.as_ref(), after.get(&key)?);
            Some((key, what))
        });
        Ok(said.collect())
    }

    /// Writes the file as it is, without bringing the register up to date.
    pub fn save_text(&mut self) -> Result<Saved, SaveError> {
        if let Some(barred) = self.barred() {
            return Err(SaveError::Barred(barred));
        }
        let text = self.document.printed();
        let opened = self.disk.as_mut().ok_or(SaveError::NoFile)?;
        let written = opened.text != *text;
        let mut kept = None;
        if written {
            if self.remade.is_some_and(|remade| remade.is_touched) {
                let copy = disk::keep_copy(&opened.path, &opened.text);
                kept = Some(copy.map_err(|error| SaveError::Disk(disk::SaveError::Disk(error)))?);
            }
            disk::save(opened, text).map_err(SaveError::Disk)?;
        } else {
            // To say that it is saved is to say so of the file.
            disk::unchanged(opened).map_err(SaveError::Disk)?;
        }
        self.saved_at = Some(self.past.len());
        self.remade = None;
        self.forget();
        Ok(Saved { written, recorded: Vec::new(), kept })
    }

    /// Writes the file again where it was, when somebody removed it.
    pub fn restore(&mut self) -> Result<Saved, SaveError> {
        if let Some(barred) = self.barred() {
            return Err(SaveError::Barred(barred));
        }
        let text = self.document.printed();
        let opened = self.disk.as_mut().ok_or(SaveError::NoFile)?;
        disk::restore(opened, text).map_err(SaveError::Disk)?;
        self.save().map(|saved| Saved { written: true, ..saved })
    }

    /// Whether the file is still what was last read or saved; a model without a file has none that could differ.
    pub fn look(&self) -> Result<(), disk::SaveError> {
        self.disk.as_ref().map_or(Ok(()), disk::unchanged)
    }

    /// Gives the model a file of its own, which must not exist, and saves into it from now on. That is a way out of
    /// everything that bars changes but a newer format: there the new file would lack what is new.
    pub fn save_as(&mut self, path: &Path) -> Result<Saved, SaveError> {
        if let Some(barred @ Barred::Newer(_)) = self.barred() {
            return Err(SaveError::Barred(barred));
        }
        let opened =
            disk::create(path, self.document.printed()).map_err(|e| SaveError::Disk(disk::SaveError::Disk(e)))?;
        // The desk is of the old file; its journal has done its work.
        self.forget();
        self.disk = Some(opened);
        if let Some(desk) = self.desk.take() {
            self.sit_down(desk.state.as_deref());
        }
        self.save().map(|saved| Saved { written: true, ..saved })
    }

    /// Writes the journal, where there is one. A journal that fails must not get in the way of work; that nothing is
    /// kept is known to [`Workbench::unkept`].
    pub(super) fn remember(&mut self) {
        if !self.is_dirty() {
            return self.forget();
        }
        if let Some(desk) = &mut self.desk
            && let Some(journal) = &mut desk.journal
        {
            let text = self.document.printed();
            let kept = journal.append(text, jiff::Timestamp::now().as_second());
            desk.unkept = kept.err().map(|error| why_not(journal, &error));
            if desk.unkept.is_none() {
                desk.settle();
            }
        }
    }

    /// Forgets the journal: everything is saved, or given up on purpose.
    pub fn forget(&mut self) {
        let (Some(desk), Some(opened)) = (&mut self.desk, &self.disk) else { return };
        desk.settle();
        if let Some(journal) = &mut desk.journal {
            let _ = journal.clear(opened.fingerprint());
            // Now that nothing is unsaved, nothing is unkept, as long as there is a place for what comes.
            desk.unkept = journal.prepare().err().map(|error| why_not(journal, &error));
        }
    }
}

fn keys(places: &[Place]) -> Vec<ThreatKey> {
    let mut keys: Vec<ThreatKey> =
        places.iter().filter_map(|p| if let Place::Threat(key) = p { Some(key.clone()) } else { None }).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// What a record says now that it did not say before, in a few words.
fn happened(before: Option<&Threat>, after: &Threat) -> String {
    let severity = |t: &Threat| t.effective_severity().map_or("unrated", Severity::name);
    let Some(before) = before else {
        // What is closed already is no work for anybody, however bad it would be.
        let open = matches!(after.status, Status::Open);
        return format!("new, {}", if open { severity(after) } else { after.status.word().title() });
    };
    let mut parts = Vec::new();
    if before.status.word() != after.status.word() {
        parts.push(format!("{}, was {}", after.status.word().title(), before.status.word().title()));
    }
    for row in &after.history[before.history.len().min(after.history.len())..] {
        if !matches!(row.event, Event::Opened) && Event::entering(after.status.word()) != row.event {
            parts.push(row.event.name().to_lowercase());
        }
    }
    if severity(before) != severity(after) {
        parts.push(format!("{}, was {}", severity(after), severity(before)));
    }
    if before.decided_on.is_none() && after.decided_on.is_some() {
        parts.push("decision recorded".to_owned());
    }
    if parts.is_empty() { "record completed".to_owned() } else { parts.join("; ") }
}
