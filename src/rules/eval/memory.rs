//! What an evaluator computed, without what it computed it from: numbers and truths of subjects. After an edit the truths
//! move with the numbers, and only those are computed again that read what the edit touched. Which these are, `dirt`
//! tells.

use super::classes::Places;
use super::{ByElement, Column, Evaluator, Reach, Route, Truth, data, group, ways};
use crate::model::BoundaryKind;
use crate::model::graph::{Moves, Nr, Ways};
use crate::model::resolve::Resolver;
use std::collections::HashMap;
use std::rc::Rc;

/// Searches by the classes of the conditions at their ends and in between, the way, and whether it leads backwards.
pub(super) type Reaches = HashMap<SearchKey, Rc<Reach>>;

/// What makes two searches the same.
pub(super) type SearchKey = (usize, Option<usize>, Route, bool);

/// What serves one state of a model, and in part the next.
#[derive(Debug)]
pub struct Memory {
    /// The classes of conditions that have been met, by where they stand.
    pub(super) places: Places,
    /// How far every subject is trusted.
    pub(super) trusts: Vec<Option<u8>>,
    pub(super) columns: Vec<Option<Column>>,
    pub(super) ways: HashMap<Route, Rc<Ways>>,
    pub(super) reaches: Reaches,
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

/// What was found before an edit, to compare with.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) reaches: Reaches,
    /// Where the numbers went, if the diagram is another one.
    pub(super) moves: Option<Rc<Moves>>,
}

impl Memory {
    /// Parts what can still be so after an edit from what has to be compared. Of another diagram what is left is which
    /// conditions are alike, and truths of subjects by their new numbers.
    pub(super) fn after(mut self, resolver: &Resolver<'_>, moves: Option<Rc<Moves>>) -> (Self, Past) {
        let reaches = std::mem::take(&mut self.reaches);
        let memory = match &moves {
            None => self,
            Some(moves) => {
                let mut spare = Vec::new();
                for column in self.columns.iter_mut().flatten().filter(|_| !moves.is_still()) {
                    Rc::make_mut(column).follow(moves, &mut spare);
                }
                Self { columns: self.columns, places: self.places, ..Self::new(resolver) }
            }
        };
        (memory, Past { reaches, moves })
    }
}

impl Evaluator<'_> {
    /// Ends the evaluation of one state of a model and keeps what it computed.
    pub fn into_memory(self) -> Memory {
        Memory { places: self.classes.into_places(), ..self.kept }
    }
}
