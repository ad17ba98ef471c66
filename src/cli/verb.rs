//! One file per verb: arguments in, text or JSON out. Nothing here computes what it prints.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod coverage;
pub(super) mod drift;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod fmt;
pub(super) mod gate;
pub(super) mod git;
pub(super) mod import;
pub(super) mod init;
mod load;
pub(super) mod man;
pub(super) mod merge;
pub(super) mod metrics;
pub(super) mod open;
mod overview;
mod prose;
pub(super) mod questions;
pub(super) mod rename;
pub(super) mod render;
pub(super) mod resolve;
pub(super) mod rule;
mod table;
pub(super) mod threats;
pub(super) mod update;
pub(super) mod whatif;
