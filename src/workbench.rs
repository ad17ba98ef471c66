//! One open model: edits, undo, live analysis, saving. The façade that both surfaces drive.
//! It shows nothing and asks nothing: what happened comes back as a value.

mod change;

pub use change::Changed;

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::model::{Date, Edit, EditError, ThreatModel};
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
    model: ThreatModel,
    knowledge: Arc<Knowledge>,
    analysis: Analysis,
    sitting: Sitting,
    past: Vec<Step>,
    future: Vec<Step>,
    saved_at: Option<usize>,
}

/// A step that can be taken back, or taken again.
#[derive(Debug)]
struct Step {
    label: String,
    inverse: Edit,
}

impl Workbench {
    /// Opens a model that no file holds yet.
    pub fn in_memory(model: ThreatModel, knowledge: Arc<Knowledge>, sitting: Sitting) -> Self {
        let analysis = Analysis::of(&model, &knowledge, sitting.today);
        Self { model, knowledge, analysis, sitting, past: Vec::new(), future: Vec::new(), saved_at: Some(0) }
    }

    /// The model as it is now.
    pub fn model(&self) -> &ThreatModel {
        &self.model
    }

    /// What the rules say about it, joined with the register.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
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
        self.model.system.name.clone()
    }

    /// Whether something was changed since the last save.
    pub fn is_dirty(&self) -> bool {
        self.saved_at != Some(self.past.len())
    }

    /// Changes the model and evaluates it anew. `label` says what was done, for undo and the status line.
    pub fn apply(&mut self, label: &str, edit: Edit) -> Result<Changed, EditError> {
        if self.saved_at.is_some_and(|at| at > self.past.len()) {
            self.saved_at = None;
        }
        let changed = self.change(label, edit)?;
        self.future.clear();
        Ok(changed)
    }

    fn change(&mut self, label: &str, edit: Edit) -> Result<Changed, EditError> {
        let mut touched = edit.places();
        touched.sort();
        touched.dedup();
        let inverse = edit.apply(&mut self.model)?;
        let before = std::mem::take(&mut self.analysis);
        self.analysis = Analysis::of(&self.model, &self.knowledge, self.sitting.today);
        self.past.push(Step { label: label.to_owned(), inverse });
        Ok(Changed { label: label.to_owned(), summary: change::summary(&before, &self.analysis), touched })
    }

    /// Takes the last step back; `None` when there is none.
    pub fn undo(&mut self) -> Option<Changed> {
        let step = self.past.pop()?;
        let changed = self.change(&step.label, step.inverse).ok()?;
        self.future.extend(self.past.pop());
        Some(changed)
    }

    /// Takes the last step again that was taken back; `None` when there is none.
    pub fn redo(&mut self) -> Option<Changed> {
        let step = self.future.pop()?;
        self.change(&step.label, step.inverse).ok()
    }
}
