//! Every code of the room, each in a picture: a text and what is said about it.

use std::collections::BTreeSet;
use std::sync::Arc;

use sconce::diagnostic::Diagnostic;
use sconce::diagnostic::render::{Source, text as render};
use sconce::file::{CODES, read_checked};
use sconce::model::{FactDef, SubjectKind, Technologies, Technology, Values, Vocabulary};

/// A vocabulary of three facts.
pub(crate) fn vocabulary() -> Vocabulary {
    let def = |name: &str, on: &[SubjectKind], values| FactDef {
        name: name.to_owned(),
        title: None,
        on: on.to_vec(),
        values,
        meaning: format!("what {name} means"),
        question: String::new(),
        sensitive: false,
    };
    Vocabulary::new([
        def("rate_limit", &[SubjectKind::Process], Values::Control),
        def("human", &[SubjectKind::ExternalEntity], Values::YesNo),
        def("enc", &[SubjectKind::Flow], Values::OneOf(vec!["none".to_owned(), "tls".to_owned()])),
    ])
    .unwrap()
}

fn technologies() -> Technologies {
    let tech = |id: &str| Technology {
        id: id.to_owned(),
        name: String::new(),
        is: vec![],
        can: vec![],
        facts: std::collections::BTreeMap::new(),
    };
    Technologies::new([tech("nginx"), tech("postgresql")]).unwrap()
}

fn found(text: &str) -> Vec<Diagnostic> {
    read_checked(&Arc::new(text.to_owned()), &vocabulary(), &technologies()).diagnostics
}

fn picture(text: &str) -> String {
    let all = found(text);
    all.iter().map(|d| render(d, Source { name: "m.tm.ron", text })).collect::<Vec<_>>().join("\n")
}

/// A model with these sections.
fn with(sections: &str) -> String {
    format!("#![enable(implicit_some)]\nThreatModel(\n    format: (1, 0),\n    system: (),\n{sections})\n")
}

/// Texts with something wrong, each for one or more codes.
fn cases() -> Vec<(&'static str, String)> {
    let syntax = [
        ("empty file", String::new()),
        ("not a model", "Policy(format: (1, 0))".to_owned()),
        ("header", "#![enable(magic)]\nThreatModel(format: (1, 0), system: ())".to_owned()),
        (
            "unclosed entry",
            with(
                "    elements: {\n        \"web\": Process(\n            name: \"Web\",\n        \"db\": DataStore(name: \"DB\"),\n    },\n",
            ),
        ),
        (
            "lost quote",
            with(
                "    elements: {\n        \"web\": Process(\n            name: \"Web,\n            tech: [\"nginx\"],\n        ),\n    },\n",
            ),
        ),
        (
            "two mistakes",
            with(
                "    elements: {\n        \"web\": Process(name: \"Web\" tech: [\"nginx\"]),\n        \"db\": DataStore(name: \"a \\q\"),\n        \"x\": ?,\n    },\n",
            ),
        ),
        ("comment", "/* no end".to_owned()),
        ("deep", with(&format!("    elements: {}{},\n", "[".repeat(70), "]".repeat(70)))),
        ("hidden", with("    // reads \u{202e}backwards\n")),
        (
            "conflict",
            with(
                "    assets: {\n<<<<<<< ours\n        \"a\": (name: \"A\"),\n=======\n        \"a\": (name: \"B\"),\n>>>>>>> theirs\n    },\n",
            ),
        ),
    ];
    let fields = [
        ("newer major", "ThreatModel(format: (2, 0), planets: {})".to_owned()),
        ("newer minor", "ThreatModel(format: (1, 7), system: (), planets: {})".to_owned()),
        ("missing", "ThreatModel(system: (reviewed: (on: \"2026-11-20\")))".to_owned()),
        (
            "fields",
            with(
                "    boundaries: {\n        \"cloud\": (name: \"Cloud\", kindd: Account, trust: 300),\n        \"Bad Id\": (name: 7, kind: Acount),\n    },\n    elements: {\n        \"web\": Proces(name: \"Web\"),\n        \"db\": DataStore(name: \"A\", name: \"B\"),\n    },\n",
            ),
        ),
        (
            "register",
            with(
                "    threats: {\n        \"web\": (),\n        \"web:core.a\": (opened: \"2026-02-30\", status: Accepted, stride: [X]),\n        \"web:core.a\": (status: Gone(on: \"2026-02-03\", reason: \"no\")),\n        \"web:core.b\": (history: [(\"2026-02-03\", \"ana\")]),\n    },\n",
            ),
        ),
        (
            "duplicate keys",
            with(
                "    assets: {\n        \"card\": (name: \"A\"),\n        \"key\": (name: \"B\"),\n        \"card\": (name: \"C\"),\n    },\n",
            ),
        ),
    ];
    let sense = [
        (
            "ids",
            with(
                "    boundaries: {\n        \"a\": (name: \"A\", inside: \"b\"),\n        \"b\": (name: \"B\", inside: \"c\", trust: 101),\n        \"c\": (name: \"C\", inside: \"a\"),\n        \"system\": (name: \"S\"),\n    },\n    elements: {\n        \"a\": Process(name: \"\", inside: \"frontend\", tech: [\"nginx\", \"nginx\", \"postgres\"]),\n        \"database\": DataStore(name: \"DB\", formerly: [\"db\", \"a\"], stores: [\"f\"]),\n    },\n    flows: {\n        \"f\": (from: \"db\", to: \"databse\", response_of: \"f\"),\n        \"g\": (to: \"database\", carries: [\"nothing\"]),\n    },\n    diagrams: {\n        \"main\": (\n            shows: [\"gone\"],\n            pins: {\n                \"lost\": (1, 2),\n            },\n        ),\n    },\n",
            ),
        ),
        (
            "facts",
            with(
                "    elements: {\n        \"user\": ExternalEntity(\n            name: \"User\",\n            facts: {\n                \"human\": \"yess\",\n                \"rate_limit\": \"present\",\n                \"x.any\": \"thing\",\n            },\n        ),\n        \"web\": Process(\n            name: \"Web\",\n            facts: {\n                \"rate_limit\": \"absent\",\n                \"rate_limt\": (na: \"\"),\n            },\n        ),\n    },\n    mitigations: {\n        \"edge\": (\n            title: \"Edge\",\n            status: Implemented,\n            provides: [(fact: \"rate_limit\", on: [\"web\"])],\n        ),\n    },\n",
            ),
        ),
        (
            "open merge",
            with(
                "    elements: {\n        \"web\": Process(name: \"Web\"),\n    },\n    conflicts: [\n        (\n            of: \"elements.web\",\n            field: \"owner\",\n            ours: \"\\\"ana\\\"\",\n            theirs: \"\\\"li\\\"\",\n        ),\n    ],\n",
            ),
        ),
        (
            "decisions",
            with(
                "    elements: {\n        \"web\": Process(name: \"Web\"),\n    },\n    assumptions: {\n        \"as\": (text: \"All is well\", supports: [\"web:core.z\"]),\n    },\n    threats: {\n        \"gone:core.a\": (severity: Low),\n        \"web:core.a\": (\n            status: Accepted(reason: \" \"),\n            mitigations: [\"edge\"],\n            history: [\n                (\"2026-02-03\", \"ana\", Opened),\n                (\"2026-02-01\", \"ana\", Accepted),\n            ],\n        ),\n        \"web:own.mine\": (status: Mitigated),\n    },\n    considered: {\n        \"gone:T\": (verdict: NoThreat),\n    },\n",
            ),
        ),
    ];
    syntax.into_iter().chain(fields).chain(sense).collect()
}

