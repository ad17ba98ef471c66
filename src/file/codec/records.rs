//! The tables: every record of the file with its fields in the order of the file. The one place that names them.
//! How a field is read and written is said by its type, in `scalar` and `special`.

use super::reader::suggest;
use super::record::{record, record_value};
use crate::file::codec::{Reader, Value};
use crate::file::syntax::{Kind, NodeRef};
use crate::model::{
    Asset, Assumption, Conflict, Considered, DataFlow, Date, Diagram, Element, ElementKind, FactValue, Mitigation,
    Override, Provides, Reviewed, Severity, System, Threat, ThreatModel, TrustBoundary, Verdict,
};

record!(ThreatModel, Self::default(),
    format Needed, system Needed, boundaries Plain, assets Plain, elements Plain, flows Plain, mitigations Plain,
    assumptions Plain, threats Plain, considered Plain, diagrams Plain, conflicts Plain);

record!(System, Self::default(),
    name Plain, description Plain, owner Plain, packs Set, rubric Plain, code Set, reviewed Plain);

record!(Reviewed, Self { on: Date::ZERO, by: String::new(), commit: None },
    on Needed, by Needed, commit Plain);

record!(TrustBoundary, Self::default(),
    name Needed, formerly Plain, description Plain, kind Plain, trust Plain, inside Plain, clearance Plain, facts Plain);

record!(Asset, Self::default(),
    name Needed, formerly Plain, description Plain, kind Plain, confidentiality Plain, integrity Plain,
    availability Plain, facts Plain);

record!(Element, Self::new(ElementKind::Process, ""),
    name Needed, formerly Plain, description Plain, inside Plain, tech Set, runtime Plain, owner Plain, stores Set,
    processes Set, facts Plain, code Set, deployed Set, notes Plain);

record!(DataFlow, Self::default(),
    name Plain, formerly Plain, from Plain, to Plain, response_of Plain, carries Set, credential Plain, facts Plain,
    notes Plain);

record!(Mitigation, Self::new(""),
    title Needed, catalog Plain, description Plain, status Plain, owner Plain, due Plain, provides Plain,
    evidence Plain, ticket Plain);

record!(Provides, Self { fact: String::new(), value: FactValue::text("present"), on: Vec::new() },
    fact Needed, value Plain, on Set);

record!(Assumption, Self::default(),
    text Needed, owner Plain, supports Set);

record!(Threat, Self::default(),
    severity Plain, opened Plain, title Plain, stride Set, category Plain, description Plain, status Plain,
    overridden = "override" Plain, owner Plain, due Plain, mitigations Set, decided_on Plain, notes Plain,
    history Plain);

record!(Override, Self { severity: Severity::Low, reason: String::new(), by: None },
    severity Needed, reason Needed, by Plain);

record!(Considered, Self { verdict: Verdict::NoThreat, by: None, on: None, reason: None },
    verdict Needed, by Plain, on Plain, reason Plain);

record!(Diagram, Self::default(),
    title Plain, description Plain, shows Set, pins Plain);

record!(Conflict, Self::default(),
    of Needed, field Plain, base Plain, ours Plain, theirs Plain, why Plain);

record_value!(block: ThreatModel, System, TrustBoundary, Asset, DataFlow, Mitigation, Assumption, Conflict, Diagram);
record_value!(inline: Reviewed, Provides, Override, Considered);

/// Reads a whole model; `None` when nothing of the file can be taken.
pub(crate) fn model(r: &mut Reader, root: NodeRef<'_>) -> Option<ThreatModel> {
    if root.kind() != Kind::Group || !matches!(root.name(), "ThreatModel" | "") {
        let is_near = suggest(root.name(), std::iter::once("ThreatModel")).is_some();
        if !is_near || root.kind() != Kind::Group {
            let help = "a model begins with ThreatModel(; is this the right file?";
            r.error("not-a-model", root, "this is not a threat model", help);
            return None;
        }
        let message = format!("`{}` is not understood here", root.name());
        r.error("not-a-model", root, message, "did you mean `ThreatModel`?");
    }
    if !super::special::check_format(r, root, crate::model::FORMAT) {
        return None;
    }
    ThreatModel::read(r, root)
}
