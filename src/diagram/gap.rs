//! The gaps between the columns of one block: how wide each has to be for labels, tracks and arrowheads, and where that
//! puts the columns. No rows are given out here, and nothing is drawn.

use super::block::{Maker, reach};
use super::channel::{self, Run, Track};
use super::text::{self, cells};

/// Tracks of a gap beyond which they lie side by side.
const LOOSE: usize = 8;

/// A gap between two columns.
#[derive(Debug)]
pub(super) struct Gap {
    pub(super) hops: Vec<usize>,
    pub(super) tracks: Vec<Track>,
    /// Flows that come back to the column they left, each with a track of its own before all others.
    pub(super) turns: Vec<(usize, i32)>,
    /// Cells before the first track, between tracks, and in all.
    pub(super) zone: i32,
    pub(super) pitch: i32,
    pub(super) width: i32,
    /// Cells before the first track if there were no labels, from the first track to the next column, and in all for a
    /// gap without tracks.
    pub(super) least: i32,
    pub(super) tail: i32,
    pub(super) bare: i32,
}

impl Gap {
    /// Everything that passes it: flows to the next column, then those that come back.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.hops.iter().copied().chain(self.turns.iter().map(|t| t.0))
    }
}

impl Maker<'_> {
    /// Tracks and widths of a gap.
    fn gap(&self, g: usize, y: &[i32], rows: &mut i32) -> Gap {
        let level = self.level;
        let all = || level.columns[g].iter().flat_map(|&i| level.items[i].right.iter().copied());
        let mut hops: Vec<usize> = all().filter(|&h| !level.hops[h].turn).collect();
        hops.sort_by_key(|&h| y[level.hops[h].a] + self.offset[h].0);
        let turns = self.turns(all().filter(|&h| level.hops[h].turn), y);
        let ends = |&h: &usize| {
            let hop = self.level.hops[h];
            Run { left: y[hop.a] + self.offset[h].0, right: y[hop.b] + self.offset[h].1 }
        };
        let runs: Vec<Run> = hops.iter().map(ends).collect();
        let room = self.column_width(g);
        let need = |h: &usize| {
            let hop = self.level.hops[*h];
            let spare = room - self.inset[hop.a] - self.reach(hop.a);
            self.labels[*h].map_or(0, |w| w + self.shaft(*h) - spare)
        };
        let at_frame = g == 0 || g + 2 == self.level.columns.len();
        // Room for a head at the left, or for a shaft where a flow begins or ends on the frame itself.
        let tight = |&h: &usize| {
            let link = &self.plan.flows[self.level.hops[h].flow];
            !self.head_at_left(self.level.hops[h]) && ![link.from, link.to].contains(&self.level.part)
        };
        let least = if hops.iter().all(tight) && turns.is_empty() { 1 } else { 2 };
        let both = hops.iter().chain(turns.iter().map(|t| &t.0));
        let zone = both.map(need).max().unwrap_or(0).max(least);
        let mut found = channel::assign(&runs, *rows, 1);
        let loose = zone + cells(found.count) * 2 + 1;
        let dense = match self.level.lanes {
            // What fits the gap as it was is not packed more closely, and not less.
            Some(_) => room + loose > self.pitch(g).max(room + 3) && found.count > 1,
            None => found.count > LOOSE || self.plan.chips,
        };
        if dense {
            let packed = channel::assign(&runs, *rows, 2);
            found = packed;
        }
        *rows = found.rows;
        let pitch = if dense { 1 } else { 2 };
        // Behind the last track there is room for a shaft and an arrowhead.
        let tail = if found.count == 0 { 1 } else { cells(found.count - 1) * pitch + 3 };
        let tail = tail + turns.iter().map(|t| t.1 * 2 + 2).max().unwrap_or(0);
        let empty = hops.is_empty() && turns.is_empty();
        let bare = match (empty, at_frame) {
            (true, true) => i32::from(self.framed) * 2,
            (_, false) => 3,
            (false, true) => 0,
        };
        let (zone, least, tail) = if empty { (0, 0, 0) } else { (zone, least, tail) };
        let width = if empty { bare } else { (zone + tail).max(bare) };
        Gap { hops, tracks: found.by_run, turns, zone, pitch, width, least, tail, bare }
    }

    /// All gaps.
    pub(super) fn gaps(&self, y: &[i32], rows: &mut i32) -> Vec<Gap> {
        (0..self.level.columns.len() - 1).map(|g| self.gap(g, y, rows)).collect()
    }

    /// Left edges of all columns. The last gap grows when the title needs it.
    pub(super) fn place_columns(&self, gaps: &[Gap]) -> Vec<i32> {
        let level = self.level;
        let mut x = vec![0];
        for (g, gap) in gaps.iter().enumerate() {
            let whole_picture_ends = !self.framed && g + 2 == level.columns.len();
            let before = if whole_picture_ends { 0 } else { self.pitch(g) };
            x.push(x[g] + (self.column_width(g) + gap.width).max(before));
        }
        let last = x.len() - 1;
        x[last] = x[last].max(level.held.0 - self.column_width(last)).max(self.title());
        x
    }

    /// Columns from the left side of the frame to the right one that the title and brackets under the frame need.
    pub(super) fn title(&self) -> i32 {
        if !self.framed {
            return 0;
        }
        let title = self.plan.parts[self.level.part].lines.first().map_or(0, |t| text::width(t));
        (title + 5).max(reach(self.plan, self.level.part) - 1)
    }

    /// Columns from the left edge of a column to the next in an earlier picture.
    fn pitch(&self, column: usize) -> i32 {
        let Some(lanes) = &self.level.lanes else { return 0 };
        let left = |c: usize| lanes[c].map(|lane| lane.left);
        left(column + 1).zip(left(column)).map_or(0, |(next, this)| next - this)
    }

    /// Tracks for flows that come back to their column: short ones inside of long ones.
    fn turns(&self, hops: impl Iterator<Item = usize>, y: &[i32]) -> Vec<(usize, i32)> {
        let mut spans: Vec<(i32, i32, usize)> = hops
            .map(|h| {
                let hop = self.level.hops[h];
                let (a, b) = (y[hop.a] + self.offset[h].0, y[hop.b] + self.offset[h].1);
                ((a - b).abs(), a.min(b), h)
            })
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let mut turns: Vec<(usize, i32)> = Vec::new();
        for (at, &(length, top, h)) in spans.iter().enumerate() {
            let beside =
                spans[..at].iter().zip(&turns).filter(|(s, _)| s.1 <= top + length + 1 && top <= s.1 + s.0 + 1);
            let track = beside.map(|(_, t)| t.1 + 1).max().unwrap_or(0);
            turns.push((h, track));
        }
        turns
    }
}
