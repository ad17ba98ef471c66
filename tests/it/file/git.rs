//! Models under plain git, without a merge driver: merges are right or visibly wrong, and diffs can be reviewed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use sconce::diagnostic::Severity;
use sconce::file::{Document, read, read_checked};
use sconce::model::{
    DataFlow, Edit, Element, ElementKind, Entry, FactValue, Id, MitigationStatus, Severity as Rank, Status, Threat,
    ThreatKey, ThreatModel, act,
};

use super::format::EXAMPLE;
use super::pictures::vocabulary;
use crate::model::arbitrary::Dice;

/// A repository that knows nothing of the machine it is on.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs git; returns what it prints and whether it was content.
    fn try_git(&self, args: &[&str]) -> (String, bool) {
        let out = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs([("HOME", "/nonexistent"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null")])
            .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@b"), ("GIT_AUTHOR_DATE", "2026-11-20T00:00:00Z")])
            .envs([
                ("GIT_COMMITTER_NAME", "a"),
                ("GIT_COMMITTER_EMAIL", "a@b"),
                ("GIT_COMMITTER_DATE", "2026-11-20T00:00:00Z"),
            ])
            .output()
            .unwrap();
        (String::from_utf8(out.stdout).unwrap(), out.status.success())
    }

    fn git(&self, args: &[&str]) -> String {
        let (out, fine) = self.try_git(args);
        assert!(fine, "git {args:?}: {out}");
        out
    }

    fn commit(&self, text: &str) {
        fs::write(self.path().join("m.tm.ron"), text).unwrap();
        self.git(&["add", "m.tm.ron"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "change"]);
    }
}

const WORDS: &[&str] =
    &["api", "billing", "cache", "db", "edge", "feed", "gateway", "ingest", "jobs", "kiosk", "ledger", "mail"];

/// A model as people have it: a few elements in a row, with flows between them and what the rules said.
fn base(dice: &mut Dice) -> ThreatModel {
    let mut model = ThreatModel::default();
    "Shop".clone_into(&mut model.system.name);
    for word in WORDS {
        if dice.below(2) == 0 {
            extend(&mut model, word, "", dice);
        }
    }
    model
}

/// Adds an element, a flow to another element and a threat.
fn extend(model: &mut ThreatModel, word: &str, mark: &str, dice: &mut Dice) {
    let id = Id::new(&format!("{word}{mark}")).unwrap();
    let mut element = Element::new(dice.pick(ElementKind::ALL), &id.to_string().to_uppercase());
    if dice.below(2) == 0 {
        element.facts.insert("x.team".to_owned(), FactValue::text("shop"));
    }
    let others: Vec<Id> = model.elements.keys().cloned().collect();
    model.elements.insert(id.clone(), element);
    if !others.is_empty() {
        let to = dice.pick(&others);
        let flow = DataFlow { from: Some(id.clone()), to: Some(to.clone()), ..DataFlow::default() };
        model.flows.insert(Id::new(&format!("{id}-to-{to}")).unwrap(), flow);
    }
    let threat = Threat { severity: Some(Rank::High), title: format!("{id} can be flooded"), ..Threat::default() };
    model.threats.insert(ThreatKey::new(&id, "core.d.no-rate-limit", None), threat);
}

#[test]
fn fifty_plain_merges_are_right_or_visibly_wrong() {
    let repository = Repository::new();
    let (mut clean, mut conflicts, mut named) = (0, 0, 0);
    for seed in 0..50u64 {
        let mut dice = Dice::new(seed);
        let base = base(&mut dice);
        let (mut ours, mut theirs, mut both) = (base.clone(), base.clone(), base.clone());
        for (branch, other) in [("-x", &mut ours), ("-y", &mut theirs)] {
            for _ in 0..=dice.below(2) {
                let (word, seed) = (dice.pick(WORDS), seed * 31 + dice.below(1000) as u64);
                // Now and then both branches invent the same element.
                let mark = if dice.below(6) == 0 { "-same" } else { branch };
                extend(other, word, mark, &mut Dice::new(seed));
            }
            both.elements.append(&mut other.elements.clone());
            both.flows.append(&mut other.flows.clone());
            both.threats.append(&mut other.threats.clone());
        }
        let text = |model: &ThreatModel| Document::new(model.clone()).text();
        repository.git(&["checkout", "-q", "--orphan", &format!("base{seed}")]);
        repository.commit(&text(&base));
        repository.git(&["checkout", "-q", "-b", &format!("theirs{seed}")]);
        repository.commit(&text(&theirs));
        repository.git(&["checkout", "-q", &format!("base{seed}")]);
        repository.commit(&text(&ours));
        let (_, fine) = repository.try_git(&["merge", "-q", &format!("theirs{seed}")]);
        let merged = Arc::new(fs::read_to_string(repository.path().join("m.tm.ron")).unwrap());
        let found = read_checked(&merged, &vocabulary(), &sconce::model::Technologies::default());
        if fine {
            let wrong = found.diagnostics.iter().any(|d| d.severity == Severity::Error);
            match found.document {
                Some(document) if !wrong => {
                    assert_eq!(*document.model(), both, "seed {seed}\n{merged}");
                    clean += 1;
                }
                _ => named += 1,
            }
        } else {
            assert!(found.document.is_none() && found.diagnostics[0].code == "git-conflict", "seed {seed}");
            repository.git(&["merge", "--abort"]);
            conflicts += 1;
        }
    }
    // Counted so that a change of the format that makes merges worse is seen.
    insta::assert_snapshot!(format!("{clean} merged right, {conflicts} conflicts, {named} merged wrongly and named"), @"18 merged right, 32 conflicts, 0 merged wrongly and named");
}

#[test]
fn what_a_text_merge_can_do_wrong_is_named() {
    let twice = EXAMPLE.replacen(
        "    mitigations: {\n",
        "        \"login\": (\n            name: \"log in\",\n        ),\n    },\n    mitigations: {\n",
        1,
    );
    let twice = twice.replacen("        ),\n    },\n        \"login\"", "        ),\n        \"login\"", 1);
    let codes = |text: &str| read(text).diagnostics.iter().map(|d| d.code).collect::<Vec<_>>();
    assert_eq!(codes(&twice), ["duplicate-key"]);
    // Two records woven into each other: the fields of one come twice.
    let woven = EXAMPLE.replacen(
        "            name: \"Web app\",\n",
        "            name: \"Web app\",\n            inside: \"dmz\",\n",
        1,
    );
    assert_eq!(codes(&woven), ["duplicate-field"]);
    let unclosed = EXAMPLE.replacen(
        "        \"web\": Process(",
        "        \"api\": Process(\n            name: \"API\",\n        \"web\": Process(",
        1,
    );
    assert_eq!(codes(&unclosed), ["unclosed"]);
}

/// The diff a reviewer sees when a model is changed, without git's header.
fn reviewed(before: &str, edit: impl Fn(&ThreatModel) -> Edit) -> String {
    let repository = Repository::new();
    repository.commit(before);
    let mut document = read(before).document.unwrap();
    document.apply(edit(document.model())).unwrap();
    fs::write(repository.path().join("m.tm.ron"), document.text()).unwrap();
    let diff = repository.git(&["diff", "--no-color"]);
    assert!(diff.lines().count() < 25, "{diff}");
    diff.lines().skip(4).collect::<Vec<_>>().join("\n")
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

#[test]
fn a_new_flow_in_a_pull_request() {
    let edit = |m: &ThreatModel| {
        let (flow, add) = act::connect(m, &id("web"), &id("customer"), "show order");
        let threat = Threat {
            severity: Some(Rank::Medium),
            opened: "2026-11-23".parse().ok(),
            title: "Order is sent in clear text".to_owned(),
            ..Threat::default()
        };
        Edit::All(vec![add, Edit::put(Entry::Threat(ThreatKey::new(&flow, "core.i.clear-text", None), threat))])
    };
    insta::assert_snapshot!(reviewed(EXAMPLE, edit), @r##"
        @@ -70,6 +70,11 @@ ThreatModel(
                         "tls": "1.3",
                     },
                 ),
        +        "show-order": (
        +            name: "show order",
        +            from: "web",
        +            to: "customer",
        +        ),
             },
             mitigations: {
                 "edge-rate-limit": (
        @@ -92,6 +97,7 @@ ThreatModel(
             },
             threats: {
                 "login:web.session-hijack": (severity: High, opened: "2026-11-20", title: "Session of the web app can be taken over"),
        +        "show-order:core.i.clear-text": (severity: Medium, opened: "2026-11-23", title: "Order is sent in clear text"),
                 "web:core.d.no-rate-limit": (
                     severity: High,
                     opened: "2026-11-20",
        "##);
}

#[test]
fn an_accepted_threat_in_a_pull_request() {
    let edit = |m: &ThreatModel| {
        let key = ThreatKey::parse("login:web.session-hijack").unwrap();
        let status = Status::Accepted {
            reason: "short sessions, low value".to_owned(),
            approver: Some("li".to_owned()),
            expires: "2027-05-01".parse().ok(),
        };
        let decision = act::Decision { status: Some(status), ..act::Decision::default() };
        act::decide(
            m,
            &key,
            &Threat::default(),
            decision,
            Some("q8x2m4".to_owned()),
            ("li", "2026-11-23".parse().unwrap()),
        )
    };
    insta::assert_snapshot!(reviewed(EXAMPLE, edit), @r##"
        @@ -91,7 +91,17 @@ ThreatModel(
                 ),
             },
             threats: {
        -        "login:web.session-hijack": (severity: High, opened: "2026-11-20", title: "Session of the web app can be taken over"),
        +        "login:web.session-hijack": (
        +            severity: High,
        +            opened: "2026-11-20",
        +            title: "Session of the web app can be taken over",
        +            status: Accepted(reason: "short sessions, low value", approver: "li", expires: "2027-05-01"),
        +            decided_on: "q8x2m4",
        +            history: [
        +                ("2026-11-20", "sconce", Opened),
        +                ("2026-11-23", "li", Accepted),
        +            ],
        +        ),
                 "web:core.d.no-rate-limit": (
                     severity: High,
                     opened: "2026-11-20",
        "##);
}

/// The rules find the threat mitigated; nobody has decided anything about it, so that it stays one line.
#[test]
fn an_implemented_mitigation_in_a_pull_request() {
    let key = ThreatKey::parse("web:core.d.no-rate-limit").unwrap();
    let put = |status| {
        let found = Threat {
            severity: Some(Rank::High),
            opened: "2026-11-20".parse().ok(),
            title: "Web app can be flooded".to_owned(),
            status,
            ..Threat::default()
        };
        Edit::put(Entry::Threat(key.clone(), found))
    };
    let mut before = read(EXAMPLE).document.unwrap();
    before.apply(put(Status::Open)).unwrap();
    let edit = |m: &ThreatModel| {
        let mut mitigation = m.mitigations[&id("edge-rate-limit")].clone();
        mitigation.status = MitigationStatus::Implemented;
        let done = Edit::put(Entry::Mitigation(id("edge-rate-limit"), mitigation));
        Edit::All(vec![
            done,
            put(Status::Mitigated { evidence: vec![], on: Some(sconce::model::Date::constant(2026, 11, 23)) }),
        ])
    };
    insta::assert_snapshot!(reviewed(&before.text(), edit), @r##"
        @@ -75,7 +75,7 @@ ThreatModel(
                 "edge-rate-limit": (
                     title: "Rate limit at the edge",
                     catalog: "mit.rate-limit",
        -            status: InProgress,
        +            status: Implemented,
                     owner: "ana",
                     due: "2026-12-15",
                     provides: [(fact: "rate_limit", on: ["web"])],
        @@ -92,7 +92,7 @@ ThreatModel(
             },
             threats: {
                 "login:web.session-hijack": (severity: High, opened: "2026-11-20", title: "Session of the web app can be taken over"),
        -        "web:core.d.no-rate-limit": (severity: High, opened: "2026-11-20", title: "Web app can be flooded"),
        +        "web:core.d.no-rate-limit": (severity: High, opened: "2026-11-20", title: "Web app can be flooded", status: Mitigated(on: "2026-11-23")),
             },
             considered: {
                 "web:T": (verdict: NoThreat, by: "ana", on: "2026-11-20", reason: "no state is kept"),
        "##);
}
