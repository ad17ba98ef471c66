//! All files of a folder of real models, where the environment names one; part of what CI runs. It proves that each
//! is imported or refused with a reason, and prints what became of it. It does not judge the models.

use std::fs;
use std::path::PathBuf;

use sconce::exchange::{grouped, threat_dragon};
use std::collections::BTreeMap;

/// Every `.json` file in `$SCONCE_CORPUS/threat-dragon-v2` is a model, wrapped or broken; `threat-dragon-v1` and
/// `other-lookalikes` hold files that have to be refused, but for empty ones that no version can be told of.
#[test]
fn every_file_is_imported_or_refused_with_a_reason() {
    let Some(corpus) = std::env::var_os("SCONCE_CORPUS").map(PathBuf::from) else { return };
    let mut lost: BTreeMap<String, usize> = BTreeMap::new();
    for folder in ["threat-dragon-v2", "threat-dragon-v1", "other-lookalikes"] {
        println!("\n{folder:<36} cells texts elem flow bound threat mitig | lost");
        let mut files: Vec<PathBuf> = fs::read_dir(corpus.join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "json")) {
            let name = path.file_name().unwrap().to_string_lossy();
            let text = fs::read_to_string(path).unwrap();
            match threat_dragon::import(&text) {
                Ok(imported) => {
                    let c = imported.counts;
                    println!(
                        "{name:<36} {:>5} {:>5} {:>4} {:>4} {:>5} {:>6} {:>5} | {:>4}",
                        c.cells, c.texts, c.elements, c.flows, c.boundaries, c.threats, c.mitigations, c.not_carried
                    );
                    for (what, places) in grouped(&imported.losses) {
                        *lost.entry(what.to_owned()).or_default() += places.len();
                    }
                    super::law::comes_back(&imported.model);
                    let empty = folder == "threat-dragon-v2" || c.cells == 0;
                    assert!(empty, "{name} is not a v2 model, and yet it has cells");
                    if c.cells == 0 {
                        assert!(imported.notes.iter().any(|n| n.contains("empty")), "{name} is empty without a note");
                    }
                }
                Err(errors) => {
                    let error = errors.first().unwrap_or_else(|| panic!("{name} is refused without a reason"));
                    println!("{name:<36} refused: {}[{}]", error.message, error.code);
                    assert!(error.help.is_some(), "{name} is refused without a way out");
                    assert!(
                        folder != "threat-dragon-v2" || name.starts_with("MALFORMED"),
                        "{name} is a v2 model, and yet it is refused"
                    );
                }
            }
        }
    }
    println!("\nwhat was not carried, over all files");
    for (what, times) in lost {
        println!("{times:>5} {what}");
    }
}
