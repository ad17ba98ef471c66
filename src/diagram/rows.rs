//! Rows of the items of a column: as straight as possible without changing the order.
//! Isotonic regression with medians (pool adjacent violators), in whole cells.

/// An item of a column with the rows its flows would like its top to be in.
#[derive(Debug)]
pub(super) struct Wish {
    /// Rows from this item's top to the next item's top, at least.
    pub(super) step: i32,
    /// Wished rows of the top; empty when the item does not mind.
    pub(super) tops: Vec<i32>,
}

/// The tops of a column's items that minimise the sum of distances to the wishes.
pub(super) fn fit(wishes: &[Wish]) -> Vec<i32> {
    let mut offset = 0;
    let mut pools: Vec<(Vec<i32>, usize)> = Vec::new(); // wishes relative to the stacked position, items
    let mut offsets = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let mut points: Vec<i32> = wish.tops.iter().map(|t| t - offset).collect();
        points.sort_unstable();
        offsets.push(offset);
        offset += wish.step;
        let mut items = 1;
        while let Some((earlier, count)) = pools.pop() {
            let settled = match (median(&earlier), median(&points)) {
                (Some(a), Some(b)) => a <= b,
                _ => false,
            };
            if settled {
                pools.push((earlier, count));
                break;
            }
            let mut both = earlier;
            both.append(&mut points);
            #[expect(
                clippy::stable_sort_primitive,
                reason = "of two sorted runs the stable sort makes one in linear time"
            )]
            both.sort();
            points = both;
            items += count;
        }
        pools.push((points, items));
    }
    let starts = pools.iter().flat_map(|(points, items)| std::iter::repeat_n(median(points).unwrap_or(0), *items));
    starts.zip(offsets).map(|(start, offset)| start + offset).collect()
}

fn median(sorted: &[i32]) -> Option<i32> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}
