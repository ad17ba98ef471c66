//! Tests of the room `review`: laws on random models, real git, and what people read.

mod git;
mod merge;
