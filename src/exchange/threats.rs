//! The list of threats for other programs and for people without this one: CSV, JSON and Markdown.
//! What is in the list and in which order the caller decides; nothing is filtered or sorted here but Markdown's groups.

mod csv;
mod json;
mod markdown;

pub(super) use csv::cell;
pub use csv::threats_csv;
pub(crate) use json::inert_json;
pub use json::{threats_json, threats_json_grouped};
pub(crate) use markdown::escape;
pub use markdown::threats_markdown;
