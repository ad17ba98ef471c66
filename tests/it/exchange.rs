//! Tests of the room `exchange`. (Being built.)
