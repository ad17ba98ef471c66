//! A real model, broken the way people break files: each mistake is named at its place, once, and hides no other.

use std::sync::Arc;

use sconce::diagnostic::render::{Source, text as render};
use sconce::diagnostic::{At, Diagnostic, Severity};
use sconce::file::read_checked;
use sconce::rules::Knowledge;

const STOREFRONT: &str = include_str!("../../../models/storefront.tm.ron");

fn found(text: &str) -> Vec<Diagnostic> {
    let knowledge = Knowledge::builtin();
    let read = read_checked(&Arc::new(text.to_owned()), &knowledge.vocabulary, &knowledge.technologies);
    assert!(read.document.is_some() || read.diagnostics.iter().any(|d| d.severity == Severity::Error));
    read.diagnostics
}

fn picture(text: &str) -> String {
    found(text).iter().map(|d| render(d, Source { name: "m.tm.ron", text })).collect::<Vec<_>>().join("\n")
}

/// The model with pieces replaced, each where it stands first.
fn with(pieces: &[(&str, &str)]) -> String {
    pieces.iter().fold(STOREFRONT.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "the model has no {old:?}");
        text.replacen(old, new, 1)
    })
}

/// The pictures of many variants, each with its name.
fn pictures(cases: &[(&str, &str, &str)]) -> String {
    let one = |(name, old, new): &(&str, &str, &str)| format!("## {name}\n{}", picture(&with(&[(old, new)])));
    cases.iter().map(one).collect::<Vec<_>>().join("\n")
}

const NAME: &str = "name: \"Application network\",";
const END_OF_APP: &str =
    "                \"log_ship\": \"present\",\n            },\n        ),\n        \"cardholder\"";

#[test]
fn quotes_and_brackets_that_do_not_pair_up_are_named_where_they_were_opened() {
    let cases = [
        ("no closing quote", NAME, "name: \"Application network,"),
        ("no opening quote", NAME, "name: Application network\","),
        ("a quote too many", NAME, "name: \"Application network\"\","),
        ("no quotes at all", NAME, "name: Application network,"),
        ("another quote at the end", NAME, "name: \"Application network',"),
        ("quotes inside", NAME, "name: \"The \"app\" network\","),
        ("no closing quote of a key", "\"app\": (", "\"app: ("),
        ("no closing quote in a list", "[\"account\", \"catalogue\"", "[\"account, \"catalogue\""),
        ("no opening quote before what looks like a comment", "\"services/**\"]", "services/**\"]"),
        (
            "entry not closed",
            END_OF_APP,
            "                \"log_ship\": \"present\",\n            },\n        \"cardholder\"",
        ),
        (
            "facts not closed",
            END_OF_APP,
            "                \"log_ship\": \"present\",\n        ),\n        \"cardholder\"",
        ),
        ("section not closed", "        ),\n    },\n    assets: {", "        ),\n    assets: {"),
        ("list not closed", "packs: [\"core\"],", "packs: [\"core\","),
        ("only the comma left", "        ),\n        \"cardholder\"", "        ,\n        \"cardholder\""),
        ("not opened", "\"app\": (", "\"app\":"),
        ("not opened on its line", "reviewed: (on", "reviewed: on"),
        ("closed twice", "        \"cardholder\": (", "        ),\n        \"cardholder\": ("),
        ("opened twice", "facts: {\n", "facts: {{\n"),
        ("closed by another", "packs: [\"core\"],", "packs: [\"core\"),"),
        ("opened by another", "            facts: {\n", "            facts: (\n"),
        ("comment not closed", "    assets: {", "    /* assets\n    assets: {"),
    ];
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("broken_pairs", pictures(&cases));
    });
}

