//! Rubrics: how likelihood and impact make a severity. Rules speak of four steps each; a rubric says as data where these
//! lie on its own axes and which severity a pair of labels has. What raises or lowers a step is in `risk`.

use super::language::Need;
use crate::file::data;
use crate::model::{Confidentiality, Level, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The rubric of a model that names none.
pub const USUAL: &str = "default";

/// The rubrics there are, by name; a model pins one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rubrics {
    usual: Rubric,
    others: BTreeMap<String, Rubric>,
}

impl Rubrics {
    /// Reads the files; the messages say what is wrong with those that cannot be read.
    pub(super) fn read(files: &[(&str, &str)]) -> (Self, Vec<String>) {
        let (mut all, mut problems) = (Self::default(), Vec::new());
        for (name, text) in files {
            match Rubric::read(text, name) {
                Ok(rubric) if *name == USUAL => all.usual = rubric,
                Ok(rubric) => {
                    all.others.insert((*name).to_owned(), rubric);
                }
                Err(why) => problems.push(why),
            }
        }
        (all, problems)
    }

    /// The rubric of a name; the usual one where there is no name, or none that is known, which `check` says.
    pub fn of(&self, name: Option<&str>) -> &Rubric {
        name.and_then(|name| self.others.get(name)).unwrap_or(&self.usual)
    }

    /// Whether there is a rubric of that name.
    pub fn knows(&self, name: &str) -> bool {
        name == USUAL || self.others.contains_key(name)
    }

    /// The names, the usual one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(USUAL).chain(self.others.keys().map(String::as_str))
    }
}

/// How likelihood and impact make a severity.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "Written")]
pub struct Rubric {
    written: Written,
    /// Which of its words each pair of steps has: by likelihood, then impact.
    table: [[usize; 4]; 4],
}

/// A rubric as its file has it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    about: String,
    likelihood: Axis,
    impact: Axis,
    /// Its own words, each with the severity of ours that it is.
    words: Vec<(String, Severity)>,
    severity: Shape,
    /// Impact of the loss of confidentiality, by class, least first.
    confidentiality: [u8; 4],
    /// Impact of wrong data, by need, least first.
    integrity: [u8; 4],
    /// Impact of missing data, by need, least first.
    availability: [u8; 4],
    /// Impact while the class of the data is unknown.
    unknown_data: u8,
    /// Adjustments move likelihood and impact by at most so many steps each way.
    max_step: u8,
    /// Likelihood while a control is only partly there is so many steps less.
    partial_step: u8,
    /// Likelihood with the control in place.
    mitigated_likelihood: u8,
}

/// One axis of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Axis {
    /// Its words, least first, each with what it means.
    labels: Vec<(String, String)>,
    /// Which of them each of the four steps of a rule is, counted from 1.
    steps: [u8; 4],
}

/// How labels make a word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
enum Shape {
    /// By likelihood (rows, least first) and impact (columns, least first).
    Matrix(Vec<Vec<String>>),
    /// By the product of the two, counted from 1: each word up to a number.
    Product(Vec<(u32, String)>),
}

impl Default for Shape {
    fn default() -> Self {
        Self::Matrix(Vec::new())
    }
}

impl TryFrom<Written> for Rubric {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        for (name, axis) in [("likelihood", &written.likelihood), ("impact", &written.impact)] {
            let within = axis.steps.iter().all(|at| (1..=axis.labels.len()).contains(&usize::from(*at)));
            if !within || !axis.steps.is_sorted() {
                return Err(format!(
                    "`steps` of {name} must be four numbers of its labels, none less than the one before"
                ));
            }
        }
        if let Shape::Matrix(rows) = &written.severity {
            let (high, wide) = (written.likelihood.labels.len(), written.impact.labels.len());
            if rows.len() != high || rows.iter().any(|row| row.len() != wide) {
                return Err(format!("the matrix must have {high} rows of {wide} words, as the axes have"));
            }
        }
        let mut table = [[0; 4]; 4];
        for (likelihood, row) in written.likelihood.steps.iter().zip(&mut table) {
            for (impact, cell) in written.impact.steps.iter().zip(row) {
                *cell = written.word((*likelihood).into(), (*impact).into())?;
            }
        }
        Ok(Self { written, table })
    }
}

