//! What changed between two states of a model: one picture for each kind of change.

mod comment;
mod git;
mod laws;

use std::fmt::Write as _;

use insta::assert_snapshot;
use sconce::file::{Document, read};
use sconce::model::{Id, Severity, ThreatModel, act};
use sconce::review::diff::{Sides, diff, diff_text};

use crate::sandbox::Sandbox;

/// A shop with one thing of each kind.
const SHOP: &str = r#"#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (
        name: "Shop",
        packs: ["core"],
    ),
    boundaries: {
        "cloud": (
            name: "Cloud",
            trust: 60,
        ),
    },
    assets: {
        "card": (
            name: "Card number",
            confidentiality: Restricted,
        ),
        "order": (
            name: "Order",
        ),
    },
    elements: {
        "customer": ExternalEntity(
            name: "Customer",
        ),
        "db": DataStore(
            name: "Orders",
            stores: ["order"],
        ),
        "web": Process(
            name: "Web app",
            inside: "cloud",
            tech: ["nodejs"],
            facts: {
                "rate_limit": "absent",
            },
        ),
    },
    flows: {
        "browse": (
            name: "browse",
            from: "customer",
            to: "web",
            carries: ["order"],
        ),
        "query": (
            name: "query",
            from: "web",
            to: "db",
        ),
    },
    mitigations: {
        "limit": (
            title: "Rate limit at the edge",
            status: Planned,
            provides: [(fact: "rate_limit", on: ["web"])],
        ),
    },
    assumptions: {
        "form": (
            text: "Cards are typed elsewhere",
        ),
    },
    threats: {
        "browse:core.i.flow-plaintext": (severity: High, opened: "2026-11-20", title: "What Customer sends can be read"),
        "db:core.t.store-corruption": (
            severity: Medium,
            opened: "2026-11-20",
            title: "Records can be altered",
            status: Accepted(reason: "backups exist", approver: "li", expires: "2027-01-31"),
            owner: "ana",
            history: [
                ("2026-11-20", "sconce", Opened),
                ("2026-11-21", "li", Accepted),
            ],
        ),
        "web:core.d.no-rate-limit": (severity: Medium, opened: "2026-11-20", title: "Web app can be flooded"),
    },
    considered: {
        "web:S": (verdict: NoThreat, by: "li", on: "2026-11-20"),
    },
    diagrams: {
        "main": (
            title: "Shop",
            pins: {
                "web": (10, 4),
            },
        ),
    },
)
"#;

fn model(text: &str) -> ThreatModel {
    let read = read(text);
    assert!(read.document.is_some(), "{:?}\n{text}", read.diagnostics);
    read.document.unwrap().model().clone()
}

/// The shop with some pieces of its text replaced.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(SHOP.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    })
}

/// What is told of two texts.
fn check(before: &str, after: &str) -> String {
    let found = diff(&model(before), &model(after));
    diff_text(&found, Sides { model: "shop.tm.ron", before: "a", after: "b", behind: &[] })
}

/// Pictures of edits of the shop, each under its name.
fn pictures(edits: &[(&str, &[(&str, &str)])]) -> String {
    edits.iter().fold(String::new(), |mut out, (what, edit)| {
        let _ = writeln!(out, "### {what}\n{}", check(SHOP, &edited(edit)));
        out
    })
}

const FLOODED: &str =
    r#"        "web:core.d.no-rate-limit": (severity: Medium, opened: "2026-11-20", title: "Web app can be flooded"),"#;
const PLAIN: &str = r#"        "browse:core.i.flow-plaintext": (severity: High, opened: "2026-11-20", title: "What Customer sends can be read"),"#;
const ACCEPTED: &str = r#"status: Accepted(reason: "backups exist", approver: "li", expires: "2027-01-31"),"#;
const LIMIT: &str = "        \"web\": Process(\n            name: \"Web app\",\n            inside: \"cloud\",\n            tech: [\"nodejs\"],\n            facts: {\n                \"rate_limit\": \"absent\",";

