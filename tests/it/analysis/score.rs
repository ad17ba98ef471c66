//! Rubrics and scores: the laws that hold for all of them, and the arithmetic in words.

use std::fmt::Write as _;

use crate::rules::condition::model;
use proptest::prelude::*;
use sconce::analysis::{Analysis, Base, Exposure, Score, explain_threat};
use sconce::model::graph::{Index, Spread, Way};
use sconce::model::{DataFlow, Element, ElementKind, Id, Override, Severity, ThreatKey, ThreatModel, TrustBoundary};
use sconce::rules::{Knowledge, Rubric, prove};

#[test]
fn every_rubric_is_a_table_that_only_rises() {
    let knowledge = Knowledge::builtin();
    let mut pictures = String::new();
    for name in knowledge.rubric.names() {
        let rubric = knowledge.rubric.of(Some(name));
        let _ = writeln!(pictures, "{name}: {}. {}", rubric.name(), rubric.about());
        for likelihood in (1..=4).rev() {
            let cell =
                |impact| format!("{} ({})", rubric.severity(likelihood, impact), rubric.word(likelihood, impact));
            let row: Vec<String> = (1..=4).map(cell).collect();
            let _ = writeln!(pictures, "  {likelihood} {:<12} {}", rubric.labels(likelihood, 1)[0], row.join(", "));
        }
        let impacts: Vec<&str> = (1..=4).map(|impact| rubric.labels(1, impact)[1]).collect();
        let _ = writeln!(pictures, "  impact {}", impacts.join(", "));
        for (likelihood, impact) in (1..=4).flat_map(|l| (1..=4).map(move |i| (l, i))) {
            let here = rubric.severity(likelihood, impact);
            assert!(here <= rubric.severity(likelihood + 1, impact), "{name} {likelihood} {impact}");
            assert!(here <= rubric.severity(likelihood, impact + 1), "{name} {likelihood} {impact}");
        }
        assert!(rubric.severity(1, 1) == Severity::Low && rubric.severity(4, 4) == Severity::Critical, "{name}");
    }
    insta::assert_snapshot!("rubrics", pictures);
}

#[test]
fn the_list_of_rubrics_is_the_directory() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rubrics");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".ron").map(str::to_owned))
        .collect();
    files.sort();
    let knowledge = Knowledge::builtin();
    let mut listed: Vec<&str> = knowledge.rubric.names().collect();
    listed.sort_unstable();
    assert_eq!(listed, files);
    // Each is its own: none was mixed up with another.
    let names: std::collections::BTreeSet<&str> = listed.iter().map(|n| knowledge.rubric.of(Some(n)).name()).collect();
    assert_eq!(names.len(), listed.len());
}

#[test]
fn a_rubric_that_does_not_fit_itself_is_refused() {
    let text =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rubrics/owasp.ron"))
            .unwrap();
    assert!(Rubric::read(&text, "r").is_ok());
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Rubric::read(&text.replacen(from, to, 1), "r").unwrap_err()
    };
    for (from, to, says) in [
        ("steps: (1, 2, 2, 3)", "steps: (1, 2, 2, 4)", "four numbers of its labels"),
        ("steps: (1, 2, 2, 3)", "steps: (1, 3, 2, 3)", "none less than the one before"),
        ("[\"Note\", \"Low\", \"Medium\"],", "[\"Note\", \"Low\"],", "3 rows of 3 words"),
        ("[\"Note\", \"Low\", \"Medium\"],", "[\"Note\", \"Lowish\", \"Medium\"],", "`Lowish` is not one of"),
        ("Matrix([", "Product([(2, \"Low\")]), x: Matrix([", "x"),
    ] {
        let why = refused(from, to);
        assert!(why.contains(says), "{to}: {why}");
    }
}

