//! The small language that picks threats, shared by `threats --filter` and the screens. It picks and sorts; it never
//! changes a row.

mod parse;
mod slips;
mod why;

use super::row::{Confidence, ThreatRow};
use crate::model::{Date, Severity, StatusWord, Stride, ThreatModel};
use crate::rules::language::Linddun;
use std::cmp::Ordering;
use std::fmt;

/// What can be written, and what it means: the table that help prints.
pub const FILTER_HELP: &[(&str, &str)] = &[
    ("open sev>=high owner:ana", "all of these must hold; there is no `and` and no `or`"),
    ("word, \"two words\"", "title, id, key, owner or notes contain it, whatever the case"),
    ("open, mitigated, accepted, …", "the status that counts; also status:open,gone"),
    ("new, known, reopened, gone, orphan", "how it stands to the register; also state:new"),
    (
        "stale, expired, overdue, overridden",
        "a decision on other facts; a decision run out; past its due day; rated by hand",
    ),
    ("sev:high, sev>=medium, sev<high", "the severity that counts"),
    ("score>=12, score<5", "the score, which `explain` adds up: the higher the more pressing"),
    ("likelihood:3 impact:3,4", "what the rubric rated, in steps from 1 to 4; impact:none where no rule rates it"),
    ("stride:TE", "has at least one of these letters"),
    ("linddun:Dd,Nc", "has at least one of these privacy categories"),
    ("rule:core.d*, pack:core", "the rule, with * for any text; the pack"),
    ("on:web, on:web*, on:\"web app\"", "is about this element or flow, at either end, by its id or its whole name"),
    ("owner:ana, owner:none", "who deals with it"),
    ("due<2027-01-31, due:none", "by when it is dealt with: < <= > >= or a day"),
    ("fix:mit.mtls", "its rule names this mitigation, or it is planned to close it"),
    ("confidence:stated", "how sure the rules are: assumed, inherited, stated"),
    ("a,b", "after a colon: one or the other"),
    ("!word, !stale, !owner:ana", "not"),
    (
        "sort:severity, sort:title, …",
        "order by score, severity, title, subject, status, owner, due, opened, rule; sort:-due backwards",
    ),
];

/// A parsed filter. Every part must hold.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    parts: Vec<Part>,
    sort: Option<(SortKey, bool)>,
}

/// One word of a filter: what it tests, and as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    not: bool,
    test: Test,
    typed: String,
}

/// One test of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Text(String),
    Status(Vec<StatusWord>),
    State(Vec<&'static str>),
    Stale,
    Expired,
    Overdue,
    Overridden,
    Severity(Vec<Severity>),
    /// How the score stands to a number.
    Score(Vec<Ordering>, i64),
    /// Steps of likelihood that its rule came to; `None`, that no rule rated it.
    Likelihood(Vec<Option<u8>>),
    /// The same of impact.
    Impact(Vec<Option<u8>>),
    Stride(Vec<Stride>),
    Linddun(Vec<Linddun>),
    Rule(Vec<String>),
    Pack(Vec<String>),
    On(Vec<String>),
    Owner(Vec<String>),
    /// How the due day stands to a day; to `None`, that there is no due day.
    Due(Vec<Ordering>, Option<Date>),
    Fix(Vec<String>),
    Confidence(Vec<Confidence>),
}

/// What rows can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SortKey {
    Score,
    Severity,
    Title,
    Subject,
    Status,
    Owner,
    Due,
    Opened,
    Rule,
}

/// Why a filter was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Where, counted in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {} ({})", self.column, self.message, self.help)
    }
}

impl std::error::Error for FilterError {}

impl Filter {
    /// Reads a filter; the empty text picks everything.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse::parse(text)
    }

    /// The same for a model whose names may be written where an id goes, whole and in any case.
    #[must_use]
    pub fn naming(mut self, model: &ThreatModel) -> Self {
        let elements = model.elements.iter().map(|(id, e)| (id, &e.name));
        let flows = model.flows.iter().map(|(id, f)| (id, &f.name));
        let named: Vec<(&str, String)> =
            elements.chain(flows).map(|(id, name)| (id.as_str(), name.to_lowercase())).collect();
        for part in &mut self.parts {
            let Test::On(patterns) = &mut part.test else { continue };
            // A name may have a comma in it.
            let whole = patterns.join(",");
            let meant = named.iter().filter(|(_, name)| *name == whole || patterns.contains(name));
            let ids: Vec<String> = meant.map(|(id, _)| (*id).to_owned()).collect();
            patterns.extend(ids);
        }
        self
    }

    /// Whether it picks everything in the usual order.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.sort.is_none()
    }

    /// Whether it picks a row.
    pub fn picks(&self, row: &ThreatRow, today: Date) -> bool {
        self.parts.iter().all(|part| part.fits(row, today))
    }

    /// The rows it picks, in its order; without one the order they came in.
    pub fn apply<'r>(&self, rows: &'r [ThreatRow], today: Date) -> Vec<&'r ThreatRow> {
        let mut picked: Vec<&ThreatRow> = rows.iter().filter(|row| self.picks(row, today)).collect();
        if let Some((key, backwards)) = self.sort {
            picked.sort_by(|a, b| key.compare(a, b, backwards).then_with(|| a.key.cmp(&b.key)));
        }
        picked
    }
}

