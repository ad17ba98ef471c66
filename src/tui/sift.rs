//! The filter of the threats screen. The language is `analysis`'s, shared with the command line; nothing is added here.

use crate::analysis::{Filter, ThreatRow};
use crate::workbench::Workbench;

/// The threats that a filter lets through, in its order; the message says what is wrong with it.
pub(crate) fn sift<'a>(bench: &'a Workbench, filter: &str) -> Result<Vec<&'a ThreatRow>, String> {
    let filter = Filter::parse(filter).map_err(|e| e.to_string())?;
    Ok(filter.apply(&bench.analysis().threats, bench.sitting().today))
}
