//! Comments belong to people: where they go when a file is edited, pictured as what changes in its text.

use std::sync::Arc;

use sconce::file::{Document, read, read_checked};
use sconce::model::{Edit, Entry, Id, Place, Technologies, ThreatModel, act};

use super::format::rewritten;

const TEXT: &str = r#"// about the file
#![enable(implicit_some)]
// about the model
ThreatModel(
    format: (1, 0), // first
    system: (
        name: "Shop",
        // ends the system
    ),
    // the things
    elements: { // all of them
        // the user
        "user": ExternalEntity(
            name: "User",
        ), // outside
        "web": Process(
            // what people see
            name: "Web app",
            facts: { // checked in May
                // the proxy does it
                "authn": "present", // since 2024
                "rate_limit": "absent",
            },
            // no more fields
        ),
    },
    threats: {
        // ask Ana
        "web:core.a": (severity: High, title: "Flood"), // soon
    },
    // the end
)
// after it
"#;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// Lines that an edit takes away and adds; undone, it leaves the text as it was.
fn changed(make: impl Fn(&ThreatModel) -> Edit) -> String {
    let mut document = read(TEXT).document.unwrap();
    let edit = make(document.model());
    let step = document.apply(edit).unwrap();
    let after = document.text();
    document.revert(step).unwrap();
    assert_eq!(document.text(), TEXT);
    assert_eq!(rewritten(&after), after);
    let diff = similar::TextDiff::from_lines(TEXT, &after);
    let lines = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
    lines.map(|c| c.tag().to_string() + c.value()).collect::<Vec<_>>().concat()
}

#[test]
fn every_place_of_a_comment_is_kept() {
    assert_eq!(rewritten(TEXT), TEXT);
}

