//! The binary: runs the command line and, where that ends with an open model, the workbench. No behaviour of its own.

use std::process::ExitCode;

use sconce::cli::{self, Context, End, First};
use sconce::tui;

fn main() -> ExitCode {
    let mut context = Context::of_the_process();
    match cli::run(std::env::args_os().collect(), &mut context) {
        End::Exit(exit) => ExitCode::from(exit.code()),
        End::Open(bench, First::Usual) => tui::run(*bench, None),
        End::Open(bench, First::Walk(of)) => tui::run(*bench, Some(of)),
    }
}
