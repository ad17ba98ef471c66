//! Real models of other projects, imported. What the import does is tested elsewhere.

use super::check;
use sconce::exchange::threat_dragon;

#[test]
fn imported_models_have_no_faults() {
    let folder = format!("{}/tests/it/data/threat-dragon", env!("CARGO_MANIFEST_DIR"));
    let mut drawn = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if let Ok(imported) = threat_dragon::import(&text) {
            println!("{}", path.display()); // shown when it fails
            drawn += check(&imported.model).elements.len();
        }
    }
    assert!(drawn > 4, "only {drawn} elements");
}
