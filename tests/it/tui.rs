//! Tests of the room `tui`. (Being built.)
