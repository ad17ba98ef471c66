//! Deployment files that mean harm, and files that are something else: each is refused with a reason and a way out, none
//! takes long, and no damage to a good file makes the reader fall over.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use sconce::exchange::deployment::{CODES, DEEPEST, LARGEST, MOST_OBJECTS, MOST_VALUES, Text, read};

use super::deployment::picture;

/// The code of a refusal, which has to come soon.
fn refusal(text: &str) -> &'static str {
    let start = Instant::now();
    let wrong = read(&[Text { name: "f.yaml", text, is_named: true }]).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "it took {:?}", start.elapsed());
    assert!(CODES.contains(&wrong[0].diagnostic.code) && wrong[0].diagnostic.help.is_some());
    wrong[0].diagnostic.code
}

/// A text of many pieces.
fn many(n: usize, piece: impl Fn(usize) -> String) -> String {
    (0..n).map(piece).collect::<Vec<_>>().concat()
}

#[test]
fn what_is_no_deployment_file_is_called_by_its_name() {
    let mut told = String::new();
    for (what, text) in [
        ("empty", ""),
        ("only comments", "# nothing\n---\n"),
        ("a list", "- a\n- b\n"),
        ("words", "just words\n"),
        ("something else", "name: ci\non: push\n"),
        ("a pipeline with services", "services: [docker]\nscript: make\n"),
        ("compose 1", "web:\n  image: nginx\n"),
        ("a chart", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"),
        ("a kustomization", "resources: [a.yaml]\n"),
        ("a line of Helm", "services:\n  web:\n    {{- if .Values.web }}\n    image: x\n    {{- end }}\n"),
        ("a value of Helm", "services:\n  web:\n    image: \"{{ .Values.image }}\"\n"),
        ("a bare value of a template", "services:\n  web: {{ image }}\n"),
        ("a tab", "services:\n\tweb: {}\n"),
        ("not YAML", "services: {web: [}\n"),
        ("twice", "services:\n  web: {image: a}\n  db: {image: b}\n  web: {image: c}\n"),
        ("a strange key", "services:\n  ? [a, b]\n  : c\n"),
        ("an alias of itself", "services: &s\n  web: *s\n"),
        ("an alias of nothing", "services:\n  web: *s\n"),
        ("a model", "#![enable(implicit_some)]\nThreatModel(\n    format: (1, 0),\n)\n"),
        ("binary", "\u{0}\u{1}\u{2}"),
    ] {
        let _ = write!(told, "--- {what}\n{}", picture(&[("f.yaml", text)]));
    }
    insta::assert_snapshot!(told);
}

/// Go templates that are values, as in a log's tag or an alert, are no Helm.
#[test]
fn templates_of_others_are_text() {
    let text =
        "services:\n  web:\n    image: i\n    # {{ .Values.old }}\n    logging: {options: {tag: \"{{.Name}}\"}}\n";
    assert_eq!(picture(&[("f.yaml", text)]), "container web [i] f.yaml:2\n");
}

#[test]
fn bombs_are_refused() {
    let mut laughs = String::from("x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
    for n in 1..12 {
        let many = vec![format!("*x{}", n - 1); 10].join(", ");
        let _ = writeln!(laughs, "x{n}: &x{n} [{many}]");
    }
    assert_eq!(refusal(&(laughs + "services: {}\n")), "deployment-too-large");
    let mut merges = String::from("x0: &x0 {a0: 1, b0: 1, c0: 1}\n");
    for n in 1..30 {
        let _ = writeln!(merges, "x{n}: &x{n} {{<<: [*x{0}, *x{0}, *x{0}], a{n}: 1}}", n - 1);
    }
    assert_eq!(refusal(&(merges + "services: {}\n")), "deployment-too-large");
}

#[test]
fn nesting_is_refused() {
    for text in ["[".repeat(1_000_000), "- ".repeat(1_000_000), "{a: ".repeat(1_000_000), "? ".repeat(1_000_000)] {
        let code = refusal(&text);
        assert!(["deployment-too-large", "deployment-yaml"].contains(&code), "{code}");
    }
    let deep = |n: usize| format!("services: {{web: {{image: i, x-a: {}1{}}}}}", "[".repeat(n), "]".repeat(n));
    assert_eq!(refusal(&deep(DEEPEST)), "deployment-too-large");
    assert_eq!(picture(&[("f.yaml", &deep(DEEPEST - 4))]), "container web [i] f.yaml:1\n");
    // An alias is as deep as what it names.
    let steps = many(DEEPEST, |n| format!("x-{}: &a{} [*a{n}]\n", n + 1, n + 1));
    assert_eq!(refusal(&format!("x-0: &a0 [1]\n{steps}services: {{}}\n")), "deployment-too-large");
}

#[test]
fn what_is_too_large_is_refused() {
    assert_eq!(refusal(&" ".repeat(LARGEST + 1)), "deployment-too-large");
    assert_eq!(refusal(&format!("services: [{}]", "a, ".repeat(MOST_VALUES))), "deployment-too-large");
    let services = many(MOST_OBJECTS + 1, |n| format!("  s{n}: {{image: i}}\n"));
    assert_eq!(refusal(&format!("services:\n{services}")), "deployment-too-large");
    let hosts = many(MOST_OBJECTS + 1, |n| format!("http://h{n}/ "));
    assert_eq!(refusal(&format!("services: {{web: {{environment: {{A: '{hosts}'}}}}}}")), "deployment-too-large");
    // Everybody may speak to everybody.
    let pods = many(300, |n| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}, labels: {{a: b}}}}\nspec: {{containers: [{{image: i}}]}}\n---\n"
        )
    });
    let rule = "{from: [{podSelector: {matchLabels: {a: b}}}]}";
    let policy = format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: n}}\nspec: {{podSelector: {{matchLabels: {{a: b}}}}, ingress: [{}]}}\n",
        vec![rule; 1000].join(", ")
    );
    assert_eq!(refusal(&(pods + &policy)), "deployment-too-large");
    // One long line is read in one go.
    let long = format!("services: {{web: {{image: '{}'}}}}", "é ".repeat(4 << 20));
    assert!(read(&[Text { name: "f.yaml", text: &long, is_named: true }]).is_ok());
}

