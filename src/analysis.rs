//! What the rules say about a model, joined with what people decided. It changes nothing: bringing the register up to
//! date is an `Edit` that the workbench applies. It never reads the clock; "today" is an argument.

mod row;

pub use row::{Confidence, Lint, Question, QuestionSubject, State, ThreatRow};

use crate::model::{Date, ThreatModel};
use crate::rules::Knowledge;

/// What the rules say about a model.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Analysis {
    /// Threats, worst first.
    pub threats: Vec<ThreatRow>,
    /// Questions, the most decisive first.
    pub questions: Vec<Question>,
    /// Gaps in the model.
    pub lints: Vec<Lint>,
}

impl Analysis {
    /// Evaluates a model.
    pub fn of(_model: &ThreatModel, _knowledge: &Knowledge, _today: Date) -> Self {
        Self::default()
    }
}
