//! What one mitigation of a model does: the model with it done where it is not, without it where it is, evaluated and
//! compared. Nothing is written.

use super::Effect;
use super::survey::{Detail, surveyed};
use crate::model::{Date, Id, MitigationStatus, ThreatModel};
use crate::rules::Knowledge;

/// The effect on threats if a mitigation counted that does not count now, or the other way round; `None` when the model
/// has no such mitigation.
pub fn switched(model: &ThreatModel, knowledge: &Knowledge, today: Date, id: &Id) -> Option<Effect> {
    let mut changed = model.clone();
    let mitigation = changed.mitigations.get_mut(id)?;
    mitigation.status =
        if mitigation.status.counts() { MitigationStatus::Planned } else { MitigationStatus::Implemented };
    let before = surveyed(model, knowledge, today, Detail::Whole);
    let after = surveyed(&changed, knowledge, today, Detail::Whole);
    Some(Effect::between(model, &before, &after))
}
