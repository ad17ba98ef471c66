//! One open model: edits, undo, live analysis, saving. The façade that both surfaces drive.
//! It shows nothing and asks nothing: what happened comes back as a value.

mod barred;
mod change;
mod compare;
mod day;
mod knowledge;
mod open;
mod policy;
mod replay;
mod save;
pub mod walk;

pub use barred::Barred;
pub use change::Changed;
use change::Standing;
pub use compare::Offered;
pub use day::{read_day, read_day_to_come};
pub use knowledge::{knowledge_in, knowledge_of, team_in};
pub use open::OpenError;
pub use policy::{PolicyError, policy_file, read_policy};
pub use replay::{Replay, ReplayError, replay};
pub use save::{SaveError, Saved};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::{Analysis, Live, Touch};
use crate::diagnostic::{Diagnostic, Span};
use crate::file::{Document, Step, disk, journal, lock};
use crate::model::{Date, Edit, EditError, Place, ThreatModel};
use crate::rules::Knowledge;

/// Who sits at the workbench, and on which day. Both are arguments, so that nothing below reads a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// Name that decisions are recorded under.
    pub who: String,
    /// Today.
    pub today: Date,
}

/// One open model.
#[derive(Debug)]
pub struct Workbench {
    document: Document,
    knowledge: Arc<Knowledge>,
    live: Live,
    sitting: Sitting,
    past: Vec<Done>,
    future: Vec<Done>,
    /// How many steps the file on disk has; `None` when it cannot be reached by undo or redo.
    saved_at: Option<usize>,
    disk: Option<disk::Opened>,
    notices: Vec<Diagnostic>,
    desk: Option<Desk>,
    remade: Option<Remade>,
}

/// A merge that was made again from its sides; the file still has what git left.
#[derive(Clone, Copy, Debug)]
struct Remade {
    /// Whether the file has something that git did not write.
    is_touched: bool,
}

/// What a sitting of some length holds besides the model: the lock and the journal.
#[derive(Debug)]
struct Desk {
    journal: Option<journal::Journal>,
    /// Why the last change is in no journal, or the next one will not be.
    unkept: Option<String>,
    /// What earlier sittings left and nobody has decided about.
    left: Vec<PathBuf>,
    /// Of those, the one that was taken over; it goes when its work is safe elsewhere.
    taken: Option<PathBuf>,
    /// The journal of what was taken over and taken back again.
    aside: Option<PathBuf>,
    _lock: Option<lock::Lock>,
    barred: Option<Barred>,
    /// Where journals are.
    state: Option<PathBuf>,
}

/// A step that can be taken back, or taken again.
#[derive(Debug)]
struct Done {
    label: String,
    back: Back,
}

/// How a step is taken back.
#[derive(Debug)]
enum Back {
    /// By the inverse of its edit.
    Step(Step),
    /// By the whole document before it, and what there was to say about that one.
    Whole(Box<(Document, Vec<Diagnostic>)>),
}

impl Workbench {
    /// Opens a model that no file holds yet.
    pub fn in_memory(model: ThreatModel, knowledge: Arc<Knowledge>, sitting: Sitting) -> Self {
        Self::with(Document::new(model), knowledge, sitting)
    }

    fn with(document: Document, knowledge: Arc<Knowledge>, sitting: Sitting) -> Self {
        let live = Live::of(document.model(), &knowledge, sitting.today);
        Self::with_live(document, knowledge, sitting, live)
    }

    fn with_live(document: Document, knowledge: Arc<Knowledge>, sitting: Sitting, live: Live) -> Self {
        Self {
            document,
            knowledge,
            live,
            sitting,
            past: Vec::new(),
            future: Vec::new(),
            saved_at: Some(0),
            disk: None,
            notices: Vec::new(),
            desk: None,
            remade: None,
        }
    }

    /// Ends the last sitting of a process: the lock goes, and the memory is left to the process's end, which takes it
    /// back at once.
    pub fn leave(mut self) {
        self.desk = None;
        std::mem::forget(self);
    }

    /// The model as it is now.
    pub fn model(&self) -> &ThreatModel {
        self.document.model()
    }

    /// What the rules say about it, joined with the register.
    pub fn analysis(&self) -> &Analysis {
        self.live.analysis()
    }

    /// Vocabulary, technologies, rules and catalogue.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Who sits here, and when.
    pub fn sitting(&self) -> &Sitting {
        &self.sitting
    }

    /// What the model is called on the screen: the file's name, or the system's.
    pub fn title(&self) -> String {
        let name = self.disk.as_ref().and_then(|d| d.path.file_name()).map(|n| n.to_string_lossy().into_owned());
        name.unwrap_or_else(|| self.model().system.name.clone())
    }

