//! The screen. (Being built.)