#[test]
fn defaults_in_defaults_end() {
    let deep = format!("{}x{}", "${A:-".repeat(10_000), "}".repeat(10_000));
    let told = picture(&[("f.yaml", &format!("services: {{web: {{environment: {{URL: 'http://{deep}'}}}}}}"))]);
    assert!(told.starts_with("container web [] f.yaml:1\n"), "{}", &told[..200.min(told.len())]);
    let self_extending = "services:\n  a: {extends: b}\n  b: {extends: {service: a}}\n";
    insta::assert_snapshot!(picture(&[("f.yaml", self_extending)]), @r"
    container a [] f.yaml:2
    container b [] f.yaml:3
    lost: `extends`: a service that is in none of the files, or itself: f.yaml:3 a; f.yaml:2 b
    ");
}

#[test]
fn a_mark_at_the_beginning_moves_nothing() {
    assert_eq!(picture(&[("f.yaml", "\u{feff}services:\n  web: {image: i}\n")]), "container web [i] f.yaml:2\n");
    let broken = picture(&[("f.yaml", "\u{feff}services: {web: [}\n")]);
    assert!(broken.contains("f.yaml:1:1"), "{broken}");
}

proptest! {
    /// Whatever happens to a file, it is read or refused.
    #[test]
    fn damage_never_makes_it_fall_over(
        at in 0_usize..4000,
        length in 0_usize..40,
        put in "[\\[\\]{}:\\-,&*!|>'\"%@`#? \t\n\u{feff}a-c$<]{0,6}",
        which in 0_usize..3,
    ) {
        let good = [super::deployment::COMPOSE, super::deployment::CLUSTER, super::deployment::WAYS_IN][which];
        let chars: Vec<char> = good.chars().collect();
        let at = at.min(chars.len());
        let end = (at + length).min(chars.len());
        let text: String = chars[..at].iter().copied().chain(put.chars()).chain(chars[end..].iter().copied()).collect();
        picture(&[("f.yaml", &text)]);
    }
}
