//! The syntax of RON text: a tree with spans and comments, and every error with where it is.
//! It does not know what a threat model is.

mod brackets;
mod lex;
mod mend;
mod parse;
mod quotes;
mod slips;
mod text;
mod tree;

pub(crate) use mend::{Mended, Places, line_around, mend};
pub(crate) use parse::{Parsed, parse};
pub(crate) use text::{quote, unquote};
pub(crate) use tree::{Kind, Node, NodeRef, Tree};

/// The longest text that is read, in bytes.
pub const LARGEST: usize = 32 << 20;
/// How deep brackets may nest.
pub(crate) const DEEPEST: usize = 64;
/// How many errors are collected before reading stops.
pub(crate) const MOST_ERRORS: usize = 1000;
