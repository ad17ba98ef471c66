//! No verb: hands the model to the workbench, or without a terminal prints the overview.

use super::{load, overview};
use crate::cli::End;
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::parse::Parsed;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Result<End, Failure> {
    let bench = load::open(context, parsed.path("FILE"))?;
    if context.interactive {
        return Ok(End::Open(Box::new(bench)));
    }
    context.print(&overview::text(&bench))?;
    Ok(End::Exit(Exit::Fine))
}
