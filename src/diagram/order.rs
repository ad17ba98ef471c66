//! Who stands above whom in the columns of one block, so that few flows cross. No rows yet.

/// Columns of items and how neighbouring columns are joined.
#[derive(Debug)]
pub(super) struct Order<'a> {
    /// Neighbours of each item in the column to the left.
    pub(super) left: &'a [Vec<usize>],
    /// Neighbours in the column to the right.
    pub(super) right: &'a [Vec<usize>],
}

/// Columns larger than this are not improved by swapping neighbours.
const SWAPS: usize = 80;
/// Sweeps to the right and to the left together.
const SWEEPS: usize = 12;

impl Order<'_> {
    /// Improves the order from top to bottom with sweeps of barycenters and swaps. The first and the last column keep
    /// theirs.
    pub(super) fn improve(&self, columns: &mut Vec<Vec<usize>>) {
        let mut position = vec![0; self.left.len()];
        for column in columns.iter() {
            place(column, &mut position);
        }
        let last = columns.len() - 1;
        let mut best = columns.clone();
        let mut fewest = self.crossings(columns, &position);
        for sweep in 0..SWEEPS {
            if fewest == 0 {
                break;
            }
            let forward = sweep % 2 == 0;
            for step in 1..last {
                let c = if forward { step } else { last - step };
                sort_by_neighbours(&mut columns[c], if forward { self.left } else { self.right }, &mut position);
            }
            for column in &mut columns[1..last] {
                self.swap(column, &mut position);
            }
            let now = self.crossings(columns, &position);
            if now < fewest {
                (best, fewest) = (columns.clone(), now);
            }
        }
        *columns = best;
    }

    /// Crossings between all neighbouring columns.
    fn crossings(&self, columns: &[Vec<usize>], position: &[usize]) -> usize {
        let mut ends: Vec<usize> = Vec::new();
        columns.iter().map(|column| self.crossings_right_of(column, position, &mut ends)).sum()
    }

    /// Inversions among the right ends of the joins of a column, counted by merging.
    fn crossings_right_of(&self, column: &[usize], position: &[usize], ends: &mut Vec<usize>) -> usize {
        ends.clear();
        for &item in column {
            let from = ends.len();
            ends.extend(self.right[item].iter().map(|&other| position[other]));
            ends[from..].sort_unstable();
        }
        let mut spare = ends.clone();
        inversions(ends, &mut spare)
    }

    /// Swaps neighbours within a column while that removes crossings.
    fn swap(&self, column: &mut [usize], position: &mut [usize]) {
        if column.len() > SWAPS {
            return;
        }
        for _ in 0..column.len() {
            let mut better = false;
            for at in 1..column.len() {
                let (a, b) = (column[at - 1], column[at]);
                let count = |upper: usize, lower: usize| {
                    crossed(&self.left[upper], &self.left[lower], position)
                        + crossed(&self.right[upper], &self.right[lower], position)
                };
                if count(b, a) < count(a, b) {
                    column.swap(at - 1, at);
                    position.swap(a, b);
                    better = true;
                }
            }
            if !better {
                break;
            }
        }
    }
}

/// Writes down where every item of a column is.
fn place(column: &[usize], position: &mut [usize]) {
    for (at, &item) in column.iter().enumerate() {
        position[item] = at;
    }
}

/// Joins of an upper and a lower item that cross.
fn crossed(upper: &[usize], lower: &[usize], position: &[usize]) -> usize {
    upper.iter().map(|&u| lower.iter().filter(|&&l| position[l] < position[u]).count()).sum()
}

/// Sorts the items that have neighbours by the mean place of these; the others keep their places.
fn sort_by_neighbours(column: &mut [usize], neighbours: &[Vec<usize>], position: &mut [usize]) {
    let slots: Vec<usize> = (0..column.len()).filter(|&at| !neighbours[column[at]].is_empty()).collect();
    let mut moving: Vec<usize> = slots.iter().map(|&at| column[at]).collect();
    moving.sort_by_cached_key(|&item| {
        let sum: usize = neighbours[item].iter().map(|&other| position[other] * 1024).sum();
        sum / neighbours[item].len()
    });
    for (&at, item) in slots.iter().zip(moving) {
        column[at] = item;
    }
    place(column, position);
}

/// Counts pairs in the wrong order and sorts.
fn inversions(list: &mut [usize], spare: &mut [usize]) -> usize {
    let n = list.len();
    if n < 2 {
        return 0;
    }
    let middle = n / 2;
    let mut count = inversions(&mut list[..middle], &mut spare[..middle]);
    count += inversions(&mut list[middle..], &mut spare[middle..]);
    let (mut a, mut b) = (0, middle);
    for slot in spare.iter_mut().take(n) {
        if b == n || a < middle && list[a] <= list[b] {
            *slot = list[a];
            a += 1;
        } else {
            *slot = list[b];
            b += 1;
            count += middle - a;
        }
    }
    list.copy_from_slice(&spare[..n]);
    count
}
