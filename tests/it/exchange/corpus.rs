//! All files of a folder of real models, where the environment names one; part of what CI runs. It proves that each
//! is imported or refused with a reason, and prints what became of it. It does not judge the models.

use std::fs;
use std::path::PathBuf;

use sconce::exchange::deployment::{Text, read};
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

/// Every deployment file of the corpus is read, every service and every object with a pod template in it is a part, and
/// every other object of Kubernetes is a link's, a door's, a name's, or told as lost.
#[test]
fn every_deployment_file_is_read_whole() {
    let Some(corpus) = std::env::var_os("SCONCE_CORPUS").map(PathBuf::from) else { return };
    let mut seen = 0;
    println!("\n{:<44} parts links outside | lost", "deployment files");
    for folder in ["docker-compose", "kubernetes"] {
        let mut files: Vec<PathBuf> = fs::read_dir(corpus.join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_string_lossy();
            let text = fs::read_to_string(&path).unwrap();
            let read = read(&[Text { name: &name, text: &text, is_named: true }]);
            let found = read.unwrap_or_else(|wrong| panic!("{name}: {:?}", wrong[0].diagnostic));
            let runs = found.parts.iter().filter(|part| part.kind.runs()).count();
            let (told, expected) = if folder == "kubernetes" {
                let kinds = text.lines().filter_map(|line| line.strip_prefix("kind: "));
                let mut kinds: BTreeMap<&str, usize> = kinds.fold(BTreeMap::new(), |mut kinds, kind| {
                    *kinds.entry(kind.trim()).or_default() += 1;
                    kinds
                });
                let workloads = kinds.remove("Deployment").unwrap_or(0);
                // Each stands for a workload of its file, or names hosts outside.
                kinds.remove("Service");
                kinds.remove("ServiceEntry");
                let told = found.losses.iter().filter(|loss| loss.what.ends_with("nothing that is compared")).count();
                assert_eq!(told, kinds.values().sum::<usize>(), "{name}: {kinds:?}, and told {:?}", found.losses);
                (told, workloads)
            } else {
                // Services are what is indented once below `services:`.
                let below = text
                    .split_once("\nservices:\n")
                    .map_or_else(|| &text[text.find("services:\n").unwrap() + 10..], |(_, below)| below);
                let width = below
                    .lines()
                    .find(|l| l.starts_with(' ') && !l.trim().starts_with('#'))
                    .map_or(2, |l| l.len() - l.trim_start().len());
                let is_service = |line: &&str| {
                    line.len() - line.trim_start().len() == width
                        && line.trim_end().ends_with(':')
                        && !line.trim().starts_with('#')
                };
                let inside = below.lines().take_while(|line| line.is_empty() || line.starts_with([' ', '#']));
                (0, inside.filter(is_service).count())
            };
            assert_eq!(runs, expected, "{name}: parts");
            crate::review::deployed::adding_settles(&[(&name, &text)]);
            let outside = found.parts.len() - runs;
            println!(
                "{name:<44} {runs:>5} {:>5} {outside:>7} | {:>4} ({told} objects)",
                found.links.len(),
                found.losses.len()
            );
            seen += 1;
        }
    }
    assert!(seen >= 15, "the corpus is not where SCONCE_CORPUS says");
}
