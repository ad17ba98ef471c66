//! Planted systems: which weaknesses are found, where, by which rule, and what is said besides.

use super::{Bench, Planted, all, noise, severity};
use sconce::analysis::ThreatRow;
use std::fmt::Write;

/// Of the weaknesses that a rule was written for, so many of ten are found where they were planted.
const OF_TEN: usize = 9;
/// Open threats for ten weaknesses that a rule was written for.
const FOR_TEN: usize = 13;

/// What became of the weaknesses of one system.
struct Recall<'a> {
    bench: &'a Bench,
    list: Vec<Planted>,
    open: Vec<&'a ThreatRow>,
}

impl<'a> Recall<'a> {
    fn of(bench: &'a Bench) -> Self {
        Self { bench, list: bench.list(), open: bench.planted().open().collect() }
    }

    /// Threats of a rule that was written for a weakness, where it was planted.
    fn hits(&self, planted: &Planted) -> Vec<&'a ThreatRow> {
        let hit = |row: &&&ThreatRow| is_of(row, planted) && is_at(row, planted);
        self.open.iter().filter(hit).copied().collect()
    }

    /// Threats that no entry of the list asked for.
    fn unasked(&self) -> Vec<&'a ThreatRow> {
        let asked = |row: &ThreatRow| self.list.iter().any(|planted| is_of(row, planted) && is_at(row, planted));
        self.open.iter().filter(|row| !asked(row)).copied().collect()
    }

    fn with_rule(&self) -> impl Iterator<Item = &Planted> {
        self.list.iter().filter(|planted| !planted.rules.is_empty())
    }

    fn found(&self) -> usize {
        self.with_rule().filter(|planted| !self.hits(planted).is_empty()).count()
    }

    fn is_good(&self) -> bool {
        let planted = self.with_rule().count();
        self.found() * 10 >= planted * OF_TEN && self.open.len() * 10 <= planted * FOR_TEN
    }

    /// A weakness, and what was said about it.
    fn line(&self, planted: &Planted) -> String {
        if planted.rules.is_empty() {
            return self.line_without(planted);
        }
        let hits = self.hits(planted);
        if !hits.is_empty() {
            return format!("found      {}", keys(&hits));
        }
        let elsewhere: Vec<&ThreatRow> = self.open.iter().filter(|row| is_of(row, planted)).copied().collect();
        if !elsewhere.is_empty() {
            return format!("elsewhere  {} in place of {}", keys(&elsewhere), planted.at.join(" or "));
        }
        let mut line = format!("missed     {} at {}", planted.rules.join(" or "), planted.at.join(" or "));
        let analysis = self.bench.planted().analysis();
        if let Some(row) = analysis.threats.iter().find(|row| is_of(row, planted) && is_at(row, planted)) {
            write!(line, ", said to be {}", row.status.word()).unwrap();
        }
        for question in &analysis.questions {
            let waits = |rules: &[String]| rules.iter().any(|rule| planted.rules.contains(rule));
            for subject in question.subjects.iter().filter(|subject| waits(&subject.rules)) {
                write!(line, ", asks {} of {}", question.fact, subject.id).unwrap();
            }
        }
        line
    }

    /// No rule was written for it; what is open at its place, and is about nothing else that was planted, may tell a
    /// reader all the same. Whether it does is for people to judge.
    fn line_without(&self, planted: &Planted) -> String {
        let near: Vec<&ThreatRow> = self.unasked().into_iter().filter(|row| is_at(row, planted)).collect();
        if near.is_empty() {
            return format!("unseen     no rule was written for it, at {}", planted.at.join(" or "));
        }
        format!("near it    {}", keys(&near))
    }

    /// Everything about one system: each weakness, the sums, what nobody asked for, and what both files leave open.
    fn picture(&self) -> String {
        let mut lines = Vec::new();
        for planted in &self.list {
            lines.push(format!("- {}", planted.weakness));
            lines.push(format!("  {}", self.line(planted)));
        }
        lines.push(String::new());
        lines.extend(self.sums());
        lines.extend(self.unasked().iter().map(|row| format!("  {} {}: {}", severity(row), row.key, row.title)));
        lines.push(String::new());
        lines.extend(noise::picture(self.bench.well_built()));
        lines.extend(noise::counts(self.bench.planted()));
        lines.join("\n")
    }

    fn sums(&self) -> [String; 3] {
        let (with, unasked) = (self.with_rule().count(), self.unasked());
        let without: Vec<&Planted> = self.list.iter().filter(|planted| planted.rules.is_empty()).collect();
        let near = without.iter().filter(|planted| unasked.iter().any(|row| is_at(row, planted))).count();
        let hundredths = self.open.len() * 100 / with.max(1);
        [
            format!(
                "found: {} of {with} with a rule; {near} of {} without have a threat near",
                self.found(),
                without.len()
            ),
            format!(
                "open threats: {}, {}.{:02} for each weakness with a rule",
                self.open.len(),
                hundredths / 100,
                hundredths % 100
            ),
            format!("not asked for: {}", unasked.len()),
        ]
    }
}

fn is_of(row: &ThreatRow, planted: &Planted) -> bool {
    planted.rules.iter().any(|rule| rule == row.key.rule())
}

/// A threat is where its subject is, and where its path ends.
fn is_at(row: &ThreatRow, planted: &Planted) -> bool {
    planted.at.iter().any(|id| row.subject.as_str() == id || row.target.as_ref().is_some_and(|t| t.as_str() == id))
}

fn keys(rows: &[&ThreatRow]) -> String {
    rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_planted_is_found_and_little_else() {
    let recalls = all().into_iter().map(Recall::of);
    let bad: Vec<String> = recalls
        .filter(|recall| !recall.is_good())
        .map(|recall| format!("=== {}\n{}", recall.bench.name, recall.picture()))
        .collect();
    assert!(
        bad.is_empty(),
        "fewer than {OF_TEN} of ten weaknesses found, or more than {FOR_TEN} threats for ten:\n{}",
        bad.join("\n\n")
    );
}

#[test]
fn pictures_of_the_bench() {
    for bench in all() {
        insta::assert_snapshot!(bench.name.clone(), Recall::of(bench).picture());
    }
}