#[test]
fn what_changes_in_the_system() {
    let flow = "        \"pay\": (\n            name: \"pay\",\n            from: \"customer\",\n            to: \"web\",\n            carries: [\"card\"],\n            facts: {\n                \"authn\": \"session\",\n            },\n        ),\n";
    let db =
        "        \"db\": DataStore(\n            name: \"Orders\",\n            stores: [\"order\"],\n        ),\n";
    let flow = format!("{flow}        \"query\": (\n");
    let text = pictures(&[
        ("a new flow", &[("        \"query\": (\n", &flow)]),
        ("an element goes", &[(db, ""), ("            to: \"db\",\n", "")]),
        ("a name", &[("\"Web app\",\n            inside", "\"Web shop\",\n            inside")]),
        ("another kind", &[("\"web\": Process(", "\"web\": ExternalEntity(")]),
        ("a fact is stated", &[("\"rate_limit\": \"absent\"", "\"authn\": \"present\",\n\"rate_limit\": \"absent\"")]),
        ("a fact is unknown now", &[("\"rate_limit\": \"absent\",", "")]),
        ("a fact makes no sense", &[("\"rate_limit\": \"absent\"", "\"rate_limit\": (na: \"one caller\")")]),
        ("a flow carries more", &[("carries: [\"order\"]", "carries: [\"card\", \"order\"]")]),
        ("a flow carries something else", &[("carries: [\"order\"]", "carries: [\"card\"]")]),
        ("a flow is known to carry nothing", &[("to: \"db\",", "to: \"db\",\ncarries: [],")]),
        ("something moves", &[("\"Orders\",", "\"Orders\",\ninside: \"cloud\",")]),
        ("a boundary is trusted less", &[("trust: 60", "trust: 20")]),
        ("an asset matters more", &[("name: \"Order\",", "name: \"Order\",\nintegrity: Critical,")]),
        ("another pack is asked", &[("packs: [\"core\"]", "packs: [\"core\", \"web\"]")]),
        ("a diagram shows less", &[("title: \"Shop\",", "title: \"Shop\",\nshows: [\"web\"],")]),
        (
            "a merge left something open",
            &[
                ("            title: \"Shop\",\n            pins", "            title: \"Shop\",\n pins"),
                (
                    "    diagrams: {",
                    "    conflicts: [(of: \"elements.web\", field: \"owner\", ours: \"\\\"a\\\"\", theirs: \"\\\"b\\\"\")],\n    diagrams: {",
                ),
            ],
        ),
        ("an assumption and a look", &[("typed elsewhere", "typed in a form"), ("NoThreat", "Parked")]),
    ]);
    assert_snapshot!("system", text);
}

#[test]
fn what_is_the_same_under_another_id_or_name() {
    let renamed = |name: bool| {
        let mut model = model(SHOP);
        let id = |text: &str| Id::new(text).unwrap();
        act::rename(&model, &id("web"), &id("storefront")).unwrap().apply(&mut model).unwrap();
        act::rename(&model, &id("storefront"), &id("shop")).unwrap().apply(&mut model).unwrap();
        if name {
            model.elements.get_mut(&id("shop")).unwrap().name = "Shop front".to_owned();
            model.flows.get_mut(&id("query")).unwrap().carries = Some(vec![id("order")]);
            model.threats.values_mut().for_each(|threat| threat.severity = Some(Severity::Critical));
        }
        Document::new(model).text()
    };
    let text = format!(
        "### an id, twice\n{}\n### the way back\n{}\n### an id, a name, and what threats say\n{}",
        check(SHOP, &renamed(false)),
        check(&renamed(false), SHOP),
        check(SHOP, &renamed(true)),
    );
    assert_snapshot!("renamed", text);
}

