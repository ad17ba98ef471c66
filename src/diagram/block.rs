//! One boundary's cells: sizes, rows, tracks and columns of what is directly inside it, frame included. The blocks
//! inside it are finished and rigid. Cells count from the frame's upper left corner.

use super::channel::Track;
use super::gap::Gap;
use super::level::{Hop, Level, What};
use super::plan::{Plan, Shape};
use super::rows::{self, Wish};
use super::scene::{Lane, Point};
use super::text::{self, cells};

/// Blank rows between the top of a frame and what is inside; there are none at the bottom.
const PAD: i32 = 1;
/// Rows from the top of a frame to the first row inside.
pub(super) const TOP: i32 = 1 + PAD;
/// Bends of a column beyond which they lie row by row.
const AIRY: usize = 8;

/// A finished block.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) w: i32,
    pub(super) h: i32,
    /// Upper left cell of every item.
    pub(super) at: Vec<Point>,
    /// Size of every item's outline.
    pub(super) size: Vec<(i32, i32)>,
    /// Corners of every hop, from left to right, both ends included.
    pub(super) hops: Vec<Vec<Point>>,
    /// First cell of the label of every hop that carries one.
    pub(super) labels: Vec<Option<Point>>,
    /// Flow and row of every port of the frame, sorted.
    pub(super) ports: Vec<(usize, i32)>,
    /// Its columns.
    pub(super) lanes: Vec<Lane>,
    /// What its columns are made from, to find them again.
    pub(super) draft: Draft,
}

/// A block whose rows are given out.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Rows of all items, counted from the first row inside, and how many there are.
    y: Vec<i32>,
    rows: i32,
    /// Rows of each hop's ends below the tops of their items.
    offset: Vec<(i32, i32)>,
    pub(super) gaps: Vec<Gap>,
    /// Columns that the label of each hop takes beside its text.
    pub(super) shaft: Vec<i32>,
    /// Columns of every item with the brackets and the words under it.
    pub(super) whole: Vec<i32>,
    /// Columns of the frame's side.
    pub(super) border: i32,
    /// Columns between the frame's sides that its title needs.
    pub(super) title: i32,
}

/// Columns of a block, counted from its left side.
#[derive(Debug, Default)]
pub(super) struct Span {
    /// Left edges of all columns.
    pub(super) columns: Vec<i32>,
    /// Columns from the left edge of each item's column to the item.
    pub(super) insets: Vec<i32>,
    /// The first track of every gap.
    pub(super) tracks: Vec<i32>,
}

/// What a block is made of.
pub(super) struct Maker<'a> {
    pub(super) plan: &'a Plan,
    pub(super) level: &'a Level,
    /// The finished blocks inside, by part.
    pub(super) inside: &'a [Block],
    /// Columns of the label that each hop carries.
    pub(super) labels: &'a [Option<i32>],
    /// Size of every item's outline.
    pub(super) size: Vec<(i32, i32)>,
    /// Columns and rows with the brackets of flows to itself.
    pub(super) whole: Vec<(i32, i32)>,
    /// Rows of each hop's ends below the tops of their items.
    pub(super) offset: Vec<(i32, i32)>,
    /// Columns from the left edge of each item's column to the item.
    pub(super) inset: Vec<i32>,
    pub(super) framed: bool,
}

/// How wide and deep the brackets under a part are.
pub(super) fn bracket(plan: &Plan, part: usize) -> Vec<(i32, i32)> {
    let loops = &plan.parts[part].loops;
    let mut span = 0;
    let mut spans = Vec::new();
    for &flow in loops {
        let label = plan.flows[flow].label.as_deref().map_or(1, text::width);
        span = (label + 5).max(span + 4);
        spans.push(span);
    }
    let n = spans.len();
    spans.into_iter().enumerate().map(|(i, span)| (1 + 2 * cells(n - 1 - i), span)).collect()
}

/// Rows that the brackets under a part take.
pub(super) fn below(loops: usize) -> i32 {
    if loops == 0 { 0 } else { cells(loops) + 1 }
}

