//! The policy that a model is held against, for the command line: the file that is named, else the one that the workbench
//! finds, with everything that is wrong with it shown where it stands.

use std::path::{Path, PathBuf};

use super::{Held, PolicyFile, from_top};
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::verb::load;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::{Source, text};
use crate::review::policy::Policy;
use crate::workbench::{PolicyError, Workbench, policy_file, read_policy};

/// The policy that a model is held against.
pub(super) fn of(context: &mut Context, named: Option<&str>, model: &Path, bench: &Workbench) -> Result<Held, Failure> {
    let Some(path) = named.map(PathBuf::from).or_else(|| Some(shown(context, policy_file(model)?))) else {
        return Ok(Held { policy: Policy::default(), file: None });
    };
    match read_policy(&path, bench.knowledge()) {
        Ok((policy, text)) => {
            let file = PolicyFile { name: from_top(&path), shown: path, text };
            Ok(Held { policy, file: Some(file) })
        }
        Err(PolicyError::Disk(error)) => Err(match load::unusable(&error) {
            stop if named.is_some() => Failure::new(stop.exit, format!("--policy {}", stop.message)),
            stop => stop,
        }),
        Err(PolicyError::Wrong { text: written, diagnostics }) => {
            let name = path.to_string_lossy();
            for one in &diagnostics {
                context.say(&text(one, Source { name: &name, text: &written }));
                context.say("");
            }
            let message = format!("{}: nothing was judged, because the policy cannot be read", one_line(&name));
            Err(Failure::new(Exit::Usage, message))
        }
    }
}

/// A file as it is shown: from the working directory when it is in it.
fn shown(context: &Context, found: PathBuf) -> PathBuf {
    let here = context.folder.canonicalize().ok();
    here.and_then(|here| found.strip_prefix(here).ok().map(Path::to_path_buf)).unwrap_or(found)
}
