//! Figures over several threats, in whole numbers, so that they are the same on every machine: a spread of days, and a
//! share. Where there is nothing to count there is no figure, and never a zero.

/// A spread of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Spread {
    /// How many threats it is about.
    pub n: usize,
    /// The mean in tenths of a day, halves rounded up.
    pub mean: Option<i64>,
    /// The median in tenths of a day; of an even number of days the mean of the middle two.
    pub median: Option<i64>,
    /// The least number of days that nine in ten do not exceed (nearest rank).
    pub p90: Option<i64>,
    /// The most days.
    pub most: Option<i64>,
}

impl Spread {
    /// The spread of days; none of them is below 0.
    pub fn of(mut days: Vec<i64>) -> Self {
        days.sort_unstable();
        let n = days.len();
        let Some(most) = days.last().copied() else { return Self::default() };
        let all = i64::try_from(n).unwrap_or(i64::MAX);
        let sum: i64 = days.iter().sum();
        let at = |place: usize| days.get(place).copied().unwrap_or(most);
        Self {
            n,
            mean: Some((sum * 20 + all) / (all * 2)),
            median: Some((at((n - 1) / 2) + at(n / 2)) * 5),
            p90: Some(at((n * 9).div_ceil(10) - 1)),
            most: Some(most),
        }
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Share {
    /// Those that are meant.
    pub part: usize,
    /// All of them: the n of the figure.
    pub whole: usize,
}

impl Share {
    /// The share in thousandths, halves rounded up; `None` of nothing.
    pub fn per_mille(self) -> Option<usize> {
        (self.part * 2000 + self.whole).checked_div(self.whole * 2)
    }

    pub(super) fn add(&mut self, is_meant: bool) {
        self.whole += 1;
        self.part += usize::from(is_meant);
    }
}
