//! What differs from deployment files, as JSON; the shape is in docs/json.md.

use serde_json::{Value, json};

use super::Compared;
use crate::exchange::deployment::{Door, PartKind};
use crate::model::Id;

impl Compared {
    /// The record under `deployment`.
    pub(in crate::cli::verb::drift) fn value(&self) -> Value {
        let found = &self.found;
        let systems: serde_json::Map<String, Value> =
            self.deployment.files.iter().map(|(system, n)| (system.word().to_owned(), json!(n))).collect();
        json!({
            "files": systems,
            "parts": (0..self.deployment.parts.len()).map(|n| self.part_value(n)).collect::<Vec<_>>(),
            "not_modelled": found.strange.iter().map(|strange| json!({
                "parts": strange.parts, "add": strange.add, "perhaps": ids(&strange.perhaps),
            })).collect::<Vec<_>>(),
            "not_deployed": found.missing.iter().map(|missing| json!({
                "element": missing.element.as_str(), "gone": missing.gone, "perhaps": missing.perhaps,
            })).collect::<Vec<_>>(),
            "no_flow": found.undrawn.iter().map(|undrawn| json!({
                "from": undrawn.from.as_str(),
                "to": undrawn.to.as_str(),
                "because": undrawn.because.iter().map(|(how, at)| {
                    json!({ "how": how.to_string(), "file": at.file, "line": at.line })
                }).collect::<Vec<_>>(),
                "add": undrawn.add,
            })).collect::<Vec<_>>(),
            "open": found.open.iter().map(|open| json!({
                "element": open.element.as_str(), "doors": doors(&open.doors),
            })).collect::<Vec<_>>(),
            "unseen": ids(&found.unseen),
            "outside": found.outside.iter().map(|(part, callers)| {
                json!({ "part": part, "callers": callers })
            }).collect::<Vec<_>>(),
            "not_read": self.deployment.losses.iter().map(|loss| {
                json!({ "at": loss.where_, "what": loss.what, "value": loss.value })
            }).collect::<Vec<_>>(),
        })
    }

    fn part_value(&self, n: usize) -> Value {
        let part = self.part(n);
        let sort = match part.kind {
            PartKind::Door(_) => "door",
            PartKind::Outside => "outside",
            PartKind::Container | PartKind::Workload(_) | PartKind::Service => "runs",
        };
        json!({
            "name": self.name(n),
            "system": part.system.word(),
            "namespace": part.space,
            "kind": part.kind.word(),
            "sort": sort,
            "images": part.images,
            "doors": doors(&part.doors),
            "file": part.at.file,
            "line": part.at.line,
            "elements": ids(&self.found.pairs.of_part[n]),
        })
    }
}

fn ids(ids: &[Id]) -> Vec<&str> {
    ids.iter().map(Id::as_str).collect()
}

fn doors(doors: &[Door]) -> Vec<Value> {
    doors.iter().map(|door| json!({ "what": door.what, "file": door.at.file, "line": door.at.line })).collect()
}
