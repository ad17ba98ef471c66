//! All integration tests, in one binary. Each module tests one room the way its users see it; no test reads the
//! network, the home directory or the clock.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod analysis;
mod bench;
mod cli;
mod diagram;
mod exchange;
mod file;
mod model;
mod pty;
mod readme;
mod review;
mod rules;
mod sandbox;
mod tidy;
mod tui;
mod workbench;
