//! The format as designed: the example is a fixed point, and what comes out is what went in.

use sconce::diagnostic::render::{Source, text as render};
use sconce::file::read;

/// The example of the design.
pub(crate) const EXAMPLE: &str = include_str!("../data/storefront.tm.ron");

/// Every diagnostic about a text, as a person sees them.
pub(crate) fn complaints(text: &str) -> String {
    let found = read(text).diagnostics;
    found.iter().map(|d| render(d, Source { name: "model.tm.ron", text })).collect::<Vec<_>>().join("\n")
}

/// Reads a text that has to be fine and writes it again.
pub(crate) fn rewritten(text: &str) -> String {
    let document = read(text).document;
    document.unwrap_or_else(|| panic!("{}", complaints(text))).text()
}

#[test]
fn the_example_of_the_design_is_a_fixed_point() {
    assert_eq!(rewritten(EXAMPLE), EXAMPLE);
    assert!(read(EXAMPLE).document.unwrap().is_canonical());
}
