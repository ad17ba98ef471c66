//! Tests of the room `file`. (Being built.)