#[test]
fn a_score_adds_up_in_words() {
    let scores = [
        Score::default(),
        Score { base: Base::Product(3, 3), exposure: Exposure::Outsider, restricted: 9, assumed: true },
        Score { base: Base::Product(1, 1), exposure: Exposure::Partner, restricted: 1, assumed: true },
        Score { base: Base::Rated(Severity::High), exposure: Exposure::Inside, restricted: 2, assumed: false },
        Score { base: Base::Hint, exposure: Exposure::Outsider, restricted: 0, assumed: false },
    ];
    let said: Vec<String> = scores.iter().map(|score| score.sum()).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    0 = 0, as nobody has rated it
    13 = 3 × 3 + 3 because outsiders can get there + 3 because 9 restricted assets are within reach - 2 because something unknown was assumed
    0 = 1 × 1 + 1 because a partner can get there - 2 because something unknown was assumed
    10 = 9 for High, as it was rated + 1 because 2 restricted assets are within reach
    4 = 1 for a matter of hygiene + 3 because outsiders can get there
    ");
}

/// Somebody outside, a partner, and two services of which the inner one holds what is restricted.
fn office() -> ThreatModel {
    model(
        r#"(
            boundaries: {"agency": (kind: Organisation), "inside": (kind: Network, trust: 60), "vault": (kind: Network, trust: 80, inside: "inside")},
            assets: {"card": (confidentiality: Restricted), "pass": (confidentiality: Restricted), "seat": (confidentiality: Internal)},
            elements: {
                "agent": Process(inside: "agency", tech: []),
                "buyer": ExternalEntity(tech: []),
                "desk": Process(inside: "inside", tech: [], facts: {"rate_limit": "absent"}),
                "safe": DataStore(inside: "vault", tech: [], stores: ["card", "pass", "seat"]),
                "shop": Process(inside: "inside", tech: [], facts: {"rate_limit": "absent"}),
            },
            flows: {
                "ask": (from: "agent", to: "desk", facts: {"net": "partner"}),
                "buy": (from: "buyer", to: "shop", facts: {"net": "internet"}),
                "keep": (from: "shop", to: "safe"),
                "tell": (from: "desk", to: "buyer", facts: {"initiator": "target"}),
            },
        )"#,
    )
}

fn score(model: &ThreatModel, key: &str) -> Score {
    let all = Analysis::of(model, &Knowledge::builtin(), prove::TODAY);
    let row = all
        .find(key)
        .unwrap_or_else(|| panic!("{key} among {:?}", all.threats.iter().map(|r| &r.key).collect::<Vec<_>>()));
    let alone = explain_threat(model, &Knowledge::builtin(), &row.key, prove::TODAY).unwrap();
    assert_eq!(alone.row.score, row.score, "an explanation adds up the same");
    row.score
}

#[test]
fn who_gets_there_and_what_is_behind_it_count() {
    let mut model = office();
    let shop = score(&model, "shop:core.d.no-rate-limit");
    assert_eq!((shop.exposure, shop.restricted, shop.blast()), (Exposure::Outsider, 2, 1));
    // Who polls the desk calls it, whichever way the data goes.
    let desk = score(&model, "desk:core.d.no-rate-limit");
    assert_eq!((desk.exposure, desk.restricted), (Exposure::Outsider, 0));
    let told = model.flows.get_mut(&Id::new("tell").unwrap()).unwrap();
    told.facts.clear();
    assert_eq!(score(&model, "desk:core.d.no-rate-limit").exposure, Exposure::Partner);
    model.flows.get_mut(&Id::new("ask").unwrap()).unwrap().response_of = Some(Id::new("tell").unwrap());
    assert!(
        Analysis::of(&model, &Knowledge::builtin(), prove::TODAY)
            .find("desk:core.d.no-rate-limit")
            .is_none_or(|row| row.score.exposure == Exposure::Inside)
    );
}

#[test]
fn a_severity_given_by_hand_counts_in_the_order() {
    let mut model = office();
    let key = ThreatKey::parse("shop:core.d.no-rate-limit").unwrap();
    let all = Analysis::of(&model, &Knowledge::builtin(), prove::TODAY);
    let mut record = all.find(key.as_str()).unwrap().record.clone();
    record.overridden = Some(Override { severity: Severity::Critical, reason: "a sale".to_owned(), by: None });
    model.threats.insert(key.clone(), record);
    assert_eq!(score(&model, key.as_str()).base, Base::Rated(Severity::Critical));
    let all = Analysis::of(&model, &Knowledge::builtin(), prove::TODAY);
    assert_eq!(all.threats[0].key, key);
    let open = all.threats.iter().filter(|row| row.is_open());
    let order: Vec<(i64, &str)> = open.map(|row| (-row.score.total(), row.key.as_str())).collect();
    assert!(order.is_sorted() && order.len() > 1, "{order:?}");
}