#[test]
fn slips_and_habits_of_other_formats_are_called_by_their_name() {
    let cases = [
        ("no comma", NAME, "name: \"Application network\""),
        ("two commas", NAME, "name: \"Application network\",,"),
        ("semicolon", NAME, "name: \"Application network\";"),
        ("no colon", NAME, "name \"Application network\","),
        ("no colon of a section", "    elements: {", "    elements {"),
        ("no colon of a record", "    system: (", "    system ("),
        ("no colon of a key", "\"app\": (", "\"app\" ("),
        ("equals sign", NAME, "name = \"Application network\","),
        ("fat arrow", "\"app\": (", "\"app\" => ("),
        ("arrow between ends", "from: \"web\",\n            to: \"order-queue\",", "web -> order-queue,"),
        ("no value", NAME, "name: ,"),
        ("comment of a shell", NAME, "name: \"Application network\", # inside"),
        ("comment without a sign", NAME, "name: \"Application network\", the one inside"),
        ("comment of HTML", NAME, "name: \"Application network\", <!-- inside -->"),
        ("single quotes", NAME, "name: 'Application network',"),
        ("typographic quotes", NAME, "name: “Application network”,"),
        ("backslash", NAME, "name: \"C:\\users\","),
        ("names in quotes", NAME, "\"name\": \"Application network\","),
        ("JSON object", "\"app\": (", "\"app\": {"),
        ("map as list", "            facts: {\n", "            facts: [\n"),
        ("true for a number", "trust: 60,", "trust: true,"),
        ("number in quotes", "trust: 60,", "trust: \"60\","),
        ("true for a fact", "\"hardening\": \"present\",", "\"hardening\": true,"),
        ("null", "inside: \"cloud\",", "inside: null,"),
        ("id without quotes", "inside: \"cloud\",", "inside: cloud,"),
        ("word in quotes", "kind: Network,", "kind: \"network\","),
        ("date without quotes", "on: \"2026-11-20\"", "on: 2026-11-20"),
        ("text for a list", "packs: [\"core\"],", "packs: \"core\","),
        ("key without quotes", "\"app\": (", "app: ("),
        ("upper case in an id", "\"app\": (", "\"App\": ("),
        ("element without a kind", "\"audit-log\": DataStore(", "\"audit-log\": ("),
        ("misspelt kind", "\"audit-log\": DataStore(", "\"audit-log\": Datastor("),
        ("misspelt section", "    elements: {", "    element: {"),
        ("misspelt field", "name: \"Audit log\",", "nmae: \"Audit log\","),
        ("misspelt model", "ThreatModel(", "threat_model("),
        (
            "two sections",
            "    elements: {\n",
            "    elements: {\n        \"x\": Process(name: \"X\"),\n    },\n    elements: {\n",
        ),
        ("header", "#![enable(implicit_some)]", "# enable(implicit_some)"),
        ("the mark left of a merge", "            trust: 60,\n", "            trust: 60,\n=======\n"),
        (
            "half a merge",
            "            trust: 60,\n",
            "            trust: 60,\n=======\n            trust: 7,\n>>>>>>> topic\n",
        ),
        ("something behind the end", "\n)\n", "\n)\nelements: {}\n"),
    ];
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("broken_slips", pictures(&cases));
    });
}

#[test]
fn words_that_lead_nowhere_have_the_caret_under_them() {
    let provides = "provides: [(fact: \"rate_limit\", on: [\"cdn\"])]";
    let cases = [
        ("fact", "\"hardening\": \"present\",", "\"hardenning\": \"present\","),
        ("fact of another kind", "\"enc_rest\": \"disk\",", "\"human\": \"yes\","),
        ("value of a fact", "\"hardening\": \"present\",", "\"hardening\": \"presnt\","),
        ("fact that is provided", provides, "provides: [(fact: \"rate_limits\", on: [\"cdn\"])]"),
        ("value that is provided", provides, "provides: [(fact: \"rate_limit\", value: \"presnt\", on: [\"cdn\"])]"),
        ("where it is provided", provides, "provides: [(fact: \"rate_limit\", on: [\"cdm\"])]"),
        ("id in a list", "processes: [\"account\", \"catalogue\"", "processes: [\"account\", \"cataloge\""),
        ("id in a threat's key", "\"audit-log:core.t", "\"audit-lag:core.t"),
        ("reason of a status", "status: Accepted(reason: \"", "status: Accepted(why: \""),
    ];
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("broken_words", pictures(&cases));
    });
}

