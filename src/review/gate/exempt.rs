//! Exemptions of a policy on a day: which let something through, and which do not any more. One that has run out lets
//! nothing through.

use crate::model::{Date, Id, ThreatKey, ThreatModel};
use crate::review::policy::{Exempt, Exemption, Policy, PolicyRule};
use std::collections::BTreeMap;

/// So many days ahead it is said that an exemption runs out.
const SOON: i64 = 14;

/// How an exemption stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The exemption.
    pub exemption: Exemption,
    /// How it stands.
    pub state: ExemptionState,
    /// How many failures it let through.
    pub used: usize,
}

/// How an exemption stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExemptionState {
    /// It holds.
    Holds,
    /// It holds, and runs out in so many days.
    Expiring(i64),
    /// It ran out so many days ago.
    Expired(i64),
    /// It holds, and there is nothing that it lets through.
    Unmatched,
}

impl ExemptionState {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Expiring(_) => "expiring",
            Self::Expired(_) => "expired",
            Self::Unmatched => "unmatched",
        }
    }
}

/// The exemptions of a policy, and how often each was used.
#[derive(Debug, Default)]
pub(super) struct Exemptions<'a> {
    all: Vec<(&'a Exemption, Exempt, usize)>,
    today: Option<Date>,
}

impl<'a> Exemptions<'a> {
    pub(super) fn new(policy: &'a Policy, model: &ThreatModel, today: Date) -> Self {
        let now: BTreeMap<&Id, &Id> =
            model.things().flat_map(|(id, thing)| thing.formerly().iter().map(move |former| (former, id))).collect();
        // Things are renamed; what was exempt stays so.
        let present = |id: &Id| now.get(id).map_or_else(|| id.clone(), |id| (*id).clone());
        let what = |exemption: &Exemption| match &exemption.what {
            Exempt::Threat(key) => Exempt::Threat(key.map_ids(present)),
            Exempt::Rule(rule, subject) => Exempt::Rule(rule.clone(), subject.as_ref().map(present)),
        };
        let all = policy.exemptions.iter().map(|(_, exemption)| (exemption, what(exemption), 0)).collect();
        Self { all, today: Some(today) }
    }

    /// The number of an exemption that lets a threat through a rule of the policy. It counts as used.
    pub(super) fn find(&mut self, rule: PolicyRule, key: &ThreatKey) -> Option<usize> {
        let today = self.today?;
        let holds = |exemption: &Exemption| exemption.expires >= today;
        let covers = |(exemption, what, _): &(&Exemption, Exempt, usize)| {
            holds(exemption) && what.covers(key) && (exemption.from.is_empty() || exemption.from.contains(&rule))
        };
        let found = self.all.iter().position(covers)?;
        self.all[found].2 += 1;
        Some(found)
    }

    pub(super) fn standings(self) -> Vec<Standing> {
        let Some(today) = self.today else { return Vec::new() };
        let standing = |(exemption, _, used): (&Exemption, Exempt, usize)| {
            let left = super::days(today, exemption.expires);
            let state = match left {
                ..0 => ExemptionState::Expired(-left),
                _ if used == 0 => ExemptionState::Unmatched,
                0..=SOON => ExemptionState::Expiring(left),
                _ => ExemptionState::Holds,
            };
            Standing { exemption: exemption.clone(), state, used }
        };
        self.all.into_iter().map(standing).collect()
    }
}
