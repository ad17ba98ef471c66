//! The register and the decisions in it: subjects that are gone, reasons that are missing, a ledger out of order.
//! Whether rules still raise a threat is not known here.

use super::references::THINGS;
use super::{Check, DELETE};
use crate::diagnostic::{At, Diagnostic};
use crate::model::{Event, Id, SYSTEM, Status, Threat, ThreatKey};

impl<'m> Check<'m> {
    pub(super) fn register(&mut self) {
        let model = self.model;
        if let Some(reviewed) = model.system.reviewed.as_ref().filter(|r| r.by.trim().is_empty()) {
            self.empty(&["system", "reviewed", "by"], &format!("the review of {} names nobody", reviewed.on));
        }
        self.repeated(&["system", "packs"], model.system.packs.as_deref().unwrap_or_default());
        for (key, threat) in &model.threats {
            // Of what is recorded as gone there is nothing more to say.
            let is_gone = matches!(threat.status, Status::Gone { .. })
                || threat.history.last().is_some_and(|row| row.event == Event::Gone);
            if !is_gone {
                self.orphan(["threats", key.as_str()], "orphan-threat", [Some(key.subject()), key.target()]);
            }
            self.threat(key, threat);
        }
        for (key, look) in &model.considered {
            self.orphan(["considered", &key.to_string()], "orphan-look", [Some(key.subject.clone()), None]);
            if look.by.as_ref().is_some_and(|by| by.trim().is_empty()) {
                self.empty(&["considered", &key.to_string(), "by"], "this names nobody");
            }
        }
        for (id, mitigation) in &model.mitigations {
            if mitigation.title.trim().is_empty() {
                self.empty(&["mitigations", id.as_str(), "title"], "this mitigation has no title");
            }
            if mitigation.status.counts() && mitigation.evidence.is_empty() {
                let message = format!("`{id}` is {} without evidence", mitigation.status);
                self.warning(
                    "no-evidence",
                    &["mitigations", id.as_str(), "status"],
                    message,
                    "add evidence: [\"a file or link\"]",
                );
            }
        }
        for (id, assumption) in &model.assumptions {
            let is_gone =
                |key: &&ThreatKey| !model.threats.contains_key(*key) && !self.gaps.may_have(key.as_str(), &["threats"]);
            let gone: Vec<&ThreatKey> = assumption.supports.iter().filter(is_gone).take(super::MOST_EACH).collect();
            for key in gone {
                let message = format!("there is no threat `{key}` in the register");
                let path = ["assumptions", id.as_str(), "supports", key.as_str()];
                self.warning("unknown-threat", &path, message, "correct the key, or delete the mention");
            }
            self.repeated(&["assumptions", id.as_str(), "supports"], &assumption.supports);
            if assumption.text.trim().is_empty() {
                self.empty(&["assumptions", id.as_str(), "text"], "this assumption says nothing");
            }
        }
    }

    /// Notes a decision about something that is no longer in the model.
    fn orphan(&mut self, path: [&str; 2], code: &'static str, subjects: [Option<Id>; 2]) {
        let is_gone = |id: &Id| {
            id.as_str() != SYSTEM && !self.things.contains_key(id) && !self.gaps.may_have(id.as_str(), &THINGS)
        };
        if let Some(gone) = subjects.into_iter().flatten().find(is_gone) {
            let help = self.way_out(gone.as_str(), self.model.things().map(|(id, _)| id).take(2000));
            // What the rules raise is theirs to call gone; what people wrote is not.
            let is_raised = code == "orphan-threat" && ThreatKey::parse(path[1]).is_ok_and(|key| !key.is_own());
            let help = match help {
                help if is_raised && help == DELETE => "`sconce update` records that the threat is gone".to_owned(),
                help if is_raised && help.ends_with('?') => {
                    format!("{help} If it was deleted, `sconce update` records that the threat is gone")
                }
                help => help,
            };
            let word = At::Word(path.iter().map(|p| (*p).to_owned()).collect(), Some(gone.to_string()));
            let note = Diagnostic::note(code, word, format!("`{gone}` is no longer in the model"));
            self.found.push(note.help(help));
        }
    }

    fn threat(&mut self, key: &'m ThreatKey, threat: &'m Threat) {
        let path = ["threats", key.as_str()];
        if key.is_own() && threat.title.trim().is_empty() {
            let help = "add title: \"…\"; no rule knows one";
            self.error_at_name("untitled-threat", &path, format!("the threat `{key}` has no title"), help);
        }
        let is_gone =
            |id: &&Id| !self.model.mitigations.contains_key(*id) && !self.gaps.may_have(id.as_str(), &["mitigations"]);
        let gone: Vec<&Id> = threat.mitigations.iter().filter(is_gone).take(super::MOST_EACH).collect();
        for id in gone {
            let help = self.way_out(id.as_str(), self.model.mitigations.keys());
            let path = [path[0], path[1], "mitigations", id.as_str()];
            self.error("dangling-id", &path, format!("there is no mitigation `{id}`"), help);
        }
        self.repeated(&[path[0], path[1], "mitigations"], &threat.mitigations);
        if threat.status.reason().is_some_and(|reason| reason.trim().is_empty()) {
            self.empty(&[path[0], path[1], "status", "reason"], "this decision gives no reason");
        }
        if matches!(&threat.status, Status::Transferred { to, .. } if to.trim().is_empty()) {
            self.empty(&[path[0], path[1], "status", "to"], "this does not say to whom");
        }
        if threat.overridden.as_ref().is_some_and(|o| o.reason.trim().is_empty()) {
            self.empty(&[path[0], path[1], "override", "reason"], "this severity gives no reason");
        }
        let works = |id: &Id| self.model.mitigations.get(id).is_some_and(|m| m.status.counts());
        let bare = matches!(&threat.status, Status::Mitigated { evidence, .. } if evidence.is_empty());
        if key.is_own() && bare && !threat.mitigations.iter().any(works) {
            let message = format!("`{key}` is mitigated by hand without evidence");
            self.warning(
                "no-evidence",
                &[path[0], path[1], "status"],
                message,
                "write Mitigated(evidence: [\"a file or link\"])",
            );
        }
        if let Some(n) = threat.history.windows(2).position(|rows| rows[0].on > rows[1].on) {
            let n = (n + 1).to_string();
            let message = "this row is older than the one before it".to_owned();
            self.warning(
                "history-order",
                &[path[0], path[1], "history", &n],
                message,
                "rows are only ever added; a text merge can mix them",
            );
        }
    }
}
