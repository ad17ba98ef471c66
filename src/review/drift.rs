//! Code that moved on while the model stood still: which elements say that changed files are theirs. It looks at names
//! of files only, never into them, and asks git nothing itself. What deployment files say is compared in `deployed`.

mod deployed;
mod pairs;

use crate::model::{Id, ThreatModel};
pub use deployed::{Deployed, Missing, Open, Strange, Undrawn, deployed};
use glob::{MatchOptions, Pattern};
pub use pairs::Pairs;

/// An element whose code changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Which element.
    pub element: Id,
    /// Its files that changed, from the top of the repository, sorted.
    pub files: Vec<String>,
}

/// What changed files mean for a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Elements with changed code, by id.
    pub touched: Vec<Touched>,
    /// Changed files that the system says are its code and that no element claims.
    pub unclaimed: Vec<String>,
    /// Globs that cannot be read: where they stand, the glob, and why.
    pub unreadable: Vec<(String, String, String)>,
}

/// Finds out what changed files mean for a model. Paths and globs count from the top of the repository; `*` stays within
/// a folder, `**` does not.
pub fn drift(model: &ThreatModel, changed: &[String]) -> Drift {
    let mut drift = Drift::default();
    let mut files: Vec<&String> = changed.iter().collect();
    files.sort();
    files.dedup();
    let mut claimed: Vec<&String> = Vec::new();
    for (id, element) in &model.elements {
        let globs = patterns(&format!("elements.{id}"), &element.code, &mut drift.unreadable);
        let own: Vec<&String> = files.iter().filter(|file| matches(&globs, file)).copied().collect();
        if !own.is_empty() {
            drift.touched.push(Touched { element: id.clone(), files: own.iter().map(|f| (*f).clone()).collect() });
            claimed.extend(own);
        }
    }
    let globs = patterns("system", &model.system.code, &mut drift.unreadable);
    let rest = files.into_iter().filter(|file| matches(&globs, file) && !claimed.contains(file));
    drift.unclaimed = rest.cloned().collect();
    drift
}

fn patterns(place: &str, globs: &[String], unreadable: &mut Vec<(String, String, String)>) -> Vec<Pattern> {
    let mut read = |glob: &String| match Pattern::new(glob.trim_start_matches("./")) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            unreadable.push((place.to_owned(), glob.clone(), error.msg.to_owned()));
            None
        }
    };
    globs.iter().filter_map(&mut read).collect()
}

fn matches(globs: &[Pattern], file: &str) -> bool {
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    globs.iter().any(|glob| glob.matches_with(file, options))
}
