//! What the rules say about a model, joined with what people decided. It changes nothing: bringing the register up to
//! date is an `Edit` that the workbench applies. It never reads the clock; "today" is an argument.

mod coverage;
mod decisions;
mod explain;
mod filter;
mod group;
pub mod known;
mod live;
mod of;
mod question;
mod readers;
mod reconcile;
mod register;
mod row;
mod scope;
mod score;
mod touch;
pub mod walk;
pub mod whatif;

pub use coverage::{Area, Cell, CellState, Coverage, Detail, Letter, Reason, Row, Said};
pub use decisions::{CODES as DECISION_CODES, Expiring, expiring, unsettled};
pub use explain::{
    ExamplePage, Explanation, Line, MitigationPage, RulePage, Section, by_edition, explain_mitigation, explain_rule,
    explain_threat, rule_page,
};
pub use filter::{FILTER_HELP, Filter, FilterError};
pub use group::{By, Group, Shared, groups, provided, raised_as};
pub use live::Live;
pub use reconcile::{is_up_to_date, reconcile};
pub use row::{Confidence, Lint, Question, QuestionSubject, Raises, State, ThreatRow};
pub use score::{Base, Exposure, Reach, Score};
pub use touch::Touch;

/// What the rules say about a model.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Analysis {
    /// Threats: what is open first, and then by their scores.
    pub threats: Vec<ThreatRow>,
    /// Questions, the most decisive first.
    pub questions: Vec<Question>,
    /// Gaps in the model.
    pub lints: Vec<Lint>,
    /// What scores need to know of the diagram.
    pub reach: Reach,
}
