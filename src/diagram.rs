//! How a model looks: a data flow diagram on a grid of character cells. One scene, several painters.
//! It knows no terminal and no file, and it never changes a model; positions are computed, not stored.
//!
//! A trust boundary drawn wrong is a false statement about security, so the picture is right by construction:
//! every boundary is laid out as a rigid block inside the block around it, flows enter blocks through ports on the
//! left and right side of the frame, every run of cells belongs to one flow, and the room for a label is part of the
//! room for its flow.
//!
//! The steps, one file each: `plan` (what is drawn) → `level` and `layer` (columns of one block) → `order` (who is
//! above whom) → `rows` (heights) → `channel` (vertical tracks between two columns) → `block` (one block's cells) →
//! `compose` (the scene) → [`paint`].

mod block;
mod channel;
mod compose;
mod layer;
mod level;
mod matrix;
mod order;
pub mod paint;
mod plan;
mod rows;
mod scene;
mod shown;
mod text;
mod zoom;

pub use scene::{
    Attach, BoxShape, Boxes, ElementBox, Focus, Frame, Label, Labels, Note, Pass, Placement, Point, Rect, Scene, View,
    Wire,
};

pub use matrix::matrix;
pub use zoom::{Zoom, outermost};

use crate::model::{Id, Pin, ThreatModel};
use std::collections::BTreeMap;

/// Draws a model. `previous` is the placement of an earlier scene: what it names keeps its order from left to right
/// and from top to bottom as far as the new flows allow.
///
/// Pins of the diagram count like a previous placement that wins over `previous`: they decide on which side of what
/// an element comes to lie, not the exact cell, because a block of a boundary has to stay whole.
///
/// The same input gives the same scene. Nothing fails: ids that lead nowhere are drawn as loose ends or at the top
/// level, a cycle of boundaries is cut at its smallest id.
pub fn layout(model: &ThreatModel, view: &View, previous: Option<&Placement>) -> Scene {
    let mut plan = plan::Plan::new(model, view);
    let pins =
        view.diagram.as_ref().and_then(|id| model.diagrams.get(id)).map(|d| &d.pins).filter(|pins| !pins.is_empty());
    if let Some(known) = previous {
        return settle(&mut plan, pins, known);
    }
    let mut scene = cold(&mut plan);
    for _ in 0..SETTLE {
        let next = settle(&mut plan, pins, &scene.placement);
        let done = next.placement == scene.placement;
        scene = next;
        if done {
            break;
        }
    }
    scene
}

/// Draws a view for the first time so that it looks like another one of the same model: what both show keeps its order
/// from left to right and from top to bottom.
pub fn layout_like(model: &ThreatModel, view: &View, other: &Placement) -> Scene {
    let mut plan = plan::Plan::new(model, view);
    plan.seed(None, &Placement { at: other.at.clone(), passes: BTreeMap::new() });
    let mut scene = compose::compose(&plan);
    for _ in 0..SETTLE {
        let next = settle(&mut plan, None, &scene.placement);
        let done = next.placement == scene.placement;
        scene = next;
        if done {
            break;
        }
    }
    scene
}

/// Attempts at a fresh picture.
const ATTEMPTS: usize = 3;

/// A fresh picture is laid out again from its own placement, at most so often, until nothing moves: so that the next
/// layout after an edit moves nothing either.
const SETTLE: usize = 3;

/// Keeps the order of everything that has a place.
fn settle(plan: &mut plan::Plan, pins: Option<&BTreeMap<Id, Pin>>, known: &Placement) -> Scene {
    plan.seed(pins, known);
    plan.settled = true;
    compose::compose(plan)
}

/// Places everything without an earlier picture: each attempt tells the next where things come to lie, which decides
/// the order of flows that leave a block on the same side.
fn cold(plan: &mut plan::Plan) -> Scene {
    let mut best = compose::compose(plan);
    let mut last = Placement { at: best.placement.at.clone(), passes: BTreeMap::new() };
    for _ in 1..ATTEMPTS {
        plan.seed(None, &last);
        let next = compose::compose(plan);
        last.at.clone_from(&next.placement.at);
        if next.cost() < best.cost() {
            best = next;
        }
    }
    best
}
