//! The history of a model in git beside its ledger: how many threats were open in every version, and where the two tell
//! of different days. A commit tells when something was written down for everybody, the ledger when somebody did it, so
//! that a day between them is no news. It knows no more of git than days and commits: `gather` asks it.

use super::{Course, is_fixed};
use crate::model::{Date, Event, Id, Severity, Status, StatusWord, Threat, ThreatKey, ThreatModel};
use crate::review::gate::days;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What of a threat in an earlier version counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The severity that counted.
    pub(super) severity: Option<Severity>,
    /// Its status.
    pub(super) status: StatusWord,
    /// Until when that holds.
    pub(super) expires: Option<Date>,
}

impl Brief {
    /// Of a threat as it was.
    pub fn of(threat: &Threat) -> Self {
        let is_gone = threat.history.last().is_some_and(|row| row.event == Event::Gone);
        // What went is not open again when a decision about it runs out.
        let expires = Status::expires(&threat.status).filter(|_| !is_gone);
        Self { severity: threat.effective_severity(), status: threat.status.word(), expires }
    }

    fn on(self, day: Date) -> StatusWord {
        if self.expires.is_some_and(|until| until < day) { StatusWord::Open } else { self.status }
    }
}

/// The register of a version.
pub type Register = BTreeMap<ThreatKey, Brief>;

/// What the file was in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A model.
    Model(Arc<Register>),
    /// Something that cannot be read as a model.
    Unreadable,
    /// Nothing: the commit took the file away.
    Removed,
}

/// A version of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The day on which it was committed (UTC).
    pub on: Date,
    /// The commit.
    pub commit: String,
    /// What the file was.
    pub content: Content,
}

impl Snapshot {
    /// Open threats by severity; `None` where there was no model.
    pub fn open(&self) -> Option<BTreeMap<Option<Severity>, usize>> {
        let Content::Model(register) = &self.content else { return None };
        let mut open = BTreeMap::new();
        for brief in register.values().filter(|brief| brief.on(self.on) == StatusWord::Open) {
            *open.entry(brief.severity).or_insert(0) += 1;
        }
        Some(open)
    }
}

/// What ledger and git may disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// When the threat was opened.
    Opened,
    /// When it was resolved.
    Resolved,
}

/// A threat of which ledger and git tell different days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Which threat.
    pub key: ThreatKey,
    /// About what.
    pub matter: Matter,
    /// The day that the ledger tells.
    pub ledger: Date,
    /// The day of the commit that was the first to tell of it.
    pub git: Date,
    /// That commit.
    pub commit: String,
}

/// What comes of comparing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Compared {
    /// By threat.
    pub disagreements: Vec<Disagreement>,
    /// How many days of the ledger git tells as well, to a day.
    pub agreed: usize,
    /// How many days of the ledger git cannot tell of: they are before its history begins, or nothing committed has them.
    pub unknown: usize,
}

/// Compares the ledger of a model with its earlier versions, the first one first.
pub fn compare(model: &ThreatModel, versions: &[Snapshot], today: Date) -> Compared {
    let now: BTreeMap<&Id, &Id> =
        model.things().flat_map(|(id, thing)| thing.formerly().iter().map(move |former| (former, id))).collect();
    // Threats of things that got another id since are the same threats.
    let today_key =
        |key: &ThreatKey| key.map_ids(|id| now.get(id).map_or_else(|| id.clone(), |known| (*known).clone()));
    let mut told: BTreeMap<ThreatKey, Told> = BTreeMap::new();
    let (mut is_first, mut unread) = (true, None);
    for version in versions {
        let Content::Model(register) = &version.content else {
            // It may be in a version that cannot be read already.
            unread = unread.or((version.content == Content::Unreadable).then_some(version.on));
            continue;
        };
        let change = Change { version, is_first, earliest: unread.map_or(version.on, |day| day.min(version.on)) };
        for (key, brief) in register.iter() {
            told.entry(today_key(key)).or_insert_with(|| Told::new(change)).see(change, brief.on(version.on));
        }
        (is_first, unread) = (false, None);
    }
    let mut compared = Compared::default();
    for (key, threat) in &model.threats {
        let Some(course) = Course::of(threat, today) else { continue };
        let told = told.get(key);
        compared.add(key, Matter::Opened, course.since(), told.map(|told| told.raised));
        if let Some(on) = course.fixed_on() {
            compared.add(key, Matter::Resolved, on, told.and_then(|told| told.fixed));
        }
    }
    compared
}

/// Something that a version tells and the last one before it that could be read did not.
#[derive(Clone, Copy, Debug)]
struct Change<'v> {
    version: &'v Snapshot,
    /// Whether no version before it could be read.
    is_first: bool,
    /// The first day on which it may have been committed.
    earliest: Date,
}

/// What git tells of a threat.
#[derive(Clone, Copy, Debug)]
struct Told<'v> {
    raised: Change<'v>,
    /// Since when it has been resolved without a break.
    fixed: Option<Change<'v>>,
}

impl<'v> Told<'v> {
    const fn new(raised: Change<'v>) -> Self {
        Self { raised, fixed: None }
    }

    fn see(&mut self, change: Change<'v>, word: StatusWord) {
        self.fixed = match word {
            // What was resolved before it went stays resolved.
            StatusWord::Gone => self.fixed,
            word if is_fixed(word) => self.fixed.or(Some(change)),
            _ => None,
        };
    }
}

impl Compared {
    /// How many days of the ledger git tells too, in a sentence without a full stop.
    pub fn told(&self) -> String {
        const ELSE: &str = "before that history begins, or not committed";
        match (self.agreed + self.disagreements.len(), self.unknown) {
            (0, 0) => "the ledger has no date to compare".to_owned(),
            (0, n) => format!("no date of the ledger can be compared: {n} {ELSE}"),
            (n, more) => {
                let dates = if n == 1 { "1 date".to_owned() } else { format!("{n} dates") };
                let other = if more > 0 { format!("; {more} more {ELSE}") } else { String::new() };
                let (agreed, not) = (self.agreed, self.disagreements.len());
                format!("{dates} of the ledger compared: {agreed} as in git to a day, {not} not{other}")
            }
        }
    }

    fn add(&mut self, key: &ThreatKey, matter: Matter, ledger: Date, change: Option<Change<'_>>) {
        let Some(Change { version, is_first, earliest }) = change else {
            self.unknown += 1;
            return;
        };
        let is_before = days(ledger, earliest) > 1;
        match is_first {
            // The history begins with it: it may be as old as the ledger says.
            true if is_before => self.unknown += 1,
            _ if is_before || days(version.on, ledger) > 1 => self.disagreements.push(Disagreement {
                key: key.clone(),
                matter,
                ledger,
                git: version.on,
                commit: version.commit.clone(),
            }),
            _ => self.agreed += 1,
        }
    }
}
