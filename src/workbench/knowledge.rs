//! The rules that count for a model: the built-in ones, with what the team of its repository laid over them. The one
//! place where both surfaces get them. It keeps nothing: who wants to see a change of the team's files asks again.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::InFile;
use crate::file::team;
use crate::rules::Knowledge;
use crate::rules::team::{Team, read};

/// The rules for the model in a file. A file that is not there has the built-in ones: that it is not there is for
/// whoever opens it to say.
pub fn knowledge_of(model: &Path) -> Result<Arc<Knowledge>, Vec<InFile>> {
    match model.canonicalize() {
        Ok(model) => knowledge_in(model.parent().unwrap_or(&model)),
        Err(_) => Ok(Knowledge::builtin()),
    }
}

/// The rules for the models in a folder.
pub fn knowledge_in(folder: &Path) -> Result<Arc<Knowledge>, Vec<InFile>> {
    Ok(team_in(folder)?.map_or_else(Knowledge::builtin, |team| Arc::new(team.knowledge)))
}

/// The team of a folder, with its rules as they are written; `None` where it has none of its own.
pub fn team_in(folder: &Path) -> Result<Option<Team>, Vec<InFile>> {
    team::read(folder)?.map(|folder| read(&folder)).transpose()
}
