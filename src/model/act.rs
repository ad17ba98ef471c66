//! Acts: what a person means, as edits. Every verb of the command line and every key of the workbench that changes a
//! model goes through one of these or makes a plain `Edit`. Nothing here applies an edit or asks a rule.

mod decide;
mod draw;
mod refer;
mod work;

pub use decide::{Decision, consider, decide, own_threat, record};
pub use draw::{Gone, add_boundary, add_element, connect, delete, move_into, rename_name, set_fact, wrap};
pub use refer::{RenameError, map_entry, mentions, rename};
pub use work::{add_mitigation, change_mitigations, delete_mitigation, threats_naming};
