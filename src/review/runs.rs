//! A run of the gate as one line of a record: what it said of a model on a moment, `sconce/run/1`, and reading such lines
//! again. Where the lines are kept the command line knows; what comes of many of them is `metrics`'. It judges nothing,
//! and of a threat it keeps nothing but that it was counted: a record may lie where the model does not.

use super::gate::Verdict;
use super::policy::{Level, Policy, PolicyRule};
use crate::analysis::{Analysis, CellState, Coverage, Reason, Row};
use crate::file::disk::Fingerprint;
use crate::model::graph::Index;
use crate::model::{Date, Severity, SubjectKind, ThreatModel};
use crate::rules::Knowledge;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::error::Category;
use std::collections::BTreeMap;

/// What the lines are, with the number of their shape.
pub const SCHEMA: &str = "sconce/run/1";
/// The same without the number.
const NAME: &str = "sconce/run/";
/// No model has more cells than this; of a record that says otherwise nothing is counted.
const MOST: usize = 1_000_000_000;

/// A run of the gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    schema: String,
    /// When, to a thousandth of a second.
    #[serde(serialize_with = "written", deserialize_with = "read_moment")]
    pub at: Timestamp,
    /// The version of the program.
    pub sconce: String,
    /// The commit that was checked out; `None` outside of a repository and before its first commit.
    pub commit: Option<String>,
    /// Whether the model was as that commit has it.
    pub committed: Option<bool>,
    /// The branch, where git or the job knows it.
    pub branch: Option<String>,
    /// The model's file from the top of the repository, with slashes.
    pub file: String,
    /// Whether the policy was held.
    pub pass: bool,
    /// What the model was compared with, as it was named.
    pub against: Option<String>,
    /// Whether only what was new could fail.
    pub new_only: bool,
    /// The policy.
    pub policy: PolicyMark,
    /// The rules of the policy.
    pub rules: Vec<RuleMark>,
    /// Open threats by severity, `unrated` among them.
    pub open: BTreeMap<String, usize>,
    /// How much had been looked at.
    pub coverage: Looked,
}

/// Which policy it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicyMark {
    /// Its file from the top of the repository; `None` of the built-in one.
    pub file: Option<String>,
    /// The SHA-256 of its text; `None` of the built-in one.
    pub sha256: Option<String>,
}

/// What became of a rule of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleMark {
    /// Its id.
    pub id: String,
    /// `deny`, `warn` or `off`.
    pub level: String,
    /// Whether it was held; `None` where it is off.
    pub holds: Option<bool>,
    /// How many failures of it counted.
    pub failures: usize,
}

/// How much of a model had been looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looked {
    /// Cells of the matrix that are settled, of those that count.
    pub cells: Part,
    /// Elements without a cell that waits or that nobody saw, of those with a cell that counts.
    pub elements: Part,
    /// Flows over a boundary about which something was decided, of those with a cell that counts.
    pub crossings: Part,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Part {
    /// Those that are meant.
    pub part: usize,
    /// All of them.
    pub of: usize,
}

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// When.
    pub at: Timestamp,
    /// The day for which it was judged.
    pub today: Date,
    /// The commit that is checked out.
    pub commit: Option<&'a str>,
    /// Whether the model is as that commit has it.
    pub committed: Option<bool>,
    /// The branch.
    pub branch: Option<&'a str>,
    /// The model's file from the top of the repository.
    pub file: &'a str,
    /// What the gate said.
    pub verdict: &'a Verdict,
    /// What the model was compared with.
    pub against: Option<&'a str>,
    /// The policy.
    pub policy: &'a Policy,
    /// The policy's file from the top of the repository, and its text.
    pub policy_file: Option<(&'a str, &'a str)>,
    /// The model.
    pub model: &'a ThreatModel,
    /// What the rules say about it.
    pub analysis: &'a Analysis,
    /// The rules.
    pub knowledge: &'a Knowledge,
}

impl Run {
    /// The run of a case.
    pub fn of(case: &Case<'_>) -> Self {
        let rule = |rule: &PolicyRule| {
            let level = case.policy.level(*rule);
            let failures = case.verdict.counting().filter(|failure| failure.rule == *rule).count();
            let holds = (level != Level::Off).then_some(failures == 0);
            RuleMark { id: rule.id().to_owned(), level: level.word().to_owned(), holds, failures }
        };
        let mut open: BTreeMap<String, usize> =
            Severity::ALL.iter().map(|severity| (severity.name().to_owned(), 0)).collect();
        for row in case.analysis.threats.iter().filter(|row| row.is_open()) {
            let severity = row.severity.map_or("unrated", Severity::name);
            *open.entry(severity.to_owned()).or_default() += 1;
        }
        let coverage = Coverage::of(case.model, case.knowledge, case.analysis, case.today);
        let (name, text) = case.policy_file.unzip();
        Self {
            schema: SCHEMA.to_owned(),
            // So exactly that two jobs are hardly ever taken for one.
            at: Timestamp::from_millisecond(case.at.as_millisecond()).unwrap_or(case.at),
            sconce: env!("CARGO_PKG_VERSION").to_owned(),
            commit: case.commit.map(str::to_owned),
            committed: case.committed,
            branch: case.branch.map(str::to_owned),
            file: case.file.to_owned(),
            pass: case.verdict.passes(),
            against: case.against.map(str::to_owned),
            new_only: case.verdict.new_only,
            policy: PolicyMark { file: name.map(str::to_owned), sha256: text.map(|text| Fingerprint::of(text).hex()) },
            rules: PolicyRule::ALL.iter().map(rule).collect(),
            open,
            coverage: Looked::of(&coverage, case.model),
        }
    }

