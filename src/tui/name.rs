//! What things are called on the screen. A data flow without a name is called by its ends, never by its id.

use std::borrow::Cow;

use crate::model::{DataFlow, Id, ThreatModel};

/// The name to show for an id.
pub(crate) fn called<'m>(model: &'m ThreatModel, id: &'m Id) -> Cow<'m, str> {
    match model.flows.get(id) {
        Some(flow) if flow.name.is_empty() => Cow::Owned(way(model, flow)),
        _ => Cow::Borrowed(model.name_of(id)),
    }
}

/// Where a data flow goes from and to.
pub(crate) fn way(model: &ThreatModel, flow: &DataFlow) -> String {
    let end = |id: &Option<Id>| id.as_ref().map_or("(loose end)", |id| model.name_of(id)).to_owned();
    format!("{} → {}", end(&flow.from), end(&flow.to))
}
