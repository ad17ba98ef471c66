//! Rules, seen from outside: the directory, the proofs, and the laws of evaluation. Single rules are tested by their
//! own examples.

mod proof;