    /// The day on which it was, in UTC.
    pub fn day(&self) -> Date {
        jiff::tz::Offset::UTC.to_datetime(self.at).date()
    }

    /// The run as a line, without its end.
    pub fn line(&self) -> String {
        // Nothing in it can fail to be written: its keys are texts.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn read(line: &str) -> Result<Self, String> {
        let value: serde_json::Value = serde_json::from_str(line).map_err(|error| plain(&error))?;
        match value.get("schema").and_then(serde_json::Value::as_str) {
            Some(SCHEMA) => {
                let run: Self = serde_json::from_value(value).map_err(|error| plain(&error))?;
                let Looked { cells, elements, crossings } = run.coverage;
                let is_sound = [cells, elements, crossings].iter().all(|part| part.part <= part.of && part.of <= MOST);
                if is_sound { Ok(run) } else { Err("its coverage cannot be: a part is more than the whole".to_owned()) }
            }
            Some(other) if other.starts_with(NAME) => {
                Err(format!("`{other}` is of another version of sconce; this one reads {SCHEMA}"))
            }
            Some(other) => Err(format!("`{other}` is no run of the gate ({SCHEMA})")),
            None => Err(format!("it does not say that it is a run of the gate ({SCHEMA})")),
        }
    }
}

impl Looked {
    /// Counts a matrix.
    pub fn of(coverage: &Coverage, model: &ThreatModel) -> Self {
        let index = Index::new(model);
        let (settled, all) = coverage.settled_of_all();
        let mut looked = Self { cells: Part { part: settled, of: all }, ..Self::default() };
        for row in coverage.groups.iter().flat_map(|group| &group.rows) {
            match Counts::of(row, &index) {
                Some(Counts::Element(is_looked_at)) => looked.elements.add(is_looked_at),
                Some(Counts::Crossing(is_decided)) => looked.crossings.add(is_decided),
                None => {}
            }
        }
        looked
    }
}

/// As what a row of the matrix counts, and whether it is among those that are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// An element; whether no cell of it waits or was seen by nobody.
    Element(bool),
    /// A flow over a boundary; whether something about it was decided.
    Crossing(bool),
}

impl Counts {
    /// Of a row; `None` where it counts as neither.
    pub fn of(row: &Row, index: &Index<'_>) -> Option<Self> {
        if !row.cells.iter().any(|cell| cell.state.counts()) {
            return None;
        }
        match row.kind {
            SubjectKind::ExternalEntity | SubjectKind::Process | SubjectKind::DataStore => {
                let waits = row.cells.iter().any(|cell| matches!(cell.state, CellState::Waiting | CellState::Unseen));
                Some(Self::Element(!waits))
            }
            SubjectKind::Flow => {
                let crossed = index.nr(&row.id).map(|nr| index.crossed(nr)).unwrap_or_default();
                let said = |reason: &Option<Reason>| matches!(reason, Some(Reason::Said { .. }));
                let is_decided = row.cells.iter().any(|cell| cell.closed > 0 || said(&cell.reason));
                (!crossed.0.is_empty() || !crossed.1.is_empty()).then_some(Self::Crossing(is_decided))
            }
            _ => None,
        }
    }
}

impl Part {
    fn add(&mut self, is_meant: bool) {
        self.of += 1;
        self.part += usize::from(is_meant);
    }
}

/// What a text of lines holds.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Record {
    /// The runs, in the order of the text.
    pub runs: Vec<Run>,
    /// Lines that are no runs: their numbers, from 1, and why.
    pub wrong: Vec<(usize, String)>,
}

impl Record {
    /// Reads a text; empty lines are nothing.
    pub fn read(text: &str) -> Self {
        let mut record = Self::default();
        for (n, line) in text.lines().enumerate() {
            match line.trim_start_matches('\u{feff}').trim() {
                "" => {}
                line => match Run::read(line) {
                    Ok(run) => record.runs.push(run),
                    Err(why) => record.wrong.push((n + 1, why)),
                },
            }
        }
        record
    }
}

/// The runs of several records, the earliest first. A line that stands several times is one run, wherever it stands: two
/// runs are not the same to a thousandth of a second, but records are put together in all ways.
pub fn joined(records: Vec<Vec<Run>>) -> Vec<Run> {
    let mut all: BTreeMap<(Timestamp, String), Run> = BTreeMap::new();
    for run in records.into_iter().flatten() {
        all.entry((run.at, run.line())).or_insert(run);
    }
    all.into_values().collect()
}

/// What is wrong with a line, without the number of it.
fn plain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        Category::Eof => "it ends in the middle".to_owned(),
        Category::Syntax => format!("it is no JSON: {said} (column {})", error.column()),
        Category::Data | Category::Io => said.to_owned(),
    }
}

fn written<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(at)
}

fn read_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || serde::de::Error::custom(format!("`{text}` is no moment, such as 2027-03-31T12:00:00Z"));
    text.parse().map_err(|_| wrong())
}
