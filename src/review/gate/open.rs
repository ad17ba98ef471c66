//! The rules of the policy that look at threats, one by one: what is open, and what was decided.

use super::way::Way;
use super::{Failure, Look, days, later};
use crate::analysis::ThreatRow;
use crate::model::{Date, Event, Severity, Status};
use crate::review::policy::PolicyRule;

impl<'a> Look<'a> {
    /// The open threats, with their severities.
    fn open(&self) -> impl Iterator<Item = &'a ThreatRow> + use<'a> {
        self.analysis.threats.iter().filter(|row| row.is_open())
    }

    /// Whether the policy looks at the severities of threats of this rule that are so sure.
    fn counts(&self, row: &ThreatRow) -> bool {
        let policy = &self.case.policy.max_open;
        let rule = row.key.rule();
        let pack = rule.split('.').next().unwrap_or_default();
        let named = policy.rules.is_empty() || policy.rules.iter().any(|name| name == rule || name == pack);
        named && row.confidence >= policy.confidence
    }

    pub(super) fn max_open(&mut self, found: &mut Vec<Failure>) {
        let policy = &self.case.policy.max_open;
        let rows: Vec<&ThreatRow> = self.open().filter(|row| self.counts(row)).collect();
        for row in &rows {
            let most = policy.severity;
            let message = match row.severity {
                None if most < Severity::Critical => {
                    format!("{} is open and nobody rated it; the policy allows no more than {most}", row.id)
                }
                Some(severity) if severity > most => {
                    format!("{} is open and {severity}; the policy allows no more than {most}", row.id)
                }
                _ => continue,
            };
            let failure = self.of(PolicyRule::MaxOpen, row, message, self.closing(row));
            found.push(failure);
        }
        for (severity, most) in &policy.counts {
            let of: Vec<&&ThreatRow> = rows.iter().filter(|row| row.severity == Some(*severity)).collect();
            let counted: Vec<&&ThreatRow> =
                of.into_iter().filter(|row| self.exempt.find(PolicyRule::MaxOpen, &row.key).is_none()).collect();
            let n = counted.len();
            if n <= *most {
                continue;
            }
            let mut ways = vec![Way::Run {
                why: format!("close or decide about {}; the list", n - most),
                command: self.command(&format!("threats --filter 'open sev:{}'", severity.name().to_lowercase())),
            }];
            // The one that weighs least is the first that people will live with.
            ways.extend(counted.last().and_then(|row| self.closing(row).pop()));
            let what = if n == 1 { "threat of this severity is" } else { "threats of this severity are" };
            let message = format!("{severity}: {n} {what} open; the policy allows no more than {most}");
            let id = format!("count-{}", severity.name().to_lowercase());
            let mut failure = self.whole(PolicyRule::MaxOpen, &id, (message, n), ways);
            failure.severity = Some(*severity);
            failure.at = counted.first().map(|row| self.place(row)).unwrap_or_default();
            found.push(failure);
        }
    }

    pub(super) fn sla(&mut self, found: &mut Vec<Failure>) {
        let today = self.case.today;
        for row in self.open() {
            let Some(severity) = row.severity else { continue };
            let Some(allowed) = self.case.policy.sla.days.get(&severity) else { continue };
            let Some(opened) = row.record.opened else { continue };
            let last = later(opened, *allowed);
            if last >= today {
                continue;
            }
            let late = days(last, today);
            let message = format!(
                "{} is {severity} and open since {opened}; the policy gives {}, which ended on {last} ({} ago)",
                row.id,
                many(i64::from(*allowed)),
                many(late)
            );
            let failure = self.of(PolicyRule::Sla, row, message, self.closing(row));
            found.push(failure);
        }
    }

    pub(super) fn owner(&mut self, found: &mut Vec<Failure>) {
        let from = self.case.policy.owner.from;
        for row in self.open().filter(|row| row.severity >= Some(from)) {
            if row.record.owner.as_deref().is_some_and(|owner| !owner.trim().is_empty()) {
                continue;
            }
            let message = format!("{} is open and nobody owns it; the policy wants an owner from {from} on", row.id);
            let ways = vec![self.write("say who deals with it", row, "owner: \"…\"".to_owned())];
            let failure = self.of(PolicyRule::Owner, row, message, ways);
            found.push(failure);
        }
    }

    pub(super) fn due(&mut self, found: &mut Vec<Failure>) {
        let (from, today) = (self.case.policy.due.from, self.case.today);
        for row in self.open() {
            let day = |days: u32| format!("due: \"{}\"", later(today, days));
            let (message, ways) = match row.record.due {
                None if row.severity >= Some(from) => {
                    let message =
                        format!("{} is open and not due on any day; the policy wants one from {from} on", row.id);
                    (message, vec![self.write("say by when it is dealt with", row, day(30))])
                }
                Some(due) if due < today => {
                    let message = format!("{} is open and was due on {due}, {} ago", row.id, many(days(due, today)));
                    let mut ways = self.closing(row);
                    ways.push(self.write("or put it off", row, day(30)));
                    (message, ways)
                }
                _ => continue,
            };
            let failure = self.of(PolicyRule::Due, row, message, ways);
            found.push(failure);
        }
    }

