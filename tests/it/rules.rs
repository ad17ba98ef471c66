//! Tests of the room `rules`. (Being built.)