impl Part {
    fn fits(&self, row: &ThreatRow, today: Date) -> bool {
        self.test.holds(row, today) != self.not
    }
}

impl Test {
    fn holds(&self, row: &ThreatRow, today: Date) -> bool {
        let has = |patterns: &[String], text: &str| patterns.iter().any(|p| matches(p, text));
        match self {
            Self::Text(text) => {
                let texts =
                    [Some(row.title.as_str()), Some(&row.id), Some(row.key.as_str()), row.record.owner.as_deref()];
                let mut texts = texts.into_iter().chain([row.record.notes.as_deref()]).flatten();
                texts.any(|t| t.to_lowercase().contains(text))
            }
            Self::Status(words) => words.contains(&row.status.word()),
            Self::State(states) => states.contains(&row.state.word()),
            Self::Stale => row.stale,
            Self::Expired => row.expired,
            Self::Overdue => row.is_overdue(today),
            Self::Overridden => row.record.overridden.is_some(),
            Self::Severity(all) => row.severity.is_some_and(|s| all.contains(&s)),
            Self::Score(wanted, bound) => wanted.contains(&row.score.total().cmp(bound)),
            Self::Likelihood(steps) => steps.contains(&row.risk.map(|(likelihood, _)| likelihood)),
            Self::Impact(steps) => steps.contains(&row.risk.map(|(_, impact)| impact)),
            Self::Stride(letters) => row.stride.iter().any(|s| letters.contains(s)),
            Self::Linddun(marks) => row.linddun.iter().any(|l| marks.contains(l)),
            Self::Rule(patterns) => has(patterns, row.key.rule()),
            Self::Pack(patterns) => has(patterns, row.key.rule().split('.').next().unwrap_or_default()),
            Self::On(patterns) => {
                let about = row.about.iter().map(crate::model::Id::as_str);
                about.chain(row.key.detail()).any(|id| has(patterns, id))
            }
            Self::Owner(patterns) => match &row.record.owner {
                Some(owner) => has(patterns, &owner.to_lowercase()),
                None => patterns.iter().any(|p| p == "none"),
            },
            Self::Due(wanted, Some(day)) => row.record.due.is_some_and(|due| wanted.contains(&due.cmp(day))),
            Self::Due(_, None) => row.record.due.is_none(),
            Self::Fix(patterns) => {
                row.fixes.iter().any(|f| has(patterns, f))
                    || row.record.mitigations.iter().any(|m| has(patterns, m.as_str()))
            }
            Self::Confidence(all) => all.contains(&row.confidence),
        }
    }
}

impl SortKey {
    /// The order of two rows. What is not there comes last, backwards too.
    fn compare(self, a: &ThreatRow, b: &ThreatRow, backwards: bool) -> Ordering {
        fn last<T: Ord>(a: Option<&T>, b: Option<&T>, backwards: bool) -> Ordering {
            let order = a.is_none().cmp(&b.is_none());
            order.then_with(|| if backwards { b.cmp(&a) } else { a.cmp(&b) })
        }
        match self {
            // The worst first.
            Self::Score => last(Some(&a.score.total()), Some(&b.score.total()), !backwards),
            Self::Severity => last(a.severity.as_ref(), b.severity.as_ref(), !backwards),
            Self::Title => last(Some(&a.title), Some(&b.title), backwards),
            Self::Subject => last(Some(&a.subject), Some(&b.subject), backwards),
            Self::Status => last(Some(&a.status.word()), Some(&b.status.word()), backwards),
            Self::Owner => last(a.record.owner.as_ref(), b.record.owner.as_ref(), backwards),
            Self::Due => last(a.record.due.as_ref(), b.record.due.as_ref(), backwards),
            Self::Opened => last(a.record.opened.as_ref(), b.record.opened.as_ref(), backwards),
            Self::Rule => last(Some(&a.key.rule()), Some(&b.key.rule()), backwards),
        }
    }
}

/// Whether a text fits a pattern in which `*` stands for any text. Linear in both for each `*`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(end) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(end)
}
