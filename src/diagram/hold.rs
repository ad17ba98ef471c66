//! Rows of one block that follow an earlier picture: what was there stays, what is new goes where there is room, and
//! where something must grow everything below moves by the same. No columns.

use super::block::Maker;
use super::level::What;
use super::plan::Shape;
use super::text::cells;

/// Something that stands in a column: its first row, the row after its last, and whether it is a single row of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stand {
    top: i32,
    end: i32,
    thin: bool,
}

/// What it costs to stand close: blank rows to flows and to everything else, and the price in rows.
const CLOSE: [(i32, i32, i32); 3] = [(1, 1, 0), (0, 1, 3), (0, 0, 8)];
/// What a row costs by which a block grows.
const GROWTH: i32 = 4;

impl Maker<'_> {
    /// Rows that an element needs inside so that flows that were there keep their ports.
    pub(super) fn held_height(&self, item: usize) -> i32 {
        let it = &self.level.items[item];
        let Some(top) = it.kept else { return 1 };
        let border = self.plan.border();
        let ends = self.ends(item).filter_map(|(h, first, _)| {
            let rows = self.level.hops[h].rows?;
            Some((if first { rows.0 } else { rows.1 }) - top)
        });
        ends.max().map_or(1, |last| last - border + 1)
    }

    /// The hops at an item: which, whether their first end is here, and whether they are on the right side.
    fn ends(&self, item: usize) -> impl Iterator<Item = (usize, bool, bool)> {
        let it = &self.level.items[item];
        let left = it.left.iter().map(|&h| (h, false, false));
        left.chain(it.right.iter().map(move |&h| (h, self.level.hops[h].a == item, true)))
    }

    /// Rows of all items.
    pub(super) fn held_rows(&self) -> Vec<i32> {
        let items = &self.level.items;
        let mut y: Vec<Option<i32>> = vec![None; items.len()];
        let mut columns: Vec<Vec<Stand>> = self.stay(&mut y);
        let mut rows = self.level.held.1 - super::block::TOP - 1;
        rows = columns.iter().filter_map(|c| c.last()).map(|s| s.end).max().unwrap_or(0).max(rows);
        for item in 0..items.len() {
            if y[item].is_none() && matches!(items[item].what, What::Part(_)) {
                let wish = self.wish_of_part(item, &y);
                self.enter(item, wish, &mut columns, &mut rows, &mut y);
            }
        }
        for route in &self.level.route {
            let middle = |item: usize, y: &[Option<i32>]| y[item].map(|y| y + self.size[item].1 / 2);
            let Some((&first, &last)) = route.first().zip(route.last()) else { continue };
            let (first, last) = (self.level.hops[first].a, self.level.hops[last].b);
            let mut at = middle(first, &y).or(middle(last, &y)).unwrap_or(0);
            let chain = std::iter::once(first).chain(route.iter().map(|&h| self.level.hops[h].b));
            for item in chain {
                if y[item].is_none() {
                    self.enter(item, at, &mut columns, &mut rows, &mut y);
                }
                at = middle(item, &y).unwrap_or(at);
            }
        }
        for item in 0..items.len() {
            if y[item].is_none() {
                self.enter(item, 0, &mut columns, &mut rows, &mut y);
            }
        }
        y.into_iter().map(|y| y.unwrap_or(0)).collect()
    }

    /// Puts everything that had a row there again. What is held comes first and does not move; where something grew,
    /// everything else that began below moves down. What would lie on something held stays out.
    fn stay(&self, y: &mut [Option<i32>]) -> Vec<Vec<Stand>> {
        let items = &self.level.items;
        let stand = |item: usize, top: i32| {
            let thin = !matches!(items[item].what, What::Part(_));
            Stand { top, end: top + self.whole[item].1, thin }
        };
        let mut columns: Vec<Vec<Stand>> = vec![Vec::new(); self.level.columns.len()];
        let mut put = |item: usize, top: i32, columns: &mut [Vec<Stand>]| {
            let (column, stand) = (&mut columns[items[item].column], stand(item, top));
            let at = column.partition_point(|s| s.top < top);
            let free =
                column[..at].last().is_none_or(|s| s.end <= top) && column.get(at).is_none_or(|s| stand.end <= s.top);
            if free {
                column.insert(at, stand);
                y[item] = Some(top);
            }
        };
        for (item, it) in items.iter().enumerate() {
            if let Some(goal) = it.goal {
                put(item, (goal.y - self.level.top()).max(0), &mut columns);
            }
        }
        let loose = items.iter().enumerate().filter(|(_, it)| it.goal.is_none());
        let mut known: Vec<(i32, usize)> = loose.filter_map(|(i, it)| Some((it.kept?, i))).collect();
        known.sort_unstable();
        let mut down = 0;
        for group in known.chunk_by(|a, b| a.0 == b.0) {
            for &(row, item) in group {
                let column = &columns[items[item].column];
                let above = column[..column.partition_point(|s| s.top <= row + down)].last();
                // What grew by a row may touch what is below it: better than moving that.
                if let Some(above) = above.filter(|s| s.end > row + down) {
                    let blank = i32::from(!(above.thin && stand(item, row).thin));
                    down = above.end + blank - row;
                }
            }
            for &(row, item) in group {
                put(item, row + down, &mut columns);
            }
        }
        columns
    }

    /// Where a new part would like to be: beside what it exchanges data with.
    fn wish_of_part(&self, item: usize, y: &[Option<i32>]) -> i32 {
        if let Some(row) = self.level.items[item].kept {
            return row;
        }
        let near = self.ends(item).filter_map(|(h, first, _)| {
            let hop = self.level.hops[h];
            y[if first { hop.b } else { hop.a }]
        });
        let rows: Vec<i32> = near.collect();
        rows.iter().sum::<i32>().checked_div(cells(rows.len())).unwrap_or(0)
    }

    /// Gives a new item the best free rows of its column; the block grows at the bottom if there are none.
    fn enter(&self, item: usize, wish: i32, columns: &mut [Vec<Stand>], rows: &mut i32, y: &mut [Option<i32>]) {
        let thin = !matches!(self.level.items[item].what, What::Part(_));
        let h = self.whole[item].1;
        let column = &mut columns[self.level.items[item].column];
        let mut best: Option<(i32, i32)> = None;
        for at in 0..=column.len() {
            let above = at.checked_sub(1).and_then(|a| column.get(a));
            for (flow, other, price) in CLOSE {
                let blank = |s: &Stand| if s.thin { flow } else { other };
                // A box never touches another.
                let blank = |s: &Stand| if thin || s.thin { blank(s) } else { blank(s).max(1) };
                let low = above.map_or(0, |s| s.end + blank(s));
                let (top, grown) = match column.get(at) {
                    Some(below) if below.top - blank(below) - h < low => continue,
                    Some(below) => (wish.clamp(low, below.top - blank(below) - h), 0),
                    None => (wish.min(*rows - h).max(low), (low + h - *rows).max(0)),
                };
                let cost = ((top - wish).abs() + price + grown * GROWTH, top);
                best = Some(best.map_or(cost, |b| b.min(cost)));
            }
        }
        let top = best.map_or(0, |b| b.1);
        let place = column.partition_point(|s| s.top < top);
        column.insert(place, Stand { top, end: top + h, thin });
        *rows = (*rows).max(top + h);
        y[item] = Some(top);
    }

    /// Rows of each hop's ends below the tops of their items: where they were, and free rows for what is new.
    pub(super) fn held_offsets(&self, y: &[i32]) -> Vec<(i32, i32)> {
        let mut offset = self.offset.clone();
        for (item, it) in self.level.items.iter().enumerate() {
            let What::Part(part) = it.what else { continue };
            if !matches!(self.plan.parts[part].shape, Shape::Element(_) | Shape::Folded) {
                continue;
            }
            for right in [false, true] {
                self.hold_side(item, right, y, &mut offset);
            }
        }
        offset
    }

    fn hold_side(&self, item: usize, right: bool, y: &[i32], offset: &mut [(i32, i32)]) {
        let hops = &self.level.hops;
        let border = self.plan.border();
        let rows = border..=self.size[item].1 - 1 - border;
        let mut used: Vec<i32> = Vec::new();
        let mut fresh: Vec<(i32, usize, bool)> = Vec::new();
        for (h, first, side) in self.ends(item) {
            if side != right {
                continue;
            }
            let row = |rows: (i32, i32)| if first { rows.0 } else { rows.1 };
            let before = hops[h].rows.zip(self.level.items[item].kept).map(|(rows, top)| row(rows) - top);
            match before {
                Some(row) if rows.contains(&row) && !used.contains(&row) => {
                    used.push(row);
                    *(if first { &mut offset[h].0 } else { &mut offset[h].1 }) = row;
                }
                _ => {
                    let (other, to) = if first { (hops[h].b, offset[h].1) } else { (hops[h].a, offset[h].0) };
                    fresh.push((y[other] + to - y[item], h, first));
                }
            }
        }
        fresh.sort_unstable();
        for (wish, h, first) in fresh {
            let cost = |&row: &i32| {
                let close = used.iter().any(|u| (u - row).abs() == 1);
                ((row - wish).abs() + i32::from(close), row)
            };
            let row = rows.clone().filter(|r| !used.contains(r)).min_by_key(cost).unwrap_or(border);
            used.push(row);
            *(if first { &mut offset[h].0 } else { &mut offset[h].1 }) = row;
        }
    }
}
