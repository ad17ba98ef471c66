//! The review: what changed since an earlier state of the model, and what a merge left to decide, as rows and as signs on
//! the drawing. It finds no earlier state by itself and decides nothing.

use std::collections::BTreeMap;

use crate::diagram::Placement;
use crate::model::{Conflict, Id, Place, ThreatKey, ThreatModel};
use crate::review::diff::{self, Diff, Item, Mark, Turn};
use crate::tui::sight::Sight;

/// What the model is compared with.
#[derive(Debug, Default)]
pub(crate) enum Earlier {
    /// Nobody has asked yet.
    #[default]
    Unasked,
    /// A state of it, and what that is called.
    Model(String, Box<ThreatModel>),
    /// Nothing, and why.
    Nothing(String),
}

/// A row of the review.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Row {
    /// A heading, which cannot be selected.
    Heading(String),
    /// Something to decide.
    Conflict(Conflict),
    /// Something that changed.
    Change(Item),
}

impl Row {
    /// The thing that it is about.
    pub(crate) fn about(&self) -> Option<Id> {
        match self {
            Self::Heading(_) => None,
            Self::Conflict(conflict) => Place::parse(&conflict.of).as_ref().and_then(thing_at),
            Self::Change(item) => thing_at(&item.place),
        }
    }

    /// How many lines it takes where it is as wide as a usual terminal.
    fn lines(&self) -> usize {
        const USUAL: usize = 74;
        let of = |text: &str| 1 + text.len() / USUAL;
        match self {
            Self::Heading(title) => 1 + of(title),
            Self::Conflict(conflict) => 4 + conflict.why.iter().map(|why| of(why)).sum::<usize>(),
            Self::Change(item) => of(&item.head) + item.below.iter().map(|below| of(below)).sum::<usize>(),
        }
    }

    /// What it is called for ever: the key of the threat, the id of the thing or mitigation.
    pub(crate) fn key(&self) -> Option<String> {
        match self {
            Self::Heading(_) => None,
            Self::Conflict(conflict) => Place::parse(&conflict.of)?.key(),
            Self::Change(item) => item.place.key(),
        }
    }

    /// The threat that it is about.
    pub(crate) fn threat(&self) -> Option<ThreatKey> {
        let place = match self {
            Self::Heading(_) => return None,
            Self::Conflict(conflict) => Place::parse(&conflict.of)?,
            Self::Change(item) => item.place.clone(),
        };
        if let Place::Threat(key) = place { Some(key) } else { None }
    }
}

fn thing_at(place: &Place) -> Option<Id> {
    match place {
        Place::Element(id) | Place::Flow(id) | Place::Boundary(id) | Place::Asset(id) => Some(id.clone()),
        Place::Threat(key) => Some(key.subject()),
        _ => None,
    }
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Sign {
    /// Whether a merge left something about it to decide.
    pub(crate) is_open: bool,
    /// What became of the thing itself.
    pub(crate) mark: Option<Mark>,
    /// Threats about it that came.
    pub(crate) came: usize,
    /// Threats about it that went.
    pub(crate) went: usize,
}

/// Which state the drawing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Shown {
    /// Both in one.
    #[default]
    Both,
    /// As it was.
    Before,
    /// As it is now.
    Now,
}

/// What the review shows.
#[derive(Debug, Default)]
pub(crate) struct Review {
    /// What the model is compared with.
    pub(crate) earlier: Earlier,
    /// Conflicts, then changes, under their headings.
    pub(crate) rows: Vec<Row>,
    /// How many lines the rows take where none of them is long.
    pub(crate) lines: usize,
    /// The selected row.
    pub(crate) at: usize,
    /// What became of things.
    pub(crate) signs: BTreeMap<Id, Sign>,
    /// Which state the drawing shows.
    pub(crate) shown: Shown,
    /// Whether the drawing has the keys, and not the rows.
    pub(crate) on_canvas: bool,
    /// What was in sight on the diagram's screen, and where everything lay.
    pub(crate) own: Option<(Sight, Placement)>,
    /// What is drawn, where that is not the model.
    pub(crate) drawn: Option<ThreatModel>,
}

impl Review {
    /// Compares anew.
    pub(crate) fn follow(&mut self, now: &ThreatModel) {
        self.rows.clear();
        self.signs.clear();
        self.drawn = None;
        if !now.conflicts.is_empty() {
            self.rows.push(Row::Heading("To decide".to_owned()));
            self.rows.extend(now.conflicts.iter().cloned().map(Row::Conflict));
        }
        if let Earlier::Model(_, before) = &self.earlier {
            let mut found = diff::diff(before, now);
            // What is to be decided has its own rows.
            found.others.retain(|change| change.place != Place::System);
            if !found.is_empty() {
                self.rows.push(Row::Heading(diff::headline(&found)));
            }
            for section in diff::told_in_sections(&found) {
                self.rows.push(Row::Heading(section.title.to_owned()));
                self.rows.extend(section.items.into_iter().map(Row::Change));
            }
            self.signs = signs(&found);
            self.drawn = match self.shown {
                Shown::Both => Some(diff::union(before, now)),
                Shown::Before => Some(diff::earlier(before, now)),
                Shown::Now => None,
            };
        }
        for id in self.rows.iter().filter(|row| matches!(row, Row::Conflict(_))).filter_map(Row::about) {
            self.signs.entry(id).or_default().is_open = true;
        }
        self.lines = self.rows.iter().map(Row::lines).sum();
        self.go(0);
    }

    /// Goes so many rows on, over headings.
    pub(crate) fn go(&mut self, by: isize) {
        let to = self.at.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
        let is_row = |n: &usize| !matches!(self.rows[*n], Row::Heading(_));
        let on = || (to..self.rows.len()).find(is_row);
        let back = || (0..=to).rev().filter(|n| *n < self.rows.len()).find(is_row);
        let found = if by < 0 { back().or_else(on) } else { on().or_else(back) };
        self.at = found.unwrap_or(0);
    }

    /// The selected row.
    pub(crate) fn row(&self) -> Option<&Row> {
        self.rows.get(self.at).filter(|row| !matches!(row, Row::Heading(_)))
    }

    /// The selected conflict.
    pub(crate) fn conflict(&self) -> Option<&Conflict> {
        if let Some(Row::Conflict(conflict)) = self.row() { Some(conflict) } else { None }
    }
}

fn signs(found: &Diff) -> BTreeMap<Id, Sign> {
    let mut signs: BTreeMap<Id, Sign> = BTreeMap::new();
    for change in &found.system {
        let mark = match change.fate {
            diff::Fate::New => Mark::Plus,
            diff::Fate::Changed => Mark::Tilde,
            diff::Fate::Removed => Mark::Minus,
        };
        if let Some(id) = thing_at(&change.place) {
            signs.entry(id).or_default().mark = Some(mark);
        }
    }
    for threat in &found.threats {
        let sign = signs.entry(threat.key.subject()).or_default();
        match threat.turn {
            Turn::New | Turn::Back => sign.came += 1,
            Turn::Gone => sign.went += 1,
            Turn::Changed => {}
        }
    }
    signs
}
