//! Tests of the room `model`. (Being built.)
