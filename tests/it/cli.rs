//! The command line, as a person in a shell sees it: what is printed, where, and the exit code.

mod corpus;
mod coverage;
mod groups;
mod hostile;
mod manual;
mod rule;
pub(crate) mod team;
mod verbs;
mod walk;
mod whatif;

use crate::sandbox::Sandbox;

/// A model that is small enough to read in one look, with one open threat.
pub(crate) const SMALL: &str = r#"#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (
        name: "Shop",
    ),
    elements: {
        "customer": ExternalEntity(
            name: "Customer",
            facts: {
                "human": "yes",
            },
        ),
        "shop": Process(
            name: "Shop",
            tech: ["nodejs"],
            facts: {
                "rate_limit": "absent",
            },
        ),
    },
    flows: {
        "browse": (
            name: "browse",
            from: "customer",
            to: "shop",
            facts: {
                "net": "internet",
            },
        ),
    },
)
"#;

/// A sandbox with the small model in it.
pub(crate) fn small() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL);
    sandbox
}
