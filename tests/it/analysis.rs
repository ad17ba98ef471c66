//! Tests of the room `analysis`. (Being built.)
