//! `export`: the threat list for other tools. The formats are `exchange`'s.

use super::load;
use super::threats::{filter, matching};
use crate::cli::context::{Context, Exit, Outcome};
use crate::cli::parse::Parsed;
use crate::exchange;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let filter = filter(parsed)?;
    let bench = load::open(context, parsed.path("FILE"))?;
    let rows = matching(context, &bench, filter.as_ref());
    match parsed.need("format") {
        "json" => context.print(&exchange::threats_json(&rows, bench.model(), bench.knowledge()))?,
        "markdown" => context.print(&exchange::threats_markdown(&rows, bench.model()))?,
        _ => context.print(&exchange::threats_csv(&rows, bench.model()))?,
    }
    Ok(Exit::Fine)
}
