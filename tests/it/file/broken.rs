//! A real model, broken the way people break files: each mistake is named at its place, once, and hides no other.

use sconce::diagnostic::render::{Source, text as render};
use sconce::diagnostic::{At, Diagnostic, Severity};
use sconce::file::read_checked;
use sconce::rules::Knowledge;

const STOREFRONT: &str = include_str!("../../../models/storefront.tm.ron");

fn found(text: &str) -> Vec<Diagnostic> {
    let knowledge = Knowledge::builtin();
    read_checked(text, &knowledge.vocabulary, &knowledge.technologies).diagnostics
}

#[test]
fn probe() {
    let mut stats = std::collections::BTreeMap::new();
    for (at, c, kind) in STOREFRONT.char_indices().filter(|(_, c)| "\"()[]{},:".contains(*c)).step_by(5).flat_map(|(at, c)| [(at, c, ""), (at, c, "2"), (at, c, "x")]) {
        let other = match (c, ["(", ")", "[", "]", "{", "}"]) { ('(', l) => l[2], (')', l) => l[5], ('[', l) => l[4], (']', l) => l[1], ('{', l) => l[0], ('}', l) => l[3], ('"', _) => "'", (',', _) => ";", (_, _) => "=" };
        let new = match kind { "" => String::new(), "2" => format!("{c}{c}"), _ => other.to_owned() };
        let text = [&STOREFRONT[..at], &new, &STOREFRONT[at + 1..]].concat();
        let all = found(&text);
        let line = text[..at].matches('\n').count() + 1;
        let lines: Vec<usize> = all
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| if let At::Span(s) = d.labels[0].at { text[..s.start].matches('\n').count() + 1 } else { 0 })
            .collect();
        let verdict = match &*lines {
            [] => "none",
            [one] if *one == line => "exact",
            [_] => "one elsewhere",
            [one, ..] if lines.iter().all(|l| l == one) => "several on one line",
            _ => "several",
        };
        *stats.entry((c, kind, verdict)).or_insert(0) += 1;
        if verdict.starts_with("several") || verdict == "one elsewhere" {
            println!("## {kind} {c} on {line}: {}", text.lines().nth(line - 1).unwrap());
            for d in all.iter().filter(|d| d.severity == Severity::Error).take(3) {
                println!("{}", render(d, Source { name: "m", text: &text }));
            }
        }
    }
    for (k, v) in stats { println!("STAT {k:?} {v}"); }
}
