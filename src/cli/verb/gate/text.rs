//! The verdict for people: a diagnostic for each red line with its place, the way to green, and one line that sums up.

use std::fmt::Write as _;
use std::path::Path;

use super::Held;
use crate::cli::context::{Context, Failure as Stop};
use crate::cli::verb::table::count;
use crate::diagnostic::inert::{inert, one_line};
use crate::diagnostic::render::{Lined, Source, text};
use crate::diagnostic::{At, Diagnostic, meant};
use crate::model::Severity;
use crate::review::gate::{ExemptionState, Failure, Standing, Verdict};
use crate::review::policy::{Exempt, FILE};
use crate::workbench::Workbench;

/// Red lines that are shown.
const MOST: usize = 100;

/// What is shown.
pub(super) struct Page<'a> {
    pub(super) verdict: &'a Verdict,
    pub(super) bench: &'a Workbench,
    pub(super) path: &'a Path,
    pub(super) policy: &'a Held,
    /// What the model was compared with.
    pub(super) compared: Option<&'a str>,
    pub(super) explain: bool,
}

impl Page<'_> {
    pub(super) fn print(&self, context: &mut Context) -> Result<(), Stop> {
        let name = self.path.to_string_lossy();
        let source = Lined::new(Source { name: &name, text: self.bench.source() });
        let counting: Vec<&Failure> = self.verdict.counting().collect();
        for failure in counting.iter().take(MOST) {
            let mut shown = source.text(&self.bench.resolve(self.diagnostic(failure)));
            if self.explain {
                for way in &failure.ways {
                    let _ = writeln!(shown, " = to green: {}", inert(&way.to_string()));
                }
            }
            context.say(&shown);
            context.say("");
        }
        if counting.len() > MOST {
            context.say(&format!("and {} more\n", counting.len() - MOST));
        }
        self.notices(context);
        context.print(&(self.summary() + "\n"))
    }

    fn diagnostic(&self, failure: &Failure) -> Diagnostic {
        let at = At::Path(failure.at.clone());
        let new = if self.verdict.had_before == Some(true) && failure.is_new == Some(true) { " (new)" } else { "" };
        let message = format!("{}{new}", failure.message);
        let code = failure.rule.id();
        let mut shown = if failure.denies() {
            Diagnostic::error(code, at, message)
        } else {
            Diagnostic::warning(code, at, message)
        };
        if let (Some(title), Some(label)) = (&failure.title, shown.labels.first_mut()) {
            label.text.clone_from(title);
        }
        shown.help = failure.ways.first().filter(|_| !self.explain).map(ToString::to_string);
        shown
    }

    /// What there is to say about the exemptions.
    pub(super) fn notices(&self, context: &mut Context) {
        let Some(file) = &self.policy.file else { return };
        let name = file.shown.to_string_lossy();
        let source = Source { name: &name, text: &file.text };
        for (standing, (span, _)) in self.verdict.exemptions.iter().zip(&self.policy.policy.exemptions) {
            let (what, until) = (&standing.exemption.what, standing.exemption.expires);
            let at = At::Span(*span);
            let shown = match standing.state {
                ExemptionState::Holds => continue,
                ExemptionState::Expiring(0) => {
                    Diagnostic::note("expiring-exemption", at, format!("the exemption of {what} ends today"))
                        .help("deal with the threat, or have the exemption approved anew")
                }
                ExemptionState::Expiring(left) => {
                    let message = format!("the exemption of {what} ends on {until}, in {}", count_days(left));
                    Diagnostic::note("expiring-exemption", at, message)
                        .help("deal with the threat, or have the exemption approved anew")
                }
                ExemptionState::Expired(ago) => {
                    let message = format!("the exemption of {what} ended on {until}, {} ago", count_days(ago));
                    Diagnostic::warning("expired-exemption", at, message)
                        .help("it exempts nothing any more; take it out, or have it approved until a later day")
                }
                ExemptionState::Unmatched => {
                    let message = format!("the exemption of {what} exempts nothing");
                    Diagnostic::warning("unmatched-exemption", at, message).help(self.instead(&standing.exemption.what))
                }
            };
            context.say(&text(&shown, source));
            context.say("");
        }
    }

    /// What an exemption of nothing was probably about.
    fn instead(&self, what: &Exempt) -> String {
        let rows = || self.bench.analysis().threats.iter();
        let near = match what {
            Exempt::Threat(key) if rows().all(|row| row.key != *key) => {
                meant(key.as_str(), rows().map(|row| row.key.as_str()))
            }
            // The others were looked up: they are rules that say nothing today.
            Exempt::Rule(rule, _) if rule.starts_with("own.") && rows().all(|row| row.key.rule() != rule) => {
                meant(rule, rows().map(|row| row.key.rule()))
            }
            _ => None,
        };
        near.map_or_else(|| "nothing needs it today; take it out".to_owned(), |best| format!("did you mean `{best}`?"))
    }

    /// One line that sums up.
    pub(super) fn summary(&self) -> String {
        let verdict = self.verdict;
        let mut parts = Vec::new();
        let denied = verdict.count(Failure::denies);
        if denied > 0 {
            parts.push(format!("the policy is not held: {}", count(denied, "failure")));
        } else {
            parts.push("the policy is held".to_owned());
        }
        // What was warned of above, whatever it was about.
        let warned = verdict.count(Failure::warns) + verdict.exemptions.iter().filter(|e| warns(e.state)).count();
        let exempt = verdict.count(|f| matches!(f.standing, Standing::Exempt(_)));
        let before = verdict.count(|f| f.standing == Standing::Before);
        parts.extend((warned > 0).then(|| count(warned, "warning")));
        parts.extend((exempt > 0).then(|| format!("{exempt} exempt")));
        parts.extend((before > 0).then(|| format!("{before} not new, passed over")));
        let open = Severity::ALL.iter().rev().filter_map(|s| Some(format!("{} {s}", verdict.open.get(s)?)));
        let open: Vec<String> = open.collect();
        let open = if open.is_empty() { "no threat is open".to_owned() } else { format!("open: {}", open.join(", ")) };
        let policy = match &self.policy.file {
            Some(file) => format!("by {}", one_line(&file.shown.to_string_lossy())),
            None => format!("by the built-in policy, as there is no {FILE} beside the model or above it"),
        };
        let compared = self.compared.map(|words| format!("; {words}")).unwrap_or_default();
        format!("{}: {}; {open}; {policy}{compared}", one_line(&self.path.to_string_lossy()), parts.join(", "))
    }
}

/// Whether there is a warning about an exemption that stands so.
const fn warns(state: ExemptionState) -> bool {
    matches!(state, ExemptionState::Expired(_) | ExemptionState::Unmatched)
}

fn count_days(days: i64) -> String {
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}
