//! What an edit changed, in the words of the status line. It does not know how the change came about.

use std::collections::BTreeSet;

use crate::analysis::Analysis;
use crate::model::{Place, ThreatKey};

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What was done, as given with the edit.
    pub label: String,
    /// What the rules say about it: "+2 threats, −1 question"; empty when nothing changed for them.
    pub summary: String,
    /// The places that were touched, sorted.
    pub touched: Vec<Place>,
}

/// Compares two evaluations in words.
pub(super) fn summary(before: &Analysis, after: &Analysis) -> String {
    let open = |a: &Analysis| -> BTreeSet<ThreatKey> {
        a.threats.iter().filter(|t| t.is_open()).map(|t| t.key.clone()).collect()
    };
    let asked = |a: &Analysis| -> BTreeSet<String> {
        let subjects = |q: &crate::analysis::Question| {
            let fact = q.fact.clone();
            q.subjects.iter().map(move |s| format!("{fact} {}", s.id)).collect::<Vec<_>>()
        };
        a.questions.iter().flat_map(subjects).collect()
    };
    let (threats, questions) = ((open(before), open(after)), (asked(before), asked(after)));
    let mut parts = Vec::new();
    parts.extend(delta(threats.1.difference(&threats.0).count(), '+', "threat"));
    parts.extend(delta(threats.0.difference(&threats.1).count(), '−', "threat"));
    parts.extend(delta(questions.1.difference(&questions.0).count(), '+', "question"));
    parts.extend(delta(questions.0.difference(&questions.1).count(), '−', "question"));
    parts.join(", ")
}

fn delta(count: usize, sign: char, what: &str) -> Option<String> {
    let plural = if count == 1 { "" } else { "s" };
    (count > 0).then(|| format!("{sign}{count} {what}{plural}"))
}
