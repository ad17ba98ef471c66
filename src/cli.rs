//! The command line. (Being built.)
