//! What single conditions mean: a sketch and a condition in, the subjects by answer out.

use sconce::file::data;
use sconce::model::graph::Index;
use sconce::model::{SubjectKind, ThreatModel};
use sconce::rules::eval::{Ctx, Evaluator};
use sconce::rules::language::{Condition, Sketch};
use sconce::rules::truth::Truth;
use sconce::rules::{Knowledge, prove, sketch};

/// A model from a sketch.
pub(crate) fn model(text: &str) -> ThreatModel {
    sketch::model(&data::read::<Sketch>(text, "sketch").unwrap()).unwrap()
}

/// The subjects for which a condition holds, and with `?` those for which it may.
pub(super) fn ask(model: &ThreatModel, on: &[SubjectKind], condition: &str) -> String {
    let condition: Condition = data::read(condition, "condition").unwrap();
    let knowledge = Knowledge::builtin();
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, prove::TODAY);
    let subjects: Vec<usize> = on.iter().flat_map(|kind| index.of_kind(*kind)).collect();
    let say = |nr: usize, truth| match truth {
        Truth::True => Some(index.id(nr).to_string()),
        Truth::Unknown => Some(format!("{}?", index.id(nr))),
        Truth::False => None,
    };
    let said = subjects.into_iter().filter_map(|nr| say(nr, evaluator.eval(&condition, Ctx::of(nr))));
    let mut said: Vec<String> = said.collect();
    said.sort();
    said.join(" ")
}

const ELEMENTS: &[SubjectKind] = &[SubjectKind::ExternalEntity, SubjectKind::Process, SubjectKind::DataStore];
const FLOWS: &[SubjectKind] = &[SubjectKind::Flow];

const SHOP: &str = r#"(
    boundaries: {
        "cloud": (kind: Account, trust: 60, facts: {"patching": "present"}),
        "vault-net": (kind: Network, trust: 80, inside: "cloud", clearance: Internal),
        "cafe": (),
    },
    assets: {
        "card": (kind: Payment, confidentiality: Restricted),
        "news": (confidentiality: Public),
        "notes": (),
    },
    elements: {
        "customer": ExternalEntity(),
        "laptop": Process(inside: "cafe"),
        "db": DataStore(inside: "vault-net", tech: ["postgresql"], stores: ["card"]),
        "web": Process(inside: "cloud", processes: ["news"], facts: {
            "csp": (na: "renders nothing"), "rate_limit": "partial", "audit_log": "absent", "formats": ["json", "xml"],
        }),
    },
    flows: {
        "browse": (from: "customer", to: "web", carries: ["news"], facts: {"tls": "1.2", "enc": "tls"}),
        "query": (from: "web", to: "db", carries: ["card"], credential: "dbpass"),
        "report": (from: "laptop", to: "db", carries: ["notes"], credential: "dbpass"),
        "stray": (from: "web"),
    },
)"#;

#[test]
fn facts_are_three_valued() {
    let shop = model(SHOP);
    let check = |condition, expected| assert_eq!(ask(&shop, ELEMENTS, condition), expected, "{condition}");
    check(r#"Has("rate_limit")"#, "db? laptop?");
    check(r#"HasPartly("rate_limit")"#, "db? laptop? web");
    check(r#"Lacks("audit_log")"#, "db? laptop? web");
    // Patching comes from the boundary, and what does not apply is neither there nor missing.
    check(r#"Has("patching")"#, "customer? db laptop? web");
    check(r#"Any([Has("csp"), Lacks("csp")])"#, "laptop?");
    check(r#"Known("patching")"#, "db web");
    check(r#"Unknown("tech")"#, "customer laptop web");
    check(r#"Tech(["sql"])"#, "customer? db laptop? web?");
    check(r#"AtLeastOf(2, [Has("patching"), Tech(["database"]), Always])"#, "customer? db laptop? web");
    let check = |condition, expected| assert_eq!(ask(&shop, FLOWS, condition), expected, "{condition}");
    check(r#"AtLeast("tls", "1.2")"#, "browse query? report? stray?");
    check(r#"AtMost("tls", "1.1")"#, "query? report? stray?");
    check(r#"OneOf("enc", ["tls", "mtls"])"#, "browse query? report? stray?");
}

#[test]
fn data_is_followed() {
    let shop = model(SHOP);
    let check = |condition, expected| assert_eq!(ask(&shop, FLOWS, condition), expected, "{condition}");
    check("Carries(Confidentiality(Confidential))", "query report? stray?");
    check("CarriesNone(Always)", "stray?");
    check("ExceedsClearance", "query report?");
    check("SharesCredential(2)", "query report");
    let check = |condition, expected| assert_eq!(ask(&shop, ELEMENTS, condition), expected, "{condition}");
    check("Stores(AssetKind([Payment]))", "db");
    check("Confidentiality(Restricted)", "db laptop? web");
    assert_eq!(ask(&shop, &[SubjectKind::Asset], "Unused"), "");
}

#[test]
fn boundaries_are_nested() {
    let shop = model(SHOP);
    let check = |condition, expected| assert_eq!(ask(&shop, FLOWS, condition), expected, "{condition}");
    check("Crosses([])", "browse query report");
    check("Crosses([Network])", "query report");
    check("Crosses([Account])", "browse report");
    check("Enters([Network])", "query report");
    check("Leaves([Network])", "report?");
    check("CrossDepth(2)", "report");
    check("SameBoundary([Account])", "query");
    check("TrustRise(20)", "browse query report?");
    check("TrustRise(30)", "browse report?");
    check("TrustDrop(1)", "report?");
    check("Source(Untrusted)", "browse");
    let check = |condition, expected| assert_eq!(ask(&shop, ELEMENTS, condition), expected, "{condition}");
    check("InBoundary([Account])", "db laptop? web");
    check("TrustAtLeast(60)", "db laptop? web");
    check("Untrusted", "customer");
    check("SharesBoundary(with: Kind([DataStore]), kinds: [Account])", "web");
    check("SharesBoundary(with: Kind([DataStore]), kinds: [Account], without_flow: true)", "");
}

#[test]
fn neighbours_are_counted() {
    let shop = model(SHOP);
    let check = |condition, expected| assert_eq!(ask(&shop, ELEMENTS, condition), expected, "{condition}");
    check(r#"AnyIn(Is("enc", "tls"))"#, "db? web");
    check(r#"AllIn(Is("enc", "tls"))"#, "db? web");
    check("CountIn(2, Always)", "db");
    check("CountOut(2, Always)", "web");
    check("DistinctPeers(2)", "db web");
    check("Unused", "");
    check("Upstream(is: Kind([ExternalEntity]))", "web");
    check("Upstream(is: Kind([ExternalEntity]), through: Kind([Process]))", "db web");
    check("Downstream(is: Kind([DataStore]))", "laptop web");
}
