//! How a model looks: a data flow diagram on a grid of character cells. One scene, several painters.
//! It knows no terminal and no file, and it never changes a model; positions are computed, not stored.
//!
//! A trust boundary drawn wrong is a false statement about security, so the picture is right by construction:
//! every boundary is laid out as a rigid block inside the block around it, flows enter blocks through ports on the
//! left and right side of the frame, every run of cells belongs to one flow, and the room for a label is part of the
//! room for its flow.
//!
//! The steps, one file each: `plan` (what is drawn) → `level` and `layer` (columns of one block) → `order` (who is
//! above whom) → `rows` (heights) → `channel` and `gap` (vertical tracks between two columns) → `block` (one block's
//! cells) → `compose` (the scene) → [`paint`]. With an earlier picture `keep` takes the place of `level` and `layer`,
//! `hold` that of `order` and `rows`, `pins` says what must not move, and `pull`
//! finds columns in which it does not.

mod block;
mod channel;
mod compose;
mod gap;
mod hold;
mod keep;
mod layer;
mod level;
mod matrix;
mod order;
pub mod paint;
mod pins;
mod plan;
mod pull;
mod rows;
mod scene;
mod shown;
mod text;
mod zoom;

pub use scene::{
    Attach, BoxShape, Boxes, ElementBox, Focus, Frame, Label, Labels, Lane, Lanes, Note, Pass, Placement, Point, Rect,
    Scene, Slot, View, Wire,
};

pub use matrix::matrix;
pub use zoom::{Zoom, outermost};

use crate::model::{Id, Pin, ThreatModel};
use pins::Goal;
use std::collections::BTreeMap;

/// Draws a model. `previous` is the placement of an earlier scene: what it names stays where it is. Where something has
/// to grow, everything beyond it in the same boundary moves by the same, and what is new takes free room if there is any.
/// A picture without `previous` is the tidy one.
///
/// What the diagram pins keeps its cell of the whole drawing ([`View::is_whole`]), whatever else changes: the picture grows to the left and upwards
/// instead ([`Placement::origin`]), and labels that are in the way are cut. Where pins contradict each other, because they
/// overlap or leave no room for the lines that have to lie between them, the thing further right or below gives way.
///
/// The same input gives the same scene. Nothing fails: ids that lead nowhere are drawn as loose ends or at the top
/// level, a cycle of boundaries is cut at its smallest id.
pub fn layout(model: &ThreatModel, view: &View, previous: Option<&Placement>) -> Scene {
    let mut plan = plan::Plan::new(model, view);
    let diagram = view.diagram.as_ref().filter(|_| view.is_whole()).and_then(|id| model.diagrams.get(id));
    let pins = diagram.map(|diagram| &diagram.pins).filter(|pins| !pins.is_empty());
    if let Some(known) = previous {
        let known = keep::wrapped(&plan, known);
        return settle(&mut plan, pins, &known);
    }
    let scene = cold(&mut plan);
    calm(&mut plan, pins, scene)
}

/// Draws a view for the first time so that it looks like another one of the same model: what both show keeps its order
/// from left to right and from top to bottom.
pub fn layout_like(model: &ThreatModel, view: &View, other: &Placement) -> Scene {
    let mut plan = plan::Plan::new(model, view);
    plan.seed(&Placement { at: other.at.clone(), ..Placement::default() });
    let scene = compose::compose(&plan, None, &Goal::none(&plan, (0, 0)));
    calm(&mut plan, None, scene)
}

/// Attempts at a fresh picture.
const ATTEMPTS: usize = 3;

/// Things beyond which there is one attempt only: nobody looks at all of such a picture at once.
const LARGE: usize = 2_000;

/// A fresh picture is laid out again from its own placement, at most so often, until nothing moves: so that the next
/// layout after an edit moves nothing either.
const SETTLE: usize = 3;

/// Attempts at holding what is pinned; each starts with the room that the one before it needed.
const PULLS: usize = 6;

/// How often labels that leave no room for what is pinned are cut.
const CUTS: usize = 6;

/// Lays a fresh picture out again from its own placement until nothing moves.
fn calm(plan: &mut plan::Plan, pins: Option<&BTreeMap<Id, Pin>>, mut scene: Scene) -> Scene {
    for _ in 0..SETTLE {
        let next = settle(plan, pins, &scene.placement);
        let done = next.placement == scene.placement;
        scene = next;
        if done {
            break;
        }
    }
    scene
}

/// Keeps everything that has a place.
fn settle(plan: &mut plan::Plan, pins: Option<&BTreeMap<Id, Pin>>, known: &Placement) -> Scene {
    plan.seed(known);
    let Some(pins) = pins else { return compose::compose(plan, Some(known), &Goal::none(plan, known.origin)) };
    let among = pull(plan, pins, known, Goal::among);
    if among.broken == 0 {
        return among.scene;
    }
    let mut best = pull(plan, pins, known, Goal::of);
    let mut tight = std::mem::take(&mut best.tight);
    for _ in 0..CUTS {
        if best.broken == 0 || tight.is_empty() {
            break;
        }
        // Labels give way before what is pinned does.
        for (flow, columns) in tight {
            plan.shorten(flow, columns);
        }
        let mut next = pull(plan, pins, known, Goal::of);
        tight = std::mem::take(&mut next.tight);
        if next.broken < best.broken {
            best = next;
        }
    }
    best.scene
}

/// An attempt to hold what is pinned.
struct Attempt {
    scene: Scene,
    /// How many pins do not hold.
    broken: usize,
    /// Labels that were in the way, and the columns there are for each.
    tight: Vec<(usize, i32)>,
}

/// How what is pinned is held.
type Aim = fn(&plan::Plan, &BTreeMap<Id, Pin>, &Placement) -> Goal;

/// Lays out again and again, each time with the room that was needed before, until what is pinned holds.
fn pull(plan: &mut plan::Plan, pins: &BTreeMap<Id, Pin>, known: &Placement, goal: Aim) -> Attempt {
    plan.seed(known);
    let (scene, tight) = compose::draft(plan, Some(known), &goal(plan, pins, known));
    let mut last = scene.placement.clone();
    let mut best = Attempt { broken: pins::broken(pins, &last), scene, tight };
    for _ in 0..PULLS {
        if best.broken == 0 {
            break;
        }
        // What grew to the left of what is pinned, the picture grows to the left.
        let from = last.moved(pins::off(pins, &last));
        plan.seed(&from);
        let next = compose::compose(plan, Some(&from), &goal(plan, pins, &from));
        if next.placement == last {
            break;
        }
        last.clone_from(&next.placement);
        let broken = pins::broken(pins, &last);
        if broken < best.broken {
            (best.scene, best.broken) = (next, broken);
        }
    }
    best
}

/// Places everything without an earlier picture: each attempt tells the next where things come to lie, which decides
/// the order of flows that leave a block on the same side.
fn cold(plan: &mut plan::Plan) -> Scene {
    let mut best = compose::compose(plan, None, &Goal::none(plan, (0, 0)));
    let mut last = Placement { at: best.placement.at.clone(), ..Placement::default() };
    for _ in 1..if plan.parts.len() > LARGE { 1 } else { ATTEMPTS } {
        plan.seed(&last);
        let next = compose::compose(plan, None, &Goal::none(plan, (0, 0)));
        last.at.clone_from(&next.placement.at);
        if next.cost() < best.cost() {
            best = next;
        }
    }
    best
}
