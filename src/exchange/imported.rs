//! What an import hands over: the model, what was left behind, and what a person should know.
//! It is not a report: the surfaces put it into words and escape it.

use std::collections::BTreeMap;

use crate::model::ThreatModel;

/// A model from another tool's file, with an account of what became of the rest.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Imported {
    /// The model.
    pub model: ThreatModel,
    /// What the model cannot say, in the order of the file.
    pub losses: Vec<Loss>,
    /// How things were understood, one sentence each, without a full stop. They may quote the file.
    pub notes: Vec<String>,
    /// How much there was.
    pub counts: Counts,
}

/// One piece of information that was not carried over. Its texts may quote the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Where it stood: the diagram and the thing in it.
    pub where_: String,
    /// What sort of information it is; losses are grouped by this.
    pub what: String,
    /// The information itself on one line, cut after 120 characters; may be empty.
    pub value: String,
}

/// How many of each the file had, or the model got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Diagrams of the file.
    pub diagrams: usize,
    /// Cells (shapes) of the file. Each became a thing, a text, or a loss.
    pub cells: usize,
    /// Text blocks, now part of a diagram's description.
    pub texts: usize,
    /// Elements of the model.
    pub elements: usize,
    /// Flows of the model; a flow in both directions counts twice.
    pub flows: usize,
    /// Trust boundaries of the model, lines included.
    pub boundaries: usize,
    /// Threats of the model.
    pub threats: usize,
    /// Mitigations of the model.
    pub mitigations: usize,
    /// Pieces of information that were not carried: the number of losses.
    pub not_carried: usize,
}

/// Losses by what they are, in alphabetical order, each with its places in the order of the file.
pub fn grouped(losses: &[Loss]) -> Vec<(&str, Vec<&Loss>)> {
    let mut groups: BTreeMap<&str, Vec<&Loss>> = BTreeMap::new();
    for loss in losses {
        groups.entry(&loss.what).or_default().push(loss);
    }
    groups.into_iter().collect()
}
