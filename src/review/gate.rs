//! The gate: whether a model holds a policy, and what turns each red line green. A pure function of the model, what the
//! rules say about it, the policy, and perhaps the model as it was before: it reads no file and no clock, changes nothing
//! and prints nothing.

mod control;
mod exempt;
mod open;
mod way;
mod whole;

pub use exempt::{ExemptionState, Standing as ExemptionStanding};
pub use way::Way;
pub use whole::wants_review;

use super::policy::{Level, Policy, PolicyRule};
use crate::analysis::{Analysis, ThreatRow};
use crate::model::{Date, SYSTEM, Severity, Thing, ThreatKey, ThreatModel};
use crate::rules::Knowledge;
use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A model with what the rules say about it.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The model.
    pub model: &'a ThreatModel,
    /// What the rules say about it, joined with its register.
    pub analysis: &'a Analysis,
}

/// What the model is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Before<'a> {
    /// Nothing was asked for.
    Nothing,
    /// There was no model then: what is there now is the starting point.
    First,
    /// The model was what it is now.
    Same,
    /// The model as it was.
    Model(Judged<'a>),
}

/// What the gate judges, and by what.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The model.
    pub now: Judged<'a>,
    /// The model before.
    pub before: Before<'a>,
    /// Whether only what is new or worse than before fails.
    pub new_only: bool,
    /// The rules that were asked, and the names in them.
    pub knowledge: &'a Knowledge,
    /// The policy.
    pub policy: &'a Policy,
    /// Today.
    pub today: Date,
    /// The model's file as a command line names it.
    pub file: &'a str,
    /// The commit that is checked out, where somebody asked for it; see [`wants_review`].
    pub head: Option<&'a str>,
    /// Whether to look for the control that closes each threat, which asks the rules again.
    pub explain: bool,
}

/// Whether a failure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Counts,
    /// The exemption of this number lets it through.
    Exempt(usize),
    /// It was so before, and only what is new fails.
    Before,
}

impl Standing {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Exempt(_) => "exempt",
            Self::Before => "before",
        }
    }
}

/// A rule of the policy that is not held: by a threat, or by the model as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Which rule.
    pub rule: PolicyRule,
    /// What comes of it.
    pub level: Level,
    /// The threat.
    pub key: Option<ThreatKey>,
    /// Of a threat what people call it; else what of the model it is about. Stays when things are renamed.
    pub id: String,
    /// The threat's title.
    pub title: Option<String>,
    /// The threat's severity.
    pub severity: Option<Severity>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What turns it green; each of these does.
    pub ways: Vec<Way>,
    /// Where it is in the model's file.
    pub at: Vec<String>,
    /// How far it is off, to be compared with before.
    pub amount: i64,
    /// Whether it is new or worse; `None` where nothing was compared.
    pub is_new: Option<bool>,
    /// Whether it counts.
    pub standing: Standing,
}

impl Failure {
    /// Whether it shuts the gate.
    pub fn denies(&self) -> bool {
        self.level == Level::Deny && self.standing == Standing::Counts
    }

    /// Whether it is said without shutting the gate.
    pub fn warns(&self) -> bool {
        self.level == Level::Warn && self.standing == Standing::Counts
    }

    /// What it is called for ever: the rule of the policy, and the threat or what of the model it is about.
    pub fn name(&self) -> String {
        format!("{}:{}", self.rule.id(), self.key.as_ref().map_or(self.id.as_str(), ThreatKey::as_str))
    }
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What is not held: what shuts the gate first, then by severity.
    pub failures: Vec<Failure>,
    /// How the exemptions stand, in the order of the policy.
    pub exemptions: Vec<ExemptionStanding>,
    /// How many threats are open, by severity.
    pub open: BTreeMap<Severity, usize>,
    /// Whether there was a model before; `None` where nobody asked.
    pub had_before: Option<bool>,
    /// Whether only what is new fails.
    pub new_only: bool,
}

impl Verdict {
    /// Whether the gate is open.
    pub fn passes(&self) -> bool {
        !self.failures.iter().any(Failure::denies)
    }

    /// Whether it is, in a few words.
    pub fn word(&self) -> &'static str {
        if self.passes() { "the policy is held" } else { "the policy is not held" }
    }

    /// What counts.
    pub fn counting(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().filter(|failure| failure.standing == Standing::Counts)
    }

    /// How many failures stand so.
    pub fn count(&self, test: impl Fn(&Failure) -> bool) -> usize {
        self.failures.iter().filter(|failure| test(failure)).count()
    }
}

