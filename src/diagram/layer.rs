//! Columns: which part of a block stands left of which. It knows parts only as numbers, and no sizes.

/// Parts whose left edges differ by less than this stood in one column: narrower ones do not exist.
const NEAR: i32 = 5;

/// What decides the columns of one block. Parts are numbered from 0.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Flows between two parts, in the direction of the data.
    pub(super) flows: Vec<(usize, usize)>,
    /// Flows of each part that leave the block at its left and at its right side.
    pub(super) outward: Vec<(usize, usize)>,
    /// Tendency to the left when the flows leave it open.
    pub(super) bias: Vec<i32>,
    /// Column of an earlier picture.
    pub(super) seed: Vec<Option<i32>>,
    /// How many rows a part takes, roughly.
    pub(super) size: Vec<usize>,
}

impl Columns {
    /// The column of every part, and how many columns there are. The ends of a flow are never in the same one.
    pub(super) fn assign(&self) -> (Vec<usize>, usize) {
        let rank = self.ranks();
        let pairs: Vec<(usize, usize)> =
            self.flows.iter().map(|&(u, v)| if rank[u] < rank[v] { (u, v) } else { (v, u) }).collect();
        let n = self.bias.len();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); n];
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (u, v) in pairs {
            before[v].push(u);
            after[u].push(v);
        }
        let mut by_rank: Vec<usize> = (0..n).collect();
        by_rank.sort_by_key(|&v| rank[v]);
        let mut layer = vec![0; n];
        for &v in &by_rank {
            layer[v] = before[v].iter().map(|&u| layer[u] + 1).max().unwrap_or(0);
        }
        let alone = |v: usize| before[v].is_empty() && after[v].is_empty();
        let count = (0..n).filter(|&v| !alone(v)).map(|v| layer[v] + 1).max().unwrap_or(0);
        self.tighten(&mut layer, &before, &after, &by_rank, count);
        let single: Vec<usize> = by_rank.into_iter().filter(|&v| alone(v)).collect();
        let count = self.spread(&mut layer, &single, count);
        (layer, count)
    }

    /// A linear order in which as many flows as possible point forward. Greedy feedback after Eades, Lin and Smyth
    /// (1993): sources to the front, sinks to the back, else the part with the greatest surplus of flows out of it.
    /// Earlier columns win over all of that.
    fn ranks(&self) -> Vec<usize> {
        let n = self.bias.len();
        let mut outs: Vec<Vec<usize>> = vec![Vec::new(); n];
        let mut ins: Vec<Vec<usize>> = vec![Vec::new(); n];
        for &(u, v) in &self.flows {
            outs[u].push(v);
            ins[v].push(u);
        }
        let mut out: Vec<i32> = outs.iter().map(|l| super::text::cells(l.len())).collect();
        let mut inn: Vec<i32> = ins.iter().map(|l| super::text::cells(l.len())).collect();
        let mut left: Vec<usize> = (0..n).collect();
        let (mut front, mut back) = (Vec::new(), Vec::new());
        while !left.is_empty() {
            let key = |&v: &usize| match (inn[v], out[v]) {
                (0, _) => (i32::MAX, self.bias[v]),
                (_, 0) => (i32::MAX - 1, -self.bias[v]),
                (i, o) => ((o - i) * 3 + self.bias[v], 0),
            };
            // The first of the greatest, so that ids break ties.
            let place = (0..left.len()).rev().max_by_key(|&p| key(&left[p])).unwrap_or(0);
            let v = left.remove(place);
            if inn[v] > 0 && out[v] == 0 {
                back.push(v);
            } else {
                front.push(v);
            }
            outs[v].iter().for_each(|&w| inn[w] -= 1);
            ins[v].iter().for_each(|&u| out[u] -= 1);
        }
        front.extend(back.into_iter().rev());
        let mut rank = vec![0; n];
        for (place, v) in front.iter().enumerate() {
            rank[*v] = place;
        }
        if self.seed.iter().any(Option::is_some) {
            let column: Vec<i64> = (0..n).map(|v| self.column(v, &rank, &outs, &ins)).collect();
            front.sort_by_key(|&v| (column[v], rank[v]));
            for (place, v) in front.iter().enumerate() {
                rank[*v] = place;
            }
        }
        rank
    }

    /// The earlier column of a part, doubled; beside its neighbours when it is new.
    fn column(&self, v: usize, rank: &[usize], outs: &[Vec<usize>], ins: &[Vec<usize>]) -> i64 {
        if let Some(x) = self.seed[v] {
            return i64::from(x) * 2;
        }
        let beside = |&w: &usize| Some(i64::from(self.seed[w]?) * 2 + if rank[v] < rank[w] { -1 } else { 1 });
        let (before, after) = (ins[v].iter().filter_map(beside).max(), outs[v].iter().filter_map(beside).min());
        before.or(after).unwrap_or(0)
    }

    /// Moves parts that have room to the side where more of their flows go.
    fn tighten(
        &self,
        layer: &mut [usize],
        before: &[Vec<usize>],
        after: &[Vec<usize>],
        by_rank: &[usize],
        count: usize,
    ) {
        for _ in 0..3 {
            for &v in by_rank.iter().rev() {
                let low = before[v].iter().map(|&u| layer[u] + 1).max().unwrap_or(0);
                let high = after[v].iter().map(|&w| layer[w] - 1).min().unwrap_or(count.saturating_sub(1));
                let (left, right) = (before[v].len() + self.outward[v].0, after[v].len() + self.outward[v].1);
                if left != right || self.bias[v] < 0 && after[v].is_empty() {
                    layer[v] = if right > left { high.max(low) } else { low };
                }
            }
        }
    }

    /// Spreads parts without flows in the block over the columns; opens columns when there are too few. Parts that
    /// had a column keep it.
    fn spread(&self, layer: &mut [usize], single: &[usize], count: usize) -> usize {
        if single.is_empty() {
            return count;
        }
        let mut load: Vec<usize> = vec![0; count];
        let mut left_edge: Vec<Option<i32>> = vec![None; count];
        let mut is_single = vec![false; layer.len()];
        for &v in single {
            is_single[v] = true;
        }
        for v in (0..layer.len()).filter(|&v| !is_single[v]) {
            load[layer[v]] += self.size[v];
            let edge = &mut left_edge[layer[v]];
            *edge = match (*edge, self.seed[v]) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        let mut known: Vec<(i32, usize)> = single.iter().filter_map(|&v| Some((self.seed[v]?, v))).collect();
        known.sort_unstable();
        for &(x, v) in &known {
            let before = left_edge.iter().rposition(|edge| edge.is_some_and(|e| e < x + NEAR));
            layer[v] = match before {
                Some(c) if c + 1 < left_edge.len() || left_edge[c].is_some_and(|e| x < e + NEAR) => c,
                None if !left_edge.is_empty() => 0,
                _ => {
                    left_edge.push(Some(x));
                    load.push(0);
                    load.len() - 1
                }
            };
            load[layer[v]] += self.size[v];
        }
        let total: usize = single.iter().map(|&v| self.size[v]).sum();
        // A part is about 18 columns wide; three columns of width for two rows of height look square.
        let wanted = (1..=single.len()).find(|c| c * c * 18 * 2 >= total * 3).unwrap_or(1);
        if known.is_empty() && load.len() < wanted {
            load.resize(wanted, 0);
        }
        for &v in single.iter().filter(|&&v| self.seed[v].is_none()) {
            let (left, right) = self.outward[v];
            let place = match left.cmp(&right) {
                std::cmp::Ordering::Greater => 0,
                std::cmp::Ordering::Less => load.len() - 1,
                std::cmp::Ordering::Equal => (0..load.len()).min_by_key(|&c| load[c]).unwrap_or(0),
            };
            layer[v] = place;
            load[place] += self.size[v];
        }
        load.len()
    }
}
