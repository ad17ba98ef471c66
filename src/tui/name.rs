//! What things are called on the screen. A data flow without a name is called by its ends, never by its id.

use std::borrow::Cow;

use crate::model::{DataFlow, Id, ThreatModel};

/// The name to show for an id.
pub(crate) fn called<'m>(model: &'m ThreatModel, id: &'m Id) -> Cow<'m, str> {
    model.called(id)
}

/// Where a data flow goes from and to.
pub(crate) fn way(model: &ThreatModel, flow: &DataFlow) -> String {
    model.way(flow)
}
