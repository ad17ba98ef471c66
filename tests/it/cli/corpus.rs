//! Every real Threat Dragon file through the built program, where the corpus is at hand: `SCONCE_CORPUS` names its
//! folder. Without it there is nothing to test here, and `.ci/run` says so.

use std::path::PathBuf;

use crate::sandbox::Sandbox;

#[test]
fn every_real_model_is_imported_checked_drawn_and_read_again() {
    let Some(corpus) = std::env::var_os("SCONCE_CORPUS").map(PathBuf::from) else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(corpus.join("threat-dragon-v2")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 20, "the corpus is not where SCONCE_CORPUS says");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let sandbox = Sandbox::new();
        let imported = sandbox.sconce(&["import", &file.to_string_lossy(), "m.tm.ron", "--format", "json"]);
        let stderr = String::from_utf8_lossy(&imported.stderr).into_owned();
        if imported.status.code() == Some(2) {
            assert!(stderr.contains(&*name) && stderr.contains("nothing was imported"), "{name}: {stderr}");
            println!("{name:<36} refused: {}", stderr.lines().next().unwrap_or_default());
            continue;
        }
        assert_eq!(imported.status.code(), Some(0), "{name}: {stderr}");
        let value: serde_json::Value = serde_json::from_slice(&imported.stdout).unwrap();
        for verb in ["check", "render", "threats", "questions"] {
            let output = sandbox.sconce(&[verb]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            // The register of a fresh import does not hold yet what the rules say: `check` answers "no" with 1.
            assert!(
                output.status.code().is_some_and(|c| c == 0 || verb == "check" && c == 1),
                "{name}: {verb}: {said}"
            );
        }
        let fresh = sandbox.read("m.tm.ron");
        assert!(sandbox.sconce(&["fmt", "--check"]).status.success(), "{name}: not written in canonical form");
        assert!(sandbox.sconce(&["update"]).status.success(), "{name}");
        let updated = sandbox.read("m.tm.ron");
        assert!(
            sandbox.sconce(&["check"]).status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&sandbox.sconce(&["check"]).stderr)
        );
        assert!(
            sandbox.sconce(&["update"]).status.success() && sandbox.read("m.tm.ron") == updated,
            "{name}: not a fixed point"
        );
        let lost = fresh.lines().filter(|l| !updated.contains(l.trim())).count();
        assert_eq!(lost, 0, "{name}: bringing the register up to date lost lines");
        let n = |field: &str| value[field].as_u64().unwrap_or_default();
        println!(
            "{name:<36} {:>3} elements {:>3} flows {:>3} boundaries {:>3} own threats {:>4} not carried",
            n("elements"),
            n("flows"),
            n("boundaries"),
            n("threats"),
            value["not_carried"].as_array().map_or(0, Vec::len),
        );
    }
}
