//! Real models of other projects, imported. What the import does is tested elsewhere.

use super::check;
use super::sample::convert;
use sconce::exchange::threat_dragon;
use std::path::Path;

/// Draws every model of a folder; how many elements there were.
fn drawn(folder: &Path) -> usize {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut drawn = 0;
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "json")) {
        if let Ok(imported) = threat_dragon::import(&std::fs::read_to_string(path).unwrap()) {
            println!("{}", path.display()); // shown when it fails
            drawn += check(&imported.model).elements.len();
        }
    }
    drawn
}

#[test]
fn imported_models_have_no_faults() {
    let drawn = drawn(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/threat-dragon")));
    assert!(drawn > 4, "only {drawn} elements");
}

/// Every Threat Dragon model of the folder that the environment names.
#[test]
fn all_imported_models_have_no_faults() {
    let Some(corpus) = std::env::var_os("SCONCE_CORPUS") else { return };
    let drawn = drawn(&Path::new(&corpus).join("threat-dragon-v2"));
    println!("{drawn} elements drawn");
    assert!(drawn > 100, "only {drawn} elements");
}

/// The samples that are too large to keep here, beside the folder that the environment names. The largest, a picture of
/// 53 million cells, takes minutes and gigabytes in a build that is not optimised.
#[test]
fn large_samples_have_no_faults() {
    let Some(corpus) = std::env::var_os("SCONCE_CORPUS") else { return };
    for (name, elements) in [("dfd1000", 1_000), ("dfd3000", 3_000)] {
        if elements > 1_000 && cfg!(debug_assertions) {
            println!("{name} NOT CHECKED: cargo test --profile bench --test it diagram::corpus");
            continue;
        }
        let path = Path::new(&corpus).join(format!("../bench/layout/{name}.json"));
        let scene = check(&convert(&std::fs::read_to_string(path).unwrap()));
        println!("{name}: {} by {} cells", scene.size.0, scene.size.1);
        assert_eq!(scene.elements.len(), elements);
    }
}
