//! What a picture must not cost, for every sample and every model at hand. Times are measured by the benches.

use super::sample::{hostile, sample};
use super::{check, metrics};
use sconce::file;
use std::path::{Path, PathBuf};

/// Sample, crossings, bends, cells.
const MOST: [(&str, usize, usize, i32); 3] =
    [("dfd10", 6, 24, 5_500), ("dfd30", 36, 110, 26_000), ("dfd100", 370, 500, 150_000)];

#[test]
fn samples_stay_within_their_budgets() {
    for (name, crossings, bends, cells) in MOST {
        let cost = metrics::soft(&check(&sample(name)));
        println!("{name}: {cost:?}");
        assert!(cost.crossings <= crossings && cost.bends <= bends && cost.area <= cells, "{name}: {cost:?}");
        assert!(cost.forward >= 75, "{name}: most data flows to the right: {cost:?}");
    }
}

#[test]
fn hostile_diagrams_have_no_faults() {
    for (name, model) in hostile() {
        println!("{name}"); // shown when it fails
        check(&model);
    }
}

#[test]
fn three_hundred_elements_have_no_faults() {
    check(&sample("dfd300"));
}

/// Every model file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.to_string_lossy().ends_with(".tm.ron") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn our_own_models_have_no_faults() {
    let models = files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models")));
    assert!(models.len() > 10, "only {} models", models.len());
    for path in models {
        let read = file::read(&std::fs::read_to_string(&path).unwrap());
        println!("{}", path.display()); // shown when it fails
        check(read.document.unwrap().model());
    }
}