/// Judges a model.
pub fn judge(case: &Case<'_>) -> Verdict {
    let mut look = Look::new(case, case.now);
    let mut failures = look.failures();
    let exemptions = std::mem::take(&mut look.exempt).standings();
    let had_before = match case.before {
        Before::Nothing => None,
        Before::First => Some(false),
        Before::Same | Before::Model(_) => Some(true),
    };
    let before = match case.before {
        Before::Model(model) => worst(Look::new(&Case { explain: false, ..*case }, model).failures()),
        Before::Nothing | Before::First | Before::Same => BTreeMap::new(),
    };
    for failure in failures.iter_mut().filter(|_| had_before.is_some()) {
        let is_worse = !matches!(case.before, Before::Same) && {
            let then = before.get(&(failure.rule, failure.id.clone()));
            then.is_none_or(|(severity, amount)| failure.severity > *severity || failure.amount > *amount)
        };
        // Without a model before, everything would be new, and a team could never start.
        let is_new = is_worse && had_before == Some(true);
        failure.is_new = Some(is_new);
        if case.new_only && failure.standing == Standing::Counts && !is_new {
            failure.standing = Standing::Before;
        }
    }
    failures.sort_by(|a, b| {
        let place = |f: &Failure| (Reverse(f.denies()), Reverse(f.severity), f.rule);
        place(a).cmp(&place(b)).then_with(|| a.key.cmp(&b.key)).then_with(|| a.id.cmp(&b.id))
    });
    let mut open = BTreeMap::new();
    for severity in case.now.analysis.threats.iter().filter(|row| row.is_open()).filter_map(|row| row.severity) {
        *open.entry(severity).or_insert(0) += 1;
    }
    Verdict { failures, exemptions, open, had_before, new_only: case.new_only }
}

/// What was not held before, with how bad it was.
fn worst(failures: Vec<Failure>) -> BTreeMap<(PolicyRule, String), (Option<Severity>, i64)> {
    failures.into_iter().map(|f| ((f.rule, f.id), (f.severity, f.amount))).collect()
}

/// One look at one model.
struct Look<'a> {
    case: &'a Case<'a>,
    model: &'a ThreatModel,
    analysis: &'a Analysis,
    exempt: exempt::Exemptions<'a>,
    /// How often the rules were asked again.
    asked: Cell<usize>,
}

impl<'a> Look<'a> {
    fn new(case: &'a Case<'a>, judged: Judged<'a>) -> Self {
        let exempt = exempt::Exemptions::new(case.policy, judged.model, case.today);
        Self { case, model: judged.model, analysis: judged.analysis, exempt, asked: Cell::new(0) }
    }

    fn failures(&mut self) -> Vec<Failure> {
        let mut found = Vec::new();
        for rule in PolicyRule::ALL.iter().copied().filter(|rule| self.case.policy.level(*rule) != Level::Off) {
            match rule {
                PolicyRule::MaxOpen => self.max_open(&mut found),
                PolicyRule::Sla => self.sla(&mut found),
                PolicyRule::Owner => self.owner(&mut found),
                PolicyRule::Due => self.due(&mut found),
                PolicyRule::Acceptance => self.acceptance(&mut found),
                PolicyRule::Reason => self.reason(&mut found),
                PolicyRule::Stale => self.stale(&mut found),
                PolicyRule::Questions => found.extend(self.questions()),
                PolicyRule::Coverage => found.extend(self.coverage()),
                PolicyRule::ReviewAge => found.extend(self.review_age()),
                PolicyRule::Register => found.extend(self.register()),
            }
        }
        found
    }

    /// A failure of a threat; an exemption that covers it is used.
    fn of(&mut self, rule: PolicyRule, row: &ThreatRow, message: String, ways: Vec<Way>) -> Failure {
        let standing = self.exempt.find(rule, &row.key).map_or(Standing::Counts, Standing::Exempt);
        Failure {
            rule,
            level: self.case.policy.level(rule),
            key: Some(row.key.clone()),
            id: row.id.clone(),
            title: Some(row.title.clone()),
            severity: row.severity,
            message,
            ways,
            at: self.place(row),
            amount: 0,
            is_new: None,
            standing,
        }
    }

    /// A failure of the model as a whole, by how much it is off.
    fn whole(&self, rule: PolicyRule, id: &str, (message, amount): (String, usize), ways: Vec<Way>) -> Failure {
        Failure {
            rule,
            level: self.case.policy.level(rule),
            key: None,
            id: id.to_owned(),
            title: None,
            severity: None,
            message,
            ways,
            at: vec!["system".to_owned()],
            amount: i64::try_from(amount).unwrap_or(i64::MAX),
            is_new: None,
            standing: Standing::Counts,
        }
    }

    /// Where a threat stands in the file: its own entry, or what it is about while it has none.
    fn place(&self, row: &ThreatRow) -> Vec<String> {
        if self.model.threats.contains_key(&row.key) {
            return vec!["threats".to_owned(), row.key.as_str().to_owned()];
        }
        let id = row.subject.as_str();
        let section = match self.model.thing(&row.subject) {
            _ if id == SYSTEM => return vec![SYSTEM.to_owned()],
            Some(Thing::Boundary(_)) => "boundaries",
            Some(Thing::Asset(_)) => "assets",
            Some(Thing::Element(_)) => "elements",
            Some(Thing::Flow(_)) => "flows",
            None => return vec!["threats".to_owned()],
        };
        vec![section.to_owned(), id.to_owned()]
    }
}

/// Whole days from one day to another.
pub(super) fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// A day so many days later; the last there is where that is too far.
pub(crate) fn later(day: Date, days: u32) -> Date {
    let span = jiff::Span::new().try_days(i64::from(days));
    span.and_then(|span| day.checked_add(span)).unwrap_or(Date::MAX)
}
