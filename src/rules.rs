//! STRIDE knowledge as data. (Being built.)
