//! Tests of the room `review`: laws on random models, real git, and what people read.

mod ci;
pub(crate) mod deployed;
mod diff;
mod drift;
mod fields;
mod gate;
mod git;
mod merge;
mod metrics;
mod runs;
