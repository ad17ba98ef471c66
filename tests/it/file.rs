//! Tests of the room `file`: texts in, texts out.

mod broken;
mod comments;
mod disk;
pub(crate) mod format;
mod git;
mod laws;
mod pictures;
