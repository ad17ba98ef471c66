//! The verdict of the gate for other programs: SARIF, JUnit, annotations and the like, one file each. What a person at a
//! terminal reads is made by the command line. Nothing is judged here, and every text from a file is made harmless.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;

pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;

use super::gate::{Failure, Verdict};
use super::policy::Policy;
use crate::diagnostic::inert::one_line;
use crate::file::disk::Fingerprint;
use crate::model::Date;
use crate::rules::Knowledge;

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What the gate said.
    pub verdict: &'a Verdict,
    /// Where each failure stands in the model's file, in the order of the failures.
    pub places: &'a [Lines],
    /// The policy.
    pub policy: &'a Policy,
    /// The policy's file from the top of the repository; `None` for the built-in one.
    pub policy_file: Option<&'a str>,
    /// The model's file from the top of the repository, with slashes.
    pub file: &'a str,
    /// The system's name.
    pub system: &'a str,
    /// What the rules find, in general.
    pub knowledge: &'a Knowledge,
    /// What the model was compared with, as it was named.
    pub against: Option<&'a str>,
    /// Today.
    pub today: Date,
}

/// A piece of a text by lines and columns, all from 1, in characters; the last column is one past the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// First line.
    pub line: usize,
    /// Column in it.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// Column in it, one past the end.
    pub end_column: usize,
}

impl<'a> Report<'a> {
    /// The failures that count, with their places.
    fn counting(&self) -> impl Iterator<Item = (&'a Failure, Lines)> + use<'a> {
        let places = self.places.iter().copied();
        let counts = |failure: &&Failure| failure.denies() || failure.warns();
        self.verdict.failures.iter().zip(places).filter(move |(failure, _)| counts(failure))
    }
}

/// A failure in one harmless line.
fn message(failure: &Failure) -> String {
    let title = failure.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
    one_line(&format!("{}{title}", failure.message))
}

/// The ways to green, one harmless line each.
fn ways(failure: &Failure) -> Vec<String> {
    failure.ways.iter().map(|way| one_line(&way.to_string())).collect()
}

/// Sixteen hexadecimal digits of what a failure is about and of nothing else, so that they stay when lines move and when
/// texts and severities change. The version in front changes when they would.
fn fingerprint(failure: &Failure) -> String {
    let mut hex = Fingerprint::of_parts(["fp1:", failure.rule.id(), ":", &failure.id]).hex();
    hex.truncate(16);
    hex
}
