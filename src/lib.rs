//! sconce, a threat-modeling workbench for the terminal. The library holds everything; the binary only starts it.
//! It is not meant as a stable interface for other crates: the command line and the file format are.
#![doc = include_str!("ARCHITECTURE.md")]

pub mod analysis;
pub mod cli;
pub mod command;
pub mod diagnostic;
pub mod diagram;
pub mod exchange;
pub mod file;
pub mod model;
pub mod review;
pub mod rules;
pub mod tui;
pub mod workbench;
