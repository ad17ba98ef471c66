//! `completions`: scripts for shells, from the command table.

use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::{Parsed, command};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let shell: clap_complete::Shell = parsed
        .need("SHELL")
        .parse()
        .map_err(|_| Failure::new(Exit::Usage, "SHELL is one of bash, elvish, fish, powershell, zsh"))?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "sconce", &mut script);
    context.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