#[test]
fn what_an_answer_decides_is_counted_once_and_with_the_data_that_is_there() {
    let asked = |class: &str, second: &str| {
        let text = format!(
            r#"(
                assets: {{"card": (confidentiality: {class})}},
                elements: {{"shop": Process(tech: []), "safe": DataStore(tech: [])}},
                flows: {{"keep": (from: "shop", to: "safe", carries: ["card"]){second}}},
            )"#
        );
        let all = Analysis::of(&model(&text), &Knowledge::builtin(), prove::TODAY);
        let is_it = |q: &&sconce::analysis::Question| q.fact == "enc" && q.kind == sconce::model::SubjectKind::Flow;
        let question = all.questions.iter().find(is_it).unwrap().clone();
        assert!(all.questions.is_sorted_by_key(|q| std::cmp::Reverse(q.weight)));
        (question.decides(), question.weight, question.subjects.iter().map(|s| s.weight).collect::<Vec<_>>())
    };
    let (said, weight, parts) = asked("Restricted", "");
    assert_eq!((said.as_str(), weight, parts.iter().sum::<u32>()), ("1 threat, Critical", 12, 12));
    let (said, weight, _) = asked("Confidential", "");
    assert_eq!((said.as_str(), weight), ("1 threat, High", 9), "less harm weighs less");
    let (said, weight, parts) = asked("Restricted", r#", "back": (from: "safe", to: "shop", carries: ["card"])"#);
    assert_eq!((said.as_str(), weight, parts), ("2 threats, up to Critical", 24, vec![12, 12]));
}

/// A model of elements and flows alone, some of it in nested boundaries that flows can end at.
fn web(count: usize, flows: &[(usize, usize)], inside: &[usize]) -> ThreatModel {
    let id = |prefix: &str, n: usize| Id::new(&format!("{prefix}{n}")).unwrap();
    let mut model = ThreatModel::default();
    for n in 0..3 {
        let inside = (n > 0).then(|| id("z", n - 1));
        model.boundaries.insert(id("z", n), TrustBoundary { inside, ..TrustBoundary::default() });
    }
    for n in 0..count {
        let mut element = Element::new(ElementKind::Process, "");
        element.inside = inside.get(n).filter(|at| **at < 3).map(|at| id("z", *at));
        model.elements.insert(id("e", n), element);
    }
    let end = |n: usize| Some(if n < count { id("e", n) } else { id("z", n - count) });
    for (n, (from, to)) in flows.iter().enumerate() {
        model.flows.insert(id("f", n), DataFlow { from: end(*from), to: end(*to), ..DataFlow::default() });
    }
    model
}

proptest! {
    /// One pass over the knots counts what a search from every element finds.
    #[test]
    fn what_is_within_reach_is_what_a_search_finds(
        flows in prop::collection::vec((0..11_usize, 0..11_usize), 0..20),
        inside in prop::collection::vec(0..5_usize, 8),
        things in prop::collection::vec((0..8_usize, 0..130_usize), 0..30),
    ) {
        let model = web(8, &flows, &inside);
        let index = Index::new(&model);
        let spread = Spread::new(&index, |_| Way::Forward);
        let at = |nr: usize| things.iter().filter(|(on, _)| *on == nr).map(|(_, thing)| *thing).collect::<Vec<_>>();
        let counts = spread.gathered(130, at);
        for nr in index.elements() {
            let reached = spread.reached(std::iter::once(nr));
            let found: std::collections::BTreeSet<usize> =
                index.elements().filter(|to| reached[*to]).flat_map(at).collect();
            prop_assert_eq!(counts[nr] as usize, found.len(), "from {}", nr);
        }
    }
}
