//! Where pinned things have to come to lie inside the boundaries around them. A boundary with something pinned inside
//! is held in turn, so that what is pinned keeps its cell of the drawing. It moves nothing itself.

use super::block::TOP;
use super::keep;
use super::plan::{Plan, Shape};
use super::scene::{Placement, Point};
use crate::model::{Id, Pin};
use std::collections::BTreeMap;

/// What is held, and where.
#[derive(Debug)]
pub(super) struct Goal {
    /// By part: upper left cell, counted from the boundary around it.
    pub(super) at: Vec<Option<Point>>,
    /// By part: the column of the drawing in which something is pinned.
    pub(super) column: Vec<Option<i32>>,
    /// The cell of the drawing at the upper left of the whole picture.
    pub(super) origin: Pin,
}

impl Goal {
    /// Nothing is held.
    pub(super) fn none(plan: &Plan, origin: Pin) -> Self {
        Self { at: vec![None; plan.parts.len()], column: vec![None; plan.parts.len()], origin }
    }

    /// Holds what is pinned inside boundaries that stay where they were: what is pinned moves among the others.
    pub(super) fn among(plan: &Plan, pins: &BTreeMap<Id, Pin>, known: &Placement) -> Self {
        Self::with(plan, pins, known, |part| match &plan.parts[part].id {
            None => Some(known.origin),
            Some(id) => known.at.get(id).copied(),
        })
    }

    /// Holds what is pinned. A boundary lies as far to the left and up as what is pinned inside needs it to, counted
    /// from where that lay below the boundary's corner before: so that nothing has to move closer to the corner.
    pub(super) fn of(plan: &Plan, pins: &BTreeMap<Id, Pin>, known: &Placement) -> Self {
        Self::with(plan, pins, known, |_| None)
    }

    fn with(plan: &Plan, pins: &BTreeMap<Id, Pin>, known: &Placement, stays: impl Fn(usize) -> Option<Pin>) -> Self {
        let stubs = keep::stubs(plan);
        let pin = |part: usize| plan.parts[part].id.as_ref().and_then(|id| pins.get(id));
        let mut held: Vec<Option<Point>> =
            (0..plan.parts.len()).map(|p| pin(p).map(|p| Point { x: p.0, y: p.1 })).collect();
        // A part always has a greater number than the one around it.
        for part in (0..plan.parts.len()).rev().filter(|&p| plan.parts[p].shape == Shape::Frame) {
            let lanes = known.lanes.get(&plan.parts[part].id);
            let below = |child: usize| {
                let slot = lanes.and_then(|l| l.parts.get(&keep::key(plan, child, &stubs)?));
                slot.map_or(Point { x: 3, y: TOP }, |s| s.at)
            };
            let corners = plan.parts[part].children.iter().filter_map(|&child| {
                let (at, below) = (held[child]?, below(child));
                Some((at.x - below.x, at.y - below.y))
            });
            let corner = corners.reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)));
            // Without anything pinned inside nothing holds a boundary.
            let corner = corner.map(|corner| stays(part).unwrap_or(corner));
            held[part] = corner.map(|(x, y)| Point { x, y }).or(held[part]);
        }
        let Some(origin) = held[0] else { return Self::none(plan, known.origin) };
        let inner = |part: usize| {
            let (at, around) = (held[part]?, held[plan.parts[part].parent]?);
            Some(Point { x: at.x - around.x, y: at.y - around.y })
        };
        let at = (0..plan.parts.len()).map(|part| if part == 0 { None } else { inner(part) }).collect();
        let column = (0..plan.parts.len()).map(|part| pin(part).map(|pin| pin.0)).collect();
        Self { at, column, origin: (origin.x, origin.y) }
    }
}

/// How far the first pinned thing that lies elsewhere is from its place.
pub(super) fn off(pins: &BTreeMap<Id, Pin>, placement: &Placement) -> Pin {
    let away = |(id, pin): (&Id, &Pin)| {
        let at = placement.at.get(id)?;
        (at != pin).then_some((pin.0 - at.0, pin.1 - at.1))
    };
    pins.iter().find_map(away).unwrap_or_default()
}

/// How many pinned things lie elsewhere.
pub(super) fn broken(pins: &BTreeMap<Id, Pin>, placement: &Placement) -> usize {
    pins.iter().filter(|(id, pin)| placement.at.get(*id).is_some_and(|at| at != *pin)).count()
}
