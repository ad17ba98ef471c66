//! The manual of rules in `docs/rules/` is what the program prints. To write it again:
//! `INSTA_UPDATE=always cargo test --test it manual::`.

use std::path::{Path, PathBuf};

use sconce::analysis::rule_page;
use sconce::rules::Knowledge;

use crate::sandbox::Sandbox;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

/// Each page and the arguments that print it.
fn pages() -> Vec<(String, Vec<String>)> {
    let knowledge = Knowledge::builtin();
    let page = |pack: &str| (format!("{pack}.md"), vec!["show".to_owned(), pack.to_owned()]);
    let mut pages: Vec<_> = knowledge.rules.packs().map(page).collect();
    pages.push(("README.md".to_owned(), vec!["list".to_owned()]));
    pages
}

#[test]
fn the_manual_is_what_the_program_prints() {
    let sandbox = Sandbox::new();
    let write = std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always");
    let mut old = Vec::new();
    for (name, args) in pages() {
        let args: Vec<&str> = ["rule"].into_iter().chain(args.iter().map(String::as_str)).collect();
        let printed = sandbox.sconce(&[&args[..], &["--format", "markdown"]].concat()).stdout;
        if write {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(folder().join(&name), &printed).unwrap();
        } else if std::fs::read(folder().join(&name)).ok() != Some(printed) {
            old.push(name);
        }
    }
    assert!(
        old.is_empty(),
        "not as the rules are: {old:?}; `INSTA_UPDATE=always cargo test --test it manual::` writes them"
    );
    let there: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there.len(), pages().len(), "{there:?}");
    examples_hold();
}

/// What a page says of an example was found by asking the rule, and it is what the example expects.
fn examples_hold() {
    let knowledge = Knowledge::builtin();
    let mut count = 0;
    for id in knowledge.rules.iter().map(|rule| &rule.id) {
        let rule = knowledge.rules.whole(id).unwrap();
        let page = std::fs::read_to_string(folder().join(format!("{}.md", rule.pack()))).unwrap();
        let (_, page) = page.split_once(&format!("\n## {id}\n")).unwrap_or_else(|| panic!("{id} is in no page"));
        let page = page.split("\n## ").next().unwrap();
        let plain = page.replace('\\', "").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
        let examples = rule_page(&knowledge, &rule).examples;
        assert_eq!(examples.len(), rule.examples.len());
        for example in examples {
            assert!(example.is_kept, "{id}: {}: {}", example.name, example.words());
            let line = format!("- {}: **{}**\n", example.name, example.words());
            assert!(plain.contains(&line), "{id}: no {line:?}");
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}
