//! Sets of subjects as bits, and truths of all subjects as two such sets. It knows numbers only, no model.

use super::Truth;
use crate::model::graph::{Moves, Nr};
use std::ops::Range;

/// Bits in a word.
const WORD: usize = u64::BITS as usize;

/// A set of numbers below a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits(Box<[u64]>);

impl Bits {
    /// The empty set of numbers below a bound.
    pub(crate) fn none(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(WORD)].into())
    }

    /// All numbers of a range.
    pub(super) fn range(bound: usize, range: Range<Nr>) -> Self {
        let mut all = Self::none(bound);
        let (first, last) = (range.start / WORD, range.end / WORD);
        for (n, word) in all.0.iter_mut().enumerate().take(last + 1).skip(first) {
            let from = if n == first { u64::MAX << (range.start % WORD) } else { u64::MAX };
            let to = if n == last { !(u64::MAX << (range.end % WORD)) } else { u64::MAX };
            *word = from & to;
        }
        all
    }

    /// These numbers, all below the bound.
    pub(super) fn of(bound: usize, numbers: impl IntoIterator<Item = Nr>) -> Self {
        let mut all = Self::none(bound);
        numbers.into_iter().for_each(|nr| all.add(nr));
        all
    }

    pub(super) fn add(&mut self, nr: Nr) {
        self.0[nr / WORD] |= 1 << (nr % WORD);
    }

    pub(crate) fn contains(&self, nr: Nr) -> bool {
        self.0.get(nr / WORD).is_some_and(|word| word >> (nr % WORD) & 1 == 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Nr> + '_ {
        self.0.iter().enumerate().flat_map(|(n, word)| ones(*word).map(move |bit| n * WORD + bit))
    }

    /// The numbers of a range that are in the set, in order.
    pub(super) fn within(&self, range: Range<Nr>) -> impl Iterator<Item = Nr> + '_ {
        let (first, end) = (range.start / WORD, range.end.div_ceil(WORD));
        let words = self.0.iter().enumerate().take(end).skip(first);
        words.flat_map(|(n, word)| ones(*word).map(move |bit| n * WORD + bit)).filter(move |nr| range.contains(nr))
    }

    /// Whether it shares a number with another set.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(word, other)| word & other != 0)
    }

    /// Whether it has all that another set has.
    pub(super) fn holds(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(word, other)| other & !word == 0)
    }

    /// Adds the numbers of another set.
    pub(crate) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Keeps what another set has too.
    pub(crate) fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Takes out what another set has.
    pub(super) fn drop(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// What only one of two sets has.
    fn exclusive(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(word, other)| word ^ other).collect())
    }

    /// How many numbers it has.
    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn take(&mut self, nr: Nr) {
        self.0[nr / WORD] &= !(1 << (nr % WORD));
    }

    /// Keeps the same subjects by the numbers that they have now. `spare` saves making room for each of many sets.
    fn follow(&mut self, moves: &Moves, spare: &mut Vec<u64>) {
        spare.clear();
        spare.resize(moves.bound().div_ceil(WORD), 0);
        for (from, to, len) in moves.runs() {
            let mut done = 0;
            while done < len {
                let (at, onto) = (from + done, to + done);
                // As many bits as fit into one word on this side and that.
                let some = (len - done).min(WORD - at % WORD).min(WORD - onto % WORD);
                let bits = self.0[at / WORD] >> (at % WORD) & u64::MAX >> (WORD - some);
                spare[onto / WORD] |= bits << (onto % WORD);
                done += some;
            }
        }
        if self.0.len() == spare.len() {
            self.0.copy_from_slice(spare);
        } else {
            self.0 = spare.as_slice().into();
        }
    }

    /// What two sets share.
    pub(super) fn both(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.keep(other);
        both
    }
}

/// The places of the bits that are set, lowest first.
pub(super) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = word.trailing_zeros() as usize;
        (word != 0).then(|| {
            word &= word - 1;
            lowest
        })
    })
}

/// The truth of something for all subjects: of whom it surely, and of whom it possibly holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Truths {
    pub(crate) surely: Bits,
    /// Those of `surely` and of whom it is unknown.
    pub(crate) possibly: Bits,
}

impl Truths {
    /// It holds of nobody.
    pub(super) fn none(bound: usize) -> Self {
        Self::known(Bits::none(bound))
    }

    /// It holds of these and surely of nobody else.
    pub(super) fn known(surely: Bits) -> Self {
        Self { possibly: surely.clone(), surely }
    }

    /// The answer for every number below the bound.
    pub(super) fn each(bound: usize, truth: impl FnMut(Nr) -> Truth) -> Self {
        let mut all = Self::none(bound);
        all.put(0..bound, truth);
        all
    }

    /// Adds the answers for some numbers that hold nothing yet.
    pub(super) fn put(&mut self, numbers: impl IntoIterator<Item = Nr>, mut truth: impl FnMut(Nr) -> Truth) {
        for nr in numbers {
            match truth(nr) {
                Truth::False => {}
                Truth::Unknown => self.possibly.add(nr),
                Truth::True => {
                    self.surely.add(nr);
                    self.possibly.add(nr);
                }
            }
        }
    }

    /// Puts an answer in the place of the one there.
    pub(super) fn set(&mut self, nr: Nr, truth: Truth) {
        self.surely.take(nr);
        self.possibly.take(nr);
        self.put([nr], |_| truth);
    }

    /// Keeps the answers with their subjects, by the numbers that these have now.
    pub(super) fn follow(&mut self, moves: &Moves, spare: &mut Vec<u64>) {
        self.surely.follow(moves, spare);
        self.possibly.follow(moves, spare);
    }

    /// Of whom two answers differ.
    pub(super) fn differences(&self, other: &Self) -> Bits {
        let mut all = self.surely.exclusive(&other.surely);
        all.join(&self.possibly.exclusive(&other.possibly));
        all
    }

    /// Of whom it is unknown.
    pub(super) fn unknown(&self) -> Bits {
        self.possibly.exclusive(&self.surely)
    }

    /// The answer for one.
    pub(crate) fn at(&self, nr: Nr) -> Truth {
        Truth::between(self.surely.contains(nr), self.possibly.contains(nr))
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.surely.keep(&other.surely);
        self.possibly.keep(&other.possibly);
    }

    pub(super) fn or(&mut self, other: &Self) {
        self.surely.join(&other.surely);
        self.possibly.join(&other.possibly);
    }

    /// Gives the same truth to all of a set who have no answer yet.
    pub(super) fn all(&mut self, of: &Bits, truth: Truth) {
        if truth.is_true() {
            self.surely.join(of);
        }
        if !truth.is_false() {
            self.possibly.join(of);
        }
    }

    /// The opposite, of those of a set.
    pub(super) fn opposite(&self, of: &Bits) -> Self {
        let (mut surely, mut possibly) = (of.clone(), of.clone());
        surely.drop(&self.possibly);
        possibly.drop(&self.surely);
        Self { surely, possibly }
    }

    /// Another set made of each of the two in the same way.
    pub(super) fn map(&self, mut set: impl FnMut(&Bits) -> Bits) -> Self {
        let surely = set(&self.surely);
        let possibly = if self.possibly == self.surely { surely.clone() } else { set(&self.possibly) };
        Self { surely, possibly }
    }
}
