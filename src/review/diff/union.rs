//! Two states of a model in one, to be drawn: the later state with what is no longer in it. It compares nothing, and is
//! no model that anybody works with.

use super::pair;
use crate::model::ThreatModel;

/// The later model with the elements, data flows, boundaries and assets that only the earlier one has, under the ids that
/// they would have now.
pub fn union(before: &ThreatModel, after: &ThreatModel) -> ThreatModel {
    let earlier = pair::carried(before, &pair::renames(before, after));
    let mut both = after.clone();
    let is_taken = |id| after.thing(id).is_some();
    let lost = earlier.elements.iter().filter(|(id, _)| !is_taken(id));
    both.elements.extend(lost.map(|(id, element)| (id.clone(), element.clone())));
    let lost = earlier.flows.iter().filter(|(id, _)| !is_taken(id));
    both.flows.extend(lost.map(|(id, flow)| (id.clone(), flow.clone())));
    let lost = earlier.boundaries.iter().filter(|(id, _)| !is_taken(id));
    both.boundaries.extend(lost.map(|(id, boundary)| (id.clone(), boundary.clone())));
    let lost = earlier.assets.iter().filter(|(id, _)| !is_taken(id));
    both.assets.extend(lost.map(|(id, asset)| (id.clone(), asset.clone())));
    both
}

/// The earlier model under the ids that its things have now.
pub fn earlier(before: &ThreatModel, after: &ThreatModel) -> ThreatModel {
    pair::carried(before, &pair::renames(before, after)).into_owned()
}
