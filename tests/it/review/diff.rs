//! What changed between two states of a model: one picture for each kind of change, the laws, and the verb with a real
//! git.

use std::fmt::Write as _;
use std::process::Output;

use insta::assert_snapshot;
use proptest::prelude::*;
use sconce::file::{Document, read};
use sconce::model::{Diagram, Edit, Id, MitigationStatus, Severity, Threat, ThreatModel, act};
use sconce::review::diff::{Sides, diff, diff_json, diff_markdown, diff_text};

use crate::model::arbitrary::{Dice, models};
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
    diff_text(&found, Sides { model: "shop.tm.ron", before: "a", after: "b" })
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
    assert_snapshot!(
        "system",
        pictures(&[
            ("a new flow", &[("        \"query\": (\n", &flow)]),
            ("an element goes", &[(db, ""), ("            to: \"db\",\n", "")]),
            ("a name", &[("\"Web app\",\n            inside", "\"Web shop\",\n            inside")]),
            ("another kind", &[("\"web\": Process(", "\"web\": ExternalEntity(")]),
            (
                "a fact is stated",
                &[("\"rate_limit\": \"absent\"", "\"authn\": \"present\",\n\"rate_limit\": \"absent\"")]
            ),
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
            ("an assumption and a look", &[("typed elsewhere", "typed in a form"), ("NoThreat", "Parked")]),
        ])
    );
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
    assert_snapshot!(
        "renamed",
        format!(
            "### an id, twice\n{}\n### the way back\n{}\n### an id, a name, and what threats say\n{}",
            check(SHOP, &renamed(false)),
            check(&renamed(false), SHOP),
            check(SHOP, &renamed(true)),
        )
    );
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
    assert_snapshot!(
        "threats",
        pictures(&[
            (
                "new, because of a field of its own",
                &[(PLAIN, &more), ("carries: [\"order\"]", "carries: [\"card\", \"order\"]")]
            ),
            (
                "new, because of a fact that its rule names",
                &[
                    (PLAIN, &more),
                    ("carries: [\"order\"]", "carries: [\"order\"],\nfacts: { \"authn\": \"none\", \"tls\": \"1.3\" }")
                ]
            ),
            ("new, because of what is next to it", &[(PLAIN, &more), ("trust: 60", "trust: 20")]),
            (
                "new, and nothing near changed",
                &[(PLAIN, &more), ("\"Card number\",", "\"Card number\",\nkind: Payment,")]
            ),
            ("written by hand", &[(PLAIN, &own), (LIMIT, &LIMIT.replace("absent", "partial"))]),
            ("no longer recorded", &[(FLOODED, ""), ("\"rate_limit\": \"absent\",", "")]),
            ("gone", &[(FLOODED, &gone)]),
            ("mitigated by work", &[(FLOODED, &mitigated), ("status: Planned", "status: Implemented")]),
            ("more severe", &[(PLAIN, &PLAIN.replace("High", "Critical"))]),
            ("owner and due date", &[(FLOODED, &owned)]),
            ("history lost", &[("                (\"2026-11-20\", \"sconce\", Opened),\n", "")]),
            ("a decision goes with its threat", &[(ACCEPTED, "status: Gone(on: \"2026-11-23\"),")]),
        ])
    );
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
    assert_snapshot!(
        "decisions",
        pictures(&[
            ("accepted", &[(FLOODED, &accepted)]),
            ("rated by hand", &[(FLOODED, &rated)]),
            (
                "accepted for longer",
                &[("expires: \"2027-01-31\"", "expires: \"2028-01-31\""), (history, &row("Accepted"))]
            ),
            ("taken back", &[(ACCEPTED, "status: Open,"), (history, &row("Reopened"))]),
            (
                "avoided instead",
                &[(ACCEPTED, "status: Avoided(reason: \"the store is gone\"),"), (history, &row("Avoided"))]
            ),
            (
                "handed on",
                &[
                    (ACCEPTED, "status: Transferred(to: \"team-data\", reason: \"it is theirs\"),"),
                    (history, &row("Transferred"))
                ]
            ),
            (
                "shown to be closed, and nobody wrote down who said so",
                &[(ACCEPTED, "status: Mitigated(evidence: [\"db/trigger.sql\"]),")]
            ),
        ])
    );
}

