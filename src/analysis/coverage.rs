//! What has been looked at: STRIDE by element and flow, and privacy where rules speak about it. Every cell says what is
//! so today and no more: that no rule fits somewhere does not mean that nothing can happen there. It raises nothing;
//! threats and what was decided about them come from `Analysis`.

mod cell;
mod detail;
mod sheet;

pub use cell::{Cell, CellState, Reason};
pub use detail::{Detail, Said};

use super::Analysis;
use crate::model::graph::{Index, Nr};
use crate::model::{Date, Id, Stride, SubjectKind, Thing, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::language::Linddun;
use sheet::Sheet;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    /// A letter of STRIDE.
    Stride(Stride),
    /// All privacy categories together.
    Privacy,
}

/// How many columns there can be.
const LETTERS: usize = 7;

impl Letter {
    /// All columns, in order.
    pub const ALL: [Self; LETTERS] = [
        Self::Stride(Stride::Spoofing),
        Self::Stride(Stride::Tampering),
        Self::Stride(Stride::Repudiation),
        Self::Stride(Stride::InformationDisclosure),
        Self::Stride(Stride::DenialOfService),
        Self::Stride(Stride::ElevationOfPrivilege),
        Self::Privacy,
    ];

    /// One letter.
    pub const fn mark(self) -> char {
        match self {
            Self::Stride(stride) => stride.letter(),
            Self::Privacy => 'P',
        }
    }

    /// Its name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Stride(stride) => stride.title(),
            Self::Privacy => "privacy",
        }
    }

    /// Its place among all columns.
    const fn place(self) -> usize {
        match self {
            Self::Stride(stride) => stride as usize,
            Self::Privacy => LETTERS - 1,
        }
    }

    /// Whether it is one of these.
    fn among(self, stride: &[Stride], linddun: &[Linddun]) -> bool {
        match self {
            Self::Stride(letter) => stride.contains(&letter),
            Self::Privacy => !linddun.is_empty(),
        }
    }
}

/// STRIDE by element and flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// The columns; privacy only where a rule or a threat speaks about it.
    pub letters: Vec<Letter>,
    /// The rows, by boundary: first what lies in none, then from the outside in, at last what belongs nowhere.
    pub groups: Vec<Area>,
    /// Threats that stand in no cell: they have no letter, or what they are about is gone.
    pub outside: usize,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Boundaries from the outside in; empty for what lies in none.
    pub inside: Vec<Id>,
    /// Whether these are flows from one boundary to another.
    pub crossing: bool,
    /// Things, by kind and name.
    pub rows: Vec<Row>,
}

/// A thing with its cells, one for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is.
    pub id: Id,
    /// Its kind.
    pub kind: SubjectKind,
    /// Where a flow begins and ends, as far as that is known.
    pub ends: [Option<Id>; 2],
    /// What has been looked at.
    pub cells: Vec<Cell>,
}

impl Coverage {
    /// Looks at a model that has been analysed.
    pub fn of(model: &ThreatModel, knowledge: &Knowledge, analysis: &Analysis, today: Date) -> Self {
        let index = Index::new(model);
        let sheet = Sheet::of(&index, knowledge, analysis, today);
        let letters: Vec<Letter> = sheet.letters();
        let cells = sheet.cells(&letters);
        Self { groups: groups(&index, cells), letters, outside: sheet.outside }
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells)
    }

    /// How many cells are in a state.
    pub fn count(&self, state: CellState) -> usize {
        self.cells().filter(|cell| cell.state == state).count()
    }

    /// How many cells of a column are settled, and how many there are that could be.
    pub fn settled(&self, column: usize) -> (usize, usize) {
        let cells = || self.groups.iter().flat_map(|g| &g.rows).filter_map(move |row| row.cells.get(column));
        let count = |test: fn(CellState) -> bool| cells().filter(|cell| test(cell.state)).count();
        (count(CellState::is_settled), count(CellState::counts))
    }

    /// The same of all columns together.
    pub fn settled_of_all(&self) -> (usize, usize) {
        let columns = (0..self.letters.len()).map(|column| self.settled(column));
        columns.fold((0, 0), |sum, (settled, all)| (sum.0 + settled, sum.1 + all))
    }
}

/// Rows by boundary. Flows stand with the boundary around both of their ends.
fn groups(index: &Index<'_>, cells: Vec<Vec<Cell>>) -> Vec<Area> {
    let name = |id: &Id| index.model.name_of(id).to_lowercase();
    let mut groups: BTreeMap<Place, Vec<(Nr, Row)>> = BTreeMap::new();
    for (nr, cells) in cells.into_iter().enumerate() {
        let kind = index.kind(nr);
        let in_diagram = index.is_element(nr) || index.is_flow(nr);
        if !in_diagram && !cells.iter().any(|cell| cell.state.counts()) {
            continue;
        }
        let chain = index.chain(nr).iter().rev().map(|b| index.id(*b));
        let inside: Vec<(String, Id)> = chain.map(|id| (name(id), id.clone())).collect();
        let rank = match kind {
            SubjectKind::Asset => 2,
            SubjectKind::System => 3,
            SubjectKind::Flow if inside.is_empty() && !index.model.boundaries.is_empty() => 1,
            _ => 0,
        };
        let ends = match index.thing(nr) {
            Some(Thing::Flow(flow)) => [flow.from.clone(), flow.to.clone()],
            _ => [None, None],
        };
        groups.entry((rank, inside)).or_default().push((nr, Row { id: index.id(nr).clone(), kind, ends, cells }));
    }
    let sorted = |mut rows: Vec<(Nr, Row)>| {
        // The boundary itself, elements by kind, then flows.
        rows.sort_by_key(|(nr, row)| (Reverse(row.kind == SubjectKind::Boundary), row.kind, name(&row.id), *nr));
        rows.into_iter().map(|(_, row)| row).collect()
    };
    let group = |((_, inside), rows): (Place, Vec<(Nr, Row)>)| {
        let what = rows.first().map(|(_, row)| row.kind);
        let crossing = inside.is_empty() && what == Some(SubjectKind::Flow) && !index.model.boundaries.is_empty();
        let inside = inside.into_iter().map(|(_, id)| id).collect();
        Area { inside, crossing, rows: sorted(rows) }
    };
    groups.into_iter().map(group).collect()
}

/// Where a group stands among the others: a rank, then the names of the boundaries around it.
type Place = (u8, Vec<(String, Id)>);
