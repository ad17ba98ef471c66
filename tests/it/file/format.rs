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

#[test]
fn a_large_text_is_canonical_only_as_a_whole() {
    let elements =
        (0..5000).map(|n| format!("        \"e-{n:04}\": Process(\n            name: \"E {n}\",\n        ),\n"));
    let text = rewritten(&format!(
        "ThreatModel(format: (1, 0), system: (), elements: {{\n{}}}, considered: {{}})",
        elements.collect::<String>()
    ));
    assert!(text.len() > 200_000);
    assert!(read(&text).document.unwrap().is_canonical());
    let respaced = [
        text.replacen("name: \"E 7\"", "name:  \"E 7\"", 1),
        text.replacen("name: \"E 4999\"", "name:\"E 4999\"", 1),
        format!("{text}\n"),
    ];
    for other in respaced {
        let document = read(&other).document.unwrap();
        assert!(!document.is_canonical());
        assert_eq!(document.text(), text);
    }
}
