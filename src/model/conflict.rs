//! Decisions that a merge of two branches left to people. Taking them is for `review`; here they are only kept.

/// Something that both branches changed in ways that exclude each other. Values are written as the file writes them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Conflict {
    /// The section and key, such as `elements.web`.
    pub of: String,
    /// The field, such as `owner` or `facts.authn`; nothing when the whole entry is in question.
    pub field: Option<String>,
    /// What both branches started from; nothing when it was not there.
    pub base: Option<String>,
    /// What our branch says, which the model holds until somebody decides; nothing when it took it out.
    pub ours: Option<String>,
    /// What the other branch says; nothing when it took it out.
    pub theirs: Option<String>,
    /// Why it has to be decided, where that cannot be seen from the three.
    pub why: Option<String>,
}
