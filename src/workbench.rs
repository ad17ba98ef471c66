//! One open model. (Being built.)
