//! Tests of the room `file`: texts in, texts out.

mod format;
