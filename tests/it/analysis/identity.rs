//! A threat is itself as long as its subject and its rule are: no order, no name and no sentence is part of it, and
//! nothing that was decided is lost. Tried on the bundled models with their registers.

use sconce::analysis::{Analysis, State};
use sconce::file;
use sconce::model::graph::Index;
use sconce::model::{Date, ThreatModel};
use sconce::rules::language::Rule;
use sconce::rules::{Knowledge, engine, eval::Evaluator};

const TODAY: Date = Date::constant(2026, 11, 23);

fn texts() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "ron"));
    paths.sort();
    assert!(paths.len() >= 3);
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

fn parsed(text: &str) -> ThreatModel {
    let read = file::read(text);
    let document = read.document.unwrap_or_else(|| panic!("{:#?}", read.diagnostics));
    document.model().clone()
}

/// What must stay: every key with its display id and what was decided about it.
fn register(model: &ThreatModel, knowledge: &Knowledge) -> Vec<String> {
    let analysis = Analysis::of(model, knowledge, TODAY);
    let strange = |state: &State| matches!(state, State::New | State::Reopened | State::Orphan { .. });
    assert!(!analysis.threats.iter().any(|row| strange(&row.state)), "the register is up to date");
    let tell = |row: &sconce::analysis::ThreatRow| {
        format!("{} {} {:?} {:?} {:?}", row.id, row.key, row.status, row.state, row.record.history)
    };
    let mut rows: Vec<String> = analysis.threats.iter().map(tell).collect();
    rows.sort();
    rows
}

/// The same file with its sections, and the entries of every section, the other way round.
fn turned_round(text: &str) -> String {
    let (head, body) = text.split_once("ThreatModel(\n").unwrap();
    let sections = blocks(body.trim_end().strip_suffix(')').unwrap(), "    ");
    let turn = |section: &String| {
        let mut lines: Vec<&str> = section.lines().collect();
        let Some(last) = lines.pop().filter(|last| *last == "    },") else { return section.clone() };
        let first = lines.remove(0);
        let mut entries = blocks(&lines.join("\n"), "        ");
        entries.reverse();
        format!("{first}\n{}{last}\n", entries.concat())
    };
    format!("{head}ThreatModel(\n{})\n", sections.iter().rev().map(turn).collect::<String>())
}

/// Pieces of a text that begin with a word exactly so far to the right.
fn blocks(text: &str, indent: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        let begins = line.strip_prefix(indent).is_some_and(|rest| !rest.starts_with([' ', '}', ')', ']', '/']));
        match blocks.last_mut().filter(|_| !begins) {
            Some(block) => block.extend([line, "\n"]),
            None => blocks.push(format!("{line}\n")),
        }
    }
    blocks
}

#[test]
fn order_names_and_sentences_are_not_part_of_a_threat() {
    let knowledge = Knowledge::builtin();
    let mut reworded = (*knowledge).clone();
    for rule in reworded.rules.iter_mut() {
        rule.title = format!("Quite another sentence about {}", "{subject}");
        rule.why.clear();
        rule.risk.likelihood = 5 - rule.risk.likelihood;
    }
    for (name, text) in texts() {
        let model = parsed(&text);
        let before = register(&model, &knowledge);
        assert!(before.iter().any(|row| row.contains("Accepted")), "{name}: something is decided");
        let turned = turned_round(&text);
        assert_ne!(turned, text);
        assert_eq!(register(&parsed(&turned), &knowledge), before, "{name} the other way round");
        let mut renamed = model.clone();
        renamed.elements.values_mut().for_each(|e| e.name = format!("New {}", e.name));
        renamed.flows.values_mut().for_each(|f| f.name = format!("new {}", f.name));
        assert_eq!(register(&renamed, &knowledge), before, "{name} with other names");
        assert_eq!(register(&model, &reworded), before, "{name} with rules in other words");
    }
}

#[test]
fn the_order_of_the_rules_changes_nothing() {
    let knowledge = Knowledge::builtin();
    for (name, text) in texts() {
        let model = parsed(&text);
        let index = Index::new(&model);
        let outcome = |rules: Vec<&Rule>| {
            let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, TODAY);
            let said = engine::run(&mut evaluator, rules.into_iter());
            let raised = said.raised.iter().map(|r| format!("{} {} {}", r.key(&evaluator), r.mitigated, r.assumed));
            let asked = said.asked.iter().map(|a| format!("{} {:?} {:?}", a.rule.id, a.at, a.reads));
            let mut all: Vec<String> = raised.chain(asked).collect();
            all.sort();
            all
        };
        let rules: Vec<&Rule> = knowledge.active(model.system.packs.as_deref()).collect();
        let backwards = rules.iter().rev().copied().collect();
        assert_eq!(outcome(rules), outcome(backwards), "{name}");
    }
}

/// What somebody decided rests on facts, whatever the things are called whose facts they are: another id, first or last of
/// all, leaves every decision as it stands.
#[test]
fn another_id_makes_no_decision_stale() {
    use sconce::model::{Date, Id, act};
    let text = include_str!("../../../models/storefront.tm.ron");
    let model = sconce::file::read(text).document.unwrap().model().clone();
    let (knowledge, today) = (sconce::rules::Knowledge::builtin(), Date::constant(2026, 11, 23));
    let stale = |model: &sconce::model::ThreatModel| {
        let analysis = sconce::analysis::Live::of_threats(model, &knowledge, today).into_analysis();
        analysis.threats.iter().filter(|row| row.stale).map(|row| row.key.to_string()).collect::<Vec<_>>()
    };
    assert!(stale(&model).is_empty());
    let ids: Vec<Id> = model.things().map(|(id, _)| id.clone()).collect();
    for id in ids {
        for to in [format!("a0-{id}"), format!("zz-{id}")] {
            let mut renamed = model.clone();
            act::rename(&model, &id, &Id::new(&to).unwrap()).unwrap().apply(&mut renamed).unwrap();
            assert_eq!(stale(&renamed), Vec::<String>::new(), "{id} to {to}");
        }
    }
}
