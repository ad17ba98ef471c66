//! Other tools' formats. (Being built.)
