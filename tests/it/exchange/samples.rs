//! Real files, whole: what is read from each, as a snapshot. It does not look at parts; `threat_dragon` does.

use super::picture::picture;

fn check(name: &str) {
    let path = format!("{}/tests/it/data/threat-dragon/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    pin(&format!("threat-dragon-{name}"), &picture(&text));
}

/// Compares with the snapshot of a name, beside those of all rooms.
pub(super) fn pin(name: &str, shown: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn two_elements_a_curve_and_a_flow() {
    check("e2e-v2-model");
}

#[test]
fn a_model_without_cells() {
    check("empty-TEST");
}

#[test]
fn a_small_bank_with_threats() {
    check("insecure-bank");
}

#[test]
fn boxes_with_members_and_a_transferred_threat() {
    check("three-tier-web-app");
}
