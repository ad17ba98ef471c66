//! Other tools' formats, in and out. Whatever an import cannot carry is listed, never dropped in silence. Reading the
//! file from disk is left to the caller: what comes in here is text, what goes out is text or a model.

mod coverage;
pub mod deployment;
mod imported;
pub mod threat_dragon;
mod threats;

pub use coverage::{coverage_csv, coverage_json, coverage_markdown, coverage_of_json, totals};
pub use imported::{Counts, Imported, Loss, grouped};
pub(crate) use threats::{escape, inert_json};
pub use threats::{threats_csv, threats_json, threats_json_grouped, threats_markdown};
