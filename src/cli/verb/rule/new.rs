//! `rule new`: writes a rule that proves itself, for a team to change. It overwrites nothing.

use std::path::Path;

use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::file::disk::{self, DiskError};
use crate::rules::{Knowledge, check};

/// The rule that is written, but for its id.
const STARTING: &str = include_str!("../../../../assets/rule.ron");
/// What stands for the id in it.
const ID: &str = "PACK.ID";

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let id = parsed.need("ID");
    check::id(id).map_err(|why| Failure::new(Exit::Usage, one_line(&why)))?;
    if Knowledge::builtin().rule(id).is_some() {
        let message = format!("`{id}` is a rule that is built in; `sconce rule show {id}` shows it; choose another id");
        return Err(Failure::new(Exit::Usage, message));
    }
    let pack = id.split('.').next().unwrap_or_default();
    let folder = context.rules_folder().join(pack);
    make(context.root(), &folder)?;
    let path = folder.join(format!("{id}.ron"));
    let shown = one_line(&path.to_string_lossy());
    disk::create(&path, &STARTING.replace(ID, id)).map_err(|error| {
        let message = match error {
            DiskError::Exists(_) => format!("{shown}: this rule is there already; edit it, or choose another id"),
            other => other.to_string(),
        };
        Failure::new(Exit::Usage, message)
    })?;
    context.print(&format!(
        "wrote {shown}\n\
         make its sentences, conditions and examples your own; then\n  \
         sconce rule check {shown}\n\
         tells what the examples do not prove yet\n"
    ))?;
    Ok(Exit::Fine)
}

/// Makes a folder in the repository, and those around it. A link on the way that leads out of the repository is not
/// followed.
fn make(root: &Path, folder: &Path) -> Result<(), Failure> {
    let fail = |path: &Path, why: &str, help: &str| {
        Failure::new(Exit::Usage, format!("{}: {why}; {help}", one_line(&path.to_string_lossy())))
    };
    let whole = |path: &Path| path.canonicalize().ok();
    let mut levels: Vec<&Path> = folder.ancestors().take(3).collect();
    levels.reverse();
    for level in levels {
        if level.is_symlink() && !whole(level).zip(whole(root)).is_some_and(|(to, root)| to.starts_with(root)) {
            return Err(fail(level, "this link leads out of the repository, or nowhere", "put a folder in its place"));
        }
        if !level.is_dir() {
            std::fs::create_dir(level).map_err(|error| {
                let (why, help) = match error.kind() {
                    std::io::ErrorKind::AlreadyExists => {
                        ("a file is in the place of this folder".to_owned(), "give the file another name")
                    }
                    _ => disk::plain(&error),
                };
                fail(level, &why, help)
            })?;
        }
    }
    Ok(())
}
