//! Tests of the room `review`: laws on random models, real git, and what people read.

mod diff;
mod drift;
mod git;
mod merge;
