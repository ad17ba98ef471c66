//! Tests of the room `model`: edits and acts on generated models.

pub(crate) mod arbitrary;
mod laws;
