//! What a reviewer and a CI job need: what changed between two states of a model, merging them by meaning, holding a
//! policy, figures over the history. It decides nothing about threats, shows nothing, and changes a model only by edits;
//! `git` is the only file here that runs a program.

pub mod diff;
pub mod drift;
pub mod gate;
pub mod git;
pub mod merge;
pub mod metrics;
pub mod policy;
pub mod report;
pub mod resolve;
pub mod runs;