#[test]
fn what_becomes_of_threats() {
    let more = format!(
        "{PLAIN}\n        \"browse:core.s.caller-unauthenticated\": (severity: High, opened: \"2026-11-23\", title: \"Anybody can pose as Customer\"),"
    );
    let gone = FLOODED.replace("flooded\"", "flooded\", status: Gone(on: \"2026-11-23\")");
    let mitigated = FLOODED.replace("flooded\"", "flooded\", status: Mitigated(on: \"2026-11-23\")");
    let owned = FLOODED.replace("flooded\"", "flooded\", owner: \"ana\", due: \"2027-03-01\"");
    let own = format!(
        "{PLAIN}\n        \"web:own.strike\": (severity: High, opened: \"2026-11-23\", title: \"Nobody is at work\", stride: [D]),"
    );
    let text = pictures(&[
        (
            "new, because of a field of its own",
            &[(PLAIN, &more), ("carries: [\"order\"]", "carries: [\"card\", \"order\"]")],
        ),
        (
            "new, because of a fact that its rule names",
            &[
                (PLAIN, &more),
                ("carries: [\"order\"]", "carries: [\"order\"],\nfacts: { \"authn\": \"none\", \"tls\": \"1.3\" }"),
            ],
        ),
        ("new, because of what is next to it", &[(PLAIN, &more), ("trust: 60", "trust: 20")]),
        ("new, and nothing near changed", &[(PLAIN, &more), ("\"Card number\",", "\"Card number\",\nkind: Payment,")]),
        ("written by hand", &[(PLAIN, &own), (LIMIT, &LIMIT.replace("absent", "partial"))]),
        ("no longer recorded", &[(FLOODED, ""), ("\"rate_limit\": \"absent\",", "")]),
        ("gone", &[(FLOODED, &gone)]),
        ("mitigated by work", &[(FLOODED, &mitigated), ("status: Planned", "status: Implemented")]),
        (
            "mitigated by work across a flow, whatever else is near",
            &[
                (FLOODED, &mitigated),
                ("status: Planned", "status: Implemented"),
                ("on: [\"web\"]", "on: [\"db\"]"),
                ("carries: [\"order\"]", "carries: [\"card\"]"),
            ],
        ),
        ("more severe", &[(PLAIN, &PLAIN.replace("High", "Critical"))]),
        ("owner and due date", &[(FLOODED, &owned)]),
        ("history lost", &[("                (\"2026-11-20\", \"sconce\", Opened),\n", "")]),
        ("a decision goes with its threat", &[(ACCEPTED, "status: Gone(on: \"2026-11-23\"),")]),
    ]);
    assert_snapshot!("threats", text);
    let back = check(&edited(&[(FLOODED, &gone)]), SHOP);
    assert_snapshot!(back, @r"
    shop.tm.ron: a → b: 1 returned threat

    Threats
      + Medium `T-6KONWNVJ53` Web app can be flooded (`web:core.d.no-rate-limit`)
          it was gone and is raised again
    ");
    let emptied = check(SHOP, &edited(&[("packs: [\"core\"]", "packs: [\"web\"]"), (FLOODED, ""), (PLAIN, "")]));
    assert!(emptied.contains("because the system is no longer held against the pack core"), "{emptied}");
}

#[test]
fn what_is_decided() {
    let history = "                (\"2026-11-21\", \"li\", Accepted),\n";
    let row = |event: &str| format!("{history}                (\"2026-11-25\", \"mira\", {event}),\n");
    let accepted = FLOODED.replace(
        "flooded\"",
        "flooded\", status: Accepted(reason: \"for a week\", expires: \"2026-12-01\"), owner: \"ana\", history: [(\"2026-11-25\", \"ana\", Accepted)]",
    );
    let rated = FLOODED.replace(
        "flooded\"",
        "flooded\", override: (severity: Low, reason: \"few callers\", by: \"mira\"), history: [(\"2026-11-25\", \"mira\", Rated)]",
    );
    let text = pictures(&[
        ("accepted", &[(FLOODED, &accepted)]),
        ("rated by hand", &[(FLOODED, &rated)]),
        ("accepted for longer", &[("expires: \"2027-01-31\"", "expires: \"2028-01-31\""), (history, &row("Accepted"))]),
        ("taken back", &[(ACCEPTED, "status: Open,"), (history, &row("Reopened"))]),
        (
            "avoided instead",
            &[(ACCEPTED, "status: Avoided(reason: \"the store is gone\"),"), (history, &row("Avoided"))],
        ),
        (
            "handed on",
            &[
                (ACCEPTED, "status: Transferred(to: \"team-data\", reason: \"it is theirs\"),"),
                (history, &row("Transferred")),
            ],
        ),
        (
            "shown to be closed, and nobody wrote down who said so",
            &[(ACCEPTED, "status: Mitigated(evidence: [\"db/trigger.sql\"]),")],
        ),
    ]);
    assert_snapshot!("decisions", text);
}

#[test]
fn what_becomes_of_mitigations() {
    let other = "        \"limit\": (\n";
    let new = "        \"keys\": (\n            title: \"Sign records\",\n            status: Proposed,\n            provides: [(fact: \"integrity_check\", on: [\"db\"])],\n        ),\n        \"limit\": (\n";
    let text = pictures(&[
        ("new", &[(other, new)]),
        ("planned, done", &[("status: Planned", "status: Verified,\nevidence: [\"infra/waf.tf\"]")]),
        (
            "provides more",
            &[(
                "[(fact: \"rate_limit\", on: [\"web\"])]",
                "[(fact: \"rate_limit\", on: [\"web\"]), (fact: \"waf\", value: \"partial\", on: [\"web\"])]",
            )],
        ),
    ]);
    assert_snapshot!("mitigations", text);
}

#[test]
fn layout_order_and_comments_are_no_change() {
    let query = "        \"query\": (\n            name: \"query\",\n            from: \"web\",\n            to: \"db\",\n        ),\n";
    let moved = edited(&[
        ("(10, 4)", "(99, 1)"),
        (query, ""),
        ("    flows: {\n", &format!("    // what moves\n    flows: {{\n{query}")),
        ("[\"core\"]", "[\"core\"   ]"),
    ]);
    assert_eq!(check(SHOP, &moved), "shop.tm.ron: a → b: nothing changed\n");
    let sandbox = Sandbox::new();
    sandbox.write("a.tm.ron", SHOP).write("b.tm.ron", &moved);
    assert_snapshot!(sandbox.picture(&["diff", "a.tm.ron", "b.tm.ron"]), @r"
    $ sconce diff a.tm.ron b.tm.ron
    a.tm.ron → b.tm.ron: nothing changed but layout, order or comments
    not compared, as the register is behind today's rules by 3 threats: browse:core.i.flow-plaintext, db:core.t.store-corruption, web:core.d.no-rate-limit; `sconce update` records them
    --- exit 0
    ");
    assert_snapshot!(sandbox.picture(&["diff", "a.tm.ron", "a.tm.ron"]), @r"
    $ sconce diff a.tm.ron a.tm.ron
    a.tm.ron → a.tm.ron: nothing changed
    not compared, as the register is behind today's rules by 3 threats: browse:core.i.flow-plaintext, db:core.t.store-corruption, web:core.d.no-rate-limit; `sconce update` records them
    --- exit 0
    ");
}
