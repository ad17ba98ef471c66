//! Rules, seen from outside: the directory, the proofs, and what single conditions mean. Single rules are tested by
//! their own examples.

mod column;
pub(crate) mod condition;
mod graph;
mod laws;
pub(crate) mod proof;
mod reads;
mod references;
mod silence;
mod sketch;
mod subsume;
mod truth;