    pub(super) fn acceptance(&mut self, found: &mut Vec<Failure>) {
        let from = self.case.policy.acceptance.from;
        let rows = self.analysis.threats.iter();
        for row in rows.filter(|row| row.severity.is_none() || row.severity >= Some(from)) {
            let found_here = if row.expired { self.ran_out(row) } else { self.accepted_wrongly(row) };
            if let Some((message, ways)) = found_here {
                let failure = self.of(PolicyRule::Acceptance, row, message, ways);
                found.push(failure);
            }
        }
    }

    /// A decision that has run out, of a threat that is still there.
    fn ran_out(&self, row: &ThreatRow) -> Option<(String, Vec<Way>)> {
        if !row.is_open() {
            return None;
        }
        let (until, today) = (row.record.status.expires()?, self.case.today);
        let word = row.record.status.word().title();
        let message =
            format!("{} was {word} until {until}, {} ago, and is open again", row.id, many(days(until, today)));
        let approver =
            if let Status::Accepted { approver, .. } = &row.record.status { approver.as_deref() } else { None };
        let again = Self::accepted(row, approver, Some(later(today, self.case.policy.acceptance.days.min(90))));
        let mut ways = self.closing(row);
        ways.truncate(1);
        ways.push(self.write("or decide again", row, again));
        Some((message, ways))
    }

    /// An acceptance that holds, but not as the policy wants it.
    fn accepted_wrongly(&self, row: &ThreatRow) -> Option<(String, Vec<Way>)> {
        let Status::Accepted { approver, expires, .. } = &row.status else { return None };
        let (policy, today) = (&self.case.policy.acceptance, self.case.today);
        let approver = approver.as_deref().filter(|who| !who.trim().is_empty());
        let since = accepted_on(row).unwrap_or(today);
        let last = later(since, policy.days);
        let mut wrong = Vec::new();
        if policy.approver && approver.is_none() {
            wrong.push("without an approver".to_owned());
        }
        if policy.expires && expires.is_none() {
            wrong.push("for ever".to_owned());
        }
        if let Some(until) = expires.filter(|until| *until > last) {
            let long = many(days(since, until));
            wrong.push(format!("for {long}, and the policy allows {}", many(i64::from(policy.days))));
        }
        if wrong.is_empty() {
            return None;
        }
        let until = match expires {
            Some(until) => Some((*until).min(last.max(today))),
            None => policy.expires.then(|| later(today, policy.days.min(90)).min(last.max(today))),
        };
        let message = format!("{} is accepted {}", row.id, wrong.join(" and "));
        Some((message, vec![self.write("say it as the policy wants it", row, Self::accepted(row, approver, until))]))
    }

    pub(super) fn reason(&mut self, found: &mut Vec<Failure>) {
        let policy = &self.case.policy.reason;
        let rows = self.analysis.threats.iter();
        for row in rows.filter(|row| row.severity.is_none() || row.severity >= Some(policy.from)) {
            let (message, ways) = match &row.status {
                Status::Mitigated { evidence, .. } if policy.evidence && evidence.is_empty() && !self.is_shown(row) => {
                    let message = format!("{} is mitigated and nothing shows it", row.id);
                    let text = "status: Mitigated(evidence: [\"…\"])".to_owned();
                    (message, vec![self.write("say where one can see it", row, text)])
                }
                status => {
                    let Some(reason) = status.reason() else { continue };
                    let said = reason.trim().chars().count();
                    if said >= policy.characters {
                        continue;
                    }
                    let word = status.word().title();
                    let message = format!(
                        "{} is {word} with a reason of {said} characters; the policy wants {}",
                        row.id, policy.characters
                    );
                    let at = vec!["threats".to_owned(), row.key.as_str().to_owned(), "status".to_owned()];
                    let text = "reason: \"…\"".to_owned();
                    (message, vec![Way::Write { why: "say why".to_owned(), at, text, instead: Vec::new(), then: None }])
                }
            };
            let failure = self.of(PolicyRule::Reason, row, message, ways);
            found.push(failure);
        }
    }

    /// Whether a mitigation that keeps a threat closed has evidence.
    fn is_shown(&self, row: &ThreatRow) -> bool {
        let has_evidence = |id| self.model.mitigations.get(id).is_some_and(|work| !work.evidence.is_empty());
        row.closed_by.iter().any(has_evidence)
    }

    pub(super) fn stale(&mut self, found: &mut Vec<Failure>) {
        for row in self.analysis.threats.iter().filter(|row| row.stale) {
            let Some(then) = &row.record.decided_on else { continue };
            let word = row.record.status.word().title();
            let message = format!("{} was {word} on other facts than today's", row.id);
            let at = vec!["threats".to_owned(), row.key.as_str().to_owned()];
            let (text, then) = (format!("decided_on: \"{then}\""), self.command("update"));
            let ways = vec![Way::Remove { why: "if the decision still holds".to_owned(), at, text, then }];
            let failure = self.of(PolicyRule::Stale, row, message, ways);
            found.push(failure);
        }
    }
}

/// When a threat was accepted, as the ledger says.
fn accepted_on(row: &ThreatRow) -> Option<Date> {
    row.record.history.iter().rev().find(|h| h.event == Event::Accepted).map(|h| h.on)
}

/// So many days.
fn many(days: i64) -> String {
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}
