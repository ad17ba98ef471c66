//! A special rule speaks in the place of a general one, but nothing that is open is hidden behind what is closed.

use super::condition::model;
use sconce::analysis::{Analysis, CellState, Coverage, Detail};
use sconce::model::Id;
use sconce::rules::{Knowledge, prove};

/// What two rules about processes say together: the special one wants a limit of requests, the general one rules about
/// who may do what.
fn said(limit: &str, rules: &str) -> String {
    let mut knowledge = Knowledge::clone(&Knowledge::builtin());
    let rule = |id: &str, control: &str, subsumes: &str| {
        format!(
            r#"(id: "{id}", on: [Process], title: "x", stride: [T], when: Always, mitigated_by: Has("{control}"),
                subsumes: [{subsumes}], finds: "x", why: "x", fix: "x")"#
        )
    };
    knowledge.rules.add("zz.special", &rule("zz.special", "rate_limit", r#""zz.general""#));
    knowledge.rules.add("zz.general", &rule("zz.general", "authz", ""));
    assert_eq!(knowledge.rules.problems().collect::<Vec<_>>(), Vec::<&str>::new());
    let facts = format!(r#"{{"rate_limit": "{limit}", "authz": "{rules}"}}"#);
    let mut shop = model(&format!(r#"(elements: {{"shop": Process(facts: {facts})}})"#));
    shop.system.packs = Some(vec!["zz".to_owned()]);
    let analysis = Analysis::of(&shop, &knowledge, prove::TODAY);
    let tell = |row: &sconce::analysis::ThreatRow| format!("{} {}", row.key.rule(), row.status.word());
    let mut all: Vec<String> = analysis.threats.iter().map(tell).collect();
    all.sort();
    all.join(", ")
}

#[test]
fn the_special_rule_speaks_for_the_general_one() {
    assert_eq!(said("absent", "absent"), "zz.special Open");
    assert_eq!(said("absent", "present"), "zz.special Open");
    assert_eq!(said("present", "present"), "zz.special Mitigated");
}

#[test]
fn what_is_open_is_not_hidden_behind_what_is_closed() {
    assert_eq!(said("present", "absent"), "zz.general Open, zz.special Mitigated");
}

#[test]
fn a_threat_at_an_element_speaks_for_the_flows_that_it_rests_on() {
    let mut knowledge = Knowledge::clone(&Knowledge::builtin());
    let special = r#"(id: "zz.special", on: [Process], title: "x", stride: [I], when: AnyOut(Is("enc", "none")),
        subsumes: ["zz.general"], finds: "x", why: "x", fix: "x")"#;
    let general = r#"(id: "zz.general", on: [Flow], title: "x", stride: [I], when: Is("enc", "none"), finds: "x",
        why: "x", fix: "x")"#;
    knowledge.rules.add("zz.special", special);
    knowledge.rules.add("zz.general", general);
    assert_eq!(knowledge.rules.problems().collect::<Vec<_>>(), Vec::<&str>::new());
    let mut shop = model(
        r#"(elements: {"edge": Process(), "shop": Process(), "stock": DataStore()}, flows: {
            "order": (from: "edge", to: "shop", facts: {"enc": "none"}),
            "read": (from: "shop", to: "stock", facts: {"enc": "tls"}),
            "answer": (from: "stock", to: "shop", facts: {"enc": "none"}),
        })"#,
    );
    shop.system.packs = Some(vec!["zz".to_owned()]);
    let analysis = Analysis::of(&shop, &knowledge, prove::TODAY);
    let keys: Vec<String> = analysis.threats.iter().map(|row| row.key.to_string()).collect();
    assert_eq!(keys, ["answer:zz.general", "edge:zz.special"]);
    // The flow has been looked at: a threat to it is open, if under another name.
    let coverage = Coverage::of(&shop, &knowledge, &analysis, prove::TODAY);
    let rows = coverage.groups.iter().flat_map(|group| &group.rows);
    let open = rows.filter(|row| row.cells.iter().any(|cell| cell.state == CellState::Open));
    assert_eq!(open.map(|row| row.id.as_str()).collect::<Vec<_>>(), ["edge", "answer", "order"]);
    let order = Id::new("order").unwrap();
    let detail = Detail::of(&shop, &knowledge, &analysis, prove::TODAY, &order).unwrap();
    let told: Vec<String> = detail.letters.iter().flat_map(|(.., said)| said.iter().map(|s| s.text.clone())).collect();
    assert_eq!(told, ["in its place speaks zz.special of edge"]);
}