    /// What reading the file had to say, warnings and notes.
    pub fn notices(&self) -> &[Diagnostic] {
        &self.notices
    }

    /// The model's file as it was named; `None` for a model without one.
    pub fn path(&self) -> Option<&Path> {
        self.disk.as_ref().map(|d| d.path.as_path())
    }

    /// What keeps the model from being changed, if anything does. Locks and permissions are known once somebody has
    /// sat down.
    pub fn barred(&self) -> Option<Barred> {
        let crate::model::Format { major, minor } = self.model().format;
        let newer = self.document.read_only().then(|| Barred::Newer(format!("{major}.{minor}")));
        newer.or_else(|| self.desk.as_ref()?.barred.clone())
    }

    /// Whether something was changed since the last save.
    pub fn is_dirty(&self) -> bool {
        self.saved_at != Some(self.past.len())
    }

    /// The text as it would be written.
    pub fn text(&self) -> String {
        self.document.text()
    }

    /// The text that places in it refer to: the file as it was read, or as it would be written.
    pub fn source(&self) -> &str {
        self.document.source()
    }

    /// The whole of what a path into the model leads to in [`Workbench::source`], such as a threat's own entry.
    pub fn whole_of(&self, path: &[String]) -> Option<Span> {
        self.document.whole_of(path)
    }

    /// The diagnostic with places in [`Workbench::source`] instead of paths into the model.
    #[must_use]
    pub fn resolve(&self, diagnostic: Diagnostic) -> Diagnostic {
        self.document.resolve(diagnostic)
    }

    /// Changes the model and evaluates it anew. `label` says what was done, for undo and the status line.
    pub fn apply(&mut self, label: &str, edit: Edit) -> Result<Changed, EditError> {
        if self.barred().is_some() {
            return Err(EditError::ReadOnly);
        }
        let mut touched = edit.places();
        touched.sort();
        touched.dedup();
        let back = self.document.apply(edit)?;
        let touch = Touch::of(back.edit(), self.document.model());
        if self.saved_at.is_some_and(|at| at > self.past.len()) {
            self.saved_at = None;
        }
        self.future.clear();
        self.past.push(Done { label: label.to_owned(), back: Back::Step(back) });
        Ok(self.changed(label, touched, &touch))
    }

    /// Takes the last step back; `None` when there is none.
    pub fn undo(&mut self) -> Option<Changed> {
        let done = self.past.pop()?;
        let (forth, touched, touch) = self.turn(done.back)?;
        if let (Back::Whole(_), Some(desk), Some(opened)) = (&forth, &mut self.desk, &self.disk) {
            desk.set_aside(opened);
        }
        self.future.push(Done { label: done.label.clone(), back: forth });
        Some(self.changed(&done.label, touched, &touch))
    }

    /// Takes the last step again that was taken back; `None` when there is none.
    pub fn redo(&mut self) -> Option<Changed> {
        let done = self.future.pop()?;
        let (back, touched, touch) = self.turn(done.back)?;
        if let (Back::Whole(_), Some(desk)) = (&back, &mut self.desk) {
            desk.taken = desk.aside.take();
        }
        self.past.push(Done { label: done.label.clone(), back });
        Some(self.changed(&done.label, touched, &touch))
    }

    /// Goes the way of a step and returns the way in the other direction, and the places it touched.
    fn turn(&mut self, way: Back) -> Option<(Back, Vec<Place>, Touch)> {
        match way {
            Back::Step(step) => {
                let touched = step.edit().places();
                let back = self.document.revert(step).ok()?;
                let touch = Touch::of(back.edit(), self.document.model());
                Some((Back::Step(back), touched, touch))
            }
            Back::Whole(mut other) => {
                std::mem::swap(&mut self.document, &mut other.0);
                std::mem::swap(&mut self.notices, &mut other.1);
                Some((Back::Whole(other), Vec::new(), Touch::whole()))
            }
        }
    }

    /// Labels of the steps that undo would take back, the latest first.
    pub fn history(&self) -> impl Iterator<Item = &str> {
        self.past.iter().rev().map(|d| d.label.as_str())
    }

    /// Labels of the steps that redo would make again, the next one first.
    pub fn undone(&self) -> impl Iterator<Item = &str> {
        self.future.iter().rev().map(|d| d.label.as_str())
    }

    /// Lets the rules follow a change, writes the journal, and says what is different.
    fn changed(&mut self, label: &str, touched: Vec<Place>, touch: &Touch) -> Changed {
        let before = Standing::of(self.live.analysis());
        self.live.follow(self.document.model(), &self.knowledge, self.sitting.today, touch);
        let summary = before.summary(&Standing::of(self.live.analysis()));
        self.remember();
        Changed { label: label.to_owned(), summary, touched }
    }
}
