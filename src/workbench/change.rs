//! What an edit changed, in the words of the status line. It does not know how the change came about.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::analysis::Analysis;
use crate::model::{Place, SubjectKind, ThreatKey};

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

/// What is open and what is asked at some time. A question counts once, whatever the number of things it is about, as
/// in every list of questions.
pub(super) struct Standing {
    open: BTreeSet<ThreatKey>,
    asked: BTreeSet<(String, SubjectKind)>,
}

impl Standing {
    pub(super) fn of(analysis: &Analysis) -> Self {
        Self {
            open: analysis.threats.iter().filter(|row| row.is_open()).map(|row| row.key.clone()).collect(),
            asked: analysis.questions.iter().map(|question| (question.fact.clone(), question.kind)).collect(),
        }
    }

    /// What came and went since, in words.
    pub(super) fn summary(&self, after: &Self) -> String {
        let parts = [difference(&self.open, &after.open, "threat"), difference(&self.asked, &after.asked, "question")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// How many came and went: "+2 threats", "−1 question", or "net +1 question (+3 −2)" when it was both.
fn difference<T: Ord>(before: &BTreeSet<T>, after: &BTreeSet<T>, what: &str) -> Option<String> {
    let (came, went) = (after.difference(before).count(), before.difference(after).count());
    let named = |n: usize| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match (came, went) {
        (0, 0) => None,
        (came, 0) => Some(format!("+{}", named(came))),
        (0, went) => Some(format!("−{}", named(went))),
        _ => {
            let sign = match came.cmp(&went) {
                Ordering::Less => "−",
                Ordering::Equal => "±",
                Ordering::Greater => "+",
            };
            Some(format!("net {sign}{} (+{came} −{went})", named(came.abs_diff(went))))
        }
    }
}
