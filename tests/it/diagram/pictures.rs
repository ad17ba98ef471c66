//! Pictures as they are printed. Correctness is checked elsewhere; here a person looks.

use super::{check, sample};
use sconce::diagram::paint::{Glyphs, text};

#[test]
fn dfd10_in_both_glyph_sets() {
    let scene = check(&sample("dfd10"));
    println!("{:?} cells {} crossings {}", scene.size, scene.size.0 * scene.size.1, scene.crossings());
    assert!(scene.crossings() <= 12);
    assert!(scene.size.0 * scene.size.1 <= 9_000);
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("diagram_dfd10_unicode", text(&scene, Glyphs::Unicode));
        insta::assert_snapshot!("diagram_dfd10_ascii", text(&scene, Glyphs::Ascii));
    });
}
