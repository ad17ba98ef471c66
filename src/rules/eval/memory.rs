//! What an evaluator computed, without what it computed it from: numbers and truths of subjects. After an edit that
//! leaves the diagram as it is the numbers mean the same, and of the truths only those are computed again that read what
//! the edit touched. Which these are, `dirt` tells.

use super::classes::{Classes, Places};
use super::{ByElement, Column, Evaluator, Reach, Route, Truth, data, group, ways};
use crate::model::BoundaryKind;
use crate::model::graph::{Nr, Ways};
use crate::model::resolve::Resolver;
use std::collections::HashMap;
use std::rc::Rc;

/// What serves one state of a model, and in part the next.
#[derive(Debug)]
pub struct Memory {
    /// The classes of conditions that have been met, by where they stand.
    pub(super) places: Places,
    /// How far every subject is trusted.
    pub(super) trusts: Vec<Option<u8>>,
    pub(super) columns: Vec<Option<Column>>,
    pub(super) ways: HashMap<Route, Rc<Ways>>,
    pub(super) reaches: HashMap<(usize, Option<usize>, Route, bool), Rc<Reach>>,
    pub(super) pairs: HashMap<(usize, bool), ways::Pairs>,
    pub(super) cuts: HashMap<(usize, usize), ByElement>,
    pub(super) cycles: HashMap<usize, ByElement>,
    pub(super) chains: HashMap<usize, Rc<ways::Chains>>,
    pub(super) groups: HashMap<(usize, Vec<BoundaryKind>), HashMap<Nr, group::Counts>>,
    pub(super) homes: HashMap<Vec<BoundaryKind>, Rc<group::Homes>>,
    pub(super) assets: data::Handled,
    pub(super) users: Option<Vec<bool>>,
    pub(super) censuses: HashMap<usize, Truth>,
}

impl Memory {
    pub(super) fn new(resolver: &Resolver<'_>) -> Self {
        let index = resolver.index;
        Self {
            places: Places::default(),
            trusts: (0..index.len()).map(|nr| resolver.trust(nr)).collect(),
            columns: Vec::new(),
            ways: HashMap::new(),
            reaches: HashMap::new(),
            pairs: HashMap::new(),
            cuts: HashMap::new(),
            cycles: HashMap::new(),
            chains: HashMap::new(),
            groups: HashMap::new(),
            homes: HashMap::new(),
            assets: data::Handled::new(index),
            users: None,
            censuses: HashMap::new(),
        }
    }
}

/// Which conditions of the rules are alike. It holds of every model as long as the rules stay where they are.
#[derive(Debug)]
pub struct Alike(Places);

impl Memory {
    /// What is left of it when the diagram is another one.
    pub fn alike(self) -> Alike {
        Alike(self.places)
    }
}

impl Evaluator<'_> {
    /// The same with what is known about the rules.
    #[must_use]
    pub fn knowing(mut self, alike: Alike) -> Self {
        self.classes = Classes::knowing(alike.0);
        self
    }

    /// Ends the evaluation of one state of a model and keeps what it computed.
    pub fn into_memory(self) -> Memory {
        Memory { places: self.classes.into_places(), ..self.kept }
    }

    /// Forgets what conditions of some classes and all that is made of them came to.
    pub(super) fn forget(&mut self, is_other: impl Fn(usize) -> bool) {
        let kept = &mut self.kept;
        for (class, column) in kept.columns.iter_mut().enumerate() {
            if is_other(class) {
                *column = None;
            }
        }
        kept.reaches.retain(|(ends, stop, ..), _| !is_other(*ends) && !stop.is_some_and(&is_other));
        kept.pairs.retain(|(path, _), _| !is_other(*path));
        kept.cuts.retain(|(a, b), _| !is_other(*a) && !is_other(*b));
        kept.cycles.retain(|class, _| !is_other(*class));
        kept.chains.retain(|class, _| !is_other(*class));
        kept.groups.retain(|(class, _), _| !is_other(*class));
        let classes = &self.classes;
        kept.censuses.retain(|place, _| classes.at(*place).is_some_and(|class| !is_other(class.nr)));
    }
}
