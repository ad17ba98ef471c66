//! What the rules say about a model, joined with what people decided. It changes nothing: bringing the register up to
//! date is an `Edit` that the workbench applies. It never reads the clock; "today" is an argument.

mod coverage;
mod explain;
mod filter;
pub mod known;
mod of;
mod question;
mod reconcile;
mod row;
pub mod whatif;

pub use coverage::{Cell, CellState, Coverage, Detail, Group, Letter, Reason, Row, Said};
pub use explain::{
    ExamplePage, Explanation, Line, MitigationPage, RulePage, Section, by_edition, explain_mitigation, explain_rule,
    explain_threat, rule_page,
};
pub use filter::{FILTER_HELP, Filter, FilterError};
pub use reconcile::{is_up_to_date, reconcile};
pub use row::{Confidence, Lint, Question, QuestionSubject, Raises, State, ThreatRow};

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
