//! Data flows: their ends, and the two flows that an arrow in both directions stands for.
//! An end that is attached to nothing stays loose; nobody guesses what it was meant to reach.

use super::cell::Cell;
use super::things::{Fields, Said, paragraphs};
use super::{Drawing, Import};
use crate::model::{DataFlow, Id};

impl Import {
    pub(super) fn flow(&mut self, drawing: &mut Drawing, mut cell: Cell) {
        let from = self.end(drawing, &mut cell, "source");
        let to = self.end(drawing, &mut cell, "target");
        let ticked = cell.data.ticked("isBidirectional");
        if ticked && from.is_none() && to.is_none() {
            self.lose(&cell.where_, "second direction of a flow that is attached to nothing", "");
        }
        let both = ticked && from != to;
        let said = self.said(&mut cell);
        let notes = paragraphs(said.description, said.notes);
        let ends = (from, to);
        let back = (ends.1.clone(), ends.0.clone());
        let earlier = self.thing_of(&cell, Some(&ends)).is_some();
        let one_way = || Said { notes: notes.clone(), facts: said.facts.clone(), ..Said::default() };
        let id = self.one_way(&cell, &ends, "", one_way());
        if both {
            self.both_ways += 1;
            let second = self.one_way(&cell, &back, "back", one_way());
            drawing.shows.insert(second.clone());
            if !cell.id.is_empty() {
                drawing.fresh.push(((cell.id.clone(), cell.shape, cell.name.clone(), Some(back)), second));
            }
        }
        self.threats(&mut cell, &id, earlier);
        self.drawn(drawing, cell, &id, Some(ends));
    }

    fn one_way(&mut self, cell: &Cell, ends: &(Option<Id>, Option<Id>), suffix: &str, said: Said) -> Id {
        let id = self.thing_of(cell, Some(ends)).unwrap_or_else(|| {
            let flow =
                DataFlow { name: cell.name.clone(), from: ends.0.clone(), to: ends.1.clone(), ..DataFlow::default() };
            let id = self.out.model.fresh_id(&flow_name(&flow, suffix), "flow");
            self.out.model.flows.insert(id.clone(), flow);
            id
        });
        if let Some(flow) = self.out.model.flows.get_mut(&id) {
            let fields =
                Fields { description: None, notes: Some(&mut flow.notes), inside: None, facts: &mut flow.facts };
            let differs = said.fill(fields);
            self.lose_all(&cell.where_, differs);
        }
        id
    }

    /// The thing a flow ends at; `None` for a loose end.
    fn end(&mut self, drawing: &Drawing, cell: &mut Cell, key: &str) -> Option<Id> {
        let mut end = cell.rest.record(key);
        self.discard(&mut end, &["x", "y", "port", "magnet", "selector", "anchor", "connectionPoint", "priority"]);
        let target = end.text("cell");
        self.lose_rest(&cell.where_, end);
        let target = target?;
        let found = drawing.cells.get(&target).cloned();
        if found.is_none() {
            let what = if drawing.all.contains(&target) {
                "end of a flow at something that cannot have flows"
            } else {
                "end of a flow at a cell that does not exist"
            };
            self.lose(&cell.where_, what, &target);
        }
        found
    }
}

/// What a flow's id is made from: its name, or else its ends.
fn flow_name(flow: &DataFlow, suffix: &str) -> String {
    if !flow.name.is_empty() {
        return format!("{} {suffix}", flow.name);
    }
    match (&flow.from, &flow.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => String::new(),
    }
}