#[test]
fn comments_in_places_that_are_one_line_go_before_it() {
    let text = "ThreatModel(format: /* a */ (1, 0), system: (), assets: { /* b */ },\n elements: { \"web\": Process(name: \"Web\",\n tech: [\n// c\n\"nginx\"], facts: {\n// d\n}) }) // e";
    insta::assert_snapshot!(rewritten(text), @r##"
        #![enable(implicit_some)]
        ThreatModel(
            /* a */
            format: (1, 0),
            system: (),
            elements: {
                "web": Process(
                    name: "Web",
                    // c
                    tech: ["nginx"],
                    // d
                ),
            },
            /* b */
        )
        // e
        "##);
}

#[test]
fn comments_survive_an_edit_of_what_they_belong_to() {
    insta::assert_snapshot!(changed(|m| act::rename_name(m, &id("web"), "Shop").unwrap()), @r##"
        -            name: "Web app",
        +            name: "Shop",
        "##);
    insta::assert_snapshot!(changed(|m| act::rename(m, &id("web"), &id("shop")).unwrap()), @r##"
        -        // the user
        -        "user": ExternalEntity(
        -            name: "User",
        -        ), // outside
        -        "web": Process(
        +        "shop": Process(
        +            formerly: ["web"],
        +        // the user
        +        "user": ExternalEntity(
        +            name: "User",
        +        ), // outside
        -        "web:core.a": (severity: High, title: "Flood"), // soon
        +        "shop:core.a": (severity: High, title: "Flood"), // soon
        "##);
}

#[test]
fn comments_go_with_what_they_belong_to() {
    insta::assert_snapshot!(changed(|m| act::set_fact(m, &id("web"), "authn", None).unwrap()), @r##"
        -                // the proxy does it
        -                "authn": "present", // since 2024
        "##);
    insta::assert_snapshot!(changed(|m| act::delete(m, &id("user")).unwrap().1), @r##"
        -        // the user
        -        "user": ExternalEntity(
        -            name: "User",
        -        ), // outside
        "##);
}

#[test]
fn a_threat_unfolds_when_something_is_decided() {
    let decided = |m: &ThreatModel| {
        let (key, mut threat) = m.threats.iter().next().map(|(k, t)| (k.clone(), t.clone())).unwrap();
        threat.owner = Some("ana".to_owned());
        Edit::put(Entry::Threat(key, threat))
    };
    insta::assert_snapshot!(changed(decided), @r##"
        -        "web:core.a": (severity: High, title: "Flood"), // soon
        +        "web:core.a": (
        +            severity: High,
        +            title: "Flood",
        +            owner: "ana",
        +        ), // soon
        "##);
}

#[test]
fn a_read_only_document_refuses_edits() {
    let mut document = read("ThreatModel(format: (1, 1), system: ())").document.unwrap();
    assert!(document.read_only());
    let refused = document.apply(Edit::Remove(Place::System)).unwrap_err();
    assert_eq!(refused.to_string(), "the model is open read-only");
}

#[test]
fn windows_files_and_strange_writing_are_normalised() {
    let text = format!("\u{feff}{}", TEXT.replace('\n', "\r\n"));
    let document = read(&text).document.unwrap();
    assert!(!document.is_canonical());
    assert_eq!(document.text(), TEXT);
    let old =
        "ThreatModel(format:(1,0),system:Some((name:Some(r#\"A \"B\"\"#),owner:None,packs:Some([\"web\",\"core\"]))))";
    insta::assert_snapshot!(rewritten(old), @r##"
        #![enable(implicit_some)]
        ThreatModel(
            format: (1, 0),
            system: (
                name: "A \"B\"",
                packs: ["core", "web"],
            ),
        )
        "##);
}

#[test]
fn hostile_texts_are_kept_as_inert_text() {
    let long = "n".repeat(1 << 20);
    for name in ["\0", "\u{1b}[31m\u{7}", "\u{202e}\u{2066}", "\u{9b}", &*long] {
        let mut model = ThreatModel::default();
        model.system.name = name.to_owned();
        let text = Document::new(model).text();
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{2069}').contains(&c))));
        assert_eq!(read(&text).document.unwrap().model().system.name, name);
        let raw = format!("ThreatModel(format: (1, 0), system: (name: \"{name}\"))");
        assert_eq!(rewritten(&raw), text);
    }
    let bomb = format!("ThreatModel(format: {}", "(".repeat(1 << 20));
    assert_eq!(
        read(&bomb).diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(),
        ["wrong-type", "unclosed", "too-deep"]
    );
}

/// Each of these takes very long if anything looks at every item for every item.
#[test]
fn large_and_wrong_is_still_fast() {
    use std::fmt::Write as _;
    let many = |item: &dyn Fn(usize) -> String| {
        (0..20_000).fold(String::new(), |mut all, n| {
            write!(all, "{}, ", item(n)).unwrap();
            all
        })
    };
    let model = |rest: String| format!("ThreatModel(format: (1, 0), system: (), {rest})");
    let element = |rest: String| model(format!("elements: {{\"e\": Process(name: \"E\", {rest})}}"));
    let twice = many(&|n| format!("\"k{n}\": (name: \"\")"));
    let texts = [
        element(many(&|n| format!("f{n}: 1"))),
        element(format!("stores: [{}]", many(&|n| format!("\"a{n}\"")))),
        element(format!("facts: {{{}}}", many(&|n| format!("\"fact{n}\": \"\"")))),
        element(format!("formerly: [{}]", many(&|_| "\"e\"".to_owned()))),
        model(format!("assets: {{{twice}{twice}}}")),
        model(format!("boundaries: {{{}}}", many(&|n| format!("\"k{n}\": (name: \"B\", inside: \"k{}\")", n + 1)))),
        model(many(&|_| "?".to_owned())),
    ];
    for text in texts {
        let text = Arc::new(text);
        let found = read_checked(&text, &super::pictures::vocabulary(), &Technologies::default()).diagnostics;
        assert!((1..=1100).contains(&found.len()), "{} of {}", found.len(), &text[..120]);
    }
}
