//! Columns of a whole picture in which something is pinned: every boundary gives way together, so that what is pinned
//! has its column wherever that is possible, and what is not stays as near to its earlier one as it can. Rows are given
//! out already.
//!
//! Everything that lies to the right of something else is so many columns away from it at least: a system of difference
//! constraints without a cycle. From the left it gives the least column of everything, from the right the greatest, and
//! between the two each thing takes the column nearest to where it was.

use super::block::{Block, Span};
use super::level::{Level, What};
use super::pins::Goal;
use super::plan::{Plan, Shape};
use super::scene::Placement;

/// Left of everything.
const FAR: i32 = i32::MIN / 4;

/// A picture whose columns are to be found.
pub(super) struct Pull<'a> {
    pub(super) plan: &'a Plan,
    pub(super) levels: &'a [Option<Level>],
    /// Finished blocks, whose rows, tracks and sizes of elements stay.
    pub(super) blocks: &'a [Block],
    /// Columns of the label that each hop carries.
    pub(super) labels: &'a [Vec<Option<i32>>],
    pub(super) goal: &'a Goal,
    pub(super) known: &'a Placement,
}

/// Columns of the drawing that the inside of one boundary takes.
#[derive(Clone, Debug, Default)]
struct Vars {
    /// The left edge of every column.
    column: Vec<i32>,
    /// The left edge of every item.
    item: Vec<i32>,
    /// The first cell of flows at the right of every item.
    exit: Vec<i32>,
    /// The first track of every gap.
    track: Vec<i32>,
}

/// Where everything comes to lie.
pub(super) struct Pulled {
    /// Column of the drawing at the left of the picture.
    pub(super) left: i32,
    /// Columns of every boundary.
    pub(super) spans: Vec<Span>,
    /// Flows whose labels keep something from its place, and how many columns there are for each.
    pub(super) tight: Vec<(usize, i32)>,
}

