//! The filter of the threats screen. The language is `analysis`'s, shared with the command line; nothing is added here.

use super::state::State;
use super::text::safe;
use crate::analysis::{Filter, ThreatRow};
use crate::workbench::Workbench;

/// The threats that a filter lets through, in its order; the message says what is wrong with it.
pub(crate) fn sift<'a>(bench: &'a Workbench, filter: &str) -> Result<Vec<&'a ThreatRow>, String> {
    let filter = Filter::parse(filter).map_err(|e| e.to_string())?;
    Ok(filter.apply(&bench.analysis().threats, bench.sitting().today))
}

/// Why the filter hides everything, and the way out; `None` when it does not.
pub(crate) fn why_nothing(state: &State) -> Option<String> {
    let (all, today) = (&state.bench.analysis().threats, state.bench.sitting().today);
    let why = Filter::parse(&state.filter).ok()?.why_nothing(all, today);
    if why.is_empty() {
        return None;
    }
    let many = if all.len() == 1 { "1 threat".to_owned() } else { format!("all {} threats", all.len()) };
    let head = format!("The filter hides {many}: Esc clears it, F changes it.");
    let lines = why.iter().map(|line| format!("- {}", safe(line)));
    Some(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"))
}
