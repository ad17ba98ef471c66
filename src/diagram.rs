//! How a model looks. (Being built.)
