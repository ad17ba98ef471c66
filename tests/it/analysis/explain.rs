//! Explanations, as somebody reads them who has never seen the tool.

use crate::rules::condition::model;
use sconce::analysis::{explain_rule, explain_threat};
use sconce::model::ThreatKey;
use sconce::rules::{Knowledge, prove};

#[test]
fn a_threat_explains_itself() {
    let model = model(
        r#"(
            boundaries: {"dmz": (kind: Network, trust: 40)},
            assets: {"orders": (confidentiality: Confidential, integrity: Important, availability: Critical)},
            elements: {
                "customer": ExternalEntity(tech: ["browser"]),
                "proxy": Process(inside: "dmz", tech: ["nginx"], processes: ["orders"], facts: {"rate_limit": "absent"}),
                "shop": Process(inside: "dmz", tech: ["nodejs"], processes: ["orders"], facts: {"rate_limit": "absent"}),
            },
            flows: {
                "ask": (from: "customer", to: "proxy", carries: ["orders"], facts: {"net": "internet", "authn": "none"}),
                "pass": (from: "proxy", to: "shop", carries: ["orders"], facts: {"net": "internal", "authn": "none"}),
            },
        )"#,
    );
    let key = ThreatKey::parse("shop:core.d.no-rate-limit").unwrap();
    let explanation = explain_threat(&model, &Knowledge::builtin(), &key, prove::TODAY).unwrap();
    insta::assert_snapshot!("explained_threat", explanation.to_text());
    insta::assert_snapshot!("explained_threat_json", serde_json::to_string_pretty(&explanation.to_json()).unwrap());
}

#[test]
fn names_stay_harmless() {
    let mut model = model(
        r#"(
            elements: {"customer": ExternalEntity(tech: []), "shop": Process(tech: [], facts: {"rate_limit": "absent"})},
            flows: {"browse": (from: "customer", to: "shop", facts: {"net": "internet"})},
        )"#,
    );
    for element in model.elements.values_mut() {
        element.name = format!("\u{1b}[31m{}\n\u{202e}", element.name);
    }
    let key = ThreatKey::parse("shop:core.d.no-rate-limit").unwrap();
    let text = explain_threat(&model, &Knowledge::builtin(), &key, prove::TODAY).unwrap().to_text();
    assert!(text.chars().all(|c| c == '\n' || !sconce::diagnostic::inert::is_hazard(c)), "{text:?}");
}

#[test]
fn a_rule_has_a_page() {
    let page = explain_rule(&Knowledge::builtin(), "core.d.no-rate-limit").unwrap();
    insta::assert_snapshot!("rule_page", page.to_text());
    assert_eq!(explain_rule(&Knowledge::builtin(), "core.x.nothing"), None);
}

#[test]
fn every_page_of_a_rule_reads_as_sentences_and_lists() {
    let knowledge = Knowledge::builtin();
    let mut count = 0;
    for id in knowledge.rules.iter().map(|rule| &rule.id) {
        let page = explain_rule(&knowledge, id).unwrap();
        for line in &page.decides {
            assert!(line.chars().count() <= 190, "{id}: {line}");
            assert!(!line.contains("when always") && !line.contains("of which always"), "{id}: {line}");
            let words: Vec<&str> = line.split(' ').collect();
            let wrong = words.windows(2).find(|w| w[0] == "a" && w[1].starts_with(['a', 'e', 'i', 'o']));
            assert_eq!(wrong, None, "{id}: {line}");
            // A heading ends with a colon and its list follows; nothing stays open.
            assert_eq!(line.matches('(').count(), line.matches(')').count(), "{id}: {line}");
            count += 1;
        }
        // Nothing of a condition gets lost in the list.
        let facts = |text: &str| text.split_whitespace().filter(|w| w.contains('-') && w.len() > 3).count();
        let (whole, listed): (usize, usize) = (
            page.conditions.iter().map(|(_, what)| facts(what)).sum(),
            page.decides.iter().map(|line| facts(line)).sum(),
        );
        assert_eq!(whole, listed, "{id}");
    }
    assert!(count > 100);
    let page = explain_rule(&knowledge, "core.e.untrusted-path-to-crown").unwrap();
    insta::assert_snapshot!("rule_about_paths", page.decides.join("\n"));
}

#[test]
fn the_path_to_a_flow_leads_through_where_it_begins() {
    let knowledge = Knowledge::builtin();
    let text = include_str!("../../../models/bench/storefront/planted.tm.ron");
    let model = sconce::file::read(text).document.unwrap().model().clone();
    let analysis = sconce::analysis::Analysis::of(&model, &knowledge, prove::TODAY);
    let row = analysis.find("find-goods:web.sqli").unwrap();
    let path: Vec<&str> = row.evidence.iter().map(|id| model.name_of(id)).collect();
    let path = path.join(" → ");
    let told = "Shop page → browse and buy → Content network → pass on → Web app → search → Catalogue service → find goods → Shop database";
    assert_eq!(path, told);
}

/// Every sentence about every rule, as somebody reads it.
#[test]
fn no_sentence_has_a_gap() {
    let knowledge = Knowledge::builtin();
    for id in knowledge.rules.iter().map(|rule| &rule.id) {
        let text = explain_rule(&knowledge, id).unwrap().to_text();
        assert!(!text.contains(['{', '}']), "{id}: {text}");
        for wrong in ["of which it is", "nothing in all of these", " a the ", " no a ", " no the "] {
            assert!(!text.contains(wrong), "{id}, `{wrong}`: {text}");
        }
    }
}

#[test]
fn facts_of_yes_or_no_and_controls_have_titles() {
    use sconce::model::Values;
    for def in Knowledge::builtin().vocabulary.iter() {
        let title = def.title.as_deref().unwrap_or_default();
        let needed = matches!(def.values, Values::YesNo | Values::Control);
        assert!(!needed || !title.is_empty(), "{} has no title", def.name);
        let verb = title.split(' ').next().unwrap_or_default();
        assert!(def.values != Values::YesNo || verb.ends_with('s'), "{}: it {title}", def.name);
    }
}

/// Threats of the models that people see first: by hand, about a flow, closed in words only.
#[test]
fn threats_of_real_models_explain_themselves() {
    let knowledge = Knowledge::builtin();
    let models: [(&str, &[&str]); 4] = [
        (include_str!("../../../models/storefront.tm.ron"), &["web:core.e.confused-deputy", "psp:own.provider-outage"]),
        (include_str!("../../../models/delivery-pipeline.tm.ron"), &["repo:own.unused-access"]),
        (
            include_str!("../../../models/bench/delivery-pipeline/planted.tm.ron"),
            &["fetch-image:cloud.cross-account", "run:ci.no-review"],
        ),
        (include_str!("../../../models/bench/storefront/planted.tm.ron"), &["show-reviews:web.thirdparty-script"]),
    ];
    let mut out = String::new();
    for (text, keys) in models {
        let model = sconce::file::read(text).document.unwrap().model().clone();
        for key in keys.iter().map(|key| ThreatKey::parse(key).unwrap()) {
            out += &explain_threat(&model, &knowledge, &key, prove::TODAY).unwrap().to_text();
            out += "\n----\n\n";
        }
    }
    insta::assert_snapshot!("explained_threats", out);
}