impl Pull<'_> {
    /// Finds the columns of everything.
    pub(super) fn solve(&self) -> Pulled {
        let none = vec![Vars::default(); self.plan.parts.len()];
        let (mut least, mut most, mut found) = (none.clone(), none.clone(), none);
        self.rightwards(0, FAR, None, &mut least);
        self.leftwards(0, -FAR, &mut most);
        self.rightwards(0, FAR, Some(&most), &mut found);
        let spans = (0..found.len()).map(|part| self.span(part, &found[part])).collect();
        Pulled { left: found[0].column[0], spans, tight: self.tight(&least, &most) }
    }

    fn level(&self, part: usize) -> Option<&Level> {
        self.levels[part].as_ref()
    }

    /// The boundary that an item is, if it is one.
    fn frame(&self, level: &Level, item: usize) -> Option<usize> {
        match level.items[item].what {
            What::Part(part) if self.plan.parts[part].shape == Shape::Frame => Some(part),
            _ => None,
        }
    }

    fn pin(&self, level: &Level, item: usize) -> Option<i32> {
        match level.items[item].what {
            What::Part(part) => self.goal.column[part],
            _ => None,
        }
    }

    /// Columns that an item takes beside the inside of a boundary, and columns to the first cell of a flow at its right.
    fn extent(&self, level: &Level, item: usize) -> (i32, i32) {
        let block = &self.blocks[level.part];
        let reach = if let What::Port(_) = level.items[item].what { 1 } else { block.size[item].0 };
        (block.draft.whole[item], reach)
    }

    /// The earlier column of an item, counted in the drawing.
    fn before(&self, level: &Level, item: usize) -> Option<i32> {
        let What::Part(part) = level.items[item].what else { return None };
        self.known.at.get(self.plan.parts[part].id.as_ref()?).map(|at| at.0)
    }

    /// The earlier left edge of a column of a boundary.
    fn lane(&self, level: &Level, column: usize) -> Option<i32> {
        let corner = match &self.plan.parts[level.part].id {
            None => self.known.origin.0,
            Some(id) => self.known.at.get(id)?.0,
        };
        if column == 0 {
            return Some(corner);
        }
        // The whole picture ends where what is in it ends.
        if level.part == 0 && column + 1 == level.columns.len() {
            return None;
        }
        level.lanes.as_ref()?[column].map(|lane| corner + lane.left)
    }

    /// Gives everything inside a boundary the least column that what is left of it allows; with `most`, the one nearest
    /// to its earlier column. Gives the column after the boundary's last.
    fn rightwards(&self, part: usize, low: i32, most: Option<&[Vars]>, out: &mut [Vars]) -> i32 {
        let Some(level) = self.level(part) else { return low };
        let block = &self.blocks[part].draft;
        let near = |low: i32, before: Option<i32>, most: Option<i32>| match (before, most) {
            (Some(before), Some(most)) => low.max(before.min(most)),
            _ => low,
        };
        let mut vars =
            Vars { item: vec![FAR; level.items.len()], exit: vec![FAR; level.items.len()], ..Vars::default() };
        let mut low = near(low, self.lane(level, 0), most.map(|m| m[part].column[0]));
        let last = level.columns.len() - 1;
        for (c, items) in level.columns.iter().enumerate() {
            if c == last {
                low = low.max(vars.column.first().copied().unwrap_or(low) + block.title);
            }
            if c > 0 {
                low = near(low, self.lane(level, c), most.map(|m| m[part].column[c]));
            }
            vars.column.push(low);
            let gap = block.gaps.get(c);
            let border = if c == 0 || c == last { block.border } else { 0 };
            let (mut ends, mut track) = (low + border, FAR);
            for &item in items {
                let wish = near(low, self.before(level, item), most.map(|m| m[part].item[item]));
                let at = self.pin(level, item).map_or(wish, |pin| low.max(pin));
                let (whole, reach) = self.extent(level, item);
                let (at, end, exit) = match self.frame(level, item) {
                    Some(inner) => {
                        let end = self.rightwards(inner, at, most, out);
                        let at = out[inner].column[0];
                        (at, end.max(at + self.beside(level, item)), end)
                    }
                    None => (at, at + whole, at + reach),
                };
                vars.item[item] = at;
                ends = ends.max(end);
                vars.exit[item] = exit;
                track = self.label(level, item).map_or(track, |room| track.max(exit + room));
            }
            low = ends;
            if let Some(gap) = gap {
                track = track.max(ends + gap.least);
                vars.track.push(track);
                low = (track + gap.tail).max(ends + gap.bare);
            }
        }
        out[part] = vars;
        low
    }

    /// Gives everything inside a boundary the greatest column that what is right of it allows, if the boundary ends
    /// before `high`. Gives the greatest column of its left side.
    fn leftwards(&self, part: usize, high: i32, out: &mut [Vars]) -> i32 {
        let Some(level) = self.level(part) else { return high };
        let block = &self.blocks[part].draft;
        let count = level.columns.len();
        let mut vars = Vars {
            column: vec![-FAR; count],
            item: vec![-FAR; level.items.len()],
            exit: Vec::new(),
            track: vec![-FAR; count.saturating_sub(1)],
        };
        for c in (0..count).rev() {
            let gap = block.gaps.get(c);
            let track = gap.map_or(high, |gap| vars.column[c + 1] - gap.tail);
            let ends = gap.map_or(high, |gap| (track - gap.least).min(vars.column[c + 1] - gap.bare));
            let border = if c == 0 || c + 1 == count { block.border } else { 0 };
            let mut most = ends - border;
            for &item in &level.columns[c] {
                let (whole, reach) = self.extent(level, item);
                let room = self.label(level, item);
                let exit = room.map_or(-FAR, |room| track - room);
                let at = match self.frame(level, item) {
                    Some(inner) => {
                        let at = self.leftwards(inner, exit.min(ends), out).min(ends - self.beside(level, item));
                        out[inner].column[0] = at;
                        at
                    }
                    None => (ends - whole).min(exit - reach),
                };
                vars.item[item] = self.pin(level, item).map_or(at, |pin| at.min(pin));
                most = most.min(vars.item[item]);
            }
            if c == 0 {
                most = most.min(vars.column[count - 1] - block.title);
            }
            if c < count - 1 {
                vars.track[c] = track;
            }
            vars.column[c] = most;
        }
        let left = vars.column[0];
        out[part] = vars;
        left
    }

    /// Columns that a boundary takes for the brackets and the words under it.
    fn beside(&self, level: &Level, item: usize) -> i32 {
        let block = &self.blocks[level.part];
        let whole = block.draft.whole[item];
        if whole > block.size[item].0 { whole } else { 0 }
    }

    /// Columns from an item to the first track that the labels at its right side need.
    fn label(&self, level: &Level, item: usize) -> Option<i32> {
        let shaft = &self.blocks[level.part].draft.shaft;
        let right = level.items[item].right.iter().filter(|&&h| level.hops[h].a == item);
        right.filter_map(|&h| Some(self.labels[level.part][h]? + shaft[h])).max()
    }

    /// The columns of a boundary, counted from its left side.
    fn span(&self, part: usize, vars: &Vars) -> Span {
        let Some(level) = self.level(part) else { return Span::default() };
        let left = vars.column[0];
        let inset = |item: usize| match level.items[item].what {
            What::Part(_) => vars.item[item] - vars.column[level.items[item].column],
            _ => 0,
        };
        Span {
            columns: vars.column.iter().map(|x| x - left).collect(),
            insets: (0..level.items.len()).map(inset).collect(),
            tracks: vars.track.iter().map(|x| x - left).collect(),
        }
    }

    /// Labels that keep something pinned from its place: those of the gap in which most is left of them.
    fn tight(&self, least: &[Vars], most: &[Vars]) -> Vec<(usize, i32)> {
        let mut best: (i32, Vec<(usize, i32)>) = (FAR, Vec::new());
        for level in self.levels.iter().flatten() {
            let (least, most) = (&least[level.part], &most[level.part]);
            let draft = &self.blocks[level.part].draft;
            for (g, gap) in draft.gaps.iter().enumerate() {
                if least.track[g] <= most.track[g] {
                    continue;
                }
                let over = |h: usize| {
                    let (hop, w) = (level.hops[h], self.labels[level.part][h]?);
                    let excess = least.exit[hop.a] + w + draft.shaft[h] - most.track[g];
                    (excess > 0).then_some((hop.flow, w - excess))
                };
                let cut: Vec<(usize, i32)> = gap.all().filter_map(over).collect();
                let Some(left) = cut.iter().map(|c| c.1).min() else { continue };
                if left > best.0 {
                    best = (left, cut);
                }
            }
        }
        best.1
    }
}