/// How wide a part has to be for its brackets.
pub(super) fn reach(plan: &Plan, part: usize) -> i32 {
    bracket(plan, part).iter().map(|(x, span)| x + span + 2).max().unwrap_or(0)
}

impl<'a> Maker<'a> {
    pub(super) fn new(plan: &'a Plan, level: &'a Level, inside: &'a [Block], labels: &'a [Option<i32>]) -> Self {
        let mut maker = Self {
            plan,
            level,
            inside,
            labels,
            size: vec![],
            whole: vec![],
            offset: vec![],
            inset: level.items.iter().map(|i| i.inset).collect(),
            framed: level.part != 0,
        };
        for item in 0..level.items.len() {
            let (size, whole) = maker.measure(item);
            maker.size.push(size);
            maker.whole.push(whole);
        }
        maker.offset = level.hops.iter().enumerate().map(|(h, hop)| maker.offsets(h, *hop)).collect();
        maker
    }

    /// The outline of an item, and the room it needs.
    fn measure(&self, item: usize) -> ((i32, i32), (i32, i32)) {
        let (at, item) = (item, &self.level.items[item]);
        let What::Part(part) = item.what else { return ((0, 1), (0, 1)) };
        let (loops, reach) = (self.plan.parts[part].loops.len(), reach(self.plan, part));
        let p = &self.plan.parts[part];
        let (w, h) = match p.shape {
            Shape::Frame => (self.inside[part].w, self.inside[part].h),
            Shape::Stub => (1, 1),
            Shape::Element(_) | Shape::Folded => {
                let ports = cells(item.left.len().max(item.right.len()));
                let rows = match self.level.lanes {
                    Some(_) => self.held_height(at).max(ports),
                    None if ports <= 4 && !self.plan.chips => ports * 2 - 1,
                    None => ports,
                };
                let name = p.lines.iter().map(|l| text::width(l)).max().unwrap_or(0);
                if self.plan.chips {
                    ((name + 2).max(reach), rows.max(1))
                } else {
                    ((name + 4).max(reach), rows.max(cells(p.lines.len())) + 2)
                }
            }
        };
        let note = p.note().map(|note| text::width(&note) + 2);
        ((w, h), (w.max(note.unwrap_or(0)), h + below(loops) + i32::from(note.is_some())))
    }

    fn offsets(&self, h: usize, hop: Hop) -> (i32, i32) {
        let end = |item: usize, right: bool| match self.level.items[item].what {
            What::Bend | What::Port(_) => 0,
            What::Part(part) => match self.plan.parts[part].shape {
                Shape::Frame => self.inside[part].port(hop.flow),
                Shape::Stub => 0,
                Shape::Element(_) | Shape::Folded => {
                    let it = &self.level.items[item];
                    let side = if right { &it.right } else { &it.left };
                    let at = side.iter().position(|&other| other == h).unwrap_or(0);
                    spread(cells(at), cells(side.len()), self.size[item].1, self.plan.border())
                }
            },
        };
        (end(hop.a, true), end(hop.b, false))
    }

    /// Puts everything in its cell.
    pub(super) fn make(mut self) -> Block {
        let y = if self.level.lanes.is_some() { self.held_rows() } else { self.place_rows() };
        if self.level.lanes.is_some() {
            self.offset = self.held_offsets(&y);
        }
        let least = self.level.held.1 - TOP - 1;
        let mut rows = (0..y.len()).map(|i| y[i] + self.whole[i].1).max().unwrap_or(0).max(least);
        let gaps = self.gaps(&y, &mut rows);
        let x = self.place_columns(&gaps);
        let draft = Draft {
            y,
            rows,
            gaps,
            shaft: (0..self.level.hops.len()).map(|h| self.shaft(h)).collect(),
            title: self.title(),
            border: i32::from(self.framed),
            whole: self.whole.iter().map(|w| w.0).collect(),
            offset: std::mem::take(&mut self.offset),
        };
        self.draw(draft, &x)
    }

