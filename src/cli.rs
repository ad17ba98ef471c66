//! The command line: parses arguments with the command table and runs one file per verb. It decides exit codes and
//! prints; what is printed is made by the rooms below. It never draws a screen: it hands the open model on.

mod context;
mod parse;
mod progress;
mod verb;

use std::ffi::OsString;

pub use context::{Context, Exit};

use crate::command::Verb;
use crate::workbench::Workbench;
use crate::workbench::walk::Range;

/// How a command line ended.
#[derive(Debug)]
pub enum End {
    /// With an exit code; what a person should see went to the context's streams.
    Exit(Exit),
    /// With a model that a person wants to see in the workbench, and what they want to see first.
    Open(Box<Workbench>, First),
}

/// What a workbench shows first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// The diagram, or what a merge left to decide.
    Usual,
    /// The walk-through.
    Walk(Range),
}

/// Runs one command line, the program's name first.
pub fn run(args: Vec<OsString>, context: &mut Context) -> End {
    let parsed = match parse::parse(args) {
        Ok(parsed) => parsed,
        Err(error) => return End::Exit(context.usage(&error)),
    };
    let done = context.settle(&parsed).and_then(|()| match parsed.verb {
        None => verb::open::run(&parsed, context),
        Some(verb) => run_verb(verb, &parsed, context),
    });
    done.unwrap_or_else(|failure| End::Exit(context.report(&failure)))
}

fn run_verb(verb: Verb, parsed: &parse::Parsed, context: &mut Context) -> Result<End, context::Failure> {
    let exit = match verb {
        Verb::Init => verb::init::run(parsed, context),
        Verb::Check => verb::check::run(parsed, context),
        Verb::Update => verb::update::run(parsed, context),
        Verb::Fmt => verb::fmt::run(parsed, context),
        Verb::Rename => verb::rename::run(parsed, context),
        Verb::Render => verb::render::run(parsed, context),
        Verb::Threats => verb::threats::run(parsed, context),
        Verb::Questions => verb::questions::run(parsed, context),
        Verb::Explain => verb::explain::run(parsed, context),
        Verb::RuleList => verb::rule::list::run(parsed, context),
        Verb::RuleShow => verb::rule::show::run(parsed, context),
        Verb::RuleCheck => verb::rule::check::run(parsed, context),
        Verb::RuleNew => verb::rule::new::run(parsed, context),
        Verb::Coverage => verb::coverage::run(parsed, context),
        Verb::Walk => return verb::walk::run(parsed, context),
        Verb::Whatif => verb::whatif::run(parsed, context),
        Verb::Diff => verb::diff::run(parsed, context),
        Verb::Merge => verb::merge::run(parsed, context),
        Verb::Resolve => verb::resolve::run(parsed, context),
        Verb::Drift => verb::drift::run(parsed, context),
        Verb::Metrics => verb::metrics::run(parsed, context),
        Verb::GitInstall => verb::git::install(context),
        Verb::GitUninstall => verb::git::uninstall(context),
        Verb::GitStatus => verb::git::status(context),
        Verb::Gate => verb::gate::run(parsed, context),
        Verb::Import => verb::import::run(parsed, context),
        Verb::Export => verb::export::run(parsed, context),
        Verb::Completions => verb::completions::run(parsed, context),
        Verb::Man => verb::man::run(context),
    };
    exit.map(End::Exit)
}
