//! The drawing of what changed, before and after: only what is touched, and what is next to it. Where the drawing is
//! the same on both sides there is none.

use std::collections::BTreeSet;

use super::{Change, Diff, Fate, pair};
use crate::diagram::paint::{self, Glyphs};
use crate::diagram::{Focus, Placement, View, layout};
use crate::model::{Id, Place, ThreatModel};

/// Both drawings, as rows of text.
pub(super) struct Pictures {
    /// Empty where there was nothing to draw.
    pub(super) before: String,
    /// Empty where there is nothing to draw any more.
    pub(super) after: String,
}

/// Where more things are touched, the picture is one of everything, which shows no change.
const MANY: usize = 40;

/// A picture of more rows is drawn again without the neighbours.
pub(super) const TALL: usize = 60;

/// Draws what changed; `None` where a picture would show no difference, or too many.
pub(super) fn pictures(diff: &Diff, before: &ThreatModel, after: &ThreatModel) -> Option<Pictures> {
    let drawn: Vec<&Change> = diff.system.iter().filter(|change| change.is_drawn()).collect();
    if drawn.is_empty() || drawn.len() > MANY {
        return None;
    }
    let earlier = pair::carried(before, &pair::renames(before, after));
    let models = [&*earlier, after];
    let on = touched(&drawn, models);
    let with = |depth| {
        let (before, placement) = draw(models[0], &on, depth, None);
        let (after, _) = draw(models[1], &on, depth, placement.as_ref());
        Pictures { before, after }
    };
    let near = with(1);
    let rows = |pictures: &Pictures| pictures.before.lines().count().max(pictures.after.lines().count());
    let pictures = if rows(&near) > TALL { with(0) } else { near };
    (pictures.before != pictures.after).then_some(pictures)
}

/// The elements that changed, those that flows that changed join, and the members of boundaries that did.
fn touched(drawn: &[&Change], models: [&ThreatModel; 2]) -> BTreeSet<Id> {
    let mut on = BTreeSet::new();
    for change in drawn {
        match &change.place {
            Place::Element(id) => {
                on.insert(id.clone());
                if change.fate != Fate::Changed {
                    // Its neighbours are drawn on both sides, so that one sees where it came or went.
                    let flows = models.iter().flat_map(|model| model.flows.values());
                    let ends =
                        flows.map(|flow| [&flow.from, &flow.to]).filter(|ends| ends.contains(&&Some(id.clone())));
                    on.extend(ends.flatten().flatten().cloned());
                }
            }
            Place::Flow(id) => {
                let flows = models.iter().filter_map(|model| model.flows.get(id));
                on.extend(flows.flat_map(|flow| [&flow.from, &flow.to]).flatten().cloned());
            }
            Place::Boundary(id) => {
                on.insert(id.clone());
            }
            _ => {}
        }
    }
    on
}

fn draw(
    model: &ThreatModel,
    on: &BTreeSet<Id>,
    depth: u8,
    previous: Option<&Placement>,
) -> (String, Option<Placement>) {
    let there: BTreeSet<Id> = on.iter().filter(|id| model.thing(id).is_some()).cloned().collect();
    if there.is_empty() {
        return (String::new(), None);
    }
    let view = View { focus: Some(Focus { on: there, depth }), ..View::default() };
    let scene = layout(model, &view, previous);
    if scene.elements.is_empty() && scene.frames.is_empty() {
        return (String::new(), None);
    }
    (paint::text(&scene, Glyphs::Unicode), Some(scene.placement))
}
