//! Tests of the room `diagram`. (Being built.)