impl Written {
    /// The number of the word that two labels make, which are counted from 1.
    fn word(&self, likelihood: usize, impact: usize) -> Result<usize, String> {
        let word = match &self.severity {
            Shape::Matrix(rows) => rows.get(likelihood - 1).and_then(|row| row.get(impact - 1)),
            Shape::Product(bands) => {
                let fits = |band: &&(u32, String)| likelihood * impact <= band.0 as usize;
                bands.iter().find(fits).map(|(_, word)| word)
            }
        };
        let word = word.ok_or_else(|| format!("likelihood {likelihood} and impact {impact} have no severity"))?;
        let at = self.words.iter().position(|(own, _)| own == word);
        at.ok_or_else(|| format!("`{word}` is not one of the rubric's `words`"))
    }
}

impl Rubric {
    /// Reads a file.
    pub fn read(text: &str, name: &str) -> Result<Self, String> {
        data::read(text, name).map_err(|diagnostic| diagnostic.message)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.written.name
    }

    /// What it is, and which of its words are one of ours.
    pub fn about(&self) -> &str {
        &self.written.about
    }

    /// The severity of a likelihood and an impact of a rule, each kept within 1-4.
    pub fn severity(&self, likelihood: u8, impact: u8) -> Severity {
        self.written.words.get(self.at(likelihood, impact)).map_or(Severity::Low, |(_, severity)| *severity)
    }

    /// Its own word for that severity.
    pub fn word(&self, likelihood: u8, impact: u8) -> &str {
        self.written.words.get(self.at(likelihood, impact)).map_or("", |(word, _)| word)
    }

    fn at(&self, likelihood: u8, impact: u8) -> usize {
        self.table[step(likelihood)][step(impact)]
    }

    /// Its words for a likelihood and an impact of a rule.
    pub fn labels(&self, likelihood: u8, impact: u8) -> [&str; 2] {
        self.meanings(likelihood, impact).map(|(label, _)| label)
    }

    /// The same words, each with what it means.
    pub fn meanings(&self, likelihood: u8, impact: u8) -> [(&str, &str); 2] {
        let label = |axis: &'_ Axis, at: u8| usize::from(axis.steps[step(at)]).saturating_sub(1);
        let (l, i) = (&self.written.likelihood, &self.written.impact);
        [(l, label(l, likelihood)), (i, label(i, impact))].map(|(axis, at)| {
            axis.labels.get(at).map_or(("", ""), |(label, meaning)| (label.as_str(), meaning.as_str()))
        })
    }

    /// The impact when data of a class loses what it needs.
    pub fn impact_of(
        &self,
        need: Need,
        confidentiality: Option<Confidentiality>,
        levels: [Option<Level>; 2],
    ) -> Option<u8> {
        let at = |scale: &[u8; 4], rank: Option<usize>| rank.and_then(|r| scale.get(r)).copied();
        let rank = |level: Option<Level>| level.map(|l| l as usize);
        match need {
            Need::C => at(&self.written.confidentiality, confidentiality.map(|c| c as usize)),
            Need::I => at(&self.written.integrity, rank(levels[0])),
            Need::A => at(&self.written.availability, rank(levels[1])),
        }
    }

    /// Impact while the class of the data is unknown.
    pub(super) fn unknown_data(&self) -> u8 {
        self.written.unknown_data
    }

    /// Adjustments move likelihood and impact by at most so many steps each way.
    pub(super) fn max_step(&self) -> u8 {
        self.written.max_step
    }

    /// Likelihood while a control is only partly there is so many steps less.
    pub(super) fn partial_step(&self) -> u8 {
        self.written.partial_step
    }

    /// Likelihood with the control in place.
    pub(super) fn mitigated_likelihood(&self) -> u8 {
        self.written.mitigated_likelihood
    }
}

/// A step of a rule as a place in a table.
fn step(n: u8) -> usize {
    usize::from(n.clamp(1, 4)) - 1
}
