//! What the rules say about a model, joined with what people decided. It changes nothing: bringing the register up to
//! date is an `Edit` that the workbench applies. It never reads the clock; "today" is an argument.

mod row;

pub use row::{Confidence, Lint, Question, QuestionSubject, State, ThreatRow};
