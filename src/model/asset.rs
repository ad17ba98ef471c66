//! Assets: classes of data worth protecting. Not single records, and not the systems that hold them.

use super::word::words;
use super::{Confidentiality, Facts, Id, Level};

words! {
    /// What sort of data it is; rules about secrets, payments or privacy ask for it.
    AssetKind {
        /// Personal data.
        Pii,
        /// Special categories of personal data (GDPR, article 9).
        Special,
        /// Data about children.
        Child,
        /// Card numbers and payment orders.
        Payment,
        /// Health data.
        Health,
        /// Where somebody is or was.
        Location,
        /// Passwords and their like.
        Credential,
        /// Session identifiers.
        Session,
        /// Keys that sign or decrypt.
        SecretKey,
        /// Access tokens.
        Token,
        /// Settings.
        Config,
        /// Source code.
        Code,
        /// Built software.
        Artifact,
        /// Machine-learning models.
        Model,
        /// Training or evaluation data.
        Dataset,
        /// Instructions to a language model.
        Prompt,
        /// Logs.
        Log,
        /// Records of who did what.
        Audit,
        /// Measurements.
        Telemetry,
        /// Data that safety depends on.
        Safety,
        /// Business data of no kind that needs care of its own: a catalogue, help articles.
        Other,
    }
}

/// A class of data. What is `None` is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Asset {
    /// What people call it.
    pub name: String,
    /// Ids it had before, oldest first.
    pub formerly: Vec<Id>,
    /// A sentence or more.
    pub description: Option<String>,
    /// What sort of data it is.
    pub kind: Option<AssetKind>,
    /// Who may see it.
    pub confidentiality: Option<Confidentiality>,
    /// How much it matters that it is right.
    pub integrity: Option<Level>,
    /// How much it matters that it is there.
    pub availability: Option<Level>,
    /// Further facts of the vocabulary.
    pub facts: Facts,
}
