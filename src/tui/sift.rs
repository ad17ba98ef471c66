//! The filter of the threats screen. The language is `analysis`'s, shared with the command line; nothing is added here.

use super::state::State;
use super::state::layer::Page;
use super::text::safe;
use crate::analysis::{FILTER_HELP, Filter, ThreatRow};
use crate::workbench::Workbench;

/// The threats that a filter lets through, in its order; the message says what is wrong with it.
pub(crate) fn sift<'a>(bench: &'a Workbench, filter: &str) -> Result<Vec<&'a ThreatRow>, String> {
    let filter = Filter::parse(filter).map_err(|e| e.to_string())?.naming(bench.model());
    Ok(filter.apply(&bench.analysis().threats, bench.sitting().today))
}

/// The page that explains the language.
pub(crate) fn language() -> Page {
    let words = FILTER_HELP.iter().flat_map(|(word, meaning)| [(*word).to_owned(), format!("  {meaning}")]);
    Page { title: "Words of a filter".to_owned(), lines: words.collect(), is_table: false, scroll: 0 }
}

/// Why the filter hides everything, and the way out; `None` when it does not.
pub(crate) fn why_nothing(state: &State) -> Option<String> {
    let (all, today) = (&state.bench.analysis().threats, state.bench.sitting().today);
    let why = Filter::parse(&state.filter).ok()?.naming(state.bench.model()).why_nothing(all, today);
    if why.is_empty() {
        return None;
    }
    let many = if all.len() == 1 { "1 threat".to_owned() } else { format!("all {} threats", all.len()) };
    let head = format!("The filter hides {many}: Esc clears it, F changes it.");
    let lines = why.iter().map(|line| format!("- {}", safe(line)));
    Some(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"))
}
