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
