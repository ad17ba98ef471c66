//! Rules and mitigations cite only what was published: the lists in `tests/it/data/ids` name their editions.

use std::collections::BTreeSet;

use sconce::rules::Knowledge;

fn published(list: &str) -> BTreeSet<&str> {
    let ids: BTreeSet<&str> =
        list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    assert!(ids.len() > 100);
    ids
}

#[test]
fn what_is_cited_was_published() {
    let (cwe, capec) =
        (published(include_str!("../data/ids/cwe.txt")), published(include_str!("../data/ids/capec.txt")));
    let asvs = published(include_str!("../data/ids/asvs.txt"));
    let attack = published(include_str!("../data/ids/attack.txt"));
    let atlas = published(include_str!("../data/ids/atlas.txt"));
    let d3fend = published(include_str!("../data/ids/d3fend.txt"));
    let knowledge = Knowledge::builtin();
    let mut wrong = Vec::new();
    let mut check = |who: &str, list: &str, ids: &BTreeSet<&str>, cited: Vec<String>| {
        let unknown = cited.into_iter().filter(|id| !ids.contains(id.as_str()));
        wrong.extend(unknown.map(|id| format!("{who}: {list} {id}")));
    };
    let numbers = |numbers: &[u32]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
    for rule in knowledge.rules.iter() {
        check(&rule.id, "CWE", &cwe, numbers(&rule.refs.cwe));
        check(&rule.id, "CAPEC", &capec, numbers(&rule.refs.capec));
        check(&rule.id, "ASVS", &asvs, rule.refs.asvs.clone());
        check(&rule.id, "ATT&CK", &attack, rule.refs.attack.clone());
        check(&rule.id, "ATLAS", &atlas, rule.refs.atlas.clone());
    }
    for record in knowledge.mitigations.values() {
        check(&record.id, "ASVS", &asvs, record.asvs.clone());
        check(&record.id, "D3FEND", &d3fend, record.d3fend.clone());
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// An OWASP id names its list and the year of its edition.
#[test]
fn lists_of_owasp_are_named_with_their_year() {
    let lists = ["A", "API", "LLM", "K", "ASI", "M"];
    let named = |id: &str| {
        id.strip_prefix("CICD-SEC-").is_some_and(|n| n.parse::<u8>().is_ok_and(|n| (1..=10).contains(&n)))
            || id.split_once(':').is_some_and(|(item, year)| {
                let list = item.trim_end_matches(|c: char| c.is_ascii_digit());
                let number = item[list.len()..].parse::<u8>();
                lists.contains(&list) && number.is_ok_and(|n| (1..=10).contains(&n)) && year.len() == 4
            })
    };
    let knowledge = Knowledge::builtin();
    let wrong: Vec<String> = (knowledge.rules.iter())
        .flat_map(|rule| rule.refs.owasp.iter().map(move |id| (rule, id)))
        .filter(|(_, id)| !named(id))
        .map(|(rule, id)| format!("{}: {id}", rule.id))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}
