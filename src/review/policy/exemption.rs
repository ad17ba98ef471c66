//! Exemptions: a threat, or a rule at a place, that the policy lets through until a day. What that day means today is
//! for the gate to say.

use super::PolicyRule;
use crate::model::{Date, Id, ThreatKey};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// What is let through although a rule of the policy says no.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    /// What it is about.
    pub what: Exempt,
    /// From which rules of the policy; from all that are about threats when it is empty.
    pub from: Vec<PolicyRule>,
    /// Why.
    pub reason: String,
    /// Who allowed it.
    pub approver: String,
    /// The last day on which it holds.
    pub expires: Date,
}

/// What an exemption is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exempt {
    /// One threat.
    Threat(ThreatKey),
    /// What a rule says, of one subject or of all.
    Rule(String, Option<Id>),
}

impl Exempt {
    /// Whether it is about a threat.
    pub fn covers(&self, key: &ThreatKey) -> bool {
        match self {
            Self::Threat(threat) => threat == key,
            Self::Rule(rule, subject) => rule == key.rule() && subject.as_ref().is_none_or(|id| *id == key.subject()),
        }
    }
}

impl std::fmt::Display for Exempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Threat(key) => write!(f, "{key}"),
            Self::Rule(rule, Some(subject)) => write!(f, "{rule} at {subject}"),
            Self::Rule(rule, None) => write!(f, "{rule} everywhere"),
        }
    }
}

/// A day, written `"2027-03-31"`. What is no day is an error: it never means that something holds for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let day = (text.len() == 10).then(|| text.parse().ok()).flatten();
        let wrong = || D::Error::custom(format!("`{text}` is not a day of the calendar; write one as \"2027-03-31\""));
        day.map(Self).ok_or_else(wrong)
    }
}

/// An exemption as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Exemption")]
pub(super) struct Written {
    threat: Option<String>,
    rule: Option<String>,
    subject: Option<String>,
    #[serde(default)]
    from: Vec<PolicyRule>,
    reason: String,
    approver: String,
    expires: Day,
}

impl Written {
    /// The exemption; the message says what is wrong with it.
    pub(super) fn exemption(self) -> Result<Exemption, String> {
        let what = match (self.threat, self.rule, self.subject) {
            (Some(key), None, None) => Exempt::Threat(ThreatKey::parse(&key)?),
            (None, Some(rule), subject) => {
                let id = subject.map(|id| Id::new(&id).map_err(|e| format!("`{id}`: {e}"))).transpose()?;
                Exempt::Rule(rule, id)
            }
            (None, None, _) => {
                return Err("it is about nothing: it needs `threat`, or `rule` with `subject`".to_owned());
            }
            (Some(_), ..) => {
                return Err("`threat` names one threat; `rule` and `subject` cannot stand beside it".to_owned());
            }
        };
        let is_about_threats = |rule: &PolicyRule| {
            use PolicyRule as R;
            !matches!(rule, R::Questions | R::Coverage | R::ReviewAge | R::Register)
        };
        if let Some(rule) = self.from.iter().find(|rule| !is_about_threats(rule)) {
            return Err(format!("{} is not about threats, so that no threat can be exempt from it", rule.id()));
        }
        for (name, text) in [("reason", &self.reason), ("approver", &self.approver)] {
            if text.trim().is_empty() {
                return Err(format!("its {name} is empty"));
            }
        }
        Ok(Exemption { what, from: self.from, reason: self.reason, approver: self.approver, expires: self.expires.0 })
    }
}