    /// Puts everything in other columns.
    pub(super) fn remake(mut self, mut draft: Draft, span: Span) -> Block {
        self.inset = span.insets;
        for (g, gap) in draft.gaps.iter_mut().enumerate() {
            gap.zone = span.tracks[g] - span.columns[g] - self.column_width(g);
        }
        self.draw(draft, &span.columns)
    }

    fn draw(mut self, draft: Draft, x: &[i32]) -> Block {
        self.offset.clone_from(&draft.offset);
        let (top, gaps) = (self.level.top(), &draft.gaps);
        let place = |(i, &y): (usize, &i32)| Point { x: x[self.level.items[i].column] + self.inset[i], y: y + top };
        let mut block = Block {
            w: x[x.len() - 1] + self.column_width(x.len() - 1),
            h: if self.framed { draft.rows.max(1) + TOP + 1 } else { draft.rows },
            at: draft.y.iter().enumerate().map(place).collect(),
            hops: vec![Vec::new(); self.level.hops.len()],
            labels: vec![None; self.level.hops.len()],
            ..Block::default()
        };
        for (g, gap) in gaps.iter().enumerate() {
            let start = x[g] + self.column_width(g);
            for (&hop, track) in gap.hops.iter().zip(&gap.tracks) {
                self.draw_hop(hop, *track, gap, (start, x[g + 1], top), &mut block);
            }
            for &(hop, track) in &gap.turns {
                self.draw_turn(hop, start + gap.zone + track * 2, &mut block);
            }
        }
        let lane = |c: usize| Lane { left: x[c], width: self.column_width(c), zone: gaps.get(c).map_or(0, |g| g.zone) };
        block.lanes = (0..x.len()).map(lane).collect();
        for (i, item) in self.level.items.iter().enumerate() {
            if let What::Port(flow) = item.what {
                block.ports.push((flow, block.at[i].y));
            }
        }
        block.ports.sort_unstable();
        block.size = self.size;
        block.draft = draft;
        block
    }

    /// Rows of all items: alternately after the neighbours on the left and on the right, at last after both.
    fn place_rows(&self) -> Vec<i32> {
        let level = self.level;
        let mut y = vec![0; level.items.len()];
        let steps: Vec<Vec<i32>> = level.columns.iter().map(|c| self.steps(c)).collect();
        for (column, steps) in level.columns.iter().zip(&steps) {
            let mut at = 0;
            for (&item, step) in column.iter().zip(steps) {
                y[item] = at;
                at += step;
            }
        }
        let last = level.columns.len();
        for pass in 0..6 {
            for step in 0..last {
                let c = if pass % 2 == 0 { step } else { last - 1 - step };
                let wish = |(&item, &step): (&usize, &i32)| {
                    let mut tops = Vec::new();
                    if pass % 2 == 0 || pass > 3 {
                        tops.extend(level.items[item].left.iter().map(|&h| {
                            let hop = level.hops[h];
                            y[hop.a] + self.offset[h].0 - self.offset[h].1
                        }));
                    }
                    if pass % 2 == 1 || pass > 3 {
                        tops.extend(level.items[item].right.iter().map(|&h| {
                            let hop = level.hops[h];
                            y[hop.b] + self.offset[h].1 - self.offset[h].0
                        }));
                    }
                    if tops.is_empty() {
                        tops.push(y[item]);
                    }
                    Wish { step, tops }
                };
                let wishes: Vec<Wish> = level.columns[c].iter().zip(&steps[c]).map(wish).collect();
                for (&item, top) in level.columns[c].iter().zip(rows::fit(&wishes)) {
                    y[item] = top;
                }
            }
        }
        let highest = y.iter().copied().min().unwrap_or(0);
        for top in &mut y {
            *top -= highest;
        }
        y
    }

    /// Rows from the top of each item of a column to the top of the next.
    fn steps(&self, column: &[usize]) -> Vec<i32> {
        let thin = |item: usize| !matches!(self.level.items[item].what, What::Part(_));
        let dense = column.iter().filter(|&&i| thin(i)).count() > AIRY;
        let step = |(at, &item): (usize, &usize)| {
            let close = dense && thin(item) && column.get(at + 1).is_some_and(|&next| thin(next));
            self.whole[item].1 + i32::from(!close)
        };
        column.iter().enumerate().map(step).collect()
    }

