//! `init`: starts a model file. It overwrites nothing and guesses nothing but the name.

use std::path::PathBuf;

use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::file::Document;
use crate::file::disk::{self, DiskError};
use crate::model::{Id, System, ThreatModel};

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let given = parsed.get("name").map(str::to_owned);
    if given.as_ref().is_some_and(|n| n.trim().is_empty()) {
        return Err(Failure::new(Exit::Usage, "--name needs a name"));
    }
    let folder = std::path::absolute(&context.folder).unwrap_or_else(|_| context.folder.clone());
    let name = given.or_else(|| folder.file_name().map(|n| n.to_string_lossy().into_owned()));
    let name = name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| "System".to_owned());
    let path = parsed
        .path("FILE")
        .unwrap_or_else(|| PathBuf::from(format!("{}.tm.ron", Id::slug(&name, "system", |_| false))));
    Context::new_model_name(&path)?;
    let system = System { name, packs: Some(vec!["core".to_owned()]), ..System::default() };
    let document = Document::new(ThreatModel { system, ..ThreatModel::default() });
    let shown = one_line(&path.to_string_lossy());
    disk::create(&path, &document.text()).map_err(|e| {
        let open =
            if matches!(e, DiskError::Exists(_)) { format!("\nopen it with `sconce {shown}`") } else { String::new() };
        Failure::new(Exit::Usage, format!("{e}{open}"))
    })?;
    context.print(&format!("wrote {shown}\nopen it with `sconce {shown}`\n"))?;
    Ok(Exit::Fine)
}
