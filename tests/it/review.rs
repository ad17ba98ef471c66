//! Tests of the room `review`: laws on random models, real git, and what people read.

mod drift;
mod gate;
mod git;
mod merge;
mod metrics;
