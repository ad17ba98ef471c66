//! The matrix of what has been looked at, on a finished model, on a bare one and on none.

use insta::assert_snapshot;

use super::SMALL;
use crate::sandbox::Sandbox;

fn bundled(name: &str) -> Sandbox {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    sandbox.write(name, std::fs::read(root.join("models").join(name)).unwrap());
    sandbox
}

const BARE: &str = r#"#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (name: "Bare"),
    elements: {
        "user": ExternalEntity(name: "User"),
        "web": Process(name: "Web"),
        "db": DataStore(name: "DB"),
    },
    flows: {
        "ask": (name: "ask", from: "user", to: "web"),
        "query": (name: "query", from: "web", to: "db"),
    },
)
"#;

#[test]
fn a_finished_model() {
    let sandbox = bundled("storefront.tm.ron");
    assert_snapshot!(
        "coverage_storefront",
        [
            sandbox.picture(&["coverage"]),
            sandbox.picture(&["coverage", "--of", "web"]),
            sandbox.picture(&["coverage", "--of", "Customer", "--format", "ascii"]),
        ]
        .join("\n")
    );
}

#[test]
fn a_bare_model_waits_for_facts_or_is_unseen() {
    let sandbox = Sandbox::new();
    sandbox.write("bare.tm.ron", BARE);
    assert_snapshot!(
        "coverage_bare",
        [sandbox.picture(&["coverage", "--format", "ascii"]), sandbox.picture(&["coverage", "--of", "db"])].join("\n")
    );
}

#[test]
fn other_formats() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL.replace("\"Shop\"", "\"=Shop | @all\""));
    assert_snapshot!(
        "coverage_formats",
        [
            sandbox.picture(&["coverage", "--format", "markdown"]),
            sandbox.picture(&["coverage", "--format", "csv"]),
            sandbox.picture(&["coverage", "--format", "json", "--of", "browse"]),
        ]
        .join("\n")
    );
}

#[test]
fn what_cannot_be_shown() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL.replace("\"browse\",", "\"shop\","));
    sandbox.write("empty.tm.ron", "ThreatModel(format: (1, 0), system: (name: \"Nothing\"))\n");
    assert_snapshot!(
        "coverage_refused",
        [
            sandbox.picture(&["coverage", "empty.tm.ron"]),
            sandbox.picture(&["coverage", "shop.tm.ron", "--of", "custmer"]),
            sandbox.picture(&["coverage", "shop.tm.ron", "--of", "Shop"]),
            sandbox.picture(&["coverage", "shop.tm.ron", "--of", "zzz"]),
            sandbox.picture(&["coverage", "shop.tm.ron", "--of", "shop", "--format", "csv"]),
        ]
        .join("\n")
    );
}
