//! Text on disk to model and back. (Being built.)
