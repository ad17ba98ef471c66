//! STRIDE knowledge as data: vocabulary, technologies, rules. (Being built.)

use crate::model::{Technologies, Vocabulary};

/// Everything the rules rest on.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Facts that can be stated.
    pub vocabulary: Vocabulary,
    /// Technologies with their hierarchy.
    pub technologies: Technologies,
}