#[test]
fn what_becomes_of_mitigations() {
    let other = "        \"limit\": (\n";
    let new = "        \"keys\": (\n            title: \"Sign records\",\n            status: Proposed,\n            provides: [(fact: \"integrity_check\", on: [\"db\"])],\n        ),\n        \"limit\": (\n";
    assert_snapshot!(
        "mitigations",
        pictures(&[
            ("new", &[(other, new)]),
            ("planned, done", &[("status: Planned", "status: Verified,\nevidence: [\"infra/waf.tf\"]")]),
            (
                "provides more",
                &[(
                    "[(fact: \"rate_limit\", on: [\"web\"])]",
                    "[(fact: \"rate_limit\", on: [\"web\"]), (fact: \"waf\", value: \"partial\", on: [\"web\"])]"
                )]
            ),
        ])
    );
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
    --- exit 0
    ");
    assert_snapshot!(sandbox.picture(&["diff", "a.tm.ron", "a.tm.ron"]), @r"
    $ sconce diff a.tm.ron a.tm.ron
    a.tm.ron → a.tm.ron: nothing changed
    --- exit 0
    ");
}

/// The text of a model without what is no change.
fn plain(mut model: ThreatModel) -> String {
    model.diagrams.values_mut().for_each(|diagram| *diagram = Diagram { pins: Default::default(), ..diagram.clone() });
    model.threats.values_mut().for_each(|threat| threat.history.sort_by_key(|row| format!("{row:?}")));
    model.mitigations.values_mut().for_each(|work| {
        work.provides.sort_by_key(|provides| format!("{provides:?}"));
        work.evidence.sort();
    });
    model.threats.values_mut().for_each(|threat| {
        if let sconce::model::Status::Mitigated { evidence, .. } = &mut threat.status {
            evidence.sort();
        }
    });
    Document::new(model).text()
}

/// How many fields of a threat there are.
const FIELDS: usize = 14;

/// A threat with one field of another one.
fn with_field_of(threat: &Threat, other: &Threat, n: usize) -> Threat {
    let (mut mixed, other) = (threat.clone(), other.clone());
    match n {
        0 => mixed.severity = other.severity,
        1 => mixed.opened = other.opened,
        2 => mixed.title = other.title,
        3 => mixed.stride = other.stride,
        4 => mixed.category = other.category,
        5 => mixed.description = other.description,
        6 => mixed.status = other.status,
        7 => mixed.overridden = other.overridden,
        8 => mixed.owner = other.owner,
        9 => mixed.due = other.due,
        10 => mixed.mitigations = other.mitigations,
        11 => mixed.decided_on = other.decided_on,
        12 => mixed.notes = other.notes,
        _ => mixed.history = other.history,
    }
    mixed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_model_and_itself_differ_in_nothing(model in models()) {
        prop_assert!(diff(&model, &model).is_empty());
    }

    #[test]
    fn no_field_of_a_threat_is_passed_over(one in models(), two in models()) {
        for (key, threat) in &one.threats {
            for other in two.threats.values() {
                for n in 0..FIELDS {
                    let mut mixed = one.clone();
                    mixed.threats.insert(key.clone(), with_field_of(threat, other, n));
                    let found = diff(&one, &mixed);
                    prop_assert_eq!(found.is_empty(), plain(one.clone()) == plain(mixed.clone()), "{}: {:?}", n, found);
                }
            }
        }
    }

    #[test]
    fn nothing_changed_exactly_when_the_texts_are_the_same(model in models(), seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut other = model.clone();
        for _ in 0..=dice.below(3) {
            let edit: Edit = dice.edit(&other);
            let _ = edit.apply(&mut other);
        }
        for (a, b) in [(&model, &other), (&other, &model)] {
            let found = diff(a, b);
            prop_assert_eq!(found.is_empty(), plain(a.clone()) == plain(b.clone()), "{:?}", found);
            let sides = Sides { model: "m", before: "a", after: "b" };
            let raw = |text: &str| text.chars().find(|c| *c != '\n' && sconce::diagnostic::inert::is_hazard(*c) && *c != '\u{200d}' && *c != '\u{fe0f}');
            for text in [diff_text(&found, sides), diff_markdown(&found, sides, a, b), diff_json(&found, sides)] {
                prop_assert_eq!(raw(&text), None, "{}", text);
            }
        }
    }
}

#[test]
fn a_thousand_threats_fit_into_a_comment() {
    let mut after = model(SHOP);
    let shop = after.clone();
    for n in 0..1500 {
        let (id, edit) = act::add_element(
            &after,
            sconce::model::ElementKind::Process,
            &format!("Part `{n}` {}", "x".repeat(200)),
            None,
        );
        edit.apply(&mut after).unwrap();
        let threat = sconce::model::Threat { title: "t ".repeat(400), ..Default::default() };
        after.threats.insert(sconce::model::ThreatKey::new(&id, "core.d.no-rate-limit", None), threat);
    }
    after.mitigations.values_mut().for_each(|work| work.status = MitigationStatus::Verified);
    let found = diff(&shop, &after);
    let text = diff_markdown(&found, Sides { model: "m", before: "a", after: "b" }, &shop, &after);
    assert!(text.len() < 65_536 && text.len() > 40_000, "{}", text.len());
    assert!(text.contains("**System**") && text.contains("**Threats**") && text.contains("Rate limit at the edge"));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert_eq!(text.matches("\n- and ").count(), 2);
}

#[test]
fn hostile_names_do_nothing_in_a_comment() {
    let nasty = r#"<img src=x onerror=a> @octocat #1 **b** [l](http://x) ```` ``` --> | ![i](x) &lt;"#;
    let quoted = nasty.replace('"', "\\\"");
    let after = edited(&[
        ("\"Customer\"", &format!("\"{quoted}\"")),
        ("name: \"query\"", &format!("name: \"{quoted}\"")),
        ("approver: \"li\"", "approver: \"@li\""),
    ]);
    let (before, after) = (model(SHOP), model(&after));
    let name = "x --> <b>`` @a #1.tm.ron";
    let text =
        diff_markdown(&diff(&before, &after), Sides { model: name, before: "@a", after: "`b`" }, &before, &after);
    assert_snapshot!("hostile", text);
}

/// A repository in a sandbox.
struct Git(Sandbox);

impl Git {
    fn new() -> Self {
        let git = Self(Sandbox::new());
        git.run(&["init", "-q", "-b", "main"]);
        git
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut git = self.0.command("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]).args(args);
        let output = git.output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn commit(&self, name: &str, text: &str) {
        self.0.write(name, text);
        self.run(&["add", "-A"]);
        self.run(&["commit", "-q", "-m", "change"]);
    }
}

#[test]
fn the_work_tree_commits_and_branches_are_compared() {
    let git = Git::new();
    let name = "mein Modell/Lädchen.tm.ron";
    git.commit(name, SHOP);
    git.run(&["branch", "old"]);
    git.run(&["checkout", "-q", "-b", "other"]);
    git.commit(name, &edited(&[("trust: 60", "trust: 20")]));
    git.run(&["checkout", "-q", "main"]);
    git.commit(name, &edited(&[("status: Planned", "status: Implemented")]));
    git.0.write(name, edited(&[("status: Planned", "status: Implemented"), ("\"Order\"", "\"Orders\"")]));
    assert_snapshot!(
        "git",
        [
            git.0.picture(&["diff", name]),
            git.0.picture(&["diff", "old", name]),
            git.0.picture(&["diff", "old", "HEAD", name]),
            git.0.picture(&["diff", "main..other", name]),
            git.0
                .picture(&["diff", "main...other", name])
                .replace(&String::from_utf8(git.run(&["rev-parse", "old"]).stdout).unwrap()[..10], "[old]"),
            git.0.picture(&["diff", "nobody", name]),
            git.0.picture(&["diff", "a", "b", "c", name]),
            git.0.picture(&["diff", "old", "none.tm.ron"]),
        ]
        .join("\n")
    );
    let json = git.0.sconce(&["diff", name, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["model"], name);
    assert_eq!(json["system"][0]["fields"][0]["before"], "Order");
}

#[test]
fn a_commit_whose_name_begins_with_a_dash_is_no_option() {
    let git = Git::new();
    git.commit("shop.tm.ron", SHOP);
    git.run(&["update-ref", "refs/tags/--output=x", "HEAD"]);
    git.0.write("shop.tm.ron", edited(&[("trust: 60", "trust: 20")]));
    let mut command = git.0.command(env!("CARGO_BIN_EXE_sconce"));
    let output = command.args(["--now", "2026-11-23", "diff", "--", "--output=x"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(String::from_utf8_lossy(&output.stdout).contains("trust: 60 → 20"));
    assert_eq!(output.status.code(), Some(1));
    assert!(!git.0.path("x").exists());
}

#[test]
fn a_file_is_followed_under_its_former_name_or_is_new() {
    let git = Git::new();
    git.commit("alt.tm.ron", SHOP);
    git.run(&["mv", "alt.tm.ron", "neu.tm.ron"]);
    let renamed = git.0.picture(&["diff"]);
    git.0.write("neu.tm.ron", edited(&[("trust: 60", "trust: 20")]));
    let changed = git.0.picture(&["diff"]);
    git.run(&["commit", "-qam", "renamed"]);
    let committed = git.0.picture(&["diff", "HEAD~1", "HEAD"]);
    git.0.write(
        "fresh.tm.ron",
        "ThreatModel(format: (1, 0), system: (name: \"F\"), elements: {\"a\": Process(name: \"A\")})",
    );
    let fresh = git.0.picture(&["diff", "fresh.tm.ron"]);
    std::fs::remove_file(git.0.path("fresh.tm.ron")).unwrap();
    git.run(&["rm", "-q", "neu.tm.ron"]);
    git.run(&["commit", "-qm", "gone"]);
    let gone = git.0.picture(&["diff", "HEAD~1", "HEAD", "neu.tm.ron"]);
    let gone = gone.lines().take(4).chain(gone.lines().rev().take(2)).collect::<Vec<_>>().join("\n");
    assert_snapshot!("former_names", [renamed, changed, committed, fresh, gone].join("\n"));
}

#[test]
fn what_cannot_be_compared_is_said_with_the_way_out() {
    let outside = Sandbox::new();
    outside.write("shop.tm.ron", SHOP);
    let bare = Sandbox::new();
    bare.command("git").args(["init", "-q", "--bare"]).status().unwrap();
    bare.write("shop.tm.ron", SHOP);
    let empty = Git::new();
    empty.0.write("shop.tm.ron", SHOP);
    let broken = Git::new();
    broken.commit("shop.tm.ron", &SHOP.replace("trust: 60,", "trust: 60,\n<<<<<<< ours\n"));
    broken.0.write("shop.tm.ron", SHOP);
    // What a team's own vocabulary knows is no reason not to read a model, nor are rules that cannot be read.
    let team = Git::new();
    team.commit("shop.tm.ron", &SHOP.replace("\"rate_limit\": \"absent\"", "\"acme_level\": \"7\""));
    team.0.write(".sconce/rules/broken.ron", "(");
    team.0.write("shop.tm.ron", SHOP.replace("\"rate_limit\": \"absent\"", "\"acme_level\": \"8\""));
    let mut without = outside.command(env!("CARGO_BIN_EXE_sconce"));
    let output =
        without.env("PATH", "/nonexistent").args(["--as", "t", "--now", "2026-11-23", "diff"]).output().unwrap();
    assert_snapshot!(
        "refused",
        [
            outside.picture(&["diff"]),
            bare.picture(&["diff"]),
            empty.0.picture(&["diff"]),
            broken.0.picture(&["diff"]),
            team.0.picture(&["diff"]),
            String::from_utf8_lossy(&output.stderr).into_owned(),
            outside.picture(&["diff", "shop.tm.ron", "other.tm.ron"]),
        ]
        .join("\n")
    );
}