    pub(super) fn column_width(&self, column: usize) -> i32 {
        let border = i32::from(self.framed && (column == 0 || column + 1 == self.level.columns.len()));
        self.level.columns[column].iter().map(|&i| self.inset[i] + self.whole[i].0).max().unwrap_or(0).max(border)
    }

    /// Whether a flow's arrowhead is at the left end of a hop.
    pub(super) fn head_at_left(&self, hop: Hop) -> bool {
        matches!(self.level.items[hop.a].what, What::Part(part) if part == self.plan.flows[hop.flow].to)
    }

    /// Columns that the label of a hop takes beside its text: blanks, shafts and a head.
    pub(super) fn shaft(&self, h: usize) -> i32 {
        4 + i32::from(self.head_at_left(self.level.hops[h]))
    }

    /// The corners of a flow that comes back to its column.
    fn draw_turn(&self, h: usize, column: i32, block: &mut Block) {
        let hop = self.level.hops[h];
        let end =
            |item: usize, offset: i32| Point { x: block.at[item].x + self.reach(item), y: block.at[item].y + offset };
        let (from, to) = (end(hop.a, self.offset[h].0), end(hop.b, self.offset[h].1));
        block.hops[h] = vec![from, Point { x: column, ..from }, Point { x: column, ..to }, to];
        if self.labels[h].is_some() {
            let head = i32::from(self.head_at_left(hop));
            block.labels[h] = Some(Point { x: from.x + head + 2, y: from.y });
        }
    }

    /// The corners of a hop and the place of its label. `start` and `end` are the first columns of the gap and of the
    /// column after it, `top` the row of the first item.
    fn draw_hop(&self, h: usize, track: Track, gap: &Gap, (start, end, top): (i32, i32, i32), block: &mut Block) {
        let hop = self.level.hops[h];
        let left = Point { x: block.at[hop.a].x + self.reach(hop.a), y: block.at[hop.a].y + self.offset[h].0 };
        let right = Point { x: end + self.inset[hop.b] - 1, y: block.at[hop.b].y + self.offset[h].1 };
        let first = start + gap.zone + gap.turns.iter().map(|t| t.1 * 2 + 2).max().unwrap_or(0);
        let column = |track: usize| first + cells(track) * gap.pitch;
        let corner = |track: usize, y: i32| Point { x: column(track), y };
        let mut points = vec![left];
        match track {
            Track::Straight => {}
            Track::One(t) => points.extend([corner(t, left.y), corner(t, right.y)]),
            Track::Two(t, row, u) => {
                let row = row + top;
                points.extend([corner(t, left.y), corner(t, row), corner(u, row), corner(u, right.y)]);
            }
        }
        points.push(right);
        block.hops[h] = points;
        if let Some(w) = self.labels[h] {
            let from = left.x + i32::from(self.head_at_left(hop)) + 1;
            let spare = if track == Track::Straight { start + gap.zone - 1 - from - (w + 2) } else { 0 };
            block.labels[h] = Some(Point { x: from + 1 + spare.max(0) / 2, y: left.y });
        }
    }

    /// Columns from the left edge of an item to the first cell of a flow at its right side.
    pub(super) fn reach(&self, item: usize) -> i32 {
        match self.level.items[item].what {
            What::Port(_) => 1,
            _ => self.size[item].0,
        }
    }
}

impl Block {
    /// The row of a flow's port.
    pub(super) fn port(&self, flow: usize) -> i32 {
        self.ports.binary_search_by_key(&flow, |p| p.0).map_or(0, |at| self.ports[at].1)
    }
}

/// The row of one of several ports on the side of a box: spread where there is room, and centred.
/// `border` is how many rows of outline the box has above and below.
fn spread(at: i32, count: i32, height: i32, border: i32) -> i32 {
    let inner = height - 2 * border;
    let pitch = if count * 2 - 1 <= inner { 2 } else { 1 };
    border + (inner - ((count - 1) * pitch + 1)) / 2 + at * pitch
}
