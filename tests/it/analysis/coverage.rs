//! Every cell of the matrix says what is so: no threat and no question is lost, and nothing counts as looked at that
//! nobody looked at.

use crate::rules::condition::model;
use sconce::analysis::{Analysis, Cell, CellState, Coverage, Letter};
use sconce::file;
use sconce::model::{
    Considered, ConsideredKey, FactValue, Mitigation, MitigationStatus, Provides, StatusWord, ThreatModel, Verdict,
};
use sconce::rules::{Knowledge, prove};

fn coverage(model: &ThreatModel) -> (Analysis, Coverage) {
    let knowledge = Knowledge::builtin();
    let analysis = Analysis::of(model, &knowledge, prove::TODAY);
    let coverage = Coverage::of(model, &knowledge, &analysis, prove::TODAY);
    (analysis, coverage)
}

/// The cells of a thing.
fn row<'c>(coverage: &'c Coverage, id: &str) -> &'c [Cell] {
    let mut rows = coverage.groups.iter().flat_map(|group| &group.rows);
    &rows.find(|row| row.id.as_str() == id).expect("every element and flow has a row").cells
}

/// The cells of a thing as signs, one for each letter.
fn signs(model: &ThreatModel, id: &str) -> String {
    let (_, coverage) = coverage(model);
    row(&coverage, id).iter().map(|cell| cell.state.ascii()).collect()
}

fn look(model: &mut ThreatModel, key: &str, verdict: Verdict) {
    let look = Considered { verdict, by: None, on: None, reason: Some("seen".to_owned()) };
    model.considered.insert(ConsideredKey::parse(key).unwrap(), look);
}

/// Every model that comes with the program, with the packs that it names and with all of them.
#[test]
fn every_threat_stands_in_its_cells() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let packs: Vec<String> = Knowledge::builtin().rules.packs().map(str::to_owned).collect();
    let mut threats = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Some(document) = file::read(&text).document else { continue };
        for packs in [None, Some(packs.clone())] {
            let mut model = document.model().clone();
            model.system.packs = packs.or(model.system.packs);
            let (analysis, coverage) = coverage(&model);
            assert_eq!(coverage.outside, 0, "{}", path.display());
            for threat in analysis.threats.iter().filter(|row| row.status.word() != StatusWord::Gone) {
                threats += 1;
                let cells = row(&coverage, threat.target.as_ref().unwrap_or(&threat.subject).as_str());
                for (letter, cell) in coverage.letters.iter().zip(cells) {
                    let has = match letter {
                        Letter::Stride(letter) => threat.stride.contains(letter),
                        Letter::Privacy => !threat.linddun.is_empty(),
                    };
                    if has && threat.is_open() {
                        assert!(cell.open > 0 && cell.worst >= threat.severity, "{} {letter:?}", threat.key);
                        assert_eq!(cell.state, CellState::Open);
                    } else if has {
                        assert!(cell.closed > 0, "{} {letter:?}", threat.key);
                        assert!(cell.state <= CellState::Closed, "{} {letter:?}", threat.key);
                    }
                }
            }
            assert!(coverage.cells().all(|cell| (cell.state == CellState::Open) == (cell.open > 0)));
            let (settled, all) = coverage.settled_of_all();
            let count = |state| coverage.count(state);
            assert_eq!(settled, count(CellState::Closed) + count(CellState::Clear));
            assert_eq!(all - settled, count(CellState::Open) + count(CellState::Waiting) + count(CellState::Unseen));
        }
    }
    assert!(threats > 100, "{threats}");
}

#[test]
fn a_cell_is_clear_only_because_of_something() {
    let shop = |facts: &str| {
        model(&format!(
            r#"(
                boundaries: {{"inner": (kind: Network, trust: 60)}},
                elements: {{"user": ExternalEntity(), "web": Process(inside: "inner", tech: ["nodejs"], facts: {{{facts}}})}},
                flows: {{"ask": (from: "user", to: "web", facts: {{"net": "internet"}})}},
            )"#
        ))
    };
    // Whether there is a limit decides about D.
    assert_eq!(&signs(&shop(""), "web")[4..5], "?");
    assert_eq!(&signs(&shop(r#""rate_limit": "absent""#), "web")[4..5], "!");
    assert_eq!(&signs(&shop(r#""rate_limit": "present""#), "web")[4..5], "+");
    assert_eq!(&signs(&shop(r#""rate_limit": (na: "a batch job")"#), "web")[4..5], "o");
    // Letters that are not on the chart of an external entity, and one that its flow answers for.
    assert_eq!(&signs(&shop(""), "user")[..2], ">-");
    // Out of scope nothing applies, whatever the chart says.
    assert_eq!(signs(&shop(r#""scope": "out""#), "web"), "------");
    // A mitigation that is done closes.
    let mut planned = shop(r#""rate_limit": "absent""#);
    let mut work = Mitigation::new("limit");
    let on = vec![planned.elements.keys().find(|id| id.as_str() == "web").unwrap().clone()];
    work.provides.push(Provides { fact: "rate_limit".to_owned(), value: FactValue::text("present"), on });
    work.status = MitigationStatus::Implemented;
    planned.mitigations.insert(sconce::model::Id::new("m").unwrap(), work);
    assert_eq!(&signs(&planned, "web")[4..5], "+");
}

#[test]
fn what_people_said_counts_where_no_rule_speaks() {
    let mut shop = model(r#"(elements: {"web": Process(tech: []), "db": DataStore(tech: [])})"#);
    let before = (signs(&shop, "web"), signs(&shop, "db"));
    assert_eq!(before, (".oo..o".to_owned(), "-?-??-".to_owned()));
    look(&mut shop, "web:S", Verdict::NoThreat);
    look(&mut shop, "web:D", Verdict::NotApplicable);
    look(&mut shop, "web:R", Verdict::Parked);
    look(&mut shop, "db:S", Verdict::NoThreat);
    look(&mut shop, "db:T", Verdict::NoThreat);
    assert_eq!(signs(&shop, "web"), "oo?.-o");
    assert_eq!(signs(&shop, "db"), "o?-??-", "what a rule waits for stays open");
}

#[test]
fn privacy_has_a_column_where_rules_speak_about_it() {
    let mut shop = model(
        r#"(
            assets: {"people": (kind: Pii, confidentiality: Confidential), "news": (kind: Config)},
            elements: {"db": DataStore(tech: [], stores: ["people"]), "web": Process(tech: [], processes: ["news"])},
        )"#,
    );
    assert_eq!(coverage(&shop).1.letters.len(), 6);
    shop.system.packs = Some(vec!["core".to_owned(), "priv".to_owned()]);
    let (_, coverage) = coverage(&shop);
    assert_eq!(coverage.letters.last(), Some(&Letter::Privacy));
    assert_eq!(row(&coverage, "db")[6].state, CellState::Waiting);
    assert_eq!(row(&coverage, "web")[6].words(), "n/a: no personal data is handled there");
}
