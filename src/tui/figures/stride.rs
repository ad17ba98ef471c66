//! Threats by letter and status. A threat with two letters stands in two rows; each row adds up.

use super::{Spot, Target};
use crate::analysis::{Analysis, ThreatRow};
use crate::model::{StatusWord, Stride};

/// A column: its name, a shorter one, and the statuses in it.
pub(crate) type Group = (&'static str, &'static str, &'static [StatusWord]);

/// The columns.
pub(crate) const GROUPS: [Group; 5] = [
    ("open", "open", &[StatusWord::Open]),
    ("mitigated", "mit", &[StatusWord::Mitigated]),
    ("accepted", "acc", &[StatusWord::Accepted]),
    (
        "otherwise",
        "oth",
        &[StatusWord::Transferred, StatusWord::Avoided, StatusWord::NotApplicable, StatusWord::FalsePositive],
    ),
    ("gone", "gone", &[StatusWord::Gone]),
];

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The letter; `None` of threats that have none.
    pub(crate) letter: Option<Stride>,
    /// Threats in each status, in the order of all statuses.
    counts: [usize; StatusWord::ALL.len()],
}

impl Line {
    /// Threats in some statuses.
    pub(crate) fn of(&self, words: &[StatusWord]) -> usize {
        words.iter().map(|word| self.counts[*word as usize]).sum()
    }

    /// All threats of the row.
    pub(crate) fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// What the row is called, from its whole name to the shortest one.
    pub(crate) const fn names(&self) -> [&'static str; 3] {
        match self.letter {
            Some(Stride::Spoofing) => ["Spoofing", "Spoofing", "Spoof"],
            Some(Stride::Tampering) => ["Tampering", "Tampering", "Tamper"],
            Some(Stride::Repudiation) => ["Repudiation", "Repudiation", "Repud"],
            Some(Stride::InformationDisclosure) => ["Information disclosure", "Disclosure", "Discl"],
            Some(Stride::DenialOfService) => ["Denial of service", "Denial", "Denial"],
            Some(Stride::ElevationOfPrivilege) => ["Elevation of privilege", "Elevation", "Elev"],
            None => ["no letter", "no letter", "none"],
        }
    }

    /// Its whole name.
    pub(crate) const fn name(&self) -> &'static str {
        self.names()[0]
    }

    fn has(letter: Option<Stride>, row: &ThreatRow) -> bool {
        letter.map_or(row.stride.is_empty(), |letter| row.stride.contains(&letter))
    }
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// One for each letter, and one for threats without any, where there are some.
    pub(crate) rows: Vec<Line>,
    /// Threats that have several letters.
    pub(crate) several: usize,
    /// All threats.
    pub(crate) all: usize,
}

impl Sheet {
    /// Counts.
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let line = |letter: Option<Stride>| {
            let mut counts = [0; StatusWord::ALL.len()];
            for row in analysis.threats.iter().filter(|row| Line::has(letter, row)) {
                counts[row.status.word() as usize] += 1;
            }
            Line { letter, counts }
        };
        let mut rows: Vec<Line> = Stride::ALL.iter().map(|letter| line(Some(*letter))).collect();
        rows.extend(Some(line(None)).filter(|line| line.total() > 0));
        let several = analysis.threats.iter().filter(|row| row.stride.len() > 1).count();
        Self { rows, several, all: analysis.threats.len() }
    }

    pub(super) fn target(&self, (row, column): Spot) -> Target {
        let Some((line, (.., words))) = self.rows.get(row).zip(GROUPS.get(column)) else {
            return Target::Nothing("there is no threat");
        };
        if line.of(words) == 0 {
            return Target::Nothing("no threat of that letter has that status");
        }
        let letter =
            line.letter.map_or_else(|| "!stride:STRIDE".to_owned(), |letter| format!("stride:{}", letter.letter()));
        let words: Vec<String> = words.iter().map(|word| word.name().to_lowercase()).collect();
        Target::Filter(format!("{letter} status:{}", words.join(",")))
    }
}
