//! The binary: starts the command line. It has no behaviour of its own.

fn main() {}