#[test]
fn mistakes_of_every_kind_are_said_in_one_run_and_none_follows_from_another() {
    let text = with(&[
        ("name: \"Application network\",", "name: \"Application network,"),
        ("kind: Segment,", "kind: Segmnt,"),
        ("\"audit-log\": DataStore(", "\"audit-log\": Store("),
        ("\"mfa\": \"present\",", "\"mfaa\": \"present\","),
        ("\"web\": Process(", "\"web\": {"),
        ("from: \"web\",", "from: [\"web\"],"),
        ("to: \"order-queue\",", "to: \"order-quee\","),
    ]);
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("broken_many", picture(&text));
    });
}

#[test]
fn a_section_that_cannot_be_read_makes_nothing_dangle() {
    for (old, new) in [
        ("    elements: {", "    elements: 7, // {"),
        ("    boundaries: {", "    boundarees = ["),
        ("    mitigations: {", "    mitigation: ["),
    ] {
        let text = with(&[(old, new)]);
        let codes: Vec<&str> = found(&text).iter().map(|d| d.code).collect();
        assert!(
            !codes.is_empty() && !codes.contains(&"dangling-id") && !codes.contains(&"orphan-threat"),
            "{new}: {codes:?}"
        );
    }
    let cut = &STOREFRONT[..STOREFRONT.find("order-queue").unwrap() + 4];
    insta::assert_snapshot!(picture(cut), @r#"
    error[unclosed]: the file ends here, but 2 brackets are still open
       --> m.tm.ron:216:14
    216 |         "orde
        |              ^
       --> m.tm.ron:125:15
    125 |     elements: {
        |               ^ the last one that was opened
     = help: the end of the file may be lost: look for it in git, or close what is open
    "#);
}

#[test]
fn other_files_are_called_by_their_name() {
    let files = [
        "{\"version\": \"2.0\", \"summary\": {}}",
        "# a comment\nthreagile_version: 1.0.0\ntitle: Shop\n",
        "services:\n  web:\n    image: nginx\n",
        "<?xml version=\"1.0\"?>\n<mxfile host=\"app\">\n",
        "digraph tm {\n}\n",
        "/* shop */\nworkspace \"Shop\" {\n}\n",
        "from pytm import TM\n",
        "Please see the wiki for the threat model.\n",
        "#![enable(implicit_some)]\nPolicy(format: (1, 0))\n",
        "// nothing yet\n",
    ];
    let all: Vec<String> = files.iter().map(|text| picture(text)).collect();
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("broken_others", all.join("\n"));
    });
}

/// Any one sign of the syntax removed, doubled or exchanged is one error, on its line or with a label there.
#[test]
fn one_wrong_sign_is_one_error_where_it_is() {
    let (mut all, mut elsewhere) = (0, Vec::new());
    for (at, sign) in STOREFRONT.char_indices().filter(|(_, c)| "\"()[]{},:".contains(*c)).step_by(23) {
        let other = match sign {
            '(' | '{' => '[',
            '[' => '{',
            ')' | '}' => ']',
            ']' => '}',
            '"' => '\'',
            ',' => ';',
            _ => '=',
        };
        for new in [String::new(), format!("{sign}{sign}"), other.to_string()] {
            let text = [&STOREFRONT[..at], &new, &STOREFRONT[at + 1..]].concat();
            let errors: Vec<Diagnostic> = found(&text).into_iter().filter(|d| d.severity == Severity::Error).collect();
            let line = |at: usize| text[..at].matches('\n').count();
            let is_here =
                |d: &Diagnostic| d.labels.iter().any(|l| matches!(l.at, At::Span(s) if line(s.start) == line(at)));
            // The last comma of a group or list may be there or not.
            let is_fine = errors.is_empty() && sign == ',' || errors.len() == 1 && is_here(&errors[0]);
            all += 1;
            if !is_fine {
                elsewhere.push(format!("{sign} of line {} became {new:?}: {} errors", line(at) + 1, errors.len()));
            }
        }
    }
    assert!(all > 200 && elsewhere.len() * 50 <= all, "{} of {all}: {elsewhere:#?}", elsewhere.len());
}
