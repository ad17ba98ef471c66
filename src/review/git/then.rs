//! Where two branches parted, and a file as it was at a commit, under the name that it had there.

use super::{Answer, Repository, line};

/// Where the histories of two commits part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The commit; the first of the two where they have nothing in common.
    pub commit: String,
    /// Whether they have; in a clone without its whole history that may not be known.
    pub is_known: bool,
}

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Then {
    /// Its text; `None` where it was not there.
    pub text: Option<String>,
    /// The name that it had, where that was another one.
    pub former: Option<String>,
}

impl Repository {
    /// Whether a reference says that nothing was before: jobs of CI give an empty one, or the id that git writes for no
    /// object (zeros, 40 of SHA-1 and 64 of SHA-256), for a branch that is pushed for the first time and for a run that no
    /// push started.
    pub fn is_nothing(reference: &str) -> bool {
        matches!(reference.len(), 0 | 40 | 64) && reference.bytes().all(|b| b == b'0')
    }

    /// Where the histories of two commits part.
    pub fn parting(&self, there: &str, here: &str) -> Answer<Parting> {
        if there == here {
            return Ok(Parting { is_known: true, commit: there.to_owned() });
        }
        let base = self.ask(&["merge-base", there, here])?.map(|out| line(&out));
        Ok(Parting { is_known: base.is_some(), commit: base.unwrap_or_else(|| there.to_owned()) })
    }

    /// A file as it was in a commit, found by its name of today.
    pub fn then(&self, commit: &str, path: &str) -> Answer<Then> {
        if let Some(text) = self.show(commit, path)? {
            return Ok(Then { text: Some(text), former: None });
        }
        let former = self.former_name(commit, path)?;
        let text = former.as_ref().map(|name| self.show(commit, name)).transpose()?.flatten();
        Ok(Then { text, former })
    }
}
