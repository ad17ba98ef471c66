//! Kleene's three truth values: what is unknown stays unknown unless it cannot matter.

use std::ops::Not;

/// A truth value; the order is that of "how true", so that "and" is the least and "or" the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// A fact that decides is unknown.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it holds for certain.
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// Whether it fails for certain.
    pub fn is_false(self) -> bool {
        self == Self::False
    }

    /// What two answers, one with everything unknown taken against and one with it taken for, say together.
    pub fn between(surely: bool, possibly: bool) -> Self {
        match (surely, possibly) {
            (true, _) => Self::True,
            (false, true) => Self::Unknown,
            (false, false) => Self::False,
        }
    }

    /// Whether at least `n` of these hold.
    pub fn at_least(n: usize, all: impl Iterator<Item = Self>) -> Self {
        let (mut surely, mut possibly) = (0, 0);
        for truth in all {
            surely += usize::from(truth == Self::True);
            possibly += usize::from(truth != Self::False);
        }
        Self::between(surely >= n, possibly >= n)
    }

    /// The mark in front of a line of an explanation.
    pub const fn mark(self) -> char {
        match self {
            Self::False => '✗',
            Self::Unknown => '?',
            Self::True => '✓',
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Self::Unknown, Self::from)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}