#[test]
fn pictures_of_everything_that_can_be_wrong() {
    let all: Vec<String> = cases().iter().map(|(name, text)| format!("## {name}\n{}", picture(text))).collect();
    insta::with_settings!({ snapshot_path => "../snapshots" }, { insta::assert_snapshot!(all.join("\n")) });
}

#[test]
fn every_code_is_listed_and_has_a_picture() {
    let mut seen: BTreeSet<&str> = cases().iter().flat_map(|(_, text)| found(text)).map(|d| d.code).collect();
    seen.extend(found(&format!("[{}]", "?,".repeat(2000))).iter().map(|d| d.code));
    seen.insert(sconce::file::data::read::<u32>("x", "numbers.ron").unwrap_err().code);
    // `migrated` has its picture in the unit test of `migrate`, since there is no old format yet.
    seen.insert("migrated");
    seen.extend(super::disk::codes());
    let listed: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert!(listed.is_sorted());
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), listed);
}

#[test]
fn a_data_file_is_refused_with_line_and_column() {
    let text = "(\n    name: \"é\",\n    on: [Procesx],\n)";
    let error = sconce::file::data::read::<FactDef>(text, "vocabulary.ron").unwrap_err();
    insta::assert_snapshot!(render(&error, Source { name: "vocabulary.ron", text }), @r##"
        error[bad-data]: vocabulary.ron, line 3, column 10: `Procesx` is not one of the words that can stand here; did you mean `Process`?
         --> vocabulary.ron:3:10
        3 |     on: [Procesx],
          |          ^^^^^^^
        "##);
}

#[test]
fn many_positions_at_once_are_those_of_each() {
    let text = "eins\nzwei ü図\r\n\nvier";
    let source = sconce::diagnostic::render::Source { name: "", text };
    let bytes: Vec<usize> = (0..=text.len() + 2).collect();
    let each: Vec<(usize, usize)> = bytes.iter().map(|byte| source.position(*byte)).collect();
    assert_eq!(source.positions(bytes), each);
}
